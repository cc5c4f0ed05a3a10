/** What a player's keys and buttons do to the clock. */

import type { PlayRange } from './api';
import { PlaybackClock, SPEEDS, clamp, type FrameRange } from './clock';
import type { Command } from './shortcuts';

export interface PlaybackActions {
  /** The playhead is elsewhere. */
  moved(): void;
  /** It began or ceased to play, or plays otherwise. */
  changed(): void;
}

export class Playback {
  readonly clock = new PlaybackClock();

  constructor(private readonly act: PlaybackActions) {}

  play(): void {
    this.clock.play();
    this.act.changed();
  }

  pause(): void {
    this.clock.pause();
    this.act.changed();
  }

  toggle(): void {
    if (this.clock.playing) this.pause();
    else this.play();
  }

  seek(frame: number): void {
    this.clock.seek(frame);
    this.act.moved();
  }

  /** While the playhead is dragged the figure stays where the hand puts it. */
  scrub(frame: number): void {
    if (this.clock.playing) this.pause();
    this.seek(frame);
  }

  setTime(fps: number, frames: number, range: PlayRange | null | undefined): void {
    this.clock.setLength(frames, fps);
    this.clock.setRange(asRange(range));
  }

  setOptions({ loop, speed }: { loop: boolean; speed: number }): void {
    this.clock.loop = loop;
    this.clock.speed = clamp(speed, SPEEDS[0], SPEEDS[SPEEDS.length - 1]);
  }

  /** The next of the speeds that are offered. */
  speedAfter(speed: number, by: 1 | -1): number {
    const nearest = SPEEDS.reduce((a, b) => (Math.abs(b - speed) < Math.abs(a - speed) ? b : a));
    return SPEEDS[clamp(SPEEDS.indexOf(nearest) + by, 0, SPEEDS.length - 1)];
  }

  /** False for a command that is not a player's, or has nothing to play. */
  run(command: Command): boolean {
    if (this.clock.frames === 0) return false;
    const { start, end } = this.clock.range;
    switch (command) {
      case 'toggle':
        this.toggle();
        break;
      case 'stepBack':
      case 'step':
        this.#step(command === 'step' ? 1 : -1);
        break;
      case 'jumpBack':
      case 'jump':
        this.#step(command === 'jump' ? 10 : -10);
        break;
      case 'toStart':
        this.seek(start);
        break;
      case 'toEnd':
        this.pause();
        this.seek(end - 1);
        break;
      case 'shuttle':
      case 'shuttleBack':
        this.clock.nudgeShuttle(command === 'shuttle' ? 1 : -1);
        this.act.changed();
        break;
      case 'stop':
        this.pause();
        break;
      default:
        return false;
    }
    return true;
  }

  #step(by: number): void {
    this.pause();
    this.clock.step(by);
    this.act.moved();
  }
}

function asRange(range: PlayRange | null | undefined): FrameRange | null {
  if (!range) return null;
  return 'start' in range ? range : { start: range[0], end: range[1] };
}
