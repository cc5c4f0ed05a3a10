from __future__ import annotations

import zipfile
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from exporters.bvh import load_bvh
from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import foot_contacts, ground_height
from motion.ik import foot_lock, smooth
from motion.quality import (
    Quality,
    acceleration,
    dynamic_degree,
    foot_floating,
    foot_sliding,
    ground_penetration,
    jitter,
    measure,
    skating_ratio,
)
from motion.retarget import retarget
from motion.skeleton import BODY, Skeleton

Array = rot.Array
STANDING = BODY.rest_world[0][0]


def posed(root: Array, fps: float = 30, skeleton: Skeleton = BODY) -> Motion:
    """The rest pose carried along ``root[T, 3]``."""
    return Motion(skeleton, fps, root, np.tile(rot.IDENTITY, (len(root), len(skeleton), 1)))


def clock(frames: int = 60, fps: float = 30) -> Array:
    return np.arange(frames)[:, None] / fps


def along(*velocity: float, fps: float = 30) -> Motion:
    return posed(STANDING + clock(fps=fps) * np.array(velocity), fps)


def test_a_standing_figure_is_perfect() -> None:
    assert measure(posed(np.tile(STANDING, (30, 1)))) == Quality(0, 0, 0, 0, 0, 0, 0)


@pytest.mark.parametrize("fps", [20, 60])
@pytest.mark.parametrize("speed", [0.05, 0.2])
def test_sliding_is_the_speed_over_the_ground(fps: float, speed: float) -> None:
    glide = along(0.6 * speed, 0, 0.8 * speed, fps=fps)
    assert foot_sliding(glide) == pytest.approx(speed)
    assert skating_ratio(glide) == 0
    on = np.zeros((60, 4), dtype=bool)
    assert foot_sliding(glide, on) == 0
    on[3:5, 2] = True
    assert foot_sliding(glide, on) == pytest.approx(speed)


@pytest.mark.parametrize("fps", [20, 60])
def test_skating_counts_feet_dragged_too_fast_to_stand(fps: float) -> None:
    glide = along(1.0, 0, 0, fps=fps)
    assert foot_sliding(glide) == 0
    assert skating_ratio(glide) > 0.9
    # A flight between two landings is as fast, but not low.
    t = clock(60, fps)[:, 0]
    up = 0.3 * np.sin(np.pi * t / t[-1])
    assert skating_ratio(posed(glide.root_positions + up[:, None] * [0, 1, 0], fps)) < 0.2


@pytest.mark.parametrize("fps", [20, 30, 120])
def test_derivatives_of_polynomials_are_exact(fps: float) -> None:
    t = clock(60, fps)
    x = np.array([1.0, 0, 0])
    assert dynamic_degree(posed(3 * t * x, fps)) == pytest.approx(3)
    assert acceleration(posed(2.5 * t**2 * x, fps)) == pytest.approx(5)
    assert jitter(posed(2.5 * t**2 * x, fps)) == pytest.approx(0, abs=1e-5)
    assert jitter(posed(2 * t**3 * x, fps)) == pytest.approx(12)


def test_dynamic_degree_counts_limbs_twice_and_travel_once() -> None:
    t = clock()
    rotations = np.tile(rot.IDENTITY, (60, 22, 1))
    rotations[:, BODY.index("left_elbow")] = rot.from_axis_angle([0.0, 1, 0], 2 * t[:, 0])
    waving = Motion(BODY, 30, np.tile(STANDING, (60, 1)), rotations)
    forearm = np.linalg.norm(BODY.rest_offsets[BODY.index("left_wrist")])
    chord = 2 * forearm * np.sin(1 / 30) * 30  # 2 rad/s about the elbow, sampled
    assert dynamic_degree(waving) == pytest.approx(2 * chord / 22)


@pytest.mark.parametrize("depth", [0.02, 0.3])
def test_penetration_is_the_depth_beyond_the_tolerance(depth: float) -> None:
    sunk = posed(np.tile(STANDING - [0, depth, 0], (30, 1)))
    assert ground_penetration(sunk) == pytest.approx(depth - 0.005, abs=1e-9)
    assert ground_penetration(sunk, ground=-depth) == 0
    half = posed(np.concatenate([sunk.root_positions, np.tile(STANDING, (30, 1))]))
    assert ground_penetration(half) == pytest.approx((depth - 0.005) / 2, abs=1e-9)


def test_hovering_floats_and_falling_does_not() -> None:
    hover = posed(np.tile(STANDING + [0, 0.3, 0], (60, 1)))
    assert foot_floating(hover) == 1
    assert foot_floating(hover, ground=0.3) == 0
    assert foot_floating(along(0.5, 0, 0)) == 0
    t = clock(60, 60)
    falling = posed(STANDING + (5 - 9.81 / 2 * t**2) * [0, 1, 0], 60)
    assert foot_floating(falling) == 0
    gliding_down = posed(STANDING + (5 - 2 * t) * [0, 1, 0], 60)
    assert foot_floating(gliding_down) == 1


