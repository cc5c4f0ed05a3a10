import { describe, expect, it } from 'vitest';

import { pieces } from '../src/document/layout';
import type { Clip, Media, Project, Track } from '../src/document/types';
import { ANN, clip, project, random, track } from './document/projects';

const WALK: Media = { id: 'walk', frames: 40, fps: 30 };
const JUMP: Media = { id: 'jump', frames: 25, fps: 30 };

type Shown = readonly [clip: string, frame: number];

/** What plays at a frame, read from ADR 10 word for word; null before the first clip. */
function shownAt(tracks: readonly Track[], frame: number): Shown | null {
  const covers = (each: Clip): boolean =>
    each.enabled && each.start <= frame && frame < each.start + each.frames;
  for (const each of tracks) {
    const playing = each.clips.filter(covers).sort((a, b) => b.start - a.start);
    if (playing.length > 0) return frameOf(playing[0], frame);
  }
  const before = frame > 0 ? lastClip(tracks, frame - 1) : null;
  if (!before) return null;
  const end = before.start + before.frames;
  return before.extrapolate === 'loop' ? frameOf(before, frame) : frameOf(before, end - 1);
}

function lastClip(tracks: readonly Track[], from: number): Clip | null {
  for (let frame = from; frame >= 0; frame--) {
    for (const each of tracks) {
      const playing = each.clips
        .filter((c) => c.enabled && c.start <= frame && frame < c.start + c.frames)
        .sort((a, b) => b.start - a.start);
      if (playing.length > 0) return playing[0];
    }
  }
  return null;
}

function frameOf({ id, start, phase, source }: Clip, frame: number): Shown {
  const length = source.stop - source.start;
  return [id, source.start + ((phase + frame - start) % length)];
}

/** The tracks that count, by a reading of their own. */
function counted(tracks: readonly Track[]): Track[] {
  const heard = tracks.filter((t) => t.character === ANN.id && !t.mute);
  return heard.some((t) => t.solo) ? heard.filter((t) => t.solo) : heard;
}

function someProject(seed: number): Project {
  const next = random(seed);
  const whole = (n: number): number => Math.floor(next() * n);
  const rows = Array.from({ length: 1 + whole(3) }, (_, r) => {
    const clips: Clip[] = [];
    for (let i = 0, at = whole(6); i < whole(5); i++) {
      const media = next() < 0.5 ? WALK : JUMP;
      const first = whole(8);
      const used = { start: first, stop: first + 2 + whole(12) };
      const length = used.stop - used.start;
      const round = next() < 0.3;
      const frames = round ? length + whole(20) : length;
      const made = clip(`${r}.${i}`, media, at, {
        source: used,
        frames,
        phase: round ? whole(length) : 0,
        enabled: next() < 0.85,
        extrapolate: next() < 0.3 ? 'loop' : 'hold',
      });
      clips.push(made);
      // The next begins in the last third of this one, right after it, or later.
      at += Math.max(Math.ceil((frames * 2) / 3), frames - 2 + whole(8));
    }
    return track(`t${r}`, clips, { mute: next() < 0.2, solo: next() < 0.15 });
  });
  return project(rows);
}

describe('pieces', () => {
  it.each(Array.from({ length: 120 }, (_, seed) => seed))(
    'show at each frame what plays there, in timeline %i',
    (seed) => {
      const some = someProject(seed);
      const tracks = counted(some.timeline.tracks);
      const row = pieces(some, ANN.id, 70);
      if (row.length === 0) {
        expect(tracks.flatMap((t) => t.clips).some((c) => c.enabled)).toBe(false);
        return;
      }
      expect(row[0].start).toBe(0);
      let first: Shown | null = null;
      for (let frame = 69; frame >= 0; frame--) first = shownAt(tracks, frame) ?? first;
      const media = new Map(some.timeline.tracks.flatMap((t) => t.clips).map((c) => [c.id, c]));
      row.forEach((piece, i) => {
        expect(piece.start + piece.count).toBe(row[i + 1]?.start ?? 70);
        for (let k = 0; k < piece.count; k++) {
          const [id, played] = shownAt(tracks, piece.start + k) ?? first!;
          // A piece keeps its first clip where the next goes on in the same media.
          expect(piece.clip.media).toBe(media.get(id)!.media);
          expect(piece.held ? piece.first : piece.first + k).toBe(played);
        }
      });
    },
  );

  it('are none for a character without a clip', () => {
    expect(pieces(project([track('a', [])]), ANN.id)).toEqual([]);
  });

  it('blend over an overlap, and over no more than they have', () => {
    const a = clip('a', WALK, 0, { source: { start: 0, stop: 20 } });
    const b = clip('b', JUMP, 13, { source: { start: 0, stop: 20 } });
    const c = clip('c', WALK, 33, { source: { start: 5, stop: 9 } });
    const row = pieces(project([track('t', [a, b, c])]), ANN.id);
    expect(row.map((piece) => [piece.clip.id, piece.start, piece.blend])).toEqual([
      ['a', 0, 0],
      ['b', 13, 7],
      ['c', 33, 4],
    ]);
  });
});
