"""SMPL-D135: the 135 numbers a frame of Being-M0 (section 4.1), which keep every rotation.

====== ========================================== ==============================================
slice  what                                       units and frame
====== ========================================== ==============================================
0:6    root rotation, 6D                          seen from the heading of the frame before
6:8    root velocity over the ground, x and z     m/s, in the heading of the frame before
8      root height                                metres
9:135  21 parent-local joint rotations, 6D        :func:`motion.rotations.to_sixd`
====== ========================================== ==============================================

The paper leaves open in which frame the root is seen. Here it is the heading of the frame before:
the turn from frame to frame is then part of the root's rotation, nothing is lost, and a stretch of
frames means the same wherever it happens, so tokens of different clips can be put in a row.
"""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton

SIZE = 135
ROOT_ROTATION = slice(0, 6)
VELOCITY = slice(6, 8)
HEIGHT = slice(8, 9)
JOINTS = slice(9, 135)

#: Joints of the canonical body by part; the root's nine numbers are a part of their own.
PARTS: dict[str, tuple[int, ...]] = {
    "root": (),
    "left_leg": tuple(BODY.role_index[f"left_{j}"] for j in ("hip", "knee", "ankle", "foot")),
    "right_leg": tuple(BODY.role_index[f"right_{j}"] for j in ("hip", "knee", "ankle", "foot")),
    "torso": tuple(BODY.role_index[j] for j in ("spine1", "spine2", "spine3", "neck", "head")),
    "left_arm": tuple(
        BODY.role_index[f"left_{j}"] for j in ("collar", "shoulder", "elbow", "wrist")
    ),
    "right_arm": tuple(
        BODY.role_index[f"right_{j}"] for j in ("collar", "shoulder", "elbow", "wrist")
    ),
}


def part_columns(part: str) -> list[int]:
    """The columns of one of :data:`PARTS`."""
    if part == "root":
        return list(range(JOINTS.start))
    return [JOINTS.start + 6 * (j - 1) + k for j in PARTS[part] for k in range(6)]


def encode(motion: Motion) -> Array:
    """Features ``[T, 135]`` of a motion on a skeleton of 22 joints.

    Frame 0 is seen from its own heading, at rest over the ground.
    """
    facing = rot.heading(motion.rotations[:, 0])
    before = np.concatenate([facing[:1], facing[:-1]])
    back = rot.yaw(-before)
    step = np.diff(motion.root_positions, axis=0, prepend=motion.root_positions[:1])
    out = np.empty((len(motion), SIZE))
    out[:, ROOT_ROTATION] = rot.to_sixd(rot.multiply(back, motion.rotations[:, 0]))
    out[:, VELOCITY] = rot.rotate(back, step)[:, [0, 2]] * motion.fps
    out[:, HEIGHT] = motion.root_positions[:, 1:2]
    out[:, JOINTS] = rot.to_sixd(motion.rotations[:, 1:]).reshape(len(motion), -1)
    return out


def decode(features: Array, fps: float, skeleton: Skeleton = BODY) -> Motion:
    """The motion of features ``[T, 135]``, its first root over the origin and heading along +Z."""
    frames = len(features)
    seen = rot.from_sixd(features[:, ROOT_ROTATION])
    turns = rot.heading(seen)
    before = np.cumsum(turns) - turns - turns[0]
    out = np.empty((frames, len(skeleton), 4))
    out[:, 0] = rot.multiply(rot.yaw(before), seen)
    out[:, 1:] = rot.from_sixd(features[:, JOINTS].reshape(frames, -1, 6))
    step = np.zeros((frames, 3))
    step[1:, [0, 2]] = features[1:, VELOCITY] / fps
    root = np.cumsum(rot.rotate(rot.yaw(before), step), axis=0)
    root[:, 1] = features[:, HEIGHT][:, 0]
    return Motion(skeleton, fps, root, out)
