/** Tracks and markers: `studio/document/edits/tracks.py` and `scene.py`. */

import type {
  AddTrack,
  Marker,
  MoveTrack,
  Project,
  SetCharacter,
  SetTrack,
} from '../../document/types';
import { trackCalled, unlocked, withTracks } from './lanes';

export function addTrack(project: Project, { track, index }: AddTrack): Project {
  const tracks = [...project.timeline.tracks];
  tracks.splice(index ?? tracks.length, 0, track);
  return withTracks(project, tracks);
}

export function removeTrack(project: Project, id: string): Project {
  unlocked(trackCalled(project, id));
  return withTracks(
    project,
    project.timeline.tracks.filter((track) => track.id !== id),
  );
}

export function moveTrack(project: Project, { track: id, index }: MoveTrack): Project {
  const track = trackCalled(project, id);
  const tracks = project.timeline.tracks.filter((each) => each.id !== id);
  tracks.splice(index, 0, track);
  return withTracks(project, tracks);
}

export function setTrack(project: Project, { track: id, kind, ...given }: SetTrack): Project {
  const track = trackCalled(project, id);
  if (given.character && given.character !== track.character) unlocked(track);
  return withTracks(
    project,
    project.timeline.tracks.map((each) =>
      each === track ? { ...track, ...present(given) } : each,
    ),
  );
}

export function setCharacter(
  project: Project,
  { character: id, kind, ...given }: SetCharacter,
): Project {
  const characters = project.characters.map((each) =>
    each.id === id ? { ...each, ...present(given) } : each,
  );
  return { ...project, characters };
}

/** The fields that are given: neither null nor left out. */
function present<T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } {
  const given = Object.entries(fields).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]: NonNullable<T[K]> };
}

export function setMarker(project: Project, marker: Marker): Project {
  const { markers } = project.timeline;
  const there = markers.some((each) => each.id === marker.id);
  const all = there
    ? markers.map((each) => (each.id === marker.id ? marker : each))
    : [...markers, marker];
  return withMarkers(
    project,
    [...all].sort((a, b) => a.frame - b.frame),
  );
}

export function removeMarkers(project: Project, ids: readonly string[]): Project {
  return withMarkers(
    project,
    project.timeline.markers.filter((each) => !ids.includes(each.id)),
  );
}

function withMarkers(project: Project, markers: readonly Marker[]): Project {
  return { ...project, timeline: { ...project.timeline, markers } };
}
