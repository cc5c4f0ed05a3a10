import { beforeEach, describe, expect, it, vi } from 'vitest';

import { clip, project, track } from '../dev/timeline-projects';
import type { EditCommand, Project } from '../src/document/types';
import { Actions, type Prompter } from '../src/timeline/actions';
import type { TimelineHost, TimelineView } from '../src/timeline/api';
import { ClipIndex, stopOf } from '../src/timeline/clips';
import { Desk } from '../src/timeline/desk';
import { MoveDrag } from '../src/timeline/drags/move';
import { apply } from '../src/timeline/edits/apply';

const SCENE = project([
  track('t1', 'One', 'character-1', [clip('clip-1', 'walk', 0), clip('clip-2', 'wave', 180)]),
  track('t2', 'Two', 'character-2', [clip('clip-3', 'bow', 40)]),
]);

let revision = 0;
const viewOf = (of: Project, more: Partial<TimelineView> = {}): TimelineView => ({
  revision: ++revision,
  nonce: 0,
  notice: '',
  project: of,
  joins: [],
  undo: '',
  redo: '',
  readonly: '',
  saved: '',
  pending: [],
  ghost: null,
  ...more,
});

/** A server that answers when the test says so. */
class Server {
  project = SCENE;
  readonly asked: Array<{ commands: readonly EditCommand[]; label: string; merge?: string }> = [];
  readonly previews: Array<Project | null> = [];
  readonly selections: Array<readonly string[]> = [];
  readonly seeks: number[] = [];
  readonly undo = vi.fn();
  readonly redo = vi.fn();
  readonly host: TimelineHost = {
    edit: (commands, label, merge) => {
      this.asked.push({ commands, label, ...(merge ? { merge } : {}) });
    },
    preview: (preview) => this.previews.push(preview),
    undo: this.undo,
    redo: this.redo,
    seek: (frame) => this.seeks.push(frame),
    toggle: vi.fn(),
    pinned: () => null,
    drop: vi.fn(),
    fill: vi.fn(),
    regenerate: vi.fn(),
    carryOn: vi.fn(),
    select: (clips) => this.selections.push(clips),
  };

  /** Does what was asked first, and says what came of it. */
  answer(desk: Desk): void {
    const { commands } = this.asked.shift()!;
    this.project = structuredClone(apply(this.project, commands).project);
    desk.receive(viewOf(this.project));
  }
}

const PROMPTER: Prompter = { renameClip: vi.fn(), renameMarker: vi.fn(), leave: () => false };

let server: Server;
let desk: Desk;
let actions: Actions;

beforeEach(() => {
  server = new Server();
  desk = new Desk(server.host, { snapping: false });
  desk.resize(1000, 200);
  desk.receive(viewOf(SCENE));
  actions = new Actions(desk, PROMPTER);
});

const find = (id: string) => ClipIndex.of(desk.project!).get(id);
const carry = (id: string, by: number, rows = 0): void => {
  const drag = new MoveDrag(desk.project!, 0, [id], { frame: 0, row: 0 }, false);
  desk.setDraft(drag.draft({ frame: by, row: rows }, desk.manner));
};

describe('a track that has come', () => {
  const grown = project([...SCENE.timeline.tracks, track('t3', 'Three', 'character-2', [])]);

  it('is the one in use, whoever added it, and the selection stays', () => {
    desk.select(['clip-3'], 't2');
    desk.receive(viewOf(grown));
    expect(desk.track).toBe('t3');
    expect([...desk.selection]).toEqual(['clip-3']);
    expect(server.selections.at(-1)).toEqual(['clip-3']);
  });

  it('is not one of a project that was opened instead', () => {
    const other = project([track('u1', 'One', 'character-1', [clip('clip-9', 'walk', 0)])]);
    desk.select([], 't2');
    desk.receive(viewOf(other));
    expect(desk.track).toBeNull();
  });
});

