/** Numbers near the motion: each character's name and its speed over the ground. */

import type { Color } from 'three';

import { el } from './dom';

export interface HudEntry {
  readonly name: string;
  readonly color: Color;
}

export class Hud {
  readonly element = el('div', { class: 'hud' });
  #speeds: HTMLElement[] = [];
  readonly #notice = el('div', { class: 'notice' });

  set(entries: readonly HudEntry[]): void {
    this.#speeds = [];
    const rows = entries.map(({ name, color }) => {
      const dot = el('span', { class: 'dot' });
      dot.style.background = color.getStyle();
      const speed = el('span', { class: 'speed', title: 'Speed over the ground' });
      this.#speeds.push(speed);
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

  show(speeds: readonly number[]): void {
    speeds.forEach((speed, i) => {
      const text = `${speed.toFixed(1)} m/s`;
      const at = this.#speeds[i];
      if (at && at.textContent !== text) at.textContent = text;
    });
  }

  /** A sentence about something that went another way than asked, without being an error. */
  notice(sentence: string): void {
    this.#notice.textContent = sentence;
  }
}
