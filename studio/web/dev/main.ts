/**
 * The viewer alone, to be judged by eye. The query chooses what it shows:
 * `?scene=empty|walk|crowd|missing|duet|compare`, `&theme=light`, `&play`, `&frame=40`,
 * `&plain` for figures made from joints alone, `&motion=URL` and `&second=URL` for other motions.
 * View options by name: `&bones`, `&trails`, `&onion=0`, `&follow=0` ...
 */

import {
  mountViewer,
  sideBySide,
  type CharacterSpec,
  type PerformanceSpec,
  type SceneSpec,
  type ViewerOptions,
} from '../src/index';
import { parseMotion, type Motion } from '../src/motion';
import { encodeMotion } from './encode';
import { STROLL, walk, type WalkStyle } from './walk';

const SWITCHES = ['bones', 'body', 'grid', 'tags', 'ghosts', 'trails', 'onion', 'path', 'follow'];

const query = new URLSearchParams(location.search);
if (query.get('theme') === 'light') document.documentElement.dataset['msTheme'] = 'light';

const switches = SWITCHES.filter((name) => query.has(name)).map((name) => [
  name,
  query.get(name) !== '0',
]);
const viewer = mountViewer(document.getElementById('viewer')!, {
  ...(query.has('plain') ? { figureUrl: null } : {}),
  ...(query.has('scrubber') ? { scrubber: query.get('scrubber') !== '0' } : {}),
  remember: query.has('remember'),
  ...(Object.fromEntries(switches) as Partial<ViewerOptions>),
});
Object.assign(window, { viewer });

function walking(style: Partial<WalkStyle> = {}): ArrayBuffer {
  return encodeMotion(walk({ ...STROLL, ...style }));
}

function fixture(style: Partial<WalkStyle> = {}): string {
  return URL.createObjectURL(new Blob([walking(style)]));
}

/** The motion that the query names, moved by (x, z) metres; a walk where it names none. */
async function motionAt(name: string, style: Partial<WalkStyle>, x = 0, z = 0): Promise<Motion> {
  const url = query.get(name);
  if (!url) return parseMotion(walking(style));
  const motion = parseMotion(await (await fetch(url)).arrayBuffer());
  for (let f = 0; f < motion.frames; f++) {
    motion.rootPositions[f * 3] += x;
    motion.rootPositions[f * 3 + 2] += z;
  }
  return motion;
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

/** Two characters, and a take of the first that turns off its way half-way. */
async function duet(): Promise<PerformanceSpec> {
  const [ada, ben] = await Promise.all([
    motionAt('motion', { start: [-0.7, 0, 0], turn: 6 }),
    motionAt('second', { start: [0.9, 0, 3.6], heading: Math.PI, cadence: 1, swing: 30 }, 1.2, 0.5),
  ]);
  const turned = { start: [-0.7, 0, 0], turn: -16, swing: 29 } as const;
  const take = await motionAt('take', turned, -0.25, 0.1);
  return {
    fps: 30,
    frames: 120,
    characters: [
      { id: 'ada', name: 'Ada', color: '#5b9dd9', motion: ada },
      { id: 'ben', name: 'Ben', color: '#d98b5b', motion: ben },
    ],
    ghosts: query.has('ghost') ? [{ id: 'take', name: 'Take 2', motion: take, start: 0 }] : [],
  };
}

/** One character between the takes that might replace its motion. */
async function compare(): Promise<PerformanceSpec> {
  const motion = await motionAt('motion', { cadence: 0.95 });
  const takes = [
    parseMotion(walking({ swing: 20, cadence: 0.8 })),
    parseMotion(walking({ swing: 30, cadence: 1.1 })),
    parseMotion(walking({ turn: 14 })),
  ];
  const offsets = sideBySide([motion, ...takes]);
  return {
    fps: 30,
    frames: 120,
    characters: [{ id: 'ada', name: 'Ada', color: '#5b9dd9', motion }],
    ghosts: takes.map((take, i) => ({
      id: `take-${i + 1}`,
      name: `Take ${i + 1}`,
      motion: take,
      start: 0,
      offset: offsets[i + 1],
    })),
  };
}

const scene = query.get('scene') ?? 'walk';
const performed = { duet, compare }[scene];
if (performed) {
  const spec = await performed();
  viewer.setPerformance(spec);
  Object.assign(window, { performanceSpec: spec });
} else await viewer.setScene(SCENES[scene]);
viewer.seek(Number(query.get('frame') ?? 0));
if (query.has('play')) viewer.play();
Object.assign(window, { ready: true });