describe('edits', () => {
  it('are seen at once and become the truth when the server says so', () => {
    desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: 20 });
    expect(find('clip-2')!.clip.start).toBe(200);
    expect(server.asked).toHaveLength(1);
    server.answer(desk);
    expect(find('clip-2')!.clip.start).toBe(200);
    expect(server.project.timeline.tracks[0].clips[1].start).toBe(200);
  });

  it('stand on each other while none is answered', () => {
    for (let i = 0; i < 3; i++) {
      desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: 10 });
    }
    expect(find('clip-2')!.clip.start).toBe(210);
    server.answer(desk);
    expect(find('clip-2')!.clip.start).toBe(210);
    server.answer(desk);
    server.answer(desk);
    expect(find('clip-2')!.clip.start).toBe(210);
  });

  it('give way to the server where it says something else', () => {
    desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: 10 });
    const other = apply(SCENE, [{ kind: 'remove_clip', target: ['clip-3'] }]).project;
    desk.receive(viewOf(structuredClone(other)));
    expect(find('clip-2')!.clip.start).toBe(180);
    expect(find('clip-3')).toBeUndefined();
  });

  it('are taken back when the server refuses them, but not by news of something else', () => {
    desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: 10 });
    desk.receive(viewOf(structuredClone(SCENE), { saved: '12:04' }));
    expect(find('clip-2')!.clip.start).toBe(190);
    desk.receive(viewOf(structuredClone(SCENE), { notice: 'No.' }));
    expect(find('clip-2')!.clip.start).toBe(180);
  });

  it('that make no sense are said and not sent', () => {
    desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: -170 });
    expect(server.asked).toEqual([]);
    expect(desk.notice).toContain('would lie inside');
  });

  it('are not sent where nothing can be changed', () => {
    desk.receive(viewOf(SCENE, { readonly: 'It is open in another tab.' }));
    expect(desk.do('Move clip', { kind: 'move_clip', target: ['clip-2'], by: 9 })).toBe(false);
    expect(server.asked).toEqual([]);
    expect(desk.notice).toBe('It is open in another tab.');
  });

  it('ignore a view that was overtaken', () => {
    const late = viewOf(SCENE);
    desk.receive(viewOf(apply(SCENE, [{ kind: 'remove_clip', target: ['clip-3'] }]).project));
    desk.receive(late);
    expect(find('clip-3')).toBeUndefined();
  });
});

describe('a drag', () => {
  it('is previewed as it goes, sent when let go, and nothing before', () => {
    carry('clip-2', 5);
    carry('clip-2', 30);
    expect(server.previews.map((p) => ClipIndex.of(p!).get('clip-2')!.clip.start)).toEqual([
      185, 210,
    ]);
    expect(server.asked).toEqual([]);
    expect(desk.pictured).not.toBe(desk.project);
    desk.drop();
    expect(server.asked).toEqual([
      {
        commands: [{ kind: 'move_clip', target: ['clip-2'], by: 30, rows: 0, ripple: false }],
        label: 'Move clip',
      },
    ]);
    expect(find('clip-2')!.clip.start).toBe(210);
    expect(server.previews.at(-1)).toBe(desk.project);
    server.answer(desk);
    expect(server.previews.at(-1)).toBeNull();
  });

  it('is previewed once for each place that it comes to', () => {
    for (const by of [9.6, 9.9, 10.2, 10.4]) carry('clip-2', by);
    expect(server.previews).toHaveLength(1);
    carry('clip-2', 10.6);
    expect(server.previews).toHaveLength(2);
  });

  it('that is given up leaves no trace', () => {
    carry('clip-2', 30);
    desk.setDraft(null);
    expect(server.previews.at(-1)).toBeNull();
    expect(server.asked).toEqual([]);
    expect(desk.pictured).toBe(desk.project);
    expect(desk.project).toEqual(SCENE);
  });

  it('that is refused shows what is there to the viewer, and is not sent', () => {
    carry('clip-2', 20);
    carry('clip-2', -175);
    expect(desk.draft!.fault).toContain('would lie inside');
    expect(server.previews.at(-1)).toBeNull();
    desk.drop();
    expect(server.asked).toEqual([]);
    expect(desk.notice).toContain('would lie inside');
  });
});

