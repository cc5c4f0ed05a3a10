/** Tools and switches, in the corner over the track headers. */

import { button, el } from '../../overlay/dom';
import type { Desk, Tool } from '../desk';
import { timelineKeysOf, type TimelineCommand } from '../keys';
import { timelineIcon, type TimelineIcon } from './icons';

const TOOLS: ReadonlyArray<readonly [tool: Tool, command: TimelineCommand, label: string]> = [
  ['select', 'toolSelect', 'Select and move'],
  ['razor', 'toolRazor', 'Razor: click to cut'],
  ['slip', 'toolSlip', 'Slip the media in its clip'],
  ['span', 'toolSpan', 'Mark a span to make anew'],
];

export class Toolbar {
  readonly element = el('div', {
    class: 'corner',
    role: 'toolbar',
    'aria-label': 'Timeline tools',
  });
  readonly #tools = new Map<Tool, HTMLButtonElement>();
  readonly #snapping: HTMLButtonElement;
  readonly #ripple: HTMLButtonElement;
  readonly #unit: HTMLButtonElement;

  constructor(run: (command: TimelineCommand) => void) {
    const make = (name: TimelineIcon, command: TimelineCommand, label: string): HTMLButtonElement =>
      button(
        {
          class: 'tool',
          'data-command': command,
          'aria-label': label,
          title: `${label}  (${timelineKeysOf(command)})`,
        },
        timelineIcon(name) as unknown as Node,
        () => run(command),
      );
    const tools = el('div', { class: 'group', role: 'group', 'aria-label': 'Tool' });
    for (const [tool, command, label] of TOOLS) {
      const made = make(tool, command, label);
      this.#tools.set(tool, made);
      tools.append(made);
    }
    this.#snapping = make('snapping', 'snapping', 'Snapping; hold Alt in a drag to do without');
    this.#ripple = make('ripple', 'ripple', 'Ripple: what follows keeps its distance');
    this.#unit = button(
      { class: 'tool unit', 'data-command': 'unit', 'aria-label': 'Frames or seconds' },
      '',
      () => run('unit'),
    );
    const switches = el('div', { class: 'group' }, this.#snapping, this.#ripple);
    const view = el('div', { class: 'group' }, make('fit', 'fitAll', 'Show all'), this.#unit);
    this.element.append(tools, switches, view);
  }

  show({ tool, settings }: Desk): void {
    for (const [name, made] of this.#tools) press(made, name === tool);
    press(this.#snapping, settings.snapping);
    press(this.#ripple, settings.ripple);
    if (this.#unit.textContent === settings.unit) return;
    this.#unit.textContent = settings.unit;
    const other = settings.unit === 'frames' ? 'seconds' : 'frames';
    this.#unit.title = `Ruler in ${settings.unit}; change to ${other}  (${timelineKeysOf('unit')})`;
  }
}

function press(made: HTMLButtonElement, on: boolean): void {
  const value = String(on);
  if (made.getAttribute('aria-pressed') !== value) made.setAttribute('aria-pressed', value);
}
