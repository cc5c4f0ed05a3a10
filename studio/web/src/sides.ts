/** Left and right told apart by a breath of cool and warm, for characters that have one colour. */

import {
  Color,
  Float32BufferAttribute,
  SkinnedMesh,
  type BufferGeometry,
  type Object3D,
} from 'three';

import { roleOf } from './roles';

const COOL = new Color(0.8, 0.97, 1.09);
const WARM = new Color(1.1, 0.95, 0.83);

/** Adds vertex colours by the side of the bones that move each vertex, unless there are some. */
export function tellSidesApart(scene: Object3D): void {
  scene.traverse((node) => {
    if (!(node instanceof SkinnedMesh) || node.geometry.hasAttribute('color')) return;
    const sides = node.skeleton.bones.map(({ name }) => {
      const { side } = roleOf(name);
      return side === 'left' ? 1 : side === 'right' ? -1 : 0;
    });
    if (!sides.includes(1) || !sides.includes(-1)) return;
    node.geometry.setAttribute('color', sideColors(node.geometry, sides));
    for (const material of Array.isArray(node.material) ? node.material : [node.material]) {
      material.vertexColors = true;
    }
  });
}

function sideColors(geometry: BufferGeometry, sides: readonly number[]): Float32BufferAttribute {
  const bones = geometry.getAttribute('skinIndex');
  const weights = geometry.getAttribute('skinWeight');
  const out = new Float32Array(bones.count * 3);
  const plain = new Color(1, 1, 1);
  const mixed = new Color();
  for (let v = 0; v < bones.count; v++) {
    let lean = 0;
    for (let k = 0; k < 4; k++) {
      lean += weights.getComponent(v, k) * sides[bones.getComponent(v, k)];
    }
    mixed.copy(plain).lerp(lean > 0 ? COOL : WARM, Math.min(1, Math.abs(lean)));
    mixed.toArray(out, v * 3);
  }
  return new Float32BufferAttribute(out, 3);
}
