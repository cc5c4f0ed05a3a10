/** Rings on the ground: under the selected character, and under ghosts. */

import {
  Color,
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
} from 'three';

const VERTEX = /* glsl */ `
  attribute vec4 place; // x, z, radius, heading
  attribute vec4 tint;
  attribute float dashed;
  varying vec2 vAt;
  varying vec4 vTint;
  varying float vDashed;
  varying float vRadius;
  void main() {
    vRadius = place.z;
    float reach = place.z + 0.16;
    vAt = position.xz * reach;
    float c = cos(place.w);
    float s = sin(place.w);
    vec2 turned = vec2(c * vAt.x + s * vAt.y, c * vAt.y - s * vAt.x);
    vTint = tint;
    vDashed = dashed;
    gl_Position = projectionMatrix * viewMatrix
      * vec4(place.x + turned.x, 0.004, place.y + turned.y, 1.0);
  }`;

const FRAGMENT = /* glsl */ `
  varying vec2 vAt;
  varying vec4 vTint;
  varying float vDashed;
  varying float vRadius;
  void main() {
    float pixel = max(length(fwidth(vAt)), 1e-4) * 0.7;
    float away = length(vAt);
    float half_ = max(0.011, pixel * 0.75);
    float ring = 1.0 - smoothstep(half_ - pixel * 0.5, half_ + pixel * 0.5, abs(away - vRadius));
    float turn = atan(vAt.x, vAt.y) / 6.2831853;
    float dash = smoothstep(0.25, 0.35, abs(fract(turn * 24.0) - 0.5));
    ring *= mix(1.0, dash, vDashed);
    // A point on the ring, the way the figure faces (+Z of the ring).
    float beyond = vAt.y - vRadius - 0.012;
    float point = min(smoothstep(-pixel, pixel, 0.075 - beyond - abs(vAt.x) * 1.1),
      smoothstep(-pixel, pixel, beyond));
    float inside = (1.0 - smoothstep(vRadius - pixel, vRadius, away)) * 0.09 * (1.0 - vDashed);
    float alpha = max(max(ring, point * (1.0 - vDashed)), inside);
    if (alpha < 0.004) discard;
    gl_FragColor = vec4(vTint.rgb, alpha * vTint.a);
    #include <colorspace_fragment>
  }`;

const MOST = 16;

export class Rings {
  readonly object: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  readonly #place = attribute(4);
  readonly #tint = attribute(4);
  readonly #dashed = attribute(1);
  #count = 0;

  constructor() {
    const flat = new PlaneGeometry(2, 2).rotateX(-Math.PI / 2);
    const geometry = new InstancedBufferGeometry();
    geometry.setIndex(flat.index);
    geometry.setAttribute('position', flat.getAttribute('position'));
    geometry.setAttribute('place', this.#place);
    geometry.setAttribute('tint', this.#tint);
    geometry.setAttribute('dashed', this.#dashed);
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    });
    this.object = new Mesh(geometry, material);
    this.object.frustumCulled = false;
    this.object.renderOrder = 1;
  }

  begin(): void {
    this.#count = 0;
  }

  /** A ring around (x, z); one that is not dashed points the way of `heading`, radians from +Z. */
  add(x: number, z: number, radius: number, heading: number, color: Color, dashed: boolean): void {
    if (this.#count === MOST) return;
    const at = this.#count++;
    this.#place.setXYZW(at, x, z, radius, heading);
    this.#tint.setXYZW(at, color.r, color.g, color.b, dashed ? 0.75 : 0.95);
    this.#dashed.array[at] = dashed ? 1 : 0;
  }

  end(): void {
    for (const attribute of [this.#place, this.#tint, this.#dashed]) attribute.needsUpdate = true;
    this.object.geometry.instanceCount = this.#count;
    this.object.visible = this.#count > 0;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}

function attribute(size: number): InstancedBufferAttribute {
  const made = new InstancedBufferAttribute(new Float32Array(MOST * size), size);
  return made.setUsage(DynamicDrawUsage);
}
