/**
 * Inertialisation: what comes takes over at once, and its difference to what was dies away.
 *
 * Bollo, "Inertialization: High-Performance Animation Transitions in Gears of War" (GDC 2018). As
 * `motion/inertialize.py`: over `n` frames, with `s = i / n`,
 *
 *     x(s) = (1 - s)^4 (1 + 4 s) d  +  (1 - u)^4 i v,    u = min(i / w, 1)
 *
 * begins with offset `d` and velocity `v` and ends at rest. `w` is `n`, or as many frames as carry
 * `v` no further than a limit.
 */

import { fromRotationVector, multiply, multiplyConjugate, toRotationVector } from './quaternions';
import { WIDTH } from './skeleton';

/** How far a difference of velocities may carry a joint beyond its offset, radians. */
const ROTATION_LIMIT = 0.25;
/** The same of the root's position, metres. */
const POSITION_LIMIT = 0.1;
/** The largest value of `(1 - s)^4 s`, at `s = 1 / 5`. */
const PEAK = 0.08192;

/** Poses one after another: `root [K * 3]` metres, `rotations [K * 88]`. */
export interface Poses {
  readonly root: Float64Array;
  readonly rotations: Float64Array;
}

export function createPoses(count: number): Poses {
  return { root: new Float64Array(count * 3), rotations: new Float64Array(count * WIDTH) };
}

const turn = new Float64Array(4);
const offset = new Float64Array(3);
const velocity = new Float64Array(3);
const added = new Float64Array(3);

/**
 * Leads from `before` into `poses`, changing them. `before` and `coming` are two poses each: at the
 * frame before the join, and at its first frame, to which `before` has been carried on.
 */
export function lead(before: Poses, coming: Poses, poses: Poses): void {
  const count = poses.root.length / 3;
  for (let k = 0; k < 3; k++) {
    offset[k] = before.root[3 + k] - coming.root[3 + k];
    velocity[k] = offset[k] - (before.root[k] - coming.root[k]);
  }
  let width = widthOf(count, POSITION_LIMIT);
  for (let i = 0; i < count; i++) {
    decayed(i, count, width);
    for (let k = 0; k < 3; k++) poses.root[i * 3 + k] += added[k];
  }
  for (let j = 0; j < WIDTH; j += 4) {
    turnsBetween(before, coming, j);
    width = widthOf(count, ROTATION_LIMIT);
    for (let i = 0; i < count; i++) {
      decayed(i, count, width);
      fromRotationVector(added[0], added[1], added[2], turn, 0);
      multiply(turn, 0, poses.rotations, i * WIDTH + j, poses.rotations, i * WIDTH + j);
    }
  }
}

/** Sets the offset and velocity of the joint whose numbers begin at `j`. */
function turnsBetween(before: Poses, coming: Poses, j: number): void {
  multiplyConjugate(before.rotations, WIDTH + j, coming.rotations, WIDTH + j, turn, 0);
  toRotationVector(turn, 0, offset, 0);
  multiplyConjugate(before.rotations, j, coming.rotations, j, turn, 0);
  toRotationVector(turn, 0, velocity, 0);
  nearer(velocity, offset);
  for (let k = 0; k < 3; k++) velocity[k] = offset[k] - velocity[k];
}

/** Of the two rotation vectors of a turn the one nearer to `to`. */
function nearer(vector: Float64Array, to: Float64Array): void {
  const scale = 1 - (2 * Math.PI) / Math.max(Math.hypot(...vector), 1e-12);
  let [far, near] = [0, 0];
  for (let k = 0; k < 3; k++) {
    far += (vector[k] - to[k]) ** 2;
    near += (vector[k] * scale - to[k]) ** 2;
  }
  if (near < far) for (let k = 0; k < 3; k++) vector[k] *= scale;
}

/** Frames in which the velocity dies away. */
function widthOf(count: number, limit: number): number {
  return Math.min(count, limit / Math.max(PEAK * Math.hypot(...velocity), 1e-300));
}

/** Sets what is added at frame `i`. */
function decayed(i: number, count: number, width: number): void {
  const s = i / count;
  const of = (1 - s) ** 4 * (1 + 4 * s);
  const pace = (1 - Math.min(i / width, 1)) ** 4 * i;
  for (let k = 0; k < 3; k++) added[k] = of * offset[k] + pace * velocity[k];
}
