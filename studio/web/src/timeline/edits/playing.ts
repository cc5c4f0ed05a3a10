/** What clips play and how: the part of `studio/document/edits/playing.py` that shows at once. */

import type { Clip, LoopClip, Project, RetimeClip } from '../../document/types';
import { lengthOf, playedFrames } from '../clips';
import { modulo } from './arrange';
import { withLengths } from './lanes';
import { Refusal } from './refusal';
import { called } from './rules';

const [SLOWEST, FASTEST] = [0.01, 100];

export function retime(project: Project, command: RetimeClip): Project {
  const { target, speed, reverse, ripple } = command;
  const change = (clip: Clip): Clip => {
    const wanted = speed ?? clip.speed;
    if (!(wanted >= SLOWEST && wanted <= FASTEST)) {
      throw new Refusal(
        `${called(clip)} cannot play at ${wanted} times its speed; ` +
          `choose between ${SLOWEST} and ${FASTEST}.`,
      );
    }
    const out = resampled(clip, wanted, project.fps);
    return (reverse ?? clip.reverse) === clip.reverse ? out : reversed(out, project.fps);
  };
  return withLengths(project, target, change, ripple ?? false);
}

export function loop(project: Project, { target, times, ripple }: LoopClip): Project {
  const change = (clip: Clip): Clip => {
    if (times < 1) {
      throw new Refusal(`${called(clip)} cannot go round ${times} times; once is the least.`);
    }
    return { ...clip, phase: 0, frames: times * lengthOf(clip.source) };
  };
  return withLengths(project, target, change, ripple ?? false);
}

/** Edges go to the nearest frame; those at the media's ends stay there. */
function resampled(old: Clip, speed: number, fps: number): Clip {
  const rate = old.speed / speed;
  const whole = playedFrames(old.media, fps, old.speed);
  const played = playedFrames(old.media, fps, speed);
  const nearest = (frame: number): number => Math.floor(frame + 0.5);
  const start = Math.min(nearest(old.source.start * rate), played - 1);
  const end =
    old.source.stop === whole ? played : Math.min(nearest(old.source.stop * rate), played);
  const source = { start, stop: Math.max(end, start + 1) };
  const stretch = lengthOf(source) / lengthOf(old.source);
  return {
    ...old,
    speed,
    source,
    phase: Math.min(nearest(old.phase * stretch), lengthOf(source) - 1),
    frames: Math.max(nearest(old.frames * stretch), 1),
  };
}

/** The same frames from the last to the first. */
function reversed(clip: Clip, fps: number): Clip {
  const played = playedFrames(clip.media, fps, clip.speed);
  const { start, stop } = clip.source;
  return {
    ...clip,
    reverse: !clip.reverse,
    source: { start: played - stop, stop: played - start },
    phase: modulo(-(clip.phase + clip.frames), stop - start),
  };
}
