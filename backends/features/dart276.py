"""The 276 features a frame of ViMoGen (section 3.1), after DART (Zhao et al. 2025).

Over-complete on purpose: a network that predicts rotations, positions and velocities at once
learns to keep them consistent, and a foot that stands still is still in plain numbers.

====== ============================================ =======================================
slice  what                                         units
====== ============================================ =======================================
0:3    root position                                metres
3:135  22 local rotations, 6D; the root's in world  :func:`motion.rotations.to_sixd`
135:138 root displacement to the next frame         metres a frame
138:144 root rotation to the next frame, 6D         in the root's own frame
144:210 22 joint positions                          metres
210:276 22 joint displacements to the next frame    metres a frame
====== ============================================ =======================================
"""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton

SIZE = 276
TRANSLATION = slice(0, 3)
ROTATIONS = slice(3, 135)
TRANSLATION_DELTA = slice(135, 138)
ORIENTATION_DELTA = slice(138, 144)
POSITIONS = slice(144, 210)
VELOCITIES = slice(210, 276)

GROUPS = (
    TRANSLATION, ROTATIONS, TRANSLATION_DELTA, ORIENTATION_DELTA, POSITIONS, VELOCITIES,
)  # fmt: skip


def encode(motion: Motion) -> Array:
    """Features ``[T, 276]`` in world coordinates; the last frame repeats the last displacement."""
    frames = len(motion)
    out = np.empty((frames, SIZE))
    out[:, TRANSLATION] = motion.root_positions
    out[:, ROTATIONS] = rot.to_sixd(motion.rotations).reshape(frames, -1)
    out[:, TRANSLATION_DELTA] = _forward(motion.root_positions)
    root = motion.rotations[:, 0]
    after = np.concatenate([root[1:], root[-1:]])
    turn = rot.multiply(rot.conjugate(root), after)
    if frames > 1:
        turn[-1] = turn[-2]
    out[:, ORIENTATION_DELTA] = rot.to_sixd(turn)
    out[:, POSITIONS] = motion.positions.reshape(frames, -1)
    out[:, VELOCITIES] = _forward(motion.positions).reshape(frames, -1)
    return out


def decode(features: Array, fps: float, skeleton: Skeleton = BODY) -> Motion:
    """The motion of features ``[T, 276]``, from its root positions and rotations."""
    rotations = rot.from_sixd(features[:, ROTATIONS].reshape(len(features), -1, 6))
    return Motion(skeleton, fps, features[:, TRANSLATION], rotations)


def turn(features: Array, angle: Array) -> Array:
    """Features ``[..., 276]`` seen after the world is turned by ``angle[...]`` about +Y."""
    cosine, sine = np.cos(angle), np.sin(angle)
    zero, one = np.zeros_like(cosine), np.ones_like(cosine)
    matrix = np.stack(
        [
            np.stack(row, -1)
            for row in ([cosine, zero, sine], [zero, one, zero], [-sine, zero, cosine])
        ],
        -2,
    )
    out = features.copy()
    # Everything that is a vector in world axes, and the root's two columns, turns; local rotations
    # and the orientation delta, which lives in the root's own frame, do not.
    for start, stop in ((0, 3), (3, 9), (135, 138), (144, 276)):
        vectors = features[..., start:stop].reshape(*features.shape[:-1], -1, 3)
        turned = np.einsum("...ij,...nj->...ni", matrix, vectors)
        out[..., start:stop] = turned.reshape(*features.shape[:-1], stop - start)
    return out


def _forward(values: Array) -> Array:
    """Displacement to the next frame; the last repeats the one before, zero for one frame."""
    step = np.zeros_like(values)
    step[:-1] = np.diff(values, axis=0)
    if len(values) > 1:
        step[-1] = step[-2]
    return step
