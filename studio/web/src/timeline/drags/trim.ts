/** An edge drawn in or out, and the cut between two clips carried along. */

import { clamp } from '../../clock';
import type { Clip, EditCommand, Project } from '../../document/types';
import { handles, stopOf } from '../clips';
import { moment, stretch } from '../ticks';
import { drafted, drawn, type Draft, type Drag, type Hand, type Manner } from './drag';

export type Edge = 'head' | 'tail';

/** How far an edge can go: a frame is always left, and no more than the media has. */
export function reach(clip: Clip, edge: Edge, fps: number, ripple: boolean): [number, number] {
  const { head, tail } = handles(clip, fps);
  if (edge === 'tail') return [clip.start + 1, stopOf(clip) + tail];
  // A rippled head stays where it is, so there is room before frame 0.
  return [Math.max(clip.start - head, ripple ? -Infinity : 0), stopOf(clip) - 1];
}

export class TrimDrag implements Drag {
  readonly cursor = 'ew-resize';

  constructor(
    private readonly project: Project,
    private readonly playhead: number,
    private readonly clip: Clip,
    private readonly edge: Edge,
    private readonly from: Hand,
  ) {}

  draft(hand: Hand, manner: Manner): Draft {
    const { clip, edge, project } = this;
    const at = edge === 'head' ? clip.start : stopOf(clip);
    const [least, most] = reach(clip, edge, project.fps, manner.ripple);
    const wanted = clamp(at + hand.frame - this.from.frame, least, most) - at;
    const except = { clips: new Set([clip.id]) };
    const snapped = drawn(project, this.playhead, [at], wanted, manner, except);
    const frame = clamp(at + snapped.by, least, most);
    const target = [clip.id];
    const command: EditCommand = {
      kind: 'trim_clip',
      target,
      edge,
      frame,
      ripple: manner.ripple,
    };
    const longer = edge === 'tail' ? frame - at : at - frame;
    const { unit } = manner;
    return drafted(project, frame === at ? [] : [command], 'Trim clip', {
      moving: new Set(target),
      snap: snapped.at === frame ? frame : null,
      note: `${stretch(unit, longer, project.fps, true)}  →  ${stretch(unit, clip.frames + longer, project.fps)}`,
      handlesOf: clip.id,
    });
  }
}

/** Moves the cut between two clips that meet: what one gives the other takes. */
export class RollDrag implements Drag {
  readonly cursor = 'col-resize';

  constructor(
    private readonly project: Project,
    private readonly playhead: number,
    private readonly before: Clip,
    private readonly after: Clip,
    private readonly from: Hand,
  ) {}

  draft(hand: Hand, manner: Manner): Draft {
    const { project, before, after } = this;
    const cut = after.start;
    const [a, b] = reach(before, 'tail', project.fps, false);
    const [c, d] = reach(after, 'head', project.fps, false);
    const [least, most] = [Math.max(a, c), Math.min(b, d)];
    const wanted = clamp(cut + hand.frame - this.from.frame, least, most) - cut;
    const except = { clips: new Set([before.id, after.id]) };
    const snapped = drawn(project, this.playhead, [cut], wanted, manner, except);
    const frame = clamp(cut + snapped.by, least, most);
    const trim = (clip: Clip, edge: Edge): EditCommand => ({
      kind: 'trim_clip',
      target: [clip.id],
      edge,
      frame,
      ripple: false,
    });
    return drafted(
      project,
      frame === cut ? [] : [trim(before, 'tail'), trim(after, 'head')],
      'Roll cut',
      {
        moving: new Set([before.id, after.id]),
        snap: snapped.at === frame ? frame : null,
        note: `${stretch(manner.unit, frame - cut, project.fps, true)}  →  ${moment(manner.unit, frame, project.fps)}`,
      },
    );
  }
}
