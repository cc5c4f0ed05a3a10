/** Whether what was made for one motion can show another. */

import type { Motion } from './motion';

type Skeleton = Pick<Motion, 'joints' | 'parents' | 'restOffsets'>;

/** Same joints in the same order, same bones. */
export function sameSkeleton(a: Skeleton, b: Skeleton): boolean {
  return (
    equal(a.joints, b.joints) && equal(a.parents, b.parents) && equal(a.restOffsets, b.restOffsets)
  );
}

function equal<T>(a: ArrayLike<T>, b: ArrayLike<T>): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
