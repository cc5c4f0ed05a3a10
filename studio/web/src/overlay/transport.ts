/** The bar under the picture: playback buttons, loop, speed, ruler, timecode. */

import { SPEEDS } from '../clock';
import { keysOf, type Command } from '../shortcuts';
import { timecode } from '../timecode';
import { button, el } from './dom';
import { icon, type IconName } from './icons';
import { Scrubber, type ScrubberContent } from './scrubber';

export interface TransportActions {
  run(command: Command): void;
  seek(frame: number): void;
  setSpeed(speed: number): void;
}

export interface PlayState {
  readonly playing: boolean;
  readonly loop: boolean;
  readonly speed: number;
  readonly shuttle: number;
}

export class Transport {
  readonly element: HTMLElement;
  readonly #scrubber: Scrubber;
  readonly #play: HTMLButtonElement;
  readonly #loop: HTMLButtonElement;
  readonly #speed = el('select', { class: 'speed', 'aria-label': 'Speed' });
  readonly #shuttle = el('span', { class: 'shuttle' });
  readonly #time = el('span', { class: 'time' });
  readonly #total = el('span', { class: 'dim' });
  readonly #frame = el('span', { class: 'frame' });
  readonly #last = el('span', { class: 'dim' });
  readonly #buttons: HTMLButtonElement[] = [];
  #fps = 30;
  #content: ScrubberContent | null = null;
  #at = 0;
  #whole = -1;

  constructor(private readonly actions: TransportActions) {
    this.#scrubber = new Scrubber((frame) => actions.seek(frame));
    this.#play = this.#button('toggle', 'play', 'Play');
    this.#play.classList.add('primary');
    this.#loop = this.#button('loop', 'loop', 'Loop');
    this.#fillSpeeds();
    const left = el('div', { class: 'side left' }, this.#readout());
    const middle = el(
      'div',
      { class: 'keys' },
      this.#button('toStart', 'toStart', 'To the start'),
      this.#button('stepBack', 'stepBack', 'Back one frame'),
      this.#play,
      this.#button('step', 'step', 'Forward one frame'),
      this.#button('toEnd', 'toEnd', 'To the end'),
    );
    const right = el('div', { class: 'side right' }, this.#shuttle, this.#speed, this.#loop);
    const row = el('div', { class: 'row' }, left, middle, right);
    this.element = el('div', { class: 'transport' }, this.#scrubber.element, row);
    this.set({ frames: 0, fps: 30, range: null, contacts: null });
  }

  #readout(): HTMLElement {
    const slash = el('span', { class: 'dim' }, ' / ');
    const of = el('span', { class: 'dim' }, ' / ');
    const time = el(
      'span',
      { class: 'timecode', title: 'Time / length' },
      this.#time,
      slash,
      this.#total,
    );
    const frame = el(
      'span',
      { class: 'framecode', title: 'Frame / last frame' },
      this.#frame,
      of,
      this.#last,
    );
    return el('div', { class: 'readout' }, time, frame);
  }

  #button(command: Command, name: IconName, label: string): HTMLButtonElement {
    const title = `${label}  (${keysOf(command)})`;
    const attributes = { class: 'key', title, 'aria-label': label, 'data-command': command };
    const out = button(attributes, icon(name), () => this.actions.run(command));
    this.#buttons.push(out);
    return out;
  }

  #fillSpeeds(): void {
    for (const speed of SPEEDS)
      this.#speed.append(el('option', { value: String(speed) }, `${speed}×`));
    this.#speed.title = `Speed  (${keysOf('slower')} ${keysOf('faster')})`;
    this.#speed.addEventListener('change', () => {
      this.actions.setSpeed(Number(this.#speed.value));
      this.#speed.blur();
    });
  }

  set(content: ScrubberContent): void {
    if (this.#content && same(this.#content, content)) return;
    this.#content = content;
    this.#fps = content.fps;
    this.#scrubber.set(content);
    this.#total.textContent = timecode(content.frames / content.fps);
    this.#last.textContent = String(Math.max(0, content.frames - 1));
    const none = content.frames < 2;
    for (const key of this.#buttons) key.disabled = none;
    this.#speed.disabled = none;
    this.element.style.setProperty('--digits', String(Math.max(2, this.#last.textContent.length)));
    this.#whole = -1;
    this.showFrame(this.#at);
  }

  showFrame(frame: number): void {
    this.#at = frame;
    this.#scrubber.show(frame);
    const whole = Math.floor(frame + 1e-6);
    if (whole === this.#whole) return;
    this.#whole = whole;
    this.#time.textContent = timecode(whole / this.#fps);
    this.#frame.textContent = String(whole);
  }

  showState({ playing, loop, speed, shuttle }: PlayState): void {
    const label = playing ? 'Pause' : 'Play';
    this.#play.replaceChildren(icon(playing ? 'pause' : 'play'));
    this.#play.setAttribute('aria-label', label);
    this.#play.title = `${label}  (${keysOf('toggle')})`;
    this.#loop.setAttribute('aria-pressed', String(loop));
    this.#speed.value = String(speed);
    this.#shuttle.textContent =
      playing && shuttle !== 1 ? `${shuttle < 0 ? '◂' : '▸'} ${Math.abs(shuttle)}×` : '';
  }

  showScrubber(on: boolean): void {
    this.#scrubber.element.hidden = !on;
  }

  redraw(): void {
    this.#scrubber.redraw();
  }

  dispose(): void {
    this.#scrubber.dispose();
  }
}

function same(a: ScrubberContent, b: ScrubberContent): boolean {
  return (
    a.frames === b.frames &&
    a.fps === b.fps &&
    a.range?.start === b.range?.start &&
    a.range?.end === b.range?.end &&
    a.contacts === b.contacts
  );
}
