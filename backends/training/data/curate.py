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
    "unreadable", "t-pose", "ungrounded", "short", "pop", "jitter", "underground", "floating",
    "treadmill", "static",
)  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Thresholds of the curation, on the canonical body at ``fps``.

    Attributes:
        fps: Frame rate of the data set.
        longest: Frames of the longest piece; longer takes are cut evenly.
        shortest: Frames of the shortest piece that is kept.
        loop: Cycles are repeated until they last at least so many seconds.
        jitter: 99th percentile of joint acceleration over the piece, m/s^2. Clean acrobatics at
            20 fps reach 300; marker swaps and broken baking exceed this.
        pop: Largest move of a joint relative to the pelvis between two frames, m, that is also
            2.5 times those before and after: a jump of the data, however fast the figure.
        underground: Depth that a foot may go below the ground in 2 % of the frames, m.
        floating: Height that the lowest joint may keep all through, m.
        treadmill: Mean speed of feet in contact, m/s, above which a clip walks in place.
        still: Mean joint speed, m/s, under which an action is static, unless some joint turns by
            more than ten times as many radians a second (a nod); idles are exempt.
    """

    fps: float = 20.0
    longest: int = 200
    shortest: int = 20
    loop: float = 3.0
    jitter: float = 400.0
    pop: float = 0.5
    underground: float = 0.12
    floating: float = 0.35
    treadmill: float = 0.8
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

    Arms within 20 degrees of horizontal and of the line through both shoulders.
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
        thigh = points[:, index[f"{side}_hip"], 1] - points[:, index[f"{side}_ankle"], 1]
        out &= thigh > 0.75
    return out


def trim_ends(motion: Motion) -> Motion | None:
    """Without leading and trailing T-pose frames; None where nothing else is there.

    Two more frames go with a trimmed lead or tail, since takes jump out of the T-pose, and so does
    a first frame that jumps from another pose.
    """
    keep = np.flatnonzero(~t_pose_frames(motion))
    if len(keep) < 5:
        return None
    start, stop = int(keep[0]), int(keep[-1]) + 1
    start = start + 2 if start else 0
    stop = stop - 2 if stop < len(motion) else stop
    if start == 0 and largest_pop(motion.positions[:3]) > 0.2:
        start = 1
    return motion.slice(start, stop) if stop - start > 1 else None


def repeat_loop(motion: Motion, seconds: float) -> Motion:
    """A cycle repeated until it lasts at least ``seconds``; unchanged if it does not close.

    Hand-keyed cycles last about a second. One closes where the first and last poses agree to
    within 4 cm a joint and it stays in place; the doubled frame at each seam is left out. To be
    used at the cycle's own frame rate, since resampling cuts off part of the last frame.
    """
    frames = int(np.ceil(seconds * motion.fps))
    if len(motion) >= frames or len(motion) < 4:
        return motion
    if np.linalg.norm(motion.positions[-1] - motion.positions[0], axis=-1).max() > 0.04:
        return motion
    once = motion.slice(0, len(motion) - 1)
    times = -(-frames // len(once))
    return concat([once] * times)


def off_treadmill(motion: Motion) -> Motion:
    """A gait keyed in place, set in motion at the speed at which its feet go back.

    In-place cycles are keyed so that the standing foot slides back evenly; its median velocity
    while on the ground, turned round, is the figure's. Whether the feet then stand is checked
    like any other clip's.
    """
    velocity, standing = _standing_foot(motion)
    if standing.sum() < 4:
        return motion
    speed = np.median(velocity[standing], axis=0)
    travel = -speed * (np.arange(len(motion)) / motion.fps)[:, None]
    return replace(motion, root_positions=motion.root_positions + travel)


def _standing_foot(motion: Motion) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Ground velocity ``[T, 3]`` of the lower toe, and where that toe is on the ground ``[T]``."""
    index = motion.skeleton.role_index
    feet = motion.positions[:, [index["left_foot"], index["right_foot"]]]
    velocity = np.gradient(feet, axis=0) * motion.fps * [1.0, 0.0, 1.0]
    low = feet[..., 1].argmin(axis=1)
    return velocity[np.arange(len(low)), low], feet[..., 1].min(axis=1) < 0.05


def fault(motion: Motion, action: Action, limits: Limits) -> str:
    """The reason in :data:`REASONS` to leave a piece out, or ``""``."""
    points, fps = motion.positions, motion.fps
    if action.content in _UNGROUNDED:
        return "ungrounded"
    if len(motion) < limits.shortest:
        return "short"
    if largest_pop(points) > limits.pop:
        return "pop"
    acceleration = np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1) * fps**2
    if np.percentile(acceleration, 99) > limits.jitter:
        return "jitter"
    lowest = points[..., 1].min(axis=1)
    if np.percentile(lowest, 2) < -limits.underground:
        return "underground"
    if np.percentile(lowest, 2) > limits.floating:
        return "floating"
    if action.kind == "gait" and _contact_speed(motion) > limits.treadmill:
        return "treadmill"
    relative = np.linalg.norm(np.diff(points, axis=0), axis=-1).mean() * fps
    if action.kind != "idle" and relative < limits.still:
        turning = rot.angle_between(motion.rotations[:-1], motion.rotations[1:]) * fps
        if turning.mean(axis=0).max() < 10 * limits.still:
            return "static"
    return ""


#: Contents in the air all through: setting their feet on the ground makes nonsense of them.
_UNGROUNDED = frozenset({"fly", "fly-super", "levitate", "fall-air"})


def largest_pop(points: NDArray[np.float64]) -> float:
    """The largest single-frame jump of a joint against the pelvis in ``points[T, J, 3]``, m.

    A step counts as far as it exceeds 2.5 times the longer of the steps before and after; at the
    ends of the clip there is one neighbour.
    """
    steps = np.linalg.norm(np.diff(points - points[:, :1], axis=0), axis=-1)
    if len(steps) < 2:
        return 0.0
    padded = np.concatenate([steps[1:2], steps, steps[-2:-1]])
    around = np.maximum(padded[:-2], padded[2:])
    return float(np.where(steps > 2.5 * around, steps, 0.0).max())


def _contact_speed(motion: Motion) -> float:
    """How fast the lower toe slides over the ground while it is down, m/s (median)."""
    velocity, standing = _standing_foot(motion)
    if standing.sum() < 5:
        return 0.0
    return float(np.median(np.linalg.norm(velocity[standing], axis=-1)))


def canonical_piece(motion: Motion) -> Motion:
    """A piece as it is stored: frame 0 over the origin heading along +Z, signs continuous."""
    placed = motion.canonical()
    rotations = np.array(placed.rotations)
    rotations[0] = rot.positive(rotations[0])
    return replace(placed, rotations=rot.continuous(rotations))
