/** A field for a few words or a number, right where they belong. */

import { button, el } from '../../overlay/dom';

export interface FieldOptions {
  readonly label: string;
  readonly value?: string;
  readonly hint?: string;
  /** Of the button; without it only Enter takes the words. */
  readonly action?: string;
  /** Whether nothing is an answer too. */
  readonly empty?: boolean;
  readonly number?: { readonly min: number; readonly max: number; readonly step: number };
  readonly accept: (value: string) => void;
  readonly done?: () => void;
}

export interface FieldPlace {
  readonly left: number;
  readonly top: number;
  readonly width: number;
}

export class Field {
  #open: (() => void) | null = null;

  constructor(private readonly around: HTMLElement) {}

  get open(): boolean {
    return this.#open !== null;
  }

  close(): void {
    this.#open?.();
  }

  /** Opens at a place of `around`; Enter takes what was typed, Escape and leaving do not. */
  ask(options: FieldOptions, place: FieldPlace): void {
    this.close();
    const { number } = options;
    const input = el('input', {
      type: number ? 'number' : 'text',
      'aria-label': options.label,
      placeholder: options.hint ?? options.label,
      autocomplete: 'off',
      spellcheck: 'false',
      ...(number
        ? { min: String(number.min), max: String(number.max), step: String(number.step) }
        : { maxlength: '1000' }),
    });
    input.value = options.value ?? '';
    const form = el('form', { class: 'field' }, input);
    const take = (): void => {
      const value = input.value.trim();
      if (!value && !options.empty) return;
      if (!input.checkValidity()) return void input.reportValidity();
      close();
      options.accept(value);
    };
    if (options.action) form.append(button({ class: 'plain' }, options.action, take));
    let closed = false;
    const close = (): void => {
      if (closed) return;
      closed = true;
      this.#open = null;
      form.remove();
      options.done?.();
    };
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      take();
    });
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') close();
    });
    input.addEventListener('blur', close);
    const most = Math.max(160, this.around.clientWidth - 8);
    const width = Math.min(Math.max(place.width, options.action ? 340 : 120), most);
    form.style.width = `${width}px`;
    form.style.left = `${Math.max(4, Math.min(place.left, most + 4 - width))}px`;
    form.style.top = `${place.top}px`;
    this.around.append(form);
    this.#open = close;
    input.focus();
    // Backwards, so that the beginning of long words is what is seen.
    if (number) input.select();
    else input.setSelectionRange(0, input.value.length, 'backward');
  }
}
