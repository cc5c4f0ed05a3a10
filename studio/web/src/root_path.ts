/** The root's way over the ground: a line, an arrow at every second, and the seconds beside them. */

import { Group } from 'three';

import { GroundPath, SPEED_SIGMA_S } from './action';
import type { Figure } from './figure';
import type { Motion } from './motion';

import { Ribbons } from './ribbon';
import { Arrows, LIFT, MOST_MARKS, SecondLabels, type PathMark } from './path_marks';
import type { StageColors } from './theme';

/** Metres: what a path does within this is not worth a point. */
const FINEST = 0.012;
const MOST_POINTS = 4096;
/** Metres between two marks, so that they do not run into each other. */
const APART = 0.22;

/**
 * The marks of every whole second of a motion. Those that would lie on the one before are left out:
 * a figure that stays in place has a single one.
 */
export function pathMarks(motion: Motion): PathMark[] {
  const path = new GroundPath(SPEED_SIGMA_S, motion.fps);
  const marks: PathMark[] = [];
  const [here, before, after]: Array<[number, number]> = [
    [0, 0],
    [0, 0],
    [0, 0],
  ];
  const seconds = Math.floor((motion.frames - 1) / motion.fps + 1e-6);
  for (let second = 0; second <= seconds && marks.length < MOST_MARKS; second++) {
    const frame = second * motion.fps;
    rootAt(motion, frame, here);
    const last = marks.at(-1);
    if (last && Math.hypot(here[0] - last.x, here[1] - last.z) < APART) continue;
    path.at(motion, frame - motion.fps / 6, before);
    path.at(motion, frame + motion.fps / 6, after);
    const heading = Math.atan2(after[0] - before[0], after[1] - before[1]);
    marks.push({ second, x: here[0], z: here[1], heading });
  }
  return marks;
}

function rootAt({ rootPositions: p, frames }: Motion, frame: number, out: [number, number]): void {
  const a = Math.min(Math.floor(frame), frames - 1);
  const b = Math.min(a + 1, frames - 1);
  const t = Math.min(Math.max(frame - a, 0), 1);
  out[0] = p[a * 3] + (p[b * 3] - p[a * 3]) * t;
  out[1] = p[a * 3 + 2] + (p[b * 3 + 2] - p[a * 3 + 2]) * t;
}

export class RootPath {
  readonly object = new Group();
  readonly ribbons = new Ribbons({ width: 2, bead: 0, hidden: 0, order: 1 });
  readonly #arrows = new Arrows();
  readonly #labels = new SecondLabels();
  #figures: readonly Figure[] = [];
  #drawn: Motion[] = [];

  constructor() {
    this.object.add(this.ribbons.object, this.#arrows.object, this.#labels.object);
    this.ribbons.setSpan(1e6, 1e6, 0.9);
  }

  set figures(figures: readonly Figure[]) {
    this.#figures = figures;
  }

  setColors(colors: StageColors): void {
    this.ribbons.setColors(colors);
    this.#arrows.setColors(colors);
    this.#labels.setColors(colors);
  }

  resize(width: number, height: number): void {
    this.ribbons.resize(width, height);
    this.#labels.resize(width, height);
  }

  /** As of `seconds`; drawn anew only for other motions. */
  update(seconds: number): void {
    if (this.#changed()) this.#redraw();
    this.ribbons.now = seconds;
    this.#arrows.now = seconds;
  }

  #changed(): boolean {
    if (this.#drawn.length !== this.#figures.length) return true;
    for (let i = 0; i < this.#drawn.length; i++) {
      if (this.#drawn[i] !== this.#figures[i].motion) return true;
    }
    return false;
  }

  #redraw(): void {
    this.#drawn = this.#figures.map((figure) => figure.motion);
    this.ribbons.begin(this.#drawn.length * (MOST_POINTS + 2));
    for (const motion of this.#drawn) this.#line(motion);
    this.ribbons.end();
    const marks = this.#drawn.flatMap(pathMarks).slice(0, MOST_MARKS);
    this.#arrows.set(marks);
    this.#labels.set(marks);
  }

  #line({ rootPositions: p, frames, fps }: Motion): void {
    const every = Math.ceil(frames / MOST_POINTS);
    let [x, z] = [Infinity, Infinity];
    for (let f = 0; f < frames; f += every) {
      const last = f + every >= frames;
      if (!last && Math.hypot(p[f * 3] - x, p[f * 3 + 2] - z) < FINEST) continue;
      [x, z] = [p[f * 3], p[f * 3 + 2]];
      this.ribbons.add(x, LIFT, z, f / fps);
    }
    this.ribbons.cut();
  }

  dispose(): void {
    this.object.removeFromParent();
    this.ribbons.dispose();
    this.#arrows.dispose();
    this.#labels.dispose();
  }
}
