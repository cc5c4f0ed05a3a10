"""The model that ships with the studio, through the studio: from a line to files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import exporters
from studio.bundles import Models
from studio.judging import score
from studio.library import Library
from studio.orders import Order
from studio.tabs import SessionStore


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[SessionStore]:
    monkeypatch.setenv("MOTION_STUDIO_BUNDLES", str(tmp_path / "none"))
    monkeypatch.delenv("MOTION_STUDIO_BUNDLE", raising=False)
    store = SessionStore(Models(), Library(tmp_path / "library"))
    if store.models.default() is None:
        pytest.skip("this checkout ships no bundle")
    yield store
    store.shut()


def test_every_model_names_its_licence(shipped: SessionStore) -> None:
    for model in shipped.models.list():
        assert model.problem == ""
        assert model.licence
        assert model.note
        assert model.max_seconds is not None


def test_a_line_becomes_takes_and_files(shipped: SessionStore, tmp_path: Path) -> None:
    session = shipped.create()
    order = Order("A person walks forward", seconds=4, takes=2, seed=7)
    takes = session.generate(order)
    first, second = (session.take_motion(take.id) for take in takes)
    assert len(first) == len(second)
    assert first.seconds == pytest.approx(4, abs=0.05)
    assert np.abs(first.positions - second.positions).max() > 0.05  # two takes, not one
    height = first.positions[:, :, 1].max(axis=1)
    assert 1.3 < np.median(height) < 2.0  # a person standing up, not noise
    again = session.generate(order)
    assert [take.media for take in again] == [take.media for take in takes]
    for suffix in ("bvh", "glb", "npz"):
        path = session.export_take(takes[0].id, tmp_path / f"walk.{suffix}")
        assert np.abs(exporters.load(path).positions - first.positions).max() < 2e-3


def test_takes_are_judged_by_their_text(shipped: SessionStore) -> None:
    """The evaluator tells a walk from a wave, whoever made it."""
    session = shipped.create()
    texts = ("A person walks forward", "A person waves with the right hand")
    made = [session.generate(Order(text, seconds=3, takes=3, seed=1)) for text in texts]
    for takes in made:
        assert all(take.match is not None for take in takes)
        assert [score(take) for take in takes] == sorted(map(score, takes), reverse=True)
    motions = [session.take_motion(takes[0].id) for takes in made]
    walk, wave = (shipped.models.judge.matches(text, motions) for text in texts)
    assert (walk[0] or 0) > (walk[1] or 0)
    assert (wave[1] or 0) > (wave[0] or 0)
