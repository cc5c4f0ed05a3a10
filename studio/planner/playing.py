"""How clips play: speed, direction, cycles, sides, in place, where they stand."""

# ruff: noqa: E501  patterns and tables are read best in one line
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from studio.document.commands import (
    ExtrapolateClip,
    InPlaceClip,
    LoopClip,
    MirrorClip,
    PlaceClip,
    RetimeClip,
)
from studio.document.model import ClipId, Placement
from studio.planner import references
from studio.planner.desk import Declined, Desk, Unsure
from studio.planner.grammar import Grammar, Said

grammar = Grammar()

T = TypeVar("T")

#: How much "faster" is where nobody says, and with "a bit" and "much".
PLAIN, LITTLE, MUCH = 1.5, 1.25, 2.0
_DEGREE = r"(?P<degree>a bit|a little|a little bit|slightly|somewhat|a tad|a touch|much|a lot|way|far|quite a bit|considerably|significantly|even)?"
_FASTER = r"(?P<way>faster|quicker|slower|longer|shorter|more slowly|more quickly|more fast|more slow|speedier)"


@grammar.rule(
    r"(?:make |let |have |get |play |run |)(?:{ref}) ?(?:to )?(?:{to_be}|last|take|go|play|run)? ?(?P<times>\d+(?:\.\d+)?) times (?:as |so |more )?(?P<way>fast|slow|long|short|quick|slowly|quickly|faster|slower|longer|shorter|quicker|the speed|the length|speed|its speed)",
    r"(?:make |let |have |get |play |run )?{ref} ?(?:to )?(?:{to_be}|last|take|go|play|run)? ?(?P<half>half) (?:as |the |so |its |of its )?(?P<way>fast|slow|long|short|quick|speed|length|duration|time)",
    r"(?:play|run|set|put|make|let|do|have) {ref} (?:play |run )?(?:at|to|in|with) (?P<half>half)(?: of)?(?: the| its)?(?: normal| original)? (?P<way>speed|tempo)",
    r"(?:play|run|set|put|make|let|do|have) {ref} (?:play |run )?(?:at|to|in|with) (?P<double>double|2 times)(?: the| its)?(?: normal| original)? (?P<way>speed|tempo|length)",
    r"(?P<double>double) (?:the )?(?P<way>speed|length|duration|tempo) of {ref}",
    r"(?P<half>halve|half) (?:the )?(?P<way>speed|length|duration|tempo) of {ref}",
    r"(?:make |let |have )?{ref} (?:{to_be} )?(?P<double>double) (?:as |the |its |so )?(?P<way>fast|slow|long|short|speed|length)",
    r"(?P<half>half) (?P<way>speed)(?: (?:on|for) {ref})?",
    r"(?P<double>double) (?P<way>speed)(?: (?:on|for) {ref})?",
)
def times_as(desk: Desk, said: Said) -> None:
    """Such as "twice as fast", "half as long", "double the speed"."""
    factor = 0.5 if said["half"] else 2.0 if said["double"] else float(said["times"])
    if not 0.01 <= factor <= 100:
        raise Declined
    longer = (
        said["way"].startswith(("slow", "long"))
        or "length" in said["way"]
        or said["way"] in ("duration", "time")
    )
    _retime(desk, references.clips(desk, said["ref"] or "it"), 1 / factor if longer else factor)


