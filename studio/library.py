"""The user's projects: a folder of them, a trash, and the files elsewhere that were open lately.

::

    MOTION_STUDIO_HOME or the platform's data folder
      projects/walk-in-the-park/     project.json, media/...
      trash/walk/                    what was removed, until it is restored or the trash emptied
      recent.json                    projects that lie elsewhere

A project is named by its id: a folder's name in ``projects``, or a ``~`` and a number for one
elsewhere that was opened before. Ids may come from anybody; they reach nothing but that.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import sys
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from motion.errors import MotionStudioError
from studio.document import atomic
from studio.document.apply import apply
from studio.document.archive import PROJECT, SUFFIX
from studio.document.commands import RenameProject
from studio.document.model import Project
from studio.document.placing import blank
from studio.document.project_file import (
    OpenProject,
    compact,
    load,
    open_project,
    peek,
    save,
    to_oneself,
)
from studio.document.reading import is_archive
from studio.document.storage import MediaStore
from studio.document.working import working_folder

HOME_SETTING = "MOTION_STUDIO_HOME"
MAX_RECENT = 20

_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # names Windows keeps


class LibraryError(MotionStudioError):
    """Something asked of the library that it has not, or a folder that it cannot use."""


@dataclass(frozen=True)
class Entry:
    """A project as a list shows it.

    Attributes:
        id: What :class:`Library` takes.
        name: The project's own; of one that cannot be read, its file's.
        where: The folder or file.
        changed: When it was saved last, local time.
        clips: How many are on its timeline.
        seconds: From the start of the timeline to its end.
        problem: Why it cannot be opened, a sentence; empty if it can.
    """

    id: str
    name: str
    where: Path
    changed: datetime
    clips: int = 0
    seconds: float = 0.0
    problem: str = ""


def home() -> Path:
    """The folder for what belongs to the user; it need not exist yet.

    ``MOTION_STUDIO_HOME``, else ``motion-studio`` in ``%LOCALAPPDATA%`` on Windows,
    ``~/Library/Application Support`` on macOS, ``$XDG_DATA_HOME`` or ``~/.local/share`` elsewhere.
    """
    if chosen := os.environ.get(HOME_SETTING):
        return Path(chosen).expanduser().absolute()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    return base / "motion-studio"


class Library:
    """The projects of one user. Thread-safe; several studios may use the same folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self._seen: dict[Path, tuple[tuple[int, int], Entry]] = {}
        self._lock = threading.Lock()

    @property
    def _projects(self) -> Path:
        return self.folder / "projects"

    @property
    def _trash(self) -> Path:
        return self.folder / "trash"

    # -- what is there ---------------------------------------------------------------------------

    def list(self) -> tuple[Entry, ...]:
        """Every project in the library's own folder, the one changed last first."""
        return self._entries(self._projects)

    def trash(self) -> tuple[Entry, ...]:
        """What was removed, the one changed last first; :meth:`restore` takes the ids."""
        return self._entries(self._trash)

    def recent(self) -> tuple[Entry, ...]:
        """Projects elsewhere, the one opened last first; the missing ones say that they are."""
        return tuple(self._entry(path, _id_elsewhere(path)) for path in self._recent())

    def find(self, id: str) -> Path:
        """Where the project ``id`` is; :class:`LibraryError` if there is none."""
        if id.startswith("~"):
            for path in self._recent():
                if _id_elsewhere(path) == id:
                    return path
        elif _is_name(id) and (self._projects / id).is_dir():
            return self._projects / id
        raise LibraryError(f"There is no project '{id[:60]}' here; it may have been removed.")

    def id_of(self, path: Path) -> str:
        """The id by which the project at ``path`` is found again after :meth:`open`."""
        path = path.resolve()
        if path.parent == self._projects.resolve():
            return path.name
        return _id_elsewhere(path)

    # -- opening ---------------------------------------------------------------------------------

    def create(self, name: str = "Untitled") -> OpenProject:
        """Make an empty project and open it."""
        return open_project(self._add(blank(), MediaStore(), name))

    def open(
        self, which: str | Path, *, read_only: bool = False, take_over: bool = False
    ) -> OpenProject:
        """Open a project by its id, or a folder or ``.mstudio`` file anywhere by its path.

        Raises:
            ProjectInUse: somebody else has it open; see :func:`open_project` for the ways out.
            MotionStudioError: there is none, or it is damaged, foreign or of a newer studio.
        """
        path = self.find(which) if isinstance(which, str) else which
        opened = open_project(path, read_only=read_only, take_over=take_over)
        if self.id_of(opened.path).startswith("~"):
            self._list_recent(opened.path, first=True)
        return opened

    # -- changing --------------------------------------------------------------------------------

    def rename(self, id: str, name: str) -> Entry:
        """Give a project that nobody has open another name. It stays where it is."""
        with open_project(self.find(id)) as opened:
            opened.save(_named(opened.project, name))
        return self._entry(opened.path, id)

    def duplicate(self, id: str) -> Entry:
        """Copy a project as it was saved last into the library, without its unused media."""
        project, media = load(self.find(id))
        path = self._add(project, media, f"{project.name} copy")
        return self._entry(path, path.name)

    def remove(self, id: str) -> None:
        """Move a project that nobody has open to the trash; one elsewhere is only forgotten."""
        path = self.find(id)
        if id.startswith("~"):
            self._list_recent(path, first=False)
            return
        with self._reporting(path), to_oneself(path):
            self._trash.mkdir(parents=True, exist_ok=True)
        with self._reporting(path):
            path.rename(_free(self._trash, path.name))

    def restore(self, id: str) -> Entry:
        """Bring a project back from the trash."""
        path = self._trash / id
        if not _is_name(id) or not path.is_dir():
            raise LibraryError(f"There is no project '{id[:60]}' in the trash.")
        with self._reporting(path):
            self._projects.mkdir(parents=True, exist_ok=True)
            target = path.rename(_free(self._projects, path.name))
        return self._entry(target, target.name)

    def empty_trash(self) -> None:
        """Delete for good what was removed."""
        with self._reporting(self._trash):
            if self._trash.exists():
                shutil.rmtree(self._trash)

    def compact(self, id: str) -> int:
        """Delete media that a project nobody has open does not use; the bytes that gives back."""
        return compact(self.find(id))

    def import_file(self, path: Path) -> Entry:
        """Copy the project at ``path``, a ``.mstudio`` file or a folder, into the library."""
        project, media = load(path)
        added = self._add(project, media, project.name)
        return self._entry(added, added.name)

    def export_file(self, which: str | Path, path: Path) -> Path:
        """Write a project as it was saved last, with the media it uses, as a ``.mstudio`` file.

        ``which`` is an id or the path of a project anywhere.

        Raises:
            LibraryError: the file is called something else.
            ProjectError: there is something at ``path`` that is no project, or it is open.
        """
        if path.suffix.lower() != SUFFIX:
            raise LibraryError(f"'{path.name}' should end in {SUFFIX}.")
        save(*load(self.find(which) if isinstance(which, str) else which), path)
        return path

    # -- inside ----------------------------------------------------------------------------------

    def _add(self, project: Project, media: MediaStore, name: str) -> Path:
        """Save ``project`` under a name of its own in the library."""
        named = _named(project, name)
        with self._reporting(self._projects):
            path = _claimed(self._projects, _slug(named.name))
        try:
            save(named, media, path)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
        return path

    def _entries(self, folder: Path) -> tuple[Entry, ...]:
        found = [path for path in _folders(folder) if (path / PROJECT).is_file()]
        entries = [self._entry(path, path.name) for path in found]
        return tuple(sorted(entries, key=lambda each: (each.changed, each.id), reverse=True))

    def _entry(self, path: Path, id: str) -> Entry:
        """What a list shows of ``path``; read again only when it has changed."""
        try:
            status = _saved_file(path).stat()
        except OSError:
            problem = f"There is no project '{path}' any more."
            return Entry(id, path.stem, path, datetime.fromtimestamp(0), problem=problem)
        stamp = status.st_mtime_ns, status.st_size
        with self._lock:
            seen = self._seen.get(path)
        if seen is not None and seen[0] == stamp:
            return replace(seen[1], id=id)
        entry = _read(path, id, datetime.fromtimestamp(status.st_mtime))
        with self._lock:
            self._seen[path] = stamp, entry
        return entry

    def _recent(self) -> tuple[Path, ...]:
        try:
            listed = json.loads((self.folder / "recent.json").read_bytes())
            return tuple(Path(path) for path in listed)
        except (OSError, ValueError, TypeError):  # a convenience; it may be lost
            return ()

    def _list_recent(self, path: Path, first: bool) -> None:
        """Put ``path`` first among the recent ones, or take it out."""
        with self._lock:
            others = [each for each in self._recent() if each != path]
            paths = [path, *others] if first else others
            listed = json.dumps([str(each) for each in paths[:MAX_RECENT]], indent=1)
            with contextlib.suppress(OSError):
                self.folder.mkdir(parents=True, exist_ok=True)
                atomic.write(self.folder / "recent.json", listed.encode())

    @contextmanager
    def _reporting(self, path: Path) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise LibraryError(
                f"'{path}' cannot be changed: {error.strerror or error}; {HOME_SETTING} names "
                "another folder for projects."
            ) from error


