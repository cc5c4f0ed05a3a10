/**
 * The canonical 22-joint body, `motion.skeleton.BODY`, on which every project plays; a Python test
 * holds the numbers to it. Joint frames are aligned with the world at rest.
 */

export const JOINTS = [
  'pelvis',
  'left_hip',
  'right_hip',
  'spine1',
  'left_knee',
  'right_knee',
  'spine2',
  'left_ankle',
  'right_ankle',
  'spine3',
  'left_foot',
  'right_foot',
  'neck',
  'left_collar',
  'right_collar',
  'head',
  'left_shoulder',
  'right_shoulder',
  'left_elbow',
  'right_elbow',
  'left_wrist',
  'right_wrist',
] as const;

export const PARENTS: readonly number[] = [
  -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19,
];

/** `[22 * 3]` metres, each joint in its parent's frame; the root's is where it rests. */
export const REST_OFFSETS = Float32Array.from(
  [
    [0, 0.988, 0],
    [0.089, -0.078, 0],
    [-0.089, -0.078, 0],
    [0, 0.112, -0.012],
    [0, -0.421, 0],
    [0, -0.421, 0],
    [0, 0.138, 0.006],
    [0, -0.421, -0.012],
    [0, -0.421, -0.012],
    [0, 0.064, 0.01],
    [0.018, -0.056, 0.128],
    [-0.018, -0.056, 0.128],
    [0, 0.196, -0.012],
    [0.045, 0.098, 0],
    [-0.045, 0.098, 0],
    [0, 0.098, 0.026],
    [0.125, 0.022, -0.008],
    [-0.125, 0.022, -0.008],
    [0.292, 0, 0],
    [-0.292, 0, 0],
    [0.254, 0, 0],
    [-0.254, 0, 0],
  ].flat(),
);

/** Numbers a frame of rotations. */
export const WIDTH = 4 * JOINTS.length;

/** The joints of `FEET` (motion.ts), and on each one's way to it from the root. */
export const FOOT_CHAINS: readonly (readonly number[])[] = [
  [1, 4, 7],
  [1, 4, 7, 10],
  [2, 5, 8],
  [2, 5, 8, 11],
];
