import { describe, expect, it } from 'vitest';

import { encodeMotion, type Frames } from '../dev/encode';
import { STROLL, walk, type WalkStyle } from '../dev/walk';
import { GroundPath, describeAction, heading, poseBounds, shifted, union } from '../src/action';
import { parseMotion, type Motion } from '../src/motion';

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
    const motion = parseMotion(encodeMotion(one));
    expect(describeAction(motion).boxes).toHaveLength(1);
    expect(new GroundPath(0.2, motion.fps).speed(motion, 0)).toBe(0);
  });
});

describe('GroundPath', () => {
  /** The filter over the whole motion at once, written down from its definition. */
  function naive({ rootPositions: p, frames, fps }: Motion, sigmaSeconds: number): number[][] {
    const sigma = sigmaSeconds * fps;
    return Array.from({ length: frames }, (_, f) => {
      const span = Math.min(Math.ceil(2.5 * sigma), f, frames - 1 - f);
      const ks = Array.from({ length: 2 * span + 1 }, (_, i) => i - span);
      const weights = ks.map((k) => Math.exp(-(k * k) / (2 * sigma * sigma)));
      const total = weights.reduce((a, b) => a + b);
      return [0, 2].map(
        (axis) => ks.reduce((sum, k, i) => sum + weights[i] * p[(f + k) * 3 + axis], 0) / total,
      );
    });
  }

  it('is the filtered path at, between, before and after its frames', () => {
    const motion = stroll({ turn: 40 });
    const path = new GroundPath(0.35, motion.fps);
    const wanted = naive(motion, 0.35);
    const last = motion.frames - 1;
    for (const frame of [-3, 0, 1, 17, 44.25, last - 0.5, last, last + 9]) {
      const at = Math.min(Math.max(frame, 0), last);
      const [a, b, t] = [Math.floor(at), Math.ceil(at), at % 1];
      const got = path.at(motion, frame, [0, 0]);
      got.forEach((v, k) => expect(v).toBeCloseTo(wanted[a][k] * (1 - t) + wanted[b][k] * t, 6));
    }
  });

  it('measures an even speed as it is, up to the ends', () => {
    const motion = parseMotion(encodeMotion(GLIDE));
    const path = new GroundPath(0.2, motion.fps);
    for (let f = 0; f < motion.frames; f++) expect(path.speed(motion, f)).toBeCloseTo(2, 4);
  });
});

describe('geometry', () => {
  it('joins and moves boxes', () => {
    const a = poseBounds(Float32Array.of(0, 1, 0));
    const both = union([a, shifted(a, 3, -2)])!;
    expect(both.max[0] - a.max[0]).toBeCloseTo(3);
    expect(both.min[2] - a.min[2]).toBeCloseTo(-2);
    expect(union([])).toBeNull();
  });
});
