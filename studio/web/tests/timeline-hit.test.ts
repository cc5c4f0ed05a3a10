import { describe, expect, it } from 'vitest';

import { clip, joinsOf, many, project, track } from '../dev/timeline-projects';
import { aimSpan } from '../src/timeline/pending';
import { blendFrames, cycleStarts, firstWithin, sourceFrame, stopOf } from '../src/timeline/clips';
import { clipsInBox, hitAt, seamAt, type Ground, type Hit } from '../src/timeline/hit';
import { clipBox } from '../src/timeline/paint/picture';
import { Rows } from '../src/timeline/rows';
import { Scale } from '../src/timeline/scale';

const A = clip('a', 'walk', 0, { frames: 100, source: { start: 0, stop: 100 } });
const B = clip('b', 'wave', 80);
const C = clip('c', 'bow', 260);
const SCENE = project(
  [track('t1', 'One', 'character-1', [A, B, C]), track('t2', 'Two', 'character-2', [])],
  { markers: [{ id: 'm', frame: 230, name: 'Beat' }], range: { start: 20, stop: 300 } },
);
const GROUND: Ground = {
  project: SCENE,
  joins: [],
  scale: new Scale(-5, 3, 1200),
  rows: new Rows(2, 194),
};
const Y = GROUND.rows.top(0) + 40;
const hit = (frame: number, y = Y, ground = GROUND): Hit => hitAt(ground.scale.x(frame), y, ground);
const part = (frame: number, y = Y): unknown => {
  const found = hit(frame, y);
  return found.on === 'clip' ? [found.clip.id, found.part] : found.on;
};

describe('hits', () => {
  it('tell the edges of a clip from its body', () => {
    expect(part(1)).toEqual(['a', 'head']);
    expect(part(-1)).toEqual(['a', 'head']);
    expect(part(50)).toEqual(['a', 'body']);
    expect(part(260.5)).toEqual(['c', 'head']);
    expect(part(334.5)).toEqual(['c', 'tail']);
    expect(part(336)).toEqual(['c', 'tail']);
    expect(part(340)).toBe('lane');
  });

  it('take the clip on top where two overlap, and its head first', () => {
    expect(part(90)).toEqual(['b', 'body']);
    expect(part(81)).toEqual(['b', 'head']);
    expect(part(79)).toEqual(['a', 'body']);
  });

  it('find the end of a blend below the title, where it can be drawn', () => {
    const y = clipBox(C, 0, GROUND).y + 20;
    expect(part(269, y)).toEqual(['c', 'blend']);
    expect(part(269, y + 20)).toEqual(['c', 'body']);
    // An overlap is the blend; its length is the clips' own.
    expect(part(100, clipBox(B, 0, GROUND).y + 20)).toEqual(['b', 'body']);
  });

  it('know gaps, empty tracks and what is below them', () => {
    expect(hit(200)).toMatchObject({ on: 'gap', before: B, after: C });
    expect(hit(200, GROUND.rows.top(1) + 5)).toMatchObject({ on: 'lane', track: { id: 't2' } });
    expect(hit(200, GROUND.rows.top(2) + 5)).toEqual({ on: 'lane', track: null });
    expect(hit(200, 34 + 194 + 3)).toEqual({ on: 'overview' });
  });

  it('find markers and the range in the strip of the ruler', () => {
    expect(hit(230, 5)).toMatchObject({ on: 'marker', marker: { id: 'm' } });
    expect(hit(20, 5)).toEqual({ on: 'range', grip: 'start' });
    expect(hit(300, 5)).toEqual({ on: 'range', grip: 'stop' });
    expect(hit(150, 5)).toEqual({ on: 'range', grip: 'both' });
    expect(hit(310, 5)).toEqual({ on: 'ruler' });
    expect(hit(230, 25)).toEqual({ on: 'ruler' });
  });

  it('find the mark of a join before the clip under it', () => {
    const joins = joinsOf(SCENE);
    const ground = { ...GROUND, joins };
    const { x, y } = seamAt(joins[1], 0, ground);
    expect(hitAt(x + 2, y - 2, ground)).toMatchObject({ on: 'seam', clip: { id: 'c' } });
    expect(hitAt(x + 12, y, ground)).toMatchObject({ on: 'clip' });
  });

  it('carry a clip that is too narrow for grips', () => {
    const ground = { ...GROUND, scale: new Scale(0, 0.1, 1200) };
    expect(hitAt(26.5, Y, ground)).toMatchObject({ on: 'clip', clip: { id: 'c' }, part: 'body' });
  });

  it('find the same as looking at every clip', () => {
    const large = many(300);
    const ground = {
      project: large,
      joins: [],
      scale: new Scale(0, 0.7, 4000),
      rows: new Rows(6, 700),
    };
    for (let x = 3; x < 3500; x += 37) {
      const row = x % 6;
      const found = hitAt(x, ground.rows.top(row) + 60, ground);
      const frame = ground.scale.frame(x);
      const inside = large.timeline.tracks[row].clips.filter(
        (each) => each.start <= frame && frame < stopOf(each),
      );
      if (inside.length > 0) expect(found.on).toBe('clip');
      if (found.on === 'clip' && found.part === 'body') {
        expect(found.clip).toBe(inside.at(-1));
      }
    }
  });
});

