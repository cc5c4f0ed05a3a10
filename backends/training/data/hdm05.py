"""HDM05 (Bonn, Max Planck): short cuts named by class, five actors."""

# One row of a table a line reads better than four.
# ruff: noqa: E501

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, DataError, Kind, Take, recordings

_NAME = re.compile(r"HDM_([a-z]{2})_(\w+?)_(\d{3})_\d+\.bvh$")


def _a(content: str, kind: Kind, phrases: str, nouns: str = "") -> Action:
    return Action(content, kind, tuple(phrases.split("|")), tuple(filter(None, nouns.split("|"))))


#: Every class in the set, by its name in the file names.
CLASSES: dict[str, Action] = {
    "depositFloorR": _a(
        "put-down-floor", "action",
        "*put something down on the floor with {their} right hand|*bend down and *place an object on "
        "the ground with the right hand|*set something on the floor|*bend over and *lay something "
        "down with {their} right hand|*deposit an object on the floor with the right hand",
        "putting something on the floor with the right hand",
    ),
    "elbowToKnee1RepsLelbowStart": _a(
        "elbow-to-knee", "action",
        "*touch {their} knee with the opposite elbow, left elbow first|*do standing elbow to knee "
        "crunches|*bring {their} left elbow to {their} right knee, then the other side|*do an elbow to "
        "knee exercise|*raise each knee to meet the opposite elbow",
        "an elbow to knee exercise|standing crunches",
    ),
    "grabHighR": _a(
        "grab-high", "action",
        "*reach up and *grab something with {their} right hand|*grab something from a high shelf with "
        "the right hand|*take something from above with the right hand|*reach high with {their} right "
        "arm and *grab an object|*fetch something from up high",
        "a high grab with the right hand",
    ),
    "hopBothLegs1hops": _a(
        "hop-both-legs", "action",
        "*hop once with both legs|*hop with both feet|*do a small jump with both feet|*hop forward on "
        "both legs|*make one hop with feet together",
        "a hop on both legs|a two footed hop",
    ),
    "jogLeftCircle4StepsRstart": _a(
        "jog-circle-left", "gait",
        "*jog in a circle to the left|*jog four steps around a left circle|*jog and *curve to the "
        "left|*run slowly in a left circle|*jog counterclockwise",
        "a jog in a left circle",
    ),
    "kickLFront1Reps": _a(
        "kick-left-front", "action",
        "*kick forward with {their} left leg|*do a front kick with the left foot|*kick to the front "
        "with the left leg|*throw a left front kick|*swing {their} left leg up in a kick",
        "a left front kick",
    ),
    "lieDownFloor": _a(
        "lie-down", "action",
        "*lie down on the floor|*get down and *lie on the ground|*lie down|*go down to the floor and "
        "*stretch out|*lower {their} body to the ground and *lie there",
        "lying down on the floor",
    ),
    "rotateArmsBothBackward1Reps": _a(
        "arm-circles-back", "action",
        "*rotate both arms backwards|*swing both arms in a backward circle|*do backward arm circles|"
        "*circle both arms backwards|*make one big backward circle with both arms",
        "a backward arm circle|arm circles backwards",
    ),
    "sneak2StepsLStart": _a(
        "sneak", "gait",
        "*sneak forward|*sneak two steps|*tiptoe forward stealthily|*creep forward quietly|*sneak, "
        "starting with the left foot|*walk stealthily",
        "a sneak|a stealthy walk",
    ),
    "squat1Reps": _a(
        "squat", "action",
        "*squat|*do a squat|*do one squat|*bend {their} knees into a squat and *rise again|*squat down "
        "and *stand up|*perform a knee bend",
        "a squat|a knee bend",
    ),
    "throwBasketball": _a(
        "throw-basketball", "action",
        "*throw a basketball|*shoot a basketball|*throw a ball with both hands|*take a basketball "
        "shot|*shoot at the basket",
        "a basketball throw|a basketball shot",
    ),
}  # fmt: skip


def takes(source: Path) -> Iterator[Take]:
    """Every cut in the folder ``hdm05`` of ``source``."""
    folder = source / "hdm05"
    for archive, member in recordings(folder, "hdm05"):
        yield describe(archive, member)


def describe(archive: Path, member: str) -> Take:
    """A take from its file name alone."""
    match = _NAME.search(member)
    if match is None or match[2] not in CLASSES:
        raise DataError(f"'{member}' is not named as HDM05's cuts are; leave it out.")
    actor, name, _ = match.groups()
    return Take(
        source="hdm05",
        take=Path(member).stem,
        group="hdm05",
        archive=archive,
        member=member,
        action=CLASSES[name],
        actor=actor,
    )
