/** Projects and motion for tests of the document: small, and by name. */

import type { MediaSource } from '../../src/document/evaluate';
import { JOINTS, PARENTS, REST_OFFSETS, WIDTH } from '../../src/document/skeleton';
import type { Character, Clip, Media, Placement, Project, Track } from '../../src/document/types';
import { contactsOf, type Motion } from '../../src/motion';

export const NOWHERE: Placement = { x: 0, z: 0, turn: 0, pinned: false };

export const ANN: Character = {
  id: 'ann',
  name: 'Ann',
  color: '#5b9dd9',
  placement: { x: 1, z: -2, turn: 0.5, pinned: true },
};
export const BOB: Character = { ...ANN, id: 'bob', name: 'Bob', color: '#d95b5b' };

/** All of a media, unless `changes` say otherwise. */
export function clip(id: string, media: Media, start: number, changes: Partial<Clip> = {}): Clip {
  const used = changes.source ?? { start: 0, stop: media.frames };
  return {
    id,
    name: id,
    media,
    start,
    frames: used.stop - used.start,
    source: used,
    phase: 0,
    speed: 1,
    reverse: false,
    mirror: false,
    in_place: false,
    extrapolate: 'hold',
    blend: { kind: 'inertialize', frames: 9, curve: 'smooth' },
    placement: NOWHERE,
    enabled: true,
    take: null,
    provenance: null,
    ...changes,
  };
}

export function track(id: string, clips: readonly Clip[], changes: Partial<Track> = {}): Track {
  const plain = { id, name: id, character: ANN.id, mute: false, solo: false, lock: false };
  return { ...plain, clips, ...changes };
}

export function project(tracks: readonly Track[], changes: Partial<Project> = {}): Project {
  return {
    name: 'Test',
    fps: 30,
    timeline: { tracks, markers: [], range: null },
    characters: [ANN],
    constraints: [],
    takes: [],
    conversation: [],
    schema: 2,
    ...changes,
  };
}

/** A project with one clip changed. */
export function changed(before: Project, id: string, changes: Partial<Clip>): Project {
  const tracks = before.timeline.tracks.map((row) => ({
    ...row,
    clips: row.clips.map((each) => (each.id === id ? { ...each, ...changes } : each)),
  }));
  return { ...before, timeline: { ...before.timeline, tracks } };
}

/** Somebody who strides in a curve and swings every joint; of another `seed` otherwise. */
export function stride({ frames, fps }: Media, seed = 0): Motion {
  const rootPositions = new Float32Array(frames * 3);
  const rotations = new Float32Array(frames * WIDTH);
  const feet = new Uint8Array(frames);
  for (let f = 0; f < frames; f++) {
    const t = f / fps + seed;
    rootPositions.set([Math.sin(0.7 * t), 0.95 + 0.03 * Math.sin(9 * t), 1.3 * t], f * 3);
    for (let j = 0; j < JOINTS.length; j++) {
      const half = 0.2 * Math.sin((2 + (j % 5)) * t + j + seed);
      rotations[f * WIDTH + j * 4] = Math.cos(half);
      rotations[f * WIDTH + j * 4 + 1 + (j % 3)] = Math.sin(half);
    }
    feet[f] = Math.sin(9 * t) > 0 ? 0b0011 : 0b1100;
  }
  return {
    fps,
    frames,
    joints: JOINTS,
    parents: PARENTS,
    restOffsets: REST_OFFSETS,
    rootPositions,
    rotations,
    contacts: contactsOf(feet),
    feet,
  };
}

/** Media by id, each its own {@link stride}; a mirrored one only has another seed. */
export function source(...media: readonly Media[]): MediaSource {
  const motions = new Map<string, Motion>();
  media.forEach((each, i) => {
    motions.set(`${each.id} false`, stride(each, i));
    motions.set(`${each.id} true`, stride(each, i + 100));
  });
  return { get: ({ id }, mirror) => motions.get(`${id} ${mirror}`) };
}

/** Numbers from 0 to 1 that are the same each time (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
