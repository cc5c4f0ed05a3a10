/** What a dragged edge is drawn to. */

import type { Project } from '../document/types';

/** How near the hand has to come, in pixels. */
export const REACH_PX = 8;

/** What to leave out because it is what moves. */
export interface SnapExcept {
  readonly clips?: ReadonlySet<string>;
  readonly marker?: string;
  readonly playhead?: boolean;
  readonly range?: boolean;
}

/** Frames that edges are drawn to, ascending: edges of clips, playhead, markers, range, start. */
export function snapTargets(
  project: Project,
  playhead: number,
  except: SnapExcept = {},
): readonly number[] {
  const found = new Set<number>([0]);
  for (const track of project.timeline.tracks) {
    for (const clip of track.clips) {
      if (except.clips?.has(clip.id)) continue;
      found.add(clip.start).add(clip.start + clip.frames);
    }
  }
  for (const marker of project.timeline.markers) {
    if (marker.id !== except.marker) found.add(marker.frame);
  }
  const { range } = project.timeline;
  if (range && !except.range) found.add(range.start).add(range.stop);
  if (!except.playhead) found.add(Math.round(playhead));
  return [...found].sort((a, b) => a - b);
}

export interface Snapped {
  readonly by: number;
  /** The frame that an edge was drawn to, or null. */
  readonly at: number | null;
}

/**
 * The whole number of frames nearest to `by` that brings one of `edges` to a target, if one is
 * within `reach` frames; otherwise `by` rounded.
 */
export function snap(
  edges: readonly number[],
  by: number,
  targets: readonly number[],
  reach: number,
): Snapped {
  let best: Snapped = { by: Math.round(by), at: null };
  let distance = reach;
  for (const edge of edges) {
    const target = nearest(targets, edge + by);
    if (target === null) continue;
    const off = Math.abs(target - edge - by);
    if (off > distance || (off === distance && best.at !== null)) continue;
    distance = off;
    best = { by: target - edge, at: target };
  }
  return best;
}

/** The member of the ascending `targets` that is nearest to `value`. */
export function nearest(targets: readonly number[], value: number): number | null {
  let low = 0;
  let high = targets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (targets[middle] < value) low = middle + 1;
    else high = middle;
  }
  const after = targets[low];
  const before = targets[low - 1];
  if (before === undefined) return after ?? null;
  if (after === undefined) return before;
  return value - before <= after - value ? before : after;
}
