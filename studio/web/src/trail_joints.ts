/** Which joints leave trails. */

import { rolesOf, type Role } from './roles';

/** Joints that are chosen together, in the order in which they are offered. */
export const TRAIL_PARTS = ['head', 'hands', 'elbows', 'hips', 'knees', 'feet'] as const;
export type TrailPart = (typeof TRAIL_PARTS)[number];

/** The roles of each part; a rig that has none of the first is asked for the next. */
const ROLES: Readonly<Record<TrailPart, readonly string[]>> = {
  head: ['head', 'neck'],
  hands: ['wrist'],
  elbows: ['elbow'],
  hips: ['pelvis'],
  knees: ['knee'],
  feet: ['ankle', 'toe'],
};

/** Indices of the joints of `parts`, each once, in the skeleton's order. */
export function trailJoints(joints: readonly string[], parts: readonly TrailPart[]): number[] {
  const roles = rolesOf(joints);
  const chosen = new Set(parts.flatMap((part) => jointsOf(roles, part)));
  return [...chosen].sort((a, b) => a - b);
}

function jointsOf(roles: readonly Role[], part: TrailPart): number[] {
  for (const wanted of ROLES[part]) {
    const found = roles.flatMap((role, i) => (role.part === wanted ? [i] : []));
    // A chain that repeats a part (`hips` above `pelvis`) moves as one: its first joint stands for it.
    if (found.length > 0) return firstOfEachSide(roles, found);
  }
  return part === 'hips' && roles.length > 0 ? [0] : [];
}

function firstOfEachSide(roles: readonly Role[], found: readonly number[]): number[] {
  return found.filter((i) => found.find((k) => roles[k].side === roles[i].side) === i);
}
