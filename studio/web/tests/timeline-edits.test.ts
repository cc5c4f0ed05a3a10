import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { Clip, EditCommand, Project } from '../src/document/types';
import { apply } from '../src/timeline/edits/apply';

/** Written by `python -m tests.studio.document.timeline_edits`. */
interface Case {
  readonly project: number;
  readonly command: EditCommand;
  readonly refused?: string;
  readonly rows?: unknown[];
}

const FILE = new URL('./timeline/edits.json', import.meta.url);
const { projects, cases } = JSON.parse(readFileSync(FILE, 'utf8')) as {
  projects: Project[];
  cases: Case[];
};

const summary = (clip: Clip): unknown[] => [
  clip.id,
  clip.start,
  clip.frames,
  clip.source.start,
  clip.source.stop,
  clip.phase,
  clip.speed,
  clip.reverse,
  clip.enabled,
  clip.placement.pinned,
];

const rows = ({ timeline }: Project): unknown[] =>
  timeline.tracks.map(({ id, mute, solo, lock, clips }) => [
    id,
    mute,
    solo,
    lock,
    clips.map(summary),
  ]);

describe('edits come to what the server says', () => {
  const kinds = [...new Set(cases.map(({ command }) => command.kind))].sort();
  it.each(kinds)('%s', (kind) => {
    for (const { project, command, refused, rows: wanted } of cases) {
      if (command.kind !== kind) continue;
      const { project: after, fault } = apply(projects[project], [command]);
      expect(fault, JSON.stringify(command)).toBe(refused ?? '');
      if (!refused) expect(rows(after), JSON.stringify(command)).toEqual(wanted);
    }
  });

  it('leaves what it does not touch the same objects', () => {
    for (const { project, command, refused } of cases) {
      if (refused || !('target' in command)) continue;
      const before = projects[project];
      const { project: after } = apply(before, [command]);
      const touched = new Set(command.target);
      for (const [row, track] of before.timeline.tracks.entries()) {
        const same = track.clips.map(summary);
        const now = after.timeline.tracks[row];
        const reached = track.clips.some(({ id }) => touched.has(id));
        const changed = JSON.stringify(now.clips.map(summary)) !== JSON.stringify(same);
        if (!reached && !changed) expect(now).toBe(track);
      }
    }
  });
});

describe('several commands', () => {
  it('are one edit: clips may pass through each other on the way', () => {
    const [project] = projects;
    const track = project.timeline.tracks.find((each) => !each.lock && each.clips.length > 0)!;
    const [clip] = track.clips;
    const away: EditCommand = { kind: 'move_clip', target: [clip.id], by: 5000 };
    const back: EditCommand = { kind: 'move_clip', target: [clip.id], by: -5000 };
    const { project: after, fault } = apply(project, [away, back]);
    expect(fault).toBe('');
    expect(rows(after)).toEqual(rows(project));
  });

  it('are refused as a whole when one is', () => {
    const [project] = projects;
    const track = project.timeline.tracks.find((each) => !each.lock && each.clips.length > 0)!;
    const gone: EditCommand = { kind: 'remove_clip', target: ['nobody'] };
    const moved: EditCommand = { kind: 'move_clip', target: [track.clips[0].id], by: 5000 };
    expect(apply(project, [moved, gone]).fault).toContain('nobody');
  });
});