def _saved_file(path: Path) -> Path:
    """The file whose time is that of the last save."""
    if not is_archive(path):
        return path / PROJECT
    working = working_folder(path) / PROJECT
    return working if working.exists() else path


def _read(path: Path, id: str, changed: datetime) -> Entry:
    try:
        project = peek(path)
    except MotionStudioError as error:
        return Entry(id, path.stem, path, changed, problem=str(error))
    clips, seconds = sum(1 for _ in project.clips), project.timeline.stop / project.fps
    return Entry(id, project.name, path, changed, clips, seconds)


def _named(project: Project, name: str) -> Project:
    name = " ".join(name.split())
    if not name:
        raise LibraryError("A project needs a name.")
    return apply(project, RenameProject(name))


def _slug(name: str) -> str:
    """A folder's name that every system accepts and people recognise."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", name).lower())
    slug = "-".join(words)[:60].strip("-") or "project"
    return f"project-{slug}" if _RESERVED.fullmatch(slug) else slug


def _free(folder: Path, name: str) -> Path:
    """``name`` in ``folder``, with a number if that is taken."""
    number, path = 2, folder / name
    while path.exists():
        path = folder / f"{name}-{number}"
        number += 1
    return path


def _claimed(folder: Path, name: str) -> Path:
    """A new folder called ``name``, with a number if that is taken, for nobody else."""
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        path = _free(folder, name)
        with contextlib.suppress(FileExistsError):
            path.mkdir()
            return path


def _folders(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_dir()]
    except OSError:
        return []


def _is_name(id: str) -> bool:
    return id not in ("", ".", "..") and Path(id).name == id and "\\" not in id and "\0" not in id


def _id_elsewhere(path: Path) -> str:
    return "~" + hashlib.sha256(str(path).encode()).hexdigest()[:12]
