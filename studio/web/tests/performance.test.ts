// @vitest-environment happy-dom
import { Group, PerspectiveCamera } from 'three';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { GhostSpec, PerformerSpec } from '../src/api';
import { CameraRig } from '../src/camera';
import { Cast } from '../src/cast';
import { Director, type Others } from '../src/director';
import { Ghosts } from '../src/ghosts';
import type { Motion } from '../src/motion';
import { CharacterLibrary } from '../src/skinned';
import { glide, stroll } from './clips';

const performer = (id: string, motion: Motion, color?: string): PerformerSpec => ({
  id,
  name: id,
  motion,
  color,
});

function cast(): { cast: Cast; stage: Group } {
  const stage = new Group();
  return { cast: new Cast(stage, new CharacterLibrary(), () => undefined), stage };
}

describe('Cast', () => {
  it('keeps figures whose motion is swapped', () => {
    const { cast: all, stage } = cast();
    expect(all.perform([performer('a', stroll()), performer('b', stroll())], null)).toBe(true);
    const before = [...stage.children];
    const other = stroll({ start: [4, 0, 0] });
    expect(all.perform([performer('a', other), performer('b', stroll())], null)).toBe(false);
    expect(stage.children).toEqual(before);
    all.pose(0);
    expect(all.find('a')!.motion).toBe(other);
    expect(all.find('a')!.world.positions[0]).toBeCloseTo(4, 1);
  });

  it('lets characters come and go', () => {
    const { cast: all, stage } = cast();
    const [a, b] = [performer('a', stroll()), performer('b', stroll())];
    all.perform([a], null);
    const first = all.find('a');
    expect(all.perform([a, b], null)).toBe(true);
    expect(all.find('a')).toBe(first);
    expect(stage.children).toHaveLength(2);
    expect(all.perform([b], null)).toBe(true);
    expect(all.find('a')).toBeNull();
    expect(stage.children).toHaveLength(1);
    expect(all.perform([], null)).toBe(true);
    expect(stage.children).toHaveLength(0);
  });

  it('makes another figure for another skeleton', () => {
    const { cast: all } = cast();
    all.perform([performer('a', stroll())], null);
    const before = all.find('a');
    expect(all.perform([performer('a', glide(30, [0, 0]))], null)).toBe(true);
    expect(all.find('a')).not.toBe(before);
  });

  it('keeps the figure of a character that is renamed or coloured', () => {
    const { cast: all } = cast();
    const motion = stroll();
    all.perform([performer('a', motion)], null);
    const before = all.find('a');
    expect(all.perform([performer('a', motion, '#ff0000')], null)).toBe(true);
    expect(all.find('a')).toBe(before);
    expect(all.colorOf(0).getHexString()).toBe('ff0000');
  });

  it('measures the middle of all and how far they stand from it', () => {
    const { cast: all } = cast();
    all.perform([performer('a', glide(9, [0, 0])), performer('b', glide(9, [0, 0]))], null);
    expect(all.centre).toEqual({ x: 0, z: 0, reach: 0 });
    const moved = { ...glide(9, [0, 0]), rootPositions: new Float32Array(27).fill(2) };
    all.perform([performer('a', glide(9, [0, 0])), performer('b', moved)], null);
    expect(all.centre).toEqual({ x: 1, z: 1, reach: Math.SQRT2 });
  });
});

