import { describe, expect, it } from 'vitest';

import { shortened } from '../src/timeline/paint/text';
import { thumbStep } from '../src/timeline/paint/thumbs';
import { Rows, RULER_HEIGHT } from '../src/timeline/rows';
import { MARGIN, Scale } from '../src/timeline/scale';
import { clockTime, moment, stretch, tickLabel, ticks } from '../src/timeline/ticks';

describe('Scale', () => {
  const scale = new Scale(100, 4, 800);

  it('takes frames to pixels and back', () => {
    for (const x of [0, 3.5, 417, 800]) expect(scale.x(scale.frame(x))).toBeCloseTo(x);
    expect(scale.x(100)).toBe(0);
    expect(scale.right).toBe(300);
  });

  it('keeps the frame under the cursor while it zooms', () => {
    for (const factor of [0.5, 0.9, 1.3, 4]) {
      for (const x of [300, 400, 600]) {
        const within = new Scale(500, 4, 800);
        const zoomed = within.zoomed(factor, x, 5000);
        expect(zoomed.frame(x)).toBeCloseTo(within.frame(x), 9);
        expect(zoomed.pixels).toBeCloseTo(4 * factor);
      }
    }
  });

  it('zooms no closer than a frame can be used and no further than all of it', () => {
    expect(scale.zoomed(1e6, 0, 1000).pixels).toBe(48);
    const far = scale.zoomed(1e-6, 0, 1000);
    expect(far.x(1000) - far.x(0)).toBeCloseTo(200);
    expect(far.left).toBeLessThanOrEqual(0);
  });

  it('never leaves the timeline', () => {
    expect(scale.panned(-1e6, 1000).x(0)).toBeCloseTo(MARGIN);
    expect(scale.panned(1e6, 1000).x(1000)).toBeCloseTo(200);
  });

  it('fits a span with room at both ends', () => {
    const fitted = scale.fitted({ start: 40, stop: 240 }, 20);
    expect(fitted.x(40)).toBeCloseTo(20);
    expect(fitted.x(240)).toBeCloseTo(780);
  });

  it('follows the playhead a page at a time', () => {
    expect(scale.paged(200, 2000)).toBe(scale);
    const next = scale.paged(301, 2000);
    expect(next.x(301)).toBeCloseTo(MARGIN);
    expect(scale.paged(20, 2000).x(20)).toBeCloseTo(MARGIN);
  });

  it('moves as little as shows a frame', () => {
    expect(scale.revealing(200, 40, 2000)).toBe(scale);
    expect(scale.revealing(310, 40, 2000).x(310)).toBeCloseTo(760);
    expect(scale.revealing(90, 40, 2000).x(90)).toBeCloseTo(40);
  });
});

describe('Rows', () => {
  it('fill the height between the smallest and the largest size', () => {
    expect(new Rows(3, 194).height).toBe(57);
    expect(new Rows(1, 400).height).toBe(88);
    expect(new Rows(20, 194).height).toBe(52);
  });

  it('know which track is under the pointer', () => {
    const rows = new Rows(10, 194, 100);
    for (let row = 0; row < 10; row++) {
      expect(rows.at(rows.top(row))).toBe(row);
      expect(rows.at(rows.top(row + 1) - 1)).toBe(row);
    }
    expect(new Rows(2, 300).at(RULER_HEIGHT + 2 * 88 + 1)).toBe(2);
  });

  it('show what can be seen, and scroll no further than there is', () => {
    const rows = new Rows(10, 194, 1e6);
    expect(rows.bottom).toBeLessThanOrEqual(RULER_HEIGHT + 194);
    expect(rows.visible[1]).toBe(10);
    expect(new Rows(3, 194).scrolled(-50).scroll).toBe(0);
  });

  it('scroll as little as shows a track whole', () => {
    const rows = new Rows(10, 194);
    const seen = rows.revealing(7);
    expect(seen.top(8)).toBe(RULER_HEIGHT + 194);
    expect(seen.revealing(6)).toBe(seen);
    expect(seen.revealing(0).scroll).toBe(0);
  });
});

describe('ticks', () => {
  it('are whole frames that meet the labels, at every zoom', () => {
    for (const fps of [12, 24, 25, 29.97, 30, 60]) {
      for (let pixels = 0.01; pixels < 50; pixels *= 1.3) {
        const { major, minor } = ticks('frames', fps, pixels);
        expect(Number.isInteger(major)).toBe(true);
        expect(major % minor).toBe(0);
        const last = major >= 36_000 * Math.round(fps);
        if (!last) expect(major * pixels).toBeGreaterThanOrEqual(58);
      }
    }
  });

  it('divide seconds where frames do', () => {
    expect(ticks('frames', 30, 2)).toEqual({ major: 30, minor: 5 });
    expect(ticks('frames', 24, 5)).toEqual({ major: 12, minor: 2 });
    expect(ticks('frames', 30, 0.5).major).toBe(150);
  });

  it('are at round times in seconds, though frames are not', () => {
    const { major, minor } = ticks('seconds', 24, 30);
    expect(major).toBeCloseTo(2.4);
    expect(minor).toBeCloseTo(2.4);
    expect(ticks('seconds', 30, 2).major).toBe(60);
  });

  it('say times no longer than they have to be', () => {
    expect(tickLabel('seconds', 45, 30, 15)).toBe('0:01.5');
    expect(tickLabel('seconds', 1800, 30, 30)).toBe('1:00');
    expect(tickLabel('frames', 45, 30, 15)).toBe('45');
    expect(clockTime(3661.25, 2)).toBe('1:01:01.25');
    expect(clockTime(59.999, 1)).toBe('1:00.0');
    expect(moment('seconds', 45, 30)).toBe('0:01.50');
    expect(stretch('frames', -3, 30, true)).toBe('−3 f');
    expect(stretch('seconds', 12, 24, true)).toBe('+0.50 s');
  });
});

describe('thumbnails', () => {
  it('are never closer than their width, nor much further apart', () => {
    for (let pixels = 0.05; pixels < 48; pixels *= 1.17) {
      const step = thumbStep(pixels, 30);
      expect(Number.isInteger(step)).toBe(true);
      expect(step * pixels).toBeGreaterThanOrEqual(30 - 1e-9);
      if (step > 2) expect(step * pixels).toBeLessThanOrEqual(45 + 1e-9);
    }
  });
});

describe('shortened', () => {
  const fits = (most: number) => (part: string) => [...part].length <= most;

  it('keeps as many letters as fit with the ellipsis', () => {
    expect(shortened('Walk forward', fits(6))).toBe('Walk…');
    expect(shortened('Walk forward', fits(8))).toBe('Walk fo…');
    expect(shortened('Walk', fits(1))).toBe('');
  });

  it('cuts no letter in two', () => {
    expect(shortened('🕺🕺🕺', fits(2))).toBe('🕺…');
  });
});
