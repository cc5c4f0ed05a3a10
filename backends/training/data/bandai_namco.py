"""Bandai Namco Research Motiondataset 1 and 2: contents by style, named in the file names."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, DataError, Kind, Take, recordings

_NAME = re.compile(r"dataset-([12])_([a-z-]+)_([a-z-]+)_(\d{3})\.bvh$")

_STYLE_NAMES = {"old": "elderly", "masculinity": "masculine"}

#: (content, style) pairs kept out of training to measure how styles carry over to new contents.
#: Each content is its own mirror image, or both sides are here, so mirroring cannot leak them.
UNSEEN_PAIRS: frozenset[tuple[str, str]] = frozenset({
    ("run", "youthful"), ("wave-both-hands", "feminine"), ("raise-both-hands", "elderly"),
    ("bow", "proud"), ("walk-back", "happy"), ("sprint", "childish"), ("guide", "giant"),
    ("walk-left", "sad"), ("walk-right", "sad"),
})  # fmt: skip


def _a(content: str, kind: Kind, phrases: str, nouns: str = "") -> Action:
    return Action(content, kind, tuple(phrases.split("|")), tuple(filter(None, nouns.split("|"))))


def _hand(side: str) -> dict[str, Action]:
    return {
        f"raise-up-{side}-hand": _a(
            f"raise-{side}-hand", "gesture",
            f"*raise {{their}} {side} hand|*raise {{their}} {side} arm|*put {{their}} {side} hand up|"
            f"*lift {{their}} {side} hand above {{their}} head|*hold {{their}} {side} arm up high|"
            f"*raise {{their}} {side} hand high in the air|*stretch {{their}} {side} arm up",
            f"a raise of the {side} hand|{side} hand up",
        ),
        f"wave-{side}-hand": _a(
            f"wave-{side}-hand", "gesture",
            f"*wave {{their}} {side} hand|*wave with the {side} hand|*wave {{their}} {side} arm|"
            f"*greet someone by waving the {side} hand|*swing {{their}} raised {side} hand from side "
            f"to side|*say hello with a wave of {{their}} {side} hand",
            f"a wave with the {side} hand|a {side} hand wave",
        ),
        f"walk-turn-{side}": _a(
            f"walk-turn-{side}", "gait",
            f"*walk and *turn {side}|*walk forward, then *turn to the {side}|*turn {side} while "
            f"walking|*walk ahead and *make a {side} turn|*walk around a corner to the {side}|"
            f"*take a {side} turn on foot|*walk and *go {side}",
            f"a {side} turn while walking|a walk with a {side} turn",
        ),
        f"walk-{side}": _a(
            f"walk-{side}", "gait",
            f"*walk diagonally to the {side}|*walk forward, bearing {side}|*walk ahead to the {side}|"
            f"*walk off to the {side}|*drift to the {side} while walking forward|*walk {side}|"
            f"*walk forward at an angle to the {side}",
            f"a diagonal walk to the {side}|a walk to the {side}",
        ),
    }  # fmt: skip


#: Every content of both sets, by the name in the file names.
CONTENTS: dict[str, Action] = _hand("left") | _hand("right") | {
    "raise-up-both-hands": _a(
        "raise-both-hands", "gesture",
        "*raise both hands|*raise both arms|*put both hands up|*lift both hands above {their} head|"
        "*hold both arms up high|*raise both hands high in the air|*stretch both arms up",
        "both hands up|a raise of both hands",
    ),
    "wave-both-hands": _a(
        "wave-both-hands", "gesture",
        "*wave both hands|*wave with both hands|*wave both arms|*wave both hands above {their} head|"
        "*swing both raised hands from side to side|*greet someone by waving both hands",
        "a wave with both hands|a two handed wave",
    ),
    "walk": _a(
        "walk", "gait",
        "*walk|*walk forward|*walk ahead|*walk straight on|*stroll forward|*go forward on foot|"
        "*take several steps forward",
        "a walk|a forward walk",
    ),
    "run": _a(
        "run", "gait",
        "*run|*run forward|*jog forward|*run ahead|*run straight on|*go for a run|*jog",
        "a run|a forward run",
    ),
    "dash": _a(
        "sprint", "gait",
        "*sprint|*dash|*sprint forward|*dash forward|*run as fast as possible|*race ahead|"
        "*run at full speed|*break into a sprint",
        "a sprint|a dash",
    ),
    "walk-back": _a(
        "walk-back", "gait",
        "*walk backwards|*walk backward|*step backwards|*move backwards|*back away|*back up|"
        "*retreat on foot facing forward",
        "a walk backwards|a backward walk",
    ),
    "bow": _a(
        "bow", "gesture",
        "*bow|*take a bow|*bow down|*bend forward in a bow|*bow politely from the waist|"
        "*greet someone with a bow|*lower {their} head and *bow",
        "a bow",
    ),
    "bye": _a(
        "bye", "gesture",
        "*say goodbye formally|*raise a hand to say goodbye|*bid farewell|*give a formal farewell|"
        "*take {their} leave with a short wave|*say farewell with a hand",
        "a formal farewell|a goodbye gesture",
    ),
    "byebye": _a(
        "byebye", "gesture",
        "*wave goodbye|*wave bye bye|*wave someone off|*say bye bye with a waving hand|"
        "*wave farewell to a friend|*wave a casual goodbye",
        "a goodbye wave|a casual farewell|a bye bye",
    ),
    "call": _a(
        "call", "gesture",
        "*call out|*call out to someone far away|*shout with hands around {their} mouth|*lean forward "
        "and *call someone|*yell for someone|*cup {their} hands and *call",
        "a call to someone far away|a shout",
    ),
    "respond": _a(
        "respond", "gesture",
        "*respond to a call|*answer by raising a hand|*react to being called|*put a hand up and "
        "*answer|*raise a hand to respond",
        "a response with a raised hand|an answer with a hand up",
    ),
    "guide": _a(
        "guide", "gesture",
        "*guide someone|*show the way|*guide a visitor with an open hand|*point the way politely|"
        "*usher someone along|*direct someone with {their} hand|*show someone where to go",
        "a guiding gesture|an ushering gesture",
    ),
    "dance-short": _a(
        "dance", "action",
        "*dance|*do a short dance|*perform a few dance moves|*dance for a moment",
        "a short dance",
    ),
    "kick": _a("kick", "action", "*kick|*do a kick|*throw a kick|*kick forward|*kick in front", "a kick"),
    "punch": _a(
        "punch", "action", "*punch|*throw a punch|*punch forward|*hit with a fist|*strike with a fist",
        "a punch",
    ),
    "slash": _a(
        "slash", "action",
        "*slash|*slash with a sword|*swing a sword|*cut with a blade|*strike with a sword",
        "a sword slash|a slash",
    ),
}  # fmt: skip


def takes(source: Path) -> Iterator[Take]:
    """Every take of both sets in the folder ``bandai-namco`` of ``source``."""
    folder = source / "bandai-namco"
    for part in ("dataset-1", "dataset-2"):
        for archive, member in recordings(folder, part):
            yield describe(archive, member)


def describe(archive: Path, member: str) -> Take:
    """A take from its file name alone."""
    match = _NAME.search(member)
    if match is None or match[2] not in CONTENTS:
        raise DataError(f"'{member}' is not named as Bandai Namco's files are; leave it out.")
    number, content, style, _ = match.groups()
    return Take(
        source=f"bandai-namco-{number}",
        take=Path(member).stem,
        group="bandai",
        archive=archive,
        member=member,
        action=CONTENTS[content],
        style=_STYLE_NAMES.get(style, style),
    )
