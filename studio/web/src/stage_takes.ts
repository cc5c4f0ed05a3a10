/** Takes side by side on the stage, in the place of the timeline's performance. */

import type { CharacterSpec, PerformanceSpec } from './api';
import { sideBySide } from './compare';
import type { Load } from './document/media';
import type { Motion } from './motion';

/** Loads the takes and lays them out. Throws an Error whose message is a sentence for the user. */
export async function takesBeside(
  takes: readonly CharacterSpec[],
  load: Load,
): Promise<PerformanceSpec> {
  const motions = await Promise.all(takes.map(({ url, name }) => load(url, name)));
  const offsets = sideBySide(motions);
  const fps = Math.max(...motions.map((motion) => motion.fps));
  return {
    fps,
    frames: Math.max(...motions.map((m) => Math.ceil((m.frames * fps) / m.fps - 1e-6))),
    characters: takes.map(({ url: _, ...take }, i) => ({
      ...take,
      motion: shifted(motions[i], offsets[i]),
    })),
  };
}

function shifted(motion: Motion, [x, z]: readonly [number, number]): Motion {
  if (x === 0 && z === 0) return motion;
  const rootPositions = motion.rootPositions.slice();
  for (let i = 0; i < rootPositions.length; i += 3) {
    rootPositions[i] += x;
    rootPositions[i + 2] += z;
  }
  return { ...motion, rootPositions };
}
