"""SMPL-D135: every rotation comes back, wherever the motion stands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.features import smpl_d135
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY


def _wander(seed: int, frames: int = 40) -> Motion:
    """A motion that turns, leans and walks at random, smoothly."""
    rng = np.random.default_rng(seed)
    vectors = np.cumsum(rng.normal(0, 0.05, (frames, len(BODY), 3)), axis=0)
    root = np.cumsum(rng.normal(0, 0.03, (frames, 3)), axis=0) + [0.0, 0.9, 0.0]
    return Motion(BODY, 20.0, root, rot.from_rotation_vector(vectors))


def _placed_by_root(motion: Motion) -> Motion:
    """Over the origin, the root's own heading along +Z: where decoding starts."""
    turn = -float(rot.heading(motion.rotations[0, 0]))
    x, _, z = rot.rotate(rot.yaw(turn), motion.root_positions[0])
    return motion.placed(turn, (-x, 0.0, -z))


@given(seed=st.integers(0, 2**32 - 1))
def test_nothing_is_lost(seed: int) -> None:
    motion = _wander(seed)
    back = smpl_d135.decode(smpl_d135.encode(motion), motion.fps)
    wanted = _placed_by_root(motion)
    turned = rot.multiply(rot.conjugate(wanted.rotations), back.rotations)
    angle = 2 * np.arcsin(np.clip(np.linalg.norm(turned[..., 1:], axis=-1), 0, 1))
    assert angle.max() < 1e-5
    assert np.abs(back.root_positions - wanted.root_positions).max() < 1e-5


@given(turn=st.floats(-3.1, 3.1), x=st.floats(-5, 5), z=st.floats(-5, 5))
def test_it_does_not_matter_where_a_motion_stands(turn: float, x: float, z: float) -> None:
    motion = _wander(3)
    moved = motion.placed(turn, (x, 0.0, z))
    assert np.allclose(smpl_d135.encode(moved), smpl_d135.encode(motion), atol=1e-9)


def test_the_parts_share_out_every_column() -> None:
    columns = [c for part in smpl_d135.PARTS for c in smpl_d135.part_columns(part)]
    assert sorted(columns) == list(range(smpl_d135.SIZE))


@pytest.mark.parametrize("part", [p for p in smpl_d135.PARTS if p != "root"])
def test_a_part_holds_its_own_joints_alone(part: str) -> None:
    motion = _wander(5)
    rotations = motion.rotations.copy()
    joints = list(smpl_d135.PARTS[part])
    rotations[:, joints] = rot.IDENTITY
    changed = Motion(BODY, motion.fps, motion.root_positions, rotations)
    differs = (smpl_d135.encode(changed) != smpl_d135.encode(motion)).any(axis=0)
    assert set(np.flatnonzero(differs)) <= set(smpl_d135.part_columns(part))
    assert differs.sum() > 3 * len(joints)
