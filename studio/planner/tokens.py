"""A line as words that were spelled right, with numbers and units in one form.

The grammar reads :attr:`Line.text`: "wlak for half a sec, jump twice" is ``walk for 0.5 seconds ,
jump 2 times``. What was said in a stretch of it comes back as words (:meth:`Line.said`) for
prompts, or as typed (:meth:`Line.raw`) for names.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from studio.planner.lexicon import NUMBERS, SAME, UNITS
from studio.planner.spelling import spelled

#: Longer lines are not read: nobody means that much with one turn.
MAX_LINE = 2000

_TOKEN = re.compile(
    r"""
      [\u201c"]([^\u201d"]{1,200})[\u201d"]               # 1: quoted
    | (?<![\w'])['\u2018]([^'\u2019]{1,200})['\u2019](?!\w)   # 2: quoted singly
    | (\d+):(\d\d(?:\.\d+)?)(?!\w)         # 3, 4: minutes and seconds
    | (\d*[.]\d+|\d+)                      # 5: a number
      (?:\s?(°|%)|([a-z]{1,2}|secs?|fps|deg|mins?)(?![\w'\u2019-]))?   # 6, 7: its unit
    | (->|=>|→|&amp;)                      # 8: an arrow
    | ([^\W\d_]\w*(?:[-'\u2019]\w+)*)          # 9: a word
    | ([,.;:!?&+/()\u2013-])                    # 10: a mark
    | (\S)                                 # 11: anything else
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUFFIXES = frozenset({"nd", "rd", "st", "th"})
_MARKS = {"&": "and", "+": "and", ";": ".", "!": ".", "(": ",", ")": ",", ":": ","}


@dataclass(frozen=True)
class Token:
    """One word.

    Attributes:
        raw: As typed.
        word: Spelled right, lower case.
        norm: What the grammar reads; a number in digits, a unit in one form.
        quoted: Whether it stood in quotes, and so is a name.
    """

    raw: str
    word: str
    norm: str
    quoted: bool = False

    @property
    def number(self) -> float | None:
        return float(self.norm) if _NUMBER.fullmatch(self.norm) else None


_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Line:
    """Tokens, and the text of them."""

    tokens: tuple[Token, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(token.norm for token in self.tokens)

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [], 0
        for token in self.tokens:
            starts.append(at)
            at += len(token.norm) + 1
        return starts

    def part(self, start: int, stop: int) -> Line:
        """The tokens that begin in ``text[start:stop]``."""
        lo, hi = bisect_left(self._starts, start), bisect_left(self._starts, stop)
        return Line(self.tokens[lo:hi])

    def without(self, start: int, stop: int) -> Line:
        """The tokens that do not begin there."""
        lo, hi = bisect_left(self._starts, start), bisect_left(self._starts, stop)
        return Line(self.tokens[:lo] + self.tokens[hi:])

    def index(self, at: int) -> int:
        """The token at ``text[at]``."""
        return bisect_right(self._starts, at) - 1

    def said(self) -> str:
        """The words, spelled right, as a prompt has them."""
        return _joined(token.word for token in self.tokens)

    def raw(self) -> str:
        """The words as typed."""
        return _joined(token.raw for token in self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)


def _joined(words: Iterable[str]) -> str:
    return " ".join(word for word in words if word).replace(" ,", ",")


def read(text: str, own: frozenset[str] = frozenset()) -> Line:
    """The line that ``text`` is; ``own`` are the document's words."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text[:MAX_LINE]):
        found += _tokens(match, own)
    return Line(tuple(_merged(_expanded(_dashed(found)))))


def _dashed(tokens: list[Token]) -> list[Token]:
    """Such as "1 - 3" is "1 to 3", "x -1" is below zero; other dashes say nothing."""
    out: list[Token] = []
    for i, token in enumerate(tokens):
        if token.norm not in ("-", "\u2013"):
            out.append(token)
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        if following is None or following.number is None or not out:
            continue
        if out[-1].number is not None or (out[-1].norm in UNITS and out[-1].norm != "x"):
            out.append(Token("-", "to", "to"))
        elif out[-1].norm in ("x", "z", ",", "and"):
            tokens[i + 1] = replace(following, norm=f"-{following.norm}")
    return out


def _tokens(match: re.Match[str], own: frozenset[str]) -> list[Token]:
    quoted = match[1] or match[2]
    if quoted:
        return [Token(quoted, quoted.lower(), quoted.lower(), quoted=True)]
    if match[3]:
        seconds = int(match[3][:6]) * 60 + float(match[4])
        return [Token(match[0], f"{seconds:g}", f"{seconds:g}"), Token("", "seconds", "seconds")]
    if match[5]:
        return _number(match)
    if match[8] or match[10]:
        mark = match[8] or match[10]
        norm = SAME.get(mark) or _MARKS.get(mark, mark)
        return [Token(mark, norm, norm)]
    if match[9]:
        return _word(match[9], own)
    return []


def _number(match: re.Match[str]) -> list[Token]:
    digits, unit = match[5][:12], (match[6] or match[7] or "").lower()
    if unit in _SUFFIXES:
        return [Token(match[0], digits + unit, digits + unit)]
    value = Token(match[5], digits, f"{float(digits):.6g}" if float(digits) < 1e6 else digits[:6])
    if not unit:
        return [value]
    return [value, Token(unit, unit, unit)]


def _word(raw: str, own: frozenset[str]) -> list[Token]:
    low = raw.lower().replace("\u2019", "'")
    if low in own:
        return [Token(raw, low, low)]
    if low in SAME:
        return _said(raw, SAME[low])
    if re.fullmatch(r"x\d{1,3}", low):
        return [Token(raw[1:], low[1:], low[1:]), Token(raw[:1], "times", "times")]
    if low.endswith(("'s", "s'")):
        stem = low[:-2] if low.endswith("'s") else low[:-1]
        fixed = spelled(stem, own)
        return [Token(raw, fixed + "'s", fixed), Token("", "", "'s")]
    if "-" in low:
        return _hyphened(raw, low, own)
    word = spelled(low, own)
    return (
        _said(raw, SAME[word]) if word in SAME and word not in UNITS else [Token(raw, word, word)]
    )


def _hyphened(raw: str, low: str, own: frozenset[str]) -> list[Token]:
    """Such as "two-second" and "half-speed" are two words, "push-up" is one."""
    if spelled(low, own) != low or low in _WHOLE:
        return [Token(raw, low, low)]
    parts = low.split("-")
    fixed = [spelled(part, own) for part in parts]
    return [Token(r, word, word) for r, word in zip(raw.split("-"), fixed, strict=True)]


_WHOLE = frozenset(
    "push-up push-ups sit-up sit-ups forty-five tai-chi hi-five figure-eight".split()
)


def _said(raw: str, words: str) -> list[Token]:
    first, *rest = words.split()
    return [Token(raw, first, first), *(Token("", word, word) for word in rest)]


def _expanded(tokens: list[Token]) -> list[Token]:
    """Words that count, in digits; "twice" as "2 times"."""
    out: list[Token] = []
    for token in tokens:
        word = token.norm
        if token.quoted:
            out.append(token)
        elif word in NUMBERS:
            out.append(replace(token, norm=f"{NUMBERS[word]}"))
        elif word in ("twice", "thrice"):
            out += [replace(token, norm="2" if word == "twice" else "3"), Token("", "", "times")]
        else:
            out.append(token)
    return out


#: What follows "a second" that is a length of time; before anything else it is the next one.
_AFTER_SECOND = frozenset(
    "later earlier long longer shorter after before into in from and to off on then , . more less "
    "at of for between until or".split()
)


def _merged(tokens: list[Token]) -> list[Token]:
    """Numbers with their units: "half a second" is ``0.5 seconds``."""
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        taken, value, unit = _quantity(tokens, i)
        if not taken:
            if tokens[i].norm == "second" and out and out[-1].norm in _BOUNDS:
                out.append(Token("", "", "1"))  # "the first second of"
                tokens[i] = replace(tokens[i], norm="seconds")
            out.append(tokens[i])
            i += 1
            continue
        raw = " ".join(t.raw for t in tokens[i : i + taken] if t.raw)
        said = " ".join(t.word for t in tokens[i : i + taken] if t.word)
        out += [Token(raw, said, f"{value:.6g}"), Token("", "", unit)]
        i += taken
    return out


def _quantity(tokens: list[Token], i: int) -> tuple[int, float, str]:
    """How many tokens from ``i`` on are a number with a unit, and which."""
    for words, value in _leads(tokens, i):
        at = i + words
        if at < len(tokens) - 1 and tokens[at].norm in _EXTRA and words:
            at += 1
        unit = UNITS.get(tokens[at].norm) if at < len(tokens) else None
        if unit is None or (unit[0] == "times" and tokens[at].norm == "time" and value != 1):
            continue
        if not _is_unit(tokens, i, at, value):
            continue
        number, tail = value, _half(tokens, at + 1)
        return at - i + 1 + tail, (number + (0.5 if tail else 0.0)) * unit[1], unit[0]
    return 0, 0.0, ""


def _leads(tokens: list[Token], i: int) -> list[tuple[int, float]]:
    """The numbers that begin at ``i``: how many tokens, and the value."""
    words = [token.norm for token in tokens[i : i + 6]]
    found: list[tuple[int, float]] = []
    for said, value in _SPOKEN:
        if tuple(words[: len(said)]) == said:
            found.append((len(said), value))
    number = tokens[i].number
    if number is not None:
        if words[1:4] == ["and", "a", "half"]:
            found.append((4, number + 0.5))
        found.append((1, number))
    return found


#: What may stand between a number and its unit.
_EXTRA = frozenset({"more", "extra", "full", "whole", "additional", "further"})
_SPOKEN = (
    (("half", "of", "a"), 0.5), (("half", "a"), 0.5), (("half", "an"), 0.5), (("a", "half"), 0.5),
    (("one", "and", "a", "half"), 1.5), (("quarter", "of", "a"), 0.25),
    (("a", "quarter", "of", "a"), 0.25), (("a", "quarter"), 0.25), (("quarter", "of"), 0.25),
    (("half",), 0.5), (("a", "couple", "of"), 2.0), (("a", "couple"), 2.0),
    (("couple", "of"), 2.0), (("a", "few"), 3.0), (("few",), 3.0), (("quarter",), 0.25),
    (("a", "single"), 1.0), (("one",), 1.0), (("a",), 1.0), (("an",), 1.0),
    (("first",), 1.0), (("last",), 1.0), (("final",), 1.0),
)  # fmt: skip
_BOUNDS = frozenset({"first", "last", "final"})


def _is_unit(tokens: list[Token], i: int, at: int, value: float) -> bool:
    unit = tokens[at].norm
    following = tokens[at + 1].norm if at + 1 < len(tokens) else ","
    lead = tokens[i].norm
    if lead in _BOUNDS:
        return False
    if unit == "second" and lead in ("a", "an") and at == i + 1:
        return following in _AFTER_SECOND
    if unit in ("time", "x") and lead in ("a", "an"):
        return False
    if unit in ("s", "m", "f", "min", "foot", "feet") and tokens[i].number is None:
        return unit in ("foot", "min") and lead in ("a", "half") and following not in ("and",)
    if unit in ("frame", "frames") and lead in ("a", "an", "one"):
        return True
    return unit != "times" or tokens[i].number is not None


def _half(tokens: list[Token], at: int) -> int:
    """3 where "and a half" follows."""
    return 3 if [token.norm for token in tokens[at : at + 3]] == ["and", "a", "half"] else 0
