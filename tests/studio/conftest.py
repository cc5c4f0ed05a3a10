"""Sessions over a walking test generator, in a library of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studio.bundles import Models
from studio.library import Library
from studio.session import Session
from studio.tabs import SessionStore
from tests.studio.walker import Shop, Walker


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    models = Models(Shop(Walker(), Walker("slow", pause=0.05)))
    made = SessionStore(models, Library(tmp_path / "library"))
    yield made
    made.shut()


@pytest.fixture
def session(store: SessionStore) -> Session:
    return store.create()
