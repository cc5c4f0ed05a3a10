"""Build the mannequin: ``python -m assets.characters.build_mannequin``.

Takes a minute and needs SciPy. Writes ``mannequin.npz``, which :func:`assets.mannequin` loads,
beside this file; ``python -m exporters.characters`` then writes the GLB that the viewer loads. The
result depends on nothing but the code.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assets.characters.binding import bind, strongest
from assets.characters.figure import AT, figure
from assets.characters.implicit import Field, Points, gradient
from assets.characters.paint import outlined, paint, sharpened
from assets.characters.remesh import Faces, half, isotropic, surface_nets, whole
from motion.clip import mirror_partners
from motion.skeleton import BODY
from motion.skinning import INFLUENCES, SkinnedMesh, save_mesh

HERE = Path(__file__).parent

#: The joint on the other side of each joint.
PARTNER = np.array(mirror_partners(BODY))

RIGHT_LEG = [BODY.index(f"right_{joint}") for joint in ("hip", "knee", "ankle", "foot")]

#: Fine enough for the gaps between thumb and hand and between the thighs.
GRID = 0.006

#: Edge lengths in metres: everywhere, and near places with more shape or more bend.
COARSE = 0.034
FINE = [
    # place, radius within which it holds, radius beyond which it does not, edge length
    (AT["left_wrist"] + (0.10, 0, 0), 0.08, 0.28, 0.0130),
    (AT["left_wrist"] + (0.095, -0.022, 0.060), 0.016, 0.05, 0.0095),
    (AT["left_wrist"] + (0.160, -0.016, 0.005), 0.020, 0.05, 0.0105),
    (np.array([0, 0.815, -0.010]), 0.025, 0.09, 0.0170),
    (AT["head"] + (0, 0.03, 0.05), 0.08, 0.26, 0.0160),
    (AT["left_foot"], 0.09, 0.26, 0.0195),
    (AT["left_shoulder"], 0.08, 0.20, 0.0255),
    (AT["left_knee"], 0.06, 0.16, 0.0265),
    (AT["left_elbow"], 0.05, 0.14, 0.0220),
]


def edge_length(points: Points) -> NDArray[np.float64]:
    """The wanted edge length ``[N]`` at ``points[N, 3]``, the same on both sides."""
    folded = np.abs(points[:, :1])
    points = np.concatenate([folded, points[:, 1:]], axis=1)
    size = np.full(len(points), COARSE)
    for place, inner, outer, fine in FINE:
        t = (np.linalg.norm(points - place, axis=1) - inner) / (outer - inner)
        size = np.minimum(size, fine + (COARSE - fine) * np.clip(t, 0, 1))
    return size


def surface(field: Field) -> tuple[Points, Faces]:
    """The left half of the figure as an even mesh, its rim on x = 0."""
    low, high = np.array([-1.0, -0.03, -0.2]), np.array([1.0, 1.8, 0.3])
    vertices, faces = half(*surface_nets(field, low, high, GRID))
    vertices, faces = isotropic(vertices, faces, field, edge_length, rounds=12)
    return outlined(vertices, faces, field, edge_length)


def bound(vertices: Points, faces: Faces) -> NDArray[np.float64]:
    """Weights ``[V, J]`` of a left half, diffused over the whole figure."""
    joined, all_faces, _ = whole(vertices, faces)
    weights = bind(joined, all_faces)[: len(vertices)]
    rim = vertices[:, 0] == 0
    weights[rim] = (weights[rim] + weights[rim][:, PARTNER]) / 2
    # What has crept across the crotch ends there: below it the right leg has no say on the left.
    here = np.clip((vertices[:, 1] - 0.78) / 0.06, 0, 1)[:, None]
    weights[:, RIGHT_LEG] *= np.where(rim[:, None], 1, here)
    return weights / weights.sum(axis=1, keepdims=True)


def packed(weights: NDArray[np.float64]) -> tuple[NDArray, NDArray]:
    """``(joints[V, 4], weights[V, 4])``, strongest first, unused places zero."""
    joints = np.argsort(-weights, axis=1, kind="stable")[:, :INFLUENCES]
    values = np.take_along_axis(weights, joints, axis=1)
    values /= values.sum(axis=1, keepdims=True)
    return np.where(values > 0, joints, 0), values


def build() -> SkinnedMesh:
    """The mannequin, from nothing."""
    field = figure()
    vertices, faces = surface(field)
    vertices, faces, weights = sharpened(vertices, faces, bound(vertices, faces), field)
    joints, weights = packed(strongest(weights))
    vertices, faces, twin = whole(vertices, faces)
    right = (vertices[:, 0] < 0)[:, None]
    return SkinnedMesh(
        skeleton=BODY,
        vertices=vertices,
        normals=unit_normals(field, vertices),
        triangles=faces,
        joints=np.where(right & (weights[twin] > 0), PARTNER[joints[twin]], joints[twin]),
        weights=weights[twin],
        colors=paint(vertices, field),
    )


def unit_normals(field: Field, vertices: Points) -> Points:
    """The surface's own normals: smoother than any mean of triangles."""
    normals = gradient(field, vertices)
    return normals / np.linalg.norm(normals, axis=1, keepdims=True)


def main() -> None:
    """Write ``mannequin.npz``."""
    mesh = build()
    save_mesh(mesh, HERE / "mannequin.npz")
    print(f"{len(mesh)} vertices, {len(mesh.triangles)} triangles")


if __name__ == "__main__":
    main()
