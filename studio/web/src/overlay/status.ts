/** What the viewer says about itself: nothing to show yet, loading, or what went wrong. */

import { button, el } from './dom';

/** A load this quick needs no word; a message that only flashes is noise. */
const PATIENCE_MS = 180;

export class Status {
  readonly element = el('div', { class: 'status' });
  #timer = 0;

  clear(): void {
    window.clearTimeout(this.#timer);
    this.element.replaceChildren();
    this.element.className = 'status';
  }

  empty(hint: string): void {
    this.#say('empty', el('p', {}, hint));
  }

  loading(what: string): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      this.#say('loading', el('div', { class: 'bar' }), el('p', {}, what));
    }, PATIENCE_MS);
  }

  /** One sentence that names the thing and the remedy, and a way to try again where there is one. */
  error(sentence: string, retry?: () => void): void {
    const parts: Node[] = [el('p', { role: 'alert' }, sentence)];
    if (retry) parts.push(button({ class: 'plain' }, 'Try again', retry));
    this.#say('error', ...parts);
  }

  #say(kind: string, ...parts: Node[]): void {
    window.clearTimeout(this.#timer);
    this.element.className = `status ${kind}`;
    this.element.replaceChildren(...parts);
  }
}
