import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';

import { Figure } from '../src/figure';
import { Picker } from '../src/picking';
import { stroll } from './clips';

const [WIDTH, HEIGHT] = [1200, 800];

function camera(): PerspectiveCamera {
  const out = new PerspectiveCamera(32, WIDTH / HEIGHT, 0.05, 400);
  out.position.set(1.5, 1.4, 5);
  out.lookAt(0, 0.9, 0);
  out.updateMatrixWorld();
  return out;
}

function standing(x: number, z: number): Figure {
  const figure = new Figure(stroll({ start: [x, 0, z] }));
  figure.pose(0);
  return figure;
}

/** Where three's own projection puts a joint. */
function pixel(figure: Figure, joint: string, view: PerspectiveCamera): [number, number] {
  const j = figure.motion.joints.indexOf(joint) * 3;
  const at = new Vector3().fromArray(figure.world.positions, j).project(view);
  return [((at.x + 1) / 2) * WIDTH, ((1 - at.y) / 2) * HEIGHT];
}

const pick = (
  x: number,
  y: number,
  figures: Figure[],
): { figure: number; joint: number } | null => {
  const hit = new Picker().pick(x, y, camera(), WIDTH, HEIGHT, figures);
  return hit && { ...hit };
};

describe('Picker', () => {
  const alone = standing(0, 0);

  it.each(['left_wrist', 'right_elbow', 'head', 'left_foot', 'right_knee'])(
    'finds the %s under the pointer',
    (joint) => {
      const [x, y] = pixel(alone, joint, camera());
      const wanted = { figure: 0, joint: alone.motion.joints.indexOf(joint) };
      expect(pick(x, y, [alone])).toEqual(wanted);
      expect(pick(x + 5, y - 5, [alone])).toEqual(wanted);
    },
  );

  it('finds the figure between its joints, without a joint', () => {
    const [hip, knee] = ['left_hip', 'left_knee'].map((j) => pixel(alone, j, camera()));
    const middle = [(hip[0] + knee[0]) / 2, (hip[1] + knee[1]) / 2];
    expect(pick(middle[0], middle[1], [alone])).toEqual({ figure: 0, joint: -1 });
  });

  it('finds nothing beside it, behind the camera, or hidden', () => {
    expect(pick(40, 40, [alone])).toBeNull();
    expect(pick(WIDTH / 2, HEIGHT / 2, [standing(1.5, 9)])).toBeNull();
    const hidden = standing(0, 0);
    hidden.object.visible = false;
    const [x, y] = pixel(hidden, 'head', camera());
    expect(pick(x, y, [hidden])).toBeNull();
  });

  it('takes the nearer of two, whichever comes first in the list', () => {
    const view = camera();
    const near = standing(0, 0);
    // On the line from the camera through the near one's hips, farther away.
    const hips = new Vector3().fromArray(near.world.positions);
    const away = hips.clone().sub(view.position).setY(0).normalize().multiplyScalar(1.2);
    const far = standing(away.x, away.z);
    const [x, y] = pixel(near, 'spine2', view);
    expect(pick(x, y, [near, far])!.figure).toBe(0);
    expect(pick(x, y, [far, near])!.figure).toBe(1);
  });
});
