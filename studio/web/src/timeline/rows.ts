/** Where tracks are on the screen, from top to bottom; one row each, all of one height. */

import { clamp } from '../clock';

export const RULER_HEIGHT = 34;
/** Of the ruler, from the top: where markers and the range live. */
export const STRIP_HEIGHT = 14;
export const OVERVIEW_HEIGHT = 12;

const LOWEST = 52;
const HIGHEST = 88;
/** Room below the last track: dropping files there makes a new one. */
const FOOT = 22;

export class Rows {
  readonly height: number;
  readonly scroll: number;

  /**
   * @param count of tracks
   * @param area pixels between the ruler and the overview
   * @param scroll pixels scrolled down
   */
  constructor(
    readonly count: number,
    readonly area: number,
    scroll = 0,
  ) {
    this.height = clamp(Math.floor((area - FOOT) / Math.max(1, count)), LOWEST, HIGHEST);
    this.scroll = clamp(scroll, 0, this.deepest);
  }

  /** Pixels that can be scrolled. */
  get deepest(): number {
    return Math.max(0, this.count * this.height + FOOT - this.area);
  }

  top(row: number): number {
    return RULER_HEIGHT + row * this.height - this.scroll;
  }

  get bottom(): number {
    return this.top(this.count);
  }

  /** The row at `y`: -1 above the first, `count` and more below the last. */
  at(y: number): number {
    return Math.floor((y - RULER_HEIGHT + this.scroll) / this.height);
  }

  /** The rows that can be seen, half-open. */
  get visible(): readonly [first: number, stop: number] {
    const first = Math.max(0, Math.floor(this.scroll / this.height));
    const stop = Math.ceil((this.scroll + this.area) / this.height);
    return [first, Math.min(this.count, stop)];
  }

  scrolled(by: number): Rows {
    return new Rows(this.count, this.area, this.scroll + by);
  }

  /** Scrolled as little as shows a row whole. */
  revealing(row: number): Rows {
    const above = this.top(row) - RULER_HEIGHT;
    const below = this.top(row + 1) - RULER_HEIGHT - this.area;
    return above < 0 ? this.scrolled(above) : below > 0 ? this.scrolled(below) : this;
  }
}
