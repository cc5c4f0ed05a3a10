/** The playhead: an element of its own, so that playing does not paint the timeline again. */

import { el } from '../../overlay/dom';

export class Playhead {
  readonly #flag = el('span');
  readonly element = el('div', { class: 'playhead', 'aria-hidden': 'true' }, this.#flag);
  #text = '';

  show(x: number, width: number, text: string): void {
    const off = x < -20 || x > width + 20;
    this.element.style.visibility = off ? 'hidden' : '';
    if (off) return;
    this.element.style.transform = `translateX(${x}px)`;
    if (text === this.#text) return;
    this.#text = text;
    this.#flag.textContent = text;
  }
}
