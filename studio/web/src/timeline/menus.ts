/** What the context menus hold. */

import type { Blend, Clip, Placement, Track } from '../document/types';
import type { Actions } from './actions';
import { ClipIndex, goesRound, stopOf, timesOf } from './clips';
import {
  addTrack,
  blendClips,
  closeGap,
  forClips,
  openGap,
  splitClips,
  toggleClips,
} from './commands';
import type { Desk } from './desk';
import type { MenuEntry, MenuItem } from './dom/menu';
import type { Hit } from './hit';
import { timelineKeysOf, type TimelineCommand } from './keys';
import type { Questions } from './questions';

const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 4];
const TIMES = [1, 2, 3, 4, 8];
const BLENDS: ReadonlyArray<readonly [kind: Blend['kind'], label: string]> = [
  ['inertialize', 'Inertialize'],
  ['crossfade', 'Cross-fade'],
  ['cut', 'Cut'],
];
const BLEND_FRAMES = [3, 6, 9, 15, 30];
const COLORS = [
  '#c9c4bb',
  '#d08a5f',
  '#6fa39a',
  '#a08cc4',
  '#b9a55c',
  '#c27a92',
  '#5b9dd9',
  '#7fae5c',
];
const NOWHERE: Placement = { x: 0, z: 0, turn: 0, pinned: false };
/** Frames that a join is made anew over. */
const JOIN_FRAMES = 20;

export class Menus {
  constructor(
    private readonly desk: Desk,
    private readonly actions: Actions,
    private readonly ask: Questions,
    private readonly renameTrack: (track: string) => void,
  ) {}

