/** The sheet of shortcuts that `?` opens over the picture. */

import { shortcutSections, type ShortcutRow } from '../shortcuts';
import { button, el } from './dom';
import { icon } from './icons';

export class HelpSheet {
  readonly element: HTMLElement;
  readonly #columns = el('div', { class: 'columns' });

  constructor() {
    const close = button(
      { class: 'tool', 'aria-label': 'Close', title: 'Close  (Esc)' },
      icon('close'),
      () => this.toggle(false),
    );
    const head = el('header', {}, el('h2', {}, 'Shortcuts'), close);
    const sheet = el('div', { class: 'sheet' }, head, this.#columns);
    this.element = el('div', { class: 'help', role: 'dialog', 'aria-label': 'Shortcuts' }, sheet);
    this.element.hidden = true;
    this.element.addEventListener('click', (event) => {
      if (event.target === this.element) this.toggle(false);
    });
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  toggle(open = !this.open): void {
    if (open) {
      this.#columns.replaceChildren(...shortcutSections().map((s) => section(s.title, s.rows)));
    }
    this.element.hidden = !open;
  }
}

function section(title: string, rows: readonly ShortcutRow[]): HTMLElement {
  const list = el('dl');
  for (const [keys, label] of rows) {
    const term = el('dt', {}, ...keys.map((key) => el('kbd', {}, key)));
    list.append(term, el('dd', {}, label));
  }
  return el('section', {}, el('h3', {}, title), list);
}
