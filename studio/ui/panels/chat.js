// The conversation: what was asked, how far it is, what came of it, and the line to type in.

import { offer } from './commands.js';
import { capital, h, icon, iconButton, keyed, onView, segmented } from './dom.js';
import { send } from './outbox.js';

const RUNNING = new Set(['waiting', 'running']);

/** Gives up on an optimistic line if the server never confirms it. */
const CONFIRM_MS = 15000;

export function mount(element, { props, trigger, watch }) {
  let view = props.value;
  let pending = null;
  let giveUp = 0;
  const log = h('div', {
    class: 'ms-chat-log',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': 'Conversation',
  });
  const empty = emptyState(view.suggestions, (text) => {
    prompt.set(text);
    prompt.send();
  });
  const scroller = h('div', { class: 'ms-chat-scroll' }, empty, log);
  const prompt = promptBox(
    { onescape: cancelLast, recall: () => view.turns.at(-1)?.text ?? '' },
    (order) => {
      pending = {
        id: `pending-${order.nonce}`,
        text: order.text,
        aim: '',
        ask: order.ask,
        state: 'waiting',
        fraction: 0,
        note: 'Sending',
        error: '',
        takes: [],
        seconds: 0,
        nonce: order.nonce,
      };
      clearTimeout(giveUp);
      giveUp = setTimeout(
        () => settle('The studio does not answer; look whether it is still running.'),
        CONFIRM_MS,
      );
      render();
      scroller.scrollTop = scroller.scrollHeight;
      send(trigger, 'submit', order);
    },
  );

  function settle(error) {
    clearTimeout(giveUp);
    if (pending && error) prompt.set(pending.text);
    pending = null;
    prompt.error(error);
    render();
  }

  const build = (turn, old) =>
    buildTurn(turn, old, {
      ask: (event, data) => send(trigger, event, data),
      reuse: (text) => prompt.edit(text),
    });

  function cancelLast() {
    const running = [...log.querySelectorAll('.ms-cancel')].at(-1);
    running?.click();
  }

  function render() {
    const shown = pending ? [...view.turns, pending] : view.turns;
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
    empty.hidden = shown.length > 0;
    keyed(log, shown, (turn) => turn.id, build);
    markChosen(log, view.selected);
    // Follow the conversation only for someone who is at its end.
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  element
    .querySelector('.ms-root')
    .replaceChildren(
      h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Chat')),
      scroller,
      prompt.node,
    );
  onView({ props, watch }, (newest, { nonce, notice }) => {
    view = newest;
    if (pending && nonce === pending.nonce) settle(notice);
    else render();
  });
  prompt.focus();
  offer(() => [
    { group: 'Chat', title: 'Describe a motion', run: () => prompt.focus() },
    ...view.turns
      .slice(-3)
      .filter(({ text }) => text)
      .map(({ text }) => ({
        group: 'Chat',
        title: `Ask again: ${text}`,
        run: () => prompt.edit(text),
      })),
  ]);
}

/** Which take is looked at, and the button that puts it on the timeline. */
function markChosen(log, selected) {
  for (const chip of log.querySelectorAll('.ms-take-chip')) {
    chip.setAttribute('aria-pressed', String(chip.dataset.take === selected));
  }
  for (const button of log.querySelectorAll('.ms-chip-accept')) {
    const chip = button.parentElement.querySelector('[aria-pressed="true"]');
    button.hidden = !chip || chip.dataset.accepted === 'true';
  }
}

function emptyState(suggestions, onpick) {
  return h(
    'div',
    { class: 'ms-empty' },
    h('h3', {}, 'What should the person do?'),
    h(
      'p',
      {},
      'Describe one action in a sentence. Name the style, the side and the speed if they matter.',
    ),
    h(
      'div',
      { class: 'ms-suggestions' },
      suggestions.map((text) =>
        h(
          'button',
          { type: 'button', title: 'Generate this', onclick: () => onpick(text) },
          h('span', {}, text),
          icon('send'),
        ),
      ),
    ),
    h('p', { class: 'ms-hint' }, icon('open'), 'Or drop a BVH, GLB or NPZ file anywhere.'),
  );
}

function buildTurn(turn, old, { ask, reuse }) {
  // A running turn only moves its bar: rebuilding it would restart the transition and drop focus.
  if (old && old.classList.contains('ms-running') && RUNNING.has(turn.state)) {
    updateProgress(old, turn);
    return old;
  }
  const running = RUNNING.has(turn.state);
  const node = h(
    'article',
    { class: `ms-turn ms-${running ? 'running' : turn.state}` },
    h(
      'div',
      { class: 'ms-turn-head' },
      h('p', { class: 'ms-turn-text' }, turn.text || capital(turn.aim)),
      running || !turn.text
        ? null
        : iconButton('rename', 'Edit and send again', () => reuse(turn.text), {
            class: 'ms-reuse',
          }),
    ),
    h(
      'p',
      { class: 'ms-turn-ask' },
      turn.ask,
      turn.state === 'done' ? ` · made in ${turn.seconds.toFixed(1)} s` : '',
    ),
    turn.aim && turn.text ? h('p', { class: 'ms-turn-aim' }, capital(turn.aim)) : null,
  );
  if (running) {
    node.append(
      h(
        'div',
        { class: 'ms-progress-row' },
        h(
          'div',
          { class: 'ms-progress', role: 'progressbar', 'aria-label': 'Generating' },
          h('div', {}),
        ),
        iconButton('close', 'Cancel (Esc)', () => ask('cancel', { turn: turn.id }), {
          class: 'ms-cancel',
        }),
      ),
      h('p', { class: 'ms-progress-note' }),
    );
    node.querySelector('.ms-cancel').addEventListener('click', (event) => {
      event.currentTarget.disabled = true;
      node.querySelector('.ms-progress-note').textContent = 'Stopping';
    });
    updateProgress(node, turn);
  } else if (turn.state === 'failed') {
    node.append(
      h('p', { class: 'ms-error', role: 'alert' }, icon('alert'), h('span', {}, turn.error)),
    );
  } else if (turn.state === 'cancelled') {
    node.append(h('p', { class: 'ms-turn-ask' }, 'Cancelled; nothing was kept.'));
  } else {
    node.append(
      h(
        'div',
        { class: 'ms-take-chips' },
        turn.takes.map((take) =>
          h(
            'button',
            {
              type: 'button',
              class: 'ms-take-chip',
              'data-take': take.id,
              'data-accepted': String(take.accepted),
              title: take.accepted ? `${take.name}, on the timeline` : `Show ${take.name}`,
              onclick: () => ask('choose', { take: take.id }),
              ondblclick: () => ask('accept', { take: take.id }),
            },
            take.accepted ? icon('check', 12) : null,
            take.label,
          ),
        ),
        turn.takes.length > 0
          ? h(
              'button',
              {
                type: 'button',
                class: 'ms-text-button ms-chip-accept',
                title: 'Put the take that is shown on the timeline',
                hidden: true,
                onclick: () => {
                  const chip = node.querySelector('.ms-take-chip[aria-pressed="true"]');
                  if (chip) ask('accept', { take: chip.dataset.take });
                },
              },
              icon('check'),
              'Accept',
            )
          : null,
        turn.takes.length > 0
          ? iconButton('again', 'More like these', () => ask('more', { take: turn.takes[0].id }), {
              class: 'ms-chip-more',
            })
          : null,
      ),
      turn.note && turn.state === 'done' ? h('p', { class: 'ms-turn-ask' }, turn.note) : '',
    );
  }
  return node;
}

function updateProgress(node, turn) {
  const bar = node.querySelector('.ms-progress');
  bar.classList.toggle('ms-waiting', turn.state === 'waiting' || turn.fraction === 0);
  bar.setAttribute('aria-valuenow', String(Math.round(100 * turn.fraction)));
  bar.firstElementChild.style.transform = `scaleX(${turn.fraction})`;
  node.querySelector('.ms-progress-note').textContent =
    turn.note || (turn.state === 'waiting' ? 'Waiting for its turn' : 'Working');
}

function promptBox({ onescape, recall }, onsend) {
  const state = { seconds: 4, takes: 3 };
  const error = h('p', { class: 'ms-error', role: 'alert', hidden: true });
  const text = h('textarea', {
    class: 'ms-prompt-text',
    rows: 2,
    maxlength: 400,
    'aria-label': 'Describe a motion',
    placeholder: 'A person walks forward proudly',
    title: 'Enter sends, Shift+Enter begins a new line, Up brings back the last one',
  });
  const seconds = h('input', {
    type: 'number',
    min: 0.5,
    step: 0.5,
    value: state.seconds,
    'aria-label': 'Seconds',
  });
  const node = h(
    'form',
    { class: 'ms-prompt' },
    error,
    h(
      'div',
      { class: 'ms-prompt-box' },
      text,
      h(
        'div',
        { class: 'ms-prompt-row' },
        h(
          'label',
          { class: 'ms-number', title: 'Length of each take in seconds' },
          seconds,
          h('span', {}, 's'),
        ),
        h('span', { class: 'ms-label' }, 'Takes'),
        segmented(
          'Takes',
          [1, 2, 3, 4].map((n) => [n, String(n), `${n} take${n > 1 ? 's' : ''} at a time`]),
          state.takes,
          (n) => {
            state.takes = n;
          },
        ),
        h('button', { type: 'submit', class: 'ms-send', title: 'Generate (Enter)' }, 'Generate'),
      ),
    ),
  );
  const show = (sentence) => {
    error.hidden = !sentence;
    error.replaceChildren(...(sentence ? [icon('alert'), h('span', {}, sentence)] : []));
  };
  const send = () => {
    const order = {
      text: text.value.trim(),
      seconds: Number(seconds.value),
      takes: state.takes,
      nonce: Date.now() + Math.random(),
    };
    const takes = order.takes > 1 ? `${order.takes} takes` : '1 take';
    order.ask = `${takes} of ${order.seconds.toFixed(1)} s`;
    show('');
    text.value = '';
    grow();
    onsend(order);
  };
  const set = (value) => {
    text.value = value;
    grow();
  };
  const grow = () => {
    text.style.height = 'auto';
    text.style.height = `${Math.min(text.scrollHeight, 160)}px`;
  };
  text.addEventListener('input', () => {
    show('');
    grow();
  });
  node.addEventListener('keydown', (event) => {
    // The viewer's shortcuts listen on the window; what is typed here is text.
    event.stopPropagation();
    if (event.key === 'Escape') onescape();
    if (event.key === 'ArrowUp' && event.target === text && !text.value) {
      event.preventDefault();
      set(recall());
    }
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      send();
    }
  });
  node.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  return {
    node,
    send,
    error: show,
    focus: () => text.focus({ preventScroll: true }),
    set,
    edit: (value) => {
      set(value);
      text.focus({ preventScroll: true });
    },
  };
}
