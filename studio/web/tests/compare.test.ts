import { describe, expect, it } from 'vitest';

import { describeAction, union } from '../src/action';
import { sideBySide } from '../src/compare';
import type { Motion } from '../src/motion';
import { stroll } from './clips';

/** Where each motion's space begins and ends along the direction of the row. */
function spans(
  motions: readonly Motion[],
  offsets: ReadonlyArray<readonly [number, number]>,
  axis: 0 | 2,
): Array<[number, number]> {
  return motions.map((motion, i) => {
    const { min, max } = union(describeAction(motion).boxes)!;
    const shift = offsets[i][axis === 0 ? 0 : 1];
    return [min[axis] + shift, max[axis] + shift];
  });
}

describe('sideBySide', () => {
  it('lays takes out to the left of the first, in order, without any meeting', () => {
    const takes = [stroll(), stroll({ turn: 30 }), stroll({ swing: 35 }), stroll({ turn: -30 })];
    const offsets = sideBySide(takes);
    expect(offsets[0]).toEqual([0, 0]);
    // Facing +Z the left is +X.
    const row = spans(takes, offsets, 0);
    for (let i = 1; i < row.length; i++) expect(row[i][0]).toBeGreaterThan(row[i - 1][1] + 0.3);
    for (const [, z] of offsets) expect(z).toBeCloseTo(0, 1);
  });

  it('keeps no more room than they need', () => {
    const takes = [stroll(), stroll()];
    const [[, end], [start]] = spans(takes, sideBySide(takes), 0);
    expect(start - end).toBeLessThan(0.4);
  });

  it('runs across the way the first one faces', () => {
    const takes = [stroll({ heading: Math.PI / 2 }), stroll({ heading: Math.PI / 2 })];
    const [, [x, z]] = sideBySide(takes);
    // Facing +X the left is -Z.
    expect(z).toBeLessThan(-0.5);
    expect(Math.abs(x)).toBeLessThan(0.2 * Math.abs(z));
  });

  it('has nothing to lay out of nothing', () => {
    expect(sideBySide([])).toEqual([]);
  });
});
