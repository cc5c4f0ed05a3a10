/** The chosen joint's own axes, drawn over everything. */

import {
  BoxGeometry,
  BufferGeometry,
  Color,
  Float32BufferAttribute,
  Mesh,
  MeshBasicMaterial,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';

import type { WorldPose } from './kinematics';
import type { StageColors } from './theme';

/** Metres. */
const LENGTH = 0.13;
const WIDTH = 0.005;

export class JointAxes {
  readonly object: Mesh<BufferGeometry, MeshBasicMaterial>;

  constructor() {
    const arms = [0, 1, 2].map((axis) => {
      const size = [WIDTH, WIDTH, WIDTH];
      const middle = [0, 0, 0];
      size[axis] = LENGTH;
      middle[axis] = LENGTH / 2;
      const [x, y, z] = middle;
      return new BoxGeometry(size[0], size[1], size[2]).translate(x, y, z);
    });
    const geometry = mergeGeometries(arms);
    arms.forEach((arm) => arm.dispose());
    const count = geometry.getAttribute('position').count;
    geometry.setAttribute('color', new Float32BufferAttribute(new Float32Array(count * 3), 3));
    const material = new MeshBasicMaterial({
      vertexColors: true,
      depthTest: false,
      depthWrite: false,
      transparent: true,
      toneMapped: false,
    });
    this.object = new Mesh(geometry, material);
    this.object.frustumCulled = false;
    this.object.renderOrder = 30;
    this.object.visible = false;
  }

  setColors({ axes }: StageColors): void {
    const colors = this.object.geometry.getAttribute('color');
    const each = colors.count / 3;
    axes.forEach((color: Color, axis) => {
      for (let i = axis * each; i < (axis + 1) * each; i++) {
        colors.setXYZ(i, color.r, color.g, color.b);
      }
    });
    colors.needsUpdate = true;
  }

  update({ positions: p, rotations: q }: WorldPose, joint: number): void {
    this.object.position.fromArray(p, joint * 3);
    const o = joint * 4;
    this.object.quaternion.set(q[o + 1], q[o + 2], q[o + 3], q[o]);
  }

  dispose(): void {
    this.object.removeFromParent();
    this.object.geometry.dispose();
    this.object.material.dispose();
  }
}
