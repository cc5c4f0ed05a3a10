/** Where a camera has to stand to see the action. Pure geometry. */

import { union, type Bounds, type Vec3 } from './action';

export interface View {
  readonly position: Vec3;
  readonly target: Vec3;
}

/** Radians off the figure's own heading: its front quarter. */
export const FRONT_QUARTER = (34 * Math.PI) / 180;
/** The same for a row of figures, whose far end would else be small. */
export const ROW_QUARTER = (12 * Math.PI) / 180;
/** Radians above the horizon, about as high as a person with a camera stands. */
export const ELEVATION = (11 * Math.PI) / 180;
const MARGIN = 1.12;

export interface Lens {
  /** Vertical field of view, radians. */
  readonly fov: number;
  /** Width over height. */
  readonly aspect: number;
}

/**
 * The nearest view along `azimuth` and `elevation` (radians; azimuth about +Y from +Z) whose
 * frustum holds every corner of `boxes`.
 */
export function frameBoxes(
  boxes: readonly Bounds[],
  azimuth: number,
  elevation: number,
  { fov, aspect }: Lens,
): View {
  const back = direction(azimuth, elevation);
  const right: Vec3 = [Math.cos(azimuth), 0, -Math.sin(azimuth)];
  const up = cross(back, right);
  const target = middle(boxes);
  const corners = boxes.flatMap(cornersOf);
  const tanY = Math.tan(fov / 2) / MARGIN;
  const tanX = tanY * aspect;
  // The middle of the box is not the middle of the picture (what is near looks larger), so solve
  // each axis for the two planes that bound it and stand where the farther-out axis is satisfied.
  const xs = planes(corners, target, right, back, tanX);
  const ys = planes(corners, target, up, back, tanY);
  const distance = Math.max(xs.distance, ys.distance, 0.5);
  const aim: Vec3 = [
    target[0] + right[0] * xs.offset + up[0] * ys.offset,
    target[1] + right[1] * xs.offset + up[1] * ys.offset,
    target[2] + right[2] * xs.offset + up[2] * ys.offset,
  ];
  return {
    target: aim,
    position: [
      aim[0] + back[0] * distance,
      aim[1] + back[1] * distance,
      aim[2] + back[2] * distance,
    ],
  };
}

/** Unit vector from the target towards the camera. */
export function direction(azimuth: number, elevation: number): Vec3 {
  const flat = Math.cos(elevation);
  return [flat * Math.sin(azimuth), Math.sin(elevation), flat * Math.cos(azimuth)];
}

/**
 * A corner at (u, d) along the axis and towards the camera is inside when |u - o| <= (D - d) tan.
 * The tightest upper and lower bounds meet at distance D and offset o.
 */
function planes(
  corners: readonly Vec3[],
  origin: Vec3,
  axis: Vec3,
  back: Vec3,
  tan: number,
): { distance: number; offset: number } {
  let high = -Infinity;
  let low = -Infinity;
  for (const corner of corners) {
    const rel: Vec3 = [corner[0] - origin[0], corner[1] - origin[1], corner[2] - origin[2]];
    const u = dot(rel, axis);
    const d = dot(rel, back);
    high = Math.max(high, u / tan + d);
    low = Math.max(low, -u / tan + d);
  }
  return { distance: (high + low) / 2, offset: ((high - low) / 2) * tan };
}

export function cornersOf({ min, max }: Bounds): Vec3[] {
  return Array.from({ length: 8 }, (_, i) => [
    (i & 1 ? max : min)[0],
    (i & 2 ? max : min)[1],
    (i & 4 ? max : min)[2],
  ]);
}

function middle(boxes: readonly Bounds[]): Vec3 {
  const { min, max } = union(boxes) ?? { min: [0, 0, 0], max: [0, 0, 0] };
  return [(min[0] + max[0]) / 2, (min[1] + max[1]) / 2, (min[2] + max[2]) / 2];
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
