/** What has to be true of tracks: the part of `studio/document/rules.py` that drags can break. */

import type { Clip, Project, Track } from '../../document/types';
import { lengthOf, playedFrames, stopOf } from '../clips';

/** What to call a clip in a sentence. */
export function called(clip: Clip): string {
  return clip.name.trim() ? `'${clip.name.slice(0, 60)}'` : `The clip at frame ${clip.start}`;
}

const mid = (clip: Clip): string => called(clip).replace(/^The/, 'the');

/** The first thing that is wrong in the tracks that changed since `before`; empty if nothing. */
export function fault(project: Project, before: Project): string {
  const known = new Set(before.timeline.tracks);
  for (const track of project.timeline.tracks) {
    if (known.has(track)) continue;
    for (const clip of track.clips) {
      const wrong = clipFault(clip, project.fps);
      if (wrong) return wrong;
    }
    const wrong = together(track);
    if (wrong) return wrong;
  }
  return '';
}

function clipFault(clip: Clip, fps: number): string {
  const whose = called(clip);
  if (clip.start < 0) return `${whose} would begin before frame 0; move it later.`;
  if (clip.frames < 1) return `${whose} would be left without a frame; keep at least one.`;
  const played = playedFrames(clip.media, fps, clip.speed);
  const { start, stop } = clip.source;
  if (start < 0) {
    return `${whose} has nothing ${-start} frames before its motion; keep within it.`;
  }
  if (start >= stop) return `${whose} uses no frame of its motion; keep at least one.`;
  if (stop > played) {
    return (
      `${whose} has ${played} frames of motion and would need ${stop}; ` +
      'keep within them, or let it go round.'
    );
  }
  if (clip.phase < 0 || clip.phase >= lengthOf(clip.source)) {
    return `${whose} begins outside the part that it goes round in; begin inside it.`;
  }
  return '';
}

/** No clip inside another, no frame with three. */
function together({ clips, name }: Track): string {
  for (let i = 1; i < clips.length; i++) {
    const [a, b] = [clips[i - 1], clips[i]];
    if (stopOf(b) > stopOf(a) && b.start !== a.start) continue;
    const [inside, around] = stopOf(b) <= stopOf(a) ? [b, a] : [a, b];
    return (
      `${called(inside)} would lie inside ${mid(around)} on track '${name}'; ` +
      'move it further or use another track.'
    );
  }
  for (let i = 2; i < clips.length; i++) {
    if (clips[i].start >= stopOf(clips[i - 2])) continue;
    return (
      `${called(clips[i - 2])}, ${mid(clips[i - 1])} and ${mid(clips[i])} would overlap at frame ` +
      `${clips[i].start} of track '${name}'; move one of them.`
    );
  }
  return '';
}
