// Building blocks that every panel shares: elements, icons, numbers as an animator reads them.

import { answered } from './outbox.js';

/** Stroke icons of one weight on a 16-unit grid; paths only, so that they cost nothing to ship. */
const ICONS = {
  send: 'M3 8h10M9 4l4 4-4 4',
  close: 'M4 4l8 8M12 4l-8 8',
  again: 'M13 8a5 5 0 1 1-1.5-3.5M13 2v3h-3',
  rename: 'M3 13l.6-2.6L10.8 3.2l2 2L5.6 12.4zM9.4 4.6l2 2',
  trash: 'M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5M6.8 7v3.6M9.2 7v3.6',
  save: 'M8 2.5v7.5M4.8 7L8 10.2 11.2 7M3 13h10',
  open: 'M8 10.2V2.8M4.8 6L8 2.8 11.2 6M3 13h10',
  alert: 'M8 2.2l6.2 11H1.8zM8 6.2v3.6M8 11.4v.4',
  check: 'M3 8.5l3.2 3.2L13 5',
  clock: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 5v3l2 1.4',
  chip: 'M5 5h6v6H5zM6.5 2.5V5M9.5 2.5V5M6.5 11v2.5M9.5 11v2.5M2.5 6.5H5M2.5 9.5H5M11 6.5h2.5M11 9.5h2.5',
  figure:
    'M8 2a1.4 1.4 0 1 0 0 2.8A1.4 1.4 0 1 0 8 2M8 5.6v4M4.4 7l3.6-.8 3.6.8M8 9.6l-2.2 4.2M8 9.6l2.2 4.2',
  undo: 'M3 6h6.5a3.5 3.5 0 0 1 0 7H6M3 6l3-3M3 6l3 3',
  redo: 'M13 6H6.5a3.5 3.5 0 0 0 0 7H10M13 6l-3-3M13 6l-3 3',
  down: 'M4.5 6.5L8 10l3.5-3.5',
  plus: 'M8 3.5v9M3.5 8h9',
  copy: 'M6 6h7v7H6zM10 6V3H3v7h3',
  folder: 'M2.5 12.5v-9h4l1.5 2h5.5v7z',
  settings: 'M3 4.5h6M12 4.5h1M9 3v3h2.5V3zM3 11.5h1M7 11.5h6M4.5 10v3H7v-3z',
  help: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M6.3 6.4a1.7 1.7 0 1 1 2.6 1.5c-.6.4-.9.7-.9 1.4M8 11.2v.2',
  lock: 'M4 7.5h8V13H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  wand: 'M3 13l6.5-6.5M11 2.5v3M9.5 4h3M13 8v2M12 9h2M5.5 3v2M4.5 4h2',
  info: 'M8 2.5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M8 7.4v3.4M8 5.2v.3',
};

/**
 * An element. Attributes are set as attributes, `on…` as listeners, `class` and text as expected;
 * null and false are left out. User text only ever arrives as a text node.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

export function icon(name, size = 16) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  svg.setAttribute('class', 'ms-icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

export function iconButton(name, title, onclick, extra = {}) {
  const { class: more = '', ...rest } = extra;
  return h(
    'button',
    {
      type: 'button',
      class: `ms-icon-button ${more}`,
      title,
      'aria-label': title,
      onclick,
      ...rest,
    },
    icon(name),
  );
}

/** Says a sentence in `node`, or nothing. */
export function complain(node, sentence) {
  node.hidden = !sentence;
  node.replaceChildren(...(sentence ? [icon('alert'), h('span', {}, sentence)] : []));
}

/** Where an error of a panel is said; see {@link complain}. */
export function errorLine() {
  return h('p', { class: 'ms-error', role: 'alert', hidden: true });
}

/** A field that is a name: Enter or leaving it keeps what was typed, Escape does not. */
export function nameField(value, label, done) {
  const input = h('input', {
    class: 'ms-name-input',
    value,
    maxlength: 80,
    'aria-label': label,
  });
  let over = false;
  const finish = (keep) => {
    if (over) return;
    over = true;
    const text = input.value.trim();
    done(keep && text && text !== value ? text : null);
  };
  for (const type of ['click', 'dblclick', 'pointerdown']) {
    input.addEventListener(type, (event) => event.stopPropagation());
  }
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') finish(true);
    if (event.key === 'Escape') finish(false);
  });
  return input;
}

