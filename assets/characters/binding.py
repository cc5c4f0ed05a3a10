"""Skinning weights: every vertex starts with one joint, then the weights diffuse on the surface.

Diffusing along the surface, not through space, keeps the legs from pulling each other and the arms
from pulling the ribs, however near they come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import coo_matrix, diags
from scipy.sparse.linalg import splu

from assets.characters.figure import AT
from assets.characters.implicit import MIRROR, Points
from assets.characters.remesh import Faces
from motion.skeleton import BODY
from motion.skinning import INFLUENCES

Weights = NDArray[np.float64]

#: How far (metres, one standard deviation) a joint's bend spreads over the skin.
SPREAD = {
    "pelvis": 0.045, "spine1": 0.050, "spine2": 0.045, "spine3": 0.045, "neck": 0.034,
    "head": 0.026, "collar": 0.045, "shoulder": 0.036, "elbow": 0.026, "wrist": 0.022,
    "hip": 0.046, "knee": 0.034, "ankle": 0.024, "foot": 0.016,
}  # fmt: skip

_STEPS = 6


def bind(vertices: Points, faces: Faces) -> Weights:
    """Weights ``[V, J]`` for the canonical body, at most four a vertex, each row summing to 1."""
    owner = owners(vertices)
    spread = np.array([SPREAD[_kind(j)] for j in BODY.joints])[owner]
    weights = diffuse(vertices, faces, np.eye(len(BODY))[owner], spread)
    return strongest(weights)


def _kind(joint: str) -> str:
    return joint.removeprefix("left_").removeprefix("right_")


def owners(vertices: Points) -> NDArray[np.int64]:
    """The joint ``[V]`` that carries each vertex: a chain of cutting planes on each limb."""
    points = np.where(vertices[:, :1] < 0, vertices * MIRROR, vertices)
    side = np.where(vertices[:, 0] < 0, "right_", "left_").astype(object)
    name = np.full(len(points), "pelvis", dtype=object)

    def beyond(at: ArrayLike, normal: ArrayLike) -> NDArray[np.bool_]:
        return (points - np.asarray(at)) @ np.asarray(normal, float) > 0

    trunk = points[:, 1] > 0.98
    for joint in ("spine1", "spine2", "spine3"):
        name[trunk & beyond(AT[joint], (0, 1, 0))] = joint
    narrow = points[:, 0] < 0.09
    name[narrow & beyond(AT["neck"] + (0, -0.018, 0), (0, 1, 0.45))] = "neck"
    name[narrow & beyond(AT["head"] + (0, -0.022, 0), (0, 1, 0.80))] = "head"
    collar = beyond((0.085, 1.40, 0), (1, 0.55, 0)) & (points[:, 1] > 1.33) & (name == "spine3")
    name[collar] = side[collar] + "collar"
    arm = beyond(AT["left_shoulder"] + (-0.004, 0, 0), (1, 0.10, 0)) & (points[:, 1] > 1.32)
    name[arm] = side[arm] + "shoulder"
    for joint in ("left_elbow", "left_wrist"):
        past = arm & beyond(AT[joint], (1, 0, 0))
        name[past] = side[past] + _kind(joint)
    leg = beyond(AT["left_hip"] + (0, 0.004, 0), (0.62, -0.78, 0)) & ~trunk
    name[leg] = side[leg] + "hip"
    ahead = (AT["left_foot"] - AT["left_ankle"]) * (1, 0, 1)
    for joint, shift, normal in (
        ("left_knee", (0, 0, 0), (0, -1, 0)),
        ("left_ankle", (0, 0.008, 0), (0, -1, 0.30)),
        ("left_foot", (0, 0, 0), ahead),
    ):
        past = leg & beyond(AT[joint] + shift, normal)
        past &= (name == side + "ankle") if joint == "left_foot" else True
        name[past] = side[past] + _kind(joint)
    return np.array([BODY.index(n) for n in name])


def diffuse(vertices: Points, faces: Faces, values: Weights, spread: NDArray) -> Weights:
    """``values[V, K]`` after heat has flowed along the surface over ``spread[V]`` metres.

    Implicit steps of the cotangent Laplacian: sums stay exact, nothing becomes negative on a mesh
    of well-shaped triangles, and what little does is cut off.
    """
    stiffness, mass = laplacian(vertices, faces, spread**2 / 2)
    solve = splu((diags(mass) + stiffness / _STEPS).tocsc())
    for _ in range(_STEPS):
        values = solve.solve(mass[:, None] * values)
    values = np.maximum(values, 0)
    return values / values.sum(axis=1, keepdims=True)


def laplacian(vertices: Points, faces: Faces, conductivity: NDArray):
    """The cotangent stiffness matrix, scaled by ``conductivity[V]``, and the vertex areas."""
    rows, columns, entries = [], [], []
    for k in range(3):
        i, j, tip = faces[:, k], faces[:, (k + 1) % 3], faces[:, (k + 2) % 3]
        a, b = vertices[i] - vertices[tip], vertices[j] - vertices[tip]
        cot = (a * b).sum(axis=1) / np.linalg.norm(np.cross(a, b), axis=1)
        weight = np.maximum(cot, 0.02) / 2 * (conductivity[i] + conductivity[j]) / 2
        rows += [i, j, i, j]
        columns += [j, i, i, j]
        entries += [-weight, -weight, weight, weight]
    count = len(vertices)
    index = (np.concatenate(rows), np.concatenate(columns))
    stiffness = coo_matrix((np.concatenate(entries), index), shape=(count, count)).tocsc()
    corners = vertices[faces]
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    return stiffness, np.bincount(faces.ravel(), np.repeat(area, 3) / 6, count)


def strongest(weights: Weights) -> Weights:
    """Only the four largest weights of each row, small ones dropped, scaled to sum to 1.

    Of equal weights all stay or all go, so that the middle line stays symmetric.
    """
    floor = np.maximum(np.sort(weights, axis=1)[:, [-INFLUENCES - 1]], 0.004)
    kept = np.where(weights > floor, weights, 0)
    return kept / kept.sum(axis=1, keepdims=True)
