"""Where a piece stands: places on the ground, and how one piece follows on from another.

A place takes played coordinates to the world (or to those of the piece before): a turn about +Y,
then a move over the ground. Heights stay as they are.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from motion.rotations import Array
from studio.document.model import Placement
from studio.document.played import Played

# How much closer the frame after has to be than the frame before, in sums of 1 - |dot|: about
# what two thousandths of a radian in every joint make.
_CLOSER = 1e-5


class Point(NamedTuple):
    """Metres on the ground."""

    x: float
    z: float


class Place(NamedTuple):
    """``world = yaw(turn) @ played + (x, 0, z)``: radians and metres."""

    turn: float = 0.0
    x: float = 0.0
    z: float = 0.0

    @property
    def rotation(self) -> Array:
        """The turn as a quaternion ``[4]``."""
        # By math, not NumPy, whose sines may depend on how many are taken at once.
        return np.array([math.cos(self.turn / 2), 0.0, math.sin(self.turn / 2), 0.0])

    @property
    def offset(self) -> Array:
        """The move ``[3]``, metres."""
        return np.array([self.x, 0.0, self.z])

    def point(self, p: Point) -> Point:
        """Where it takes a point."""
        c, s = math.cos(self.turn), math.sin(self.turn)
        return Point(self.x + c * p.x + s * p.z, self.z - s * p.x + c * p.z)

    def after(self, inner: Place) -> Place:
        """First ``inner``, then this."""
        return Place(self.turn + inner.turn, *self.point(Point(inner.x, inner.z)))

    def inverse(self) -> Place:
        """From the world back."""
        return Place(-self.turn, *Place(-self.turn).point(Point(-self.x, -self.z)))


def heading(played: Played, frame: int) -> float:
    """Yaw of the pelvis, radians: the twist of its rotation about +Y."""
    w, _, y, _ = played.rotations[frame, 0].tolist()
    angle = 2 * math.atan2(y, w)
    return (angle + math.pi) % (2 * math.pi) - math.pi


def root(played: Played, frame: int) -> Point:
    """Where the root is over the ground."""
    x, _, z = played.root[frame].tolist()
    return Point(x, z)


def standing(played: Played, frame: int, at: Placement) -> Place:
    """The place in which ``frame`` has its root over ``at`` and heads the same way."""
    return _meeting(heading(played, frame), root(played, frame), at.turn, Point(at.x, at.z))


def offset(played: Played, frame: int, by: Placement) -> Place:
    """In played coordinates: moved ``by`` in the heading of ``frame``, turned about its root."""
    facing, over = heading(played, frame), root(played, frame)
    goal = Place(facing, *over).point(Point(by.x, by.z))
    return _meeting(facing, over, facing + by.turn, goal)


def following(before: Played, last: int, held: bool, after: Played, first: int) -> Place:
    """How ``after`` from frame ``first`` on follows on from ``before``, which ended at ``last``.

    Returns:
        The place of ``after`` in the coordinates of ``before``.
    """
    pairs = []
    if first >= 1:
        pairs.append((last, first - 1))
    if not held and last + 1 < len(before):
        pairs.append((last + 1, first))
    if not pairs:
        previous = last if held else max(last - 1, 0)
        return _met(before, last, after, first, previous)
    if len(pairs) == 2 and _apart(before, after, *pairs[1]) < _apart(before, after, *pairs[0]) - (
        _CLOSER
    ):
        pairs.reverse()
    b, a = pairs[0]
    return _met(before, b, after, a, b)


def _met(before: Played, b: int, after: Played, a: int, previous: int) -> Place:
    """Frame ``a`` put where frame ``b`` is, moved on by the step from ``previous`` to ``b``."""
    both = np.flatnonzero(before.contacts[b] & after.contacts[a])
    goal, step = _standpoint(before, b, both), _standpoint(before, previous, both)
    goal = Point(2 * goal.x - step.x, 2 * goal.z - step.z)
    return _meeting(heading(after, a), _standpoint(after, a, both), heading(before, b), goal)


def _standpoint(played: Played, frame: int, joints: NDArray[np.intp]) -> Point:
    """The mean of the planted ``joints``; the root where none is."""
    if not len(joints):
        return root(played, frame)
    x, _, z = played.feet[frame, joints].mean(axis=0).tolist()
    return Point(x, z)


def _meeting(facing: float, over: Point, goal_facing: float, goal: Point) -> Place:
    """The place that takes the point ``over`` to ``goal`` and one heading to the other."""
    turn = goal_facing - facing
    moved = Place(turn).point(over)
    return Place(turn, goal.x - moved.x, goal.z - moved.z)


def _apart(before: Played, after: Played, b: int, a: int) -> float:
    """How unlike two poses are, the root left out."""
    dots = (before.rotations[b, 1:] * after.rotations[a, 1:]).sum(axis=-1)
    return float((1 - np.abs(dots)).sum())
