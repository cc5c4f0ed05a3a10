// The inspector: what is selected, in numbers that can be typed, dragged and undone.

import { offer } from './commands.js';
import { complain, errorLine, h, icon, iconButton, onView, segmented, toggle } from './dom.js';
import { number } from './number.js';
import { send as dispatch } from './outbox.js';
import { newCharacter, onProject, pinned, project } from './project.js';

const DEGREES = 180 / Math.PI;
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];
const RATES = [24, 25, 30, 50, 60];
/** Frames of a transition that takes the place of a join. */
const JOIN_FRAMES = 18;

export function mount(element, { props, trigger, watch }) {
  const body = h('div', { class: 'ms-inspector' });
  const error = errorLine();
  let view = props.value;
  let shown = '';

  const send = (event, data) => dispatch(trigger, event, data);
  const acts = {
    send,
    /** One step of undo; those with the same `merge` become one. */
    edit: (label, command, merge = '') =>
      send('edit', { commands: [command].flat(), label, merge }),
    say: (sentence) => {
      complain(error, sentence);
      shown = '';
      draw();
    },
  };

  function render(newest, answer) {
    view = newest;
    complain(error, answer.notice);
    if (answer.notice) shown = '';
    draw();
  }

  function draw() {
    const { revision: _, nonce: __, notice: ___, ...content } = view;
    const now = JSON.stringify(view.clip ? content : [content, cast()]);
    // Whoever is typing or dragging here keeps the field under the hand.
    if (now === shown || body.querySelector('.ms-dragging')) return;
    const active = body.contains(document.activeElement) ? document.activeElement : null;
    if (active?.matches('input.ms-text') && active.value !== active.defaultValue) return;
    shown = now;
    const top = body.scrollTop;
    body.replaceChildren(...sections(view, acts));
    body.inert = Boolean(view.readonly);
    body.scrollTop = top;
    const field = active?.dataset.field;
    if (field) body.querySelector(`[data-field="${field}"]`)?.focus({ preventScroll: true });
  }

  element.querySelector('.ms-root').replaceChildren(error, body);
  onView({ props, watch }, render);
  onProject(draw);
  body.addEventListener('focusout', () => setTimeout(draw));
  offer(() => [
    ...clipCommands(view, acts),
    {
      group: 'Character',
      title: 'Add a character with its track',
      run: () => addCharacter(acts),
    },
  ]);
}

/** What can be done with the selected clips, for the palette. */
function clipCommands({ clips, clip, readonly }, acts) {
  if (clips.length === 0 || readonly) return [];
  const edit = (title, command) => ({
    group: 'Clip',
    title,
    run: () => acts.edit(title, { target: clips, ...command }),
  });
  const retime = (speed, reverse = null) => ({
    kind: 'retime_clip',
    speed,
    reverse,
    ripple: false,
  });
  const one = clip && {
    mirror: !clip.mirror,
    in_place: !clip.in_place,
    reverse: !clip.reverse,
  };
  const blend = (kind) => ({ kind: 'set_blend', blend: { kind, frames: 9, curve: 'smooth' } });
  return [
    edit(one?.mirror === false ? 'Mirror no longer' : 'Mirror', {
      kind: 'mirror_clip',
      mirror: one?.mirror ?? true,
    }),
    edit(one?.in_place === false ? 'In place no longer' : 'Keep in place', {
      kind: 'in_place_clip',
      in_place: one?.in_place ?? true,
    }),
    edit(one?.reverse === false ? 'Play forwards' : 'Reverse', retime(null, one?.reverse ?? true)),
    ...SPEEDS.map((speed) => edit(`Speed ${speed}\u00d7`, retime(speed))),
    edit('Blend: inertial', blend('inertialize')),
    edit('Blend: cross-fade', blend('crossfade')),
    edit('Blend: cut', blend('cut')),
    ...(clip ? makingCommands(clip, acts) : []),
  ];
}

function makingCommands(clip, acts) {
  const { send } = acts;
  const { id, before, after, gap_before, gap_after } = clip;
  const group = 'Clip';
  const fill = (title, pair) => ({
    group,
    title,
    run: () => send('fill', { ...pair, text: '' }),
  });
  return [
    { group, title: 'Regenerate', run: () => send('regenerate', { clip: id }) },
    { group, title: 'Continue from here', run: () => send('carry_on', { clip: id, text: '' }) },
    before && gap_before > 0 && fill('Fill the gap before', { before, after: id }),
    after && gap_after > 0 && fill('Fill the gap after', { before: id, after }),
    before &&
      gap_before <= 0 && {
        group,
        title: 'Make a transition',
        run: () => makeTransition(clip, acts),
      },
  ].filter(Boolean);
}

