/** The media that a project plays, fetched from the studio and kept. */

import { LoadError } from '../loader';
import type { Motion } from '../motion';
import type { MediaSource } from './evaluate';
import { bodyMotion, restFrames } from './played';
import { JOINTS } from './skeleton';
import type { Clip, Media } from './types';

/** How loading stands. */
export interface MediaStatus {
  readonly loaded: number;
  readonly wanted: number;
  /** What could not be loaded, a sentence each. */
  readonly faults: readonly string[];
}

/** Fetches the motion at a URL; `name` is for sentences. Throws {@link LoadError}. */
export type Load = (url: string, name: string) => Promise<Motion>;

/** Of media that is no longer wanted this many are kept, for undo brings it back. */
const SPARE = 64;
/** Seconds until the next try, after each one that failed for a reason that passes. */
const PAUSES = [1, 2, 4, 8, 15];

interface Entry {
  readonly url: string;
  readonly media: Media;
  name: string;
  motion: Motion | null;
  fault: string;
  tries: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

export class MediaLibrary implements MediaSource {
  readonly #entries = new Map<string, Entry>();
  readonly #load: Load;
  readonly #changed: () => void;
  #wanted: ReadonlySet<string> = new Set();

  /** `changed` is called whenever {@link get} or {@link status} say something new. */
  constructor(load: Load, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** Undefined while it is on its way; somebody at rest where it cannot be had. */
  get(media: Media, mirror: boolean): Motion | undefined {
    return this.#entries.get(keyOf(media, mirror))?.motion ?? undefined;
  }

  /** Says which clips are to be played; what they lack is fetched. */
  want(clips: Iterable<Clip>): void {
    const wanted = new Set<string>();
    for (const { media, mirror, name } of clips) {
      const key = keyOf(media, mirror);
      if (wanted.has(key)) continue;
      wanted.add(key);
      const entry = this.#entries.get(key) ?? begun(media, mirror, name);
      // The latest stand last, so that the oldest are forgotten first.
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      entry.name = name;
      if (entry.tries === 0) void this.#fetch(entry);
    }
    this.#wanted = wanted;
    this.#forget();
  }

  get status(): MediaStatus {
    const wanted = [...this.#wanted].map((key) => this.#entries.get(key)!);
    const faults = wanted.map(({ fault }) => fault).filter((fault) => fault !== '');
    const loaded = wanted.filter(({ motion }) => motion !== null).length;
    return { loaded, wanted: wanted.length, faults: [...new Set(faults)] };
  }

  /** Fetches again what could not be had. */
  retry(): void {
    for (const entry of this.#entries.values()) if (entry.fault) void this.#fetch(entry);
  }

  async #fetch(entry: Entry): Promise<void> {
    clearTimeout(entry.timer);
    entry.tries++;
    const tries = entry.tries;
    try {
      const motion = await this.#load(entry.url, entry.name);
      if (tries !== entry.tries) return;
      entry.fault = misfit(motion, entry);
      entry.motion = entry.fault ? standIn(entry.media) : motion;
    } catch (error) {
      if (tries !== entry.tries) return;
      this.#failed(entry, error);
    }
    this.#changed();
  }

  #failed(entry: Entry, error: unknown): void {
    entry.fault = error instanceof Error ? error.message : String(error);
    if (error instanceof LoadError && error.passing) {
      const pause = PAUSES[Math.min(entry.tries, PAUSES.length) - 1];
      entry.timer = setTimeout(() => void this.#fetch(entry), pause * 1000);
    } else {
      entry.motion = standIn(entry.media);
    }
  }

  #forget(): void {
    let spare = this.#entries.size - this.#wanted.size - SPARE;
    for (const [key, { timer }] of this.#entries) {
      if (spare <= 0) return;
      if (this.#wanted.has(key)) continue;
      clearTimeout(timer);
      this.#entries.delete(key);
      spare--;
    }
  }
}

function keyOf(media: Media, mirror: boolean): string {
  // The project's word for its length is part of it: a media that breaks it is not this one.
  return `${media.id} ${media.frames} ${media.fps} ${mirror}`;
}

function begun(media: Media, mirror: boolean, name: string): Entry {
  const url = `media/${media.id}${mirror ? '?mirror=1' : ''}`;
  return { url, media, name, motion: null, fault: '', tries: 0, timer: undefined };
}

/** Why a motion is not what the project says, or empty. */
function misfit(motion: Motion, { media, name }: Entry): string {
  if (motion.joints.join() !== JOINTS.join()) {
    return `“${name}” is of a rig that is not understood, so it is not played; give its joints roles and import it again.`;
  }
  if (motion.frames !== media.frames) {
    return `The project says that the motion of “${name}” has ${media.frames} frames, but it has ${motion.frames}; import it again.`;
  }
  return '';
}

/** Somebody who stands there for as long. */
function standIn({ frames, fps }: Media): Motion {
  return bodyMotion(fps, frames, restFrames(frames), null);
}
