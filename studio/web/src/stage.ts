/**
 * What keeps the viewer, the timeline and the studio's word of the project in step.
 *
 * The two panels mount by themselves, in any order; each attaches what it has built to the one
 * {@link stage}, which is in a chunk that both entries share.
 */

import type { CharacterSpec, GhostSpec, PerformanceSpec, PerformerSpec, ViewerHandle } from './api';
import { Evaluator } from './document/evaluate';
import { pieces, timelineStop } from './document/layout';
import { MediaLibrary, type Load, type MediaStatus } from './document/media';
import type { CharacterId, Clip, ClipId, Placement, Project } from './document/types';
import type { ClipMotion, TimelineView } from './document/view';
import { fetchMotion } from './loader';
import type { Motion } from './motion';
import { Ghosts, newClips } from './stage_ghosts';
import { showStatus } from './stage_status';
import { takesBeside } from './stage_takes';

/** What the stage needs of a viewer. */
export type StageViewer = Pick<
  ViewerHandle,
  'setPerformance' | 'setScene' | 'seek' | 'toggle' | 'onFrame' | 'frame' | 'playing'
>;

/** What the stage needs of a timeline. */
export interface StageTimeline {
  setView(view: TimelineView): void;
  setMotions(motions: ReadonlyMap<ClipId, ClipMotion>): void;
  setPlayhead(frame: number, playing: boolean): void;
}

/** What the studio wants to be seen: the timeline, or takes side by side. */
export interface SceneView {
  readonly mode: 'timeline' | 'takes';
  readonly characters: readonly CharacterSpec[];
}

export interface StageStatus extends MediaStatus {
  /** Fetches again what could not be had. */
  readonly retry: () => void;
}

const NOBODY: PerformanceSpec = { fps: 30, frames: 1, characters: [] };

export class Conductor {
  readonly #load: Load;
  readonly #library: MediaLibrary;
  readonly #evaluator: Evaluator;
  readonly #ghosts: Ghosts;
  readonly #listeners = new Set<(status: StageStatus) => void>();
  #viewer: StageViewer | null = null;
  #timeline: StageTimeline | null = null;
  #view: TimelineView | null = null;
  #preview: Project | null = null;
  /** As it was last worked out, and as the viewer last got it. */
  #performance: PerformanceSpec | null = null;
  #shown: PerformanceSpec | null = null;
  #motions: ReadonlyMap<ClipId, ClipMotion> = new Map();
  #playhead = 0;
  #takes: readonly CharacterSpec[] | null = null;
  #takesFault = '';
  /** A view is being handed on; what it sets off is worked out once, after. */
  #busy = false;

  constructor(load: Load) {
    this.#load = load;
    this.#library = new MediaLibrary(load, () => this.#refresh());
    this.#evaluator = new Evaluator(this.#library);
    this.#ghosts = new Ghosts(this.#evaluator);
  }

  // What the panels bring

