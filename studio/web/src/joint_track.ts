/** Where a motion's joints are in the world at its whole frames, worked out when first asked for. */

import { createWorldPose, forwardKinematics, type WorldPose } from './kinematics';
import { createPose, type LocalPose, type Motion } from './motion';

/**
 * Holds the last frames that were asked for, so that a window that moves with the playhead costs
 * one pose a frame.
 */
export class JointTrack {
  readonly #local: LocalPose;
  readonly #world: WorldPose;
  readonly #width: number;
  #held = new Int32Array(0);
  #motion: Motion;
  /** World positions; see {@link at}. */
  positions = new Float32Array(0);

  constructor(motion: Motion) {
    this.#motion = motion;
    this.#local = createPose(motion);
    this.#world = createWorldPose(motion);
    this.#width = motion.joints.length * 3;
  }

  get motion(): Motion {
    return this.#motion;
  }

  /** Another motion of the same skeleton. */
  set motion(motion: Motion) {
    if (motion === this.#motion) return;
    this.#motion = motion;
    this.#held.fill(-1);
  }

  /** Makes room for windows of `frames` frames. */
  reserve(frames: number): void {
    if (this.#held.length >= frames) return;
    const room = 2 ** Math.ceil(Math.log2(Math.max(frames, 64)));
    this.#held = new Int32Array(room).fill(-1);
    this.positions = new Float32Array(room * this.#width);
  }

  /**
   * Where in `positions` the joints of whole frame `frame` begin, three numbers a joint. Valid until
   * a frame as far away as the reserved room is asked for.
   */
  at(frame: number): number {
    const slot = frame % this.#held.length;
    const start = slot * this.#width;
    if (this.#held[slot] === frame) return start;
    this.#held[slot] = frame;
    this.#pose(frame);
    this.positions.set(this.#world.positions, start);
    return start;
  }

  #pose(frame: number): void {
    const { root, rotations } = this.#local;
    for (let k = 0; k < 3; k++) root[k] = this.#motion.rootPositions[frame * 3 + k];
    const from = frame * rotations.length;
    for (let k = 0; k < rotations.length; k++) rotations[k] = this.#motion.rotations[from + k];
    forwardKinematics(this.#motion, this.#local, this.#world);
  }
}
