"""Which foot joints stand on the ground, and where the ground is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from motion.clip import Motion
from motion.errors import SkeletonError
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton, frozen

Flags = NDArray[np.bool_]

#: The columns of a contact array.
FEET: tuple[str, ...] = ("left_ankle", "left_foot", "right_ankle", "right_foot")

# Speeds (m/s) and heights (m, above where the joint rests) of the canonical body; other bodies
# scale them by their legs. A contact is left at the speed of the skating ratio (Karunratanakul et
# al. 2023: 0.5 m/s) and the height of HuMoR (Rempe et al. 2021: 4 cm), and must somewhere be well
# inside both, as in Canny's hysteresis. HuMoR's 0.15 m/s fits clean capture but loses a quarter of
# the contacts of a figure that slides at 0.2 m/s, which is what there is to find in generated
# motion.
_ENTER_SPEED, _LEAVE_SPEED = 0.30, 0.50
_ENTER_RISE, _LEAVE_RISE = 0.03, 0.04
# Both speeds rise with the pace: a foot stands while it moves less than this share of its fastest
# within half a second, or a runner who slides a little would never be found standing.
_PACE_SHARE, _PACE_WINDOW = 0.15, 0.5
# Velocity is taken across this many seconds to either side, whatever the frame rate.
_HALF_WINDOW = 1 / 30
# Lifts shorter than this are noise within a contact, and contacts shorter than this are noise.
_SHORTEST = 0.07


@lru_cache(maxsize=64)
def leg_length(skeleton: Skeleton) -> float:
    """Thigh plus shank in the rest pose, metres, mean of both legs.

    Raises:
        SkeletonError: a hip, knee or ankle has no role.
    """
    rest = skeleton.rest_world[0]
    total = 0.0
    for side in ("left", "right"):
        hip, knee, ankle = joints_of(skeleton, *(f"{side}_{j}" for j in ("hip", "knee", "ankle")))
        total += float(np.linalg.norm(rest[knee] - rest[hip]))
        total += float(np.linalg.norm(rest[ankle] - rest[knee]))
    return total / 2


def body_scale(skeleton: Skeleton) -> float:
    """Leg length as a multiple of the canonical body's."""
    return leg_length(skeleton) / leg_length(BODY)


def joints_of(skeleton: Skeleton, *roles: str) -> list[int]:
    """Joint indices of ``roles``; :class:`SkeletonError` names those that are missing."""
    missing = [role for role in roles if role not in skeleton.role_index]
    if missing:
        raise SkeletonError(
            f"Skeleton '{skeleton.name}' has no joint for {', '.join(missing)}; assign the roles "
            "or retarget the motion onto the canonical body."
        )
    return [skeleton.role_index[role] for role in roles]


@lru_cache(maxsize=64)
def foot_clearance(skeleton: Skeleton) -> Array:
    """Heights ``[4]`` in metres of the :data:`FEET` above the ground when the figure stands.

    Read from the rest pose where that stands on the ground. Rigs whose rest pose lies (bones along
    one axis, as some BVH files have) or floats get the canonical body's, scaled.
    """
    feet = joints_of(skeleton, *FEET)
    scale = body_scale(skeleton)
    typical = BODY.rest_world[0][joints_of(BODY, *FEET), 1] * scale
    rest = skeleton.rest_world[0]
    hips = rest[joints_of(skeleton, "left_hip", "right_hip"), 1]
    upright = np.all(hips - rest[feet, 1][[0, 2]] > 0.8 * leg_length(skeleton))
    heights = rest[feet, 1]
    if not upright:
        return frozen(typical)
    if 0 <= heights.min() <= 0.06 * scale:
        return frozen(heights)
    return frozen(heights - heights.min() + typical.min())


def ground_height(motion: Motion) -> float:
    """Height of the lowest ground under the feet, metres, estimated from slow feet.

    The mean of the toes' heights, less their rest height, while they hardly move: of those within
    3 cm of the 20th percentile, so that neither noise nor a foot held up counts, among those within
    a hand's breadth of the lowest they ever go. Where no toe rests down there (a clip of a flight),
    that lowest height itself.
    """
    scale = body_scale(motion.skeleton)
    toes = joints_of(motion.skeleton, "left_foot", "right_foot")
    points = motion.positions[:, toes]
    heights = points[..., 1] - foot_clearance(motion.skeleton)[[1, 3]]
    lowest = float(np.percentile(heights, 2))
    slow = speeds(points, motion.fps) < _LEAVE_SPEED * scale
    resting = heights[slow & (heights < lowest + 0.1 * scale)]
    if resting.size == 0:
        return lowest
    # The nearest sample, not a value between two: few toes at rest may be far apart.
    middle = np.percentile(resting, 20, method="nearest")
    near = np.abs(resting - middle) < 0.03 * scale
    return float(resting[near].mean())