@grammar.rule(
    rf"(?:make|let|have|play|get|run|do) {{ref}} (?:be |go |play |run |move |last |take |it )?{_DEGREE} ?{_FASTER}",
    rf"{{ref}} {{to_be}} {_DEGREE} ?{_FASTER}",
    rf"{{ref}} (?:make|play|do) {_DEGREE} ?{_FASTER}",
    rf"(?:i want |i need )?{{ref}} {_DEGREE} ?{_FASTER}",
    rf"{_DEGREE} ?{_FASTER}",
    r"(?P<way>speed up|slow down|slow|quicken|hurry up|accelerate|lengthen|stretch|extend|stretch out|shorten) {ref}(?: (?P<degree>a bit|a little|a little bit|slightly|somewhat|a lot|much))?",
    r"(?P<way>speed|slow) {ref} (?:up|down)(?: (?P<degree>a bit|a little|a little bit|slightly|somewhat|a lot|much))?",
    rf"{{ref}} {{to_be}} (?:way |much |far |a bit |a little )?too (?P<too>slow|fast|quick|long|short)(?: make it {_FASTER})?",
)
def faster(desk: Desk, said: Said) -> None:
    """Such as "faster", "a bit longer", "much slower"; "too slow" means faster."""
    way, degree = said["way"], said["degree"]
    factor = PLAIN
    if degree in ("a bit", "a little", "a little bit", "slightly", "somewhat", "a tad", "a touch"):
        factor = LITTLE
    elif degree and degree != "even":
        factor = MUCH
    quick = way in (
        "faster",
        "quicker",
        "shorter",
        "more quickly",
        "more fast",
        "speedier",
        "quicken",
        "accelerate",
        "shorten",
        "hurry up",
    ) or way.startswith("speed")
    if said["too"]:
        quick = said["too"] in ("slow", "long")
    _retime(desk, references.clips(desk, said["ref"] or "it"), factor if quick else 1 / factor)


@grammar.rule(
    r"(?:make|let|have|play|run|set) {ref} (?:be |go |run |play )?(?:by )?{n} percent (?P<way>faster|slower|longer|shorter|quicker)",
    r"(?P<way>speed up|slow down|lengthen|stretch|shorten|extend) {ref} by {n} percent",
    r"(?P<way>speed|slow) {ref} (?:up|down) by {n} percent",
    r"(?:play|run|set|make|put|do) {ref} (?:play )?(?:at|to) {n} (?P<way>percent|times)(?: of)?(?: the| its)?(?: normal| original)?(?: speed)?",
    r"(?:set|change|put) (?:the )?speed of {ref} to {n}(?: (?P<way>percent|times))?",
    r"(?P<way>slow|speed) {ref} (?:down|up) to {n} percent",
)
def percent(desk: Desk, said: Said) -> None:
    """Such as "20 % faster", "at 80 %", "set the speed to 1.5"."""
    n, way = float(said["n"]), said["way"]
    target = references.clips(desk, said["ref"])
    to = " to " in said.match[0]
    if way in ("percent", "times", "") or to:
        _speed(desk, target, n / 100 if way not in ("times", "") else n)
        return
    if way in ("faster", "quicker", "speed up", "speed"):
        _retime(desk, target, 1 + n / 100)
    elif way in ("slower", "slow down", "slow"):
        _retime(desk, target, 1 - n / 100)
    elif way in ("longer", "lengthen", "stretch", "extend"):
        _retime(desk, target, 1 / (1 + n / 100))
    else:
        _retime(desk, target, 1 / (1 - n / 100) if n < 100 else 0.0)


@grammar.rule(
    r"(?:make|let|have) {ref} (?:last|take|be|run|go(?: on)?)?(?: for)? ?(?:exactly |about |around )?{dur}(?: long| in length)?",
    r"{ref} (?:should|must|has to|needs to|shall) (?:last|take|be|run|go on)(?: for)?(?: exactly| about| around)? {dur}(?: long)?",
    r"(?:stretch|extend|lengthen|retime|fit|speed up|slow down|squeeze|compress) {ref} (?:out )?(?:in|in)?to {dur}(?: long)?",
    r"{ref} {to_be} (?:a bit |a little |much )?(?:longer|shorter) (?:, )?(?:about |around |say |like )*{dur}(?: long)?",
    r"set (?:the )?(?:length|duration) of {ref} to {dur}",
)
def lasting(desk: Desk, said: Said) -> None:
    """A clip plays in so much time."""
    for id in references.clips(desk, said["ref"]):
        _retime(desk, (id,), desk.clip(id)[1].frames / max(said.length(desk), 1))


