/** Numbers near the motion: each character's name and its speed over the ground. */

import type { Color } from 'three';

import type { MemberView } from '../cast';
import { el } from './dom';

export interface HudEntry {
  readonly name: string;
  readonly color: Color;
}

export class Hud {
  readonly element = el('div', { class: 'hud' });
  #speeds: Array<{ element: HTMLElement; tenths: number }> = [];
  readonly #notice = el('div', { class: 'notice' });

  set(entries: readonly HudEntry[]): void {
    this.#speeds = [];
    const rows = entries.map(({ name, color }) => {
      const dot = el('span', { class: 'dot' });
      dot.style.background = color.getStyle();
      const speed = el('span', { class: 'speed', title: 'Speed over the ground' });
      this.#speeds.push({ element: speed, tenths: -1 });
      return el(
        'div',
        { class: 'who' },
        dot,
        el('span', { class: 'name', title: name }, name),
        speed,
      );
    });
    this.element.replaceChildren(...rows, this.#notice);
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