  #entry(label: string, command: TimelineCommand, disabled = false): MenuItem {
    const act = (): void => void this.actions.run(command);
    return { label, keys: timelineKeysOf(command), act, disabled };
  }

  /** Of what was hit at `frame`. */
  of(hit: Hit, frame: number): readonly MenuEntry[] {
    switch (hit.on) {
      case 'clip':
        return this.#clip(hit.clip, hit.track, frame);
      case 'seam':
        return [
          ...this.#join(hit.clip, hit.track),
          'line',
          ...this.#clip(hit.clip, hit.track, frame),
        ];
      case 'gap':
        return [
          ...this.#gap(hit.before, hit.after, hit.track),
          'line',
          ...this.#lane(hit.track, frame),
        ];
      case 'lane':
        return this.#lane(hit.track, frame);
      case 'marker':
        return this.#marker(hit.marker.id);
      case 'range':
      case 'ruler':
        return this.#ruler(frame);
      case 'overview':
        return [this.#entry('Show all', 'fitAll')];
    }
  }

  #clip(clip: Clip, track: Track, frame: number): MenuEntry[] {
    const { desk } = this;
    const project = desk.project!;
    const chosen = desk.selection;
    const off = track.lock || desk.readonly !== '';
    const inside = clip.start < frame && frame < stopOf(clip);
    const placed = ClipIndex.of(project).get(clip.id)!;
    const after = ClipIndex.of(project).after(placed);
    const gap = after !== undefined && after.start > stopOf(clip);
    const cut = (): void => void desk.edit(splitClips(project, [clip.id], frame));
    return [
      this.#entry('Cut', 'cut', off),
      this.#entry('Copy', 'copy'),
      this.#entry('Paste at the playhead', 'paste', off || desk.clipboard.empty),
      this.#entry('Duplicate', 'duplicate', off),
      'line',
      { label: 'Split here', act: cut, disabled: off || !inside },
      this.#entry('Split at the playhead', 'split', off),
      this.#entry('Rename…', 'rename', off),
      'line',
      { label: 'Speed', items: this.#speeds(clip), disabled: off },
      { label: 'Loop', items: this.#loops(clip), disabled: off },
      { label: 'Afterwards', items: this.#afterwards(clip), disabled: off },
      { label: 'Blend', items: this.#blends(clip), disabled: off },
      this.#toggle('Reverse', 'reverse', clip.reverse, off),
      this.#toggle('Mirror', 'mirror', clip.mirror, off),
      this.#toggle('In place', 'in_place', clip.in_place, off),
      this.#pin(clip, off),
      this.#toggle('Disabled', 'enabled', !clip.enabled, off, timelineKeysOf('enable')),
      'line',
      { label: 'Make anew…', act: () => this.ask.askRegenerate(clip), disabled: off },
      { label: 'Continue from here…', act: () => this.ask.askCarryOn(clip), disabled: off },
      gap && after
        ? {
            label: 'Fill the gap with motion…',
            act: () => this.ask.askFill(clip, after, track),
            disabled: off,
          }
        : null,
      'line',
      this.#entry('Range around the selection', 'rangeToSelection', chosen.size === 0),
      'line',
      this.#entry('Delete', 'delete', off),
      this.#entry('Delete and close up', 'rippleDelete', off),
    ];
  }

  #toggle(
    label: string,
    what: 'enabled' | 'mirror' | 'in_place' | 'reverse',
    checked: boolean,
    disabled: boolean,
    keys = '',
  ): MenuItem {
    const { desk } = this;
    const act = (): void =>
      void desk.edit(toggleClips(desk.project!, desk.selection, what, desk.settings.ripple));
    return { label, checked, disabled, keys, act };
  }

  #pin(clip: Clip, disabled: boolean): MenuItem {
    const { pinned } = clip.placement;
    const act = (): void => {
      const placement = pinned ? NOWHERE : this.desk.host.pinned(clip.id);
      if (!placement)
        return this.desk.say(`'${clip.name}' does not play, so it stands nowhere yet.`);
      this.desk.do(pinned ? 'Unpin clip' : 'Pin clip', {
        kind: 'place_clip',
        target: [clip.id],
        placement,
      });
    };
    return { label: 'Pinned to its place', checked: pinned, disabled, act };
  }

  #speeds(clip: Clip): MenuEntry[] {
    const { desk } = this;
    const set = (speed: number): void =>
      void desk.edit(
        forClips(desk.project!, desk.selection, 'Retime', (target) => ({
          kind: 'retime_clip',
          target,
          speed,
          ripple: desk.settings.ripple,
        })),
      );
    const items = SPEEDS.map((speed) => ({
      label: `${speed}×`,
      checked: clip.speed === speed,
      act: () => set(speed),
    }));
    const limits = { min: 0.01, max: 100, step: 0.01 };
    const other = (): void => this.ask.askNumber(clip, 'Speed', clip.speed, limits, set);
    return [...items, 'line', { label: 'Other…', act: other }];
  }

  #loops(clip: Clip): MenuEntry[] {
    const { desk } = this;
    const set = (times: number): void =>
      void desk.edit(
        forClips(desk.project!, desk.selection, 'Loop', (target) => ({
          kind: 'loop_clip',
          target,
          times,
          ripple: desk.settings.ripple,
        })),
      );
    const now = goesRound(clip) ? timesOf(clip) : 1;
    const items = TIMES.map((times) => ({
      label: times === 1 ? 'Once' : `${times} times`,
      checked: now === times,
      act: () => set(times),
    }));
    const limits = { min: 1, max: 1000, step: 1 };
    const other = (): void => this.ask.askNumber(clip, 'Times', Math.round(now), limits, set);
    return [...items, 'line', { label: 'Other…', act: other }];
  }

  #afterwards(clip: Clip): MenuEntry[] {
    const { desk } = this;
    const item = (extrapolate: Clip['extrapolate'], label: string): MenuItem => ({
      label,
      checked: clip.extrapolate === extrapolate,
      act: () =>
        void desk.edit(
          forClips(desk.project!, desk.selection, 'Extrapolate', (target) => ({
            kind: 'extrapolate_clip',
            target,
            extrapolate,
          })),
        ),
    });
    return [item('hold', 'Hold the last pose'), item('loop', 'Go round')];
  }

  #blends(clip: Clip): MenuEntry[] {
    const { desk } = this;
    const set = (change: Partial<Blend>): void =>
      void desk.edit(blendClips(desk.project!, desk.selection, change));
    const kinds = BLENDS.map(([kind, label]) => ({
      label,
      checked: clip.blend.kind === kind,
      act: () => set({ kind }),
    }));
    const lengths = BLEND_FRAMES.map((frames) => ({
      label: `${frames} frames`,
      checked: clip.blend.frames === frames,
      disabled: clip.blend.kind === 'cut',
      act: () => set({ frames }),
    }));
    const limits = { min: 0, max: clip.frames, step: 1 };
    const other = (): void =>
      this.ask.askNumber(clip, 'Blend frames', clip.blend.frames, limits, (frames) =>
        set({ frames }),
      );
    const curve: MenuItem = {
      label: 'Smooth curve',
      checked: clip.blend.curve === 'smooth',
      disabled: clip.blend.kind !== 'crossfade',
      act: () => set({ curve: clip.blend.curve === 'smooth' ? 'linear' : 'smooth' }),
    };
    return [...kinds, curve, 'line', ...lengths, { label: 'Other length…', act: other }];
  }

  /** Of the mark where two clips meet. */
  #join(clip: Clip, track: Track): MenuEntry[] {
    const { desk } = this;
    const index = ClipIndex.of(desk.project!);
    const before = index.before(index.get(clip.id)!);
    const off = track.lock || desk.readonly !== '' || !before;
    const anew = (): void => {
      if (!before) return;
      // Room first; the motion then fills it, and the clips keep their places in time.
      const room = (): boolean =>
        clip.start > stopOf(before) || desk.edit(openGap(before, clip, JOIN_FRAMES));
      this.ask.askFill(before, clip, track, room);
    };
    return [{ label: 'Make this join anew…', act: anew, disabled: off }];
  }

  #gap(before: Clip, after: Clip, track: Track): MenuEntry[] {
    const { desk } = this;
    const off = track.lock || desk.readonly !== '';
    const close = (): void => void desk.edit(closeGap(track, stopOf(before)));
    return [
      {
        label: 'Fill with motion…',
        act: () => this.ask.askFill(before, after, track),
        disabled: off,
      },
      { label: 'Close the gap', act: close, disabled: off },
    ];
  }

  #lane(track: Track | null, frame: number): MenuEntry[] {
    const { desk } = this;
    const off = desk.readonly !== '' || track?.lock === true;
    const paste = (): void => {
      if (track) desk.select(desk.selection, track.id);
      this.actions.paste(Math.max(0, frame));
    };
    return [
      { label: 'Paste here', act: paste, disabled: off || desk.clipboard.empty },
      this.#entry('Select all', 'selectAll'),
      'line',
      ...(track ? this.track(track) : this.#newTracks(null)),
    ];
  }

  /** Of a track's header. */
  track(track: Track): MenuEntry[] {
    const { desk } = this;
    const project = desk.project!;
    const off = desk.readonly !== '';
    const index = project.timeline.tracks.findIndex(({ id }) => id === track.id);
    const character = project.characters.find(({ id }) => id === track.character);
    const whose = project.characters.map(({ id, name, color }) => ({
      label: name,
      checked: id === track.character,
      swatch: color,
      act: () =>
        void desk.do('Change track', { kind: 'set_track', track: track.id, character: id }),
    }));
    const colors = COLORS.map((color) => ({
      label: color === character?.color ? 'Now' : color,
      swatch: color,
      act: () =>
        void desk.do('Change colour', { kind: 'set_character', character: track.character, color }),
    }));
    const remove = (): void =>
      void desk.do('Remove track', { kind: 'remove_track', track: track.id });
    return [
      { label: 'Rename track…', act: () => this.renameTrack(track.id), disabled: off },
      { label: 'Character', items: whose, disabled: off || track.lock },
      { label: 'Colour', items: colors, disabled: off },
      ...this.#newTracks(index),
      'line',
      { label: 'Remove track', act: remove, disabled: off || track.lock },
    ];
  }

  /** One for each character: above `index`, or below all. */
  #newTracks(index: number | null): MenuEntry[] {
    const { desk } = this;
    const project = desk.project!;
    const items = project.characters.map(({ id, name, color }) => ({
      label: name,
      swatch: color,
      act: () => void desk.edit(addTrack(desk.project!, id, index)),
    }));
    const label = index === null ? 'Add track' : 'Add track above';
    return [{ label, items, disabled: desk.readonly !== '' || items.length === 0 }];
  }

  #marker(id: string): MenuEntry[] {
    const off = this.desk.readonly !== '';
    return [
      { label: 'Rename marker…', act: () => this.ask.renameMarker(id), disabled: off },
      { label: 'Remove marker', act: () => this.actions.removeMarker(id), disabled: off },
    ];
  }

  #ruler(frame: number): MenuEntry[] {
    const { desk } = this;
    const off = desk.readonly !== '';
    const { range } = desk.project!.timeline;
    const at = Math.max(0, frame);
    const seconds = desk.settings.unit === 'seconds';
    return [
      { label: 'Add a marker here', act: () => this.actions.marker(at), disabled: off },
      'line',
      {
        label: 'Range begins here',
        act: () => this.actions.rangeIn(at),
        disabled: off,
      },
      {
        label: 'Range ends here',
        act: () => this.actions.rangeOut(at),
        disabled: off,
      },
      this.#entry('No range', 'rangeClear', off || !range),
      'line',
      { ...this.#entry('Ruler in seconds', 'unit'), checked: seconds },
      this.#entry('Show all', 'fitAll'),
    ];
  }

  /** Clips that the menu of one acts on: the selection, which it has to be part of. */
  prepare(hit: Hit): void {
    if (hit.on === 'marker') this.desk.selectMarker(hit.marker.id);
    if (hit.on !== 'clip' && hit.on !== 'seam') return;
    const { desk } = this;
    const chosen = desk.selection.has(hit.clip.id) ? desk.selection : [hit.clip.id];
    desk.select(chosen, hit.track.id);
  }
}
