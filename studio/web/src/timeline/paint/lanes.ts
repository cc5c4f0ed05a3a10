/** The rows behind the clips, the clips in their order, and what is on its way. */

import type { Clip, Track } from '../../document/types';
import {
  blendFrames,
  ClipIndex,
  colorOf,
  extent,
  handles,
  isSilent,
  stopOf,
  within,
} from '../clips';
import { aimSpan } from '../pending';
import { RULER_HEIGHT } from '../rows';
import { ticks } from '../ticks';
import { paintClip, stripes } from './clip';
import { clipColors, fade, mix } from './palette';
import { clipBox, TITLE_PX, type Picture } from './picture';

export function paintLanes(pen: CanvasRenderingContext2D, picture: Picture): void {
  pen.save();
  pen.beginPath();
  pen.rect(0, RULER_HEIGHT, picture.width, picture.rows.area);
  pen.clip();
  rows(pen, picture);
  grid(pen, picture);
  outside(pen, picture);
  markerLines(pen, picture);
  const [first, stop] = picture.rows.visible;
  const { tracks } = picture.project.timeline;
  for (let row = first; row < stop; row++) {
    afterwards(pen, picture, tracks[row], row);
    track(pen, picture, tracks[row], row);
  }
  ghosts(pen, picture);
  for (const each of picture.pending) pendingMotion(pen, picture, each);
  pen.restore();
}

function rows(pen: CanvasRenderingContext2D, { rows: r, palette, width, project }: Picture): void {
  pen.fillStyle = palette.bg;
  pen.fillRect(0, RULER_HEIGHT, width, r.area);
  const [first, stop] = r.visible;
  for (let row = first; row < stop; row++) {
    const locked = project.timeline.tracks[row].lock;
    pen.fillStyle = mix(palette.bg, palette.panel, locked ? 0.3 : 0.75);
    pen.fillRect(0, r.top(row), width, r.height - 1);
  }
}

/** Faint lines through the lanes at the ruler's labelled marks. */
function grid(
  pen: CanvasRenderingContext2D,
  { scale, rows: r, palette, project, unit, width }: Picture,
): void {
  const { major } = ticks(unit, project.fps, scale.pixels);
  pen.fillStyle = fade(palette.line, palette.dark ? 0.35 : 0.5);
  for (
    let at = Math.max(0, Math.floor(scale.left / major) * major);
    at < scale.right;
    at += major
  ) {
    const x = Math.round(scale.x(at));
    if (x >= 0 && x < width) pen.fillRect(x, RULER_HEIGHT, 1, r.area);
  }
}

/** What is not looped and exported is dimmed, and so is what lies before frame 0. */
function outside(
  pen: CanvasRenderingContext2D,
  { scale, rows: r, palette, project, width }: Picture,
): void {
  const zero = scale.x(0);
  pen.fillStyle = fade(palette.bg, 0.7);
  if (zero > 0) pen.fillRect(0, RULER_HEIGHT, zero, r.area);
  const { range } = project.timeline;
  if (!range) return;
  const [from, to] = [scale.x(range.start), scale.x(range.stop)];
  pen.fillStyle = fade(palette.dark ? '#000000' : palette.dim, palette.dark ? 0.3 : 0.16);
  if (from > Math.max(0, zero))
    pen.fillRect(Math.max(0, zero), RULER_HEIGHT, from - Math.max(0, zero), r.area);
  if (to < width) pen.fillRect(Math.max(0, to), RULER_HEIGHT, width - Math.max(0, to), r.area);
}

function markerLines(
  pen: CanvasRenderingContext2D,
  { scale, rows: r, palette, project }: Picture,
): void {
  pen.fillStyle = fade(palette.text, 0.16);
  for (const { frame } of project.timeline.markers) {
    pen.fillRect(Math.round(scale.x(frame)), RULER_HEIGHT, 1, r.area);
  }
}

/** What the character does where no clip of the track plays: holds, or goes round. */
function afterwards(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  { clips, ...of }: Track,
  row: number,
): void {
  const { scale, rows: r, project, palette } = picture;
  const y = r.top(row) + r.height / 2;
  const end = extent(project);
  const color = fade(
    mix(palette.panel, colorOf(project, { clips, ...of }), 0.7),
    of.mute ? 0.25 : 0.5,
  );
  for (let i = 0; i < clips.length; i++) {
    const clip = clips[i];
    const stop = clips[i + 1]?.start ?? end;
    const [from, to] = [scale.x(stopOf(clip)) + 3, scale.x(stop) - 3];
    if (to - from < 6 || from > picture.width || to < 0) continue;
    pen.strokeStyle = color;
    pen.lineWidth = 1;
    pen.setLineDash(clip.extrapolate === 'loop' ? [7, 3] : [1.5, 3.5]);
    pen.beginPath();
    pen.moveTo(Math.max(from, -2), y);
    pen.lineTo(Math.min(to, picture.width + 2), y);
    pen.stroke();
  }
  pen.setLineDash([]);
}

