/**
 * The viewer alone, to be judged by eye. The query chooses what it shows:
 * `?scene=empty|walk|crowd|missing`, `&theme=light`, `&bones`, `&follow[=0]`, `&play`, `&frame=40`,
 * `&plain` for figures made from joints alone, `&motion=URL` for another motion.
 */

import { mountViewer, type CharacterSpec, type SceneSpec } from '../src/index';
import { encodeMotion } from './encode';
import { STROLL, walk, type WalkStyle } from './walk';

const query = new URLSearchParams(location.search);
if (query.get('theme') === 'light') document.documentElement.dataset['msTheme'] = 'light';

const viewer = mountViewer(document.getElementById('viewer')!, {
  ...(query.has('plain') ? { figureUrl: null } : {}),
  bones: query.has('bones'),
  ...(query.has('follow') ? { follow: query.get('follow') !== '0' } : {}),
});
Object.assign(window, { viewer });

function fixture(style: Partial<WalkStyle> = {}): string {
  return URL.createObjectURL(new Blob([encodeMotion(walk({ ...STROLL, ...style }))]));
}

const WALKER: CharacterSpec = {
  id: 'walker',
  name: 'Stroll',
  url: query.get('motion') ?? fixture(),
};
const SCENES: Record<string, SceneSpec> = {
  empty: { characters: [] },
  walk: { characters: [WALKER] },
  missing: { characters: [{ ...WALKER, url: '/media/none' }] },
  crowd: {
    characters: [
      WALKER,
      {
        id: 'second',
        name: 'Brisk',
        url: fixture({ start: [1.4, 0, -0.6], cadence: 1.05, swing: 31 }),
      },
      { id: 'third', name: 'Turning', url: fixture({ start: [-1.5, 0, 0.4], turn: -22 }) },
    ],
    range: [20, 100],
  },
};

await viewer.setScene(SCENES[query.get('scene') ?? 'walk']);
viewer.seek(Number(query.get('frame') ?? 0));
if (query.has('play')) viewer.play();
