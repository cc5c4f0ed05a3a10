"""What a figure stands on in a picture: a camera, a ground with metre lines, a soft shadow.

Drawn per pixel in NumPy, so that lines are antialiased analytically out to the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from motion import rotations as rot
from motion.rotations import Array

#: sRGB in [0, 1], from the studio's dark greys.
SKY_TOP = np.array([0.105, 0.110, 0.120])
SKY_HORIZON = np.array([0.180, 0.187, 0.200])
GROUND = np.array([0.205, 0.211, 0.222])
LINE = np.array([0.300, 0.308, 0.322])
AXIS = np.array([0.400, 0.412, 0.430])

#: Towards the key light, world axes; its shadow is the picture's shadow.
LIGHT = np.array([0.45, 1.0, 0.35])

#: Where the ground has faded into the sky, metres from the camera's target.
_FADE = 9.0


@dataclass(frozen=True)
class Camera:
    """A perspective camera.

    Attributes:
        eye: ``[3]`` metres, world.
        target: ``[3]`` what it looks at.
        fov: Vertical field of view, radians.
    """

    eye: Array
    target: Array
    fov: float = 0.55

    @property
    def pose(self) -> Array:
        """``world_from_camera`` ``[4, 4]``; the camera looks along its own -Z, +Y is up."""
        back = rot.unit(np.asarray(self.eye) - self.target, np.array([0.0, 0.0, 1.0]))
        right = rot.unit(np.cross([0.0, 1.0, 0.0], back), np.array([1.0, 0.0, 0.0]))
        pose = np.eye(4)
        pose[:3, :3] = np.stack([right, np.cross(back, right), back], axis=1)
        pose[:3, 3] = self.eye
        return pose

    def moved(self, offset: ArrayLike) -> Camera:
        """The same view from elsewhere: eye and target moved by ``offset[3]``."""
        shift = np.asarray(offset)
        return Camera(self.eye + shift, self.target + shift, self.fov)


def framing(
    points: ArrayLike, yaw: float, pitch: float = 0.16, aspect: float = 1.0, fov: float = 0.45
) -> Camera:
    """The nearest camera that sees all ``points[..., 3]`` with a margin.

    Args:
        points: World positions, metres.
        yaw: Radians about +Y: 0 looks at the figure's front when it faces +Z.
        pitch: Radians above the horizon.
        aspect: Width over height.
        fov: Vertical field of view, radians.
    """
    cloud = np.asarray(points, float).reshape(-1, 3)
    back = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)])
    rough = Camera(back, np.zeros(3))
    local = cloud @ rough.pose[:3, :3]
    half = np.array([np.tan(fov / 2) * aspect, np.tan(fov / 2)]) * 0.86
    # In camera axes each side plane asks for a distance; the two of a pair meet in the middle.
    need = [(local[:, k] / half[k], local[:, 2]) for k in range(2)]
    most = [(np.max(s + z), np.max(-s + z)) for s, z in need]
    centre = [(a - b) / 2 * half[k] for k, (a, b) in enumerate(most)]
    distance = max((a + b) / 2 for a, b in most)
    target = rough.pose[:3, :3] @ np.array([*centre, 0.0])
    return Camera(target + back * distance, target, fov)


@dataclass(frozen=True)
class Shadow:
    """How dark the ground is around a figure: ``values[N, N]`` in [0, 1] from ``low[2]`` (x, z)."""

    values: Array
    low: Array
    cell: float

    @staticmethod
    def of(vertices: ArrayLike, areas: ArrayLike, cell: float = 0.02, cells: int = 200) -> Shadow:
        """The shadow of a surface given as points ``[V, 3]`` that stand for ``areas[V]`` (m^2).

        Light from :data:`LIGHT` casts one part; closeness to the ground darkens the other.
        """
        points, weight = np.asarray(vertices, np.float64), np.asarray(areas, np.float64)
        height = np.maximum(points[:, 1], 0)
        cast = points[:, [0, 2]] - height[:, None] * LIGHT[[0, 2]] / LIGHT[1]
        low = np.round(cast.mean(axis=0) / cell) * cell - cells * cell / 2
        density = _splat(cast, weight, low, cell, cells) / cell**2
        near = weight * np.exp(-height / 0.10)
        close = _splat(points[:, [0, 2]], np.asarray(near), low, cell, cells)
        soft = 1 - np.exp(-1.1 * _blur(density, 2))
        contact = 1 - np.exp(-1.0 * _blur(close / cell**2, 3))
        return Shadow(1 - (1 - 0.50 * soft) * (1 - 0.55 * contact), low, cell)

    def at(self, points: Array) -> Array:
        """Darkness ``[...]`` at ``points[..., 2]`` (x, z), bilinear, 0 outside."""
        count = len(self.values)
        at = (points - self.low) / self.cell - 0.5
        inside = ((at >= 0) & (at < count - 1)).all(axis=-1)
        at = np.where(inside[..., None], at, 0)
        i = at.astype(int)
        f = at - i
        x, z, v = i[..., 0], i[..., 1], self.values
        near = v[x, z] * (1 - f[..., 1]) + v[x, z + 1] * f[..., 1]
        far = v[x + 1, z] * (1 - f[..., 1]) + v[x + 1, z + 1] * f[..., 1]
        return np.where(inside, near * (1 - f[..., 0]) + far * f[..., 0], 0)


def _splat(points: Array, weight: Array, low: Array, cell: float, cells: int) -> Array:
    index = np.floor((points - low) / cell).astype(int)
    kept = ((index >= 0) & (index < cells)).all(axis=1)
    flat = index[kept, 0] * cells + index[kept, 1]
    total = np.bincount(flat, weight[kept], cells * cells)
    return total.astype(np.float64).reshape(cells, cells)


def _blur(values: Array, radius: int) -> Array:
    """Three box filters along each axis: nearly a Gaussian of standard deviation ``radius``."""
    width = 2 * radius + 1
    for axis in (0, 1):
        for _ in range(3):
            padding = [(0, 0), (0, 0)]
            padding[axis] = (radius + 1, radius)
            total = np.cumsum(np.pad(values, padding), axis=axis)
            total = np.moveaxis(total, axis, 0)
            values = np.moveaxis((total[width:] - total[:-width]) / width, 0, axis)
    return values


def backdrop(
    camera: Camera, size: tuple[int, int], shadows: list[tuple[Shadow, float]]
) -> tuple[Array, Array]:
    """Sky and ground as sRGB ``[H, W, 3]`` and the ground's depth ``[H, W]`` (infinite in the sky).

    Args:
        camera: From where.
        size: Width and height, pixels.
        shadows: Shadows and how strong each is, 0 to 1.
    """
    width, height = size
    tangent = np.tan(camera.fov / 2)
    x = (2 * (np.arange(width) + 0.5) / width - 1) * tangent * width / height
    y = (1 - 2 * (np.arange(height) + 0.5) / height) * tangent
    rays = np.stack([*np.meshgrid(x, y), np.full((height, width), -1.0)], axis=-1)
    rays = rays @ camera.pose[:3, :3].T
    down = rays[..., 1] < -1e-4
    depth = np.where(down, -camera.eye[1] / np.where(down, rays[..., 1], -1.0), np.inf)
    depth = np.where(depth > 0, depth, np.inf)
    rise = np.clip(rays[..., 1] / np.linalg.norm(rays, axis=-1), 0, 0.5)[..., None] * 2
    sky = SKY_HORIZON + (SKY_TOP - SKY_HORIZON) * np.sqrt(rise)
    seen = np.isfinite(depth)
    hit = np.where(seen[..., None], camera.eye + rays * np.where(seen, depth, 1)[..., None], 1e3)
    ground = _grid(hit[..., [0, 2]])
    dark = np.ones(depth.shape)
    for shadow, strength in shadows:
        dark *= 1 - strength * shadow.at(hit[..., [0, 2]])
    away = np.linalg.norm(hit[..., [0, 2]] - camera.target[[0, 2]], axis=-1) / _FADE
    fade = np.exp(-(away**2))[..., None]
    return sky + (ground * dark[..., None] - sky) * fade, depth


def _grid(ground: Array) -> Array:
    """Colours ``[..., 3]`` of the ground at ``ground[H, W, 2]``: metre lines, brighter axes."""
    footprint = sum(np.abs(np.gradient(ground, axis=axis)) for axis in (0, 1))
    footprint = np.maximum(footprint, 1e-6)

    def line(distance: Array, width: float) -> Array:
        edge = (width / 2 + footprint / 2 - distance) / footprint
        return np.clip(edge, 0, 1) * np.minimum(width / footprint, 1)

    each = line(np.abs((ground + 0.5) % 1.0 - 0.5), 0.014).max(axis=-1)[..., None]
    axes = line(np.abs(ground), 0.020).max(axis=-1)[..., None]
    color = GROUND + (LINE - GROUND) * each
    return color + (AXIS - color) * axes