@grammar.rule(
    r"(?:make|let|have) {ref} (?:be |last |go on )?(?:for )?{dur} (?P<way>longer|shorter)",
    r"{ref} {to_be} {dur} (?P<way>longer|shorter)",
    r"(?P<way>lengthen|extend|stretch) {ref} (?:by|for|another) {dur}",
)
def longer_by(desk: Desk, said: Said) -> None:
    """A clip plays in so much more or less time."""
    for id in references.clips(desk, said["ref"]):
        clip = desk.clip(id)[1]
        length = clip.frames + said.length(desk) * (-1 if said["way"] == "shorter" else 1)
        if length < 1:
            raise Unsure(f"It is only {clip.frames / desk.fps:g} s long; how long should it be?")
        _retime(desk, (id,), clip.frames / length)


@grammar.rule(
    r"(?:play|set|put|run|make|let) {ref} (?:at|to|back to|back at|play at|in) (?:the |its |his |her )?(?:normal|original|usual|regular|real) (?:speed|tempo|length)",
    r"(?:reset|restore) (?:the )?(?:speed|length|tempo) of {ref}",
    r"{ref} at normal speed",
)
def normal_speed(desk: Desk, said: Said) -> None:
    """A clip plays as it was made."""
    _speed(desk, references.clips(desk, said["ref"]), 1.0)


def _retime(desk: Desk, target: tuple[ClipId, ...], factor: float) -> None:
    """Play clips so many times as fast as they do, each from its own speed."""
    if factor <= 0:
        raise Unsure("How fast should it play?", ("Half speed", "Double speed"))
    clips = {clip.id: clip for _, clip in desk.project.clips}
    for speed, ids in _alike(target, lambda id: clips[id].speed).items():
        _speed(desk, ids, speed * factor)


def _alike(target: tuple[ClipId, ...], of: Callable[[ClipId], T]) -> dict[T, tuple[ClipId, ...]]:
    """Clips that are alike in something, so that one command does for all of them."""
    found: dict[T, tuple[ClipId, ...]] = {}
    for id in target:
        key = of(id)
        found[key] = (*found.get(key, ()), id)
    return found


def _speed(desk: Desk, target: tuple[ClipId, ...], speed: float) -> None:
    desk.edit(RetimeClip(target, speed=float(f"{speed:.4g}"), ripple=True))


@grammar.rule(
    r"(?:reverse|play backwards|rewind|invert) {ref}(?: in time)?",
    r"(?:play|run|do|make|let|have|put) {ref} (?:play |run |go )?(?:backwards?|in reverse|reversed|the other way around)",
    r"reverse(?: (?:it|that|this))?",
    r"{ref} (?:should |must )?(?:be |play |run |go )?(?:backwards|in reverse|reversed)",
    r"(?:play|run) {ref} (?P<forward>forwards?|the right way round|normally)(?: again)?",
    r"(?P<forward>unreverse) {ref}",
)
def reverse(desk: Desk, said: Said) -> None:
    """From the last frame to the first, or back again."""
    target, on = references.clips(desk, said["ref"] or "it"), not said["forward"]
    for was, ids in _alike(target, lambda id: desk.clip(id)[1].reverse).items():
        desk.edit(RetimeClip(ids, reverse=on and not was))


@grammar.rule(
    r"(?:mirror|flip|swap sides of|swap left and right (?:in|of|on)) {ref}(?: (?:left to right|horizontally|left and right|left right))?",
    r"(?:mirror|flip)",
    r"(?:make|let|do|play) {ref} (?:be )?(?:mirrored|with the other (?:hand|side|arm|leg|foot)|on the other side|the other way round|flipped)",
    r"{ref} (?:should |must )?be (?:mirrored|flipped)",
    r"(?:use the )?other (?:hand|side|arm|leg|foot)(?: (?:for|in|of) {ref})?",
    r"(?P<off>unmirror|un mirror|do not mirror) {ref}",
)
def mirror(desk: Desk, said: Said) -> None:
    """Left for right."""
    target, on = references.clips(desk, said["ref"] or "it"), not said["off"]
    for was, ids in _alike(target, lambda id: desk.clip(id)[1].mirror).items():
        desk.edit(MirrorClip(ids, mirror=on and not was))


