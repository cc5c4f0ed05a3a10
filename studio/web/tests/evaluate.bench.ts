/** How long a move of a drag takes. `npm run bench`. */

import { bench, describe } from 'vitest';

import { Evaluator } from '../src/document/evaluate';
import type { Clip, Media, Project } from '../src/document/types';
import { ANN, BOB, changed, clip, project, source, track } from './document/projects';

/** Half of it as the models make motion, half at the project's rate. */
const MEDIA: Media[] = Array.from({ length: 24 }, (_, i) => ({
  id: `m${i}`,
  frames: i % 2 ? 130 : 200,
  fps: i % 2 ? 20 : 30,
}));

/** A row of `count` clips of `length` frames each, with handles at both ends. */
function rowOf(count: number, length: number, prefix: string): Clip[] {
  return Array.from({ length: count }, (_, i) =>
    clip(`${prefix}${i}`, MEDIA[i % MEDIA.length], i * length, {
      source: { start: 20, stop: 20 + length },
    }),
  );
}

const media = source(...MEDIA);

function drag(before: Project, target: string, change: (step: number) => Partial<Clip>): void {
  const evaluator = new Evaluator(media);
  const evaluate = (now: Project): void => {
    for (const { id } of now.characters) if (!evaluator.motion(now, id)) throw new Error(id);
  };
  evaluate(before);
  let step = 0;
  bench(`${target} of ${before.name}`, () => {
    step++;
    evaluate(changed(before, target, change(step)));
  });
}

const short = project(
  [track('a', rowOf(8, 112, 'a')), track('b', rowOf(8, 112, 'b'), { character: BOB.id })],
  { name: '30 s, 2 characters', characters: [ANN, BOB] },
);
const long = project([track('a', rowOf(300, 60, 'a'))], { name: '10 min, 300 clips' });

describe('slip', () => {
  const slipped = (step: number, length: number): Partial<Clip> => ({
    source: { start: step % 20, stop: (step % 20) + length },
  });
  drag(short, 'a1', (step) => slipped(step, 112));
  drag(long, 'a1', (step) => slipped(step, 60));
});

describe('turn', () => {
  const turned = (step: number): Partial<Clip> => ({
    placement: { x: 0, z: 0, turn: step * 1e-3, pinned: false },
  });
  drag(short, 'a1', turned);
  drag(long, 'a1', turned);
  drag(long, 'a290', turned);
});

describe('retime', () => {
  const retimed = (step: number): Partial<Clip> => ({ speed: 1 + (step % 1000) * 1e-4 });
  drag(short, 'a1', retimed);
  drag(long, 'a1', retimed);
});

describe('opened', () => {
  for (const opened of [short, long]) {
    bench(opened.name, () => {
      const evaluator = new Evaluator(media);
      for (const { id } of opened.characters) evaluator.motion(opened, id);
    });
  }
});
