/** The whole timeline in a strip along the bottom, and the part of it that is seen above. */

import { clamp } from '../../clock';
import { colorOf, extent } from '../clips';
import { OVERVIEW_HEIGHT } from '../rows';
import { Scale } from '../scale';
import { fade, mix } from './palette';
import type { Picture } from './picture';

/** All there is, and a little room. */
export function overviewScale({
  project,
  scale,
  width,
}: Pick<Picture, 'project' | 'scale' | 'width'>): Scale {
  const end = Math.max(extent(project), scale.right, 1);
  return new Scale(0, 1, width).fitted({ start: 0, stop: end }, 4);
}

export function overviewWindow(
  picture: Pick<Picture, 'project' | 'scale' | 'width'>,
): readonly [from: number, to: number] {
  const all = overviewScale(picture);
  const from = clamp(all.x(picture.scale.left), 0, picture.width - 12);
  return [from, Math.max(from + 12, Math.min(picture.width, all.x(picture.scale.right)))];
}

export function paintOverview(pen: CanvasRenderingContext2D, picture: Picture): void {
  const { palette, width, height, project } = picture;
  const top = height - OVERVIEW_HEIGHT;
  pen.fillStyle = palette.panel;
  pen.fillRect(0, top, width, OVERVIEW_HEIGHT);
  pen.fillStyle = palette.line;
  pen.fillRect(0, top, width, 1);
  const all = overviewScale(picture);
  const { tracks } = project.timeline;
  const pitch = Math.min(3, (OVERVIEW_HEIGHT - 4) / Math.max(1, tracks.length));
  const first = top + (OVERVIEW_HEIGHT + 1 - pitch * tracks.length) / 2;
  tracks.forEach((track, row) => {
    pen.fillStyle = mix(palette.panel, colorOf(project, track), 0.55);
    for (const clip of track.clips) {
      const x = all.x(clip.start);
      const to = all.x(clip.start + clip.frames);
      pen.fillRect(x, first + row * pitch, Math.max(1, to - x - 0.5), Math.max(0.75, pitch - 0.75));
    }
  });
  const [from, to] = overviewWindow(picture);
  pen.fillStyle = fade(palette.text, 0.1);
  pen.strokeStyle = fade(palette.text, 0.35);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.roundRect(from + 0.5, top + 1.5, to - from - 1, OVERVIEW_HEIGHT - 3, 3);
  pen.fill();
  pen.stroke();
}
