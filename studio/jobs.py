"""Work that takes a while: a fair queue of jobs with progress, cancelling and plain errors.

Knows nothing of motion. A job belongs to an owner (a session); owners take turns, so one that
queues ten jobs does not keep the others waiting for all ten.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Any, Generic, Literal, TypeVar

log = logging.getLogger(__name__)

T = TypeVar("T")
State = Literal["waiting", "running", "done", "failed", "cancelled"]
Report = Callable[[float, str], None]

ENDED: frozenset[State] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True)
class Status:
    """A job at one moment.

    Attributes:
        state: Where it is between waiting and its end.
        fraction: Progress in [0, 1].
        note: What is being done, a few words.
        error: The sentence to show when ``state`` is ``failed``, else empty.
        seconds: Time spent running.
    """

    state: State = "waiting"
    fraction: float = 0.0
    note: str = ""
    error: str = ""
    seconds: float = 0.0

    @property
    def ended(self) -> bool:
        return self.state in ENDED


class Job(Generic[T]):
    """A piece of work in a :class:`JobQueue`; made by :meth:`JobQueue.submit`."""

    def __init__(self, owner: str, work: Callable[[Report], T], stop: type[Exception]) -> None:
        self.owner = owner
        self._work = work
        self._stop = stop
        self._changed = threading.Condition()
        self._status = Status()
        self._cancel = False
        self._started = 0.0
        self._result: T | None = None

    @property
    def status(self) -> Status:
        with self._changed:
            return self._status

    @property
    def result(self) -> T | None:
        """What the work returned, once ``status.state`` is ``done``; None before."""
        with self._changed:
            return self._result

    def cancel(self) -> None:
        """Stop as soon as the work next reports; at once if it has not begun. Harmless later."""
        with self._changed:
            self._cancel = True
            if self._status.state == "waiting":
                self._set(state="cancelled", note="")
            elif self._status.state == "running":
                self._set(note="Stopping")

    def wait(self, timeout: float | None = None) -> Status:
        """Block until the job has ended or ``timeout`` seconds passed; the status then."""
        with self._changed:
            self._changed.wait_for(lambda: self._status.ended, timeout)
            return self._status

    def wait_change(self, seen: Status, timeout: float) -> Status:
        """Block until the status is no longer ``seen`` or ``timeout`` seconds passed."""
        with self._changed:
            self._changed.wait_for(lambda: self._status != seen, timeout)
            return self._status

    def run(self, expected: type[Exception]) -> None:
        """Do the work on the calling thread; called by the queue. Never raises."""
        with self._changed:
            if self._status.state != "waiting":
                return
            self._started = time.monotonic()
            self._set(state="running")
        try:
            result = self._work(self._report)
        except self._stop:
            self._end("cancelled")
        except expected as error:
            self._end("failed", str(error))
        except MemoryError:
            self._end("failed", "There is not enough memory for this; ask for less at a time.")
        except Exception as error:
            log.exception("A job failed unexpectedly")
            kind = type(error).__name__
            self._end("failed", f"Something went wrong inside the studio ({kind}); see its log.")
        else:
            with self._changed:
                self._result = result
                self._set(state="done", fraction=1.0, note="", seconds=self._elapsed())

    def _report(self, fraction: float, note: str) -> None:
        with self._changed:
            if self._cancel:
                raise self._stop("The work was stopped.")
            self._set(fraction=min(max(fraction, 0.0), 1.0), note=note, seconds=self._elapsed())

    def _end(self, state: State, error: str = "") -> None:
        with self._changed:
            self._set(state=state, error=error, note="", seconds=self._elapsed())

    def _elapsed(self) -> float:
        return time.monotonic() - self._started

    def _set(self, **changes: Any) -> None:
        self._status = replace(self._status, **changes)
        self._changed.notify_all()


class JobQueue:
    """Runs jobs on a few daemon threads, one owner after the other.

    Args:
        workers: Jobs at a time. One job already uses every core, so more only helps work that
            waits.
        stop: What ``report`` raises inside a job that was cancelled.
        expected: Errors whose text is a sentence for the user; others are logged and named.
    """

    def __init__(
        self,
        workers: int = 1,
        stop: type[Exception] = CancelledError,
        expected: type[Exception] = OSError,
    ) -> None:
        self._stop, self._expected = stop, expected
        self._ready = threading.Condition()
        self._waiting: OrderedDict[str, deque[Job[Any]]] = OrderedDict()
        self._running: set[Job[Any]] = set()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._loop, name=f"job-{i}", daemon=True)
            for i in range(workers)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, owner: str, work: Callable[[Report], T]) -> Job[T]:
        """Queue ``work(report)`` for ``owner``; ``report(fraction, note)`` tells of progress."""
        job = Job(owner, work, self._stop)
        with self._ready:
            if self._closed:
                raise RuntimeError("the queue is closed")
            self._waiting.setdefault(owner, deque()).append(job)
            self._ready.notify()
        return job

    def cancel_owner(self, owner: str) -> None:
        """Cancel everything of one owner, waiting or running."""
        with self._ready:
            jobs = list(self._waiting.pop(owner, ()))
            jobs += [job for job in self._running if job.owner == owner]
        for job in jobs:
            job.cancel()

    def stop(self) -> None:
        """Cancel everything and take nothing more; does not wait."""
        with self._ready:
            self._closed = True
            owners = {*self._waiting, *(job.owner for job in self._running)}
            self._ready.notify_all()
        for owner in owners:
            self.cancel_owner(owner)

    def close(self) -> None:
        """:meth:`stop`, and wait for the threads to end."""
        self.stop()
        for thread in self._threads:
            thread.join(timeout=5)

    def _next(self) -> Job[Any] | None:
        with self._ready:
            self._ready.wait_for(lambda: self._waiting or self._closed)
            if not self._waiting:
                return None
            owner, jobs = self._waiting.popitem(last=False)
            job = jobs.popleft()
            if jobs:
                self._waiting[owner] = jobs  # to the back: the other owners come first
            self._running.add(job)
            return job

    def _loop(self) -> None:
        while (job := self._next()) is not None:
            job.run(self._expected)
            with self._ready:
                self._running.discard(job)
