/** A few words beside the pointer: what is under it, or what a drag comes to. */

import { clamp } from '../../clock';
import { el } from '../../overlay/dom';

export interface BubbleText {
  readonly title: string;
  readonly lines?: readonly string[];
  /** CSS colour of a mark before the title. */
  readonly mark?: string;
  readonly refused?: boolean;
}

const OFF_X = 14;
const OFF_Y = 18;

export class Bubble {
  readonly element = el('div', { class: 'bubble', role: 'tooltip', hidden: '' });
  #shown = '';

  constructor(private readonly around: HTMLElement) {}

  /** At (x, y) of the canvas area; null hides it. */
  show(text: BubbleText | null, x = 0, y = 0): void {
    this.element.hidden = text === null;
    if (!text) {
      this.#shown = '';
      return;
    }
    const content = JSON.stringify(text);
    if (content !== this.#shown) {
      this.#shown = content;
      this.#fill(text);
    }
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const { clientWidth, clientHeight } = this.around;
    const left = x + OFF_X + width > clientWidth ? x - OFF_X - width : x + OFF_X;
    const top = y + OFF_Y + height > clientHeight ? y - OFF_Y - height : y + OFF_Y;
    const most = Math.max(0, clientWidth - width);
    this.element.style.transform = `translate(${clamp(left, 0, most)}px, ${top}px)`;
  }

  #fill({ title, lines = [], mark, refused }: BubbleText): void {
    const dot = el('i', mark ? { style: `background:${mark}` } : { hidden: '' });
    const head = el('b', {}, dot, title);
    this.element.classList.toggle('refused', refused ?? false);
    this.element.replaceChildren(head, ...lines.map((line) => el('span', {}, line)));
  }
}