/** What of the project the inspector shows beside its own view. */
function cast() {
  const { characters = [], timeline } = project() ?? {};
  return [characters, timeline?.tracks.map(({ character }) => character)];
}

function sections(view, acts) {
  const { clip, track, character, count } = view;
  if (clip) {
    return [...clipSections(clip, view.fps, acts), ...trackSection(track, acts)];
  }
  if (count > 1) return [manySection(view, acts)];
  return [
    h(
      'div',
      { class: 'ms-empty ms-empty-small' },
      h('p', {}, 'Select a clip on the timeline to change its time, its join and its place.'),
    ),
    ...trackSection(track, acts),
    ...characterSections(character, acts),
    projectSection(view, acts),
  ];
}

function section(title, ...rows) {
  return h('section', { class: 'ms-section' }, h('h3', {}, title), ...rows);
}

function row(label, title, ...controls) {
  return h(
    'div',
    { class: 'ms-row', title },
    h('span', { class: 'ms-row-label' }, label),
    h('div', { class: 'ms-row-controls' }, ...controls),
  );
}

function unit(text) {
  return h('span', { class: 'ms-unit' }, text);
}

function button(text, title, onclick, name = null) {
  return h(
    'button',
    { type: 'button', class: 'ms-button', title, onclick },
    name ? icon(name) : null,
    text,
  );
}

/** A text that is kept when it is left. */
function text(field, value, label, change) {
  const input = h('input', {
    class: 'ms-text',
    value,
    maxlength: 80,
    'data-field': field,
    'aria-label': label,
    title: label,
  });
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') input.value = value;
    if (event.key === 'Enter' || event.key === 'Escape') input.blur();
  });
  input.addEventListener('change', () => {
    const wanted = input.value.trim();
    if (wanted && wanted !== value) change(wanted);
    else input.value = value;
  });
  return input;
}

// -- a clip ----------------------------------------------------------------------------------------

function clipSections(clip, fps, acts) {
  const target = [clip.id];
  const change = (label, command, merge) => acts.edit(label, { target, ...command }, merge);
  return [
    headSection(clip, change),
    timeSection(clip, fps, change),
    joinSection(clip, fps, change, acts),
    ...alternatives(clip, acts),
    placeSection(clip, change, acts),
  ];
}

function headSection(clip, change) {
  const made = clip.bundle ? `${clip.bundle}, seed ${clip.seed}` : 'Imported';
  return h(
    'section',
    { class: 'ms-section ms-clip-head', style: `--ms-clip: ${clip.color}` },
    text('name', clip.name, 'Name of the clip', (name) =>
      change('Rename the clip', { kind: 'rename_clip', name }),
    ),
    clip.source_text
      ? h('p', { class: 'ms-source', title: clip.source_text }, clip.source_text)
      : null,
    h('p', { class: 'ms-made', title: made }, made),
  );
}

