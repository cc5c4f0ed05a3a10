"""Inertialisation: what comes takes over at once, and its difference to what was dies away.

Bollo, "Inertialization: High-Performance Animation Transitions in Gears of War" (GDC 2018). The
quintic that begins with offset ``d`` and velocity ``v`` and ends at rest after ``n`` frames (with
its first three derivatives zero) is, for ``s = i / n``::

    x(s) = (1 - s)^4 (1 + 4 s) d  +  (1 - s)^4 s n v

The second term reaches ``0.08192 n |v|``. Where that is more than a limit it gets fewer frames of
its own: velocity stays continuous, and nothing is carried far beyond its offset.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motion import rotations as rot
from motion.clip import Motion, same_rig
from motion.errors import MotionError
from motion.rotations import Array

#: How far a difference of velocities may carry a joint beyond its offset, radians.
ROTATION_LIMIT = 0.25
#: The same of the root's position, metres.
POSITION_LIMIT = 0.1
# The largest value of (1 - s)^4 s, at s = 1 / 5.
_PEAK = 0.08192


class Poses(NamedTuple):
    """K poses: ``root[K, 3]`` in metres, ``rotations[K, J, 4]`` parent-local."""

    root: Array
    rotations: Array


class Offsets(NamedTuple):
    """What is added to N poses: ``root[N, 3]`` metres, rotation vectors ``turns[N, J, 3]``."""

    root: Array
    turns: Array


def decay(offset: ArrayLike, velocity: ArrayLike, frames: int, limit: float = np.inf) -> Array:
    """Vectors ``[frames, ..., D]`` that begin with ``offset`` and ``velocity`` and end at rest.

    Args:
        offset: ``[..., D]``, the value at frame 0.
        velocity: ``[..., D]`` a frame.
        frames: Where it has come to rest; the result holds the frames before.
        limit: The length by which ``velocity`` may lead beyond ``offset`` at most.
    """
    offset, velocity = np.asarray(offset), np.asarray(velocity)
    i = np.arange(frames, dtype=np.float64).reshape(-1, *([1] * offset.ndim))
    s = i / frames
    speed = np.sqrt((velocity * velocity).sum(axis=-1, keepdims=True))
    width = np.minimum(frames, limit / np.maximum(_PEAK * speed, 1e-300))
    u = np.minimum(i / width, 1.0)
    rest, pause = (1 - s) ** 2, (1 - u) ** 2
    return rest * rest * (1 + 4 * s) * offset + pause * pause * i * velocity


def offsets(before: Poses, coming: Poses, frames: int) -> Offsets:
    """What leads from ``before`` into ``coming`` over ``frames``.

    Args:
        before, coming: Two poses each: at the frame before the join, and at its first frame, to
            which ``before`` has been carried on.
    """
    root = before.root - coming.root
    turn = rot.to_rotation_vector(rot.multiply(before.rotations, rot.conjugate(coming.rotations)))
    turn = np.stack([_nearer(turn[0], turn[1]), turn[1]])
    return Offsets(
        decay(root[1], root[1] - root[0], frames, POSITION_LIMIT),
        decay(turn[1], turn[1] - turn[0], frames, ROTATION_LIMIT),
    )


def shifted(poses: Poses, by: Offsets) -> Poses:
    """``poses`` with their offsets added, rotations in the frame of the parent."""
    turned = rot.multiply(rot.from_rotation_vector(by.turns), poses.rotations)
    return Poses(poses.root + by.root, turned)


def carried(poses: Poses) -> Poses:
    """Two poses and a third, ``[3, ...]``, that repeats the step between them."""
    (p, q), (a, b) = poses.root, poses.rotations
    step = rot.multiply(b, rot.conjugate(a))
    return Poses(
        np.stack([p, q, q + (q - p)]), np.stack([a, b, rot.normalize(rot.multiply(step, b))])
    )


def inertialize(before: Motion, after: Motion, frames: int) -> Motion:
    """``after``, its first ``frames`` led over from the last pose and pace of ``before``.

    ::

        |A A A A| + |B B B B|   ->  |A A A A|x x B B|      x: B, and what is left of A

    Both are carried over the join by their last and first step. Nothing is moved to follow on
    (:func:`motion.clip.follow_on` does that).

    Raises:
        MotionError: other skeletons or rates, or more frames than ``after`` has.
    """
    same_rig([before, after])
    if not 0 <= frames <= len(after):
        raise MotionError(f"A blend of {frames} frames does not fit a clip of {len(after)}.")
    if frames == 0:
        return after
    old = carried(_two(before.slice(max(len(before) - 2, 0), len(before))))
    new = carried(_two(after.slice(0, min(2, len(after))).reversed()))
    was = Poses(old.root[1:], old.rotations[1:])
    comes = Poses(new.root[:0:-1], new.rotations[:0:-1])
    head = Poses(after.root_positions[:frames], after.rotations[:frames])
    head = shifted(head, offsets(was, comes, frames))
    return replace(
        after,
        root_positions=np.concatenate([head.root, after.root_positions[frames:]]),
        rotations=np.concatenate([head.rotations, after.rotations[frames:]]),
    )


def _two(motion: Motion) -> Poses:
    """Its two frames; one frame twice."""
    frames = [0, len(motion) - 1]
    return Poses(motion.root_positions[frames], motion.rotations[frames])


def _nearer(turn: Array, to: Array) -> Array:
    """Of the two rotation vectors ``[..., 3]`` of each turn the one nearer to ``to``."""
    angle = np.sqrt((turn * turn).sum(axis=-1, keepdims=True))
    other = turn * (1 - 2 * np.pi / np.maximum(angle, 1e-12))
    far = ((turn - to) ** 2).sum(axis=-1, keepdims=True)
    near = ((other - to) ** 2).sum(axis=-1, keepdims=True)
    return np.where(near < far, other, turn)
