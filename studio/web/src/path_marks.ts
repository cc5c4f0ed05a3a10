/** What stands along a path on the ground: arrows, and the seconds beside them in figures. */

import {
  BufferGeometry,
  CanvasTexture,
  Color,
  DoubleSide,
  DynamicDrawUsage,
  Float32BufferAttribute,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  LinearFilter,
  Mesh,
  ShaderMaterial,
  Vector2,
} from 'three';

import type { StageColors } from './theme';

/** A second on the ground. */
export interface PathMark {
  readonly second: number;
  /** Metres. */
  readonly x: number;
  readonly z: number;
  /** Radians about +Y from +Z: the way the path goes. */
  readonly heading: number;
}

/** Metres above the floor: over the shadows, under the feet. */
export const LIFT = 0.006;
export const MOST_MARKS = 256;

const ARROW_VERTEX = /* glsl */ `
  attribute vec4 mark; // x, z, heading, second
  uniform vec3 uPast;
  uniform vec3 uFuture;
  uniform float uNow;
  varying vec4 vColor;
  void main() {
    float c = cos(mark.z);
    float s = sin(mark.z);
    vec2 at = vec2(c * position.x + s * position.z, c * position.z - s * position.x);
    vec4 world = vec4(mark.x + at.x, ${LIFT + 0.001}, mark.y + at.y, 1.0);
    vColor = vec4(mark.w <= uNow ? uPast : uFuture, 0.95);
    gl_Position = projectionMatrix * viewMatrix * world;
  }`;

const FLAT_FRAGMENT = /* glsl */ `
  varying vec4 vColor;
  void main() {
    gl_FragColor = vColor;
    #include <colorspace_fragment>
  }`;

