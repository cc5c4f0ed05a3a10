"""Finding clips and tracks, and putting changed clips back: what every edit of clips is made of.

A locked track refuses to give its clips out or to take any in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from studio.document.errors import EditError
from studio.document.model import Clip, ClipId, Project, Track, TrackId


def track_called(project: Project, track_id: TrackId) -> Track:
    """The track of an id."""
    for track in project.timeline.tracks:
        if track.id == track_id:
            return track
    raise EditError(f"There is no track {track_id[:60]}; choose one that is there.")


def unlocked(track: Track) -> Track:
    """``track``, unless it is locked."""
    if track.lock:
        raise EditError(f"Track '{track.name}' is locked; unlock it first.")
    return track


def targets(project: Project, target: Iterable[ClipId]) -> dict[ClipId, tuple[Track, Clip]]:
    """The clips of some ids with their tracks, none of them locked, in the order of ``target``."""
    wanted = dict.fromkeys(target)
    if not wanted:
        raise EditError("No clip is chosen; choose one first.")
    there = {clip.id: (track, clip) for track, clip in project.clips if clip.id in wanted}
    for clip_id in wanted:
        if clip_id not in there:
            raise EditError(f"There is no clip {clip_id[:60]} any more; choose one that is there.")
        unlocked(there[clip_id][0])
    return {clip_id: there[clip_id] for clip_id in wanted}


def row(project: Project, track: Track, rows: int) -> Track:
    """The track ``rows`` below ``track``, not locked."""
    tracks = project.timeline.tracks
    index = [each.id for each in tracks].index(track.id) + rows
    if not 0 <= index < len(tracks):
        side = "below" if rows > 0 else "above"
        raise EditError(f"There is no track {abs(rows)} {side} '{track.name}'; add one there.")
    return unlocked(tracks[index])


def with_lanes(project: Project, lanes: Mapping[TrackId, Iterable[Clip]]) -> Project:
    """The project with other clips on some tracks, put in order; other tracks stay as they are."""
    tracks = tuple(
        replace(track, clips=_ordered(lanes[track.id])) if track.id in lanes else track
        for track in project.timeline.tracks
    )
    return replace(project, timeline=replace(project.timeline, tracks=tracks))


def with_each(
    project: Project, target: Iterable[ClipId], change: Callable[[Clip], Clip]
) -> Project:
    """The project with each target changed where it is."""
    found = targets(project, target)
    lanes = {
        track.id: [change(clip) if clip.id in found else clip for clip in track.clips]
        for track, _ in found.values()
    }
    return with_lanes(project, lanes)


def with_lengths(
    project: Project, target: Iterable[ClipId], change: Callable[[Clip], Clip], *, ripple: bool
) -> Project:
    """The project with each target changed, which may change its end.

    With ``ripple`` what follows on its track keeps its distance from that end.
    """
    found = targets(project, target)
    lanes: dict[TrackId, list[Clip]] = {}
    for track in {track.id: track for track, _ in found.values()}.values():
        by, lane = 0, []
        for clip in track.clips:
            new = change(clip) if clip.id in found else clip
            lane.append(moved(new, by))
            by += new.stop - clip.stop if ripple else 0
        lanes[track.id] = lane
    return with_lanes(project, lanes)


def moved(clip: Clip, by: int) -> Clip:
    """``clip`` later by ``by`` frames; the same object where that is nothing."""
    return replace(clip, start=clip.start + by) if by else clip


def with_room(clips: Iterable[Clip], new: Clip) -> list[Clip]:
    """``clips`` and ``new``, for which all that begins at its start or later moves away.

    They move by as much as the new clip does not share with an earlier one.
    """
    before = [clip for clip in clips if clip.start < new.start]
    after = [clip for clip in clips if clip.start >= new.start]
    begin = max([new.start, *(clip.stop for clip in before)])
    by = max(new.stop - begin, 0)
    return [*before, new, *(moved(clip, by) for clip in after)]


def closed_up(kept: Iterable[Clip], gone: Iterable[Clip]) -> list[Clip]:
    """``kept``, moved earlier by what only the clips ``gone`` covered."""
    kept = list(kept)
    edges = sorted({edge for clip in (*kept, *gone) for edge in (clip.start, clip.stop)})
    freed = [
        (start, stop)
        for start, stop in zip(edges, edges[1:], strict=False)
        if _covered(gone, start) and not _covered(kept, start)
    ]
    return [
        moved(clip, -sum(stop - start for start, stop in freed if stop <= clip.start))
        for clip in kept
    ]


def _covered(clips: Iterable[Clip], frame: int) -> bool:
    return any(clip.start <= frame < clip.stop for clip in clips)


def _ordered(clips: Iterable[Clip]) -> tuple[Clip, ...]:
    return tuple(sorted(clips, key=lambda clip: (clip.start, clip.stop)))
