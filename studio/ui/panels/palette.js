// Ctrl+K: every command by name.

import { commands, fit } from './commands.js';
import { h } from './dom.js';

const MOST = 60;

let sheet = null;

export function openPalette() {
  sheet ??= build();
  if (!sheet.open) sheet.begin();
}

function build() {
  const field = h('input', {
    class: 'ms-palette-field',
    type: 'text',
    placeholder: 'What do you want to do?',
    'aria-label': 'Command',
    role: 'combobox',
    'aria-expanded': 'true',
    'aria-controls': 'ms-palette-list',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const list = h('ul', { id: 'ms-palette-list', role: 'listbox', 'aria-label': 'Commands' });
  const none = h(
    'p',
    { class: 'ms-muted ms-palette-none', hidden: true },
    'No command has that name.',
  );
  const node = h('dialog', { class: 'ms-palette', 'aria-label': 'Commands' }, field, list, none);
  let all = [];
  let found = [];
  let at = 0;

  function search() {
    const words = field.value.trim();
    const ranked = all.map((each, order) => ({
      each,
      order,
      score: words
        ? Math.max(fit(words, each.title), fit(words, `${each.group} ${each.title}`) - 1)
        : 1,
    }));
    found = ranked
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || a.order - b.order)
      .slice(0, MOST)
      .map(({ each }) => each);
    list.replaceChildren(...found.map(item));
    none.hidden = found.length > 0;
    point(0);
  }

  function item(each, index) {
    const keys = (each.keys ?? []).map((key) => h('kbd', {}, key));
    const node = h(
      'li',
      { role: 'option', id: `ms-command-${index}` },
      h('span', { class: 'ms-palette-group' }, each.group),
      h('span', { class: 'ms-palette-title' }, each.title),
      ...keys,
    );
    node.addEventListener('pointermove', () => point(index));
    node.addEventListener('click', () => run(index));
    return node;
  }

  function point(index) {
    at = Math.max(0, Math.min(index, found.length - 1));
    [...list.children].forEach((row, i) => row.setAttribute('aria-selected', String(i === at)));
    field.setAttribute('aria-activedescendant', `ms-command-${at}`);
    list.children[at]?.scrollIntoView({ block: 'nearest' });
  }

  function run(index) {
    const chosen = found[index];
    node.close();
    chosen?.run();
  }

  field.addEventListener('input', search);
  node.addEventListener('keydown', (event) => {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10 }[event.key];
    if (step) point(at + step);
    else if (event.key === 'Enter') run(at);
    else if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) node.close();
    else return;
    event.preventDefault();
  });
  node.addEventListener('pointerdown', (event) => {
    if (event.target === node) node.close();
  });
  document.getElementById('ms-app').append(node);
  return {
    get open() {
      return node.open;
    },
    begin() {
      all = commands();
      field.value = '';
      node.showModal();
      search();
      field.focus();
    },
  };
}
