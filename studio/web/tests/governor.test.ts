import { describe, expect, it } from 'vitest';

import { Governor } from '../src/governor';

function play(governor: Governor, frames: number, interval: number, from = 0): number {
  let now = from;
  for (let i = 0; i < frames; i++) governor.played((now += interval));
  return now;
}

describe('Governor', () => {
  it('leaves a machine alone that keeps up', () => {
    const governor = new Governor();
    play(governor, 300, 16.7);
    expect(governor.scale).toBe(1);
  });

  it('lowers the resolution step by step, not below a half', () => {
    const governor = new Governor();
    const now = play(governor, 12, 80);
    expect(governor.scale).toBe(0.75);
    play(governor, 300, 80, now);
    expect(governor.scale).toBe(0.5);
  });

  it('does not take a hidden page for a slow one', () => {
    const governor = new Governor();
    play(governor, 100, 5000);
    expect(governor.scale).toBe(1);
  });
});
