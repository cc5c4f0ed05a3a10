"""Patterns of lines, and what each means.

A pattern is a regular expression over :attr:`Line.text` with some names in braces: ``{ref}`` is a
phrase that points at clips, ``{dur}`` a length of time. A reading takes the whole line or declines.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from studio.planner.desk import Desk
from studio.planner.inflection import comparatives
from studio.planner.lexicon import ADVERBS_OF, DEGREES, MANNER
from studio.planner.references import frames
from studio.planner.tokens import Line

_NUM = r"\d+(?:\.\d+)?"


def _how() -> str:
    """Words that say how, in every form: "angrier", "even more slowly", "like a robot"."""
    words = sorted({*MANNER, *ADVERBS_OF, *comparatives()}, key=len, reverse=True)
    one = "(?:" + "|".join(map(re.escape, words)) + ")"
    degree = (
        "(?:(?:"
        + "|".join(sorted(DEGREES))
        + "|a lot|a little bit|a bit|a little|little bit|bit|a tad|far|way|more|less|most|still) )*"
    )
    return (
        rf"(?P<words>{degree}{one}(?: and {degree}{one})*|(?:more |a bit |even |much )*like (?:an?|the) .+"
        r"|as if .+|(?:in )?(?:an?|the) (?:more |very )?[\w-]+ (?:way|manner|mood|style|fashion))"
    )


_MACROS = {
    "{ref}": r"(?P<ref>.+?)",
    "{ref2}": r"(?P<ref2>.+?)",
    "{who}": r"(?P<who>.+?)",
    "{who2}": r"(?P<who2>.+?)",
    "{name}": r"(?P<name>.+)",
    "{how}": _how(),
    "{words}": r"(?P<words>.+?)",
    "{n}": rf"(?P<n>{_NUM})",
    "{dur}": rf"(?P<dur>{_NUM}) (?P<unit>seconds|frames)",
    "{at}": rf"(?:frame (?P<frame>\d+)|(?P<at>{_NUM})(?: (?P<atunit>seconds|frames))?)",
    "{span}": r"(?P<span>(?:between|from|(?:the )?(?:first|second|last|middle|final) (?:half|third|quarter|\d)).*?|\d\S*(?: seconds)? (?:to|and|-) \d.*?)",
    "{side}": r"(?P<side>left|right|forwards?|ahead|backwards?|back|clockwise|anticlockwise|around|round)",
    "{delete}": r"(?:delete|remove|erase|drop|kill|scratch|ditch|lose|cut out|take out|throw out|throw away|get rid of|clear|bin|trash)",
    "{make}": r"(?:make|let|have|get|set|turn)",
    "{to_be}": r"(?:was|were|would be|should be|must be|has to be|needs to be|is|be|to be|should go|should|must|has to|needs to|could be|shall be|plays?|should play|should run|runs?|goes)",
}

Handler = Callable[[Desk, "Said"], None]


@dataclass(frozen=True)
class Said:
    """A line that a pattern fits."""

    line: Line
    match: re.Match[str]

    def __getitem__(self, name: str) -> str:
        """What stands for a name, or empty."""
        return next((said for key in self._keys(name) if (said := self.match[key])), "")

    def part(self, name: str) -> Line:
        key = next((key for key in self._keys(name) if self.match[key]), None)
        return self.line.part(*self.match.span(key)) if key else Line(())

    def _keys(self, name: str) -> list[str]:
        """The groups of a name: in alternatives it can stand several times."""
        there = self.match.re.groupindex
        return [key for key in (name, *(f"{name}__{i}" for i in range(2, 6))) if key in there]

    def words(self, name: str) -> list[str]:
        """The words as a prompt has them."""
        return [w for token in self.part(name).tokens for w in token.word.split()]

    def raw(self, name: str) -> str:
        """As typed, for names."""
        return self.part(name).raw().strip(" ,.")

    def time(self, desk: Desk) -> int:
        """The frame that ``{at}`` names."""
        if self["frame"]:
            return int(self["frame"][:9])
        return frames(desk, self["at"], self["atunit"])

    def length(self, desk: Desk) -> int:
        """The frames that ``{dur}`` lasts."""
        return frames(desk, self["dur"], self["unit"])

    def seconds(self, desk: Desk) -> float:
        return self.length(desk) / desk.fps if self["unit"] == "frames" else float(self["dur"])


@dataclass(frozen=True)
class Rule:
    """A pattern and what it means."""

    pattern: re.Pattern[str]
    handler: Handler

    def pointed(self, line: Line) -> tuple[int, int] | None:
        """Where a line that fits points at clips."""
        match = self.pattern.fullmatch(line.text)
        there = "ref" in self.pattern.groupindex and match and match["ref"]
        return match.span("ref") if match and there else None


class Grammar:
    """Rules in the order in which they are tried."""

    def __init__(self) -> None:
        self.rules: list[Rule] = []

    def rule(self, *patterns: str) -> Callable[[Handler], Handler]:
        """Register a handler under patterns."""

        def keep(handler: Handler) -> Handler:
            self.rules += [Rule(_compiled(pattern), handler) for pattern in patterns]
            return handler

        return keep

    def read(self, desk: Desk, line: Line) -> bool:
        """Whether some rule takes the line; then its steps are on the desk."""
        text = line.text
        for rule in self.rules:
            match = rule.pattern.fullmatch(text)
            if match and desk.tried(partial(_handled, rule.handler, desk, Said(line, match))):
                return True
        return False


def _handled(handler: Handler, desk: Desk, said: Said) -> bool:
    handler(desk, said)
    return True


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, meaning in _MACROS.items():
        pattern = pattern.replace(name, meaning)
    seen: dict[str, int] = {}

    def told_apart(match: re.Match[str]) -> str:
        name = match[1]
        seen[name] = seen.get(name, 0) + 1
        return f"(?P<{name}>" if seen[name] == 1 else f"(?P<{name}__{seen[name]}>"

    return re.compile(re.sub(r"\(\?P<(\w+)>", told_apart, pattern))
