"""Curation on motions whose faults are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.training.data import curate
from backends.training.data.take import Action
from motion import rotations as rot
from motion.clip import Motion, concat
from tests.backends.training.data import made

LIMITS = curate.Limits()
WALK = Action("walk", "gait", ("*walk",))
WAVE = Action("wave", "gesture", ("*wave",))
IDLE = Action("idle", "idle", ("*wait",))


@given(st.integers(1, 5000), st.integers(20, 400))
def test_cuts_cover_the_take_evenly(frames: int, longest: int) -> None:
    cuts = curate.even_cuts(frames, longest)
    lengths = [b - a for a, b in cuts]
    assert cuts[0][0] == 0
    assert cuts[-1][1] == frames
    assert all(b == c for (_, b), (c, _) in zip(cuts[:-1], cuts[1:], strict=True))
    assert max(lengths) <= longest
    assert max(lengths) - min(lengths) <= 1
    assert len(cuts) == -(-frames // longest)


def test_leading_and_trailing_t_poses_are_trimmed() -> None:
    middle = made.waving(40)
    motion = concat([made.t_pose(7), middle, made.t_pose(3)])
    trimmed = curate.trim_ends(motion)
    assert trimmed is not None
    # Two more frames go at either end, since takes jump out of the T-pose.
    np.testing.assert_array_equal(trimmed.rotations, middle.rotations[2:-2])
    assert curate.trim_ends(made.t_pose(30)) is None
    assert curate.trim_ends(middle) is not None
    assert not curate.t_pose_frames(made.standing(5)).any()


def test_a_single_t_pose_frame_at_the_start_goes() -> None:
    trimmed = curate.trim_ends(concat([made.t_pose(1), made.travelling(30)]))
    assert trimmed is not None
    assert not curate.t_pose_frames(trimmed).any()
    assert len(trimmed) == 28


@pytest.mark.parametrize("action", [WALK, WAVE, IDLE])
def test_good_motion_passes(action: Action) -> None:
    walk = made.travelling(60)
    good = {"walk": _planted(walk), "wave": made.waving(60), "idle": made.standing(60)}
    assert curate.fault(good[action.content], action, LIMITS) == ""


def test_each_fault_is_named() -> None:
    wave = made.waving(60)
    root = wave.root_positions
    assert curate.fault(wave.slice(0, 19), WAVE, LIMITS) == "short"
    assert curate.fault(made.standing(60), WAVE, LIMITS) == "static"
    assert curate.fault(replace(wave, root_positions=root - [0, 0.3, 0]), WAVE, LIMITS) == (
        "underground"
    )
    assert curate.fault(replace(wave, root_positions=root + [0, 0.6, 0]), WAVE, LIMITS) == (
        "floating"
    )
    noise = np.random.default_rng(0).normal(0, 0.3, root.shape)
    assert curate.fault(replace(wave, root_positions=root + noise), WAVE, LIMITS) == "jitter"
    rotations = np.array(wave.rotations)
    rotations[30:, 0] = rot.yaw(np.pi)
    assert curate.fault(replace(wave, rotations=rotations), WAVE, LIMITS) == "pop"
    flying = Action("fly", "action", ("*fly",))
    assert curate.fault(wave, flying, LIMITS) == "ungrounded"


def test_walking_in_place_is_a_treadmill_until_set_in_motion() -> None:
    walk = _planted(made.travelling(80, speed=1.0))
    in_place = walk.in_place()
    assert curate.fault(walk, WALK, LIMITS) == ""
    assert curate.fault(in_place, WALK, LIMITS) == "treadmill"
    moving = curate.off_treadmill(in_place)
    assert curate.fault(moving, WALK, LIMITS) == ""
    travelled = moving.root_positions[-1, 2] - moving.root_positions[0, 2]
    assert travelled == pytest.approx(walk.root_positions[-1, 2], rel=0.15)


def test_only_cycles_that_close_are_repeated() -> None:
    period = 40  # frames of three waves at 1.5 Hz and 20 fps
    cycle = made.waving(period + 1)
    longer = curate.repeat_loop(cycle, 5.0)
    assert len(longer) == 3 * period
    steps = np.linalg.norm(np.diff(longer.positions, axis=0), axis=-1).max(axis=1)
    once = np.linalg.norm(np.diff(cycle.positions, axis=0), axis=-1).max()
    assert steps.max() <= once * 1.001
    open_ended = made.travelling(30)
    assert curate.repeat_loop(open_ended, 5.0) is open_ended


def test_pieces_start_over_the_origin_heading_ahead() -> None:
    motion = made.travelling(60, turn=1.0).placed(2.2, (3.0, 0.0, -4.0)).slice(20, 60)
    piece = curate.canonical_piece(motion)
    np.testing.assert_allclose(piece.root_positions[0, [0, 2]], 0, atol=1e-12)
    assert piece.headings[0] == pytest.approx(0, abs=1e-9)
    assert (piece.rotations[0, :, 0] >= 0).all()
    dots = np.einsum("tji,tji->tj", piece.rotations[1:], piece.rotations[:-1])
    assert (dots > 0).all()


def _planted(motion: Motion) -> Motion:
    """The gliding walk with its root moved so that the lower foot stands still on the ground."""
    index = motion.skeleton.role_index
    toes = motion.positions[:, [index["left_foot"], index["right_foot"]]]
    low = toes[..., 1].argmin(axis=1)
    root = np.array(motion.root_positions)
    root[:, 1] -= toes[..., 1].min(axis=1) - 0.012
    relative = (toes - motion.positions[:, :1])[np.arange(len(low)), low]
    step = np.diff(relative, axis=0)
    same = low[1:] == low[:-1]
    pace = -step[same, 2].mean()
    travel = np.where(same[:, None], -step, [0.0, 0.0, pace])
    root[1:, 2] = root[0, 2] + np.cumsum(travel[:, 2])
    return replace(motion, root_positions=root)
