// Saving the shown take: format, rate and the two toggles every engine asks for.

import { bytes, h, icon, onView, segmented, toggle } from './dom.js';

export function mount(element, { props, trigger, watch }) {
  const choice = { format: 'bvh', fps: '', in_place: false, mirror: false };
  let seen = null;
  let take = '';
  const status = h('p', { class: 'ms-export-status', role: 'status' });
  const subject = h('p', { class: 'ms-export-subject' });
  const rate = h(
    'select',
    {
      'aria-label': 'Frames a second',
      title: 'Frames a second of the file',
      onchange: () => {
        choice.fps = rate.value;
      },
    },
    [
      ['', 'As made'],
      ['20', '20 fps'],
      ['24', '24 fps'],
      ['25', '25 fps'],
      ['30', '30 fps'],
      ['60', '60 fps'],
      ['120', '120 fps'],
    ].map(([value, text]) => h('option', { value }, text)),
  );
  const save = h(
    'button',
    { type: 'button', class: 'ms-button', title: 'Save the shown take as a file' },
    icon('save'),
    h('span', {}, 'Save BVH'),
  );
  const formats = segmented(
    'Format',
    props.value.formats.map(({ id, label, title }) => [id, label, title]),
    choice.format,
    (format) => {
      choice.format = format;
      save.querySelector('span').textContent = `Save ${format.toUpperCase()}`;
    },
  );

  save.addEventListener('click', () => {
    save.disabled = true;
    say('Writing', 'ms-muted');
    trigger('save', { ...choice, take });
  });

  function say(text, kind, more = '') {
    status.title = text + more;
    status.className = `ms-export-status ${kind}`;
    status.replaceChildren(
      ...(kind === 'ms-error' ? [icon('alert')] : kind === 'ms-saved' ? [icon('check')] : []),
      h('span', {}, text),
      more,
    );
  }

  function render({ take: shown, name }, { file, notice }) {
    take = shown;
    save.disabled = !take;
    subject.textContent = name || 'Choose a take to save it.';
    subject.classList.toggle('ms-muted', !name);
    if (notice) {
      say(notice, 'ms-error');
    } else if (file && file.url !== seen) {
      seen = file.url;
      download(file);
      say(file.name, 'ms-saved', bytes(file.size));
    } else if (!file) {
      status.replaceChildren();
    }
  }

  element.querySelector('.ms-root').replaceChildren(
    h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Export')),
    h(
      'div',
      { class: 'ms-export' },
      subject,
      formats,
      h('label', { class: 'ms-field' }, h('span', {}, 'Rate'), rate),
      h(
        'div',
        { class: 'ms-toggles' },
        toggle('In place', 'Keep the root over where it starts', (on) => {
          choice.in_place = on;
        }),
        toggle('Mirror', 'Exchange left and right', (on) => {
          choice.mirror = on;
        }),
      ),
      save,
      status,
    ),
  );
  onView({ props, watch }, render);
}

function download({ url, name }) {
  const link = h('a', {
    href: new URL(url, document.baseURI).href,
    download: name,
    hidden: true,
  });
  document.body.append(link);
  link.click();
  link.remove();
}
