/** What a figure can be clothed in: a skinned character, or plain capsules. */

import type { Color, Object3D } from 'three';

import type { WorldPose } from './kinematics';
import type { LocalPose } from './motion';

export interface Body {
  readonly object: Object3D;
  pose(local: LocalPose, world: WorldPose): void;
  tint(color: Color | null): void;
  dispose(): void;
}
