"""Solvers against flows with known answers; guidance, held tokens and noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from backends.api import BackendError, Cancelled
from backends.sampling import (
    EVALUATIONS,
    Field,
    Grid,
    Held,
    Sampler,
    Solver,
    Tokens,
    guided,
    integrate,
    noise,
    projected,
    time_grid,
)

SOLVERS: tuple[Solver, ...] = ("euler", "ab2", "midpoint", "heun")
GRIDS: tuple[Grid, ...] = ("uniform", "shifted", "cosine")
ORDER = {"euler": 1, "ab2": 2, "midpoint": 2, "heun": 2}


def quiet(fraction: float, note: str) -> None:
    pass


def run(field: Field, start: Tokens, **settings: object) -> Tokens:
    return integrate(field, start, Sampler(**settings), quiet)  # type: ignore[arg-type]


def gaussian_flow(mean: float, deviation: float) -> Field:
    """The exact velocity of the rectified flow from N(0, 1) to N(mean, deviation^2).

    With x_t = (1 - t) e + t d, both Gaussian, E[d - e | x_t] is linear in x_t.
    """

    def field(x: Tokens, t: float) -> Tokens:
        variance = (1 - t) ** 2 + (t * deviation) ** 2
        gain = (t * deviation**2 - (1 - t)) / variance
        return (mean + gain * (x - t * mean)).astype(np.float32)

    return field


def rotation_flow(x: Tokens, t: float) -> Tokens:
    """A quarter turn of each channel pair in unit time."""
    return np.stack([-x[..., 1], x[..., 0]], -1) * np.float32(np.pi / 2)


@pytest.mark.parametrize("solver", SOLVERS)
@pytest.mark.parametrize("grid", GRIDS)
def test_a_straight_flow_is_exact_in_one_step(solver: Solver, grid: Grid) -> None:
    start = noise([1], 3, 4)
    target = noise([2], 3, 4)
    out = run(lambda x, t: target - start, start, solver=solver, steps=1, grid=grid, shift=3.0)
    np.testing.assert_allclose(out, target, atol=1e-6)


@pytest.mark.parametrize("solver", SOLVERS)
def test_order_of_convergence(solver: Solver) -> None:
    start = noise([5], 4, 2)
    exact = np.stack([-start[..., 1], start[..., 0]], -1)
    steps = np.array([8, 16, 32])
    errors = [np.abs(run(rotation_flow, start, solver=solver, steps=int(s)) - exact).max()
              for s in steps]  # fmt: skip
    order = -np.polyfit(np.log(steps), np.log(errors), 1)[0]
    assert order == pytest.approx(ORDER[solver], abs=0.25)


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("solver", SOLVERS)
def test_a_gaussian_becomes_the_other_gaussian(solver: Solver, grid: Grid) -> None:
    """The exact flow map between Gaussians is affine: x_1 = mean + deviation x_0."""
    start = noise([3], 50, 4)
    out = run(gaussian_flow(2.0, 0.5), start, solver=solver, grid=grid, shift=2.0, steps=400)
    np.testing.assert_allclose(out, 2.0 + 0.5 * start, atol=0.02)


def test_second_order_solvers_beat_euler_at_equal_cost() -> None:
    start = noise([3], 50, 4)
    exact = 1.0 + 0.3 * start
    error = {
        s: np.abs(run(gaussian_flow(1.0, 0.3), start, solver=s, steps=16 // EVALUATIONS[s]) - exact)
        .mean() for s in SOLVERS
    }  # fmt: skip
    assert error["ab2"] < error["euler"]
    assert error["midpoint"] < error["euler"]


@pytest.mark.parametrize("solver", SOLVERS)
def test_evaluations_a_step_are_as_stated(solver: Solver) -> None:
    seen: list[float] = []

    def counting(x: Tokens, t: float) -> Tokens:
        seen.append(t)
        return x

    run(counting, noise([0], 1, 1), solver=solver, steps=5)
    assert len(seen) == 5 * EVALUATIONS[solver]
    assert min(seen) == 0.0
    assert max(seen) <= 1.0


@given(
    steps=st.integers(1, 200),
    kind=st.sampled_from(GRIDS),
    shift=st.floats(0.05, 20),
)
def test_time_grids_rise_from_zero_to_one(steps: int, kind: Grid, shift: float) -> None:
    grid = time_grid(steps, kind, shift)
    assert len(grid) == steps + 1
    assert grid[0] == 0.0
    assert grid[-1] == 1.0
    assert (np.diff(grid) > 0).all()


def test_a_shift_above_one_spends_more_steps_near_the_noise() -> None:
    assert (
        np.diff(time_grid(8, "shifted", 3.0))[0] < 1 / 8 < np.diff(time_grid(8, "shifted", 3))[-1]
    )
    np.testing.assert_allclose(time_grid(8, "shifted", 1.0), time_grid(8))


def test_noise_is_standard_and_depends_on_its_seed_alone() -> None:
    many = noise([7, 8, 9], 2000, 8)
    assert many.dtype == np.float32
    assert abs(many.mean()) < 0.02
    assert abs(many.std() - 1) < 0.02
    np.testing.assert_array_equal(many[1:2], noise([8], 2000, 8))
    np.testing.assert_array_equal(many[:1, :10], noise([7], 10, 8))
    assert np.abs(np.corrcoef(many.reshape(3, -1)) - np.eye(3)).max() < 0.03


def constant(value: float) -> Field:
    return lambda x, t: np.full_like(x, value)


def guidance_field(sampler: Sampler, calls: list[str] | None = None) -> Field:
    """Guidance between a conditional velocity of 3 and an unconditional one of 1."""
    log = calls if calls is not None else []

    def both(x: Tokens, t: float) -> tuple[Tokens, Tokens]:
        log.append("both")
        return np.full_like(x, 3.0), np.full_like(x, 1.0)

    def one(name: str, value: float) -> Field:
        def field(x: Tokens, t: float) -> Tokens:
            log.append(name)
            return np.full_like(x, value)

        return field

    return guided(both, one("with", 3.0), one("without", 1.0), sampler)


@pytest.mark.parametrize(("scale", "expected"), [(0.0, 1.0), (1.0, 3.0), (2.5, 6.0)])
def test_guidance_extrapolates_from_unconditional_to_conditional(
    scale: float, expected: float
) -> None:
    x = noise([0], 2, 2)
    calls: list[str] = []
    field = guidance_field(Sampler(guidance=scale), calls)
    np.testing.assert_allclose(field(x, 0.5), expected)
    assert calls == {0.0: ["without"], 1.0: ["with"], 2.5: ["both"]}[scale]


def test_outside_its_interval_guidance_costs_nothing() -> None:
    calls: list[str] = []
    field = guidance_field(Sampler(guidance=2.0, interval=(0.3, 0.6)), calls)
    values = [float(field(noise([0], 1, 1), t)[0, 0, 0]) for t in (0.1, 0.3, 0.6, 0.9)]
    assert values == [3.0, 5.0, 5.0, 3.0]
    assert calls == ["with", "both", "both", "with"]


def test_rescale_restores_the_conditional_deviation() -> None:
    with_text, without = noise([1, 2], 6, 5), noise([3, 4], 6, 5)

    def velocity(amount: float) -> Tokens:
        sampler = Sampler(guidance=4.0, rescale=amount)
        field = guided(lambda x, t: (with_text, without), constant(0), constant(0), sampler)
        return field(with_text, 0.5)

    def deviation(v: Tokens) -> NDArray[np.float32]:
        return v.std(axis=(1, 2))

    np.testing.assert_allclose(deviation(velocity(1.0)), deviation(with_text), rtol=1e-5)
    half = (deviation(velocity(0.0)) + deviation(with_text)) / 2
    np.testing.assert_allclose(deviation(velocity(0.5)), half, rtol=1e-5)


def test_rescale_measures_the_tokens_that_are_free() -> None:
    with_text, without = noise([1], 6, 5), noise([3], 6, 5)
    held = Held(np.zeros_like(with_text), np.array([[True, False, False, False, False, True]]))

    def velocity(garbage: float) -> Tokens:
        cond = np.where(held.mask[..., None], np.float32(garbage), with_text)
        sampler = Sampler(guidance=4.0, rescale=1.0)
        field = guided(lambda x, t: (cond, without), constant(0), constant(0), sampler, held)
        return field(with_text, 0.5)[~held.mask]

    np.testing.assert_array_equal(velocity(0.0), velocity(1e6))


@pytest.mark.parametrize("solver", SOLVERS)
def test_held_tokens_are_seen_clean_and_arrive_exactly(solver: Solver) -> None:
    start = noise([1, 2], 5, 3)
    data = noise([3, 4], 5, 3)
    mask = np.zeros((2, 5), dtype=bool)
    mask[:, [0, 4]] = True
    seen: list[Tokens] = []

    def field(x: Tokens, t: float) -> Tokens:
        seen.append(x[mask])
        return np.full_like(x, 100.0)  # would carry held tokens away

    held = Held(np.where(mask[..., None], data, 0), mask)
    out = integrate(field, start, Sampler(solver=solver, steps=7), quiet, held)
    np.testing.assert_array_equal(out[mask], data[mask])
    np.testing.assert_allclose(out[~mask], start[~mask] + 100, rtol=1e-5)
    for x in seen:
        np.testing.assert_array_equal(x, data[mask])


def test_takes_do_not_mix_in_the_sampler() -> None:
    def field(x: Tokens, t: float) -> Tokens:
        return np.sin(3 * x) + np.float32(t)

    def mixed(seeds: list[int]) -> Tokens:
        sampler = Sampler(solver="ab2", steps=9, guidance=3.0, rescale=0.7)
        both = guided(lambda x, t: (field(x, t), -x), field, field, sampler)
        return integrate(both, noise(seeds, 6, 4), sampler, quiet)

    np.testing.assert_array_equal(mixed([4, 5, 6])[1:2], mixed([5]))


def test_progress_rises_to_one_and_can_stop_every_step() -> None:
    fractions: list[float] = []

    def stop_at_third(fraction: float, note: str) -> None:
        fractions.append(fraction)
        if len(fractions) == 3:
            raise Cancelled("Stopped.")

    calls: list[float] = []

    def field(x: Tokens, t: float) -> Tokens:
        calls.append(t)
        return x

    with pytest.raises(Cancelled):
        integrate(field, noise([0], 1, 1), Sampler(steps=4), stop_at_third)
    assert fractions == [0.0, 0.25, 0.5]
    assert len(calls) == 2

    fractions.clear()
    integrate(field, noise([0], 1, 1), Sampler(steps=4), lambda f, n: fractions.append(f))
    assert fractions == [0.0, 0.25, 0.5, 0.75, 1.0]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"solver": "rk9"}, "no solver"),
        ({"grid": "log"}, "no time grid"),
        ({"steps": 0}, "1 to 1000"),
        ({"steps": 5000}, "1 to 1000"),
        ({"guidance": -1.0}, "outside 0 to 100"),
        ({"guidance": float("nan")}, "outside 0 to 100"),
        ({"shift": 0.0}, "time shift"),
        ({"interval": (0.8, 0.2)}, "ascending"),
        ({"rescale": 2.0}, "rescale"),
    ],
)
def test_settings_out_of_range_are_sentences(settings: dict[str, object], message: str) -> None:
    with pytest.raises(BackendError, match=message):
        Sampler(**settings)  # type: ignore[arg-type]


@pytest.mark.parametrize("steps", [1, 4, 16])
def test_a_projected_flow_ends_where_the_projection_wants_it(steps: int) -> None:
    """Every field ends in data whose first channel is what was put in, whatever it wanted."""

    def field(x, t):
        return np.float32(3.0) - x  # towards something else

    def put(x1):
        out = x1.copy()
        out[..., 0] = 0.25
        return out

    start = noise([1, 2], 5, 3)
    sampler = Sampler(solver="euler", steps=steps)
    end = integrate(projected(field, put), start, sampler, lambda fraction, note: None)
    np.testing.assert_allclose(end[..., 0], 0.25, atol=1e-5)
    free = integrate(field, start, sampler, lambda fraction, note: None)
    np.testing.assert_allclose(end[..., 1:], free[..., 1:], atol=1e-5)
