"""The seam meter on motions whose jumps are known, and against its formula written out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Motion, concat
from motion.errors import MotionError
from motion.joins import STILL, Pace, measure_seam, pace
from motion.skeleton import BODY


def glide(frames: int, speed: float = 0.02, start: float = 0.0) -> Motion:
    """A rest pose that glides along +Z by ``speed`` metres a frame."""
    root = np.zeros((frames, 3))
    root[:, 1] = 0.95
    root[:, 2] = start + speed * np.arange(frames)
    return Motion(BODY, 20.0, root, np.tile(rot.IDENTITY, (frames, len(BODY), 1)))


def joined(jump: float) -> tuple[Motion, Motion, Motion]:
    before = glide(10)
    after = glide(10, start=10 * 0.02 + jump)
    return concat([before, after]), before, after


def test_a_motion_that_goes_on_shows_nothing() -> None:
    whole, before, after = joined(0.0)
    seam = measure_seam(whole, 10, 0, before, after)
    assert seam.ratio == pytest.approx(1.0)
    assert seam.level == "good"


@pytest.mark.parametrize(("jump", "level"), [(0.004, "good"), (0.02, "fair"), (0.3, "poor")])
def test_a_jump_is_read_in_metres_and_against_the_clips_own_step(jump: float, level: str) -> None:
    whole, before, after = joined(jump)
    seam = measure_seam(whole, 10, 0, before, after)
    assert seam.position == pytest.approx(0.02 + jump)
    # Both steps beside the jump change their pace by it.
    assert seam.velocity == pytest.approx(jump * 20)
    own = max(0.02, STILL[0] / 20)
    expected = max((0.02 + jump) / own, jump * 20 / (STILL[2] / 20))
    assert seam.ratio == pytest.approx(expected)
    assert seam.level == level


def test_a_turned_joint_is_named_and_read_in_radians() -> None:
    before, after = glide(10), glide(10, start=0.2)
    rotations = after.rotations.copy()
    elbow = BODY.role_index["left_elbow"]
    rotations[:, elbow] = rot.from_axis_angle([0.0, 1.0, 0.0], 0.8)
    after = replace(after, rotations=rotations)
    seam = measure_seam(concat([before, after]), 10, 0, before, after)
    assert seam.rotation == pytest.approx(0.8, abs=1e-6)
    assert seam.joint in ("left_elbow", "left_wrist")
    assert seam.level == "poor"


def test_a_blend_is_read_over_all_of_its_frames() -> None:
    whole, before, after = joined(0.0)
    root = whole.root_positions.copy()
    root[14:, 2] += 0.3  # a jump four frames into the blend
    broken = replace(whole, root_positions=root)
    assert measure_seam(broken, 10, 2, before, after).level == "good"
    assert measure_seam(broken, 10, 6, before, after).level == "poor"


@given(seed=st.integers(0, 2**32 - 1), frame=st.integers(3, 16), frames=st.integers(0, 6))
def test_the_meter_is_its_formula(seed: int, frame: int, frames: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = np.cumsum(rng.normal(0, 0.05, (20, len(BODY), 3)), axis=0)
    root = np.cumsum(rng.normal(0, 0.02, (20, 3)), axis=0)
    motion = Motion(BODY, 20.0, root, rot.from_rotation_vector(vectors))
    own = Pace(0.05, 0.2, 0.5)
    seam = measure_seam(motion, frame, frames, own, own)
    p, q = motion.positions, motion.rotations
    last = min(frame + frames, len(motion) - 1)
    steps = range(frame, last + 1)
    position = max(np.linalg.norm(p[t] - p[t - 1], axis=1).max() for t in steps)
    rotation = max(rot.angle_between(q[t - 1], q[t]).max() for t in steps)
    changes = range(frame - 1, min(frame + frames + 1, len(motion) - 1))
    velocity = max(
        np.linalg.norm(p[t + 1] - 2 * p[t] + p[t - 1], axis=1).max() * 20 for t in changes
    )
    assert seam.position == pytest.approx(position)
    assert seam.rotation == pytest.approx(rotation)
    assert seam.velocity == pytest.approx(velocity)
    assert seam.ratio == pytest.approx(max(position / 0.05, rotation / 0.2, velocity / 0.5))


def test_what_is_no_join_is_refused() -> None:
    motion = glide(5)
    for frame in (0, 5, 9):
        with pytest.raises(MotionError, match="There is no join at frame"):
            measure_seam(motion, frame, 0, motion, motion)
    with pytest.raises(MotionError, match="cannot change -1 frames"):
        measure_seam(motion, 2, -1, motion, motion)


def test_the_pace_of_a_glide() -> None:
    assert pace(glide(6, 0.1)).position == pytest.approx(0.1)
    assert pace(glide(1)) == Pace(0.0, 0.0, 0.0)
