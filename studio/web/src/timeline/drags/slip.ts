/** The media drawn through under a clip that stays where it is. */

import { clamp } from '../../clock';
import type { Clip, Project } from '../../document/types';
import { handles, playedFrames } from '../clips';
import { stretch } from '../ticks';
import { drafted, type Draft, type Drag, type Hand, type Manner } from './drag';

export class SlipDrag implements Drag {
  readonly cursor = 'ew-resize';

  constructor(
    private readonly project: Project,
    private readonly clip: Clip,
    private readonly from: Hand,
  ) {}

  draft(hand: Hand, manner: Manner): Draft {
    const { clip, project } = this;
    const { start, stop } = clip.source;
    const most = playedFrames(clip.media, project.fps, clip.speed) - stop;
    // The poses follow the hand: to the right brings earlier ones in.
    const by = clamp(Math.round(this.from.frame - hand.frame), -start, most) || 0;
    const target = [clip.id];
    const { head, tail } = handles(clip, project.fps);
    const left = head === Infinity ? start + by : head + by;
    const right = tail === Infinity ? most - by : tail - by;
    const { unit } = manner;
    const room = `${stretch(unit, left, project.fps)} before, ${stretch(unit, right, project.fps)} after`;
    return drafted(project, by === 0 ? [] : [{ kind: 'slip_clip', target, by }], 'Slip clip', {
      moving: new Set(target),
      note: `${stretch(unit, by, project.fps, true)}   ${room}`,
      handlesOf: clip.id,
    });
  }
}
