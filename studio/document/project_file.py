"""A project on the disk: opened by one at a time, saved after every edit.

Saving brings media to the disk first, then replaces ``project.json`` as a whole, so that a process
killed at any moment loses at most the edit it was saving. A ``.mstudio`` file is worked on in a
folder beside it (:mod:`studio.document.working`), with the same promise. What is damaged, foreign
or of a newer studio is an error and never written to. Media that nothing refers to any more stays
as long as a project is open, since undo may need it; :func:`compact` and ``.mstudio`` files leave
it out.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from motion.errors import MotionStudioError
from studio.document import atomic, lock, schema
from studio.document.archive import MEDIA, PROJECT, write_archive
from studio.document.lock import Holder, Lock, LockError
from studio.document.model import Project
from studio.document.reading import (
    Folder,
    ProjectError,
    is_archive,
    lost,
    parse_project,
    read_media,
    stand_in,
)
from studio.document.storage import MediaError, MediaStore
from studio.document.working import Packer, current, keep_original, lock_file, prepare

#: Makes what is held around the renaming of a file; see :func:`studio.document.atomic.replacing`.
Guard = Callable[[], AbstractContextManager[object]]


class ProjectInUse(ProjectError):
    """Somebody else has the project open.

    Attributes:
        holder: Who.
    """

    def __init__(self, name: str, holder: Holder) -> None:
        super().__init__(
            f"'{name}' is open in {holder.who}; open it for reading only, or take it over."
        )
        self.holder = holder


class OpenProject:
    """A project that is being worked on, or one to look at. Thread-safe.

    Attributes:
        path: The folder or ``.mstudio`` file.
        media: Its motions. What is put here is on the disk at once; only :meth:`save` refers to it.
        notices: What to tell the animator once: lost media, recovered work.
        saved: When :meth:`save` was last done; None if it was not.
    """

    def __init__(
        self,
        path: Path,
        project: Project,
        media: MediaStore,
        notices: tuple[str, ...],
        held: Lock | None = None,
        folder: Path | None = None,
        readonly: str = "",
    ) -> None:
        self.path, self.media, self.notices = path, media, notices
        self.saved: datetime | None = None
        self._project, self._held, self._readonly = project, held, readonly
        self._folder = folder or path
        self._known = project.media
        self._lock = threading.RLock()
        self._packer = Packer(path, held.guard) if held and is_archive(path) else None

    def __enter__(self) -> OpenProject:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def project(self) -> Project:
        """What was opened or saved last."""
        with self._lock:
            return self._project

    @property
    def readonly(self) -> str:
        """Why it cannot be saved, a sentence; empty if it can."""
        with self._lock:
            if not self._readonly and self._held is not None and not self._held.held():
                self._readonly = self._taken()
            return self._readonly

    @property
    def trouble(self) -> str:
        """Why a ``.mstudio`` file is behind its last edit, a sentence; empty if all is well."""
        return "" if self._packer is None else self._packer.trouble

    def save(self, project: Project) -> None:
        """Make ``project`` what the disk holds, before this returns.

        Raises:
            ProjectError: it is open for reading only, was taken over, or the disk does not take
                it. What was saved before stays.
            MediaError: it refers to a motion that was never put into ``media``.
        """
        with self._lock:
            if self._readonly:
                raise ProjectError(self._readonly)
            self._check_media(project)
            data = schema.dump(project)
            target = self._folder / PROJECT
            try:
                if self._packer is None and self.saved is None:
                    keep_original(target, target.read_bytes())
                atomic.write(target, data, self._guard())
            except OSError as error:
                raise ProjectError(
                    f"'{project.name}' cannot be saved in '{self._folder}': "
                    f"{error.strerror or error}."
                ) from error
            self._project, self._known, self.saved = project, project.media, datetime.now()
            if self._packer is not None:
                self._packer.changed()

    def flush(self) -> None:
        """Bring a ``.mstudio`` file up to its last edit now; a folder always is.

        Raises:
            ProjectError: it was replaced by another program, or cannot be written.
        """
        if self._packer is not None:
            self._packer.pack()

    def close(self) -> None:
        """Give the project back. What was saved stays saved, even if this raises.

        Raises:
            ProjectError: a ``.mstudio`` file could not be brought up to date; opening it again
                finds what is missing.
        """
        with self._lock:
            held, self._held = self._held, None
            self._readonly = self._readonly or f"'{self._project.name}' was closed; open it again."
        if held is None:
            return
        try:
            if self._packer is not None:
                self._packer.stop()
                if held.held():
                    self._packer.pack()
                    shutil.rmtree(self._folder, ignore_errors=True)
        finally:
            held.release()

    def _check_media(self, project: Project) -> None:
        for key in project.media - self._known:
            if key not in self.media and key not in self.media.missing:
                raise MediaError(
                    f"The motion {key[:12]} is not in '{project.name}'; import it again."
                )

    @contextmanager
    def _guard(self) -> Iterator[None]:
        assert self._held is not None
        try:
            with self._held.guard():
                yield
        except LockError as error:
            self._readonly = self._taken()
            raise ProjectError(self._readonly) from error

    def _taken(self) -> str:
        return f"'{self._project.name}' was taken over elsewhere; open it again to go on."


def open_project(path: Path, *, read_only: bool = False, take_over: bool = False) -> OpenProject:
    """Open the folder or ``.mstudio`` file ``path`` for work.

    A project in a place that cannot be written is opened for reading only, and says so.

    Args:
        read_only: Open what there is now, whoever may be at work on it.
        take_over: Open it though somebody else has; they can save no more.

    Raises:
        ProjectInUse: somebody else has it open.
        MotionStudioError: it is no project, damaged, or of a newer studio.
    """
    path = path.resolve()
    if read_only:
        return _look(path, "'{}' is open for reading only.")
    name = peek(path).name  # before anything is written beside it
    try:
        held = lock.acquire(lock_file(path), take_over)
    except LockError as error:
        raise ProjectInUse(name, error.holder) from error
    except OSError:
        return _look(path, "'{}' cannot be written where it is; export it to work on a copy.")
    try:
        return _open(path, held)
    except BaseException:
        held.release()
        raise


def _open(path: Path, held: Lock) -> OpenProject:
    try:
        folder, notices = prepare(path) if is_archive(path) else (path, ())
        atomic.sweep(folder)
        atomic.sweep(folder / MEDIA)
        media = MediaStore(folder / MEDIA)
    except OSError as error:
        raise ProjectError(
            f"'{path}' cannot be opened for work: {error.strerror or error}."
        ) from error
    project = parse_project(Folder(folder).project(), path.name)
    stand_in(project, media)
    return OpenProject(path, project, media, notices + lost(project, media), held, folder)


def _look(path: Path, why: str) -> OpenProject:
    project, media = load(path)
    return OpenProject(
        path, project, media, lost(project, media), readonly=why.format(project.name)
    )


def peek(path: Path) -> Project:
    """The project at ``path`` as it was saved last, without its media; raises as :func:`load`."""
    with current(path) as found:
        return parse_project(found.project(), path.name)


def load(path: Path) -> tuple[Project, MediaStore]:
    """The project at ``path`` as it was saved last, with its media in memory; nothing is written.

    :func:`studio.document.reading.lost` says what media was not there.

    Raises:
        MotionStudioError: it is no project, damaged, or of a newer studio.
    """
    media = MediaStore()
    with current(path) as found:
        project = parse_project(found.project(), path.name)
        read_media(project, found, media)
    return project, media


def create(path: Path, project: Project, media: MediaStore | None = None) -> OpenProject:
    """Save a new project at ``path``, a folder or ``.mstudio`` file to be, and open it.

    Raises:
        ProjectError: there is something already, or it cannot be written.
    """
    if path.exists():
        raise ProjectError(f"There is already something at '{path}'; choose another name.")
    save(project, media or MediaStore(), path)
    return open_project(path)


def save(project: Project, media: MediaStore, path: Path) -> None:
    """Write all of ``project`` and the media that it refers to, as a ``.mstudio`` file or a folder.

    A project that is there already and not open is replaced; anything else is not.

    Raises:
        ProjectError: something else is there, the project there is open, or it cannot be written.
    """
    kept = sorted(key for key in project.media if key in media)
    data = schema.dump(project)
    try:
        if not is_archive(path):
            path.mkdir(exist_ok=True)
        with _replaceable(path) as guard:
            if is_archive(path):
                write_archive(path, data, ((key, media.data(key)) for key in kept), guard())
            else:
                (path / MEDIA).mkdir(exist_ok=True)
                for key in kept:
                    atomic.write(path / MEDIA / f"{key}.npz", media.data(key))
                atomic.write(path / PROJECT, data, guard())
    except OSError as error:
        raise ProjectError(f"'{path}' cannot be written: {error.strerror or error}.") from error


@contextmanager
def _replaceable(path: Path) -> Iterator[Guard]:
    """Hold what is to be written at ``path``; only a project may be there."""
    if path.is_file() or (path / PROJECT).exists():
        try:
            peek(path)
        except MotionStudioError as error:
            raise ProjectError(
                f"'{path}' is not replaced; choose another name. ({error})"
            ) from error
    elif path.is_dir() and any(path.iterdir()):
        raise ProjectError(f"'{path}' is a folder of something else; choose another name.")
    with to_oneself(path) as guard:
        yield guard


@contextmanager
def to_oneself(path: Path) -> Iterator[Guard]:
    """Hold the project at ``path``, whatever it is, without opening it.

    Raises:
        ProjectInUse: somebody has it open.
        OSError: its place cannot be written.
    """
    try:
        held = lock.acquire(lock_file(path))
    except LockError as error:
        raise ProjectInUse(path.stem, error.holder) from error
    try:
        yield held.guard
    finally:
        held.release()


def compact(path: Path) -> int:
    """Remove the media that the project at ``path`` does not refer to; the bytes that gives back.

    Raises:
        ProjectInUse: it is open, and undo may need what is to go.
        ProjectError: it is open for reading only.
    """
    freed = 0
    with open_project(path) as opened:
        if opened.readonly:
            raise ProjectError(opened.readonly)
        if not is_archive(opened.path):  # those are packed without
            used = {f"{key}.npz" for key in opened.project.media}
            for file in (opened.path / MEDIA).glob("*.npz"):
                if file.name not in used:
                    freed += file.stat().st_size
                    file.unlink()
    return freed
