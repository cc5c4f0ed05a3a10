/** What a page says to the timeline, and what it hears back. Times are frames of the project. */

import type { EditCommand, Placement, Project, Range } from '../document/types';
import type { ClipMotion, TimelineView as DocumentView } from '../document/view';
import type { Key } from '../shortcuts';

export type { ClipMotion, GhostView, JoinView, PendingView } from '../document/view';

/** What a page calls a take that is being dragged, in its `DataTransfer`. */
export const TAKE_TYPE = 'application/x-motion-studio-take';

/** All that the timeline shows. */
export interface TimelineView extends DocumentView {
  /** Ids of clips; taken over where it differs from the view before. */
  readonly selection?: readonly string[];
}

/**
 * What the page does for the timeline. Edits come back in the next view. A view's `notice` is the
 * page's to show; what makes no sense is mostly refused here, and said, before it is sent.
 *
 * Keys that are not the timeline's go on to the document, where the viewer hears them.
 */
export interface TimelineHost {
  /** One step of undo; steps in a row with the same non-empty `merge` become one. */
  edit(commands: readonly EditCommand[], label: string, merge?: string): void;
  /** The project with what is being dragged, at most once a drawn frame; null when it is over. */
  preview(project: Project | null): void;
  undo(): void;
  redo(): void;
  seek(frame: number): void;
  toggle(): void;
  /** The placement that pins a clip to where it stands; null where it does not play. */
  pinned(clip: string): Placement | null;
  /** `track` is null for a new one. */
  drop(file: File, track: string | null, frame: number): void;
  /** A take, by its id, that was dragged here; see {@link TAKE_TYPE}. */
  place?(take: string, track: string, frame: number): void;
  /** Motion for the gap between two neighbours on a track; `text` may be empty. */
  fill(order: { before: string; after: string; text: string }): void;
  /** `span` is in played frames of the clip, as its `source` is; null for all of it. */
  regenerate(order: { clip: string; span: Range | null; text: string }): void;
  carryOn(order: { clip: string; text: string }): void;
  /** `track` is the one used last. */
  select(clips: readonly string[], track: string | null): void;
  /** Stop what is being made. */
  cancel?(turn: string): void;
  /** Become the page that may change the project. */
  takeOver?(): void;
}

/** A place on the page, CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface TimelineHandle {
  setView(view: TimelineView): void;
  /** By clip id. Clips that are missing are drawn without thumbnails. */
  setMotions(motions: ReadonlyMap<string, ClipMotion>): void;
  /** May lie between frames; cheap enough for every drawn frame. */
  setPlayhead(frame: number, playing: boolean): void;
  /** Acts on a key as if it was pressed here, such as one of a menu's; whether it did. */
  key(event: Key): boolean;
  focus(): void;
  readonly selection: readonly string[];
  /** Where a clip is drawn on the page, cut to what is visible; null if nothing of it is. */
  rectOf(clip: string): Box | null;
  /** The page's x of a frame, visible or not. */
  xOf(frame: number): number;
  dispose(): void;
}
