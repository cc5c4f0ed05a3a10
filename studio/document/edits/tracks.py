"""Tracks: their order, who is on them, and whether they play or can be changed."""

from __future__ import annotations

from dataclasses import replace

from studio.document.commands import AddTrack, MoveTrack, RemoveTrack, SetTrack
from studio.document.edits.given import given
from studio.document.edits.lanes import track_called, unlocked
from studio.document.errors import EditError
from studio.document.model import Project, Track


def add(project: Project, command: AddTrack) -> Project:
    """Put a track among the others."""
    tracks = project.timeline.tracks
    index = len(tracks) if command.index is None else command.index
    _hold(index, len(tracks))
    return _with_tracks(project, (*tracks[:index], command.track, *tracks[index:]))


def remove(project: Project, command: RemoveTrack) -> Project:
    """Remove a track with its clips."""
    gone = unlocked(track_called(project, command.track))
    return _with_tracks(project, _without(project, gone))


def move(project: Project, command: MoveTrack) -> Project:
    """Put a track elsewhere among the others."""
    track = track_called(project, command.track)
    rest = _without(project, track)
    _hold(command.index, len(rest))
    return _with_tracks(project, (*rest[: command.index], track, *rest[command.index :]))


def change(project: Project, command: SetTrack) -> Project:
    """Change what is given of a track. A locked one keeps its character."""
    track = track_called(project, command.track)
    if command.character not in (None, track.character):
        unlocked(track)
    new = replace(track, **given(command, "name", "character", "mute", "solo", "lock"))
    tracks = (new if each.id == track.id else each for each in project.timeline.tracks)
    return _with_tracks(project, tuple(tracks))


def _hold(index: int, count: int) -> None:
    if not 0 <= index <= count:
        raise EditError(f"There is no row {index} for a track; choose one from 0 to {count}.")


def _without(project: Project, gone: Track) -> tuple[Track, ...]:
    return tuple(track for track in project.timeline.tracks if track.id != gone.id)


def _with_tracks(project: Project, tracks: tuple[Track, ...]) -> Project:
    return replace(project, timeline=replace(project.timeline, tracks=tracks))
