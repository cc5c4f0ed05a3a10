/** What keys, buttons and menus do. */

import type { Clip, Range } from '../document/types';
import { ClipIndex, extent, stopOf } from './clips';
import {
  addMarker,
  duplicateClips,
  nudgeClips,
  removeClips,
  spanOf,
  splitClips,
  toggleClips,
  trimClips,
} from './commands';
import type { Desk } from './desk';
import type { TimelineCommand } from './keys';

const ZOOM = 1.35;
const FAR = 10;
/** Nudges in a row are one step of undo. */
const NUDGES = 'nudge';

/** What an action asks of the page. */
export interface Prompter {
  renameClip(clip: Clip): void;
  renameMarker(marker: string): void;
  /** Leaves what is open or under way; whether something was. */
  leave(): boolean;
}

export class Actions {
  constructor(
    private readonly desk: Desk,
    private readonly ask: Prompter,
  ) {}

  /** Whether it did something, or could have; otherwise the key goes on to others. */
  run(command: TimelineCommand): boolean {
    const { desk } = this;
    const { project } = desk;
    if (!project) return false;
    const { ripple } = desk.settings;
    const chosen = desk.selection;
    const at = Math.round(desk.playhead);
    switch (command) {
      case 'toolSelect':
        desk.use('select');
        break;
      case 'toolRazor':
        desk.use('razor');
        break;
      case 'toolSlip':
        desk.use('slip');
        break;
      case 'toolSpan':
        desk.use('span');
        break;
      case 'split':
        desk.edit(splitClips(project, chosen, at));
        break;
      case 'trimHead':
      case 'trimTail': {
        const edge = command === 'trimHead' ? 'head' : 'tail';
        desk.edit(trimClips(project, chosen, edge, at, ripple));
        break;
      }
      case 'delete':
        return this.#delete(ripple);
      case 'rippleDelete':
        return this.#delete(true);
      case 'copy':
        desk.clipboard.copy(project, chosen);
        break;
      case 'cut':
        if (desk.clipboard.copy(project, chosen) > 0)
          desk.edit(removeClips(project, chosen, ripple));
        break;
      case 'paste':
        this.paste(at);
        break;
      case 'duplicate':
        desk.edit(duplicateClips(project, chosen, ripple));
        break;
      case 'enable':
        desk.edit(toggleClips(project, chosen, 'enabled'));
        break;
      case 'rename':
        return this.#rename();
      case 'undo':
        desk.host.undo();
        break;
      case 'redo':
        desk.host.redo();
        break;
      case 'nudge':
        return this.#nudge(1);
      case 'nudgeBack':
        return this.#nudge(-1);
      case 'nudgeFar':
        return this.#nudge(FAR);
      case 'nudgeBackFar':
        return this.#nudge(-FAR);
      default:
        return this.#look(command);
    }
    return true;
  }

