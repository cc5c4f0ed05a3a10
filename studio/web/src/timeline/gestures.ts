/** What a press of the pointer turns into: each follows the hand until it is lifted or given up. */

import { clamp } from '../clock';
import type { Clip, Range, Track } from '../document/types';
import { lengthOf, sourceFrame, stopOf } from './clips';
import type { BubbleText } from './dom/bubble';
import type { Desk } from './desk';
import { drawn, type Drag, type Hand } from './drags/drag';
import { clipsInBox } from './hit';
import type { Overlay } from './paint/overlay';
import { overviewScale, overviewWindow } from './paint/overview';
import { Scale } from './scale';
import { moment, stretch } from './ticks';

/** A moment of the pointer, in pixels of the canvas and in frames and rows. */
export interface Press extends Hand {
  readonly x: number;
  readonly y: number;
  readonly alt: boolean;
  readonly shift: boolean;
  readonly ctrl: boolean;
}

/** What gestures draw on besides the desk. */
export interface Surface {
  readonly desk: Desk;
  readonly width: number;
  overlay(change: Partial<Overlay>): void;
  bubble(text: BubbleText | null, x?: number, y?: number): void;
  /** Asks for the words of a span that is to be made anew. */
  askSpan(clip: Clip, span: Range): void;
}

export interface Gesture {
  readonly cursor: string;
  /** Whether the view moves along when the hand leaves it at a side. */
  readonly follows: boolean;
  move(at: Press): void;
  /** The pointer was lifted. */
  end(): void;
  cancel(): void;
}

const THRESHOLD_PX = 3;

/** A drag of the document: nothing is done before the hand has moved, and nothing if it gives up. */
export class CarryGesture implements Gesture {
  readonly follows = true;
  #moved = false;
  /** Alt that began the drag says nothing about snapping until it was let go. */
  #altCounts: boolean;
  #refused = false;

  /**
   * @param click what a press does that moves nowhere
   * @param select what is selected when it is done
   */
  constructor(
    private readonly surface: Surface,
    private readonly drag: Drag,
    private readonly from: Press,
    private readonly click: () => void = () => undefined,
    private readonly select: readonly string[] | undefined = undefined,
  ) {
    this.#altCounts = !from.alt;
  }

  get cursor(): string {
    return this.#refused ? 'not-allowed' : this.#moved ? this.drag.cursor : '';
  }

