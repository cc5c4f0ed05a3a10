import { describe, expect, it } from 'vitest';

import { clip, project, track } from '../dev/timeline-projects';
import type { Project } from '../src/document/types';
import { ClipIndex, stopOf } from '../src/timeline/clips';
import { BlendDrag } from '../src/timeline/drags/blend';
import type { Hand, Manner } from '../src/timeline/drags/drag';
import { MoveDrag } from '../src/timeline/drags/move';
import { MarkerDrag, RangeDrag } from '../src/timeline/drags/ruler';
import { SlipDrag } from '../src/timeline/drags/slip';
import { RollDrag, TrimDrag } from '../src/timeline/drags/trim';
import { nearest, snap, snapTargets } from '../src/timeline/snapping';

/** `walk` has 180 frames of media, `wave` 90, `bow` 75. */
const A = clip('a', 'walk', 0, { frames: 100, source: { start: 40, stop: 140 } });
const B = clip('b', 'wave', 100);
const C = clip('c', 'bow', 260);
const D = clip('d', 'bow', 300);
const SCENE = project(
  [track('t1', 'One', 'character-1', [A, B, C]), track('t2', 'Two', 'character-2', [D])],
  {
    markers: [{ id: 'm', frame: 230, name: 'Beat' }],
  },
);

const FREE: Manner = { pixels: 4, snapping: false, ripple: false, unit: 'frames' };
const SNAP: Manner = { ...FREE, snapping: true };
const RIPPLE: Manner = { ...FREE, ripple: true };
const hand = (frame: number, row = 0): Hand => ({ frame, row });

const starts = (of: Project): Record<string, [number, number]> =>
  Object.fromEntries([...ClipIndex.of(of).all].map(({ clip: c, row }) => [c.id, [c.start, row]]));
const get = (of: Project, id: string) => ClipIndex.of(of).get(id)!.clip;

describe('snapping', () => {
  const targets = [0, 50, 100, 104, 300];

  it('finds the nearest by halving', () => {
    for (let value = -10; value < 320; value += 3.7) {
      const wanted = Math.min(...targets.map((t) => Math.abs(t - value)));
      expect(Math.abs(nearest(targets, value)! - value)).toBeCloseTo(wanted);
    }
    expect(nearest([], 3)).toBeNull();
  });

  it('draws whichever edge comes closest to a target', () => {
    expect(snap([10, 40], 9.4, targets, 2)).toEqual({ by: 10, at: 50 });
    expect(snap([10, 40], 40.9, targets, 2)).toEqual({ by: 40, at: 50 });
    expect(snap([10, 40], 63.2, targets, 2)).toEqual({ by: 64, at: 104 });
    expect(snap([10, 40], 25, targets, 2)).toEqual({ by: 25, at: null });
  });

  it('knows edges, playhead, markers, range and the start, but not what moves', () => {
    const ranged = { ...SCENE, timeline: { ...SCENE.timeline, range: { start: 7, stop: 77 } } };
    const all = snapTargets(ranged, 33.2);
    for (const frame of [0, 100, 190, 260, 335, 300, 375, 230, 7, 77, 33]) {
      expect(all).toContain(frame);
    }
    const less = snapTargets(ranged, 33.2, { clips: new Set(['d']), marker: 'm', range: true });
    for (const frame of [300, 375, 230, 7, 77]) expect(less).not.toContain(frame);
    expect([...all].sort((a, b) => a - b)).toEqual(all);
  });
});

