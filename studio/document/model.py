"""The document's values: immutable, small, and free of motion data (that lies in a MediaStore)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from motion.quality import Quality

#: The SHA-256 content hash of a motion, in hex; the key into a ``MediaStore``.
MediaId = NewType("MediaId", str)

TakeId = NewType("TakeId", str)


@dataclass(frozen=True)
class RequestRecord:
    """Everything of a request that, with prompt, seed and bundle, makes the same motion again.

    Attributes:
        frames: Length in frames at ``fps``.
        fps: The bundle's frame rate.
        steps: Solver steps, or None for the bundle's default.
        guidance: Guidance scale, or None for the bundle's default.
        cleanup: Whether feet were locked and the motion lightly smoothed.
    """

    frames: int
    fps: float
    steps: int | None = None
    guidance: float | None = None
    cleanup: bool = True

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


@dataclass(frozen=True)
class Provenance:
    """How a generated take came about. ``seed`` is the take's own, not the request's first."""

    prompt: str
    seed: int
    bundle: str
    request: RequestRecord


@dataclass(frozen=True)
class Take:
    """One motion that can be looked at, chosen and saved.

    Attributes:
        id: Unique within its session.
        name: What the animator calls it; also the stem of exported files.
        media: The motion.
        frames, fps: Its length and rate, so that lists need not open the media.
        quality: Foot sliding, jitter and the rest, or None for a rig they cannot be measured on.
        provenance: None for a motion read from a file.
    """

    id: TakeId
    name: str
    media: MediaId
    frames: int
    fps: float
    quality: Quality | None = None
    provenance: Provenance | None = None

    @property
    def seconds(self) -> float:
        return self.frames / self.fps
