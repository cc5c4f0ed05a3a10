// The inspector: what is selected, in numbers that can be typed, dragged and undone.

import { h, icon, onView, segmented, toggle } from './dom.js';
import { number } from './number.js';

const DEGREES = 180 / Math.PI;
const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2];

export function mount(element, { props, trigger, watch }) {
  const body = h('div', { class: 'ms-inspector' });
  const error = h('p', { class: 'ms-error', role: 'alert', hidden: true });
  let shown = '';

  function send(event, data) {
    trigger(event, { ...data, nonce: Date.now() + Math.random() });
  }
  /** One edit; `merge` names the drag that it is a part of. */
  const edit = (label, command, merge = '') => send('edit', { commands: [command], label, merge });

  function render(view, { notice }) {
    error.hidden = !notice;
    error.replaceChildren(...(notice ? [icon('alert'), h('span', {}, notice)] : []));
    const { revision: _, nonce: __, notice: ___, ...content } = view;
    const now = JSON.stringify(content);
    // Whoever is typing or dragging here keeps the field under the hand.
    if (now === shown || body.querySelector('.ms-dragging')) return;
    const focused = body.contains(document.activeElement)
      ? document.activeElement.dataset.field
      : '';
    shown = now;
    body.replaceChildren(...sections(view, edit, send));
    body.inert = Boolean(view.readonly);
    if (focused) body.querySelector(`[data-field="${focused}"]`)?.focus();
  }

  element
    .querySelector('.ms-root')
    .replaceChildren(h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Clip')), error, body);
  onView({ props, watch }, render);
}

function sections(view, edit, send) {
  const { clip, track, character, count } = view;
  if (clip)
    return [...clipSections(clip, view.fps, edit, send), ...characterSection(character, edit)];
  if (count > 1) return [manySection(view, edit)];
  const about = [...characterSection(character, edit), ...trackSection(track, edit)];
  if (about.length > 0) return about;
  return [
    h('p', { class: 'ms-empty ms-empty-small' }, 'Select a clip on the timeline to change it.'),
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
    ...controls,
  );
}

function clipSections(clip, fps, edit, send) {
  const target = [clip.id];
  const seconds = (frames) => `${(frames / fps).toFixed(2)} s`;
  const change = (label, command) => edit(label, { target, ...command });
  const name = h('input', {
    class: 'ms-text',
    value: clip.name,
    maxlength: 80,
    'data-field': 'name',
    'aria-label': 'Name of the clip',
  });
  name.addEventListener('change', () =>
    change('Rename the clip', { kind: 'rename_clip', name: name.value.trim() || clip.name }),
  );
  return [
    h(
      'section',
      { class: 'ms-section' },
      name,
      clip.source_text
        ? h('p', { class: 'ms-source', title: clip.source_text }, clip.source_text)
        : null,
      clip.bundle ? h('p', { class: 'ms-muted-line' }, `${clip.bundle}, seed ${clip.seed}`) : null,
    ),
    section(
      'Time',
      row(
        'Start',
        'Frame of the timeline at which it begins',
        number('start', clip.start, { least: 0, step: 1 }, (value, merge) =>
          edit(
            'Move the clip',
            {
              kind: 'move_clip',
              target,
              by: Math.round(value) - clip.start,
              rows: 0,
              ripple: false,
            },
            merge ? '' : '',
          ),
        ),
        h('span', { class: 'ms-unit' }, seconds(clip.start)),
      ),
      row(
        'Length',
        'Frames on the timeline',
        h('span', { class: 'ms-value' }, `${clip.frames}`),
        h('span', { class: 'ms-unit' }, seconds(clip.frames)),
      ),
      row(
        'Speed',
        '1 is as made, 2 twice as fast',
        number('speed', clip.speed, { least: 0.1, most: 8, step: 0.05, digits: 2 }, (value) =>
          change('Change the speed', {
            kind: 'retime_clip',
            speed: value,
            reverse: null,
            ripple: false,
          }),
        ),
        presets(SPEEDS, clip.speed, (speed) =>
          change('Change the speed', { kind: 'retime_clip', speed, reverse: null, ripple: false }),
        ),
      ),
      row(
        'Loops',
        'How often it goes round',
        number('loops', clip.times, { least: 1, most: 100, step: 1 }, (value) =>
          change('Loop the clip', {
            kind: 'loop_clip',
            times: Math.max(1, Math.round(value)),
            ripple: false,
          }),
        ),
      ),
      h(
        'div',
        { class: 'ms-toggles' },
        checked('Reverse', 'Play it backwards', clip.reverse, (on) =>
          change(on ? 'Reverse the clip' : 'Play the clip forwards', {
            kind: 'retime_clip',
            speed: null,
            reverse: on,
            ripple: false,
          }),
        ),
        checked('Mirror', 'Exchange left and right', clip.mirror, (on) =>
          change('Mirror the clip', { kind: 'mirror_clip', mirror: on }),
        ),
        checked('In place', 'Keep the root over where it begins', clip.in_place, (on) =>
          change('Keep the clip in place', { kind: 'in_place_clip', in_place: on }),
        ),
        checked('Enabled', 'Play it', clip.enabled, (on) =>
          change(on ? 'Enable the clip' : 'Disable the clip', { kind: 'enable_clip', enabled: on }),
        ),
      ),
      row(
        'After it',
        'What the figure does until another clip begins',
        segmented(
          'After it',
          [
            ['hold', 'Hold'],
            ['loop', 'Go round'],
          ],
          clip.extrapolate,
          (extrapolate) =>
            change('Change what comes after the clip', { kind: 'extrapolate_clip', extrapolate }),
        ),
      ),
    ),
    joinSection(clip, fps, change, send),
    placeSection(clip, change),
    ...alternatives(clip, send),
  ];
}

function joinSection(clip, fps, change, send) {
  const { blend, seam } = clip;
  const set = (part) =>
    change('Change the blend', { kind: 'set_blend', blend: { ...blend, ...part } });
  const rows = [
    row(
      'Blend',
      'How it takes over from what comes before',
      segmented(
        'Blend',
        [
          ['inertialize', 'Inertial', 'The difference carries on and dies away'],
          ['crossfade', 'Fade', 'Mixes with what the clip before would do'],
          ['cut', 'Cut'],
        ],
        blend.kind,
        (kind) => set({ kind }),
      ),
    ),
  ];
  if (blend.kind !== 'cut') {
    rows.push(
      clip.overlap > 0
        ? row(
            'Over',
            'The overlap with the clip before',
            h('span', { class: 'ms-value' }, `${clip.overlap}`),
            h('span', { class: 'ms-unit' }, `${(clip.overlap / fps).toFixed(2)} s`),
          )
        : row(
            'Over',
            'Frames',
            number('blend', blend.frames, { least: 0, most: 240, step: 1 }, (value) =>
              set({ frames: Math.round(value) }),
            ),
            h('span', { class: 'ms-unit' }, `${(blend.frames / fps).toFixed(2)} s`),
          ),
    );
  }
  if (seam) {
    rows.push(
      h(
        'p',
        {
          class: `ms-seam ms-${seam.level}`,
          title: `Worst joint: ${seam.joint.replaceAll('_', ' ')}`,
        },
        `Seam ${seam.ratio.toFixed(1)}x`,
        h(
          'span',
          { class: 'ms-unit' },
          `${(100 * seam.position).toFixed(1)} cm, ${(seam.rotation * DEGREES).toFixed(1)}°`,
        ),
      ),
    );
  }
  const fills = [
    [clip.before, clip.id, clip.gap_before, 'Fill the gap before'],
    [clip.id, clip.after, clip.gap_after, 'Fill the gap after'],
  ].filter(([before, after, gap]) => before && after && gap > 0);
  rows.push(
    h(
      'div',
      { class: 'ms-buttons' },
      fills.map(([before, after, gap, text]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'ms-button',
            title: `${gap} frames`,
            onclick: () => send('fill', { before, after, text: '' }),
          },
          text,
        ),
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'ms-button',
          title: 'Takes that begin where this clip ends',
          onclick: () => send('carry_on', { clip: clip.id, text: '' }),
        },
        'Continue from here',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'ms-button',
          title: 'Fresh takes for this clip',
          onclick: () => send('regenerate', { clip: clip.id }),
        },
        'Regenerate',
      ),
    ),
  );
  return section('Joins', ...rows);
}

