/** The end of a blend drawn along its clip. */

import { clamp } from '../../clock';
import type { Clip, Project } from '../../document/types';
import { stretch } from '../ticks';
import { drafted, type Draft, type Drag, type Hand, type Manner } from './drag';

export class BlendDrag implements Drag {
  readonly cursor = 'ew-resize';

  constructor(
    private readonly project: Project,
    private readonly clip: Clip,
    private readonly from: Hand,
  ) {}

  draft(hand: Hand, manner: Manner): Draft {
    const { clip, project } = this;
    const before = Math.min(clip.blend.frames, clip.frames);
    const frames = clamp(Math.round(before + hand.frame - this.from.frame), 0, clip.frames);
    const blend = { ...clip.blend, frames };
    const target = [clip.id];
    const command = { kind: 'set_blend', target, blend } as const;
    return drafted(project, frames === before ? [] : [command], 'Blend clip', {
      note: `Blend ${stretch(manner.unit, frames, project.fps)}`,
    });
  }
}
