/**
 * The soft shadow where a body comes near the floor: ambient occlusion of the floor by spheres
 * along the bones, in closed form. For a sphere of radius r at height h over the floor, a point at
 * distance d sees (h / d) (r / d)^2 of its sky covered (Quilez, "sphere ambient occlusion").
 */

import { Mesh, PlaneGeometry, ShaderMaterial, Vector4 } from 'three';

import type { WorldPose } from './kinematics';
import type { Motion } from './motion';
import { fleshRadius, rolesOf } from './roles';

/** The most occluding spheres of a pose; the rest add nothing the eye can see. */
const SPHERES = 16;
/** Metres around the feet beyond which the occlusion is gone. */
const REACH = 0.8;
const STRENGTH = 0.7;

const VERTEX = /* glsl */ `
  varying vec2 vGround;
  void main() {
    vec4 world = modelMatrix * vec4(position, 1.0);
    vGround = world.xz;
    gl_Position = projectionMatrix * viewMatrix * world;
  }`;

const FRAGMENT = /* glsl */ `
  uniform vec4 uSpheres[${SPHERES}];
  uniform vec4 uArea;
  uniform float uStrength;
  varying vec2 vGround;
  void main() {
    float open = 1.0;
    for (int i = 0; i < ${SPHERES}; i++) {
      vec3 to = uSpheres[i].xyz - vec3(vGround.x, 0.0, vGround.y);
      float d2 = max(dot(to, to), 1e-4);
      float r2 = uSpheres[i].w * uSpheres[i].w;
      open *= 1.0 - clamp(max(to.y, 0.0) * r2 * inversesqrt(d2) / d2, 0.0, 0.92);
    }
    // Round off towards the quad's border, where a little occlusion is always left.
    float inside = 1.0 - smoothstep(0.3, 1.0, length((vGround - uArea.xy) / uArea.zw));
    gl_FragColor = vec4(0.0, 0.0, 0.0, (1.0 - open) * uStrength * inside);
  }`;

export class ContactShadow {
  readonly object: Mesh<PlaneGeometry, ShaderMaterial>;
  readonly #spheres = Array.from({ length: SPHERES }, () => new Vector4());
  readonly #area = new Vector4();
  readonly #parents: readonly number[];
  readonly #radii: Float32Array;
  /** x, height, z, radius; two a joint: at it, and half-way to its parent. */
  readonly #candidates: Float32Array;
  readonly #weights: Float32Array;

  constructor(motion: Motion) {
    this.#parents = motion.parents;
    this.#radii = Float32Array.from(rolesOf(motion.joints), fleshRadius);
    this.#candidates = new Float32Array(motion.joints.length * 8);
    this.#weights = new Float32Array(motion.joints.length * 2);
    const uniforms = {
      uSpheres: { value: this.#spheres },
      uArea: { value: this.#area },
      uStrength: { value: STRENGTH },
    };
    const material = new ShaderMaterial({
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    });
    this.object = new Mesh(new PlaneGeometry(2, 2).rotateX(-Math.PI / 2), material);
    this.object.frustumCulled = false;
    this.object.renderOrder = -2;
    this.object.position.y = 0.001;
  }

  update({ positions }: WorldPose): void {
    this.#gather(positions);
    let minX = Infinity;
    let maxX = -Infinity;
    let minZ = Infinity;
    let maxZ = -Infinity;
    for (let i = 0; i < SPHERES; i++) {
      const at = this.#takeHeaviest() * 4;
      const sphere = this.#spheres[i];
      if (at < 0) {
        sphere.set(0, -1, 0, 0);
        continue;
      }
      sphere.fromArray(this.#candidates, at);
      minX = Math.min(minX, sphere.x);
      maxX = Math.max(maxX, sphere.x);
      minZ = Math.min(minZ, sphere.z);
      maxZ = Math.max(maxZ, sphere.z);
    }
    this.#area.set(
      (minX + maxX) / 2,
      (minZ + maxZ) / 2,
      (maxX - minX) / 2 + REACH,
      (maxZ - minZ) / 2 + REACH,
    );
    this.object.position.x = this.#area.x;
    this.object.position.z = this.#area.y;
    this.object.scale.set(this.#area.z, 1, this.#area.w);
  }

  /** Spheres at the joints and half-way along the bones. */
  #gather(p: Float32Array): void {
    for (let j = 0; j < this.#parents.length; j++) {
      const a = j * 3;
      const b = this.#parents[j] * 3;
      const r = this.#radii[j];
      this.#put(2 * j, p[a], p[a + 1], p[a + 2], r);
      if (b < 0) continue;
      const x = (p[a] + p[b]) / 2;
      const y = (p[a + 1] + p[b + 1]) / 2;
      const z = (p[a + 2] + p[b + 2]) / 2;
      this.#put(2 * j + 1, x, y, z, (r + this.#radii[this.#parents[j]]) / 2);
    }
  }

  #put(i: number, x: number, y: number, z: number, r: number): void {
    // A body part pressed into the floor still shades it as if it lay on it.
    const height = Math.max(y, r * 0.9);
    const at = i * 4;
    this.#candidates[at] = x;
    this.#candidates[at + 1] = height;
    this.#candidates[at + 2] = z;
    this.#candidates[at + 3] = r;
    this.#weights[i] = (r * r) / (height * height);
  }

  /** Index of the most occluding sphere that is left, which is taken out; -1 where none is. */
  #takeHeaviest(): number {
    const weights = this.#weights;
    let best = -1;
    for (let i = 0; i < weights.length; i++) {
      if (weights[i] > 0 && (best < 0 || weights[i] > weights[best])) best = i;
    }
    if (best >= 0) weights[best] = 0;
    return best;
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
