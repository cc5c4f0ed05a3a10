// @vitest-environment happy-dom
import { Group, PerspectiveCamera, Vector3 } from 'three';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Selection } from '../src/api';
import { Cast } from '../src/cast';
import { Choosing } from '../src/choosing';
import { pointAt } from '../src/pointing';
import { CharacterLibrary } from '../src/skinned';
import { stroll } from './clips';

const [WIDTH, HEIGHT] = [1200, 800];

function choosing(): {
  made: Choosing;
  heard: Array<[Selection, boolean]>;
  hovered: Array<[boolean, number]>;
  pixel: (id: string, joint: string) => [number, number];
} {
  const cast = new Cast(new Group(), new CharacterLibrary(), () => undefined);
  const at = (id: string, x: number) => ({ id, name: id, motion: stroll({ start: [x, 0, 0] }) });
  cast.perform([at('ada', -0.8), at('ben', 0.8)], null);
  cast.pose(0);
  const camera = new PerspectiveCamera(32, WIDTH / HEIGHT, 0.05, 400);
  camera.position.set(0, 1.2, 6);
  camera.lookAt(0, 0.9, 0);
  camera.updateMatrixWorld();
  const picture = { clientWidth: WIDTH, clientHeight: HEIGHT } as HTMLElement;
  const heard: Array<[Selection, boolean]> = [];
  const hovered: Array<[boolean, number]> = [];
  const made = new Choosing(cast, camera, picture, {
    chosen: (selection, byHand) => heard.push([selection, byHand]),
    hovered: (figure, joint) => hovered.push([figure !== null, joint]),
  });
  const pixel = (id: string, joint: string): [number, number] => {
    const { world, motion } = cast.find(id)!;
    const seen = new Vector3()
      .fromArray(world.positions, motion.joints.indexOf(joint) * 3)
      .project(camera);
    return [((seen.x + 1) / 2) * WIDTH, ((1 - seen.y) / 2) * HEIGHT];
  };
  return { made, heard, hovered, pixel };
}

describe('Choosing', () => {
  it('chooses what is clicked, and lets go with a click beside', () => {
    const { made, heard, pixel } = choosing();
    made.click(...pixel('ben', 'left_wrist'));
    expect(made.selection).toEqual({ character: 'ben', joint: 'left_wrist' });
    made.click(...pixel('ben', 'left_wrist'));
    made.click(5, 5);
    made.click(5, 5);
    expect(heard).toEqual([
      [{ character: 'ben', joint: 'left_wrist' }, true],
      [{ character: null, joint: null }, true],
    ]);
  });

  it('chooses nothing that is not there', () => {
    const { made } = choosing();
    made.select('ada', 'tail');
    expect(made.selection).toEqual({ character: 'ada', joint: null });
    made.select('cleo', 'left_wrist');
    expect(made.selection).toEqual({ character: null, joint: null });
  });

  it('tells whose hand it was', () => {
    const { made, heard } = choosing();
    made.select('ada', null);
    made.toggle('ben');
    made.toggle('ben');
    expect(made.clear()).toBe(false);
    expect(heard.map(([{ character }, byHand]) => [character, byHand])).toEqual([
      ['ada', false],
      ['ben', true],
      [null, true],
    ]);
  });

  it('says what a click would choose', () => {
    const { made, hovered, pixel } = choosing();
    made.hover(...pixel('ada', 'head'));
    made.hover(3, 3);
    made.leave();
    expect(hovered[0][0]).toBe(true);
    expect(hovered[0][1]).toBeGreaterThan(0);
    expect(hovered.slice(1)).toEqual([
      [false, -1],
      [false, -1],
    ]);
  });
});

describe('pointAt', () => {
  afterEach(() => vi.unstubAllGlobals());

  function surface(): {
    send: (type: string, x: number, buttons?: number) => void;
    acts: unknown[];
  } {
    const element = document.createElement('div');
    const acts: unknown[] = [];
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => (run(), 1));
    pointAt(element, new AbortController().signal, {
      click: (x, y) => acts.push(['click', x, y]),
      hover: (x, y) => acts.push(['hover', x, y]),
      leave: () => acts.push('leave'),
    });
    const send = (type: string, x: number, buttons = 0): void => {
      const more = { clientX: x, clientY: 7, button: 0, buttons, isPrimary: true, pointerId: 1 };
      element.dispatchEvent(new PointerEvent(type, more));
    };
    return { send, acts };
  }

  it('tells clicks from drags', () => {
    const { send, acts } = surface();
    send('pointerdown', 10, 1);
    send('pointermove', 12, 1);
    send('pointerup', 12);
    expect(acts).toEqual([['click', 12, 7]]);
    acts.length = 0;
    send('pointerdown', 10, 1);
    send('pointermove', 30, 1);
    send('pointermove', 10, 1);
    send('pointerup', 10);
    expect(acts).not.toContainEqual(['click', 10, 7]);
    expect(acts).toContain('leave');
  });

  it('hovers while no button is down', () => {
    const { send, acts } = surface();
    send('pointermove', 4);
    send('pointerleave', 4);
    expect(acts).toEqual([['hover', 4, 7], 'leave']);
  });

  it('takes no release for a click that was pressed elsewhere', () => {
    const { send, acts } = surface();
    send('pointerup', 4);
    expect(acts).toEqual([]);
  });
});
