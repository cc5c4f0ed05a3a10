/** Where frames are on the screen: an immutable mapping of time to pixels. */

import { clamp } from '../clock';

export interface FrameSpan {
  readonly start: number;
  readonly stop: number;
}

/** Pixels a frame at the closest. */
const CLOSEST = 48;
/** Pixels left free before frame 0, so that a playhead on it is seen. */
export const MARGIN = 14;
/** The whole may shrink to this part of the width. */
const SMALLEST_SHARE = 0.25;

export class Scale {
  /**
   * @param left frame at x = 0; may lie between frames, and a little before 0
   * @param pixels a frame
   * @param width of the visible part, pixels
   */
  constructor(
    readonly left: number,
    readonly pixels: number,
    readonly width: number,
  ) {}

  x(frame: number): number {
    return (frame - this.left) * this.pixels;
  }

  /** The frame at `x`, between frames as it may be. */
  frame(x: number): number {
    return this.left + x / this.pixels;
  }

  get right(): number {
    return this.frame(this.width);
  }

  shows({ start, stop }: FrameSpan): boolean {
    return stop >= this.left && start <= this.right;
  }

  /** The frame under `x` stays there. `length` is that of what there is to see. */
  zoomed(factor: number, x: number, length: number): Scale {
    const least = (this.width * SMALLEST_SHARE) / Math.max(1, length);
    const pixels = clamp(this.pixels * factor, Math.min(least, CLOSEST), CLOSEST);
    return new Scale(this.frame(x) - x / pixels, pixels, this.width).bounded(length);
  }

  /** Moved by `x` pixels towards later frames. */
  panned(x: number, length: number): Scale {
    return new Scale(this.left + x / this.pixels, this.pixels, this.width).bounded(length);
  }

  resized(width: number): Scale {
    return new Scale(this.left, this.pixels, width);
  }

  /** `span` fills the width, with `room` pixels at both ends. */
  fitted({ start, stop }: FrameSpan, room = MARGIN): Scale {
    const inner = Math.max(1, this.width - 2 * room);
    const pixels = Math.min(CLOSEST, inner / Math.max(1, stop - start));
    return new Scale(start - room / pixels, pixels, this.width);
  }

  /** Moved as little as shows `frame`, `room` pixels from the edges. */
  revealing(frame: number, room: number, length: number): Scale {
    const x = this.x(frame);
    const inner = Math.min(room, this.width / 4);
    if (x < inner) return this.panned(x - inner, length);
    if (x > this.width - inner) return this.panned(x - (this.width - inner), length);
    return this;
  }

  /** A page on, when `frame` has left it: how an editor follows its playhead. */
  paged(frame: number, length: number): Scale {
    const x = this.x(frame);
    if (x >= 0 && x <= this.width - 2) return this;
    return this.panned(x - Math.min(MARGIN, this.width / 8), length);
  }

  /** Not before the start, nor so far past the end that nothing is left to see. */
  bounded(length: number): Scale {
    const first = -MARGIN / this.pixels;
    const last = Math.max(first, length - (this.width * SMALLEST_SHARE) / this.pixels);
    return new Scale(clamp(this.left, first, last), this.pixels, this.width);
  }
}