  /** What changes the view or the selection, but for markers and the range not the project. */
  #look(command: TimelineCommand): boolean {
    const { desk } = this;
    const project = desk.project!;
    const at = Math.round(desk.playhead);
    switch (command) {
      case 'selectAll': {
        const open = project.timeline.tracks.filter((track) => !track.lock);
        desk.select(open.flatMap((track) => track.clips.map((clip) => clip.id)));
        break;
      }
      case 'selectNone':
        desk.select([]);
        break;
      case 'previousClip':
        this.#neighbour(-1);
        break;
      case 'nextClip':
        this.#neighbour(1);
        break;
      case 'previousEdge':
      case 'nextEdge':
        this.#toEdge(command === 'nextEdge' ? 1 : -1);
        break;
      case 'marker':
        this.marker(at);
        break;
      case 'rangeIn':
        this.rangeIn(at);
        break;
      case 'rangeOut':
        this.rangeOut(at);
        break;
      case 'rangeToSelection': {
        const span = spanOf(project, desk.selection);
        if (span) this.#setRange(span);
        break;
      }
      case 'rangeClear':
        if (project.timeline.range) desk.do('Clear range', { kind: 'set_range', range: null });
        break;
      case 'zoomIn':
      case 'zoomOut':
        this.#zoom(command === 'zoomIn' ? ZOOM : 1 / ZOOM);
        break;
      case 'fitSelection':
        desk.fit(spanOf(project, desk.selection));
        break;
      case 'fitAll':
        desk.fit();
        break;
      case 'snapping':
        desk.set({ snapping: !desk.settings.snapping });
        break;
      case 'ripple':
        desk.set({ ripple: !desk.settings.ripple });
        break;
      case 'unit':
        desk.set({ unit: desk.settings.unit === 'frames' ? 'seconds' : 'frames' });
        break;
      case 'escape':
        return this.#escape();
      default:
        return false;
    }
    return true;
  }

  paste(frame: number): void {
    const { desk } = this;
    const project = desk.project!;
    const row = project.timeline.tracks.findIndex((track) => track.id === desk.track);
    const edit = desk.clipboard.paste(project, frame, row < 0 ? null : row, desk.settings.ripple);
    desk.edit(edit);
  }

  marker(frame: number): void {
    const { desk } = this;
    const taken = desk.project!.timeline.markers.find((marker) => marker.frame === frame);
    if (taken) return desk.selectMarker(taken.id);
    const edit = addMarker(desk.project!, frame);
    if (desk.edit(edit)) desk.selectMarker(edit.id);
  }

  removeMarker(id: string): void {
    this.desk.do('Remove marker', { kind: 'remove_marker', markers: [id] });
  }

  /** To where it ended, or the end of what is there. */
  rangeIn(frame: number): void {
    const project = this.desk.project!;
    const stop = project.timeline.range?.stop ?? 0;
    this.#setRange({
      start: frame,
      stop: stop > frame ? stop : Math.max(extent(project), frame + 1),
    });
  }

  /** From where it began, or the start. The frame itself still plays. */
  rangeOut(frame: number): void {
    const start = this.desk.project!.timeline.range?.start ?? 0;
    this.#setRange({ start: start <= frame ? start : 0, stop: frame + 1 });
  }

  #setRange(range: Range): void {
    const before = this.desk.project!.timeline.range;
    if (before?.start === range.start && before.stop === range.stop) return;
    this.desk.do('Set range', { kind: 'set_range', range });
  }

  #delete(ripple: boolean): boolean {
    const { desk } = this;
    if (desk.marker) {
      this.removeMarker(desk.marker);
      return true;
    }
    if (desk.selection.size === 0) return false;
    const edit = removeClips(desk.project!, desk.selection, ripple);
    if (edit) desk.edit(edit);
    else desk.say('What is selected lies on locked tracks; unlock them first.');
    return true;
  }

  #nudge(by: number): boolean {
    const { desk } = this;
    if (desk.selection.size === 0) return false;
    desk.edit(nudgeClips(desk.project!, desk.selection, by, desk.settings.ripple), NUDGES);
    return true;
  }

  #rename(): boolean {
    const { desk } = this;
    if (desk.marker) {
      this.ask.renameMarker(desk.marker);
      return true;
    }
    const [first] = ClipIndex.of(desk.project!).pick(desk.selection);
    if (first) this.ask.renameClip(first.clip);
    return first !== undefined;
  }

  /** Along the track of the first selected clip, or of the track used last. */
  #neighbour(by: 1 | -1): void {
    const { desk } = this;
    const project = desk.project!;
    const [first] = ClipIndex.of(project).pick(desk.selection);
    const { tracks } = project.timeline;
    const track = first?.track ?? tracks.find(({ id }) => id === desk.track) ?? tracks[0];
    if (!track || track.clips.length === 0) return;
    const last = track.clips.length - 1;
    const index = first
      ? Math.max(0, Math.min(last, first.index + by))
      : Math.max(
          0,
          track.clips.findIndex((clip) => stopOf(clip) > desk.playhead),
        );
    desk.select([track.clips[index].id], track.id);
    desk.reveal(track.clips[index].id);
  }

  #toEdge(by: 1 | -1): void {
    const { desk } = this;
    const project = desk.project!;
    const edges = new Set([0, ...project.timeline.markers.map(({ frame }) => frame)]);
    for (const { clip } of ClipIndex.of(project).all) edges.add(clip.start).add(stopOf(clip));
    const sorted = [...edges].sort((a, b) => a - b);
    const at = Math.round(desk.playhead);
    const next = by > 0 ? sorted.find((f) => f > at) : sorted.filter((f) => f < at).at(-1);
    if (next === undefined) return;
    desk.seek(next);
    desk.look(desk.scale.revealing(next, 60, desk.length));
  }

  /** Around the playhead where it is seen, else around the middle. */
  #zoom(factor: number): void {
    const { desk } = this;
    const x = desk.scale.x(desk.playhead);
    const seen = x >= 0 && x <= desk.scale.width;
    desk.zoom(factor, seen ? x : desk.scale.width / 2);
  }

  #escape(): boolean {
    const { desk } = this;
    if (this.ask.leave()) return true;
    if (desk.tool !== 'select') {
      desk.use('select');
      return true;
    }
    if (desk.selection.size === 0 && !desk.marker) return false;
    desk.selectMarker(null);
    desk.select([]);
    return true;
  }
}
