/** Lines through time: polylines of a few pixels' width whose colour and strength follow the playhead. */

import {
  Color,
  DynamicDrawUsage,
  Float32BufferAttribute,
  GreaterDepth,
  Group,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LessEqualDepth,
  Mesh,
  ShaderMaterial,
  Vector2,
  Vector4,
  type DepthModes,
} from 'three';

import type { StageColors } from './theme';

/** Seconds that no timeline reaches: a point of this time ends a line. */
const BREAK = 1e8;
/** x, y, z in metres and the time in seconds. */
const STRIDE = 4;

const TIME = /* glsl */ `
  uniform vec3 uPast;
  uniform vec3 uFuture;
  uniform float uNow;
  uniform vec4 uSpan; // seconds of past and future, strength at the far ends, opacity
  // What has been and what is to come, weaker with the distance in time.
  vec4 colorAt(float time) {
    float away = time - uNow;
    float far = away < 0.0 ? -away / uSpan.x : away / uSpan.y;
    float strength = far > 1.0 ? 0.0 : mix(1.0, uSpan.z, far);
    return vec4(away < 0.0 ? uPast : uFuture, strength * uSpan.w);
  }`;

const LINE_VERTEX = /* glsl */ `
  uniform vec2 uSize;
  uniform float uWidth;
  uniform float uNear;
  attribute vec4 from;
  attribute vec4 to;
  varying float vTime;
  varying float vAcross;
  void main() {
    vec4 a = viewMatrix * vec4(from.xyz, 1.0);
    vec4 b = viewMatrix * vec4(to.xyz, 1.0);
    float ta = from.w;
    float tb = to.w;
    bool broken = max(ta, tb) > ${(BREAK / 2).toExponential()} || (a.z > -uNear && b.z > -uNear);
    if (broken) {
      gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
      return;
    }
    // What is behind the camera has no place in the picture: cut there.
    float cut = (-uNear - a.z) / (b.z - a.z);
    if (a.z > -uNear) {
      a = mix(a, b, cut);
      ta = mix(ta, tb, cut);
    } else if (b.z > -uNear) {
      b = mix(a, b, cut);
      tb = mix(ta, tb, cut);
    }
    vec4 pa = projectionMatrix * a;
    vec4 pb = projectionMatrix * b;
    vec2 along = (pb.xy / pb.w - pa.xy / pa.w) * uSize;
    along = length(along) > 1e-4 ? normalize(along) : vec2(1.0, 0.0);
    float half_ = 0.5 * uWidth + 1.0;
    gl_Position = position.x < 0.5 ? pa : pb;
    vec2 aside = vec2(-along.y, along.x) * position.y * half_ / (0.5 * uSize);
    gl_Position.xy += aside * gl_Position.w;
    vTime = position.x < 0.5 ? ta : tb;
    vAcross = position.y * half_;
  }`;

const LINE_FRAGMENT = /* glsl */ `
  uniform float uWidth;
  varying float vTime;
  varying float vAcross;
  ${TIME}
  void main() {
    vec4 color = colorAt(vTime);
    float edge = 0.5 * uWidth;
    color.a *= 1.0 - smoothstep(edge - 0.6, edge + 0.6, abs(vAcross));
    if (color.a < 0.004) discard;
    gl_FragColor = color;
    #include <colorspace_fragment>
  }`;

const BEAD_VERTEX = /* glsl */ `
  uniform vec2 uSize;
  uniform vec3 uBead; // diameter in pixels, frames a second, frames between beads
  attribute vec4 from;
  varying float vTime;
  varying vec2 vAt;
  void main() {
    float frame = floor(from.w * uBead.y + 0.5);
    bool shown = from.w < ${(BREAK / 2).toExponential()} && mod(frame, uBead.z) < 0.5;
    gl_Position = shown
      ? projectionMatrix * viewMatrix * vec4(from.xyz, 1.0)
      : vec4(2.0, 2.0, 2.0, 1.0);
    vAt = vec2(position.x * 2.0 - 1.0, position.y) * (0.5 * uBead.x + 1.0);
    gl_Position.xy += vAt / (0.5 * uSize) * gl_Position.w;
    vTime = from.w;
  }`;

const BEAD_FRAGMENT = /* glsl */ `
  uniform vec3 uBead;
  varying float vTime;
  varying vec2 vAt;
  ${TIME}
  void main() {
    vec4 color = colorAt(vTime);
    float edge = 0.5 * uBead.x;
    color.a *= 1.0 - smoothstep(edge - 0.6, edge + 0.6, length(vAt));
    if (color.a < 0.004) discard;
    gl_FragColor = color;
    #include <colorspace_fragment>
  }`;

export interface RibbonStyle {
  /** Pixels. */
  readonly width: number;
  /** Diameter in pixels of a bead at every few frames; 0 for none. */
  readonly bead: number;
  /** Opacity of what is hidden behind a body. */
  readonly hidden: number;
  /** Of the first and the second to be drawn, seen and hidden parts. */
  readonly order: number;
}

