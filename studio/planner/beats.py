"""A description split into beats: what one person does at one go, in the order of the words.

``Walk for 2 s, then jump twice and bow`` is three beats. "B before A-ing" and "after A-ing, B" are
put in order; "while" stays in one sentence, for one body does both at once.
"""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import re
from dataclasses import dataclass, replace

from studio.planner.inflection import verb
from studio.planner.lexicon import DEGREES, POSTURES
from studio.planner.plan import Body
from studio.planner.prompts import deed, sentence
from studio.planner.tokens import Line, Token

#: Where one thing ends and the next begins, whatever follows.
_HARD = re.compile(
    r"(?:^| )\d [.,] | ?[.?](?: |$)"
    r"|(?:^| )(?:, )?(?:and |but )?(?:then|after that|after which|afterwards|afterward|followed by|"
    r"finally|lastly|subsequently|and next|in the end|to finish|once done|and later)(?: ,| :)?(?: and)?(?: |$)"
    r"|(?:^| ), (?:and )?(?:next|later|last)(?: ,)? "
)
#: Where it does if a verb comes next.
_SOFT = re.compile(r" (?:, and|, but|and|,|but|before|plus) ")
_AFTER = re.compile(r"^(?:after|once|when|as soon as) (?P<first>.+?) , (?P<then>.+)$")
_BEFORE = re.compile(r"^before (?P<then>.+?) , (?P<first>.+)$")
_SUBJECT = re.compile(
    r"^(?:(?P<who>he|she|they|it|someone else|somebody else|the other(?: one| person| guy| man| woman| character)?"
    r"|(?:the |a |that |another )?(?:first |second |third |other )?"
    r"(?:person|man|woman|boy|girl|guy|character|figure|actor|dancer|human|somebody|someone|lady|kid|child|avatar|player|dude|one))"
    r"(?: \d+)?) (?:(?:who|that) )?(?:(?:will|should|shall|must|can|has to|have to|needs to|is going to|is|are|does|then|now|also|could|would) )*(?=\S)"
)


@dataclass(frozen=True)
class Beat:
    """What one person does at one go.

    Attributes:
        line: The words of it, without what the other fields say.
        who: The words for the one who does it, or empty.
        speed: Of playing.
        loops: How often.
        part: What moves.
        bundle: The model asked for.
    """

    line: Line
    who: str = ""
    seconds: float | None = None
    loops: int = 1
    speed: float = 1.0
    part: Body | None = None
    bundle: str | None = None
    meanwhile: bool = False

    @property
    def words(self) -> list[str]:
        return [w for token in self.line.tokens for w in token.word.split()]


def clauses(line: Line) -> list[Line]:
    """The line at every full stop and every "then"."""
    out, at = [], 0
    for match in _HARD.finditer(line.text):
        if match.start() > at or at == 0:
            out.append(
                line.part(at, match.start() + (line.text[match.start() : match.start() + 1] == " "))
            )
        at = match.end()
    out.append(line.part(at, len(line.text) + 1))
    return [trimmed(each) for each in out if len(trimmed(each))]


def trimmed(line: Line) -> Line:
    """Without marks and joints around it."""
    tokens = list(line.tokens)
    while tokens and tokens[0].norm in (",", ".", "and", "/", "?", "then", ":", "but"):
        tokens.pop(0)
    while tokens and tokens[-1].norm in (",", ".", "and", "/", "?", "then", ":", "-", "but"):
        tokens.pop()
    return Line(tuple(tokens))


def ordered(line: Line) -> list[Line]:
    """A clause whose "before" and "after" say the order, in that order."""
    for pattern, told in ((_AFTER, "first"), (_BEFORE, "then")):
        match = pattern.match(line.text)
        if match and _begins_deed(line.part(*match.span(told))):
            return [line.part(*match.span("first")), line.part(*match.span("then"))]
    words = line.text.split()
    if words[:1] in (["after"], ["before"]) and words[1:2] and _doing(words[1]):
        at = next((i for i in range(2, len(words)) if words[i] in ("he", "she", "they")), None)
        if at is not None:  # "after kneeling down he prays"
            parts = [Line(line.tokens[1:at]), Line(line.tokens[at:])]
            return parts if words[0] == "after" else parts[::-1]
    for i in range(1, len(words) - 1):
        if words[i] == "after" and _doing(words[i + 1]):
            return [Line(line.tokens[i + 1 :]), Line(line.tokens[:i])]
    return [line]


def _doing(word: str) -> bool:
    return word.endswith("ing") and verb(word) is not None


def soft(line: Line, names: tuple[str, ...] = ()) -> list[Line]:
    """A clause at its commas and "and"s where what follows is done by someone.

    Args:
        names: Of the characters, lower case.
    """
    out: list[Line] = []
    at = 0
    for match in _SOFT.finditer(line.text):
        rest = line.part(match.end(), len(line.text) + 1)
        first = line.part(at, match.start() + 1)
        if match.start() < at or not len(first):
            continue
        if _begins_deed(rest, names) and not _at_once(first, match[0].strip()):
            out.append(first)
            at = match.end()
    out.append(line.part(at, len(line.text) + 1))
    return [each for each in map(trimmed, out) if len(each)]


