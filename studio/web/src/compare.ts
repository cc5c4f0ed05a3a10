/** Takes laid out side by side, so that they can be looked at together. */

import { heading, poseBounds } from './action';
import { createWorldPose, forwardKinematics } from './kinematics';

import { createPose, samplePose, type Motion } from './motion';

/** Metres between the spaces that two neighbours take. */
const GAP = 0.35;
const MOST_POSES = 120;

/**
 * Offsets (x, z) in metres, one a motion, that lay `motions` out in a row without any of them
 * meeting. The first stays where it is (zero offset); the row runs across the way it faces, towards
 * its left: a camera before it sees the row in reading order.
 */
export function sideBySide(motions: readonly Motion[]): Array<readonly [x: number, z: number]> {
  if (motions.length === 0) return [];
  const facing = heading(motions[0], 0);
  const left = [Math.cos(facing), -Math.sin(facing)] as const;
  let edge = 0;
  return motions.map((motion, i) => {
    const { low, high } = extent(motion, left);
    const shift = i === 0 ? 0 : edge + GAP - low;
    edge = shift + high;
    return [left[0] * shift, left[1] * shift] as const;
  });
}

/** Where a motion's space begins and ends along a direction on the ground. */
function extent(
  motion: Motion,
  [dx, dz]: readonly [number, number],
): { low: number; high: number } {
  const pose = createPose(motion);
  const world = createWorldPose(motion);
  const step = Math.max(1, Math.ceil(motion.frames / MOST_POSES));
  let [low, high] = [Infinity, -Infinity];
  for (let frame = 0; frame < motion.frames; frame += step) {
    forwardKinematics(motion, samplePose(motion, frame, pose), world);
    const { min, max } = poseBounds(world.positions);
    for (const x of [min[0], max[0]]) {
      for (const z of [min[2], max[2]]) {
        low = Math.min(low, x * dx + z * dz);
        high = Math.max(high, x * dx + z * dz);
      }
    }
  }
  return { low, high };
}
