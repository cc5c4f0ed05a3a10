/** The clips as a list, out of sight: for screen readers, and for tests to find them by name. */

import type { Project } from '../../document/types';
import { el } from '../../overlay/dom';
import { clockTime } from '../ticks';
import { stopOf } from '../clips';

export class ClipList {
  readonly element = el('div', {
    class: 'unseen',
    role: 'listbox',
    'aria-label': 'Clips',
    'aria-multiselectable': 'true',
  });
  #project: Project | null = null;
  #shown = '';
  #selection: ReadonlySet<string> | null = null;

  constructor(choose: (clip: string, add: boolean) => void) {
    this.element.addEventListener('click', (event) => {
      const option = (event.target as Element).closest('[role=option]');
      const id = option?.getAttribute('data-clip');
      if (id) choose(id, event.shiftKey || event.ctrlKey || event.metaKey);
    });
  }

  show(project: Project, selection: ReadonlySet<string>): void {
    if (project !== this.#project) this.#fill(project);
    if (selection === this.#selection) return;
    this.#selection = selection;
    for (const option of this.element.children) {
      const chosen = selection.has(option.getAttribute('data-clip')!);
      option.setAttribute('aria-selected', String(chosen));
    }
  }

  #fill(project: Project): void {
    this.#project = project;
    const rows = project.timeline.tracks.flatMap((track) =>
      track.clips.map((clip) => {
        const time = (frame: number): string => clockTime(frame / project.fps, 2);
        const off = clip.enabled ? '' : ', disabled';
        return {
          id: clip.id,
          text:
            `${clip.name}, on ${track.name}, frame ${clip.start} to ${stopOf(clip)}, ` +
            `${time(clip.start)} to ${time(stopOf(clip))}${off}`,
          start: clip.start,
          stop: stopOf(clip),
          track: track.id,
        };
      }),
    );
    const content = JSON.stringify(rows);
    if (content === this.#shown) return;
    this.#shown = content;
    this.#selection = null;
    this.element.replaceChildren(
      ...rows.map(({ id, text, start, stop, track }) =>
        el(
          'div',
          {
            role: 'option',
            id: `clip-option-${id}`,
            'data-clip': id,
            'data-on': track,
            'data-start': String(start),
            'data-stop': String(stop),
          },
          text,
        ),
      ),
    );
  }
}
