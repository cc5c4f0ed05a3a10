/** Where a motion that is being made will stand. */

import type { Aim, Project } from '../document/types';
import { ClipIndex, sourceFrame, stopOf } from './clips';

export interface Place {
  readonly row: number;
  readonly start: number;
  readonly stop: number;
  /** It takes the place of something, rather than empty room. */
  readonly over: boolean;
}

/** Seconds that are shown for a motion whose length is not known yet. */
const GUESS_S = 4;

/** Null where what it was made for is gone. */
export function aimSpan(project: Project, aim: Aim): Place | null {
  const index = ClipIndex.of(project);
  const { tracks } = project.timeline;
  const guess = Math.round(GUESS_S * project.fps);
  const open = (row: number, start: number): Place | null =>
    row < 0 ? null : { row, start, stop: start + guess, over: false };
  switch (aim.kind) {
    case 'append': {
      const row = aim.track === null ? (tracks.length ? 0 : -1) : rowOf(project, aim.track);
      return open(row, Math.max(0, ...(tracks[row]?.clips.map(stopOf) ?? [])));
    }
    case 'insert':
      return open(rowOf(project, aim.track), aim.start);
    case 'continue': {
      const base = index.get(aim.clip);
      return base ? open(base.row, stopOf(base.clip)) : null;
    }
    case 'fill': {
      const before = index.get(aim.before);
      if (!before) return null;
      const start = stopOf(before.clip);
      const stop = index.get(aim.after)?.clip.start ?? start + aim.length;
      return { row: before.row, start, stop: Math.max(stop, start + 1), over: false };
    }
    case 'replace': {
      const base = index.get(aim.clip);
      if (!base) return null;
      const { clip, row } = base;
      if (!aim.span) return { row, start: clip.start, stop: stopOf(clip), over: true };
      const first = sourceFrame(clip, 0);
      const start = clip.start + Math.max(0, aim.span.start - first);
      const stop = clip.start + Math.min(clip.frames, aim.span.stop - first);
      return { row, start, stop: Math.max(stop, start + 1), over: true };
    }
  }
}

function rowOf(project: Project, track: string): number {
  return project.timeline.tracks.findIndex((t) => t.id === track);
}
