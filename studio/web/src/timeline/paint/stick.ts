/** A pose as a few lines: seen from the front quarter, left and right told apart by depth. */

import { createWorldPose, forwardKinematics, type WorldPose } from '../../kinematics';
import { createPose, samplePose, type LocalPose, type Motion } from '../../motion';
import { rolesOf } from '../../roles';

/** From the front towards the figure's left, radians: far enough round that a stride is seen. */
const AZIMUTH = 0.95;
/** Metres that fill the height of a thumbnail, for a body of average size. */
const SPACE = 2.2;
/** Parts whose lines a thumbnail leaves out; they would be blots. */
const LEFT_OUT = new Set(['collar']);

interface Bone {
  readonly from: number;
  readonly to: number;
  readonly near: boolean;
  readonly trunk: boolean;
}

/** Draws any frame of one motion. */
export class StickFigure {
  readonly #pose: LocalPose;
  readonly #world: WorldPose;
  readonly #bones: readonly Bone[];
  readonly #head: number;
  readonly #neck: number;
  /** Sine and cosine of the view about +Y, relative to how the motion faces at first. */
  readonly #view: readonly [sin: number, cos: number];
  readonly #size: number;

  constructor(readonly motion: Motion) {
    this.#pose = createPose(motion);
    this.#world = createWorldPose(motion);
    const roles = rolesOf(motion.joints);
    this.#head = roles.findIndex((role) => role.part === 'head');
    this.#neck = this.#head < 0 ? -1 : motion.parents[this.#head];
    this.#bones = motion.parents.flatMap((from, to): Bone[] => {
      if (from < 0 || to === this.#head) return [];
      const { part, side } = roles[to];
      const drawn = LEFT_OUT.has(roles[from].part) ? motion.parents[from] : from;
      if (LEFT_OUT.has(part)) return [];
      return [{ from: drawn, to, near: side !== 'right', trunk: side === '' || part === 'hip' }];
    });
    // Far limbs first.
    this.#bones = [...this.#bones].sort((a, b) => Number(a.near) - Number(b.near));
    const angle = facing(motion) + AZIMUTH;
    this.#view = [Math.sin(angle), Math.cos(angle)];
    this.#size = height(motion) / 1.65;
  }

  /**
   * Draws frame `frame` with its root in the middle of a box of `width` x `height` pixels and the
   * floor at its bottom. `far` is the colour of the limbs behind.
   */
  draw(
    pen: CanvasRenderingContext2D,
    frame: number,
    [x, y, width, height]: readonly [number, number, number, number],
    near: string,
    far: string,
  ): void {
    const { positions: p } = forwardKinematics(
      this.motion,
      samplePose(this.motion, frame, this.#pose),
      this.#world,
    );
    const scale = height / (SPACE * this.#size);
    const [sin, cos] = this.#view;
    const middle = x + width / 2;
    const floor = y + height - 1.5 * (height / 36);
    const px = (j: number): number =>
      middle + ((p[j * 3] - p[0]) * cos - (p[j * 3 + 2] - p[2]) * sin) * scale;
    const py = (j: number): number => floor - p[j * 3 + 1] * scale;
    const weight = height / 36;
    pen.lineCap = 'round';
    pen.lineJoin = 'round';
    for (const bone of this.#bones) {
      pen.strokeStyle = bone.near ? near : far;
      pen.lineWidth = (bone.trunk ? 2.3 : 1.7) * weight;
      pen.beginPath();
      pen.moveTo(px(bone.from), py(bone.from));
      pen.lineTo(px(bone.to), py(bone.to));
      pen.stroke();
    }
    if (this.#head < 0) return;
    const [hx, hy] = [px(this.#head), py(this.#head)];
    const [nx, ny] = [px(this.#neck), py(this.#neck)];
    const length = Math.hypot(hx - nx, hy - ny) || 1;
    const up = (0.09 * scale * this.#size) / length;
    pen.fillStyle = near;
    pen.beginPath();
    pen.arc(hx + (hx - nx) * up, hy + (hy - ny) * up, 0.125 * scale * this.#size, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Radians about +Y from +Z: how the root faces in the first frame. */
function facing(motion: Motion): number {
  const [w, x, y, z] = motion.rotations;
  return Math.atan2(2 * (x * z + w * y), 1 - 2 * (x * x + y * y));
}

/** Metres from the lowest to the highest joint of the rest pose. */
function height(motion: Motion): number {
  const at = new Float32Array(motion.joints.length);
  let [low, high] = [0, 0];
  for (let j = 1; j < at.length; j++) {
    at[j] = at[motion.parents[j]] + motion.restOffsets[j * 3 + 1];
    low = Math.min(low, at[j]);
    high = Math.max(high, at[j]);
  }
  return Math.max(0.2, high - low);
}
