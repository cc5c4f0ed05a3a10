"""The list of takes: its order, its names, and what comes next when one goes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import count

from studio.document.model import Take, TakeId
from studio.judging import ranked


def listed(takes: Iterable[Take]) -> tuple[Take, ...]:
    """Takes as they are shown: requests in the order of their first take, the best take first."""
    groups: dict[str, list[Take]] = {}
    for take in takes:
        groups.setdefault(take.group or take.id, []).append(take)
    return tuple(take for group in groups.values() for take in ranked(group))


def free_names(taken: Collection[str], name: str) -> Iterator[str]:
    """``Walks 1``, ``Walks 2``, ... that are not taken."""
    return (each for each in (f"{name} {i}" for i in count(1)) if each not in taken)


def neighbour(
    shown: Sequence[TakeId], at: TakeId | None, gone: Collection[TakeId]
) -> TakeId | None:
    """The next take after ``at`` that stays, else the last before it; None if none stays."""
    index = shown.index(at) if at in shown else 0
    after = [id for id in shown[index:] if id not in gone]
    before = [id for id in shown[:index] if id not in gone]
    return next(iter([*after, *reversed(before)]), None)
