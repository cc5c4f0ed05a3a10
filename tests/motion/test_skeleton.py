from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from motion import rotations as rot
from motion.errors import MotionStudioError, SkeletonError
from motion.skeleton import (
    BODY,
    BODY_PARENTS,
    ROLES,
    Skeleton,
    forward_kinematics,
    frozen,
    local_from_world,
    subset_roles,
)

Array = rot.Array


def random_skeleton(joints: int, seed: int) -> Skeleton:
    rng = np.random.default_rng(seed)
    parents = (-1, *(int(rng.integers(0, i)) for i in range(1, joints)))
    names = tuple(f"j{i}" for i in range(joints))
    rest = rot.normalize(rng.normal(size=(joints, 4)))
    return Skeleton("random", names, parents, rng.normal(size=(joints, 3)), (), rest)


def random_pose(skeleton: Skeleton, frames: int, seed: int = 0) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    rotations = rot.normalize(rng.normal(size=(frames, len(skeleton), 4)))
    return rng.normal(size=(frames, 3)), rotations


def naive_fk(
    skeleton: Skeleton, root: Array, rotations: Array, offsets: Array
) -> tuple[Array, Array]:
    """4x4 matrices from scipy, one joint of one frame at a time; ``offsets[T, J, 3]``."""
    positions, world = np.empty_like(offsets), np.empty((*offsets.shape[:2], 3, 3))
    for t in range(len(root)):
        matrices = []
        for j, parent in enumerate(skeleton.parents):
            local = np.eye(4)
            local[:3, :3] = Rotation.from_quat(np.roll(rotations[t, j], -1)).as_matrix()
            local[:3, 3] = root[t] if parent < 0 else offsets[t, j]
            matrices.append(local if parent < 0 else matrices[parent] @ local)
            positions[t, j], world[t, j] = matrices[j][:3, 3], matrices[j][:3, :3]
    return positions, world


@given(st.integers(1, 20), st.integers(0, 10_000))
def test_kinematics_match_a_naive_loop(joints: int, seed: int) -> None:
    skeleton = random_skeleton(joints, seed)
    root, rotations = random_pose(skeleton, 2, seed)
    positions, world = forward_kinematics(skeleton, root, rotations)
    offsets = np.broadcast_to(skeleton.rest_offsets, (2, joints, 3))
    expected, matrices = naive_fk(skeleton, root, rotations, offsets)
    assert_allclose(positions, expected, atol=1e-12)
    assert_allclose(rot.to_matrix(world), matrices, atol=1e-12)


@pytest.mark.parametrize("frames", [1, 383, 384, 385, 900])
def test_kinematics_across_blocks(frames: int) -> None:
    root, rotations = random_pose(BODY, frames)
    positions, world = forward_kinematics(BODY, root, rotations)
    expected, matrices = naive_fk(
        BODY, root[-2:], rotations[-2:], np.broadcast_to(BODY.rest_offsets, (2, 22, 3))[-frames:]
    )
    assert_allclose(positions[-2:], expected, atol=1e-12)
    assert_allclose(rot.to_matrix(world[-2:]), matrices, atol=1e-12)
    halves = [forward_kinematics(BODY, root[i::2], rotations[i::2])[0] for i in range(2)]
    assert_allclose(positions[0::2], halves[0], atol=1e-13)
    assert_allclose(positions[1::2], halves[1], atol=1e-13)


def test_joints_that_move_within_their_parents() -> None:
    skeleton = random_skeleton(12, 3)
    root, rotations = random_pose(skeleton, 300)
    local = np.random.default_rng(4).normal(size=(300, 12, 3))
    positions, world = forward_kinematics(skeleton, root, rotations, local)
    expected, matrices = naive_fk(skeleton, root, rotations, local)
    assert_allclose(positions, expected, atol=1e-11)
    assert_allclose(rot.to_matrix(world), matrices, atol=1e-12)
    at_rest = np.broadcast_to(skeleton.rest_offsets, (300, 12, 3))
    assert_allclose(
        forward_kinematics(skeleton, root, rotations, at_rest)[0],
        forward_kinematics(skeleton, root, rotations)[0],
        atol=1e-12,
    )


def test_leading_dimensions_dtype_and_empty() -> None:
    root, rotations = random_pose(BODY, 12)
    flat = forward_kinematics(BODY, root, rotations)
    shaped = forward_kinematics(BODY, root.reshape(3, 4, 3), rotations.reshape(3, 4, 22, 4))
    for a, b in zip(flat, shaped, strict=True):
        assert np.array_equal(a.reshape(b.shape), b)
    one = forward_kinematics(BODY, root[5], rotations[5])
    assert_allclose(one[0], flat[0][5], atol=1e-14)
    single = forward_kinematics(BODY, root.astype(np.float32), rotations.astype(np.float32))
    assert single[0].dtype == single[1].dtype == np.float32
    assert_allclose(single[0], flat[0], atol=1e-5)
    assert forward_kinematics(BODY, root[:0], rotations[:0])[0].shape == (0, 22, 3)


