"""Retargeting against poses that are known, between rigs that differ in all they can differ in."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Motion
from motion.errors import RetargetError
from motion.quality import ground_penetration
from motion.retarget import on_ground, retarget
from motion.rigs import RIGS, recognise, with_roles
from motion.rotations import Array
from motion.skeleton import BODY, ROLES, Skeleton, local_from_world


def performance(seed: int = 0, frames: int = 24) -> Motion:
    """Smooth random poses of the canonical body, upright enough to stand."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, 2, frames)[:, None, None]
    vectors = 0.5 * np.sin(rng.uniform(1, 3, (22, 3)) * t + rng.uniform(0, 6, (22, 3)))
    turns = rot.from_rotation_vector(vectors)
    turns[:, 0] = rot.multiply(rot.yaw(np.linspace(0, 2, frames)), turns[:, 0])
    root = np.stack([t[:, 0, 0], 0.95 + 0.05 * np.sin(3 * t[:, 0, 0]), 0.5 * t[:, 0, 0]], -1)
    return on_ground(Motion(BODY, 20, root, turns))


def in_other_frames(skeleton: Skeleton, seed: int) -> Skeleton:
    """The same body at rest, each joint's frame turned at random: bones point anywhere."""
    rng = np.random.default_rng(seed)
    positions, _ = skeleton.rest_world
    world = rot.normalize(rng.normal(size=(len(skeleton), 4)))
    parents = np.array(skeleton.parents)
    offsets = positions.copy()
    offsets[1:] = rot.rotate(
        rot.conjugate(world[parents[1:]]), positions[1:] - positions[parents[1:]]
    )
    return replace(
        skeleton,
        name="turned",
        rest_offsets=offsets,
        rest_rotations=local_from_world(skeleton, world),
    )


def scaled(skeleton: Skeleton, factor: float) -> Skeleton:
    return replace(skeleton, name="scaled", rest_offsets=skeleton.rest_offsets * factor)


def in_a_pose(skeleton: Skeleton, degrees: float = 45.0) -> Skeleton:
    """The body resting with its arms lowered."""
    rest = np.tile(rot.IDENTITY, (len(skeleton), 1))
    for side, sign in (("left", -1.0), ("right", 1.0)):
        joint = skeleton.index(f"{side}_shoulder")
        rest[joint] = rot.from_axis_angle(np.array([0, 0, sign]), np.radians(degrees))
    return replace(skeleton, name="a-pose", rest_rotations=rest)


def apart(a: Motion, b: Motion) -> Array:
    """Distances ``[T, J]`` between joints, both seen from their own root."""
    return np.linalg.norm(
        (a.positions - a.positions[:, :1]) - (b.positions - b.positions[:, :1]), axis=-1
    )


def test_onto_itself_nothing_changes() -> None:
    motion = performance()
    again = retarget(motion)
    assert rot.angle_between(again.rotations, motion.rotations).max() < 1e-6
    np.testing.assert_allclose(again.root_positions, motion.root_positions, atol=1e-6)


@given(st.integers(0, 1000))
def test_how_a_rigs_frames_are_turned_does_not_matter(seed: int) -> None:
    motion, rig = performance(seed % 7), in_other_frames(BODY, seed)
    there = retarget(motion, rig)
    assert apart(there, motion).max() < 1e-6
    assert apart(retarget(there), motion).max() < 1e-6


@given(st.floats(0.1, 10))
def test_a_body_of_another_size_takes_steps_of_its_size(factor: float) -> None:
    motion = performance()
    there = retarget(motion, scaled(BODY, factor))
    np.testing.assert_allclose(there.positions, motion.positions * factor, atol=1e-6 * factor)
    assert rot.angle_between(retarget(there).rotations, motion.rotations).max() < 1e-6


def test_an_a_pose_rest_gives_the_same_performance() -> None:
    motion = performance()
    there = retarget(motion, in_a_pose(BODY))
    assert apart(there, motion).max() < 1e-6
    assert apart(retarget(there), motion).max() < 1e-6


def test_a_rest_pose_that_faces_away_is_turned() -> None:
    motion = performance()
    half = np.tile(rot.IDENTITY, (22, 1))
    half[0] = rot.yaw(np.pi)
    there = retarget(motion, replace(BODY, name="away", rest_rotations=half))
    assert apart(there, motion).max() < 1e-6


def test_joints_without_a_role_follow_their_parent() -> None:
    hand = BODY.index("left_wrist")
    fingered = Skeleton(
        "fingered",
        (*BODY.joints, "left_finger"),
        (*BODY.parents, hand),
        np.vstack([BODY.rest_offsets, [0.1, 0, 0]]),
        (*ROLES, ""),
    )
    there = retarget(performance(), fingered)
    np.testing.assert_allclose(there.rotations[:, -1], np.tile(rot.IDENTITY, (24, 1)), atol=1e-9)


def test_a_root_on_the_ground_carries_the_body_where_it_goes() -> None:
    """As engines like it: the root has no role, the pelvis hangs a leg's length above it."""
    pelvis = BODY.rest_offsets.copy()
    rooted = Skeleton(
        "rooted",
        ("root", *BODY.joints),
        (-1, *(p + 1 for p in BODY.parents)),
        np.vstack([[0, 0, 0], pelvis]),
        ("", *ROLES),
    )
    motion = performance()
    there = retarget(motion, rooted, ground=False)
    np.testing.assert_allclose(there.positions[:, 1:], motion.positions, atol=1e-6)


