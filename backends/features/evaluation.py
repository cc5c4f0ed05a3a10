"""What the evaluator sees of a motion: joints around the root, their velocities, the path."""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array

SIZE = 135


def encode(motion: Motion) -> Array:
    """Features ``[T, 135]`` float32 of the canonical body at 20 fps.

    66 joint positions and 66 joint velocities (metres a second) in the frame of the root on the
    ground, and the root's velocity over the ground (2) and turning speed (1, radians a second).
    """
    facing = motion.headings
    back = rot.yaw(-facing)[:, None]
    ground = motion.root_positions * [1.0, 0.0, 1.0]
    near = rot.rotate(back, motion.positions - ground[:, None])
    speed = rot.rotate(back, velocity(motion.positions, motion.fps))
    root = rot.rotate(back[:, 0], velocity(ground, motion.fps))[:, [0, 2]]
    turning = velocity(facing[:, None], motion.fps)
    frames = len(motion)
    parts = [near.reshape(frames, -1), speed.reshape(frames, -1), root, turning]
    return np.concatenate(parts, axis=1).astype(np.float32)


def velocity(values: Array, fps: float) -> Array:
    """Central differences along the first axis, per second; zero for a single frame."""
    if len(values) < 2:
        return np.zeros_like(values)
    return np.gradient(values, axis=0) * fps
