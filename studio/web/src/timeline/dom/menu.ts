/** A context menu with submenus, for the mouse and for the keys. */

import { el } from '../../overlay/dom';
import { timelineIcon } from './icons';

export interface MenuItem {
  readonly label: string;
  readonly keys?: string;
  readonly act?: () => void;
  readonly items?: readonly MenuEntry[];
  readonly checked?: boolean;
  readonly disabled?: boolean;
  /** CSS colour of a swatch. */
  readonly swatch?: string;
}

export type MenuEntry = MenuItem | 'line' | null | false;

const EDGE = 6;

export class Menu {
  #close: (() => void) | null = null;

  /** @param around gets the focus back, and the page's part in which the menu is drawn */
  constructor(private readonly around: HTMLElement) {}

  get open(): boolean {
    return this.#close !== null;
  }

  close(): void {
    this.#close?.();
  }

  /** Opens at a place of the window. */
  show(entries: readonly MenuEntry[], x: number, y: number): void {
    this.close();
    const abort = new AbortController();
    const close = (): void => {
      if (abort.signal.aborted) return;
      abort.abort();
      this.#close = null;
      layer.remove();
      this.around.focus({ preventScroll: true });
    };
    const layer = el('div', { class: 'menus' });
    const list = buildList(entries, close);
    layer.append(list);
    this.around.append(layer);
    place(list, { left: x, right: x, top: y });
    this.#close = close;
    const options = { signal: abort.signal, capture: true };
    document.addEventListener(
      'pointerdown',
      (event) => {
        if (!event.composedPath().includes(layer)) close();
      },
      options,
    );
    window.addEventListener('blur', close, { signal: abort.signal });
    window.addEventListener('resize', close, { signal: abort.signal });
    layer.addEventListener('contextmenu', (event) => event.preventDefault());
    layer.addEventListener('keydown', (event) => onKey(event, close));
    list.focus({ preventScroll: true });
  }
}

function buildList(entries: readonly MenuEntry[], close: () => void): HTMLElement {
  const list = el('div', { class: 'menu', role: 'menu', tabindex: '-1' });
  let pendingLine = false;
  for (const entry of entries) {
    if (!entry) continue;
    if (entry === 'line') {
      pendingLine = list.childElementCount > 0;
      continue;
    }
    if (pendingLine) list.append(el('hr'));
    pendingLine = false;
    list.append(buildItem(entry, close));
  }
  return list;
}

function buildItem(item: MenuItem, close: () => void): HTMLElement {
  const mark = el('i', { class: 'mark' });
  if (item.swatch) mark.append(el('u', { style: `background:${item.swatch}` }));
  else if (item.checked) mark.append(timelineIcon('check'));
  const tail = item.items
    ? el('kbd', { class: 'more' }, timelineIcon('submenu') as unknown as Node)
    : el('kbd', {}, item.keys ?? '');
  const row = el(
    'div',
    {
      class: 'item',
      tabindex: '-1',
      role: item.checked === undefined ? 'menuitem' : 'menuitemcheckbox',
      ...(item.checked === undefined ? {} : { 'aria-checked': String(item.checked) }),
      ...(item.disabled ? { 'aria-disabled': 'true' } : {}),
      ...(item.items ? { 'aria-haspopup': 'menu', 'aria-expanded': 'false' } : {}),
    },
    mark,
    el('span', {}, item.label),
    tail,
  );
  const act = (): void => {
    if (item.disabled) return;
    if (item.items) openSub(row, item.items, close);
    else {
      close();
      item.act?.();
    }
  };
  row.addEventListener('click', act);
  row.addEventListener('pointerenter', () => {
    row.focus({ preventScroll: true });
    closeSubs(row.parentElement!);
    if (item.items && !item.disabled) openSub(row, item.items, close);
  });
  return row;
}

function openSub(row: HTMLElement, items: readonly MenuEntry[], close: () => void): HTMLElement {
  closeSubs(row.parentElement!);
  const list = buildList(items, close);
  row.parentElement!.parentElement!.append(list);
  row.setAttribute('aria-expanded', 'true');
  subOf.set(row, list);
  const box = row.getBoundingClientRect();
  place(list, { left: box.right - 3, right: box.left + 3, top: box.top - 5 });
  return list;
}

const subOf = new WeakMap<Element, HTMLElement>();

function closeSubs(list: HTMLElement): void {
  for (const row of list.querySelectorAll('[aria-expanded=true]')) {
    const sub = subOf.get(row);
    if (sub) closeSubs(sub);
    sub?.remove();
    row.setAttribute('aria-expanded', 'false');
  }
}

/** To the right of `left`, or to the left of `right` where there is no room; never off the page. */
function place(
  list: HTMLElement,
  { left, right, top }: { left: number; right: number; top: number },
): void {
  const { offsetWidth: width, offsetHeight: height } = list;
  const x = left + width + EDGE > innerWidth ? right - width : left;
  const y = Math.min(top, innerHeight - height - EDGE);
  list.style.left = `${Math.max(EDGE, x)}px`;
  list.style.top = `${Math.max(EDGE, y)}px`;
}

function onKey(event: KeyboardEvent, close: () => void): void {
  event.stopPropagation();
  const target = event.target as HTMLElement;
  const list = target.closest<HTMLElement>('.menu');
  if (!list) return;
  const items = [...list.querySelectorAll<HTMLElement>('.item:not([aria-disabled])')];
  const at = items.indexOf(target);
  const go = (index: number): void => items[(index + items.length) % items.length]?.focus();
  switch (event.key) {
    case 'ArrowDown':
      go(at + 1);
      break;
    case 'ArrowUp':
      go(at < 0 ? -1 : at - 1);
      break;
    case 'Home':
      go(0);
      break;
    case 'End':
      go(-1);
      break;
    case 'ArrowRight':
    case 'Enter':
    case ' ':
      if (event.key === 'ArrowRight' && !target.hasAttribute('aria-haspopup')) break;
      target.click();
      subOf.get(target)?.querySelector<HTMLElement>('.item')?.focus();
      break;
    case 'ArrowLeft': {
      const opener = [...(list.parentElement?.querySelectorAll('[aria-expanded=true]') ?? [])].find(
        (row) => subOf.get(row) === list,
      ) as HTMLElement | undefined;
      if (!opener) break;
      opener.focus();
      closeSubs(opener.parentElement!);
      break;
    }
    case 'Escape':
    case 'Tab':
      close();
      break;
    default:
      return;
  }
  event.preventDefault();
}
