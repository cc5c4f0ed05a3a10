// The takes: one row a motion, with what was measured on it; a click shows it.

import { h, icon, iconButton, keyed, onView } from './dom.js';

export function mount(element, { props, trigger, watch, upload }) {
  const count = h('span', { class: 'ms-count' });
  const error = h('p', { class: 'ms-error', role: 'alert', hidden: true });
  const list = h('ul', { class: 'ms-takes', role: 'listbox', 'aria-label': 'Takes' });
  const empty = h(
    'div',
    { class: 'ms-empty ms-empty-small' },
    h('p', {}, 'Takes appear here: each with its length, and how well its feet hold the ground.'),
  );
  const picker = h('input', {
    type: 'file',
    accept: '.bvh,.glb,.npz',
    multiple: true,
    hidden: true,
    'aria-label': 'Motion files',
  });
  const open = iconButton('open', 'Import BVH, GLB or NPZ', () => picker.click());
  let chosen = null;

  async function receive(files) {
    for (const file of files) {
      show('');
      open.classList.add('ms-busy');
      try {
        const { path } = await upload(file);
        trigger('receive', { path, name: file.name });
      } catch {
        show(`'${file.name}' did not arrive; try again.`);
        open.classList.remove('ms-busy');
      }
    }
  }

  function show(sentence) {
    error.hidden = !sentence;
    error.replaceChildren(...(sentence ? [icon('alert'), h('span', {}, sentence)] : []));
  }

  function choose(take) {
    chosen = take;
    mark();
    trigger('choose', { take });
  }

  function mark() {
    for (const row of list.children) {
      const selected = row.dataset.key === chosen;
      row.classList.toggle('ms-selected', selected);
      row.setAttribute('aria-selected', String(selected));
      row.tabIndex = selected ? 0 : -1;
    }
  }

  function render({ takes, selected }, { notice }) {
    const before = list.childElementCount;
    open.classList.remove('ms-busy');
    chosen = selected;
    count.textContent = takes.length ? String(takes.length) : '';
    empty.hidden = takes.length > 0;
    keyed(
      list,
      takes,
      (take) => take.id,
      (take) => row(take, { choose, trigger, show }),
    );
    mark();
    show(notice);
    if (list.childElementCount > before) {
      list.querySelector('.ms-selected')?.scrollIntoView({ block: 'nearest' });
    }
  }

  list.addEventListener('keydown', (event) => {
    if (event.target.tagName === 'INPUT') return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...list.children];
    const at = rows.findIndex((row) => row.dataset.key === chosen);
    if (step && rows[at + step]) {
      event.preventDefault();
      event.stopPropagation();
      choose(rows[at + step].dataset.key);
      rows[at + step].focus();
    } else if (event.key === 'F2' && rows[at]) {
      rows[at].querySelector('.ms-rename').click();
    } else if (event.key === 'Delete' && rows[at]) {
      trigger('remove', { take: chosen });
    }
  });
  picker.addEventListener('change', () => {
    receive([...picker.files]);
    picker.value = '';
  });
  acceptDrops(receive);
  element
    .querySelector('.ms-root')
    .replaceChildren(
      h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Takes'), count, open, picker),
      error,
      h('div', { class: 'ms-takes-scroll' }, empty, list),
    );
  onView({ props, watch }, render);
}

/** Files may be dropped anywhere in the window; a veil says so while they hover. */
function acceptDrops(receive) {
  const veil = h(
    'div',
    { class: 'ms-drop-veil', hidden: true },
    h('p', {}, icon('open', 24), 'Drop to import as a take'),
  );
  document.body.append(veil);
  const carriesFiles = (event) => event.dataTransfer?.types.includes('Files');
  window.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
  });
  window.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) veil.hidden = true;
  });
  window.addEventListener('drop', (event) => {
    veil.hidden = true;
    if (!carriesFiles(event)) return;
    event.preventDefault();
    receive([...event.dataTransfer.files]);
  });
}

function row(take, { choose, trigger, show }) {
  // The number stays visible however narrow the panel is.
  const [, stem, number] = /^(.*?)( \d+)?$/.exec(take.name);
  const name = h(
    'span',
    { class: 'ms-take-name', title: take.name },
    h('span', {}, stem),
    number ?? '',
  );
  const rename = () =>
    editName(name, take, (text) => trigger('rename', { take: take.id, name: text }));
  const act = (work) => (event) => {
    event.stopPropagation();
    show('');
    work(event);
  };
  return h(
    'li',
    { class: 'ms-take', role: 'option', onclick: () => choose(take.id), ondblclick: rename },
    h(
      'div',
      { class: 'ms-take-head' },
      name,
      h(
        'span',
        { class: 'ms-take-length', title: `${take.frames} frames at ${take.fps} fps` },
        take.length,
      ),
    ),
    h('p', { class: 'ms-take-prompt', title: take.source }, take.source),
    h(
      'dl',
      { class: 'ms-measures' },
      take.measures.map((m) =>
        h(
          'div',
          { class: `ms-${m.level}`, title: `${m.value} ${m.unit}. ${m.title}.` },
          h('dt', {}, m.label),
          h('dd', {}, m.value),
        ),
      ),
    ),
    h(
      'div',
      { class: 'ms-take-actions' },
      take.can_repeat
        ? h(
            'button',
            {
              type: 'button',
              class: 'ms-text-button ms-again',
              title: 'Generate one more like this',
              onclick: act((event) => {
                event.currentTarget.classList.add('ms-busy');
                setTimeout(
                  (button) => button.classList.remove('ms-busy'),
                  1200,
                  event.currentTarget,
                );
                trigger('again', { take: take.id });
              }),
            },
            icon('again'),
            'Another take',
          )
        : null,
      iconButton('rename', 'Rename (F2)', act(rename), { class: 'ms-rename' }),
      iconButton(
        'trash',
        'Delete (Del)',
        act(() => trigger('remove', { take: take.id })),
        { class: 'ms-delete' },
      ),
    ),
  );
}

function editName(label, take, done) {
  const input = h('input', {
    class: 'ms-name-input',
    value: take.name,
    maxlength: 80,
    'aria-label': 'Name of the take',
  });
  let over = false;
  const finish = (keep) => {
    if (over) return;
    over = true;
    const text = input.value.trim();
    input.replaceWith(label);
    if (keep && text && text !== take.name) {
      label.textContent = text;
      done(text);
    }
  };
  input.addEventListener('click', (event) => event.stopPropagation());
  input.addEventListener('dblclick', (event) => event.stopPropagation());
  input.addEventListener('blur', () => finish(true));
  input.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Enter') finish(true);
    if (event.key === 'Escape') finish(false);
  });
  label.replaceWith(input);
  input.focus();
  input.select();
}
