/**
 * The playback clock: which frame it is, given the time. It holds no timer and reads no clock of
 * its own; whoever draws calls `tick` with a timestamp.
 */

/** Half-open: `start <= frame < end`, in whole frames. */
export interface FrameRange {
  readonly start: number;
  readonly end: number;
}

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** A page that was hidden or busy this long goes on from where it was, without a leap. */
const LONGEST_STEP_S = 0.5;

export class PlaybackClock {
  /** May lie between frames; always within the range. */
  frame = 0;
  fps = 30;
  loop = true;
  playing = false;
  /** Chosen speed, 1 is real time. */
  speed = 1;
  /** Shuttle: -4 .. 4, as J and L set it; multiplies the speed. */
  shuttle = 1;

  #frames = 0;
  #range: FrameRange | null = null;
  #last: number | null = null;

  get frames(): number {
    return this.#frames;
  }

  /** The frames that play: the chosen range, or all of them. */
  get range(): FrameRange {
    return this.#range ?? { start: 0, end: this.#frames };
  }

  get hasRange(): boolean {
    return this.#range !== null;
  }

  get lastFrame(): number {
    return Math.max(0, this.#frames - 1);
  }

  setLength(frames: number, fps: number): void {
    this.#frames = Math.max(0, Math.floor(frames));
    this.fps = fps > 0 ? fps : 30;
    if (this.#range && this.#range.end > this.#frames) this.#range = null;
    this.frame = clamp(this.frame, 0, this.lastFrame);
    if (this.#frames === 0) this.pause();
  }

  /** Limits playback; null or an empty range lifts the limit. */
  setRange(range: FrameRange | null): void {
    if (!range) {
      this.#range = null;
      return;
    }
    const start = clamp(Math.floor(range.start), 0, this.#frames);
    const end = clamp(Math.floor(range.end), 0, this.#frames);
    const whole = start === 0 && end === this.#frames;
    this.#range = end > start && !whole ? { start, end } : null;
  }

  play(shuttle = 1): void {
    if (this.#frames < 2) return;
    this.shuttle = shuttle;
    const { start, end } = this.range;
    // Play at the end starts over, as every player does.
    if (shuttle > 0 && this.frame >= end - 1) this.frame = start;
    if (shuttle < 0 && this.frame <= start) this.frame = end - 1;
    if (!this.playing) this.#last = null;
    this.playing = true;
  }

  pause(): void {
    this.playing = false;
    this.shuttle = 1;
    this.#last = null;
  }

  /** J (-1) and L (+1): play that way; again doubles, up to four times; the other way turns round. */
  nudgeShuttle(direction: 1 | -1): void {
    if (!this.playing) return this.play(direction);
    const faster = Math.sign(this.shuttle) === direction ? this.shuttle * 2 : direction;
    this.play(clamp(faster, -4, 4));
  }

  seek(frame: number): void {
    this.frame = clamp(Number.isFinite(frame) ? frame : 0, 0, this.lastFrame);
    this.#last = null;
  }

  /** To the next whole frame that way, over the ends of the range when looping. */
  step(by: number): void {
    const whole = by > 0 ? Math.floor(this.frame + 1e-6) : Math.ceil(this.frame - 1e-6);
    const { start, end } = this.range;
    const wanted = whole + by;
    if (this.loop && wanted >= end && whole < end) this.seek(whole === end - 1 ? start : end - 1);
    else if (this.loop && wanted < start && whole >= start)
      this.seek(whole === start ? end - 1 : start);
    else this.seek(wanted);
  }

  /** Moves on to `now` (milliseconds); true if the frame changed or playback stopped. */
  tick(now: number): boolean {
    if (!this.playing) return false;
    const before = this.#last;
    this.#last = now;
    if (before === null) return false;
    const elapsed = Math.min(Math.max(0, (now - before) / 1000), LONGEST_STEP_S);
    return this.#advance(elapsed * this.fps * this.speed * this.shuttle);
  }

  #advance(by: number): boolean {
    const { start, end } = this.range;
    const next = this.frame + by;
    // A loop lets the last frame last its time; otherwise playback ends on that frame exactly.
    const inside = by >= 0 ? next < (this.loop ? end : end - 1) : next >= start;
    if (inside) {
      this.frame = next;
      return by !== 0;
    }
    if (this.loop) {
      const length = end - start;
      this.frame = start + ((((next - start) % length) + length) % length);
      return true;
    }
    this.frame = by >= 0 ? end - 1 : start;
    this.pause();
    return true;
  }
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
