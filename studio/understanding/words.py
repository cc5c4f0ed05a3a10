"""Facts in words: sentences about one figure, part by part, and about two."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from motion.contacts import Flags, runs
from studio.document.model import Range
from studio.understanding.bodies import Together
from studio.understanding.facts import DOWN, LOW, Facts

#: Mean speeds over the ground, m/s, up to which a pace is called so.
PACES: tuple[tuple[float, str], ...] = (
    (0.75, "walks slowly"),
    (1.5, "walks"),
    (1.9, "walks fast"),
    (3.6, "runs"),
    (math.inf, "runs fast"),
)
#: A smaller way over the ground than this, metres, is no going.
WAY = 0.4
#: Turns in degrees: less is none (a walker's pelvis swings by ten to either side), and from the
#: second on it is a turn around.
TURN, AROUND = 25.0, 140.0
#: A share of the time from which on something holds "all the time".
ALWAYS = 0.9
#: What holds for less of the time is not told.
BRIEF = 0.05
#: A hand moves a little, or much, from these mean speeds against the chest, m/s, on.
HAND, BUSY_HAND = 0.15, 0.6
#: Somebody looks at another within this angle, degrees; beyond the second they look away.
FACING, AWAY = 30.0, 120.0


def sentence(words: str) -> str:
    """With a capital letter and a full stop.

    >>> sentence("Ann walks")
    'Ann walks.'
    """
    words = words.strip()
    return f"{words[:1].upper()}{words[1:]}{'' if words.endswith(('.', '?', '!')) else '.'}"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]])) if parts else ""


def metres(value: float) -> str:
    """A length.

    >>> metres(3.42), metres(0.043)
    ('3.4 m', '4 cm')
    """
    return f"{value:.1f} m" if value >= 0.95 else f"{100 * value:.0f} cm"


def span(range: Range, fps: float) -> str:  # noqa: A002
    """When a range is.

    >>> span(Range(60, 150), 30.0)
    'between 2.0 and 5.0 s'
    """
    return f"between {range.start / fps:.1f} and {range.stop / fps:.1f} s"


def spans(flags: Flags, facts: Facts, limit: int = 4) -> str:
    """When ``flags`` of the facts hold: ``from 1.0 to 2.5 s and from 3.0 to 3.4 s``."""
    found = (runs(flags) + facts.range.start) / facts.fps
    told = [f"from {a:.1f} to {b:.1f} s" for a, b in found[:limit].tolist()]
    more = [] if len(found) <= limit else [f"{len(found) - limit} times more"]
    return listed([*told, *more])


def travel(facts: Facts) -> str:
    """Where the figure goes and how fast: ``walks 3.4 m forward, at 1.1 m/s``."""
    if facts.still.mean() >= ALWAYS:
        return "stands still" if facts.height.mean() >= LOW else "keeps still, low down"
    if facts.way < WAY:
        return "stays in place"
    where = "" if facts.away < WAY else f" {direction(facts)}"
    if facts.way < 1.0 and facts.moving < 0.5:
        return f"moves {metres(facts.way)}{where}"
    verb = next(word for most, word in PACES if facts.speed <= most)
    told = f"{verb} {metres(facts.way)}{where}, at {facts.speed:.1f} m/s"
    if facts.moving < 0.6:
        told += f" while moving ({100 * facts.moving:.0f}% of the time)"
    return told


def direction(facts: Facts) -> str:
    """Where it ends, seen from its beginning."""
    angle = math.degrees(math.atan2(facts.left, facts.ahead))
    for most, word in ((30, "forward"), (60, "forward and to the"), (120, "to the")):
        if abs(angle) <= most:
            return word if word == "forward" else f"{word} {side(angle)}"
    return "backwards" if abs(angle) > 150 else f"backwards and to the {side(angle)}"


def side(value: float) -> str:
    """Left is positive."""
    return "left" if value > 0 else "right"


def turning(facts: Facts) -> str:
    """``turns left by 90 degrees``; empty where it does not turn."""
    degrees = math.degrees(facts.turn)
    if abs(degrees) < TURN:
        return ""
    how = "turns around to the" if AROUND <= abs(degrees) <= 220 else "turns"
    return f"{how} {side(degrees)} by {abs(degrees):.0f} degrees"


def legs(facts: Facts) -> str:
    """What the legs do besides walking: jumps, going down, standing on one foot."""
    told = []
    if facts.jumps:
        count = len(facts.jumps)
        times = "once" if count == 1 else "twice" if count == 2 else f"{count} times"
        told.append(f"jumps {times}")
    low, down = facts.height < LOW, facts.height < DOWN
    if down.any():
        told.append(f"is down on the ground {_when(down, facts)}")
    elif low.any():
        told.append(f"is low, crouching or sitting, {_when(low, facts)}")
    one = facts.feet[:, 0] ^ facts.feet[:, 1]
    if facts.way < WAY and one.mean() >= 0.5 and not facts.airborne.any():
        told.append("stands mostly on one foot")
    return listed(told)


def arms(facts: Facts) -> str:
    """What the hands do."""
    told = _held_up(facts.above, "above the head", facts)
    told = told or _held_up(facts.raised, "above the shoulder", facts)
    busy = [n for n, pace in zip(("left", "right"), facts.hands, strict=True) if pace > BUSY_HAND]
    if len(busy) == 1:
        told.append(f"the {busy[0]} hand moves most")
    elif busy:
        told.append("both hands move much")
    elif not told and facts.hands.max() < HAND:
        told.append("the hands hardly move")
    return listed(told)


def _held_up(flags: Flags, where: str, facts: Facts) -> list[str]:
    both = flags.all(axis=1)
    if both.mean() > BRIEF:
        return [f"both hands are {where} {_when(both, facts)}"]
    sides = zip(("left", "right"), flags.T, strict=True)
    return [f"the {s} hand is {where} {_when(on, facts)}" for s, on in sides if on.mean() > BRIEF]


def whole(facts: Facts) -> str:
    """All of it in one line, without who."""
    return listed([part for part in (travel(facts), turning(facts), legs(facts)) if part])


def parts(facts: Facts) -> dict[str, str]:
    """``root``, ``legs`` and ``arms``, those of which there is something to say."""
    root = listed([part for part in (travel(facts), turning(facts)) if part])
    told = {"root": root, "legs": legs(facts), "arms": arms(facts)}
    return {name: words for name, words in told.items() if words}


def is_instant(facts: Facts) -> bool:
    """Whether so few frames were asked about that there is no before and after in them."""
    return len(facts.range) <= max(2, round(0.1 * facts.fps))


def feet(facts: Facts) -> str:
    """Which foot is down, at an instant or over time."""
    left, right = facts.feet.T
    if is_instant(facts):  # what holds for most of it
        down = [name for name, on in (("left", left), ("right", right)) if on.mean() > 0.5]
        if len(down) == 2:
            return "both feet are down"
        if down:
            return f"the {down[0]} foot is down"
        return "neither foot is down" + (", both are in the air" if facts.airborne.any() else "")
    told = []
    for name, on in (("left", left), ("right", right)):
        when = "is never down" if not on.any() else f"is down {_when(on, facts)}"
        told.append(f"the {name} foot {when}")
    return "; ".join(told)


def relation(facts: Together, one: str, other: str, fps: float, start: int = 0) -> str:
    """How two figures are to each other: distance, facing, touching."""
    first, last = float(facts.distance[0]), float(facts.distance[-1])
    told = f"{one} and {other} are {metres(first)} apart"
    if abs(last - first) > 0.3:
        told += f" at first and {metres(last)} in the end"
    return f"{sentence(told)} {sentence(facing(facts, one, other))} {meeting(facts, fps, start)}"


def facing(facts: Together, one: str, other: str) -> str:
    """Who looks at whom, most of the time."""
    angles = np.degrees(np.abs(facts.bearing))
    at = [bool((angles[:, i] <= FACING).mean() >= 0.5) for i in (0, 1)]
    off = [bool((angles[:, i] >= AWAY).mean() >= 0.5) for i in (0, 1)]
    if all(at):
        return f"{one} and {other} face each other"
    if all(off):
        return f"{one} and {other} have their backs to each other"
    if at[0] != at[1]:
        who, whom = (one, other) if at[0] else (other, one)
        return f"{who} faces {whom}, who does not face back"
    return f"{one} and {other} do not face each other"


def meeting(facts: Together, fps: float, start: int = 0) -> str:
    """Whether and when two bodies touch or stand in each other."""
    if not facts.touching.any():
        nearest = float(facts.gap.min())
        near = "" if math.isinf(nearest) else f" They come as near as {metres(nearest)}."
        return f"Their bodies do not touch.{near}"
    a, b = ((runs(facts.touching)[0] + start) / fps).tolist()
    frame = (int(facts.gap.argmin()) + start) / fps
    if facts.depth < 0.01:
        return f"Their bodies touch from {a:.1f} to {b:.1f} s."
    return (
        f"Their bodies are in each other, {metres(facts.depth)} deep at {frame:.1f} s, first from "
        f"{a:.1f} to {b:.1f} s."
    )


def _when(flags: Flags, facts: Facts) -> str:
    return "all the time" if flags.mean() >= ALWAYS else spans(flags, facts)