function timeSection(clip, fps, change) {
  const seconds = (frames) => `${(frames / fps).toFixed(2)} s`;
  const retime = (speed, merge) =>
    change('Change the speed', { kind: 'retime_clip', speed, reverse: null, ripple: false }, merge);
  const rates = { least: 0.1, most: 8, step: 0.05, digits: 2, label: 'Speed' };
  const ends = { least: clip.start + 1, step: 1, label: 'End', title: 'Frame at which it ends' };
  return section(
    'Time',
    row(
      'Start',
      'Frame of the timeline at which it begins',
      number('start', clip.start, { least: 0, label: 'Start' }, (to, merge, from) =>
        change(
          'Move the clip',
          { kind: 'move_clip', by: to - from, rows: 0, ripple: false },
          merge,
        ),
      ),
      unit(seconds(clip.start)),
    ),
    row(
      'End',
      'Drag to trim it',
      number('end', clip.start + clip.frames, ends, (frame, merge) =>
        change('Trim the clip', { kind: 'trim_clip', edge: 'tail', frame, ripple: false }, merge),
      ),
      unit(seconds(clip.start + clip.frames)),
    ),
    row(
      'Length',
      'Frames on the timeline',
      h('span', { class: 'ms-value' }, String(clip.frames)),
      unit(seconds(clip.frames)),
    ),
    row(
      'Speed',
      '1 is as made, 2 twice as fast',
      number('speed', clip.speed, rates, retime),
      presets(SPEEDS, clip.speed, (speed) => retime(speed)),
    ),
    row(
      'Rounds',
      'How often it goes round',
      number(
        'loops',
        clip.times,
        { least: 1, most: 100, digits: 2, label: 'Rounds' },
        (times, merge) =>
          change(
            'Loop the clip',
            { kind: 'loop_clip', times: Math.max(1, Math.round(times)), ripple: false },
            merge,
          ),
      ),
    ),
    h(
      'div',
      { class: 'ms-toggles' },
      toggle(
        'Reverse',
        'Play it backwards',
        (reverse) =>
          change(reverse ? 'Reverse the clip' : 'Play the clip forwards', {
            kind: 'retime_clip',
            speed: null,
            reverse,
            ripple: false,
          }),
        clip.reverse,
      ),
      toggle(
        'Mirror',
        'Exchange left and right',
        (mirror) => change('Mirror the clip', { kind: 'mirror_clip', mirror }),
        clip.mirror,
      ),
      toggle(
        'In place',
        'Keep the root over where it begins',
        (in_place) => change('Keep the clip in place', { kind: 'in_place_clip', in_place }),
        clip.in_place,
      ),
      toggle(
        'Enabled',
        'Play it (D)',
        (enabled) =>
          change(enabled ? 'Enable the clip' : 'Disable the clip', {
            kind: 'enable_clip',
            enabled,
          }),
        clip.enabled,
      ),
    ),
    row(
      'After it',
      'What the figure does until another clip begins',
      segmented(
        'After it',
        [
          ['hold', 'Holds', 'Stands still in the last pose'],
          ['loop', 'Goes round', 'Does it again'],
        ],
        clip.extrapolate,
        (extrapolate) =>
          change('Change what comes after the clip', { kind: 'extrapolate_clip', extrapolate }),
      ),
    ),
  );
}

function joinSection(clip, fps, change, acts) {
  const { blend } = clip;
  const set = (part, merge) =>
    change('Change the blend', { kind: 'set_blend', blend: { ...blend, ...part } }, merge);
  const seconds = (frames) => unit(`${(frames / fps).toFixed(2)} s`);
  const kinds = [
    ['inertialize', 'Inertial', 'The difference carries on and dies away'],
    ['crossfade', 'Fade', 'Mixes with what the clip before would go on to do'],
    ['cut', 'Cut', 'No blend'],
  ];
  const rows = [
    row(
      'Blend',
      'How it takes over from what comes before',
      segmented('Blend', kinds, blend.kind, (kind) =>
        set({ kind, frames: kind === 'cut' ? blend.frames : blend.frames || 9 }),
      ),
    ),
  ];
  if (blend.kind !== 'cut') {
    const limits = { least: 0, most: Math.min(240, clip.frames), label: 'Blend frames' };
    const length =
      clip.overlap > 0
        ? h('span', { class: 'ms-value' }, String(clip.overlap))
        : number('blend', blend.frames, limits, (frames, merge) => set({ frames }, merge));
    const about = clip.overlap > 0 ? 'Frames of the overlap with the clip before' : 'Frames';
    rows.push(row('Over', about, length, seconds(clip.overlap || blend.frames)));
  }
  if (blend.kind === 'crossfade') {
    const curves = [
      ['smooth', 'Smooth', 'Slow at both ends'],
      ['linear', 'Even', 'At one rate'],
    ];
    rows.push(
      row(
        'Curve',
        'Of the mix',
        segmented('Curve', curves, blend.curve, (curve) => set({ curve })),
      ),
    );
  }
  if (clip.seam) rows.push(seamRow(clip.seam));
  rows.push(gapRow('Gap before', clip.before, clip.id, clip.gap_before, acts));
  rows.push(gapRow('Gap after', clip.id, clip.after, clip.gap_after, acts));
  rows.push(
    h(
      'div',
      { class: 'ms-buttons' },
      clip.before && clip.gap_before <= 0
        ? button(
            'Make a transition',
            `Generate ${JOIN_FRAMES} frames between the two; what follows moves later`,
            () => makeTransition(clip, acts),
            'wand',
          )
        : null,
      clip.after
        ? null
        : button(
            'Continue from here',
            'Takes that begin where this clip ends',
            () => acts.send('carry_on', { clip: clip.id, text: '' }),
            'send',
          ),
      button(
        'Regenerate',
        'Fresh takes for this clip',
        () => acts.send('regenerate', { clip: clip.id }),
        'again',
      ),
    ),
  );
  return section('Join', ...rows);
}

