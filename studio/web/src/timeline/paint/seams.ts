/** How well clips meet: a mark at each join, green, amber or red. */

import type { JoinView } from '../api';
import { ClipIndex } from '../clips';
import { seamAt, SEAM_PX } from '../hit';
import { RULER_HEIGHT } from '../rows';
import type { Palette } from './palette';
import type { Picture } from './picture';

/** Closer together than this marks are small ticks. */
const LEAST_PX = 3 * SEAM_PX;

export function paintSeams(pen: CanvasRenderingContext2D, picture: Picture): void {
  const { scale, joins, project, palette, rows } = picture;
  if (joins.length === 0) return;
  const index = ClipIndex.of(project);
  pen.save();
  pen.beginPath();
  pen.rect(0, RULER_HEIGHT, picture.width, rows.area);
  pen.clip();
  for (const join of joins) {
    const placed = index.get(join.clip);
    if (!placed || !scale.shows({ start: join.frame, stop: join.frame })) continue;
    // What was measured says nothing of where a clip is being carried to.
    if (placed.clip.start !== join.frame || placed.track.id !== join.track) continue;
    const { x, y } = seamAt(join, placed.row, picture);
    const small = placed.clip.frames * scale.pixels < LEAST_PX;
    mark(pen, x, y, small ? 3 : SEAM_PX, levelColor(palette, join.level), palette);
  }
  pen.restore();
}

export function levelColor(palette: Palette, level: JoinView['level']): string {
  return { good: palette.good, fair: palette.warn, poor: palette.bad }[level];
}

function mark(
  pen: CanvasRenderingContext2D,
  x: number,
  y: number,
  size: number,
  color: string,
  palette: Palette,
): void {
  pen.beginPath();
  pen.moveTo(x, y - size);
  pen.lineTo(x + size, y);
  pen.lineTo(x, y + size);
  pen.lineTo(x - size, y);
  pen.closePath();
  pen.fillStyle = color;
  pen.strokeStyle = palette.bg;
  pen.lineWidth = 2.5;
  pen.stroke();
  pen.fill();
}
