// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { PerformanceSpec } from '../src/api';
import { JOINTS } from '../src/document/skeleton';
import type { Clip, Media, Project } from '../src/document/types';
import type { ClipMotion, TimelineView } from '../src/document/view';
import { LoadError } from '../src/loader';
import type { Motion } from '../src/motion';
import { Conductor, type StageStatus } from '../src/stage';
import { ANN, BOB, changed, clip, project, stride, track } from './document/projects';

const WALK: Media = { id: 'walk', frames: 30, fps: 30 };
const JUMP: Media = { id: 'jump', frames: 40, fps: 30 };
const MEDIA: Record<string, Media> = { walk: WALK, jump: JUMP };

/** A studio whose answers the test gives, or that answers at once. */
class Studio {
  readonly asked: string[] = [];
  readonly #waiting: Array<{ url: string; give: (m: Motion) => void; fail: (e: Error) => void }> =
    [];

  constructor(private readonly prompt = true) {}

  readonly load = (url: string): Promise<Motion> => {
    this.asked.push(url);
    if (this.prompt) return Promise.resolve(Studio.motion(url));
    return new Promise((give, fail) => this.#waiting.push({ url, give, fail }));
  };

  static motion(url: string): Motion {
    const id = url.replace(/^media\//, '').replace(/\?.*/, '');
    return stride(MEDIA[id], url.length);
  }

  async answer(url: string, error?: Error): Promise<void> {
    const at = this.#waiting.findIndex((each) => each.url === url);
    const [{ give, fail }] = this.#waiting.splice(at, 1);
    if (error) fail(error);
    else give(Studio.motion(url));
    await settled();
  }
}

class FakeViewer {
  readonly performances: PerformanceSpec[] = [];
  readonly seeks: number[] = [];
  frame = 0;
  playing = false;
  #listeners = new Set<(frame: number) => void>();

  setPerformance(performance: PerformanceSpec): void {
    this.performances.push(performance);
  }

  setScene = (): Promise<void> => Promise.resolve();

  seek(frame: number): void {
    this.seeks.push(frame);
    this.frame = Math.min(frame, this.latest.frames - 1);
    this.draw();
  }

  toggle(): void {
    this.playing = !this.playing;
  }

  onFrame(callback: (frame: number) => void): () => void {
    this.#listeners.add(callback);
    return () => this.#listeners.delete(callback);
  }

  /** What the next picture tells. */
  draw(): void {
    for (const callback of this.#listeners) callback(this.frame);
  }

  get latest(): PerformanceSpec {
    return this.performances[this.performances.length - 1];
  }
}

class FakeTimeline {
  readonly views: TimelineView[] = [];
  motions: ReadonlyMap<string, ClipMotion> = new Map();
  told = 0;
  playhead: readonly [number, boolean] = [-1, false];
  onView: () => void = () => undefined;

  setView(view: TimelineView): void {
    this.views.push(view);
    this.onView();
  }

  setMotions(motions: ReadonlyMap<string, ClipMotion>): void {
    this.motions = motions;
    this.told++;
  }

  setPlayhead(frame: number, playing: boolean): void {
    this.playhead = [frame, playing];
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

let revision = 0;
function viewOf(of: Project, changes: Partial<TimelineView> = {}): TimelineView {
  return {
    revision: ++revision,
    project: of,
    joins: [],
    undo: '',
    redo: '',
    readonly: '',
    saved: '',
    pending: [],
    ghost: null,
    notice: '',
    nonce: 0,
    ...changes,
  };
}

const W = clip('w', WALK, 0);
const J = clip('j', JUMP, 30);
const DUET = project(
  [track('a', [W, J]), track('b', [clip('x', WALK, 5)], { character: BOB.id })],
  { characters: [ANN, BOB] },
);

async function staged(
  view: TimelineView,
  studio = new Studio(),
): Promise<{ stage: Conductor; viewer: FakeViewer; timeline: FakeTimeline; studio: Studio }> {
  const stage = new Conductor(studio.load);
  const [viewer, timeline] = [new FakeViewer(), new FakeTimeline()];
  stage.attachViewer(viewer);
  stage.attachTimeline(timeline);
  stage.setView(view);
  await settled();
  return { stage, viewer, timeline, studio };
}

describe('panels', () => {
  it('are given everything, whichever comes first', async () => {
    const stage = new Conductor(new Studio().load);
    const [viewer, timeline] = [new FakeViewer(), new FakeTimeline()];
    const view = viewOf(DUET);
    stage.setView(view);
    await settled();
    stage.attachTimeline(timeline);
    stage.seek(12);
    stage.attachViewer(viewer);
    expect(viewer.latest.characters.map(({ id }) => id)).toEqual(['ann', 'bob']);
    expect(viewer.seeks).toEqual([12]);
    expect(timeline.views).toEqual([view]);
    expect([...timeline.motions.keys()]).toEqual(['w', 'j', 'x']);
    expect(timeline.playhead).toEqual([12, false]);
  });

  it('hear nothing more once they are taken away', async () => {
    const { stage } = await staged(viewOf(DUET));
    const [viewer, timeline] = [new FakeViewer(), new FakeTimeline()];
    const leave = [stage.attachViewer(viewer), stage.attachTimeline(timeline)];
    leave.forEach((each) => each());
    const shown = viewer.performances.length;
    stage.setView(viewOf(changed(DUET, 'j', { start: 50 })));
    viewer.frame = 7;
    viewer.draw();
    expect(viewer.performances.length).toBe(shown);
    expect(timeline.views.length).toBe(1);
    expect(stage.playhead).not.toBe(7);
  });

  it('pass over a view that a later one has overtaken', async () => {
    const early = viewOf(project([]));
    const { stage, viewer, timeline } = await staged(viewOf(DUET));
    stage.setView(early);
    expect(timeline.views.length).toBe(1);
    expect(viewer.latest.characters.length).toBe(2);
  });
});

describe('the performance', () => {
  it('has the characters, their motion, the length and the loop', async () => {
    const timeline = { ...DUET.timeline, range: { start: 10, stop: 40 } };
    const { viewer } = await staged(viewOf({ ...DUET, timeline }));
    const { fps, frames, range, characters } = viewer.latest;
    expect([fps, frames, range]).toEqual([30, 70, { start: 10, end: 40 }]);
    expect(characters.map(({ name, color }) => [name, color])).toEqual([
      ['Ann', '#5b9dd9'],
      ['Bob', '#d95b5b'],
    ]);
    expect(characters.map(({ motion }) => motion.frames)).toEqual([70, 70]);
    expect(characters[0].motion.joints).toEqual(JOINTS);
  });

  it('is empty while the timeline is, so that the viewer can say what to do', async () => {
    const { viewer } = await staged(viewOf(project([track('a', [])])));
    expect(viewer.latest.characters).toEqual([]);
  });

  it('is not handed over again when a view says nothing new about it', async () => {
    const { stage, viewer } = await staged(viewOf(DUET));
    const shown = viewer.performances.length;
    stage.setView(viewOf(structuredClone(DUET), { saved: '12:03' }));
    expect(viewer.performances.length).toBe(shown);
  });

  it('waits for all of its motion, and keeps what is shown until more has come', async () => {
    const studio = new Studio(false);
    const { stage, viewer } = await staged(viewOf(project([track('a', [W])])), studio);
    expect(viewer.performances).toEqual([]);
    await studio.answer('media/walk');
    const before = viewer.latest.characters[0].motion;
    stage.setView(viewOf(project([track('a', [W, J])])));
    expect(viewer.latest.characters[0].motion).toBe(before);
    await studio.answer('media/jump');
    expect(viewer.latest.characters[0].motion.frames).toBe(70);
    expect(studio.asked).toEqual(['media/walk', 'media/jump']);
  });

  it('asks for mirrored motion, once', async () => {
    const mirrored = clip('m', WALK, 0, { mirror: true });
    const { studio } = await staged(
      viewOf(project([track('a', [mirrored, { ...mirrored, id: 'n', start: 30 }])])),
    );
    expect(studio.asked).toEqual(['media/walk?mirror=1']);
  });
});

describe('a drag', () => {
  it('is seen at each step and moves only whom it changes', async () => {
    const { stage, viewer } = await staged(viewOf(DUET));
    const [ann, bob] = viewer.latest.characters.map(({ motion }) => motion);
    for (const start of [1, 2, 3, 4, 5]) {
      const shown = viewer.latest.characters[0].motion;
      stage.preview(changed(DUET, 'w', { source: { start, stop: 30 }, frames: 30 - start }));
      const [dragged, other] = viewer.latest.characters.map(({ motion }) => motion);
      expect(dragged).not.toBe(shown);
      expect(other).toBe(bob);
    }
    stage.preview(null);
    expect(viewer.latest.characters[0].motion.rotations).toEqual(ann.rotations);
    expect(viewer.seeks).toEqual([0]);
  });

  it('changes the length with what is dragged', async () => {
    const { stage, viewer } = await staged(viewOf(DUET));
    stage.preview(changed(DUET, 'j', { start: 42 }));
    expect(viewer.latest.frames).toBe(82);
    stage.preview(null);
    expect(viewer.latest.frames).toBe(70);
  });

  it('ends in the picture that it showed when the studio answers', async () => {
    const { stage, viewer, timeline } = await staged(viewOf(DUET));
    const dropped = changed(DUET, 'j', { start: 36 });
    stage.preview(dropped);
    const shown = viewer.performances.length;
    timeline.onView = () => stage.preview(null);
    stage.setView(viewOf(structuredClone(dropped)));
    expect(viewer.performances.length).toBe(shown);
  });

  it('tells thumbnails only when a clip plays something else', async () => {
    const { stage, timeline } = await staged(viewOf(DUET));
    const { told, motions } = timeline;
    stage.preview(changed(DUET, 'j', { start: 44 }));
    expect(timeline.told).toBe(told);
    stage.preview(changed(DUET, 'j', { speed: 2, frames: 20, source: { start: 0, stop: 20 } }));
    expect(timeline.told).toBe(told + 1);
    expect(timeline.motions.get('w')).toBe(motions.get('w'));
    expect(timeline.motions.get('j')!.motion.frames).toBe(20);
    expect(timeline.motions.get('j')!.key).not.toBe(motions.get('j')!.key);
  });
});

describe('a take on trial', () => {
  const one = project([track('a', [W])]);
  const filled = project([track('a', [W, J])]);
  const ghost = { take: 't', name: 'Jump 2', project: filled };

  it('is a ghost over the span that it would change, and nowhere else', async () => {
    const { viewer } = await staged(viewOf(one, { ghost }));
    const { frames, characters, ghosts } = viewer.latest;
    expect(frames).toBe(70);
    expect(characters[0].motion.frames).toBe(30);
    expect(ghosts!.map(({ name, start }) => [name, start])).toEqual([['Jump 2', 30]]);
    const accepted = await staged(viewOf(filled));
    const whole = accepted.viewer.latest.characters[0].motion;
    expect(ghosts![0].motion.frames).toBe(40);
    expect([...ghosts![0].motion.rootPositions]).toEqual([...whole.rootPositions.slice(90)]);
    expect([...ghosts![0].motion.rotations]).toEqual([...whole.rotations.slice(30 * 88)]);
  });

  it('stays the same ghost while something else is dragged', async () => {
    const two = project([...one.timeline.tracks, track('b', [], { character: BOB.id })], {
      characters: [ANN, BOB],
    });
    const { stage, viewer } = await staged(viewOf(two, { ghost }));
    const [before] = viewer.latest.ghosts!;
    stage.preview({ ...two, name: 'Dragged' });
    stage.setView(viewOf(structuredClone(two), { ghost: structuredClone(ghost) }));
    expect(viewer.latest.ghosts![0]).toBe(before);
  });

  it('is the clip with other media where it would replace one, not what it pushes on', async () => {
    const replaced: Clip = { ...W, media: JUMP, source: { start: 0, stop: 40 }, frames: 40 };
    const after = project([track('a', [replaced, { ...J, start: 40 }])]);
    const { viewer } = await staged(viewOf(filled, { ghost: { ...ghost, project: after } }));
    expect(viewer.latest.ghosts!.map(({ start, motion }) => [start, motion.frames])).toEqual([
      [0, 40],
    ]);
  });

  it('is no ghost but the figure itself where nothing plays yet', async () => {
    const { viewer } = await staged(viewOf(project([track('a', [])]), { ghost }));
    expect(viewer.latest.ghosts).toEqual([]);
    expect(viewer.latest.characters.map(({ motion }) => motion.frames)).toEqual([70]);
  });
});

describe('the playhead', () => {
  it('goes from the viewer to the timeline, with whether it plays', async () => {
    const { viewer, timeline, stage } = await staged(viewOf(DUET));
    stage.toggle();
    viewer.frame = 3.5;
    viewer.draw();
    expect(timeline.playhead).toEqual([3.5, true]);
    expect(stage.playhead).toBe(3.5);
  });

  it('hears of a pause that moves no frame', async () => {
    const stage = new Conductor(new Studio().load);
    const [viewer, timeline, element] = [
      new FakeViewer(),
      new FakeTimeline(),
      document.createElement('div'),
    ];
    stage.attachViewer(viewer, element);
    stage.attachTimeline(timeline);
    viewer.playing = true;
    viewer.draw();
    viewer.playing = false;
    element.dispatchEvent(new CustomEvent('playstate'));
    expect(timeline.playhead).toEqual([0, false]);
  });

  it('goes from the timeline to the viewer, and may wait beyond the end', async () => {
    const { viewer, timeline, stage } = await staged(viewOf(DUET));
    stage.seek(41);
    expect(viewer.frame).toBe(41);
    stage.seek(200);
    viewer.draw();
    expect(viewer.frame).toBe(69);
    expect(timeline.playhead).toEqual([200, false]);
    viewer.frame = 20;
    viewer.draw();
    expect(timeline.playhead).toEqual([20, false]);
  });
});

describe('takes side by side', () => {
  const takes = ['walk', 'jump'].map((id) => ({ id, name: id, url: `media/${id}` }));

  it('take the stage and give it back', async () => {
    const { stage, viewer, timeline } = await staged(viewOf(DUET));
    const performance = viewer.latest;
    stage.seek(9);
    stage.setScene({ mode: 'takes', characters: takes });
    await settled();
    const { characters, frames } = viewer.latest;
    expect(characters.map(({ id }) => id)).toEqual(['walk', 'jump']);
    expect(frames).toBe(40);
    const apart = (i: number): number =>
      Math.abs(
        characters[1].motion.rootPositions[i] - Studio.motion('media/jump').rootPositions[i],
      );
    expect(Math.hypot(apart(0), apart(2))).toBeGreaterThan(0.5);
    viewer.frame = 25;
    viewer.draw();
    stage.setView(viewOf(changed(DUET, 'j', { start: 33 })));
    expect(viewer.latest.characters).toBe(characters);
    expect(timeline.playhead).toEqual([9, false]);
    stage.setScene({ mode: 'timeline', characters: [] });
    expect(viewer.latest.frames).toBe(73);
    expect(viewer.latest.characters[0].motion).not.toBe(performance.characters[0].motion);
    expect(viewer.frame).toBe(9);
  });

  it('say so when one cannot be had, and are fetched again', async () => {
    const studio = new Studio(false);
    const { stage, viewer } = await staged(viewOf(project([])), studio);
    let status: StageStatus | undefined;
    stage.onStatus((now) => (status = now));
    stage.setScene({ mode: 'takes', characters: takes });
    await studio.answer('media/walk', new LoadError('It is gone; make another.', false));
    expect(status!.faults).toEqual(['It is gone; make another.']);
    status!.retry();
    await studio.answer('media/walk');
    await studio.answer('media/jump');
    await studio.answer('media/jump');
    expect(status!.faults).toEqual([]);
    expect(viewer.latest.characters.length).toBe(2);
  });
});

describe('motion that does not come', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const flush = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await Promise.resolve();
  };

  function refusing(errors: Error[]): {
    stage: Conductor;
    viewer: FakeViewer;
    status: StageStatus[];
  } {
    const load = (url: string): Promise<Motion> => {
      const error = errors.shift();
      return error ? Promise.reject(error) : Promise.resolve(Studio.motion(url));
    };
    const stage = new Conductor(load);
    const viewer = new FakeViewer();
    const status: StageStatus[] = [];
    stage.attachViewer(viewer);
    stage.onStatus((now) => status.push(now));
    stage.setView(viewOf(project([track('a', [W])])));
    return { stage, viewer, status };
  }

  it('is asked for again by itself when the studio did not answer', async () => {
    const { viewer, status } = refusing([new LoadError('No answer; check it.', true)]);
    await flush();
    expect(status.at(-1)!.faults).toEqual(['No answer; check it.']);
    expect(viewer.performances).toEqual([]);
    await vi.advanceTimersByTimeAsync(1000);
    await flush();
    expect(status.at(-1)).toMatchObject({ loaded: 1, wanted: 1, faults: [] });
    expect(viewer.latest.characters[0].motion.feet!.some((bits) => bits !== 0)).toBe(true);
  });

  it('is stood in for when it is gone, and said; trying again brings it', async () => {
    const { viewer, status } = refusing([new LoadError('Gone; generate it again.', false)]);
    await flush();
    expect(status.at(-1)!.faults).toEqual(['Gone; generate it again.']);
    const stood = viewer.latest.characters[0].motion;
    expect(stood.frames).toBe(30);
    expect(stood.rootPositions[1]).toBeCloseTo(0.988);
    status.at(-1)!.retry();
    await flush();
    expect(status.at(-1)!.faults).toEqual([]);
    expect(viewer.latest.characters[0].motion).not.toBe(stood);
  });

  it('is refused when it is not what the project says', async () => {
    const stage = new Conductor(() => Promise.resolve(stride({ ...WALK, frames: 29 })));
    const faults: string[] = [];
    stage.onStatus((now) => void faults.splice(0, faults.length, ...now.faults));
    stage.setView(viewOf(project([track('a', [W])])));
    await flush();
    expect(faults).toEqual([
      'The project says that the motion of “w” has 30 frames, but it has 29; import it again.',
    ]);
  });

  it('is told of over the viewer, with a way to try again', async () => {
    const element = document.createElement('div');
    document.body.append(element);
    const errors = [new LoadError('Gone; generate it again.', false)];
    const load = (url: string): Promise<Motion> =>
      errors.length > 0 ? Promise.reject(errors.pop()!) : Promise.resolve(Studio.motion(url));
    const stage = new Conductor(load);
    const leave = stage.attachViewer(new FakeViewer(), element);
    stage.setView(viewOf(project([track('a', [W])])));
    await flush();
    const strip = element.lastElementChild!.shadowRoot!;
    expect(strip.querySelector('[role=alert]')!.textContent).toBe('Gone; generate it again.');
    strip.querySelector('button')!.click();
    await flush();
    expect(strip.querySelector('p')).toBeNull();
    leave();
    expect(element.childElementCount).toBe(0);
  });
});
