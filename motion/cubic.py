"""Cubic sampling between frames: positions and rotations that do not gain kinks.

Catmull and Rom, "A class of local interpolating splines" (1974), at even steps: C1, through every
frame, exact for parabolas, and local: a sample depends on two frames to either side of it.
"""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.rotations import Array


def cubic(values: Array, at: Array) -> Array:
    """``values[T, ...]`` at fractional frames ``at[N]`` within ``0 .. T - 1``: ``[N, ...]``.

    Whole frames are copied to the bit. At both ends the parabola through the nearest three frames
    goes on, or the line through two.
    """
    nearest = np.rint(at).astype(np.intp)
    between = np.flatnonzero(at != nearest)
    out = values[nearest]
    if len(between):
        out[between] = _between(values, at[between])
    return out


def cubic_rotations(q: Array, at: Array) -> Array:
    """As :func:`cubic` for unit quaternions ``q[T, ..., 4]``: signs made continuous, normalised."""
    nearest = np.rint(at).astype(np.intp)
    between = np.flatnonzero(at != nearest)
    out = q[nearest]
    if len(between):
        out[between] = rot.normalize(_between(rot.continuous(q), at[between]))
    return out


def _between(values: Array, at: Array) -> Array:
    low = np.floor(at).astype(np.intp)
    t = (at - low).reshape(-1, *([1] * (values.ndim - 1)))
    padded = _with_ends(values)
    out = t * ((2 - t) * t - 1) * padded[low]
    out += (t * t * (3 * t - 5) + 2) * padded[low + 1]
    out += t * ((4 - 3 * t) * t + 1) * padded[low + 2]
    out += t * t * (t - 1) * padded[low + 3]
    out *= 0.5
    return out


def _with_ends(values: Array) -> Array:
    """One more frame before and after, where the nearest three (or two) lead."""
    if len(values) > 2:
        before = 3 * (values[0] - values[1]) + values[2]
        after = 3 * (values[-1] - values[-2]) + values[-3]
    else:
        before, after = 2 * values[0] - values[-1], 2 * values[-1] - values[0]
    return np.concatenate([before[None], values, after[None]])
