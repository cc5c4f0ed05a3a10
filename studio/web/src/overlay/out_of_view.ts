/** Says so when no figure is in the picture, since nothing moves a camera that the user has placed. */

import { keysOf } from '../shortcuts';
import { button, el } from './dom';

export class OutOfView {
  readonly element: HTMLElement;

  constructor(frame: () => void) {
    const act = button(
      { class: 'plain', title: `Frame the figure  (${keysOf('frame')})` },
      'Show it',
      frame,
    );
    this.element = el('div', { class: 'pill' }, el('p', {}, 'The figure is out of view.'), act);
    this.element.hidden = true;
  }

  show(on: boolean): void {
    if (this.element.hidden === on) this.element.hidden = !on;
  }
}
