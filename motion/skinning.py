"""Skinned meshes: a surface that a skeleton carries, and linear blend skinning."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion import rotations as rot
from motion.clip import Motion
from motion.errors import MotionError
from motion.rotations import Array
from motion.skeleton import Skeleton, frozen

Float32 = NDArray[np.float32]
Indices = NDArray[np.integer[Any]]

#: Joints that may move one vertex, as glTF's JOINTS_0 / WEIGHTS_0 and most engines have it.
INFLUENCES = 4

#: How far apart (metres, or quaternion components) two rest poses may be and count as the same.
REST_TOLERANCE = 1e-3

_SCHEMA = 1


@dataclass(frozen=True, eq=False)
class SkinnedMesh:
    """A triangle mesh bound to a skeleton in its rest pose (``skeleton.rest_world``).

    Arrays are held as float32 and int32, read-only.

    Attributes:
        skeleton: The joints that ``joints`` counts.
        vertices: ``[V, 3]`` metres, world space of the rest pose.
        normals: ``[V, 3]`` unit vectors, world space of the rest pose.
        triangles: ``[F, 3]`` vertex indices, counter-clockwise seen from outside.
        joints: ``[V, 4]`` joint indices; unused places hold 0 with weight 0.
        weights: ``[V, 4]`` not negative, each row summing to 1.
        colors: ``[V, 3]`` linear RGB in [0, 1], or None.

    Raises:
        MotionError: For shapes, indices, weights or numbers that do not make a mesh.
    """

    skeleton: Skeleton
    vertices: Array
    normals: Array
    triangles: Indices
    joints: Indices
    weights: Array
    colors: Array | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        for name in ("vertices", "normals", "weights"):
            put(self, name, frozen(getattr(self, name), np.float32))
        for name in ("triangles", "joints"):
            put(self, name, frozen(getattr(self, name), np.int32))
        if self.colors is not None:
            put(self, "colors", frozen(self.colors, np.float32))
        self._validate_shapes()
        self._validate_values()

    def _validate_shapes(self) -> None:
        count = len(self.vertices)
        wanted = {"vertices": (count, 3), "normals": (count, 3), "joints": (count, INFLUENCES)}
        wanted |= {"weights": (count, INFLUENCES), "triangles": (len(self.triangles), 3)}
        if self.colors is not None:
            wanted["colors"] = (count, 3)
        for name, shape in wanted.items():
            if getattr(self, name).shape != shape:
                raise MotionError(
                    f"A skinned mesh of {count} vertices needs {name} of shape {shape}, "
                    f"not {getattr(self, name).shape}."
                )
        if count == 0 or len(self.triangles) == 0:
            raise MotionError("A skinned mesh needs at least one triangle.")

    def _validate_values(self) -> None:
        arrays = [self.vertices, self.normals, self.weights]
        arrays += [] if self.colors is None else [self.colors]
        if not all(np.isfinite(a).all() for a in arrays):
            raise MotionError("The skinned mesh holds numbers that are not finite.")
        if not _within(self.triangles, len(self.vertices)):
            raise MotionError("The skinned mesh has triangles of vertices that it does not have.")
        if not _within(self.joints, len(self.skeleton)):
            raise MotionError(
                f"The skinned mesh is bound to joints that '{self.skeleton.name}' does not have."
            )
        if self.weights.min() < 0 or np.abs(self.weights.sum(axis=1) - 1).max() > 1e-4:
            raise MotionError("The weights of each vertex must be positive and sum to 1.")

    def __len__(self) -> int:
        return len(self.vertices)


def _within(indices: Indices, count: int) -> bool:
    return bool(indices.min() >= 0 and indices.max() < count)


def same_rest(a: Skeleton, b: Skeleton) -> bool:
    """Whether two skeletons have the same joints in the same rest pose, whatever their names."""
    if a.joints != b.joints or a.parents != b.parents:
        return False
    pairs = zip(a.rest_world, b.rest_world, strict=True)
    return all(np.abs(x - y).max() < REST_TOLERANCE for x, y in pairs)


def skinning_matrices(skeleton: Skeleton, motion: Motion) -> Array:
    """``posed_from_rest`` of every joint ``[T, J, 3, 4]``: rest world points to posed world points.

    The last column is the translation, metres.
    """
    rest_positions, rest_rotations = skeleton.rest_world
    turn = rot.to_matrix(rot.multiply(motion.world_from_joint, rot.conjugate(rest_rotations)))
    shift = motion.positions - np.einsum("tjab,jb->tja", turn, rest_positions)
    return np.concatenate([turn, shift[..., None]], axis=-1)


def skin(mesh: SkinnedMesh, motion: Motion) -> Float32:
    """Vertices ``[T, V, 3]`` (metres, world) of ``mesh`` carried by ``motion``.

    Linear blend skinning: each vertex is the weighted mean of where its joints would take it.

    Raises:
        MotionError: If the motion's skeleton is not the mesh's (names of rigs may differ).
    """
    if not same_rest(mesh.skeleton, motion.skeleton):
        raise MotionError(
            f"The figure is bound to '{mesh.skeleton.name}' and the motion moves "
            f"'{motion.skeleton.name}'; retarget the motion first."
        )
    # The blend is linear in the matrices, so all frames are one product with a constant basis:
    # row (j, k) of the basis is weight_j times homogeneous coordinate k of each vertex.
    count = len(mesh)
    dense = np.zeros((len(mesh.skeleton), count))
    np.add.at(dense, (mesh.joints.T, np.arange(count)), mesh.weights.T)
    homogeneous = np.concatenate([mesh.vertices.T, np.ones((1, count))])
    basis = (dense[:, None] * homogeneous).reshape(-1, count)
    matrices = skinning_matrices(mesh.skeleton, motion)
    # Relative to the root, so that float32 loses nothing far from the origin.
    matrices[..., 3] -= motion.root_positions[:, None]
    rows = np.moveaxis(matrices, 2, 1).reshape(len(motion) * 3, -1)
    posed = rows.astype(np.float32) @ basis.astype(np.float32)
    posed = posed.reshape(len(motion), 3, count) + motion.root_positions[..., None]
    return np.ascontiguousarray(np.moveaxis(posed, 1, 2), dtype=np.float32)


def vertex_normals(vertices: ArrayLike, triangles: ArrayLike) -> Float32:
    """Unit normals ``[V, 3]`` of ``vertices[V, 3]``: the area-weighted mean of their triangles'.

    Vertices without any triangle of some area get +Y.
    """
    points = np.asarray(vertices, dtype=np.float64)
    faces = np.asarray(triangles)
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    cross = np.cross(b - a, c - a)
    at = faces.ravel()
    spread = np.repeat(cross, 3, axis=0)
    summed = np.stack([np.bincount(at, spread[:, k], len(points)) for k in range(3)], axis=1)
    length = np.linalg.norm(summed, axis=1, keepdims=True)
    up = np.array([0.0, 1.0, 0.0])
    return np.where(length > 0, summed / np.where(length > 0, length, 1), up).astype(np.float32)


def save_mesh(mesh: SkinnedMesh, path: str | os.PathLike[str]) -> None:
    """Write ``mesh`` as a compressed NPZ. The same mesh always gives the same bytes."""
    skeleton = mesh.skeleton
    arrays: dict[str, np.ndarray] = {
        "schema": np.array(_SCHEMA),
        "skeleton_name": np.array(skeleton.name),
        "skeleton_joints": np.array(skeleton.joints),
        "skeleton_parents": np.array(skeleton.parents, dtype=np.int32),
        "skeleton_rest_offsets": skeleton.rest_offsets,
        "skeleton_rest_rotations": skeleton.rest_rotations,
        "skeleton_roles": np.array(skeleton.roles),
        "vertices": mesh.vertices,
        "normals": mesh.normals,
        "triangles": mesh.triangles.astype(np.uint16 if len(mesh) < 65536 else np.int32),
        "joints": mesh.joints.astype(np.uint8 if len(skeleton) < 256 else np.int32),
        "weights": mesh.weights,
    }
    if mesh.colors is not None:
        arrays["colors"] = mesh.colors
    target = Path(path)
    partial = target.with_name(target.name + ".part")
    try:
        with partial.open("wb") as stream:
            np.savez_compressed(stream, **arrays)  # pyright: ignore[reportArgumentType]
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)


def load_mesh(path: str | os.PathLike[str]) -> SkinnedMesh:
    """Read what :func:`save_mesh` wrote.

    Raises:
        MotionError: If the file is missing, of a newer version, or not a skinned mesh.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            data = {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise MotionError(f"There is no skinned mesh at '{path}'.") from None
    except Exception as error:  # zipfile, zlib and numpy each have errors of their own
        raise MotionError(f"'{path}' is not a skinned mesh that can be read: {error}") from error
    try:
        return _from_arrays(data)
    except KeyError as error:
        raise MotionError(f"'{path}' is not a skinned mesh: it has no {error}.") from None


def _from_arrays(data: dict[str, np.ndarray]) -> SkinnedMesh:
    if int(data["schema"]) > _SCHEMA:
        raise MotionError(
            f"The skinned mesh is of version {int(data['schema'])} and this program reads up to "
            f"{_SCHEMA}; update the program."
        )
    skeleton = Skeleton(
        name=str(data["skeleton_name"]),
        joints=tuple(str(j) for j in data["skeleton_joints"]),
        parents=tuple(int(p) for p in data["skeleton_parents"]),
        rest_offsets=data["skeleton_rest_offsets"],
        roles=tuple(str(r) for r in data["skeleton_roles"]),
        rest_rotations=data["skeleton_rest_rotations"],
    )
    return SkinnedMesh(
        skeleton=skeleton,
        vertices=data["vertices"],
        normals=data["normals"],
        triangles=data["triangles"],
        joints=data["joints"],
        weights=data["weights"],
        colors=data.get("colors"),
    )
