from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose

from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import (
    FEET,
    body_scale,
    foot_clearance,
    foot_contacts,
    ground_height,
    joints_of,
    leg_length,
    moving_max,
    runs,
    settled,
    speeds,
)
from motion.errors import SkeletonError
from motion.skeleton import BODY, Skeleton

Array = rot.Array
STANDING = BODY.rest_world[0][0]


def posed(root: Array, fps: float = 30, left_leg: Array | float = 0.0) -> Motion:
    """The rest pose carried along ``root[T, 3]``, the left leg swung forward by an angle [T]."""
    rotations = np.tile(rot.IDENTITY, (len(root), 22, 1))
    hip = BODY.index("left_hip")
    angle = np.broadcast_to(left_leg, len(root))
    rotations[:, hip] = rot.from_axis_angle(np.array([-1.0, 0, 0]), angle)
    return Motion(BODY, fps, root, rotations)


def standing(seconds: float = 1.0, fps: float = 30) -> Motion:
    return posed(np.tile(STANDING, (round(seconds * fps), 1)), fps)


def steps(fps: float = 30) -> tuple[Motion, Array]:
    """Three leg swings of 0.6 s, each after 0.6 s of standing, and when the foot is off."""
    t = np.arange(round(3.6 * fps)) / fps
    lift = np.where(t % 1.2 > 0.6, 0.5 * (1 - np.cos((t % 0.6) * 2 * np.pi / 0.6)), 0.0)
    return posed(np.tile(STANDING, (len(t), 1)), fps, lift), lift


def jump(fps: float = 30, height: float = 0.4) -> tuple[Motion, Array]:
    """Standing, a free flight, standing; and the height of the flight ``[T]``."""
    flight = 2 * np.sqrt(2 * height / 9.81)
    t = np.arange(round((2 + flight) * fps)) / fps - 1
    y = np.where((t > 0) & (t < flight), 9.81 / 2 * t * (flight - t), 0.0)
    return posed(STANDING + y[:, None] * [0, 1, 0], fps), y


def test_standing_feet_are_in_contact() -> None:
    assert foot_contacts(standing()).all()
    assert foot_contacts(standing()).shape == (30, 4)


@pytest.mark.parametrize("fps", [20, 30, 60, 120])
def test_a_swinging_leg_is_off_whatever_the_frame_rate(fps: int) -> None:
    motion, lift = steps(fps)
    contacts = foot_contacts(motion)
    assert contacts[:, 2:].all()
    # Between hardly lifted and clearly lifted the answer is free, for about a tenth of a second.
    assert not contacts[lift > 0.35, :2].any()
    assert contacts[lift < 0.01, :2].mean() > 0.94
    for column in (0, 1):
        assert len(runs(~contacts[:, column])) == 3


@pytest.mark.parametrize("fps", [20, 30, 60, 120])
def test_nothing_touches_in_a_jump(fps: int) -> None:
    motion, height = jump(fps)
    contacts = foot_contacts(motion)
    assert not contacts[height > 0.06].any()
    assert contacts[height == 0].mean() > 0.9
    assert len(runs(contacts[:, 1])) == 2


def test_the_top_of_a_jump_alone_is_no_contact() -> None:
    motion, height = jump(60, 0.5)
    top = int(height.argmax())
    assert not foot_contacts(motion.slice(top - 8, top + 8), ground=0.0).any()


@pytest.mark.parametrize("offset", [-2.0, -0.03, 0.05, 3.2])
def test_the_ground_may_lie_anywhere(offset: float) -> None:
    motion, _ = steps()
    moved = motion.placed(0.7, (1.0, offset, 2.0))
    assert np.array_equal(foot_contacts(moved), foot_contacts(motion))
    assert ground_height(moved) == pytest.approx(offset, abs=0.005)
    assert not foot_contacts(moved, ground=offset - 0.2).any()


def test_the_ground_is_not_where_a_foot_is_held_up() -> None:
    motion = posed(np.tile(STANDING, (60, 1)), left_leg=0.35)
    assert ground_height(motion) == pytest.approx(0, abs=1e-6)
    assert foot_contacts(motion).mean(axis=0).tolist() == [0, 0, 1, 1]


@given(st.floats(0.3, 4))
def test_size_does_not_matter(scale: float) -> None:
    motion, _ = steps()
    large = Skeleton("large", BODY.joints, BODY.parents, BODY.rest_offsets * scale, BODY.roles)
    scaled = Motion(large, motion.fps, motion.root_positions * scale, motion.rotations)
    assert np.array_equal(foot_contacts(scaled), foot_contacts(motion))
    assert body_scale(large) == pytest.approx(scale)


