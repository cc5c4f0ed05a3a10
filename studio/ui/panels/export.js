// Saving the timeline or a take: whom, from where to where, format, rate and two toggles.

import { bytes, complain, download, h, icon, onView, segmented, toggle } from './dom.js';
import { offer } from './commands.js';
import { onProject, project } from './project.js';
import { showTab } from './tabs.js';

const TIMELINE = 'timeline';
const RATES = ['20', '24', '25', '30', '60', '120'];
const SPANS = [
  ['range', 'Range', 'From In to Out'],
  ['all', 'All', 'The whole timeline'],
];

export function mount(element, { props, trigger, watch }) {
  const choice = { format: 'bvh', in_place: false, mirror: false, span: 'range' };
  let view = props.value;
  let chosen = '';
  let writing = 0;
  let seen = null;
  const status = h('p', { class: 'ms-export-status', role: 'status' });
  const empty = h(
    'p',
    { class: 'ms-muted' },
    'Make a take, or fill the timeline, to save it as a file.',
  );
  const subject = picker('What to save');
  const character = picker('Who');
  const rate = picker('Frames a second');
  const save = h(
    'button',
    { type: 'button', class: 'ms-send ms-save', title: 'Write it and download it', onclick: ask },
    icon('save'),
    h('span', {}, 'Save BVH'),
  );
  const span = segmented('Frames', SPANS, choice.span, (value) => (choice.span = value));
  const fields = {
    character: field('Who', character),
    span: field('Frames', span),
  };

  function ask() {
    save.disabled = true;
    writing = Date.now() + Math.random();
    say('Writing', 'ms-muted');
    const { format, in_place, mirror } = choice;
    const order = { subject: subject.value, format, in_place, mirror, fps: rate.value };
    // Beside the order of edits: writing a long timeline must not hold them up.
    trigger('save', { ...order, ...timelineOrder(), nonce: writing });
  }

  function timelineOrder() {
    if (subject.value !== TIMELINE) return {};
    const end = extent(project());
    const whole = choice.span === 'all' && end > 0 ? { start: 0, stop: end } : {};
    return { character: character.value, ...whole };
  }

  function say(text, kind, more = '') {
    status.title = text + more;
    status.className = `ms-export-status ${kind}`;
    status.replaceChildren(
      ...(kind === 'ms-saved' ? [icon('check')] : []),
      h('span', {}, text),
      more,
    );
  }

  function render(newest, { file, notice, nonce }) {
    const reviewed = newest.take !== chosen;
    view = newest;
    options(
      subject,
      view.subjects.map(({ id, name, length }) => [id, `${labelOf(id, name)} (${length})`]),
    );
    // What is looked at is what one wants to save, until one says otherwise.
    if (reviewed) {
      chosen = view.take;
      const wanted = chosen || TIMELINE;
      if (view.subjects.some(({ id }) => id === wanted)) subject.value = wanted;
    }
    const everyone = view.characters.length > 1 ? [['', 'Everyone (zip)']] : [];
    options(character, [...everyone, ...view.characters.map(({ id, name }) => [id, name])]);
    const as = subject.value === TIMELINE ? `As the project (${view.fps} fps)` : 'As made';
    options(rate, [['', as], ...RATES.map((each) => [each, `${each} fps`])]);
    answer(file, notice, nonce);
    adapt();
  }

  function answer(file, notice, nonce) {
    if (nonce && nonce === writing) writing = 0;
    if (notice) {
      status.className = 'ms-export-status ms-error';
      complain(status, notice);
    } else if (file && file.url !== seen) {
      seen = file.url;
      download(file);
      say(file.name, 'ms-saved', ` ${bytes(file.size)}`);
    }
  }

  function labelOf(id, name) {
    return id === TIMELINE ? `Timeline of ${name}` : name;
  }

  /** Shows what makes sense for what is to be saved. */
  function adapt() {
    const none = view.subjects.length === 0;
    const timeline = subject.value === TIMELINE;
    empty.hidden = !none;
    form.hidden = none;
    save.disabled = none || writing !== 0;
    fields.character.hidden = !timeline || view.characters.length < 2;
    fields.span.hidden = !timeline || !project()?.timeline.range;
  }
  subject.addEventListener('change', adapt);

  const formats = segmented(
    'Format',
    props.value.formats.map(({ id, label, title }) => [id, label, title]),
    choice.format,
    (format) => {
      choice.format = format;
      save.querySelector('span').textContent = `Save ${format.toUpperCase()}`;
    },
  );
  const form = h(
    'div',
    { class: 'ms-export' },
    field('Save', subject),
    fields.character,
    fields.span,
    formats,
    field('Rate', rate),
    h(
      'div',
      { class: 'ms-toggles' },
      toggle('In place', 'Keep the root over where it starts', (on) => (choice.in_place = on)),
      toggle('Mirror', 'Exchange left and right', (on) => (choice.mirror = on)),
    ),
    save,
    status,
  );
  element
    .querySelector('.ms-root')
    .replaceChildren(h('div', { class: 'ms-export-empty' }, empty), form);
  onView({ props, watch }, render);
  onProject(adapt);
  offer(() =>
    view.subjects.length === 0
      ? []
      : view.formats.map(({ id, label }) => ({
          group: 'Export',
          title: `Save as ${label}`,
          run: () => {
            showTab('export');
            form.querySelector(`input[value="${id}"]`).click();
            save.focus();
          },
        })),
  );
}

/** Frames up to the end of the last clip. */
function extent(now) {
  const clips = now?.timeline.tracks.flatMap(({ clips }) => clips) ?? [];
  return Math.max(0, ...clips.map(({ start, frames }) => start + frames));
}

function field(text, control) {
  return h('label', { class: 'ms-field' }, h('span', {}, text), control);
}

function picker(label) {
  return h('select', { 'aria-label': label, title: label });
}

/** Sets the choices of a select, and keeps the one that was made where it is still there. */
function options(select, choices) {
  const before = select.value;
  select.replaceChildren(...choices.map(([value, text]) => h('option', { value }, text)));
  if (choices.some(([value]) => value === before)) select.value = before;
}
