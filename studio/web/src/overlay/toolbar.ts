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
  [['help', 'help', 'Shortcuts']],
];

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

  show(on: Partial<Record<Command, boolean>>): void {
    for (const [command, pressed] of Object.entries(on)) {
      this.#buttons.get(command as Command)?.setAttribute('aria-pressed', String(pressed));
    }
  }
}
