"""Two figures and each other: how far apart, how they face, and whether their bodies meet.

A body is capsules along its bones; their radii are fractions of the bones' rest lengths, after the
girths of an adult (Winter, "Biomechanics and Motor Control of Human Movement": a thigh as thick as
a third of its length, a shank or an arm as a quarter). They are meant to tell whether two people
touch or stand in each other, to a centimetre or two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.clip import Motion
from motion.contacts import Flags, joints_of
from motion.rotations import Array
from motion.skeleton import Skeleton

#: From joint, to joint, and the radius as a fraction of their distance at rest.
BONES: tuple[tuple[str, str, float], ...] = (
    ("pelvis", "spine3", 0.38),
    ("spine3", "neck", 0.52),
    ("left_hip", "right_hip", 0.52),
    ("left_shoulder", "right_shoulder", 0.20),
    ("neck", "head", 0.85),
    *(
        (f"{side}_{a}", f"{side}_{b}", radius)
        for side in ("left", "right")
        for a, b, radius in (
            ("hip", "knee", 0.17),
            ("knee", "ankle", 0.12),
            ("ankle", "foot", 0.28),
            ("shoulder", "elbow", 0.16),
            ("elbow", "wrist", 0.14),
        )
    ),
)

#: Bodies that come this near, metres, touch.
TOUCH = 0.02
#: Figures whose roots are further apart than this, metres, are out of each other's reach.
_REACH = 2.5
#: Frames worked on at once: 225 pairs of capsules each.
_BLOCK = 512


@dataclass(frozen=True, eq=False)
class Together:
    """Two figures over the same T frames.

    Attributes:
        distance: ``[T]`` between their roots over the ground, metres.
        bearing: ``[T, 2]`` how far each of them turns away from the other, radians: 0 looks at it,
            left positive is the other to its left.
        gap: ``[T]`` between their surfaces, metres, negative where one is inside the other;
            infinite where they are out of reach.
    """

    distance: Array
    bearing: Array
    gap: Array

    @property
    def depth(self) -> float:
        """How deep they are in each other at the worst, metres; 0 if never."""
        return float(max(-self.gap.min(), 0.0))

    @property
    def touching(self) -> Flags:
        """``[T]`` whether they touch or are in each other."""
        return self.gap < TOUCH


def together(one: Motion, other: Motion) -> Together:
    """How two figures are to each other, as many frames as both have.

    Raises:
        SkeletonError: a role is missing.
    """
    count = min(len(one), len(other))
    a, b = (motion.positions[:count, 0][:, [0, 2]] for motion in (one, other))
    distance = np.linalg.norm(b - a, axis=1)
    bearing = np.stack(
        [_bearing(b - a, one.headings[:count]), _bearing(a - b, other.headings[:count])], axis=1
    )
    gap = np.full(count, np.inf)
    near = np.flatnonzero(distance < _REACH)
    for start in range(0, len(near), _BLOCK):
        frames = near[start : start + _BLOCK]
        gap[frames] = _gaps(capsules(one, frames), capsules(other, frames))
    return Together(distance, bearing, gap)


@dataclass(frozen=True, eq=False)
class Capsules:
    """``start`` and ``end`` ``[T, C, 3]`` and ``radius`` ``[C]``, metres."""

    start: Array
    end: Array
    radius: Array


def capsules(motion: Motion, frames: np.ndarray) -> Capsules:
    """The body of a figure in some frames."""
    skeleton = motion.skeleton
    first = joints_of(skeleton, *(a for a, _, _ in BONES))
    last = joints_of(skeleton, *(b for _, b, _ in BONES))
    points = motion.positions[frames]
    return Capsules(points[:, first], points[:, last], _radii(skeleton, first, last))


def _radii(skeleton: Skeleton, first: list[int], last: list[int]) -> Array:
    rest = skeleton.rest_world[0]
    return np.linalg.norm(rest[last] - rest[first], axis=1) * [share for _, _, share in BONES]


def _gaps(one: Capsules, other: Capsules) -> Array:
    """The least distance ``[T]`` between the surfaces of two bodies."""
    apart = segment_distance(
        one.start[:, :, None], one.end[:, :, None], other.start[:, None], other.end[:, None]
    )
    return (apart - one.radius[:, None] - other.radius).min(axis=(1, 2))


def segment_distance(p: Array, q: Array, r: Array, s: Array) -> Array:
    """Distance between the segments ``p q`` and ``r s``, all ``[..., 3]``, broadcast.

    Ericson, "Real-Time Collision Detection" (2005), 5.1.9.
    """
    u, v, w = q - p, s - r, p - r
    a, e = _dot(u, u), _dot(v, v)
    b, c, f = _dot(u, v), _dot(u, w), _dot(v, w)
    tiny = 1e-12
    parallel = a * e - b * b
    at = np.where(parallel > tiny, (b * f - c * e) / np.maximum(parallel, tiny), 0.0)
    at = np.where(a > tiny, np.clip(at, 0, 1), 0.0)
    on = np.where(e > tiny, (b * at + f) / np.maximum(e, tiny), 0.0)
    held = np.clip(on, 0, 1)
    # Where the other's end was reached, the nearest point to that end.
    back = np.where(a > tiny, np.clip((b * held - c) / np.maximum(a, tiny), 0, 1), 0.0)
    at = np.where((on == held) & (e > tiny), at, back)
    return np.linalg.norm(w + at[..., None] * u - held[..., None] * v, axis=-1)


def _dot(a: Array, b: Array) -> Array:
    return (a * b).sum(axis=-1)


def _bearing(way: Array, headings: Array) -> Array:
    """The angle from a heading to a direction over the ground, in [-pi, pi)."""
    angle = np.arctan2(way[:, 0], way[:, 1]) - headings
    return (angle + np.pi) % (2 * np.pi) - np.pi
