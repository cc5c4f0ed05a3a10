/** Ghosts: what a take under review would change, and only where it would. */

import type { GhostSpec } from './api';
import type { Evaluator } from './document/evaluate';
import { WIDTH } from './document/skeleton';
import type { Clip, ClipId, Project, Track } from './document/types';
import type { GhostView } from './document/view';
import type { Motion } from './motion';

/** A clip and where it lies. */
export interface Placed {
  readonly track: Track;
  readonly clip: Clip;
}

/** The clips that are new in `after`, or play another media there. */
export function newClips(before: Project, after: Project): Placed[] {
  const known = new Map<ClipId, Clip>();
  for (const { clips } of before.timeline.tracks)
    for (const each of clips) known.set(each.id, each);
  return after.timeline.tracks.flatMap((track) =>
    track.clips
      .filter(({ id, media }) => known.get(id)?.media.id !== media.id)
      .map((clip) => ({ track, clip })),
  );
}

/** Makes ghosts; those that have not changed are the same objects as before. */
export class Ghosts {
  readonly #evaluator: Evaluator;
  #last: readonly GhostSpec[] = [];

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  /** Of clips of `ghost`'s project. Those whose media is not here yet are left out. */
  of(ghost: GhostView, clips: readonly Placed[]): readonly GhostSpec[] {
    const made: GhostSpec[] = [];
    for (const { track, clip } of clips) {
      const motion = this.#evaluator.motion(ghost.project, track.character);
      if (!motion) continue;
      const spec = { id: `ghost ${clip.id}`, name: ghost.name, start: clip.start };
      const stop = Math.min(clip.start + clip.frames, motion.frames);
      made.push(this.#kept(spec, motion, stop));
    }
    this.#last = made;
    return made;
  }

  #kept(spec: Omit<GhostSpec, 'motion'>, whole: Motion, stop: number): GhostSpec {
    const motion = sliced(whole, spec.start, stop);
    const last = this.#last.find(({ id }) => id === spec.id);
    return last && sameGhost(last, { ...spec, motion }) ? last : { ...spec, motion };
  }
}

/** The same frames of the same array: slices are views. */
function sameGhost(a: GhostSpec, b: GhostSpec): boolean {
  const [p, q] = [a.motion.rotations, b.motion.rotations];
  const frames = p.buffer === q.buffer && p.byteOffset === q.byteOffset && p.length === q.length;
  return frames && a.name === b.name && a.start === b.start;
}

/** Frames `start <= f < stop`, uncopied. */
function sliced(motion: Motion, start: number, stop: number): Motion {
  return {
    ...motion,
    frames: stop - start,
    rootPositions: motion.rootPositions.subarray(start * 3, stop * 3),
    rotations: motion.rotations.subarray(start * WIDTH, stop * WIDTH),
    contacts: null,
    feet: motion.feet?.subarray(start, stop) ?? null,
  };
}
