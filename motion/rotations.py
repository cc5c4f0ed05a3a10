"""Batched rotations: quaternions (wxyz), 3x3 matrices, the continuous 6D form and Euler angles.

Every function accepts any number of leading dimensions and returns float64 unless the input is
float32. None of them modifies its input.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.floating[Any]]

IDENTITY: Array = np.array([1.0, 0.0, 0.0, 0.0])
IDENTITY.flags.writeable = False

_AXIS = {"X": 0, "Y": 1, "Z": 2}
# Components and signs of q * i, q * j and q * k.
_TIMES_AXIS = {
    "X": ([1, 0, 3, 2], [-1, 1, 1, -1]),
    "Y": ([2, 3, 0, 1], [-1, -1, 1, 1]),
    "Z": ([3, 2, 1, 0], [-1, 1, -1, 1]),
}


def _floating(values: ArrayLike) -> Array:
    array = np.asarray(values)
    if array.dtype == np.float32:
        return array
    return np.asarray(array, dtype=np.float64)


def normalize(q: ArrayLike) -> Array:
    """Unit quaternions ``[..., 4]``; a zero quaternion becomes the identity."""
    q = _floating(q)
    norm = np.sqrt(np.einsum("...i,...i->...", q, q))[..., None]
    safe = np.where(norm > 1e-12, norm, 1.0)
    return np.where(norm > 1e-12, q / safe, np.asarray(IDENTITY, dtype=q.dtype))


def conjugate(q: ArrayLike) -> Array:
    """The inverse rotation of unit quaternions ``[..., 4]``."""
    return _floating(q) * np.array([1.0, -1.0, -1.0, -1.0], dtype=_floating(q).dtype)


def multiply(a: ArrayLike, b: ArrayLike) -> Array:
    """Hamilton product ``[..., 4]``: the rotation that applies ``b`` first, then ``a``."""
    a, b = _floating(a), _floating(b)
    aw, ax, ay, az = a[..., 0], a[..., 1], a[..., 2], a[..., 3]
    bw, bx, by, bz = b[..., 0], b[..., 1], b[..., 2], b[..., 3]
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), dtype=np.result_type(a, b))
    out[..., 0] = aw * bw - ax * bx - ay * by - az * bz
    out[..., 1] = aw * bx + ax * bw + ay * bz - az * by
    out[..., 2] = aw * by - ax * bz + ay * bw + az * bx
    out[..., 3] = aw * bz + ax * by - ay * bx + az * bw
    return out


def rotate(q: ArrayLike, v: ArrayLike) -> Array:
    """Vectors ``v[..., 3]`` turned by unit quaternions ``q[..., 4]``."""
    q, v = _floating(q), _floating(v)
    # v + 2w(u x v) + 2u x (u x v): two cross products are cheaper than two Hamilton products.
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    vx, vy, vz = v[..., 0], v[..., 1], v[..., 2]
    tx, ty, tz = 2 * (y * vz - z * vy), 2 * (z * vx - x * vz), 2 * (x * vy - y * vx)
    out = np.empty(
        (*np.broadcast_shapes(q.shape[:-1], v.shape[:-1]), 3), dtype=np.result_type(q, v)
    )
    out[..., 0] = vx + w * tx + y * tz - z * ty
    out[..., 1] = vy + w * ty + z * tx - x * tz
    out[..., 2] = vz + w * tz + x * ty - y * tx
    return out


def to_matrix(q: ArrayLike) -> Array:
    """Rotation matrices ``[..., 3, 3]`` of unit quaternions ``[..., 4]``."""
    q = _floating(q)
    w, x, y, z = q[..., 0], q[..., 1], q[..., 2], q[..., 3]
    out = np.empty((*q.shape[:-1], 3, 3), dtype=q.dtype)
    out[..., 0, 0] = 1 - 2 * (y * y + z * z)
    out[..., 0, 1] = 2 * (x * y - w * z)
    out[..., 0, 2] = 2 * (x * z + w * y)
    out[..., 1, 0] = 2 * (x * y + w * z)
    out[..., 1, 1] = 1 - 2 * (x * x + z * z)
    out[..., 1, 2] = 2 * (y * z - w * x)
    out[..., 2, 0] = 2 * (x * z - w * y)
    out[..., 2, 1] = 2 * (y * z + w * x)
    out[..., 2, 2] = 1 - 2 * (x * x + y * y)
    return out


def from_matrix(m: ArrayLike) -> Array:
    """Unit quaternions ``[..., 4]`` (w >= 0) of rotation matrices ``[..., 3, 3]``.

    Takes the largest of the four components first (Shepperd 1978), so it is stable for every
    angle, half turns included.
    """
    m = _floating(m)
    x, y, z = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    a = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    s = m[..., 1, 0] + m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 2, 1] + m[..., 1, 2]
    # Row i is the quaternion times four times its component i.
    rows = np.empty((*m.shape[:-2], 4, 4), dtype=m.dtype)
    rows[..., 0, 0], rows[..., 1, 1] = 1 + x + y + z, 1 + x - y - z
    rows[..., 2, 2], rows[..., 3, 3] = 1 - x + y - z, 1 - x - y + z
    for i in range(3):
        rows[..., 0, i + 1] = rows[..., i + 1, 0] = a[i]
    for k, (i, j) in enumerate(((1, 2), (1, 3), (2, 3))):
        rows[..., i, j] = rows[..., j, i] = s[k]
    best = np.argmax(np.einsum("...ii->...i", rows), axis=-1)
    return positive(normalize(np.take_along_axis(rows, best[..., None, None], axis=-2)[..., 0, :]))


def positive(q: ArrayLike) -> Array:
    """The same rotations ``[..., 4]`` with w >= 0."""
    q = _floating(q)
    return np.where(q[..., :1] < 0, -q, q)


def continuous(q: ArrayLike, axis: int = 0) -> Array:
    """The same rotations with signs chosen so that neighbours along ``axis`` lie close."""
    q = np.moveaxis(_floating(q), axis, 0)
    if len(q) < 2:
        return np.moveaxis(q.copy(), 0, axis)
    flips = np.einsum("...i,...i->...", q[1:], q[:-1]) < 0
    signs = np.where(np.cumsum(flips, axis=0) % 2 == 1, -1.0, 1.0).astype(q.dtype)
    out = q.copy()
    out[1:] *= signs[..., None]
    return np.moveaxis(out, 0, axis)


def to_sixd(q: ArrayLike) -> Array:
    """The first two columns of the matrix ``[..., 6]`` = (x axis, y axis).

    Zhou et al. 2019, "On the Continuity of Rotation Representations in Neural Networks".
    """
    m = to_matrix(q)
    return np.concatenate([m[..., :, 0], m[..., :, 1]], axis=-1)


def matrix_from_sixd(d: ArrayLike) -> Array:
    """Rotation matrices ``[..., 3, 3]`` from 6D ``[..., 6]`` by Gram-Schmidt (Zhou et al. 2019)."""
    d = _floating(d)
    x = unit(d[..., :3], np.array([1.0, 0.0, 0.0]))
    y = d[..., 3:] - np.einsum("...i,...i->...", x, d[..., 3:])[..., None] * x
    y = unit(y, any_perpendicular(x))
    return np.stack([x, y, cross(x, y)], axis=-1)


def cross(a: ArrayLike, b: ArrayLike) -> Array:
    """Cross products ``[..., 3]`` of ``a[..., 3]`` and ``b``, several times faster than NumPy's."""
    a, b = _floating(a), _floating(b)
    out = np.empty(np.broadcast_shapes(a.shape, b.shape), dtype=np.result_type(a, b))
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        out[..., i] = a[..., j] * b[..., k] - a[..., k] * b[..., j]
    return out


