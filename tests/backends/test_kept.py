"""Keyframes and body parts with the shipped model: kept exactly, and the rest fits them."""

from __future__ import annotations

import numpy as np
import pytest

import assets
from backends import registry
from backends.api import GenerateRequest, Generator, Kept
from backends.bundle import open_bundle
from motion.clip import Motion
from motion.quality import measure
from motion.skeleton import BODY

LEGS = [0, *(i for i, role in enumerate(BODY.roles)
             if any(part in role for part in ("hip", "knee", "ankle", "foot")))]  # fmt: skip


def quiet(fraction: float, note: str) -> None:
    """A progress that says nothing."""


@pytest.fixture(scope="module")
def generator() -> Generator:
    return registry.generator_of(open_bundle(assets.path("bundles") / "vimogen-light"))


@pytest.fixture(scope="module")
def walk(generator: Generator) -> Motion:
    return generator.generate(GenerateRequest("a person walks forward", 80, seed=3), quiet)[0]


def test_the_arms_wave_over_legs_that_go_on_walking(generator: Generator, walk: Motion) -> None:
    mask = np.zeros((80, len(BODY)), dtype=bool)
    mask[:, LEGS] = True
    request = GenerateRequest(
        "a person waves with the left hand", 80, takes=3, seed=3, kept=Kept(walk, mask)
    )
    hand, head = BODY.role_index["left_wrist"], BODY.role_index["neck"]
    raised = 0
    for take in generator.generate(request, quiet):
        assert np.array_equal(take.rotations[:, LEGS], walk.rotations[:, LEGS])
        assert np.array_equal(take.root_positions, walk.root_positions)
        assert measure(take).foot_sliding == pytest.approx(measure(walk).foot_sliding, abs=0.02)
        assert measure(take).jitter < 4 * measure(walk).jitter + 100
        raised += take.positions[:, hand, 1].max() > take.positions[:, head, 1].mean()
    # What is new obeys the words: the hand goes up, which it never does in a walk.
    assert raised >= 2
    assert walk.positions[:, hand, 1].max() < walk.positions[:, head, 1].min()


def test_a_dance_passes_through_the_poses_of_a_walk(generator: Generator, walk: Motion) -> None:
    mask = np.zeros((80, len(BODY)), dtype=bool)
    mask[[0, 40]] = True
    keyed, free = (
        generator.generate(GenerateRequest("a person dances", 80, 3, seed=9, kept=kept), quiet)
        for kept in (Kept(walk, mask), None)
    )
    around = slice(34, 46)
    for with_keys, without in zip(keyed, free, strict=True):
        assert np.abs(with_keys.positions[[0, 40]] - walk.positions[[0, 40]]).max() < 1e-9
        assert _acceleration(with_keys)[around].max() < 1.5 * _acceleration(without).max()


def _acceleration(motion: Motion) -> np.ndarray:
    """Of the fastest joint, ``[T - 2]`` m/s^2."""
    change = np.diff(motion.positions, 2, axis=0) * motion.fps**2
    return np.linalg.norm(change, axis=-1).max(axis=1)
