/** What a clip is made of, in numbers: the same arithmetic as `studio/document/model.py`. */

import type { Clip, Media, Project, Track } from '../document/types';

export const stopOf = (clip: Clip): number => clip.start + clip.frames;
export const lengthOf = (range: { start: number; stop: number }): number =>
  Math.max(0, range.stop - range.start);

/** Frames at the project's rate of the whole media at `speed`. */
export function playedFrames(media: Media, fps: number, speed: number): number {
  return Math.floor(((media.frames - 1) * fps) / (media.fps * speed) + 1e-6) + 1;
}

/** Whether it goes round in its source, or begins in the middle of it. */
export function goesRound(clip: Clip): boolean {
  return clip.frames !== lengthOf(clip.source) || clip.phase > 0;
}

/** The played frame that a clip shows `frame` frames after its start. */
export function sourceFrame(clip: Clip, frame: number): number {
  const cycle = Math.max(1, lengthOf(clip.source));
  return clip.source.start + ((((clip.phase + frame) % cycle) + cycle) % cycle);
}

/** Frames of the timeline at which a clip that goes round begins again. */
export function cycleStarts(clip: Clip): number[] {
  const cycle = lengthOf(clip.source);
  if (!goesRound(clip) || cycle < 1) return [];
  const out: number[] = [];
  for (let at = cycle - clip.phase; at < clip.frames; at += cycle) out.push(clip.start + at);
  return out;
}

/** How often a clip goes round. */
export const timesOf = (clip: Clip): number => clip.frames / Math.max(1, lengthOf(clip.source));

/** Frames of media before the head and after the tail that a trim can bring back. */
export function handles(clip: Clip, fps: number): { head: number; tail: number } {
  if (goesRound(clip)) return { head: Infinity, tail: Infinity };
  const played = playedFrames(clip.media, fps, clip.speed);
  return { head: clip.source.start, tail: Math.max(0, played - clip.source.stop) };
}

export interface Placed {
  readonly clip: Clip;
  readonly track: Track;
  /** Its row, and its place in the row. */
  readonly row: number;
  readonly index: number;
}

/** Clips by id, with where they are. One is kept for each project value. */
export class ClipIndex {
  readonly #byId = new Map<string, Placed>();
  /** The end of the last clip. */
  readonly stop: number;

  private constructor(readonly project: Project) {
    let stop = 0;
    project.timeline.tracks.forEach((track, row) => {
      track.clips.forEach((clip, index) => {
        this.#byId.set(clip.id, { clip, track, row, index });
        stop = Math.max(stop, stopOf(clip));
      });
    });
    this.stop = stop;
  }

  static readonly #known = new WeakMap<Project, ClipIndex>();

  static of(project: Project): ClipIndex {
    let found = ClipIndex.#known.get(project);
    if (!found) {
      found = new ClipIndex(project);
      ClipIndex.#known.set(project, found);
    }
    return found;
  }

  get(id: string): Placed | undefined {
    return this.#byId.get(id);
  }

  has(id: string): boolean {
    return this.#byId.has(id);
  }

  get all(): Iterable<Placed> {
    return this.#byId.values();
  }

  /** In the order of tracks and time. */
  pick(ids: Iterable<string>): Placed[] {
    const out = [...ids].map((id) => this.#byId.get(id)).filter((p) => p !== undefined);
    return out.sort((a, b) => a.row - b.row || a.index - b.index);
  }

  before({ track, index }: Placed): Clip | undefined {
    return track.clips[index - 1];
  }

  after({ track, index }: Placed): Clip | undefined {
    return track.clips[index + 1];
  }
}

/** Clips whose span meets `start <= f < stop`; `clips` are in the order of their start. */
export function* within(clips: readonly Clip[], start: number, stop: number): Iterable<Clip> {
  for (let i = firstWithin(clips, start); i < clips.length && clips[i].start < stop; i++) {
    yield clips[i];
  }
}

/** The index of the first clip that ends after `start`. No clip lies in another, so ends ascend. */
export function firstWithin(clips: readonly Clip[], start: number): number {
  let low = 0;
  let high = clips.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stopOf(clips[middle]) <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The length of the timeline as there is to see: clips, markers and range. */
export function extent(project: Project): number {
  const { markers, range } = project.timeline;
  const last = Math.max(0, ...markers.map((m) => m.frame + 1));
  return Math.max(ClipIndex.of(project).stop, last, range?.stop ?? 0);
}

/** The colour of a track's character. */
export function colorOf(project: Project, track: Track): string {
  return project.characters.find((c) => c.id === track.character)?.color ?? '#888888';
}

/** Over how many frames a clip takes over from the one before it on its track. */
export function blendFrames(clips: readonly Clip[], clip: Clip): number {
  const before = clips[clips.indexOf(clip) - 1];
  if (!before || continues(before, clip)) return 0;
  const overlap = stopOf(before) - clip.start;
  return overlap > 0 ? overlap : Math.min(clip.blend.frames, clip.frames);
}

/** Whether a clip goes on with the very next frame of the same: two parts of one that was split. */
export function continues(before: Clip, clip: Clip): boolean {
  const { x, z, turn, pinned } = clip.placement;
  return (
    stopOf(before) === clip.start &&
    before.media.id === clip.media.id &&
    before.speed === clip.speed &&
    before.reverse === clip.reverse &&
    before.mirror === clip.mirror &&
    before.in_place === clip.in_place &&
    sourceFrame(before, before.frames - 1) + 1 === sourceFrame(clip, 0) &&
    !(x || z || turn || pinned)
  );
}

/** Muted, or another of the character's tracks is soloed. */
export function isSilent(project: Project, track: Track): boolean {
  if (track.mute) return true;
  const own = project.timeline.tracks.filter((t) => t.character === track.character && !t.mute);
  return !track.solo && own.some((t) => t.solo);
}
