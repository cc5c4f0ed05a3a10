// The dividers between the panels: drag, arrow keys, double click for the default; remembered.

import { h } from './dom.js';

const SIDES = [
  {
    name: 'chat',
    label: 'Width of the chat',
    property: '--ms-chat-width',
    grows: 1,
    limits: [280, 560],
  },
  {
    name: 'side',
    label: 'Width of the takes',
    property: '--ms-side-width',
    grows: -1,
    limits: [260, 520],
  },
];

function divider(app, { name, label, property, grows, limits: [least, most] }) {
  const panel = document.getElementById(`ms-${name}`);
  const handle = h('div', {
    class: `ms-divider ms-divider-${name}`,
    role: 'separator',
    tabindex: 0,
    'aria-orientation': 'vertical',
    'aria-label': label,
    title: 'Drag to resize, double click to reset',
  });
  const key = `motion-studio.${property}`;
  const set = (width) => {
    const kept = width === null ? null : Math.round(Math.min(Math.max(width, least), most));
    if (kept === null) {
      app.style.removeProperty(property);
      localStorage.removeItem(key);
    } else {
      app.style.setProperty(property, `${kept}px`);
      localStorage.setItem(key, String(kept));
    }
  };
  let from = null;
  handle.addEventListener('pointerdown', (event) => {
    handle.setPointerCapture(event.pointerId);
    handle.classList.add('ms-dragging');
    from = { x: event.clientX, width: panel.offsetWidth };
  });
  handle.addEventListener('pointermove', (event) => {
    if (from) set(from.width + grows * (event.clientX - from.x));
  });
  handle.addEventListener('lostpointercapture', () => {
    handle.classList.remove('ms-dragging');
    from = null;
  });
  handle.addEventListener('dblclick', () => set(null));
  handle.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -16, ArrowRight: 16 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    set(panel.offsetWidth + grows * step);
  });
  const kept = Number(localStorage.getItem(key));
  if (kept) set(kept);
  app.append(handle);
}

/** Gradio draws the page after the scripts have run. */
function whenDrawn(work) {
  const app = document.getElementById('ms-app');
  if (app && SIDES.every(({ name }) => document.getElementById(`ms-${name}`))) return work(app);
  return requestAnimationFrame(() => whenDrawn(work));
}

whenDrawn((app) => SIDES.forEach((side) => divider(app, side)));
