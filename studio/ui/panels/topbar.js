// The bar: the project and its history, which model answers, what it runs on, settings and help.

import { offer } from './commands.js';
import { download, h, icon, iconButton, nameField, onView, popover, segmented } from './dom.js';
import { receiveFiles } from './drops.js';
import { panelSwitches, resetLayout } from './layout.js';
import { follow, remember } from './live.js';
import { openPalette } from './palette.js';
import { send } from './outbox.js';
import { projectRows } from './projects.js';
import { theme, THEMES, setTheme } from './theme.js';

const TOUCH = {
  here: '',
  away: 'The studio does not answer; what you do now is not kept. Look whether it still runs.',
  lost: 'The studio has been started anew; reload the page to go on.',
};

export function mount(element, { props, trigger, watch, upload }) {
  let view = props.value;
  let page = '';
  let unfollow = () => {};
  let touch = 'here';
  let written = null;
  let looking = 0;
  const ask = (event, data) => send(trigger, event, data);
  const parts = bar({ ask, rename, pick: (bundle) => ask('pick', { bundle }) });
  const strip = h('div', { class: 'ms-strip', role: 'status', hidden: true });
  const picker = h('input', {
    type: 'file',
    accept: '.mstudio',
    hidden: true,
    'aria-label': 'Project file',
  });

  const menu = popover(parts.projects, 'Projects', () =>
    projectRows(view, { ask, choose: () => picker.click(), close: () => menu.hide(), rename }),
  );
  const settings = popover(parts.settings, 'Settings', () => settingRows());
  picker.addEventListener('change', () => {
    void receive([...picker.files]);
    picker.value = '';
  });
  receiveFiles(['.mstudio'], receive);

  async function receive(files) {
    for (const file of files) {
      try {
        const { path } = await upload(file);
        ask('upload_project', { path, name: file.name });
      } catch {
        say(`'${file.name}' did not arrive; try again.`);
      }
    }
  }

  function rename() {
    if (view.readonly) return say(view.readonly);
    const field = nameField(view.name, 'Name of the project', (name) => {
      field.replaceWith(parts.name);
      if (!name) return;
      parts.name.textContent = name;
      ask('rename_project', { name });
    });
    parts.name.replaceWith(field);
    field.select();
    field.focus();
  }

  let said = '';
  function say(sentence) {
    said = sentence;
    showStrip();
  }

  /** One sentence at a time, the gravest first. */
  function showStrip() {
    const kinds = [
      [TOUCH[touch], touch === 'lost' ? ['Reload', () => location.reload()] : null],
      [view.trouble, null],
      [said, ['Dismiss', () => say('')]],
      [view.readonly, ['Take over', () => ask('take_over')]],
    ];
    const [sentence, act] = kinds.find(([text]) => text) ?? ['', null];
    strip.hidden = !sentence;
    document.getElementById('ms-app')?.classList.toggle('ms-has-strip', Boolean(sentence));
    strip.classList.toggle('ms-strip-bad', sentence !== view.readonly);
    strip.replaceChildren(
      icon(sentence === view.readonly ? 'lock' : 'alert'),
      h('span', {}, sentence),
      act ? h('button', { type: 'button', class: 'ms-button', onclick: act[1] }, act[0]) : '',
    );
  }

  /** Looks are asked for one at a time; what comes meanwhile is one more look. */
  function look() {
    looking += 1;
    if (looking === 1) ask('look');
  }

  function reached(how) {
    if (how === touch) return;
    touch = how;
    showStrip();
  }

  function render(newest, answer) {
    view = newest;
    if (looking) {
      const again = looking > 1;
      looking = 0;
      if (again) look();
    }
    remember(view.project);
    if (view.page && view.page !== page) {
      unfollow();
      page = view.page;
      unfollow = follow(page, look, reached);
    }
    document.title = view.name ? `${view.name} \u2013 Motion Studio` : 'Motion Studio';
    parts.show(view);
    if (answer.notice) said = answer.notice;
    else if (answer.nonce) said = '';
    showStrip();
    menu.refresh();
    if (answer.file && answer.file.url !== written) {
      written = answer.file.url;
      download(answer.file);
    }
  }

  element.querySelector('.ms-root').replaceChildren(parts.node, strip, picker);
  onView({ props, watch }, render);
  offer(() => offered());

  function offered() {
    const group = 'Project';
    const others = view.projects.filter(({ open, problem }) => !open && !problem);
    return [
      view.undo && {
        group: 'Edit',
        title: `Undo: ${view.undo}`,
        keys: ['Ctrl', 'Z'],
        run: () => ask('undo'),
      },
      view.redo && {
        group: 'Edit',
        title: `Redo: ${view.redo}`,
        keys: ['Ctrl', 'Shift', 'Z'],
        run: () => ask('redo'),
      },
      view.readonly && { group, title: 'Take over', run: () => ask('take_over') },
      { group, title: 'New project', run: () => ask('new_project') },
      { group, title: 'Projects…', run: () => menu.show() },
      { group, title: 'Rename the project', run: rename },
      { group, title: 'Duplicate the project', run: () => ask('duplicate_project') },
      { group, title: 'Download the project', run: () => ask('download_project') },
      { group, title: 'Open a .mstudio file…', run: () => picker.click() },
      ...others.map(({ id, name }) => ({
        group,
        title: `Open ${name}`,
        run: () => ask('open_project', { project: id }),
      })),
      ...view.models.map(({ name, label }) => ({
        group: 'Model',
        title: label,
        run: () => ask('pick', { bundle: name }),
      })),
      ...THEMES.map(([name, text]) => ({
        group: 'Theme',
        title: text,
        run: () => setTheme(name),
      })),
      { group: 'Window', title: 'Settings…', run: () => settings.show() },
      { group: 'Window', title: 'Lay out the panels as at first', run: resetLayout },
    ].filter(Boolean);
  }
}

