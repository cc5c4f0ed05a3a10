"""Questions about the scene, answered from what is measured."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations

from studio.document.model import Character, CharacterId, Range
from studio.understanding import replies, words
from studio.understanding.bodies import Together
from studio.understanding.facts import Facts
from studio.understanding.scene import Scene
from studio.understanding.words import sentence

#: A description fits well enough to be told without a doubt from this cosine on; below the second
#: it is not told at all. Nine in ten captured clips are above the first with their own description.
FITS, LIKELY = 0.66, 0.45

NO_MODEL = "No language model is set, so this is what is measured and not why."


def describe(scene: Scene, who: CharacterId, asked: Range | None = None) -> str:
    """What a character does, in a few sentences: as it looks, then part by part as measured."""
    character, facts = scene.who(who), scene.facts(who, asked)
    told = [_looks(scene, who, asked)]
    for name, text in words.parts(facts).items():
        told.append(sentence(text if name == "arms" else f"{character.name} {text}"))
    when = "" if asked is None else f"{character.name}, {words.span(facts.range, facts.fps)}: "
    return when + " ".join(filter(None, told))


def _looks(scene: Scene, who: CharacterId, asked: Range | None) -> str:
    """The best caption, and how sure it is; empty where there is none."""
    found = scene.captions(who, asked)
    if not found or found[0][1] < LIKELY:
        return ""
    text, score = found[0]
    doubt = "It looks like" if score >= FITS else "It may be"
    return f"{doubt} '{text}' ({score:.2f})."


def answer(
    scene: Scene, question: str, about: CharacterId | None = None, asked: Range | None = None
) -> str:
    """The answer to a question about the scene.

    Args:
        about: Whom it is about; None for everyone that moves.
        asked: Frames; None for those that the question names, else all.

    Raises:
        MotionStudioError: who or when it asks about is not there.
    """
    asked = asked or times(question, scene.project.fps)
    people = scene.people if about is None else (scene.who(about),)
    if re.search(r"\bwhy\b|how come|what for\b", question, re.IGNORECASE):
        return _why(scene, question, people, asked)
    for pattern, reply in _OF_TWO:
        if re.search(pattern, question, re.IGNORECASE):
            return _of_pairs(scene, about, asked, reply)
    for pattern, reply in _OF_ONE:
        if re.search(pattern, question, re.IGNORECASE):
            return _of_each(scene, people, asked, reply)
    if scene.explain is not None:
        return scene.explain(question, facts_in_words(scene, people, asked))
    return facts_in_words(scene, people, asked)


def facts_in_words(scene: Scene, people: tuple[Character, ...], asked: Range | None) -> str:
    """All that is measured of some characters, and of each to another."""
    told = [describe(scene, who.id, asked) for who in people]
    for one, other in combinations(people, 2):
        two, span = scene.together(one.id, other.id, asked), scene.span(asked)
        told.append(words.relation(two, one.name, other.name, scene.project.fps, span.start))
    return " ".join(told)


def _why(scene: Scene, question: str, people: tuple[Character, ...], asked: Range | None) -> str:
    facts = facts_in_words(scene, people, asked)
    return f"{NO_MODEL} {facts}" if scene.explain is None else scene.explain(question, facts)


_UNIT = r"(?:s\b|sec(?:ond)?s?\b)"
_TIMES = (
    rf"(?:between|from)\s+(\d+(?:\.\d+)?)\s*{_UNIT}?\s*(?:and|to|until|till|-)\s*(\d+(?:\.\d+)?)\s*{_UNIT}",
    rf"(?:at|around|after)\s+(\d+(?:\.\d+)?)\s*{_UNIT}",
)


def times(question: str, fps: float) -> Range | None:
    """The frames that a question names, or None.

    >>> times("what is she doing between 2 and 5 seconds?", 30.0)
    Range(start=60, stop=150)
    """
    for pattern in _TIMES:
        if found := re.search(pattern, question, re.IGNORECASE):
            numbers = [min(float(n), 1e6) * fps for n in found.groups()]
            start, stop = round(min(numbers)), round(max(numbers))
            return Range(start, max(stop, start + 1))
    return None


# -- who is asked about ---------------------------------------------------------------------------


def _of_each(
    scene: Scene,
    people: tuple[Character, ...],
    asked: Range | None,
    reply: Callable[[str, Facts], str],
) -> str:
    return " ".join(sentence(reply(who.name, scene.facts(who.id, asked))) for who in people)


def _of_pairs(
    scene: Scene,
    about: CharacterId | None,
    asked: Range | None,
    reply: Callable[[Together, str, str, float, int], str],
) -> str:
    pairs = [
        pair
        for pair in combinations(scene.people, 2)
        if about is None or about in (pair[0].id, pair[1].id)
    ]
    if not pairs:
        return "There is only one person in the scene."
    start, fps = scene.span(asked).start, scene.project.fps
    return " ".join(
        reply(scene.together(a.id, b.id, asked), a.name, b.name, fps, start) for a, b in pairs
    )


#: What a question about two asks for, and what answers it; the first that fits.
_OF_TWO: tuple[tuple[str, Callable[[Together, str, str, float, int], str]], ...] = (
    (r"how far (?:apart|away from|from)|distance between|how close", replies.apart),
    (
        r"\bfac(?:e|es|ing) (?:each other|one another)|look(?:s|ing)? at (?:each|one|\w+)",
        replies.facing,
    ),
    (r"touch|collid|penetrat|intersect|overlap|bump|inside each|contact", replies.meeting),
)

#: The same of questions about one.
_OF_ONE: tuple[tuple[str, Callable[[str, Facts], str]], ...] = (
    (r"\b(?:foot|feet)\b(?!.*\b(?:air|off the ground)\b)", replies.feet),
    (r"\b(?:hands?|arms?)\b.*\b(?:above|over|up|raised|overhead|high|air)\b", replies.hands),
    (r"\brais", replies.hands),
    (r"how far|how many met|what distance|how much ground", replies.how_far),
    (r"how (?:fast|quick|slow)|\bspeed\b|\bpace\b|velocity", replies.how_fast),
    (r"\bjump|leap|\bhop|off the ground|in the air|airborne", replies.jumps),
    (r"crouch|squat|kneel|\bsit|\blow\b|on the (?:floor|ground)|lying|lie down", replies.low),
    (r"\bstill\b|motionless|standing around|\bfreez", replies.still),
    (r"\bturn|rotat|\bspin|which way|(?:what|which) direction", replies.turns),
    (r"\bwhere\b|position", replies.where),
    (r"how long|duration", replies.how_long),
    (r"\b(?:does|is|do|are) \w+ (?:move|moving|walk|walking|go|going)\b", replies.moves),
)
