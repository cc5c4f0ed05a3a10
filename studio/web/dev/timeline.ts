/**
 * The timeline alone, with a document of its own, to be judged by eye and measured. The query
 * chooses: `?project=scene|empty|many`, `&count=300`, `&theme=light`, `&pending`, `&ghost`,
 * `&readonly`, `&frame=40`.
 */

import type { EditCommand, Project } from '../src/document/types';
import type { ClipMotion, TimelineHost, TimelineView } from '../src/timeline/api';
import { ClipIndex, extent } from '../src/timeline/clips';
import { apply } from '../src/timeline/edits/apply';
import { mountTimeline } from '../src/timeline/index';
import type { Motion } from '../src/motion';
import { fixtureMotion } from './timeline-motions';
import { clip, joinsOf, LENGTHS, many, PENDING, project, scene, track } from './timeline-projects';

const query = new URLSearchParams(location.search);
if (query.get('theme') === 'light') document.documentElement.dataset['msTheme'] = 'light';

const PROJECTS: Record<string, () => Project> = {
  scene,
  empty: () => project([track('track-1', 'Track 1', 'character-1', [])]),
  many: () => many(Number(query.get('count') ?? 300)),
};

const done: Array<{ project: Project; label: string }> = [];
const undone: typeof done = [];
let now = PROJECTS[query.get('project') ?? 'scene']();
let revision = 0;
let notice = '';
let frame = Number(query.get('frame') ?? 0);
let playing = false;

const media = new Map(Object.keys(LENGTHS).map((name) => [name, fixtureMotion(name)]));

/** Played media, one for each way of playing it. */
const played = new Map<string, ClipMotion>();
function motionOf({ media: { id }, speed, reverse, mirror }: ReturnType<typeof clip>): ClipMotion {
  const key = [id, speed, reverse, mirror].join();
  let found = played.get(key);
  if (!found) {
    found = { key, motion: retimed(media.get(id)!, speed, reverse) };
    played.set(key, found);
  }
  return found;
}

/** The nearest frames at another speed, which is close enough to look at. */
function retimed(motion: Motion, speed: number, reverse: boolean): Motion {
  const frames = Math.floor((motion.frames - 1) / speed + 1e-6) + 1;
  const from = (i: number): number => Math.round((reverse ? frames - 1 - i : i) * speed);
  const pick = (values: Float32Array, width: number): Float32Array =>
    Float32Array.from(
      { length: frames * width },
      (_, k) => values[from(Math.floor(k / width)) * width + (k % width)],
    );
  return {
    ...motion,
    frames,
    rootPositions: pick(motion.rootPositions, 3),
    rotations: pick(motion.rotations, motion.joints.length * 4),
    contacts: speed === 1 && !reverse ? motion.contacts : null,
  };
}

/** What the host was told, for tests. */
const told: Array<readonly unknown[]> = [];

const host: TimelineHost = {
  edit(commands: readonly EditCommand[], label: string, merge?: string) {
    told.push(['edit', commands, label, merge]);
    const { project: after, fault } = apply(now, commands);
    notice = fault;
    if (!fault) {
      done.push({ project: now, label });
      undone.length = 0;
      now = after;
    }
    show();
  },
  pinned: () => null,
  preview: (preview) => told.push(['preview', preview !== null]),
  undo: () => step(done, undone),
  redo: () => step(undone, done),
  seek(to) {
    frame = to;
  },
  toggle() {
    playing = !playing;
    timeline.setPlayhead(frame, playing);
  },
  drop: (file, onto, at) => told.push(['drop', file.name, onto, at]),
  fill: (order) => told.push(['fill', order]),
  regenerate: (order) => told.push(['regenerate', order]),
  place: (take, onto, at) => told.push(['place', take, onto, at]),
  carryOn: (order) => told.push(['carryOn', order]),
  select: (clips, onto) => told.push(['select', clips, onto]),
  takeOver: () => told.push(['takeOver']),
};

function step(from: typeof done, to: typeof done): void {
  const last = from.pop();
  if (!last) return;
  to.push({ project: now, label: last.label });
  now = last.project;
  show();
}

function show(): void {
  const ghost = query.has('ghost') ? ghostOf(now) : null;
  const view: TimelineView = {
    revision: ++revision,
    nonce: revision,
    notice,
    project: now,
    joins: joinsOf(now),
    undo: done.at(-1)?.label ?? '',
    redo: undone.at(-1)?.label ?? '',
    readonly: query.has('readonly') ? 'This project is open in another tab.' : '',
    saved: '12:03',
    pending: query.has('pending') ? PENDING : [],
    ghost,
  };
  notice = '';
  timeline.setView(view);
  const motions = new Map<string, ClipMotion>();
  const projects = ghost ? [now, ghost.project] : [now];
  for (const each of projects) {
    for (const { clip } of ClipIndex.of(each).all) motions.set(clip.id, motionOf(clip));
  }
  timeline.setMotions(motions);
}

function ghostOf(current: Project): TimelineView['ghost'] {
  const added = clip('clip-99', 'cheer', 390, { name: 'Dance, take 2' });
  const [edited] = [apply(current, [{ kind: 'add_clip', track: 'track-2', clip: added }])];
  return { take: 'take-2', name: 'Dance, take 2', project: edited.project };
}

const timeline = mountTimeline(document.getElementById('timeline')!, host);
Object.assign(window, { timeline, told, documentNow: () => now });
show();
timeline.setPlayhead(frame, false);

/** In place of the viewer, which steps the playhead in the studio. */
document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented) return;
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!by) return;
  frame = Math.max(0, frame + by * (event.shiftKey ? 10 : 1));
  timeline.setPlayhead(frame, playing);
});

let last = performance.now();
function tick(time: number): void {
  if (playing) {
    frame += ((time - last) / 1000) * now.fps;
    if (frame >= extent(now)) frame = 0;
    timeline.setPlayhead(frame, true);
  }
  last = time;
  requestAnimationFrame(tick);
}
requestAnimationFrame(tick);
