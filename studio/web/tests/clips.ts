/** Motions that several tests of the viewer share. */

import { encodeMotion, type Frames } from '../dev/encode';
import { STROLL, walk, type WalkStyle } from '../dev/walk';
import { parseMotion, type Motion } from '../src/motion';

export function stroll(style: Partial<WalkStyle> = {}): Motion {
  return parseMotion(encodeMotion(walk({ ...STROLL, ...style })));
}

/** A single joint that moves evenly, `perFrame` metres a frame, at a height of one metre. */
export function glide(frames: number, perFrame: readonly [x: number, z: number], fps = 20): Motion {
  const clip: Frames = {
    fps,
    joints: ['thing'],
    parents: [-1],
    restOffsets: [[0, 0, 0]],
    rootPositions: Array.from({ length: frames }, (_, f) => [f * perFrame[0], 1, f * perFrame[1]]),
    rotations: Array.from({ length: frames }, () => [[1, 0, 0, 0]]),
  };
  return parseMotion(encodeMotion(clip));
}
