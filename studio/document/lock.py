"""Who has a project open: a small file beside it that names one process, and its one opener.

The lock of a process that is gone is void. Taking over replaces the file; whoever held it finds
out by :meth:`Lock.held` or when it next saves (:meth:`Lock.guard`). Within one process the guard
and the taking over exclude each other; between two, what a guard lets through at the very moment
of a take-over may be one edit that the new holder does not see.
"""

from __future__ import annotations

import getpass
import json
import os
import platform
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from motion.errors import MotionStudioError
from studio.document import atomic

#: Tokens of the locks that this process holds.
_ours: set[str] = set()
_busy = threading.RLock()
_WRITING_SECONDS = 0.2  # a lock that is still empty after this long was never finished


class LockError(MotionStudioError):
    """Somebody else holds the lock.

    Attributes:
        holder: Who.
    """

    def __init__(self, sentence: str, holder: Holder) -> None:
        super().__init__(sentence)
        self.holder = holder


@dataclass(frozen=True)
class Holder:
    """What a lock file says.

    Attributes:
        token: Of one opener; no two have the same.
        pid, host, user: Whose process, where.
        started: When that process began, in the system's own count; 0 where it does not tell.
        since: When the project was opened, seconds since 1970.
        path: Of the lock file. In a copy of the folder it names another, and the lock is void.
    """

    token: str
    pid: int
    host: str
    user: str
    started: int
    since: float
    path: str

    @property
    def who(self) -> str:
        """For a sentence: *another window of this studio since 12:03*."""
        since = time.strftime("%H:%M", time.localtime(self.since))
        if self.token in _ours:
            return f"another window of this studio since {since}"
        if self.host != platform.node():
            return f"a studio of {self.user or 'somebody'} on {self.host} since {since}"
        return f"another Motion Studio (process {self.pid}) since {since}"

    def holds(self, path: Path) -> bool:
        """Whether the lock file ``path``, where this was read, is to be respected.

        Whether a process of another machine still runs nobody can tell, so it is.
        """
        if self.host != platform.node():
            return True
        if self.path != str(path):
            return False
        if self.pid == os.getpid():
            return self.token in _ours
        return _runs(self.pid) and _started(self.pid) == self.started


class Lock:
    """A lock that was acquired; see :func:`acquire`."""

    def __init__(self, path: Path, holder: Holder) -> None:
        self._path, self._holder = path, holder

    def held(self) -> bool:
        """Whether nobody took it over."""
        found = _read(self._path)
        return found is not None and found.token == self._holder.token

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Hold takers-over of this process off meanwhile; :class:`LockError` if it was taken."""
        with _busy:
            if not self.held():
                raise LockError("It was taken over elsewhere.", _read(self._path) or self._holder)
            yield

    def release(self) -> None:
        """Give it back; nothing happens if it was taken over."""
        with _busy:
            if self.held():
                self._path.unlink(missing_ok=True)
            _ours.discard(self._holder.token)


def acquire(path: Path, take_over: bool = False) -> Lock:
    """Hold the lock file ``path``, whose folder must be there.

    Raises:
        LockError: somebody who is alive holds it, and ``take_over`` was not asked for.
        OSError: the folder cannot be written.
    """
    ours = Holder(
        secrets.token_hex(8),
        os.getpid(),
        platform.node(),
        _user(),
        _started(os.getpid()),
        time.time(),
        str(path),
    )
    data = json.dumps(asdict(ours)).encode()
    with _busy:
        other = _read_finished(path)
        if other is not None and other.holds(path) and not take_over:
            raise LockError(f"It is open in {other.who}.", other)
        if path.exists():
            atomic.write(path, data)
        else:
            _create(path, data)
        _ours.add(ours.token)
    lock = Lock(path, ours)
    other = _read(path)
    if other is not None and not lock.held():  # another process was quicker by a hair
        _ours.discard(ours.token)
        raise LockError(f"It is open in {other.who}.", other)
    return lock


def _create(path: Path, data: bytes) -> None:
    """Make the file, or leave one that came first as it is."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        _read_finished(path)


def _read(path: Path) -> Holder | None:
    """What the lock says; None where there is none or it says nothing."""
    try:
        return Holder(**json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def _read_finished(path: Path) -> Holder | None:
    """Like :func:`_read`, with a little patience for one that is just being written."""
    until = time.monotonic() + _WRITING_SECONDS
    while (found := _read(path)) is None and path.exists() and time.monotonic() < until:
        time.sleep(0.01)
    return found


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without a name, as in some containers
        return ""


def _stat(pid: int) -> list[str]:
    """Linux's fields on a process from its state on; empty where there are none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _started(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[19]) if len(fields) > 19 else 0  # starttime, proc(5)


def _runs(pid: int) -> bool:
    if sys.platform == "win32":
        return _runs_on_windows(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return _stat(pid)[:1] != ["Z"]  # killed, and its parent has not asked yet


if sys.platform == "win32":

    def _runs_on_windows(pid: int) -> bool:
        import ctypes

        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(0x1000, False, pid)  # to ask, not to act
        if not handle:
            return kernel.GetLastError() == 5  # there is one, of somebody else
        status = ctypes.c_ulong()
        kernel.GetExitCodeProcess(handle, ctypes.byref(status))
        kernel.CloseHandle(handle)
        return status.value == 259  # STILL_ACTIVE
