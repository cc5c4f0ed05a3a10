"""The data set on disk: one table of clips, two arrays of frames.

``dataset.json`` says what it is, ``clips.jsonl`` has one clip a line, ``root_positions.npy``
(float32 ``[N, 3]``, metres) and ``rotations.npy`` (float32 ``[N, 22, 4]``, wxyz, parent-local) hold
the frames of all clips one after another.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backends.training.data.take import DataError
from motion.clip import Motion
from motion.skeleton import BODY

SCHEMA = 1


@dataclass(frozen=True)
class ClipRecord:
    """One line of ``clips.jsonl``.

    Attributes:
        id: Unique.
        source: Data set.
        group: Licence group: ``open``, ``bandai`` or ``hdm05``.
        take: The recording that the clip was cut from, unique within the source.
        content: Slug of what is done.
        style: Slug of how.
        split: ``train``, ``val``, ``test`` or ``test_unseen``.
        start: First row in the arrays.
        frames: Number of rows.
        weight: Relative sampling weight in training.
        captions: Descriptions.
        captions_mirrored: The same in the same order, for the mirrored motion.
    """

    id: str
    source: str
    group: str
    take: str
    content: str
    style: str
    split: str
    start: int
    frames: int
    weight: float
    captions: tuple[str, ...]
    captions_mirrored: tuple[str, ...]


@dataclass(frozen=True)
class MotionDataset:
    """A data set opened for reading; the arrays stay on disk until rows are used."""

    info: dict[str, Any]
    clips: tuple[ClipRecord, ...]
    root_positions: NDArray[np.float32]
    rotations: NDArray[np.float32]

    @classmethod
    def open(cls, folder: str | Path) -> MotionDataset:
        """Open the folder that :func:`write` made.

        Raises:
            DataError: it is missing, of another schema, or its parts do not fit each other.
        """
        folder = Path(folder)
        try:
            info = json.loads((folder / "dataset.json").read_text(encoding="utf-8"))
            lines = (folder / "clips.jsonl").read_text(encoding="utf-8").splitlines()
            root = np.load(folder / "root_positions.npy", mmap_mode="r")
            rotations = np.load(folder / "rotations.npy", mmap_mode="r")
        except (OSError, ValueError) as error:
            raise DataError(
                f"'{folder}' is not a data set ({error}); make one with 'motion-studio data build'."
            ) from None
        if info.get("schema") != SCHEMA:
            raise DataError(
                f"'{folder}' has schema {info.get('schema')}, this version reads {SCHEMA}; "
                "build it again."
            )
        clips = tuple(_record(json.loads(line)) for line in lines if line)
        last = max((c.start + c.frames for c in clips), default=0)
        if root.shape != (len(root), 3) or rotations.shape != (len(root), len(BODY), 4):
            raise DataError(f"The arrays in '{folder}' do not fit each other; build it again.")
        if last > len(root):
            raise DataError(f"The arrays in '{folder}' end before the clips do; build it again.")
        return cls(info, clips, root, rotations)

    @property
    def fps(self) -> float:
        """Frames a second of every clip."""
        return float(self.info["fps"])

    def __len__(self) -> int:
        return len(self.clips)

    def motion(self, i: int, mirrored: bool = False) -> Motion:
        """Clip ``i`` as a motion on the canonical body, left and right exchanged on request."""
        clip = self.clips[i]
        rows = slice(clip.start, clip.start + clip.frames)
        root = np.asarray(self.root_positions[rows], dtype=np.float64)
        rotations = np.asarray(self.rotations[rows], dtype=np.float64)
        motion = Motion(BODY, self.fps, root, rotations)
        return motion.mirror() if mirrored else motion

    def indices(
        self, split: str | Sequence[str] | None = None, groups: Sequence[str] | None = None
    ) -> list[int]:
        """Clips of the given splits and licence groups; all where None."""
        splits = {split} if isinstance(split, str) else None if split is None else set(split)
        return [
            i
            for i, clip in enumerate(self.clips)
            if (splits is None or clip.split in splits) and (groups is None or clip.group in groups)
        ]


def _record(row: dict[str, Any]) -> ClipRecord:
    fields = {name: row[name] for name in ClipRecord.__dataclass_fields__}
    for name in ("captions", "captions_mirrored"):
        fields[name] = tuple(fields[name])
    return ClipRecord(**fields)


def write(
    folder: Path, clips: Sequence[ClipRecord], motions: Sequence[Motion], info: dict[str, Any]
) -> None:
    """Write a data set; each file appears whole or not at all.

    ``clips`` and ``motions`` belong together; the clips' ``start`` and ``frames`` say where each
    lies in the concatenation.
    """
    folder.mkdir(parents=True, exist_ok=True)
    root = np.concatenate([m.root_positions for m in motions]).astype(np.float32)
    rotations = np.concatenate([m.rotations for m in motions]).astype(np.float32)
    rows = "".join(json.dumps(asdict(c), ensure_ascii=False) + "\n" for c in clips)
    _save_array(folder / "root_positions.npy", root)
    _save_array(folder / "rotations.npy", rotations)
    write_text(folder / "clips.jsonl", rows)
    write_text(folder / "dataset.json", json.dumps(info, indent=2, sort_keys=True) + "\n")


def write_text(path: Path, text: str) -> None:
    """Replace a text file in one step."""
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    os.replace(part, path)


def _save_array(path: Path, array: NDArray[np.float32]) -> None:
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        np.save(file, array)
    os.replace(part, path)