  move(at: Press): void {
    if (!this.#moved && Math.hypot(at.x - this.from.x, at.y - this.from.y) < THRESHOLD_PX) return;
    this.#moved = true;
    if (!at.alt) this.#altCounts = true;
    const { desk } = this.surface;
    const { manner } = desk;
    const free = at.alt && this.#altCounts;
    const draft = this.drag.draft(at, { ...manner, snapping: manner.snapping && !free });
    this.#refused = draft.fault !== '';
    desk.setDraft(draft);
    this.surface.overlay({ snap: draft.snap });
    const lines = draft.fault ? [draft.fault] : [];
    this.surface.bubble({ title: draft.note, lines, refused: this.#refused }, at.x, at.y);
  }

  end(): void {
    this.#clear();
    if (this.#moved) this.surface.desk.drop(this.select);
    else this.click();
  }

  cancel(): void {
    this.#clear();
    this.surface.desk.setDraft(null);
  }

  #clear(): void {
    this.surface.overlay({ snap: null });
    this.surface.bubble(null);
  }
}

/** A press on what cannot be changed: the reason is said when the hand tries. */
export class RefusedGesture implements Gesture {
  readonly follows = false;
  #tried = false;

  constructor(
    private readonly surface: Surface,
    private readonly why: string,
    private readonly from: Press,
    private readonly click: () => void = () => undefined,
  ) {}

  get cursor(): string {
    return this.#tried ? 'not-allowed' : '';
  }

  move(at: Press): void {
    if (Math.hypot(at.x - this.from.x, at.y - this.from.y) < THRESHOLD_PX && !this.#tried) return;
    this.#tried = true;
    this.surface.bubble({ title: this.why, refused: true }, at.x, at.y);
  }

  end(): void {
    this.surface.bubble(null);
    if (!this.#tried) this.click();
  }

  cancel(): void {
    this.surface.bubble(null);
  }
}

export class ScrubGesture implements Gesture {
  readonly cursor = 'ew-resize';
  readonly follows = true;
  readonly #before: number;

  constructor(
    private readonly surface: Surface,
    from: Press,
  ) {
    this.#before = surface.desk.playhead;
    this.move(from);
  }

  move(at: Press): void {
    this.surface.desk.seek(at.frame);
  }

  end(): void {}

  cancel(): void {
    this.surface.desk.seek(this.#before);
  }
}

export class PanGesture implements Gesture {
  readonly cursor = 'grabbing';
  readonly follows = false;

  constructor(
    private readonly surface: Surface,
    private last: Press,
  ) {}

  move(at: Press): void {
    const { desk } = this.surface;
    desk.pan(this.last.x - at.x);
    desk.scroll(this.last.y - at.y);
    this.last = at;
  }

  end(): void {}

  cancel(): void {}
}

/** A frame drawn around clips. */
export class BoxGesture implements Gesture {
  readonly cursor = 'crosshair';
  readonly follows = true;
  readonly #before: ReadonlySet<string>;
  #moved = false;

  constructor(
    private readonly surface: Surface,
    private readonly from: Press,
    private readonly track: string | null,
  ) {
    this.#before = surface.desk.selection;
  }

  move(at: Press): void {
    const { desk } = this.surface;
    if (!desk.project) return;
    // Held to its frame while the view moves along.
    const a = { x: desk.scale.x(this.from.frame), y: this.from.y };
    if (!this.#moved && Math.hypot(at.x - a.x, at.y - a.y) < THRESHOLD_PX) return;
    this.#moved = true;
    const box = {
      x: Math.min(a.x, at.x),
      y: Math.min(a.y, at.y),
      width: Math.abs(at.x - a.x),
      height: Math.abs(at.y - a.y),
    };
    this.surface.overlay({ box });
    const { scale, rows, joins } = desk;
    const inside = clipsInBox({ project: desk.project, joins, scale, rows }, a, at);
    desk.select(this.from.shift || this.from.ctrl ? union(this.#before, inside) : inside);
  }

  end(): void {
    this.surface.overlay({ box: null });
    const { desk } = this.surface;
    if (this.#moved) return;
    desk.selectMarker(null);
    desk.select(this.from.shift || this.from.ctrl ? this.#before : [], this.track);
  }

  cancel(): void {
    this.surface.overlay({ box: null });
    this.surface.desk.select(this.#before);
  }
}

function union(a: ReadonlySet<string>, b: readonly string[]): Set<string> {
  return new Set([...a, ...b]);
}

/** A span of a clip, marked to be made anew. */
export class SpanGesture implements Gesture {
  readonly cursor = 'text';
  readonly follows = true;
  #span: Range;

  constructor(
    private readonly surface: Surface,
    private readonly clip: Clip,
    private readonly from: Press,
  ) {
    const frame = Math.floor(from.frame);
    this.#span = { start: frame, stop: frame };
  }

  move(at: Press): void {
    const { desk } = this.surface;
    const edges = [clampTo(this.clip, this.from.frame), clampTo(this.clip, at.frame)];
    this.#span = { start: Math.min(...edges), stop: Math.max(...edges) };
    this.surface.overlay({ span: { ...this.#span, row: this.from.row } });
    const { project, settings } = desk;
    if (!project) return;
    const length = stretch(settings.unit, lengthOf(this.#span), project.fps);
    const from = moment(settings.unit, this.#span.start, project.fps);
    const to = moment(settings.unit, this.#span.stop, project.fps);
    this.surface.bubble({ title: `Make anew ${from} – ${to}`, lines: [length] }, at.x, at.y);
  }

  end(): void {
    this.surface.bubble(null);
    if (lengthOf(this.#span) < 2) return this.cancel();
    const first = sourceFrame(this.clip, 0) - this.clip.start;
    const { start, stop } = this.clip.source;
    const span = {
      start: clamp(this.#span.start + first, start, stop - 1),
      stop: clamp(this.#span.stop + first, start + 1, stop),
    };
    this.surface.askSpan(this.clip, span);
  }

  cancel(): void {
    this.surface.overlay({ span: null });
    this.surface.bubble(null);
  }
}

const clampTo = (clip: Clip, frame: number): number =>
  clamp(Math.round(frame), clip.start, stopOf(clip));

/** The strip along the bottom: its window is carried, or drawn wider at its ends. */
export class OverviewGesture implements Gesture {
  readonly follows = false;
  readonly #all: Scale;
  readonly #grip: 'left' | 'right' | 'both';
  readonly #scale: Scale;

  constructor(
    private readonly surface: Surface,
    private readonly from: Press,
  ) {
    const { desk, width } = surface;
    const project = desk.project!;
    const picture = { project, scale: desk.scale, width };
    this.#all = overviewScale(picture);
    const [left, right] = overviewWindow(picture);
    const inside = from.x > left - 4 && from.x < right + 4;
    if (!inside) {
      // A press beside the window brings it there.
      const middle = this.#all.frame(from.x) - (desk.scale.right - desk.scale.left) / 2;
      desk.look(new Scale(middle, desk.scale.pixels, width).bounded(desk.length));
    }
    const narrow = right - left < 30;
    this.#grip =
      inside && !narrow && from.x < left + 6
        ? 'left'
        : inside && !narrow && from.x > right - 6
          ? 'right'
          : 'both';
    this.#scale = desk.scale;
  }

  get cursor(): string {
    return this.#grip === 'both' ? 'grabbing' : 'ew-resize';
  }

  move(at: Press): void {
    const { desk, width } = this.surface;
    const by = (at.x - this.from.x) / this.#all.pixels;
    const { left, right } = this.#scale;
    if (this.#grip === 'both') {
      desk.look(new Scale(left + by, this.#scale.pixels, width).bounded(desk.length));
      return;
    }
    const least = 20;
    const start = this.#grip === 'left' ? Math.min(left + by, right - least) : left;
    const stop = this.#grip === 'right' ? Math.max(right + by, left + least) : right;
    desk.look(new Scale(start, 1, width).fitted({ start, stop }, 0).bounded(desk.length));
  }

  end(): void {}

  cancel(): void {
    this.surface.desk.look(this.#scale);
  }
}

/** Where the razor cuts: drawn to what is near, as drags are, unless Alt is held. */
export function razorFrame(desk: Desk, at: Press): number {
  if (!desk.project) return Math.round(at.frame);
  const { manner } = desk;
  const snapping = manner.snapping && !at.alt;
  return drawn(desk.project, desk.playhead, [0], at.frame, { ...manner, snapping }).by;
}

export function lockedWords(track: Track): string {
  return `Track ‘${track.name}’ is locked; unlock it first.`;
}
