import { describe, expect, it } from 'vitest';

import { Playback } from '../src/playback';
import type { Command } from '../src/shortcuts';

function player(
  frames = 100,
  range: [number, number] | null = [20, 60],
): {
  made: Playback;
  heard: string[];
} {
  const heard: string[] = [];
  const made = new Playback({
    moved: () => heard.push('moved'),
    changed: () => heard.push('changed'),
  });
  made.setTime(30, frames, range);
  return { made, heard };
}

describe('Playback', () => {
  it.each<[Command, number]>([
    ['toStart', 20],
    ['toEnd', 59],
    ['step', 41],
    ['stepBack', 39],
    ['jump', 50],
    ['jumpBack', 30],
  ])('%s goes to frame %i', (command, frame) => {
    const { made } = player();
    made.seek(40);
    expect(made.run(command)).toBe(true);
    expect(made.clock.frame).toBe(frame);
  });

  it('stops at what a hand does to the playhead, save for the start', () => {
    for (const command of ['step', 'jumpBack', 'toEnd', 'stop'] as const) {
      const { made } = player();
      made.play();
      made.run(command);
      expect(made.clock.playing).toBe(false);
    }
    const { made } = player();
    made.play();
    made.run('toStart');
    expect(made.clock.playing).toBe(true);
    made.scrub(33);
    expect([made.clock.playing, made.clock.frame]).toEqual([false, 33]);
  });

  it('leaves commands to others that are not its own, or have nothing to play', () => {
    expect(player().made.run('grid')).toBe(false);
    expect(player(0, null).made.run('toggle')).toBe(false);
  });

  it('tells what has happened', () => {
    const { made, heard } = player();
    made.seek(30);
    made.toggle();
    made.run('shuttle');
    expect(heard).toEqual(['moved', 'changed', 'changed']);
  });

  it('keeps the playhead and goes on playing while the timeline changes', () => {
    const { made } = player();
    made.seek(44);
    made.play();
    for (const frames of [100, 99, 120]) made.setTime(30, frames, { start: 10, end: 90 });
    expect([made.clock.frame, made.clock.playing]).toEqual([44, true]);
    made.setTime(30, 30, null);
    expect(made.clock.frame).toBe(29);
  });

  it('offers the next speed up or down, the outermost again', () => {
    const { made } = player();
    expect([made.speedAfter(1, 1), made.speedAfter(1, -1)]).toEqual([1.25, 0.75]);
    expect([made.speedAfter(2, 1), made.speedAfter(0.25, -1)]).toEqual([2, 0.25]);
  });
});
