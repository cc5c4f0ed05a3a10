import { describe, expect, it } from 'vitest';

import { rulerSpacing, timecode } from '../src/timecode';

describe('timecode', () => {
  it.each([
    [0, '00:00.0'],
    [3.2, '00:03.2'],
    [3.29, '00:03.2'],
    [59.99, '00:59.9'],
    [60, '01:00.0'],
    [725.5, '12:05.5'],
    [-1, '00:00.0'],
  ])('reads %f s as %s', (seconds, text) => expect(timecode(seconds)).toBe(text));

  it('does not fall a tenth behind for want of binary precision', () => {
    for (let tenth = 0; tenth < 600; tenth++) {
      expect(timecode(tenth / 10)).toBe(
        `00:${String(Math.floor(tenth / 10)).padStart(2, '0')}.${tenth % 10}`,
      );
    }
  });
});

describe('rulerSpacing', () => {
  it('keeps labels apart, and marks on whole frames between them', () => {
    for (const fps of [1, 12, 20, 24, 29.97, 30, 60, 120]) {
      for (const frames of [2, 30, 119, 1901, 100_000]) {
        for (const width of [120, 400, 1400]) {
          const { major, minor } = rulerSpacing(frames, fps, width);
          expect(major % minor).toBe(0);
          expect(major * (width / frames)).toBeGreaterThanOrEqual(56);
        }
      }
    }
  });

  it('prefers divisions of a second', () => {
    expect(rulerSpacing(120, 30, 1400)).toEqual({ major: 5, minor: 1 });
    expect(rulerSpacing(1800, 30, 1400).major).toBe(150);
  });
});
