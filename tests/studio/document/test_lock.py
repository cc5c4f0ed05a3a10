"""Locks: one holder, the dead hold nothing, and who holds it is said."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import threading
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from studio.document.lock import Holder, LockError, acquire

ME = Holder("token", os.getpid(), platform.node(), "anna", 0, 0.0, "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".lock"


def written(path: Path, **changes: object) -> None:
    holder = replace(ME, path=str(path), **changes)  # type: ignore[arg-type]
    path.write_text(json.dumps(asdict(holder)))


def test_a_lock_is_held_until_it_is_released(path: Path) -> None:
    lock = acquire(path)
    assert lock.held()
    with pytest.raises(LockError, match="open in another window of this studio since"):
        acquire(path)
    lock.release()
    assert not lock.held()
    assert not path.exists()
    acquire(path).release()


def test_taking_over_is_found_out_by_the_first(path: Path) -> None:
    first = acquire(path)
    second = acquire(path, take_over=True)
    assert second.held()
    with pytest.raises(LockError, match="taken over"), first.guard():
        pytest.fail("the guard let it through")
    first.release()
    assert second.held()
    second.release()
    with pytest.raises(LockError, match="taken over"), first.guard():
        pytest.fail("what was taken over does not come back by itself")


def test_a_dead_process_holds_nothing(path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    written(path, pid=process.pid)
    acquire(path).release()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="only Linux tells so plainly")
def test_a_process_that_got_the_number_of_a_dead_one_holds_nothing(path: Path) -> None:
    written(path, pid=os.getppid(), started=1)
    acquire(path).release()


def test_what_this_process_does_not_know_of_is_of_an_earlier_one(path: Path) -> None:
    """As in a container, where the studio has the same number after every start."""
    written(path)
    acquire(path).release()


def test_another_machine_is_believed(path: Path) -> None:
    written(path, host="studio-7", pid=1)
    with pytest.raises(LockError, match="open in a studio of anna on studio-7 since") as raised:
        acquire(path)
    assert raised.value.holder.host == "studio-7"
    acquire(path, take_over=True).release()


def test_a_copied_lock_is_void(path: Path) -> None:
    with_lock = acquire(path)
    other = path.with_name(".copy")
    other.write_bytes(path.read_bytes())
    acquire(other).release()
    with_lock.release()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"token": "x"}'])
def test_a_lock_that_was_never_finished_is_void(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    lock = acquire(path)
    assert lock.held()
    lock.release()


def test_of_many_at_once_one_gets_it(path: Path) -> None:
    ready, got, refused = threading.Barrier(8), [], []

    def one() -> None:
        ready.wait()
        try:
            got.append(acquire(path))
        except LockError:
            refused.append(1)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(refused)) == (1, 7)
    got[0].release()


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        acquire(tmp_path / "no" / ".lock")
