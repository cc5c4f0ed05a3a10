// A number that is typed, stepped with the arrow keys, or dragged sideways.

import { h } from './dom.js';
import { idle } from './outbox.js';

/** Pixels of dragging for one step, and before a press becomes a drag. */
const PIXELS = 6;
const SLACK = 3;

/**
 * @param field names it, so that it keeps the focus when its panel is drawn again
 * @param limits `{least, most, step, digits, label, title}`
 * @param onchange is told `(number, merge)`; all numbers of one drag come with the same `merge`,
 *   as often as the studio keeps up
 */
export function number(field, value, limits, onchange) {
  const { least = -Infinity, most = Infinity, step = 1, digits = 0, label = field } = limits;
  const shown = (x) => String(Number(x.toFixed(digits)));
  const input = h('input', {
    class: 'ms-drag-number',
    inputmode: 'decimal',
    autocomplete: 'off',
    value: shown(value),
    'data-field': field,
    'aria-label': label,
    title: `${limits.title ?? label}: drag sideways, or click and type`,
  });
  let told = value;
  const within = (x) => Math.min(Math.max(x, least), most);
  const tell = (x, merge = '') => {
    const wanted = Number(within(x).toFixed(Math.max(digits, 4)));
    input.value = shown(wanted);
    if (Math.abs(wanted - told) < 1e-9) return;
    const before = told;
    told = wanted;
    onchange(wanted, merge, before);
  };
  input.addEventListener('change', () => {
    const typed = Number(input.value.replace(',', '.').replace(/[^\d.eE+-]/g, ''));
    if (/\d/.test(input.value) && Number.isFinite(typed)) tell(typed);
    else input.value = shown(told);
  });
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (event.key === 'Enter') input.blur();
    if (event.key === 'Escape') {
      input.value = shown(told);
      input.blur();
    }
    if (!by) return;
    event.preventDefault();
    tell(Number(input.value) + by * (event.shiftKey ? 10 : 1), `${field} keys`);
  });
  input.addEventListener('focus', () => input.select());

  let from = null;
  input.addEventListener('pointerdown', (event) => {
    if (document.activeElement === input || event.button !== 0) return;
    // The focus comes with the release of a press that was no drag.
    event.preventDefault();
    from = { x: event.clientX, value: told, merge: '' };
    input.setPointerCapture(event.pointerId);
  });
  input.addEventListener('pointermove', (event) => {
    if (!from) return;
    const moved = event.clientX - from.x;
    if (!from.merge && Math.abs(moved) > SLACK) {
      from.merge = `${field} ${Date.now()}`;
      input.classList.add('ms-dragging');
    }
    if (!from.merge) return;
    const pace = event.shiftKey ? 10 : 1;
    const wanted = within(from.value + Math.round(moved / PIXELS) * step * pace);
    input.value = shown(wanted);
    if (idle()) tell(wanted, from.merge);
  });
  input.addEventListener('pointerup', () => {
    if (!from) return;
    const { merge } = from;
    from = null;
    if (!merge) return input.focus();
    input.classList.remove('ms-dragging');
    tell(Number(input.value), merge);
  });
  input.addEventListener('pointercancel', () => {
    from = null;
    input.classList.remove('ms-dragging');
  });
  return input;
}