def from_sixd(d: ArrayLike) -> Array:
    """Unit quaternions ``[..., 4]`` from 6D ``[..., 6]``."""
    return from_matrix(matrix_from_sixd(d))


def unit(v: ArrayLike, fallback: ArrayLike) -> Array:
    """Vectors ``[..., 3]`` scaled to length one; those near zero become ``fallback``."""
    v = _floating(v)
    norm = np.sqrt(np.einsum("...i,...i->...", v, v))[..., None]
    fine = norm > 1e-9
    if fine.all():
        return v / norm
    return np.where(fine, v / np.where(fine, norm, 1.0), fallback).astype(v.dtype)


def any_perpendicular(v: ArrayLike) -> Array:
    """A unit vector ``[..., 3]`` at right angles to each of ``v[..., 3]``."""
    v = _floating(v)
    axis = np.zeros_like(v)
    np.put_along_axis(axis, np.argmin(np.abs(v), axis=-1)[..., None], 1.0, axis=-1)
    return unit(cross(v, axis), np.array([0.0, 1.0, 0.0]))


def from_axis_angle(axis: ArrayLike, angle: ArrayLike) -> Array:
    """Unit quaternions ``[..., 4]`` turning by ``angle[...]`` about unit ``axis[..., 3]``."""
    axis, half = _floating(axis), 0.5 * _floating(angle)[..., None]
    shape = np.broadcast_shapes(axis.shape[:-1], half.shape[:-1])
    out = np.empty((*shape, 4), dtype=np.result_type(axis, half))
    out[..., :1] = np.cos(half)
    out[..., 1:] = np.sin(half) * axis
    return out


