from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.spatial.transform import Rotation

from motion import rotations as rot

Array = rot.Array
TIGHT = 1e-12

_component = st.floats(-1, 1, allow_subnormal=False)
_angle = st.floats(-np.pi, np.pi, allow_subnormal=False)
# Hypothesis likes zeros and ones, so half turns and aligned axes come up by themselves.
quaternions = (
    arrays(np.float64, 4, elements=_component)
    .filter(lambda v: np.linalg.norm(v) > 1e-3)
    .map(lambda v: v / np.linalg.norm(v))
)
vectors = arrays(np.float64, 3, elements=st.floats(-10, 10, allow_subnormal=False))
directions = vectors.filter(lambda v: np.linalg.norm(v) > 1e-3).map(lambda v: v / np.linalg.norm(v))
orders = st.sampled_from(["".join(p) for p in itertools.permutations("XYZ")])

HALF_TURNS = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1], [0, 0.6, 0.8, 0]], dtype=float)


def scipy(q: Array) -> Rotation:
    return Rotation.from_quat(np.roll(q, -1, axis=-1))


def same_rotation(a: Array, b: Array, tolerance: float = 1e-9) -> None:
    """Equal up to sign: the smaller of the two distances, one number a rotation."""
    gap = np.minimum(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1))
    assert np.all(gap <= tolerance), gap.max()


@given(quaternions, quaternions, quaternions)
def test_product_is_associative(a: Array, b: Array, c: Array) -> None:
    left, right = rot.multiply(rot.multiply(a, b), c), rot.multiply(a, rot.multiply(b, c))
    assert_allclose(left, right, atol=TIGHT)


@given(quaternions)
def test_inverse_and_identity(q: Array) -> None:
    assert_allclose(rot.multiply(q, rot.conjugate(q)), rot.IDENTITY, atol=TIGHT)
    assert_allclose(rot.multiply(q, rot.IDENTITY), q, atol=0)


@given(quaternions, quaternions, vectors)
def test_product_and_rotation_agree_with_scipy(a: Array, b: Array, v: Array) -> None:
    same_rotation(rot.multiply(a, b), np.roll((scipy(a) * scipy(b)).as_quat(), 1), 1e-12)
    assert_allclose(rot.rotate(a, v), scipy(a).apply(v), atol=1e-11)
    assert_allclose(rot.rotate(a, rot.rotate(b, v)), rot.rotate(rot.multiply(a, b), v), atol=1e-11)


@given(quaternions)
def test_matrix_is_proper_and_comes_back(q: Array) -> None:
    m = rot.to_matrix(q)
    assert_allclose(m, scipy(q).as_matrix(), atol=TIGHT)
    assert_allclose(m @ m.T, np.eye(3), atol=TIGHT)
    assert np.linalg.det(m) == pytest.approx(1)
    same_rotation(rot.from_matrix(m), q)
    assert rot.from_matrix(m)[0] >= 0


@given(quaternions)
def test_sixd_round_trip(q: Array) -> None:
    d = rot.to_sixd(q)
    assert_allclose(d, np.concatenate([rot.to_matrix(q)[:, 0], rot.to_matrix(q)[:, 1]]))
    same_rotation(rot.from_sixd(d), q)


@given(arrays(np.float64, 6, elements=st.floats(-5, 5, allow_subnormal=False)))
def test_any_six_numbers_give_a_rotation(d: Array) -> None:
    m = rot.matrix_from_sixd(d)
    assert_allclose(m @ m.T, np.eye(3), atol=1e-6)
    assert np.linalg.det(m) == pytest.approx(1, abs=1e-6)


@given(quaternions, st.floats(0.1, 10), st.floats(0.1, 10), st.floats(-3, 3))
def test_sixd_ignores_scale_and_skew(q: Array, a: float, b: float, skew: float) -> None:
    x, y = np.split(rot.to_sixd(q), 2)
    same_rotation(rot.from_sixd(np.concatenate([a * x, b * y + skew * x])), q)


