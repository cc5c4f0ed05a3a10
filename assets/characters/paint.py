"""The mannequin's colours: panels with crisp outlines, and a little shade where parts meet.

A panel is a volume; its outline is where the volume's boundary meets the skin. The mesh gets edges
along each outline and a second row close beside it, so that the colour changes within millimetres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from assets.characters.figure import AT
from assets.characters.implicit import (
    Field,
    Points,
    Values,
    cone,
    ellipsoid,
    gradient,
    smooth_minimum,
)
from assets.characters.remesh import Faces, cut, isotropic

#: How wide the change of colour is at an outline, metres.
SOFT = 0.0035

#: sRGB, as a colour picker shows them. Left is cool and right is warm, so that sides are told
#: apart at a glance; joints are dark, so that bends read from far away.
SHELL = (0.80, 0.795, 0.785)
LEFT = (0.685, 0.745, 0.800)
RIGHT = (0.830, 0.760, 0.675)
JOINT = (0.255, 0.265, 0.285)
VISOR = (0.190, 0.200, 0.220)


@dataclass(frozen=True)
class Panel:
    """A painted part: its volume, below zero inside, and its colour."""

    volume: Field
    color: tuple[float, float, float]
    middle: Field | None = None  # the middle of a band that is narrower than a triangle


def _side_of(at: ArrayLike, normal: ArrayLike) -> Field:
    """Signed distance from a plane, positive where ``normal`` points."""
    unit = np.asarray(normal, float) / np.linalg.norm(normal)
    return lambda points: (points - np.asarray(at)) @ unit


def _band(at: ArrayLike, normal: ArrayLike, half: float) -> Field:
    plane = _side_of(at, normal)
    return lambda points: np.abs(plane(points)) - half


def _both(*fields: Field) -> Field:
    """Where all ``fields`` are below zero, corners rounded."""

    def field(points: Points) -> Values:
        out = -fields[0](points)
        for other in fields[1:]:
            out = smooth_minimum(out, -other(points), 0.02)
        return -out

    return field


#: Half widths of the rings at shoulder and hip, metres.
_RING = 0.007

_SHOULDER = _side_of(AT["left_shoulder"] + (-0.012, 0, 0), (1, 0.20, 0))
_HIP = _side_of(AT["left_hip"] + (0, 0.004, 0), (0.62, -0.78, 0))


def _at_shoulder(points: Points) -> NDArray[np.bool_]:
    return points[:, 1] > 1.27


def _at_hip(points: Points) -> NDArray[np.bool_]:
    return points[:, 1] < 1.02


def _only(where: Callable[[Points], NDArray[np.bool_]], field: Field) -> Field:
    """``field`` in one region, and far outside everywhere else."""
    return lambda points: np.where(where(points), field(points), 1.0)


def _abdomen(points: Points) -> Values:
    """Between an arch below the ribs and a bow above the pelvis, both lower and flat behind."""
    x, y, z = points.T
    front = 1 / (1 + np.exp(-(z - 0.01) / 0.02))
    ribs = 1.120 + 0.070 * np.exp(-((x / 0.065) ** 2)) * front
    bowl = 1.045 - 0.055 * np.exp(-((x / 0.075) ** 2)) * front
    return np.maximum(y - ribs, bowl - y)


def panels() -> list[Panel]:
    """What is not shell, on the left half; later ones lie over earlier ones."""
    knee, elbow, wrist, ankle = (AT[f"left_{j}"] for j in ("knee", "elbow", "wrist", "ankle"))
    neck = _both(
        _side_of(AT["head"] + (0, -0.034, 0), (0, 1, 0.52)),
        lambda p: np.hypot(p[:, 0], (p[:, 2] + 0.008) * 0.94) - 0.080,
        lambda p: 1.430 - 0.35 * p[:, 2] - p[:, 1],
    )
    visor = cone(
        (-0.040, 1.618, 0.100), (0.040, 1.618, 0.100), (0.0215, 0.0215), flatten=(1, 1, 3.2)
    )
    shoulder = _only(_at_shoulder, lambda p: np.abs(_SHOULDER(p)) - _RING)
    hip = _only(_at_hip, lambda p: np.abs(_HIP(p)) - _RING)
    return [
        Panel(_abdomen, JOINT),
        Panel(neck, JOINT),
        Panel(shoulder, JOINT, _only(_at_shoulder, _SHOULDER)),
        Panel(hip, JOINT, _only(_at_hip, _HIP)),
        Panel(ellipsoid(elbow, (0.026, 0.07, 0.07)), JOINT),
        Panel(ellipsoid(wrist + (0.004, 0, 0), (0.014, 0.05, 0.05)), JOINT),
        Panel(ellipsoid(knee + (0, 0.002, 0), (0.09, 0.036, 0.09)), JOINT),
        Panel(ellipsoid(ankle + (0, 0.020, 0), (0.07, 0.020, 0.07), pitch=-8), JOINT),
        Panel(visor, VISOR),
    ]


def lines() -> list[Field]:
    """Zero along every outline, and along the middle of narrow bands."""
    return [f for p in panels() for f in (p.middle, p.volume) if f is not None]


def outlined(vertices: Points, faces: Faces, surface: Field, size: Field) -> tuple[Points, Faces]:
    """The left half with edges along every panel's outline, evened out again in between."""
    for panel in panels():
        if panel.middle is not None:
            vertices, faces, _ = cut(vertices, faces, vertices, panel.middle, surface, snap=0.005)
        snap = 0.005 if panel.middle is None else 0.0015
        vertices, faces, _ = cut(vertices, faces, vertices, panel.volume, surface, snap)
    return isotropic(vertices, faces, surface, size, rounds=5, lines=lines())


def sharpened(
    vertices: Points, faces: Faces, extra: NDArray, surface: Field
) -> tuple[Points, Faces, NDArray]:
    """A second row of edges close outside every outline, where the colour has changed."""
    for panel in panels():

        def beside(points: Points, volume: Field = panel.volume) -> Values:
            return volume(points) - SOFT

        vertices, faces, extra = cut(vertices, faces, extra, beside, surface, snap=0.0008)
    return vertices, faces, extra


def paint(vertices: Points, surface: Field) -> NDArray[np.float64]:
    """Linear RGB ``[V, 3]`` of every vertex, both sides."""
    left = vertices * np.where(vertices[:, :1] < 0, [-1, 1, 1], [1, 1, 1])
    limb = _at_shoulder(left) & (_SHOULDER(left) > 0) | _at_hip(left) & (_HIP(left) > 0)
    tint = np.where(vertices[:, :1] < 0, RIGHT, LEFT)
    color = np.where(limb[:, None], tint, SHELL)
    for panel in panels():
        inside = panel.volume(left) < SOFT / 2
        color[inside] = panel.color
    return _linear(color) * _openness(vertices, surface)[:, None]


def _linear(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _openness(vertices: Points, surface: Field) -> Values:
    """1 in the open, down to 0.7 in narrow places: how fast the surface falls away (Evans 2006).

    Only near: what stands further off moves away when the figure does.
    """
    normal = gradient(surface, vertices)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shade = np.zeros(len(vertices))
    for step in (0.006, 0.012, 0.020):
        shade += np.maximum(1 - surface(vertices + step * normal) / step, 0) / 3
    return 1 - 0.3 * np.clip(1.6 * shade, 0, 1)