describe('what is seen', () => {
  it('is all of it at first, and again when another project is opened', () => {
    const whole = desk.scale;
    desk.zoom(6, 300);
    desk.receive(viewOf(apply(SCENE, [{ kind: 'remove_clip', target: ['clip-3'] }]).project));
    expect(desk.scale.pixels).toBeGreaterThan(whole.pixels);
    const other = project([track('t1', 'One', 'character-1', [clip('other-1', 'walk', 0)])]);
    desk.receive(viewOf(other));
    expect(desk.scale.x(180)).toBeLessThan(1000);
    expect(desk.scale.x(0)).toBeGreaterThan(0);
  });

  it('stays all of it as it grows, until somebody looks closer', () => {
    const far = (start: number): Project =>
      apply(SCENE, [{ kind: 'move_clip', target: ['clip-3'], by: start - 40 }]).project;
    const whole = desk.scale;
    desk.receive(viewOf(far(100)));
    expect(desk.scale).toBe(whole);
    desk.receive(viewOf(far(2000)));
    expect(desk.scale.x(2075)).toBeLessThan(1000);
    desk.zoom(1.5, 100);
    const { scale } = desk;
    desk.receive(viewOf(far(5000)));
    expect(desk.scale).toBe(scale);
    actions.run('fitAll');
    desk.receive(viewOf(far(9000)));
    expect(desk.scale.x(9075)).toBeLessThan(1000);
  });

  it('comes to what is chosen from the list', () => {
    desk.zoom(30, 900);
    desk.pan(4000);
    desk.reveal('clip-1');
    expect(desk.scale.x(0)).toBeGreaterThanOrEqual(0);
  });
});

describe('selection', () => {
  it('is told once for each change, and survives its own echo', () => {
    desk.select(['clip-1']);
    desk.select(['clip-1']);
    desk.select(['clip-2']);
    expect(server.selections).toEqual([['clip-1'], ['clip-2']]);
    desk.receive(viewOf(SCENE, { selection: ['clip-1'] }));
    expect([...desk.selection]).toEqual(['clip-2']);
    desk.receive(viewOf(SCENE, { selection: ['clip-2'] }));
    desk.receive(viewOf(SCENE, { selection: ['clip-3'] }));
    expect([...desk.selection]).toEqual(['clip-3']);
  });

  it('lets go of what is gone', () => {
    desk.select(['clip-1', 'clip-3']);
    desk.receive(viewOf(apply(SCENE, [{ kind: 'remove_clip', target: ['clip-3'] }]).project));
    expect([...desk.selection]).toEqual(['clip-1']);
  });
});

