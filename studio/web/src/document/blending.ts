/**
 * The first poses of a piece, on their way from what plays before it (docs/adr/0010, Joins).
 * As `studio/document/blending.py`.
 */

import { slerpAt } from '../motion';
import type { Place } from './ground';
import { createPoses, lead, type Poses } from './inertialize';
import type { Played } from './played';
import { multiply, multiplyConjugate, normalize } from './quaternions';
import { WIDTH } from './skeleton';
import type { Blend } from './types';

/** What plays before a piece: up to frame `last`, where it stands still if `held`. */
export interface Leaving {
  readonly played: Played;
  readonly last: number;
  readonly held: boolean;
}

/**
 * `blend.frames` poses of `after` from frame `first` on, in its played coordinates. `between` is
 * the place of what plays before in these; `blend` is an inertialization or a cross-fade.
 */
export function blended(
  before: Leaving,
  between: Place,
  after: Played,
  first: number,
  blend: Blend,
): Poses {
  const poses = createPoses(blend.frames);
  for (let i = 0; i < blend.frames; i++) copy(after, first + i, poses, i);
  if (blend.kind === 'crossfade') mix(before, between, poses, blend);
  else lead(placed(goingOn(before), between), coming(after, first), poses);
  return poses;
}

function copy({ motion }: Played, frame: number, out: Poses, row: number): void {
  out.root.set(motion.rootPositions.subarray(frame * 3, frame * 3 + 3), row * 3);
  out.rotations.set(motion.rotations.subarray(frame * WIDTH, (frame + 1) * WIDTH), row * WIDTH);
}

const yaw = new Float64Array(4);

/** `poses`, changed to stand where `place` takes them. */
function placed(poses: Poses, { turn, x, z }: Place): Poses {
  const { root, rotations } = poses;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  yaw.set([Math.cos(turn / 2), 0, Math.sin(turn / 2), 0]);
  for (let i = 0; i < root.length / 3; i++) {
    const [px, pz] = [root[i * 3], root[i * 3 + 2]];
    root[i * 3] = x + c * px + s * pz;
    root[i * 3 + 2] = z - s * px + c * pz;
    multiply(yaw, 0, rotations, i * WIDTH, rotations, i * WIDTH);
  }
  return poses;
}

/** Cross-fades `poses`, changing them, from what the media before would go on to play. */
function mix({ played, last, held }: Leaving, between: Place, poses: Poses, blend: Blend): void {
  const n = blend.frames;
  const old = createPoses(n);
  const end = played.motion.frames - 1;
  for (let i = 0; i < n; i++) copy(played, held ? last : Math.min(last + 1 + i, end), old, i);
  placed(old, between);
  const pair = new Float64Array(8);
  for (let i = 0; i < n; i++) {
    const t = (i + 1) / (n + 1);
    const weight = blend.curve === 'linear' ? t : t * t * (3 - 2 * t);
    for (let k = i * 3; k < i * 3 + 3; k++) {
      poses.root[k] = (1 - weight) * old.root[k] + weight * poses.root[k];
    }
    for (let k = i * WIDTH; k < (i + 1) * WIDTH; k += 4) {
      pair.set(old.rotations.subarray(k, k + 4));
      pair.set(poses.rotations.subarray(k, k + 4), 4);
      slerpAt(pair, 0, 4, weight, poses.rotations, k);
    }
  }
}

/** The last pose before the join, and the one at it. */
function goingOn({ played, last, held }: Leaving): Poses {
  const out = createPoses(2);
  copy(played, last, out, 0);
  const next = !held && last + 1 < played.motion.frames;
  copy(played, next ? last + 1 : last, out, 1);
  if (!held && !next) carry(played, Math.max(last - 1, 0), last, out, 1);
  return out;
}

/** The pose one frame before the join, and the first after it. */
function coming(after: Played, first: number): Poses {
  const out = createPoses(2);
  copy(after, first, out, 1);
  if (first >= 1) copy(after, first - 1, out, 0);
  else carry(after, Math.min(1, after.motion.frames - 1), 0, out, 0);
  return out;
}

const step = new Float64Array(4);

/** Into `row`: the pose that repeats the step from frame `a` to frame `b`. */
function carry({ motion }: Played, a: number, b: number, out: Poses, row: number): void {
  const { rootPositions: root, rotations: q } = motion;
  for (let k = 0; k < 3; k++) {
    out.root[row * 3 + k] = 2 * root[b * 3 + k] - root[a * 3 + k];
  }
  for (let j = 0; j < WIDTH; j += 4) {
    const [i, o] = [b * WIDTH + j, row * WIDTH + j];
    multiplyConjugate(q, i, q, a * WIDTH + j, step, 0);
    multiply(step, 0, q, i, out.rotations, o);
    normalize(out.rotations, o);
  }
}
