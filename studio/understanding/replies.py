"""What is answered to each kind of question: about one figure from facts, about two from both."""

from __future__ import annotations

import math

import numpy as np

from studio.understanding import words
from studio.understanding.bodies import Together
from studio.understanding.facts import MOVING, Facts
from studio.understanding.words import listed, metres, sentence, spans

_SIDES = ("left", "right")


def how_far(name: str, facts: Facts) -> str:
    """The way over the ground, and where it leads."""
    if facts.way < words.WAY:
        return f"{name} stays in place; the root moves {metres(facts.way)} in {_seconds(facts)}"
    end = f"{metres(facts.away)} from where it began, {words.direction(facts)}"
    return f"{name} goes {metres(facts.way)} in {_seconds(facts)} and ends {end}"


def how_fast(name: str, facts: Facts) -> str:
    """Mean speed while moving, and the highest."""
    if facts.moving == 0:
        return f"{name} does not move over the ground"
    top = float(np.percentile(facts.pace, 95))
    told = f"{name} moves at {facts.speed:.1f} m/s"
    return told if top < 1.2 * facts.speed else f"{told}, {top:.1f} m/s at most"


def feet(name: str, facts: Facts) -> str:
    """Which foot is down when."""
    at = facts.range.start / facts.fps
    when = f"at {at:.1f} s, " if words.is_instant(facts) else ""
    return f"{name}: {when}{words.feet(facts)}"


def hands(name: str, facts: Facts) -> str:
    """Whether and when hands are above the head."""
    above = facts.above
    both = above.all(axis=1)
    if both.any():
        return f"yes, both hands of {name} are above the head {spans(both, facts)}"
    told = [
        f"the {s} hand {spans(on, facts)}"
        for s, on in zip(_SIDES, above.T, strict=True)
        if on.any()
    ]
    if told:
        return f"not both: of {name}, {listed(told)}"
    raised = [s for s, on in zip(_SIDES, facts.raised.T, strict=True) if on.any()]
    more = f", only the {listed(raised)} above the shoulder" if raised else ""
    return f"no, no hand of {name} is above the head{more}"


def jumps(name: str, facts: Facts) -> str:
    """Whether and when both feet leave the ground."""
    if not facts.jumps:
        flies = " (both feet leave the ground for moments)" if facts.airborne.any() else ""
        return f"no, {name} does not jump{flies}"
    times = [(each.start / facts.fps, each.stop / facts.fps) for each in facts.jumps]
    return f"yes, {name} is in the air {listed([f'from {a:.1f} to {b:.1f} s' for a, b in times])}"


def low(name: str, facts: Facts) -> str:
    """Whether and when the body is low."""
    low = facts.height < words.LOW
    share = 100 * float(facts.height.min())
    if not low.any():
        return f"no, the pelvis of {name} stays at {share:.0f}% of its height or more"
    return f"yes, {name} is low {spans(low, facts)}, at {share:.0f}% of the height when standing"


def still(name: str, facts: Facts) -> str:
    """Whether and when nothing moves."""
    if not facts.still.any():
        return f"no, {name} is never still"
    if facts.still.all():
        return f"yes, {name} keeps still all the time"
    return f"{name} keeps still {spans(facts.still, facts)}"


def moves(name: str, facts: Facts) -> str:
    """Whether and when it goes anywhere."""
    going = facts.pace > MOVING
    if not going.any():
        return f"no, {name} stays in place"
    return f"yes, {name} moves over the ground {spans(going, facts)}"


def turns(name: str, facts: Facts) -> str:
    """How far it has turned in the end."""
    degrees = math.degrees(facts.turn)
    if abs(degrees) < words.TURN:
        swing = math.degrees(float(np.ptp(facts.headings)))
        back = f", after looking up to {swing:.0f} degrees aside" if swing > 2 * words.TURN else ""
        return f"{name} ends facing as at first, within {max(abs(degrees), 1):.0f} degrees{back}"
    return f"{name} {words.turning(facts)}"


def where(name: str, facts: Facts) -> str:
    """Where it is."""
    (x0, z0), (x1, z1) = facts.places[0].tolist(), facts.places[-1].tolist()
    if facts.way < words.WAY:
        return f"{name} stands at x {x1:.1f} m, z {z1:.1f} m"
    return f"{name} goes from x {x0:.1f} m, z {z0:.1f} m to x {x1:.1f} m, z {z1:.1f} m"


def how_long(name: str, facts: Facts) -> str:
    """How long that is."""
    return f"{name}: {_seconds(facts)}"


def _seconds(facts: Facts) -> str:
    return f"{facts.seconds:.1f} s"


def apart(two: Together, one: str, other: str, fps: float, start: int) -> str:
    """How far apart two are."""
    low, high = float(two.distance.min()), float(two.distance.max())
    told = metres(low) if high - low < 0.1 else f"{metres(low)} to {metres(high)}"
    return sentence(f"{one} and {other} are {told} apart")


def facing(two: Together, one: str, other: str, fps: float, start: int) -> str:
    """Who faces whom."""
    return sentence(words.facing(two, one, other))


def meeting(two: Together, one: str, other: str, fps: float, start: int) -> str:
    """Whether two bodies meet."""
    return f"{one} and {other}: {words.meeting(two, fps, start)}"
