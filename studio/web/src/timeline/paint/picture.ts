/** What is to be painted: everything that the layers read. */

import type { Project } from '../../document/types';
import type { ClipMotion, GhostView, JoinView, PendingView } from '../api';
import type { Rows } from '../rows';
import type { Scale } from '../scale';
import type { Unit } from '../ticks';
import type { Palette } from './palette';
import type { TextFitter } from './text';
import type { Thumbs } from './thumbs';

export interface Picture {
  readonly project: Project;
  readonly joins: readonly JoinView[];
  readonly pending: readonly PendingView[];
  readonly ghost: GhostView | null;
  readonly motions: ReadonlyMap<string, ClipMotion>;
  readonly selection: ReadonlySet<string>;
  readonly marker: string | null;
  /** Clips under the hand, and whether they may not stay there. */
  readonly moving: ReadonlySet<string>;
  readonly refused: boolean;
  /** The clip whose available media is shown. */
  readonly handlesOf: string | null;
  /** The clip under the pointer. */
  readonly hovered: string | null;
  readonly unit: Unit;
  readonly scale: Scale;
  readonly rows: Rows;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
  readonly text: TextFitter;
  readonly thumbs: Thumbs;
}

/** Where a clip is, CSS pixels of the canvas. */
export interface ClipBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const GAP_PX = 2;
export const TITLE_PX = 16;
/** Two bars of contacts, and the room around them. */
export const CONTACTS_PX = 9;

export function clipBox(
  { start, frames }: { start: number; frames: number },
  row: number,
  { scale, rows }: { readonly scale: Scale; readonly rows: Rows },
): ClipBox {
  const x = scale.x(start);
  return {
    x,
    y: rows.top(row) + GAP_PX,
    width: scale.x(start + frames) - x,
    height: rows.height - 2 * GAP_PX - 1,
  };
}
