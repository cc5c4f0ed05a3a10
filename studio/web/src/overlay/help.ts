/** The sheet of shortcuts that `?` opens over the picture. */

import { MOUSE_HINTS, SHORTCUTS } from '../shortcuts';
import { button, el } from './dom';
import { icon } from './icons';

export class HelpSheet {
  readonly element: HTMLElement;

  constructor() {
    const close = button(
      { class: 'tool', 'aria-label': 'Close', title: 'Close  (Esc)' },
      icon('close'),
      () => this.toggle(false),
    );
    const groups = SHORTCUTS.map(({ title, shortcuts }) =>
      section(
        title,
        shortcuts.map(({ shown, label }) => [shown, label] as const),
      ),
    );
    groups[1].append(...section('Mouse', MOUSE_HINTS).childNodes);
    const head = el('header', {}, el('h2', {}, 'Viewer shortcuts'), close);
    const sheet = el('div', { class: 'sheet' }, head, el('div', { class: 'columns' }, ...groups));
    this.element = el(
      'div',
      { class: 'help', role: 'dialog', 'aria-label': 'Viewer shortcuts' },
      sheet,
    );
    this.element.hidden = true;
    this.element.addEventListener('click', (event) => {
      if (event.target === this.element) this.toggle(false);
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  toggle(open = !this.open): void {
    this.element.hidden = !open;
  }
}

function section(
  title: string,
  rows: ReadonlyArray<readonly [keys: readonly string[], label: string]>,
): HTMLElement {
  const list = el('dl');
  for (const [keys, label] of rows) {
    const term = el('dt', {}, ...keys.map((key) => el('kbd', {}, key)));
    list.append(term, el('dd', {}, label));
  }
  return el('section', {}, el('h3', {}, title), list);
}
