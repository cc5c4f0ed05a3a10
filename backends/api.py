"""What a motion backend is: capabilities, requests, protocols and errors.

A backend turns a request into motion on a skeleton it names. Nothing here depends on how: a bundle
of ONNX graphs, a torch model or another person's package all look the same from above.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from motion.clip import Motion
from motion.errors import MotionStudioError
from motion.skeleton import Skeleton

Task = Literal["text_to_motion", "caption", "lift", "refine", "tokenize"]

#: Everything a request may carry besides its length and seed.
Condition = Literal["text", "prefix", "suffix", "keyframes", "root_path", "body_part", "style"]

#: Called with a fraction in [0, 1] and a short note; raises :class:`Cancelled` to stop the work.
Progress = Callable[[float, str], None]


class BackendError(MotionStudioError):
    """A backend that cannot do what was asked of it."""


class BundleError(BackendError):
    """A bundle that is missing, damaged, or not what its manifest says."""


class UnsupportedCondition(BackendError):
    """A request carries a condition that this backend has not; the message names those that do."""


class Cancelled(MotionStudioError):
    """The work was stopped by the user; nothing was kept."""


@dataclass(frozen=True)
class Capabilities:
    """What a backend can do.

    Attributes:
        task: The one thing it is for.
        skeleton: The skeleton of its motions.
        fps: Their frame rate.
        max_frames: The longest motion of one request, in frames at ``fps``.
        conditions: The conditions it honours.
    """

    task: Task
    skeleton: Skeleton
    fps: float
    max_frames: int
    conditions: frozenset[Condition]


@dataclass(frozen=True, eq=False)
class Kept:
    """Frames and joints that generated motion must not change.

    Attributes:
        motion: As long as the request, on the backend's skeleton and at its rate.
        mask: ``[T, J]`` bool: true where the joint's parent-local rotation is kept, and for joint 0
            where the root's place is kept as well. A frame kept in all joints is a keyframe; a
            joint kept in all frames stays as it is while the others are made anew.
    """

    motion: Motion
    mask: NDArray[np.bool_]

    def __post_init__(self) -> None:
        mask = np.array(self.mask, dtype=bool)
        if mask.shape != self.motion.rotations.shape[:2]:
            raise BackendError(f"A mask of shape {mask.shape} does not fit what it is to keep.")
        mask.flags.writeable = False
        object.__setattr__(self, "mask", mask)

    @property
    def conditions(self) -> frozenset[Condition]:
        """``keyframes`` for whole frames, ``body_part`` for some joints of a frame."""
        whole = self.mask.all(axis=1)
        found: set[Condition] = {"keyframes"} if whole.any() else set()
        if (self.mask.any(axis=1) & ~whole).any():
            found.add("body_part")
        return frozenset(found)


@dataclass(frozen=True)
class GenerateRequest:
    """One line of text to ``takes`` motions.

    Attributes:
        text: The description, one sentence; may be empty where motion is given that says enough.
        frames: Length in frames at the backend's fps.
        takes: How many different motions; take ``i`` depends on ``seed + i`` alone, so a take can
            be made again by itself.
        seed: Same request, same seed, same machine: the same motion bit for bit.
        steps: Solver steps, or None for the bundle's default.
        guidance: Classifier-free guidance scale, or None for the bundle's default.
        prefix: Motion to continue from: the result's first frames are these.
        suffix: Motion to arrive at: the result's last frames are these.
        arrive: The suffix keeps its place in the world, and the path bends to reach it. Otherwise
            only its poses are given, and it stands where the motion leads. Without a prefix there
            is nowhere to come from, and the suffix keeps its place anyway.
        kept: Frames and joints inside the result that stay as they are.
        cleanup: Lock the feet and smooth lightly after sampling.
    """

    text: str
    frames: int
    takes: int = 1
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    prefix: Motion | None = None
    suffix: Motion | None = None
    arrive: bool = True
    kept: Kept | None = None
    cleanup: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip() and self.prefix is None and self.suffix is None:
            raise BackendError("The description is empty; say what the person does.")
        if self.frames < 1 or self.takes < 1:
            raise BackendError("Ask for at least one frame and one take.")
        if self.kept is not None and len(self.kept.motion) != self.frames:
            raise BackendError(
                f"What is to be kept has {len(self.kept.motion)} frames and the request "
                f"{self.frames}; give the same number."
            )
        if not 0 <= self.seed < 2**32:
            raise BackendError(f"The seed {self.seed} must lie between 0 and 4294967295.")

    @property
    def conditions(self) -> frozenset[Condition]:
        """The conditions this request carries."""
        carried: set[Condition] = {"text"} if self.text.strip() else set()
        if self.prefix is not None:
            carried.add("prefix")
        if self.suffix is not None:
            carried.add("suffix")
        if self.kept is not None:
            carried |= self.kept.conditions
        return frozenset(carried)


@runtime_checkable
class Generator(Protocol):
    """Text (and more) to motion."""

    @property
    def name(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    def generate(self, request: GenerateRequest, progress: Progress) -> list[Motion]:
        """``request.takes`` motions of ``request.frames`` frames on the capabilities' skeleton.

        Raises:
            UnsupportedCondition: the request carries a condition this backend has not.
            BackendError: the length or another value is out of range.
            Cancelled: ``progress`` asked to stop.
        """
        ...


@runtime_checkable
class Captioner(Protocol):
    """Motion to words."""

    def caption(self, motion: Motion) -> list[tuple[str, float]]:
        """Descriptions of a motion of any known rig and rate, the best first.

        Each comes with how well it fits: the cosine in the evaluator's space, in [-1, 1], or 0
        where nothing measures it.

        Raises:
            MotionStudioError: the motion's rig is not understood.
        """
        ...


def require(
    capabilities: Capabilities, request: GenerateRequest, others: dict[str, Capabilities]
) -> None:
    """Raise unless ``capabilities`` honour the request; ``others`` are named as alternatives."""
    missing = request.conditions - capabilities.conditions
    if missing:
        able = [n for n, c in others.items() if missing <= c.conditions]
        remedy = f"use {' or '.join(able)}" if able else "no installed bundle does"
        raise UnsupportedCondition(
            f"This model cannot take {' and '.join(sorted(missing))}; {remedy}."
        )
    if request.frames > capabilities.max_frames:
        limit = capabilities.max_frames / capabilities.fps
        raise BackendError(
            f"{request.frames / capabilities.fps:.1f} s is longer than this model's {limit:.0f} s; "
            "ask for less, or generate in parts."
        )
