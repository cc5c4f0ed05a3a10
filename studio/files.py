"""Motion files as the studio handles them: read, describe, change, write.

The one place where the browser's export panel, ``motion-studio convert`` and ``Session.export``
meet, so that all of them take the same options and give the same bytes.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

import assets
import exporters
from motion import quality
from motion.clip import Motion
from motion.errors import MotionError, MotionStudioError
from motion.retarget import retarget
from motion.rigs import with_roles
from motion.skeleton import BODY

#: The folder of skinned figures.
CHARACTERS = assets.ROOT / "characters"

FORMATS: tuple[str, ...] = ("bvh", "glb", "npz")


@dataclass(frozen=True)
class Changes:
    """What may be done to a motion on its way out. The order is that of the fields.

    Attributes:
        start, stop: Frames kept, half-open, at the motion's own rate; None for its ends.
        fps: Resample to this rate.
        mirror: Exchange left and right.
        in_place: Keep the root over where it started.
        scale: Factor on every length.
    """

    start: int | None = None
    stop: int | None = None
    fps: float | None = None
    mirror: bool = False
    in_place: bool = False
    scale: float = 1.0

    def apply(self, motion: Motion) -> Motion:
        """``motion`` with the changes made; :class:`MotionError` where they do not fit it."""
        if self.start is not None or self.stop is not None:
            stop = len(motion) if self.stop is None else self.stop
            motion = motion.slice(self.start or 0, stop)
        if self.fps is not None:
            motion = motion.resample(self.fps)
        if self.mirror:
            motion = motion.mirror()
        if self.in_place:
            motion = motion.in_place()
        return motion if self.scale == 1.0 else scaled(motion, self.scale)


UNCHANGED = Changes()


def scaled(motion: Motion, factor: float) -> Motion:
    """Every length of ``motion`` times ``factor`` (0.01 brings centimetres to metres)."""
    if not 0 < factor < float("inf"):
        raise MotionError(f"A scale of {factor:g} makes no sense; give a number above zero.")
    local = motion.local_positions
    skeleton = replace(motion.skeleton, rest_offsets=motion.skeleton.rest_offsets * factor)
    return replace(
        motion,
        skeleton=skeleton,
        root_positions=motion.root_positions * factor,
        local_positions=None if local is None else local * factor,
    )


def load(path: Path) -> Motion:
    """The motion of a file, by suffix; an ``ExportError`` or ``MotionError`` says what is wrong."""
    if not path.is_file():
        raise MotionStudioError(f"There is no file '{path}'.")
    return exporters.load(path)


def check_writable(path: Path) -> None:
    """Raise before any work is done if ``path`` cannot be written."""
    if path.suffix.lower() not in exporters.WRITABLE:
        known = ", ".join(exporters.WRITABLE)
        raise MotionStudioError(f"'{path.name}' has no known suffix; use one of {known}.")
    if not path.parent.is_dir():
        raise MotionStudioError(f"There is no folder '{path.parent}'; make it first.")
    if path.is_dir():
        raise MotionStudioError(f"'{path}' is a folder; name a file in it.")


def onto(motion: Motion, character: str) -> Motion:
    """``motion`` on the canonical body (``body``), or on the skeleton of the file ``character``."""
    skeleton = BODY if character == BODY.name else exporters.load_skeleton(character)
    return retarget(motion, skeleton)


def save(motion: Motion, path: Path, changes: Changes = UNCHANGED) -> None:
    """Write ``motion``, changed, in the format of the suffix; all of the file or none of it."""
    check_writable(path)
    changed = changes.apply(motion)
    # The mannequin is bound to the canonical body; other rigs are written as bones.
    skinned = path.suffix.lower() == ".glb" and changed.skeleton == BODY
    exporters.save(changed, path, mesh=assets.mannequin() if skinned else None)


def save_zip(
    motions: Mapping[str, Motion], path: Path, suffix: str, changes: Changes = UNCHANGED
) -> None:
    """Write several motions as one zip, a file of the format ``suffix`` for each name."""
    if not path.parent.is_dir():
        raise MotionStudioError(f"There is no folder '{path.parent}'; make it first.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".zip-") as folder:
        partial = Path(folder) / "all.zip"
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, motion in _file_names(motions, suffix):
                save(motion, Path(folder) / name, changes)
                archive.write(Path(folder) / name, name)
        partial.replace(path)


def _file_names(motions: Mapping[str, Motion], suffix: str) -> Iterator[tuple[str, Motion]]:
    """File names that differ, even where the names do not as file names."""
    used: set[str] = set()
    for name, motion in motions.items():
        stem, number = file_stem(name, "character"), 1
        while (unique := stem if number == 1 else f"{stem}_{number}") in used:
            number += 1
        used.add(unique)
        yield f"{unique}.{suffix.lstrip('.')}", motion


def file_stem(name: str, otherwise: str) -> str:
    """A name as the stem of a file that every system accepts; ``otherwise`` if nothing is left.

    >>> file_stem("../Walk & wave 2", "take")
    'walk_wave_2'
    """
    return re.sub(r"[^\w\-]+", "_", name, flags=re.ASCII).strip("_").lower() or otherwise


@dataclass(frozen=True)
class Info:
    """What ``motion-studio info`` says of a file. Lengths in metres, times in seconds."""

    path: str
    joints: int
    frames: int
    fps: float
    seconds: float
    root_path: float
    quality: quality.Quality | None


def describe(path: Path) -> Info:
    """Load a file and measure it; quality is None for rigs whose feet are not known."""
    motion = load(path)
    return Info(
        path=str(path),
        joints=len(motion.skeleton),
        frames=len(motion),
        fps=motion.fps,
        seconds=motion.seconds,
        root_path=root_path(motion),
        quality=measured(motion),
    )


def root_path(motion: Motion) -> float:
    """How far the root travels over the ground, metres."""
    steps = np.diff(motion.root_positions[:, [0, 2]], axis=0)
    return float(np.linalg.norm(steps, axis=1).sum())


def measured(motion: Motion) -> quality.Quality | None:
    """The motion's quality, or None for a rig on which it cannot be measured."""
    try:
        return quality.measure(replace(motion, skeleton=with_roles(motion.skeleton)))
    except MotionError:
        return None
