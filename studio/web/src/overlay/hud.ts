/** Numbers near the motion: each character's name and its speed over the ground. */

import type { Color } from 'three';

import type { MemberView } from '../cast';
import { button, el } from './dom';

export interface HudEntry {
  readonly id: string;
  readonly name: string;
  readonly color: Color;
}

export class Hud {
  readonly element = el('div', { class: 'hud' });
  #speeds: Array<{ element: HTMLElement; tenths: number }> = [];
  #rows: Array<{ id: string; element: HTMLElement }> = [];
  readonly #notice = el('div', { class: 'notice' });

  /** @param choose a name was clicked. */
  constructor(private readonly choose: (id: string) => void) {}

  set(entries: readonly HudEntry[]): void {
    this.#speeds = [];
    this.#rows = entries.map(({ id, name, color }) => {
      const dot = el('span', { class: 'dot' });
      dot.style.background = color.getStyle();
      const speed = el('span', { class: 'speed', title: 'Speed over the ground' });
      this.#speeds.push({ element: speed, tenths: -1 });
      const title = `Select ${name}`;
      const label = button({ class: 'name', title }, name, () => this.choose(id));
      return { id, element: el('div', { class: 'who' }, dot, label, speed) };
    });
    this.element.replaceChildren(...this.#rows.map((row) => row.element), this.#notice);
  }

  select(id: string | null): void {
    for (const row of this.#rows) row.element.classList.toggle('selected', row.id === id);
  }

  show(members: readonly MemberView[]): void {
    for (let i = 0; i < members.length; i++) {
      const tenths = Math.round(members[i].figure.speed * 10);
      const at = this.#speeds[i];
      if (!at || at.tenths === tenths) continue;
      at.tenths = tenths;
      at.element.textContent = `${(tenths / 10).toFixed(1)} m/s`;
    }
  }

  /** A sentence about something that went another way than asked, without being an error. */
  notice(sentence: string): void {
    this.#notice.textContent = sentence;
  }
}
