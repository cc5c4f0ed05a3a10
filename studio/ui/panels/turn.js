// One line of the conversation: how far it is, what came of it, and what can be done with that.

import { bytes, capital, download, h, icon, iconButton } from './dom.js';
import { planCard } from './plan-card.js';
import { SELECT } from './timeline-panel.js';

export const RUNNING = new Set(['waiting', 'running']);

/** What is shown until the studio has answered; the fields of a `TurnView`. */
export function unanswered(text, nonce) {
  return {
    id: `pending-${nonce}`,
    text,
    ask: '',
    aim: '',
    state: 'waiting',
    fraction: 0,
    note: 'Sending',
    error: '',
    seconds: 0,
    takes: [],
    reply: '',
    notice: '',
    strips: [],
    told: [],
    options: [],
    plain: false,
    clips: [],
    spans: [],
    undo: 0,
    redo: false,
    vary: false,
    files: [],
  };
}

/**
 * @param turn a `TurnView`, and `last` where nothing was said since, `refused` where something
 *   asked of it was
 * @param old the node that showed it before, or null
 * @param ask sends an event; @param reuse puts a line back to be changed; @param say sends a line
 */
export function buildTurn(turn, old, { ask, reuse, say }) {
  // A running turn only moves its bar: rebuilding it would restart the transition and drop focus.
  if (old && old.classList.contains('ms-running') && RUNNING.has(turn.state)) {
    updateProgress(old, turn);
    return old;
  }
  // What was changed in a plan by hand stays until it is carried out.
  if (turn.state === 'planned' && old?.card && old.strips === JSON.stringify(turn.strips)) {
    old.card.complain(turn.refused || turn.error);
    return old;
  }
  const running = RUNNING.has(turn.state);
  const node = h(
    'article',
    { class: `ms-turn ms-${running ? 'running' : turn.state}` },
    head(turn, running, reuse),
  );
  const act = (event, data = {}) => ask(event, { turn: turn.id, ...data }, turn.id);
  if (running) node.append(...progress(turn, act));
  else if (turn.ask) node.append(...requested(turn, act));
  else node.append(...answered(turn, act, { reuse, say }));
  if (running) updateProgress(node, turn);
  if (turn.state === 'planned') {
    node.card = planCard(turn.strips, {
      run: (steps) => act('run', { steps }),
      reject: () => act('reject'),
    });
    node.strips = JSON.stringify(turn.strips);
    node.card.complain(turn.refused || turn.error);
    node.append(node.card.node);
  } else if (turn.refused) {
    node.append(problem(turn.refused));
  }
  return node;
}

function head(turn, running, reuse) {
  return h(
    'div',
    { class: 'ms-turn-head' },
    h('p', { class: 'ms-turn-text' }, turn.text || capital(turn.aim)),
    running || !turn.text
      ? null
      : iconButton('rename', 'Edit and send again', () => reuse(turn.text), {
          class: 'ms-reuse',
        }),
  );
}

function problem(sentence) {
  return h('p', { class: 'ms-error', role: 'alert' }, icon('alert'), h('span', {}, sentence));
}

function textButton(name, text, title, onclick) {
  return h('button', { type: 'button', class: 'ms-text-button', title, onclick }, icon(name), text);
}

// -- while it runs -------------------------------------------------------------------------------

function progress(turn, act) {
  const note = h('p', { class: 'ms-progress-note' });
  const cancel = iconButton('close', 'Cancel (Esc)', () => act('cancel'), { class: 'ms-cancel' });
  cancel.addEventListener('click', () => {
    cancel.disabled = true;
    note.textContent = 'Stopping';
  });
  const bar = h(
    'div',
    { class: 'ms-progress', role: 'progressbar', 'aria-label': 'Working' },
    h('div', {}),
  );
  return [
    turn.ask && h('p', { class: 'ms-turn-ask' }, turn.ask),
    turn.aim && turn.text && h('p', { class: 'ms-turn-aim' }, capital(turn.aim)),
    h('div', { class: 'ms-progress-row' }, bar, cancel),
    note,
  ].filter(Boolean);
}

function updateProgress(node, turn) {
  const bar = node.querySelector('.ms-progress');
  bar.classList.toggle('ms-waiting', turn.state === 'waiting' || turn.fraction === 0);
  bar.setAttribute('aria-valuenow', String(Math.round(100 * turn.fraction)));
  bar.firstElementChild.style.transform = `scaleX(${turn.fraction})`;
  node.querySelector('.ms-progress-note').textContent =
    turn.note || (turn.state === 'waiting' ? 'Waiting for its turn' : 'Working');
}

// -- takes to choose from ------------------------------------------------------------------------

function requested(turn, act) {
  const timed = turn.state === 'done' && turn.seconds > 0;
  const made = timed ? ` · made in ${turn.seconds.toFixed(1)} s` : '';
  const shown = [
    h('p', { class: 'ms-turn-ask' }, turn.ask, made),
    turn.aim && turn.text && h('p', { class: 'ms-turn-aim' }, capital(turn.aim)),
  ];
  if (turn.state === 'failed') shown.push(problem(turn.error));
  else if (turn.state === 'cancelled') {
    shown.push(h('p', { class: 'ms-turn-ask' }, 'Cancelled; nothing was kept.'));
  } else {
    shown.push(takeChips(turn, act), turn.note && h('p', { class: 'ms-turn-ask' }, turn.note));
  }
  return shown.filter(Boolean);
}

