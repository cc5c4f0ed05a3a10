/** What is under the pointer. */

import type { Clip, Marker, Project, Track } from '../document/types';
import type { JoinView } from './api';
import { blendFrames, extent, firstWithin, stopOf } from './clips';
import { clipBox, TITLE_PX } from './paint/picture';
import { OVERVIEW_HEIGHT, RULER_HEIGHT, STRIP_HEIGHT, type Rows } from './rows';
import type { Scale } from './scale';

export type Hit =
  | { readonly on: 'clip'; readonly clip: Clip; readonly track: Track; readonly part: ClipPart }
  | { readonly on: 'seam'; readonly join: JoinView; readonly clip: Clip; readonly track: Track }
  | { readonly on: 'gap'; readonly before: Clip; readonly after: Clip; readonly track: Track }
  | { readonly on: 'lane'; readonly track: Track | null }
  | { readonly on: 'marker'; readonly marker: Marker }
  | { readonly on: 'range'; readonly grip: 'start' | 'stop' | 'both' }
  | { readonly on: 'ruler' }
  | { readonly on: 'overview' };

export type ClipPart = 'head' | 'tail' | 'blend' | 'body';

export interface Ground {
  readonly project: Project;
  readonly joins: readonly JoinView[];
  readonly scale: Scale;
  readonly rows: Rows;
}

/** How far from an edge still takes hold of it, within and beyond. */
const GRIP_PX = 7;
const BEYOND_PX = 4;
export const SEAM_PX = 5;
const MARKER_PX = 6;
const HANDLE_PX = 6;
/** Narrower clips have no grips, so that they can still be carried. */
const LEAST_GRIPS_PX = 14;

export function hitAt(x: number, y: number, ground: Ground): Hit {
  if (y < RULER_HEIGHT) return rulerHit(x, y, ground);
  if (y >= RULER_HEIGHT + ground.rows.area) return { on: 'overview' };
  const row = ground.rows.at(y);
  const track = ground.project.timeline.tracks[row];
  if (!track) return { on: 'lane', track: null };
  return seamHit(x, y, row, ground) ?? clipHit(x, y, row, ground) ?? gapHit(x, track, ground);
}

/** The height of everything the canvas shows. */
export function fullHeight(rows: Rows): number {
  return RULER_HEIGHT + rows.area + OVERVIEW_HEIGHT;
}

function rulerHit(x: number, y: number, { project, scale }: Ground): Hit {
  const { markers, range } = project.timeline;
  if (y < STRIP_HEIGHT + 2) {
    const near = [...markers].reverse().find(({ frame }) => {
      const at = scale.x(frame);
      return x >= at - MARKER_PX && x <= at + MARKER_PX;
    });
    if (near) return { on: 'marker', marker: near };
  }
  if (range && y < STRIP_HEIGHT) {
    const [from, to] = [scale.x(range.start), scale.x(range.stop)];
    if (Math.abs(x - to) <= GRIP_PX) return { on: 'range', grip: 'stop' };
    if (Math.abs(x - from) <= GRIP_PX) return { on: 'range', grip: 'start' };
    if (x > from && x < to) return { on: 'range', grip: 'both' };
  }
  return { on: 'ruler' };
}

/** Where the mark of a join is drawn. */
export function seamAt(
  join: JoinView,
  row: number,
  { scale, rows }: Pick<Ground, 'scale' | 'rows'>,
): { x: number; y: number } {
  return { x: scale.x(join.frame), y: rows.top(row) + rows.height - 15 };
}

function seamHit(x: number, y: number, row: number, ground: Ground): Hit | null {
  const track = ground.project.timeline.tracks[row];
  for (const join of ground.joins) {
    if (join.track !== track.id) continue;
    const at = seamAt(join, row, ground);
    if (Math.abs(x - at.x) > SEAM_PX + 1 || Math.abs(y - at.y) > SEAM_PX + 1) continue;
    const clip = track.clips.find((each) => each.id === join.clip);
    if (clip) return { on: 'seam', join, clip, track };
  }
  return null;
}

function clipHit(x: number, y: number, row: number, ground: Ground): Hit | null {
  const { project, scale, rows } = ground;
  const track = project.timeline.tracks[row];
  const first = firstWithin(track.clips, scale.frame(x - BEYOND_PX));
  let best: Hit | null = null;
  // Of clips that overlap the later lies on top; its head is taken before the other's tail.
  for (let i = first; i < track.clips.length; i++) {
    const clip = track.clips[i];
    const box = clipBox(clip, row, { scale, rows });
    if (box.x > x + BEYOND_PX) break;
    if (y < box.y || y > box.y + box.height) continue;
    const part = partAt(
      x,
      y,
      box,
      blendFrames(track.clips, clip) * scale.pixels,
      overlaps(track.clips, i),
    );
    if (!part) continue;
    const inside = x >= box.x && x < box.x + box.width;
    const found: Hit = { on: 'clip', clip, track, part };
    if (best && best.on === 'clip' && !inside) continue;
    best = found;
  }
  return best;
}

function overlaps(clips: readonly Clip[], index: number): boolean {
  const before = clips[index - 1];
  return before !== undefined && stopOf(before) > clips[index].start;
}

function partAt(
  x: number,
  y: number,
  box: { x: number; y: number; width: number },
  ramp: number,
  overlap: boolean,
): ClipPart | null {
  const [left, right] = [x - box.x, box.x + box.width - x];
  if (box.width < LEAST_GRIPS_PX) return left >= 0 && right > 0 ? 'body' : null;
  const grip = Math.min(GRIP_PX, box.width / 4);
  if (ramp > 0 && !overlap && y - box.y >= TITLE_PX && y - box.y < TITLE_PX + 10) {
    if (Math.abs(left - Math.min(ramp, box.width)) <= HANDLE_PX && left > grip) return 'blend';
  }
  if (left >= -BEYOND_PX && left < grip) return 'head';
  if (right > -BEYOND_PX && right <= grip) return 'tail';
  return left >= 0 && right > 0 ? 'body' : null;
}

function gapHit(x: number, track: Track, { project, scale }: Ground): Hit {
  const frame = scale.frame(x);
  const next = firstWithin(track.clips, frame);
  const [before, after] = [track.clips[next - 1], track.clips[next]];
  if (before && after && frame < extent(project)) return { on: 'gap', before, after, track };
  return { on: 'lane', track };
}

/** Clips that a box from one corner to the other touches. */
export function clipsInBox(
  { project, scale, rows }: Ground,
  a: { x: number; y: number },
  b: { x: number; y: number },
): string[] {
  const [top, bottom] = [Math.min(a.y, b.y), Math.max(a.y, b.y)];
  const [from, to] = [scale.frame(Math.min(a.x, b.x)), scale.frame(Math.max(a.x, b.x))];
  return project.timeline.tracks.flatMap((track, row) => {
    const box = clipBox({ start: 0, frames: 1 }, row, { scale, rows });
    if (track.lock || box.y > bottom || box.y + box.height < top) return [];
    return track.clips
      .filter((clip) => clip.start < to && stopOf(clip) > from)
      .map((clip) => clip.id);
  });
}
