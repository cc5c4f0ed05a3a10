from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial import Polynomial

from motion import rotations as rot
from motion.clip import Motion, concat
from motion.errors import MotionError
from motion.inertialize import POSITION_LIMIT, ROTATION_LIMIT, decay, inertialize
from motion.skeleton import BODY

Array = rot.Array
numbers = st.floats(-5, 5)


def wander(frames: int = 40, seed: int = 0, fps: float = 30) -> Motion:
    """Slow sines in every joint and on the ground."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / fps
    speed, phase = rng.uniform(0.5, 3, (22, 3)), rng.uniform(0, 6, (22, 3))
    path = np.stack([np.sin(t[:, 0, 0]), 0.95 + 0.03 * np.sin(5 * t[:, 0, 0]), t[:, 0, 0]], axis=-1)
    return Motion(BODY, fps, path, rot.from_rotation_vector(0.5 * np.sin(speed * t + phase)))


def solved(d: float, v: float, n: float) -> Polynomial:
    """The quintic by its six conditions, as a system of equations."""
    rows, right = [], [d, v, 0, 0, 0, 0]
    for order, at in ((0, 0.0), (1, 0.0), (0, n), (1, n), (2, n), (3, n)):
        rows.append([Polynomial.basis(k).deriv(order)(at) if order else at**k for k in range(6)])
    return Polynomial(np.linalg.solve(rows, right))


@given(numbers, numbers, st.integers(2, 40))
def test_it_is_the_quintic_of_its_six_conditions(d: float, v: float, n: int) -> None:
    expected = solved(d, v, n)(np.arange(n))
    assert np.allclose(decay([d], [v], n)[:, 0], expected, atol=1e-6 * max(1, abs(d), abs(v) * n))


def test_vectors_decay_each_for_itself() -> None:
    rng = np.random.default_rng(0)
    d, v = rng.normal(size=(2, 5, 3))
    together = decay(d, v, 9, 0.3)
    assert together.shape == (9, 5, 3)
    for j in range(5):
        assert np.array_equal(together[:, j], decay(d[j], v[j], 9, 0.3))


@given(
    st.lists(numbers, min_size=3, max_size=3),
    st.lists(numbers, min_size=3, max_size=3),
    st.integers(1, 60),
    st.floats(0.01, 1),
)
def test_nothing_is_carried_far_beyond_its_offset(
    d: list[float], v: list[float], n: int, limit: float
) -> None:
    reach = np.linalg.norm(decay(d, v, n, limit), axis=-1)
    assert reach.max() <= np.linalg.norm(d) + limit * (1 + 1e-9)
    alone = np.linalg.norm(decay(np.zeros(3), v, n, limit), axis=-1)
    assert alone.max() <= limit * (1 + 1e-9)


def test_the_limit_keeps_the_velocity_and_leaves_slow_ones_alone() -> None:
    slow = decay([0.0], [0.01], 9, 0.25)
    assert np.array_equal(slow, decay([0.0], [0.01], 9))
    # However finely it is looked at, it sets off with the velocity that was asked for.
    fine = decay([0.0], [2.0 / 1000], 30_000, 0.25)
    assert fine[1, 0] == pytest.approx(0.002, rel=0.01)
    assert fine.max() == pytest.approx(0.25, rel=0.01)
    assert np.all(fine[2000:] == 0)


@given(st.integers(0, 200), st.integers(3, 20))
def test_what_comes_is_led_over_in_pose_and_pace(seed: int, frames: int) -> None:
    before, after = wander(seed=seed), wander(seed=seed + 1).placed(0.3, (0.2, 0.05, 1.0))
    led = inertialize(before, after, frames)
    whole = concat([before, led])
    # The first frame is where the one before was going, by its last step.
    step = whole.root_positions[39] - whole.root_positions[38]
    assert np.allclose(whole.root_positions[40] - whole.root_positions[39], step, atol=1e-12)
    turns = rot.multiply(whole.rotations[1:], rot.conjugate(whole.rotations[:-1]))
    assert rot.angle_between(turns[39], turns[38]).max() < 1e-7
    # What comes after the blend is as it was, to the bit, and it is come to at rest.
    assert np.array_equal(led.rotations[frames:], after.rotations[frames:])
    assert np.array_equal(led.root_positions[frames:], after.root_positions[frames:])


def test_it_joins_without_a_kink_where_a_cut_jumps() -> None:
    before, after = wander(seed=1), wander(seed=2)

    def kinks(joined: Motion) -> Array:
        turns = rot.to_rotation_vector(
            rot.multiply(joined.rotations[1:], rot.conjugate(joined.rotations[:-1]))
        )
        return np.linalg.norm(np.diff(turns, axis=0), axis=-1).max(axis=-1)

    cut, led = (kinks(concat([before, m])) for m in (after, inertialize(before, after, 12)))
    assert cut[38:41].max() > 0.4
    assert led.max() < 0.25 * cut.max()


def test_a_motion_that_simply_goes_on_is_left_as_it_is() -> None:
    whole = wander(80)
    before, after = whole.slice(0, 40), whole.slice(40, 80)
    led = inertialize(before, after, 9)
    # Up to the bend within a frame, which no step knows of.
    assert rot.angle_between(led.rotations, after.rotations).max() < 0.01
    assert np.abs(led.root_positions - after.root_positions).max() < 0.003


def test_turns_of_more_than_half_a_circle_do_not_spin() -> None:
    """A difference that passes half a turn is read as the same long turn, not as its reverse."""
    still = np.zeros((10, 22, 3))
    turning = still.copy()
    turning[:, 5, 1] = np.linspace(2.6, 3.2, 10)  # pi lies between two frames
    root = np.tile([0.0, 1.0, 0.0], (10, 1))
    before = Motion(BODY, 30, root, rot.from_rotation_vector(turning))
    after = Motion(BODY, 30, root, rot.from_rotation_vector(still))
    led = inertialize(before.slice(0, 9), after, 9)
    angles = rot.angle_between(led.rotations[:, 5], after.rotations[:, 5])
    assert np.all(np.diff(angles) < 0.05)
    assert angles.max() < np.pi


@pytest.mark.parametrize("frames", [1, 2])
def test_one_frame_has_no_pace(frames: int) -> None:
    before, after = wander(1, seed=3), wander(frames, seed=4)
    led = inertialize(before, after, frames)
    if frames == 1:
        assert np.allclose(led.root_positions[0], before.root_positions[0])
        assert rot.angle_between(led.rotations[0], before.rotations[0]).max() < 1e-7
    assert np.isfinite(led.rotations).all()


def test_the_limits_are_what_the_documents_say() -> None:
    assert (ROTATION_LIMIT, POSITION_LIMIT) == (0.25, 0.1)


def test_what_does_not_fit_is_refused() -> None:
    motion = wander()
    assert inertialize(motion, motion, 0) is motion
    with pytest.raises(MotionError, match="41 frames does not fit a clip of 40"):
        inertialize(motion, motion, 41)
    with pytest.raises(MotionError, match="resample one first"):
        inertialize(motion, replace(motion, fps=25), 3)
