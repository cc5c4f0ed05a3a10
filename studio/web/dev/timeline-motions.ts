/** Motions made from a few poses, for looking at the timeline without a server. */

import { parseMotion, type Motion } from '../src/motion';
import { encodeMotion, type Frames } from './encode';
import { STROLL, walk } from './walk';

type Turns = Readonly<Record<string, readonly [x: number, y: number, z: number]>>;

/** Seconds, turns of joints in degrees about their own axes, metres of the hips above standing. */
interface Key {
  readonly at: number;
  readonly turns: Turns;
  readonly height?: number;
}

const ARMS_DOWN: Turns = { left_shoulder: [0, 0, -76], right_shoulder: [0, 0, 76] };
const stand: Turns = { ...ARMS_DOWN, left_elbow: [0, -14, 0], right_elbow: [0, 14, 0] };
const crouch: Turns = {
  ...stand,
  left_hip: [-62, 0, 0],
  right_hip: [-62, 0, 0],
  left_knee: [105, 0, 0],
  right_knee: [105, 0, 0],
  left_ankle: [-42, 0, 0],
  right_ankle: [-42, 0, 0],
  spine2: [24, 0, 0],
  left_shoulder: [35, 0, -70],
  right_shoulder: [35, 0, 70],
};
const reach: Turns = {
  ...stand,
  left_shoulder: [0, 0, 68],
  right_shoulder: [0, 0, -68],
  left_hip: [8, 0, 0],
  right_hip: [8, 0, 0],
};

const PERFORMANCES: Readonly<Record<string, readonly Key[]>> = {
  wave: [
    { at: 0, turns: stand },
    { at: 0.6, turns: { ...stand, right_shoulder: [0, 0, -30], right_elbow: [0, 0, -70] } },
    ...[0, 1, 2, 3, 4].map((i) => ({
      at: 0.9 + i * 0.3,
      turns: {
        ...stand,
        right_shoulder: [0, 0, -38] as const,
        right_elbow: [0, 0, i % 2 ? -30 : -78] as const,
      },
    })),
    { at: 3, turns: stand },
  ],
  bow: [
    { at: 0, turns: stand },
    {
      at: 0.9,
      turns: {
        ...stand,
        spine1: [30, 0, 0],
        spine2: [28, 0, 0],
        neck: [18, 0, 0],
        pelvis: [12, 0, 0],
      },
    },
    {
      at: 1.5,
      turns: {
        ...stand,
        spine1: [32, 0, 0],
        spine2: [30, 0, 0],
        neck: [20, 0, 0],
        pelvis: [12, 0, 0],
      },
    },
    { at: 2.5, turns: stand },
  ],
  jump: [
    { at: 0, turns: stand },
    { at: 0.55, turns: crouch, height: -0.3 },
    { at: 0.85, turns: reach, height: 0.42 },
    { at: 1.15, turns: { ...crouch, spine2: [10, 0, 0] }, height: -0.22 },
    { at: 1.9, turns: stand },
  ],
  cheer: [
    { at: 0, turns: stand },
    { at: 0.5, turns: reach },
    { at: 0.9, turns: { ...reach, spine2: [-14, 0, 0], left_knee: [30, 0, 0] }, height: -0.02 },
    { at: 1.4, turns: reach },
    { at: 2.2, turns: stand },
  ],
  sit: [
    { at: 0, turns: stand },
    { at: 1.2, turns: crouch, height: -0.36 },
    { at: 2.4, turns: crouch, height: -0.36 },
  ],
};

const BASE = walk({ ...STROLL, seconds: 0.1 });
const FPS = 30;

/** A motion by name: a walk, or one of the performances. */
export function fixtureMotion(name: string): Motion {
  if (name === 'walk') return decoded(walk({ ...STROLL, seconds: 6 }));
  if (name === 'run') return decoded(walk({ ...STROLL, seconds: 4, cadence: 1.5, swing: 42 }));
  if (name === 'turn') return decoded(walk({ ...STROLL, seconds: 4, turn: 40 }));
  return decoded(performance(PERFORMANCES[name]));
}

const decoded = (frames: Frames): Motion => parseMotion(encodeMotion(frames));

function performance(keys: readonly Key[]): Frames {
  const frames = Math.round(keys.at(-1)!.at * FPS);
  const heights = Array.from({ length: frames }, (_, f) => at(keys, f / FPS, (k) => k.height ?? 0));
  return {
    ...BASE,
    fps: FPS,
    rootPositions: heights.map((h) => [0, 0.93 + h, 0]),
    rotations: heights.map((_, f) => BASE.joints.map((joint) => rotation(keys, f / FPS, joint))),
    contacts: Array.from({ length: 4 }, () => heights.map((h) => (h > 0.05 ? '0' : '1')).join('')),
  };
}

function rotation(keys: readonly Key[], time: number, joint: string): number[] {
  const [x, y, z] = [0, 1, 2].map((i) => at(keys, time, (k) => k.turns[joint]?.[i] ?? 0));
  return product(product(about(1, y), about(0, x)), about(2, z));
}

/** Smoothly between the keys around `time`. */
function at(keys: readonly Key[], time: number, value: (key: Key) => number): number {
  const next = keys.findIndex((key) => key.at >= time);
  if (next <= 0) return value(keys[Math.max(next, 0)] ?? keys.at(-1)!);
  const [a, b] = [keys[next - 1], keys[next]];
  const s = (time - a.at) / (b.at - a.at);
  return value(a) + (value(b) - value(a)) * s * s * (3 - 2 * s);
}

function about(axis: number, degrees: number): number[] {
  const half = (degrees * Math.PI) / 360;
  const out = [Math.cos(half), 0, 0, 0];
  out[axis + 1] = Math.sin(half);
  return out;
}

function product([aw, ax, ay, az]: number[], [bw, bx, by, bz]: number[]): number[] {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}
