import { describe, expect, it } from 'vitest';

import { onionPoses, type OnionPose } from '../src/onion';

function poses(now: number, frames = 200, step = 10, count = 3): OnionPose[] {
  const out = Array.from({ length: 2 * count + 2 }, () => ({ frame: 0, strength: 0, past: false }));
  return out.slice(0, onionPoses(now, frames, step, count, out));
}

describe('onionPoses', () => {
  it('has as many poses on each side as asked for, with the playhead on one', () => {
    const found = poses(100);
    expect(found.map((p) => p.frame)).toEqual([70, 80, 90, 110, 120, 130]);
    expect(found.map((p) => p.past)).toEqual([true, true, true, false, false, false]);
  });

  it('leaves poses where they are while the playhead passes', () => {
    for (let now = 80; now < 120; now += 0.7) {
      for (const { frame } of poses(now)) expect(frame % 10).toBe(0);
    }
  });

  it('is weaker the farther away, and symmetric', () => {
    const strength = poses(100).map((p) => p.strength);
    expect(strength.slice(3)).toEqual([...strength.slice(3)].sort((a, b) => b - a));
    expect(strength.slice(0, 3).reverse()).toEqual(strength.slice(3));
  });

  it('fades in and out without a leap', () => {
    const strengthOf = (frame: number, now: number): number =>
      poses(now).find((p) => p.frame === frame)?.strength ?? 0;
    for (let now = 40; now < 160; now += 0.05) {
      const [a, b] = [strengthOf(100, now), strengthOf(100, now + 0.05)];
      expect(Math.abs(a - b)).toBeLessThan(0.02);
    }
  });

  it('ends with the motion', () => {
    expect(poses(3, 25).map((p) => p.frame)).toEqual([0, 10, 20]);
    expect(poses(24, 25).map((p) => p.frame)).toEqual([0, 10, 20]);
    expect(poses(0, 1)).toEqual([]);
  });

  it('never holds more poses than there is room for', () => {
    for (const step of [1, 2, 7, 30]) {
      for (const count of [1, 5, 8]) {
        for (let now = 90; now < 110; now += 0.31) {
          expect(poses(now, 200, step, count).length).toBeLessThanOrEqual(2 * count + 2);
        }
      }
    }
  });
});