def test_names_from_blender_are_the_same_names() -> None:
    rig = next(r for r in RIGS if r.name == "KayKit")
    joints = tuple(
        rig.roles.get(role, f"extra{i}").replace("_l", ".l") for i, role in enumerate(ROLES)
    )
    assert recognise(replace(BODY, name="rig", joints=joints, roles=())) is rig


def test_every_rig_table_names_each_role_once() -> None:
    for rig in RIGS:
        assert len(set(rig.roles.values())) == len(rig.roles), rig.name
        assert set(rig.roles) <= set(ROLES)


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("mixamorig:", {"pelvis": "Hips", "left_hip": "LeftUpLeg", "spine3": "Spine2"}),
        ("", {"pelvis": "pelvis", "left_hip": "thigh_l", "left_foot": "ball_l"}),
    ],
)
def test_rigs_are_recognised_in_any_case_and_namespace(prefix: str, names: dict[str, str]) -> None:
    rig = next(r for r in RIGS if r.name == ("Mixamo" if prefix else "Unreal"))
    renamed = tuple(prefix + rig.roles[role].title() for role in ROLES)
    stranger = replace(BODY, name="rig", joints=renamed, roles=())
    found = with_roles(stranger)
    assert recognise(stranger) is rig
    assert found.roles == ROLES
    for role, joint in names.items():
        assert rig.roles[role] == joint.lower()


def test_an_unknown_rig_says_so_and_takes_a_mapping() -> None:
    stranger = replace(BODY, name="odd", joints=tuple(f"b{i}" for i in range(22)), roles=())
    motion = performance()
    with pytest.raises(RetargetError, match=r"'odd'.*say which joint plays which role"):
        retarget(motion, stranger)
    mapping = {role: f"b{i}" for i, role in enumerate(ROLES)}
    assert apart(retarget(motion, stranger, target_roles=mapping), motion).max() < 1e-6
    del mapping["left_knee"]
    with pytest.raises(RetargetError, match="leaves out left_knee"):
        retarget(motion, stranger, target_roles=mapping)


def test_a_rest_pose_without_a_body_in_it_is_refused() -> None:
    line = replace(BODY, name="line", rest_offsets=np.tile([0.1, 0, 0], (22, 1)))
    with pytest.raises(RetargetError, match="no standing rest pose"):
        retarget(performance(), line)


#: One clip of each family of rigs: (archive, part of a name, feet may be off by metres).
REAL = [
    ("bandai-namco/dataset-1.zip", "walk_normal"),
    ("accad/accad.zip", "Female1_B3_Walk1"),
    ("accad/accad.zip", "Male2_B"),
    ("cmu/asfamc.zip", "02_07"),
    ("cmu/fbx.zip", "91_48"),
    ("cmu/iclone.zip", "001_01"),
    ("cmu/salsa.zip", "60_01"),
    ("hdm05/hdm05.zip", "squat"),
    ("kaykit/animations.zip", "Melee"),
    ("mesh2motion/human.zip", "bow"),
    ("reactidle/idle.zip", "000"),
]


@pytest.mark.parametrize(("archive", "part"), REAL)
def test_real_rigs_come_out_standing_with_joints_that_bend_the_right_way(
    shared_data: Path, archive: str, part: str
) -> None:
    from exporters.bvh import load_bvh

    with zipfile.ZipFile(shared_data / archive) as z:
        names = sorted(n for n in z.namelist() if n.endswith(".bvh"))
        name = next((n for n in names if part in n), names[0])
        motion = retarget(load_bvh(z.read(name)).resample(20))
    head = motion.positions[:, BODY.index("head"), 1]
    assert 1.3 < np.percentile(head, 90) < 1.95
    assert ground_penetration(motion) < 0.02
    for joint, axis, sign in (
        ("left_knee", 0, 1), ("right_knee", 0, 1), ("left_elbow", 1, -1), ("right_elbow", 1, 1)
    ):  # fmt: skip
        bend = rot.to_rotation_vector(motion.rotations[:, BODY.index(joint)])
        # Where a joint bends at all it does so about its hinge; idle cameras see knees from aside.
        if np.abs(bend).max() > 0.5 and "reactidle" not in archive:
            strongest = bend[np.abs(bend).max(axis=1).argmax()]
            assert sign * strongest[axis] > 0.7 * np.linalg.norm(strongest), (joint, strongest)


def test_limbs_keep_their_direction_from_real_rigs(shared_data: Path) -> None:
    from exporters.bvh import load_bvh

    with zipfile.ZipFile(shared_data / "cmu/asfamc.zip") as z:
        source = load_bvh(z.read("02_07.bvh"))
    motion, index = retarget(source), with_roles(source.skeleton).role_index
    for a, b in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")):
        for side in ("left", "right"):
            v = (
                source.positions[:, index[f"{side}_{b}"]]
                - source.positions[:, index[f"{side}_{a}"]]
            )
            w = (
                motion.positions[:, BODY.index(f"{side}_{b}")]
                - motion.positions[:, BODY.index(f"{side}_{a}")]
            )
            cosine = (v * w).sum(-1) / np.linalg.norm(v, axis=-1) / np.linalg.norm(w, axis=-1)
            assert cosine.min() > 0.999, (side, a)
