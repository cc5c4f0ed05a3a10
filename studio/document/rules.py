"""What has to be true of a project, whichever way it came about.

Sizes have bounds so that no number in a file or a message can ask for work without end. Text,
types and finiteness are the schema's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from studio.document.errors import DocumentError
from studio.document.model import (
    Blend,
    Character,
    Clip,
    Fill,
    Insert,
    Media,
    Placement,
    Project,
    Range,
    Replace,
    Take,
    Track,
    Turn,
)

#: The last frame anything may reach: 11 hours at 240 fps.
MAX_FRAME = 10_000_000
MIN_FPS, MAX_FPS = 1.0, 240.0
MAX_MEDIA_FPS = 100_000.0
MIN_SPEED, MAX_SPEED = 0.01, 100.0
#: Metres from the origin.
MAX_PLACE = 100_000.0
#: Radians, in either direction.
MAX_TURN = 1_000.0
MAX_NAME = 1_000
MAX_ID = 200
#: Characters of what is said in one turn, and of its plan.
MAX_TEXT, MAX_PLAN = 20_000, 2**20

_COLOR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)


def check(project: Project) -> None:
    """Hold a project to the rules; :class:`DocumentError` names the first that it breaks."""
    for fault in faults(project):
        raise DocumentError(fault)


def faults(
    project: Project, known: Project | None = None, *, between: bool = False
) -> Iterator[str]:
    """What is wrong with a project, a sentence each.

    Args:
        known: A sound project; what is the same object in both is not looked at again.
        between: Whether it stands between two edits of a batch, where clips may be in each
            other's way for the moment.
    """
    if known is None or project.name != known.name or project.fps != known.fps:
        yield from _head(project)
    yield from _references(project, known)
    same_rate = known is not None and known.fps == project.fps
    seen = {id(track) for track in known.timeline.tracks} if known and same_rate else set()
    for track in project.timeline.tracks:
        if id(track) not in seen:
            yield from _track(track, project.fps)
            if not between:
                yield from _together(track)
    if known is None or project.characters is not known.characters:
        for character in project.characters:
            yield from _character(character)
    if known is None or project.takes is not known.takes:
        for take in project.takes:
            yield from _take(take)
    if known is None or project.conversation is not known.conversation:
        for turn in project.conversation:
            yield from _turn(turn)
    yield from _marks(project)


def called(clip: Clip) -> str:
    """What to call a clip in a sentence."""
    return f"'{clip.name[:60]}'" if clip.name.strip() else f"The clip at frame {clip.start}"


def _track(track: Track, fps: float) -> Iterator[str]:
    yield from _name(track.name, "track")
    for clip in track.clips:
        yield from _clip(clip, fps)


def _marks(project: Project) -> Iterator[str]:
    if project.timeline.range is not None:
        yield from _span(project.timeline.range, "The looped range")
    for marker in project.timeline.markers:
        yield from _frame(marker.frame, f"The marker '{marker.name[:60]}'")
    for key in project.constraints:
        yield from _frame(key.frame, f"The pose key {key.id[:60]}")
        if not 0 <= key.at <= MAX_FRAME:
            yield f"The pose key {key.id[:60]} takes frame {key.at} of its motion; choose another."


def _head(project: Project) -> Iterator[str]:
    if not project.name.strip():
        yield "A project needs a name; give it one."
    yield from _name(project.name, "project")
    if not MIN_FPS <= project.fps <= MAX_FPS:
        yield (
            f"A project cannot run at {project.fps:g} frames a second; "
            f"choose between {MIN_FPS:g} and {MAX_FPS:g}."
        )


def _references(project: Project, known: Project | None) -> Iterator[str]:
    """Ids are there, unique, and those referred to exist."""
    tracks = project.timeline.tracks
    yield from _ids("character", (each.id for each in project.characters))
    yield from _ids("track", (each.id for each in tracks))
    if known is None or tracks is not known.timeline.tracks:
        yield from _ids("clip", (clip.id for track in tracks for clip in track.clips))
    yield from _ids("marker", (each.id for each in project.timeline.markers))
    yield from _ids("key", (each.id for each in project.constraints))
    if known is None or project.takes is not known.takes:
        yield from _ids("take", (each.id for each in project.takes))
    there = {each.id for each in project.characters}
    for track in tracks:
        if track.character not in there:
            yield f"Track '{track.name[:60]}' is of a character that does not exist; choose one."
    for key in project.constraints:
        if key.character not in there:
            yield f"Pose key {key.id[:60]} is of a character that does not exist; choose one."
    if known is None or project.conversation is not known.conversation:
        yield from _ids("turn", (each.id for each in project.conversation))


def _ids(what: str, ids: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for each in ids:
        if not each.strip() or len(each) > MAX_ID:
            yield f"A {what} needs an id of 1 to {MAX_ID} characters; give it one."
        if each in seen:
            yield f"There are two of the {what} {each[:60]}; give one of them another id."
        seen.add(each)


def _name(name: str, what: str) -> Iterator[str]:
    if len(name) > MAX_NAME:
        yield f"The {what} '{name[:60]}...' has too long a name; keep it to {MAX_NAME} characters."


def _character(character: Character) -> Iterator[str]:
    yield from _name(character.name, "character")
    if not _COLOR.fullmatch(character.color):
        yield (
            f"'{character.color[:20]}' is no colour for {character.name[:60]}; write it as #rrggbb."
        )
    yield from _placement(character.placement, character.name[:60])


def _media(media: Media, whose: str) -> Iterator[str]:
    if not media.id or len(media.id) > MAX_ID:
        yield f"{whose} refers to no motion; give it the id of one."
    if not 1 <= media.frames <= MAX_FRAME:
        yield f"{whose} cannot have {media.frames} frames of motion; give it at least one."
    if not 0 < media.fps <= MAX_MEDIA_FPS:
        yield f"{whose} has motion at {media.fps:g} frames a second; give a rate above zero."


def _take(take: Take) -> Iterator[str]:
    whose = f"The take '{take.name[:60]}'"
    yield from _name(take.name, "take")
    media = list(_media(take.media, whose))
    yield from media
    if media:
        return
    if take.lead < 0 or take.tail < 0 or take.lead + take.tail >= take.media.frames:
        yield f"{whose} is nothing but what it was joined to; leave it at least a frame of its own."
    measured = [] if take.quality is None else list(vars(take.quality).values())
    if not all(math.isfinite(value) for value in [*measured, take.match or 0.0]):
        yield f"{whose} has a measure that is not a number; measure it again or leave it out."
    if isinstance(take.aim, Insert):
        yield from _frame(take.aim.start, whose)
    if isinstance(take.aim, Fill) and not 1 <= take.aim.length <= MAX_FRAME:
        yield f"{whose} is for a gap of {take.aim.length} frames; make it one at least."
    if isinstance(take.aim, Replace) and take.aim.span is not None:
        yield from _span(take.aim.span, f"What {whose[0].lower()}{whose[1:]} makes anew")


def _turn(turn: Turn) -> Iterator[str]:
    if max(len(turn.text), len(turn.reply)) > MAX_TEXT or len(turn.plan) > MAX_PLAN:
        yield f"'{turn.text[:60]}...' is too long to keep; say it in {MAX_TEXT} characters."
    for touched in turn.spans:
        yield from _span(touched.range, f"What '{turn.text[:60]}' changed")


def _clip(clip: Clip, fps: float) -> Iterator[str]:
    whose = called(clip)
    yield from _name(clip.name, "clip")
    yield from _blend(clip.blend, whose)
    yield from _placement(clip.placement, whose)
    unusable = list(_media(clip.media, whose))
    if not MIN_SPEED <= clip.speed <= MAX_SPEED:
        unusable.append(
            f"{whose} cannot play at {clip.speed:g} times its speed; "
            f"choose between {MIN_SPEED:g} and {MAX_SPEED:g}."
        )
    yield from unusable
    if clip.start < 0:
        yield f"{whose} would begin before frame 0; move it later."
    if clip.frames < 1:
        yield f"{whose} would be left without a frame; keep at least one."
    if clip.stop > MAX_FRAME:
        yield f"{whose} would end after frame {MAX_FRAME}; make it shorter or move it."
    if not unusable:
        yield from _used(clip, fps)


def _used(clip: Clip, fps: float) -> Iterator[str]:
    """The used range lies in the media and gives the clip its length, unless it goes round."""
    whose, played, source = called(clip), clip.played(fps), clip.source
    if source.start < 0:
        yield f"{whose} has nothing {-source.start} frames before its motion; keep within it."
    elif source.start >= source.stop:
        yield f"{whose} uses no frame of its motion; keep at least one."
    elif source.stop > played:
        yield (
            f"{whose} has {played} frames of motion and would need {source.stop}; "
            "keep within them, or let it go round."
        )
    elif not 0 <= clip.phase < len(source):
        yield f"{whose} begins outside the part that it goes round in; begin inside it."


def _blend(blend: Blend, whose: str) -> Iterator[str]:
    if not 0 <= blend.frames <= MAX_FRAME:
        yield f"{whose} cannot blend over {blend.frames} frames; choose 0 or more."


def _placement(placement: Placement, whose: str) -> Iterator[str]:
    distance = max(abs(placement.x), abs(placement.z))
    if not (distance <= MAX_PLACE and abs(placement.turn) <= MAX_TURN):
        yield (
            f"{whose} cannot stand that far off; stay within {MAX_PLACE / 1000:g} km of the "
            f"origin and {MAX_TURN / math.tau:.0f} turns."
        )


def _span(span: Range, what: str) -> Iterator[str]:
    if not 0 <= span.start < span.stop <= MAX_FRAME:
        yield f"{what} cannot go from {span.start} to {span.stop}; end it after it begins."


def _frame(frame: int, what: str) -> Iterator[str]:
    if not 0 <= frame <= MAX_FRAME:
        yield f"{what} cannot be at frame {frame}; put it between 0 and {MAX_FRAME}."


def _together(track: Track) -> Iterator[str]:
    """In order of start, no clip inside another, no frame with three."""
    clips, name = track.clips, track.name[:60]
    for before, after in pairwise(clips):
        if (after.start, after.stop) < (before.start, before.stop):
            yield f"The clips of track '{name}' are not in order; sort them by their start."
        elif after.stop <= before.stop or after.start == before.start:
            inside, around = (after, before) if after.stop <= before.stop else (before, after)
            yield (
                f"{called(inside)} would lie inside {_mid(around)} on track '{name}'; "
                "move it further or use another track."
            )
    for first, middle, last in zip(clips, clips[1:], clips[2:], strict=False):
        if last.start < first.stop:
            yield (
                f"{called(first)}, {_mid(middle)} and {_mid(last)} would overlap at frame "
                f"{last.start} of track '{name}'; move one of them."
            )


def _mid(clip: Clip) -> str:
    name = called(clip)
    return name if name.startswith("'") else name[0].lower() + name[1:]
