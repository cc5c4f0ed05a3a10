// The panels' places: dividers to drag, keys 1 to 4 to put panels away; remembered in the browser.

import { offer } from './commands.js';
import { h, toggle } from './dom.js';
import { mountDrops } from './drops.js';
import { openPalette } from './palette.js';
import { mountTabs } from './tabs.js';
import './theme.js';

const DIVIDERS = [
  {
    name: 'chat',
    label: 'Width of the chat',
    property: '--ms-chat-width',
    axis: 'x',
    grows: 1,
    limits: [260, 560],
  },
  {
    name: 'side',
    label: 'Width of the panels on the right',
    property: '--ms-side-width',
    axis: 'x',
    grows: -1,
    limits: [250, 520],
  },
  {
    name: 'timeline',
    label: 'Height of the timeline',
    property: '--ms-timeline-height',
    axis: 'y',
    grows: -1,
    limits: [120, 720],
  },
];

/** What each key puts away, or brings back. 2 leaves the viewer alone with the bar. */
const PANELS = { 1: ['chat'], 2: ['chat', 'side', 'timeline'], 3: ['side'], 4: ['timeline'] };

/** The same in words. */
const NAMES = { 1: 'Chat', 2: 'All but the viewer', 3: 'Takes, clip, export', 4: 'Timeline' };

function divider(app, { name, label, property, axis, grows, limits: [least, most] }) {
  const panel = document.getElementById(`ms-${name}`);
  const size = () => (axis === 'x' ? panel.offsetWidth : panel.offsetHeight);
  const handle = h('div', {
    class: `ms-divider ms-divider-${name}`,
    role: 'separator',
    tabindex: 0,
    'aria-orientation': axis === 'x' ? 'vertical' : 'horizontal',
    'aria-label': label,
    title: 'Drag to resize, double click to reset',
  });
  const key = `motion-studio.${property}`;
  const set = (pixels) => {
    const kept = pixels === null ? null : Math.round(Math.min(Math.max(pixels, least), most));
    if (kept === null) {
      app.style.removeProperty(property);
      localStorage.removeItem(key);
    } else {
      app.style.setProperty(property, `${kept}px`);
      localStorage.setItem(key, String(kept));
    }
  };
  let from = null;
  const at = (event) => (axis === 'x' ? event.clientX : event.clientY);
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.classList.add('ms-dragging');
    from = { at: at(event), size: size() };
  });
  handle.addEventListener('pointermove', (event) => {
    if (from) set(from.size + grows * (at(event) - from.at));
  });
  handle.addEventListener('lostpointercapture', () => {
    handle.classList.remove('ms-dragging');
    from = null;
  });
  handle.addEventListener('dblclick', () => set(null));
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -16, ArrowRight: 16, ArrowUp: -16, ArrowDown: 16 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    set(size() + grows * step);
  });
  const kept = Number(localStorage.getItem(key));
  if (kept) set(kept);
  app.append(handle);
  document.addEventListener('ms-reset-layout', () => set(null));
}

/** Every panel there, in the size that it had at first. */
export function resetLayout() {
  document.dispatchEvent(new Event('ms-reset-layout'));
  const app = document.getElementById('ms-app');
  for (const { name } of DIVIDERS) app.classList.remove(`ms-no-${name}`);
  localStorage.removeItem('motion-studio.away');
}

/** A switch for each panel. */
export function panelSwitches() {
  const app = document.getElementById('ms-app');
  return [1, 3, 4].map((key) => {
    const [name] = PANELS[key];
    const on = !app.classList.contains(`ms-no-${name}`);
    return toggle(`${NAMES[key]} (${key})`, 'Show it', () => togglePanels([name]), on);
  });
}

/** Puts panels away, or brings them back; `names` go together. */
export function togglePanels(names) {
  const app = document.getElementById('ms-app');
  const away = names.some((name) => !app.classList.contains(`ms-no-${name}`));
  for (const name of names) app.classList.toggle(`ms-no-${name}`, away);
  const gone = DIVIDERS.map(({ name }) => name).filter((name) =>
    app.classList.contains(`ms-no-${name}`),
  );
  localStorage.setItem('motion-studio.away', gone.join(' '));
}

/** Whether a key belongs to a field that is being typed in. */
export function isTyping(event) {
  const target = event.composedPath()[0];
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]');
}

function keys(event) {
  if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    event.stopPropagation();
    openPalette();
    return;
  }
  // The numpad's keys are the viewer's views.
  const names = event.code.startsWith('Numpad') ? null : PANELS[event.key];
  if (!names || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  event.preventDefault();
  togglePanels(names);
}

/** Gradio draws the page after the scripts have run. */
function whenDrawn(work) {
  const app = document.getElementById('ms-app');
  if (app && DIVIDERS.every(({ name }) => document.getElementById(`ms-${name}`))) return work(app);
  return requestAnimationFrame(() => whenDrawn(work));
}

whenDrawn((app) => {
  for (const each of DIVIDERS) divider(app, each);
  const gone = (localStorage.getItem('motion-studio.away') ?? '').split(' ').filter(Boolean);
  for (const name of gone) app.classList.add(`ms-no-${name}`);
  mountTabs();
  mountDrops();
  // Before anything else: Ctrl+K is the browser's own in some.
  window.addEventListener('keydown', keys, { capture: true });
  offer(() =>
    [1, 2, 3, 4].map((key) => ({
      group: 'Panels',
      title: `${NAMES[key]}: show or put away`,
      keys: [String(key)],
      run: () => togglePanels(PANELS[key]),
    })),
  );
});
