/** The animator's camera: orbit, pan, zoom, framing, following. */

import {
  Frustum,
  MOUSE,
  MathUtils,
  Matrix4,
  TOUCH,
  Vector3,
  type Box3,
  type PerspectiveCamera,
} from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';

import type { Bounds, Vec3 } from './action';
import { cornersOf, direction, frameBoxes, type Lens, type View } from './framing';

const FLIGHT_MS = 260;
/** Share of a turn's momentum that is lost in a sixtieth of a second. */
const DAMPING = 0.18;

interface Stand {
  readonly position: Vector3;
  readonly target: Vector3;
}

interface Flight {
  readonly from: Stand;
  readonly to: Stand;
  start: number | null;
}

export class CameraRig {
  /** True once the user has moved the camera; from then on nothing moves it unasked. */
  touched = false;
  readonly #controls: OrbitControls;
  readonly #abort = new AbortController();
  readonly #frustum = new Frustum();
  readonly #clip = new Matrix4();
  readonly #corner = new Vector3();
  #flight: Flight | null = null;
  #last = 0;
  readonly #followed: [number, number] = [0, 0];
  #following = false;

  constructor(
    readonly camera: PerspectiveCamera,
    surface: HTMLElement,
    changed: () => void,
  ) {
    const controls = new OrbitControls(camera, surface);
    controls.enableDamping = true;
    controls.zoomToCursor = true;
    controls.zoomSpeed = 1.1;
    controls.minDistance = 0.35;
    controls.maxDistance = 80;
    controls.maxPolarAngle = Math.PI * 0.56;
    // As in Blender: the middle button orbits, with Shift it pans. So do left and right.
    controls.mouseButtons = { LEFT: MOUSE.ROTATE, MIDDLE: MOUSE.ROTATE, RIGHT: MOUSE.PAN };
    controls.touches = { ONE: TOUCH.ROTATE, TWO: TOUCH.DOLLY_PAN };
    controls.addEventListener('change', changed);
    this.#controls = controls;
    this.#watchHands(surface);
    this.#place({ position: [3.1, 1.55, 4.6], target: [0, 0.95, 0] });
  }

  #watchHands(surface: HTMLElement): void {
    const { signal } = this.#abort;
    const taken = (): void => {
      this.touched = true;
      this.#flight = null;
    };
    surface.addEventListener('wheel', taken, { signal, passive: true });
    surface.addEventListener('pointermove', (e) => e.buttons && taken(), { signal });
  }

  get target(): Vector3 {
    return this.#controls.target;
  }

  /** Radians about +Y from +Z, and above the horizon, of the camera seen from its target. */
  get azimuth(): number {
    return this.#controls.getAzimuthalAngle();
  }

  get elevation(): number {
    return Math.PI / 2 - this.#controls.getPolarAngle();
  }

  get #lens(): Lens {
    return { fov: MathUtils.degToRad(this.camera.fov), aspect: this.camera.aspect };
  }

  /** Shows all of `boxes`, from where the camera looks now unless angles are given. */
  frame(
    boxes: readonly Bounds[],
    options: { azimuth?: number; elevation?: number; instant?: boolean } = {},
  ): void {
    const { azimuth = this.azimuth, elevation = this.elevation, instant = false } = options;
    const view = frameBoxes(boxes, azimuth, elevation, this.#lens);
    if (instant) this.#place(view);
    else this.#fly(view);
  }

  /** Whether any part of `box` is in the picture. */
  sees(box: Box3): boolean {
    this.#look();
    return this.#frustum.intersectsBox(box);
  }

  /** Whether all of every box is in the picture. */
  holds(boxes: readonly Bounds[]): boolean {
    this.#look();
    return boxes.every((box) =>
      cornersOf(box).every((corner) => this.#frustum.containsPoint(this.#corner.set(...corner))),
    );
  }

  #look(): void {
    const { projectionMatrix, matrixWorldInverse } = this.camera;
    this.camera.updateMatrixWorld();
    this.#frustum.setFromProjectionMatrix(
      this.#clip.multiplyMatrices(projectionMatrix, matrixWorldInverse),
    );
  }

  /** Turns about the target at the same distance, as the numpad views do. */
  lookFrom(azimuth: number, elevation: number): void {
    const target = this.target.clone();
    const distance = this.camera.position.distanceTo(target);
    const back = new Vector3(...direction(azimuth, elevation)).multiplyScalar(distance);
    const position = back.add(target).toArray() as [number, number, number];
    this.touched = true;
    this.#fly({ position, target: target.toArray() as Vec3 });
  }

  /** Keeps the point (x, z) where it is in the picture; null lets go. */
  follow(ground: readonly [number, number] | null): void {
    const before = this.#followed;
    if (ground && this.#following) this.#shift(ground[0] - before[0], ground[1] - before[1]);
    this.#following = ground !== null;
    if (ground) [before[0], before[1]] = ground;
  }

  #shift(dx: number, dz: number): void {
    if (dx === 0 && dz === 0) return;
    shift(this.camera.position, dx, dz);
    shift(this.target, dx, dz);
    if (this.#flight) {
      for (const stand of [this.#flight.from, this.#flight.to]) {
        shift(stand.position, dx, dz);
        shift(stand.target, dx, dz);
      }
    }
    this.#controls.update();
  }

  /** Moves on to `now` (milliseconds); true while the camera is still in motion. */
  tick(now: number): boolean {
    // The controls damp once an update; slow drawing must not make the camera glide on.
    const elapsed = Math.min(now - this.#last, 1000);
    this.#last = now;
    this.#controls.dampingFactor = 1 - (1 - DAMPING) ** Math.max(1, (elapsed * 60) / 1000);
    if (!this.#flight) return this.#controls.update();
    const flight = this.#flight;
    flight.start ??= now;
    const t = MathUtils.clamp((now - flight.start) / FLIGHT_MS, 0, 1);
    const eased = 1 - (1 - t) ** 3;
    const { from, to } = flight;
    this.camera.position.lerpVectors(from.position, to.position, eased);
    this.target.lerpVectors(from.target, to.target, eased);
    this.#controls.update();
    if (t === 1) this.#flight = null;
    return true;
  }

  #fly(view: View): void {
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return this.#place(view);
    const from = { position: this.camera.position.clone(), target: this.target.clone() };
    const to = { position: new Vector3(...view.position), target: new Vector3(...view.target) };
    this.#flight = { from, to, start: null };
  }

  #place(view: View): void {
    this.#flight = null;
    this.camera.position.set(...view.position);
    this.target.set(...view.target);
    this.#controls.update();
  }

  dispose(): void {
    this.#abort.abort();
    this.#controls.dispose();
  }
}

function shift(point: Vector3, dx: number, dz: number): void {
  point.x += dx;
  point.z += dz;
}
