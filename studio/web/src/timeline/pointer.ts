/** The pointer over the canvas: what it is on, what a press begins, what the wheel does. */

import { PanGesture, razorFrame, type Gesture, type Press, type Surface } from './gestures';
import { hitAt, type Hit } from './hit';
import { Presses } from './presses';
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
    this.#gesture = pan ? new PanGesture(this.to, at) : new Presses(this.to).begin(hit, at);
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

  // Without a press

  #hover(at: Press): void {
    const hit = this.#hit(at);
    const { desk } = this.to;
    const razor =
      desk.tool === 'razor' && hit && (hit.on === 'clip' || hit.on === 'seam')
        ? { frame: razorFrame(desk, at), row: at.shift ? null : at.row }
        : null;
    const gap =
      desk.tool === 'select' && hit?.on === 'gap'
        ? { before: hit.before.id, after: hit.after.id }
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
