/**
 * Translucent copies of a figure in other poses, for onion skins and ghosts: all of them together
 * are drawn in two calls a mesh, posed by matrices that are kept in a texture, a row a copy.
 */

import {
  Color,
  DataTexture,
  DynamicDrawUsage,
  EqualStencilFunc,
  FloatType,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  NearestFilter,
  NotEqualStencilFunc,
  RGBAFormat,
  ShaderMaterial,
  type StencilFunc,
} from 'three';

import { FIGURE_STENCIL, type Body } from './body';
import { createWorldPose, forwardKinematics, type WorldPose } from './kinematics';
import { createPose, samplePose, type LocalPose, type Motion } from './motion';
import { skinsOf, type Skin } from './skins';

/** How a copy looks. */
export interface EchoLook {
  readonly color: Color;
  readonly opacity: number;
  readonly style: EchoStyle;
}

/** Clear as glass, glass in stripes, or nearly as solid as the figure itself. */
export const ECHO = { glass: 0, hatched: 1, solid: 2 } as const;
export type EchoStyle = (typeof ECHO)[keyof typeof ECHO];

const VERTEX = /* glsl */ `
  uniform highp sampler2D uBones;
  attribute vec4 skinIndex;
  attribute vec4 skinWeight;
  attribute float row;
  attribute vec4 tint;
  attribute float style;
  varying vec3 vNormal;
  varying vec3 vToEye;
  varying vec4 vTint;
  varying float vStyle;
  #ifdef HAS_COLOR
    attribute vec3 color;
    varying vec3 vPaint;
  #endif
  // The first three rows of a bone's matrix.
  mat3x4 bone(float index) {
    int x = int(index + 0.5) * 3;
    int y = int(row + 0.5);
    return mat3x4(
      texelFetch(uBones, ivec2(x, y), 0),
      texelFetch(uBones, ivec2(x + 1, y), 0),
      texelFetch(uBones, ivec2(x + 2, y), 0)
    );
  }
  void main() {
    mat3x4 rows = bone(skinIndex.x) * skinWeight.x + bone(skinIndex.y) * skinWeight.y
      + bone(skinIndex.z) * skinWeight.z + bone(skinIndex.w) * skinWeight.w;
    vec3 world = vec4(position, 1.0) * rows;
    vNormal = vec4(normal, 0.0) * rows;
    vToEye = cameraPosition - world;
    vTint = tint;
    vStyle = style;
    #ifdef HAS_COLOR
      vPaint = color;
    #endif
    gl_Position = projectionMatrix * viewMatrix * vec4(world, 1.0);
  }`;

const FRAGMENT = /* glsl */ `
  uniform float uShare;
  varying vec3 vNormal;
  varying vec3 vToEye;
  varying vec4 vTint;
  varying float vStyle;
  #ifdef HAS_COLOR
    varying vec3 vPaint;
  #endif
  void main() {
    vec3 n = normalize(vNormal);
    vec3 toEye = normalize(vToEye);
    float hatched = step(0.5, vStyle) - step(1.5, vStyle);
    float solid = step(1.5, vStyle);
    // Strong at the outline, thin in the middle, as glass is.
    float rim = pow(1.0 - abs(dot(n, toEye)), 1.6);
    // Light from above and from behind the eye models the form.
    float light = mix(0.72 + 0.28 * n.y, 0.5 + 0.2 * n.y + 0.3 * abs(dot(n, toEye)), solid);
    vec3 color = vTint.rgb * light;
    #ifdef HAS_COLOR
      color *= mix(vec3(mix(0.62, 1.0, dot(vPaint, vec3(0.3333)))), vPaint, solid);
    #endif
    color = mix(color, vTint.rgb, rim * mix(1.0, 0.5, solid));
    float stripe = abs(fract((gl_FragCoord.x + gl_FragCoord.y) / 7.0) - 0.5) * 2.0;
    float lines = mix(0.45, 1.15, smoothstep(0.35, 0.65, stripe));
    float alpha = mix(mix(0.3, 1.0, rim) * mix(1.0, lines, hatched), 0.82, solid);
    gl_FragColor = vec4(color, clamp(alpha, 0.0, 1.0) * vTint.a * uShare);
    #include <colorspace_fragment>
  }`;

