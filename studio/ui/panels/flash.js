// A moment's light on the timeline, where something has changed.

import { h } from './dom.js';
import { project } from './project.js';

/** Until the timeline shows what the studio has answered. */
const DRAWN_MS = 150;
/** As long as the stylesheet's animation. */
const LIGHT_MS = 1800;

/** @param clips ids; @param spans `[{character, start, stop}, …]` in frames */
export function flash(clips, spans) {
  setTimeout(() => {
    const place = document.querySelector('.ms-timeline');
    if (!place?.timeline) return;
    // What lit up for the line before is elsewhere by now.
    for (const mark of place.querySelectorAll('.ms-flash')) mark.remove();
    const boxes = clips.map((clip) => place.timeline.rectOf(clip)).filter(Boolean);
    light(place, boxes, 'ms-flash');
    light(
      place,
      spans.flatMap((span) => bands(place, span)),
      'ms-flash ms-flash-span',
    );
  }, DRAWN_MS);
}

function light(place, boxes, kind) {
  const origin = place.getBoundingClientRect();
  for (const { left, top, width, height } of boxes) {
    const mark = h('div', { class: kind, 'aria-hidden': 'true' });
    mark.style.left = `${left - origin.left}px`;
    mark.style.top = `${top - origin.top}px`;
    mark.style.width = `${width}px`;
    mark.style.height = `${height}px`;
    place.append(mark);
    setTimeout(() => mark.remove(), LIGHT_MS);
  }
}

/** The rows of a character over a span, cut to what is visible. */
function bands(place, { character, start, stop }) {
  const lanes = place.querySelector('.lanes')?.getBoundingClientRect();
  if (!lanes) return [];
  const left = Math.max(lanes.left, place.timeline.xOf(start));
  const right = Math.min(lanes.right, place.timeline.xOf(stop));
  const rows = [...place.querySelectorAll('.track')];
  return (project()?.timeline.tracks ?? []).flatMap((track, at) => {
    const row = rows[at]?.getBoundingClientRect();
    if (!row || track.character !== character || right <= left) return [];
    return [{ left, top: row.top, width: right - left, height: row.height }];
  });
}
