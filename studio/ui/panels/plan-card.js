// A plan before it runs: its steps as strips that can be reworded, retimed, moved and taken out.

import { complain, errorLine, h, icon, iconButton } from './dom.js';

/**
 * @param strips as the studio tells them
 * @param run hears the steps as they were left; @param reject that it is not to be done
 */
export function planCard(strips, { run, reject }) {
  const list = h('ol', { class: 'ms-steps', 'aria-label': 'Steps of the plan' });
  const error = errorLine();
  const go = h(
    'button',
    { type: 'button', class: 'ms-send', title: 'Do this (Enter)', onclick: start },
    'Run',
  );
  const rows = () => [...list.children];
  const focusOn = (row) => (row?.querySelector('input') ?? go).focus({ preventScroll: true });

  function start() {
    error.hidden = true;
    run(rows().map((row) => row.left()));
  }

  function move(row, by) {
    const other = by < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return;
    if (by < 0) other.before(row);
    else other.after(row);
    adapt();
  }

  function take(row) {
    const next = row.nextElementSibling ?? row.previousElementSibling;
    row.remove();
    adapt();
    focusOn(next);
  }

  function adapt() {
    const all = rows();
    go.disabled = all.length === 0;
    all.forEach((row, at) => {
      row.querySelector('.ms-step-number').textContent = String(at + 1);
      row.querySelector('.ms-step-up').disabled = at === 0;
      row.querySelector('.ms-step-down').disabled = at === all.length - 1;
    });
  }

  list.append(...strips.map((strip) => stepRow(strip, { move, take })));
  adapt();
  const node = h(
    'div',
    { class: 'ms-plan' },
    list,
    error,
    h(
      'div',
      { class: 'ms-plan-foot' },
      go,
      h(
        'button',
        { type: 'button', class: 'ms-text-button', title: 'Do none of it', onclick: reject },
        icon('close'),
        'Reject',
      ),
    ),
  );
  node.addEventListener('keydown', (event) => {
    // The viewer's shortcuts listen on the window; what is typed here is text.
    event.stopPropagation();
    if (event.key === 'Enter' && event.target.tagName === 'INPUT') start();
    const row = event.target.closest('.ms-step');
    if (row && event.altKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
      event.preventDefault();
      const { target } = event;
      move(row, event.key === 'ArrowUp' ? -1 : 1);
      target.focus({ preventScroll: true });
    }
  });
  return { node, complain: (sentence) => complain(error, sentence) };
}

function stepRow(strip, { move, take }) {
  const makes = strip.kind === 'generate';
  const text = makes
    ? h('input', {
        class: 'ms-step-text',
        value: strip.text,
        maxlength: 400,
        title: strip.text,
        'aria-label': 'What the person does',
      })
    : h('span', { class: 'ms-step-title', title: strip.title }, strip.title);
  const seconds = strip.timed
    ? h('input', {
        type: 'number',
        min: 0.5,
        step: 0.5,
        value: strip.seconds ?? '',
        'aria-label': 'Seconds of this step',
      })
    : null;
  const row = h(
    'li',
    { class: `ms-step ms-step-${strip.kind}` },
    h('span', { class: 'ms-step-number' }),
    h(
      'div',
      { class: 'ms-step-body' },
      text,
      makes && strip.title ? h('p', { class: 'ms-step-note' }, strip.title) : null,
    ),
    seconds &&
      h(
        'label',
        { class: 'ms-number', title: 'Length of this step in seconds' },
        seconds,
        h('span', {}, 's'),
      ),
    h(
      'span',
      { class: 'ms-step-tools' },
      iconButton('down', 'Earlier (Alt+↑)', () => move(row, -1), { class: 'ms-step-up' }),
      iconButton('down', 'Later (Alt+↓)', () => move(row, 1), { class: 'ms-step-down' }),
      iconButton('close', 'Leave this step out', () => take(row), { disabled: strip.fixed }),
    ),
  );
  row.left = () => ({
    at: strip.at,
    text: makes ? text.value : '',
    seconds: seconds && seconds.value ? Number(seconds.value) : null,
  });
  return row;
}