@grammar.rule(
    r"(?:loop|repeat|cycle) {ref} (?P<n>\d+)(?: times)?",
    r"(?:do|play|run|make|have|let) {ref} (?:play |loop |repeat |go round )?(?P<n>\d+) times(?: in a row)?",
    r"(?:make|let|have) {ref} (?:repeat|loop|cycle|go round|go around)(?: (?P<n>\d+) times)?",
    r"(?:loop|cycle) {ref}",
    r"{ref} (?:should |must )?(?:loop|repeat|go round)s? (?P<n>\d+) times",
    r"{ref} (?P<n>\d+) times",
    r"(?:do not loop|unloop|stop looping) {ref}(?P<once>)",
    r"(?:play|do) {ref} (?:only |just )?once(?P<once>)",
)
def loop(desk: Desk, said: Said) -> None:
    """So many times round; twice where nobody says."""
    times = 1 if said.match.groupdict().get("once") is not None else int(said["n"] or 2)
    if times > 1000:
        raise Unsure("How many times?", ("2", "3", "5"))
    desk.edit(LoopClip(references.clips(desk, said["ref"]), times, ripple=True))


@grammar.rule(
    r"(?:loop|repeat|keep looping|keep repeating|cycle) {ref} (?:forever|endlessly|infinitely|until the next(?: clip)?(?: starts)?|until .+|continuously|for ever|on and on|all the time)",
    r"(?:keep|let) {ref} (?:loop|go|run|play|going|looping|running)(?:ing)?(?: on)?(?: forever| endlessly| until .+)?",
)
def extrapolate(desk: Desk, said: Said) -> None:
    """A clip goes round until another begins."""
    desk.edit(ExtrapolateClip(references.clips(desk, said["ref"]), "loop"))


@grammar.rule(
    r"(?:make|let|play|keep|do|set|put|have) {ref} (?:play |run |be |stay )?(?:in place|on the spot|stationary)",
    r"{ref} (?:should |must )?(?:be |stay |play |happen )?(?:in place|on the spot)",
    r"(?:remove|delete|drop|strip) (?:the )?(?:root motion|travel|translation)(?: (?:from|of) {ref})?",
)
def in_place(desk: Desk, said: Said) -> None:
    """The root stays over where it begins."""
    desk.edit(InPlaceClip(references.clips(desk, said["ref"] or "it"), in_place=True))


@grammar.rule(
    r"(?:let|make|have) {ref} (?:move|travel|go|walk) (?:again|through space|freely|from place to place)",
    r"{ref} (?:not |no longer )in place(?: any more| anymore)?",
    r"(?:make|let|play) {ref} not (?:be |stay )?in place",
    r"(?:restore|bring back|add back|give back) (?:the )?root motion(?: (?:to|of|on) {ref})?",
)
def not_in_place(desk: Desk, said: Said) -> None:
    """The root travels again."""
    desk.edit(InPlaceClip(references.clips(desk, said["ref"] or "it"), in_place=False))


# -- standing -------------------------------------------------------------------------------------

_SIDE = r"(?P<side>left|right|clockwise|anticlockwise|around|round)"


@grammar.rule(
    rf"(?:turn|rotate|face|spin|orient) {{ref}} (?:by )?{{n}} degrees(?: (?:to|towards) (?:the |his |her )?| ){_SIDE}",
    rf"(?:turn|rotate|face|orient) {{ref}} (?:to |towards )?(?:the |his |her )?{_SIDE}(?: by)? {{n}} degrees",
    rf"(?:turn|rotate|face|orient) {{ref}} (?:back )?(?:by )?(?:another )?{{n}} degrees(?: back)?(?: (?:to|towards) the | ){_SIDE}",
    r"(?:turn|rotate|orient) {ref} (?:by )?{n} degrees",
    rf"(?:turn|rotate|orient) {{ref}} (?:to |towards )?(?:the |his |her )?{_SIDE}",
)
def turn(desk: Desk, said: Said) -> None:
    """Clips head elsewhere; left is positive, a quarter turn where nobody says."""
    around = said["side"] in ("around", "round")
    degrees = float(said["n"] or (180 if around else 90))
    if said["side"] in ("right", "clockwise"):
        degrees = -degrees
    for id in references.clips(desk, said["ref"]):
        old = desk.clip(id)[1].placement
        new = replace(old, turn=_tidy(old.turn + math.radians(degrees)))
        desk.edit(PlaceClip((id,), new))


