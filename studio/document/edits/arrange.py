"""Clips in time: add, remove, move, trim, slip, split, duplicate. ``commands.py`` draws each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from studio.document.affected import affected
from studio.document.commands import (
    AddClip,
    DuplicateClip,
    MoveClip,
    RemoveClip,
    SlipClip,
    SplitClip,
    TrimClip,
)
from studio.document.edits.lanes import (
    closed_up,
    moved,
    row,
    targets,
    track_called,
    unlocked,
    with_each,
    with_lanes,
    with_lengths,
    with_room,
)
from studio.document.errors import EditError
from studio.document.model import Clip, ClipId, Placement, Project, Range, Track, TrackId
from studio.document.rules import called


def add(project: Project, command: AddClip) -> Project:
    """Put a clip on a track."""
    track, clip = unlocked(track_called(project, command.track)), command.clip
    lane = with_room(track.clips, clip) if command.ripple else [*track.clips, clip]
    return with_lanes(project, {track.id: lane})


def remove(project: Project, command: RemoveClip) -> Project:
    """Remove clips, and close up with ``ripple``."""
    found = targets(project, command.target)
    lanes: dict[TrackId, Iterable[Clip]] = {}
    for track, _ in found.values():
        kept = [clip for clip in track.clips if clip.id not in found]
        gone = [clip for clip in track.clips if clip.id in found]
        lanes[track.id] = closed_up(kept, gone) if command.ripple else kept
    return with_lanes(project, lanes)


def move(project: Project, command: MoveClip) -> Project:
    """Move clips in time and between tracks; with ``ripple`` later clips go along in time."""
    found = targets(project, command.target)
    lanes: dict[TrackId, list[Clip]] = {}
    for track, _ in found.values():
        if track.id not in lanes:
            kept = [each for each in track.clips if each.id not in found]
            if command.ripple:
                first = min(each.start for each in track.clips if each.id in found)
                kept = [moved(each, command.by if each.start > first else 0) for each in kept]
            lanes[track.id] = kept
    for track, clip in found.values():
        there = row(project, track, command.rows)
        lanes.setdefault(there.id, list(there.clips)).append(moved(clip, command.by))
    return with_lanes(project, lanes)


def trim(project: Project, command: TrimClip) -> Project:
    """Drag an edge; with ``ripple`` a trimmed head goes back to where the clip began."""

    def change(clip: Clip) -> Clip:
        if command.edge == "tail":
            return _lengthened(clip, command.frame - clip.stop)
        by = command.frame - clip.start
        return _beheaded(clip, by, clip.start if command.ripple else command.frame)

    return with_lengths(project, command.target, change, ripple=command.ripple)


def slip(project: Project, command: SlipClip) -> Project:
    """Use a later or earlier range of the media in the same place."""
    return with_each(
        project,
        command.target,
        lambda clip: replace(clip, source=clip.source.moved(command.by)),
    )


def split(project: Project, command: SplitClip) -> Project:
    """Cut clips in two that play as one: the right part goes on at the very next frame."""
    found = targets(project, command.target)
    if len(command.made) != len(found):
        raise EditError(
            f"{len(found)} clips need as many ids for their right parts, not "
            f"{len(command.made)}; give one for each."
        )
    for clip_id, made in zip(found, command.made, strict=True):
        project = _split(project, clip_id, command.frame, made)
    return project


def duplicate(project: Project, command: DuplicateClip) -> Project:
    """Copy clips to later or to other tracks."""
    found = targets(project, command.target)
    if len(command.made) != len(found):
        raise EditError(
            f"{len(found)} clips need as many ids for their copies, not "
            f"{len(command.made)}; give one for each."
        )
    copies = [
        (row(project, track, command.rows), replace(moved(clip, command.by), id=made))
        for (track, clip), made in zip(found.values(), command.made, strict=True)
    ]
    lanes: dict[TrackId, list[Clip]] = {}
    for track, copy in sorted(copies, key=lambda pair: pair[1].start):
        lane = lanes.get(track.id, list(track.clips))
        lanes[track.id] = with_room(lane, copy) if command.ripple else [*lane, copy]
    return with_lanes(project, lanes)


def _lengthened(clip: Clip, by: int) -> Clip:
    source = clip.source if clip.goes_round else Range(clip.source.start, clip.source.stop + by)
    return replace(clip, frames=clip.frames + by, source=source)


def _beheaded(clip: Clip, by: int, start: int) -> Clip:
    """``clip`` without its first ``by`` frames, or with that many more, beginning at ``start``."""
    new = replace(clip, start=start, frames=clip.frames - by)
    if clip.goes_round:
        return replace(new, phase=(clip.phase + by) % len(clip.source))
    return replace(new, source=Range(clip.source.start + by, clip.source.stop))


def _split(project: Project, clip_id: ClipId, frame: int, made: ClipId) -> Project:
    """One clip in two. The right part goes on where the left ends, and so needs no placement.

    Where the left part never shows, under another track, it is the right that has to carry it.
    """
    track, clip = targets(project, [clip_id])[clip_id]
    left, right = _parts(track, clip, frame)
    index = track.clips.index(clip)
    for placement in (Placement(), clip.placement):
        parts = (left, replace(right, id=made, placement=placement))
        lane = (*track.clips[:index], *parts, *track.clips[index + 1 :])
        after = with_lanes(project, {track.id: lane})
        if not affected(project, after):
            return after
    raise EditError(
        f"{called(clip)} is pinned and partly covered, so its parts would stand apart; "
        "unpin it first, or move what covers it."
    )


def _parts(track: Track, clip: Clip, frame: int) -> tuple[Clip, Clip]:
    if not clip.start < frame < clip.stop:
        raise EditError(
            f"{called(clip)} cannot be split at frame {frame}; choose one between "
            f"{clip.start} and {clip.stop}."
        )
    for other in track.clips:
        from_before = other.start < clip.start and frame <= other.stop
        if from_before or clip.start < other.start <= frame:
            raise EditError(
                f"{called(clip)} overlaps {called(other)} where it would be split; "
                "split it outside the overlap."
            )
    by = frame - clip.start
    left = _lengthened(clip, frame - clip.stop)
    # What goes round after its end has to go round in all of it still.
    whole = clip.goes_round or clip.extrapolate == "loop"
    right = replace(
        clip,
        start=frame,
        frames=clip.stop - frame,
        source=clip.source if whole else Range(clip.source.start + by, clip.source.stop),
        phase=(clip.phase + by) % len(clip.source) if whole else 0,
    )
    return left, right
