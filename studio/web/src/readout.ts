/** The numbers of one joint at one moment. */

import { createWorldPose, forwardKinematics, type WorldPose } from './kinematics';
import { createPose, samplePose, type LocalPose, type Motion } from './motion';

export interface JointNumbers {
  /** Metres, world. */
  x: number;
  y: number;
  z: number;
  /** Metres a second through space. */
  speed: number;
  /** Metres above the ground; below it, negative. */
  height: number;
  /**
   * Degrees about X, then Y, then Z of the parent (Blender's XYZ Euler), parent-local: the joint's
   * rotation is `Rz Ry Rx`.
   */
  rotation: [x: number, y: number, z: number];
}

const DEGREES = 180 / Math.PI;
/** Beyond this sine the Y angle is a quarter turn, where X and Z turn about the same axis. */
const LOCKED = 1 - 1e-6;

/** Reads joints of motions of one skeleton. */
export class JointReader {
  readonly #local: LocalPose;
  readonly #world: WorldPose;

  constructor(motion: Motion) {
    this.#local = createPose(motion);
    this.#world = createWorldPose(motion);
  }

  /**
   * Writes the numbers of `joint` at the motion's own `frame`, which may lie between frames. The
   * speed is the difference over a frame on both sides, or on one at the motion's ends; it is over
   * when the motion is.
   */
  read(motion: Motion, frame: number, joint: number, out: JointNumbers): JointNumbers {
    const last = motion.frames - 1;
    const at = Math.min(Math.max(frame, 0), last);
    const [a, b] = [Math.max(0, at - 1), Math.min(last, at + 1)];
    this.#place(motion, a, joint, out);
    const { x, y, z } = out;
    this.#place(motion, b, joint, out);
    const moved = Math.hypot(out.x - x, out.y - y, out.z - z);
    out.speed = b > a && frame <= last ? (moved * motion.fps) / (b - a) : 0;
    this.#place(motion, at, joint, out);
    out.height = out.y;
    eulerXyz(this.#local.rotations, joint * 4, out.rotation);
    return out;
  }

  #place(motion: Motion, frame: number, joint: number, out: JointNumbers): void {
    samplePose(motion, frame, this.#local);
    const { positions: p } = forwardKinematics(motion, this.#local, this.#world);
    out.x = p[joint * 3];
    out.y = p[joint * 3 + 1];
    out.z = p[joint * 3 + 2];
  }
}

export function noNumbers(): JointNumbers {
  return { x: 0, y: 0, z: 0, speed: 0, height: 0, rotation: [0, 0, 0] };
}

/**
 * Degrees (x, y, z) with `R = Rz Ry Rx` of the unit quaternion (w, x, y, z) at `at`. At a quarter
 * turn about Y only the difference of the others is known; all of it is given to X.
 */
export function eulerXyz(q: ArrayLike<number>, at: number, out: [number, number, number]): void {
  const [w, x, y, z] = [q[at], q[at + 1], q[at + 2], q[at + 3]];
  const sine = Math.min(Math.max(2 * (w * y - z * x), -1), 1);
  out[1] = Math.asin(sine) * DEGREES;
  if (Math.abs(sine) > LOCKED) {
    out[0] = 2 * Math.atan2(x, w) * DEGREES;
    out[2] = 0;
    return;
  }
  out[0] = Math.atan2(2 * (w * x + y * z), 1 - 2 * (x * x + y * y)) * DEGREES;
  out[2] = Math.atan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)) * DEGREES;
}

/** `Left wrist` of `left_wrist`, `mixamorig:LeftHand`, `L_Hand`. */
export function jointTitle(joint: string): string {
  const words = joint
    .replace(/^.*:/, '')
    .replace(/([a-z])([A-Z0-9])/g, '$1 $2')
    .replace(/[_.\-]+/g, ' ')
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