def from_rotation_vector(v: ArrayLike) -> Array:
    """The exponential map: ``v[..., 3]`` (axis times radians) to unit quaternions ``[..., 4]``."""
    v = _floating(v)
    angle = np.linalg.norm(v, axis=-1, keepdims=True)
    # sinc(x) = sin(pi x) / (pi x), so this is sin(angle / 2) / angle, exact at zero.
    scale = 0.5 * np.sinc(angle / (2 * np.pi))
    return np.concatenate([np.cos(0.5 * angle), scale * v], axis=-1)


def to_rotation_vector(q: ArrayLike) -> Array:
    """The logarithm: the shortest axis times angle ``[..., 3]`` of unit ``q[..., 4]``."""
    q = positive(q)
    sine = np.sqrt(np.einsum("...i,...i->...", q[..., 1:], q[..., 1:]))[..., None]
    angle = 2 * np.arctan2(sine, q[..., :1])
    scale = np.where(sine > 1e-9, angle / np.where(sine > 1e-9, sine, 1.0), 2.0)
    return scale * q[..., 1:]


def angle_between(a: ArrayLike, b: ArrayLike) -> Array:
    """The angle ``[...]`` in radians, 0 to pi, of the rotation that takes ``a`` to ``b``."""
    return np.linalg.norm(to_rotation_vector(multiply(conjugate(a), b)), axis=-1)


def slerp(a: ArrayLike, b: ArrayLike, t: ArrayLike) -> Array:
    """Along the shorter arc from ``a[..., 4]`` to ``b`` at ``t[...]`` (0 gives a, 1 gives b)."""
    a, b = np.broadcast_arrays(_floating(a), _floating(b))
    t = np.asarray(t, dtype=np.result_type(a, b))[..., None]
    dot = np.einsum("...i,...i->...", a, b)[..., None]
    b = np.where(dot < 0, -b, b)
    # asin of the half chord keeps its precision at small angles, where acos(dot) has none.
    theta = 2 * np.arcsin(np.clip(0.5 * np.linalg.norm(b - a, axis=-1, keepdims=True), 0, 1))
    sine = np.sin(theta)
    near = sine < 1e-6
    safe = np.where(near, 1.0, sine)
    wa = np.where(near, 1 - t, np.sin((1 - t) * theta) / safe)
    wb = np.where(near, t, np.sin(t * theta) / safe)
    return normalize(wa * a + wb * b)


