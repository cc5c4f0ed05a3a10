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

  constructor(motion: Motion) {
    this.#parents = motion.parents;
    this.#radii = Float32Array.from(rolesOf(motion.joints), fleshRadius);
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
    const found = this.#candidates(positions);
    let [minX, maxX, minZ, maxZ] = [Infinity, -Infinity, Infinity, -Infinity];
    this.#spheres.forEach((sphere, i) => {
      const at = found[i];
      if (!at) {
        sphere.set(0, -1, 0, 0);
        return;
      }
      sphere.set(at.x, at.y, at.z, at.r);
      [minX, maxX] = [Math.min(minX, at.x), Math.max(maxX, at.x)];
      [minZ, maxZ] = [Math.min(minZ, at.z), Math.max(maxZ, at.z)];
    });
    this.object.visible = found.length > 0;
    if (!this.object.visible) return;
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

  /** Spheres at the joints and half-way along the bones, most occluding first. */
  #candidates(
    p: Float32Array,
  ): Array<{ x: number; y: number; z: number; r: number; weight: number }> {
    const out: Array<{ x: number; y: number; z: number; r: number; weight: number }> = [];
    const add = (x: number, y: number, z: number, r: number): void => {
      // A body part pressed into the floor still shades it as if it lay on it.
      const height = Math.max(y, r * 0.9);
      out.push({ x, y: height, z, r, weight: (r * r) / (height * height) });
    };
    for (let j = 0; j < this.#parents.length; j++) {
      const [x, y, z] = [p[j * 3], p[j * 3 + 1], p[j * 3 + 2]];
      const r = this.#radii[j];
      add(x, y, z, r);
      const above = this.#parents[j];
      if (above < 0) continue;
      const middle = (r + this.#radii[above]) / 2;
      add((x + p[above * 3]) / 2, (y + p[above * 3 + 1]) / 2, (z + p[above * 3 + 2]) / 2, middle);
    }
    return out.sort((a, b) => b.weight - a.weight).slice(0, SPHERES);
  }

  dispose(): void {
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
