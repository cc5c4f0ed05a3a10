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
  /** The space it takes around the point of `path` under it. */
  readonly body: Bounds;
  /** Radians about +Y from +Z at the first frame: the way the hips face. */
  readonly heading: number;
  /** `[T * 2]` ground path of the root (x, z), smoothed so that a camera can follow it. */
  readonly path: Float32Array;
  /** `[T]` horizontal speed of the root, metres a second. */
  readonly speed: Float32Array;
}

/** Flesh and hair beyond the outermost joints, metres. */
const FLESH = 0.12;
/** Enough poses and boxes to describe the space of any clip closely. */
const MOST_POSES = 240;
const BOXES = 24;
const PATH_SIGMA_S = 0.35;
const SPEED_SIGMA_S = 0.2;

export function describeAction(motion: Motion): Action {
  const smooth = smoothGround(motion, SPEED_SIGMA_S * motion.fps);
  const path = smoothGround(motion, PATH_SIGMA_S * motion.fps);
  return {
    ...spaces(motion, path),
    heading: heading(motion, 0),
    path,
    speed: groundSpeed(smooth, motion.fps),
  };
}

/** Many boxes rather than one: that of a path which runs aslant would be mostly empty. */
function spaces(motion: Motion, path: Float32Array): Pick<Action, 'boxes' | 'body'> {
  const pose = createPose(motion);
  const world = createWorldPose(motion);
  const step = Math.max(1, Math.ceil(motion.frames / MOST_POSES));
  const stretchLength = Math.max(step, Math.ceil(motion.frames / BOXES));
  const stretches: Bounds[][] = [];
  const around: Bounds[] = [];
  for (let frame = 0; frame < motion.frames; frame += step) {
    forwardKinematics(motion, samplePose(motion, frame, pose), world);
    const box = poseBounds(world.positions);
    (stretches[Math.floor(frame / stretchLength)] ??= []).push(box);
    around.push(shifted(box, -path[frame * 2], -path[frame * 2 + 1]));
  }
  return { boxes: stretches.flatMap((poses) => union(poses) ?? []), body: union(around)! };
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

/** The root's (x, z), filtered by a Gaussian that shrinks towards the ends to keep them in place. */
function smoothGround(motion: Motion, sigma: number): Float32Array {
  const { frames, rootPositions } = motion;
  const out = new Float32Array(frames * 2);
  const reach = Math.ceil(sigma * 2.5);
  for (let f = 0; f < frames; f++) {
    const span = Math.min(reach, f, frames - 1 - f);
    let total = 0;
    for (let k = -span; k <= span; k++) {
      const weight = Math.exp(-(k * k) / (2 * sigma * sigma));
      out[f * 2] += weight * rootPositions[(f + k) * 3];
      out[f * 2 + 1] += weight * rootPositions[(f + k) * 3 + 2];
      total += weight;
    }
    out[f * 2] /= total;
    out[f * 2 + 1] /= total;
  }
  return out;
}

/** Central differences, one-sided at the ends. */
function groundSpeed(path: Float32Array, fps: number): Float32Array {
  const frames = path.length / 2;
  const out = new Float32Array(frames);
  for (let f = 0; f < frames; f++) {
    const a = Math.max(0, f - 1);
    const b = Math.min(frames - 1, f + 1);
    if (a === b) continue;
    const length = Math.hypot(path[b * 2] - path[a * 2], path[b * 2 + 1] - path[a * 2 + 1]);
    out[f] = (length * fps) / (b - a);
  }
  return out;
}

/** A point of `path [T * 2]` between frames; the ends hold. */
export function pathAt(path: Float32Array, frame: number): readonly [number, number] {
  const last = path.length / 2 - 1;
  const at = Math.min(Math.max(frame, 0), last);
  const a = Math.floor(at);
  const b = Math.min(a + 1, last);
  const t = at - a;
  return [
    path[a * 2] + (path[b * 2] - path[a * 2]) * t,
    path[a * 2 + 1] + (path[b * 2 + 1] - path[a * 2 + 1]) * t,
  ];
}