function placeSection(clip, change) {
  const { placement } = clip;
  const set = (part) =>
    change('Place the clip', { kind: 'place_clip', placement: { ...placement, ...part } });
  return section(
    'Place',
    ...placementRows(placement, set),
    h(
      'div',
      { class: 'ms-toggles' },
      checked(
        'Pin to the world',
        'Where it begins no longer follows the clip before',
        placement.pinned,
        (pinned) => set({ pinned }),
      ),
    ),
  );
}

function placementRows(placement, set) {
  return [
    row(
      'Side',
      'Metres to the left',
      number('x', placement.x, { step: 0.05, digits: 2 }, (x) => set({ x })),
      h('span', { class: 'ms-unit' }, 'm'),
    ),
    row(
      'Ahead',
      'Metres forward',
      number('z', placement.z, { step: 0.05, digits: 2 }, (z) => set({ z })),
      h('span', { class: 'ms-unit' }, 'm'),
    ),
    row(
      'Turn',
      'Degrees to the left',
      number('turn', placement.turn * DEGREES, { step: 5, digits: 0 }, (turn) =>
        set({ turn: turn / DEGREES }),
      ),
      h('span', { class: 'ms-unit' }, '°'),
    ),
  ];
}

function alternatives(clip, send) {
  if (clip.alternatives.length < 2) return [];
  return [
    section(
      'Takes of this clip',
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
              onclick: () => send('swap', { clip: clip.id, take }),
            },
            name,
          ),
        ),
      ),
    ),
  ];
}

