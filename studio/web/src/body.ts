/** What a figure can be clothed in: a skinned character, or plain capsules. */

import { Mesh, ReplaceStencilOp, type Color, type Material, type Object3D } from 'three';

import type { WorldPose } from './kinematics';
import type { LocalPose } from './motion';

export interface Body {
  readonly object: Object3D;
  pose(local: LocalPose, world: WorldPose): void;
  tint(color: Color | null): void;
  dispose(): void;
}

/** In the stencil wherever a figure is seen, so that what is drawn later can spare it. */
export const FIGURE_STENCIL = 1;

/** Marks every pixel of `object` as a figure's. Its materials must be its own. */
export function markAsFigure(object: Object3D): void {
  object.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    const materials: Material[] = Array.isArray(node.material) ? node.material : [node.material];
    for (const material of materials) {
      material.stencilWrite = true;
      material.stencilRef = FIGURE_STENCIL;
      material.stencilZPass = ReplaceStencilOp;
    }
  });
}
