from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters import coords
from exporters.npz import (
    MEAN_PELVIS_HEIGHT,
    REST_PELVIS,
    NpzReadOptions,
    NpzWriteOptions,
    load_npz,
    save_npz,
)
from motion import rotations as rot
from motion.clip import Motion
from motion.errors import RetargetError
from motion.skeleton import BODY
from tests.exporters.motions import body_motion, clips, random_motion


def published(path: Path, **arrays: object) -> Path:
    """Write arrays as a data set publishes them."""
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def standing(frames: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Poses and pelvis heights of a mean subject standing at rest in AMASS's world, facing -Y.

    +Z up: the body's own +Y must be turned onto +Z, a quarter about X.
    """
    poses = np.zeros((frames, width))
    poses[:, 0] = np.pi / 2
    return poses, np.full(frames, MEAN_PELVIS_HEIGHT)


@given(st.integers(0, 2**31), st.sampled_from(["smplx", "smplh"]), st.booleans())
def test_what_was_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, seed: int, model, scaled: bool
) -> None:
    motion = upright(body_motion(seed, 4))
    path = tmp_path_factory.mktemp("npz") / "clip.npz"
    save_npz(motion, path, NpzWriteOptions(model, to_subject=scaled))
    back = load_npz(path, NpzReadOptions(to_body=scaled))
    assert back.skeleton is BODY
    assert np.degrees(rot.angle_between(back.rotations, motion.rotations).max()) < 0.01
    assert np.abs(back.positions - motion.positions).max() < 1e-4
    assert back.fps == motion.fps


def upright(motion: Motion) -> Motion:
    """The same with the root standing, so that up can be told."""
    rotations = motion.rotations.copy()
    rotations[:, 0] = rot.yaw(np.linspace(0, 1, len(motion)))
    return Motion(BODY, motion.fps, motion.root_positions, rotations)


@pytest.mark.parametrize(
    ("width", "model", "rate"),
    [(156, "smplh", "mocap_framerate"), (165, "smplx", "mocap_frame_rate"), (66, "smplh", "fps"),
     (72, "smplh", "mocap_framerate")],
)  # fmt: skip
def test_a_standing_subject_stands_as_our_body(
    tmp_path: Path, width: int, model, rate: str
) -> None:
    poses, heights = standing(3, width)
    trans = np.zeros((3, 3))
    trans[:, 2] = heights
    path = published(
        tmp_path / "stand.npz",
        poses=poses,
        trans=trans - REST_PELVIS[model],
        betas=np.zeros(16),
        gender=np.array("female"),
        **{rate: np.array(60)},
    )
    motion = load_npz(path)
    assert motion.fps == 60
    assert np.allclose(motion.positions[0], BODY.rest_world[0] * [1, 1, 1], atol=1e-6)
    assert np.allclose(motion.headings, 0, atol=1e-9)


def test_axes_turn_as_amass_means_them(tmp_path: Path) -> None:
    """+X stays to the side, forward is -Y of AMASS, up is +Z."""
    poses, heights = standing(4, 156)
    trans = np.zeros((4, 3))
    trans[:, 2] = heights
    trans[:, 1] = -np.arange(4.0)
    trans[:, 0] = 0.5 * np.arange(4.0)
    path = published(
        tmp_path / "walk.npz", poses=poses, trans=trans, mocap_framerate=np.array(30.0)
    )
    walk = load_npz(path, NpzReadOptions(to_body=False)).root_positions
    assert np.allclose(np.diff(walk, axis=0), [[0.5, 0, 1.0]] * 3)


def test_worlds_with_y_up_are_told_by_the_body(tmp_path: Path) -> None:
    poses = np.zeros((3, 165))
    trans = np.tile([0.0, MEAN_PELVIS_HEIGHT, 0.0], (3, 1)) - REST_PELVIS["smplx"]
    path = published(tmp_path / "y.npz", poses=poses, trans=trans, fps=np.array(20.0))
    assert np.allclose(load_npz(path).positions[0], BODY.rest_world[0], atol=1e-6)
    forced = load_npz(path, NpzReadOptions(up="z"))
    assert forced.root_positions[0, 1] < 0.5


def test_poses_in_parts_as_smplx_publishes_them(tmp_path: Path) -> None:
    motion = upright(body_motion(3, 5))
    save_npz(motion, tmp_path / "whole.npz")
    whole = dict(np.load(tmp_path / "whole.npz"))
    poses = whole.pop("poses")
    assert poses.shape == (5, 165)
    assert np.array_equal(whole["root_orient"], poses[:, :3])
    published(tmp_path / "parts.npz", **whole)
    a, b = load_npz(tmp_path / "whole.npz"), load_npz(tmp_path / "parts.npz")
    assert np.array_equal(a.positions, b.positions)
    renamed = {"global_orient": whole["root_orient"], "body_pose": whole["pose_body"],
               "transl": whole["trans"], "surface_model_type": np.array("smplx"),
               "fps": np.array(30)}  # fmt: skip
    published(tmp_path / "renamed.npz", **renamed)
    assert np.array_equal(load_npz(tmp_path / "renamed.npz").positions, a.positions)


def test_the_path_keeps_its_published_numbers_through_a_round_trip(tmp_path: Path) -> None:
    poses, heights = standing(6, 165)
    trans = np.random.default_rng(0).normal(size=(6, 3))
    trans[:, 2] = heights
    path = published(tmp_path / "a.npz", poses=poses, trans=trans, mocap_frame_rate=np.array(30))
    save_npz(load_npz(path), tmp_path / "b.npz")
    assert np.allclose(np.load(tmp_path / "b.npz")["trans"], trans, atol=1e-5)


def test_rates_can_be_given_where_files_have_none(tmp_path: Path) -> None:
    poses, _ = standing(3, 156)
    path = published(tmp_path / "a.npz", poses=poses, trans=np.zeros((3, 3)))
    assert load_npz(path, NpzReadOptions(fps=120)).fps == 120


def test_other_skeletons_are_retargeted(shared_data: Path, tmp_path: Path) -> None:
    from exporters.bvh import load_bvh

    (_, content), *_ = clips(shared_data / "accad" / "accad.zip", 300)
    motion = load_bvh(content)
    save_npz(motion, tmp_path / "a.npz")
    back = load_npz(tmp_path / "a.npz")
    assert back.skeleton is BODY
    assert len(back) == len(motion)


def test_skeletons_that_are_no_body_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RetargetError):
        save_npz(random_motion(0, 3), tmp_path / "a.npz")
    assert not list(tmp_path.iterdir())


def test_axis_conversions_undo_each_other() -> None:
    points = np.random.default_rng(0).normal(size=(5, 4, 3))
    there = coords.y_up_from_z_up(points)
    assert np.allclose(there, rot.rotate(coords.Y_UP_FROM_Z_UP, points))
    assert np.allclose(coords.z_up_from_y_up(there), points)
