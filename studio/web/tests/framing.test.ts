import { describe, expect, it } from 'vitest';
import { PerspectiveCamera, Vector3 } from 'three';

import type { Bounds } from '../src/action';
import { direction, frameBoxes } from '../src/framing';

const BOXES: readonly Bounds[] = [
  { min: [-0.3, 0, -0.2], max: [0.3, 1.8, 0.2] },
  { min: [1, 0, 3], max: [1.6, 1.75, 3.4] },
];
const FOV = 0.56;

function project(azimuth: number, elevation: number, aspect: number, boxes = BOXES): Vector3[] {
  const view = frameBoxes(boxes, azimuth, elevation, { fov: FOV, aspect });
  const camera = new PerspectiveCamera((FOV * 180) / Math.PI, aspect, 0.01, 1000);
  camera.position.set(...view.position);
  camera.lookAt(...view.target);
  camera.updateMatrixWorld();
  return boxes.flatMap(({ min, max }) =>
    Array.from({ length: 8 }, (_, i) =>
      new Vector3((i & 1 ? max : min)[0], (i & 2 ? max : min)[1], (i & 4 ? max : min)[2]).project(
        camera,
      ),
    ),
  );
}

describe('frameBoxes', () => {
  it.each([
    [0, 0.2, 1.6],
    [0.6, 0.2, 1.6],
    [2.1, 0.4, 0.5],
    [-1.2, 0.02, 2.4],
    [4, 1.2, 1],
  ])('shows every corner, and no more than it must (azimuth %f)', (azimuth, elevation, aspect) => {
    const corners = project(azimuth, elevation, aspect);
    const widest = Math.max(...corners.map((c) => Math.abs(c.x)));
    const highest = Math.max(...corners.map((c) => Math.abs(c.y)));
    expect(Math.max(widest, highest)).toBeLessThan(1);
    expect(Math.max(widest, highest)).toBeGreaterThan(0.85);
  });

  it('centres what it shows in the direction that is tight', () => {
    const ys = project(0.6, 0.2, 3, BOXES.slice(0, 1)).map((c) => c.y);
    expect(Math.max(...ys)).toBeCloseTo(-Math.min(...ys), 3);
  });

  it('looks from the azimuth and elevation it was given', () => {
    const { position, target } = frameBoxes(BOXES, 0.7, 0.3, { fov: FOV, aspect: 1.5 });
    const back = new Vector3(...position).sub(new Vector3(...target)).normalize();
    expect(back.dot(new Vector3(...direction(0.7, 0.3)))).toBeCloseTo(1, 9);
  });
});
