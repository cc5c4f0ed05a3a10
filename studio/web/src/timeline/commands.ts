/** Edits that keys and menus make, as commands with the label that undo shows. */

import type { Blend, Clip, EditCommand, Project, Range, Track } from '../document/types';
import { ClipIndex, lengthOf, stopOf, type Placed } from './clips';
import { countClips } from './drags/drag';
import { fresh } from './fresh';

export interface Edit {
  readonly commands: readonly EditCommand[];
  readonly label: string;
  /** What is selected when it is done; left out where that stays. */
  readonly select?: readonly string[];
}

/** Clips that can be edited: on tracks that are not locked. */
export function editable(project: Project, clips: Iterable<string>): Placed[] {
  return ClipIndex.of(project)
    .pick(clips)
    .filter(({ track }) => !track.lock);
}

const idsOf = (placed: readonly Placed[]): string[] => placed.map(({ clip }) => clip.id);

export function removeClips(
  project: Project,
  clips: Iterable<string>,
  ripple: boolean,
): Edit | null {
  const target = idsOf(editable(project, clips));
  if (target.length === 0) return null;
  const label = `${ripple ? 'Ripple delete' : 'Delete'} ${countClips(target.length)}`;
  return { commands: [{ kind: 'remove_clip', target, ripple }], label, select: [] };
}

/** Cuts at `frame` what is selected there, or everything there if nothing of the selection is. */
export function splitClips(project: Project, clips: Iterable<string>, frame: number): Edit | null {
  const cuts = ({ clip }: Placed): boolean => clip.start < frame && frame < stopOf(clip);
  const chosen = editable(project, clips).filter(cuts);
  const all = [...ClipIndex.of(project).all].filter((p) => !p.track.lock && cuts(p));
  const target = idsOf(chosen.length > 0 ? chosen : all);
  if (target.length === 0) return null;
  const made = fresh(project, 'clip', target.length);
  const command: EditCommand = { kind: 'split_clip', target, frame, made };
  return { commands: [command], label: `Split ${countClips(target.length)}`, select: made };
}

/** Copies right after the selection; what is there makes room where it has to. */
export function duplicateClips(
  project: Project,
  clips: Iterable<string>,
  ripple: boolean,
): Edit | null {
  const placed = editable(project, clips);
  if (placed.length === 0) return null;
  const first = Math.min(...placed.map(({ clip }) => clip.start));
  const by = Math.max(...placed.map(({ clip }) => stopOf(clip))) - first;
  const target = idsOf(placed);
  const made = fresh(project, 'clip', target.length);
  const command = (room: boolean): EditCommand[] => [
    { kind: 'duplicate_clip', target, made, by, ripple: room },
  ];
  const fits = placed.every(({ clip, track }) =>
    isFree(track, { start: clip.start + by, stop: stopOf(clip) + by }),
  );
  return {
    commands: command(ripple || !fits),
    label: `Duplicate ${countClips(target.length)}`,
    select: made,
  };
}

/** Whether nothing of a track lies in a span. */
export function isFree(track: Track, { start, stop }: Range): boolean {
  return track.clips.every((clip) => stopOf(clip) <= start || clip.start >= stop);
}

export function nudgeClips(
  project: Project,
  clips: Iterable<string>,
  by: number,
  ripple: boolean,
): Edit | null {
  const placed = editable(project, clips);
  if (placed.length === 0) return null;
  const first = Math.min(...placed.map(({ clip }) => clip.start));
  const held = Math.max(by, -first);
  if (held === 0) return null;
  const target = idsOf(placed);
  return {
    commands: [{ kind: 'move_clip', target, by: held, rows: 0, ripple }],
    label: `Move ${countClips(target.length)}`,
  };
}

/** Brings the edge of the selected clips to a frame. */
export function trimClips(
  project: Project,
  clips: Iterable<string>,
  edge: 'head' | 'tail',
  frame: number,
  ripple: boolean,
): Edit | null {
  const inside = ({ clip }: Placed): boolean => clip.start < frame && frame < stopOf(clip);
  const chosen = editable(project, clips).filter(inside);
  const all = [...ClipIndex.of(project).all].filter((p) => !p.track.lock && inside(p));
  const target = idsOf(chosen.length > 0 ? chosen : all);
  if (target.length === 0) return null;
  return {
    commands: [{ kind: 'trim_clip', target, edge, frame, ripple }],
    label: `Trim ${countClips(target.length)}`,
  };
}

