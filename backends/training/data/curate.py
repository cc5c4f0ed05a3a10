"""ViMoGen's curation: canonicalise, 20 fps, cut, trim T-poses, drop what is short, still or broken.

The paper (appendix D.2) cuts into 5 s, drops pieces under 3 s, and filters by jitter and dynamics.
Much of this data is gestures of 1 to 3 s, so the shortest piece here is 1 s and the longest 10 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backends.training.data.take import Action
from motion import rotations as rot
from motion.clip import Motion, concat

#: Why a piece can be left out, in the order in which the reasons are looked for.
REASONS = (
    "unreadable", "t-pose", "short", "flip", "jitter", "underground", "floating", "treadmill",
    "static",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Thresholds of the curation, on the canonical body at ``fps``.

    Attributes:
        fps: Frame rate of the data set.
        longest: Frames of the longest piece; longer takes are cut evenly.
        shortest: Frames of the shortest piece that is kept.
        loop: Cycles are repeated until they have at least this many frames.
        jitter: 99th percentile of joint acceleration over the piece, m/s^2. Real acrobatics reach
            150; marker swaps and broken baking exceed this.
        step: Largest move of any joint relative to the pelvis between frames, m. A hand at
            12 m/s, faster than any punch here, moves 0.6 m.
        flip: Largest turn of the pelvis between frames, radians.
        underground: Depth that a foot may go below the ground in 2 % of the frames, m.
        floating: Height that the lowest joint may keep all through, m.
        treadmill: Mean speed of feet in contact, m/s, above which a clip walks in place.
        still: Mean joint speed, m/s, under which an action is static; idles are exempt.
    """

    fps: float = 20.0
    longest: int = 200
    shortest: int = 20
    loop: int = 60
    jitter: float = 220.0
    step: float = 0.75
    flip: float = 2.0
    underground: float = 0.12
    floating: float = 0.35
    treadmill: float = 0.6
    still: float = 0.02


def even_cuts(frames: int, longest: int) -> list[tuple[int, int]]:
    """Half-open ranges of nearly equal length, none longer than ``longest``.

    ::

        450 frames, longest 200  ->  |0 150|150 300|300 450|   instead of a short tail
    """
    count = max(1, -(-frames // longest))
    edges = np.linspace(0, frames, count + 1).round().astype(int)
    return [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True)]


def t_pose_frames(motion: Motion) -> NDArray[np.bool_]:
    """Whether each frame is a T-pose ``[T]``: both arms straight out to the sides, legs straight.

    Arms within 20 degrees of horizontal and of the line through both shoulders, and hands no
    faster than 0.3 m/s, so that arms swung through the horizontal do not count.
    """
    index, points = motion.skeleton.role_index, motion.positions
    across = points[:, index["left_shoulder"]] - points[:, index["right_shoulder"]]
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    out = np.ones(len(motion), dtype=bool)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for a, b in (("shoulder", "elbow"), ("elbow", "wrist")):
            bone = points[:, index[f"{side}_{b}"]] - points[:, index[f"{side}_{a}"]]
            bone /= np.maximum(np.linalg.norm(bone, axis=-1, keepdims=True), 1e-9)
            along = sign * np.einsum("ti,ti->t", bone, across)
            out &= (along > np.cos(np.radians(20))) & (np.abs(bone[:, 1]) < np.sin(np.radians(20)))
        wrist = points[:, index[f"{side}_wrist"]]
        if len(wrist) > 1:
            speed = np.linalg.norm(np.gradient(wrist, axis=0), axis=-1) * motion.fps
            out &= speed < 0.3
        thigh = points[:, index[f"{side}_hip"], 1] - points[:, index[f"{side}_ankle"], 1]
        out &= thigh > 0.75
    return out


def trim_t_pose(motion: Motion) -> Motion | None:
    """Without leading and trailing T-pose frames; None where nothing else is there.

    Two more frames go with a trimmed lead or tail, since takes jump out of the T-pose.
    """
    keep = np.flatnonzero(~t_pose_frames(motion))
    if len(keep) < 5:
        return None
    start, stop = int(keep[0]), int(keep[-1]) + 1
    start = start + 2 if start else 0
    stop = stop - 2 if stop < len(motion) else stop
    return motion.slice(start, stop) if stop - start > 1 else None


def repeat_loop(motion: Motion, frames: int) -> Motion:
    """A cycle repeated until it has at least ``frames``; unchanged if it does not close.

    Hand-keyed cycles last about a second. One closes where the first and last poses agree to
    within 4 cm a joint and it stays in place; the doubled frame at each seam is left out.
    """
    if len(motion) >= frames or len(motion) < 4:
        return motion
    if np.linalg.norm(motion.positions[-1] - motion.positions[0], axis=-1).max() > 0.04:
        return motion
    once = motion.slice(0, len(motion) - 1)
    times = -(-frames // len(once))
    return concat([once] * times)


def fault(motion: Motion, action: Action, limits: Limits) -> str:
    """The reason in :data:`REASONS` to leave a piece out, or ``""``."""
    points, fps = motion.positions, motion.fps
    if len(motion) < limits.shortest:
        return "short"
    turn = np.abs(np.diff(motion.headings))
    turn = np.minimum(turn, 2 * np.pi - turn)
    moved = np.linalg.norm(np.diff(points - points[:, :1], axis=0), axis=-1)
    if moved.max() > limits.step or (turn.max() > limits.flip and moved.max() > 0.4):
        return "flip"
    acceleration = np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1) * fps**2
    if np.percentile(acceleration, 99) > limits.jitter:
        return "jitter"
    lowest = points[..., 1].min(axis=1)
    if np.percentile(lowest, 2) < -limits.underground:
        return "underground"
    if np.percentile(lowest, 2) > limits.floating and action.content not in _AIRBORNE:
        return "floating"
    if action.kind == "gait" and _contact_speed(motion) > limits.treadmill:
        return "treadmill"
    relative = np.linalg.norm(np.diff(points, axis=0), axis=-1).mean() * fps
    if action.kind != "idle" and relative < limits.still:
        return "static"
    return ""


_AIRBORNE = frozenset({"fly", "fly-super", "levitate", "fall-air"})


def _contact_speed(motion: Motion) -> float:
    """How fast the lower toe slides over the ground in the middle of stance, m/s (median)."""
    index = motion.skeleton.role_index
    feet = motion.positions[:, [index["left_foot"], index["right_foot"]]]
    velocity = np.linalg.norm(np.gradient(feet[..., [0, 2]], axis=0), axis=-1) * motion.fps
    low = feet[..., 1].argmin(axis=1)
    on_ground = feet[..., 1].min(axis=1) < 0.05
    if on_ground.sum() < 5:
        return 0.0
    return float(np.median(velocity[np.arange(len(low)), low][on_ground]))


def canonical_piece(motion: Motion) -> Motion:
    """A piece as it is stored: frame 0 over the origin heading along +Z, signs continuous."""
    placed = motion.canonical()
    rotations = np.array(placed.rotations)
    rotations[0] = rot.positive(rotations[0])
    return replace(placed, rotations=rot.continuous(rotations))