  /**
   * @param element the one that `viewer` was mounted in: its `playstate` events are heard, and what
   *   cannot be loaded is said there.
   * @returns how to take it away again
   */
  attachViewer(viewer: StageViewer, element?: HTMLElement): () => void {
    this.#viewer = viewer;
    this.#shown = null;
    const playing = (): void => this.#tell();
    element?.addEventListener('playstate', playing);
    const undo = [
      viewer.onFrame((frame) => this.#moved(frame)),
      () => element?.removeEventListener('playstate', playing),
      ...(element ? [showStatus(element, this)] : []),
    ];
    if (this.#takes) void this.#showTakes(this.#takes);
    else this.#perform();
    return () => {
      for (const each of undo) each();
      if (this.#viewer === viewer) this.#viewer = null;
    };
  }

  /** @returns how to take it away again */
  attachTimeline(timeline: StageTimeline): () => void {
    this.#timeline = timeline;
    if (this.#view) timeline.setView(this.#view);
    timeline.setMotions(this.#motions);
    this.#tell();
    return () => {
      if (this.#timeline === timeline) this.#timeline = null;
    };
  }

  // What the studio says

  /** A view that a later one has overtaken is passed over. */
  setView(view: TimelineView): void {
    if (this.#view && view.revision < this.#view.revision) return;
    this.#view = view;
    this.#busy = true;
    try {
      this.#timeline?.setView(view);
    } finally {
      this.#busy = false;
    }
    this.#refresh();
  }

  /** Shows the timeline's performance, or takes side by side while these are compared. */
  setScene({ mode, characters }: SceneView): void {
    const takes = mode === 'takes' && characters.length > 0 ? characters : null;
    if (JSON.stringify(takes) === JSON.stringify(this.#takes)) return;
    this.#takes = takes;
    this.#takesFault = '';
    this.#shown = null;
    if (takes) void this.#showTakes(takes);
    else if (this.#performance) this.#perform();
    else this.#viewer?.setPerformance(NOBODY);
    this.#announce();
  }

  // What hands do

  /** The project as a drag would leave it; null shows it as it is. */
  preview(project: Project | null): void {
    if (project === this.#preview) return;
    this.#preview = project;
    this.#refresh();
  }

  /** Puts the playhead at a frame of the timeline, which may lie after its end. */
  seek(frame: number): void {
    this.#playhead = Math.max(0, Number.isFinite(frame) ? frame : 0);
    if (!this.#takes) this.#viewer?.seek(Math.min(this.#playhead, this.#last));
    this.#tell();
  }

  toggle(): void {
    this.#viewer?.toggle();
  }

  /** The placement that pins a clip to where it stands; null where it does not play. */
  pinned(id: ClipId): Placement | null {
    const project = this.#view?.project;
    const clip = project && [...clipsOf(project)].find((each) => each.id === id);
    return clip ? this.#evaluator.pinned(project, clip) : null;
  }

  get playhead(): number {
    return this.#playhead;
  }

  get playing(): boolean {
    return !this.#takes && (this.#viewer?.playing ?? false);
  }

  /** Calls back at once and with each change; returns how to stop. */
  onStatus(listener: (status: StageStatus) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#status);
    return () => this.#listeners.delete(listener);
  }

  // Playback

  get #last(): number {
    return Math.max(0, (this.#performance?.frames ?? 1) - 1);
  }

  #moved(frame: number): void {
    if (this.#takes) return;
    // The viewer stops at the end, where a playhead beyond it keeps its place.
    const waits = this.#playhead > this.#last && frame === this.#last && !this.playing;
    if (!waits) this.#playhead = frame;
    this.#tell();
  }

  #tell(): void {
    this.#timeline?.setPlayhead(this.#playhead, this.playing);
  }

  // The performance

  #refresh(): void {
    const view = this.#view;
    if (!view || this.#busy) return;
    const project = this.#preview ?? view.project;
    this.#library.want(clipsOf(project, view.project, ...(view.ghost ? [view.ghost.project] : [])));
    this.#performance = this.#evaluate(project, view) ?? this.#performance;
    this.#perform();
    this.#thumbnails(project, view);
    this.#announce();
  }

  /** Null while what is to be shown is not here yet; until then what was shown stays. */
  #evaluate(project: Project, { project: base, ghost }: TimelineView): PerformanceSpec | null {
    const news = ghost ? newClips(base, ghost.project) : [];
    // Where nothing is in its way yet, a take on trial is no ghost but what is seen.
    const trials = new Set(
      news.map(({ track }) => track.character).filter((id) => pieces(project, id).length === 0),
    );
    const characters: PerformerSpec[] = [];
    for (const { id, name, color } of project.characters) {
      const shown = ghost && trials.has(id) ? ghost.project : project;
      const motion = this.#evaluator.motion(shown, id) ?? this.#before(id);
      if (!motion) return null;
      characters.push({ id, name, color, motion });
    }
    const empty = trials.size === 0 && timelineStop(project) === 0;
    const others = news.filter(({ track }) => !trials.has(track.character));
    return {
      fps: project.fps,
      frames: Math.max(
        timelineStop(project),
        1,
        ...news.map(({ clip }) => clip.start + clip.frames),
      ),
      range: rangeOf(project),
      characters: empty ? [] : characters,
      ghosts: ghost ? this.#ghosts.of(ghost, others) : [],
    };
  }

  #before(id: CharacterId): Motion | undefined {
    return this.#performance?.characters.find((each) => each.id === id)?.motion;
  }

  #perform(): void {
    const now = this.#performance;
    if (!this.#viewer || !now || this.#takes) return;
    if (this.#shown && samePerformance(this.#shown, now)) return;
    const first = this.#shown === null;
    this.#shown = now;
    this.#viewer.setPerformance(now);
    if (first) this.#viewer.seek(Math.min(this.#playhead, this.#last));
  }

  async #showTakes(takes: readonly CharacterSpec[]): Promise<void> {
    const viewer = this.#viewer;
    if (!viewer) return;
    try {
      const performance = await takesBeside(takes, this.#load);
      if (this.#takes !== takes || this.#viewer !== viewer) return;
      viewer.setPerformance(performance);
      this.#takesFault = '';
    } catch (error) {
      if (this.#takes !== takes) return;
      this.#takesFault = error instanceof Error ? error.message : String(error);
    }
    this.#announce();
  }

  /** What each clip plays, told only if anything is new. */
  #thumbnails(project: Project, view: TimelineView): void {
    const motions = new Map<ClipId, ClipMotion>();
    const { fps } = project;
    for (const clip of clipsOf(project, ...(view.ghost ? [view.ghost.project] : []))) {
      const played = motions.has(clip.id) ? null : this.#evaluator.played(clip, fps);
      if (!played) continue;
      const known = this.#motions.get(clip.id);
      motions.set(clip.id, known?.key === played.key ? known : played);
    }
    const same = [...motions].every(([id, motion]) => this.#motions.get(id) === motion);
    if (same && motions.size === this.#motions.size) return;
    this.#motions = motions;
    this.#timeline?.setMotions(motions);
  }

  // What cannot be had

  get #status(): StageStatus {
    const { loaded, wanted, faults } = this.#library.status;
    const retry = (): void => this.#retry();
    return {
      loaded,
      wanted,
      faults: this.#takesFault ? [this.#takesFault, ...faults] : faults,
      retry,
    };
  }

  #retry(): void {
    this.#library.retry();
    if (this.#takes && this.#takesFault) void this.#showTakes(this.#takes);
  }

  #announce(): void {
    const status = this.#status;
    for (const listener of this.#listeners) listener(status);
  }
}

function* clipsOf(...projects: readonly Project[]): Generator<Clip> {
  for (const { timeline } of projects) for (const { clips } of timeline.tracks) yield* clips;
}

function rangeOf({ timeline: { range } }: Project): PerformanceSpec['range'] {
  return range && { start: range.start, end: range.stop };
}

function samePerformance(a: PerformanceSpec, b: PerformanceSpec): boolean {
  return (
    a.fps === b.fps &&
    a.frames === b.frames &&
    JSON.stringify(a.range) === JSON.stringify(b.range) &&
    sameRow(a.characters, b.characters, samePerformer) &&
    sameRow<GhostSpec>(a.ghosts ?? [], b.ghosts ?? [], (p, q) => p === q)
  );
}

function sameRow<T>(a: readonly T[], b: readonly T[], same: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((each, i) => same(each, b[i]));
}

function samePerformer(a: PerformerSpec, b: PerformerSpec): boolean {
  return a.id === b.id && a.name === b.name && a.color === b.color && a.motion === b.motion;
}

/** The one of this page. */
export const stage = new Conductor(fetchMotion);