describe('Ghosts', () => {
  const motion = glide(21, [0.1, 0]);
  const ghost = (more: Partial<GhostSpec> = {}): GhostSpec => ({
    id: 'g',
    name: 'Take 2',
    motion,
    start: 30,
    ...more,
  });

  it('plays from its start on, holding its ends, fainter there', () => {
    const ghosts = new Ghosts();
    ghosts.set([ghost()]);
    const [only] = ghosts.all;
    const seen = [0, 30, 40, 50, 90].map((now) => {
      ghosts.pose(now, 20);
      return [only.frame, only.look.opacity > 0.8];
    });
    expect(seen).toEqual([
      [0, false],
      [0, true],
      [10, true],
      [20, true],
      [20, false],
    ]);
    expect(only.x).toBeCloseTo(2);
  });

  it('plays at its own rate on a timeline of another', () => {
    const ghosts = new Ghosts();
    ghosts.set([ghost({ start: 30 })]);
    ghosts.pose(45, 30);
    expect(ghosts.all[0].frame).toBeCloseTo(10);
  });

  it('stands beside by its offset, with the space it takes', () => {
    const ghosts = new Ghosts();
    ghosts.set([ghost({ offset: [0, 3] })]);
    ghosts.pose(30, 20);
    expect([ghosts.all[0].x, ghosts.all[0].z]).toEqual([0, 3]);
    expect(ghosts.boxes()[0].min[2]).toBeGreaterThan(2);
  });

  it('stays the same ghost while only its motion changes', () => {
    const ghosts = new Ghosts();
    expect(ghosts.set([ghost()])).toBe(true);
    const [before] = ghosts.all;
    expect(ghosts.set([ghost({ motion: glide(40, [0, 0.1]) })])).toBe(false);
    expect(ghosts.all[0]).toBe(before);
    expect(ghosts.set([ghost({ name: 'Take 3' })])).toBe(true);
    expect(ghosts.set([])).toBe(true);
  });
});

describe('Director', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  function directed(others: Others = { boxes: () => [], apart: false }): {
    all: Cast;
    camera: CameraRig;
    director: Director;
    moved: () => boolean;
  } {
    // Without motion of its own, so that where it is sent it is at once.
    vi.stubGlobal('matchMedia', () => ({ matches: true }));
    const { cast: all } = cast();
    all.perform([performer('a', stroll({ seconds: 1 }))], null);
    const canvas = document.createElement('canvas');
    document.body.append(canvas);
    const camera = new CameraRig(
      new PerspectiveCamera(32, 1.5, 0.05, 400),
      canvas,
      () => undefined,
    );
    const director = new Director(camera, all, { lightFrom: () => undefined }, others);
    director.enter(true);
    let before = camera.camera.position.clone();
    const moved = (): boolean => {
      const yes = !before.equals(camera.camera.position);
      before = camera.camera.position.clone();
      return yes;
    };
    return { all, camera, director, moved };
  }

  const far = (all: Cast): boolean =>
    all.perform([performer('a', stroll({ start: [9, 0, 0] }))], null);
  const hand = (type: string): boolean => window.dispatchEvent(new Event(type));

  it('goes after an action that has left the picture, once changes have come to rest', () => {
    const { all, director, moved } = directed();
    far(all);
    for (let i = 0; i < 20; i++) {
      director.change();
      vi.advanceTimersByTime(100);
      expect(moved()).toBe(false);
    }
    vi.advanceTimersByTime(1000);
    expect(moved()).toBe(true);
    director.dispose();
  });

  it('never moves the camera while a hand holds something', () => {
    const { all, director, moved } = directed();
    hand('pointerdown');
    far(all);
    director.change();
    vi.advanceTimersByTime(5000);
    expect(moved()).toBe(false);
    hand('pointerup');
    vi.advanceTimersByTime(1000);
    expect(moved()).toBe(true);
    director.dispose();
  });

  it('leaves the camera alone that a user has placed, and one that sees everything', () => {
    const { all, camera, director, moved } = directed();
    all.perform([performer('a', stroll({ seconds: 0.9 }))], null);
    director.change();
    vi.advanceTimersByTime(1000);
    expect(moved()).toBe(false);
    camera.touched = true;
    far(all);
    director.change();
    vi.advanceTimersByTime(1000);
    expect(moved()).toBe(false);
    director.dispose();
  });

  it('does not follow one figure out of a row', () => {
    const long = stroll({ seconds: 8 });
    const { all, director } = directed({ boxes: () => [], apart: true });
    all.perform([performer('a', long)], null);
    director.enter(false);
    expect(director.following).toBe(false);
    director.dispose();
    const alone = directed();
    alone.all.perform([performer('a', long)], null);
    alone.director.enter(false);
    expect(alone.director.following).toBe(true);
    alone.director.dispose();
  });
});
