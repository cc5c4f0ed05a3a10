"""From takes to clips: where a take goes when it is accepted, and free ids for what is made.

A take comes at its own frame rate with ``lead`` and ``tail`` frames of context. Its clip uses what
lies between them, and the context becomes the clip's handles. The last frame of the lead is the
frame that played before, so the clip begins one frame of the project after it::

    take      |c c c|n n n n n|c c|     lead 3, tail 2
    clip       . . . [n n n n n] . .    source 3:8, where both run at one rate
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from studio.document.commands import (
    AddClip,
    AddTrack,
    Batch,
    EditCommand,
    MoveClip,
    ReplaceMedia,
    SetBlend,
    SetTake,
)
from studio.document.edits.rounding import nearest
from studio.document.errors import EditError
from studio.document.model import (
    Aim,
    Append,
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Continue,
    Fill,
    Insert,
    Project,
    Range,
    Replace,
    Take,
    TakeId,
    Timeline,
    Track,
    TrackId,
)

Kind = Literal["clip", "track", "take", "character", "marker", "key"]

_CUT = Blend("cut", 0)


def blank(name: str = "Untitled") -> Project:
    """A new project: one character with one empty track."""
    character = Character(CharacterId("character-1"), "Character 1")
    track = Track(TrackId("track-1"), "Track 1", character.id)
    return Project(name, timeline=Timeline((track,)), characters=(character,))


def fresh(project: Project, kind: Kind, count: int = 1) -> tuple[str, ...]:
    """Ids that nothing in the project has or still refers to, such as ``clip-7``."""
    stem = f"{kind}-"
    numbers = (each.removeprefix(stem) for each in _used(project, kind) if each.startswith(stem))
    last = max((int(n) for n in numbers if n.isdecimal() and len(n) < 10), default=0)
    return tuple(f"{stem}{last + 1 + i}" for i in range(count))


def own_range(take: Take, fps: float, speed: float = 1.0, reverse: bool = False) -> Range:
    """The played frames that are the take itself, between its lead and its tail.

    Where the rates differ, edges go to the nearest frame.
    """
    played = take.media.played(fps, speed)
    rate = fps / (take.media.fps * speed)
    start = nearest((take.lead - 1) * rate) + 1 if take.lead else 0
    stop = nearest((take.media.frames - take.tail) * rate) if take.tail else played
    start = min(start, played - 1)
    stop = min(max(stop, start + 1), played)
    return Range(played - stop, played - start) if reverse else Range(start, stop)


def clip_of(project: Project, take: Take, start: int) -> Clip:
    """A new clip of a take, from frame ``start`` on."""
    source = own_range(take, project.fps)
    return Clip(
        ClipId(fresh(project, "clip")[0]),
        take.name,
        take.media,
        start,
        len(source),
        source,
        take=take.id,
        provenance=take.provenance,
    )


def accept(project: Project, take_id: TakeId, aim: Aim | None = None) -> Batch:
    """The edit that puts a take where it was made for, or where ``aim`` says.

    A take of the same request that stands there already is exchanged for it. What comes after on
    the track moves later where there is no room, and never otherwise.

    Raises:
        EditError: the take, or the clip or track it was made for, is gone.
    """
    take = next((each for each in project.takes if each.id == take_id), None)
    if take is None:
        raise EditError("This take is no longer in the project; generate it again.")
    placing = _Placing(project, take)
    aim = take.aim if aim is None else aim
    old = _standing(project, take, aim)
    steps = placing.exchange(old, aim) if old else placing.place(aim)
    seen = SetTake(take.id, accepted=True)
    return Batch((*steps, seen), f"Accept '{take.name}'")


def _standing(project: Project, take: Take, aim: Aim) -> Clip | None:
    """The clip that another take of the request made at the place that only one can have."""
    if not take.group or isinstance(aim, Append | Replace):
        return None
    siblings = {
        each.id
        for each in project.takes
        if each.group == take.group and each.aim == aim and each.id != take.id
    }
    return next((clip for _, clip in project.clips if clip.take in siblings), None)


@dataclass(frozen=True)
class _Placing:
    """The steps that bring one take onto the timeline."""

    project: Project
    take: Take

    def place(self, aim: Aim) -> list[EditCommand]:
        match aim:
            case Append(track):
                return self._append(track)
            case Insert(track, start):
                return self._insert(self._track(track), start)
            case Fill(before, after, length):
                return self._fill(before, after, length)
            case Continue(clip):
                track, base = self._find(clip)
                after = track.clips[track.clips.index(base) + 1 :]
                return self._put(track, self._clip(base.stop, joined=True), after)
            case Replace(clip, span):
                old = self._find(clip)[1]
                return [self._replacing(old, self._own(old) if span is None else None)]

    def exchange(self, old: Clip, aim: Aim) -> list[EditCommand]:
        """Give ``old`` this take, and take its own back."""
        assert old.take is not None
        as_made = old.speed == 1.0 and not old.reverse
        if isinstance(aim, Fill) and as_made:
            source = self._filling(aim.length)
        else:
            source = self._own(old)
        return [self._replacing(old, source), SetTake(old.take, accepted=False)]

    def _append(self, track_id: TrackId | None) -> list[EditCommand]:
        tracks = self.project.timeline.tracks
        if track_id is None and not tracks:
            return self._on_a_new_track()
        track = tracks[0] if track_id is None else self._track(track_id)
        return [AddClip(track.id, self._clip(track.stop))]

    def _on_a_new_track(self) -> list[EditCommand]:
        if not self.project.characters:
            raise EditError(f"Nobody is there to move as in '{self.take.name}'; add a character.")
        character = self.project.characters[0]
        track = Track(TrackId(fresh(self.project, "track")[0]), "Track 1", character.id)
        return [AddTrack(track), AddClip(track.id, self._clip(0))]

    def _insert(self, track: Track, start: int) -> list[EditCommand]:
        after = tuple(clip for clip in track.clips if clip.start >= start)
        return self._put(track, self._clip(start), after)

    def _fill(self, before: ClipId, after: ClipId, length: int) -> list[EditCommand]:
        track, first = self._find(before)
        other, second = self._find(after)
        index = track.clips.index(first)
        if track.id != other.id or track.clips[index + 1 : index + 2] != (second,):
            raise EditError(
                f"'{first.name}' and '{second.name}' are no longer neighbours; "
                "put them next to each other again."
            )
        source = self._filling(length)
        clip = replace(self._clip(first.stop, joined=True), source=source, frames=len(source))
        by = clip.stop - second.start
        room = [MoveClip((second.id,), by, ripple=True)] if by else []
        return [*room, AddClip(track.id, clip), SetBlend((second.id,), _CUT)]

    def _replacing(self, clip: Clip, source: Range | None) -> EditCommand:
        take = self.take
        return ReplaceMedia((clip.id,), take.media, source, take.id, take.provenance, ripple=True)

    def _own(self, clip: Clip) -> Range:
        """The take itself, as ``clip`` would play it."""
        return own_range(self.take, self.project.fps, clip.speed, clip.reverse)

    def _filling(self, length: int) -> Range:
        """``length`` frames from the end of the lead on, as far as the media reaches."""
        fps = self.project.fps
        start = own_range(self.take, fps).start
        return Range(start, min(start + length, self.take.media.played(fps)))

    def _put(self, track: Track, clip: Clip, after: tuple[Clip, ...]) -> list[EditCommand]:
        """Add ``clip`` before ``after``, which makes room where it has to."""
        by = clip.stop - after[0].start if after else 0
        room = [MoveClip((after[0].id,), by, ripple=True)] if by > 0 else []
        return [*room, AddClip(track.id, clip)]

    def _clip(self, start: int, *, joined: bool = False) -> Clip:
        """The take as a clip; ``joined`` ones begin exactly where their lead ends: no blend."""
        clip = clip_of(self.project, self.take, start)
        return replace(clip, blend=_CUT) if joined else clip

    def _find(self, clip_id: ClipId) -> tuple[Track, Clip]:
        for track, clip in self.project.clips:
            if clip.id == clip_id:
                return track, clip
        raise EditError(
            f"The clip that '{self.take.name}' was made for is gone; put it on a track instead."
        )

    def _track(self, track_id: TrackId) -> Track:
        for track in self.project.timeline.tracks:
            if track.id == track_id:
                return track
        raise EditError(
            f"The track that '{self.take.name}' was made for is gone; choose another one."
        )


def _used(project: Project, kind: Kind) -> Iterator[str]:
    """Every id of a kind that exists or is referred to, lest a new one takes its place."""
    match kind:
        case "clip":
            yield from (clip.id for _, clip in project.clips)
            for take in project.takes:
                match take.aim:
                    case Fill(before, after):
                        yield from (before, after)
                    case Continue(clip) | Replace(clip):
                        yield clip
        case "track":
            yield from (track.id for track in project.timeline.tracks)
            for take in project.takes:
                if isinstance(take.aim, Append | Insert) and take.aim.track is not None:
                    yield take.aim.track
        case "take":
            yield from (take.id for take in project.takes)
            yield from (clip.take for _, clip in project.clips if clip.take is not None)
        case "character":
            yield from (character.id for character in project.characters)
        case "marker":
            yield from (marker.id for marker in project.timeline.markers)
        case "key":
            yield from (key.id for key in project.constraints)
