"""How a ``.mstudio`` file is worked on: in a folder beside it, packed back from time to time.

Writing the whole zip after every edit would take longer the more motion there is. So opening
``walk.mstudio`` unpacks it into the folder ``.walk.mstudio.work``, where each edit is saved like
in any project's folder, and the zip is replaced as a whole soon after and on closing, when the
folder goes. A killed studio leaves the folder; the next one to open the file finds it and goes on
from there. The folder keeps the hashes of the projects that it was unpacked from and packed to: if
the file now holds another (it was replaced, or synchronised), or the folder cannot be read, neither
may overwrite the other, and the folder becomes a project of its own, ``walk (recovered)``.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from motion.errors import MotionStudioError
from studio.document import atomic
from studio.document.archive import MEDIA, PROJECT, Archive, write_archive
from studio.document.model import SCHEMA, MediaId, Project
from studio.document.reading import (
    Folder,
    ProjectError,
    Source,
    is_archive,
    parse_project,
    saved_version,
    source,
)
from studio.document.storage import MediaError

#: A zip is at most about this many seconds older than the last edit.
PACK_SECONDS = 10.0

_PACKED = "packed.json"


def working_folder(path: Path) -> Path:
    """Where the ``.mstudio`` file ``path`` is worked on."""
    return path.with_name(f".{path.name}.work")


def lock_file(path: Path) -> Path:
    """The lock of the project at ``path``."""
    return path.with_name(f".{path.name}.lock") if is_archive(path) else path / ".lock"


def current(path: Path) -> Source:
    """Where the latest of the project at ``path`` is, even while it is worked on elsewhere."""
    found = source(path)
    working = working_folder(path)
    if isinstance(found, Archive) and (working / PROJECT).is_file():
        with found:
            if _goes_on(working, found.project()) and _is_sound(working):
                return Folder(working)
        return source(path)
    return found


def prepare(path: Path) -> tuple[Path, tuple[str, ...]]:
    """The working folder of the file ``path``, filled; and what there is to tell.

    The caller holds its lock.
    """
    working, notices = working_folder(path), []
    for partial in path.parent.glob(f".{path.name}.*.part"):
        partial.unlink(missing_ok=True)
    with Archive(path) as archive:
        data = archive.project()
        if (working / PROJECT).is_file():
            if _goes_on(working, data) and _is_sound(working):
                if Folder(working).project() != data:
                    notices.append(
                        f"'{path.stem}' had not been closed; all that was saved is here."
                    )
            else:
                notices.append(
                    f"'{path.name}' is not what was worked on last; that work is kept in the "
                    f"folder '{put_aside(path).name}'."
                )
        elif working.exists():
            shutil.rmtree(working)  # its unpacking was interrupted
        # Also into one that was there: after a power cut its files may be hollow.
        archive.extract_media(working / MEDIA)
        if not (working / PROJECT).exists():
            _remember(working, [data])
            atomic.write(working / PROJECT, data)
    return working, tuple(notices)


def put_aside(path: Path) -> Path:
    """Make the working folder of ``path`` a project of its own beside it."""
    number, aside = 2, path.with_name(f"{path.stem} (recovered)")
    while aside.exists():
        aside = path.with_name(f"{path.stem} (recovered {number})")
        number += 1
    working_folder(path).rename(aside)
    (aside / _PACKED).unlink(missing_ok=True)
    return aside


class Packer:
    """Brings a working folder's project back into its ``.mstudio`` file. Thread-safe."""

    def __init__(self, path: Path, guard: Callable[[], AbstractContextManager[object]]) -> None:
        self._path, self._folder, self._guard = path, working_folder(path), guard
        self._timer: threading.Timer | None = None
        self._timing, self._packing = threading.Lock(), threading.Lock()
        self._changed = False
        #: Why the file could not be brought up to date the last time; empty if it could.
        self.trouble = ""

    def changed(self) -> None:
        """Something was saved in the folder; the file follows by and by."""
        with self._timing:
            self._changed = True
            if self._timer is None:
                self._timer = threading.Timer(PACK_SECONDS, self._in_time)
                self._timer.daemon = True
                self._timer.start()

    def stop(self) -> None:
        """Pack no more by itself."""
        with self._timing:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None

    def _in_time(self) -> None:
        with self._timing:
            self._timer = None
        with contextlib.suppress(ProjectError):  # ``trouble`` keeps it
            self.pack()

    def pack(self) -> None:
        """Write the file now, if it does not hold what was saved last.

        Raises:
            ProjectError: the file was replaced or cannot be written; the folder keeps everything.
        """
        with self._packing:
            with self._timing:
                changed, self._changed = self._changed, False
            try:
                self._pack(Folder(self._folder).project(), changed)
                self.trouble = ""
            except (MotionStudioError, OSError) as error:
                self._changed = True
                self.trouble = (
                    f"'{self._path}' cannot be written: {error.strerror or error}."
                    if isinstance(error, OSError)
                    else str(error)
                )
                raise ProjectError(self.trouble) from error

    def _pack(self, data: bytes, changed: bool) -> None:
        if self._path.exists():
            with Archive(self._path) as archive:
                before = archive.project()
            if before == data and not changed:
                return
            if not _goes_on(self._folder, before):
                raise ProjectError(
                    f"'{self._path.name}' was replaced by another program; export this project "
                    "under another name."
                )
            keep_original(self._path, before)
            _remember(self._folder, [before, data])
        project = parse_project(data, self._path.name)
        write_archive(self._path, data, self._media(project), self._guard())

    def _media(self, project: Project) -> Iterator[tuple[MediaId, bytes]]:
        folder = Folder(self._folder)
        for key in sorted(project.media):
            try:
                yield key, folder.read(key)
            except MediaError:
                continue  # it was lost before; see reading.lost


def keep_original(path: Path, data: bytes) -> None:
    """Copy a project of an older version, whose JSON is ``data``, before a newer one replaces it.

    ``dance.mstudio`` becomes ``dance.v1.mstudio``, ``project.json`` becomes ``project.v1.json``.
    """
    version = saved_version(data)
    if version is None or version >= SCHEMA:
        return
    copy = path.with_name(f"{path.stem}.v{version}{path.suffix}")
    if not copy.exists():
        with atomic.replacing(copy) as file, path.open("rb") as original:
            shutil.copyfileobj(original, file)


def _goes_on(working: Path, project: bytes) -> bool:
    """Whether the folder was unpacked from, or packed to, a file with this project's JSON."""
    try:
        return _digest(project) in json.loads((working / _PACKED).read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def _is_sound(working: Path) -> bool:
    """Whether the folder's project can be read, by this studio."""
    try:
        parse_project(Folder(working).project(), working.name)
    except ProjectError:
        return False
    return True


def _remember(working: Path, projects: list[bytes]) -> None:
    atomic.write(working / _PACKED, json.dumps([_digest(data) for data in projects]).encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
