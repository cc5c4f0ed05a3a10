// @vitest-environment happy-dom
import { Matrix4, Object3D, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';

import type { Motion } from '../src/motion';
import { Readout } from '../src/overlay/readout';
import { JointReader, eulerXyz, jointTitle, noNumbers } from '../src/readout';
import { glide, stroll } from './clips';

/** The world position of a joint at a whole frame, by a tree of three's objects. */
function placed(motion: Motion, frame: number, joint: number): Vector3 {
  const nodes = motion.parents.map((parent, j) => {
    const node = new Object3D();
    const [w, x, y, z] = motion.rotations.subarray((frame * motion.parents.length + j) * 4);
    node.quaternion.set(x, y, z, w);
    if (parent < 0) node.position.fromArray(motion.rootPositions, frame * 3);
    else node.position.fromArray(motion.restOffsets, j * 3);
    return node;
  });
  motion.parents.forEach((parent, j) => parent >= 0 && nodes[parent].add(nodes[j]));
  return nodes[joint].getWorldPosition(new Vector3());
}

describe('JointReader', () => {
  it('reads position, height and speed as three places the joint', () => {
    const motion = stroll({ turn: 25 });
    const reader = new JointReader(motion);
    for (const name of ['left_wrist', 'right_foot', 'pelvis']) {
      const joint = motion.joints.indexOf(name);
      const numbers = reader.read(motion, 40, joint, noNumbers());
      const now = placed(motion, 40, joint);
      expect([numbers.x, numbers.y, numbers.z]).toEqual(
        now.toArray().map((v) => expect.closeTo(v, 5)),
      );
      expect(numbers.height).toBe(numbers.y);
      const way = placed(motion, 41, joint)
        .sub(placed(motion, 39, joint))
        .length();
      expect(numbers.speed).toBeCloseTo((way * motion.fps) / 2, 3);
    }
  });

  it('reads the rotation relative to the parent', () => {
    const motion = stroll();
    const joint = motion.joints.indexOf('left_knee');
    const { rotation } = new JointReader(motion).read(motion, 12, joint, noNumbers());
    const [w, x, y, z] = motion.rotations.subarray((12 * motion.joints.length + joint) * 4);
    const wanted = new Matrix4().makeRotationFromQuaternion(new Quaternion(x, y, z, w));
    matrixOf(rotation).elements.forEach((v, i) => expect(v).toBeCloseTo(wanted.elements[i], 5));
  });

  it('measures an even speed at, between and before all frames, and none once they are over', () => {
    const motion = glide(40, [0.06, 0.08]);
    const reader = new JointReader(motion);
    for (const frame of [-5, 0, 0.5, 20.3, 38.9, 39]) {
      expect(reader.read(motion, frame, 0, noNumbers()).speed).toBeCloseTo(2, 4);
    }
    expect(reader.read(motion, 80, 0, noNumbers()).speed).toBe(0);
    expect(reader.read(glide(1, [0, 0]), 0, 0, noNumbers()).speed).toBe(0);
  });
});

/** `Rz Ry Rx` of degrees. */
function matrixOf([x, y, z]: readonly number[]): Matrix4 {
  const turn = (degrees: number): number => (degrees * Math.PI) / 180;
  return new Matrix4()
    .makeRotationZ(turn(z))
    .multiply(new Matrix4().makeRotationY(turn(y)))
    .multiply(new Matrix4().makeRotationX(turn(x)));
}

describe('eulerXyz', () => {
  it('gives angles that turn the same way, at quarter turns too', () => {
    const steps = [-170, -90, -33, 0, 20, 90, 135];
    for (const x of steps) {
      for (const y of [-90, -60, 0, 45, 90]) {
        for (const z of steps) {
          const wanted = matrixOf([x, y, z]);
          const q = new Quaternion().setFromRotationMatrix(wanted);
          const got: [number, number, number] = [0, 0, 0];
          eulerXyz([q.w, q.x, q.y, q.z], 0, got);
          matrixOf(got).elements.forEach((v, i) => expect(v).toBeCloseTo(wanted.elements[i], 4));
        }
      }
    }
  });
});

describe('jointTitle', () => {
  it.each([
    ['left_wrist', 'Left wrist'],
    ['mixamorig:LeftHand', 'Left hand'],
    ['spine1', 'Spine 1'],
    ['L_Hand', 'L hand'],
    ['pelvis', 'Pelvis'],
  ])('%s is %s', (joint, title) => expect(jointTitle(joint)).toBe(title));
});

describe('Readout', () => {
  it('shows the numbers with their units, and no negative zero', () => {
    const card = new Readout();
    card.choose('left_wrist', 'Ada');
    card.show({
      x: -0.0001,
      y: 1.23456,
      z: 2,
      speed: 0.987,
      height: 1.23456,
      rotation: [10, -20.04, 0],
    });
    const rows = [...card.element.querySelectorAll('.row')].map((row) =>
      [...row.querySelectorAll('span:not(.numbers)')].map((e) => e.textContent),
    );
    expect(card.element.hidden).toBe(false);
    expect(rows).toEqual([
      ['Position', '0.000', '1.235', '2.000', 'm'],
      ['Rotation', '10.0', '-20.0', '0.0', '°'],
      ['Height', '1.235', 'm'],
      ['Speed', '0.99', 'm/s'],
    ]);
    card.choose(null, '');
    expect(card.element.hidden).toBe(true);
  });
});
