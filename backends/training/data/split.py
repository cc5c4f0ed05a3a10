"""Train, validation and test sets, drawn by take."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Literal

from backends.training.data.take import Take

Split = Literal["train", "val", "test", "test_unseen"]

#: Of every 25 takes two are for testing and one is for validation: 8 % and 4 %.
_CYCLE = 25
_TEST = 2
_VAL = 1

#: A content with fewer takes than this is trained on entirely: a test of a movement that training
#: never saw measures nothing at this size of data.
FEWEST = 4


def assign(takes: Iterable[Take], unseen: frozenset[tuple[str, str]]) -> dict[str, Split]:
    """The split of every take by its :attr:`~Take.split_key`.

    Within a source the keys are ordered by content and then by a hash, and every 25 in a row give
    two to test and one to val, starting from a place that the source's name decides. So contents
    are met in proportion, and nothing depends on the order of reading. Takes that share a key stay
    together. Takes of ``unseen`` (content, style) pairs go to ``test_unseen``.
    """
    groups: dict[str, list[Take]] = {}
    for take in takes:
        groups.setdefault(take.split_key, []).append(take)
    per_content = _keys_per_content(groups)
    out: dict[str, Split] = {}
    by_source: dict[str, list[str]] = {}
    for key, members in groups.items():
        first = members[0]
        if any((t.action.content, t.style) in unseen for t in members):
            out[key] = "test_unseen"
        elif per_content[first.action.content] < FEWEST:
            out[key] = "train"
        else:
            by_source.setdefault(first.source, []).append(key)
    for source, keys in by_source.items():
        keys.sort(key=lambda k: (groups[k][0].action.content, _hash(k), k))
        start = _hash(source) % _CYCLE
        for i, key in enumerate(keys):
            # 9 is coprime to 25: the three places lie far apart, so short contents get either.
            place = (start + 9 * i) % _CYCLE
            out[key] = "test" if place < _TEST else "val" if place < _TEST + _VAL else "train"
    return out


def _keys_per_content(groups: Mapping[str, list[Take]]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for members in groups.values():
        counts[members[0].action.content] = counts.get(members[0].action.content, 0) + 1
    return counts


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