def test_lying_and_sitting_are_held_up() -> None:
    rotations = np.tile(rot.IDENTITY, (30, 22, 1))
    rotations[:, 0] = rot.from_euler([-np.pi / 2], "X")
    lying = Motion(BODY, 30, np.tile([0, 0.12, 0], (30, 1)), rotations)
    assert foot_floating(lying) == 0
    assert ground_penetration(lying) == 0


def test_size_scales_what_has_a_length_and_nothing_else() -> None:
    rng = np.random.default_rng(0)
    turns = rot.from_rotation_vector(rng.normal(size=(40, 22, 3)).cumsum(axis=0) * 0.02)
    motion = Motion(BODY, 30, STANDING + rng.normal(size=(40, 3)).cumsum(axis=0) * 0.004, turns)
    large = Skeleton("large", BODY.joints, BODY.parents, BODY.rest_offsets * 2, BODY.roles)
    scaled = Motion(large, 30, motion.root_positions * 2, motion.rotations)
    small, big = asdict(measure(motion)), asdict(measure(scaled))
    assert small["foot_sliding"] > 0
    assert small["skating"] > 0
    for name in ("foot_sliding", "ground_penetration", "jitter", "acceleration", "dynamic_degree"):
        assert big[name] == pytest.approx(2 * small[name], rel=1e-9), name
    assert big["skating"] == small["skating"]


def test_joints_without_roles_do_not_count() -> None:
    finger = Skeleton(
        "hand",
        (*BODY.joints, "finger"),
        (*BODY.parents, BODY.index("left_wrist")),
        np.vstack([BODY.rest_offsets, [0.1, 0, 0]]),
        (*BODY.roles, ""),
    )
    motion = posed(STANDING + 0.2 * np.sin(9 * clock()), skeleton=finger)
    wagging = motion.rotations.copy()
    wagging[:, BODY.index("left_wrist")] = rot.from_euler(np.sin(40 * clock()), "X")
    assert acceleration(replace(motion, rotations=wagging)) == pytest.approx(acceleration(motion))


def test_one_two_and_three_frames_measure_as_still() -> None:
    for frames in (1, 2, 3):
        quality = measure(along(0.1, 0, 0).slice(0, frames))
        assert all(np.isfinite(v) for v in asdict(quality).values())
        assert quality.jitter == 0


REAL = (
    ("bandai-namco/dataset-2.zip", "walk-turn-left_normal"),
    ("bandai-namco/dataset-2.zip", "run_normal"),
    ("cmu/asfamc.zip", "16_17"),
    ("cmu/asfamc.zip", "127_04"),
    ("cmu/asfamc.zip", "135_07"),
    ("hdm05/hdm05.zip", "kick"),
)


def real_clips(shared_data: Path) -> list[Motion]:
    clips = []
    for archive, part in REAL:
        with zipfile.ZipFile(shared_data / archive) as opened:
            name = next(n for n in sorted(opened.namelist()) if part.lower() in n.lower())
            clip = retarget(load_bvh(opened.read(name))).resample(20)
        clips.append(clip.slice(0, min(len(clip), 160)))
    return clips


def test_cleaning_real_motion(shared_data: Path) -> None:
    """Feet that stand hold still, nothing pops, and the performance is kept."""
    before, after, moved = [], [], []
    for clip in real_clips(shared_data):
        contacts = foot_contacts(clip)
        assert 0.02 < contacts.mean() < 0.98
        locked = foot_lock(clip, contacts)
        assert foot_sliding(locked, contacts) < 0.1 * foot_sliding(clip, contacts) + 0.002
        assert acceleration(locked) < 1.10 * acceleration(clip)
        assert ground_penetration(locked) <= ground_penetration(clip) + 1e-3
        before.append(asdict(measure(clip)))
        after.append(asdict(measure(locked)))
        moved.append(np.linalg.norm(locked.positions - clip.positions, axis=-1).mean())
    mean = {k: (np.mean([q[k] for q in before]), np.mean([q[k] for q in after])) for k in before[0]}
    assert mean["foot_sliding"][1] < 0.35 * mean["foot_sliding"][0]
    assert mean["acceleration"][1] < 1.03 * mean["acceleration"][0]
    assert np.mean(moved) < 0.03


def test_cleaning_a_rough_copy_of_real_motion(shared_data: Path) -> None:
    """Drift and noise such as generators make: the built-in clean-up takes most of it out."""
    rng = np.random.default_rng(0)
    for clip in real_clips(shared_data)[:4]:
        t = np.arange(len(clip))[:, None] / clip.fps
        noise = rot.from_rotation_vector(0.01 * rng.normal(size=(len(clip), 22, 3)))
        rough = replace(
            clip,
            root_positions=clip.root_positions + t * [0.08, 0, 0.12],
            rotations=rot.multiply(clip.rotations, noise),
        )
        cleaned = foot_lock(smooth(rough))
        assert foot_sliding(cleaned) < 0.6 * foot_sliding(rough)
        assert acceleration(cleaned) < 0.8 * acceleration(rough)
        assert_allclose(ground_height(cleaned), 0, atol=0.02)
