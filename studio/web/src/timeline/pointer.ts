/** The pointer over the canvas: what it is on, what a press begins, what the wheel does. */

import type { Clip, Track } from '../document/types';
import { ClipIndex, stopOf } from './clips';
import { splitClips } from './commands';
import { BlendDrag } from './drags/blend';
import { MoveDrag } from './drags/move';
import { MarkerDrag, RangeDrag } from './drags/ruler';
import { SlipDrag } from './drags/slip';
import { RollDrag, TrimDrag } from './drags/trim';
import {
  BoxGesture,
  CarryGesture,
  lockedWords,
  OverviewGesture,
  PanGesture,
  RefusedGesture,
  razorFrame,
  ScrubGesture,
  SpanGesture,
  type Gesture,
  type Press,
  type Surface,
} from './gestures';
import { hitAt, type ClipPart, type Hit } from './hit';
import { fresh } from './fresh';
import { RULER_HEIGHT } from './rows';

/** Pixels before the edge of the view at which it begins to move along. */
const EDGE_PX = 18;
const WHEEL_ZOOM = 0.0022;
const LINE_PX = 18;

/** What the pointer needs to be told about. */
export interface PointerListener extends Surface {
  /** The pointer rests on something, or on nothing. */
  hovered(hit: Hit | null, at: Press | null): void;
  /** Two clicks in a row. */
  opened(hit: Hit, at: Press): void;
  /** The menu was asked for. */
  menu(hit: Hit, at: Press, x: number, y: number): void;
}

