import { describe, expect, it } from 'vitest';

import { PlaybackClock } from '../src/clock';

function clock(setup: Partial<Pick<PlaybackClock, 'loop' | 'speed'>> = {}): PlaybackClock {
  const out = new PlaybackClock();
  out.setLength(30, 10);
  return Object.assign(out, setup);
}

/** Runs for a time in steps of 16 ms from a first tick at an arbitrary moment. */
function run(c: PlaybackClock, ms: number): void {
  c.tick(5000);
  for (let t = 16; t < ms; t += 16) c.tick(5000 + t);
  c.tick(5000 + ms);
}

describe('PlaybackClock', () => {
  it('advances by time, not by ticks', () => {
    const c = clock();
    c.play();
    run(c, 1000);
    expect(c.frame).toBeCloseTo(10, 6);
  });

  it('obeys speed and shuttle', () => {
    const c = clock({ speed: 0.5 });
    c.play();
    run(c, 1000);
    expect(c.frame).toBeCloseTo(5, 6);
    c.nudgeShuttle(1);
    run(c, 1000);
    expect(c.frame).toBeCloseTo(15, 6);
  });

  it('lets the last frame of a loop last its time, then wraps', () => {
    const c = clock();
    c.play();
    run(c, 2950);
    expect(c.frame).toBeCloseTo(29.5, 6);
    run(c, 100);
    expect(c.frame).toBeCloseTo(0.5, 6);
    expect(c.playing).toBe(true);
  });

  it('ends on the last frame exactly without a loop', () => {
    const c = clock({ loop: false });
    c.play();
    run(c, 9000);
    expect(c.frame).toBe(29);
    expect(c.playing).toBe(false);
  });

  it('starts over when played at the end', () => {
    const c = clock({ loop: false });
    c.seek(29);
    c.play();
    expect(c.frame).toBe(0);
  });

  it('plays backwards and wraps the other way', () => {
    const c = clock();
    c.seek(1);
    c.nudgeShuttle(-1);
    run(c, 200);
    expect(c.frame).toBeCloseTo(29, 6);
  });

  it('doubles the shuttle up to four times and turns round at the other key', () => {
    const c = clock();
    for (const wanted of [1, 2, 4, 4]) {
      c.nudgeShuttle(1);
      expect(c.shuttle).toBe(wanted);
    }
    c.nudgeShuttle(-1);
    expect(c.shuttle).toBe(-1);
    c.pause();
    expect(c.shuttle).toBe(1);
  });

  it('does not leap after a time in which nobody ticked', () => {
    const c = clock();
    c.play();
    c.tick(0);
    c.tick(60_000);
    expect(c.frame).toBeLessThanOrEqual(5);
  });

  it('starts counting when playback starts, not when it last ticked', () => {
    const c = clock();
    c.play();
    run(c, 100);
    c.pause();
    c.play();
    c.tick(90_000);
    expect(c.frame).toBeCloseTo(1, 6);
  });

  it('plays a range only', () => {
    const c = clock();
    c.setRange({ start: 10, end: 20 });
    c.seek(19);
    c.play();
    expect(c.frame).toBe(10);
    run(c, 1050);
    expect(c.frame).toBeCloseTo(10.5, 6);
  });

  it('takes a range of everything or nothing for none', () => {
    const c = clock();
    for (const range of [
      { start: 0, end: 30 },
      { start: 5, end: 5 },
      { start: 40, end: 50 },
      null,
    ]) {
      c.setRange(range);
      expect(c.hasRange).toBe(false);
      expect(c.range).toEqual({ start: 0, end: 30 });
    }
  });

  it('steps to whole frames from between them', () => {
    const c = clock();
    c.seek(4.4);
    c.step(1);
    expect(c.frame).toBe(5);
    c.seek(4.4);
    c.step(-1);
    expect(c.frame).toBe(4);
    c.step(-1);
    expect(c.frame).toBe(3);
  });

  it('steps over the ends of a loop, and stops at them without one', () => {
    const c = clock();
    c.seek(29);
    c.step(1);
    expect(c.frame).toBe(0);
    c.step(-1);
    expect(c.frame).toBe(29);
    c.seek(25);
    c.step(10);
    expect(c.frame).toBe(29);
    c.loop = false;
    c.step(1);
    expect(c.frame).toBe(29);
  });

  it('stays within a motion that got shorter, and drops a range that no longer fits', () => {
    const c = clock();
    c.setRange({ start: 10, end: 25 });
    c.seek(24);
    c.setLength(12, 10);
    expect(c.frame).toBe(11);
    expect(c.hasRange).toBe(false);
  });

  it('has nothing to play in an empty scene or a single frame', () => {
    const c = clock();
    for (const frames of [0, 1]) {
      c.setLength(frames, 10);
      c.play();
      expect(c.playing).toBe(false);
    }
  });

  it('seeks only to frames there are', () => {
    const c = clock();
    for (const [asked, got] of [
      [-1, 0],
      [99, 29],
      [NaN, 0],
      [7.25, 7.25],
    ]) {
      c.seek(asked);
      expect(c.frame).toBe(got);
    }
  });
});
