import { describe, expect, it } from 'vitest';
import { Matrix4, Quaternion, Vector3 } from 'three';

import { encodeMotion } from '../dev/encode';
import { walk } from '../dev/walk';
import { createWorldPose, forwardKinematics } from '../src/kinematics';
import { createPose, parseMotion, samplePose } from '../src/motion';

describe('forwardKinematics', () => {
  it('agrees with products of matrices', () => {
    const motion = parseMotion(encodeMotion(walk()));
    const pose = samplePose(motion, 17.3, createPose(motion));
    const world = forwardKinematics(motion, pose, createWorldPose(motion));
    const matrices: Matrix4[] = [];
    motion.parents.forEach((parent, j) => {
      const [w, x, y, z] = pose.rotations.subarray(j * 4, j * 4 + 4);
      const at =
        parent < 0 ? new Vector3(...pose.root) : new Vector3().fromArray(motion.restOffsets, j * 3);
      const local = new Matrix4().compose(at, new Quaternion(x, y, z, w), new Vector3(1, 1, 1));
      matrices[j] = parent < 0 ? local : matrices[parent].clone().multiply(local);
      const position = new Vector3().setFromMatrixPosition(matrices[j]);
      position.toArray().forEach((v, k) => expect(world.positions[j * 3 + k]).toBeCloseTo(v, 5));
      const [qw, qx, qy, qz] = world.rotations.subarray(j * 4, j * 4 + 4);
      const turned = new Quaternion().setFromRotationMatrix(matrices[j]);
      expect(Math.abs(turned.dot(new Quaternion(qx, qy, qz, qw)))).toBeCloseTo(1, 5);
    });
  });
});
