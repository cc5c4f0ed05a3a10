/** What is said about things under the pointer. */

import type { Clip, Project } from '../document/types';
import type { JoinView, PendingView } from './api';
import { goesRound, lengthOf, playedFrames, stopOf, timesOf } from './clips';
import type { BubbleText } from './dom/bubble';
import { moment, stretch, type Unit } from './ticks';

const LEVELS = { good: 'Smooth', fair: 'Visible', poor: 'Rough' } as const;

/** A joint as people name it: `left_ankle` is the left ankle. */
export function jointName(joint: string): string {
  return joint
    .replace(/[_.]+/g, ' ')
    .replace(/(\D)(\d)/g, '$1 $2')
    .trim();
}

export function seamWords(join: JoinView, mark: string): BubbleText {
  const centimetres = (join.position * 100).toFixed(1);
  const degrees = ((join.rotation * 180) / Math.PI).toFixed(1);
  const blend = join.frames > 0 ? `blended over ${join.frames} frames` : 'not blended';
  return {
    title: `${LEVELS[join.level]} join: ${join.ratio.toFixed(2)}× the clips’ own largest step`,
    mark,
    lines: [
      `${centimetres} cm · ${degrees}° · ${join.velocity.toFixed(2)} m/s`,
      `Worst at the ${jointName(join.joint)}; ${blend}`,
    ],
  };
}

export function clipWords(project: Project, clip: Clip, unit: Unit): BubbleText {
  const { fps } = project;
  const at = (frame: number): string => moment(unit, frame, fps);
  const lines = [
    `${at(clip.start)} – ${at(stopOf(clip))}   ${stretch('frames', clip.frames, fps)}, ${stretch('seconds', clip.frames, fps)}`,
  ];
  const prompt = clip.provenance?.prompt;
  if (prompt && prompt !== clip.name) lines.unshift(`“${prompt}”`);
  const played = playedFrames(clip.media, fps, clip.speed);
  if (lengthOf(clip.source) < played) {
    lines.push(`Uses ${clip.source.start} – ${clip.source.stop} of ${played} frames`);
  }
  const does = [
    clip.speed === 1 ? '' : `${Math.round(clip.speed * 100) / 100}× speed`,
    clip.reverse ? 'backwards' : '',
    clip.mirror ? 'mirrored' : '',
    clip.in_place ? 'in place' : '',
    goesRound(clip) ? `goes round ${Math.round(timesOf(clip) * 100) / 100} times` : '',
    clip.placement.pinned ? 'pinned to its place' : '',
    clip.enabled ? '' : 'disabled',
  ].filter(Boolean);
  if (does.length > 0) lines.push(capital(does.join(', ')));
  return { title: clip.name || 'Clip', lines };
}

export function pendingWords({ text, fraction }: PendingView): BubbleText {
  return {
    title: text || 'New motion',
    lines: [`Being made: ${Math.round(fraction * 100)} %`],
  };
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
