/**
 * A walk made from sines, for looking at the viewer without a server. The root is carried forward
 * by whichever foot is on the ground, so the feet do not slide.
 */

import { forwardKinematics, createWorldPose } from '../src/kinematics';
import { createPose, type Motion } from '../src/motion';
import type { Frames } from './encode';

type V3 = readonly [number, number, number];
type Quat = readonly [number, number, number, number];

/** Name, parent, rest offset in metres: a 1.72 m adult in T-pose, facing +Z. */
const JOINTS: ReadonlyArray<readonly [name: string, parent: number, offset: V3]> = [
  ['pelvis', -1, [0, 0.988, 0]],
  ['left_hip', 0, [0.089, -0.078, 0]],
  ['right_hip', 0, [-0.089, -0.078, 0]],
  ['spine1', 0, [0, 0.112, -0.012]],
  ['left_knee', 1, [0, -0.421, 0]],
  ['right_knee', 2, [0, -0.421, 0]],
  ['spine2', 3, [0, 0.138, 0.006]],
  ['left_ankle', 4, [0, -0.421, -0.012]],
  ['right_ankle', 5, [0, -0.421, -0.012]],
  ['spine3', 6, [0, 0.064, 0.01]],
  ['left_foot', 7, [0.018, -0.056, 0.128]],
  ['right_foot', 8, [-0.018, -0.056, 0.128]],
  ['neck', 9, [0, 0.196, -0.012]],
  ['left_collar', 9, [0.045, 0.098, 0]],
  ['right_collar', 9, [-0.045, 0.098, 0]],
  ['head', 12, [0, 0.098, 0.026]],
  ['left_shoulder', 13, [0.125, 0.022, -0.008]],
  ['right_shoulder', 14, [-0.125, 0.022, -0.008]],
  ['left_elbow', 16, [0.292, 0, 0]],
  ['right_elbow', 17, [-0.292, 0, 0]],
  ['left_wrist', 18, [0.254, 0, 0]],
  ['right_wrist', 19, [-0.254, 0, 0]],
];

const DEGREE = Math.PI / 180;
const FEET = ['left_foot', 'right_foot'].map((name) => JOINTS.findIndex(([n]) => n === name));
const SOLE = 0.012;

export interface WalkStyle {
  readonly seconds: number;
  readonly fps: number;
  /** Strides a second. */
  readonly cadence: number;
  /** Swing of the thighs, degrees. */
  readonly swing: number;
  /** Turning to the left, degrees a second. */
  readonly turn: number;
  readonly start: V3;
  readonly heading: number;
}

export const STROLL: WalkStyle = {
  seconds: 4,
  fps: 30,
  cadence: 0.9,
  swing: 26,
  turn: 0,
  start: [0, 0, 0],
  heading: 0,
};

export function walk(style: WalkStyle = STROLL): Frames {
  const frames = Math.round(style.seconds * style.fps);
  const rotations = Array.from({ length: frames }, (_, f) => pose(style, f / style.fps));
  const { rootPositions, contacts } = carry(style, rotations);
  return {
    fps: style.fps,
    joints: JOINTS.map(([name]) => name),
    parents: JOINTS.map(([, parent]) => parent),
    restOffsets: JOINTS.map(([, , offset]) => offset),
    rootPositions,
    rotations,
    contacts,
  };
}

function pose(style: WalkStyle, time: number): Quat[] {
  const phase = 2 * Math.PI * style.cadence * time;
  const turned: Record<string, Quat> = {
    pelvis: multiply(
      axisAngle([0, 1, 0], style.heading / DEGREE + style.turn * time + 5 * Math.sin(phase)),
      axisAngle([1, 0, 0], 3),
    ),
    spine2: axisAngle([0, 1, 0], -6 * Math.sin(phase)),
    spine3: axisAngle([0, 1, 0], -5 * Math.sin(phase)),
    head: axisAngle([0, 1, 0], 5 * Math.sin(phase)),
  };
  for (const [side, sign, lag] of [
    ['left', 1, 0],
    ['right', -1, Math.PI],
  ] as const) {
    const leg = phase + lag;
    turned[`${side}_hip`] = axisAngle([1, 0, 0], -style.swing * Math.sin(leg) - 5);
    turned[`${side}_knee`] = axisAngle([1, 0, 0], 8 + 52 * Math.max(0, Math.cos(leg - 0.35)) ** 2);
    turned[`${side}_ankle`] = axisAngle([1, 0, 0], 4 * Math.sin(leg) - 6 * Math.cos(leg));
    const arm = multiply(
      axisAngle([1, 0, 0], 20 * Math.sin(leg)),
      axisAngle([0, 0, 1], -74 * sign),
    );
    turned[`${side}_shoulder`] = arm;
    turned[`${side}_elbow`] = axisAngle([0, 1, 0], (-22 + 12 * Math.sin(leg)) * sign);
  }
  return JOINTS.map(([name]) => turned[name] ?? [1, 0, 0, 0]);
}

/** Moves the root so that the lower foot stays where it was, on the floor. */
function carry(
  style: WalkStyle,
  rotations: Quat[][],
): Pick<Required<Frames>, 'rootPositions' | 'contacts'> {
  const skeleton: Motion = {
    fps: style.fps,
    frames: 1,
    joints: JOINTS.map(([name]) => name),
    parents: JOINTS.map(([, parent]) => parent),
    restOffsets: Float32Array.from(JOINTS.flatMap(([, , offset]) => offset)),
    rootPositions: new Float32Array(3),
    rotations: new Float32Array(JOINTS.length * 4),
    contacts: null,
  };
  const local = createPose(skeleton);
  const world = createWorldPose(skeleton);
  const rootPositions: number[][] = [];
  const planted: number[] = [];
  let anchor: V3 | null = null;
  rotations.forEach((frame) => {
    local.rotations.set(frame.flat());
    forwardKinematics(skeleton, local, world);
    const at = FEET.map(
      (foot) => [...world.positions.subarray(foot * 3, foot * 3 + 3)] as unknown as V3,
    );
    const lower = at[0][1] < at[1][1] ? 0 : 1;
    const before = rootPositions.at(-1);
    const stance = planted.at(-1) ?? lower;
    const x = before && anchor ? before[0] + anchor[0] - at[stance][0] : style.start[0];
    const z = before && anchor ? before[2] + anchor[2] - at[stance][2] : style.start[2];
    rootPositions.push([x, SOLE - at[lower][1], z]);
    planted.push(lower);
    anchor = at[lower];
  });
  return { rootPositions, contacts: contactsOf(planted) };
}

function contactsOf(planted: readonly number[]): string[] {
  const row = (foot: number): string => planted.map((p) => (p === foot ? '1' : '0')).join('');
  return [row(0), row(0), row(1), row(1)];
}

function axisAngle(axis: V3, degrees: number): Quat {
  const half = (degrees * DEGREE) / 2;
  const s = Math.sin(half);
  return [Math.cos(half), axis[0] * s, axis[1] * s, axis[2] * s];
}

function multiply([aw, ax, ay, az]: Quat, [bw, bx, by, bz]: Quat): Quat {
  return [
    aw * bw - ax * bx - ay * by - az * bz,
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
  ];
}
