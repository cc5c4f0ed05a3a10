import { describe, expect, it } from 'vitest';

import { encodeMotion, type Frames } from '../dev/encode';
import { MotionFormatError, createPose, parseMotion, samplePose, slerpAt } from '../src/motion';

const HALF = Math.SQRT1_2;

/** Two joints, three frames: the child turns 0, 90, 180 degrees about X while the root rises. */
const TURN: Frames = {
  fps: 10,
  joints: ['root', 'child'],
  parents: [-1, 0],
  restOffsets: [
    [0, 1, 0],
    [0, 0.5, 0],
  ],
  rootPositions: [
    [0, 1, 0],
    [0, 2, 4],
    [0, 3, 4],
  ],
  rotations: [
    [
      [1, 0, 0, 0],
      [1, 0, 0, 0],
    ],
    [
      [1, 0, 0, 0],
      [HALF, HALF, 0, 0],
    ],
    [
      [1, 0, 0, 0],
      [0, 1, 0, 0],
    ],
  ],
  contacts: ['110', '000', '000', '011'],
};

function sample(frame: number): ReturnType<typeof createPose> {
  const motion = parseMotion(encodeMotion(TURN));
  return samplePose(motion, frame, createPose(motion));
}

const close = (values: ArrayLike<number>, wanted: readonly number[]): void =>
  wanted.forEach((value, i) => expect(values[i]).toBeCloseTo(value, 5));

describe('parseMotion', () => {
  it('reads back what was written', () => {
    const motion = parseMotion(encodeMotion(TURN));
    expect(motion).toMatchObject({ fps: 10, frames: 3, joints: TURN.joints, parents: [-1, 0] });
    close(motion.restOffsets, TURN.restOffsets.flat());
    close(motion.rootPositions, TURN.rootPositions.flat());
    close(motion.rotations, TURN.rotations.flat(2));
  });

  it('joins heel and ball into spans a foot', () => {
    const { contacts } = parseMotion(encodeMotion(TURN));
    expect(contacts).toEqual({ left: [[0, 2]], right: [[1, 3]] });
  });

  it('does without contacts, and without those that do not fit', () => {
    const { contacts: _, ...bare } = TURN;
    expect(parseMotion(encodeMotion(bare)).contacts).toBeNull();
    expect(parseMotion(encodeMotion(TURN, { contacts: ['1', '1', '1', '1'] })).contacts).toBeNull();
  });

  it('reads names that are not ASCII, whatever length they give the header', () => {
    for (const name of ['hüfte', '腰', 'a', 'ab', 'abc']) {
      const motion = parseMotion(encodeMotion({ ...TURN, joints: ['root', name] }));
      expect(motion.joints[1]).toBe(name);
    }
  });

  const refuse = (buffer: ArrayBuffer, words: RegExp): void => {
    expect(() => parseMotion(buffer)).toThrow(MotionFormatError);
    expect(() => parseMotion(buffer)).toThrow(words);
  };

  it('refuses what is not a motion', () => {
    refuse(new ArrayBuffer(0), /begin with MSM1/);
    refuse(new TextEncoder().encode('<!doctype html><html>').buffer, /begin with MSM1/);
  });

  it('refuses a motion cut at any length', () => {
    const whole = encodeMotion(TURN);
    for (let length = 0; length < whole.byteLength; length++) {
      expect(() => parseMotion(whole.slice(0, length))).toThrow(MotionFormatError);
    }
  });

  it('refuses headers that make no sense', () => {
    refuse(encodeMotion(TURN, { fps: 0 }), /frame rate/);
    refuse(encodeMotion(TURN, { frames: 2.5 }), /no frames/);
    refuse(encodeMotion(TURN, { frames: 4 }), /announces/);
    refuse(encodeMotion(TURN, { joints: [] }), /no joints/);
    refuse(encodeMotion(TURN, { parents: [-1, 1] }), /tree/);
    refuse(encodeMotion(TURN, { parents: [-1] }), /tree/);
    refuse(encodeMotion(TURN, { rest_offsets: [[0, 0, 0]] }), /rest offsets/);
  });

  it('refuses numbers that are not finite', () => {
    const buffer = encodeMotion(TURN);
    new DataView(buffer).setFloat32(buffer.byteLength - 4, NaN, true);
    refuse(buffer, /not finite/);
  });
});

describe('samplePose', () => {
  it('gives whole frames exactly', () => {
    close(sample(1).root, [0, 2, 4]);
    close(sample(1).rotations.subarray(4), [HALF, HALF, 0, 0]);
  });

  it('goes half the way in the middle', () => {
    const { root, rotations } = sample(0.5);
    close(root, [0, 1.5, 2]);
    const eighth = Math.PI / 8;
    close(rotations.subarray(4), [Math.cos(eighth), Math.sin(eighth), 0, 0]);
  });

  it('turns at a constant rate, which a normalised chord would not', () => {
    const angle = Math.PI / 2 + (0.2 * Math.PI) / 2;
    close(sample(1.2).rotations.subarray(4), [Math.cos(angle / 2), Math.sin(angle / 2), 0, 0]);
  });

  it('holds the ends', () => {
    close(sample(-3).root, [0, 1, 0]);
    close(sample(99).root, [0, 3, 4]);
  });
});

describe('slerpAt', () => {
  const slerp = (a: number[], b: number[], t: number): number[] => {
    const out = [0, 0, 0, 0];
    slerpAt([...a, ...b], 0, 4, t, out, 0);
    return out;
  };

  it('takes the shorter way between a rotation and the other sign of its neighbour', () => {
    close(slerp([1, 0, 0, 0], [-HALF, -HALF, 0, 0], 0.5), [
      Math.cos(Math.PI / 8),
      Math.sin(Math.PI / 8),
      0,
      0,
    ]);
  });

  it('is exact between rotations that are the same or nearly so', () => {
    close(slerp([0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5], 0.3), [0.5, 0.5, 0.5, 0.5]);
    const angle = 1e-4;
    const [w, x] = slerp([1, 0, 0, 0], [Math.cos(angle), Math.sin(angle), 0, 0], 0.25);
    expect(Math.atan2(x, w)).toBeCloseTo(angle / 4, 9);
  });

  it('stays of unit length from turn to opposite turn', () => {
    for (let t = 0; t <= 1; t += 0.125) {
      expect(Math.hypot(...slerp([1, 0, 0, 0], [0, 0, 1, 0], t))).toBeCloseTo(1, 9);
    }
  });
});
