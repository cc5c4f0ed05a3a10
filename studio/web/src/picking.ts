/** What is under the pointer: which character, and which of its joints. */

import { Vector3, type Camera } from 'three';

import type { Figure } from './figure';
import { fleshRadius, rolesOf } from './roles';

/** Pixels around a joint that count as the joint. */
const JOINT_REACH = 15;
/** Pixels beyond the flesh that still count as the character. */
const BODY_REACH = 4;

/** What was hit: the figure's place in the list, and a joint of it or -1. */
export interface Hit {
  figure: number;
  joint: number;
}

/** Finds what is at a place of the picture by the bones, which needs no reading back of pixels. */
export class Picker {
  readonly #point = new Vector3();
  readonly #hit: Hit = { figure: -1, joint: -1 };
  readonly #radii = new WeakMap<Figure, Float32Array>();
  /** Of one figure's joints: x and y in pixels, distance from the camera in metres. */
  #seen = new Float32Array(0);

  /**
   * The nearest figure at (x, y), CSS pixels from the top left of a picture `width` by `height`;
   * null where there is none. The result is the same object each time.
   */
  pick(
    x: number,
    y: number,
    camera: Camera,
    width: number,
    height: number,
    figures: readonly Figure[],
  ): Readonly<Hit> | null {
    const hit = this.#hit;
    hit.figure = -1;
    let nearest = Infinity;
    const focal = 0.5 * height * camera.projectionMatrix.elements[5];
    for (let i = 0; i < figures.length; i++) {
      const figure = figures[i];
      if (!figure.object.visible) continue;
      this.#project(figure, camera, width, height);
      const away = this.#touch(figure, x, y, focal);
      if (away >= nearest) continue;
      nearest = away;
      hit.figure = i;
      hit.joint = this.#jointAt(figure, x, y);
    }
    return hit.figure < 0 ? null : hit;
  }

  #project({ world }: Figure, camera: Camera, width: number, height: number): void {
    const joints = world.positions.length / 3;
    if (this.#seen.length < joints * 3) this.#seen = new Float32Array(joints * 3);
    for (let j = 0; j < joints; j++) {
      this.#point.fromArray(world.positions, j * 3).applyMatrix4(camera.matrixWorldInverse);
      const away = -this.#point.z;
      this.#point.applyMatrix4(camera.projectionMatrix);
      this.#seen[j * 3] = (this.#point.x + 1) * 0.5 * width;
      this.#seen[j * 3 + 1] = (1 - this.#point.y) * 0.5 * height;
      this.#seen[j * 3 + 2] = away;
    }
  }

  /** Distance from the camera of the flesh at (x, y), or infinity. */
  #touch(figure: Figure, x: number, y: number, focal: number): number {
    const s = this.#seen;
    const radii = this.#radiiOf(figure);
    const { parents } = figure.motion;
    let nearest = Infinity;
    for (let j = 0; j < parents.length; j++) {
      const a = Math.max(parents[j], 0) * 3;
      const b = j * 3;
      if (s[a + 2] <= 0 || s[b + 2] <= 0) continue;
      const [dx, dy] = [s[b] - s[a], s[b + 1] - s[a + 1]];
      const length = dx * dx + dy * dy;
      const along = length > 0 ? ((x - s[a]) * dx + (y - s[a + 1]) * dy) / length : 0;
      const t = Math.min(Math.max(along, 0), 1);
      const away = s[a + 2] + (s[b + 2] - s[a + 2]) * t;
      const radius = radii[a / 3] + (radii[j] - radii[a / 3]) * t;
      const off = Math.hypot(s[a] + dx * t - x, s[a + 1] + dy * t - y);
      if (off <= (radius * focal) / away + BODY_REACH) nearest = Math.min(nearest, away - radius);
    }
    return nearest;
  }

  #jointAt(figure: Figure, x: number, y: number): number {
    let [best, least] = [-1, JOINT_REACH];
    for (let j = 0; j < figure.motion.joints.length; j++) {
      const off = Math.hypot(this.#seen[j * 3] - x, this.#seen[j * 3 + 1] - y);
      if (off >= least || this.#seen[j * 3 + 2] <= 0) continue;
      [best, least] = [j, off];
    }
    return best;
  }

  #radiiOf(figure: Figure): Float32Array {
    let radii = this.#radii.get(figure);
    if (!radii) {
      radii = Float32Array.from(rolesOf(figure.motion.joints), fleshRadius);
      this.#radii.set(figure, radii);
    }
    return radii;
  }
}
