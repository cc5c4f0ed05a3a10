/** One character on the stage: its motion, its body, and what is drawn with it. */

import { Color, Group } from 'three';

import { describeAction, pathAt, poseBounds, type Action, type Bounds } from './action';
import type { Body } from './body';
import { BoneOverlay } from './bones';
import { CapsuleBody } from './capsules';
import { ContactShadow } from './contact';
import { createWorldPose, forwardKinematics } from './kinematics';
import { createPose, samplePose, type Motion } from './motion';
import type { StageColors } from './theme';

export class Figure {
  readonly object = new Group();
  readonly action: Action;
  readonly #bones: BoneOverlay;
  readonly #contact: ContactShadow;
  readonly #local;
  readonly #world;
  #body: Body;
  #color: Color | null = null;
  #frame = 0;

  constructor(readonly motion: Motion) {
    this.action = describeAction(motion);
    this.#local = createPose(motion);
    this.#world = createWorldPose(motion);
    this.#body = new CapsuleBody(motion);
    this.#bones = new BoneOverlay(motion);
    this.#contact = new ContactShadow(motion);
    this.object.add(this.#body.object, this.#bones.object, this.#contact.object);
    this.pose(0);
  }

  /** Stands as the motion does at its own `frame`, which may lie between frames. */
  pose(frame: number): void {
    this.#frame = frame;
    samplePose(this.motion, frame, this.#local);
    forwardKinematics(this.motion, this.#local, this.#world);
    this.#body.pose(this.#local, this.#world);
    this.#contact.update(this.#world);
    if (this.#bones.object.visible) this.#bones.update(this.#world);
  }

  /** Takes over `body`; the one before is disposed of. */
  wear(body: Body): void {
    body.object.visible = this.#body.object.visible;
    this.#body.object.removeFromParent();
    this.#body.dispose();
    this.#body = body;
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
    if (on) this.#bones.update(this.#world);
  }

  showBody(on: boolean): void {
    this.#body.object.visible = on;
    this.#contact.object.visible = on;
  }

  /** The space it takes at this moment. */
  get bounds(): Bounds {
    return poseBounds(this.#world.positions);
  }

  /** (x, z) of the smoothed path under it. */
  get ground(): readonly [number, number] {
    return pathAt(this.action.path, this.#frame);
  }

  /** Metres a second over the ground. */
  get speed(): number {
    const { speed } = this.action;
    return speed[Math.min(Math.max(Math.round(this.#frame), 0), speed.length - 1)];
  }

  dispose(): void {
    this.object.removeFromParent();
    this.#body.dispose();
    this.#bones.dispose();
    this.#contact.dispose();
  }
}
