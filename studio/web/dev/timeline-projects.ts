/** Projects to look at: a small scene, an empty one, and one with hundreds of clips. */

import type { Clip, Project, Track } from '../src/document/types';
import type { JoinView, PendingView } from '../src/timeline/api';
import { stopOf } from '../src/timeline/clips';

/** Frames of the fixtures' motions, all at 30 a second. */
export const LENGTHS: Readonly<Record<string, number>> = {
  walk: 180,
  run: 120,
  turn: 120,
  wave: 90,
  bow: 75,
  jump: 57,
  cheer: 66,
  sit: 72,
};

export function clip(id: string, media: string, start: number, change: Partial<Clip> = {}): Clip {
  const frames = change.frames ?? LENGTHS[media];
  return {
    id,
    name: media[0].toUpperCase() + media.slice(1),
    media: { id: media, frames: LENGTHS[media], fps: 30 },
    start,
    frames,
    source: { start: 0, stop: frames },
    phase: 0,
    speed: 1,
    reverse: false,
    mirror: false,
    in_place: false,
    extrapolate: 'hold',
    blend: { kind: 'inertialize', frames: 9, curve: 'smooth' },
    placement: { x: 0, z: 0, turn: 0, pinned: false },
    enabled: true,
    take: null,
    provenance: null,
    ...change,
  };
}

export function track(id: string, name: string, character: string, clips: readonly Clip[]): Track {
  return { id, name, character, clips, mute: false, solo: false, lock: false };
}

export function project(
  tracks: readonly Track[],
  more: Partial<Project['timeline']> = {},
): Project {
  const place = { x: 0, z: 0, turn: 0, pinned: true };
  return {
    name: 'Two people meet',
    fps: 30,
    timeline: { tracks, markers: [], range: null, ...more },
    characters: [
      { id: 'character-1', name: 'Ada', color: '#c9c4bb', placement: place },
      { id: 'character-2', name: 'Ben', color: '#d08a5f', placement: place },
    ],
    constraints: [],
    takes: [],
    conversation: [],
    schema: 2,
  };
}

const said = (prompt: string): Partial<Clip> => ({
  provenance: {
    prompt,
    seed: 7,
    bundle: 'flow-base',
    request: {
      frames: 120,
      fps: 20,
      steps: null,
      guidance: null,
      cleanup: true,
      prefix: null,
      suffix: null,
      arrive: true,
    },
  },
});

export function scene(): Project {
  const ada = [
    clip('clip-1', 'walk', 0, {
      name: 'Walk in',
      frames: 150,
      source: { start: 10, stop: 160 },
      ...said('a person walks in slowly and looks around'),
    }),
    clip('clip-2', 'wave', 138, { name: 'Wave', ...said('waves with the right hand') }),
    clip('clip-3', 'jump', 228, {
      name: 'Jump for joy',
      frames: 50,
      source: { start: 0, stop: 50 },
      blend: { kind: 'inertialize', frames: 14, curve: 'smooth' },
    }),
    clip('clip-4', 'run', 278, {
      name: 'Run off',
      frames: 240,
      source: { start: 10, stop: 90 },
      ...said('runs away in a hurry'),
    }),
    clip('clip-5', 'bow', 560, {
      name: 'Bow',
      speed: 0.75,
      frames: 96,
      source: { start: 0, stop: 96 },
      placement: { x: 1, z: 2, turn: 0, pinned: true },
    }),
  ];
  const details = [
    clip('clip-6', 'cheer', 300, { name: 'Cheer', mirror: true }),
    clip('clip-7', 'sit', 470, { name: 'Sit (old)', enabled: false }),
  ];
  const ben = [
    clip('clip-8', 'turn', 30, { name: 'Circle around', extrapolate: 'loop' }),
    clip('clip-9', 'cheer', 190, { name: 'Clap', ...said('claps meanwhile') }),
    clip('clip-10', 'bow', 244, {
      name: 'Bow back',
      reverse: true,
      blend: { kind: 'crossfade', frames: 12, curve: 'smooth' },
    }),
    clip('clip-11', 'walk', 360, {
      name: 'Walk on the spot',
      in_place: true,
      frames: 120,
      source: { start: 20, stop: 140 },
    }),
    clip('clip-12', 'sit', 480, { name: 'Sit down', ...said('sits down and rests') }),
  ];
  return project(
    [
      track('track-1', 'Main', 'character-1', ada),
      track('track-2', 'Details', 'character-1', details),
      track('track-3', 'Partner', 'character-2', ben),
    ],
    {
      markers: [
        { id: 'marker-1', frame: 138, name: 'They meet' },
        { id: 'marker-2', frame: 460, name: 'Music changes' },
      ],
      range: { start: 30, stop: 640 },
    },
  );
}

/** One join where each clip follows another, with figures that are made up. */
export function joinsOf({ timeline }: Project): JoinView[] {
  return timeline.tracks.flatMap((each) =>
    each.clips.slice(1).map((clip, i) => {
      const ratio = [0.8, 1.2, 2.1, 4.6, 1.1][(clip.start + i) % 5];
      return {
        track: each.id,
        clip: clip.id,
        frame: clip.start,
        frames: Math.max(stopOf(each.clips[i]) - clip.start, clip.blend.frames),
        position: 0.012 * ratio,
        rotation: 0.09 * ratio,
        velocity: 0.31 * ratio,
        ratio,
        joint: 'left_ankle',
        level:
          ratio <= 1.5 ? ('good' as const) : ratio <= 3 ? ('fair' as const) : ('poor' as const),
      };
    }),
  );
}

export const PENDING: readonly PendingView[] = [
  {
    turn: 'turn-1',
    aim: { kind: 'fill', before: 'clip-4', after: 'clip-5', length: 42 },
    text: 'slows down and catches breath',
    fraction: 0.4,
  },
  { turn: 'turn-2', aim: { kind: 'append', track: 'track-2' }, text: 'dances', fraction: 0.1 },
];

/** `count` clips, end to end with a few overlaps and gaps, on six tracks. */
export function many(count: number): Project {
  const names = Object.keys(LENGTHS);
  const tracks = Array.from({ length: 6 }, (_, row) => {
    let at = row * 20;
    const clips = Array.from({ length: Math.ceil(count / 6) }, (_, i) => {
      const media = names[(row * 3 + i) % names.length];
      const id = `clip-${row * 1000 + i + 1}`;
      const made = clip(id, media, at, said(`${media}, in some way or other, number ${i}`));
      at += LENGTHS[media] + [0, -8, 0, 14][i % 4];
      return made;
    });
    return track(`track-${row + 1}`, `Track ${row + 1}`, `character-${(row % 2) + 1}`, clips);
  });
  return project(tracks, { range: { start: 0, stop: 3000 } });
}