/** What a copy shows; rows that still show it need not be posed again. */
interface Row {
  motion: Motion | null;
  frame: number;
  x: number;
  z: number;
  taken: boolean;
}

interface Wanted {
  motion: Motion;
  frame: number;
  x: number;
  z: number;
  look: EchoLook;
}

/** The copies of one body. */
export class Echoes {
  readonly object = new Group();
  readonly #layers: readonly Layer[];
  readonly #local: LocalPose;
  readonly #world: WorldPose;
  readonly #rows: Row[] = [];
  readonly #waiting: Wanted[] = [];
  #waitingCount = 0;
  #count = 0;

  /** Takes over `body`, which poses the copies and is not shown itself. */
  constructor(
    private readonly body: Body,
    motion: Motion,
  ) {
    this.#local = createPose(motion);
    this.#world = createWorldPose(motion);
    this.#layers = skinsOf(body.object).map((skin) => new Layer(skin));
    for (const layer of this.#layers) this.object.add(...layer.meshes);
  }

  /** Begins a picture: nothing is shown that is not added before `end`. */
  begin(): void {
    this.#count = 0;
    this.#waitingCount = 0;
    for (const row of this.#rows) row.taken = false;
  }

  /** Shows `motion` as it is at its own `frame`, moved by (x, z) metres over the ground. */
  add(motion: Motion, frame: number, x: number, z: number, look: EchoLook): void {
    for (let i = 0; i < this.#rows.length; i++) {
      const row = this.#rows[i];
      if (row.taken || row.motion !== motion || row.frame !== frame) continue;
      if (row.x !== x || row.z !== z) continue;
      row.taken = true;
      this.#show(i, look);
      return;
    }
    this.#wait(motion, frame, x, z, look);
  }

  /** Rows are given out once all are known that can stay as they are. */
  #wait(motion: Motion, frame: number, x: number, z: number, look: EchoLook): void {
    const wanted = this.#waiting[this.#waitingCount++];
    if (!wanted) {
      this.#waiting.push({ motion, frame, x, z, look });
      return;
    }
    wanted.motion = motion;
    wanted.frame = frame;
    wanted.x = x;
    wanted.z = z;
    wanted.look = look;
  }

  end(): void {
    let free = 0;
    for (let i = 0; i < this.#waitingCount; i++) {
      while (free < this.#rows.length && this.#rows[free].taken) free++;
      if (free === this.#rows.length) this.#grow();
      this.#pose(free, this.#waiting[i]);
      this.#show(free, this.#waiting[i].look);
    }
    for (const layer of this.#layers) layer.draw(this.#count);
    this.object.visible = this.#count > 0;
  }

  #grow(): void {
    this.#rows.push({ motion: null, frame: 0, x: 0, z: 0, taken: false });
    for (const layer of this.#layers) layer.reserve(this.#rows.length);
  }

  #pose(at: number, { motion, frame, x, z }: Wanted): void {
    samplePose(motion, frame, this.#local);
    this.#local.root[0] += x;
    this.#local.root[2] += z;
    forwardKinematics(motion, this.#local, this.#world);
    this.body.pose(this.#local, this.#world);
    this.body.object.updateMatrixWorld(true);
    for (const layer of this.#layers) layer.pose(at);
    const row = this.#rows[at];
    row.motion = motion;
    row.frame = frame;
    row.x = x;
    row.z = z;
    row.taken = true;
  }

  #show(row: number, look: EchoLook): void {
    for (const layer of this.#layers) layer.show(this.#count, row, look);
    this.#count++;
  }

  dispose(): void {
    this.object.removeFromParent();
    for (const layer of this.#layers) layer.dispose();
    this.body.dispose();
  }
}

/** Share of its opacity that a copy keeps where it stands before a figure. */
const BEFORE_FIGURE = 0.3;

/** Texels a bone: the three rows of its matrix that are not (0, 0, 0, 1). */
const ROWS = 3;

/** One mesh of the body. */
class Layer {
  readonly meshes: ReadonlyArray<Mesh<InstancedBufferGeometry, ShaderMaterial>>;
  readonly #geometry: InstancedBufferGeometry;
  readonly #uniforms = { uBones: { value: null as DataTexture | null } };
  readonly #matrices: Float32Array;
  #room = 0;
  #texels = new Float32Array(0);
  #row = new InstancedBufferAttribute(new Float32Array(0), 1);
  #tint = new InstancedBufferAttribute(new Float32Array(0), 4);
  #style = new InstancedBufferAttribute(new Float32Array(0), 1);

  constructor(private readonly skin: Skin) {
    this.#matrices = new Float32Array(skin.bones * 16);
    this.#geometry = sharing(skin);
    // What stands before a figure must not hide how the figure itself moves.
    this.meshes = [this.#mesh(NotEqualStencilFunc, 1), this.#mesh(EqualStencilFunc, BEFORE_FIGURE)];
  }

  #mesh(stencilFunc: StencilFunc, share: number): Mesh<InstancedBufferGeometry, ShaderMaterial> {
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...this.#uniforms, uShare: { value: share } },
      defines: this.#geometry.hasAttribute('color') ? { HAS_COLOR: '' } : {},
      // A copy is of one colour, so that it does not matter in which order its parts are blended.
      transparent: true,
      depthWrite: false,
      toneMapped: false,
      // Where a copy and the figure itself are in one place, the figure is seen.
      polygonOffset: true,
      polygonOffsetFactor: 1,
      polygonOffsetUnits: 24,
      stencilWrite: true,
      stencilFunc,
      stencilRef: FIGURE_STENCIL,
    });
    const mesh = new Mesh(this.#geometry, material);
    mesh.frustumCulled = false;
    mesh.renderOrder = 6;
    return mesh;
  }

  reserve(rows: number): void {
    if (rows <= this.#room) return;
    this.#room = Math.max(8, this.#room * 2);
    const width = this.skin.bones * ROWS;
    const before = this.#texels;
    this.#texels = new Float32Array(width * 4 * this.#room);
    this.#texels.set(before);
    this.#uniforms.uBones.value?.dispose();
    const texture = new DataTexture(this.#texels, width, this.#room, RGBAFormat, FloatType);
    texture.minFilter = texture.magFilter = NearestFilter;
    this.#uniforms.uBones.value = texture;
    // Attributes cannot grow: the geometry takes new ones, and lets go of the old.
    this.#geometry.dispose();
    this.#row = grown(this.#row, this.#room);
    this.#tint = grown(this.#tint, this.#room);
    this.#style = grown(this.#style, this.#room);
    this.#geometry.setAttribute('row', this.#row);
    this.#geometry.setAttribute('tint', this.#tint);
    this.#geometry.setAttribute('style', this.#style);
  }

  /** Keeps the body's present pose in `row`. */
  pose(row: number): void {
    this.skin.write(this.#matrices, 0);
    const width = this.skin.bones * ROWS * 4;
    for (let bone = 0; bone < this.skin.bones; bone++) {
      for (let r = 0; r < ROWS; r++) {
        const to = row * width + (bone * ROWS + r) * 4;
        for (let c = 0; c < 4; c++) this.#texels[to + c] = this.#matrices[bone * 16 + c * 4 + r];
      }
    }
    this.#uniforms.uBones.value!.needsUpdate = true;
  }

  show(index: number, row: number, { color, opacity, style }: EchoLook): void {
    this.#row.array[index] = row;
    this.#tint.setXYZW(index, color.r, color.g, color.b, opacity);
    this.#style.array[index] = style;
  }

  draw(count: number): void {
    this.#geometry.instanceCount = count;
    for (const attribute of [this.#row, this.#tint, this.#style]) attribute.needsUpdate = true;
  }

  dispose(): void {
    this.#geometry.dispose();
    this.#uniforms.uBones.value?.dispose();
    for (const { material } of this.meshes) material.dispose();
    this.skin.dispose();
  }
}

/** An instanced geometry over the attributes of a skin. */
function sharing({ geometry }: Skin): InstancedBufferGeometry {
  const out = new InstancedBufferGeometry();
  for (const name of ['position', 'normal', 'skinIndex', 'skinWeight', 'color']) {
    if (geometry.hasAttribute(name)) out.setAttribute(name, geometry.getAttribute(name));
  }
  out.setIndex(geometry.index);
  out.instanceCount = 0;
  return out;
}

/** A larger attribute that begins with what `from` holds. */
function grown(from: InstancedBufferAttribute, count: number): InstancedBufferAttribute {
  const values = new Float32Array(count * from.itemSize);
  values.set(from.array);
  return new InstancedBufferAttribute(values, from.itemSize).setUsage(DynamicDrawUsage);
}
