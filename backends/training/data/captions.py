"""Captions from facts: what is done, how, and what the motion itself shows.

Every caption of a clip is true of that clip: content and style come from the data set, details
(path, pace, hand, height) are measured. A neutral style is never said, so that a description
without one means the neutral way. Choices are drawn from a generator seeded by the clip's id.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from backends.training.data.language import (
    article,
    names_a_side,
    possessive,
    say_base,
    say_gerund,
    say_third,
)
from backends.training.data.measure import Facts
from backends.training.data.styles import STYLES, Style
from backends.training.data.take import MEASURED_GAIT, MEASURED_SEAT, Action, Take

#: Captions a clip.
COUNT = 10

_ANYONE = (
    "a person", "a person", "a person", "someone", "the person", "a human", "the figure",
    "a character", "somebody",
)  # fmt: skip
_KNOWN = {
    "man": ("a man", "a person", "the man", "someone", "a guy", "a person"),
    "woman": ("a woman", "a person", "the woman", "someone", "a lady", "a person"),
}


@dataclass(frozen=True)
class _Clip:
    """What the templates see of one clip."""

    subjects: tuple[str, ...]
    phrases: tuple[str, ...]
    nouns: tuple[str, ...]
    style: Style
    details: tuple[tuple[str, ...], ...]
    kind: str


def rng_for(clip_id: str) -> np.random.Generator:
    """A generator that depends on the clip's id alone, on every machine."""
    digest = hashlib.sha256(clip_id.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def write(clip_id: str, take: Take, facts: Facts, pieces: int) -> list[str]:
    """Distinct captions of one clip, :data:`COUNT` of them where the words suffice.

    Args:
        clip_id: Seeds the choices.
        take: What is known.
        facts: What was measured of this piece.
        pieces: Into how many the take was cut: descriptions of a whole take by people are used
            for uncut ones only.
    """
    rng = rng_for(clip_id)
    human = [tidy(text) for text in take.captions] if pieces == 1 else []
    if take.reader != "bvh" and take.captions:
        return list(dict.fromkeys(tidy(text) for text in take.captions))
    action = take.action
    clip = _Clip(
        subjects=_KNOWN.get(take.people, _ANYONE),
        phrases=_phrases(action, facts, pieces),
        nouns=() if pieces > 1 and action.pieces else action.nouns,
        style=STYLES[take.style],
        details=details(action, facts, pieces),
        kind=action.kind,
    )
    out = list(dict.fromkeys(human))[:4]
    templates = _templates(clip)
    order = rng.permutation(len(templates))
    for attempt in range(8 * COUNT):
        if len(out) >= COUNT:
            break
        text = tidy(templates[order[attempt % len(order)]](clip, rng))
        if text and text not in out:
            out.append(text)
    return out


def _phrases(action: Action, facts: Facts, pieces: int) -> tuple[str, ...]:
    """Verb phrases for a whole take, or those that hold for a piece of it."""
    if pieces == 1 or not action.pieces:
        return action.phrases
    if action.pieces == (MEASURED_GAIT,):
        return _measured_gait(facts)
    if action.pieces == (MEASURED_SEAT,):
        return _measured_seat(facts)
    return action.pieces


def _measured_gait(facts: Facts) -> tuple[str, ...]:
    if facts.travel < 0.4 and facts.speed < 0.4:
        return ("*stand", "*stand in place", "*wait")
    verb = "run" if facts.speed > 1.9 else "walk"
    if facts.forward < -0.2:
        return (f"*{verb} backwards", f"*{verb} back", "*move backwards")
    return (f"*{verb}", f"*{verb} forward", f"*{verb} along")


def _measured_seat(facts: Facts) -> tuple[str, ...]:
    starts, ends = facts.starts_low < 0.8, facts.ends_low < 0.8
    if starts and ends:
        return ("*sit", "*remain seated", "*sit on a stool")
    if ends:
        return ("*sit down", "*sit down on a stool", "*take a seat")
    if starts:
        return ("*stand up", "*get up from a stool", "*rise from a seat")
    if facts.lowest < 0.8:
        return ("*sit down and *stand up", "*sit down on a stool, then *get up")
    return ("*stand by a stool", "*stand")


def tidy(text: str) -> str:
    """One line, single spaces, no closing full stop, first letter small: as people type."""
    text = re.sub(r"\s+", " ", text).strip().rstrip(".").strip()
    return text[:1].lower() + text[1:]


# Templates. Each draws its own words; "" means it does not apply.

_Template = Callable[[_Clip, np.random.Generator], str]


def _templates(clip: _Clip) -> list[_Template]:
    """The templates that apply, most of them in the third person, as most descriptions are."""
    out: list[_Template] = [_statement, _statement, _progressive, _command, _gerund]
    if clip.nouns:
        out.append(_noun)
    if clip.details:
        out += [_statement_detail, _statement_detail, _command_detail]
    if clip.details and clip.kind == "idle":
        out += [_statement_detail, _statement_detail, _progressive_detail]
    if len(clip.details) > 1:
        out += [_statement_two_details]
    if clip.style.manners:
        out += [_statement, _adverb_first]
    if clip.style.people:
        out += [_styled_person, _styled_person]
    return out


def _pick(rng: np.random.Generator, words: tuple[str, ...]) -> str:
    return words[int(rng.integers(len(words)))]


def _detail(clip: _Clip, rng: np.random.Generator) -> str:
    return _pick(rng, clip.details[int(rng.integers(len(clip.details)))])


def _manner(clip: _Clip, rng: np.random.Generator) -> str:
    """``" proudly"`` or ``" with pride"``, or nothing for the neutral style."""
    words = clip.style.adverbs + clip.style.manners
    return f" {_pick(rng, words)}" if words else ""


def _statement(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.subjects)
    return possessive(
        f"{subject} {say_third(_pick(rng, clip.phrases))}{_manner(clip, rng)}", subject
    )


def _progressive(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.subjects)
    doing = say_gerund(_pick(rng, clip.phrases))
    return possessive(f"{subject} is {doing}{_manner(clip, rng)}", subject)


def _command(clip: _Clip, rng: np.random.Generator) -> str:
    return possessive(f"{say_base(_pick(rng, clip.phrases))}{_manner(clip, rng)}", "")


def _gerund(clip: _Clip, rng: np.random.Generator) -> str:
    return possessive(f"{say_gerund(_pick(rng, clip.phrases))}{_manner(clip, rng)}", "a person")


def _noun(clip: _Clip, rng: np.random.Generator) -> str:
    noun = _pick(rng, clip.nouns)
    if not clip.style.adjectives:
        return noun
    bare = re.match(r"an? (.*)", noun)
    if bare is None:
        return possessive(f"{noun}{_manner(clip, rng)}", "a person")
    return article(f"{_pick(rng, clip.style.adjectives)} {bare[1]}")


def _adverb_first(clip: _Clip, rng: np.random.Generator) -> str:
    single = tuple(w for w in clip.style.adverbs if " " not in w)
    if not single:
        return ""
    subject = _pick(rng, clip.subjects)
    doing = say_third(_pick(rng, clip.phrases))
    return possessive(f"{subject} {_pick(rng, single)} {doing}", subject)


def _styled_person(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.style.people)
    detail = f", {_detail(clip, rng)}" if clip.details and rng.random() < 0.3 else ""
    return possessive(f"{subject} {say_third(_pick(rng, clip.phrases))}{detail}", subject)


def _statement_detail(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.subjects)
    doing = say_third(_pick(rng, clip.phrases))
    detail = _detail(clip, rng)
    return possessive(f"{subject} {doing}{_manner(clip, rng)}, {detail}", subject)


def _progressive_detail(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.subjects)
    doing = say_gerund(_pick(rng, clip.phrases))
    return possessive(f"{subject} is {doing}, {_detail(clip, rng)}", subject)


def _statement_two_details(clip: _Clip, rng: np.random.Generator) -> str:
    subject = _pick(rng, clip.subjects)
    first, second = sorted(rng.choice(len(clip.details), 2, replace=False).tolist())
    doing = say_third(_pick(rng, clip.phrases))
    both = f"{_pick(rng, clip.details[first])}, {_pick(rng, clip.details[second])}"
    return possessive(f"{subject} {doing}{_manner(clip, rng)}, {both}", subject)


def _command_detail(clip: _Clip, rng: np.random.Generator) -> str:
    doing = say_base(_pick(rng, clip.phrases))
    return possessive(f"{doing}{_manner(clip, rng)}, {_detail(clip, rng)}", "")


# Details: participle clauses that go after any verb phrase ("..., turning to the left"), as groups
# of synonyms, so that two of one caption never say the same.

_Details = list[tuple[str, ...]]


def details(action: Action, facts: Facts, pieces: int) -> tuple[tuple[str, ...], ...]:
    """What the motion shows beyond its name."""
    said = " ".join(action.phrases + action.nouns)
    if action.kind == "gait":
        found = _path(facts, said) + _pace(action, facts) + _ends(facts, said)
    elif action.kind == "gesture":
        found = _hand(facts, said) + _stance(facts)
    elif action.kind == "idle":
        found = _idling(facts)
    else:
        found = _body(facts, said, pieces)
        if not any(re.search(r"hand|arm", words) for group in found for words in group):
            found += _hand(facts, said)
    return tuple(found)


def _side(value: float) -> str:
    return "left" if value > 0 else "right"


def _path(facts: Facts, said: str) -> _Details:
    """Direction of travel and turns, where the name does not tell."""
    out: _Details = []
    if facts.travel > 0.5 and facts.upright and not re.search(r"back|side|strafe|forward", said):
        if facts.forward < -0.25:
            out.append(("moving backwards",))
        elif abs(facts.sideways) > max(0.25, 1.2 * abs(facts.forward)):
            out.append((f"moving sideways to the {_side(facts.sideways)}",))
    if names_a_side(said) or re.search(r"turn|change direction|\beight\b|direction", said):
        return out
    degrees, side = abs(np.degrees(facts.turn)), _side(facts.turn)
    if facts.upright and facts.speed > 0.3:
        if degrees > 300:
            out.append((f"going around in a circle to the {side}", f"circling {side}"))
        elif degrees > 140:
            out.append((f"turning around to the {side}", f"making a u-turn to the {side}"))
        elif degrees > 60:
            out.append((f"turning {side}", f"turning to the {side}", f"with a turn to the {side}"))
        elif degrees > 25:
            out.append((f"curving slightly to the {side}", f"bearing {side}"))
        elif facts.travel > 1.0 and degrees < 10:
            out.append(("in a straight line", "going straight"))
    return out


#: Speeds in m/s below which a gait is slow and above which it is fast.
_PACES = {"walk": (0.75, 1.5), "run": (2.0, 3.6), "sprint": (3.0, 5.0)}


def _pace(action: Action, facts: Facts) -> _Details:
    family = "run" if re.search(r"\b(run|jog)", action.content) else "walk"
    if action.content == "sprint":
        family = "sprint"
    elif not re.match(r"(walk|run|jog)", action.content):
        return []
    if re.search(r"-(to|slow|brisk|with|stop|jump|duck|over|hop|pick)|run-.*back", action.content):
        return []
    slow, fast = _PACES[family]
    if 0 < facts.speed < slow:
        return [("at a slow pace", "slowly", "taking {their} time")]
    if facts.speed > fast:
        return [("at a fast pace", "quickly", "at high speed")]
    return []


def _ends(facts: Facts, said: str) -> _Details:
    if re.search(r"\b(stop|start|begin|halt|stand|then)", said):
        return []
    if facts.starts_still and facts.ends_still:
        return [("starting and ending at a standstill", "from a standstill to a standstill")]
    if facts.ends_still:
        return [("then coming to a stop", "stopping at the end")]
    if facts.starts_still:
        return [("starting from a standstill", "setting off from a stand")]
    return []


def _hand(facts: Facts, said: str) -> _Details:
    """The hand that does it, where the name does not tell and one clearly does more."""
    if names_a_side(said) or re.search(r"both|two|kick|bow\b|walk|jump", said):
        return []
    if facts.hand_travel < 0.25:
        return []
    if facts.hand == "both":
        up = facts.hands_up == "both"
        return [("using both hands", "with both hands raised")] if up else []
    out: _Details = [(f"using the {facts.hand} hand", f"with {{their}} {facts.hand} hand")]
    if facts.hands_up == facts.hand and "raise" not in said:
        out.append((f"{facts.hand} hand raised high", f"with the {facts.hand} arm up"))
    return out


def _stance(facts: Facts) -> _Details:
    if facts.travel > 0.8:
        return [("stepping forward",) if facts.forward > 0 else ("stepping back",)]
    return []


def _idling(facts: Facts) -> _Details:
    if facts.lowest < 0.75 or not facts.upright:
        return []
    out: _Details = []
    if facts.sway >= 2:
        out.append(
            ("shifting {their} weight from one leg to the other", "swaying from side to side")
        )
    elif facts.sway == 1:
        out.append(("shifting {their} weight once", "shifting {their} weight to the other leg"))
    if len(facts.glances) == 2:
        out.append(("looking around", "looking left and right"))
    elif facts.glances:
        out.append((f"looking to the {facts.glances[0]}", f"glancing {facts.glances[0]}"))
    if facts.travel > 0.25:
        out.append(("taking a few steps", "shuffling {their} feet"))
    if abs(facts.turn) > np.radians(25):
        out.append((f"turning a little to the {_side(facts.turn)}",))
    if facts.hand_travel > 0.08:
        which = f"{{their}} {facts.hand} hand" if facts.hand != "both" else "both hands"
        out.append((f"fidgeting with {which}", f"moving {which} a little"))
    if facts.lean > np.radians(35):
        out.append(("bending forward for a moment", "leaning over"))
    return out or [("hardly moving", "keeping still", "breathing calmly", "motionless")]


def _body(facts: Facts, said: str, pieces: int) -> _Details:
    """What the whole body does; the only guide where a long take was cut into pieces."""
    out: _Details = []
    if not re.search(r"jump|hop|leap|flip|spring|bounce|ladder|climb|rope|air", said):
        if facts.flights == 1:
            out.append(("jumping once",))
        elif facts.flights:
            out.append(("jumping several times",))
    if not re.search(r"turn|spin|whirl|lie|roll", said):
        out += _turning(facts)
    if pieces == 1:
        return out
    if facts.lowest < 0.7 and not re.search(r"crouch|squat|lie|sit", said):
        low = facts.ends_low < 0.75
        out.append(("going down low",) if low else ("getting down low and up again",))
    if facts.lean > np.radians(60) and facts.upright:
        out.append(("bending far forward",))
    if not re.search(r"raise|arms|hands up", said):
        if facts.hands_up == "both":
            out.append(("raising both arms", "with both hands up high"))
        elif facts.hands_up:
            up = facts.hands_up
            out.append((f"raising {{their}} {up} arm", f"with the {up} hand up high"))
    return out + _travelling(facts)


def _turning(facts: Facts) -> _Details:
    degrees, side = abs(np.degrees(facts.turn)), _side(facts.turn)
    if not facts.upright or degrees < 50:
        return []
    if degrees > 250:
        return [(f"spinning around to the {side}", f"with a spin to the {side}")]
    return [(f"turning {'around ' if degrees > 130 else ''}to the {side}",)]


def _travelling(facts: Facts) -> _Details:
    out: _Details = []
    if facts.travel > 1.0:
        if abs(facts.sideways) > abs(facts.forward):
            out.append((f"moving to the {_side(facts.sideways)}",))
        else:
            out.append(("moving forward",) if facts.forward > 0 else ("moving backwards",))
    elif facts.travel < 0.3 and facts.speed < 0.3:
        out.append(("staying in place",))
    if facts.motion > 1.3:
        out.append(("with fast movements",))
    elif facts.motion < 0.3:
        out.append(("with slow movements",))
    return out
