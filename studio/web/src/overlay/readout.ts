/** The numbers of the chosen joint. */

import { jointTitle, type JointNumbers } from '../readout';
import { el } from './dom';

interface Field {
  readonly label: string;
  readonly title: string;
  readonly unit: string;
  readonly digits: number;
  readonly count: number;
  readonly value: (numbers: JointNumbers, axis: number) => number;
}

const FIELDS: readonly Field[] = [
  {
    label: 'Position',
    title: 'World X, Y, Z',
    unit: 'm',
    digits: 3,
    count: 3,
    value: ({ x, y, z }, axis) => (axis === 0 ? x : axis === 1 ? y : z),
  },
  {
    label: 'Rotation',
    title: 'Relative to its parent: about X, then Y, then Z',
    unit: '°',
    digits: 1,
    count: 3,
    value: ({ rotation }, axis) => rotation[axis],
  },
  {
    label: 'Height',
    title: 'Above the ground',
    unit: 'm',
    digits: 3,
    count: 1,
    value: ({ height }) => height,
  },
  {
    label: 'Speed',
    title: 'Through space',
    unit: 'm/s',
    digits: 2,
    count: 1,
    value: ({ speed }) => speed,
  },
];

export class Readout {
  readonly element: HTMLElement;
  readonly #name = el('span', { class: 'name' });
  readonly #who = el('span', { class: 'dim' });
  readonly #cells = FIELDS.map(({ count }) =>
    Array.from({ length: count }, () => el('span', { class: 'number' })),
  );
  readonly #shown: number[][] = this.#cells.map((cells) => cells.map(() => NaN));

  constructor() {
    const rows = FIELDS.map(({ label, title, unit }, i) =>
      el(
        'div',
        { class: 'row', title },
        el('span', { class: 'dim' }, label),
        el('span', { class: 'numbers' }, ...this.#cells[i]),
        el('span', { class: 'dim unit' }, unit),
      ),
    );
    const head = el('div', { class: 'who' }, this.#name, this.#who);
    this.element = el('div', { class: 'readout-card', 'aria-label': 'Joint' }, head, ...rows);
    this.element.hidden = true;
  }

  /** Shows the card for a joint, or takes it away. */
  choose(joint: string | null, character: string): void {
    this.element.hidden = joint === null;
    this.#name.textContent = joint === null ? '' : jointTitle(joint);
    this.#name.title = joint ?? '';
    this.#who.textContent = character;
  }

  show(numbers: JointNumbers): void {
    for (let i = 0; i < FIELDS.length; i++) {
      const { digits, count, value } = FIELDS[i];
      const scale = 10 ** digits;
      for (let k = 0; k < count; k++) {
        // Adding zero takes the sign from a zero that was rounded from below.
        const rounded = Math.round(value(numbers, k) * scale) / scale + 0;
        if (rounded === this.#shown[i][k]) continue;
        this.#shown[i][k] = rounded;
        this.#cells[i][k].textContent = rounded.toFixed(digits);
      }
    }
  }
}
