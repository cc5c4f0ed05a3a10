import { describe, expect, it } from 'vitest';

import { secondsLabel } from '../src/path_marks';
import { pathMarks } from '../src/root_path';
import { glide, stroll } from './clips';

describe('pathMarks', () => {
  it('stands where the root is at every second, and points the way it goes', () => {
    const marks = pathMarks(glide(81, [0.06, 0.08]));
    expect(marks.map((m) => m.second)).toEqual([0, 1, 2, 3, 4]);
    marks.forEach(({ second, x, z, heading }) => {
      expect(x).toBeCloseTo(1.2 * second, 4);
      expect(z).toBeCloseTo(1.6 * second, 4);
      expect(heading).toBeCloseTo(Math.atan2(0.06, 0.08), 3);
    });
  });

  it('finds seconds between the frames of odd rates', () => {
    const marks = pathMarks(glide(60, [0, 0.1], 29.97));
    expect(marks[1].z).toBeCloseTo(2.997, 3);
  });

  it('has one mark for what stays in place', () => {
    expect(pathMarks(glide(100, [0, 0.001]))).toHaveLength(1);
  });

  it('follows a turn', () => {
    const marks = pathMarks(stroll({ turn: 40, seconds: 4 }));
    expect(marks.at(-1)!.heading).toBeGreaterThan(marks[0].heading + 0.5);
  });
});

describe('secondsLabel', () => {
  it.each([
    [0, '0s'],
    [59, '59s'],
    [60, '1:00'],
    [605, '10:05'],
  ])('%i is %s', (second, label) => expect(secondsLabel(second)).toBe(label));
});
