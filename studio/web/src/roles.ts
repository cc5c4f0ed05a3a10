/** What a joint is, whatever its rig calls it; the names are those of SMPL's body. */

export type Side = 'left' | 'right' | '';

export interface Role {
  readonly side: Side;
  /** `hip`, `knee`, `spine` ...; empty where the name says nothing known. */
  readonly part: string;
}

const PARTS: ReadonlyArray<readonly [part: string, names: readonly string[]]> = [
  ['pelvis', ['pelvis', 'hips', 'root']],
  ['hip', ['hip', 'thigh', 'upleg', 'upperleg']],
  ['knee', ['knee', 'leg', 'lowerleg', 'shin', 'calf']],
  ['ankle', ['ankle', 'foot']],
  ['toe', ['toe', 'toes', 'toebase', 'ball']],
  ['spine', ['spine', 'spine0', 'spine1', 'spine2', 'spine3', 'chest', 'upperchest', 'torso']],
  ['neck', ['neck', 'neck1']],
  ['head', ['head']],
  ['collar', ['collar', 'clavicle', 'shoulder']],
  ['shoulder', ['arm', 'upperarm', 'uparm']],
  ['elbow', ['elbow', 'forearm', 'lowerarm']],
  ['wrist', ['wrist', 'hand']],
];
const PART_BY_NAME = new Map(PARTS.flatMap(([part, names]) => names.map((n) => [n, part])));

const SIDE_WORD = /left|right/i;
const SIDE_MARK = /(?:^|[_.])([lr])(?=[_.]|$)/i;

export function roleOf(joint: string): Role {
  const name = joint.replace(/^.*:/, '');
  const word = SIDE_WORD.exec(name) ?? SIDE_MARK.exec(name);
  const sign = word ? (word[1] ?? word[0])[0].toLowerCase() : '';
  const bare = (word ? name.replace(word[0], '') : name).replace(/[^a-z0-9]/gi, '').toLowerCase();
  return {
    side: sign === 'l' ? 'left' : sign === 'r' ? 'right' : '',
    part: PART_BY_NAME.get(bare) ?? '',
  };
}

/** Every joint's role. SMPL's own words for shoulder and foot differ from the other rigs'. */
export function rolesOf(joints: readonly string[]): Role[] {
  const roles = joints.map(roleOf);
  const has = (part: string): boolean => roles.some((r) => r.part === part);
  const bySmpl = joints.some((name) => /collar|clavicle/i.test(name)) && !has('shoulder');
  const smplFoot = joints.some((name) => /ankle/i.test(name));
  return roles.map((role, i) => {
    if (bySmpl && /shoulder/i.test(joints[i])) return { ...role, part: 'shoulder' };
    if (smplFoot && /foot/i.test(joints[i])) return { ...role, part: 'toe' };
    return role;
  });
}

/** Index of the joint with this part and side, or -1. */
export function findRole(roles: readonly Role[], part: string, side: Side): number {
  return roles.findIndex((role) => role.part === part && role.side === side);
}

/** Radius of the flesh around a joint, metres on a 1.7 m adult. */
const FLESH: Readonly<Record<string, number>> = {
  pelvis: 0.125,
  hip: 0.085,
  knee: 0.056,
  ankle: 0.042,
  toe: 0.034,
  spine: 0.125,
  neck: 0.055,
  head: 0.095,
  collar: 0.07,
  shoulder: 0.052,
  elbow: 0.041,
  wrist: 0.032,
};

export function fleshRadius(role: Role): number {
  return FLESH[role.part] ?? 0.03;
}