_WAY = r"(?P<side>left|right|forwards?|ahead|backwards?|back|further back|further forward|to the front)"


@grammar.rule(
    rf"(?:move|shift|place|put|start|offset|nudge|slide|push) {{ref}} (?:by )?{{n}} metres (?:further )?(?:to (?:the|his|her) )?{_WAY}",
    rf"(?:move|shift|place|put|start|offset|nudge|slide|push) {{ref}} (?:to the )?{_WAY}(?: by)? {{n}} metres",
)
def shift(desk: Desk, said: Said) -> None:
    """Clips stand elsewhere, in the heading of the one before."""
    x, z = direction(said["side"], float(said["n"]))
    for id in references.clips(desk, said["ref"]):
        old = desk.clip(id)[1].placement
        desk.edit(PlaceClip((id,), replace(old, x=_tidy(old.x + x), z=_tidy(old.z + z))))


def direction(side: str, metres: float) -> tuple[float, float]:
    """X and z of a step to a side: +X is left, +Z ahead."""
    if side in ("left", "right"):
        return (metres if side == "left" else -metres), 0.0
    return 0.0, -metres if "back" in side else metres


_POINT = r"(?:x ?=? ?(?P<x>-?\d+(?:\.\d+)?) ?,? ?(?:and )?z ?=? ?(?P<z>-?\d+(?:\.\d+)?)|(?P<x2>-?\d+(?:\.\d+)?) ?,? (?:and )?(?P<z2>-?\d+(?:\.\d+)?)|(?P<o>(?:the )?(?:origin|world origin|center|centre|middle of the (?:scene|stage|world))))"


@grammar.rule(
    rf"(?:pin|fix|anchor|nail|place|put|start|lock) {{ref}} (?:down )?(?:at|to|on|in|over) (?:the point |the position |position )?{_POINT}"
)
def pin(desk: Desk, said: Said) -> None:
    """A clip stands at a place of the world."""
    x, z = float(said["x"] or said["x2"] or 0), float(said["z"] or said["z2"] or 0)
    for id in references.clips(desk, said["ref"]):
        turned = desk.clip(id)[1].placement.turn if desk.clip(id)[1].placement.pinned else 0.0
        desk.edit(PlaceClip((id,), Placement(x, z, turned, pinned=True)))


@grammar.rule(
    r"(?:pin|anchor) {ref}(?: (?:down|in place|where it is|here|to the (?:ground|floor|world)))?"
)
def pin_where(desk: Desk, said: Said) -> None:
    """A place to pin to is needed."""
    references.clips(desk, said["ref"])
    raise Unsure("Where in the world should it be pinned?", ("At the origin",))


@grammar.rule(r"(?:unpin|un pin|release|unanchor) {ref}", r"(?:do not pin) {ref}")
def unpin(desk: Desk, said: Said) -> None:
    """Clips follow on from the one before again."""
    desk.edit(PlaceClip(references.clips(desk, said["ref"]), Placement()))


@grammar.rule(
    r"(?:reset|clear|remove) (?:the )?(?:placement|place|position|offset|turn|rotation) of {ref}"
)
def unplace(desk: Desk, said: Said) -> None:
    """Clips stand where they follow on."""
    desk.edit(PlaceClip(references.clips(desk, said["ref"]), Placement()))


def _tidy(value: float) -> float:
    return round(value, 9) + 0.0
