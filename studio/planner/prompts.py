"""What motion models were taught: one short sentence about one person.

"wave with the right hand", "an angry wave" and "he is waving angrily" all become "a person waves
... angrily". Words that say how are found again in such a sentence, and exchanged.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re
from dataclasses import dataclass

from studio.planner.inflection import action_noun, comparatives, gerund, third, verb
from studio.planner.lexicon import (
    ADVERBS_OF,
    DEGREES,
    LIGHT,
    MANNER,
    VERB_OF_NOUN,
    VERBS,
)

SUBJECT = "a person"
_ARTICLES = frozenset({"a", "an", "the", "some", "his", "her", "their", "one", "another"})
_JOINTS = frozenset({"and", "or", "but"})
#: Verbs that as often are things: after "and" they begin a deed only in the form that he does.
_THINGS = frozenset(
    "hand face head back arm leg foot fist fist fish dust box fence type paint bow brush comb "
    "circle figure log drum fan hammer phone plant rope text vault".split()
)


@dataclass(frozen=True)
class Prompt:
    """A sentence, and the words of it that say how."""

    text: str
    style: str | None = None


def deed(words: list[str]) -> int | None:
    """Where the verb is if ``words`` begin with what someone does: "slowly walk"; else None."""
    at = 0
    while at < len(words) and (words[at] in MANNER or words[at] in DEGREES or words[at] == "to"):
        at += 1
    if (
        at < len(words)
        and verb(words[at])
        and (verb(words[at]) not in LIGHT or at + 1 < len(words))
    ):
        return at
    return None


def sentence(words: list[str]) -> Prompt | None:
    """The prompt of a description, or None where it says nothing that is done."""
    words = [word for word in words if word]
    while words and words[-1] in (",", ".", "and", "then", "?", "too", "also", "to"):
        words = words[:-1]
    at = deed(words)
    if at is not None:
        return styled(" ".join([SUBJECT, *_conjugated(words, at)]))
    return _named(words)


def guessed(words: list[str]) -> Prompt | None:
    """The prompt of what has to be a deed though its verb is not known."""
    words = [word for word in words if word]
    if not words or not words[0].isalpha() or len(words) > 24:
        return None
    first = words[0]
    said = first if first.endswith("s") and not first.endswith("ss") else third(first)
    return styled(" ".join([SUBJECT, said, *words[1:]]))


def _conjugated(words: list[str], at: int) -> list[str]:
    """The words with every verb of the sentence as he does it."""
    base = verb(words[at]) or words[at]
    if (
        base in ("start", "begin")
        and words[at + 1 : at + 2]
        and _next_verb(words, at + 1) is not None
    ):
        at = _next_verb(words, at + 1) or at
        words, at = words[:0] + words[at:], 0
        base = verb(words[at]) or words[at]
    if base in ("stop", "keep", "end", "finish") and words[at + 1 : at + 2]:
        following = verb(words[at + 1])
        if following:
            words = [*words[: at + 1], gerund(following), *words[at + 2 :]]
    if (
        base == "be"
        and at + 1 < len(words)
        and words[at + 1].endswith("ing")
        and verb(words[at + 1])
    ):
        words, base = [*words[:at], *words[at + 1 :]], verb(words[at + 1]) or ""
    out = [*words[:at], third(base)]
    for i in range(at + 1, len(words)):
        word, before = words[i], words[i - 1]
        base = verb(word)
        joined = before in _JOINTS or (words[i - 2] in _JOINTS and before in MANNER)
        if joined and base and word == base and word not in _THINGS:
            out.append(third(base))
        elif before == "while" and base and word == base:
            out.append(gerund(base))
        else:
            out.append(word)
    return out


def _next_verb(words: list[str], at: int) -> int | None:
    if words[at] == "to" and at + 1 < len(words):
        at += 1
    return at if verb(words[at]) else None


def _named(words: list[str]) -> Prompt | None:
    """Such as "a slow angry bow", "the jump", "cartwheel to the left"."""
    article = bool(words) and words[0] in _ARTICLES
    rest = words[1:] if article else words
    how: list[str] = []
    while rest and (
        rest[0] in ADVERBS_OF
        or rest[0] in DEGREES
        or rest[0] in ("short", "long", "little", "quick")
    ):
        if rest[0] in ADVERBS_OF:
            how += ["and"] * bool(how) + ADVERBS_OF[rest[0]].split()
        elif how or rest[0] not in ("short", "long", "little", "quick"):
            how.append(rest[0])
        rest = rest[1:]
    if not rest:
        return None
    side = ""
    if rest[0] in ("left", "right") and rest[1:] and (verb(rest[1]) or action_noun(rest[1])):
        side, rest = rest[0], rest[1:]
        limb = {"kick": "leg", "step": "leg", "punch": "hand", "wave": "hand", "jab": "hand"}.get(
            rest[0]
        )
        side = f"with the {side} {limb}" if limb else f"to the {side}"
    base = VERB_OF_NOUN.get(rest[0]) or verb(rest[0])
    tail = [*rest[1:], *side.split(), *how]
    if action_noun(rest[0]) and (base is None or rest[0] not in VERBS or rest[0] in _DONE):
        noun = rest[0]
        return styled(" ".join([SUBJECT, "does", *(() if _many(noun) else ("a",)), noun, *tail]))
    if base and base not in LIGHT:
        return styled(" ".join([SUBJECT, third(base), *tail]))
    return None


#: Verbs that captions rather have as a thing that is done.
_DONE = frozenset("pirouette somersault flip split trick moonwalk".split()) - {"moonwalk"}


def _many(noun: str) -> bool:
    return noun.endswith("s") or noun in ("karate", "yoga", "ballet", "tai-chi", "parkour")


_STYLE = re.compile(
    r"\b(?P<style>"
    r"like (?:an?|the) .+|as if .+|in an? [\w-]+ (?:way|manner|mood|style|fashion)"
    rf"|(?:(?:{'|'.join(sorted(DEGREES))}) )*(?:{'|'.join(sorted(MANNER, key=len, reverse=True))})\b"
    rf"(?: and (?:(?:{'|'.join(sorted(DEGREES))}) )*(?:{'|'.join(sorted(MANNER, key=len, reverse=True))})\b)?"
    r")"
)
_PLACES = re.compile(
    r"\b(?:very )?(?:high|low|far|wide|fast|hard) (?:five|kick|jump|up|down|away|left|right)\b"
)


def styled(text: str) -> Prompt:
    """``text`` with its words of manner found."""
    for match in _STYLE.finditer(text):
        if match["style"] not in ("backwards", "apart", "together", "aloud") and not _PLACES.match(
            text, match.start()
        ):
            return Prompt(text, match["style"])
    return Prompt(text)


def manner(words: str) -> str | None:
    """Words that say how, from an adjective, an adverb, a comparison: "even angrier" is "angrily"."""
    words = re.sub(
        r"^(?:a )?(?:lot |little |bit |tad |way |slightly |somewhat |even |much |far |still |more |most |in )+",
        "",
        words,
    ).strip()
    words = re.sub(r"^(?:be|look|feel|seem|act|a bit|a little|a lot)+ ", "", words)
    words = re.sub(r"^(?:more|less|a lot more|much more) ", "", words)
    if not words:
        return None
    if re.fullmatch(
        r"(?:like (?:an?|the) .+|as if .+|in an? [\w-]+ (?:way|manner|mood|style|fashion))", words
    ):
        return words
    if re.fullmatch(r"an? [\w-]+ (?:way|manner|mood|style|fashion)", words):
        return f"in {words}"
    parts = words.split()
    degrees = []
    while len(parts) > 1 and parts[0] in DEGREES:
        degrees.append(parts.pop(0))
    joined = [_adverb(part) for part in parts if part not in ("and", ",", "more")]
    if not joined or any(each is None for each in joined):
        return None
    return " ".join([*degrees, " and ".join(each for each in joined if each)])


def _adverb(word: str) -> str | None:
    if word in MANNER:
        return word
    adjective = comparatives().get(word, word)
    return ADVERBS_OF.get(adjective)


def restyled(text: str, how: str) -> Prompt:
    """``text`` done in another manner: the old words of manner make way."""
    bare = styled(text)
    left = text.replace(bare.style, "", 1) if bare.style else text
    left = re.sub(r"\s+", " ", re.sub(r" and\s*$", "", left.strip())).strip(" ,.")
    return Prompt(f"{left} {how}", how)


_SIDES = re.compile(r"\b(left|right)\b")


def sided(text: str, side: str, part: str | None) -> str | None:
    """``text`` with its side exchanged, or with the side added: "with the left hand"."""
    if _SIDES.search(text):
        return _SIDES.sub(side, text, count=1)
    if part is None:
        return f"{text} to the {side}"
    return f"{text} with the {side} {part}"
