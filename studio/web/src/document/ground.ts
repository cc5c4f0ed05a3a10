/**
 * Where a piece stands: places on the ground, and how one piece follows on from another.
 * As `studio/document/ground.py`.
 */

import { footPoint, type Played } from './played';
import { dot } from './quaternions';
import { WIDTH } from './skeleton';
import type { Placement } from './types';

/** How much closer the frame after has to be than the frame before, in sums of `1 - |dot|`. */
const CLOSER = 1e-5;

/** Metres on the ground. */
interface Point {
  readonly x: number;
  readonly z: number;
}

/** `world = yaw(turn) played + (x, 0, z)`: radians and metres. */
export interface Place extends Point {
  readonly turn: number;
}

export function samePlace(a: Place, b: Place): boolean {
  return a.turn === b.turn && a.x === b.x && a.z === b.z;
}

/** Where a place takes a point. */
function moved({ turn, x, z }: Place, p: Point): Point {
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return { x: x + c * p.x + s * p.z, z: z - s * p.x + c * p.z };
}

/** First `inner`, then `outer`. */
export function compose(outer: Place, inner: Place): Place {
  return { turn: outer.turn + inner.turn, ...moved(outer, inner) };
}

export function inverse({ turn, x, z }: Place): Place {
  return { turn: -turn, ...moved({ turn: -turn, x: 0, z: 0 }, { x: -x, z: -z }) };
}

/** Yaw of the pelvis, radians: the twist of its rotation about +Y. */
function heading({ motion }: Played, frame: number): number {
  const i = frame * WIDTH;
  const angle = 2 * Math.atan2(motion.rotations[i + 2], motion.rotations[i]);
  const turns = Math.floor((angle + Math.PI) / (2 * Math.PI));
  return angle - 2 * Math.PI * turns;
}

function rootPoint({ motion }: Played, frame: number): Point {
  return { x: motion.rootPositions[frame * 3], z: motion.rootPositions[frame * 3 + 2] };
}

/** The place in which `frame` has its root over `at` and heads the same way. */
export function standing(played: Played, frame: number, at: Placement): Place {
  return meeting(heading(played, frame), rootPoint(played, frame), at.turn, at);
}

/** The placement that pins `frame` to where it stands at `place`: `standing` gives `place` again. */
export function pinning(played: Played, frame: number, place: Place): Placement {
  const facing = heading(played, frame) + place.turn;
  const turn = facing - 2 * Math.PI * Math.floor((facing + Math.PI) / (2 * Math.PI));
  return { ...moved(place, rootPoint(played, frame)), turn, pinned: true };
}

/** In played coordinates: moved `by` in the heading of `frame`, turned about its root. */
export function offset(played: Played, frame: number, by: Placement): Place {
  const [turn, over] = [heading(played, frame), rootPoint(played, frame)];
  return meeting(turn, over, turn + by.turn, moved({ turn, ...over }, by));
}

/**
 * How `after` from frame `first` on follows on from `before`, which ended at `last`: the place of
 * `after` in the coordinates of `before`.
 */
export function following(
  before: Played,
  last: number,
  held: boolean,
  after: Played,
  first: number,
): Place {
  const earlier = first >= 1;
  const later = !held && last + 1 < before.motion.frames;
  if (!earlier && !later)
    return met(before, last, after, first, held ? last : Math.max(last - 1, 0));
  const useLater =
    later &&
    (!earlier ||
      apart(before, last + 1, after, first) < apart(before, last, after, first - 1) - CLOSER);
  return useLater
    ? met(before, last + 1, after, first, last + 1)
    : met(before, last, after, first - 1, last);
}

/** Frame `a` put where frame `b` is, moved on by the step from `previous` to `b`. */
function met(before: Played, b: number, after: Played, a: number, previous: number): Place {
  const both = before.feet[b] & after.feet[a];
  const [now, then] = [standpoint(before, b, both), standpoint(before, previous, both)];
  const goal = { x: 2 * now.x - then.x, z: 2 * now.z - then.z };
  return meeting(heading(after, a), standpoint(after, a, both), heading(before, b), goal);
}

const foot = new Float64Array(2);

/** The mean of the planted joints, whose bits are set; the root where none is. */
function standpoint(played: Played, frame: number, bits: number): Point {
  if (bits === 0) return rootPoint(played, frame);
  let [x, z, count] = [0, 0, 0];
  for (let bit = 0; bit < 4; bit++) {
    if ((bits & (1 << bit)) === 0) continue;
    footPoint(played, frame, bit, foot);
    x += foot[0];
    z += foot[1];
    count++;
  }
  return { x: x / count, z: z / count };
}

/** The place that takes the point `over` to `goal` and one heading to the other. */
function meeting(facing: number, over: Point, goalFacing: number, goal: Point): Place {
  const turn = goalFacing - facing;
  const at = moved({ turn, x: 0, z: 0 }, over);
  return { turn, x: goal.x - at.x, z: goal.z - at.z };
}

/** How unlike two poses are, the root left out. */
function apart(before: Played, b: number, after: Played, a: number): number {
  let sum = 0;
  for (let j = 4; j < WIDTH; j += 4) {
    const i = b * WIDTH + j;
    sum += 1 - Math.abs(dot(before.motion.rotations, i, after.motion.rotations, a * WIDTH + j));
  }
  return sum;
}
