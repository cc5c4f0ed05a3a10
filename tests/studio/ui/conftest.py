"""Pages without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio.tabs import SessionStore
from studio.ui.desk import Desk
from studio.ui.events import Event
from studio.ui.page import Page, Pages, Views


class Browser:
    """One page as its panels know it: the newest view of each, and what it sends."""

    def __init__(self, pages: Pages, connection: str, **address: str) -> None:
        self.connection = connection
        self.page: Page = pages.enter(
            connection, **{"key": "", "project": "", "last": "", **address}
        )
        self.views: Views = {}
        self.sent: list[set[str]] = []
        self._nonce = 0
        self.take(self.page.views())

    def take(self, views: Views) -> Views:
        self.sent.append(set(views))
        self.views.update(views)
        return views

    def send(self, panel: str, event: str, **data: Any) -> Any:
        """Send an event; the panel's answer, which carries its nonce."""
        self._nonce += 1
        answer = self.take(self.page.handle(panel, event, Event({**data, "nonce": self._nonce})))
        assert answer[panel]["nonce"] == self._nonce
        return answer[panel]

    def do(self, panel: str, event: str, **data: Any) -> Any:
        """Send what is not refused."""
        answer = self.send(panel, event, **data)
        assert answer["notice"] == ""
        return answer

    def look(self) -> Views:
        """What the server has to tell by itself."""
        return self.take(self.page.views())

    def wait(self) -> None:
        """Until every job has ended, and look."""
        for turn in self.page.tab.session.turns:
            turn.job.wait(10)
        self.look()

    def ask(self, text: str = "A person walks", seconds: float = 2, takes: int = 3) -> list[str]:
        """Ask for takes and wait for them; the ids of all there are."""
        self.do("chat", "submit", text=text, seconds=seconds, takes=takes)
        self.wait()
        return [take["id"] for take in self.views["takes"]["takes"]]


@pytest.fixture
def desk(store: SessionStore) -> Iterator[Desk]:
    made = Desk(store)
    yield made
    made.shelf.clear()


@pytest.fixture
def pages(desk: Desk) -> Pages:
    return Pages(desk)


@pytest.fixture
def browser(pages: Pages) -> Browser:
    return Browser(pages, "first")
