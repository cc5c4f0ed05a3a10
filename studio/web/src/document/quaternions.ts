/** Quaternions (wxyz) inside arrays: each is named by an array and the index of its first number. */

export type Numbers = Float32Array | Float64Array;

/** `out = a b`: the rotation that applies `b` first, then `a`. `out` may be either of them. */
export function multiply(
  a: Numbers,
  i: number,
  b: Numbers,
  j: number,
  out: Numbers,
  o: number,
): void {
  const [aw, ax, ay, az] = [a[i], a[i + 1], a[i + 2], a[i + 3]];
  const [bw, bx, by, bz] = [b[j], b[j + 1], b[j + 2], b[j + 3]];
  out[o] = aw * bw - ax * bx - ay * by - az * bz;
  out[o + 1] = aw * bx + ax * bw + ay * bz - az * by;
  out[o + 2] = aw * by - ax * bz + ay * bw + az * bx;
  out[o + 3] = aw * bz + ax * by - ay * bx + az * bw;
}

/** `out = a conj(b)`: the rotation that takes `b` to `a`. `out` may be either of them. */
export function multiplyConjugate(
  a: Numbers,
  i: number,
  b: Numbers,
  j: number,
  out: Numbers,
  o: number,
): void {
  const [aw, ax, ay, az] = [a[i], a[i + 1], a[i + 2], a[i + 3]];
  const [bw, bx, by, bz] = [b[j], -b[j + 1], -b[j + 2], -b[j + 3]];
  out[o] = aw * bw - ax * bx - ay * by - az * bz;
  out[o + 1] = aw * bx + ax * bw + ay * bz - az * by;
  out[o + 2] = aw * by - ax * bz + ay * bw + az * bx;
  out[o + 3] = aw * bz + ax * by - ay * bx + az * bw;
}

export function dot(a: Numbers, i: number, b: Numbers, j: number): number {
  return a[i] * b[j] + a[i + 1] * b[j + 1] + a[i + 2] * b[j + 2] + a[i + 3] * b[j + 3];
}

export function normalize(q: Numbers, i: number): void {
  const norm = Math.sqrt(dot(q, i, q, i));
  if (norm > 1e-12) for (let k = 0; k < 4; k++) q[i + k] /= norm;
  else for (let k = 0; k < 4; k++) q[i + k] = k === 0 ? 1 : 0;
}

/** The logarithm: the shortest axis times angle, radians, into three numbers of `out`. */
export function toRotationVector(q: Numbers, i: number, out: Numbers, o: number): void {
  const sign = q[i] < 0 ? -1 : 1;
  const [w, x, y, z] = [sign * q[i], sign * q[i + 1], sign * q[i + 2], sign * q[i + 3]];
  const sine = Math.sqrt(x * x + y * y + z * z);
  const scale = sine > 1e-9 ? (2 * Math.atan2(sine, w)) / sine : 2;
  out[o] = scale * x;
  out[o + 1] = scale * y;
  out[o + 2] = scale * z;
}

/** The exponential map: axis times angle, radians, to a unit quaternion. */
export function fromRotationVector(x: number, y: number, z: number, out: Numbers, o: number): void {
  const angle = Math.sqrt(x * x + y * y + z * z);
  const scale = angle > 1e-9 ? Math.sin(angle / 2) / angle : 0.5;
  out[o] = Math.cos(angle / 2);
  out[o + 1] = scale * x;
  out[o + 2] = scale * y;
  out[o + 3] = scale * z;
}
