// The right column shows one of its panels; the others wait behind their names.

import { offer } from './commands.js';
import { h } from './dom.js';

const TABS = [
  ['takes', 'Takes', 'What was made and imported'],
  ['inspector', 'Clip', 'What is selected on the timeline'],
  ['export', 'Export', 'Save the timeline or a take as a file'],
];
const STORE = 'motion-studio.tab';

const buttons = new Map();
let side = null;

/** @param hand whether someone asked for it; otherwise a panel that is being used stays */
export function showTab(name, hand = true) {
  if (!side) return;
  if (!hand && side.contains(document.activeElement) && document.activeElement.matches('input'))
    return;
  for (const [each] of TABS) {
    side.classList.toggle(`ms-shows-${each}`, each === name);
    buttons.get(each).setAttribute('aria-selected', String(each === name));
    buttons.get(each).tabIndex = each === name ? 0 : -1;
  }
  localStorage.setItem(STORE, name);
}

/** A number beside a tab's name. */
export function countTab(name, count) {
  const badge = buttons.get(name)?.querySelector('.ms-count');
  if (badge) badge.textContent = count ? String(count) : '';
}

export function mountTabs() {
  side = document.getElementById('ms-side');
  const bar = h('div', { class: 'ms-tabs', role: 'tablist', 'aria-label': 'Panels' });
  for (const [name, text, title] of TABS) {
    const button = h(
      'button',
      {
        type: 'button',
        class: 'ms-tab',
        role: 'tab',
        'aria-controls': `ms-${name}`,
        title,
        onclick: () => showTab(name),
      },
      text,
      h('span', { class: 'ms-count' }),
    );
    buttons.set(name, button);
    bar.append(button);
  }
  bar.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const now = TABS.findIndex(([name]) => side.classList.contains(`ms-shows-${name}`));
    const [name] = TABS[(now + step + TABS.length) % TABS.length];
    showTab(name);
    buttons.get(name).focus();
  });
  side.prepend(bar);
  const kept = localStorage.getItem(STORE);
  showTab(buttons.has(kept) ? kept : 'takes');
  offer(() =>
    TABS.map(([name, text]) => ({ group: 'Show', title: text, run: () => showTab(name) })),
  );
}
