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
    TakeId,
    Track,
    TrackId,
)
from studio.document.placing import accept


def landing(project: Project, take: TakeId, aim: Aim | None = None) -> tuple[Batch, Aim]:
    """The edit that accepts a take, and where that puts it.

    Where ``aim`` (the take's own if None) does not fit the project any more, the take goes to the
    end of the first track that is open.

    Raises:
        EditError: the take is gone, or every track is locked.
    """
    wanted = _take_aim(project, take) if aim is None else aim
    try:
        return _accepted(project, take, wanted), wanted
    except EditError:
        if aim is not None and not isinstance(aim, Append):
            raise
    open_track = next((t.id for t in project.timeline.tracks if not t.lock), None)
    instead = Append(open_track)
    return _accepted(project, take, instead), instead


def fits(project: Project, aim: Aim) -> bool:
    """Whether what a take of this aim is for is still there."""
    match aim:
        case Append(track):
            return track is None or _track(project, track) is not None
        case Insert(track):
            return _track(project, track) is not None
        case Fill(before, after):
            return _clip(project, before) is not None and _clip(project, after) is not None
        case Continue(clip) | Replace(clip):
            return _clip(project, clip) is not None


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
        case Replace(clip, None):
            return f"takes the place of {_clip_name(project, clip)}"
        case Replace(clip, span):
            return f"makes frames {span.start} to {span.stop} of {_clip_name(project, clip)} anew"


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


def _take_aim(project: Project, take: TakeId) -> Aim:
    for each in project.takes:
        if each.id == take:
            return each.aim
    raise EditError("This take is no longer here; it was removed.")


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
