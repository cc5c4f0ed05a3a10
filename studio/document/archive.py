"""The ``.mstudio`` file: a zip of ``project.json`` and ``media/<id>.npz``, and of nothing else.

Whatever else a zip may do (names that lead out of the folder, gigabytes in a few bytes, passwords)
is refused before anything of it is unpacked. The same project always makes the same bytes.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NoReturn
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from motion.errors import MotionStudioError
from studio.document import atomic
from studio.document.model import MediaId
from studio.document.storage import MediaError

SUFFIX = ".mstudio"
PROJECT = "project.json"
MEDIA = "media"

#: Bytes that one file of a project may have, unpacked.
MAX_PROJECT = 64 << 20
MAX_MEDIA = 1 << 30
#: Bytes that all of it may have, and how many times the archive's own size above the first number.
MAX_TOTAL = 16 << 30
FREE_TOTAL = 256 << 20
MAX_RATIO = 100

_MEMBER = re.compile(rf"{MEDIA}/([0-9a-f]{{64}})\.npz")
_FOLDERS = frozenset({f"{MEDIA}/"})
_DAMAGE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)
_WORLD_READABLE = 0o644 << 16  # where a zip keeps the permissions of Unix


class ArchiveError(MotionStudioError):
    """A file that is no project, or one that should not be unpacked."""


class Archive:
    """A ``.mstudio`` file open for reading, its names and sizes checked.

    Raises:
        ArchiveError: there is none, it is damaged, foreign or hostile; in one sentence.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = ZipFile(path)
        except FileNotFoundError:
            raise ArchiveError(f"There is no file '{path}'.") from None
        except OSError as error:
            raise ArchiveError(f"'{path}' cannot be read: {error.strerror or error}.") from error
        except _DAMAGE as error:
            raise ArchiveError(
                f"'{path.name}' is damaged or no Motion Studio project; take it from a copy."
            ) from error
        try:
            self._members = self._checked()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    @property
    def media(self) -> frozenset[MediaId]:
        """The ids of the media in it."""
        return frozenset(MediaId(key) for key in self._members if key != PROJECT)

    def project(self) -> bytes:
        """The project's JSON as it is."""
        try:
            return self._zip.read(self._members[PROJECT])
        except (*_DAMAGE, OSError) as error:
            raise ArchiveError(f"'{self.path.name}' is damaged; take it from a copy.") from error

    def read(self, key: MediaId) -> bytes:
        """The stored bytes of a motion.

        Raises:
            MediaError: it is not in the archive, or damaged.
        """
        if key not in self._members or key == PROJECT:
            raise MediaError(f"The motion {key[:12]} is not in '{self.path.name}'.")
        try:
            return self._zip.read(self._members[key])
        except (*_DAMAGE, OSError) as error:
            raise MediaError(f"The motion {key[:12]} in '{self.path.name}' is damaged.") from error

    def extract_media(self, folder: Path) -> None:
        """Every whole motion as a file in ``folder``, which is made; damaged ones are left out."""
        folder.mkdir(parents=True, exist_ok=True)
        for key in self.media:
            try:
                data = self.read(key)
            except MediaError:
                continue
            file = folder / f"{key}.npz"
            if not file.exists() or file.read_bytes() != data:
                file.write_bytes(data)

    def _checked(self) -> dict[str, ZipInfo]:
        """Members by media id or ``project.json``."""
        members: dict[str, ZipInfo] = {}
        for member in self._zip.infolist():
            if member.filename in _FOLDERS:
                continue
            found = _MEMBER.fullmatch(member.filename)
            key = found[1] if found else member.filename
            if found is None and key != PROJECT:
                self._no(f"holds '{key[:60]}', which no project has")
            if key in members:
                self._no(f"holds '{member.filename}' twice")
            if member.flag_bits & 0x1:
                self._no("is encrypted")
            if member.file_size > (MAX_MEDIA if found else MAX_PROJECT):
                self._no(f"holds a file of {_size(member.file_size)}")
            members[key] = member
        if PROJECT not in members:
            self._no(f"has no {PROJECT}, so it is no Motion Studio project")
        total, packed = sum(m.file_size for m in members.values()), self.path.stat().st_size
        if total > MAX_TOTAL or total > max(FREE_TOTAL, MAX_RATIO * packed):
            self._no(f"would unpack from {_size(packed)} to {_size(total)}")
        return members

    def _no(self, what: str) -> NoReturn:
        raise ArchiveError(f"'{self.path.name}' {what}; it was not opened.")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"


def write_archive(
    path: Path,
    project: bytes,
    media: Iterable[tuple[MediaId, bytes]],
    guard: AbstractContextManager[object] | None = None,
) -> None:
    """Write a whole ``.mstudio`` file in the place of ``path``, as :func:`atomic.replacing` does.

    ``media`` is drawn one at a time, so that the largest motion is all that has to fit in memory.
    """
    with atomic.replacing(path, guard) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        _add(archive, PROJECT, project)
        for key, data in media:
            _add(archive, f"{MEDIA}/{key}.npz", data)


def _add(archive: ZipFile, name: str, data: bytes) -> None:
    entry = ZipInfo(name)  # dated 1980, so that the same content is the same file
    entry.external_attr = _WORLD_READABLE
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=1)
