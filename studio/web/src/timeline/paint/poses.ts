/** What a clip's motion looks like: poses along it, and which foot stands. */

import type { Clip } from '../../document/types';
import type { ClipMotion } from '../api';
import { cycleStarts, sourceFrame, stopOf } from '../clips';
import { CONTACTS_PX, TITLE_PX, type ClipBox, type Picture } from './picture';
import { thumbStep } from './thumbs';

/** Width of a thumbnail for a clip of this height; figures reach into their neighbours' room. */
export function thumbSize(height: number): { width: number; height: number } {
  const inner = Math.max(8, height - TITLE_PX - CONTACTS_PX);
  return { width: Math.round(inner * 0.95), height: inner };
}

/** Stretches of the timeline in which played frames run on without a turn. */
function* runs(
  clip: Clip,
  from: number,
  to: number,
): Iterable<{ start: number; stop: number; shift: number }> {
  const starts = [clip.start, ...cycleStarts(clip)];
  for (let i = 0; i < starts.length; i++) {
    const start = starts[i];
    const stop = starts[i + 1] ?? stopOf(clip);
    if (stop <= from || start >= to) continue;
    yield { start, stop, shift: sourceFrame(clip, start - clip.start) - start };
  }
}

export function paintPoses(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  clip: Clip,
  box: ClipBox,
): void {
  const source = picture.motions.get(clip.id);
  if (!source || clip.frames < 1) return;
  const { scale } = picture;
  const size = thumbSize(box.height);
  const step = thumbStep(scale.pixels, size.width * 0.84);
  const top = box.y + TITLE_PX;
  const inside = { left: box.x + 1, right: box.x + box.width - 1 };
  const [first, last] = [scale.frame(box.x), scale.frame(box.x + box.width)];
  for (const { start, stop, shift } of runs(clip, first, last)) {
    const edges = {
      left: Math.max(inside.left, scale.x(start)),
      right: Math.min(inside.right, scale.x(stop)),
    };
    const reach = size.width / scale.pixels;
    const from = Math.floor((Math.max(first, start) - reach + shift) / step) * step;
    const until = Math.min(last, stop) + reach + shift;
    for (let frame = Math.max(0, from); frame < until; frame += step) {
      if (frame >= source.motion.frames) break;
      const x = scale.x(frame - shift + 0.5) - size.width / 2;
      if (x + size.width * 0.5 < edges.left || x + size.width * 0.5 > edges.right) continue;
      pose(pen, picture, source, frame, x, top, size, edges);
    }
  }
}

/** Cut by hand at the edges: a clip path for every clip would cost more than all the rest. */
function pose(
  pen: CanvasRenderingContext2D,
  { thumbs }: Picture,
  source: ClipMotion,
  frame: number,
  x: number,
  y: number,
  size: { width: number; height: number },
  edges: { left: number; right: number },
): void {
  const tile = thumbs.get(source, Math.round(frame));
  if (!tile) return;
  const left = Math.max(x, edges.left);
  const right = Math.min(x + size.width, edges.right);
  if (right - left < 1) return;
  const ratio = tile.width / size.width;
  pen.drawImage(
    tile.sheet,
    tile.x + (left - x) * ratio,
    tile.y,
    (right - left) * ratio,
    tile.height,
    left,
    y,
    right - left,
    size.height,
  );
}

/** One bar a foot, left above right, where it stands. */
export function paintContacts(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  clip: Clip,
  box: ClipBox,
): void {
  const feet = picture.motions.get(clip.id)?.motion.contacts;
  const top = box.y + box.height - CONTACTS_PX + 1;
  if (!feet) return;
  const { scale, palette } = picture;
  const [first, last] = [scale.frame(box.x), scale.frame(box.x + box.width)];
  const inner = [box.x + 2, box.x + box.width - 2] as const;
  for (const [row, spans] of [feet.left, feet.right].entries()) {
    pen.fillStyle = row === 0 ? palette.left : palette.right;
    pen.beginPath();
    const y = top + row * 3.5;
    for (const { start, stop, shift } of runs(clip, first, last)) {
      for (const [down, up] of spans) {
        const from = Math.max(start, down - shift);
        const to = Math.min(stop, up - shift);
        if (to <= from || from > last || to < first) continue;
        const x = Math.max(inner[0], scale.x(from));
        const end = Math.min(inner[1], scale.x(to) - (to < stop ? 0.5 : 0));
        if (end > x) pen.rect(x, y, Math.max(0.75, end - x), 2.5);
      }
    }
    pen.fill();
  }
}
