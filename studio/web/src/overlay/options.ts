/** The popover of view options: what the picture shows besides the motion. */

import { DEFAULT_VIEW, type ViewOptions } from '../api';
import { LIMITS } from '../remember';
import { keysOf, type Command } from '../shortcuts';
import { TRAIL_PARTS, type TrailPart } from '../trail_joints';
import { button, el } from './dom';

type Switch = 'body' | 'bones' | 'tags' | 'ghosts' | 'grid' | 'trails' | 'onion' | 'path';
type Amount = keyof typeof LIMITS;

const LABELS: Readonly<Record<Switch, readonly [label: string, title: string]>> = {
  body: ['Figure', 'The characters themselves'],
  bones: ['Skeleton', 'Bones and joints, seen through the figure'],
  tags: ['Names', 'Over the characters, where there are several'],
  ghosts: ['Ghosts of takes', 'Takes that are not accepted yet, as translucent figures'],
  grid: ['Ground grid', 'Metres on the ground'],
  trails: ['Motion trails', 'Where joints were and will be'],
  onion: ['Onion skin', 'Poses before and after this one'],
  path: ['Path on the ground', 'The way of the hips, an arrow every second'],
};

const PART_LABELS: Readonly<Record<TrailPart, string>> = {
  head: 'Head',
  hands: 'Hands',
  elbows: 'Elbows',
  hips: 'Hips',
  knees: 'Knees',
  feet: 'Feet',
};

export interface OptionsActions {
  run(command: Command): void;
  choose(options: Partial<ViewOptions>): void;
}

export class OptionsPanel {
  readonly element = el('div', { class: 'options', role: 'dialog', 'aria-label': 'View options' });
  readonly #switches = new Map<Switch, HTMLButtonElement>();
  readonly #parts = new Map<TrailPart, HTMLButtonElement>();
  readonly #amounts = new Map<Amount, HTMLInputElement>();
  #options: ViewOptions = DEFAULT_VIEW;

  constructor(private readonly act: OptionsActions) {
    const reset = button({ class: 'plain', title: 'As they were at first' }, 'Reset', () =>
      act.choose({ ...DEFAULT_VIEW }),
    );
    this.element.append(
      this.#group('Show', this.#toggles('body', 'bones', 'tags', 'ghosts', 'grid')),
      this.#group(
        'Motion at a glance',
        this.#toggle('trails'),
        el('div', { class: 'detail' }, this.#chips(), this.#trailSpan()),
        this.#toggle('onion'),
        el('div', { class: 'detail' }, this.#onionSpan()),
        this.#toggle('path'),
      ),
      el('footer', {}, legend('past', 'Past'), legend('future', 'Future'), reset),
    );
    this.element.hidden = true;
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  toggle(open = !this.open): void {
    this.element.hidden = !open;
  }

  show(options: ViewOptions): void {
    this.#options = options;
    for (const [name, made] of this.#switches)
      made.setAttribute('aria-checked', `${options[name]}`);
    for (const [part, made] of this.#parts) {
      made.setAttribute('aria-pressed', String(options.trailParts.includes(part)));
    }
    for (const [name, input] of this.#amounts) {
      if (Number(input.value) !== options[name]) input.value = String(options[name]);
    }
  }

  #group(title: string, ...content: Node[]): HTMLElement {
    return el('section', {}, el('h3', {}, title), ...content);
  }

  #toggles(...names: Switch[]): HTMLElement {
    return el('div', {}, ...names.map((name) => this.#toggle(name)));
  }

  #toggle(name: Switch): HTMLButtonElement {
    const [label, title] = LABELS[name];
    const keys = keysOf(name);
    const row = el('span', {}, label);
    const made = button(
      { class: 'switch', role: 'switch', title: `${title}  (${keys})`, 'data-option': name },
      row,
      () => this.act.run(name),
    );
    made.append(el('kbd', {}, keys), el('i'));
    this.#switches.set(name, made);
    return made;
  }

  #chips(): HTMLElement {
    const chips = TRAIL_PARTS.map((part) => {
      const made = button({ class: 'chip', 'data-part': part }, PART_LABELS[part], () => {
        const { trailParts } = this.#options;
        const on = trailParts.includes(part);
        const chosen = TRAIL_PARTS.filter((p) => (p === part ? !on : trailParts.includes(p)));
        this.act.choose({ trailParts: chosen, trails: true });
      });
      this.#parts.set(part, made);
      return made;
    });
    return el('div', { class: 'chips' }, ...chips);
  }

  #trailSpan(): HTMLElement {
    return el(
      'div',
      { class: 'amounts' },
      this.#amount('trailPast', 'Seconds of the past', 0.5),
      's before,',
      this.#amount('trailFuture', 'Seconds of the future', 0.5),
      's after',
    );
  }

  #onionSpan(): HTMLElement {
    return el(
      'div',
      { class: 'amounts' },
      'every',
      this.#amount('onionStep', 'Frames between poses', 1),
      'frames,',
      this.#amount('onionCount', 'Poses on each side', 1),
      'each way',
    );
  }

  #amount(name: Amount, label: string, step: number): HTMLInputElement {
    const [least, most] = LIMITS[name];
    const input = el('input', {
      type: 'number',
      min: String(least),
      max: String(most),
      step: String(step),
      'aria-label': label,
      title: label,
      'data-option': name,
    });
    const take = (): void => {
      const value = Math.min(Math.max(Number(input.value), least), most);
      const whole = step === 1 ? Math.round(value) : value;
      if (input.value !== '' && Number.isFinite(whole)) this.act.choose({ [name]: whole });
    };
    input.addEventListener('input', take);
    input.addEventListener('change', () => this.show(this.#options));
    this.#amounts.set(name, input);
    return input;
  }
}

function legend(kind: 'past' | 'future', label: string): HTMLElement {
  return el('span', { class: `legend ${kind}` }, label);
}
