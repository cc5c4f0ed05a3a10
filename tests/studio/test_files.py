"""What the browser's export and the command line share."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.errors import MotionError, MotionStudioError
from motion.skeleton import BODY
from studio import files
from studio.files import Changes
from tests.studio.walker import walk


def test_changes_are_made_in_order() -> None:
    motion = walk(1, 60)
    out = Changes(start=10, stop=50, fps=40, mirror=True, in_place=True, scale=2).apply(motion)
    assert (len(out), out.fps) == (79, 40)
    assert out.root_positions[0, 1] == pytest.approx(2 * motion.root_positions[10, 1])
    assert out.root_positions[-1, 0] == out.root_positions[0, 0]
    assert out.root_positions[0, 0] == pytest.approx(-2 * motion.root_positions[10, 0])


@given(st.floats(0.01, 100), st.integers(0, 5))
def test_scale_scales_the_world(factor: float, seed: int) -> None:
    motion = walk(seed, 12)
    assert np.allclose(files.scaled(motion, factor).positions, factor * motion.positions)


@pytest.mark.parametrize("factor", [0.0, -1.0, float("nan"), float("inf")])
def test_a_scale_that_makes_no_sense_is_refused(factor: float) -> None:
    with pytest.raises(MotionError, match="makes no sense"):
        Changes(scale=factor).apply(walk(1, 4))


def test_no_change_is_no_copy() -> None:
    motion = walk(1, 4)
    assert Changes().apply(motion) is motion


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("a.fbx", "no known suffix"), ("no/such/a.bvh", "no folder"), ("folder.bvh", "is a folder")],
)
def test_what_cannot_be_written_is_known_before_the_work(
    tmp_path: Path, name: str, sentence: str
) -> None:
    (tmp_path / "folder.bvh").mkdir()
    with pytest.raises(MotionStudioError, match=sentence):
        files.check_writable(tmp_path / name)


def test_a_glb_of_the_body_is_skinned_and_of_another_rig_is_not(tmp_path: Path) -> None:
    files.save(walk(1, 8), tmp_path / "body.glb")
    files.save(Changes(scale=2).apply(walk(1, 8)), tmp_path / "other.glb")
    body, other = (tmp_path / "body.glb").stat().st_size, (tmp_path / "other.glb").stat().st_size
    assert body > 5 * other


def test_describe_measures(tmp_path: Path) -> None:
    motion = walk(3, 80)
    files.save(motion, tmp_path / "a.npz")
    info = files.describe(tmp_path / "a.npz")
    assert (info.joints, info.frames, info.fps, info.seconds) == (22, 80, 20, 4)
    steps = np.diff(motion.root_positions[:, [0, 2]], axis=0)
    assert info.root_path == pytest.approx(np.hypot(*steps.T).sum(), rel=1e-3)
    assert info.quality is not None
    assert info.quality.ground_penetration < 0.01


def test_onto_the_canonical_body(tmp_path: Path) -> None:
    files.save(files.scaled(walk(3, 20), 1.2), tmp_path / "tall.bvh")
    assert files.onto(files.load(tmp_path / "tall.bvh"), "body").skeleton == BODY
    onto = files.onto(walk(3, 20), str(tmp_path / "tall.bvh")).skeleton
    order = [onto.index(joint) for joint in BODY.joints]  # BVH lists depth first
    assert np.allclose(onto.rest_offsets[order[1:]], 1.2 * BODY.rest_offsets[1:], atol=1e-4)
