/** What stands in a clip's title: its name, its prompt, and marks of how it plays. */

import type { Clip } from '../../document/types';
import { goesRound, timesOf } from '../clips';
import { GLYPH_PX, glyph, type Glyph } from './glyphs';
import { fade, type ClipColors } from './palette';
import { TITLE_PX, type ClipBox, type Picture } from './picture';

const TEXT_PAD = 7;
/** The mark of a join reaches this far in. */
const SEAM_PAD = 3;

/** `box` is what of the clip is seen; names stay in sight when it begins further left. */
export function paintTitle(
  pen: CanvasRenderingContext2D,
  { text, palette }: Picture,
  clip: Clip,
  box: ClipBox,
  colors: ClipColors,
  joined: boolean,
): void {
  const left = Math.max(box.x, 0) + TEXT_PAD + (joined && box.x >= 0 ? SEAM_PAD : 0);
  const end = badges(pen, clip, box, colors.name, palette.font) - 4;
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
  text.use(pen, `11px ${palette.font}`);
  pen.fillStyle = colors.note;
  pen.fillText(text.fit(pen, prompt, end - after), after, y);
}

/** From the right end of the title; returns where the room for text ends. */
function badges(
  pen: CanvasRenderingContext2D,
  clip: Clip,
  box: ClipBox,
  color: string,
  font: string,
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
  pen.font = `600 10px ${font}`;
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
