"""Sampling rectified flows in NumPy: time grids, solvers, guidance and held tokens.

Time runs from 0 (noise) to 1 (data) along ``x_t = (1 - t) noise + t data``, whose velocity is
``data - noise`` (Liu et al. 2023, "Flow Straight and Fast"). Arrays are ``[B, N, C]``: B takes of N
tokens of C channels. Nothing here mixes takes, so a take does not depend on its batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from backends.api import BackendError, Progress

Tokens = NDArray[np.float32]

#: The velocity ``[B, N, C]`` of tokens ``x[B, N, C]`` at time ``t``.
Field = Callable[[Tokens, float], Tokens]

Solver = Literal["euler", "midpoint", "heun", "ab2"]
Grid = Literal["uniform", "shifted", "cosine"]

#: Field evaluations of one step.
EVALUATIONS: dict[Solver, int] = {"euler": 1, "ab2": 1, "midpoint": 2, "heun": 2}

_MAX_STEPS = 1000


@dataclass(frozen=True)
class Sampler:
    """How a flow is integrated; a bundle's manifest holds its defaults.

    Attributes:
        solver: ``euler`` (order 1), ``midpoint`` or ``heun`` (order 2, two evaluations a step) or
            ``ab2`` (Adams-Bashforth: order 2 for one evaluation a step).
        steps: Solver steps, 1 to 1000.
        guidance: Classifier-free guidance scale; 1 is the conditional model alone, 0 the
            unconditional one.
        grid: Where the steps lie; see :func:`time_grid`.
        shift: Of the shifted grid: above 1 spends more steps near the noise.
        interval: Guidance acts while ``interval[0] <= t <= interval[1]`` (Kynkaanniemi et al.
            2024); outside it each step costs half.
        rescale: 0 leaves guided velocities as they are, 1 gives them the conditional velocity's
            standard deviation (Lin et al. 2024, section 3.4).
    """

    solver: Solver = "euler"
    steps: int = 16
    guidance: float = 2.5
    grid: Grid = "uniform"
    shift: float = 1.0
    interval: tuple[float, float] = (0.0, 1.0)
    rescale: float = 0.0

    def __post_init__(self) -> None:
        if self.solver not in get_args(Solver):
            raise BackendError(
                f"'{self.solver}' is no solver; choose {', '.join(get_args(Solver))}."
            )
        if self.grid not in get_args(Grid):
            raise BackendError(
                f"'{self.grid}' is no time grid; choose {', '.join(get_args(Grid))}."
            )
        if not 1 <= self.steps <= _MAX_STEPS:
            raise BackendError(f"Ask for 1 to {_MAX_STEPS} sampling steps, not {self.steps}.")
        if not 0 <= self.guidance <= 100:
            raise BackendError(f"A guidance of {self.guidance:g} is outside 0 to 100.")
        if not 0.01 <= self.shift <= 100:
            raise BackendError(f"A time shift of {self.shift:g} is outside 0.01 to 100.")
        if not 0 <= self.interval[0] <= self.interval[1] <= 1:
            raise BackendError("The guidance interval must be two ascending times in 0 to 1.")
        if not 0 <= self.rescale <= 1:
            raise BackendError(f"A guidance rescale of {self.rescale:g} is outside 0 to 1.")


@dataclass(frozen=True)
class Held:
    """Tokens whose data is known, for continuing and in-betweening.

    The network is trained to see them clean at every time, so they stand still while the others
    flow (rather than follow their own line from noise, as in inpainting with a network that was
    never told what is known).

    Attributes:
        data: ``[B, N, C]`` clean tokens, zero where unknown.
        mask: ``[B, N]`` bool, true where known.
    """

    data: Tokens
    mask: NDArray[np.bool_]


def time_grid(steps: int, kind: Grid = "uniform", shift: float = 1.0) -> NDArray[np.float64]:
    """``steps + 1`` ascending times from 0 to 1.

    ``uniform``: equal steps. ``shifted``: ``u / (u + shift (1 - u))``, the resolution shift of
    Esser et al. 2024 with time reversed. ``cosine``: ``(1 - cos(pi u)) / 2``, dense at both ends.
    """
    u = np.linspace(0.0, 1.0, steps + 1)
    match kind:
        case "uniform":
            return u
        case "shifted":
            return u / (u + shift * (1 - u))
        case "cosine":
            return (1 - np.cos(np.pi * u)) / 2


def noise(seeds: ArrayLike, tokens: int, channels: int) -> Tokens:
    """Standard normal ``[B, tokens, channels]``, one seed a take.

    Each take has its own Philox stream, drawn token by token: a take's noise depends on neither
    the other takes nor, for the tokens it shares, on its length.
    """
    rows = [
        np.random.Generator(np.random.Philox(int(seed))).standard_normal(
            (tokens, channels), dtype=np.float32
        )
        for seed in np.atleast_1d(np.asarray(seeds, dtype=np.uint64))
    ]
    return np.stack(rows)


def guided(
    both: Callable[[Tokens, float], tuple[Tokens, Tokens]],
    conditional: Field,
    unconditional: Field,
    sampler: Sampler,
    held: Held | None = None,
) -> Field:
    """Classifier-free guidance ``v_u + scale (v_c - v_u)`` (Ho and Salimans 2022).

    Args:
        both: The conditional and the unconditional velocity from one batched evaluation.
        conditional: The conditional velocity alone.
        unconditional: The unconditional velocity alone.
        sampler: Scale, interval and rescale. ``both`` is called only where the scale is neither 0
            nor 1 and the time lies in the interval.
        held: Tokens whose velocity means nothing, left out where deviations are measured.
    """
    scale, (low, high) = np.float32(sampler.guidance), sampler.interval
    if sampler.guidance == 0:
        return unconditional

    def field(x: Tokens, t: float) -> Tokens:
        if scale == 1 or not low <= t <= high:
            return conditional(x, t)
        with_text, without = both(x, t)
        mixed = without + scale * (with_text - without)
        return _rescaled(mixed, with_text, sampler.rescale, held) if sampler.rescale else mixed

    return field


def projected(field: Field, project: Callable[[Tokens], Tokens]) -> Field:
    """``field`` led to data that ``project`` leaves as it is.

    At every time the data that the velocity points to, ``x1 = x + (1 - t) v``, is replaced by
    ``project(x1)``, and the velocity by the one that points there. Where the data is known in part
    this is in-painting with the part put in at every step (Song et al. 2021, appendix I.2), on the
    straight lines of a rectified flow.
    """

    def led(x: Tokens, t: float) -> Tokens:
        left = np.float32(max(1.0 - t, 1e-3))
        return (project(x + left * field(x, t)) - x) / left

    return led


def _rescaled(mixed: Tokens, reference: Tokens, amount: float, held: Held | None) -> Tokens:
    """``mixed`` with each take's deviation pulled towards ``reference``'s by ``amount``."""
    out = np.empty_like(mixed)
    # One take at a time: NumPy's order of summation must not depend on the batch.
    for i in range(len(mixed)):
        free = slice(None) if held is None else ~held.mask[i]
        ratio = reference[i, free].std() / max(float(mixed[i, free].std()), 1e-8)
        out[i] = mixed[i] * np.float32(1 - amount + amount * ratio)
    return out


def integrate(
    field: Field,
    start: Tokens,
    sampler: Sampler,
    progress: Progress,
    held: Held | None = None,
) -> Tokens:
    """The data ``[B, N, C]`` that the flow carries ``start[B, N, C]`` to.

    Held tokens are their data at every evaluation and come out exactly as given.

    Raises:
        Cancelled: from ``progress``, which is called before every step.
    """
    grid = time_grid(sampler.steps, sampler.grid, sampler.shift)
    x = _imposed(start, held)
    previous: tuple[Tokens, float] | None = None
    for i in range(sampler.steps):
        progress(i / sampler.steps, f"Sampling, step {i + 1} of {sampler.steps}")
        t, end = float(grid[i]), float(grid[i + 1])
        velocity = field(x, t)
        match sampler.solver:
            case "euler":
                change = velocity
            case "midpoint":
                middle = (t + end) / 2
                change = field(_moved(x, velocity, middle - t, held), middle)
            case "heun":
                ahead = field(_moved(x, velocity, end - t, held), end)
                change = np.float32(0.5) * (velocity + ahead)
            case "ab2":
                change = _adams_bashforth(velocity, end - t, previous)
                previous = velocity, end - t
        x = _moved(x, change, end - t, held)
    progress(1.0, "Sampled")
    return x


def _adams_bashforth(velocity: Tokens, dt: float, previous: tuple[Tokens, float] | None) -> Tokens:
    """The mean velocity of a step, extrapolated linearly from this and the previous evaluation."""
    if previous is None:
        return velocity
    before, last = previous
    ratio = np.float32(dt / (2 * last))
    return (1 + ratio) * velocity - ratio * before


def _moved(x: Tokens, velocity: Tokens, dt: float, held: Held | None) -> Tokens:
    return _imposed(x + np.float32(dt) * velocity, held)


def _imposed(x: Tokens, held: Held | None) -> Tokens:
    return x if held is None else np.where(held.mask[..., None], held.data, x)
