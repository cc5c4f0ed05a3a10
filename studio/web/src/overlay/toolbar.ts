/** View options: small buttons at the top right of the picture. */

import { keysOf, type Command } from '../shortcuts';
import { button, el } from './dom';
import { icon, type IconName } from './icons';

const TOOLS: ReadonlyArray<
  ReadonlyArray<readonly [command: Command, icon: IconName, label: string]>
> = [
  [
    ['frame', 'frame', 'Frame the figure'],
    ['follow', 'follow', 'Camera follows the figure'],
  ],
  [
    ['body', 'body', 'Figure'],
    ['bones', 'bones', 'Skeleton'],
    ['grid', 'grid', 'Ground grid'],
  ],
  [
    ['trails', 'trails', 'Motion trails'],
    ['onion', 'onion', 'Onion skin'],
    ['path', 'path', 'Path on the ground'],
  ],
  [
    ['options', 'options', 'View options'],
    ['picture', 'picture', 'Save a picture'],
    ['help', 'help', 'Shortcuts'],
  ],
];

/** The buttons that stay down. */
const SWITCHES = ['follow', 'body', 'bones', 'grid', 'trails', 'onion', 'path'] as const;

export class Toolbar {
  readonly element = el('div', { class: 'toolbar', role: 'toolbar', 'aria-label': 'View' });
  readonly #buttons = new Map<Command, HTMLButtonElement>();

  constructor(run: (command: Command) => void) {
    for (const group of TOOLS) {
      const holder = el('div', { class: 'group' });
      for (const [command, name, label] of group) {
        const attributes = {
          class: 'tool',
          title: `${label}  (${keysOf(command)})`,
          'aria-label': label,
          'data-command': command,
        };
        const made = button(attributes, icon(name), () => run(command));
        this.#buttons.set(command, made);
        holder.append(made);
      }
      this.element.append(holder);
    }
  }

  show(on: Readonly<Record<(typeof SWITCHES)[number], boolean>>): void {
    for (const name of SWITCHES) {
      this.#buttons.get(name)?.setAttribute('aria-pressed', String(on[name]));
    }
  }
}
