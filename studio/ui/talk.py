"""What is under way in a conversation, and what of it is known only while the studio runs."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol
from weakref import WeakKeyDictionary

from studio.orders import Turn as Request
from studio.session import Session
from studio.ui.view_models import FileView


class Status(Protocol):
    """How work stands; :class:`studio.jobs.Status`."""

    @property
    def state(self) -> Literal["waiting", "running", "done", "failed", "cancelled"]: ...

    @property
    def fraction(self) -> float: ...

    @property
    def note(self) -> str: ...

    @property
    def error(self) -> str: ...

    @property
    def ended(self) -> bool: ...


class Work(Protocol):
    """Something that takes a while; :class:`studio.jobs.Job`."""

    @property
    def status(self) -> Status: ...

    def cancel(self) -> None: ...


@dataclass(frozen=True)
class Doing:
    """What a turn set going: a request for takes, or the job that carries out its plan.

    Attributes:
        since: How many requests the session had before.
    """

    since: int = 0
    request: Request | None = None
    job: Work | None = None
    files: tuple[FileView, ...] = ()

    @property
    def status(self) -> Status | None:
        """Of what it set going; None if that is nothing."""
        job = self.request.job if self.request else self.job
        return job.status if job else None


NOTHING = Doing()


class Talk:
    """What each turn of one session set going. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._doing: dict[str, Doing] = {}

    def of(self, turn: str) -> Doing:
        """What a turn set going; nothing for one from before the project was opened."""
        with self._lock:
            return self._doing.get(turn, NOTHING)

    def set(self, turn: str, doing: Doing) -> None:
        with self._lock:
            self._doing[turn] = doing

    def requests(self) -> frozenset[str]:
        """The requests that a turn is shown for."""
        with self._lock:
            return frozenset(each.request.id for each in self._doing.values() if each.request)

    def statuses(self) -> Sequence[Status]:
        """Of the plans that are being carried out."""
        with self._lock:
            found = [each.job.status for each in self._doing.values() if each.job]
        return [status for status in found if not status.ended]


class Talks:
    """The :class:`Talk` of each open session. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._talks: WeakKeyDictionary[Session, Talk] = WeakKeyDictionary()

    def of(self, session: Session) -> Talk:
        with self._lock:
            return self._talks.setdefault(session, Talk())
