"""Who a description is about, and where they stand to each other."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import math
import re
from dataclasses import dataclass

from studio.document.model import CharacterId
from studio.planner import references
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.grammar import Grammar, Said
from studio.planner.plan import Place
from studio.planner.tokens import Line

grammar = Grammar()

#: Between two people where no distance is said: an arm's length.
ARM = 1.0
#: Between two who walk towards each other.
APART = 2.0

_HUMAN = r"(?:person|people|man|woman|boy|girl|guy|character|figure|actor|dancer|human|kid|child|avatar|player|friend|partner|opponent|stranger|fellow|dude|one|performer)"
_NEW = re.compile(
    rf"^(?:(?:add|create|introduce|bring in|bring|insert|put|place|have|let|there is|make|give me|get|spawn|i want|i need|now|and|with)(?: in)? )*"
    rf"(?:(?:a|an|the|one|yet) )?(?P<nth>second|third|fourth|another|new|additional|extra|other|1 more|one more|more)(?: new)?(?: {_HUMAN})?(?P<who>)(?: (?:called|named) (?P<name>[^\s,.]+))?(?: ,)?(?: (?:who|that|which|and|to the scene|,))*(?= |$)"
    rf"|^(?:someone|somebody) else(?: (?:who|that|and))?(?= |$)"
    rf"|^(?:(?:add|create|introduce|bring in|insert|put|spawn|get)(?: in)?) (?:a|an|some)(?: new)? (?:{_HUMAN}|someone|somebody)(?: (?:called|named) (?P<name2>[^\s,.]+))?(?: ,)?(?: (?:who|that|which|and|to the scene|,))*(?= |$)"
)
_GROUP = re.compile(
    r"^(?:(?:make|let|have) )?(?:(?P<two>(?P<n>[2-6]) (?:people|persons|characters|men|women|figures|dancers|guys|fighters|actors|friends|kids|boxers))|everyone|everybody|all of them|they both|both(?: of them| people| characters)?|they all|all(?: characters| people)?|the 2(?: of them)?|them both|both of them)(?: (?:should|must|will|are|is|to|now|also|then))*(?= )"
)
_EACH = r"(?:each other|one another|the other)"
_NUM = r"\d+(?:\.\d+)?"
_HIM = r"(?:him|her|them|he|she|it|(?:the |that )?(?:first|second|third|other|last)(?: {human})?|the {human}|{names})".replace(
    "{human}", _HUMAN
)
_SIDE = (
    r"(?P<side>in front of|ahead of|behind|beside|besides|next to|alongside|at the side of|by the side of|"
    r"close to|near to|near|to the left of|left of|on the left of|to the right of|right of|on the right of|opposite(?: to| of)?|"
    r"across from|face to face with|facing|to face|face|faces|back to back with)"
)
_STANCE = r"(?:(?:is |are |be )?(?:standing|stands|stand|waiting|waits|placed|positioned|starts|start|appears|is|are|be|stays|comes in|enters|going)(?: still)? )?"


@dataclass(frozen=True)
class Standing:
    """Where someone stands, and the words that say so cut out of the line."""

    x: float
    z: float
    turn: float
    other: CharacterId
    rest: Line


def newcomer(desk: Desk, line: Line) -> tuple[CharacterId, Line] | None:
    """Someone who comes into the scene with this line, and the rest of it."""
    match = _NEW.match(line.text)
    if not match:
        return None
    named = (match["name"] and "name") or (match["name2"] and "name2")
    there = desk.project.characters
    nth = match["nth"]
    if not named and nth in ("second", "third", "fourth", "other"):
        n = {"second": 2, "third": 3, "fourth": 4, "other": 2}[nth]
        if len(there) >= n:
            if nth == "other" and len(there) > 2:
                return None
            return _other(desk, n), line.part(match.end() + 1, 10**6)
    if nth in (
        "new",
        "additional",
        "extra",
        "more",
        "other",
        "1 more",
        "one more",
        "another",
        "second",
        "third",
        "fourth",
    ):
        spoken = match[0].split()
        if not re.search(rf"\b{_HUMAN}\b", match[0]) or (spoken[-1] == nth):
            return None
    name = line.part(*match.span(named)).raw() if named else ""
    who = desk.newcomer(name)
    return who, line.part(match.end() + 1, 10**6)


def _other(desk: Desk, n: int) -> CharacterId:
    return desk.project.characters[n - 1].id


def group(desk: Desk, line: Line) -> tuple[list[CharacterId], Line] | None:
    """Several who do the same, and the rest of the line."""
    match = _GROUP.match(line.text)
    if not match:
        return _named_group(desk, line)
    if match["two"]:
        count = int(match["n"])
        while len(desk.project.characters) < count:
            desk.newcomer()
        people = [who.id for who in desk.project.characters[:count]]
    else:
        people = [who.id for who in desk.project.characters]
        if len(people) == 1 and "both" in match[0]:
            return None
    return people, line.part(match.end() + 1, 10**6)


def _named_group(desk: Desk, line: Line) -> tuple[list[CharacterId], Line] | None:
    """Such as "Mia and Tom dance"."""
    name = f"(?:{_names(desk)})"
    match = re.match(
        rf"(?:make |let |have )?(?P<all>{name}(?: , {name})*(?: ,)? and {name})(?: (?:should|must|will|to|both|are|now|also|then))* ",
        line.text,
    )
    if not match:
        return None
    said = re.findall(name, match["all"])
    ids = {who.name.lower(): who.id for who in desk.project.characters}
    return [ids[each] for each in dict.fromkeys(said)], line.part(match.end(), 10**6)


def _names(desk: Desk) -> str:
    return (
        "|".join(re.escape(who.name.lower()) for who in desk.project.characters if who.name.strip())
        or "nobody"
    )


def standing(desk: Desk, line: Line, who: CharacterId) -> Standing | None:
    """Where ``who`` is said to stand to somebody else."""
    him = _HIM.replace("{names}", _names(desk))
    pattern = (
        rf"(?:^|(?<= )){_STANCE}(?:about |at |around )?(?:(?P<d>{_NUM}) metres )?(?:away |further |directly |right |straight |just |and )*{_SIDE} "
        rf"(?P<him>{him})(?: (?:at (?:a distance of )?|in )?(?P<d2>{_NUM}) metres(?: away| distance| apart)?)?(?: (?:and )?facing (?:him|her|them))?(?= |$)"
    )
    match = re.search(pattern, line.text)
    if not match:
        return _at_a_side(desk, line, who)
    other = _somebody_else(desk, match["him"], who)
    if other is None:
        return None
    metres = float(match["d"] or match["d2"] or ARM)
    x, z, turn = beside(match["side"], metres)
    rest = line.without(match.start(), match.end())
    return Standing(x, z, turn, other, rest)


def _at_a_side(desk: Desk, line: Line, who: CharacterId) -> Standing | None:
    """Such as "stands on his left"."""
    match = re.match(
        rf"{_STANCE.replace(')? )?', ')? )')}(?:(?P<d>{_NUM}) metres )?(?:on|to|at) (?:his|her|their) (?P<side>left|right)(?: side)?(?= |$)",
        line.text,
    )
    other = _somebody_else(desk, "him", who) if match else None
    if match is None or other is None:
        return None
    x, z, turn = beside(f"to the {match['side']}", float(match["d"] or ARM))
    return Standing(x, z, turn, other, line.without(match.start(), match.end()))


def _somebody_else(desk: Desk, phrase: str, who: CharacterId) -> CharacterId | None:
    """The one that a phrase means, who is not ``who``."""
    others = [each.id for each in desk.project.characters if each.id != who]
    if phrase in ("him", "her", "them", "he", "she", "it"):
        spoken = desk.focus.character
        return spoken if spoken in others else others[0] if others else None
    try:
        found = references.character(desk, phrase)
    except Declined:
        return None
    return found if found != who else None


def beside(side: str, metres: float) -> tuple[float, float, float]:
    """x, z, turn of a relation: +Z ahead of the other, +X to the other's left."""
    if side.startswith(("in front", "opposite", "across", "fac", "to face", "ahead")):
        return 0.0, metres, math.pi if not side.startswith("ahead") else 0.0
    if side.startswith("back to back"):
        return 0.0, -metres, math.pi
    if side.startswith("behind"):
        return 0.0, -metres, 0.0
    return (metres if "left" in side else -metres), 0.0, 0.0


