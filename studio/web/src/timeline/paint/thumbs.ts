/** Thumbnails of poses, drawn once each and kept as parts of a few bitmaps. */

import type { ClipMotion } from '../api';
import { StickFigure } from './stick';

/** A picture in a bitmap, in the bitmap's pixels. */
export interface Tile {
  readonly sheet: HTMLCanvasElement;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ThumbLook {
  /** CSS pixels of one thumbnail, and device pixels a CSS pixel. */
  readonly width: number;
  readonly height: number;
  readonly ratio: number;
  readonly near: string;
  readonly far: string;
}

const SHEET_PX = 1024;
/** Bitmaps kept; the oldest is thrown away with all that is on it. */
const MOST_SHEETS = 8;
/** New thumbnails drawn for one picture of the timeline; the rest follow in the next. */
const MOST_MILLISECONDS = 3;
const LOOK_EVERY = 4;

export class Thumbs {
  readonly #tiles = new Map<string, Tile>();
  readonly #figures = new Map<string, StickFigure>();
  #sheets: Array<{ canvas: HTMLCanvasElement; keys: string[] }> = [];
  #next = 0;
  #look: ThumbLook = { width: 0, height: 0, ratio: 1, near: '', far: '' };
  #made = 0;
  #deadline = 0;
  /** Whether some could not be drawn for want of time. */
  lacking = false;

  /** Before a picture: how thumbnails look, and the beginning of its time. */
  begin(look: ThumbLook): void {
    const same = Object.entries(look).every(
      ([key, value]) => this.#look[key as keyof ThumbLook] === value,
    );
    if (!same) {
      this.#look = look;
      this.forget();
    }
    this.#made = 0;
    this.#deadline = 0;
    this.lacking = false;
  }

  forget(): void {
    this.#tiles.clear();
    this.#sheets = [];
    this.#next = 0;
  }

  /** Lets go of figures of motions that are not in `keys`. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#figures.keys()) if (!keys.has(key)) this.#figures.delete(key);
  }

  /** The picture of a frame, or null where it has to wait for the next call. */
  get({ key, motion }: ClipMotion, frame: number): Tile | null {
    const name = `${key} ${frame}`;
    const found = this.#tiles.get(name);
    if (found) return found;
    if (this.#spent()) {
      this.lacking = true;
      return null;
    }
    let figure = this.#figures.get(key);
    if (!figure || figure.motion !== motion) {
      figure = new StickFigure(motion);
      this.#figures.set(key, figure);
    }
    const tile = this.#place(name);
    const pen = tile.sheet.getContext('2d')!;
    const { x, y, width, height } = tile;
    pen.save();
    pen.beginPath();
    pen.rect(x, y, width, height);
    pen.clip();
    figure.draw(pen, frame, [x, y, width, height], this.#look.near, this.#look.far);
    pen.restore();
    this.#tiles.set(name, tile);
    return tile;
  }

  #spent(): boolean {
    if (this.#made++ % LOOK_EVERY !== 0) return false;
    const now = performance.now();
    if (this.#deadline === 0) this.#deadline = now + MOST_MILLISECONDS;
    return now > this.#deadline;
  }

  #place(name: string): Tile {
    const { ratio } = this.#look;
    const width = Math.ceil(this.#look.width * ratio);
    const height = Math.ceil(this.#look.height * ratio);
    const columns = Math.max(1, Math.floor(SHEET_PX / width));
    const rows = Math.max(1, Math.floor(SHEET_PX / height));
    let sheet = this.#sheets.at(-1);
    if (!sheet || this.#next >= columns * rows) sheet = this.#newSheet();
    sheet.keys.push(name);
    const index = this.#next++;
    const [x, y] = [(index % columns) * width, Math.floor(index / columns) * height];
    return { sheet: sheet.canvas, x, y, width, height };
  }

  #newSheet(): { canvas: HTMLCanvasElement; keys: string[] } {
    if (this.#sheets.length >= MOST_SHEETS) {
      for (const key of this.#sheets.shift()!.keys) this.#tiles.delete(key);
    }
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = SHEET_PX;
    const sheet = { canvas, keys: [] };
    this.#sheets.push(sheet);
    this.#next = 0;
    return sheet;
  }
}

/**
 * Frames between thumbnails: powers of two and halves between them, so that zooming keeps most of
 * what was drawn and the figures stand still while the clip grows around them.
 */
export function thumbStep(pixels: number, width: number): number {
  const wanted = width / pixels;
  if (wanted <= 1) return 1;
  const power = 2 ** Math.floor(Math.log2(wanted));
  return wanted <= power ? power : wanted <= power * 1.5 && power > 1 ? power * 1.5 : power * 2;
}
