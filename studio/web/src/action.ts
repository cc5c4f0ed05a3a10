/** What a motion does as a whole: the space it takes, the way it faces, how fast it travels. */

import { createWorldPose, forwardKinematics } from './kinematics';
import { createPose, samplePose, type Motion } from './motion';
import { findRole, rolesOf } from './roles';

export type Vec3 = readonly [number, number, number];

export interface Bounds {
  readonly min: Vec3;
  readonly max: Vec3;
}

export interface Action {
  /** The space of the body, stretch of time by stretch of time, flesh included. Metres. */
  readonly boxes: readonly Bounds[];
  /** The space it takes around the point of its smoothed path under it. */
  readonly body: Bounds;
  /** Radians about +Y from +Z at the first frame: the way the hips face. */
  readonly heading: number;
}

/** Flesh and hair beyond the outermost joints, metres. */
export const FLESH = 0.12;
/** Enough poses and boxes to describe the space of any clip closely. */
const MOST_POSES = 240;
const BOXES = 24;
/** Calm enough for a camera to follow. */
export const PATH_SIGMA_S = 0.35;
export const SPEED_SIGMA_S = 0.2;

/** Many boxes rather than one: that of a path which runs aslant would be mostly empty. */
export function describeAction(motion: Motion): Action {
  const pose = createPose(motion);
  const world = createWorldPose(motion);
  const path = new GroundPath(PATH_SIGMA_S, motion.fps);
  const under: [number, number] = [0, 0];
  const step = Math.max(1, Math.ceil(motion.frames / MOST_POSES));
  const stretchLength = Math.max(step, Math.ceil(motion.frames / BOXES));
  const stretches: Bounds[][] = [];
  const around: Bounds[] = [];
  for (let frame = 0; frame < motion.frames; frame += step) {
    forwardKinematics(motion, samplePose(motion, frame, pose), world);
    const box = poseBounds(world.positions);
    (stretches[Math.floor(frame / stretchLength)] ??= []).push(box);
    path.at(motion, frame, under);
    around.push(shifted(box, -under[0], -under[1]));
  }
  return {
    boxes: stretches.flatMap((poses) => union(poses) ?? []),
    body: union(around)!,
    heading: heading(motion, 0),
  };
}

export function shifted({ min, max }: Bounds, x: number, z: number): Bounds {
  return { min: [min[0] + x, min[1], min[2] + z], max: [max[0] + x, max[1], max[2] + z] };
}

/** The space of one pose, from its joints' positions `[J * 3]`. */
export function poseBounds(positions: Float32Array): Bounds {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  for (let i = 0; i < positions.length; i++) {
    const axis = i % 3;
    min[axis] = Math.min(min[axis], positions[i]);
    max[axis] = Math.max(max[axis], positions[i]);
  }
  return {
    min: [min[0] - FLESH, min[1] - FLESH / 4, min[2] - FLESH],
    max: [max[0] + FLESH, max[1] + FLESH, max[2] + FLESH],
  };
}

export function union(all: readonly Bounds[]): Bounds | null {
  if (all.length === 0) return null;
  const pick = (side: 'min' | 'max', axis: number): number =>
    Math[side](...all.map((b) => b[side][axis]));
  return {
    min: [pick('min', 0), pick('min', 1), pick('min', 2)],
    max: [pick('max', 0), pick('max', 1), pick('max', 2)],
  };
}

/**
 * Radians about +Y from +Z. Taken from the line between the hips, which is right for any rig's
 * bone axes; where no hips are recognised, from the root's rotation.
 */
export function heading(motion: Motion, frame: number): number {
  const pose = samplePose(motion, frame, createPose(motion));
  const { positions } = forwardKinematics(motion, pose, createWorldPose(motion));
  const roles = rolesOf(motion.joints);
  for (const part of ['hip', 'shoulder']) {
    const left = findRole(roles, part, 'left') * 3;
    const right = findRole(roles, part, 'right') * 3;
    if (left < 0 || right < 0) continue;
    const x = positions[left] - positions[right];
    const z = positions[left + 2] - positions[right + 2];
    // Forward is left x up: with left = +X and up = +Y that is +Z.
    if (Math.hypot(x, z) > 0.02) return Math.atan2(-z, x);
  }
  const [w, x, y, z] = pose.rotations;
  return Math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y));
}

/**
 * The root's ground path (x, z) filtered by a Gaussian that shrinks towards the ends to keep them in
 * place. Read where it is needed, so that a motion that changes sixty times a second costs nothing.
 */
export class GroundPath {
  readonly #weights: Float64Array;
  readonly #other: [number, number] = [0, 0];

  constructor(
    sigmaSeconds: number,
    readonly fps: number,
  ) {
    const sigma = sigmaSeconds * fps;
    const reach = Math.ceil(sigma * 2.5);
    this.#weights = Float64Array.from({ length: reach + 1 }, (_, k) =>
      Math.exp(-(k * k) / (2 * sigma * sigma)),
    );
  }

  /** Writes the point at `frame`, which may lie between frames; the ends hold. */
  at(motion: Motion, frame: number, out: [number, number]): [number, number] {
    const at = Math.min(Math.max(frame, 0), motion.frames - 1);
    const before = Math.floor(at);
    this.#whole(motion, before, out);
    if (before === at) return out;
    const after = this.#whole(motion, before + 1, this.#other);
    out[0] += (after[0] - out[0]) * (at - before);
    out[1] += (after[1] - out[1]) * (at - before);
    return out;
  }

  /** Metres a second at the nearest whole frame: central differences, one-sided at the ends. */
  speed(motion: Motion, frame: number): number {
    const last = motion.frames - 1;
    const at = Math.min(Math.max(Math.round(frame), 0), last);
    const a = Math.max(0, at - 1);
    const b = Math.min(last, at + 1);
    if (a === b) return 0;
    this.#whole(motion, a, this.#other);
    let x = -this.#other[0];
    let z = -this.#other[1];
    this.#whole(motion, b, this.#other);
    x += this.#other[0];
    z += this.#other[1];
    return (Math.sqrt(x * x + z * z) * motion.fps) / (b - a);
  }

  #whole({ rootPositions: p, frames }: Motion, f: number, out: [number, number]): typeof out {
    const weights = this.#weights;
    const span = Math.min(weights.length - 1, f, frames - 1 - f);
    let x = p[f * 3];
    let z = p[f * 3 + 2];
    let total = 1;
    for (let k = 1; k <= span; k++) {
      x += weights[k] * (p[(f - k) * 3] + p[(f + k) * 3]);
      z += weights[k] * (p[(f - k) * 3 + 2] + p[(f + k) * 3 + 2]);
      total += 2 * weights[k];
    }
    out[0] = x / total;
    out[1] = z / total;
    return out;
  }
}
