from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Motion
from motion.errors import MotionError
from motion.skeleton import BODY, Skeleton
from motion.skinning import (
    SkinnedMesh,
    load_mesh,
    same_rest,
    save_mesh,
    skin,
    skinning_matrices,
    vertex_normals,
)

BENT = Skeleton(
    "bent",
    ("a", "b", "c"),
    (-1, 0, 1),
    np.array([[0.2, 1.0, 0.1], [0.0, 0.5, 0.0], [0.0, 0.4, 0.1]]),
    rest_rotations=rot.from_euler([[0.3, 0.1, -0.7], [1.0, 0.2, 0.0], [0.0, -0.4, 0.2]], "XYZ"),
)


def random_mesh(skeleton: Skeleton, seed: int = 0, count: int = 40) -> SkinnedMesh:
    rng = np.random.default_rng(seed)
    weights = rng.random((count, 4)) * (rng.random((count, 4)) < 0.6) + 1e-6
    return SkinnedMesh(
        skeleton,
        vertices=rng.normal(size=(count, 3)),
        normals=np.tile([0.0, 1.0, 0.0], (count, 1)),
        triangles=rng.integers(0, count, (30, 3)),
        joints=rng.integers(0, len(skeleton), (count, 4)),
        weights=weights / weights.sum(axis=1, keepdims=True),
    )


def random_motion(skeleton: Skeleton, seed: int = 0, frames: int = 5) -> Motion:
    rng = np.random.default_rng(seed)
    turns = rot.normalize(rng.normal(size=(frames, len(skeleton), 4)))
    return Motion(skeleton, 30, rng.normal(size=(frames, 3)) * 3, turns)


def rest_motion(skeleton: Skeleton) -> Motion:
    return Motion(skeleton, 30, skeleton.rest_offsets[None, 0], skeleton.rest_rotations[None])


def four_by_four(rotation: np.ndarray, position: np.ndarray) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = rot.to_matrix(rotation)
    matrix[:3, 3] = position
    return matrix


def naive(mesh: SkinnedMesh, motion: Motion) -> np.ndarray:
    """The textbook formula, one vertex and one joint at a time, through 4 x 4 inverses."""
    skeleton = mesh.skeleton
    out = np.zeros((len(motion), len(mesh), 3))
    rest = [four_by_four(q, p) for p, q in zip(*skeleton.rest_world, strict=True)]
    for t in range(len(motion)):
        posed = []
        for j, parent in enumerate(skeleton.parents):
            at = motion.root_positions[t] if parent < 0 else skeleton.rest_offsets[j]
            local = four_by_four(motion.rotations[t, j], at)
            posed.append(local if parent < 0 else posed[parent] @ local)
        for v in range(len(mesh)):
            point = np.append(mesh.vertices[v].astype(float), 1.0)
            for k in range(4):
                j = mesh.joints[v, k]
                moved = posed[j] @ np.linalg.inv(rest[j]) @ point
                out[t, v] += mesh.weights[v, k] * moved[:3]
    return out


@pytest.mark.parametrize("skeleton", [BODY, BENT], ids=lambda s: s.name)
def test_skin_agrees_with_the_textbook_loop(skeleton: Skeleton) -> None:
    mesh, motion = random_mesh(skeleton), random_motion(skeleton, frames=3)
    np.testing.assert_allclose(skin(mesh, motion), naive(mesh, motion), atol=5e-6)


@pytest.mark.parametrize("skeleton", [BODY, BENT], ids=lambda s: s.name)
def test_the_rest_pose_leaves_every_vertex_where_it_is(skeleton: Skeleton) -> None:
    mesh = random_mesh(skeleton)
    np.testing.assert_allclose(skin(mesh, rest_motion(skeleton))[0], mesh.vertices, atol=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.floats(-3, 3), st.floats(-50, 50), st.floats(-50, 50))
def test_skinning_commutes_with_placing_the_motion(turn: float, x: float, z: float) -> None:
    mesh, motion = random_mesh(BODY, count=12), random_motion(BODY, frames=2)
    placed = skin(mesh, motion.placed(turn, (x, 0.0, z)))
    expected = rot.rotate(rot.yaw(turn), skin(mesh, motion).astype(float)) + [x, 0.0, z]
    np.testing.assert_allclose(placed, expected, atol=2e-5)


