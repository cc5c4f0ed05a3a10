/** Forward kinematics: parent-local rotations to world positions and rotations. */

import type { LocalPose, Motion } from './motion';

/** `positions [J * 3]` in metres and `rotations [J * 4]` (wxyz, world_from_joint). */
export interface WorldPose {
  readonly positions: Float32Array;
  readonly rotations: Float32Array;
}

export function createWorldPose(motion: Motion): WorldPose {
  const joints = motion.joints.length;
  return { positions: new Float32Array(joints * 3), rotations: new Float32Array(joints * 4) };
}

/** Writes where every joint is in the world. Relies on parents coming before their children. */
export function forwardKinematics(motion: Motion, pose: LocalPose, out: WorldPose): WorldPose {
  const { parents, restOffsets: rest } = motion;
  const { positions: p, rotations: q } = out;
  p.set(pose.root);
  for (let k = 0; k < 4; k++) q[k] = pose.rotations[k];
  for (let j = 1; j < parents.length; j++) {
    // Plain scalars: arrays to take apart would be made for every joint of every drawn frame.
    const a = parents[j] * 4;
    const w = q[a];
    const x = q[a + 1];
    const y = q[a + 2];
    const z = q[a + 3];
    const vx = rest[j * 3];
    const vy = rest[j * 3 + 1];
    const vz = rest[j * 3 + 2];
    // v' = v + w t + u x t with t = 2 u x v, for the unit quaternion (w, u).
    const tx = 2 * (y * vz - z * vy);
    const ty = 2 * (z * vx - x * vz);
    const tz = 2 * (x * vy - y * vx);
    const above = parents[j] * 3;
    p[j * 3] = p[above] + vx + w * tx + y * tz - z * ty;
    p[j * 3 + 1] = p[above + 1] + vy + w * ty + z * tx - x * tz;
    p[j * 3 + 2] = p[above + 2] + vz + w * tz + x * ty - y * tx;
    const l = j * 4;
    const local = pose.rotations;
    const lw = local[l];
    const lx = local[l + 1];
    const ly = local[l + 2];
    const lz = local[l + 3];
    q[l] = w * lw - x * lx - y * ly - z * lz;
    q[l + 1] = w * lx + x * lw + y * lz - z * ly;
    q[l + 2] = w * ly - x * lz + y * lw + z * lx;
    q[l + 3] = w * lz + x * ly - y * lx + z * lw;
  }
  return out;
}
