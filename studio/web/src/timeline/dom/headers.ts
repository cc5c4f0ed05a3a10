/** Track headers: names, whose they are, mute, solo, lock; dragged up and down to reorder. */

import type { Project, SetTrack, Track } from '../../document/types';
import { button, el } from '../../overlay/dom';
import { colorOf, isSilent } from '../clips';
import { addTrack } from '../commands';
import type { Desk } from '../desk';
import { drafted } from '../drags/drag';
import { RULER_HEIGHT } from '../rows';
import { timelineIcon } from './icons';

const THRESHOLD_PX = 4;

type Switch = 'mute' | 'solo' | 'lock';
const SWITCHES: ReadonlyArray<readonly [name: Switch, letter: string, on: string, off: string]> = [
  ['mute', 'M', 'Mute', 'Unmute'],
  ['solo', 'S', 'Solo', 'Unsolo'],
  ['lock', 'L', 'Lock', 'Unlock'],
];

interface Header {
  readonly element: HTMLElement;
  readonly color: HTMLElement;
  readonly name: HTMLElement;
  readonly whose: HTMLElement;
  readonly switches: ReadonlyMap<Switch, HTMLButtonElement>;
}

export class Headers {
  readonly #list = el('div', { class: 'rows', role: 'list', 'aria-label': 'Tracks' });
  readonly #add: HTMLButtonElement;
  readonly element: HTMLElement;
  readonly #headers = new Map<string, Header>();
  #drag: { track: string; from: number; y: number; moved: boolean; pointer: number } | null = null;
  #shown: Project | null = null;

