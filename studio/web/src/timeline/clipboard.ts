/** Clips that were copied, with where they lay to each other. */

import type { Clip, EditCommand, Project } from '../document/types';
import { ClipIndex } from './clips';
import { isFree, type Edit } from './commands';
import { countClips } from './drags/drag';
import { fresh } from './fresh';

interface Copied {
  readonly clip: Clip;
  /** Tracks below the uppermost that was copied from. */
  readonly row: number;
}

export class Clipboard {
  #clips: readonly Copied[] = [];
  #top = 0;

  get empty(): boolean {
    return this.#clips.length === 0;
  }

  copy(project: Project, clips: Iterable<string>): number {
    const placed = ClipIndex.of(project).pick(clips);
    if (placed.length === 0) return 0;
    this.#top = Math.min(...placed.map(({ row }) => row));
    this.#clips = placed.map(({ clip, row }) => ({ clip, row: row - this.#top }));
    return placed.length;
  }

  /**
   * The copies from `frame` on, the uppermost on `row`, or on the track it came from. Where they
   * would overlap what is there, that makes room.
   */
  paste(project: Project, frame: number, row: number | null, ripple: boolean): Edit | null {
    if (this.empty) return null;
    const first = Math.min(...this.#clips.map(({ clip }) => clip.start));
    const { tracks } = project.timeline;
    const deepest = Math.max(...this.#clips.map((each) => each.row));
    const top = Math.max(0, Math.min(row ?? this.#top, tracks.length - 1 - deepest));
    const made = fresh(project, 'clip', this.#clips.length);
    const add = (room: boolean): EditCommand[] =>
      this.#clips.map(({ clip, row: below }, i) => ({
        kind: 'add_clip',
        track: tracks[top + below]?.id ?? '',
        clip: { ...clip, id: made[i], start: frame + clip.start - first },
        ripple: room,
      }));
    const fits = this.#clips.every(({ clip, row: below }) => {
      const start = frame + clip.start - first;
      const track = tracks[top + below];
      return !track || isFree(track, { start, stop: start + clip.frames });
    });
    const label = `Paste ${countClips(this.#clips.length)}`;
    return { commands: add(ripple || !fits), label, select: made };
  }
}
