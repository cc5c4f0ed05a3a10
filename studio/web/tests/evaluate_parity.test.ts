/** What the Python reference says of small projects (tests/studio/document/parity.py). */

import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { Evaluator, type MediaSource } from '../src/document/evaluate';
import { pieces } from '../src/document/layout';
import type { MediaId, Project } from '../src/document/types';
import { parseMotion, type Motion } from '../src/motion';

interface Expected {
  readonly joins: ReadonlyArray<{
    readonly track: string;
    readonly clip: string;
    readonly frame: number;
    readonly frames: number;
    readonly kind: string;
  }>;
  readonly frames: number;
  readonly at: number;
}

interface Fixture {
  readonly media: Record<MediaId, { readonly plain: string; readonly mirrored: string }>;
  readonly cases: ReadonlyArray<{
    readonly name: string;
    readonly project: Project;
    readonly expected: Record<string, Expected>;
  }>;
}

const METRES = 1e-4;
const RADIANS = (0.01 * Math.PI) / 180;

function bytes(name: string): ArrayBuffer {
  const file = readFileSync(new URL(`fixtures/${name}`, import.meta.url));
  return file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
}

const fixture = JSON.parse(new TextDecoder().decode(bytes('evaluate.json'))) as Fixture;
const numbers = bytes('evaluate.bin');
const motions = new Map<string, Motion>();
for (const [id, { plain, mirrored }] of Object.entries(fixture.media)) {
  motions.set(`${id} false`, parseMotion(bytes(plain)));
  motions.set(`${id} true`, parseMotion(bytes(mirrored)));
}
const media: MediaSource = { get: ({ id }, mirror) => motions.get(`${id} ${mirror}`) };

/** The largest distance of two root positions, metres. */
function furthest(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < a.length; i += 3) {
    worst = Math.max(worst, Math.hypot(a[i] - b[i], a[i + 1] - b[i + 1], a[i + 2] - b[i + 2]));
  }
  return worst;
}

/** The largest angle between two rotations, radians; from the chord, which small angles need. */
function widest(a: Float32Array, b: Float32Array): number {
  let worst = 0;
  for (let i = 0; i < a.length; i += 4) {
    let [near, far] = [0, 0];
    for (let k = i; k < i + 4; k++) {
      near += (a[k] - b[k]) ** 2;
      far += (a[k] + b[k]) ** 2;
    }
    worst = Math.max(worst, 4 * Math.asin(Math.min(1, Math.sqrt(Math.min(near, far)) / 2)));
  }
  return worst;
}

describe.each(fixture.cases)('$name', ({ project, expected }) => {
  it.each(Object.keys(expected))('moves %s as the reference does', (who) => {
    const { frames, at } = expected[who];
    const motion = new Evaluator(media).motion(project, who);
    expect(motion).not.toBeNull();
    expect(motion!.frames).toBe(frames);
    expect(motion!.fps).toBe(project.fps);
    const root = new Float32Array(numbers, at, frames * 3);
    const rotations = new Float32Array(numbers, at + frames * 12, frames * 88);
    expect(furthest(motion!.rootPositions, root)).toBeLessThan(METRES);
    expect(widest(motion!.rotations, rotations)).toBeLessThan(RADIANS);
  });

  it.each(Object.keys(expected))('joins for %s where the reference does', (who) => {
    const joins = pieces(project, who)
      .slice(1)
      .filter((piece) => !piece.stays)
      .map(({ track, clip, start, blend }) => {
        const { kind } = clip.blend;
        return { track, clip: clip.id, frame: start, frames: kind === 'cut' ? 0 : blend, kind };
      });
    expect(joins).toEqual(expected[who].joins);
  });
});