export class Ribbons {
  readonly object = new Group();
  readonly #uniforms = {
    uSize: { value: new Vector2(1, 1) },
    uWidth: { value: 1 },
    uNear: { value: 0.05 },
    uPast: { value: new Color() },
    uFuture: { value: new Color() },
    uNow: { value: 0 },
    uBead: { value: [0, 30, 3] },
  };
  readonly #seen = new Vector4(1, 1, 0, 1);
  readonly #hidden = new Vector4(1, 1, 0, 1);
  readonly #meshes: ReadonlyArray<Mesh<InstancedBufferGeometry, ShaderMaterial>>;
  #buffer = new InstancedInterleavedBuffer(new Float32Array(STRIDE * 2), STRIDE);
  #data = this.#buffer.array as Float32Array;
  #points = 0;

  constructor(style: RibbonStyle) {
    this.#uniforms.uWidth.value = style.width;
    this.#uniforms.uBead.value[0] = style.bead;
    this.#hidden.w = style.hidden;
    const lines = [
      this.#mesh(LINE_VERTEX, LINE_FRAGMENT, this.#hidden, GreaterDepth, style.order),
      this.#mesh(LINE_VERTEX, LINE_FRAGMENT, this.#seen, LessEqualDepth, style.order + 1),
    ];
    const beads = this.#mesh(
      BEAD_VERTEX,
      BEAD_FRAGMENT,
      this.#seen,
      LessEqualDepth,
      style.order + 1,
    );
    this.#meshes = style.bead > 0 ? [...lines, beads] : lines;
    this.object.add(...this.#meshes);
    this.#attach();
  }

  #mesh(
    vertexShader: string,
    fragmentShader: string,
    span: Vector4,
    depthFunc: DepthModes,
    order: number,
  ): Mesh<InstancedBufferGeometry, ShaderMaterial> {
    const material = new ShaderMaterial({
      vertexShader,
      fragmentShader,
      uniforms: { ...this.#uniforms, uSpan: { value: span } },
      transparent: true,
      depthWrite: false,
      depthFunc,
      toneMapped: false,
    });
    const mesh = new Mesh(new InstancedBufferGeometry(), material);
    mesh.geometry.setIndex([0, 1, 2, 2, 1, 3]);
    const corners = [0, -1, 0, 1, -1, 0, 0, 1, 0, 1, 1, 0];
    mesh.geometry.setAttribute('position', new Float32BufferAttribute(corners, 3));
    mesh.frustumCulled = false;
    mesh.renderOrder = order;
    return mesh;
  }

  /** A line's end is the next one's beginning: both are read from one list of points. */
  #attach(): void {
    this.#buffer.setUsage(DynamicDrawUsage);
    for (const { geometry } of this.#meshes) {
      geometry.setAttribute('from', new InterleavedBufferAttribute(this.#buffer, 4, 0));
      geometry.setAttribute('to', new InterleavedBufferAttribute(this.#buffer, 4, STRIDE));
      geometry.instanceCount = 0;
    }
  }

  setColors(colors: StageColors): void {
    this.#uniforms.uPast.value.copy(colors.past);
    this.#uniforms.uFuture.value.copy(colors.future);
  }

  /** CSS pixels of the picture. */
  resize(width: number, height: number): void {
    this.#uniforms.uSize.value.set(width, height);
  }

  /** The playhead, in seconds. */
  set now(seconds: number) {
    this.#uniforms.uNow.value = seconds;
  }

  /** Seconds of past and future that are drawn, and how strong their far ends still are. */
  setSpan(past: number, future: number, farStrength: number): void {
    for (const span of [this.#seen, this.#hidden]) {
      span.x = Math.max(past, 1e-3);
      span.y = Math.max(future, 1e-3);
      span.z = farStrength;
    }
  }

  setBeads(fps: number, every: number): void {
    this.#uniforms.uBead.value[1] = fps;
    this.#uniforms.uBead.value[2] = every;
  }

  /** Begins to write `points` points at most, line ends included. */
  begin(points: number): void {
    this.#points = 0;
    const wanted = points * STRIDE;
    if (this.#data.length >= wanted) return;
    const room = 2 ** Math.ceil(Math.log2(wanted));
    for (const { geometry } of this.#meshes) geometry.dispose();
    this.#buffer = new InstancedInterleavedBuffer(new Float32Array(room), STRIDE);
    this.#data = this.#buffer.array as Float32Array;
    this.#attach();
  }

  add(x: number, y: number, z: number, seconds: number): void {
    const at = this.#points++ * STRIDE;
    this.#data[at] = x;
    this.#data[at + 1] = y;
    this.#data[at + 2] = z;
    this.#data[at + 3] = seconds;
  }

  /** Ends a line; the next point begins another. */
  cut(): void {
    this.add(0, 0, 0, BREAK);
  }

  end(): void {
    this.#buffer.clearUpdateRanges();
    this.#buffer.addUpdateRange(0, this.#points * STRIDE);
    this.#buffer.needsUpdate = true;
    for (const { geometry } of this.#meshes) geometry.instanceCount = Math.max(0, this.#points - 1);
  }

  dispose(): void {
    this.object.removeFromParent();
    for (const { geometry, material } of this.#meshes) {
      geometry.dispose();
      material.dispose();
    }
  }
}