function takeChips(turn, act) {
  const row = h('div', { class: 'ms-take-chips' });
  row.append(...turn.takes.map((take) => takeChip(take, act)));
  if (turn.takes.length === 0) return row;
  row.append(
    h(
      'button',
      {
        type: 'button',
        class: 'ms-text-button ms-chip-accept',
        title: 'Put the take that is shown on the timeline',
        hidden: true,
        onclick: () => {
          const chip = row.querySelector('.ms-take-chip[aria-pressed="true"]');
          if (chip) act('accept', { take: chip.dataset.take });
        },
      },
      icon('check'),
      'Accept',
    ),
    iconButton('again', 'More like these', () => act('more', { take: turn.takes[0].id }), {
      class: 'ms-chip-more',
    }),
  );
  return row;
}

function takeChip(take, act) {
  return h(
    'button',
    {
      type: 'button',
      class: 'ms-take-chip',
      'data-take': take.id,
      'data-accepted': String(take.accepted),
      title: take.accepted ? `${take.name}, on the timeline` : `Show ${take.name}`,
      onclick: () => act('choose', { take: take.id }),
      ondblclick: () => act('accept', { take: take.id }),
    },
    take.accepted ? icon('check', 12) : null,
    take.label,
  );
}

/** Which take is looked at, and the button that puts it on the timeline. */
export function markChosen(log, selected) {
  for (const chip of log.querySelectorAll('.ms-take-chip')) {
    chip.setAttribute('aria-pressed', String(chip.dataset.take === selected));
  }
  for (const button of log.querySelectorAll('.ms-chip-accept')) {
    const chip = button.parentElement.querySelector('[aria-pressed="true"]');
    button.hidden = !chip || chip.dataset.accepted === 'true';
  }
}

// -- what came of a plan -------------------------------------------------------------------------

const STATES = {
  undone: 'Taken back.',
  rejected: 'Rejected; nothing was changed.',
};

function answered(turn, act, { reuse, say }) {
  return [
    turn.notice && h('p', { class: 'ms-turn-ask' }, turn.notice),
    turn.reply && h('p', { class: 'ms-reply' }, turn.reply),
    STATES[turn.state] && h('p', { class: 'ms-turn-ask' }, STATES[turn.state]),
    turn.state === 'failed' && problem(turn.error),
    turn.told.length > 0 && edits(turn.told),
    turn.clips.length > 0 && clipChips(turn.clips),
    turn.files.length > 0 && fileChips(turn.files),
    turn.last && (turn.options.length > 0 || turn.plain) && choices(turn, say),
    ways(turn, act, reuse),
  ].filter(Boolean);
}

const LISTED = 4;

function edits(told) {
  const more = told.length - LISTED;
  const lines = more > 1 ? [...told.slice(0, LISTED), `and ${more} more`] : told;
  return h(
    'ul',
    { class: 'ms-told' },
    lines.map((line) => h('li', {}, line)),
  );
}

/** What was touched, to be selected on the timeline. */
function clipChips(clips) {
  return h(
    'div',
    { class: 'ms-take-chips' },
    clips.map(({ id, name, color }) => {
      const dot = h('span', { class: 'ms-dot' });
      dot.style.background = color;
      const select = () =>
        document.dispatchEvent(new CustomEvent(SELECT, { detail: { clips: [id] } }));
      return h(
        'button',
        {
          type: 'button',
          class: 'ms-take-chip ms-clip-chip',
          title: `Select ${name} on the timeline`,
          onclick: select,
        },
        dot,
        h('span', {}, name),
      );
    }),
  );
}

function fileChips(files) {
  return h(
    'div',
    { class: 'ms-take-chips' },
    files.map((file) =>
      h(
        'button',
        {
          type: 'button',
          class: 'ms-take-chip ms-clip-chip',
          title: `Download ${file.name} again`,
          onclick: () => download(file),
        },
        icon('save', 14),
        h('span', {}, file.name),
        h('span', { class: 'ms-label' }, bytes(file.size)),
      ),
    ),
  );
}

/** Answers to a question; the line itself may be what it looks like, a description. */
function choices(turn, say) {
  return h(
    'div',
    { class: 'ms-choices' },
    turn.options.map((option) =>
      h(
        'button',
        {
          type: 'button',
          class: 'ms-choice',
          title: `Answer: ${option}`,
          onclick: () => say(option),
        },
        option,
      ),
    ),
    turn.plain &&
      h(
        'button',
        {
          type: 'button',
          class: 'ms-choice ms-choice-plain',
          title: 'Take the line as the description of one motion',
          onclick: () => say(turn.text, { plain: true }),
        },
        icon('figure', 14),
        'Make takes of these words',
      ),
  );
}

function ways(turn, act, reuse) {
  const since = turn.undo - 1;
  const also = since > 0 ? ` and ${since === 1 ? 'the step' : `the ${since} steps`} since` : '';
  const buttons = [
    turn.undo > 0 && textButton('undo', 'Undo', `Take this back${also}`, () => act('take_back')),
    turn.redo && textButton('redo', 'Redo', 'Do it again', () => act('redo')),
    turn.vary &&
      textButton('again', 'Try another way', 'Take it back and make it anew', () => act('vary')),
    !turn.vary &&
      turn.undo > 0 &&
      textButton('again', 'Try another way', 'Take it back and say it otherwise', () => {
        act('take_back');
        reuse(turn.text);
      }),
  ].filter(Boolean);
  return buttons.length > 0 && h('div', { class: 'ms-ways' }, buttons);
}
