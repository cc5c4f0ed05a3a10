import { describe, expect, it } from 'vitest';

import { Evaluator } from '../src/document/evaluate';
import { WIDTH } from '../src/document/skeleton';
import type { Clip, Media, Project } from '../src/document/types';
import type { Motion } from '../src/motion';
import {
  ANN,
  BOB,
  changed,
  clip,
  project,
  random,
  source,
  stride,
  track,
} from './document/projects';

const WALK: Media = { id: 'walk', frames: 60, fps: 30 };
const KICK: Media = { id: 'kick', frames: 40, fps: 20 };
const DANCE: Media = { id: 'dance', frames: 80, fps: 30 };

const inside = (start: number, stop: number): Partial<Clip> => ({ source: { start, stop } });

const ROW = [
  clip('w', WALK, 0, inside(2, 22)),
  clip('k', KICK, 20, inside(5, 30)),
  clip('d', DANCE, 40, inside(0, 30)),
  clip('v', WALK, 80, { ...inside(10, 30), mirror: true }),
];
const DUET = project(
  [track('a', ROW), track('b', [clip('x', DANCE, 4, inside(8, 60))], { character: BOB.id })],
  { characters: [ANN, BOB] },
);

function evaluator(): Evaluator {
  return new Evaluator(source(WALK, KICK, DANCE));
}

function motionOf(who: string, now: Project, by = evaluator()): Motion {
  const motion = by.motion(now, who);
  if (!motion) throw new Error('There is no motion.');
  return motion;
}

/** Whether frames `start .. stop` are the same to the bit. */
function same(a: Motion, b: Motion, start = 0, stop = Math.max(a.frames, b.frames)): boolean {
  const part = (array: Float32Array | Uint8Array, width: number): Buffer =>
    Buffer.from(array.slice(start * width, stop * width).buffer);
  return (
    part(a.rootPositions, 3).equals(part(b.rootPositions, 3)) &&
    part(a.rotations, WIDTH).equals(part(b.rotations, WIDTH)) &&
    part(a.feet!, 1).equals(part(b.feet!, 1))
  );
}

describe('a clip that is pinned where it stands', () => {
  /** As near as the numbers of a placement let it be. */
  function near(a: Motion, b: Motion): void {
    a.rootPositions.forEach((value, i) => expect(value).toBeCloseTo(b.rootPositions[i], 4));
    a.rotations.forEach((value, i) => expect(value).toBeCloseTo(b.rotations[i], 4));
  }

  it.each(ROW.map(({ id }) => id))('stays there: %s', (id) => {
    const by = evaluator();
    const placement = by.pinned(
      DUET,
      ROW.find((each) => each.id === id)!,
    )!;
    expect(placement.pinned).toBe(true);
    near(motionOf('ann', changed(DUET, id, { placement }), by), motionOf('ann', DUET, by));
  });

  it('stays there as the second part of a split', () => {
    const parts = [clip('l', WALK, 0, inside(2, 12)), clip('r', WALK, 10, inside(12, 22))];
    const split = project([track('a', parts)]);
    const by = evaluator();
    const placement = by.pinned(split, parts[1])!;
    const cut = { ...parts[1].blend, kind: 'cut' } as const;
    const apart = changed(split, 'r', { placement, blend: cut });
    near(motionOf('ann', apart, by), motionOf('ann', split, by));
  });

  it('is nowhere where it does not play', () => {
    const muted = project([track('a', ROW, { mute: true })]);
    expect(evaluator().pinned(muted, ROW[0])).toBeNull();
    const disabled = changed(DUET, 'k', { enabled: false });
    const { clips } = disabled.timeline.tracks[0];
    expect(evaluator().pinned(disabled, clips[1])).toBeNull();
  });
});

describe('what nothing has happened to', () => {
  it('is the very same motion', () => {
    const by = evaluator();
    const before = motionOf('ann', DUET, by);
    expect(motionOf('ann', structuredClone(DUET), by)).toBe(before);
  });

  it('includes a character whose own clips were left alone', () => {
    const by = evaluator();
    const [ann, bob] = [motionOf('ann', DUET, by), motionOf('bob', DUET, by)];
    const slipped = changed(DUET, 'w', inside(3, 23));
    expect(motionOf('bob', slipped, by)).toBe(bob);
    expect(motionOf('ann', slipped, by)).not.toBe(ann);
  });

  it('comes back as it was when a drag is taken back', () => {
    const by = evaluator();
    const before = motionOf('ann', DUET, by);
    motionOf('ann', changed(DUET, 'k', { reverse: true }), by);
    expect(motionOf('ann', DUET, by)).toBe(before);
  });

  it('includes every frame before the edit', () => {
    const by = evaluator();
    const before = motionOf('ann', DUET, by);
    const after = motionOf('ann', changed(DUET, 'd', inside(20, 50)), by);
    expect(same(after, before, 0, 40)).toBe(true);
    expect(same(after, before, 40, 50)).toBe(false);
  });
});