function characterSection(character, edit) {
  if (!character) return [];
  const set = (label, part) =>
    edit(label, { kind: 'set_character', character: character.id, ...part });
  const name = h('input', {
    class: 'ms-text',
    value: character.name,
    maxlength: 80,
    'data-field': 'character',
    'aria-label': 'Name of the character',
  });
  name.addEventListener('change', () =>
    set('Rename the character', { name: name.value.trim() || character.name }),
  );
  const color = h('input', {
    type: 'color',
    class: 'ms-color',
    value: character.color,
    title: 'Colour of the figure and its tracks',
    'aria-label': 'Colour',
  });
  color.addEventListener('change', () => set('Change the colour', { color: color.value }));
  const place = (part) =>
    set('Place the character', { placement: { ...character.placement, ...part } });
  return [
    section(
      'Character',
      h('div', { class: 'ms-row' }, color, name),
      ...placementRows(character.placement, place),
    ),
  ];
}

function trackSection(track, edit) {
  if (!track) return [];
  const set = (label, part) => edit(label, { kind: 'set_track', track: track.id, ...part });
  return [
    section(
      `Track ${track.name}`,
      h(
        'div',
        { class: 'ms-toggles' },
        checked('Mute', 'Leave it out', track.mute, (mute) => set('Mute the track', { mute })),
        checked('Solo', 'Play only this', track.solo, (solo) => set('Solo the track', { solo })),
        checked('Lock', 'Nothing on it can be changed', track.lock, (lock) =>
          set('Lock the track', { lock }),
        ),
      ),
    ),
  ];
}

function manySection({ count, clips }, edit) {
  const change = (label, command) => edit(label, { target: clips, ...command });
  return section(
    `${count} clips`,
    h(
      'div',
      { class: 'ms-buttons' },
      [
        ['Mirror', { kind: 'mirror_clip', mirror: true }],
        ['In place', { kind: 'in_place_clip', in_place: true }],
        ['Half speed', { kind: 'retime_clip', speed: 0.5, reverse: null, ripple: false }],
        ['Double speed', { kind: 'retime_clip', speed: 2, reverse: null, ripple: false }],
        ['Disable', { kind: 'enable_clip', enabled: false }],
        ['Delete', { kind: 'remove_clip', ripple: false }],
      ].map(([text, command]) =>
        h(
          'button',
          {
            type: 'button',
            class: 'ms-button',
            onclick: () => change(`${text}: ${count} clips`, command),
          },
          text,
        ),
      ),
    ),
  );
}

function checked(text, title, on, onchange) {
  const node = toggle(text, title, onchange);
  node.querySelector('input').checked = on;
  return node;
}

function presets(values, now, pick) {
  const menu = h(
    'select',
    { class: 'ms-presets', 'aria-label': 'Presets', title: 'Presets' },
    h('option', { value: '' }, ''),
    values.map((value) => h('option', { value }, `${value}x`)),
  );
  menu.value = values.includes(now) ? String(now) : '';
  menu.addEventListener('change', () => menu.value && pick(Number(menu.value)));
  return menu;
}