@pytest.mark.parametrize(("speed", "found"), [(0.1, True), (0.25, True), (0.9, False)])
def test_slow_slides_stand_and_fast_ones_do_not(speed: float, found: bool) -> None:
    t = np.arange(45)[:, None] / 30
    glide = posed(STANDING + speed * t * [1.0, 0, 0])
    assert foot_contacts(glide).all() == found
    assert foot_contacts(glide).any() == found


def test_noise_neither_breaks_nor_makes_contacts() -> None:
    motion, lift = steps()
    noise = np.random.default_rng(0).normal(size=(len(motion), 3)) * 0.002
    noisy = replace(motion, root_positions=motion.root_positions + noise)
    contacts = foot_contacts(noisy)
    assert contacts[:, 2:].mean() > 0.98
    assert not contacts[lift > 0.35, :2].any()


def test_single_frames() -> None:
    assert foot_contacts(standing().slice(0, 1)).all()
    assert not foot_contacts(standing().slice(0, 1), ground=-0.5).any()


def test_clearance_is_the_rest_pose_where_that_stands() -> None:
    feet = joints_of(BODY, *FEET)
    assert_allclose(foot_clearance(BODY), BODY.rest_world[0][feet, 1])
    floating = replace(BODY, rest_offsets=BODY.rest_offsets + np.eye(22)[:, :1] * [0, 0.7, 0])
    assert_allclose(foot_clearance(floating), foot_clearance(BODY))
    lying = replace(
        BODY, rest_rotations=np.vstack([rot.from_euler([1.5], "X"), [rot.IDENTITY] * 21])
    )
    assert_allclose(foot_clearance(lying), foot_clearance(BODY))


def test_leg_length_is_thigh_plus_shank() -> None:
    knee, ankle = (np.linalg.norm(BODY.rest_offsets[BODY.index(f"left_{j}")])
                   for j in ("knee", "ankle"))  # fmt: skip
    assert leg_length(BODY) == pytest.approx(knee + ankle)


def test_missing_roles_are_named() -> None:
    roles = tuple("" if r == "left_foot" else r for r in BODY.roles)
    legless = Motion(replace(BODY, name="stick", roles=roles), 30, *_rest(3))
    with pytest.raises(SkeletonError, match=r"'stick' has no joint for left_foot; assign"):
        foot_contacts(legless)


def _rest(frames: int) -> tuple[Array, Array]:
    return np.tile(STANDING, (frames, 1)), np.tile(rot.IDENTITY, (frames, 22, 1))


def test_flicker_settles() -> None:
    flags = np.array([list("#.####.###......#.......####")]).T == "#"
    expected = np.array([list("##########..............####")]).T == "#"
    assert np.array_equal(settled(flags, 30), expected)
    assert np.array_equal(settled(expected, 30), expected)


@given(arrays(bool, st.integers(0, 30)))
def test_runs_match_a_loop(flags: np.ndarray) -> None:
    expected, start = [], None
    for i, flag in enumerate([*flags.tolist(), False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            expected.append([start, i])
            start = None
    assert runs(flags).tolist() == expected


@given(st.integers(1, 20), st.integers(0, 6), st.integers(0, 99))
def test_moving_max_matches_a_loop(count: int, half: int, seed: int) -> None:
    values = np.random.default_rng(seed).normal(size=(count, 2))
    expected = [values[max(0, i - half) : i + half + 1].max(axis=0) for i in range(count)]
    assert_allclose(moving_max(values, half), expected)


@pytest.mark.parametrize("fps", [20.0, 30.0, 120.0])
def test_speeds_of_a_straight_line(fps: float) -> None:
    line = np.arange(10)[:, None, None] / fps * np.array([[3.0, 4.0, 0.0], [0.0, 0.0, 1.0]])
    assert_allclose(speeds(line, fps), np.tile([5.0, 1.0], (10, 1)))
    assert_allclose(speeds(line[:1], fps), 0)


def test_the_ground_is_found_from_three_resting_toes_far_apart() -> None:
    """Heights 0, 8 and 8 cm: no sample lies near the percentile interpolated between them."""
    root = STANDING + np.array([[0, 0.0, 0], [0, 0.08, 0], [0, 0.08, 0]])
    assert 0 <= ground_height(posed(root, fps=2, left_leg=1.2)) < 0.1
