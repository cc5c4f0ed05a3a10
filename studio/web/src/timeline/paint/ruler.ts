/** Times along the top, with the range and the markers above them. */

import { RULER_HEIGHT, STRIP_HEIGHT } from '../rows';
import { tickLabel, ticks } from '../ticks';
import { fade, mix } from './palette';
import type { Picture } from './picture';

const MARKER_PX = 5;

export function paintRuler(pen: CanvasRenderingContext2D, picture: Picture): void {
  const { palette, width } = picture;
  pen.fillStyle = palette.panel;
  pen.fillRect(0, 0, width, RULER_HEIGHT);
  pen.fillStyle = mix(palette.panel, palette.bg, 0.6);
  pen.fillRect(0, 0, width, STRIP_HEIGHT);
  range(pen, picture);
  marks(pen, picture);
  markers(pen, picture);
  pen.fillStyle = palette.line;
  pen.fillRect(0, RULER_HEIGHT - 1, width, 1);
}

function range(pen: CanvasRenderingContext2D, { project, scale, palette, width }: Picture): void {
  const { range: span } = project.timeline;
  if (!span) return;
  const [from, to] = [scale.x(span.start), scale.x(span.stop)];
  if (to < -10 || from > width + 10) return;
  pen.fillStyle = fade(palette.text, 0.13);
  pen.fillRect(from, 0, to - from, RULER_HEIGHT - 1);
  pen.fillStyle = mix(palette.panel, palette.text, 0.5);
  pen.fillRect(from, 1, to - from, 3);
  for (const [x, way] of [
    [from, 1],
    [to, -1],
  ] as const) {
    pen.beginPath();
    pen.moveTo(x, 1);
    pen.lineTo(x + 7 * way, 1);
    pen.lineTo(x + 7 * way, 4);
    pen.lineTo(x + 2.5 * way, 9);
    pen.lineTo(x, STRIP_HEIGHT);
    pen.closePath();
    pen.fillStyle = mix(palette.panel, palette.text, 0.72);
    pen.fill();
  }
}

function marks(
  pen: CanvasRenderingContext2D,
  { project, scale, palette, unit, width, text }: Picture,
): void {
  const { major, minor } = ticks(unit, project.fps, scale.pixels);
  const base = RULER_HEIGHT - 1;
  text.use(pen, `11px ${palette.font}`);
  pen.textAlign = 'left';
  pen.textBaseline = 'alphabetic';
  const small = fade(palette.dim, 0.45);
  const each = Math.round(major / minor);
  for (let i = Math.max(0, Math.floor(scale.left / minor)); ; i++) {
    const frame = i * minor;
    const x = Math.round(scale.x(frame));
    if (x > width) break;
    const labelled = i % each === 0;
    const half = !labelled && each % 2 === 0 && i % (each / 2) === 0;
    const tall = labelled ? 17 : half ? 7 : 4;
    pen.fillStyle = labelled ? fade(palette.dim, 0.7) : small;
    pen.fillRect(x, base - tall, 1, tall);
    if (!labelled) continue;
    pen.fillStyle = palette.dim;
    pen.fillText(tickLabel(unit, frame, project.fps, major), x + 4, base - 7);
  }
}

function markers(pen: CanvasRenderingContext2D, picture: Picture): void {
  const { project, scale, palette, width, text } = picture;
  text.use(pen, `11px ${palette.font}`);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  const all = project.timeline.markers;
  all.forEach((marker, i) => {
    const x = Math.round(scale.x(marker.frame));
    const next = all[i + 1] ? scale.x(all[i + 1].frame) : Infinity;
    if (x < -200 || x > width + MARKER_PX) return;
    const selected = picture.marker === marker.id;
    const color = selected ? palette.accent : mix(palette.dim, palette.text, 0.4);
    pen.fillStyle = color;
    pen.beginPath();
    pen.moveTo(x - MARKER_PX, 1);
    pen.lineTo(x + MARKER_PX + 1, 1);
    pen.lineTo(x + MARKER_PX + 1, 7);
    pen.lineTo(x + 0.5, 13);
    pen.lineTo(x - MARKER_PX, 7);
    pen.closePath();
    pen.fill();
    pen.fillRect(x, 7, 1, RULER_HEIGHT - 8);
    pen.fillStyle = selected ? palette.accent : palette.text;
    const room = Math.min(160, next - x - 2 * MARKER_PX - 8);
    const name = text.fit(pen, marker.name, room);
    if (!name) return;
    const wide = text.width(pen, name);
    pen.save();
    pen.fillStyle = fade(palette.bg, 0.65);
    pen.fillRect(x + MARKER_PX + 2, 1, wide + 5, STRIP_HEIGHT - 2);
    pen.restore();
    pen.fillText(name, x + MARKER_PX + 5, STRIP_HEIGHT / 2 + 0.5);
  });
}
