"""Projects as they lie on the disk: read whole, checked, and never written to.

A project is a folder with ``project.json`` and ``media/<id>.npz``, or the same in one ``.mstudio``
file (:mod:`studio.document.archive`). Media that is missing or damaged does not keep a project from
opening: a figure at rest stands in for it, and :func:`lost` says whose it was.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Protocol

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.errors import MotionStudioError
from motion.skeleton import BODY
from studio.document import schema
from studio.document.archive import MAX_PROJECT, MEDIA, PROJECT, SUFFIX, Archive
from studio.document.errors import DocumentError
from studio.document.model import SCHEMA, MediaId, Project
from studio.document.storage import MediaError, MediaStore, unpack_as
from studio.document.upgrades import UpgradeError, upgrade, version_of


class ProjectError(MotionStudioError):
    """A project that cannot be opened or saved."""


class Source(Protocol):
    """Where a project is read from."""

    def project(self) -> bytes:
        """Its JSON."""
        ...

    def read(self, key: MediaId) -> bytes:
        """The stored bytes of a motion; :class:`MediaError` where there are none."""
        ...

    def __enter__(self) -> Source: ...

    def __exit__(self, *_: object) -> None: ...


class Folder:
    """A project's folder as a :class:`Source`."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None: ...

    def project(self) -> bytes:
        path = self._path / PROJECT
        try:
            if path.stat().st_size > MAX_PROJECT:
                raise ProjectError(f"'{path}' is too large for a project; it was not opened.")
            return path.read_bytes()
        except FileNotFoundError:
            raise ProjectError(
                f"'{self._path}' is no Motion Studio project: it has no {PROJECT}."
            ) from None
        except OSError as error:
            raise ProjectError(f"'{path}' cannot be read: {error.strerror or error}.") from error

    def read(self, key: MediaId) -> bytes:
        try:
            return (self._path / MEDIA / f"{key}.npz").read_bytes()
        except OSError as error:
            raise MediaError(f"The motion {key[:12]} is not in '{self._path}'.") from error


def is_archive(path: Path) -> bool:
    """Whether a project at ``path`` is a ``.mstudio`` file rather than a folder."""
    return path.suffix.lower() == SUFFIX and not path.is_dir()


def source(path: Path) -> Source:
    """Where to read the project at ``path``.

    Raises:
        ArchiveError: a file that is no project.
        ProjectError: neither a folder nor such a file.
    """
    if is_archive(path):
        return Archive(path)
    if path.is_file():
        raise ProjectError(f"'{path.name}' is no project; name a folder or a {SUFFIX} file.")
    if not path.is_dir():
        raise ProjectError(f"There is no project '{path}'.")
    return Folder(path)


def parse_project(data: bytes, name: str) -> Project:
    """The project of a file's bytes, brought up to date; ``name`` is for the error.

    Raises:
        ProjectError: damaged, foreign, or of a newer studio.
    """
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ProjectError(
            f"'{name}' is damaged or no Motion Studio project; take it from a copy."
        ) from error
    version = version_of(document)
    if version is None:
        raise ProjectError(f"'{name}' is JSON, but no Motion Studio project.")
    try:
        if version != SCHEMA:
            data = json.dumps(upgrade(document)).encode()
        return schema.parse(data)
    except UpgradeError as error:
        raise ProjectError(f"'{name}' cannot be opened. {error}") from error
    except DocumentError as error:
        raise ProjectError(f"'{name}' is damaged; take it from a copy. ({error})") from error
    except (KeyError, TypeError, ValueError) as error:  # a step met what no such version has
        raise ProjectError(f"'{name}' is damaged; take it from a copy.") from error


def saved_version(data: bytes) -> int | None:
    """The version that a project's bytes are of; None for what is no project."""
    try:
        return version_of(json.loads(data))
    except (ValueError, RecursionError):
        return None


def read_media(project: Project, found: Source, media: MediaStore) -> None:
    """Put every motion of ``project`` into ``media``, with stand-ins for what is not whole."""
    for key in project.media:
        try:
            media.put(unpack_as(key, found.read(key)))
        except MediaError:
            continue
    stand_in(project, media)


def stand_in(project: Project, media: MediaStore) -> None:
    """Let a figure at rest answer for each clip, take and key whose motion ``media`` has not.

    What is on the timeline is read and checked now; takes, of which there may be thousands, are
    looked for, and read when they are looked at.
    """
    shown = {key.media: (key.at + 1, project.fps) for key in project.constraints}
    shown |= {clip.media.id: (clip.media.frames, clip.media.fps) for _, clip in project.clips}
    for key, (frames, fps) in shown.items():
        try:
            media.get(key)
        except MediaError:
            media.stand_in(key, _at_rest(frames, fps))
    for take in project.takes:
        if take.media.id not in media and take.media.id not in shown:
            media.stand_in(take.media.id, _at_rest(take.media.frames, take.media.fps))


def _at_rest(frames: int, fps: float) -> Motion:
    """The canonical body in its rest pose, standing on the origin."""
    heights = BODY.rest_world[0][:, 1]
    roots = np.zeros((frames, 3))
    roots[:, 1] = heights[0] - heights.min()
    return Motion(BODY, fps, roots, np.tile(rot.IDENTITY, (frames, len(BODY), 1)))


def lost(project: Project, media: MediaStore) -> tuple[str, ...]:
    """A sentence for clips and one for takes that have a stand-in; nothing where all is well."""
    gone = media.missing
    clips = [clip.name for _, clip in project.clips if clip.media.id in gone]
    takes = [take.name for take in project.takes if take.media.id in gone]
    return tuple(
        f"{_count(names, kind)} lost the motion and stands still: {_some(names)}; generate or "
        "import it again."
        if len(names) == 1
        else f"{_count(names, kind)} lost their motion and stand still: {_some(names)}; generate "
        "or import them again."
        for kind, names in (("clip", clips), ("take", takes))
        if names
    )


def _count(names: list[str], kind: str) -> str:
    return f"{len(names)} {kind}{'' if len(names) == 1 else 's'}"


def _some(names: list[str], limit: int = 5) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"