_FOLLOW = re.compile(
    rf"^(?:walks |runs |goes |comes )?(?:follow|follows|following)(?: (?P<him>[a-z]+(?: [a-z]+)?))??(?: (?:at |from |with )?(?:a distance of )?(?P<d>{_NUM}) metres)?(?: (?:behind|distance|away|apart|back))*(?: (?P<him2>him|her|them))?$"
)


def following(desk: Desk, line: Line, who: CharacterId) -> tuple[Place, str] | None:
    """Such as "follows two metres behind": where to stand, and what the one ahead does."""
    match = _FOLLOW.match(line.text)
    if not match:
        return None
    leader = _somebody_else(desk, match["him"] or match["him2"] or "him", who)
    if leader is None:
        return None
    does = [clip for clip in desk.clips if clip.character == leader]
    text = does[0].text if does else "a person walks forward"
    return Place(who, 0.0, -float(match["d"] or ARM), 0.0, leader), text


# -- relations on their own -----------------------------------------------------------------------


def _pair(desk: Desk, said: Said) -> tuple[CharacterId, CharacterId]:
    """Two people: the first stands, the second is placed."""
    if said["who"] and said["who2"]:
        return references.character(desk, said["who"]), references.character(desk, said["who2"])
    people = [who.id for who in desk.project.characters]
    if len(people) < 2:
        raise Unsure("There is only one person; add a second one?", ("Add a second person",))
    return people[0], people[1]