@given(arrays(np.float64, 3, elements=_angle), orders)
def test_euler_agrees_with_scipy(angles: Array, order: str) -> None:
    q = rot.from_euler(angles, order)
    same_rotation(q, np.roll(Rotation.from_euler(order, angles).as_quat(), 1), 1e-12)
    # The angles need not come back, but the rotation they stand for must: gimbal lock included.
    same_rotation(rot.from_euler(rot.to_euler(q, order), order), q, 1e-7)


@given(orders, st.sampled_from([-1.0, 1.0]), _angle, _angle)
def test_euler_in_gimbal_lock(order: str, sign: float, first: float, last: float) -> None:
    q = rot.from_euler([first, sign * np.pi / 2, last], order)
    angles = rot.to_euler(q, order)
    same_rotation(rot.from_euler(angles, order), q, 1e-7)
    assert abs(abs(angles[1]) - np.pi / 2) < 1e-6


@pytest.mark.parametrize("order", ["X", "Y", "Z", "ZX", "YZ"])
def test_euler_with_fewer_axes(order: str) -> None:
    angles = np.array([0.4, -1.2])[: len(order)]
    same_rotation(
        rot.from_euler(angles, order), np.roll(Rotation.from_euler(order, angles).as_quat(), 1)
    )


def test_half_turns_survive_every_form() -> None:
    for back in (
        rot.from_matrix(rot.to_matrix(HALF_TURNS)),
        rot.from_sixd(rot.to_sixd(HALF_TURNS)),
        rot.from_rotation_vector(rot.to_rotation_vector(HALF_TURNS)),
        rot.from_euler(rot.to_euler(HALF_TURNS, "ZXY"), "ZXY"),
    ):
        same_rotation(back, HALF_TURNS, 1e-8)


@given(quaternions)
def test_logarithm_and_exponential(q: Array) -> None:
    v = rot.to_rotation_vector(q)
    assert np.linalg.norm(v) <= np.pi + 1e-12
    same_rotation(rot.from_rotation_vector(v), q)


@pytest.mark.parametrize("angle", [0.0, 1e-300, 1e-12, 1e-9, 1e-5, 1e-2])
def test_small_angles_lose_nothing(angle: float) -> None:
    v = np.array([0.0, angle, 0.0])
    assert_allclose(rot.to_rotation_vector(rot.from_rotation_vector(v)), v, rtol=1e-12, atol=0)


@given(directions, st.floats(-3, 3))
def test_axis_angle_agrees_with_the_exponential(axis: Array, angle: float) -> None:
    q = rot.from_axis_angle(axis, angle)
    same_rotation(q, rot.from_rotation_vector(axis * angle), 1e-12)
    assert rot.angle_between(rot.IDENTITY, q) == pytest.approx(abs(angle), abs=1e-9)


@given(quaternions, quaternions)
def test_slerp_ends(a: Array, b: Array) -> None:
    same_rotation(rot.slerp(a, b, 0.0), a, 1e-7)
    same_rotation(rot.slerp(a, b, 1.0), b, 1e-7)


@given(quaternions, vectors, st.floats(0, 1))
def test_slerp_turns_at_constant_speed(a: Array, v: Array, t: float) -> None:
    v = v * (2.8 / max(2.8, float(np.linalg.norm(v))))  # short of a half turn: one shorter arc
    b = rot.multiply(a, rot.from_rotation_vector(v))
    same_rotation(rot.slerp(a, b, t), rot.multiply(a, rot.from_rotation_vector(t * v)), 1e-7)
    same_rotation(rot.slerp(a, -b, t), rot.slerp(a, b, t), 1e-12)


@given(directions, directions)
def test_between_is_the_smallest_turn(a: Array, b: Array) -> None:
    q = rot.between(a, b)
    assert_allclose(rot.rotate(q, a), b, atol=1e-6)
    angle = np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b)
    assert rot.angle_between(rot.IDENTITY, q) == pytest.approx(angle, abs=1e-3)


