"""Patches against the motion they came from: nothing may be lost, and held tokens stay put."""

from __future__ import annotations

import numpy as np
import pytest

from backends.features import dart276, patches
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY


def wandering(frames: int = 32, seed: int = 0) -> Motion:
    """A smooth random performance that travels and turns."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / 20
    phase, speed = rng.uniform(0, 6, (22, 3)), rng.uniform(0.5, 3, (22, 3))
    vectors = 0.6 * np.sin(speed * t + phase)
    turns = rot.from_rotation_vector(vectors)
    turns[:, 0] = rot.multiply(rot.yaw(np.linspace(0, 4, frames)), turns[:, 0])
    root = np.stack([np.linspace(0, 2, frames), np.full(frames, 0.95), t[:, 0, 0] ** 2], -1)
    return Motion(BODY, 20, root, turns)


def test_frames_survive_the_276_features() -> None:
    motion = wandering()
    back = dart276.decode(dart276.encode(motion), motion.fps)
    assert rot.angle_between(back.rotations, motion.rotations).max() < 1e-6
    np.testing.assert_allclose(back.root_positions, motion.root_positions, atol=1e-12)


def test_turning_features_is_turning_the_motion() -> None:
    motion = wandering()
    turned = dart276.turn(dart276.encode(motion), np.full(len(motion), 0.7))
    np.testing.assert_allclose(turned, dart276.encode(motion.placed(0.7)), atol=1e-9)


def test_a_motion_survives_its_patches() -> None:
    motion = wandering().canonical()
    poses, _ = patches.reconstruct_poses(patches.patch_features(motion))
    back = patches.motion_from_patches(poses, patches.ground_steps(motion), motion.fps)
    np.testing.assert_allclose(back.positions, motion.positions, atol=1e-6)


def test_steps_can_be_read_from_the_patches_alone() -> None:
    motion = wandering().canonical()
    _, steps = patches.reconstruct_poses(patches.patch_features(motion))
    np.testing.assert_allclose(steps[:-1], patches.ground_steps(motion)[:-1], atol=1e-6)


@pytest.mark.parametrize(("turn", "offset"), [(1.0, (3.0, 0.0, -2.0)), (-2.5, (0.0, 0.0, 9.0))])
def test_patches_do_not_depend_on_place_or_heading(
    turn: float, offset: tuple[float, float, float]
) -> None:
    motion = wandering()
    moved = motion.placed(turn, offset)
    np.testing.assert_allclose(
        patches.patch_features(moved), patches.patch_features(motion), atol=1e-9
    )


def test_a_full_basis_loses_nothing() -> None:
    rng = np.random.default_rng(1)
    basis, _ = np.linalg.qr(rng.normal(size=(1104, 1104)))
    stats = patches.LatentStats(
        rng.normal(size=1104), rng.uniform(0.5, 2, 1104), basis, rng.uniform(0.1, 2, 1104)
    )
    x = patches.patch_features(wandering())
    np.testing.assert_allclose(stats.reconstruct(stats.project(x)), x, atol=1e-9)
    assert stats.channels == 1104
    again = patches.LatentStats.of(stats.arrays())
    np.testing.assert_array_equal(again.basis, stats.basis)


@pytest.mark.parametrize("seed", range(4))
def test_known_features_do_not_depend_on_what_is_unknown(seed: int) -> None:
    """Joints that are not in the mask are turned at random: what counts as known must not move."""
    rng = np.random.default_rng(seed)
    motion = wandering(seed=seed)
    mask = rng.random((len(motion), len(BODY))) < (0.6, 0.9, 0.97, 0.3)[seed]
    rotations = motion.rotations.copy()
    other = rot.from_rotation_vector(rng.normal(0, 1, (len(motion), len(BODY), 3)))
    rotations[~mask] = other[~mask]
    root = motion.root_positions.copy()
    root[~mask[:, 0]] += rng.normal(0, 1, (int((~mask[:, 0]).sum()), 3))
    changed = Motion(BODY, 20, root, rotations)
    known = patches.known_features(mask)
    before, after = patches.patch_features(motion), patches.patch_features(changed)
    assert known.sum() > 100
    np.testing.assert_allclose(after[known], before[known], atol=1e-9)


def test_everything_is_known_of_frames_that_are_kept_whole() -> None:
    known = patches.known_features(np.ones((8, len(BODY)), dtype=bool)).reshape(2, 4, -1)
    assert known[:, :3].all()
    assert known[:, 3, :144].sum() >= 2 * 135  # only steps into the next patch are not