describe('keys', () => {
  it('split the selection at the playhead, or all there is', () => {
    desk.playhead = 60;
    actions.run('split');
    expect(server.asked[0].commands).toEqual([
      {
        kind: 'split_clip',
        target: ['clip-1', 'clip-3'],
        frame: 60,
        made: ['clip-4', 'clip-5'],
      },
    ]);
    desk.select(['clip-4']);
    desk.playhead = 100;
    actions.run('split');
    expect(server.asked[1].commands).toMatchObject([{ target: ['clip-4'], made: ['clip-6'] }]);
    expect([...desk.selection]).toEqual(['clip-6']);
  });

  it('delete, and close up with Shift or while ripple is on', () => {
    desk.select(['clip-1']);
    actions.run('rippleDelete');
    expect(find('clip-2')!.clip.start).toBe(0);
    expect(server.asked[0].label).toBe('Ripple delete clip');
    expect(desk.selection.size).toBe(0);
    expect(actions.run('delete')).toBe(false);
  });

  it('copy, cut and paste across tracks, where there is room or where room is made', () => {
    desk.select(['clip-1', 'clip-2']);
    actions.run('copy');
    desk.select([], 't2');
    desk.playhead = 200;
    actions.run('paste');
    expect([...desk.selection]).toEqual(['clip-4', 'clip-5']);
    expect(find('clip-4')).toMatchObject({ row: 1, clip: { start: 200 } });
    expect(find('clip-5')).toMatchObject({ row: 1, clip: { start: 380 } });
    desk.playhead = 250;
    actions.run('paste');
    expect(desk.notice).toBe('');
    expect(find('clip-6')!.clip.start).toBe(250);
    expect(find('clip-5')!.clip.start).toBeGreaterThan(380);
    desk.select(['clip-3']);
    actions.run('cut');
    expect(find('clip-3')).toBeUndefined();
  });

  it('keep copied clips apart as they were on their tracks', () => {
    actions.run('selectAll');
    actions.run('copy');
    desk.playhead = 400;
    actions.run('paste');
    const made = [...desk.selection].map((id) => find(id)!);
    expect(made.map(({ row, clip: { start } }) => [row, start])).toEqual([
      [0, 400],
      [0, 580],
      [1, 440],
    ]);
  });

  it('duplicate right after, where nothing is in the way without moving anything', () => {
    desk.select(['clip-2']);
    actions.run('duplicate');
    expect(server.asked[0].commands).toMatchObject([{ by: 90, ripple: false }]);
    desk.select(['clip-1']);
    actions.run('duplicate');
    expect(server.asked[1].commands).toMatchObject([{ by: 180, ripple: true }]);
    expect(find('clip-2')!.clip.start).toBe(360);
  });

  it('nudge as one step of undo, not before the start, and only with a selection', () => {
    expect(actions.run('nudge')).toBe(false);
    desk.select(['clip-2', 'clip-3']);
    actions.run('nudge');
    actions.run('nudgeFar');
    expect(server.asked.map(({ merge }) => merge)).toEqual(['nudge', 'nudge']);
    expect(find('clip-3')!.clip.start).toBe(51);
    for (let i = 0; i < 9; i++) actions.run('nudgeBackFar');
    expect(find('clip-3')!.clip.start).toBe(0);
  });

  it('trim to the playhead', () => {
    desk.playhead = 70;
    desk.select(['clip-3']);
    actions.run('trimHead');
    expect(find('clip-3')!.clip).toMatchObject({ start: 70, source: { start: 30 } });
    desk.playhead = 90;
    actions.run('trimTail');
    expect(stopOf(find('clip-3')!.clip)).toBe(90);
  });

  it('set, move and clear the range', () => {
    const range = () => desk.project!.timeline.range;
    desk.playhead = 50;
    actions.run('rangeIn');
    expect(range()).toEqual({ start: 50, stop: 270 });
    desk.playhead = 99;
    actions.run('rangeOut');
    expect(range()).toEqual({ start: 50, stop: 100 });
    desk.playhead = 120;
    actions.run('rangeIn');
    expect(range()!.start).toBe(120);
    expect(range()!.stop).toBeGreaterThan(120);
    desk.select(['clip-3']);
    actions.run('rangeToSelection');
    expect(range()).toEqual({ start: 40, stop: 115 });
    actions.run('rangeClear');
    expect(range()).toBeNull();
  });

  it('add a marker once a frame, and delete the one that is selected', () => {
    desk.playhead = 77;
    actions.run('marker');
    actions.run('marker');
    expect(desk.project!.timeline.markers).toMatchObject([{ id: 'marker-1', frame: 77 }]);
    expect(desk.marker).toBe('marker-1');
    actions.run('delete');
    expect(desk.project!.timeline.markers).toEqual([]);
    expect(find('clip-1')).toBeDefined();
  });

  it('go from edge to edge and from clip to clip', () => {
    for (const edge of [40, 115, 180, 270]) {
      actions.run('nextEdge');
      expect(server.seeks.at(-1)).toBe(edge);
    }
    actions.run('previousEdge');
    expect(server.seeks.at(-1)).toBe(180);
    desk.select(['clip-1']);
    actions.run('nextClip');
    expect([...desk.selection]).toEqual(['clip-2']);
    actions.run('previousClip');
    expect([...desk.selection]).toEqual(['clip-1']);
  });

  it('leave a tool before the selection', () => {
    desk.use('razor');
    desk.select(['clip-1']);
    expect(actions.run('escape')).toBe(true);
    expect(desk.tool).toBe('select');
    expect(actions.run('escape')).toBe(true);
    expect(desk.selection.size).toBe(0);
    expect(actions.run('escape')).toBe(false);
  });
});
