/** A word about something that has just been done. */

import { el } from './dom';

const SHOWN_MS = 3500;

export class Toast {
  readonly element = el('div', { class: 'pill toast', role: 'status' });
  #timer = 0;

  constructor() {
    this.element.hidden = true;
  }

  say(sentence: string): void {
    window.clearTimeout(this.#timer);
    this.element.replaceChildren(el('p', {}, sentence));
    this.element.hidden = false;
    this.#timer = window.setTimeout(() => {
      this.element.hidden = true;
    }, SHOWN_MS);
  }

  dispose(): void {
    window.clearTimeout(this.#timer);
  }
}