function seamRow(seam) {
  const { level, ratio, position, rotation, velocity, joint } = seam;
  const word = { good: 'smooth', fair: 'visible', poor: 'jumps' }[level];
  const numbers = `${(100 * position).toFixed(1)} cm, ${(rotation * DEGREES).toFixed(1)}°, ${velocity.toFixed(2)} m/s`;
  const title = `The worst joint, ${joint.replaceAll('_', ' ')}, jumps by ${numbers}: ${ratio.toFixed(1)} times the largest step of the clips themselves.`;
  return h(
    'div',
    { class: `ms-row ms-seam ms-${level}`, title },
    h('span', { class: 'ms-row-label' }, 'Seam'),
    h(
      'div',
      { class: 'ms-row-controls' },
      h('span', { class: 'ms-seam-level' }, `${ratio.toFixed(1)}\u00d7 ${word}`),
      unit(`${(100 * position).toFixed(1)} cm, ${(rotation * DEGREES).toFixed(0)}°`),
    ),
  );
}

function gapRow(label, before, after, gap, { send }) {
  if (!before || !after || gap <= 0) return null;
  return row(
    label,
    'Empty frames between this clip and its neighbour',
    h('span', { class: 'ms-value' }, String(gap)),
    button(
      'Fill',
      'Generate motion for the gap',
      () => send('fill', { before, after, text: '' }),
      'wand',
    ),
  );
}

/** Room first; the motion then fills it, and what follows moves along. */
function makeTransition(clip, { edit, send }) {
  const by = JOIN_FRAMES - clip.gap_before;
  edit('Make room for a transition', {
    kind: 'move_clip',
    target: [clip.id],
    by,
    rows: 0,
    ripple: true,
  });
  send('fill', { before: clip.before, after: clip.id, text: '' });
}

/** Follows on again, with nothing added. */
const UNPINNED = { x: 0, z: 0, turn: 0, pinned: false };

function placeSection(clip, change, { say }) {
  const { placement } = clip;
  const set = (part, merge) =>
    change('Place the clip', { kind: 'place_clip', placement: { ...placement, ...part } }, merge);
  return section(
    placement.pinned ? 'Place in the world' : 'Place after what comes before',
    placementRow(placement, set),
    h(
      'div',
      { class: 'ms-toggles' },
      toggle(
        'Pinned',
        'Where it begins no longer follows the clip before',
        (on) => {
          const part = on ? pinned(clip.id) : UNPINNED;
          if (part) set(part);
          else say(`'${clip.name}' does not play, so it stands nowhere yet.`);
        },
        placement.pinned,
      ),
    ),
  );
}

function placementRow(placement, set, prefix = '') {
  const field = (name, label, title, unitText, value, limits, made) =>
    h(
      'label',
      { class: 'ms-place' },
      h('span', { class: 'ms-row-label' }, label),
      number(prefix + name, value, { ...limits, label: title, title }, made),
      unit(unitText),
    );
  return h(
    'div',
    { class: 'ms-places' },
    field('x', 'X', 'Metres to the left', 'm', placement.x, { step: 0.05, digits: 2 }, (x, merge) =>
      set({ x }, merge),
    ),
    field('z', 'Z', 'Metres forward', 'm', placement.z, { step: 0.05, digits: 2 }, (z, merge) =>
      set({ z }, merge),
    ),
    field(
      'turn',
      'Turn',
      'Degrees to the left',
      '°',
      placement.turn * DEGREES,
      { step: 5, digits: 0 },
      (turn, merge) => set({ turn: turn / DEGREES }, merge),
    ),
  );
}

function alternatives(clip, { send }) {
  if (clip.alternatives.length < 2) return [];
  return [
    section(
      'Takes of this clip, best first',
      h(
        'div',
        { class: 'ms-take-chips' },
        clip.alternatives.map(({ take, name, current }) =>
          h(
            'button',
            {
              type: 'button',
              class: 'ms-take-chip',
              'aria-pressed': String(current),
              title: current ? `${name} is what it shows` : `Show ${name} instead`,
              onclick: () => !current && send('swap', { clip: clip.id, take }),
            },
            / (\d+)$/.exec(name)?.[1] ?? name,
          ),
        ),
      ),
    ),
  ];
}

// -- several clips ---------------------------------------------------------------------------------