def test_joints_map_their_own_rest_position_to_where_they_are() -> None:
    motion = random_motion(BENT)
    matrices = skinning_matrices(BENT, motion)
    rest = np.concatenate([BENT.rest_world[0], np.ones((3, 1))], axis=1)
    np.testing.assert_allclose(
        np.einsum("tjab,jb->tja", matrices, rest), motion.positions, atol=1e-12
    )


def test_translating_joints_carry_the_surface() -> None:
    mesh = random_mesh(BENT)
    moved = rest_motion(BENT)
    local = BENT.rest_offsets[None] + [[[0, 0, 0], [0, 0.25, 0], [0, 0, 0]]]
    posed = skin(mesh, replace(moved, local_positions=local))[0]
    # Joint b slides within a's frame; what hangs on b or c goes along, what hangs on a stays.
    along = rot.rotate(BENT.rest_world[1][0], np.array([0.0, 0.25, 0.0]))
    share = np.where(mesh.joints > 0, mesh.weights, 0).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(posed, mesh.vertices + share * along, atol=1e-6)


def test_a_motion_of_another_skeleton_is_refused() -> None:
    with pytest.raises(MotionError, match="retarget"):
        skin(random_mesh(BODY), random_motion(BENT))
    longer = replace(BODY, rest_offsets=BODY.rest_offsets * 1.1)
    with pytest.raises(MotionError, match="retarget"):
        skin(random_mesh(BODY), random_motion(longer))
    assert same_rest(BODY, replace(BODY, name="under another name"))


def test_normals_of_a_sphere_point_outwards() -> None:
    trimesh = pytest.importorskip("trimesh")
    ball = trimesh.creation.icosphere(subdivisions=3)
    normals = vertex_normals(ball.vertices, ball.faces)
    assert (normals * ball.vertices).sum(axis=1).min() > 0.999


def test_saved_and_loaded_is_the_same_mesh(tmp_path) -> None:
    mesh = replace(random_mesh(BENT), colors=np.full((40, 3), 0.5))
    save_mesh(mesh, tmp_path / "one.npz")
    save_mesh(mesh, tmp_path / "two.npz")
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["one.npz", "two.npz"]
    back = load_mesh(tmp_path / "one.npz")
    assert back.skeleton == mesh.skeleton
    for name in ("vertices", "normals", "triangles", "joints", "weights", "colors"):
        np.testing.assert_array_equal(getattr(back, name), getattr(mesh, name))


def test_arrays_cannot_be_written_to() -> None:
    mesh = random_mesh(BODY)
    with pytest.raises(ValueError, match="read-only"):
        mesh.vertices[0] = 0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weights": np.full((40, 4), 0.3)}, "sum to 1"),
        ({"weights": np.tile([2.0, -1.0, 0.0, 0.0], (40, 1))}, "positive"),
        ({"joints": np.full((40, 4), 22)}, "does not have"),
        ({"triangles": np.full((30, 3), 40)}, "does not have"),
        ({"triangles": np.zeros((0, 3))}, "at least one triangle"),
        ({"vertices": np.full((40, 3), np.nan)}, "finite"),
        ({"colors": np.zeros((39, 3))}, "colors of shape"),
    ],
)
def test_what_is_not_a_mesh_is_refused(change: dict, says: str) -> None:
    with pytest.raises(MotionError, match=says):
        replace(random_mesh(BODY), **change)


def test_files_that_are_no_mesh_are_refused(tmp_path) -> None:
    with pytest.raises(MotionError, match="no skinned mesh at"):
        load_mesh(tmp_path / "absent.npz")
    (tmp_path / "text.npz").write_text("not an archive")
    with pytest.raises(MotionError, match=r"text\.npz"):
        load_mesh(tmp_path / "text.npz")
    np.savez(tmp_path / "other.npz", poses=np.zeros(3))
    with pytest.raises(MotionError, match="schema"):
        load_mesh(tmp_path / "other.npz")