  constructor(
    private readonly desk: Desk,
    private readonly menu: (track: Track, x: number, y: number) => void,
  ) {
    this.#add = button(
      { class: 'add', title: 'Add a track', 'aria-label': 'Add track' },
      timelineIcon('add') as unknown as Node,
      () => this.#addTrack(),
    );
    this.#add.append('Add track');
    this.element = el('div', { class: 'headers' }, this.#list, this.#add);
    this.element.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        this.desk.scroll(event.deltaY);
      },
      { passive: false },
    );
  }

  show(): void {
    const { desk } = this;
    const project = desk.pictured;
    if (!project) return;
    const { tracks } = project.timeline;
    if (project !== this.#shown) {
      this.#shown = project;
      const there = new Set(tracks.map(({ id }) => id));
      for (const [id, header] of this.#headers) {
        if (there.has(id)) continue;
        header.element.remove();
        this.#headers.delete(id);
      }
      tracks.forEach((track, row) => this.#fill(project, track, row));
    }
    tracks.forEach((track, row) => {
      const { element } = this.#headers.get(track.id)!;
      element.style.top = `${desk.rows.top(row) - RULER_HEIGHT}px`;
      element.style.height = `${desk.rows.height}px`;
      element.classList.toggle('used', desk.track === track.id);
      element.classList.toggle(
        'carried',
        this.#drag?.moved === true && this.#drag.track === track.id,
      );
    });
    this.#add.style.top = `${desk.rows.bottom - RULER_HEIGHT}px`;
  }

  #fill(project: Project, track: Track, row: number): void {
    let header = this.#headers.get(track.id);
    if (!header) {
      header = this.#make(track.id);
      this.#headers.set(track.id, header);
    }
    if (this.#list.children[row] !== header.element) {
      this.#list.insertBefore(header.element, this.#list.children[row] ?? null);
    }
    const whose = project.characters.find(({ id }) => id === track.character)?.name ?? '';
    header.element.setAttribute('aria-label', `Track ${track.name}, ${whose}`);
    header.element.classList.toggle('silent', isSilent(project, track));
    header.color.style.background = colorOf(project, track);
    setText(header.name, track.name);
    setText(header.whose, whose);
    header.name.title = `${track.name} — double click to rename`;
    for (const [name, , on, off] of SWITCHES) {
      const made = header.switches.get(name)!;
      made.setAttribute('aria-pressed', String(track[name]));
      made.title = track[name] ? off : on;
      made.setAttribute('aria-label', `${on} ${track.name}`);
    }
  }

  #make(id: string): Header {
    const switches = new Map<Switch, HTMLButtonElement>();
    const row = el('div', { class: 'switches' });
    for (const [name, letter] of SWITCHES) {
      const made = button({ class: `switch ${name}`, 'data-switch': name }, letter, () =>
        this.#toggle(id, name),
      );
      switches.set(name, made);
      row.append(made);
    }
    const color = el('i', { class: 'color' });
    const name = el('span', { class: 'name' });
    const whose = el('small');
    const names = el('div', { class: 'names' }, name, whose);
    const element = el(
      'div',
      { class: 'track', role: 'listitem', 'data-track': id },
      color,
      names,
      row,
    );
    names.addEventListener('dblclick', () => this.rename(id));
    element.addEventListener('pointerdown', (event) => this.#grab(event, id));
    element.addEventListener('pointermove', (event) => this.#move(event));
    element.addEventListener('pointerup', () => this.#release());
    element.addEventListener('pointercancel', () => this.cancel());
    element.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      const track = this.#track(id);
      if (track) this.menu(track, event.clientX, event.clientY);
    });
    return { element, color, name, whose, switches };
  }

  #track(id: string): Track | undefined {
    return this.desk.project?.timeline.tracks.find((track) => track.id === id);
  }

  #toggle(id: string, name: Switch): void {
    const track = this.#track(id);
    if (!track) return;
    const value = !track[name];
    const words = { mute: ['Mute', 'Unmute'], solo: ['Solo', 'Unsolo'], lock: ['Lock', 'Unlock'] };
    const label = `${words[name][value ? 0 : 1]} track`;
    this.desk.do(label, { kind: 'set_track', track: id, [name]: value } as unknown as SetTrack);
  }

  /** Its name becomes a field. */
  rename(id: string): void {
    const header = this.#headers.get(id);
    const track = this.#track(id);
    if (!header || !track || header.element.querySelector('input')) return;
    const input = el('input', { class: 'rename', 'aria-label': 'Track name', maxlength: '200' });
    input.value = track.name;
    header.name.replaceWith(input);
    let over = false;
    const close = (take: boolean): void => {
      if (over) return;
      over = true;
      input.replaceWith(header.name);
      const name = input.value.trim();
      if (take && name && name !== track.name) {
        this.desk.do('Rename track', { kind: 'set_track', track: id, name });
      }
    };
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Enter') close(true);
      else if (event.key === 'Escape') close(false);
    });
    input.addEventListener('blur', () => close(true));
    input.focus();
    input.select();
  }

  #addTrack(): void {
    const { project, track } = this.desk;
    if (!project) return;
    const { tracks } = project.timeline;
    const like = tracks.find(({ id }) => id === track) ?? tracks.at(-1);
    const character = like?.character ?? project.characters[0]?.id;
    if (!character) return this.desk.say('Nobody is there to move; add a character first.');
    this.desk.edit(addTrack(project, character, null));
    this.desk.scroll(Infinity);
  }

  // Reordering

  #grab(event: PointerEvent, id: string): void {
    this.desk.select(this.desk.selection, id);
    if (event.button !== 0 || (event.target as Element).closest('button, input')) return;
    const from = this.desk.project?.timeline.tracks.findIndex((track) => track.id === id) ?? -1;
    this.#drag = { track: id, from, y: event.clientY, moved: false, pointer: event.pointerId };
  }

  #move(event: PointerEvent): void {
    const { desk } = this;
    const drag = this.#drag;
    const { project } = desk;
    if (!drag || !project) return;
    const by = event.clientY - drag.y;
    if (!drag.moved && Math.abs(by) < THRESHOLD_PX) return;
    if (!drag.moved) (event.currentTarget as Element).setPointerCapture(drag.pointer);
    drag.moved = true;
    const last = project.timeline.tracks.length - 1;
    const index = Math.max(0, Math.min(last, drag.from + Math.round(by / desk.rows.height)));
    const command = { kind: 'move_track', track: drag.track, index } as const;
    desk.setDraft(drafted(project, index === drag.from ? [] : [command], 'Move track', {}));
  }

  #release(): void {
    const moved = this.#drag?.moved;
    this.#drag = null;
    if (moved) this.desk.drop();
  }

  /** Whether a drag was under way. */
  cancel(): boolean {
    const moved = this.#drag?.moved ?? false;
    this.#drag = null;
    if (moved) this.desk.setDraft(null);
    return moved;
  }
}

function setText(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
