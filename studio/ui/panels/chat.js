// The conversation: what was said and came of it, and the line to type in.

import { offer } from './commands.js';
import { download, h, icon, keyed, onView, segmented, toggle } from './dom.js';
import { flash } from './flash.js';
import { send } from './outbox.js';
import { buildTurn, markChosen, RUNNING, unanswered } from './turn.js';

/** Gives up on an optimistic line if the server never confirms it. */
const CONFIRM_MS = 15000;

/** Whether plans run at once; remembered in the browser. */
const AUTO = 'motion-studio.auto-run';

export function mount(element, { props, trigger, watch }) {
  let view = props.value;
  let pending = null;
  let giveUp = 0;
  let auto = localStorage.getItem(AUTO) !== 'no';
  let states = null;
  const asked = new Map(); // the turn that each event was about, by its nonce
  const refused = new Map(); // why not, by turn
  const ours = new Set(); // turns whose files are for this page
  const log = h('div', {
    class: 'ms-chat-log',
    role: 'log',
    'aria-live': 'polite',
    'aria-label': 'Conversation',
  });
  const empty = emptyState(view.suggestions, (text) => say(text));
  const scroller = h('div', { class: 'ms-chat-scroll' }, empty, log);
  const prompt = promptBox(
    {
      onescape: cancelLast,
      recall: () => view.turns.at(-1)?.text ?? '',
      onpick: (text) => say(text),
    },
    (order) => {
      pending = { ...unanswered(order.text, order.nonce), nonce: order.nonce };
      clearTimeout(giveUp);
      giveUp = setTimeout(
        () => settle('The studio does not answer; look whether it is still running.'),
        CONFIRM_MS,
      );
      render();
      scroller.scrollTop = scroller.scrollHeight;
      send(trigger, 'submit', { ...order, auto });
    },
  );

  function say(text, extra = {}) {
    prompt.set(text);
    prompt.send(extra);
  }

  function settle(error) {
    clearTimeout(giveUp);
    if (pending && error) prompt.set(pending.text);
    pending = null;
    prompt.error(error);
    render();
  }

  function ask(event, data, turn) {
    const nonce = send(trigger, event, { ...data, takes: prompt.takes(), auto });
    asked.set(nonce, turn);
    refused.delete(turn);
    if (event === 'run') ours.add(turn);
  }

  const build = (turn, old) =>
    buildTurn(turn, old, { ask, say, reuse: (text) => prompt.edit(text) });

  function cancelLast() {
    const running = [...log.querySelectorAll('.ms-cancel')].at(-1);
    running?.click();
  }

  function render() {
    const shown = (pending ? [...view.turns, pending] : view.turns).map((turn, at, all) => ({
      ...turn,
      last: at === all.length - 1,
      refused: refused.get(turn.id) ?? '',
    }));
    const atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
    empty.hidden = shown.length > 0;
    keyed(log, shown, (turn) => turn.id, build);
    markChosen(log, view.selected);
    prompt.suggest(shown.length > 0 ? view.suggestions : []);
    // Follow the conversation only for someone who is at its end.
    if (atEnd) scroller.scrollTop = scroller.scrollHeight;
  }

  /** What has ended since the last look lights up on the timeline, and brings its files. */
  function notice() {
    const before = states;
    states = new Map(view.turns.map((turn) => [turn.id, turn.state]));
    if (!before) return;
    for (const turn of view.turns) {
      const was = before.get(turn.id);
      if (was === turn.state || RUNNING.has(turn.state)) continue;
      const changed = turn.state === 'done' || turn.state === 'answered';
      const clips = turn.clips.map(({ id }) => id);
      if (changed) flash(clips, turn.spans);
      if (ours.delete(turn.id)) turn.files.forEach(download);
    }
  }

  const autoRun = toggle(
    'Auto-run',
    'Do what is said at once; otherwise show the plan first',
    (on) => {
      auto = on;
      localStorage.setItem(AUTO, on ? 'yes' : 'no');
    },
    auto,
  );
  element
    .querySelector('.ms-root')
    .replaceChildren(
      h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Chat'), autoRun),
      scroller,
      prompt.node,
    );
  onView({ props, watch }, (newest, answer) => {
    view = newest;
    const turn = asked.get(answer.nonce);
    asked.delete(answer.nonce);
    if (turn && answer.notice) refused.set(turn, answer.notice);
    if (pending && answer.nonce === pending.nonce) {
      if (!answer.notice && view.turns.length > 0) ours.add(view.turns.at(-1).id);
      notice();
      settle(answer.notice);
    } else {
      notice();
      render();
    }
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

function emptyState(suggestions, onpick) {
  return h(
    'div',
    { class: 'ms-empty' },
    h('h3', {}, 'What should the person do?'),
    h(
      'p',
      {},
      'Describe a motion, or several in a row. Then say what to change, or ask what is there.',
    ),
    h(
      'div',
      { class: 'ms-suggestions' },
      suggestions.map((text) =>
        h(
          'button',
          { type: 'button', title: 'Say this', onclick: () => onpick(text) },
          h('span', {}, text),
          icon('send'),
        ),
      ),
    ),
    h('p', { class: 'ms-hint' }, icon('open'), 'Or drop a BVH, GLB or NPZ file anywhere.'),
  );
}

function promptBox({ onescape, recall, onpick }, onsend) {
  const state = { seconds: 4, takes: 3 };
  const error = h('p', { class: 'ms-error', role: 'alert', hidden: true });
  const text = h('textarea', {
    class: 'ms-prompt-text',
    rows: 2,
    maxlength: 1000,
    'aria-label': 'Describe a motion, or what to change',
    placeholder: 'Walk forward, then wave',
    title: 'Enter sends, Shift+Enter begins a new line, Up brings back the last one',
  });
  const seconds = h('input', {
    type: 'number',
    min: 0.5,
    step: 0.5,
    value: state.seconds,
    'aria-label': 'Seconds',
  });
  const next = h('div', { class: 'ms-next', role: 'group', 'aria-label': 'Suggestions' });
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
        h('button', { type: 'submit', class: 'ms-send', title: 'Send (Enter)' }, 'Send'),
      ),
    ),
    next,
  );
  const show = (sentence) => {
    error.hidden = !sentence;
    error.replaceChildren(...(sentence ? [icon('alert'), h('span', {}, sentence)] : []));
  };
  const send = (extra = {}) => {
    const order = {
      ...extra,
      text: text.value.trim(),
      seconds: Number(seconds.value),
      takes: state.takes,
      nonce: Date.now() + Math.random(),
    };
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
  /** Lines that may come next; a click sends one. */
  const suggest = (lines) => {
    keyed(
      next,
      lines,
      (line) => line,
      (line) =>
        h('button', { type: 'button', title: 'Say this', onclick: () => onpick(line) }, line),
    );
  };
  return {
    node,
    send,
    suggest,
    takes: () => state.takes,
    error: show,
    focus: () => text.focus({ preventScroll: true }),
    set,
    edit: (value) => {
      set(value);
      text.focus({ preventScroll: true });
    },
  };
}