@given(st.integers(0, 10_000))
def test_bones_keep_their_length(seed: int) -> None:
    skeleton = random_skeleton(15, seed)
    positions, _ = forward_kinematics(skeleton, *random_pose(skeleton, 4, seed))
    bones = positions[:, 1:] - positions[:, list(skeleton.parents[1:])]
    expected = np.linalg.norm(skeleton.rest_offsets[1:], axis=-1)
    assert_allclose(np.linalg.norm(bones, axis=-1), np.tile(expected, (4, 1)), atol=1e-12)


def test_local_from_world_undoes_kinematics() -> None:
    skeleton = random_skeleton(20, 5)
    root, rotations = random_pose(skeleton, 6)
    _, world = forward_kinematics(skeleton, root, rotations)
    assert_allclose(local_from_world(skeleton, world), rotations, atol=1e-12)


def test_rest_world_is_the_rest_pose() -> None:
    skeleton = random_skeleton(9, 6)
    expected = naive_fk(
        skeleton,
        skeleton.rest_offsets[:1],
        skeleton.rest_rotations[None],
        skeleton.rest_offsets[None],
    )[0]
    assert_allclose(skeleton.rest_world[0], expected[0], atol=1e-12)


def test_the_body_is_smpl_and_stands() -> None:
    positions, rotations = BODY.rest_world
    assert BODY.joints == BODY.roles == ROLES
    assert BODY.parents == BODY_PARENTS
    assert_allclose(rotations, np.tile(rot.IDENTITY, (22, 1)))
    assert 0 < positions[:, 1].min() < 0.03
    assert 1.5 < positions[:, 1].max() < 1.8
    index = BODY.role_index
    left, right = positions[index["left_wrist"]], positions[index["right_wrist"]]
    assert_allclose(left * [-1, 1, 1], right)
    assert left[0] > 0.5
    assert positions[index["left_foot"], 2] > positions[index["left_ankle"], 2]


def test_children_are_the_inverse_of_parents() -> None:
    assert BODY.children[0] == (1, 2, 3)
    pairs = {(c, p) for p, children in enumerate(BODY.children) for c in children}
    assert pairs == {(i, p) for i, p in enumerate(BODY.parents) if p >= 0}


def build(**change: object) -> Callable[[], Skeleton]:
    given_: dict[str, object] = {
        "name": "rig",
        "joints": ("a", "b", "c"),
        "parents": (-1, 0, 1),
        "rest_offsets": np.zeros((3, 3)),
        "roles": ("pelvis", "", ""),
    }
    return lambda: Skeleton(**(given_ | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"joints": (), "parents": (), "rest_offsets": np.zeros((0, 3)), "roles": ()}, "no joints"),
        ({"joints": ("a", "b", "a")}, "'a' twice"),
        ({"parents": (-1, 0)}, "one parent"),
        ({"roles": ("pelvis",)}, "one role"),
        ({"parents": (-1, -1, 0)}, "one root first"),
        ({"parents": (0, 0, 1)}, "one root first"),
        ({"parents": (-1, 2, 0)}, "parents before children"),
        ({"parents": (-1, 0, 7)}, "parents before children"),
        ({"rest_offsets": np.zeros((2, 3))}, "rest offset"),
        ({"rest_rotations": np.zeros((3, 3))}, "rest rotation"),
        ({"rest_offsets": np.full((3, 3), np.nan)}, "not finite"),
        ({"roles": ("pelvis", "pelvis", "")}, "role twice"),
        ({"roles": ("tail", "", "")}, "unknown role"),
    ],
)
def test_malformed_skeletons_are_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(SkeletonError, match=says) as caught:
        build(**change)()
    assert isinstance(caught.value, MotionStudioError)
    assert "rig" in str(caught.value)
    assert str(caught.value).endswith(".")


def test_unknown_joint_is_named() -> None:
    with pytest.raises(SkeletonError, match="no joint 'tail'"):
        BODY.index("tail")
    assert BODY.index("head") == 15


def test_equality_and_hash_go_by_value() -> None:
    one, two = build()(), build()()
    assert one == two
    assert hash(one) == hash(two)
    assert one != build(name="other")()
    assert one != build(rest_offsets=np.ones((3, 3)))()
    assert one != "rig"


def test_arrays_are_private_and_read_only() -> None:
    mine = np.zeros((3, 3))
    skeleton = build(rest_offsets=mine)()
    mine[0] = 9
    assert skeleton.rest_offsets[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        skeleton.rest_offsets[0] = 1
    again = frozen(skeleton.rest_offsets)
    assert again is skeleton.rest_offsets


def test_subset_roles() -> None:
    assert subset_roles(["Hips", "Tail"], {"Hips": "pelvis"}) == ("pelvis", "")