/**
 * A sheet that hangs from `anchor` until something else is clicked, or Escape pressed.
 *
 * @param fill draws it anew each time that it opens
 */
export function popover(anchor, label, fill) {
  const sheet = h('div', {
    class: 'ms-popover',
    popover: 'auto',
    role: 'dialog',
    'aria-label': label,
  });
  const place = () => {
    const box = anchor.getBoundingClientRect();
    const left = Math.min(box.left, window.innerWidth - sheet.offsetWidth - 8);
    sheet.style.left = `${Math.max(8, left)}px`;
    sheet.style.top = `${box.bottom + 4}px`;
    sheet.style.maxHeight = `${window.innerHeight - box.bottom - 16}px`;
  };
  anchor.setAttribute('aria-haspopup', 'dialog');
  anchor.setAttribute('aria-expanded', 'false');
  sheet.addEventListener('toggle', (event) => {
    anchor.setAttribute('aria-expanded', String(event.newState === 'open'));
  });
  sheet.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') event.stopPropagation();
  });
  // A click on the anchor closes it first, and must not open it again.
  let wasOpen = false;
  anchor.addEventListener('pointerdown', () => (wasOpen = sheet.matches(':popover-open')));
  anchor.addEventListener('click', () => (wasOpen ? (wasOpen = false) : show()));
  document.getElementById('ms-app').append(sheet);
  const draw = () => {
    sheet.replaceChildren(...fill());
    place();
  };
  const show = () => {
    sheet.showPopover();
    draw();
    sheet.querySelector('button, input, select')?.focus({ preventScroll: true });
  };
  return {
    show,
    hide: () => sheet.hidePopover(),
    /** Draws it again where it is open. */
    refresh: () => sheet.matches(':popover-open') && draw(),
  };
}

/**
 * Keeps the children of `parent` in step with `items` by key. A child is rebuilt only when its
 * item changed, so hover, focus and selections elsewhere in the list survive.
 */
export function keyed(parent, items, key, build) {
  const old = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let at = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    const signature = JSON.stringify(item);
    let node = old.get(id);
    old.delete(id);
    if (!node || node.dataset.signature !== signature) {
      const made = build(item, node ?? null);
      if (node && node !== made) {
        if (at === node) at = made;
        node.replaceWith(made);
      }
      node = made;
      node.dataset.key = id;
      node.dataset.signature = signature;
    }
    if (node === at) at = at.nextElementSibling;
    else parent.insertBefore(node, at);
  }
  for (const node of old.values()) node.remove();
}

/**
 * Calls `render(view, answer)` now and whenever the server answers. `answer` is what has just
 * arrived (for its notice); `view` is the newest state: answers can overtake one another on their
 * way here, and one that is older than what is shown changes nothing.
 */
export function onView({ props, watch }, render) {
  let view = props.value;
  watch('value', () => {
    const answer = props.value;
    answered(answer.nonce);
    if (answer.revision >= view.revision) view = answer;
    render(view, answer);
  });
  render(view, view);
}

/** Exclusive choices `[[value, label, title], …]`; arrow keys move as in any radio group. */
export function segmented(label, choices, value, onchange) {
  const name = `ms-${Math.random().toString(36).slice(2)}`;
  const group = h('div', { class: 'ms-segmented', role: 'radiogroup', 'aria-label': label });
  for (const [choice, text, title] of choices) {
    const input = h('input', {
      type: 'radio',
      name,
      value: choice,
      class: 'ms-visually-hidden',
    });
    input.checked = String(choice) === String(value);
    input.addEventListener('change', () => onchange(choice));
    group.append(h('label', { title: title ?? null }, input, h('span', {}, text)));
  }
  return group;
}

export function toggle(text, title, onchange, on = false) {
  const input = h('input', { type: 'checkbox', onchange: () => onchange(input.checked) });
  input.checked = on;
  return h('label', { class: 'ms-toggle', title }, input, h('span', { class: 'ms-switch' }), text);
}

export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(count < 1e4 ? 1 : 0)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

/** Lets the browser save what the studio has written. */
export function download({ url, name }) {
  const link = h('a', { href: new URL(url, document.baseURI).href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
}