def foot_contacts(motion: Motion, ground: float | None = None) -> Flags:
    """Whether each of the :data:`FEET` stands on the ground, ``[T, 4]``.

    A joint is in contact while it is slow, in every direction, and near its rest height above the
    ground; the thresholds to enter and to leave differ. Both scale with the legs, and the speed is
    taken over a fixed time, so neither size nor frame rate matters. At the top of a jump a foot is
    slow but high, and flying low it is fast, so neither counts.

    Args:
        motion: Any skeleton with the roles of the legs.
        ground: Height of the ground in metres; None estimates it with :func:`ground_height`.

    Raises:
        SkeletonError: a role of the legs is missing.
    """
    scale = body_scale(motion.skeleton)
    ground = ground_height(motion) if ground is None else ground
    points = motion.positions[:, joints_of(motion.skeleton, *FEET)]
    speed = speeds(points, motion.fps) / scale
    rise = (points[..., 1] - ground - foot_clearance(motion.skeleton)) / scale
    fastest = moving_max(speed, round(_PACE_WINDOW * motion.fps))
    slow = speed / np.maximum(1.0, fastest * (_PACE_SHARE / _LEAVE_SPEED))
    enter = (slow < _ENTER_SPEED) & (rise < _ENTER_RISE)
    leave = (slow < _LEAVE_SPEED) & (rise < _LEAVE_RISE)
    shortest = _shortest(motion.fps)
    return np.stack([_settle(enter[:, i], leave[:, i], shortest) for i in range(4)], axis=1)


def settled(contacts: Flags, fps: float) -> Flags:
    """``contacts[T, N]`` without flicker: no gap and no contact shorter than 0.07 s.

    For contacts that come from elsewhere, such as a network's frame by frame.
    """
    columns = [_settle(column, column, _shortest(fps)) for column in contacts.T]
    return np.stack(columns, axis=1)


def _shortest(fps: float) -> int:
    return max(2, round(_SHORTEST * fps))


def speeds(points: Array, fps: float) -> Array:
    """Speed ``[T, ...]`` in m/s of ``points[T, ..., 3]``, central differences over 1/15 s."""
    frames = np.arange(len(points))
    half = max(1, round(_HALF_WINDOW * fps))
    before, after = np.maximum(frames - half, 0), np.minimum(frames + half, len(points) - 1)
    seconds = np.maximum(after - before, 1) / fps
    distance = np.linalg.norm(points[after] - points[before], axis=-1)
    return distance / seconds.reshape(-1, *([1] * (distance.ndim - 1)))


def moving_max(values: Array, half: int) -> Array:
    """Maximum of ``values[T, ...]`` over ``half`` frames to either side."""
    most = np.pad(values, [(half, half)] + [(0, 0)] * (values.ndim - 1), mode="edge")
    # Of two windows that meet or overlap the larger maximum is that of both together: a window is
    # doubled until one more step, of what is left, completes it.
    width, whole = 1, 2 * half + 1
    while width < whole:
        step = min(width, whole - width)
        most = np.maximum(most[:-step], most[step:])
        width += step
    return most


def runs(flags: Flags) -> NDArray[np.int64]:
    """``[N, 2]`` half-open frame ranges in which ``flags[T]`` hold."""
    edges = np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8))
    return np.flatnonzero(edges).reshape(-1, 2)


def _settle(enter: Flags, leave: Flags, shortest: int) -> Flags:
    """Ranges of ``leave`` that hold an ``enter``, short gaps closed, short ranges dropped.

    Ranges that the clip cuts off are kept: nobody knows how long they really last.
    """
    count = len(enter)
    seen = np.concatenate([[0], np.cumsum(enter)])
    ranges = [(a, b) for a, b in runs(leave) if seen[b] > seen[a]]
    joined: list[tuple[int, int]] = []
    for a, b in ranges:
        if joined and a - joined[-1][1] < shortest:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    out = np.zeros(count, dtype=bool)
    for a, b in joined:
        if b - a >= shortest or a == 0 or b == count:
            out[a:b] = True
    return out
