/** One clip: body, title, poses along it, how it blends in, which foot stands. */

import type { Clip } from '../../document/types';
import type { ClipMotion } from '../api';
import { cycleStarts, goesRound, lengthOf, sourceFrame, stopOf, timesOf } from '../clips';
import { GLYPH_PX, glyph, type Glyph } from './glyphs';
import { fade, mix, type ClipColors } from './palette';
import { CONTACTS_PX, TITLE_PX, type ClipBox, type Picture } from './picture';
import { thumbStep } from './thumbs';

const RADIUS = 4;
/** Narrower clips are a plain bar. */
const LEAST_TITLE_PX = 18;
const LEAST_THUMBS_PX = 14;
const TEXT_PAD = 7;

export interface ClipLook {
  readonly colors: ClipColors;
  readonly selected: boolean;
  readonly hovered: boolean;
  readonly refused: boolean;
  /** Not heard now: its track is muted, or another is soloed. */
  readonly silent: boolean;
  readonly locked: boolean;
  /** Frames at its head over which it takes over from the clip before; 0 where nothing is before. */
  readonly blend: number;
  /** It does not stand on the timeline yet. */
  readonly ghost: boolean;
}

/** Width of a thumbnail for a clip of this height; figures reach into their neighbours' room. */
export function thumbSize(height: number): { width: number; height: number } {
  const inner = Math.max(8, height - TITLE_PX - CONTACTS_PX);
  return { width: Math.round(inner * 0.95), height: inner };
}

export function paintClip(
  pen: CanvasRenderingContext2D,
  picture: Picture,
  clip: Clip,
  box: ClipBox,
  look: ClipLook,
): void {
  const { palette } = picture;
  pen.save();
  if (look.ghost) pen.globalAlpha = 0.62;
  else if (!clip.enabled) pen.globalAlpha = 0.4;
  else if (look.silent) pen.globalAlpha = 0.5;
  const left = Math.max(box.x, -RADIUS - 2);
  const right = Math.min(box.x + box.width, picture.width + RADIUS + 2);
  const seen = { ...box, x: left, width: Math.max(1, right - left) };
  body(pen, seen, look, clip.enabled);
  if (box.width >= LEAST_THUMBS_PX) {
    cycles(pen, picture, clip, box, look);
    thumbnails(pen, picture, clip, seen);
    contacts(pen, picture, clip, seen);
  }
  if (look.blend > 0) ramp(pen, picture, clip, box, look);
  if (look.locked) stripes(pen, seen, fade(palette.bg, 0.5));
  if (box.width >= LEAST_TITLE_PX) title(pen, picture, clip, seen, look);
  outline(pen, seen, picture, look);
  pen.restore();
}

function rounded(pen: CanvasRenderingContext2D, { x, y, width, height }: ClipBox, inset = 0): void {
  const radius = Math.min(RADIUS, width / 3);
  pen.beginPath();
  pen.roundRect(x + inset, y + inset, Math.max(0.5, width - 2 * inset), height - 2 * inset, radius);
}

function body(pen: CanvasRenderingContext2D, box: ClipBox, look: ClipLook, enabled: boolean): void {
  const { colors } = look;
  pen.fillStyle = enabled ? colors.body : fade(colors.body, 0.6);
  rounded(pen, box);
  pen.fill();
  pen.fillStyle = colors.title;
  pen.beginPath();
  const radius = Math.min(RADIUS, box.width / 3);
  pen.roundRect(box.x, box.y, box.width, TITLE_PX, [radius, radius, 0, 0]);
  pen.fill();
}

function outline(
  pen: CanvasRenderingContext2D,
  box: ClipBox,
  { palette }: Picture,
  look: ClipLook,
): void {
  if (look.refused) {
    pen.fillStyle = fade(palette.bad, 0.35);
    rounded(pen, box);
    pen.fill();
  }
  const color = look.refused ? palette.bad : look.selected ? palette.accent : look.colors.edge;
  pen.strokeStyle = look.hovered && !look.selected ? mix(color, palette.text, 0.45) : color;
  pen.lineWidth = look.selected || look.refused ? 2 : 1;
  pen.setLineDash(look.ghost ? [5, 4] : []);
  rounded(pen, box, pen.lineWidth / 2);
  pen.stroke();
  pen.setLineDash([]);
}

function title(
  pen: CanvasRenderingContext2D,
  { text, palette }: Picture,
  clip: Clip,
  box: ClipBox,
  { colors, blend }: ClipLook,
): void {
  // Names stay in sight when the clip begins to the left of what is seen.
  const left = Math.max(box.x, 0) + TEXT_PAD + (blend > 0 && box.x >= 0 ? 3 : 0);
  const end = badges(pen, clip, box, colors) - 4;
  const room = end - left;
  if (room < 8) return;
  pen.textBaseline = 'middle';
  pen.textAlign = 'left';
  const y = box.y + TITLE_PX / 2 + 0.5;
  text.use(pen, `600 11px ${palette.font}`);
  const name = text.fit(pen, clip.name, room);
  pen.fillStyle = colors.name;
  pen.fillText(name, left, y);
  const prompt = clip.provenance?.prompt ?? '';
  if (!prompt || prompt === clip.name || name !== clip.name) return;
  const after = left + text.width(pen, name) + 8;
  if (end - after < 40) return;
  pen.font = `11px ${palette.font}`;
  pen.fillStyle = colors.note;
  pen.fillText(text.fit(pen, prompt, (end - after) * 0.96), after, y);
}

