"""Keyframe tracks: their values between keys, and the frame rate they were made at."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from motion import rotations as rot
from motion.rotations import Array

#: Frame rates that animation is made at, the likelier first.
USUAL_RATES = (
    30.0, 24.0, 60.0, 25.0, 50.0, 120.0, 100.0, 48.0, 240.0, 20.0, 15.0, 12.0,
    30000 / 1001, 24000 / 1001, 60000 / 1001,
)  # fmt: skip

#: How far a key may lie from a whole frame, in frames: times are float32 seconds.
_OFF_FRAME = 0.02

#: From this many equal distances between keys on, they are frames rather than sparse keys.
_MANY = 8


def sample(times: Array, values: Array, interpolation: str, at: Array, *, rotation: bool) -> Array:
    """A keyframe track's values ``[len(at), K]`` at the times ``at``, held beyond its ends.

    Args:
        times: ``[N]`` seconds, rising.
        values: ``[N, K]``, or ``[N, 3, K]`` for CUBICSPLINE (in-tangent, value, out-tangent).
        interpolation: ``LINEAR``, ``STEP`` or ``CUBICSPLINE``, as the specification's appendix C
            defines them: slerp for linear rotations, Hermite splines for cubic ones.
        at: ``[M]`` seconds.
        rotation: Whether the values are quaternions (any component order).
    """
    at = np.clip(at, times[0], times[-1])
    low = np.clip(np.searchsorted(times, at, side="right") - 1, 0, max(len(times) - 2, 0))
    high = np.minimum(low + 1, len(times) - 1)
    step = np.maximum(times[high] - times[low], 1e-12)
    u = ((at - times[low]) / step)[:, None]
    if interpolation == "STEP":
        # At the last key itself the clip lies beyond its last interval.
        return values[np.where(u[:, 0] >= 1.0, high, low)]
    if interpolation == "CUBICSPLINE":
        out = _hermite(values[low], values[high], step[:, None], u)
    elif rotation:
        out = rot.slerp(values[low], values[high], u[:, 0])
    else:
        out = (1 - u) * values[low] + u * values[high]
    if rotation:
        out = out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-12)
    return out


def _hermite(first: Array, second: Array, step: Array, u: Array) -> Array:
    """Between keys ``[M, 3, K]`` (in-tangent, value, out-tangent) that lie ``step`` apart."""
    u2, u3 = u * u, u * u * u
    return (
        (2 * u3 - 3 * u2 + 1) * first[:, 1]
        + step * (u3 - 2 * u2 + u) * first[:, 2]
        + (3 * u2 - 2 * u3) * second[:, 1]
        + step * (u3 - u2) * second[:, 0]
    )


def duration_frames(seconds: float, fps: float) -> int:
    """Frames from 0 to ``seconds`` inclusive, rounding errors of float32 times forgiven."""
    return math.floor(seconds * fps + 0.01) + 1


def guess_rate(tracks: Sequence[Array]) -> float:
    """Frames a second of keys at ``tracks`` of rising times in seconds.

    Keys on every frame give the rate away; sparse ones the most usual rate that has all of them on
    whole frames, or else the one that makes the shortest distance between two a single frame.
    """
    keys = np.unique(np.concatenate([times - times[0] for times in tracks]))
    gaps = np.diff(keys)
    gaps = gaps[gaps > 1e-4]
    if not len(gaps):
        return USUAL_RATES[0]
    dense = float(np.round(1.0 / gaps.min(), 2))
    misses = {rate: _off_frames(keys, rate) for rate in USUAL_RATES}
    fitting = [rate for rate, miss in misses.items() if miss < _OFF_FRAME]
    single = [rate for rate in fitting if abs(gaps.min() * rate - 1.0) < _OFF_FRAME]
    if single or not fitting:
        return min(single, key=misses.__getitem__) if single else dense
    even = len(gaps) >= _MANY and float(np.ptp(gaps)) * dense < _OFF_FRAME
    return dense if even else fitting[0]


def _off_frames(keys: Array, rate: float) -> float:
    """How far the worst key lies from a whole frame, in frames."""
    frames = keys * rate
    return float(np.abs(frames - np.round(frames)).max())