_THEY = r"(?:{who} and {who2}|they(?: both)?|the 2(?: of them| people| characters| persons)?|both(?: of them| characters| people)?|everyone|the (?:people|characters|2|persons)|them(?: both)?|2 people|both)"


@grammar.rule(
    rf"(?:make |let |have |put |place |get |turn )?{_THEY} ?(?:should |must |to |will |need to |have to |are |be |stand(?:ing)? |now |(?=fac|side|back|next|apart|opposite|beside))*(?P<how>face|facing|face to face with|opposite|opposite to|in front of|look at|looking at|turned to|turn to|turn towards|turned towards) (?:each other|one another)(?:(?: ,)? (?:at |with )?(?:a distance of )?(?P<d>{_NUM}) metres(?: apart| away| distance| between them)?)?",
    rf"(?:make |let |have |put |place |get )?{_THEY} ?(?:should |must |to |will |are |be |stand(?:ing)? |(?=fac|side|back))*(?P<how>face to face|back to back|side by side|next to each other|beside each other|shoulder to shoulder|(?P<d1>{_NUM}) metres apart|in a row|behind each other|one behind the other)(?:(?: ,)? (?:at |with )?(?:a distance of )?(?P<d>{_NUM}) metres(?: apart| away| distance| between them)?)?",
    rf"(?P<how>facing each other|side by side|face to face|back to back|face each other|next to each other)(?:(?: ,)? (?P<d>{_NUM}) metres(?: apart)?)?",
    rf"(?:put |place |stand )(?:them|both|everyone) (?P<how>(?P<d>{_NUM}) metres apart)",
)
def relation(desk: Desk, said: Said) -> None:
    """Such as "face each other", "side by side"."""
    first, second = _pair(desk, said)
    metres = float(said["d"] or said["d1"] or ARM)
    how = said["how"]
    if "back to back" in how:
        x, z, turn = beside("back to back", metres)
    elif re.search("side by side|next to|beside|shoulder|apart|in a row", how):
        x, z, turn = beside("beside", metres)
    elif "behind" in how:
        x, z, turn = beside("behind", metres)
    else:
        x, z, turn = beside("facing", metres)
    desk.place(Place(second, x, z, turn, first))


@grammar.rule(
    rf"(?:put|place|move|stand|position|set|bring|let|make|have|get) {{who}} (?:stand |be |start |go |face )?(?:about |at )?(?:(?P<d>{_NUM}) metres )?(?:away |directly |right )?{_SIDE} {{who2}}(?: (?:at |in )?(?:a distance of )?(?P<d2>{_NUM}) metres(?: away| distance| apart)?)?",
    rf"{{who}} (?:should |must |to |will |has to |needs to |is to |can )?(?:stand|stands|be|is|starts?|goes|go|are)? ?(?:about |at )?(?:(?P<d>{_NUM}) metres )?(?:away |directly |right )?{_SIDE} {{who2}}(?: (?:at |in )?(?:a distance of )?(?P<d2>{_NUM}) metres(?: away| distance| apart)?)?",
)
def place(desk: Desk, said: Said) -> None:
    """Such as "put Tom two metres behind Mia"."""
    if said["who"] in ("it", "that", "this"):
        raise Declined
    who = references.character(desk, said["who"])
    other = _somebody_else(desk, said["who2"], who)
    if other is None:
        raise Declined
    x, z, turn = beside(said["side"], float(said["d"] or said["d2"] or ARM))
    desk.place(Place(who, x, z, turn, other))
