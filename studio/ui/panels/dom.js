// Building blocks that every panel shares: elements, icons, numbers as an animator reads them.

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

export function toggle(text, title, onchange) {
  const input = h('input', { type: 'checkbox', onchange: () => onchange(input.checked) });
  return h('label', { class: 'ms-toggle', title }, input, h('span', { class: 'ms-switch' }), text);
}

export function bytes(count) {
  if (count < 1000) return `${count} B`;
  if (count < 1e6) return `${(count / 1e3).toFixed(count < 1e4 ? 1 : 0)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}
