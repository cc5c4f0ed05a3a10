"""Facts of a motion, measured: where it goes, when feet stand, hands are up, bodies low or off.

The thresholds are those by which the models' own descriptions were written
(``backends.training.data.measure``) where those have one, so that words mean here what they mean in
a prompt. Heights are taken above the ground under the feet and scale with the legs.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from motion.clip import Motion
from motion.contacts import (
    Flags,
    body_scale,
    foot_clearance,
    foot_contacts,
    ground_height,
    joints_of,
    runs,
    speeds,
)
from motion.rotations import Array
from motion.skeleton import Skeleton
from studio.document.model import Range

#: The way of the root is taken over a moving mean of this many seconds, lest the sway of every step
#: counts as way.
SWAY_SECONDS = 0.4

#: A wrist this far (metres) above the joint of the head is above the head.
ABOVE_HEAD = 0.05
#: A wrist above the shoulder is raised.
RAISED = 0.0

#: Heights of the pelvis, of its height when standing: below the first low (crouching, kneeling,
#: sitting), below the second down on the ground.
LOW, DOWN = 0.75, 0.35

#: In the air: both feet (toes and ankles) out of contact and the lower toe this far up, metres, for
#: this many seconds.
AIR, AIR_SECONDS = 0.03, 0.12
#: A jump is longer in the air than the first, seconds, or rises above the second, the height of the
#: pelvis in parts of standing, and never stays below the third. Of captured clips that count as
#: jumps so: 95 % of jumps, hops and leaps, 2 % of runs, whose flights are lower and shorter.
JUMP_SECONDS, JUMP_RISE, JUMP_LEAST = 0.24, 1.08, 0.9

#: Still: no joint faster than this, m/s, for this many seconds.
STILL, STILL_SECONDS = 0.15, 0.5


@dataclass(frozen=True, eq=False)
class Facts:
    """What was measured of one figure over T frames; metres, seconds, radians, left positive.

    Attributes:
        fps: Frames a second.
        range: Which frames of the timeline these are.
        places: ``[T, 2]`` (x, z) of the root over the ground.
        way: Length of its way over the ground.
        ahead, left: Where it ends, seen from where it begins, in the heading that it begins with.
        turn: How far it has turned in the end; more than a full turn counts as such.
        headings: ``[T]``.
        pace: ``[T]`` speed over the ground, m/s.
        height: ``[T]`` of the pelvis, 1 when standing.
        feet: ``[T, 2]`` whether the left and the right foot stand on the ground.
        raised: ``[T, 2]`` whether the left and the right hand are above the shoulder.
        above: ``[T, 2]`` whether they are above the head.
        hands: ``[2]`` mean speed of the wrists against the chest, m/s.
        airborne: ``[T]`` both feet off the ground.
        jumps: Frames of the timeline of each jump, the whole of those that the range cuts.
        still: ``[T]`` standing still, as part of half a second or more.
    """

    fps: float
    range: Range
    places: Array
    way: float
    ahead: float
    left: float
    turn: float
    headings: Array
    pace: Array
    height: Array
    feet: Flags
    raised: Flags
    above: Flags
    hands: Array
    airborne: Flags
    jumps: tuple[Range, ...]
    still: Flags

    @property
    def seconds(self) -> float:
        return len(self.range) / self.fps

    @property
    def away(self) -> float:
        """Straight distance from where it begins to where it ends."""
        return float(np.hypot(self.ahead, self.left))

    @property
    def speed(self) -> float:
        """Mean speed over the ground while it moves faster than it would sway, m/s."""
        moving = self.pace > MOVING
        return float(self.pace[moving].mean()) if moving.any() else 0.0

    @property
    def moving(self) -> float:
        """The share of the frames in which it moves over the ground."""
        return float((self.pace > MOVING).mean())


#: Slower over the ground than this, m/s, nobody goes anywhere.
MOVING = 0.25


def observe(motion: Motion, range: Range | None = None, start: int = 0) -> Facts:  # noqa: A002
    """The facts of ``motion`` in ``range`` of the timeline.

    Contacts and speeds are taken from all of the motion, so an edge of the range changes none.

    Args:
        motion: Any skeleton with the roles of the legs, the arms and the head.
        range: Frames of the timeline; None for all of the motion.
        start: The frame of the timeline at which ``motion`` begins.

    Raises:
        SkeletonError: a role is missing.
    """
    skeleton, fps, points = motion.skeleton, motion.fps, motion.positions
    pelvis, head, chest, *arms = joints_of(
        skeleton, "pelvis", "head", "spine3", *_sided("shoulder"), *_sided("wrist")
    )
    shoulders, wrists = arms[:2], arms[2:]
    scale, ground = body_scale(skeleton), ground_height(motion)
    contacts = foot_contacts(motion, ground)
    feet = np.stack([contacts[:, :2].any(axis=1), contacts[:, 2:].any(axis=1)], axis=1)
    places = points[:, pelvis][:, [0, 2]]
    smooth = _smoothed(places, fps)
    height = (points[:, pelvis, 1] - ground) / _standing_height(skeleton)
    airborne = _airborne(motion, ground, scale, feet)
    hands = points[:, wrists, 1]
    whole = Facts(
        fps=fps,
        range=Range(start, start + len(motion)),
        places=places,
        way=0.0, ahead=0.0, left=0.0, turn=0.0, jumps=(),
        headings=motion.headings,
        pace=speeds(np.insert(smooth, 1, 0.0, axis=1), fps),
        height=height,
        feet=feet,
        raised=hands > points[:, shoulders, 1] + RAISED * scale,
        above=hands > points[:, [head], 1] + ABOVE_HEAD * scale,
        hands=speeds(points[:, wrists] - points[:, [chest]], fps),
        airborne=airborne,
        still=_lasting(speeds(points, fps).max(axis=1) < STILL * scale, STILL_SECONDS * fps),
    )  # fmt: skip
    return _cut(whole, whole.range if range is None else range)


def _cut(whole: Facts, span: Range) -> Facts:
    """The facts of ``span``, as much of it as was observed; one frame at least."""
    first = min(max(span.start - whole.range.start, 0), len(whole.range) - 1)
    stop = max(min(span.stop - whole.range.start, len(whole.range)), first + 1)
    at = slice(first, stop)
    places, headings = whole.places[at], whole.headings[at]
    dx, dz = (places[-1] - places[0]).tolist()
    c, s = float(np.cos(headings[0])), float(np.sin(headings[0]))
    return replace(
        whole,
        range=Range(first + whole.range.start, stop + whole.range.start),
        places=places,
        # Smoothed within the range, so that its ends are where they are.
        way=float(np.linalg.norm(np.diff(_smoothed(places, whole.fps), axis=0), axis=1).sum()),
        ahead=s * dx + c * dz,
        left=c * dx - s * dz,
        turn=float(headings[-1] - headings[0]),
        headings=headings,
        pace=whole.pace[at],
        height=whole.height[at],
        feet=whole.feet[at],
        raised=whole.raised[at],
        above=whole.above[at],
        hands=whole.hands[at].mean(axis=0),
        airborne=whole.airborne[at],
        jumps=tuple(
            flight.moved(whole.range.start)
            for flight in (Range(a, b) for a, b in runs(whole.airborne).tolist())
            if _is_jump(flight, whole) and len(flight.overlap(Range(first, stop)))
        ),
        still=whole.still[at],
    )


def _is_jump(flight: Range, facts: Facts) -> bool:
    top = float(facts.height[flight.start : flight.stop].max())
    long = len(flight) >= JUMP_SECONDS * facts.fps
    return top > JUMP_RISE or (long and top > JUMP_LEAST)


def _sided(joint: str) -> tuple[str, str]:
    return f"left_{joint}", f"right_{joint}"


def _standing_height(skeleton: Skeleton) -> float:
    """Height of the pelvis above the ground in the rest pose."""
    rest, feet = skeleton.rest_world[0], joints_of(skeleton, *_sided("foot"))
    sole = float((rest[feet, 1] - foot_clearance(skeleton)[[1, 3]]).min())
    return float(rest[joints_of(skeleton, "pelvis")[0], 1]) - sole


def _smoothed(points: Array, fps: float) -> Array:
    """A moving mean that shrinks towards both ends, so that these stay where they are."""
    half = max(round(SWAY_SECONDS * fps / 2), 0)
    count = len(points)
    sums = np.concatenate([np.zeros((1, points.shape[1])), np.cumsum(points, axis=0)])
    at = np.arange(count)
    reach = np.minimum(np.minimum(at, count - 1 - at), half)
    return (sums[at + reach + 1] - sums[at - reach]) / (2 * reach + 1)[:, None]


def _airborne(motion: Motion, ground: float, scale: float, feet: Flags) -> Flags:
    toes = joints_of(motion.skeleton, *_sided("foot"))
    rise = motion.positions[:, toes, 1] - ground - foot_clearance(motion.skeleton)[[1, 3]]
    off = ~feet.any(axis=1) & (rise.min(axis=1) > AIR * scale)
    return _lasting(off, AIR_SECONDS * motion.fps)


def _lasting(flags: Flags, frames: float) -> Flags:
    """``flags`` without the runs that are shorter than ``frames``."""
    out = np.zeros_like(flags)
    for a, b in runs(flags):
        out[a:b] = b - a >= frames
    return out
