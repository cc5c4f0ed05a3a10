"""What takes are for, in words and as edits: where one goes, and where else if that has gone."""

from __future__ import annotations

from dataclasses import replace

from studio.document.apply import apply
from studio.document.commands import Batch, SetTake
from studio.document.errors import EditError
from studio.document.model import (
    Aim,
    Append,
    Clip,
    ClipId,
    Continue,
    Fill,
    Insert,
    Project,
    Replace,
    Take,
    TakeId,
    Track,
    TrackId,
)
from studio.document.placing import accept


def landing(project: Project, take: TakeId, aim: Aim | None = None) -> tuple[Batch, Aim]:
    """The edit that accepts a take, and where that puts it.

    Where the take's own aim does not fit the project any more, it goes to the end of the first
    track that is open; where ``aim`` is given, it goes there or nowhere.

    Raises:
        EditError: the take is gone, or there is no place for it.
    """
    if aim is not None:
        return _accepted(project, take, aim), aim
    wanted = _take(project, take).aim
    try:
        return _accepted(project, take, wanted), wanted
    except EditError:
        instead = _instead(project)
        if instead is None:
            raise
        return _accepted(project, take, instead), instead


def destination(project: Project, aim: Aim) -> str:
    """Where a take of this aim goes when it is accepted, to stand after *It*."""
    if not fits(project, aim):
        instead = _instead(project)
        if instead is None:
            return "has nowhere to go: every track is locked"
        aim = instead
    return words(project, aim)


def clips(aim: Aim | None) -> tuple[ClipId, ...]:
    """The clips that an aim names."""
    match aim:
        case Fill(before, after):
            return before, after
        case Continue(clip) | Replace(clip):
            return (clip,)
        case _:
            return ()


def fits(project: Project, aim: Aim) -> bool:
    """Whether what a take of this aim is for is still there, and open to edits."""
    match aim:
        case Append(None):
            return not project.timeline.tracks or not project.timeline.tracks[0].lock
        case Append(track) | Insert(track):
            return any(t.id == track and not t.lock for t in project.timeline.tracks)
        case _:
            return all(_track_of(project, clip) is not None for clip in clips(aim))


def words(project: Project, aim: Aim) -> str:
    """What becomes of a take that is accepted, to stand after *It*: ``carries on from Walk``."""
    match aim:
        case Append(track):
            return f"goes to the end of {_track_name(project, track)}"
        case Insert(track, start):
            return f"goes to frame {start} of {_track_name(project, track)}"
        case Fill(before, after):
            names = f"{_clip_name(project, before)} and {_clip_name(project, after)}"
            return f"fills the gap between {names}"
        case Continue(clip):
            return f"carries on from {_clip_name(project, clip)}"
        case Replace(clip, span):
            name = _clip_name(project, clip)
            if span is None:
                return f"takes the place of {name}"
            return f"makes frames {span.start} to {span.stop} of {name} anew"


def _accepted(project: Project, take: TakeId, aim: Aim) -> Batch:
    batch = accept(project, take, aim)
    if isinstance(aim, Replace):
        batch = replace(batch, commands=(*batch.commands, *_left(project, take, aim.clip)))
    apply(project, batch)  # what does not fit is known before anything is shown or done
    return batch


def _left(project: Project, take: TakeId, clip_id: ClipId) -> list[SetTake]:
    """The take that a clip was of is no longer accepted, if no other clip is of it."""
    clip = _clip(project, clip_id)
    old = clip.take if clip else None
    others = any(c.take == old for _, c in project.clips if c.id != clip_id)
    known = any(each.id == old for each in project.takes)
    return [] if old in (None, take) or others or not known else [SetTake(old, accepted=False)]


def _instead(project: Project) -> Append | None:
    """Where a take goes that fits nowhere else; None where every track is locked."""
    tracks = project.timeline.tracks
    return next((Append(t.id) for t in tracks if not t.lock), None if tracks else Append())


def _take(project: Project, id: TakeId) -> Take:
    for take in project.takes:
        if take.id == id:
            return take
    raise EditError("This take is no longer here; it was removed.")


def _track_of(project: Project, clip: ClipId) -> Track | None:
    """The track of a clip, if it may be edited."""
    return next((t for t, c in project.clips if c.id == clip and not t.lock), None)


def _clip(project: Project, id: ClipId) -> Clip | None:
    return next((clip for _, clip in project.clips if clip.id == id), None)


def _track(project: Project, id: TrackId) -> Track | None:
    return next((track for track in project.timeline.tracks if track.id == id), None)


def _clip_name(project: Project, id: ClipId) -> str:
    clip = _clip(project, id)
    return f"'{clip.name}'" if clip else "a clip that was removed"


def _track_name(project: Project, id: TrackId | None) -> str:
    tracks = project.timeline.tracks
    track = _track(project, id) if id is not None else next(iter(tracks), None)
    if track is not None:
        return f"'{track.name}'"
    return "a track that was removed" if id is not None else "a new track"
