"""A part of the body taken from another motion: wave while walking on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion.clip import Motion, same_rig
from motion.skeleton import BODY
from studio.planner.plan import Body

_LEGS = tuple(f"{side}_{j}" for side in ("left", "right") for j in ("hip", "knee", "ankle", "foot"))
_ARM = ("collar", "shoulder", "elbow", "wrist")
_LEFT, _RIGHT = tuple(f"left_{j}" for j in _ARM), tuple(f"right_{j}" for j in _ARM)
_HEAD = ("neck", "head")

#: The joints that each part turns.
JOINTS: dict[Body, tuple[str, ...]] = {
    "left_arm": _LEFT,
    "right_arm": _RIGHT,
    "arms": _LEFT + _RIGHT,
    "head": _HEAD,
    "upper_body": ("spine1", "spine2", "spine3", *_HEAD, *_LEFT, *_RIGHT),
    "legs": ("pelvis", *_LEGS),
    "lower_body": ("pelvis", *_LEGS),
}


def with_part(base: Motion, other: Motion, part: Body) -> Motion:
    """``base`` with the joints of ``part`` as ``other`` turns them, frame by frame.

    The legs carry the root: with them goes the way over the ground, set down where ``base`` begins.
    ``other`` holds its last pose where it is shorter. Both are of the canonical body at one rate.
    """
    same_rig([base, other])
    at = np.minimum(np.arange(len(base)), len(other) - 1)
    joints = [BODY.index(role) for role in JOINTS[part]]
    rotations, roots = base.rotations.copy(), base.root_positions
    if 0 in joints:
        start = base.root_positions[0]
        turn = float(base.headings[0])
        other = other.canonical().placed(turn, (start[0], 0.0, start[2]))
        roots = other.root_positions[at]
    rotations[:, joints] = other.rotations[at][:, joints]
    return replace(base, root_positions=roots, rotations=rotations)
