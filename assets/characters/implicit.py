"""Implicit surfaces for building characters: rounded shapes, blended smoothly.

A *field* takes points ``[N, 3]`` (metres) and returns ``[N]`` values, below zero inside, close to
the distance in metres near the surface. Used only while building; nothing here runs in the studio.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import Akima1DInterpolator

Points = NDArray[np.float64]
Values = NDArray[np.float64]
Field = Callable[[Points], Values]

MIRROR = np.array([-1.0, 1.0, 1.0])


def ellipsoid(center: ArrayLike, radii: ArrayLike, pitch: float = 0.0, roll: float = 0.0) -> Field:
    """An ellipsoid with semi-axes ``radii`` along x, y, z, turned by degrees about x, then z.

    The distance is the usual first-order estimate |p/r| (|p/r| - 1) / |p/r^2|.
    """
    middle, axes = np.asarray(center, float), np.asarray(radii, float)
    turn = _about_z(roll) @ _about_x(pitch)

    def field(points: Points) -> Values:
        local = (points - middle) @ turn
        near = np.linalg.norm(local / axes, axis=1)
        slope = np.linalg.norm(local / axes**2, axis=1)
        return np.where(slope > 1e-9, near * (near - 1) / np.maximum(slope, 1e-9), -axes.min())

    return field


def cone(
    start: ArrayLike, end: ArrayLike, radii: tuple[float, float], flatten: ArrayLike = (1, 1, 1)
) -> Field:
    """The hull of two spheres of ``radii`` at ``start`` and ``end``, exact where not flattened.

    ``flatten`` scales the world axes about the axis of the cone: (1, 1, 0.8) is thinner in z.
    """
    scale = np.asarray(flatten, float)
    a, b = np.asarray(start, float) / scale, np.asarray(end, float) / scale
    along = b - a
    length = float(np.linalg.norm(along))
    along = along / length
    wide, narrow = radii
    slant = (wide - narrow) / length
    height = np.sqrt(1 - slant**2)

    def field(points: Points) -> Values:
        offset = points / scale - a
        y = offset @ along
        x = np.linalg.norm(offset - y[:, None] * along, axis=1)
        side = x * height + y * slant - wide
        t = y * height - x * slant
        tip = np.hypot(x, y - length) - narrow
        distance = np.where(t < 0, np.hypot(x, y) - wide, np.where(t > length * height, tip, side))
        return distance * scale.min()

    return field


def chain(points: ArrayLike, radii: ArrayLike, flatten: ArrayLike = (1, 1, 1), k: float = 0.0):
    """Cones through ``points`` with one radius each, blended over ``k`` metres."""
    spots, sizes = np.asarray(points, float), np.asarray(radii, float)
    links = [
        cone(spots[i], spots[i + 1], (sizes[i], sizes[i + 1]), flatten)
        for i in range(len(spots) - 1)
    ]
    return blend(*links, k=k)


def loft(axis: int, rows: ArrayLike, caps: tuple[float, float], power: float = 2.0) -> Field:
    """Cross-sections along world ``axis``, interpolated by a cubic spline and capped roundly.

    Each row is ``(t, center_u, center_w, radius_u, radius_w)`` with ``t`` growing along ``axis``
    and u, w the two other axes in order. ``caps`` are the lengths of the rounded ends. ``power``
    is the exponent of the superellipse: 2 is an ellipse, more is boxier.
    """
    table = np.asarray(rows, float)
    spline = Akima1DInterpolator(table[:, 0], table[:, 1:], method="makima")
    first, last = table[0, 0], table[-1, 0]
    u, w = [i for i in range(3) if i != axis]

    def field(points: Points) -> Values:
        t = np.clip(points[:, axis], first, last)
        center_u, center_w, radius_u, radius_w = spline(t).T
        beyond = points[:, axis] - t
        over = np.where(beyond < 0, beyond / caps[0], beyond / caps[1])
        a = np.abs(points[:, u] - center_u) / radius_u
        b = np.abs(points[:, w] - center_w) / radius_w
        ring = (a**power + b**power) ** (2 / power)
        near = np.sqrt(ring + over**2)
        # The slope of |p/r| across the section; thin sections keep a sensible scale inside.
        slope = np.sqrt((a / radius_u) ** 2 + (b / radius_w) ** 2 + (over / caps[0]) ** 2)
        middle = near < 1e-6
        slope = np.where(middle, 1.0 / np.minimum(radius_u, radius_w), slope)
        return np.where(middle, -1 / slope, near * (near - 1) / np.maximum(slope, 1e-9))

    return field


def within(low: ArrayLike, high: ArrayLike, field: Field, margin: float = 0.08) -> Field:
    """``field``, known to lie inside a box, evaluated only up to ``margin`` metres around it.

    Further out the distance to the box stands in for it: no blend reaches that far.
    """
    first, last = np.asarray(low, float), np.asarray(high, float)

    def near(points: Points) -> Values:
        outside = np.maximum(np.maximum(first - points, points - last), 0)
        values = np.linalg.norm(outside, axis=1)
        close = values < margin
        if close.any():
            values[close] = field(points[close])
        return values

    return near


def blend(*fields: Field, k: float) -> Field:
    """The union of ``fields``, the creases filled over ``k`` metres (cubic smooth minimum)."""

    def field(points: Points) -> Values:
        out = fields[0](points)
        for other in fields[1:]:
            out = smooth_minimum(out, other(points), k)
        return out

    return field


def carve(body: Field, tool: Field, k: float) -> Field:
    """``body`` without ``tool``, the edge rounded over ``k`` metres."""

    def field(points: Points) -> Values:
        return -smooth_minimum(-body(points), tool(points), k)

    return field


def mirrored(field: Field, k: float = 0.0) -> Field:
    """``field`` and its reflection in x = 0, blended over ``k`` metres."""

    def both(points: Points) -> Values:
        return smooth_minimum(field(points), field(points * MIRROR), k)

    return both


def above_ground(body: Field, k: float) -> Field:
    """``body`` cut flat at y = 0, the edge rounded over ``k`` metres."""

    def field(points: Points) -> Values:
        return -smooth_minimum(-body(points), points[:, 1], k)

    return field


def smooth_minimum(a: Values, b: Values, k: float) -> Values:
    """The cubic polynomial smooth minimum: twice differentiable, exact where |a - b| > k."""
    if k <= 0:
        return np.minimum(a, b)
    h = np.maximum(k - np.abs(a - b), 0) / k
    return np.minimum(a, b) - h**3 * (k / 6)


def gradient(field: Field, points: Points, step: float = 1e-4) -> Points:
    """Central differences ``[N, 3]``."""
    out = np.empty_like(points)
    for axis in range(3):
        shift = np.zeros(3)
        shift[axis] = step
        out[:, axis] = (field(points + shift) - field(points - shift)) / (2 * step)
    return out


def project(field: Field, points: Points, steps: int = 4) -> Points:
    """Points moved onto the zero level by Newton's method along the gradient."""
    for _ in range(steps):
        slope = gradient(field, points)
        square = np.maximum((slope**2).sum(axis=1), 1e-3)
        move = (field(points) / square)[:, None] * slope
        points = points - np.clip(move, -0.01, 0.01)
    return points


def _about_x(degrees: float) -> NDArray[np.float64]:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def _about_z(degrees: float) -> NDArray[np.float64]:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
