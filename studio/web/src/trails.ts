/** Motion trails: where the chosen joints have been and where they will be. */

import type { Figure } from './figure';
import { JointTrack } from './joint_track';
import { Ribbons } from './ribbon';
import { trailJoints, type TrailPart } from './trail_joints';

export interface TrailSettings {
  readonly parts: readonly TrailPart[];
  /** Seconds. */
  readonly past: number;
  /** Seconds. */
  readonly future: number;
}

/** Whole frames `[first, last]`, both drawn, of a motion around `frame`. */
export interface TrailWindow {
  first: number;
  last: number;
}

/**
 * Writes which frames a trail runs through. It begins and ends on whole frames, the outermost just
 * beyond the window, so that its fading ends glide instead of jumping from frame to frame.
 */
export function trailWindow(
  frame: number,
  fps: number,
  frames: number,
  past: number,
  future: number,
  out: TrailWindow,
): TrailWindow {
  const at = Math.min(Math.max(frame, 0), frames - 1);
  out.first = Math.max(0, Math.floor(at - past * fps + 1e-6));
  out.last = Math.min(frames - 1, Math.ceil(at + future * fps - 1e-6));
  return out;
}

interface Trailed {
  readonly figure: Figure;
  readonly track: JointTrack;
  readonly joints: readonly number[];
}

/** Seconds between the beads, whose spacing shows the speed. */
const BEAD_S = 0.1;

export class Trails {
  readonly ribbons = new Ribbons({ width: 2.2, bead: 5, hidden: 0.22, order: 4 });
  #trailed: readonly Trailed[] = [];
  readonly #window: TrailWindow = { first: 0, last: 0 };
  #settings: TrailSettings = { parts: [], past: 0, future: 0 };

  get object(): Ribbons['object'] {
    return this.ribbons.object;
  }

  /** @param extra for each figure a joint besides those of the settings, or -1. */
  set(figures: readonly Figure[], extra: readonly number[], settings: TrailSettings): void {
    const before = this.#trailed;
    this.#settings = settings;
    this.#trailed = figures.map((figure, i) => {
      const joints = new Set(trailJoints(figure.motion.joints, settings.parts));
      if (extra[i] >= 0) joints.add(extra[i]);
      const track = before.find((t) => t.figure === figure)?.track ?? new JointTrack(figure.motion);
      return { figure, track, joints: [...joints] };
    });
    this.ribbons.setSpan(settings.past, settings.future, 0);
  }

  /** As of `seconds`, on a timeline of `fps`. */
  update(seconds: number, fps: number): void {
    const { past, future } = this.#settings;
    let points = 0;
    for (const { figure, joints } of this.#trailed) {
      points += joints.length * (Math.ceil((past + future) * figure.motion.fps) + 4);
    }
    this.ribbons.begin(points);
    for (const trailed of this.#trailed) this.#draw(trailed);
    this.ribbons.end();
    this.ribbons.now = seconds;
    this.ribbons.setBeads(fps, Math.max(1, Math.round(BEAD_S * fps)));
  }

  #draw({ figure, track, joints }: Trailed): void {
    const { motion, frame } = figure;
    const { past, future } = this.#settings;
    const { first, last } = trailWindow(
      frame,
      motion.fps,
      motion.frames,
      past,
      future,
      this.#window,
    );
    track.motion = motion;
    track.reserve(last - first + 1);
    for (const joint of joints) {
      for (let f = first; f <= last; f++) {
        const at = track.at(f) + joint * 3;
        const p = track.positions;
        this.ribbons.add(p[at], p[at + 1], p[at + 2], f / motion.fps);
      }
      this.ribbons.cut();
    }
  }

  dispose(): void {
    this.ribbons.dispose();
  }
}
