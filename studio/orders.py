"""What an animator asks the models for, and the names of what comes back."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from backends.api import BackendError
from studio.document.model import Aim, Append, Insert, Replace, TakeId
from studio.jobs import Job

MAX_TAKES = 8
#: Takes of an order that does not say how many.
TAKES = 3


@dataclass(frozen=True)
class Order:
    """Motion from words, as takes to choose from.

    Attributes:
        text: What the person does. May be empty where the motion around says enough: for a gap, a
            continuation, a span made anew.
        seconds: Length of each take. None takes what the aim leaves room for, else 4 s.
        takes: How many.
        seed: Of the first take, the next has one more; None to draw one.
        bundle: Which model, or None for the session's.
        steps, guidance: None for the bundle's defaults.
        cleanup: Lock the feet and smooth lightly afterwards.
        aim: What the takes are for and so where one goes when it is accepted; None for the end of
            the selected track.
    """

    text: str
    seconds: float | None = None
    takes: int = TAKES
    seed: int | None = None
    bundle: str | None = None
    steps: int | None = None
    guidance: float | None = None
    cleanup: bool = True
    aim: Aim | None = None

    def __post_init__(self) -> None:
        if not self.text.strip() and not joins(self.aim):
            raise BackendError("The description is empty; say what the person does.")
        if self.seconds is not None and not 0 < self.seconds < math.inf:
            raise BackendError(f"A length of {self.seconds:g} s makes no sense; ask for more.")
        if not 1 <= self.takes <= MAX_TAKES:
            raise BackendError(f"Ask for 1 to {MAX_TAKES} takes at a time, not {self.takes}.")


def joins(aim: Aim | None) -> bool:
    """Whether a take of this aim has motion beside it that says what it should be like."""
    if isinstance(aim, Replace):
        return aim.span is not None
    return aim is not None and not isinstance(aim, Append | Insert)


@dataclass(frozen=True)
class Turn:
    """One request: what was asked, the job that answers it, and which takes it repeats.

    Attributes:
        order: With every choice made: its aim and model are never None.
        again: The take that more of were asked for, or None.
    """

    id: str
    order: Order
    job: Job[Made]
    again: TakeId | None = None


@dataclass(frozen=True)
class Made:
    """What came of a turn.

    Attributes:
        takes: Ids in the order of their rank, best first.
        note: What the animator should know, or empty: that what they were for has gone, say.
    """

    takes: tuple[TakeId, ...]
    note: str = ""


_LEADING = re.compile(
    r"^(?:(?:a|the|one)\s+)?(?:person|man|woman|figure|character|someone)\s+", re.IGNORECASE
)

#: Words that no name should end with.
_DANGLING = frozenset(
    "a an and at by for from her his in into of on or the their then to with".split()
)


def take_name(text: str, limit: int = 28) -> str:
    """A short name for what a prompt says: its words without the subject, cut at a word.

    >>> take_name("A person walks forward proudly.")
    'Walks forward proudly'
    """
    words = _LEADING.sub("", " ".join(text.split())).strip(" .!?,;:") or "take"
    words = words[0].upper() + words[1:]
    if len(words) <= limit:
        return words
    kept = words[: limit + 1].split(" ")[:-1]
    while kept and kept[-1].strip(",;:").lower() in _DANGLING:
        kept.pop()
    return " ".join(kept).rstrip(" ,;:") or words[:limit]