/** From the right end of the title; returns where the room for text ends. */
function badges(
  pen: CanvasRenderingContext2D,
  clip: Clip,
  box: ClipBox,
  { name: color }: ClipColors,
): number {
  const marks: Glyph[] = [];
  if (clip.placement.pinned) marks.push('pin');
  if (clip.in_place) marks.push('inPlace');
  if (clip.mirror) marks.push('mirror');
  if (clip.reverse) marks.push('reverse');
  let x = box.x + box.width - 5;
  const least = Math.max(box.x, 0) + TEXT_PAD + 26;
  const y = box.y + TITLE_PX / 2;
  const ink = fade(color, 0.85);
  const words: Array<readonly [text: string, mark: Glyph | null]> = [];
  if (goesRound(clip)) words.push([`×${trimmed(timesOf(clip))}`, 'loop']);
  if (clip.speed !== 1) words.push([`${trimmed(clip.speed)}×`, null]);
  pen.font = '600 10px system-ui, sans-serif';
  pen.textBaseline = 'middle';
  pen.textAlign = 'right';
  pen.fillStyle = ink;
  for (const [word, mark] of words) {
    const width = word.length * 6 + (mark ? GLYPH_PX + 2 : 0);
    if (x - width < least) return x;
    pen.fillText(word, x, y + 0.5);
    if (mark) glyph(pen, mark, x - width, y - GLYPH_PX / 2, ink);
    x -= width + 5;
  }
  for (const mark of marks) {
    if (x - GLYPH_PX < least) return x;
    glyph(pen, mark, x - GLYPH_PX, y - GLYPH_PX / 2, ink);
    x -= GLYPH_PX + 4;
  }
  return x;
}

const trimmed = (value: number): string => String(Math.round(value * 100) / 100);

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

function thumbnails(
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
function contacts(pen: CanvasRenderingContext2D, picture: Picture, clip: Clip, box: ClipBox): void {
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

/** Where a clip that goes round begins again. */
function cycles(
  pen: CanvasRenderingContext2D,
  { scale, width, palette }: Picture,
  clip: Clip,
  box: ClipBox,
  { colors }: ClipLook,
): void {
  const cycle = lengthOf(clip.source);
  if (!goesRound(clip) || cycle * scale.pixels < 4) return;
  pen.strokeStyle = colors.edge;
  pen.fillStyle = palette.panel;
  pen.lineWidth = 1;
  pen.setLineDash([2, 3]);
  pen.beginPath();
  const marks = cycleStarts(clip)
    .map((frame) => Math.round(scale.x(frame)) + 0.5)
    .filter((x) => x > -8 && x < width + 8);
  for (const x of marks) {
    pen.moveTo(x, box.y + TITLE_PX);
    pen.lineTo(x, box.y + box.height - 1);
  }
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  for (const x of marks) {
    for (const [y, way] of [
      [box.y, 1],
      [box.y + box.height, -1],
    ] as const) {
      pen.moveTo(x - 4, y);
      pen.lineTo(x + 4, y);
      pen.lineTo(x, y + 5 * way);
      pen.closePath();
    }
  }
  pen.fill();
}

/** How the clip takes over: the part of the pose that is still the other's is shaded. */
function ramp(
  pen: CanvasRenderingContext2D,
  { scale, palette }: Picture,
  clip: Clip,
  box: ClipBox,
  { blend, colors }: ClipLook,
): void {
  const width = Math.min(box.width, blend * scale.pixels);
  if (width < 3 || clip.blend.kind === 'cut') return;
  const top = box.y + TITLE_PX;
  const bottom = box.y + box.height;
  const share = (s: number): number => remaining(clip, s);
  const steps = Math.max(4, Math.min(24, Math.round(width / 3)));
  const curve = (begin: (x: number, y: number) => void): void => {
    for (let i = 0; i <= steps; i++) {
      const s = i / steps;
      begin(box.x + s * width, bottom - (1 - share(s)) * (bottom - top));
    }
  };
  pen.fillStyle = fade(palette.dark ? '#000000' : '#ffffff', 0.34);
  pen.beginPath();
  pen.moveTo(box.x, top);
  curve((x, y) => pen.lineTo(x, y));
  pen.lineTo(box.x + width, top);
  pen.closePath();
  pen.fill();
  pen.strokeStyle = mix(colors.edge, palette.text, 0.35);
  pen.lineWidth = 1.25;
  pen.beginPath();
  curve((x, y) => (x === box.x ? pen.moveTo(x, y) : pen.lineTo(x, y)));
  pen.stroke();
}

/** How much of what played before is left at share `s` of the blend (docs/adr/0010). */
function remaining(clip: Clip, s: number): number {
  if (clip.blend.kind === 'inertialize') return (1 - s) ** 4 * (1 + 4 * s);
  return clip.blend.curve === 'linear' ? 1 - s : 1 - s * s * (3 - 2 * s);
}

/** Diagonal stripes over a box. */
export function stripes(
  pen: CanvasRenderingContext2D,
  { x, y, width, height }: ClipBox,
  color: string,
  pitch = 8,
  shift = 0,
): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, y, width, height);
  pen.clip();
  pen.strokeStyle = color;
  pen.lineWidth = pitch / 3;
  pen.beginPath();
  const first = Math.floor((x - height - shift) / pitch) * pitch + shift;
  for (let at = first; at < x + width + pitch; at += pitch) {
    pen.moveTo(at, y + height);
    pen.lineTo(at + height, y);
  }
  pen.stroke();
  pen.restore();
}
