/**
 * Cubic sampling between frames (Catmull and Rom 1974): C1, through every frame, exact for
 * parabolas. At both ends the parabola through the nearest three frames goes on, or the line
 * through two. As `motion/cubic.py`.
 */

import { dot, normalize } from './quaternions';

/** A frame this near to a whole one is that one. */
export const WHOLE = 1e-6;

const weights = new Float64Array(4);

/**
 * Weights of the frames `low - 1 .. low + 2` out of `count` for the moment `t` after `low`. What
 * lies beyond the ends has the weight 0; the others take its part.
 */
function cubicWeights(low: number, t: number, count: number): Float64Array {
  const w = weights;
  w[0] = (t * ((2 - t) * t - 1)) / 2;
  w[1] = (t * t * (3 * t - 5) + 2) / 2;
  w[2] = (t * ((4 - 3 * t) * t + 1)) / 2;
  w[3] = (t * t * (t - 1)) / 2;
  const [before, after] = [low === 0 ? w[0] : 0, low + 2 === count ? w[3] : 0];
  if (before !== 0) w[0] = 0;
  if (after !== 0) w[3] = 0;
  if (count === 2) {
    w[1] += 2 * before - after;
    w[2] += 2 * after - before;
  } else {
    w[1] += 3 * before - 3 * after;
    w[2] += 3 * after - 3 * before;
    w[3] += before;
    w[0] += after;
  }
  return w;
}

/** Three numbers a frame of `values` at the fractional frame `at`, into `out` at `o`. */
export function sampleVector(
  values: Float32Array,
  count: number,
  at: number,
  out: Float32Array,
  o: number,
): void {
  const low = Math.floor(at);
  const w = cubicWeights(low, at - low, count);
  for (let k = 0; k < 3; k++) {
    let sum = 0;
    for (let tap = 0; tap < 4; tap++) {
      const frame = low - 1 + tap;
      if (frame >= 0 && frame < count) sum += w[tap] * values[frame * 3 + k];
    }
    out[o + k] = sum;
  }
}

const mixed = new Float64Array(4);

/** `width` numbers a frame of quaternions `q` at the fractional frame `at`, into `out` at `o`. */
export function sampleRotations(
  q: Float32Array,
  width: number,
  count: number,
  at: number,
  out: Float32Array,
  o: number,
): void {
  const low = Math.floor(at);
  const w = cubicWeights(low, at - low, count);
  const [from, to] = [Math.max(low - 1, 0), Math.min(low + 2, count - 1)];
  for (let j = 0; j < width; j += 4) {
    mixed.fill(0);
    let sign = 1;
    for (let frame = from; frame <= to; frame++) {
      const i = frame * width + j;
      if (frame > from && dot(q, i - width, q, i) < 0) sign = -sign;
      const weight = sign * w[frame - low + 1];
      for (let k = 0; k < 4; k++) mixed[k] += weight * q[i + k];
    }
    normalize(mixed, 0);
    out.set(mixed, o + j);
  }
}
