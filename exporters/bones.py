"""A surface for skeletons that have none: one elongated octahedron a bone, as Blender draws them.

Viewers show nothing of a file that holds joints alone.
"""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.rotations import Array
from motion.skeleton import Skeleton
from motion.skinning import SkinnedMesh

#: Width of a bone, and where along it the waist sits, as shares of its length.
_WIDTH, _WAIST = 0.1, 0.15

#: A joint without any bone of its own is drawn as one of this length, metres.
_STUB = 0.03

#: Corners of the unit octahedron (head, waist, tail) and its faces, outside counter-clockwise.
_CORNERS = np.array(
    [[0, 0, 0], [1, _WAIST, 0], [0, _WAIST, 1], [-1, _WAIST, 0], [0, _WAIST, -1], [0, 1, 0]]
) * [_WIDTH, 1.0, _WIDTH]
_FACES = [(0, 1, 2), (0, 2, 3), (0, 3, 4), (0, 4, 1), (5, 2, 1), (5, 3, 2), (5, 4, 3), (5, 1, 4)]


def bone_mesh(skeleton: Skeleton) -> SkinnedMesh:
    """An octahedron from each joint to each of its children, moved by that joint alone.

    Every face has corners of its own, so that edges look sharp.
    """
    rest = skeleton.rest_world[0]
    vertices, owners = [], []
    for joint, children in enumerate(skeleton.children):
        tails = [rest[child] for child in children]
        tails = [tail for tail in tails if np.linalg.norm(tail - rest[joint]) > 1e-4]
        if not children or not (tails or joint):
            tails = [rest[joint] + _stub(skeleton, joint)]
        for tail in tails:
            vertices.append(_octahedron(rest[joint], tail))
            owners += [joint] * len(vertices[-1])
    points = np.concatenate(vertices)
    triangles = np.arange(len(points)).reshape(-1, 3)
    a, b, c = points[triangles[:, 0]], points[triangles[:, 1]], points[triangles[:, 2]]
    normals = np.repeat(rot.unit(np.cross(b - a, c - a), np.array([0.0, 1.0, 0.0])), 3, axis=0)
    joints = np.zeros((len(points), 4), dtype=np.int32)
    joints[:, 0] = owners
    weights = np.tile([1.0, 0.0, 0.0, 0.0], (len(points), 1))
    return SkinnedMesh(
        skeleton=skeleton,
        vertices=points.astype(np.float32),
        normals=normals.astype(np.float32),
        triangles=triangles.astype(np.int32),
        joints=joints,
        weights=weights.astype(np.float32),
    )


def _stub(skeleton: Skeleton, joint: int) -> Array:
    """A short bone beyond a joint without children, in the direction that leads to it."""
    rest = skeleton.rest_world[0]
    parent = skeleton.parents[joint]
    up = np.array([0.0, 1.0, 0.0])
    return _STUB * (rot.unit(rest[joint] - rest[parent], up) if parent >= 0 else up)


def _octahedron(head: Array, tail: Array) -> Array:
    """The 24 face corners ``[24, 3]`` of a bone from ``head`` to ``tail``, metres."""
    length = float(np.linalg.norm(tail - head))
    turn = rot.between(np.array([0.0, 1.0, 0.0]), (tail - head) / length)
    corners = head + rot.rotate(turn, _CORNERS * length)
    return corners[np.array(_FACES)].reshape(-1, 3)