@given(directions)
def test_between_opposites_is_a_half_turn(a: Array) -> None:
    q = rot.between(a, -a)
    assert_allclose(rot.rotate(q, a), -a, atol=1e-7)
    assert abs(q[0]) < 1e-6


@given(directions)
def test_any_perpendicular(v: Array) -> None:
    p = rot.any_perpendicular(v)
    assert p @ v == pytest.approx(0, abs=1e-12)
    assert np.linalg.norm(p) == pytest.approx(1)


@given(quaternions, st.integers(1, 5))
def test_mean_of_copies_is_the_rotation(q: Array, copies: int) -> None:
    signs = np.where(np.arange(copies) % 2, -1.0, 1.0)[:, None]
    same_rotation(rot.mean(signs * q), q, 1e-7)


@given(quaternions, vectors)
def test_mean_of_a_pair_is_half_way(q: Array, v: Array) -> None:
    v = v * (1.0 / max(1.0, float(np.linalg.norm(v))))
    pair = rot.multiply(q, rot.from_rotation_vector(np.stack([v, -v])))
    same_rotation(rot.mean(pair), q, 1e-7)


@given(st.floats(-3.1, 3.1), st.floats(-1.4, 1.4))
def test_heading_is_the_yaw_whatever_the_pitch(turn: float, pitch: float) -> None:
    q = rot.multiply(rot.yaw(turn), rot.from_euler([pitch], "X"))
    assert rot.heading(q) == pytest.approx(turn, abs=1e-9)


def test_yaw_turns_left() -> None:
    assert_allclose(rot.rotate(rot.yaw(np.pi / 2), [0, 0, 1]), [1, 0, 0], atol=TIGHT)


def test_continuous_keeps_rotations_and_joins_neighbours() -> None:
    rng = np.random.default_rng(0)
    steps = rot.from_rotation_vector(0.1 * rng.normal(size=(50, 3, 3)))
    path = np.array(list(itertools.accumulate(steps, rot.multiply)))
    flipped = path * rng.choice([-1.0, 1.0], size=(50, 3, 1))
    joined = rot.continuous(flipped)
    same_rotation(joined, path)
    assert np.all(np.einsum("tji,tji->tj", joined[1:], joined[:-1]) > 0)
    across = rot.continuous(flipped.swapaxes(0, 1), axis=1)
    assert_allclose(across.swapaxes(0, 1), joined)


def test_normalize_mends_length_and_zero() -> None:
    q = np.array([[2.0, 0, 0, 0], [0, 0, 0, 0], [1.0, 1.0, 1.0, 1.0]])
    expected = np.array([[1.0, 0, 0, 0], [1.0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]])
    assert_allclose(rot.normalize(q), expected)


@pytest.mark.parametrize(
    "function",
    [
        rot.normalize, rot.conjugate, rot.to_matrix, rot.to_sixd, rot.positive,
        rot.to_rotation_vector, lambda q: rot.multiply(q, q), lambda q: rot.slerp(q, q, 0.25),
        lambda q: rot.rotate(q, q[..., :3]), lambda q: rot.from_matrix(rot.to_matrix(q)),
        lambda q: rot.to_euler(q, "ZXY"), lambda q: rot.from_euler(q[..., :3], "ZXY"),
    ],
)  # fmt: skip
def test_batches_keep_shape_dtype_and_input(function: Callable[[Array], Array]) -> None:
    rng = np.random.default_rng(1)
    q = rot.normalize(rng.normal(size=(2, 3, 4)))
    before = q.copy()
    out = function(q)
    assert np.array_equal(q, before)
    assert out.shape[:2] == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        assert_allclose(function(q[i, j]), out[i, j], atol=1e-12)
    single = function(q.astype(np.float32))
    assert single.dtype == np.float32
    assert_allclose(single, out, atol=2e-5)