def between(a: ArrayLike, b: ArrayLike) -> Array:
    """The smallest rotations ``[..., 4]`` turning unit vectors ``a[..., 3]`` onto ``b``."""
    a, b = np.broadcast_arrays(_floating(a), _floating(b))
    w = 1 + np.einsum("...i,...i->...", a, b)[..., None]
    opposite = w < 1e-8
    axis = cross(a, b)
    if opposite.any():
        axis = np.where(opposite, any_perpendicular(a), axis)
    return normalize(np.concatenate([np.where(opposite, 0.0, w), axis], axis=-1))


def from_euler(angles: ArrayLike, order: str) -> Array:
    """Unit quaternions ``[..., 4]`` of intrinsic Euler ``angles[..., n]`` in radians.

    ``order`` names the axes from first to last applied in the moving frame, as BVH channels do:
    ``"ZXY"`` is ``Rz @ Rx @ Ry``. Any length from one to three.
    """
    half = 0.5 * _floating(angles)
    cosine, sine = np.cos(half), np.sin(half)
    q = np.zeros((*half.shape[:-1], 4), dtype=half.dtype)
    q[..., 0] = cosine[..., 0]
    q[..., 1 + _AXIS[order[0]]] = sine[..., 0]
    for i, letter in enumerate(order[1:], start=1):
        # q * (c + s e) for an axis e: multiplying by e only swaps components and signs.
        swap, sign = _TIMES_AXIS[letter]
        swapped = q[..., swap] * np.array(sign, dtype=q.dtype)
        q = cosine[..., i, None] * q + sine[..., i, None] * swapped
    return q


def to_euler(q: ArrayLike, order: str) -> Array:
    """Intrinsic Euler angles ``[..., 3]`` in radians for three different axes, e.g. ``"ZXY"``.

    The middle angle lies in [-pi/2, pi/2]. In gimbal lock the last angle is zero.
    """
    i, j, k = (_AXIS[letter] for letter in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    m = to_matrix(q)
    sine = np.clip(sign * m[..., i, k], -1.0, 1.0)
    cosine = np.hypot(m[..., i, i], m[..., i, j])
    locked = cosine < 1e-7
    first = np.arctan2(-sign * m[..., j, k], m[..., k, k])
    last = np.arctan2(-sign * m[..., i, j], m[..., i, i])
    first = np.where(locked, np.arctan2(sign * m[..., k, j], m[..., j, j]), first)
    last = np.where(locked, 0.0, last)
    return np.stack([first, np.arctan2(sine, cosine), last], axis=-1)


def yaw(angle: ArrayLike) -> Array:
    """Unit quaternions ``[..., 4]`` turning by ``angle[...]`` radians about +Y, left positive."""
    half = 0.5 * _floating(angle)
    zero = np.zeros_like(half)
    return np.stack([np.cos(half), zero, np.sin(half), zero], axis=-1)


def heading(q: ArrayLike) -> Array:
    """The yaw angle ``[...]`` in [-pi, pi) of the twist of unit quaternions ``[..., 4]`` about +Y.

    Swing-twist decomposition: unlike the direction of the turned +Z axis, it stays well defined
    when the figure looks straight up or bows to the ground.
    """
    q = _floating(q)
    angle = 2 * np.arctan2(q[..., 2], q[..., 0])
    return cast(Array, (angle + np.pi) % (2 * np.pi) - np.pi)


def mean(q: ArrayLike, axis: int = 0) -> Array:
    """The rotation nearest to all along ``axis`` in the chordal sense (Markley et al. 2007)."""
    q = np.moveaxis(_floating(q), axis, 0)
    _, vectors = np.linalg.eigh(np.einsum("t...i,t...j->...ij", q, q))
    return positive(vectors[..., -1])