function manySection({ count, clips }, { edit }) {
  const retime = (speed) => ({ kind: 'retime_clip', speed, reverse: null, ripple: false });
  const choices = [
    ['Mirror', 'Exchange left and right', { kind: 'mirror_clip', mirror: true }],
    ['Not mirrored', 'Left and right as made', { kind: 'mirror_clip', mirror: false }],
    ['In place', 'Keep the roots where they begin', { kind: 'in_place_clip', in_place: true }],
    ['Half speed', 'Play them at half their speed', retime(0.5)],
    ['Speed 1', 'Play them as made', retime(1)],
    ['Double speed', 'Play them twice as fast', retime(2)],
    ['Disable', 'Pass over them', { kind: 'enable_clip', enabled: false }],
    ['Enable', 'Play them', { kind: 'enable_clip', enabled: true }],
    ['Delete', 'Remove them (Del)', { kind: 'remove_clip', ripple: false }],
  ];
  return section(
    `${count} clips`,
    h(
      'div',
      { class: 'ms-buttons' },
      choices.map(([label, title, command]) =>
        button(label, title, () => edit(`${label}: ${count} clips`, { target: clips, ...command })),
      ),
    ),
  );
}

// -- characters, tracks, the project ---------------------------------------------------------------

/** Everyone, the one that was chosen last first. */
function characterSections(chosen, acts) {
  const everyone = project()?.characters ?? (chosen ? [chosen] : []);
  const first = everyone.filter(({ id }) => id === chosen?.id);
  const others = everyone.filter(({ id }) => id !== chosen?.id);
  return [
    ...[...first, ...others].map((each) => characterSection(each, everyone.length > 1, acts)),
    h(
      'div',
      { class: 'ms-section' },
      button('Add a character', 'Someone else, with a track', () => addCharacter(acts), 'plus'),
    ),
  ];
}

function addCharacter({ edit }) {
  const now = project();
  if (!now) return;
  const { label, commands } = newCharacter(now);
  edit(label, commands);
}

function characterSection(character, several, { edit }) {
  const { id } = character;
  const set = (label, part, merge) =>
    edit(label, { kind: 'set_character', character: id, ...part }, merge);
  const color = h('input', {
    type: 'color',
    class: 'ms-color',
    value: character.color,
    title: 'Colour of the figure and its tracks',
    'aria-label': `Colour of ${character.name}`,
  });
  color.addEventListener('change', () => set('Change the colour', { color: color.value }));
  return h(
    'section',
    { class: 'ms-section', 'aria-label': character.name },
    h(
      'div',
      { class: 'ms-row' },
      color,
      text(`${id} name`, character.name, 'Name of the character', (name) =>
        set('Rename the character', { name }),
      ),
      several
        ? iconButton('trash', `Remove ${character.name} with all that it does`, () =>
            edit('Remove the character', { kind: 'remove_character', character: id }),
          )
        : null,
    ),
    placementRow(
      character.placement,
      (part, merge) =>
        set('Place the character', { placement: { ...character.placement, ...part } }, merge),
      `${id} `,
    ),
  );
}

function trackSection(track, { edit }) {
  if (!track) return [];
  const set = (label, part) => edit(label, { kind: 'set_track', track: track.id, ...part });
  return [
    section(
      `On ${track.name}`,
      h(
        'div',
        { class: 'ms-toggles ms-three' },
        toggle(
          'Mute',
          'Leave the track out',
          (mute) => set('Mute the track', { mute }),
          track.mute,
        ),
        toggle(
          'Solo',
          'Play only this track',
          (solo) => set('Solo the track', { solo }),
          track.solo,
        ),
        toggle(
          'Lock',
          'Nothing on it can be changed',
          (lock) => set('Lock the track', { lock }),
          track.lock,
        ),
      ),
    ),
  ];
}

function projectSection({ fps }, { edit }) {
  const rates = RATES.includes(fps) ? RATES : [...RATES, fps].sort((a, b) => a - b);
  const rate = h(
    'select',
    { 'aria-label': 'Frames a second of the project', 'data-field': 'rate' },
    rates.map((each) => h('option', { value: each }, `${each} fps`)),
  );
  rate.value = String(fps);
  rate.addEventListener('change', () =>
    edit('Change the frame rate', { kind: 'set_fps', fps: Number(rate.value) }),
  );
  return section('Project', row('Rate', 'Everything keeps its time in seconds', rate));
}

function presets(values, now, pick) {
  const menu = h(
    'select',
    { class: 'ms-presets', 'aria-label': 'Speeds to choose', title: 'Speeds to choose' },
    h('option', { value: '', hidden: true }, ''),
    values.map((value) => h('option', { value }, `${value}\u00d7`)),
  );
  menu.value = values.includes(now) ? String(now) : '';
  menu.addEventListener('change', () => menu.value && pick(Number(menu.value)));
  return menu;
}
