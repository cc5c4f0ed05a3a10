/** Motion files dropped onto a track, or below the tracks for a new one; takes onto a track. */

import { TAKE_TYPE } from './api';
import type { Desk } from './desk';
import type { Overlay } from './paint/overlay';
import { drawn } from './drags/drag';

const SUFFIXES = ['.bvh', '.glb', '.npz'];

export class FileDrop {
  readonly #abort = new AbortController();

  constructor(
    private readonly element: HTMLElement,
    private readonly desk: Desk,
    private readonly overlay: (change: Partial<Overlay>) => void,
  ) {
    const { signal } = this.#abort;
    element.addEventListener('dragover', (event) => this.#over(event), { signal });
    element.addEventListener('dragleave', () => this.overlay({ drop: null }), { signal });
    element.addEventListener('drop', (event) => this.#drop(event), { signal });
  }

  #over(event: DragEvent): void {
    const types = event.dataTransfer?.types ?? [];
    const isTake = types.includes(TAKE_TYPE);
    if (!event.dataTransfer || (!isTake && !types.includes('Files'))) return;
    event.preventDefault();
    event.stopPropagation();
    const place = this.#place(event);
    const off = !place || this.desk.readonly !== '' || (isTake && !this.#track(place.row));
    event.dataTransfer.dropEffect = off ? 'none' : 'copy';
    this.overlay({ drop: off ? null : place });
  }

  #track(row: number): string | null {
    return this.desk.project?.timeline.tracks[row]?.id ?? null;
  }

  #drop(event: DragEvent): void {
    const take = event.dataTransfer?.getData(TAKE_TYPE);
    if (take) return this.#dropTake(take, event);
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.overlay({ drop: null });
    const { desk } = this;
    const place = this.#place(event);
    if (desk.readonly) return desk.say(desk.readonly);
    if (!place) return desk.say('This track is locked; unlock it, or drop on another one.');
    const known = files.filter(({ name }) =>
      SUFFIXES.some((suffix) => name.toLowerCase().endsWith(suffix)),
    );
    if (known.length < files.length) {
      const other = files.find((file) => !known.includes(file))!;
      desk.say(`‘${other.name}’ is not a motion file; drop BVH, GLB or NPZ.`);
    }
    const track = this.#track(place.row);
    for (const file of known) desk.host.drop(file, track, place.frame);
  }

  #dropTake(take: string, event: DragEvent): void {
    event.preventDefault();
    event.stopPropagation();
    this.overlay({ drop: null });
    const { desk } = this;
    const place = this.#place(event);
    const track = place && this.#track(place.row);
    if (desk.readonly) return desk.say(desk.readonly);
    if (!place || !track) return desk.say('Drop the take on a track that is not locked.');
    desk.host.place?.(take, track, place.frame);
  }

  /** Null over a locked track. */
  #place(event: DragEvent): { frame: number; row: number } | null {
    const { desk } = this;
    const { project } = desk;
    if (!project) return null;
    const box = this.element.getBoundingClientRect();
    const wanted = Math.max(0, desk.scale.frame(event.clientX - box.left));
    const row = Math.max(0, Math.min(desk.rows.at(event.clientY - box.top), desk.rows.count));
    if (project.timeline.tracks[row]?.lock) return null;
    const { by } = drawn(project, desk.playhead, [0], wanted, desk.manner);
    return { frame: Math.max(0, by), row };
  }

  dispose(): void {
    this.#abort.abort();
  }
}
