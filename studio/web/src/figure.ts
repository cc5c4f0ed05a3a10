/** One character on the stage: its motion, its body, and what is drawn with it. */

import { Box3, Color, Group } from 'three';

import {
  FLESH,
  GroundPath,
  PATH_SIGMA_S,
  SPEED_SIGMA_S,
  describeAction,
  type Action,
  type Bounds,
} from './action';
import { markAsFigure, type Body } from './body';
import { BoneOverlay } from './bones';
import { CapsuleBody } from './capsules';
import { ContactShadow } from './contact';
import { createWorldPose, forwardKinematics, type WorldPose } from './kinematics';
import { createPose, samplePose, type LocalPose, type Motion } from './motion';
import { findRole, rolesOf } from './roles';
import type { StageColors } from './theme';

export class Figure {
  readonly object = new Group();
  /** The space it takes at this moment. */
  readonly box = new Box3();
  readonly local: LocalPose;
  readonly world: WorldPose;
  readonly #bones: BoneOverlay;
  readonly #contact: ContactShadow;
  readonly #ground: [number, number] = [0, 0];
  /** The joints whose line tells which way the body faces: left, right; -1 where unknown. */
  readonly #across: readonly [number, number];
  #motion: Motion;
  #path: GroundPath;
  #pace: GroundPath;
  #action: Action | null = null;
  #body: Body;
  #color: Color | null = null;
  #frame = 0;

  constructor(motion: Motion) {
    this.#motion = motion;
    this.#path = new GroundPath(PATH_SIGMA_S, motion.fps);
    this.#pace = new GroundPath(SPEED_SIGMA_S, motion.fps);
    this.local = createPose(motion);
    this.world = createWorldPose(motion);
    this.#across = acrossJoints(motion.joints);
    this.#body = new CapsuleBody(motion);
    markAsFigure(this.#body.object);
    this.#bones = new BoneOverlay(motion);
    this.#contact = new ContactShadow(motion);
    this.object.add(this.#body.object, this.#bones.object, this.#contact.object);
    this.pose(0);
  }

  get motion(): Motion {
    return this.#motion;
  }

  /** Another motion of the same skeleton; shown with the next pose. */
  set motion(motion: Motion) {
    if (motion === this.#motion) return;
    if (motion.fps !== this.#motion.fps) {
      this.#path = new GroundPath(PATH_SIGMA_S, motion.fps);
      this.#pace = new GroundPath(SPEED_SIGMA_S, motion.fps);
    }
    this.#motion = motion;
    this.#action = null;
  }

  /** What the whole motion does; worked out when it is first asked for. */
  get action(): Action {
    return (this.#action ??= describeAction(this.#motion));
  }

  /** The motion's own frame that is shown. */
  get frame(): number {
    return this.#frame;
  }

  /** Stands as the motion does at its own `frame`, which may lie between frames. */
  pose(frame: number): void {
    this.#frame = frame;
    samplePose(this.#motion, frame, this.local);
    forwardKinematics(this.#motion, this.local, this.world);
    this.#measure();
    this.#body.pose(this.local, this.world);
    if (this.#contact.object.visible) this.#contact.update(this.world);
    if (this.#bones.object.visible) this.#bones.update(this.world);
  }

  #measure(): void {
    const { positions: p } = this.world;
    const { min, max } = this.box.makeEmpty();
    for (let i = 0; i < p.length; i += 3) {
      min.set(Math.min(min.x, p[i]), Math.min(min.y, p[i + 1]), Math.min(min.z, p[i + 2]));
      max.set(Math.max(max.x, p[i]), Math.max(max.y, p[i + 1]), Math.max(max.z, p[i + 2]));
    }
    this.box.expandByScalar(FLESH);
  }

  /** Takes over `body`; the one before is disposed of. */
  wear(body: Body): void {
    body.object.visible = this.#body.object.visible;
    this.#body.object.removeFromParent();
    this.#body.dispose();
    this.#body = body;
    markAsFigure(body.object);
    this.object.add(body.object);
    body.tint(this.#color);
    this.pose(this.#frame);
  }

  /** Null is the body's own colour. */
  tint(color: Color | null): void {
    this.#color = color;
    this.#body.tint(color);
  }

  setColors(colors: StageColors): void {
    this.#bones.setColors(colors);
  }

  showBones(on: boolean): void {
    this.#bones.object.visible = on;
    if (on) this.#bones.update(this.world);
  }

  showBody(on: boolean): void {
    this.#body.object.visible = on;
    this.#contact.object.visible = on;
    if (on) this.#contact.update(this.world);
  }

  get bounds(): Bounds {
    const { min, max } = this.box;
    return { min: [min.x, min.y, min.z], max: [max.x, max.y, max.z] };
  }

  /** (x, z) of the smoothed path under it; the same array each time. */
  get ground(): readonly [number, number] {
    return this.#path.at(this.#motion, this.#frame, this.#ground);
  }

  /** Radians about +Y from +Z: the way the hips face now. */
  get heading(): number {
    const { positions: p, rotations: q } = this.world;
    const [left, right] = this.#across;
    if (left >= 0)
      return Math.atan2(-(p[left * 3 + 2] - p[right * 3 + 2]), p[left * 3] - p[right * 3]);
    return Math.atan2(2 * (q[1] * q[3] + q[0] * q[2]), 1 - 2 * (q[1] * q[1] + q[2] * q[2]));
  }

  /** Metres a second over the ground; none once its motion is over. */
  get speed(): number {
    if (this.#frame > this.#motion.frames - 1) return 0;
    return this.#pace.speed(this.#motion, this.#frame);
  }

  dispose(): void {
    this.object.removeFromParent();
    this.#body.dispose();
    this.#bones.dispose();
    this.#contact.dispose();
  }
}

function acrossJoints(joints: readonly string[]): readonly [number, number] {
  const roles = rolesOf(joints);
  for (const part of ['hip', 'shoulder']) {
    const pair = [findRole(roles, part, 'left'), findRole(roles, part, 'right')] as const;
    if (pair[0] >= 0 && pair[1] >= 0) return pair;
  }
  return [-1, -1];
}
