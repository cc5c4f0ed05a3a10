/** Onion skin: the poses some frames before and after, as if they had stayed behind. */

import type { Color } from 'three';

import { ECHO, type EchoLook, type EchoStyle } from './echoes';
import type { Figure } from './figure';

/** One pose of the onion skin. */
export interface OnionPose {
  frame: number;
  /** 0 to 1. */
  strength: number;
  past: boolean;
}

/** Share of a step around the playhead in which a pose fades, so as not to blur the figure itself. */
const CLEAR = 0.7;

/**
 * Writes the poses around frame `now` and returns how many there are: `2 * count + 2` at most, which
 * `out` must hold. They stand at multiples of `step` frames and stay there while the playhead passes;
 * each is weaker the farther away it is, and gone `count + 1` steps away. With the playhead on a
 * multiple of `step`, that is `count` poses on each side.
 */
export function onionPoses(
  now: number,
  frames: number,
  step: number,
  count: number,
  out: OnionPose[],
): number {
  const reach = (count + 1) * step;
  const first = Math.max(0, Math.ceil((now - reach) / step) * step);
  let found = 0;
  for (let frame = first; frame < Math.min(frames, now + reach); frame += step) {
    const away = Math.abs(frame - now);
    const strength = (1 - away / reach) * Math.min(1, away / (CLEAR * step)) ** 2;
    if (strength <= 0) continue;
    const pose = out[found++];
    pose.frame = frame;
    pose.strength = strength;
    pose.past = frame < now;
  }
  return found;
}

/** Room for the poses of the widest onion skin. */
const MOST = 64;
const OPACITY = 0.62;

/** What draws a copy of a figure. */
export type EchoSink = (figure: Figure, frame: number, look: EchoLook) => void;

export class Onion {
  readonly #poses = Array.from({ length: MOST }, (): OnionPose => {
    return { frame: 0, strength: 0, past: false };
  });
  readonly #looks: Array<{ color: Color; opacity: number; style: EchoStyle }> = [];
  #used = 0;

  begin(): void {
    this.#used = 0;
  }

  /** Hands the poses around the figure's present one to `draw`. */
  add(
    figure: Figure,
    step: number,
    count: number,
    past: Color,
    future: Color,
    draw: EchoSink,
  ): void {
    const { motion, frame } = figure;
    const found = onionPoses(frame, motion.frames, step, count, this.#poses);
    for (let i = 0; i < found; i++) {
      const pose = this.#poses[i];
      const look = (this.#looks[this.#used++] ??= { color: past, opacity: 0, style: ECHO.glass });
      look.color = pose.past ? past : future;
      look.opacity = OPACITY * pose.strength;
      draw(figure, pose.frame, look);
    }
  }
}
