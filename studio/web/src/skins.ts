/** What a body is made of, taken apart so that it can be drawn many times over at little cost. */

import {
  BufferGeometry,
  Matrix4,
  Mesh,
  SkinnedMesh,
  Uint16BufferAttribute,
  Float32BufferAttribute,
  type Object3D,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

/** A mesh whose vertices are moved by matrices, four at most each. */
export interface Skin {
  /** With `position`, `normal`, `skinIndex`, `skinWeight`, perhaps `color`, and an index. */
  readonly geometry: BufferGeometry;
  readonly bones: number;
  /** Writes the matrices (world_from_rest, column by column) as the body stands, from `at` on. */
  write(out: Float32Array, at: number): void;
  dispose(): void;
}

/** The skins of all meshes below `object`; those without bones become one, a bone each. */
export function skinsOf(object: Object3D): Skin[] {
  const skinned: SkinnedMesh[] = [];
  const rigid: Mesh[] = [];
  object.traverse((node) => {
    if (node instanceof SkinnedMesh) skinned.push(node);
    else if (node instanceof Mesh) rigid.push(node);
  });
  const skins = skinned.map(skinOf);
  return rigid.length > 0 ? [...skins, merged(rigid)] : skins;
}

function skinOf(mesh: SkinnedMesh): Skin {
  const matrix = new Matrix4();
  const { skeleton, bindMatrix, geometry } = mesh;
  return {
    geometry,
    bones: skeleton.bones.length,
    write(out, at) {
      for (let i = 0; i < skeleton.bones.length; i++) {
        matrix.multiplyMatrices(skeleton.bones[i].matrixWorld, skeleton.boneInverses[i]);
        matrix.multiply(bindMatrix).toArray(out, at + i * 16);
      }
    },
    // The geometry belongs to the body.
    dispose: () => undefined,
  };
}

function merged(meshes: readonly Mesh[]): Skin {
  const parts = meshes.map(({ geometry }, bone) => {
    const count = geometry.getAttribute('position').count;
    const part = new BufferGeometry();
    part.setAttribute('position', geometry.getAttribute('position'));
    part.setAttribute('normal', geometry.getAttribute('normal'));
    part.setAttribute(
      'skinIndex',
      new Uint16BufferAttribute(
        Array.from({ length: count * 4 }, (_, i) => (i % 4 ? 0 : bone)),
        4,
      ),
    );
    part.setAttribute(
      'skinWeight',
      new Float32BufferAttribute(
        Array.from({ length: count * 4 }, (_, i) => (i % 4 ? 0 : 1)),
        4,
      ),
    );
    part.setIndex(geometry.index ?? Array.from({ length: count }, (_, i) => i));
    return part;
  });
  const geometry = mergeGeometries(parts);
  return {
    geometry,
    bones: meshes.length,
    write(out, at) {
      for (let i = 0; i < meshes.length; i++) meshes[i].matrixWorld.toArray(out, at + i * 16);
    },
    dispose: () => geometry.dispose(),
  };
}
