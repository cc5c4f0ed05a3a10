/** What the server says of the timeline, and what panels hand to each other about it. */

import type { Motion } from '../motion';
import type { Aim, ClipId, Project, TakeId, TrackId } from './types';

/** How well two motions meet, measured where a clip takes over. */
export interface JoinView {
  readonly track: TrackId;
  /** The clip that takes over. */
  readonly clip: ClipId;
  /** Of the timeline, at which it does, and for how many frames it blends. */
  readonly frame: number;
  readonly frames: number;
  /** Jumps: metres, radians, metres a second. */
  readonly position: number;
  readonly rotation: number;
  readonly velocity: number;
  /** The worst of them, over what the motions around it do anyway. */
  readonly ratio: number;
  readonly joint: string;
  readonly level: 'good' | 'fair' | 'poor';
}

/** A generation under way for the timeline. */
export interface PendingView {
  readonly turn: string;
  readonly aim: Aim;
  readonly text: string;
  /** 0 to 1. */
  readonly fraction: number;
}

/** A take on trial: `project` is as it would be if the take were accepted. */
export interface GhostView {
  readonly take: TakeId;
  readonly name: string;
  readonly project: Project;
}

/** The whole of what the server says; later revisions replace earlier ones. */
export interface TimelineView {
  readonly revision: number;
  /** Without its takes. */
  readonly project: Project;
  readonly joins: readonly JoinView[];
  /** The clips that are selected, where the server has a say in it. */
  readonly selection?: readonly ClipId[];
  /** What undo and redo would do, or empty. */
  readonly undo: string;
  readonly redo: string;
  /** Why nothing can be edited here, or empty. */
  readonly readonly: string;
  /** When it was last saved, as a time of day, or empty. */
  readonly saved: string;
  readonly pending: readonly PendingView[];
  readonly ghost: GhostView | null;
  /** Why the event `nonce` was refused, or empty. */
  readonly notice: string;
  readonly nonce: number;
}

/** What a clip plays, for thumbnails and contact bars. */
export interface ClipMotion {
  /** The same as long as the played media is. */
  readonly key: string;
  /** The played media at the project's rate, where it stands by itself; `clip.source` indexes it. */
  readonly motion: Motion;
}
