"""English for captions: conjugation of starred verbs, pronouns, and exchanging left and right."""

from __future__ import annotations

import re

_THIRD = {"be": "is", "have": "has"}
_GERUND = {"be": "being", "lie": "lying", "die": "dying", "tie": "tying"}
#: One-syllable (or finally stressed) verbs that double their last consonant before -ing.
_DOUBLING = frozenset(
    "bat beg begin bid bob chat chop clap cup cut dig dip drag drop flip get grab grin hit hop "
    "hug jab jog jut lap let mop nod pat pin plod plop pop put quit rap rip rub run scrub set "
    "shrug shut sidestep sip sit skip slap slip slit snap spin split spot squat stab stir step "
    "stop strum strut swim tap thud tip trot tug uppercut whip wrap zip".split()
)

_VERB = re.compile(r"\*([a-z]+)")


def third_person(verb: str) -> str:
    """``walk`` to ``walks``, ``crouch`` to ``crouches``, ``carry`` to ``carries``."""
    if verb in _THIRD:
        return _THIRD[verb]
    if re.search(r"(s|sh|ch|x|z|o)$", verb):
        return verb + "es"
    if re.search(r"[^aeiou]y$", verb):
        return verb[:-1] + "ies"
    return verb + "s"


def gerund(verb: str) -> str:
    """``walk`` to ``walking``, ``wave`` to ``waving``, ``run`` to ``running``."""
    if verb in _GERUND:
        return _GERUND[verb]
    if verb in _DOUBLING:
        return verb + verb[-1] + "ing"
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    return verb + "ing"


def say_third(phrase: str) -> str:
    """``*walk and *stop`` to ``walks and stops``."""
    return _VERB.sub(lambda m: third_person(m[1]), phrase)


def say_gerund(phrase: str) -> str:
    """``*walk and *stop`` to ``walking and stopping``."""
    return _VERB.sub(lambda m: gerund(m[1]), phrase)


def say_base(phrase: str) -> str:
    """``*walk and *stop`` to ``walk and stop``."""
    return phrase.replace("*", "")


def possessive(phrase: str, subject: str) -> str:
    """Fill ``{their}`` with the pronoun that goes with the subject; ``your`` in commands."""
    if not subject:
        pronoun = "your"
    elif re.search(r"\b(man|guy|boy|male)\b", subject):
        pronoun = "his"
    elif re.search(r"\b(woman|girl|lady|female|ballerina)\b", subject):
        pronoun = "her"
    else:
        pronoun = "their"
    return phrase.replace("{their}", pronoun)


def article(noun: str) -> str:
    """``old man`` to ``an old man``."""
    return f"an {noun}" if noun[0] in "aeio" else f"a {noun}"


_OTHER_SIDE = {
    "left": "right",
    "leftward": "rightward",
    "leftwards": "rightwards",
    "lefthand": "righthand",
    "clockwise": "counterclockwise",
}
_OTHER_SIDE |= {b: a for a, b in _OTHER_SIDE.items()}
_SIDED = re.compile(r"\b(" + "|".join(sorted(_OTHER_SIDE, key=len, reverse=True)) + r")\b", re.I)


def mirror_words(text: str) -> str:
    """Left and right (and the senses of rotation) exchanged, capitals kept; its own inverse."""

    def other(match: re.Match[str]) -> str:
        word = match[0]
        new = _OTHER_SIDE[word.lower()]
        if word.isupper():
            return new.upper()
        return new.capitalize() if word[0].isupper() else new

    return _SIDED.sub(other, text)


def names_a_side(text: str) -> bool:
    """Whether the text says left, right, clockwise or counterclockwise."""
    return _SIDED.search(text) is not None
