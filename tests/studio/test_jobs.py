"""Jobs: fair, cancellable, honest about their end."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from studio.jobs import JobQueue, Report, Status


class Stopped(Exception):
    """What a cancelled report raises in these tests."""


class Refused(Exception):
    """An expected failure in these tests."""


@pytest.fixture
def queue() -> Iterator[JobQueue]:
    made = JobQueue(stop=Stopped, expected=Refused)
    yield made
    made.close()


class Gate:
    """Work that says when it has begun and goes on when let."""

    def __init__(self) -> None:
        self.begun, self.open = threading.Event(), threading.Event()

    def __call__(self, report: Report) -> str:
        self.begun.set()
        while not self.open.wait(0.002):
            report(0.5, "half way")
        return "through"


def test_a_job_reports_and_returns(queue: JobQueue) -> None:
    gate = Gate()
    job = queue.submit("a", gate)
    gate.begun.wait(5)
    status = job.wait_change(Status(state="running"), 5)
    assert (status.fraction, status.note) == (0.5, "half way")
    gate.open.set()
    assert job.wait(5).state == "done"
    assert job.result == "through"
    assert job.status.fraction == 1.0


def test_a_running_job_is_cancelled_at_its_next_report(queue: JobQueue) -> None:
    gate = Gate()
    job = queue.submit("a", gate)
    gate.begun.wait(5)
    job.cancel()
    assert job.wait(5).state == "cancelled"
    assert job.result is None


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(queue: JobQueue) -> None:
    gate, ran = Gate(), []
    first = queue.submit("a", gate)
    second = queue.submit("a", lambda report: ran.append(1))
    gate.begun.wait(5)
    second.cancel()
    assert second.status.state == "cancelled"
    gate.open.set()
    first.wait(5)
    assert queue.submit("a", lambda report: None).wait(5).state == "done"
    assert ran == []


def test_cancelling_what_has_ended_changes_nothing(queue: JobQueue) -> None:
    job = queue.submit("a", lambda report: 7)
    job.wait(5)
    job.cancel()
    assert job.status.state == "done"
    assert job.result == 7


def test_an_expected_failure_is_its_sentence(queue: JobQueue) -> None:
    def work(report: Report) -> None:
        raise Refused("The model is too small; choose another.")

    assert queue.submit("a", work).wait(5).error == "The model is too small; choose another."


def test_an_unexpected_failure_is_logged_and_named(
    queue: JobQueue, caplog: pytest.LogCaptureFixture
) -> None:
    def work(report: Report) -> None:
        raise ZeroDivisionError("secret detail")

    status = queue.submit("a", work).wait(5)
    assert status.state == "failed"
    assert "ZeroDivisionError" in status.error
    assert "secret detail" not in status.error
    assert "secret detail" in caplog.text
    assert queue.submit("a", lambda report: 1).wait(5).state == "done"  # the worker lives


def test_owners_take_turns(queue: JobQueue) -> None:
    """With one worker, b's only job runs second, not after all five of a's."""
    gate, order = Gate(), []
    queue.submit("a", gate)
    gate.begun.wait(5)
    jobs = [queue.submit("a", lambda report, i=i: order.append(f"a{i}")) for i in range(4)]
    jobs.append(queue.submit("b", lambda report: order.append("b")))
    gate.open.set()
    for job in jobs:
        job.wait(5)
    assert order == ["a0", "b", "a1", "a2", "a3"]


def test_cancelling_an_owner_leaves_the_others(queue: JobQueue) -> None:
    gate = Gate()
    running = queue.submit("a", gate)
    gate.begun.wait(5)
    waiting, other = queue.submit("a", lambda r: 1), queue.submit("b", lambda r: 2)
    queue.cancel_owner("a")
    assert running.wait(5).state == "cancelled"
    assert waiting.status.state == "cancelled"
    assert other.wait(5).state == "done"


def test_closing_cancels_everything() -> None:
    queue, gate = JobQueue(stop=Stopped), Gate()
    job = queue.submit("a", gate)
    later = queue.submit("b", lambda report: 1)
    gate.begun.wait(5)
    queue.close()
    assert job.status.state == "cancelled"
    assert later.status.state == "cancelled"
    with pytest.raises(RuntimeError):
        queue.submit("a", lambda report: 1)


def test_waiting_times_out(queue: JobQueue) -> None:
    gate = Gate()
    job = queue.submit("a", gate)
    began = time.monotonic()
    assert not job.wait(0.05).ended
    assert time.monotonic() - began < 2
    gate.open.set()
