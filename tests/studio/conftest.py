"""Sessions over a walking test generator."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio.bundles import Models
from studio.session import Session, SessionStore
from tests.studio.walker import Shop, Walker


@pytest.fixture
def store() -> Iterator[SessionStore]:
    made = SessionStore(Models(Shop(Walker(), Walker("slow", pause=0.05))))
    yield made
    made.shut()


@pytest.fixture
def session(store: SessionStore) -> Session:
    return store.create()
