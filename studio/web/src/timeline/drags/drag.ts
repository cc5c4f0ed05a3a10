/**
 * Drags as plain values: a drag is told where the hand is and answers what would happen if it let
 * go now. It touches neither page nor project, so leaving it undone is to forget it.
 */

import type { EditCommand, Project } from '../../document/types';
import { apply } from '../edits/apply';
import { REACH_PX, snap, snapTargets, type SnapExcept, type Snapped } from '../snapping';
import type { Unit } from '../ticks';

/** Where the hand is: between frames as it may be, and in which row. */
export interface Hand {
  readonly frame: number;
  readonly row: number;
}

/** How drags are read at the moment; may change in the middle of one. */
export interface Manner {
  /** Pixels a frame. */
  readonly pixels: number;
  readonly snapping: boolean;
  readonly ripple: boolean;
  readonly unit: Unit;
}

export interface Draft {
  readonly commands: readonly EditCommand[];
  readonly label: string;
  /** The project as it would be, or would look if it were not refused. */
  readonly project: Project;
  /** Why letting go here does nothing; empty if it does. */
  readonly fault: string;
  readonly moving: ReadonlySet<string>;
  /** The frame that an edge was drawn to. */
  readonly snap: number | null;
  /** What is said beside the hand. */
  readonly note: string;
  /** The clip whose available media is shown. */
  readonly handlesOf: string | null;
}

export interface Drag {
  readonly cursor: string;
  draft(hand: Hand, manner: Manner): Draft;
}

const NONE: ReadonlySet<string> = new Set();

/** What comes of `commands`; `more` says how it is shown. */
export function drafted(
  project: Project,
  commands: readonly EditCommand[],
  label: string,
  more: Partial<Draft>,
): Draft {
  const edited = commands.length > 0 ? apply(project, commands) : { project, fault: '' };
  return {
    commands,
    label,
    moving: NONE,
    snap: null,
    note: '',
    handlesOf: null,
    ...edited,
    ...more,
  };
}

/** Whole frames for a drag of `edges` by `by`, drawn to what is near unless snapping is off. */
export function drawn(
  project: Project,
  playhead: number,
  edges: readonly number[],
  by: number,
  manner: Manner,
  except: SnapExcept = {},
): Snapped {
  if (!manner.snapping) return { by: Math.round(by), at: null };
  return snap(edges, by, snapTargets(project, playhead, except), REACH_PX / manner.pixels);
}

export function countClips(count: number): string {
  return count === 1 ? 'clip' : `${count} clips`;
}
