"""The committed fixture of the browser's evaluator is what the reference says today."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from motion import rotations as rot
from tests.studio.document.parity import FIXTURES, cases, fixture

STALE = "write it anew: python -m tests.studio.document.parity"


@pytest.fixture(scope="module")
def fresh() -> dict[str, bytes]:
    return fixture()


def test_the_fixture_is_not_stale(fresh: dict[str, bytes]) -> None:
    assert {p.name for p in FIXTURES.glob("*")} >= set(fresh), STALE
    kept = json.loads((FIXTURES / "evaluate.json").read_bytes())
    assert kept == json.loads(fresh["evaluate.json"]), STALE
    for name, data in fresh.items():
        if name not in ("evaluate.json", "evaluate.bin"):
            assert (FIXTURES / name).read_bytes() == data, f"{name}: {STALE}"


@pytest.mark.parametrize("case", cases())
def test_what_is_expected_is_what_comes_out(case: str, fresh: dict[str, bytes]) -> None:
    # Not bit for bit: another NumPy may round a sine otherwise.
    kept = (FIXTURES / "evaluate.bin").read_bytes()
    assert len(kept) == len(fresh["evaluate.bin"]), STALE
    cases = json.loads((FIXTURES / "evaluate.json").read_bytes())["cases"]
    (one,) = (each for each in cases if each["name"] == case)
    for expected in one["expected"].values():
        (root, turns), (now, turned) = _read(kept, expected), _read(fresh["evaluate.bin"], expected)
        assert np.abs(root - now).max() < 1e-5, STALE
        assert rot.angle_between(turns, turned).max() < 1e-4, STALE


def test_the_fixture_is_small(fresh: dict[str, bytes]) -> None:
    assert sum(map(len, fresh.values())) < 400_000


def _read(data: bytes, expected: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    frames, at = expected["frames"], expected["at"]
    numbers = np.frombuffer(data, "<f4", frames * (3 + 22 * 4), at).astype(np.float64)
    return numbers[: frames * 3].reshape(-1, 3), numbers[frames * 3 :].reshape(-1, 22, 4)
