/** Ghosts: takes shown as translucent figures beside, or in the place of, the real one. */

import { Color } from 'three';

import { describeAction, shifted, type Bounds } from './action';
import type { GhostSpec } from './api';
import { ECHO, type EchoLook, type EchoStyle } from './echoes';
import { createWorldPose, forwardKinematics, type WorldPose } from './kinematics';
import { createPose, samplePose, type LocalPose, type Motion } from './motion';
import { sameSkeleton } from './same_skeleton';
import type { StageColors } from './theme';

/** Opacity while the ghost's motion plays; before and after it, its ends are only hinted at. */
const PRESENT = 0.92;
const ABSENT = 0.4;

export class Ghost {
  readonly look: EchoLook & { opacity: number; style: EchoStyle } = {
    color: new Color(),
    opacity: PRESENT,
    style: ECHO.hatched,
  };
  readonly #local: LocalPose;
  readonly #world: WorldPose;
  #boxes: readonly Bounds[] | null = null;
  /** The motion's own frame. */
  frame = 0;
  /** Where its root stands, and how high its head reaches: metres, world. */
  x = 0;
  z = 0;
  top = 0;

  constructor(public spec: GhostSpec) {
    this.#local = createPose(spec.motion);
    this.#world = createWorldPose(spec.motion);
  }

  get motion(): Motion {
    return this.spec.motion;
  }

  get offsetX(): number {
    return this.spec.offset?.[0] ?? 0;
  }

  get offsetZ(): number {
    return this.spec.offset?.[1] ?? 0;
  }

  /** Whether this can go on as the ghost of `spec`. */
  fits(spec: GhostSpec): boolean {
    return spec.id === this.spec.id && sameSkeleton(spec.motion, this.motion);
  }

  become(spec: GhostSpec): void {
    if (spec.motion !== this.spec.motion || spec.offset !== this.spec.offset) this.#boxes = null;
    this.spec = spec;
  }

  /** As of frame `now` of a timeline of `fps`. */
  pose(now: number, fps: number): void {
    const { motion } = this;
    this.frame = ((now - this.spec.start) * motion.fps) / fps;
    const inside = this.frame >= 0 && this.frame <= motion.frames - 1;
    this.frame = Math.min(Math.max(this.frame, 0), motion.frames - 1);
    this.look.opacity = inside ? PRESENT : ABSENT;
    // A ghost in the figure's own place must not be taken for it; one beside it is looked at.
    this.look.style = this.spec.offset ? ECHO.solid : ECHO.hatched;
    samplePose(motion, this.frame, this.#local);
    const { positions: p } = forwardKinematics(motion, this.#local, this.#world);
    this.x = p[0] + this.offsetX;
    this.z = p[2] + this.offsetZ;
    this.top = 0;
    for (let i = 1; i < p.length; i += 3) this.top = Math.max(this.top, p[i]);
  }

  /** The space of its whole action. */
  get boxes(): readonly Bounds[] {
    this.#boxes ??= describeAction(this.motion).boxes.map((box) =>
      shifted(box, this.offsetX, this.offsetZ),
    );
    return this.#boxes;
  }
}

export class Ghosts {
  #all: readonly Ghost[] = [];
  #colors: StageColors | null = null;

  get all(): readonly Ghost[] {
    return this.#all;
  }

  /** True if other ghosts, or ones with other names, are there than before. */
  set(specs: readonly GhostSpec[]): boolean {
    const before = this.#all;
    const names = (ghosts: readonly Ghost[]): string =>
      JSON.stringify(ghosts.map(({ spec }) => [spec.id, spec.name, spec.color]));
    const shown = names(before);
    this.#all = specs.map((spec) => {
      const kept = before.find((ghost) => ghost.fits(spec));
      kept?.become(spec);
      return kept ?? new Ghost(spec);
    });
    if (names(this.#all) === shown) return false;
    if (this.#colors) this.setColors(this.#colors);
    return true;
  }

  setColors(colors: StageColors): void {
    this.#colors = colors;
    for (const { spec, look } of this.#all) {
      if (spec.color) look.color.setStyle(spec.color);
      else look.color.copy(colors.ghost);
    }
  }

  pose(now: number, fps: number): void {
    for (const ghost of this.#all) ghost.pose(now, fps);
  }

  boxes(): Bounds[] {
    return this.#all.flatMap((ghost) => ghost.boxes);
  }
}
