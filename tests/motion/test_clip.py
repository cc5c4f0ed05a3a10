from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from motion import rotations as rot
from motion.clip import Motion, blend, concat, ease, follow_on, mirror_partners, same_rig
from motion.errors import MotionError
from motion.skeleton import BODY, Skeleton

Array = rot.Array
EXACT = 1e-12


def wander(
    frames: int = 40,
    seed: int = 0,
    fps: float = 30,
    skeleton: Skeleton = BODY,
    local: bool = False,
) -> Motion:
    """A smooth random performance: sums of a few slow sines in every joint and on the ground."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / fps
    joints = len(skeleton)
    speed, phase = rng.uniform(0.5, 3, (joints, 3)), rng.uniform(0, 6, (joints, 3))
    turns = 0.5 * np.sin(speed * t + phase)
    path = np.stack([np.sin(t[:, 0, 0]), 0.95 + 0.03 * np.sin(5 * t[:, 0, 0]), t[:, 0, 0]], axis=-1)
    moved = skeleton.rest_offsets + 0.05 * np.sin(speed * t + phase) if local else None
    return Motion(skeleton, fps, path, rot.from_rotation_vector(turns), moved)


def same(a: Motion, b: Motion, tolerance: float = EXACT) -> None:
    assert a.fps == b.fps
    assert_allclose(a.root_positions, b.root_positions, atol=tolerance)
    assert_allclose(a.positions, b.positions, atol=tolerance)
    assert rot.angle_between(a.rotations, b.rotations).max() <= max(tolerance, 1e-7)


seeds = st.integers(0, 1000)


@given(seeds, st.integers(1, 39), st.booleans())
def test_slices_join_to_the_whole(seed: int, cut: int, local: bool) -> None:
    motion = wander(seed=seed, local=local)
    joined = concat([motion.slice(0, cut), motion.slice(cut, 40)])
    assert np.array_equal(joined.rotations, motion.rotations)
    assert np.array_equal(joined.root_positions, motion.root_positions)
    assert np.array_equal(joined.positions, motion.positions)
    assert len(motion.slice(3, 9)) == 6
    assert np.array_equal(motion.slice(3, 9).rotations, motion.rotations[3:9])


@given(seeds, st.sampled_from([2, 3, 5]))
def test_resampled_up_then_down_is_itself(seed: int, times: int) -> None:
    motion = wander(seed=seed, local=seed % 2 == 0)
    up = motion.resample(30 * times)
    assert len(up) == 39 * times + 1
    same(up.resample(30), motion, 1e-7)


def test_resampling_keeps_time_and_never_extrapolates() -> None:
    motion = wander(61)  # two seconds
    for fps in (20, 24, 25, 29.97, 50, 60, 120):
        out = motion.resample(fps)
        assert out.fps == fps
        assert (len(out) - 1) / fps <= 2 + 1e-9 < len(out) / fps + 1e-6 + 1 / fps
        assert_allclose(out.root_positions[0], motion.root_positions[0])
        truth = np.sin(np.arange(len(out)) / fps)  # the path's x is a known function of time
        assert_allclose(out.root_positions[:, 0], truth, atol=2e-4)
    assert motion.resample(30) is motion


def test_sampling_is_linear_and_clamps() -> None:
    motion = wander()
    out = motion.sample([2.5, -3.0, 99.0])
    assert_allclose(out.root_positions[0], motion.root_positions[2:4].mean(axis=0))
    half = rot.slerp(motion.rotations[2], motion.rotations[3], 0.5)
    assert_allclose(rot.angle_between(out.rotations[0], half), 0, atol=1e-7)
    assert_allclose(out.root_positions[1:], motion.root_positions[[0, -1]])
    same(motion.slice(0, 1).sample([0.0, 0.7]), concat([motion.slice(0, 1)] * 2), 1e-12)


def smooth_truth(t: Array) -> tuple[Array, Array]:
    """A motion known at any time ``t[N]``: root positions, and rotations about turning axes."""
    rng = np.random.default_rng(5)
    speed, phase = rng.uniform(1, 5, (22, 3)), rng.uniform(0, 6, (22, 3))
    turns = 0.6 * np.sin(speed * t[:, None, None] + phase)
    root = np.stack([np.sin(2 * t), 0.9 + 0.05 * np.sin(6 * t), t + np.cos(3 * t)], axis=-1)
    return root, rot.from_rotation_vector(turns)


def test_cubic_sampling_is_closer_to_smooth_motion_than_linear() -> None:
    known = np.arange(40) / 20
    motion = Motion(BODY, 20, *smooth_truth(known))
    at = np.arange(0, 39, 2 / 3)
    root, rotations = smooth_truth(at / 20)
    cubic, linear = motion.sample(at, "cubic"), motion.sample(at)

    def errors(sampled: Motion) -> tuple[float, float]:
        apart = np.abs(sampled.root_positions - root).max()
        return float(apart), float(rot.angle_between(sampled.rotations, rotations).max())

    for better, worse in zip(errors(cubic), errors(linear), strict=True):
        assert better < 0.2 * worse


def test_cubic_sampling_has_no_kinks_at_frames() -> None:
    motion = wander(12, fps=6)
    h = 1e-5
    for frame in range(1, 11):
        around = motion.sample([frame - h, frame, frame + h], "cubic")
        q = rot.continuous(around.rotations)
        for values in (around.root_positions, q):
            before, after = values[1] - values[0], values[2] - values[1]
            assert np.abs(after - before).max() < 1e-3 * h
        assert_allclose(np.linalg.norm(q, axis=-1), 1, atol=1e-12)
    linear = motion.sample([5 - h, 5, 5 + h]).root_positions
    assert np.abs(linear[2] - 2 * linear[1] + linear[0]).max() > 0.01 * h


@given(seeds, st.integers(1, 20))
def test_cubic_sampling_copies_whole_frames_to_the_bit(seed: int, frames: int) -> None:
    motion = wander(frames, seed, local=seed % 2 == 0)
    at = np.array([0, frames - 1, (frames - 1) // 2, 99, -4, (frames - 1) / 2])
    out = motion.sample(at, "cubic")
    for i, frame in ((0, 0), (1, frames - 1), (2, (frames - 1) // 2), (3, frames - 1), (4, 0)):
        assert np.array_equal(out.root_positions[i], motion.root_positions[frame])
        assert np.array_equal(out.rotations[i], motion.rotations[frame])
    # Copied whatever the quaternion's sign, and though its length is not quite one.
    odd = replace(motion, rotations=-1.0000001 * motion.rotations)
    assert np.array_equal(odd.sample(at[:5], "cubic").rotations, odd.rotations[[0, frames - 1,
        (frames - 1) // 2, frames - 1, 0]])  # fmt: skip


def test_cubic_sampling_does_not_mind_signs_and_is_local() -> None:
    motion = wander(20)
    at = np.arange(0, 19, 0.3)
    plain = motion.sample(at, "cubic")
    flipped = motion.rotations.copy()
    flipped[7:13:2] *= -1
    same(replace(motion, rotations=flipped).sample(at, "cubic"), plain)
    moved = motion.root_positions.copy()
    moved[10] += 1
    other = replace(motion, root_positions=moved).sample(at, "cubic")
    near = np.abs(at - 10) < 2
    assert np.array_equal(other.root_positions[~near], plain.root_positions[~near])
    assert np.any(other.root_positions[near] != plain.root_positions[near])


@pytest.mark.parametrize("frames", [2, 3, 4, 9])
def test_cubic_sampling_is_exact_for_parabolas_and_lines(frames: int) -> None:
    t = np.arange(frames, dtype=float)
    motion = wander(frames)
    root = np.stack([3 * t - 1, 0.5 * t * t - t if frames > 2 else t, 2 - t], axis=-1)
    at = np.linspace(0, frames - 1, 17)
    truth = np.stack([3 * at - 1, 0.5 * at * at - at if frames > 2 else at, 2 - at], axis=-1)
    sampled = replace(motion, root_positions=root).sample(at, "cubic")
    assert_allclose(sampled.root_positions, truth, atol=1e-12)


@given(seeds, st.booleans())
def test_mirror_reflects_the_world_and_undoes_itself(seed: int, local: bool) -> None:
    motion = wander(10, seed, local=local)
    mirrored = motion.mirror()
    partner = list(mirror_partners(BODY))
    assert_allclose(mirrored.positions, motion.positions[:, partner] * [-1, 1, 1], atol=1e-9)
    same(mirrored.mirror(), motion, 1e-9)


def test_mirror_pairs_joints_by_role_else_by_name() -> None:
    left, right = BODY.index("left_knee"), BODY.index("right_knee")
    assert mirror_partners(BODY)[left] == right
    assert mirror_partners(BODY)[BODY.index("head")] == BODY.index("head")
    names = ("hips", "thigh_l", "thigh_r", "Arm.L", "Arm.R", "LeftToe", "RightToe", "tail")
    rig = Skeleton("rig", names, (-1, 0, 0, 0, 0, 1, 2, 0), np.zeros((8, 3)))
    assert mirror_partners(rig) == (0, 2, 1, 4, 3, 6, 5, 7)


def test_mirror_on_a_rig_with_a_turned_rest_pose() -> None:
    rng = np.random.default_rng(2)
    flip = np.array([1.0, 1.0, -1.0, -1.0])
    # A rest pose that is its own mirror image: the middle turns about X, the sides are reflected.
    middle, side = rot.from_euler([0.4], "X"), rot.normalize(rng.normal(size=4))
    offsets = [[0, 1, 0], [0.2, 0.1, 0.3], [-0.2, 0.1, 0.3], [0.1, -0.4, 0], [0, 0, 0]]
    names = ("hips", "left_a", "right_a", "left_b", "right_b")
    rest = np.stack([middle, side, side * flip, side, side * flip])
    offsets = np.array(offsets)
    # Reflect the left tip through its own parent's rest frame to place the right one.
    above = rot.multiply(middle, side), rot.multiply(middle, side * flip)
    offsets[4] = rot.rotate(
        rot.conjugate(above[1]), rot.rotate(above[0], offsets[3]) * [-1.0, 1, 1]
    )
    rig = Skeleton("rig", names, (-1, 0, 0, 1, 2), offsets, (), rest)
    motion = wander(5, skeleton=rig)
    mirrored = motion.mirror()
    expected = motion.positions[:, [0, 2, 1, 4, 3]] * [-1, 1, 1]
    assert_allclose(mirrored.positions, expected, atol=1e-9)
    same(mirrored.mirror(), motion, 1e-9)


@given(seeds, st.floats(-3, 3), st.floats(-5, 5), st.floats(-5, 5))
def test_placed_moves_the_world_rigidly(seed: int, turn: float, x: float, z: float) -> None:
    motion = wander(8, seed)
    moved = motion.placed(turn, (x, 0.25, z))
    expected = rot.rotate(rot.yaw(turn), motion.positions) + [x, 0.25, z]
    assert_allclose(moved.positions, expected, atol=1e-9)
    same(moved.placed(0, (-x, -0.25, -z)).placed(-turn), motion, 1e-9)


@given(seeds, st.integers(0, 39), st.floats(-3, 3))
def test_canonical_stands_at_the_origin_heading_forward(seed: int, frame: int, turn: float) -> None:
    motion = wander(seed=seed).placed(turn, (3, 0, -2)).canonical(frame)
    assert_allclose(motion.root_positions[frame, [0, 2]], 0, atol=1e-12)
    assert np.sin(motion.headings[frame]) == pytest.approx(0, abs=1e-9)
    assert np.cos(motion.headings[frame]) == pytest.approx(1)
    same(motion.canonical(frame), motion, 1e-9)


def test_headings_do_not_jump() -> None:
    spin = np.linspace(0, 14, 200)
    rotations = np.tile(rot.IDENTITY, (200, 22, 1))
    rotations[:, 0] = rot.yaw(spin)
    assert_allclose(Motion(BODY, 30, np.zeros((200, 3)), rotations).headings, spin, atol=1e-9)


@given(seeds)
def test_in_place_keeps_height_and_pose(seed: int) -> None:
    motion = wander(seed=seed)
    still = motion.in_place()
    assert_allclose(
        still.root_positions[:, [0, 2]], motion.root_positions[:1, [0, 2]].repeat(40, 0)
    )
    assert np.array_equal(still.root_positions[:, 1], motion.root_positions[:, 1])
    assert np.array_equal(still.rotations, motion.rotations)


@given(seeds, st.booleans())
def test_reversed_twice_is_itself(seed: int, local: bool) -> None:
    motion = wander(seed=seed, local=local)
    assert np.array_equal(motion.reversed().positions, motion.positions[::-1])
    assert np.array_equal(motion.reversed().reversed().rotations, motion.rotations)


@given(seeds, st.integers(0, 20), st.sampled_from(["linear", "smooth"]))
def test_blend_leaves_both_ends_as_they_are(seed: int, frames: int, curve: str) -> None:
    before, after = wander(30, seed), wander(20, seed + 1, local=seed % 2 == 1)
    out = blend(before, after, frames, curve)  # type: ignore[arg-type]
    assert len(out) == 50 - frames
    assert np.array_equal(out.rotations[: 30 - frames], before.rotations[: 30 - frames])
    assert_allclose(out.positions[: 30 - frames], before.positions[: 30 - frames], atol=EXACT)
    assert np.array_equal(out.rotations[30:], after.rotations[frames:])
    assert np.array_equal(out.root_positions[30:], after.root_positions[frames:])


def test_blending_a_motion_with_itself_changes_nothing() -> None:
    motion = wander(30)
    same(blend(motion.slice(0, 20), motion.slice(10, 30), 10), motion, 1e-9)


@pytest.mark.parametrize("curve", ["linear", "smooth"])
def test_ease_rises_between_zero_and_one(curve: str) -> None:
    weights = ease(9, curve)  # type: ignore[arg-type]
    assert np.all(np.diff(np.concatenate([[0], weights, [1]])) > 0)
    assert_allclose(weights + weights[::-1], 1)
    assert weights[4] == pytest.approx(0.5)


@given(seeds, st.floats(-3, 3))
def test_follow_on_starts_where_the_other_ends(seed: int, turn: float) -> None:
    before, after = wander(seed=seed), wander(seed=seed + 1).placed(turn, (4, 0, 4))
    placed = follow_on(before, after)
    step = before.root_positions[-1] - before.root_positions[-2]
    expected = before.root_positions[-1] + step
    assert_allclose(placed.root_positions[0, [0, 2]], expected[[0, 2]], atol=1e-9)
    assert np.cos(placed.headings[0] - before.headings[-1]) == pytest.approx(1)
    assert_allclose(placed.root_positions[:, 1], after.root_positions[:, 1])
    assert np.array_equal(placed.rotations[:, 1:], after.rotations[:, 1:])


def test_motions_are_frozen_and_private() -> None:
    root, rotations = np.zeros((4, 3)), np.tile(rot.IDENTITY, (4, 22, 1))
    motion = Motion(BODY, 30, root, rotations)
    root[0] = 9
    assert motion.root_positions[0, 0] == 0
    for array in (motion.rotations, motion.positions, motion.world_from_joint):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(FrozenInstanceError):
        motion.fps = 60  # type: ignore[misc]
    assert motion.seconds == pytest.approx(4 / 30)


def bad(**change: object) -> Callable[[], object]:
    return lambda: replace(wander(4), **change)  # type: ignore[arg-type]


OTHER = Skeleton("other", BODY.joints, BODY.parents, BODY.rest_offsets * 2, BODY.roles)


@pytest.mark.parametrize(
    ("action", "says"),
    [
        (bad(fps=0), "frame rate above zero, not 0"),
        (bad(fps=float("nan")), "frame rate above zero"),
        (bad(root_positions=np.zeros((0, 3))), "at least one frame"),
        (bad(root_positions=np.zeros((5, 3))), "do not fit the 22 joints of 'body'"),
        (bad(rotations=np.zeros((4, 21, 4))), "do not fit the 22 joints"),
        (bad(local_positions=np.zeros((4, 21, 3))), "do not fit the motion"),
        (bad(root_positions=np.full((4, 3), np.inf)), "not finite"),
        (lambda: wander(9).slice(5, 5), "5:5 lie outside the motion, which has 9 frames"),
        (lambda: wander(9).slice(-1, 5), "outside"),
        (lambda: wander(9).slice(0, 10), "outside"),
        (lambda: wander(9).resample(-2), "above zero, not -2"),
        (lambda: concat([]), "no motions"),
        (lambda: concat([wander(), replace(wander(), fps=60)]), "30 and 60 fps; resample"),
        (lambda: same_rig([wander(), wander(skeleton=OTHER)]), "'other' are different.*retarget"),
        (lambda: blend(wander(9), wander(5), 6), "6 frames does not fit clips of 9 and 5"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    action: Callable[[], object], says: str
) -> None:
    with pytest.raises(MotionError, match=says) as caught:
        action()
    assert str(caught.value).endswith(".")
