/** Finding clips and tracks, and putting changed clips back: `studio/document/edits/lanes.py`. */

import type { Clip, Project, Track } from '../../document/types';
import { ClipIndex, stopOf, type Placed } from '../clips';
import { Refusal } from './refusal';

export type Lanes = Map<string, readonly Clip[]>;

export function trackCalled(project: Project, id: string): Track {
  const found = project.timeline.tracks.find((track) => track.id === id);
  if (!found) throw new Refusal(`There is no track ${id}; choose one that is there.`);
  return found;
}

export function unlocked(track: Track): Track {
  if (track.lock) throw new Refusal(`Track '${track.name}' is locked; unlock it first.`);
  return track;
}

/** The clips of some ids with their tracks, none of them locked, in the order of `target`. */
export function targets(project: Project, target: readonly string[]): Map<string, Placed> {
  if (target.length === 0) throw new Refusal('No clip is chosen; choose one first.');
  const index = ClipIndex.of(project);
  const found = new Map<string, Placed>();
  for (const id of target) {
    const placed = index.get(id);
    if (!placed) throw new Refusal(`There is no clip ${id} any more; choose one that is there.`);
    unlocked(placed.track);
    found.set(id, placed);
  }
  return found;
}

/** The track `rows` below `track`, not locked. */
export function rowBelow(project: Project, track: Track, rows: number): Track {
  const { tracks } = project.timeline;
  const found = tracks[tracks.findIndex((each) => each.id === track.id) + rows];
  if (found) return unlocked(found);
  const side = rows > 0 ? 'below' : 'above';
  throw new Refusal(`There is no track ${Math.abs(rows)} ${side} '${track.name}'; add one there.`);
}

export function withTracks(project: Project, tracks: readonly Track[]): Project {
  return { ...project, timeline: { ...project.timeline, tracks } };
}

/** Other clips on some tracks, put in order; other tracks stay the same objects. */
export function withLanes(project: Project, lanes: Lanes): Project {
  return withTracks(
    project,
    project.timeline.tracks.map((track) => {
      const lane = lanes.get(track.id);
      return lane ? { ...track, clips: ordered(lane) } : track;
    }),
  );
}

function ordered(clips: readonly Clip[]): readonly Clip[] {
  return [...clips].sort((a, b) => a.start - b.start || stopOf(a) - stopOf(b));
}

export function withEach(
  project: Project,
  target: readonly string[],
  change: (clip: Clip) => Clip,
): Project {
  return withLengths(project, target, change, false);
}

/** Each target changed where it is; with `ripple` what follows keeps its distance. */
export function withLengths(
  project: Project,
  target: readonly string[],
  change: (clip: Clip) => Clip,
  ripple: boolean,
): Project {
  const found = targets(project, target);
  const lanes: Lanes = new Map();
  for (const { track } of found.values()) {
    let by = 0;
    const lane = track.clips.map((clip) => {
      const changed = found.has(clip.id) ? change(clip) : clip;
      const out = moved(changed, by);
      if (ripple) by += stopOf(changed) - stopOf(clip);
      return out;
    });
    lanes.set(track.id, lane);
  }
  return withLanes(project, lanes);
}

/** The same object where it does not move. */
export function moved(clip: Clip, by: number): Clip {
  return by ? { ...clip, start: clip.start + by } : clip;
}

/** `clips` and `added`; what begins there or later moves by as much as is not shared. */
export function withRoom(clips: readonly Clip[], added: Clip): Clip[] {
  const before = clips.filter((clip) => clip.start < added.start);
  const after = clips.filter((clip) => clip.start >= added.start);
  const begin = Math.max(added.start, ...before.map(stopOf));
  const by = Math.max(stopOf(added) - begin, 0);
  return [...before, added, ...after.map((clip) => moved(clip, by))];
}

/** `kept`, moved earlier by what only the clips `gone` covered. */
export function closedUp(kept: readonly Clip[], gone: readonly Clip[]): Clip[] {
  const edges = [...kept, ...gone].flatMap((clip) => [clip.start, stopOf(clip)]);
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  const covered = (clips: readonly Clip[], frame: number): boolean =>
    clips.some((clip) => clip.start <= frame && frame < stopOf(clip));
  const freed = sorted
    .slice(0, -1)
    .map((start, i) => ({ start, stop: sorted[i + 1] }))
    .filter(({ start }) => covered(gone, start) && !covered(kept, start));
  return kept.map((clip) => {
    const before = freed.filter(({ stop }) => stop <= clip.start);
    return moved(clip, -before.reduce((sum, { start, stop }) => sum + stop - start, 0));
  });
}
