/** Clips in time: `studio/document/edits/arrange.py`. `commands.py` draws what each does. */

import type {
  AddClip,
  Clip,
  DuplicateClip,
  MoveClip,
  Placement,
  Project,
  RemoveClip,
  SlipClip,
  SplitClip,
  Track,
  TrimClip,
} from '../../document/types';
import { goesRound, lengthOf, stopOf } from '../clips';
import {
  closedUp,
  moved,
  rowBelow,
  targets,
  trackCalled,
  unlocked,
  withEach,
  withLanes,
  withLengths,
  withRoom,
  type Lanes,
} from './lanes';
import { Refusal } from './refusal';
import { called } from './rules';

const NOWHERE: Placement = { x: 0, z: 0, turn: 0, pinned: false };

export function add(project: Project, { track: id, clip, ripple }: AddClip): Project {
  const track = unlocked(trackCalled(project, id));
  const lane = ripple ? withRoom(track.clips, clip) : [...track.clips, clip];
  return withLanes(project, new Map([[id, lane]]));
}

export function remove(project: Project, { target, ripple }: RemoveClip): Project {
  const found = targets(project, target);
  const lanes: Lanes = new Map();
  for (const { track } of found.values()) {
    const kept = track.clips.filter((clip) => !found.has(clip.id));
    const gone = track.clips.filter((clip) => found.has(clip.id));
    lanes.set(track.id, ripple ? closedUp(kept, gone) : kept);
  }
  return withLanes(project, lanes);
}

export function move(project: Project, { target, by = 0, rows = 0, ripple }: MoveClip): Project {
  const found = targets(project, target);
  const lanes: Lanes = new Map();
  for (const { track } of found.values()) {
    if (lanes.has(track.id)) continue;
    const kept = track.clips.filter((clip) => !found.has(clip.id));
    const first = Math.min(...track.clips.filter((c) => found.has(c.id)).map((c) => c.start));
    const along = (clip: Clip): Clip => moved(clip, ripple && clip.start > first ? by : 0);
    lanes.set(track.id, kept.map(along));
  }
  for (const { track, clip } of found.values()) {
    const there = rowBelow(project, track, rows);
    lanes.set(there.id, [...(lanes.get(there.id) ?? there.clips), moved(clip, by)]);
  }
  return withLanes(project, lanes);
}

export function trim(project: Project, { target, edge, frame, ripple }: TrimClip): Project {
  const change = (clip: Clip): Clip => {
    if (edge === 'tail') return lengthened(clip, frame - stopOf(clip));
    return beheaded(clip, frame - clip.start, ripple ? clip.start : frame);
  };
  return withLengths(project, target, change, ripple ?? false);
}

export function slip(project: Project, { target, by }: SlipClip): Project {
  return withEach(project, target, (clip) => ({
    ...clip,
    source: { start: clip.source.start + by, stop: clip.source.stop + by },
  }));
}

export function split(project: Project, { target, frame, made }: SplitClip): Project {
  const found = targets(project, target);
  const lanes: Lanes = new Map();
  [...found.values()].forEach(({ track, clip }, i) => {
    const [left, right] = parts(track, clip, frame, made[i]);
    const lane = lanes.get(track.id) ?? track.clips;
    lanes.set(
      track.id,
      lane.flatMap((each) => (each.id === clip.id ? [left, right] : [each])),
    );
  });
  return withLanes(project, lanes);
}

export function duplicate(project: Project, command: DuplicateClip): Project {
  const { target, made, by, rows = 0, ripple } = command;
  const copies = [...targets(project, target).values()].map(({ track, clip }, i) => ({
    track: rowBelow(project, track, rows),
    copy: { ...moved(clip, by), id: made[i] },
  }));
  const lanes: Lanes = new Map();
  for (const { track, copy } of copies.sort((a, b) => a.copy.start - b.copy.start)) {
    const lane = lanes.get(track.id) ?? track.clips;
    lanes.set(track.id, ripple ? withRoom(lane, copy) : [...lane, copy]);
  }
  return withLanes(project, lanes);
}

function lengthened(clip: Clip, by: number): Clip {
  const { start, stop } = clip.source;
  const source = goesRound(clip) ? clip.source : { start, stop: stop + by };
  return { ...clip, frames: clip.frames + by, source };
}

/** `clip` without its first `by` frames, or with that many more, beginning at `start`. */
function beheaded(clip: Clip, by: number, start: number): Clip {
  const out = { ...clip, start, frames: clip.frames - by };
  if (!goesRound(clip)) {
    return { ...out, source: { start: clip.source.start + by, stop: clip.source.stop } };
  }
  return { ...out, phase: modulo(clip.phase + by, lengthOf(clip.source)) };
}

function parts(track: Track, clip: Clip, frame: number, made: string): [Clip, Clip] {
  if (frame <= clip.start || frame >= stopOf(clip)) {
    throw new Refusal(
      `${called(clip)} cannot be split at frame ${frame}; choose one between ` +
        `${clip.start} and ${stopOf(clip)}.`,
    );
  }
  for (const other of track.clips) {
    const fromBefore = other.start < clip.start && frame <= stopOf(other);
    if (fromBefore || (clip.start < other.start && other.start <= frame)) {
      throw new Refusal(
        `${called(clip)} overlaps ${called(other)} where it would be split; ` +
          'split it outside the overlap.',
      );
    }
  }
  const by = frame - clip.start;
  // What goes round after its end has to go round in all of it still.
  const whole = goesRound(clip) || clip.extrapolate === 'loop';
  const right: Clip = {
    ...clip,
    id: made,
    start: frame,
    frames: stopOf(clip) - frame,
    source: whole ? clip.source : { start: clip.source.start + by, stop: clip.source.stop },
    phase: whole ? modulo(clip.phase + by, lengthOf(clip.source)) : 0,
    placement: NOWHERE,
  };
  return [lengthened(clip, frame - stopOf(clip)), right];
}

export function modulo(value: number, by: number): number {
  return by > 0 ? ((value % by) + by) % by : 0;
}
