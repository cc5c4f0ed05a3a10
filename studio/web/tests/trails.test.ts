import type { InstancedBufferGeometry, Mesh } from 'three';
import { describe, expect, it } from 'vitest';

import { Figure } from '../src/figure';
import { JointTrack } from '../src/joint_track';
import { createWorldPose, forwardKinematics } from '../src/kinematics';
import { createPose, samplePose, type Motion } from '../src/motion';
import { TRAIL_PARTS, trailJoints } from '../src/trail_joints';
import { Trails, trailWindow } from '../src/trails';
import { stroll } from './clips';

const at = (motion: Motion, frame: number, joint: number): number[] => {
  const pose = samplePose(motion, frame, createPose(motion));
  const { positions } = forwardKinematics(motion, pose, createWorldPose(motion));
  return [...positions.subarray(joint * 3, joint * 3 + 3)];
};

describe('trailWindow', () => {
  const window = (frame: number, past: number, future: number): number[] => {
    const { first, last } = trailWindow(frame, 30, 120, past, future, { first: 0, last: 0 });
    return [first, last];
  };

  it.each<[frame: number, past: number, future: number, wanted: [number, number]]>([
    [60, 1, 1, [30, 90]],
    [60, 0.5, 2, [45, 119]],
    [10, 1, 1, [0, 40]],
    [60.4, 1, 1, [30, 91]],
    [60, 0, 0, [60, 60]],
    [500, 1, 1, [89, 119]],
    [-7, 1, 1, [0, 30]],
  ])('around frame %f, %f s back and %f s on, is %j', (frame, past, future, wanted) => {
    expect(window(frame, past, future)).toEqual(wanted);
  });
});

describe('trailJoints', () => {
  const { joints } = stroll();
  const names = (parts: Parameters<typeof trailJoints>[1], of = joints): string[] =>
    trailJoints(of, parts).map((j) => of[j]);

  it('finds hips, hands and feet', () => {
    expect(names(['hands', 'hips', 'feet'])).toEqual([
      'pelvis',
      'left_ankle',
      'right_ankle',
      'left_wrist',
      'right_wrist',
    ]);
  });

  it('gives every part of a body a joint', () => {
    for (const part of TRAIL_PARTS) expect(names([part]).length).toBeGreaterThan(0);
  });

  it('knows other rigs by their own names', () => {
    const mixamo = ['Hips', 'Spine', 'LeftHand', 'RightHand', 'LeftFoot', 'LeftToeBase'];
    const rig = mixamo.map((name) => `mixamorig:${name}`);
    expect(names(['hips', 'hands', 'feet'], rig)).toEqual([
      'mixamorig:Hips',
      'mixamorig:LeftHand',
      'mixamorig:RightHand',
      'mixamorig:LeftFoot',
    ]);
  });

  it('takes the root for the hips of what has none', () => {
    expect(trailJoints(['thing', 'other'], ['hips', 'hands'])).toEqual([0]);
  });
});

describe('JointTrack', () => {
  it('knows where joints are, in whatever order frames are asked for', () => {
    const motion = stroll({ turn: 30 });
    const track = new JointTrack(motion);
    track.reserve(20);
    for (const frame of [3, 4, 100, 3, 67, 68, 4, 119, 0]) {
      const start = track.at(frame);
      for (const joint of [0, 8, 21]) {
        at(motion, frame, joint).forEach((v, k) =>
          expect(track.positions[start + joint * 3 + k]).toBeCloseTo(v, 5),
        );
      }
    }
  });

  it('forgets the motion before', () => {
    const [a, b] = [stroll(), stroll({ start: [3, 0, 0] })];
    const track = new JointTrack(a);
    track.reserve(10);
    const before = track.positions[track.at(5)];
    track.motion = b;
    expect(track.positions[track.at(5)]).toBeCloseTo(before + 3, 5);
  });
});

describe('Trails', () => {
  /** The points of the first line mesh, `[x, y, z, seconds]` each. */
  function points(trails: Trails): number[][] {
    const { geometry } = trails.object.children[0] as Mesh<InstancedBufferGeometry>;
    const from = geometry.getAttribute('from');
    return Array.from({ length: geometry.instanceCount + 1 }, (_, i) => [
      from.getX(i),
      from.getY(i),
      from.getZ(i),
      from.getW(i),
    ]);
  }

  it('runs through where each joint was and will be, one line a joint', () => {
    const figure = new Figure(stroll());
    const trails = new Trails();
    const wrist = figure.motion.joints.indexOf('left_wrist');
    trails.set([figure], [wrist], { parts: ['head'], past: 0.2, future: 0.1 });
    figure.pose(50);
    trails.update(50 / 30, 30);
    const head = figure.motion.joints.indexOf('head');
    const wanted = [head, wrist].flatMap((joint) => [
      ...Array.from({ length: 10 }, (_, i) => [...at(figure.motion, 44 + i, joint), (44 + i) / 30]),
      null,
    ]);
    const got = points(trails);
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((point, i) => {
      if (point === null) expect(got[i][3]).toBeGreaterThan(1e7);
      else point.forEach((v, k) => expect(got[i][k]).toBeCloseTo(v, 4));
    });
  });

  it('follows a motion that is swapped, and needs no other room for it', () => {
    const figure = new Figure(stroll());
    const trails = new Trails();
    trails.set([figure], [-1], { parts: ['hips'], past: 1, future: 1 });
    trails.update(2, 30);
    const mesh = trails.object.children[0] as Mesh<InstancedBufferGeometry>;
    const before = mesh.geometry.getAttribute('from');
    figure.motion = stroll({ start: [5, 0, 0] });
    figure.pose(60);
    trails.update(2, 30);
    expect(mesh.geometry.getAttribute('from')).toBe(before);
    points(trails)
      .filter(([, , , seconds]) => seconds < 1e7)
      .forEach(([x]) => expect(x).toBeGreaterThan(4));
  });
});
