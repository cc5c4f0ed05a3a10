import { describe, expect, it } from 'vitest';

import { findRole, roleOf, rolesOf } from '../src/roles';

describe('roleOf', () => {
  it.each([
    ['left_hip', 'left', 'hip'],
    ['mixamorig:LeftUpLeg', 'left', 'hip'],
    ['mixamorig:RightLeg', 'right', 'knee'],
    ['UpperLeg_L', 'left', 'hip'],
    ['lowerarm.r', 'right', 'elbow'],
    ['l_foot', 'left', 'ankle'],
    ['RightHand', 'right', 'wrist'],
    ['Hips', '', 'pelvis'],
    ['Spine2', '', 'spine'],
    ['thumb_01_l', 'left', ''],
    ['collar', '', 'collar'],
  ])('%s', (name, side, part) => expect(roleOf(name)).toEqual({ side, part }));
});

describe('rolesOf', () => {
  it("reads SMPL's shoulder and foot as the arm and the toes they are", () => {
    const joints = ['pelvis', 'left_collar', 'left_shoulder', 'left_ankle', 'left_foot'];
    expect(rolesOf(joints).map((r) => r.part)).toEqual([
      'pelvis',
      'collar',
      'shoulder',
      'ankle',
      'toe',
    ]);
  });

  it('reads the shoulder of rigs with an upper arm as a collar', () => {
    const roles = rolesOf(['Hips', 'Shoulder_L', 'UpperArm_L', 'Foot_L', 'Toes_L']);
    expect(roles.map((r) => r.part)).toEqual(['pelvis', 'collar', 'shoulder', 'ankle', 'toe']);
    expect(findRole(roles, 'shoulder', 'left')).toBe(2);
    expect(findRole(roles, 'shoulder', 'right')).toBe(-1);
  });
});
