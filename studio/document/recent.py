"""A bounded memory of results by their content: what was used longest ago is forgotten first."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Hashable
from typing import Protocol, TypeVar, cast


class Sized(Protocol):
    """A result that knows how much memory it takes."""

    @property
    def nbytes(self) -> int: ...


T = TypeVar("T", bound=Sized)


class Recent:
    """Results by key, ``limit`` bytes of them. Not thread-safe.

    Attributes:
        made: How many results of each kind had to be made.
    """

    def __init__(self, limit: int) -> None:
        self.made: Counter[str] = Counter()
        self._limit = limit
        self._bytes = 0
        self._kept: OrderedDict[Hashable, Sized] = OrderedDict()

    def get(self, kind: str, key: Hashable, make: Callable[[], T]) -> T:
        """The result of ``kind`` for ``key``, made if it is not here."""
        full = (kind, key)
        if full in self._kept:
            self._kept.move_to_end(full)
            return cast(T, self._kept[full])
        result = make()
        self.made[kind] += 1
        self._kept[full] = result
        self._bytes += result.nbytes
        while self._bytes > self._limit and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1].nbytes
        return result