function track(pen: CanvasRenderingContext2D, picture: Picture, of: Track, row: number): void {
  const { scale, project, palette, selection, moving } = picture;
  const color = colorOf(project, of);
  const plain = clipColors(palette, color, false);
  const chosen = clipColors(palette, color, true);
  const silent = isSilent(project, of);
  // What is carried is drawn over what lies.
  const seen = [...within(of.clips, Math.floor(scale.left) - 1, Math.ceil(scale.right) + 1)];
  const order =
    moving.size === 0
      ? seen
      : [...seen].sort((a, b) => Number(moving.has(a.id)) - Number(moving.has(b.id)));
  for (const clip of order) {
    const selected = selection.has(clip.id);
    if (picture.handlesOf === clip.id) media(pen, picture, clip, row, color);
    paintClip(pen, picture, clip, clipBox(clip, row, picture), {
      colors: selected ? chosen : plain,
      selected,
      hovered: picture.hovered === clip.id,
      refused: picture.refused && moving.has(clip.id),
      silent,
      locked: of.lock,
      blend: blendFrames(of.clips, clip),
      ghost: false,
    });
  }
}

/** The whole of a clip's media around its used part, while an edge of it is in the hand. */
function media(
  pen: CanvasRenderingContext2D,
  { scale, rows: r, project, width }: Picture,
  clip: Clip,
  row: number,
  color: string,
): void {
  const { head, tail } = handles(clip, project.fps);
  const from = Math.max(-4, head === Infinity ? -4 : scale.x(clip.start - head));
  const to = Math.min(width + 4, tail === Infinity ? width + 4 : scale.x(stopOf(clip) + tail));
  const box = { x: from, y: r.top(row) + 6, width: to - from, height: r.height - 13 };
  pen.fillStyle = fade(color, 0.14);
  pen.fillRect(box.x, box.y, box.width, box.height);
  stripes(pen, box, fade(color, 0.22), 7);
  pen.strokeStyle = fade(color, 0.8);
  pen.lineWidth = 1;
  pen.setLineDash([3, 3]);
  pen.strokeRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1);
  pen.setLineDash([]);
}

/** What would be new or changed if the take under review were accepted. */
function ghosts(pen: CanvasRenderingContext2D, picture: Picture): void {
  const { ghost, project, palette, scale } = picture;
  if (!ghost) return;
  const now = ClipIndex.of(project);
  for (const { clip, track: of } of ClipIndex.of(ghost.project).all) {
    const row = project.timeline.tracks.findIndex((t) => t.id === of.id);
    if (row < 0 || !scale.shows({ start: clip.start, stop: stopOf(clip) })) continue;
    if (sameShape(now.get(clip.id)?.clip, clip)) continue;
    const colors = clipColors(palette, mix(colorOf(project, of), palette.accent, 0.35), false);
    const look = { colors, selected: false, hovered: false, refused: false };
    const box = clipBox(clip, row, picture);
    pen.fillStyle = fade(palette.bg, 0.55);
    pen.fillRect(box.x, box.y, box.width, box.height);
    paintClip(pen, picture, clip, box, {
      ...look,
      silent: false,
      locked: false,
      blend: 0,
      ghost: true,
    });
  }
}

function sameShape(a: Clip | undefined, b: Clip): boolean {
  return (
    a !== undefined && a.start === b.start && a.frames === b.frames && a.media.id === b.media.id
  );
}

/** Hatched, with how far it is. */
function pendingMotion(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  pending: Picture['pending'][number],
): void {
  const { palette, scale, text, project } = picture;
  const place = aimSpan(project, pending.aim);
  if (!place || !scale.shows(place)) return;
  const frames = place.stop - place.start;
  const box = clipBox({ start: place.start, frames }, place.row, picture);
  pen.save();
  pen.beginPath();
  pen.roundRect(box.x, box.y, box.width, box.height, 4);
  pen.clip();
  pen.fillStyle = fade(palette.panel, place.over ? 0.55 : 0.9);
  pen.fillRect(box.x, box.y, box.width, box.height);
  stripes(pen, box, fade(palette.text, 0.1), 9);
  pen.fillStyle = fade(palette.accent, 0.16);
  pen.fillRect(box.x, box.y, box.width * pending.fraction, box.height);
  pen.fillStyle = palette.line;
  pen.fillRect(box.x, box.y + box.height - 3, box.width, 3);
  pen.fillStyle = palette.accent;
  pen.fillRect(box.x, box.y + box.height - 3, box.width * pending.fraction, 3);
  const left = Math.max(0, box.x) + 8;
  text.use(pen, `600 11px ${palette.font}`);
  pen.textAlign = 'left';
  pen.textBaseline = 'middle';
  pen.fillStyle = palette.text;
  const room = box.x + box.width - 8 - left;
  const share = `${Math.round(pending.fraction * 100)} %`;
  pen.fillText(text.fit(pen, pending.text || 'New motion', room), left, box.y + TITLE_PX / 2 + 1);
  pen.font = `11px ${palette.font}`;
  pen.fillStyle = palette.dim;
  if (room > 30) pen.fillText(share, left, box.y + box.height / 2 + 6);
  pen.restore();
  pen.strokeStyle = palette.dim;
  pen.lineWidth = 1;
  pen.setLineDash([4, 3]);
  pen.beginPath();
  pen.roundRect(box.x + 0.5, box.y + 0.5, box.width - 1, box.height - 1, 4);
  pen.stroke();
  pen.setLineDash([]);
}