_NOUNS = frozenset(
    "hand hands face head back arm arms fist fists box figure phone text land right left step steps "
    "bows rope drums drum fan".split()
)


def _begins_deed(line: Line, names: tuple[str, ...] = ()) -> bool:
    """Whether a verb comes, maybe after who does it and how; or a deed by its name."""
    match = _SUBJECT.match(line.text + " ")
    if match:
        line = line.part(match.end(), len(line.text) + 1)
    for name in names:
        if line.text.startswith(f"{name} "):
            line = line.part(len(name) + 1, len(line.text) + 1)
    words = [token.word for token in line.tokens]
    at = deed(words)
    if at is None:
        return words[:1] in (["a"], ["an"], ["another"]) and sentence(words[:6]) is not None
    word = words[at]
    following = words[at + 1] if at + 1 < len(words) else ""
    if word in _NOUNS and at + 1 < len(words) and following in ("and", ",", "with", "while"):
        return word in ("step",)
    return not (word in _NOUNS and at + 1 == len(words))


def _at_once(before: Line, joint: str) -> bool:
    """Such as "sit and read": a bare posture and what is done in it."""
    words = [t.word for t in before.tokens if t.norm not in (",",)]
    subject = _SUBJECT.match(before.text + " ")
    if subject:
        words = [t.word for t in before.part(subject.end(), len(before.text) + 1).tokens]
    bare = [w for w in words if w not in ("still", "there", "here", "just") and w not in DEGREES]
    return joint == "and" and len(bare) == 1 and verb(bare[0]) in POSTURES


_FOR = re.compile(
    r"(?:^| )(?:, )?(?:(?:and )?(?:for|lasting|taking|during|over|in|within) )?(?:about |around |roughly |approximately |exactly |another |the next |a total of |ca |~ )*"
    r"(?P<n>\d+(?:\.\d+)?) (?P<unit>seconds|frames)(?: long)?(?: or so| more| straight)?(?= |$)"
)
_COUNT = re.compile(r"(?:^| )(?P<n>\d+) times(?: in a row)?(?= |$)")
_SPEED = re.compile(
    r"(?:^| )at (?:(?P<half>half)|(?P<double>double|2 times)|(?P<n>\d+(?:\.\d+)?) (?P<unit>times|percent)) (?:(?:of )?(?:the |its |normal |original )*speed)(?= |$)"
    r"|(?:^| )in slow motion(?= |$)"
)
_PART = re.compile(
    r"(?:^| )(?:using |moving |with )?(?:only|just) (?:the |his |her |their )?(?P<part>upper body|lower body|left arm|right arm|arms|head|legs)(?= |$)"
    r"|(?:^| )(?:using |moving |with )?(?:the |his |her )?(?P<part2>upper body|lower body|left arm|right arm|arms|head|legs) only(?= |$)"
)
_MODEL = re.compile(r"(?:^| )(?:with|using|by) (?:the )?(?:model|bundle) (?P<name>[\w.-]+)(?= |$)")
_MEANWHILE = re.compile(
    r"(?:^| )(?:, )?(?:meanwhile|at the same time|simultaneously|in the meantime)(?: ,)?(?= |$)"
)


def beat(line: Line, fps: float) -> Beat:
    """A beat with its length, count, speed and the one who does it taken out of its words."""
    found = Beat(line)
    found = _meanwhile(found)
    if match := _SUBJECT.match(found.line.text + " "):
        found = replace(found, who=match["who"], line=found.line.part(match.end(), 10**6))
    if match := _FOR.search(found.line.text):
        n = float(match["n"])
        found = replace(found, seconds=n / fps if match["unit"] == "frames" else n)
        found = _without(found, match)
    if (match := _COUNT.search(found.line.text)) and 1 <= int(match["n"]) <= 50:
        found = _without(replace(found, loops=int(match["n"])), match)
    if match := _SPEED.search(found.line.text):
        found = _without(replace(found, speed=_speed(match)), match)
    if match := _PART.search(found.line.text):
        part = (match["part"] or match["part2"]).replace(" ", "_")
        found = replace(found, part=part)  # type: ignore[arg-type]
        found = _without(found, match) if match["part2"] is None else found
    if match := _MODEL.search(found.line.text):
        found = _without(replace(found, bundle=match["name"]), match)
    return replace(found, line=trimmed(found.line))


def _meanwhile(found: Beat) -> Beat:
    match = _MEANWHILE.search(found.line.text)
    return _without(replace(found, meanwhile=True), match) if match else found


def _without(found: Beat, match: re.Match[str]) -> Beat:
    start = match.start() + (match[0][:1] == " ")
    return replace(found, line=found.line.without(start, match.end()))


def _speed(match: re.Match[str]) -> float:
    if match["half"] or "slow motion" in match[0]:
        return 0.5
    if match["double"]:
        return 2.0
    n = float(match["n"])
    speed = n / 100 if match["unit"] == "percent" else n
    return min(max(speed, 0.05), 20.0)


def with_words(line: Line, words: list[str]) -> Line:
    """A line of other words."""
    return Line(tuple(Token(w, w, w) for w in words)) if words else line