/** The bar's own elements, and how they show a view. */
function bar({ ask, rename, pick }) {
  const name = h('button', {
    type: 'button',
    class: 'ms-project-name',
    title: 'Rename the project',
    onclick: rename,
  });
  const projects = iconButton('down', 'Projects', () => {}, { class: 'ms-projects' });
  const saved = h('span', { class: 'ms-save-state', role: 'status' });
  const undo = iconButton('undo', 'Undo', () => ask('undo'));
  const redo = iconButton('redo', 'Redo', () => ask('redo'));
  const model = h('select', {
    id: 'ms-model',
    title: 'The model that answers',
    onchange: () => pick(model.value),
  });
  const licence = h('span', { class: 'ms-licence' });
  const device = h('span', { class: 'ms-device' });
  const settings = iconButton('settings', 'Settings', () => {});
  const commands = h(
    'button',
    {
      type: 'button',
      class: 'ms-text-button ms-commands',
      title: 'Every command by name (Ctrl+K)',
      onclick: openPalette,
    },
    h('kbd', {}, 'Ctrl K'),
  );
  const help = iconButton('help', 'Shortcuts (?)', () =>
    document.dispatchEvent(new Event('ms-help')),
  );
  const node = h(
    'div',
    { class: 'ms-bar' },
    h('h1', { class: 'ms-brand' }, icon('figure', 18), h('span', {}, 'Motion Studio')),
    h('div', { class: 'ms-project' }, name, projects),
    saved,
    h('span', { class: 'ms-bar-space' }),
    h('div', { class: 'ms-history', role: 'group', 'aria-label': 'History' }, undo, redo),
    h('label', { class: 'ms-label', for: 'ms-model' }, 'Model'),
    model,
    licence,
    device,
    h('div', { class: 'ms-history' }, commands, settings, help),
  );

  function step(button, word, keys, what) {
    button.disabled = !what;
    button.title = what ? `${word}: ${what} (${keys})` : `Nothing to ${word.toLowerCase()}`;
    button.setAttribute('aria-label', word);
  }

  function show(view) {
    name.textContent = view.name || '\u2026';
    saved.textContent = view.trouble ? 'not saved' : view.saved ? `saved ${view.saved}` : '';
    saved.title = view.trouble || (view.saved ? 'Everything is kept as you do it' : '');
    saved.classList.toggle('ms-unsaved', Boolean(view.trouble));
    step(undo, 'Undo', 'Ctrl+Z', view.undo);
    step(redo, 'Redo', 'Ctrl+Shift+Z', view.redo);
    const { models, chosen } = view;
    model.replaceChildren(...models.map((each) => h('option', { value: each.name }, each.label)));
    model.hidden = models.length === 0;
    if (chosen) model.value = chosen;
    const now = models.find((each) => each.name === chosen);
    licence.textContent = now ? now.licence : 'No model is installed';
    licence.title = now ? now.note : 'Add one with: motion-studio bundle add FOLDER';
    licence.classList.toggle('ms-restricted', Boolean(now?.restricted) || !now);
    device.replaceChildren(icon('chip'), view.device.label);
    device.title = view.device.note;
  }

  return { node, name, projects, settings, show };
}

function settingRows() {
  return [
    h('h3', {}, 'Theme'),
    segmented('Theme', THEMES, theme(), setTheme),
    h('h3', {}, 'Panels'),
    ...panelSwitches(),
    h(
      'button',
      {
        type: 'button',
        class: 'ms-button',
        title: 'Sizes and panels as at first',
        onclick: resetLayout,
      },
      'Reset the layout',
    ),
  ];
}
