/** Two canvases: the timeline, and what follows the hand over it. Painted when something changed. */

import { el } from '../overlay/dom';
import type { GhostView, PendingView } from './api';
import type { Desk } from './desk';
import { fullHeight } from './hit';

import { paintLanes } from './paint/lanes';
import { NO_OVERLAY, paintOverlay, type Overlay } from './paint/overlay';
import { paintOverview } from './paint/overview';
import { mix, readPalette, type Palette } from './paint/palette';
import type { Picture } from './paint/picture';
import { paintRuler } from './paint/ruler';
import { paintSeams } from './paint/seams';
import { thumbSize } from './paint/poses';
import { TextFitter } from './paint/text';
import { Thumbs } from './paint/thumbs';

const NO_PENDING: readonly PendingView[] = [];

export class Painter {
  readonly canvas = el('canvas', { class: 'picture', 'aria-hidden': 'true' });
  readonly over = el('canvas', { class: 'over', 'aria-hidden': 'true' });
  readonly #text = new TextFitter();
  readonly #thumbs = new Thumbs();
  #palette: Palette | null = null;
  #width = 0;
  #height = 0;
  #ratio = 1;
  #overlay: Overlay = NO_OVERLAY;
  #scheduled = 0;
  #pictureDue = true;
  hovered: string | null = null;
  /** Called after each picture. */
  painted: () => void = () => undefined;

  constructor(private readonly desk: Desk) {}

  get palette(): Palette {
    return (this.#palette ??= readPalette(this.canvas));
  }

  get overlay(): Overlay {
    return this.#overlay;
  }

  resize(width: number, height: number): void {
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.#width = width;
    this.#height = height;
    this.#ratio = ratio;
    for (const canvas of [this.canvas, this.over]) {
      canvas.width = Math.max(1, Math.round(width * ratio));
      canvas.height = Math.max(1, Math.round(height * ratio));
    }
    // At once: a canvas that changed its size is empty.
    if (width > 0) this.#paint();
  }

  themeChanged(): void {
    this.#palette = null;
    this.request();
  }

  /** Motions came or went. */
  motionsChanged(): void {
    this.#thumbs.keep(new Set([...this.desk.motions.values()].map(({ key }) => key)));
    this.request();
  }

  setOverlay(change: Partial<Overlay>): void {
    const keys = Object.keys(change) as Array<keyof Overlay>;
    if (keys.every((key) => JSON.stringify(this.#overlay[key]) === JSON.stringify(change[key])))
      return;
    this.#overlay = { ...this.#overlay, ...change };
    this.#schedule();
  }

  /** The whole picture, once, with the next frame. */
  request(): void {
    this.#pictureDue = true;
    this.#schedule();
  }

  #schedule(): void {
    this.#scheduled ||= requestAnimationFrame(() => {
      this.#scheduled = 0;
      if (this.#width > 0) this.#paint();
    });
  }

  #paint(): void {
    const picture = this.#picture();
    if (!picture) return;
    if (this.#pictureDue) {
      this.#pictureDue = false;
      const pen = this.canvas.getContext('2d', { alpha: false });
      if (pen) this.#paintPicture(pen, picture);
      this.painted();
    }
    const pen = this.over.getContext('2d');
    if (!pen) return;
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    pen.clearRect(0, 0, this.#width, this.#height);
    paintOverlay(pen, picture, this.#overlay);
  }

  #paintPicture(pen: CanvasRenderingContext2D, picture: Picture): void {
    pen.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    const { palette, rows } = picture;
    pen.fillStyle = palette.bg;
    pen.fillRect(0, 0, this.#width, this.#height);
    const figure = palette.dark ? '#f2f2f4' : palette.text;
    const size = thumbSize(rows.height - 5);
    this.#thumbs.begin({
      ...size,
      ratio: this.#ratio,
      near: figure,
      far: mix(figure, palette.dark ? palette.bg : palette.panel, 0.5),
    });
    paintLanes(pen, picture);
    paintSeams(pen, picture);
    paintRuler(pen, picture);
    paintOverview(pen, picture);
    if (this.#thumbs.lacking) this.request();
  }

  #picture(): Picture | null {
    const { desk } = this;
    const project = desk.pictured;
    if (!project) return null;
    const { draft, view } = desk;
    return {
      project,
      joins: desk.joins,
      pending: view?.pending ?? NO_PENDING,
      ghost: draft ? null : ((view?.ghost ?? null) as GhostView | null),
      motions: desk.motions,
      selection: desk.selection,
      marker: desk.marker,
      moving: draft?.moving ?? NOTHING,
      refused: (draft?.fault ?? '') !== '',
      handlesOf: draft?.handlesOf ?? null,
      hovered: this.hovered,
      unit: desk.settings.unit,
      scale: desk.scale,
      rows: desk.rows,
      width: this.#width,
      height: Math.min(this.#height, fullHeight(desk.rows)),
      palette: this.palette,
      text: this.#text,
      thumbs: this.#thumbs,
    };
  }

  dispose(): void {
    cancelAnimationFrame(this.#scheduled);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
