/** What a page says to the viewer, and what it hears back. */

import type { FrameRange } from './clock';

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

export interface SceneSpec {
  readonly characters: readonly CharacterSpec[];
  /** Half-open range of frames to play, `[start, end]` or `{ start, end }`. */
  readonly range?: FrameRange | readonly [number, number] | null;
  /** Of the timeline; the first motion's own without it. */
  readonly fps?: number;
}

export interface ViewerOptions {
  /** The character for those that name none; null draws plain figures from the joints. */
  figureUrl: string | null;
  /** Start to play when the first motion arrives. */
  autoplay: boolean;
  loop: boolean;
  /** 0.25 to 2; 1 is real time. */
  speed: number;
  grid: boolean;
  bones: boolean;
  body: boolean;
  /** `auto` follows an action that travels too far to be seen well from one place. */
  follow: boolean | 'auto';
  /** Parts that a page may leave out. */
  transport: boolean;
  toolbar: boolean;
  /** What an empty stage says. */
  hint: string;
}

export const DEFAULT_OPTIONS: Readonly<ViewerOptions> = {
  figureUrl: 'assets/characters/mannequin.glb',
  autoplay: false,
  loop: true,
  speed: 1,
  grid: true,
  bones: false,
  body: true,
  follow: 'auto',
  transport: true,
  toolbar: true,
  hint: 'Describe a motion to see it here.',
};

/** Dispatched on the container; they do not bubble. */
export interface ViewerEvents {
  /** The whole frame shown has changed. */
  frame: { frame: number; time: number };
  playstate: { playing: boolean; loop: boolean; speed: number };
  loaded: { characters: string[]; frames: number; fps: number };
  error: { message: string };
  /** An option was changed in the viewer itself, by key or button. */
  options: ViewerOptions;
}

export interface ViewerHandle {
  /** Resolves when the scene stands or has failed; a failure is shown and dispatched, not thrown. */
  setScene(scene: SceneSpec): Promise<void>;
  play(): void;
  pause(): void;
  toggle(): void;
  /** Frames of the timeline, which may lie between whole ones. */
  seek(frame: number): void;
  /** Called at display rate with a frame that may lie between whole ones; returns how to stop. */
  onFrame(callback: (frame: number) => void): () => void;
  /** Shows the whole action. */
  frameAll(): void;
  setOptions(options: Partial<ViewerOptions>): void;
  /** The picture as it is now. */
  snapshot(): Promise<Blob>;
  readonly frame: number;
  readonly playing: boolean;
  readonly options: Readonly<ViewerOptions>;
  dispose(): void;
}