/** Flat arrowheads that point the way of the path. */
export class Arrows {
  readonly object: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #marks = new InstancedBufferAttribute(new Float32Array(MOST_MARKS * 4), 4);
  readonly #uniforms = {
    uPast: { value: new Color() },
    uFuture: { value: new Color() },
    uNow: { value: 0 },
  };

  constructor() {
    const geometry = new InstancedBufferGeometry();
    // A notched head around the origin, its tip towards +Z.
    const corners = [0, 0, 0.085, 0.055, 0, -0.05, 0, 0, -0.018, -0.055, 0, -0.05];
    geometry.setAttribute('position', new Float32BufferAttribute(corners, 3));
    geometry.setAttribute('mark', this.#marks.setUsage(DynamicDrawUsage));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.instanceCount = 0;
    this.object = flat(geometry, ARROW_VERTEX, FLAT_FRAGMENT, this.#uniforms);
  }

  setColors(colors: StageColors): void {
    this.#uniforms.uPast.value.copy(colors.past);
    this.#uniforms.uFuture.value.copy(colors.future);
  }

  set now(seconds: number) {
    this.#uniforms.uNow.value = seconds;
  }

  set(marks: readonly PathMark[]): void {
    marks.forEach((m, i) => this.#marks.setXYZW(i, m.x, m.z, m.heading, m.second));
    this.#marks.needsUpdate = true;
    this.object.geometry.instanceCount = marks.length;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}

const GLYPHS = '0123456789:s';
/** CSS pixels of a character of the labels, and how many times finer it is drawn. */
const GLYPH = { width: 7, height: 14, finer: 3 };
const MOST_GLYPHS = MOST_MARKS * 5;

const LABEL_VERTEX = /* glsl */ `
  attribute vec4 glyph; // x, z, place in the word from its middle, which character
  uniform vec2 uSize;
  varying vec2 vUv;
  varying float vAway;
  void main() {
    vec4 view = viewMatrix * vec4(glyph.x, ${LIFT}, glyph.y, 1.0);
    vAway = -view.z;
    gl_Position = projectionMatrix * view;
    vec2 pixels = vec2(
      (glyph.z + position.x) * ${GLYPH.width.toFixed(1)},
      position.y * ${GLYPH.height.toFixed(1)} - 15.0
    );
    gl_Position.xy += pixels / (0.5 * uSize) * gl_Position.w;
    vUv = vec2((glyph.w + 0.5 + position.x) / ${GLYPHS.length.toFixed(1)}, 0.5 + position.y);
  }`;

const LABEL_FRAGMENT = /* glsl */ `
  uniform sampler2D uAtlas;
  uniform vec3 uColor;
  varying vec2 vUv;
  varying float vAway;
  void main() {
    float fade = 1.0 - smoothstep(11.0, 18.0, vAway);
    gl_FragColor = vec4(uColor, texture2D(uAtlas, vUv).a * fade);
    #include <colorspace_fragment>
  }`;

/** The seconds in figures, upright and of one size wherever they are seen from. */
export class SecondLabels {
  readonly object: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #glyphs = new InstancedBufferAttribute(new Float32Array(MOST_GLYPHS * 4), 4);
  readonly #atlas = glyphAtlas();
  readonly #uniforms = {
    uSize: { value: new Vector2(1, 1) },
    uColor: { value: new Color() },
    uAtlas: { value: this.#atlas },
  };

  constructor() {
    const geometry = new InstancedBufferGeometry();
    const corners = [-0.5, -0.5, 0, 0.5, -0.5, 0, 0.5, 0.5, 0, -0.5, 0.5, 0];
    geometry.setAttribute('position', new Float32BufferAttribute(corners, 3));
    geometry.setAttribute('glyph', this.#glyphs.setUsage(DynamicDrawUsage));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.instanceCount = 0;
    this.object = flat(geometry, LABEL_VERTEX, LABEL_FRAGMENT, this.#uniforms);
  }

  setColors(colors: StageColors): void {
    this.#uniforms.uColor.value.copy(colors.mark).lerp(colors.text, 0.6);
  }

  resize(width: number, height: number): void {
    this.#uniforms.uSize.value.set(width, height);
  }

  set(marks: readonly PathMark[]): void {
    let count = 0;
    for (const { second, x, z } of marks) {
      const word = secondsLabel(second);
      for (let i = 0; i < word.length && count < MOST_GLYPHS; i++) {
        const place = i - (word.length - 1) / 2;
        this.#glyphs.setXYZW(count++, x, z, place, GLYPHS.indexOf(word[i]));
      }
    }
    this.#glyphs.needsUpdate = true;
    this.object.geometry.instanceCount = count;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.#atlas.dispose();
  }
}

/** `7s`, `1:05`. */
export function secondsLabel(second: number): string {
  if (second < 60) return `${second}s`;
  return `${Math.floor(second / 60)}:${String(second % 60).padStart(2, '0')}`;
}

function glyphAtlas(): CanvasTexture {
  const canvas = document.createElement('canvas');
  const [width, height] = [GLYPH.width * GLYPH.finer, GLYPH.height * GLYPH.finer];
  canvas.width = width * GLYPHS.length;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.font = `500 ${11 * GLYPH.finer}px system-ui, sans-serif`;
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    pen.fillStyle = '#fff';
    [...GLYPHS].forEach((glyph, i) => pen.fillText(glyph, (i + 0.5) * width, height * 0.52));
  }
  const texture = new CanvasTexture(canvas);
  texture.minFilter = texture.magFilter = LinearFilter;
  texture.generateMipmaps = false;
  return texture;
}

function flat<G extends BufferGeometry>(
  geometry: G,
  vertexShader: string,
  fragmentShader: string,
  uniforms: ShaderMaterial['uniforms'],
): Mesh<G, ShaderMaterial> {
  const material = new ShaderMaterial({
    vertexShader,
    fragmentShader,
    uniforms,
    transparent: true,
    depthWrite: false,
    toneMapped: false,
    side: DoubleSide,
  });
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  mesh.renderOrder = 3;
  return mesh;
}