describe('moving', () => {
  const move = (ids: string[], from: Hand, copy = false): MoveDrag =>
    new MoveDrag(SCENE, 500, ids, from, copy);

  it('goes by whole frames and rows', () => {
    const draft = move(['d'], hand(310, 1)).draft(hand(322.4, 1), FREE);
    expect(draft.commands).toEqual([
      { kind: 'move_clip', target: ['d'], by: 12, rows: 0, ripple: false },
    ]);
    expect(starts(draft.project)['d']).toEqual([312, 1]);
    expect(draft.note).toBe('+12 f  →  312');
  });

  it('does nothing where it came from', () => {
    const draft = move(['d'], hand(310, 1)).draft(hand(310.3, 1), FREE);
    expect(draft.commands).toEqual([]);
    expect(draft.project).toBe(SCENE);
  });

  it('is drawn to an edge within reach, at any zoom', () => {
    const at = hand(310 - 300 + 190 + 1.9, 0);
    const near = move(['d'], hand(310, 1)).draft(at, SNAP);
    expect(near.snap).toBe(190);
    expect(starts(near.project)['d']).toEqual([190, 0]);
    const closer = move(['d'], hand(310, 1)).draft(at, { ...SNAP, pixels: 20 });
    expect(closer.snap).toBeNull();
    expect(move(['d'], hand(310, 1)).draft(at, FREE).snap).toBeNull();
  });

  it('stops at frame 0 and at the outer tracks', () => {
    const draft = move(['c', 'd'], hand(300, 0)).draft(hand(-900, 9), FREE);
    expect(draft.commands[0]).toMatchObject({ by: -260, rows: 0 });
    expect(starts(draft.project)['c']).toEqual([0, 0]);
  });

  it('shows but refuses a place inside another clip', () => {
    const draft = move(['c'], hand(270, 0)).draft(hand(20, 0), FREE);
    expect(draft.fault).toBe(
      "'Bow' would lie inside 'Walk' on track 'One'; move it further or use another track.",
    );
    expect(starts(draft.project)['c']).toEqual([10, 0]);
    expect(draft.moving).toEqual(new Set(['c']));
  });

  it('refuses a locked track', () => {
    const [one, two] = SCENE.timeline.tracks;
    const tracks = [one, { ...two, lock: true }];
    const locked = { ...SCENE, timeline: { ...SCENE.timeline, tracks } };
    const draft = new MoveDrag(locked, 0, ['c'], hand(270, 0), false).draft(hand(270, 1), FREE);
    expect(draft.fault).toBe("Track 'Two' is locked; unlock it first.");
  });

  it('overlaps to blend', () => {
    const draft = move(['c'], hand(270, 0)).draft(hand(270 - 80, 0), FREE);
    expect(draft.fault).toBe('');
    expect(stopOf(get(draft.project, 'b')) - get(draft.project, 'c').start).toBe(10);
  });

  it('takes what follows along when it ripples', () => {
    const draft = move(['b'], hand(120, 0)).draft(hand(130, 0), RIPPLE);
    expect(starts(draft.project)).toMatchObject({ a: [0, 0], b: [110, 0], c: [270, 0] });
  });

  it('carries copies under fresh ids and leaves the clips', () => {
    const drag = move(['a', 'b'], hand(10, 0), true);
    const draft = drag.draft(hand(410, 0), FREE);
    expect(drag.cursor).toBe('copy');
    expect(draft.commands).toEqual([
      {
        kind: 'duplicate_clip',
        target: ['a', 'b'],
        made: ['clip-1', 'clip-2'],
        by: 400,
        rows: 0,
        ripple: false,
      },
    ]);
    expect(starts(draft.project)).toMatchObject({
      a: [0, 0],
      'clip-1': [400, 0],
      'clip-2': [500, 0],
    });
    expect(draft.moving).toEqual(new Set(['clip-1', 'clip-2']));
  });
});

describe('trimming', () => {
  const trim = (id: string, edge: 'head' | 'tail', from: number): TrimDrag =>
    new TrimDrag(SCENE, 500, get(SCENE, id), edge, hand(from));

  it('moves the edge and the used range together', () => {
    const tail = trim('c', 'tail', 335).draft(hand(325), FREE);
    expect(get(tail.project, 'c')).toMatchObject({ start: 260, frames: 65, source: { stop: 65 } });
    const head = trim('c', 'head', 260).draft(hand(270), FREE);
    expect(get(head.project, 'c')).toMatchObject({ start: 270, frames: 65, source: { start: 10 } });
    expect(head.note).toBe('−10 f  →  65 f');
    expect(head.handlesOf).toBe('c');
  });

  it('goes no further than the media, and leaves a frame', () => {
    expect(trim('a', 'tail', 100).draft(hand(900), FREE).commands[0]).toMatchObject({ frame: 140 });
    expect(trim('c', 'head', 260).draft(hand(-900), FREE).commands).toEqual([]);
    expect(trim('c', 'head', 260).draft(hand(900), FREE).commands[0]).toMatchObject({ frame: 334 });
    expect(trim('c', 'tail', 335).draft(hand(-900), FREE).commands[0]).toMatchObject({
      frame: 261,
    });
  });

  it('is not drawn past the media by a snap', () => {
    const drag = new TrimDrag(SCENE, 145, A, 'tail', hand(100));
    const draft = drag.draft(hand(139.2), { ...SNAP, pixels: 1 });
    expect(draft.commands).toMatchObject([{ frame: 140 }]);
    expect(draft.snap).toBeNull();
  });

  it('closes up behind a tail, and brings a rippled head back to where it was', () => {
    const tail = trim('a', 'tail', 100).draft(hand(80), RIPPLE);
    expect(starts(tail.project)).toMatchObject({ a: [0, 0], b: [80, 0], c: [240, 0] });
    const head = trim('a', 'head', 0).draft(hand(-30), RIPPLE);
    expect(get(head.project, 'a')).toMatchObject({ start: 0, frames: 130, source: { start: 10 } });
    expect(starts(head.project)).toMatchObject({ b: [130, 0] });
  });

  it('draws a clip that goes round out without end', () => {
    const round = clip('r', 'walk', 0, { frames: 90, source: { start: 0, stop: 40 } });
    const of = project([track('t', 'T', 'character-1', [round])]);
    const draft = new TrimDrag(of, 0, round, 'tail', hand(90)).draft(hand(1090), FREE);
    expect(get(draft.project, 'r')).toMatchObject({ frames: 1090, source: { start: 0, stop: 40 } });
  });

  it('rolls a cut: what one clip gives the other takes', () => {
    const of = project([
      track('t', 'T', 'character-1', [A, { ...B, frames: 60, source: { start: 20, stop: 80 } }]),
    ]);
    const roll = (to: number) =>
      new RollDrag(of, 500, get(of, 'a'), get(of, 'b'), hand(100)).draft(hand(to), FREE);
    const later = roll(115).project;
    expect([stopOf(get(later, 'a')), get(later, 'b').start]).toEqual([115, 115]);
    expect(stopOf(get(later, 'b'))).toBe(160);
    // Held by the wave's 20 frames of media before its head.
    expect(get(roll(-500).project, 'b').start).toBe(80);
  });
});

