/** What a page says to the viewer, and what it hears back. */

import type { FrameRange } from './clock';
import type { Motion } from './motion';
import type { TrailPart } from './trail_joints';

export interface CharacterSpec {
  /** Stays the same when the character gets another motion. */
  readonly id: string;
  readonly name: string;
  /** Of the motion in its binary form, resolved against the document. */
  readonly url: string;
  /** CSS colour; without it the first character has its own colours, others a hue each. */
  readonly color?: string;
  /** GLB of a character with bones named as the motion's joints. */
  readonly figureUrl?: string;
}

/** Half-open range of frames to play. */
export type PlayRange = FrameRange | readonly [start: number, end: number];

export interface SceneSpec {
  readonly characters: readonly CharacterSpec[];
  readonly range?: PlayRange | null | undefined;
  /** Of the timeline; the first motion's own without it. */
  readonly fps?: number;
}

/** A character of a performance; its motion's frame 0 is frame 0 of the timeline. */
export interface PerformerSpec {
  /** Stays the same when the character gets another motion. */
  readonly id: string;
  readonly name: string;
  readonly color?: string | undefined;
  /** As in {@link CharacterSpec}; null draws a plain figure from the joints. */
  readonly figureUrl?: string | null | undefined;
  /** A value: a motion that has changed is another object. Before and after it the ends hold. */
  readonly motion: Motion;
}

/** A translucent figure, such as a take that nobody has accepted yet. */
export interface GhostSpec {
  readonly id: string;
  /** Shown over the ghost. */
  readonly name: string;
  readonly color?: string | undefined;
  readonly figureUrl?: string | null | undefined;
  readonly motion: Motion;
  /** Frame of the timeline at which the motion's frame 0 shows. */
  readonly start: number;
  /** Metres (x, z) to the side, to compare takes; see `sideBySide`. */
  readonly offset?: readonly [x: number, z: number] | undefined;
}

/** Several characters, moved by motions that the page holds, on the timeline's own clock. */
export interface PerformanceSpec {
  readonly fps: number;
  /** Length of the timeline. */
  readonly frames: number;
  readonly range?: PlayRange | null | undefined;
  readonly characters: readonly PerformerSpec[];
  readonly ghosts?: readonly GhostSpec[] | undefined;
}

/** The character chosen in the viewer, and the joint of it that is read out. */
export interface Selection {
  readonly character: string | null;
  readonly joint: string | null;
}

/** What the view shows besides the motion. The viewer remembers these in the browser. */
export interface ViewOptions {
  grid: boolean;
  bones: boolean;
  body: boolean;
  /** Names over the characters, where there are several. */
  tags: boolean;
  ghosts: boolean;
  /** Where joints were and will be: of the selected character, or of all when none is. */
  trails: boolean;
  trailParts: readonly TrailPart[];
  /** Seconds. */
  trailPast: number;
  /** Seconds. */
  trailFuture: number;
  /** Poses before and after, of the same characters as the trails. */
  onion: boolean;
  /** Frames between poses. */
  onionStep: number;
  /** Poses on each side. */
  onionCount: number;
  /** The root's way over the ground. */
  path: boolean;
}

export interface ViewerOptions extends ViewOptions {
  /** The character for those that name none; null draws plain figures from the joints. */
  figureUrl: string | null;
  /** Start to play when the first motion arrives. */
  autoplay: boolean;
  loop: boolean;
  /** 0.25 to 2; 1 is real time. */
  speed: number;
  /** `auto` follows an action that travels too far to be seen well from one place. */
  follow: boolean | 'auto';
  /** Parts that a page may leave out. */
  transport: boolean;
  /** The ruler above the playback buttons; a page with a timeline has its own. */
  scrubber: boolean;
  toolbar: boolean;
  /** Whether the browser keeps the {@link ViewOptions} that were chosen in the viewer. */
  remember: boolean;
  /** What an empty stage says. */
  hint: string;
}

export const DEFAULT_VIEW: Readonly<ViewOptions> = {
  grid: true,
  bones: false,
  body: true,
  tags: true,
  ghosts: true,
  trails: false,
  trailParts: ['hips', 'hands', 'feet'],
  trailPast: 1,
  trailFuture: 1,
  onion: false,
  onionStep: 10,
  onionCount: 3,
  path: false,
};

export const DEFAULT_OPTIONS: Readonly<ViewerOptions> = {
  ...DEFAULT_VIEW,
  figureUrl: 'assets/characters/mannequin.glb',
  autoplay: false,
  loop: true,
  speed: 1,
  follow: 'auto',
  transport: true,
  scrubber: true,
  toolbar: true,
  remember: true,
  hint: 'Describe a motion to see it here.',
};

/** Dispatched on the container; they do not bubble. */
export interface ViewerEvents {
  /** The whole frame shown has changed. */
  frame: { frame: number; time: number };
  playstate: { playing: boolean; loop: boolean; speed: number };
  /** Other characters stand on the stage than before. */
  loaded: { characters: string[]; frames: number; fps: number };
  error: { message: string };
  /** A character or joint was clicked, or the selection cleared, in the viewer itself. */
  select: Selection;
  /** An option was changed in the viewer itself, by key or button. */
  options: ViewerOptions;
}

export interface ViewerHandle {
  /** Resolves when the scene stands or has failed; a failure is shown and dispatched, not thrown. */
  setScene(scene: SceneSpec): Promise<void>;
  /**
   * Shows motions that the page has at hand. Cheap enough to be called for every move of a drag:
   * figures whose id and skeleton stay are kept, the playhead stays, and the camera does not move
   * while a button of the mouse is down.
   */
  setPerformance(performance: PerformanceSpec): void;
  play(): void;
  pause(): void;
  toggle(): void;
  /** Frames of the timeline, which may lie between whole ones. */
  seek(frame: number): void;
  /** Called at display rate with a frame that may lie between whole ones; returns how to stop. */
  onFrame(callback: (frame: number) => void): () => void;
  /** Shows the whole action. */
  frameAll(): void;
  /** Ids that are not on the stage select nothing. Dispatches no event. */
  select(character: string | null, joint?: string | null): void;
  setOptions(options: Partial<ViewerOptions>): void;
  /** The picture as it is now. */
  snapshot(): Promise<Blob>;
  readonly frame: number;
  readonly playing: boolean;
  readonly selection: Selection;
  readonly options: Readonly<ViewerOptions>;
  dispose(): void;
}
