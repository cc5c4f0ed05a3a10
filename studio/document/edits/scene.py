"""Who is there, what they have to pass through, marked frames, and takes beside the timeline."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol, TypeVar

from studio.document.commands import (
    AddTakes,
    RemoveCharacter,
    RemoveConstraint,
    RemoveMarker,
    RemoveTakes,
    SetCharacter,
    SetConstraint,
    SetMarker,
    SetTake,
)
from studio.document.edits.given import given
from studio.document.edits.lanes import unlocked
from studio.document.errors import EditError
from studio.document.model import Character, Project


class _Named(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


def add_character(project: Project, character: Character) -> Project:
    """Add someone to the scene."""
    return replace(project, characters=(*project.characters, character))


def remove_character(project: Project, command: RemoveCharacter) -> Project:
    """Remove someone with their tracks and keys."""
    gone = command.character
    for track in project.timeline.tracks:
        if track.character == gone:
            unlocked(track)
    tracks = tuple(each for each in project.timeline.tracks if each.character != gone)
    return replace(
        project,
        characters=_without(project.characters, (gone,), "character"),
        timeline=replace(project.timeline, tracks=tracks),
        constraints=tuple(key for key in project.constraints if key.character != gone),
    )


def set_character(project: Project, command: SetCharacter) -> Project:
    """Change what is given of someone."""
    old = _called(project.characters, command.character, "character")
    new = replace(old, **given(command, "name", "color", "placement"))
    return replace(project, characters=_with(project.characters, new))


def set_constraint(project: Project, command: SetConstraint) -> Project:
    """Add a constraint, or put it in the place of the one with its id."""
    return replace(project, constraints=_with(project.constraints, command.constraint))


def remove_constraint(project: Project, command: RemoveConstraint) -> Project:
    """Remove constraints."""
    kept = _without(project.constraints, command.constraints, "pose key")
    return replace(project, constraints=kept)


def set_marker(project: Project, command: SetMarker) -> Project:
    """Add a marker, or put it in the place of the one with its id; they stay in order of time."""
    markers = _with(project.timeline.markers, command.marker)
    ordered = tuple(sorted(markers, key=lambda marker: marker.frame))
    return replace(project, timeline=replace(project.timeline, markers=ordered))


def remove_marker(project: Project, command: RemoveMarker) -> Project:
    """Remove markers."""
    markers = _without(project.timeline.markers, command.markers, "marker")
    return replace(project, timeline=replace(project.timeline, markers=markers))


def add_takes(project: Project, command: AddTakes) -> Project:
    """Keep takes beside the timeline."""
    return replace(project, takes=(*project.takes, *command.takes))


def set_take(project: Project, command: SetTake) -> Project:
    """Change what is given of a take."""
    old = _called(project.takes, command.take, "take")
    new = replace(old, **given(command, "name", "kept", "accepted"))
    return replace(project, takes=_with(project.takes, new))


def remove_takes(project: Project, command: RemoveTakes) -> Project:
    """Forget takes; clips made of them stay."""
    return replace(project, takes=_without(project.takes, command.takes, "take"))


def _called(things: Iterable[T], id: str, what: str) -> T:
    for each in things:
        if each.id == id:
            return each
    raise EditError(f"There is no {what} {id[:60]}; choose one that is there.")


def _with(things: tuple[T, ...], new: T) -> tuple[T, ...]:
    """``new`` in the place of the one with its id, or at the end."""
    if all(each.id != new.id for each in things):
        return (*things, new)
    return tuple(new if each.id == new.id else each for each in things)


def _without(things: tuple[T, ...], ids: Iterable[str], what: str) -> tuple[T, ...]:
    gone = {_called(things, id, what).id for id in ids}
    return tuple(each for each in things if each.id not in gone)