describe('slipping', () => {
  it('draws the media through and leaves the clip where it is', () => {
    const drag = new SlipDrag(SCENE, A, hand(50));
    const draft = drag.draft(hand(38), FREE);
    expect(get(draft.project, 'a')).toMatchObject({
      start: 0,
      frames: 100,
      source: { start: 52, stop: 152 },
    });
    expect(drag.draft(hand(-500), FREE).commands).toEqual([
      { kind: 'slip_clip', target: ['a'], by: 40 },
    ]);
    expect(drag.draft(hand(500), FREE).commands).toEqual([
      { kind: 'slip_clip', target: ['a'], by: -40 },
    ]);
  });
});

describe('the ruler', () => {
  const marker = SCENE.timeline.markers[0];

  it('carries a marker, not to itself', () => {
    const drag = new MarkerDrag(SCENE, 500, marker, hand(230));
    expect(drag.draft(hand(258.8), SNAP)).toMatchObject({
      snap: 260,
      commands: [{ kind: 'set_marker', marker: { id: 'm', frame: 260, name: 'Beat' } }],
    });
    expect(drag.draft(hand(-100), SNAP).commands).toMatchObject([{ marker: { frame: 0 } }]);
    expect(drag.draft(hand(231), SNAP).commands).toMatchObject([{ marker: { frame: 231 } }]);
  });

  it('draws out, carries and trims a range that always has a frame', () => {
    const range = { start: 20, stop: 60 };
    const at = (grip: 'start' | 'stop' | 'both' | 'new', from: number, to: number): unknown =>
      new RangeDrag(SCENE, 500, range, grip, hand(from))
        .draft(hand(to), FREE)
        .commands.map((command) => command.kind === 'set_range' && command.range)[0];
    expect(at('start', 20, 30)).toEqual({ start: 30, stop: 60 });
    expect(at('start', 20, 500)).toEqual({ start: 59, stop: 60 });
    expect(at('stop', 60, -5)).toEqual({ start: 20, stop: 21 });
    expect(at('both', 40, 50)).toEqual({ start: 30, stop: 70 });
    expect(at('both', 40, -500)).toEqual({ start: 0, stop: 40 });
    expect(at('new', 60, 90)).toEqual({ start: 20, stop: 50 });
    expect(at('new', 60, 50)).toEqual({ start: 10, stop: 20 });
  });
});

describe('blends', () => {
  it('grow and shrink within their clip', () => {
    const drag = new BlendDrag(SCENE, B, hand(109));
    const frames = (to: number): unknown => drag.draft(hand(to), FREE).commands[0];
    expect(frames(121)).toMatchObject({ blend: { kind: 'inertialize', frames: 21 } });
    expect(frames(-50)).toMatchObject({ blend: { frames: 0 } });
    expect(frames(900)).toMatchObject({ blend: { frames: 90 } });
    expect(frames(109)).toBeUndefined();
  });
});
