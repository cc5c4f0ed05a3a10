"""How much a join shows: the seam meter.

A join is where one clip takes over from another. What the eye catches there is a joint that goes
farther, turns farther, or changes its pace more within one frame than it does anywhere in the two
clips themselves. So the meter looks at every step that the join has touched, takes the worst joint,
and divides by the clips' own largest step of the same kind:

    position  max |p[t] - p[t-1]|                     metres a frame
    rotation  max angle(q[t-1], q[t])                 radians a frame, parent-local
    velocity  max |p[t+1] - 2 p[t] + p[t-1]| * fps    metres a second, from one step to the next

    ratio     the largest of the three, each divided by the clips' own

with ``p`` world positions and ``q`` rotations of the joints that have a role. 1 is as lively as the
clips get by themselves. Clips that hardly move are taken to move at :data:`STILL`, below which
nobody sees a jump; otherwise leaving a figure that stands could never be good.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from motion import rotations as rot
from motion.clip import Motion, same_rig
from motion.errors import MotionError
from motion.rotations import Array

Level = Literal["good", "fair", "poor"]

#: A ratio up to the first is good, up to the second fair, above it poor.
GOOD, FAIR = 1.5, 3.0

#: The least that counts as a clip's own largest step: 0.3 m/s, 1 rad/s, and 4 m/s^2, which is the
#: mean acceleration of captured motion. Of captured clips one in fifty stays below the first two.
STILL = (0.3, 1.0, 4.0)


@dataclass(frozen=True)
class Pace:
    """The largest step a motion makes: metres, radians, and metres a second, as in the formula."""

    position: float
    rotation: float
    velocity: float


@dataclass(frozen=True)
class Seam:
    """What the meter read.

    Attributes:
        position: The farthest a joint goes in one frame, metres.
        rotation: The farthest a joint turns in one frame, radians.
        velocity: The most a joint's velocity changes from one step to the next, m/s.
        ratio: The largest of the three relative to the clips' own; 1 is what they do themselves.
        joint: The name of the joint that gave the ratio.
    """

    position: float
    rotation: float
    velocity: float
    ratio: float
    joint: str

    @property
    def level(self) -> Level:
        """``good`` up to :data:`GOOD`, ``fair`` up to :data:`FAIR`, else ``poor``."""
        return "good" if self.ratio <= GOOD else "fair" if self.ratio <= FAIR else "poor"


def pace(motion: Motion) -> Pace:
    """The largest steps of ``motion``; zeros for what a single frame cannot show."""
    return Pace(*(float(step.max(initial=0.0)) for step in _steps(motion)))


def measure_seam(
    motion: Motion, frame: int, frames: int, before: Motion | Pace, after: Motion | Pace
) -> Seam:
    """Read the meter where what plays from ``frame`` on has taken over.

    ::

        motion    a a a a|b b b b b b        frame = 4, frames = 2
        steps          ^ ^ ^                 from the last of a to the first untouched b

    Args:
        motion: The performance, with the join in it.
        frame: The first frame of what comes, 1 to ``len(motion) - 1``.
        frames: How many frames from there on the join has changed: its blend, or 0 for a cut.
        before: The clip before as it is by itself, at the same rate, or its :func:`pace`.
        after: The clip that comes, likewise.

    Raises:
        MotionError: ``frame`` is no frame with one before it, or the clips are of another rig.
    """
    if not 1 <= frame < len(motion):
        raise MotionError(
            f"There is no join at frame {frame} of a motion of {len(motion)} frames; choose 1 to "
            f"{len(motion) - 1}."
        )
    if frames < 0:
        raise MotionError(f"A join cannot change {frames} frames; give 0 or more.")
    # Two frames more to either side, for the changes of velocity at the ends of what was touched.
    first = max(frame - 2, 0)
    around = motion.slice(first, min(frame + frames + 2, len(motion)))
    at = frame - first
    position, rotation, velocity = _steps(around)
    touched = _Steps(
        position[at - 1 : at + frames],
        rotation[at - 1 : at + frames],
        velocity[max(at - 2, 0) : at + frames],
    )
    own = np.maximum(_least(before, motion), _least(after, motion))
    values = np.array([step.max(initial=0.0) for step in touched])
    worst = int(np.argmax(values / own))
    joints = _joints(motion)
    joint = joints[int(np.argmax(touched[worst].max(axis=0, initial=0.0)))]
    farthest, widest, change = (float(value) for value in values)
    ratio = float((values / own)[worst])
    return Seam(farthest, widest, change, ratio, motion.skeleton.joints[joint])


class _Steps(NamedTuple):
    """What the formula takes the largest of: ``[T - 1, R]`` twice, then ``[T - 2, R]``."""

    position: Array
    rotation: Array
    velocity: Array


def _steps(motion: Motion) -> _Steps:
    joints = _joints(motion)
    moved = np.diff(motion.positions[:, joints], axis=0)
    rotations = motion.rotations[:, joints]
    return _Steps(
        np.linalg.norm(moved, axis=-1),
        rot.angle_between(rotations[:-1], rotations[1:]),
        np.linalg.norm(np.diff(moved, axis=0), axis=-1) * motion.fps,
    )


def _joints(motion: Motion) -> list[int]:
    """The joints that have a role, or all where none has: fingers do not make a seam."""
    return list(motion.skeleton.role_index.values()) or list(range(len(motion.skeleton)))


def _least(clip: Motion | Pace, motion: Motion) -> Array:
    """A clip's own largest steps ``[3]``, or those of one that hardly moves."""
    if isinstance(clip, Motion):
        same_rig([motion, clip])
        clip = pace(clip)
    own = (clip.position, clip.rotation, clip.velocity)
    return np.maximum(own, np.array(STILL) / motion.fps)
