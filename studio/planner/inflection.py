"""Forms of verbs: from what people type to the base, and to what prompts say."""

from __future__ import annotations

from functools import lru_cache

from studio.planner.lexicon import (
    ACTION_NOUNS,
    ADVERBS_OF,
    COMMANDS,
    IRREGULAR,
    LIGHT,
    VERB_OF_NOUN,
    VERBS,
)

_VOWELS = frozenset("aeiou")
#: Stressed on the last syllable, or of one: the last letter is doubled ("running").
_SINGLE = frozenset(
    "open listen enter gather stagger wander vomit edit balance whisper offer".split()
)


def third(base: str) -> str:
    """What he does: "walk" is "walks"."""
    if base in ("be", "am", "are", "is"):
        return "is"
    if base == "have":
        return "has"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ies"
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return base + "es"
    return base + "s"


def gerund(base: str) -> str:
    """What he is doing: "run" is "running"."""
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
        return base[:-1] + "ing"
    return (base + base[-1] if _doubles(base) else base) + "ing"


def _past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if base.endswith("y") and base[-2:-1] not in _VOWELS:
        return base[:-1] + "ied"
    return (base + base[-1] if _doubles(base) else base) + "ed"


def _doubles(base: str) -> bool:
    if len(base) < 3 or base in _SINGLE:
        return False
    before, vowel, last = base[-3], base[-2], base[-1]
    short = before not in _VOWELS and vowel in _VOWELS and last not in _VOWELS and last not in "wxy"
    return short and not (len(base) > 5 and base.endswith(("er", "en", "le", "el", "ow")))


def _forms(base: str) -> list[str]:
    irregular = IRREGULAR.get(base)
    past = irregular.split() if irregular else [_past(base)]
    return [base, third(base), gerund(base), *past]


@lru_cache(maxsize=1)
def verb_forms() -> dict[str, str]:
    """Every form of every verb of the body, to its base."""
    found: dict[str, str] = {}
    for base in sorted(VERBS | LIGHT):
        for form in _forms(base):
            found.setdefault(form, base)
    for base in VERBS | LIGHT:
        found[base] = base
    return found | {"is": "be", "are": "be", "am": "be", "does": "do", "was": "be", "were": "be"}


@lru_cache(maxsize=1)
def command_forms() -> dict[str, str]:
    """Every form of what is done to a timeline, to its base."""
    found: dict[str, str] = {}
    for base in sorted(COMMANDS):
        for form in _forms(base):
            found.setdefault(form, base)
    return found | {base: base for base in COMMANDS}


@lru_cache(maxsize=1)
def comparatives() -> dict[str, str]:
    """Such as "angrier", "angriest" and such, to the adjective."""
    found = {"further": "far", "farther": "far", "louder": "loud", "bigger": "big"}
    for adjective in ADVERBS_OF:
        if " " in adjective or len(adjective) > 8:
            continue
        stem = adjective[:-1] + "i" if adjective.endswith("y") else adjective
        stem = stem[:-1] if stem.endswith("e") else stem
        if _doubles(stem):
            stem += stem[-1]
        found.setdefault(stem + "er", adjective)
        found.setdefault(stem + "est", adjective)
        if adjective.endswith("y"):
            found.setdefault(adjective + "er", adjective)
    return found


def verb(word: str) -> str | None:
    """The base of a form of a verb of the body, or None."""
    return verb_forms().get(word)


@lru_cache(maxsize=4096)
def lemma(word: str) -> str:
    """What two words have to share to name the same thing."""
    if word in VERB_OF_NOUN:
        return VERB_OF_NOUN[word]
    base = verb_forms().get(word)
    if base:
        return base
    if word in _ADJECTIVES:
        return _ADJECTIVES[word]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 3:
        return verb_forms().get(word[:-1]) or word[:-1]
    return word


_ADJECTIVES = {adverb: adjective for adjective, adverb in ADVERBS_OF.items()}


def action_noun(word: str) -> bool:
    """Whether it is something that one does: "cartwheel"."""
    return word in ACTION_NOUNS
