// The takes: what one line made stands together, best first; a click shows a take as a ghost.

import { offer } from './commands.js';
import {
  capital,
  complain,
  errorLine,
  h,
  icon,
  iconButton,
  keyed,
  nameField,
  onView,
} from './dom.js';
import { receiveFiles, refuseFiles } from './drops.js';
import { isTyping } from './layout.js';
import { send as dispatch } from './outbox.js';
import { countTab, showTab } from './tabs.js';

/** As many as can be told apart side by side. */
const MOST_COMPARED = 4;

export function mount(element, { props, trigger, watch, upload }) {
  const error = errorLine();
  const list = h('div', { class: 'ms-takes', role: 'listbox', 'aria-label': 'Takes' });
  const empty = h(
    'div',
    { class: 'ms-empty ms-empty-small' },
    h(
      'p',
      {},
      'Takes appear here, the best first. Click one to see it as a ghost, Enter puts it on the timeline.',
    ),
  );
  const picker = h('input', {
    type: 'file',
    accept: '.bvh,.glb,.npz',
    multiple: true,
    hidden: true,
    'aria-label': 'Motion files',
  });
  const open = h(
    'button',
    {
      type: 'button',
      class: 'ms-text-button',
      title: 'Import BVH, GLB or NPZ; or drop them anywhere',
      onclick: () => picker.click(),
    },
    icon('open'),
    'Import',
  );
  const done = h(
    'button',
    {
      type: 'button',
      class: 'ms-text-button ms-done',
      title: 'Back to the timeline (Esc)',
      hidden: true,
      onclick: () => acts.endCompare(),
    },
    'End comparing',
  );
  let view = props.value;

  function send(event, data) {
    complain(error, '');
    dispatch(trigger, event, data);
  }

  async function receive(files) {
    for (const file of files) {
      complain(error, '');
      open.classList.add('ms-busy');
      try {
        const { path } = await upload(file);
        send('receive', { path, name: file.name });
      } catch {
        complain(error, `'${file.name}' did not arrive; try again.`);
        open.classList.remove('ms-busy');
      }
    }
  }

  /** Shown at once; the next view confirms or corrects it. */
  function choose(take) {
    view = { ...view, selected: take };
    mark();
    send('choose', { take });
  }

  const acts = {
    choose,
    send,
    compare: (take) => {
      const now = view.compared.includes(take)
        ? view.compared.filter((id) => id !== take)
        : [...view.compared, take].slice(-MOST_COMPARED);
      send('compare', { takes: now });
    },
    compareAll: (takes) => send('compare', { takes: takes.slice(0, MOST_COMPARED) }),
    endCompare: () => send('compare', { takes: [] }),
  };

  function mark() {
    for (const row of list.querySelectorAll('.ms-take')) {
      const selected = row.dataset.take === view.selected;
      row.classList.toggle('ms-selected', selected);
      row.setAttribute('aria-selected', String(selected));
      row.tabIndex = selected ? 0 : -1;
    }
    const first = list.querySelector('.ms-take');
    if (first && !view.selected) first.tabIndex = 0;
  }

  function render(newest, { notice }) {
    const before = view.takes.length;
    view = newest;
    open.classList.remove('ms-busy');
    countTab('takes', view.takes.length);
    empty.hidden = view.groups.length > 0;
    const takes = new Map(view.takes.map((take) => [take.id, take]));
    const compared = new Set(view.compared);
    const groups = [...view.groups].reverse().map((group) => ({
      ...group,
      rows: group.takes
        .map((id) => takes.get(id))
        .filter(Boolean)
        .map((take) => ({ ...take, compared: compared.has(take.id) })),
    }));
    // A row that is drawn again keeps the focus, for the next key.
    const focused = list.contains(document.activeElement);
    keyed(
      list,
      groups,
      (group) => group.id,
      (group) => groupOf(group, acts),
    );
    mark();
    if (focused && !list.contains(document.activeElement)) {
      list.querySelector('.ms-selected')?.focus({ preventScroll: true });
    }
    complain(error, notice);
    done.hidden = view.compared.length === 0;
    if (view.takes.length > before) {
      showTab('takes', false);
      list.querySelector('.ms-selected')?.scrollIntoView({ block: 'nearest' });
    }
  }

  list.addEventListener('keydown', (event) => {
    if (isTyping(event)) return;
    const rows = [...list.querySelectorAll('.ms-take')];
    const at = rows.findIndex((row) => row.dataset.take === view.selected);
    const take = rows[at]?.dataset.take;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows[at + step]) {
      choose(rows[at + step].dataset.take);
      rows[at + step].focus();
    } else if (!take) return;
    else if (event.key === 'Enter') send('accept', { take });
    else if (event.key === 'k' || event.key === 'K') rows[at].querySelector('.ms-keep')?.click();
    else if (event.key === 'F2') rows[at].querySelector('.ms-rename').click();
    else if (event.key === 'Delete') send('remove', { takes: [take] });
    else if (event.key === 'Escape' && view.compared.length > 0) acts.endCompare();
    else if (event.key === 'Escape') choose('');
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  picker.addEventListener('change', () => {
    receive([...picker.files]);
    picker.value = '';
  });
  receiveFiles(['.bvh', '.glb', '.npz'], receive);
  refuseFiles(([file]) => {
    showTab('takes');
    complain(
      error,
      `'${file.name}' is neither motion nor a project; drop BVH, GLB, NPZ or .mstudio.`,
    );
  });
  element
    .querySelector('.ms-root')
    .replaceChildren(
      h('header', { class: 'ms-panel-title' }, h('h2', {}, 'Best first'), done, open, picker),
      error,
      h('div', { class: 'ms-takes-scroll' }, empty, list),
    );
  onView({ props, watch }, render);
  offer(() => offered());

  function offered() {
    const group = 'Takes';
    const take = view.selected;
    const fresh = view.takes.filter(({ status }) => status === 'new').map(({ id }) => id);
    const importing = { group, title: 'Import motion…', run: () => picker.click() };
    const clearing = {
      group,
      title: 'Delete those neither kept nor accepted',
      run: () => send('remove', { takes: fresh }),
    };
    const one = [
      { group, title: 'Accept', keys: ['Enter'], run: () => send('accept', { take }) },
      {
        group,
        title: 'Keep for later',
        keys: ['K'],
        run: () => send('keep', { take, kept: true }),
      },
      { group, title: 'One more like it', run: () => send('again', { take }) },
      { group, title: 'Stop looking at it', keys: ['Esc'], run: () => choose('') },
    ];
    return [importing, ...(take ? one : []), ...(fresh.length ? [clearing] : [])];
  }
}

function groupOf(group, acts) {
  const { rows } = group;
  const title = group.title || capital(group.aim);
  const several = rows.length > 1;
  const comparing = rows.filter((take) => take.compared).length > 1;
  const repeats = rows.find((take) => take.can_repeat);
  return h(
    'section',
    { class: 'ms-group', role: 'group', 'aria-label': title },
    h(
      'header',
      { class: 'ms-group-head' },
      h('p', { class: 'ms-group-title', title }, title),
      several
        ? h(
            'button',
            {
              type: 'button',
              class: 'ms-text-button',
              'aria-pressed': String(comparing),
              title: comparing ? 'Back to the timeline' : 'See these side by side',
              onclick: () =>
                comparing ? acts.endCompare() : acts.compareAll(rows.map((take) => take.id)),
            },
            'Compare',
          )
        : null,
      repeats
        ? iconButton('again', 'More like these', () => acts.send('more', { take: repeats.id }))
        : null,
      !group.turn && rows.some(({ status }) => status === 'new') && several
        ? iconButton('trash', 'Delete those neither kept nor accepted', () =>
            acts.send('remove', {
              takes: rows.filter(({ status }) => status === 'new').map(({ id }) => id),
            }),
          )
        : null,
    ),
    group.aim && group.title ? h('p', { class: 'ms-group-aim' }, capital(group.aim)) : null,
    group.turn
      ? h(
          'div',
          { class: 'ms-progress', role: 'progressbar', 'aria-label': 'Generating' },
          h('div', { style: `transform: scaleX(${group.fraction})` }),
        )
      : null,
    rows.map((take) => row(take, acts)),
  );
}

function statusTag(status) {
  if (status === 'new') return null;
  const [title, mark] =
    status === 'kept' ? ['Put aside for later', 'kept'] : ['On the timeline', icon('check', 12)];
  return h('span', { class: `ms-tag ms-tag-${status}`, title }, mark);
}

function row(take, { choose, send, compare }) {
  // The number stays visible however narrow the panel is.
  const [, stem, number] = /^(.*?)( \d+)?$/.exec(take.name);
  const name = h(
    'span',
    { class: 'ms-take-name', title: take.name },
    h('span', {}, stem),
    number ?? '',
  );
  const rename = () => {
    const field = nameField(take.name, 'Name of the take', (text) => {
      field.replaceWith(name);
      if (!text) return;
      name.textContent = text;
      send('rename', { take: take.id, name: text });
    });
    name.replaceWith(field);
    field.focus();
    field.select();
  };
  const act = (work) => (event) => {
    event.stopPropagation();
    work(event);
  };
  const kept = take.status === 'kept';
  const node = h(
    'div',
    {
      class: `ms-take ms-take-${take.status} ${take.compared ? 'ms-compared' : ''}`,
      role: 'option',
      'data-take': take.id,
      draggable: 'true',
      onclick: () => choose(take.id),
      ondblclick: () => send('accept', { take: take.id }),
    },
    h(
      'div',
      { class: 'ms-take-head' },
      name,
      take.best
        ? h('span', { class: 'ms-tag', title: 'The best of these by its figures' }, 'best')
        : null,
      statusTag(take.status),
      h(
        'span',
        { class: 'ms-take-length', title: `${take.frames} frames at ${take.fps} fps` },
        take.length,
      ),
    ),
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
      h(
        'button',
        {
          type: 'button',
          class: 'ms-button ms-accept',
          title: `Put it on the timeline (Enter): ${take.aim}`,
          onclick: act(() => send('accept', { take: take.id })),
        },
        icon('check'),
        take.status === 'accepted' ? 'Again' : 'Accept',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'ms-text-button ms-keep',
          title: 'Put aside for later (K)',
          onclick: act(() => send('keep', { take: take.id, kept: !kept })),
        },
        kept ? 'Kept' : 'Keep',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'ms-text-button',
          'aria-pressed': String(take.compared),
          title: 'See it side by side with others',
          onclick: act(() => compare(take.id)),
        },
        'Compare',
      ),
      iconButton('rename', 'Rename (F2)', act(rename), { class: 'ms-rename' }),
      iconButton(
        'trash',
        'Delete (Del)',
        act(() => send('remove', { takes: [take.id] })),
        { class: 'ms-delete' },
      ),
    ),
  );
  node.addEventListener('dragstart', (event) => {
    event.dataTransfer.setData('application/x-motion-studio-take', take.id);
    event.dataTransfer.effectAllowed = 'copy';
  });
  return node;
}