export class PointerInput {
  #gesture: Gesture | null = null;
  #last: Press | null = null;
  #moved: Press | null = null;
  #ticking = 0;
  #spaceHeld = false;
  #spaceUsed = false;
  readonly #abort = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly to: PointerListener,
  ) {
    const { signal } = this.#abort;
    const on = <K extends keyof HTMLElementEventMap>(
      name: K,
      act: (event: HTMLElementEventMap[K]) => void,
    ): void => element.addEventListener(name, act, { signal });
    on('pointerdown', (event) => this.#down(event));
    on('pointermove', (event) => this.#move(event));
    on('pointerup', (event) => this.#up(event));
    on('pointercancel', () => this.cancel());
    on('lostpointercapture', () => this.cancel());
    on('pointerleave', () => this.#leave());
    on('dblclick', (event) => this.#open(event));
    on('contextmenu', (event) => this.#menu(event));
    element.addEventListener('wheel', (event) => this.#wheel(event), { passive: false, signal });
    window.addEventListener('blur', () => this.#blurred(), { signal });
    document.addEventListener('keydown', (event) => this.#modifier(event), { signal });
    document.addEventListener('keyup', (event) => this.#modifier(event), { signal });
  }

  get busy(): boolean {
    return this.#gesture !== null;
  }

  /** Gives up what is under way; whether something was. */
  cancel(): boolean {
    const gesture = this.#gesture;
    if (!gesture) return false;
    this.#finish();
    gesture.cancel();
    return true;
  }

  /** Space: held and dragged it moves the view, pressed alone it plays. */
  spaceDown(): void {
    if (this.#spaceHeld) return;
    this.#spaceHeld = true;
    this.#spaceUsed = false;
    this.#showCursor();
  }

  /** Whether Space was pressed alone. */
  spaceUp(): boolean {
    const alone = this.#spaceHeld && !this.#spaceUsed;
    this.#spaceHeld = false;
    this.#showCursor();
    return alone;
  }

  #press(event: MouseEvent): Press {
    const box = this.element.getBoundingClientRect();
    return this.#at(event.clientX - box.left, event.clientY - box.top, event);
  }

  #at(
    x: number,
    y: number,
    keys: { altKey: boolean; shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  ): Press {
    const { scale, rows } = this.to.desk;
    return {
      x,
      y,
      frame: scale.frame(x),
      row: rows.at(y),
      alt: keys.altKey,
      shift: keys.shiftKey,
      ctrl: keys.ctrlKey || keys.metaKey,
    };
  }

  #hit(at: Press): Hit | null {
    const { project, joins, scale, rows } = this.to.desk;
    return project && hitAt(at.x, at.y, { project, joins, scale, rows });
  }

  // Press, move, lift

  #down(event: PointerEvent): void {
    const at = this.#press(event);
    const hit = this.#hit(at);
    if (!hit || this.#gesture) return;
    this.to.hovered(null, null);
    const pan = event.button === 1 || (event.button === 0 && this.#spaceHeld);
    if (pan) {
      event.preventDefault();
      this.#spaceUsed = true;
    }
    if (!pan && event.button !== 0) return;
    this.#gesture = pan ? new PanGesture(this.to, at) : this.#begin(hit, at);
    this.#last = at;
    if (!this.#gesture) return;
    this.element.setPointerCapture(event.pointerId);
    this.#showCursor();
  }

  #move(event: PointerEvent): void {
    const at = this.#press(event);
    this.#moved = at;
    if (this.#gesture) {
      this.#last = at;
      this.#gesture.move(at);
      this.#showCursor();
      this.#follow();
      return;
    }
    this.#hover(at);
  }

  #up(event: PointerEvent): void {
    const gesture = this.#gesture;
    if (!gesture || (event.button !== 0 && event.button !== 1)) return;
    this.#finish();
    gesture.end();
    this.#hover(this.#press(event));
  }

  #finish(): void {
    this.#gesture = null;
    cancelAnimationFrame(this.#ticking);
    this.#ticking = 0;
    this.#showCursor();
  }

  #leave(): void {
    this.#moved = null;
    if (this.#gesture) return;
    this.to.hovered(null, null);
    this.to.overlay({ razor: null, gap: null, hover: null });
  }

  #blurred(): void {
    this.#spaceHeld = false;
    this.cancel();
  }

  /** A modifier that changes in the middle of a drag counts at once. */
  #modifier(event: KeyboardEvent): void {
    if (!['Alt', 'Shift', 'Control', 'Meta'].includes(event.key)) return;
    const at = this.#last;
    if (this.#gesture && at) {
      event.preventDefault();
      this.#last = this.#at(at.x, at.y, event);
      this.#gesture.move(this.#last);
    } else if (this.#moved) this.#hover(this.#at(this.#moved.x, this.#moved.y, event));
  }

  /** As long as the hand is beyond a side, the view moves there. */
  #follow(): void {
    if (this.#ticking || !this.#gesture?.follows) return;
    const tick = (): void => {
      this.#ticking = 0;
      const { desk, width } = this.to;
      const at = this.#last;
      if (!at || !this.#gesture?.follows) return;
      const off = at.x < EDGE_PX ? at.x - EDGE_PX : Math.max(0, at.x - (width - EDGE_PX));
      if (off === 0) return;
      const before = desk.scale.left;
      const speed = Math.min(32, Math.abs(off) * 0.3 + 1) * Math.sign(off);
      desk.pan(speed);
      if (desk.scale.left !== before) {
        this.#last = { ...at, frame: desk.scale.frame(at.x) };
        this.#gesture.move(this.#last);
      }
      this.#ticking = requestAnimationFrame(tick);
    };
    this.#ticking = requestAnimationFrame(tick);
  }

  // What a press begins

  #begin(hit: Hit, at: Press): Gesture | null {
    const { desk } = this.to;
    const project = desk.project!;
    switch (hit.on) {
      case 'overview':
        return new OverviewGesture(this.to, at);
      case 'marker': {
        desk.selectMarker(hit.marker.id);
        const seek = (): void => desk.seek(hit.marker.frame);
        return this.#unlessReadonly(at, seek, () => {
          const drag = new MarkerDrag(project, desk.playhead, hit.marker, at);
          return new CarryGesture(this.to, drag, at, seek);
        });
      }
      case 'range':
        return this.#unlessReadonly(
          at,
          () => desk.seek(at.frame),
          () => {
            const drag = new RangeDrag(
              project,
              desk.playhead,
              project.timeline.range!,
              hit.grip,
              at,
            );
            return new CarryGesture(this.to, drag, at, () => desk.seek(at.frame));
          },
        );
      case 'ruler':
        return at.shift ? this.#newRange(at) : new ScrubGesture(this.to, at);
      case 'lane':
      case 'gap':
        return new BoxGesture(this.to, at, hit.track?.id ?? null);
      case 'seam':
        return this.#onClip(hit.clip, hit.track, 'body', at);
      case 'clip':
        return this.#onClip(hit.clip, hit.track, hit.part, at);
    }
  }

  #newRange(at: Press): Gesture {
    const { desk } = this.to;
    return this.#unlessReadonly(
      at,
      () => undefined,
      () => {
        const frame = Math.max(0, razorFrame(desk, at, desk.manner));
        const range = { start: frame, stop: frame };
        const from = { ...at, frame };
        return new CarryGesture(
          this.to,
          new RangeDrag(desk.project!, desk.playhead, range, 'new', from),
          at,
        );
      },
    );
  }

  #unlessReadonly(at: Press, click: () => void, make: () => Gesture): Gesture {
    const { readonly: why } = this.to.desk;
    return why ? new RefusedGesture(this.to, why, at, click) : make();
  }

  #onClip(clip: Clip, track: Track, part: ClipPart, at: Press): Gesture | null {
    const { desk } = this.to;
    const why = desk.readonly || (track.lock ? lockedWords(track) : '');
    if (desk.tool === 'razor' && !why) {
      this.#cut(clip, at);
      return null;
    }
    const choose = this.#choose(clip, track, at);
    if (why) return new RefusedGesture(this.to, why, at, choose);
    const project = desk.project!;
    if (desk.tool === 'span') return new SpanGesture(this.to, clip, at);
    if (desk.tool === 'slip') {
      return new CarryGesture(this.to, new SlipDrag(project, clip, at), at, choose);
    }
    switch (part) {
      case 'head':
      case 'tail':
        return this.#onEdge(clip, part, at, choose);
      case 'blend':
        return new CarryGesture(this.to, new BlendDrag(project, clip, at), at, choose);
      case 'body': {
        if (at.ctrl) return new CarryGesture(this.to, new SlipDrag(project, clip, at), at, choose);
        const clips = [...desk.selection];
        const drag = new MoveDrag(project, desk.playhead, clips, at, at.alt);
        const made = at.alt ? fresh(project, 'clip', clips.length) : undefined;
        return new CarryGesture(this.to, drag, at, choose, made);
      }
    }
  }

  /** Selects as the press asks; what is left for the lift, if it did not become a drag, comes back. */
  #choose(clip: Clip, track: Track, at: Press): () => void {
    const { desk } = this.to;
    const before = desk.selection;
    if (at.ctrl) {
      return () => {
        const next = new Set(before);
        if (!next.delete(clip.id)) next.add(clip.id);
        desk.select(next, track.id);
      };
    }
    if (at.shift) desk.select([...before, clip.id], track.id);
    else if (!before.has(clip.id)) desk.select([clip.id], track.id);
    else {
      desk.select(before, track.id);
      return () => desk.select([clip.id], track.id);
    }
    return () => undefined;
  }

  #onEdge(clip: Clip, edge: 'head' | 'tail', at: Press, choose: () => void): Gesture {
    const { desk } = this.to;
    const project = desk.project!;
    if (at.ctrl) {
      const index = ClipIndex.of(project);
      const placed = index.get(clip.id)!;
      const [a, b] = edge === 'head' ? [index.before(placed), clip] : [clip, index.after(placed)];
      if (a && b && stopOf(a) === b.start) {
        return new CarryGesture(
          this.to,
          new RollDrag(project, desk.playhead, a, b, at),
          at,
          choose,
        );
      }
    }
    const drag = new TrimDrag(project, desk.playhead, clip, edge, at);
    return new CarryGesture(this.to, drag, at, choose);
  }

  #cut(clip: Clip, at: Press): void {
    const { desk } = this.to;
    const project = desk.project!;
    const frame = this.#razor(at);
    const all = [...ClipIndex.of(project).all].map((placed) => placed.clip.id);
    desk.edit(splitClips(project, at.shift ? all : [clip.id], frame));
  }

  #razor(at: Press): number {
    const { desk } = this.to;
    const { manner } = desk;
    return razorFrame(desk, at, { ...manner, snapping: manner.snapping && !at.alt });
  }

  // Without a press

  #hover(at: Press): void {
    const hit = this.#hit(at);
    const { desk } = this.to;
    const razor =
      desk.tool === 'razor' && hit && (hit.on === 'clip' || hit.on === 'seam')
        ? { frame: this.#razor(at), row: at.shift ? null : at.row }
        : null;
    const gap =
      desk.tool === 'select' && hit?.on === 'gap'
        ? { start: stopOf(hit.before), stop: hit.after.start, row: at.row }
        : null;
    const hover = at.y < RULER_HEIGHT && hit?.on === 'ruler' ? Math.round(at.frame) : null;
    this.to.overlay({ razor, gap, hover });
    this.to.hovered(hit, at);
    this.#showCursor(hit);
  }

  #showCursor(hit?: Hit | null): void {
    const { desk } = this.to;
    const own = this.#gesture?.cursor;
    const cursor =
      own ||
      (this.#spaceHeld ? 'grab' : this.#gesture ? 'default' : cursorOf(hit ?? null, desk.tool));
    if (this.element.style.cursor !== cursor) this.element.style.cursor = cursor;
  }

  #open(event: MouseEvent): void {
    const at = this.#press(event);
    const hit = this.#hit(at);
    if (hit) this.to.opened(hit, at);
  }

  #menu(event: MouseEvent): void {
    event.preventDefault();
    this.cancel();
    const at = this.#press(event);
    const hit = this.#hit(at);
    if (hit) this.to.menu(hit, at, event.clientX, event.clientY);
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { desk } = this.to;
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const at = this.#press(event);
    if (event.ctrlKey || event.metaKey) {
      // A pinch says little at a time, a wheel much.
      const pinch = Math.abs(dy) < 30 && !Number.isInteger(dy) ? 6 : 1;
      desk.zoom(Math.exp(-dy * WHEEL_ZOOM * pinch), at.x);
    } else if (event.shiftKey) desk.scroll(dy || dx);
    else desk.pan(dx + dy);
    if (this.#gesture && this.#last) {
      this.#last = {
        ...this.#last,
        frame: desk.scale.frame(this.#last.x),
        row: desk.rows.at(this.#last.y),
      };
      this.#gesture.move(this.#last);
    } else this.#hover(this.#press(event));
  }

  dispose(): void {
    this.cancel();
    this.#abort.abort();
  }
}

function cursorOf(hit: Hit | null, tool: string): string {
  switch (hit?.on) {
    case 'clip':
      if (hit.track.lock) return 'default';
      if (tool === 'razor') return 'crosshair';
      if (tool === 'slip') return 'ew-resize';
      if (tool === 'span') return 'text';
      return { head: 'ew-resize', tail: 'ew-resize', blend: 'col-resize', body: 'default' }[
        hit.part
      ];
    case 'seam':
      return tool === 'razor' ? 'crosshair' : 'help';
    case 'range':
      return hit.grip === 'both' ? 'grab' : 'ew-resize';
    case 'marker':
    case 'overview':
      return 'grab';
    default:
      return 'default';
  }
}