describe('a box', () => {
  it('takes what it touches, but nothing that is locked', () => {
    const point = (frame: number, y: number) => ({ x: GROUND.scale.x(frame), y });
    expect(clipsInBox(GROUND, point(95, Y), point(262, Y + 4))).toEqual(['a', 'b', 'c']);
    expect(clipsInBox(GROUND, point(262, Y), point(171, Y + 4))).toEqual(['c']);
    expect(clipsInBox(GROUND, point(0, GROUND.rows.top(1) + 9), point(300, 180))).toEqual([]);
    const tracks = SCENE.timeline.tracks.map((each) => ({ ...each, lock: true }));
    const locked = { ...SCENE, timeline: { ...SCENE.timeline, tracks } };
    expect(clipsInBox({ ...GROUND, project: locked }, point(0, Y), point(300, Y))).toEqual([]);
  });
});

describe('clips', () => {
  it('are found by halving', () => {
    const { clips } = SCENE.timeline.tracks[0];
    for (let frame = -5; frame < 400; frame++) {
      const wanted = clips.findIndex((each) => stopOf(each) > frame);
      expect(firstWithin(clips, frame)).toBe(wanted < 0 ? clips.length : wanted);
    }
  });

  it('blend over what they overlap, or else over what they say', () => {
    const { clips } = SCENE.timeline.tracks[0];
    expect(clips.map((each) => blendFrames(clips, each))).toEqual([0, 20, 9]);
    const half = { start: 100, frames: 80, source: { start: 100, stop: 180 } };
    const blend = (change: object): number => {
      const part = clip('z', 'walk', 100, { ...half, ...change });
      return blendFrames([A, part], part);
    };
    // The second part of a clip that was split goes on without a blend.
    expect(blend({})).toBe(0);
    for (const change of [{ mirror: true }, { start: 104 }, { source: { start: 99, stop: 179 } }]) {
      expect(blend(change)).toBe(9);
    }
  });

  it('go round in their source from where they begin', () => {
    const round = clip('r', 'walk', 10, {
      frames: 25,
      source: { start: 30, stop: 40 },
      phase: 4,
    });
    expect(cycleStarts(round)).toEqual([16, 26]);
    expect([0, 5, 6, 15, 16].map((frame) => sourceFrame(round, frame))).toEqual([
      34, 39, 30, 39, 30,
    ]);
    expect(cycleStarts(A)).toEqual([]);
  });
});

describe('what is being made', () => {
  it('has its place by what it is made for', () => {
    const span = (aim: Parameters<typeof aimSpan>[1]) => aimSpan(SCENE, aim);
    expect(span({ kind: 'append', track: 't1' })).toMatchObject({
      row: 0,
      start: 335,
      over: false,
    });
    expect(span({ kind: 'append', track: null })).toMatchObject({ row: 0, start: 335 });
    expect(span({ kind: 'insert', track: 't2', start: 40 })).toMatchObject({ row: 1, start: 40 });
    expect(span({ kind: 'continue', clip: 'b' })).toMatchObject({ row: 0, start: 170 });
    expect(span({ kind: 'fill', before: 'b', after: 'c', length: 90 })).toMatchObject({
      start: 170,
      stop: 260,
    });
    expect(span({ kind: 'replace', clip: 'a', span: { start: 10, stop: 30 } })).toEqual({
      row: 0,
      start: 10,
      stop: 30,
      over: true,
    });
    expect(span({ kind: 'replace', clip: 'c', span: null })).toMatchObject({
      start: 260,
      stop: 335,
    });
    expect(span({ kind: 'continue', clip: 'gone' })).toBeNull();
  });
});
