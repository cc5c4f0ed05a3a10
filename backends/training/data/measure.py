"""What a piece of motion does, measured: path, pace, hands, height. Captions say it in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import foot_contacts, runs, speeds

_REST_PELVIS = 0.988


@dataclass(frozen=True)
class Facts:
    """Measured of a motion on the canonical body; metres, seconds, radians, left positive.

    Attributes:
        seconds: Length.
        speed: Mean speed of the pelvis over the ground while it travels.
        travel: Straight distance over the ground from first to last frame.
        forward: Mean velocity along the figure's own heading.
        sideways: Mean velocity towards the figure's own left.
        turn: Net change of heading; meaningless while not ``upright``.
        upright: Whether the trunk stays within 60 degrees of the vertical.
        starts_still: Stands for the first quarter second or longer, and moves later.
        ends_still: Stands for the last quarter second or longer, after having moved.
        flights: How often the figure jumps: both feet off the ground and the pelvis above its
            height when standing, for 0.15 s or more.
        lowest: Lowest height of the pelvis relative to standing.
        starts_low: Height of the pelvis relative to standing in the first frames.
        ends_low: Height of the pelvis relative to standing in the last frames.
        hand: The hand that moves clearly more than the other, ``left``, ``right`` or ``both``.
        hand_travel: Path of the busier wrist relative to the chest, metres a second.
        hands_up: Which wrists rise above the head's joint: ``left``, ``right``, ``both``, ``""``.
        lean: Largest lean of the trunk forward, radians.
        sway: How often the weight goes from one side to the other.
        glances: Sides to which the head turns by more than 18 degrees against the chest.
        motion: Mean joint speed relative to the pelvis, m/s: how lively it is.
    """

    seconds: float
    speed: float
    travel: float
    forward: float
    sideways: float
    turn: float
    upright: bool
    starts_still: bool
    ends_still: bool
    flights: int
    lowest: float
    starts_low: float
    ends_low: float
    hand: str
    hand_travel: float
    hands_up: str
    lean: float
    sway: int
    glances: tuple[str, ...]
    motion: float


def measure(motion: Motion) -> Facts:
    """The facts of a motion on the canonical 22-joint body."""
    index = motion.skeleton.role_index
    fps, points = motion.fps, motion.positions
    pelvis = points[:, 0]
    ground = speeds(pelvis * [1.0, 0.0, 1.0], fps)
    velocity = np.gradient(pelvis, axis=0) * fps if len(motion) > 1 else np.zeros_like(pelvis)
    local = rot.rotate(rot.yaw(-motion.headings), velocity)
    up = points[:, index["neck"]] - pelvis
    tilt = np.arccos(np.clip(up[:, 1] / np.maximum(np.linalg.norm(up, axis=1), 1e-6), -1, 1))
    ahead = rot.rotate(rot.yaw(-motion.headings), up)[:, 2]
    moving = ground > 0.25
    hand, hand_travel = _busier_hand(motion)
    quarter = max(2, round(0.25 * fps))
    return Facts(
        seconds=motion.seconds,
        speed=float(ground[moving].mean()) if moving.any() else 0.0,
        travel=float(np.linalg.norm((pelvis[-1] - pelvis[0])[[0, 2]])),
        forward=float(local[:, 2].mean()),
        sideways=float(local[:, 0].mean()),
        turn=float(motion.headings[-1] - motion.headings[0]),
        upright=bool(np.percentile(tilt, 98) < np.radians(60)),
        starts_still=_still(motion, slice(0, quarter)) and bool(moving.any()),
        ends_still=_still(motion, slice(-quarter, None)) and bool(moving.any()),
        flights=_flights(motion),
        lowest=float(np.percentile(pelvis[:, 1], 2) / _REST_PELVIS),
        starts_low=float(pelvis[:quarter, 1].mean() / _REST_PELVIS),
        ends_low=float(pelvis[-quarter:, 1].mean() / _REST_PELVIS),
        hand=hand,
        hand_travel=hand_travel,
        hands_up=_hands_up(points, index),
        lean=float(np.percentile(np.where(ahead > 0, tilt, 0.0), 98)),
        sway=_sways(motion, index),
        glances=_glances(motion, index),
        motion=float(speeds(points - points[:, :1], fps).mean()),
    )


def _still(motion: Motion, part: slice) -> bool:
    pelvis = motion.positions[part, 0]
    return bool(np.ptp(pelvis[:, [0, 2]], axis=0).max() * motion.fps / len(pelvis) < 0.15)


def _flights(motion: Motion) -> int:
    index = motion.skeleton.role_index
    feet = motion.positions[:, [index["left_foot"], index["right_foot"]], 1].min(axis=1)
    rising = motion.positions[:, 0, 1] > 1.01 * _REST_PELVIS
    airborne = (feet > 0.06) & rising & ~foot_contacts(motion).any(axis=1)
    return int(sum(b - a >= 0.15 * motion.fps for a, b in runs(airborne)))


def _busier_hand(motion: Motion) -> tuple[str, float]:
    """Whose wrist travels further against the chest's frame; ``both`` within 1.6 times."""
    index = motion.skeleton.role_index
    chest = index["spine3"]
    into = rot.conjugate(motion.world_from_joint[:, chest])
    path = {}
    for side in ("left", "right"):
        offset = motion.positions[:, index[f"{side}_wrist"]] - motion.positions[:, chest]
        path[side] = float(speeds(rot.rotate(into, offset), motion.fps).mean())
    left, right = path["left"], path["right"]
    if max(left, right) < 1.6 * min(left, right):
        return "both", max(left, right)
    return ("left", left) if left > right else ("right", right)


def _hands_up(points: NDArray[np.float64], index: dict[str, int]) -> str:
    head = points[:, index["head"], 1] + 0.05
    up = [s for s in ("left", "right") if (points[:, index[f"{s}_wrist"], 1] > head).mean() > 0.08]
    return "both" if len(up) == 2 else "".join(up)


def _sways(motion: Motion, index: dict[str, int]) -> int:
    """Changes of side of the pelvis over the feet, with hysteresis of 2 cm."""
    feet = motion.positions[:, [index["left_ankle"], index["right_ankle"]]].mean(axis=1)
    offset = rot.rotate(rot.yaw(-motion.headings), motion.positions[:, 0] - feet)[:, 0]
    side, changes = 0, 0
    for value in offset - np.median(offset):
        new = 1 if value > 0.02 else -1 if value < -0.02 else side
        changes += new != side and side != 0
        side = new
    return changes


def _glances(motion: Motion, index: dict[str, int]) -> tuple[str, ...]:
    world = motion.world_from_joint
    against = rot.multiply(rot.conjugate(world[:, index["spine3"]]), world[:, index["head"]])
    yaw = rot.heading(against)
    sides = []
    if np.percentile(yaw, 95) > np.radians(18):
        sides.append("left")
    if np.percentile(yaw, 5) < -np.radians(18):
        sides.append("right")
    return tuple(sides)
