/** The skeleton drawn over the figure: octahedral bones and round joints, seen through the flesh. */

import {
  BufferGeometry,
  Color,
  Float32BufferAttribute,
  Group,
  InstancedMesh,
  Matrix4,
  MeshBasicMaterial,
  Quaternion,
  SphereGeometry,
  Vector3,
} from 'three';

import type { WorldPose } from './kinematics';
import type { Motion } from './motion';
import { rolesOf, type Side } from './roles';
import type { StageColors } from './theme';

const UP = new Vector3(0, 1, 0);
const JOINT_RADIUS = 0.011;

export class BoneOverlay {
  readonly object = new Group();
  readonly #bones: InstancedMesh<BufferGeometry, MeshBasicMaterial>;
  readonly #joints: InstancedMesh<SphereGeometry, MeshBasicMaterial>;
  readonly #links: ReadonlyArray<readonly [from: number, to: number]>;
  readonly #sides: readonly Side[];
  readonly #a = new Vector3();
  readonly #b = new Vector3();
  readonly #scale = new Vector3();
  readonly #turn = new Quaternion();
  readonly #matrix = new Matrix4();

  constructor(motion: Motion) {
    this.#sides = rolesOf(motion.joints).map((role) => role.side);
    this.#links = motion.parents.map((p, j) => [p, j] as const).filter(([p]) => p >= 0);
    this.#bones = new InstancedMesh(octahedron(), overlayMaterial(true), this.#links.length);
    this.#joints = new InstancedMesh(
      new SphereGeometry(1, 12, 8),
      overlayMaterial(false),
      motion.joints.length,
    );
    this.#bones.renderOrder = 20;
    this.#joints.renderOrder = 21;
    for (const mesh of [this.#bones, this.#joints]) mesh.frustumCulled = false;
    this.object.add(this.#bones, this.#joints);
  }

  setColors(colors: StageColors): void {
    const plain = colors.mark.clone().lerp(new Color(1, 1, 1), 0.55);
    const of = (side: Side): Color =>
      side === 'left' ? colors.left : side === 'right' ? colors.right : plain;
    this.#links.forEach(([, to], i) => this.#bones.setColorAt(i, of(this.#sides[to])));
    this.#sides.forEach((side, i) => this.#joints.setColorAt(i, of(side)));
    for (const mesh of [this.#bones, this.#joints]) {
      if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true;
    }
  }

  update({ positions: p }: WorldPose): void {
    for (let i = 0; i < this.#links.length; i++) {
      this.#a.fromArray(p, this.#links[i][0] * 3);
      this.#b.fromArray(p, this.#links[i][1] * 3).sub(this.#a);
      const length = Math.max(this.#b.length(), 1e-5);
      const width = Math.min(length * 0.1, 0.022);
      this.#turn.setFromUnitVectors(UP, this.#b.divideScalar(length));
      this.#matrix.compose(this.#a, this.#turn, this.#scale.set(width, length, width));
      this.#bones.setMatrixAt(i, this.#matrix);
    }
    for (let j = 0; j < this.#sides.length; j++) {
      this.#matrix.makeScale(JOINT_RADIUS, JOINT_RADIUS, JOINT_RADIUS);
      this.#matrix.setPosition(p[j * 3], p[j * 3 + 1], p[j * 3 + 2]);
      this.#joints.setMatrixAt(j, this.#matrix);
    }
    this.#bones.instanceMatrix.needsUpdate = true;
    this.#joints.instanceMatrix.needsUpdate = true;
  }

  dispose(): void {
    for (const mesh of [this.#bones, this.#joints]) {
      mesh.geometry.dispose();
      mesh.material.dispose();
      mesh.dispose();
    }
  }
}

function overlayMaterial(faceted: boolean): MeshBasicMaterial {
  return new MeshBasicMaterial({
    depthTest: false,
    depthWrite: false,
    transparent: true,
    opacity: 0.92,
    toneMapped: false,
    vertexColors: faceted,
  });
}

/** Blender's bone: unit length along +Y, widest at a tenth, each face its own shade. */
function octahedron(): BufferGeometry {
  const ring = [
    [1, 1],
    [1, -1],
    [-1, -1],
    [-1, 1],
  ].map(([x, z]) => new Vector3(x, 0.12, z));
  const [base, tip] = [new Vector3(), new Vector3(0, 1, 0)];
  const positions: number[] = [];
  const colors: number[] = [];
  ring.forEach((corner, i) => {
    const next = ring[(i + 1) % 4];
    const shade = [1, 0.72, 0.6, 0.86][i];
    for (const face of [
      [corner, tip, next],
      [next, base, corner],
    ]) {
      for (const vertex of face) positions.push(...vertex.toArray());
      for (let k = 0; k < 3; k++) colors.push(shade, shade, shade);
    }
  });
  return new BufferGeometry()
    .setAttribute('position', new Float32BufferAttribute(positions, 3))
    .setAttribute('color', new Float32BufferAttribute(colors, 3));
}