describe('an edit', () => {
  it.each([1, 2, 3, 4])('comes to what a fresh evaluation comes to, walk %i', (seed) => {
    const next = random(seed);
    const whole = (n: number): number => Math.floor(next() * n);
    const by = evaluator();
    let now: Project = DUET;
    for (let step = 0; step < 25; step++) {
      const { id } = ROW[whole(ROW.length)];
      const edits: Array<Partial<Clip>> = [
        inside(whole(8), 22 + whole(8)),
        { speed: 0.7 + next() },
        { reverse: next() < 0.5, mirror: next() < 0.5 },
        { in_place: next() < 0.5, enabled: next() < 0.8 },
        { placement: { x: next(), z: next(), turn: next(), pinned: next() < 0.4 } },
        {
          blend: {
            kind: next() < 0.5 ? 'crossfade' : 'inertialize',
            frames: whole(12),
            curve: 'linear',
          },
        },
        { extrapolate: next() < 0.5 ? 'loop' : 'hold' },
      ];
      now = changed(now, id, edits[whole(edits.length)]);
      for (const who of ['ann', 'bob']) {
        const motion = motionOf(who, now, by);
        expect(same(motion, motionOf(who, now))).toBe(true);
        expect(motion.rotations.every(Number.isFinite)).toBe(true);
      }
    }
  });

  it('leaves the media as it is', () => {
    const media = source(WALK, KICK, DANCE);
    motionOf('ann', DUET, new Evaluator(media));
    expect(media.get(WALK, false)).toEqual(stride(WALK, 0));
    expect(media.get(KICK, false)).toEqual(stride(KICK, 1));
  });

  it('that splits a clip changes not a bit, its contacts included', () => {
    const [w, ...rest] = ROW;
    const parts = [
      { ...w, frames: 8, source: { start: 2, stop: 10 } },
      { ...w, id: 'w2', start: 8, frames: 12, source: { start: 10, stop: 22 } },
    ];
    const split = project([track('a', [...parts, ...rest])]);
    const whole = project([track('a', ROW)]);
    expect(same(motionOf('ann', split), motionOf('ann', whole))).toBe(true);
  });
});

describe('motion', () => {
  it('is not there until its media is', () => {
    const by = new Evaluator(source(WALK, DANCE));
    expect(by.motion(DUET, 'ann')).toBeNull();
    expect(by.motion(DUET, 'bob')).not.toBeNull();
    expect(by.motion(changed(DUET, 'k', { enabled: false }), 'ann')).not.toBeNull();
    expect(by.motion(DUET, 'carl')).toBeNull();
  });

  it('that was replaced under its id is evaluated anew', () => {
    let walk = stride(WALK, 0);
    const by = new Evaluator({ get: () => walk });
    const one = project([track('a', [clip('w', WALK, 0)])]);
    const before = motionOf('ann', one, by);
    walk = stride(WALK, 7);
    const after = motionOf('ann', one, by);
    expect(after.rotations).not.toEqual(before.rotations);
  });

  it('has the contacts of what plays', () => {
    const motion = motionOf('ann', project([track('a', [clip('w', WALK, 3, inside(10, 40))])]));
    const { feet } = stride(WALK, 0);
    expect([...motion.feet!.subarray(0, 3)]).toEqual([feet![10], feet![10], feet![10]]);
    expect([...motion.feet!.subarray(3)]).toEqual([...feet!.subarray(10, 40)]);
    const stands = (f: number): boolean => motion.contacts!.left.some(([a, b]) => a <= f && f < b);
    for (let f = 0; f < motion.frames; f++)
      expect(stands(f)).toBe((motion.feet![f] & 0b0011) !== 0);
  });

  it('lasts as long as the timeline, whoever ends it', () => {
    expect(motionOf('bob', DUET).frames).toBe(100);
    expect(motionOf('ann', project([])).frames).toBe(1);
  });
});

describe('played media', () => {
  it('is the media itself, uncopied, at its own rate', () => {
    const media = source(WALK);
    const played = new Evaluator(media).played(clip('w', WALK, 0), 30);
    expect(played!.motion.rotations).toBe(media.get(WALK, false)!.rotations);
  });

  it('goes through every frame of the media, and along parabolas to the very ends', () => {
    const parabola = (t: number): number => 0.3 - 0.2 * t + 0.05 * t * t;
    const slow = stride({ id: 'p', frames: 9, fps: 20 });
    for (let f = 0; f < 9; f++) slow.rootPositions[f * 3 + 1] = parabola(f);
    const by = new Evaluator({ get: () => slow });
    const played = by.played(clip('p', { id: 'p', frames: 9, fps: 20 }, 0), 30)!.motion;
    expect(played.frames).toBe(13);
    for (let i = 0; i < 13; i++) {
      expect(played.rootPositions[i * 3 + 1]).toBeCloseTo(parabola((i * 20) / 30), 6);
    }
    expect(played.rotations.slice(3 * WIDTH, 4 * WIDTH)).toEqual(
      slow.rotations.slice(2 * WIDTH, 3 * WIDTH),
    );
  });

  it('takes no notice of the signs of quaternions', () => {
    const plain = stride(KICK);
    const signed = stride(KICK);
    for (let i = 0; i < signed.rotations.length; i += 12) {
      for (let k = i; k < i + 4; k++) signed.rotations[k] *= -1;
    }
    const whole = clip('k', KICK, 0);
    const a = new Evaluator({ get: () => plain }).played(whole, 30)!.motion;
    const b = new Evaluator({ get: () => signed }).played(whole, 30)!.motion;
    for (let i = 0; i < a.rotations.length; i += 4) {
      let dot = 0;
      for (let k = i; k < i + 4; k++) dot += a.rotations[k] * b.rotations[k];
      expect(Math.abs(dot)).toBeCloseTo(1, 5);
    }
  });
});
