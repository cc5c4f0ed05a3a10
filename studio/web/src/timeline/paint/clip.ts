/** One clip: its body, how it blends in and goes round, and all that stands on it. */

import type { Clip } from '../../document/types';
import { cycleStarts, goesRound, lengthOf } from '../clips';
import { fade, mix, type ClipColors } from './palette';
import { TITLE_PX, type ClipBox, type Picture } from './picture';
import { paintContacts, paintPoses } from './poses';
import { paintTitle } from './title';

const RADIUS = 4;
/** Narrower clips are a plain bar. */
const LEAST_TITLE_PX = 18;
const LEAST_THUMBS_PX = 14;

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
    paintPoses(pen, picture, clip, seen);
    paintContacts(pen, picture, clip, seen);
  }
  if (look.blend > 0) ramp(pen, picture, clip, box, look);
  if (look.locked) stripes(pen, seen, fade(palette.bg, 0.5));
  if (box.width >= LEAST_TITLE_PX)
    paintTitle(pen, picture, clip, seen, look.colors, look.blend > 0);
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
