/** What the timeline knows and can do, without a page: every gesture, key and menu ends here. */

import { clamp } from '../clock';
import type { EditCommand, Project } from '../document/types';
import type { ClipMotion, JoinView, TimelineHost, TimelineView } from './api';
import { Clipboard } from './clipboard';
import { ClipIndex, extent, stopOf } from './clips';
import type { Edit } from './commands';
import type { Draft, Manner } from './drags/drag';
import { Optimism } from './optimism';
import { Rows } from './rows';
import { Scale, type FrameSpan } from './scale';
import type { Unit } from './ticks';

export type Tool = 'select' | 'razor' | 'slip' | 'span';

/** What is remembered in the browser. */
export interface Settings {
  snapping: boolean;
  ripple: boolean;
  unit: Unit;
}

export const DEFAULT_SETTINGS: Readonly<Settings> = {
  snapping: true,
  ripple: false,
  unit: 'frames',
};

/** Seconds shown of a timeline that has nothing in it yet, and room after what it has. */
const EMPTY_S = 10;
const ROOM = 1.04;
const NOTICE_MS = 6000;
const NOTHING: ReadonlySet<string> = new Set();

export class Desk {
  readonly clipboard = new Clipboard();
  readonly #optimism = new Optimism();
  /** Called after any change; whoever draws finds out what is new. */
  changed: () => void = () => undefined;
  view: TimelineView | null = null;
  motions: ReadonlyMap<string, ClipMotion> = new Map();
  scale = new Scale(0, 4, 0);
  rows = new Rows(0, 0);
  tool: Tool = 'select';
  settings: Settings;
  playhead = 0;
  /** The track that was used last; new clips are pasted there. */
  track: string | null = null;
  marker: string | null = null;
  /** A sentence that is shown for a while. */
  notice = '';
  #selection: ReadonlySet<string> = NOTHING;
  #draft: Draft | null = null;
  #previewed: Project | null = null;
  /** Selections that were told to the page and not heard again yet. */
  readonly #told: string[] = [];
  /** Whether all is shown until someone looks closer, and so more of it as it grows. */
  #whole = true;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly host: TimelineHost,
    settings: Partial<Settings> = {},
  ) {
    this.settings = { ...DEFAULT_SETTINGS, ...settings };
  }

  // What is shown

  /** With what was done since the server last spoke; null before it first did. */
  get project(): Project | null {
    return this.#optimism.project;
  }

  /** With what is in the hand. */
  get pictured(): Project | null {
    return this.#draft?.project ?? this.project;
  }

  get draft(): Draft | null {
    return this.#draft;
  }

  get selection(): ReadonlySet<string> {
    return this.#selection;
  }

  get readonly(): string {
    return this.view?.readonly ?? '';
  }

  get joins(): readonly JoinView[] {
    return this.view?.joins ?? [];
  }

  /** Frames that there are to see, of an empty timeline some to begin with. */
  get length(): number {
    const { project } = this;
    if (!project) return 1;
    return Math.max(extent(project) * ROOM, EMPTY_S * project.fps);
  }

  get manner(): Manner {
    const { snapping, ripple, unit } = this.settings;
    return { pixels: this.scale.pixels, snapping, ripple, unit };
  }

  receive(view: TimelineView): void {
    const before = this.view;
    if (before && view.revision < before.revision) return;
    this.view = view;
    const project = this.#optimism.receive(view.project, view.notice !== '');
    this.#adopt(view.selection, before?.selection);
    this.#forgetGone(project);
    const fresh = before && freshTrack(before.project, project);
    if (fresh) this.select(this.#selection, fresh);
    if (!this.#draft) this.#preview(this.#optimism.pending ? project : null);
    this.rows = new Rows(project.timeline.tracks.length, this.rows.area, this.rows.scroll);
    if (!before || this.#outgrown(project) || isAnother(before.project, project)) this.fit();
    this.changed();
  }

  /** The server's selection, unless it only says again what it was told. */
  #adopt(now: readonly string[] | undefined, before: readonly string[] | undefined): void {
    if (!now || JSON.stringify(now) === JSON.stringify(before)) return;
    const told = this.#told.indexOf(JSON.stringify(now));
    if (told >= 0) this.#told.splice(0, told + 1);
    else this.#selection = new Set(now);
  }

  #forgetGone(project: Project): void {
    const index = ClipIndex.of(project);
    if ([...this.#selection].some((id) => !index.has(id))) {
      this.#selection = new Set([...this.#selection].filter((id) => index.has(id)));
    }
    const { tracks, markers } = project.timeline;
    if (!tracks.some(({ id }) => id === this.track)) this.track = null;
    if (!markers.some(({ id }) => id === this.marker)) this.marker = null;
  }

  /** All of it was to be seen, and now there is more. */
  #outgrown(project: Project): boolean {
    return this.#whole && extent(project) > this.scale.right;
  }

  say(sentence: string): void {
    clearTimeout(this.#noticeTimer);
    this.notice = sentence;
    if (sentence) this.#noticeTimer = setTimeout(() => this.say(''), NOTICE_MS);
    this.changed();
  }

  // Edits

  /** Whether it was done; where it makes no sense the reason is said. */
  edit(edit: Edit | null, merge?: string): boolean {
    if (!edit || edit.commands.length === 0) return false;
    const fault = this.readonly || this.#optimism.expect(edit.commands);
    if (fault) {
      this.say(fault);
      return false;
    }
    if (this.notice) this.say('');
    this.host.edit(edit.commands, edit.label, merge);
    // Seen until the server's answer takes its place.
    this.#preview(this.project);
    this.#forgetGone(this.project!);
    if (edit.select) this.select(edit.select);
    const { tracks } = this.project!.timeline;
    this.rows = new Rows(tracks.length, this.rows.area, this.rows.scroll);
    this.changed();
    return true;
  }

  do(label: string, ...commands: EditCommand[]): boolean {
    return this.edit({ commands, label });
  }

  /** What a drag would do, or null when it is over. The viewer sees what is not refused. */
  setDraft(next: Draft | null): void {
    const draft = next && this.#draft ? unlessSame(next, this.#draft) : next;
    this.#draft = draft;
    const shown = draft && !draft.fault && draft.commands.length > 0 ? draft.project : null;
    this.#preview(shown ?? (this.#optimism.pending ? this.project : null));
    this.changed();
  }

  /** Lets go of what is in the hand. `select` is what is selected if it is done. */
  drop(select?: readonly string[]): void {
    const draft = this.#draft;
    if (!draft) return;
    this.setDraft(null);
    if (draft.fault) this.say(draft.fault);
    else this.edit({ commands: draft.commands, label: draft.label, ...(select ? { select } : {}) });
  }

  #preview(project: Project | null): void {
    if (project === this.#previewed) return;
    this.#previewed = project;
    this.host.preview(project);
  }

  // Selection

  select(clips: Iterable<string>, track?: string | null): void {
    const next = new Set(clips);
    const same =
      next.size === this.#selection.size && [...next].every((id) => this.#selection.has(id));
    const elsewhere = track !== undefined && track !== this.track;
    if (track !== undefined) this.track = track;
    if (next.size > 0) this.marker = null;
    if (!same) this.#selection = next;
    if (!same) this.#told.push(JSON.stringify([...next]));
    if (this.#told.length > 20) this.#told.shift();
    if (!same || elsewhere) this.host.select([...next], this.track);
    this.changed();
  }

  selectMarker(id: string | null): void {
    this.marker = id;
    if (id) this.select([]);
    this.changed();
  }

  // View

  resize(width: number, area: number): void {
    this.scale = this.scale.resized(width);
    this.rows = new Rows(this.pictured?.timeline.tracks.length ?? 0, area, this.rows.scroll);
    if (this.#whole && width > 0 && this.view) this.fit();
    this.changed();
  }

  zoom(factor: number, x: number): void {
    this.look(this.scale.zoomed(factor, x, this.length));
  }

  pan(x: number): void {
    this.look(this.scale.panned(x, this.length));
  }

  scroll(y: number): void {
    this.rows = this.rows.scrolled(y);
    this.changed();
  }

  /** Somebody wants to see this. */
  look(scale: Scale): void {
    if (scale !== this.scale) this.#whole = false;
    this.follow(scale);
  }

  /** Something else is seen, without anybody having asked. */
  follow(scale: Scale): void {
    this.scale = scale;
    this.changed();
  }

  /** All of it, which stays so when it grows, or the span of some clips. */
  fit(span: FrameSpan | null = null): void {
    this.#whole = span === null;
    if (this.scale.width === 0) return;
    const whole = { start: 0, stop: Math.ceil(this.length) };
    this.follow(this.scale.fitted(span ?? whole, span ? 48 : undefined).bounded(this.length));
  }

  reveal(clip: string): void {
    const placed = this.project && ClipIndex.of(this.project).get(clip);
    if (!placed) return;
    this.rows = this.rows.revealing(placed.row);
    const inside = this.scale.revealing(stopOf(placed.clip), 40, this.length);
    this.look(inside.revealing(placed.clip.start, 40, this.length));
  }

  seek(frame: number): void {
    const whole = clamp(Math.round(frame), 0, Number.MAX_SAFE_INTEGER);
    this.playhead = whole;
    this.host.seek(whole);
    this.changed();
  }

  set(settings: Partial<Settings>): void {
    this.settings = { ...this.settings, ...settings };
    this.changed();
  }

  use(tool: Tool): void {
    this.tool = tool;
    this.changed();
  }

  dispose(): void {
    clearTimeout(this.#noticeTimer);
    this.changed = () => undefined;
  }
}

/** Whether nothing of what was is there any more, as when another project is opened. */
function isAnother(before: Project, now: Project): boolean {
  const index = ClipIndex.of(now);
  const clips = [...ClipIndex.of(before).all];
  return clips.length > 0 && index.stop > 0 && !clips.some(({ clip }) => index.has(clip.id));
}

/** The one track that has come, by whatever way: it is there to be used. */
function freshTrack(before: Project, now: Project): string | null {
  const known = new Set(before.timeline.tracks.map(({ id }) => id));
  const fresh = now.timeline.tracks.filter(({ id }) => !known.has(id));
  return fresh.length === 1 && !isAnother(before, now) ? fresh[0].id : null;
}

/** A hand that moved within a frame changed nothing: the same project, which costs nothing again. */
function unlessSame(next: Draft, before: Draft): Draft {
  const same = JSON.stringify(next.commands) === JSON.stringify(before.commands);
  return same ? { ...next, project: before.project } : next;
}
