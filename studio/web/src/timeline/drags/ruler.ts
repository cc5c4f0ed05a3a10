/** What is dragged in the ruler: markers, and the ends of the range. */

import { clamp } from '../../clock';
import type { Marker, Project, Range } from '../../document/types';
import { moment, stretch } from '../ticks';
import { drafted, drawn, type Draft, type Drag, type Hand, type Manner } from './drag';

export class MarkerDrag implements Drag {
  readonly cursor = 'grabbing';

  constructor(
    private readonly project: Project,
    private readonly playhead: number,
    private readonly marker: Marker,
    private readonly from: Hand,
  ) {}

  draft(hand: Hand, manner: Manner): Draft {
    const { marker, project } = this;
    const wanted = Math.max(hand.frame - this.from.frame, -marker.frame);
    const except = { marker: marker.id };
    const { by, at } = drawn(project, this.playhead, [marker.frame], wanted, manner, except);
    const moved = { ...marker, frame: Math.max(0, marker.frame + by) };
    const command = { kind: 'set_marker', marker: moved } as const;
    return drafted(project, by === 0 ? [] : [command], 'Move marker', {
      snap: by === 0 ? null : at,
      note: moment(manner.unit, moved.frame, project.fps),
    });
  }
}

export type RangeGrip = 'start' | 'stop' | 'both' | 'new';

export class RangeDrag implements Drag {
  /** @param range what is there, or where a new one begins */
  constructor(
    private readonly project: Project,
    private readonly playhead: number,
    private readonly range: Range,
    private readonly grip: RangeGrip,
    private readonly from: Hand,
  ) {}

  get cursor(): string {
    return this.grip === 'both' ? 'grabbing' : 'ew-resize';
  }

  draft(hand: Hand, manner: Manner): Draft {
    const { project, range } = this;
    const edges =
      this.grip === 'both'
        ? [range.start, range.stop]
        : [this.grip === 'start' ? range.start : range.stop];
    const wanted = hand.frame - this.from.frame;
    const { by, at } = drawn(project, this.playhead, edges, wanted, manner, { range: true });
    const next = this.#moved(by);
    const same = next.start === range.start && next.stop === range.stop;
    const commands = same ? [] : [{ kind: 'set_range', range: next } as const];
    const { unit } = manner;
    const { fps } = project;
    return drafted(project, commands, 'Set range', {
      snap: same ? null : at,
      note: `${moment(unit, next.start, fps)} – ${moment(unit, next.stop, fps)}   ${stretch(unit, next.stop - next.start, fps)}`,
    });
  }

  #moved(by: number): Range {
    const { start, stop } = this.range;
    switch (this.grip) {
      case 'both': {
        const held = Math.max(by, -start);
        return { start: start + held, stop: stop + held };
      }
      case 'start':
        return { start: clamp(start + by, 0, stop - 1), stop };
      case 'stop':
        return { start, stop: Math.max(stop + by, start + 1) };
      case 'new': {
        const end = Math.max(0, start + by);
        const [a, b] = [Math.min(start, end), Math.max(start, end)];
        return { start: a, stop: Math.max(b, a + 1) };
      }
    }
  }
}
