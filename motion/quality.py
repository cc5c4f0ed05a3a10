"""How good a motion is, without a reference: the measures shown to users and used in evaluation.

MBench is the benchmark of ViMoGen ("The Quest for Generalizable Motion Generation", 2025), as its
published code computes it. There distances are per frame and thresholds fixed; here they are rates
in SI units and thresholds scale with the legs, so frame rate and size matter less. Derivatives
still amplify noise with the frame rate: compare jitter and acceleration at one rate only.

Only joints with a role are measured, so fingers and twist joints do not dilute the means.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from motion.clip import Motion
from motion.contacts import (
    FEET,
    Flags,
    body_scale,
    foot_clearance,
    foot_contacts,
    ground_height,
    joints_of,
)
from motion.rotations import Array

_BALLS = ("left_foot", "right_foot")
# The skating ratio's thresholds (Karunratanakul et al. 2023).
_SKATE_HEIGHT, _SKATE_SPEED, _SKATE_SECONDS = 0.05, 0.5, 0.25
_SUNK = 0.005  # MBench's tolerance for penetration
_FLESH = 0.10  # joints other than the feet's lie at most this far inside the body
_SUPPORT = 0.05  # a body this far above the ground is not held up by it
_GRAVITY = 9.81


@dataclass(frozen=True)
class Quality:
    """Measures of one motion. Lower is better for all but ``dynamic_degree``, which describes.

    Attributes:
        foot_sliding: Mean horizontal speed of standing feet, m/s.
        skating: Fraction of frames in which a low foot skates faster than 0.5 m/s.
        foot_floating: Fraction of frames in which the figure hovers: off the ground, not falling.
        ground_penetration: Mean depth of the deepest joint below the ground, metres.
        jitter: Mean jerk of the joints, m/s^3.
        acceleration: Mean acceleration of the joints, m/s^2.
        dynamic_degree: Mean speed of the joints in the world plus relative to the root, m/s.
    """

    foot_sliding: float
    skating: float
    foot_floating: float
    ground_penetration: float
    jitter: float
    acceleration: float
    dynamic_degree: float


def measure(motion: Motion, ground: float = 0.0) -> Quality:
    """All measures of a motion whose ground lies at the height ``ground`` in metres.

    Raises:
        SkeletonError: a role of the legs is missing.
    """
    return Quality(
        foot_sliding=foot_sliding(motion),
        skating=skating_ratio(motion),
        foot_floating=foot_floating(motion, ground),
        ground_penetration=ground_penetration(motion, ground),
        jitter=jitter(motion),
        acceleration=acceleration(motion),
        dynamic_degree=dynamic_degree(motion),
    )


def foot_sliding(motion: Motion, contacts: Flags | None = None) -> float:
    """Mean horizontal speed in m/s of ankles and balls of the feet while they are in contact.

    Taken over the steps between two frames in contact. MBench takes the same mean, but calls every
    low foot standing, so that in real walks the swinging foot, which clears the ground by a finger,
    dominates; :func:`skating_ratio` is the measure that counts feet dragged too fast to stand. A
    motion without contacts does not slide.

    Args:
        motion: Any skeleton with the roles of the legs.
        contacts: ``[T, 4]`` in the order of :data:`motion.contacts.FEET`; None detects them. Give
            the same ones to compare two versions of a motion.
    """
    on = foot_contacts(motion) if contacts is None else contacts
    both = on[1:] & on[:-1]
    feet = motion.positions[:, joints_of(motion.skeleton, *FEET)][..., [0, 2]]
    pace = np.linalg.norm(np.diff(feet, axis=0), axis=-1) * motion.fps
    return float(pace[both].mean()) if both.any() else 0.0


def skating_ratio(motion: Motion) -> float:
    """Fraction of frame steps in which a foot within 5 cm of the ground moves at over 0.5 m/s.

    "Guided Motion Diffusion" (Karunratanakul et al. 2023): both the step's own speed and its mean
    over a quarter of a second count, and both frames must be low. Swinging feet pass that low in
    real walks too: read it against real motion's own value.
    """
    if len(motion) < 2:
        return 0.0
    scale = body_scale(motion.skeleton)
    balls = _balls(motion)
    pace = np.linalg.norm(np.diff(balls[..., [0, 2]], axis=0), axis=-1) * motion.fps
    low = balls[..., 1] - ground_height(motion) < _SKATE_HEIGHT * scale
    fast = (pace > _SKATE_SPEED * scale) & (_averaged(pace, motion.fps) > _SKATE_SPEED * scale)
    return float((low[1:] & low[:-1] & fast).any(axis=1).mean())


def foot_floating(motion: Motion, ground: float = 0.0) -> float:
    """Fraction of frames in which nothing holds the figure up and it does not fall either.

    MBench counts implausible ratios of foot to root speed; this asks what they stand for. A frame
    hovers when every joint is farther than 5 cm above the ground (less the sole under the feet and
    10 cm of flesh around other joints) and the body's acceleration is not within half a g of
    gravity's. Jumps fall freely and do not count; hanging from a bar does.
    """
    if len(motion) < 3:
        return 0.0
    scale = body_scale(motion.skeleton)
    clearance = np.full(len(motion.skeleton), _FLESH * scale)
    clearance[joints_of(motion.skeleton, *FEET)] = foot_clearance(motion.skeleton)
    off = (motion.positions[..., 1] - clearance).min(axis=1) - ground > _SUPPORT * scale
    # The mean of the joints stands for the centre of mass; a span of 0.2 s quiets the noise.
    height = _joints(motion)[..., 1].mean(axis=1)
    half = max(1, min(round(0.1 * motion.fps), (len(motion) - 1) // 2))
    at = np.clip(np.arange(len(motion)), half, len(motion) - 1 - half)
    bend = height[at + half] - 2 * height[at] + height[at - half]
    falling = bend * (motion.fps / half) ** 2 < -0.5 * _GRAVITY
    return float((off & ~falling).mean())


def ground_penetration(motion: Motion, ground: float = 0.0) -> float:
    """Mean over all frames of the depth in metres of the deepest joint below the ground.

    Feet are counted from the height at which they rest, since it is the sole that penetrates, and
    by MBench's tolerance of 5 mm. MBench averages over penetrating frames only, in which a single
    bad frame weighs as much as a bad clip.
    """
    feet = joints_of(motion.skeleton, *FEET)
    depth = ground - motion.positions[..., 1]
    # A pointed foot brings its ankle lower than it rests, so ankles count as other joints do.
    balls = [feet[1], feet[3]]
    depth[:, balls] += foot_clearance(motion.skeleton)[[1, 3]] - _SUNK * body_scale(motion.skeleton)
    return float(np.maximum(depth.max(axis=1), 0.0).mean())


def jitter(motion: Motion) -> float:
    """Mean jerk of the joints, m/s^3: third differences (Yi et al. 2021, "TransPose")."""
    return _mean_derivative(_joints(motion), 3, motion.fps)


def acceleration(motion: Motion) -> float:
    """Mean acceleration of the joints, m/s^2: second differences, MBench's jitter in the world."""
    return _mean_derivative(_joints(motion), 2, motion.fps)


def dynamic_degree(motion: Motion) -> float:
    """Mean speed of the joints plus mean speed relative to the root, m/s: MBench, per second."""
    points = _joints(motion)
    around = points - motion.positions[:, :1]
    return _mean_derivative(points, 1, motion.fps) + _mean_derivative(around, 1, motion.fps)


def _mean_derivative(points: Array, order: int, fps: float) -> float:
    if len(points) <= order:
        return 0.0
    return float(np.linalg.norm(np.diff(points, order, axis=0), axis=-1).mean() * fps**order)


def _joints(motion: Motion) -> Array:
    """World positions ``[T, R, 3]`` of the joints that have a role; of all if none has."""
    indices = list(motion.skeleton.role_index.values())
    return motion.positions[:, indices] if indices else motion.positions


def _balls(motion: Motion) -> Array:
    return motion.positions[:, joints_of(motion.skeleton, *_BALLS)]


def _averaged(pace: Array, fps: float) -> Array:
    """Mean ``[T, 2]`` over a quarter of a second."""
    half = max(1, round(_SKATE_SECONDS * fps / 2))
    padded = np.pad(pace, [(half, half), (0, 0)])
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0).mean(axis=-1)
