/** A character from a GLB whose bones are named as the motion's joints. */

import {
  Color,
  Matrix4,
  Mesh,
  PropertyBinding,
  Quaternion,
  Vector3,
  type Material,
  type Object3D,
} from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { clone } from 'three/addons/utils/SkeletonUtils.js';

import type { Body } from './body';
import type { LocalPose, Motion } from './motion';
import { tellSidesApart } from './sides';

/** Loads each character once; every figure gets its own copy of the bones. */
export class CharacterLibrary {
  readonly #loader = new GLTFLoader();
  readonly #scenes = new Map<string, Promise<Object3D>>();
  readonly #ready = new Map<string, Object3D>();

  /** The character if it is here already. */
  ready(address: string): Object3D | undefined {
    return this.#ready.get(absolute(address));
  }

  /** @param address resolved against the document */
  load(address: string): Promise<Object3D> {
    const url = absolute(address);
    let scene = this.#scenes.get(url);
    if (!scene) {
      scene = this.#loader.loadAsync(url).then((gltf) => {
        tellSidesApart(gltf.scene);
        this.#ready.set(url, gltf.scene);
        return gltf.scene;
      });
      this.#scenes.set(url, scene);
      // A failure is not remembered: the next attempt asks again.
      scene.catch(() => this.#scenes.delete(url));
    }
    return scene;
  }

  dispose(): void {
    for (const scene of this.#scenes.values()) {
      void scene.then(disposeShared, () => undefined);
    }
    this.#scenes.clear();
    this.#ready.clear();
  }
}

function absolute(url: string): string {
  return new URL(url, document.baseURI).href;
}

/** The character lacks too many of the motion's joints to be driven by it. */
export class CharacterMismatch extends Error {
  override readonly name = 'CharacterMismatch';
}

interface Bone {
  readonly node: Object3D;
  readonly joint: number;
}

export class SkinnedBody implements Body {
  readonly object: Object3D;
  readonly #bones: readonly Bone[];
  readonly #materials: ReadonlyArray<{ material: Material & { color: Color }; plain: Color }>;
  readonly #rootFromFigure = new Matrix4();
  readonly #rootTurn = new Quaternion();
  readonly #at = new Vector3();

  /** Throws {@link CharacterMismatch} if fewer than half of the joints have a bone. */
  constructor(source: Object3D, motion: Motion) {
    this.object = clone(source);
    this.#bones = bind(this.object, motion);
    this.#materials = ownMaterials(this.object);
    const above = this.#bones[0].node.parent;
    this.object.updateMatrixWorld(true);
    if (above) this.#rootFromFigure.copy(above.matrixWorld).invert();
    this.#rootFromFigure.decompose(new Vector3(), this.#rootTurn, new Vector3());
  }

  pose({ root, rotations: q }: LocalPose): void {
    for (let i = 0; i < this.#bones.length; i++) {
      const o = this.#bones[i].joint * 4;
      this.#bones[i].node.quaternion.set(q[o + 1], q[o + 2], q[o + 3], q[o]);
    }
    const { node } = this.#bones[0];
    node.quaternion.premultiply(this.#rootTurn);
    node.position.copy(this.#at.fromArray(root).applyMatrix4(this.#rootFromFigure));
  }

  tint(color: Color | null): void {
    for (const { material, plain } of this.#materials) {
      material.color.copy(color ?? plain);
    }
  }

  dispose(): void {
    for (const { material } of this.#materials) material.dispose();
    this.object.traverse((node) => {
      if ('skeleton' in node) (node.skeleton as { dispose(): void }).dispose();
    });
  }
}

/** Bones in the order of the joints, each set to the motion's own rest offset. */
function bind(object: Object3D, motion: Motion): Bone[] {
  const bones: Bone[] = [];
  const nodes = new Map<number, Object3D>();
  motion.joints.forEach((name, joint) => {
    const node = object.getObjectByName(PropertyBinding.sanitizeNodeName(name));
    if (!node) return;
    bones.push({ node, joint });
    nodes.set(joint, node);
    // Joint positions are the motion's: a character a little larger must not slide its feet.
    if (joint > 0 && node.parent === nodes.get(motion.parents[joint])) {
      node.position.fromArray(motion.restOffsets, joint * 3);
    }
  });
  if (bones[0]?.joint !== 0 || bones.length * 2 < motion.joints.length) {
    throw new CharacterMismatch(
      `The character has ${bones.length} of the motion's ${motion.joints.length} joints.`,
    );
  }
  return bones;
}

function ownMaterials(
  object: Object3D,
): Array<{ material: Material & { color: Color }; plain: Color }> {
  const out: Array<{ material: Material & { color: Color }; plain: Color }> = [];
  object.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.castShadow = true;
    node.receiveShadow = true;
    // The rest pose's bounds say nothing about where the motion takes the mesh.
    node.frustumCulled = false;
    const many = Array.isArray(node.material);
    const own = (many ? node.material : [node.material]).map((m: Material) => m.clone());
    node.material = many ? own : own[0];
    for (const material of own) {
      if ('color' in material && material.color instanceof Color) {
        const tinted = material as Material & { color: Color };
        out.push({ material: tinted, plain: tinted.color.clone() });
      }
    }
  });
  return out;
}

function disposeShared(scene: Object3D): void {
  scene.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    node.geometry.dispose();
    for (const material of Array.isArray(node.material) ? node.material : [node.material]) {
      for (const value of Object.values(material as object)) {
        if (value && typeof value === 'object' && 'isTexture' in value) value.dispose();
      }
      material.dispose();
    }
  });
}
