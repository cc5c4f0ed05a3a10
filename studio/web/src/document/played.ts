/** Played media: a motion as a clip plays it, at the project's rate (docs/adr/0010). */

import { contactsOf, type Motion } from '../motion';
import type { Playing } from './layout';
import { sampleRotations, sampleVector, WHOLE } from './sampling';
import { FOOT_CHAINS, JOINTS, PARENTS, REST_OFFSETS, WIDTH } from './skeleton';

/** Frames of a media as a clip plays them; a value. */
export interface Played {
  /** No other has the same. */
  readonly id: number;
  readonly motion: Motion;
  /** `[T]` bits as in {@link Motion.feet}; none where it is kept in place. */
  readonly feet: Uint8Array;
}

/** `[T * 3]` metres and `[T * 88]` wxyz. */
interface Tracks {
  readonly root: Float32Array;
  readonly rotations: Float32Array;
}

export interface Frames extends Tracks {
  readonly feet: Uint8Array;
}

let made = 0;

/** The frames of `media`, which is mirrored already, at `fps`: sampled, turned round, in place. */
export function play(media: Motion, how: Playing, fps: number): Played {
  const rate = how.speed * media.fps;
  const count = Math.floor(((media.frames - 1) * fps) / rate + WHOLE) + 1;
  const feet = media.feet ?? new Uint8Array(media.frames);
  const whole = { root: media.rootPositions, rotations: media.rotations, feet };
  let frames = rate === fps ? whole : sampled(media, feet, rate, fps, count);
  if (how.reverse) frames = reversed(frames, count);
  if (how.in_place) frames = inPlace(frames, count);
  return { id: made++, motion: bodyMotion(fps, count, frames, frames.feet), feet: frames.feet };
}

/** `count` frames at rest over the origin. */
export function restFrames(count: number): Tracks {
  const [root, rotations] = [new Float32Array(count * 3), new Float32Array(count * WIDTH)];
  for (let f = 0; f < count; f++) root[f * 3 + 1] = REST_OFFSETS[1];
  for (let i = 0; i < rotations.length; i += 4) rotations[i] = 1;
  return { root, rotations };
}

/** Motion of the canonical body. */
export function bodyMotion(
  fps: number,
  frames: number,
  { root, rotations }: Tracks,
  feet: Uint8Array | null,
): Motion {
  return {
    fps,
    frames,
    joints: JOINTS,
    parents: PARENTS,
    restOffsets: REST_OFFSETS,
    rootPositions: root,
    rotations,
    contacts: feet && contactsOf(feet),
    feet,
  };
}

function sampled(
  media: Motion,
  standing: Uint8Array,
  rate: number,
  fps: number,
  count: number,
): Frames {
  const { rootPositions: from, rotations: turns, frames } = media;
  const root = new Float32Array(count * 3);
  const rotations = new Float32Array(count * WIDTH);
  const feet = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const exact = Math.min((i * rate) / fps, frames - 1);
    const nearest = Math.floor(exact + 0.5);
    feet[i] = standing[nearest];
    if (Math.abs(exact - nearest) < WHOLE) {
      root.set(from.subarray(nearest * 3, nearest * 3 + 3), i * 3);
      rotations.set(turns.subarray(nearest * WIDTH, (nearest + 1) * WIDTH), i * WIDTH);
    } else {
      sampleVector(from, frames, exact, root, i * 3);
      sampleRotations(turns, WIDTH, frames, exact, rotations, i * WIDTH);
    }
  }
  return { root, rotations, feet };
}

function reversed(from: Frames, count: number): Frames {
  const root = new Float32Array(count * 3);
  const rotations = new Float32Array(count * WIDTH);
  for (let f = 0; f < count; f++) {
    const source = count - 1 - f;
    root.set(from.root.subarray(source * 3, source * 3 + 3), f * 3);
    rotations.set(from.rotations.subarray(source * WIDTH, (source + 1) * WIDTH), f * WIDTH);
  }
  return { root, rotations, feet: from.feet.slice(0, count).reverse() };
}

/** The root stays over where it starts, and no foot stands. */
function inPlace(from: Frames, count: number): Frames {
  const root = from.root.slice();
  for (let f = 1; f < count; f++) {
    root[f * 3] = root[0];
    root[f * 3 + 2] = root[2];
  }
  return { root, rotations: from.rotations, feet: new Uint8Array(count) };
}

/** Where foot joint `bit` of `FEET` is at `frame`: metres over the ground `[x, z]`, into `out`. */
export function footPoint(played: Played, frame: number, bit: number, out: Float64Array): void {
  const { rotations: q, rootPositions: root } = played.motion;
  const chain = FOOT_CHAINS[bit];
  // From the foot up: each joint's point in its parent's frame, turned as the parent is.
  let [x, y, z] = [0, 0, 0];
  for (let link = chain.length - 1; link >= 0; link--) {
    const joint = chain[link];
    x += REST_OFFSETS[joint * 3];
    y += REST_OFFSETS[joint * 3 + 1];
    z += REST_OFFSETS[joint * 3 + 2];
    const i = frame * WIDTH + PARENTS[joint] * 4;
    const [w, a, b, c] = [q[i], q[i + 1], q[i + 2], q[i + 3]];
    const tx = 2 * (b * z - c * y);
    const ty = 2 * (c * x - a * z);
    const tz = 2 * (a * y - b * x);
    [x, y, z] = [
      x + w * tx + b * tz - c * ty,
      y + w * ty + c * tx - a * tz,
      z + w * tz + a * ty - b * tx,
    ];
  }
  out[0] = root[frame * 3] + x;
  out[1] = root[frame * 3 + 2] + z;
}
