"""Typos put right against the words that are known, and those of the document.

A word is known, or is put right to the known word at the least distance: one slip (a letter too
many, too few, another, or two exchanged), two in words of seven letters and more. Every known word
is filed under itself and all it becomes by leaving letters out, so that looking one up costs the
same however many there are (the symmetric delete index of Garbe's SymSpell).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import combinations

from studio.planner import inflection
from studio.planner.lexicon import (
    ACTION_NOUNS,
    ADVERBS_OF,
    COMMON,
    DEGREES,
    MANNER,
    NUMBERS,
    ORDINALS,
    PEOPLE,
    PRONOUNS,
    SAME,
    UNITS,
    VERB_OF_NOUN,
)

#: Shorter words are left as they are, but for two letters exchanged.
_LEAST = 4
_LONG = 7


class Index:
    """Words, to be found from misspelt ones. Earlier words win where two are as near."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._at: dict[str, list[str]] = {}
        for word in sorted(self.words):
            if len(word) >= 3 and word.isalpha():
                for cut in _cuts(word, 2 if len(word) >= _LONG else 1):
                    self._at.setdefault(cut, []).append(word)

    def near(self, word: str, slips: int) -> tuple[int, str] | None:
        """The nearest word and its distance, or None where all are further than ``slips``."""
        found: dict[str, int] = {}
        for cut in _cuts(word, slips):
            for known in self._at.get(cut, ()):
                if known not in found and _begins_alike(word, known):
                    found[known] = distance(word, known)
        best = min(found.items(), key=lambda f: (f[1], f[0][-1] != word[-1], f[0]), default=None)
        return None if best is None or best[1] > slips else (best[1], best[0])


def distance(a: str, b: str) -> int:
    """Damerau's and Levenshtein's, with neighbours exchanged at most once."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        older, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return row[-1]


@lru_cache(maxsize=1)
def known() -> Index:
    """Every word of the lexicon in every form."""
    return Index(
        {word.lower() for word in COMMON}
        | inflection.verb_forms().keys()
        | inflection.command_forms().keys()
        | inflection.comparatives().keys()
        | ADVERBS_OF.keys() | MANNER | ACTION_NOUNS | PEOPLE | PRONOUNS | DEGREES
        | SAME.keys() | NUMBERS.keys() | ORDINALS.keys() | UNITS.keys() | VERB_OF_NOUN.keys()
    )  # fmt: skip


@lru_cache(maxsize=64)
def _own(words: frozenset[str]) -> Index:
    return Index(words)


def spelled(word: str, own: frozenset[str] = frozenset()) -> str:
    """``word`` put right, or as it is where nothing near is known.

    Args:
        own: The document's words, lower case; they win over the lexicon's as near.
    """
    if word in own or word in known().words or not word.isalpha() or not word.isascii():
        return word
    if len(word) < _LEAST:
        swapped = [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)]
        return next((s for s in swapped if len(s) == 3 and s in known().words), word)
    if len(word) > 24:
        return word
    slips = 2 if len(word) >= _LONG else 1
    found = [hit for index in (_own(own), known()) if (hit := index.near(word, slips))]
    return min(found, key=lambda hit: hit[0])[1] if found else word


def _begins_alike(word: str, known_word: str) -> bool:
    return word[0] == known_word[0] or word[:2] == known_word[1::-1] or word[0] == known_word[1]


@lru_cache(maxsize=4096)
def _cuts(word: str, slips: int) -> frozenset[str]:
    found = {word}
    for n in range(1, slips + 1):
        for left in combinations(range(len(word)), len(word) - n):
            found.add("".join(word[i] for i in left))
    return frozenset(found)
