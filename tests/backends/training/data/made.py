"""Motions made for the tests of the data build."""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY

_INDEX = BODY.role_index
_AHEAD = np.array([1.0, 0.0, 0.0])
_UP = np.array([0.0, 0.0, 1.0])


def standing(frames: int, fps: float = 20.0) -> Motion:
    """A figure standing still with its arms down."""
    rotations = np.tile(rot.IDENTITY, (frames, len(BODY), 1))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        rotations[:, _INDEX[f"{side}_shoulder"]] = rot.from_axis_angle(_UP, np.array(sign * 1.35))
    root = np.tile(BODY.rest_offsets[0], (frames, 1))
    return Motion(BODY, fps, root, rotations)


def t_pose(frames: int, fps: float = 20.0) -> Motion:
    """A figure in its rest pose."""
    root = np.tile(BODY.rest_offsets[0], (frames, 1))
    return Motion(BODY, fps, root, np.tile(rot.IDENTITY, (frames, len(BODY), 1)))


def waving(frames: int, side: str = "left", fps: float = 20.0) -> Motion:
    """A standing figure that waves one raised hand at 1.5 Hz."""
    motion = standing(frames, fps)
    rotations = np.array(motion.rotations)
    sign = 1.0 if side == "left" else -1.0
    raised = rot.from_axis_angle(_UP, np.array(sign * 1.1))
    swing = 0.7 * np.sin(2 * np.pi * 1.5 * np.arange(frames) / fps)
    rotations[:, _INDEX[f"{side}_shoulder"]] = raised
    rotations[:, _INDEX[f"{side}_elbow"]] = rot.from_axis_angle(_UP, sign * 0.4 + swing)
    return Motion(BODY, fps, motion.root_positions, rotations)


def travelling(frames: int, speed: float = 1.2, turn: float = 0.0, fps: float = 20.0) -> Motion:
    """A figure that glides along with stepping legs and turns by ``turn`` radians in all."""
    motion = standing(frames, fps)
    time = np.arange(frames) / fps
    yaw = turn * np.arange(frames) / max(frames - 1, 1)
    ahead = rot.rotate(rot.yaw(yaw), np.array([0.0, 0.0, speed / fps]))
    root = np.array(motion.root_positions)
    root[1:] += np.cumsum(ahead[:-1], axis=0)
    rotations = np.array(motion.rotations)
    rotations[:, 0] = rot.yaw(yaw)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        angle = sign * 0.45 * np.sin(2 * np.pi * 0.9 * time)
        rotations[:, _INDEX[f"{side}_hip"]] = rot.from_axis_angle(_AHEAD, angle)
        # The knee bends while the leg swings forward, so that the other foot is the lower one.
        bend = 0.9 * np.maximum(0, -sign * np.cos(2 * np.pi * 0.9 * time))
        rotations[:, _INDEX[f"{side}_knee"]] = rot.from_axis_angle(_AHEAD, bend)
    return Motion(BODY, fps, root, rotations)
