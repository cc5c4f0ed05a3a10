/** Ids for what is made here. */

import type { Project } from '../document/types';
import { ClipIndex } from './clips';

type Kind = 'clip' | 'track' | 'marker';

/** `clip-7`, `clip-8` ...: numbers above all there are, as `studio/document/placing.py` counts. */
export function fresh(project: Project, kind: Kind, count = 1): readonly string[] {
  const stem = new RegExp(`^${kind}-(\\d{1,9})$`);
  const numbers = ids(project, kind).map((id) => Number(stem.exec(id)?.[1] ?? 0));
  const last = Math.max(0, ...numbers);
  return Array.from({ length: count }, (_, i) => `${kind}-${last + 1 + i}`);
}

function ids(project: Project, kind: Kind): string[] {
  const { tracks, markers } = project.timeline;
  switch (kind) {
    case 'clip':
      return [...ClipIndex.of(project).all].map(({ clip }) => clip.id);
    case 'track':
      return tracks.map((track) => track.id);
    case 'marker':
      return markers.map((marker) => marker.id);
  }
}
