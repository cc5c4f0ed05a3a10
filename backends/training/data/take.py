"""What every data set adaptor yields: one recording and the facts known about it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from motion.errors import MotionStudioError

#: Licence groups: ``open`` may be used for anything, ``bandai`` is CC BY-NC 4.0 and ``hdm05`` is
#: CC BY-SA 3.0; a model's licence follows from the groups it saw.
Group = Literal["open", "bandai", "hdm05"]

#: What kind of movement a content is; it decides which measured details a caption may mention.
#:
#: - ``gait``: travels; path, pace, start and stop are worth saying.
#: - ``gesture``: a standing figure; the hand used is worth saying.
#: - ``idle``: hardly moves; weight shifts and glances are worth saying.
#: - ``action``: anything else; described by its name and, where cut up, by what the body does.
Kind = Literal["gait", "gesture", "idle", "action"]


class DataError(MotionStudioError):
    """Source data that is missing, or not laid out as its publishers do."""


#: In place of :attr:`Action.pieces`: whether the piece walks, runs, backs up or stands.
MEASURED_GAIT = "@gait"
#: In place of :attr:`Action.pieces`: whether the piece sits down, sits or stands up.
MEASURED_SEAT = "@seat"


@dataclass(frozen=True)
class Action:
    """A content and the ways to say it.

    Attributes:
        content: One slug for the same content in every data set, e.g. ``wave-left-hand``.
        kind: See :data:`Kind`.
        phrases: Verb phrases in the base form with each verb starred, e.g.
            ``"*walk forward and *wave {their} left hand"``.
        nouns: Noun phrases, e.g. ``"a left turn"``.
        pieces: Verb phrases that hold for any piece of a take that was cut; ``phrases`` if empty.
            :data:`MEASURED_GAIT` or :data:`MEASURED_SEAT` where only measuring the piece tells.
    """

    content: str
    kind: Kind
    phrases: tuple[str, ...]
    nouns: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True)
class Take:
    """One recording before curation.

    Attributes:
        source: The data set, e.g. ``bandai-namco-2``.
        take: Unique within the source.
        group: Licence group.
        archive: A zip file, a folder, or the recording's own file.
        member: Path inside ``archive``; empty where ``archive`` is the file itself.
        action: What is done.
        style: How, a key of :data:`backends.training.data.styles.STYLES`; ``normal`` if unknown.
        people: Nouns for the performer where the sex is known (``man``, ``woman``), else empty.
        actor: The performer as the source numbers them.
        captions: Descriptions by people, as published.
        reader: How the recording is read: ``bvh``, ``humanml3d`` or ``amass``.
        together: Takes with the same key are kept in one split; the take itself if empty.
        loop: Hand-keyed cycle; repeated until it is long enough to learn from.
        roles: ``(role, joint name)`` where the rig is not one that retargeting knows.
        spans: Takes that are described in parts: ``(start s, stop s, captions)``.
    """

    source: str
    take: str
    group: Group
    archive: Path
    member: str
    action: Action
    style: str = "normal"
    people: str = ""
    actor: str = ""
    captions: tuple[str, ...] = ()
    reader: Literal["bvh", "humanml3d", "amass"] = "bvh"
    together: str = ""
    loop: bool = False
    roles: tuple[tuple[str, str], ...] = ()
    spans: tuple[tuple[float, float, tuple[str, ...]], ...] = ()

    @property
    def split_key(self) -> str:
        """Takes with equal keys go to the same split."""
        return f"{self.source}/{self.together or self.take}"


def recordings(folder: Path, stem: str, suffix: str = ".bvh") -> Iterator[tuple[Path, str]]:
    """``(archive, member)`` of a data set's files: from ``stem.zip``, else the folder ``stem``.

    A zip beside an unpacked folder of the same name wins, so nothing is read twice. Sorted by
    name; nothing where neither exists.
    """
    packed, unpacked = folder / f"{stem}.zip", folder / stem
    if packed.is_file():
        names = (n for n in open_zip(packed).namelist() if n.lower().endswith(suffix))
        yield from ((packed, name) for name in sorted(names))
    elif unpacked.is_dir():
        found = sorted(p for p in unpacked.rglob("*") if p.suffix.lower() == suffix)
        yield from ((unpacked, p.relative_to(unpacked).as_posix()) for p in found)


@lru_cache(maxsize=32)
def open_zip(path: Path) -> zipfile.ZipFile:
    """An archive kept open, since thousands of members are read from each."""
    try:
        return zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(
            f"'{path}' cannot be read as a zip file ({error}); fetch it again."
        ) from None


def read_bytes(take: Take) -> bytes:
    """The bytes of a take's file."""
    if take.archive.suffix.lower() == ".zip":
        return open_zip(take.archive).read(take.member)
    return (take.archive / take.member if take.member else take.archive).read_bytes()
