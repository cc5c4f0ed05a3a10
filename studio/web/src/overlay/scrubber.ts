/** The time ruler of the transport: frame ticks, range, contacts, playhead, hover time. */

import { clamp, type FrameRange } from '../clock';
import type { Contacts } from '../motion';
import { rulerSpacing, timecode } from '../timecode';
import { el } from './dom';

export interface ScrubberContent {
  readonly frames: number;
  readonly fps: number;
  readonly range: FrameRange | null;
  readonly contacts: Contacts | null;
}

/** Room at both ends for half a label, and below the ticks for the track and the contacts. */
const PAD = 22;
const FOOT = 12;
const NOTHING: ScrubberContent = { frames: 0, fps: 30, range: null, contacts: null };

export class Scrubber {
  readonly element: HTMLElement;
  readonly #canvas = el('canvas');
  readonly #played = el('div', { class: 'played' });
  readonly #flag = el('span');
  readonly #head = el('div', { class: 'head' }, this.#flag);
  readonly #hover = el('div', { class: 'hover' }, el('span'));
  readonly #resize: ResizeObserver;
  #content = NOTHING;
  #width = 0;
  #frame = 0;

  constructor(private readonly seek: (frame: number) => void) {
    this.element = el(
      'div',
      {
        class: 'scrubber',
        role: 'slider',
        tabindex: '0',
        'aria-label': 'Playhead',
        'aria-valuemin': '0',
      },
      this.#canvas,
      this.#played,
      this.#hover,
      this.#head,
    );
    this.element.addEventListener('pointerdown', (event) => this.#grab(event));
    this.element.addEventListener('pointermove', (event) => this.#moved(event));
    this.element.addEventListener('pointerleave', () => this.element.classList.remove('hovered'));
    this.#resize = new ResizeObserver(() => this.#draw());
    this.#resize.observe(this.element);
  }

  set(content: ScrubberContent): void {
    this.#content = content;
    this.element.setAttribute('aria-valuemax', String(Math.max(0, content.frames - 1)));
    this.element.classList.toggle('empty', content.frames < 2);
    this.#draw();
  }

  /** Colours of the canvas come from the theme and are read when it is drawn. */
  redraw(): void {
    this.#draw();
  }

  show(frame: number): void {
    this.#frame = frame;
    const x = this.#x(frame);
    this.#head.style.transform = `translateX(${x}px)`;
    const from = this.#x(this.#content.range?.start ?? 0);
    this.#played.style.transform = `translateX(${from}px) scaleX(${Math.max(0, x - from)})`;
    const whole = Math.floor(frame + 1e-6);
    if (this.element.getAttribute('aria-valuenow') === String(whole)) return;
    this.element.setAttribute('aria-valuenow', String(whole));
    this.#flag.textContent = String(whole);
    const time = timecode(whole / this.#content.fps);
    this.element.setAttribute('aria-valuetext', `${time}, frame ${whole}`);
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0 || this.#content.frames < 2) return;
    this.element.setPointerCapture(event.pointerId);
    this.element.classList.add('dragging');
    this.seek(this.#frameAt(event));
    const done = (): void => this.element.classList.remove('dragging');
    this.element.addEventListener('lostpointercapture', done, { once: true });
  }

  #moved(event: PointerEvent): void {
    if (this.#content.frames < 2) return;
    const frame = this.#frameAt(event);
    this.element.classList.add('hovered');
    const label = this.#hover.firstElementChild as HTMLElement;
    label.textContent = `${timecode(frame / this.#content.fps)}  ${frame}`;
    const half = label.offsetWidth / 2 + 4;
    const x = this.#x(frame);
    this.#hover.style.transform = `translateX(${x}px)`;
    label.style.left = `${clamp(0, half - x, Math.max(half - x, this.#width - half - x))}px`;
    if (this.element.hasPointerCapture(event.pointerId)) this.seek(frame);
  }

  #frameAt(event: PointerEvent): number {
    const box = this.element.getBoundingClientRect();
    const share = (event.clientX - box.left - PAD) / Math.max(1, this.#width - 2 * PAD);
    return Math.round(clamp(share, 0, 1) * Math.max(0, this.#content.frames - 1));
  }

  #x(frame: number): number {
    const last = Math.max(1, this.#content.frames - 1);
    return PAD + (clamp(frame, 0, last) / last) * Math.max(0, this.#width - 2 * PAD);
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    this.#width = width;
    this.#canvas.width = Math.max(1, Math.round(width * ratio));
    this.#canvas.height = Math.max(1, Math.round(height * ratio));
    const pen = this.#canvas.getContext('2d');
    if (pen && width > 0) {
      pen.scale(ratio, ratio);
      this.#paint(pen, height);
    }
    this.show(this.#frame);
  }

  #paint(pen: CanvasRenderingContext2D, height: number): void {
    const style = getComputedStyle(this.element);
    const color = (name: string): string => style.getPropertyValue(name).trim();
    const { frames, fps, range } = this.#content;
    const base = height - FOOT;
    pen.fillStyle = color('--ms-raised');
    pen.fillRect(PAD, base, this.#width - 2 * PAD, 3);
    if (frames < 2) return;
    if (range) {
      pen.fillStyle = color('--ms-accent-wash');
      const from = this.#x(range.start);
      pen.fillRect(from, 0, this.#x(range.end - 1) - from, base + 3);
    }
    this.#paintContacts(pen, base + 5, color);
    const { major, minor } = rulerSpacing(frames, fps, this.#width - 2 * PAD);
    pen.font = `11px ${color('--ms-font')}`;
    pen.textAlign = 'center';
    pen.textBaseline = 'alphabetic';
    pen.fontKerning = 'none';
    for (let frame = 0; frame < frames; frame += minor) {
      const x = Math.round(this.#x(frame)) + 0.5;
      const labelled = frame % major === 0;
      const middle = !labelled && major % 2 === 0 && frame % (major / 2) === 0;
      pen.fillStyle = color(labelled ? '--ms-text-dim' : '--ms-line');
      const tall = labelled ? 7 : middle ? 6 : 4;
      pen.fillRect(x - 0.5, base - tall, 1, tall);
      if (!labelled) continue;
      pen.fillStyle = color('--ms-text-dim');
      const text = String(frame);
      const half = pen.measureText(text).width / 2 + 2;
      pen.fillText(text, clamp(x, half, this.#width - half), base - 10);
    }
  }

  /** One thin bar a foot, left above right. */
  #paintContacts(
    pen: CanvasRenderingContext2D,
    top: number,
    color: (name: string) => string,
  ): void {
    const { contacts } = this.#content;
    if (!contacts) return;
    [contacts.left, contacts.right].forEach((spans, row) => {
      pen.fillStyle = color(row === 0 ? '--ms-left' : '--ms-right');
      for (const [start, stop] of spans) {
        const from = this.#x(start);
        pen.fillRect(from, top + row * 3, Math.max(1, this.#x(stop) - from - 0.5), 2);
      }
    });
  }

  dispose(): void {
    this.#resize.disconnect();
  }
}
