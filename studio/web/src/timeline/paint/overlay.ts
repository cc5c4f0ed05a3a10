/** What comes and goes with the hand, over the timeline: snap line, box, razor, span, drop. */

import type { ClipId } from '../../document/types';
import { ClipIndex, stopOf } from '../clips';
import { RULER_HEIGHT } from '../rows';
import { fade } from './palette';
import { clipBox, type Picture } from './picture';

export interface Overlay {
  /** The frame that something was drawn to. */
  readonly snap: number | null;
  readonly box: {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  } | null;
  /** Where the razor would cut; in every row where `row` is null. */
  readonly razor: { readonly frame: number; readonly row: number | null } | null;
  /** A span of the timeline, marked in a row. */
  readonly span: { readonly start: number; readonly stop: number; readonly row: number } | null;
  /** Two clips between which motion could be. Not marked any more once something is there. */
  readonly gap: { readonly before: ClipId; readonly after: ClipId } | null;
  /** Where a file would go; `row` may be below the last. */
  readonly drop: { readonly frame: number; readonly row: number } | null;
  /** A line that follows the pointer. */
  readonly hover: number | null;
}

export const NO_OVERLAY: Overlay = {
  snap: null,
  box: null,
  razor: null,
  span: null,
  gap: null,
  drop: null,
  hover: null,
};

export function paintOverlay(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  overlay: Overlay,
): void {
  const { scale, rows, palette } = picture;
  const bottom = RULER_HEIGHT + rows.area;
  if (overlay.hover !== null) {
    pen.fillStyle = fade(palette.dim, 0.6);
    pen.fillRect(Math.round(scale.x(overlay.hover)), 0, 1, RULER_HEIGHT - 1);
  }
  if (overlay.gap) gap(pen, picture, overlay.gap);
  if (overlay.span) span(pen, picture, overlay.span);
  if (overlay.drop) drop(pen, picture, overlay.drop);
  if (overlay.razor) {
    const x = Math.round(scale.x(overlay.razor.frame)) + 0.5;
    const { row } = overlay.razor;
    const [from, to] = row === null ? [RULER_HEIGHT, bottom] : [rows.top(row), rows.top(row + 1)];
    pen.strokeStyle = palette.text;
    pen.lineWidth = 1;
    pen.setLineDash([3, 2]);
    pen.beginPath();
    pen.moveTo(x, from);
    pen.lineTo(x, to);
    pen.stroke();
    pen.setLineDash([]);
  }
  if (overlay.snap !== null) {
    const x = Math.round(scale.x(overlay.snap));
    pen.fillStyle = palette.text;
    pen.fillRect(x, RULER_HEIGHT, 1, rows.area);
    for (const [y, way] of [
      [RULER_HEIGHT, 1],
      [bottom, -1],
    ] as const) {
      pen.beginPath();
      pen.moveTo(x - 4, y);
      pen.lineTo(x + 5, y);
      pen.lineTo(x + 0.5, y + 6 * way);
      pen.closePath();
      pen.fill();
    }
  }
  if (overlay.box) {
    const { x, y, width, height } = overlay.box;
    pen.fillStyle = fade(palette.accent, 0.14);
    pen.strokeStyle = palette.accent;
    pen.lineWidth = 1;
    pen.fillRect(x, y, width, height);
    pen.strokeRect(x + 0.5, y + 0.5, width, height);
  }
}

function span(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  { start, stop, row }: NonNullable<Overlay['span']>,
): void {
  const { palette } = picture;
  const box = clipBox({ start, frames: stop - start }, row, picture);
  pen.fillStyle = fade(palette.accent, 0.28);
  pen.fillRect(box.x, box.y, box.width, box.height);
  pen.fillStyle = palette.accent;
  pen.fillRect(box.x - 1, box.y, 2, box.height);
  pen.fillRect(box.x + box.width - 1, box.y, 2, box.height);
}

function gap(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  { before, after }: NonNullable<Overlay['gap']>,
): void {
  const { palette } = picture;
  const index = ClipIndex.of(picture.project);
  const left = index.get(before);
  const right = left && index.after(left);
  if (!left || right?.id !== after) return;
  const start = stopOf(left.clip);
  const box = clipBox({ start, frames: right.start - start }, left.row, picture);
  if (box.width < 8) return;
  pen.strokeStyle = fade(palette.text, 0.35);
  pen.lineWidth = 1;
  pen.setLineDash([4, 3]);
  pen.beginPath();
  pen.roundRect(box.x + 2.5, box.y + 0.5, box.width - 5, box.height - 1, 4);
  pen.stroke();
  pen.setLineDash([]);
  if (box.width < 36) return;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  pen.strokeStyle = fade(palette.text, 0.6);
  pen.lineWidth = 1.5;
  pen.beginPath();
  pen.moveTo(x - 5, y);
  pen.lineTo(x + 5, y);
  pen.moveTo(x, y - 5);
  pen.lineTo(x, y + 5);
  pen.stroke();
}

function drop(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  { frame, row }: NonNullable<Overlay['drop']>,
): void {
  const { scale, rows, palette, width } = picture;
  const x = Math.round(scale.x(frame));
  const top = Math.min(rows.top(row), RULER_HEIGHT + rows.area - 20);
  const height = row < rows.count ? rows.height - 1 : 20;
  pen.fillStyle = fade(palette.accent, 0.14);
  pen.fillRect(0, top, width, height);
  pen.fillStyle = palette.accent;
  pen.fillRect(x, top, 2, height);
}
