"""Metrics against naive loops and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")
from backends.training.evaluate import metrics


def unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_r_precision_is_one_for_perfect_pairs_and_chance_for_strangers() -> None:
    rng = np.random.default_rng(0)
    text = unit(rng.normal(size=(320, 16)))
    np.testing.assert_allclose(metrics.r_precision(text, text, rng), 1.0)
    strangers = [
        metrics.r_precision(unit(rng.normal(size=(320, 16))), text, rng) for _ in range(20)
    ]
    np.testing.assert_allclose(np.mean(strangers, axis=0), np.arange(1, 4) / 32, atol=0.02)


def test_r_precision_matches_a_naive_ranking() -> None:
    rng = np.random.default_rng(1)
    motion, text = unit(rng.normal(size=(32, 8))), unit(rng.normal(size=(32, 8)))
    motion = unit(motion + text)
    hits = np.zeros(3)
    for i in range(32):
        order = sorted(range(32), key=lambda j: float(np.linalg.norm(motion[i] - text[j])))
        hits += [order.index(i) < k for k in (1, 2, 3)]
    np.testing.assert_allclose(metrics.r_precision(motion, text, rng), hits / 32)


def test_frechet_distance_of_gaussians_is_the_closed_form() -> None:
    rng = np.random.default_rng(2)
    a = rng.normal(size=(200000, 3)) * [1.0, 2.0, 0.5]
    b = rng.normal(size=(200000, 3)) * [2.0, 1.0, 0.5] + [0.0, 3.0, 0.0]
    assert metrics.frechet_distance(a, b) == pytest.approx(9 + 1 + 1, rel=0.02)
    assert metrics.frechet_distance(a, a) == pytest.approx(0, abs=1e-6)


def test_multimodality_is_the_mean_over_pairs() -> None:
    takes = np.array([[[0.0, 0.0], [3.0, 4.0], [0.0, 1.0]]])
    expected = (5 + 1 + np.hypot(3, 3)) / 3
    assert metrics.multimodality(takes) == pytest.approx(expected)


def test_interval_shrinks_with_repetitions() -> None:
    rng = np.random.default_rng(3)
    few, many = metrics.interval(rng.normal(size=10)), metrics.interval(rng.normal(size=1000))
    assert many[1] < few[1]
    assert many[1] == pytest.approx(1.96 / np.sqrt(1000), rel=0.1)
