import { describe, expect, it } from 'vitest';

import { encodeMotion, type Frames } from '../dev/encode';
import { STROLL, walk, type WalkStyle } from '../dev/walk';
import { describeAction, heading, pathAt, poseBounds, shifted, union } from '../src/action';
import { parseMotion } from '../src/motion';

const stroll = (style: Partial<WalkStyle> = {}): ReturnType<typeof parseMotion> =>
  parseMotion(encodeMotion(walk({ ...STROLL, ...style })));

/** A single joint that moves evenly along Z, 2 m/s. */
const GLIDE: Frames = {
  fps: 20,
  joints: ['thing'],
  parents: [-1],
  restOffsets: [[0, 0, 0]],
  rootPositions: Array.from({ length: 40 }, (_, f) => [0, 1, f * 0.1]),
  rotations: Array.from({ length: 40 }, () => [[Math.cos(0.4), 0, Math.sin(0.4), 0]]),
};

describe('heading', () => {
  it.each([0, 1, 2.5, -2, Math.PI / 2])('is the way a walker of heading %f faces', (turned) => {
    expect(Math.cos(heading(stroll({ heading: turned }), 0) - turned)).toBeCloseTo(1, 1);
  });

  it('is the same whatever the joints are called', () => {
    const plain = walk(STROLL);
    const names: Record<string, string> = {
      left_hip: 'mixamorig:LeftUpLeg',
      right_hip: 'mixamorig:RightUpLeg',
    };
    const renamed = { ...plain, joints: plain.joints.map((j) => names[j] ?? j) };
    expect(heading(parseMotion(encodeMotion(renamed)), 5)).toBeCloseTo(heading(stroll(), 5), 6);
  });

  it("falls back on the root's rotation", () => {
    expect(heading(parseMotion(encodeMotion(GLIDE)), 0)).toBeCloseTo(0.8, 5);
  });
});

describe('describeAction', () => {
  it('measures an even speed as it is, up to the ends', () => {
    const { speed } = describeAction(parseMotion(encodeMotion(GLIDE)));
    speed.forEach((s) => expect(s).toBeCloseTo(2, 4));
  });

  it('keeps the ends of the path in place', () => {
    const motion = stroll({ turn: 40 });
    const { path } = describeAction(motion);
    const last = motion.frames - 1;
    expect(path[0]).toBeCloseTo(motion.rootPositions[0], 5);
    expect(path[last * 2 + 1]).toBeCloseTo(motion.rootPositions[last * 3 + 2], 5);
  });

  it('holds every pose within its boxes, and the body within its own around the path', () => {
    const motion = stroll();
    const { boxes, body } = describeAction(motion);
    const space = union(boxes)!;
    expect(space.max[2] - space.min[2]).toBeGreaterThan(1);
    expect(space.max[1]).toBeGreaterThan(1.5);
    expect(body.max[2] - body.min[2]).toBeLessThan(1.6);
    expect(boxes.length).toBeGreaterThan(10);
  });

  it('describes one frame', () => {
    const one = { ...GLIDE, rootPositions: [[1, 2, 3]], rotations: GLIDE.rotations.slice(0, 1) };
    const { boxes, speed } = describeAction(parseMotion(encodeMotion(one)));
    expect(boxes).toHaveLength(1);
    expect(speed[0]).toBe(0);
  });
});

describe('geometry', () => {
  it('finds points between frames and holds the ends', () => {
    const path = Float32Array.of(0, 0, 2, 4, 4, 4);
    expect(pathAt(path, 0.5)).toEqual([1, 2]);
    expect(pathAt(path, -1)).toEqual([0, 0]);
    expect(pathAt(path, 9)).toEqual([4, 4]);
  });

  it('joins and moves boxes', () => {
    const a = poseBounds(Float32Array.of(0, 1, 0));
    const both = union([a, shifted(a, 3, -2)])!;
    expect(both.max[0] - a.max[0]).toBeCloseTo(3);
    expect(both.min[2] - a.min[2]).toBeCloseTo(-2);
    expect(union([])).toBeNull();
  });
});
