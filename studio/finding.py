"""Motions that fit a text, by the evaluator: takes of a project, files of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backends.api import BackendError, Progress
from backends.captioning import on_body
from backends.evaluator import TextMotionSpace
from motion.clip import Motion
from motion.errors import MotionStudioError
from studio import files
from studio.document.model import Project, TakeId
from studio.document.storage import MediaStore

#: Motions that are told.
COUNT = 5
#: Motions that are read before they are looked at together.
_BATCH = 32


@dataclass(frozen=True)
class Found:
    """One motion.

    Attributes:
        name: Of the take, or the file's.
        score: Cosine with the text in the evaluator's space.
        take, path: Which of the project's takes, or which file.
    """

    name: str
    score: float
    take: TakeId | None = None
    path: Path | None = None


Candidate = tuple[Found, Motion]


def takes(project: Project, media: MediaStore) -> Iterator[Candidate]:
    """The takes of a project, those of lost motion left out; a motion of several takes once."""
    seen = set()
    for take in project.takes:
        if take.media.id not in seen and take.media.id not in media.missing:
            seen.add(take.media.id)
            yield Found(take.name, 0.0, take=take.id), media.get(take.media.id)


def folder(path: Path) -> Iterator[Candidate]:
    """The motion files in a folder and in those inside it; what cannot be read is passed over."""
    if not path.is_dir():
        raise BackendError(f"There is no folder '{path}'; name one with motion files.")
    for file in sorted(each for each in path.rglob("*") if each.suffix.lower() in _READ):
        try:
            yield Found(file.name, 0.0, path=file), files.load(file)
        except MotionStudioError:
            continue


_READ = frozenset(f".{each}" for each in files.FORMATS) | {".gltf"}


def find(
    text: str,
    candidates: Iterable[Candidate],
    space: TextMotionSpace | None,
    progress: Progress = lambda fraction, note: None,
    count: int = COUNT,
) -> tuple[Found, ...]:
    """The motions that fit ``text``, the best first; rigs that are not understood are left out.

    Raises:
        BackendError: there is no evaluator, or no text.
        Cancelled: ``progress`` asked to stop.
    """
    if space is None:
        raise BackendError(
            "Nothing can be found by its motion: the bundle 'evaluator' is not installed."
        )
    if not text.strip():
        raise BackendError("Say what to look for, such as: a sad walk.")
    (wanted,) = space.place_texts([text.strip()])
    found: list[Found] = []
    batch: list[Candidate] = []
    for number, (each, motion) in enumerate(candidates):
        progress(number / (number + _BATCH), f"Looking at {each.name}")
        try:
            batch.append((each, on_body(motion, space.fps)))
        except MotionStudioError:
            continue
        if len(batch) == _BATCH:
            found += _scored(batch, space, wanted)
            batch = []
    found += _scored(batch, space, wanted)
    return tuple(sorted(found, key=lambda each: -each.score)[:count])


def _scored(batch: list[Candidate], space: TextMotionSpace, wanted: np.ndarray) -> list[Found]:
    if not batch:
        return []
    scores = space.place_motions([motion for _, motion in batch]) @ wanted
    return [
        Found(each.name, float(score), each.take, each.path)
        for (each, _), score in zip(batch, scores, strict=True)
    ]
