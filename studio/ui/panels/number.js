// A number that is typed, stepped with the arrow keys, or dragged sideways.

import { h } from './dom.js';

/** Pixels of dragging for one step, and before a press becomes a drag. */
const PIXELS = 6;
const SLACK = 3;

/**
 * @param field names it, so that it keeps the focus when its panel is drawn again
 * @param limits `{least, most, step, digits}`
 * @param onchange is told the new number once the hand has let go
 */
export function number(field, value, limits, onchange) {
  const { least = -Infinity, most = Infinity, step = 1, digits = 0 } = limits;
  const shown = (x) => String(Number(x.toFixed(digits)));
  const input = h('input', {
    class: 'ms-drag-number',
    inputmode: 'decimal',
    value: shown(value),
    'data-field': field,
    'aria-label': field,
    title: 'Drag sideways, or click and type',
  });
  const within = (x) => Math.min(Math.max(x, least), most);
  const commit = (x) => {
    const wanted = Number(within(x).toFixed(Math.max(digits, 4)));
    input.value = shown(wanted);
    if (Math.abs(wanted - value) > 1e-9) onchange(wanted);
  };
  input.addEventListener('change', () => {
    const typed = Number(input.value.replace(',', '.'));
    if (input.value.trim() && Number.isFinite(typed)) commit(typed);
    else input.value = shown(value);
  });
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const by = { ArrowUp: step, ArrowDown: -step }[event.key];
    if (event.key === 'Enter') input.blur();
    if (event.key === 'Escape') {
      input.value = shown(value);
      input.blur();
    }
    if (!by) return;
    event.preventDefault();
    commit(Number(input.value) + by * (event.shiftKey ? 10 : 1));
  });

  let from = null;
  input.addEventListener('pointerdown', (event) => {
    if (document.activeElement !== input) from = { x: event.clientX, dragging: false };
  });
  input.addEventListener('pointermove', (event) => {
    if (!from) return;
    const moved = event.clientX - from.x;
    if (!from.dragging && Math.abs(moved) > SLACK) {
      from.dragging = true;
      input.setPointerCapture(event.pointerId);
      input.classList.add('ms-dragging');
      input.blur();
    }
    if (from.dragging) input.value = shown(within(value + Math.round(moved / PIXELS) * step));
  });
  const release = () => {
    if (from?.dragging) {
      input.classList.remove('ms-dragging');
      commit(Number(input.value));
    }
    from = null;
  };
  input.addEventListener('pointerup', release);
  input.addEventListener('pointercancel', release);
  return input;
}
