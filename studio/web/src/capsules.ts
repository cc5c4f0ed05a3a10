/** A plain figure made from the joints alone, for any skeleton and while no character is there. */

import {
  BufferGeometry,
  CapsuleGeometry,
  Color,
  Group,
  LatheGeometry,
  Mesh,
  MeshStandardMaterial,
  Quaternion,
  SphereGeometry,
  Vector2,
  Vector3,
} from 'three';

import type { Body } from './body';
import type { WorldPose } from './kinematics';
import type { LocalPose, Motion } from './motion';
import { fleshRadius, rolesOf, type Role } from './roles';

interface Part {
  readonly mesh: Mesh<BufferGeometry, MeshStandardMaterial>;
  readonly from: number;
  readonly to: number;
}

const UP = new Vector3(0, 1, 0);
const PLAIN = new Color('#b9b4ab');
/** How far left and right lean towards cool and warm. */
const SIDE_TINT = 0.16;
const SIDE: Readonly<Record<Role['side'], Color | null>> = {
  left: new Color('#5f9fb8'),
  right: new Color('#c58052'),
  '': null,
};
/** Torso and head are deeper than capsules between joints would make them. */
const TRUNK = new Set(['pelvis', 'spine']);

export class CapsuleBody implements Body {
  readonly object = new Group();
  readonly #parts: Part[] = [];
  readonly #head: { mesh: Mesh<BufferGeometry, MeshStandardMaterial>; joint: number } | null;
  readonly #materials: ReadonlyMap<Role['side'], MeshStandardMaterial>;
  readonly #a = new Vector3();
  readonly #b = new Vector3();
  readonly #turn = new Quaternion();

  constructor(motion: Motion) {
    const sides: Role['side'][] = ['left', 'right', ''];
    this.#materials = new Map(
      sides.map((s) => [s, new MeshStandardMaterial({ roughness: 0.62, metalness: 0 })]),
    );
    const roles = rolesOf(motion.joints);
    motion.parents.forEach((parent, joint) => {
      if (parent >= 0) this.#addBone(motion, roles, parent, joint);
    });
    this.#head = this.#makeHead(roles);
    this.tint(null);
  }

  #addBone(motion: Motion, roles: readonly Role[], from: number, to: number): void {
    const [x, y, z] = motion.restOffsets.subarray(to * 3, to * 3 + 3);
    const length = Math.hypot(x, y, z);
    if (length < 0.01) return;
    const [a, b] = [fleshRadius(roles[from]), fleshRadius(roles[to])];
    const inTrunk = TRUNK.has(roles[from].part);
    const out = inTrunk && !TRUNK.has(roles[to].part);
    const start = out ? Math.min(a, b * 1.1) : a;
    const most = Math.max(0.02, length * 0.75);
    const geometry = roundedCone(Math.min(start, most), Math.min(b, most), length);
    if (inTrunk && !out) geometry.scale(1.12, 1, 0.82);
    this.#parts.push({ mesh: this.#mesh(geometry, roles[to].side), from, to });
  }

  #makeHead(
    roles: readonly Role[],
  ): { mesh: Mesh<BufferGeometry, MeshStandardMaterial>; joint: number } | null {
    const joint = roles.findIndex((role) => role.part === 'head');
    if (joint < 0) return null;
    const egg = new SphereGeometry(0.1, 32, 24).scale(0.84, 1.2, 1).translate(0, 0.075, 0.012);
    return { mesh: this.#mesh(egg, ''), joint };
  }

  #mesh(geometry: BufferGeometry, side: Role['side']): Mesh<BufferGeometry, MeshStandardMaterial> {
    const mesh = new Mesh(geometry, this.#materials.get(side)!);
    mesh.castShadow = true;
    mesh.receiveShadow = true;
    mesh.frustumCulled = false;
    this.object.add(mesh);
    return mesh;
  }

  pose(_local: LocalPose, { positions: p, rotations: q }: WorldPose): void {
    for (let i = 0; i < this.#parts.length; i++) {
      const { mesh, from, to } = this.#parts[i];
      this.#a.fromArray(p, from * 3);
      this.#b.fromArray(p, to * 3).sub(this.#a);
      mesh.position.copy(this.#a);
      // Turn with the parent joint, so that the trunk's broad side stays to the front.
      this.#turn.set(q[from * 4 + 1], q[from * 4 + 2], q[from * 4 + 3], q[from * 4]);
      const along = this.#a.copy(UP).applyQuaternion(this.#turn);
      mesh.quaternion.setFromUnitVectors(along, this.#b.normalize()).multiply(this.#turn);
    }
    if (!this.#head) return;
    const { mesh, joint } = this.#head;
    mesh.position.fromArray(p, joint * 3);
    mesh.quaternion.set(q[joint * 4 + 1], q[joint * 4 + 2], q[joint * 4 + 3], q[joint * 4]);
  }

  tint(color: Color | null): void {
    for (const [side, material] of this.#materials) {
      material.color.copy(color ?? PLAIN);
      const towards = SIDE[side];
      if (towards) material.color.lerp(towards, SIDE_TINT);
    }
  }

  dispose(): void {
    for (const child of this.object.children) (child as Mesh).geometry.dispose();
    for (const material of this.#materials.values()) material.dispose();
  }
}

/** A cone along +Y from the origin, radius `a` to `b`, with spheres at both ends. */
function roundedCone(a: number, b: number, length: number): BufferGeometry {
  if (Math.abs(a - b) < 1e-4) {
    return new CapsuleGeometry(a, length, 8, 20).translate(0, length / 2, 0);
  }
  const steps = 8;
  const profile: Vector2[] = [];
  for (let i = 0; i <= steps; i++) {
    const t = (i / steps) * (Math.PI / 2);
    profile.push(new Vector2(a * Math.sin(t), -a * Math.cos(t)));
  }
  for (let i = 0; i <= steps; i++) {
    const t = (i / steps) * (Math.PI / 2);
    profile.push(new Vector2(b * Math.cos(t), length + b * Math.sin(t)));
  }
  return new LatheGeometry(profile, 20);
}