/** Switches what most of the clips are not. */
export function toggleClips(
  project: Project,
  clips: Iterable<string>,
  what: 'enabled' | 'mirror' | 'in_place' | 'reverse',
  ripple = false,
): Edit | null {
  const placed = editable(project, clips);
  const target = idsOf(placed);
  if (target.length === 0) return null;
  const on = !placed.every(({ clip }) => clip[what]);
  const count = countClips(target.length);
  switch (what) {
    case 'enabled':
      return {
        commands: [{ kind: 'enable_clip', target, enabled: on }],
        label: `${on ? 'Enable' : 'Disable'} ${count}`,
      };
    case 'mirror':
      return {
        commands: [{ kind: 'mirror_clip', target, mirror: on }],
        label: `${on ? 'Mirror' : 'Unmirror'} ${count}`,
      };
    case 'in_place':
      return {
        commands: [{ kind: 'in_place_clip', target, in_place: on }],
        label: on ? `Keep ${count} in place` : `Let ${count} travel`,
      };
    case 'reverse':
      return {
        commands: [{ kind: 'retime_clip', target, reverse: on, ripple }],
        label: `Reverse ${count}`,
      };
  }
}

/** One command for all of the clips; `make` gets their ids. */
export function forClips(
  project: Project,
  clips: Iterable<string>,
  label: string,
  make: (target: readonly string[]) => EditCommand,
): Edit | null {
  const target = idsOf(editable(project, clips));
  if (target.length === 0) return null;
  return { commands: [make(target)], label: `${label} ${countClips(target.length)}` };
}

/** Each clip keeps of its blend what `change` does not give. */
export function blendClips(
  project: Project,
  clips: Iterable<string>,
  change: Partial<Blend>,
): Edit | null {
  const placed = editable(project, clips);
  if (placed.length === 0) return null;
  return {
    commands: placed.map(({ clip }) => ({
      kind: 'set_blend',
      target: [clip.id],
      blend: { ...clip.blend, ...change },
    })),
    label: `Blend ${countClips(placed.length)}`,
  };
}

/** Moves what follows a gap up to where it begins. */
export function closeGap(track: Track, frame: number): Edit | null {
  const next = track.clips.findIndex((clip) => clip.start > frame);
  if (next < 0) return null;
  const begin = next === 0 ? 0 : stopOf(track.clips[next - 1]);
  const target = track.clips.slice(next).map((clip) => clip.id);
  const by = begin - track.clips[next].start;
  if (by >= 0) return null;
  return {
    commands: [{ kind: 'move_clip', target, by, rows: 0, ripple: false }],
    label: 'Close gap',
  };
}

/** The span of clips, from the first to the last frame. */
export function spanOf(project: Project, clips: Iterable<string>): Range | null {
  const placed = ClipIndex.of(project).pick(clips);
  if (placed.length === 0) return null;
  return {
    start: Math.min(...placed.map(({ clip }) => clip.start)),
    stop: Math.max(...placed.map(({ clip }) => stopOf(clip))),
  };
}

/** Room for a transition where two clips meet: half of `frames` off each side. */
export function openGap(before: Clip, after: Clip, frames: number): Edit | null {
  const half = Math.floor(frames / 2);
  const tail = Math.min(half, before.frames - 1, Math.max(0, lengthOf(before.source) - 1));
  const head = Math.min(frames - half, after.frames - 1);
  if (tail < 1 || head < 1) return null;
  const trim = (clip: Clip, edge: 'head' | 'tail', frame: number): EditCommand => ({
    kind: 'trim_clip',
    target: [clip.id],
    edge,
    frame,
    ripple: false,
  });
  const cut = Math.min(stopOf(before), after.start);
  return {
    commands: [trim(before, 'tail', cut - tail), trim(after, 'head', cut + head)],
    label: 'Open a gap',
  };
}

export function addTrack(project: Project, character: string, index: number | null): Edit {
  const [id] = fresh(project, 'track');
  const track: Track = {
    id,
    name: `Track ${project.timeline.tracks.length + 1}`,
    character,
    clips: [],
    mute: false,
    solo: false,
    lock: false,
  };
  return { commands: [{ kind: 'add_track', track, index }], label: 'Add track' };
}

export function addMarker(project: Project, frame: number): Edit & { readonly id: string } {
  const [id] = fresh(project, 'marker');
  const marker = { id, frame, name: `Marker ${id.replace(/\D+/g, '')}` };
  return { commands: [{ kind: 'set_marker', marker }], label: 'Add marker', id };
}
