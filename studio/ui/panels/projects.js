// The projects menu: new, open, copy, save as a file, throw away.

import { h, icon, iconButton } from './dom.js';

/**
 * @param view the bar's
 * @param acts `{ask(event, data), choose(), rename(), close()}`
 */
export function projectRows(view, acts) {
  const { ask, choose, close, rename } = acts;
  const act = (work) => () => {
    close();
    work();
  };
  return [
    h(
      'div',
      { class: 'ms-menu-head' },
      button(
        'plus',
        'New',
        'Begin another project',
        act(() => ask('new_project')),
      ),
      button('open', 'Open a file', 'Open a .mstudio file', act(choose)),
      button('rename', 'Rename', 'Rename the open project', act(rename)),
    ),
    h(
      'ul',
      { class: 'ms-project-list', 'aria-label': 'Projects' },
      view.projects.map((each) => projectRow(each, { ask, act })),
    ),
    h('p', { class: 'ms-menu-foot' }, 'A .mstudio file can be dropped anywhere to open it.'),
  ];
}

function button(name, text, title, onclick) {
  return h('button', { type: 'button', class: 'ms-button', title, onclick }, icon(name), text);
}

function projectRow({ id, name, changed, length, problem, open }, { ask, act }) {
  const about = problem || `${open ? 'open, ' : ''}changed ${changed}, ${length}`;
  const row = h(
    'li',
    { class: `ms-project-row ${open ? 'ms-selected' : ''}` },
    h(
      'button',
      {
        type: 'button',
        class: 'ms-project-open',
        disabled: Boolean(problem),
        title: problem || `Open '${name}'`,
        onclick: act(() => !open && ask('open_project', { project: id })),
      },
      h('span', { class: 'ms-project-title' }, name),
      h('span', { class: `ms-project-about ${problem ? 'ms-bad-text' : ''}` }, about),
    ),
    problem
      ? null
      : iconButton(
          'copy',
          `Duplicate '${name}'`,
          act(() => ask('duplicate_project', { project: id })),
        ),
    problem
      ? null
      : iconButton(
          'save',
          `Download '${name}' as a .mstudio file`,
          act(() => ask('download_project', { project: id })),
        ),
    iconButton('trash', `Delete '${name}'`, () => confirm()),
  );
  // The list stays where it is: the question takes the place of the row.
  function confirm() {
    const keep = h('button', { type: 'button', class: 'ms-button' }, 'Keep');
    const question = h(
      'li',
      { class: 'ms-project-row ms-question' },
      h('span', {}, `Move '${name}' to the trash?`),
      h(
        'button',
        {
          type: 'button',
          class: 'ms-button ms-danger',
          onclick: act(() => ask('delete_project', { project: id })),
        },
        'Delete',
      ),
      keep,
    );
    keep.addEventListener('click', () => question.replaceWith(row));
    row.replaceWith(question);
    keep.focus();
  }
  return row;
}
