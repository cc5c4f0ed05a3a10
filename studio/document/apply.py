"""Edits: a project and a command give another project, or an :class:`EditError`.

Nothing is changed in place, so a project that was can always be again. What comes out keeps the
rules (``rules.py``): within a batch clips may pass through each other, in the end they may not.
"""

from __future__ import annotations

from dataclasses import replace

from studio.document import schema
from studio.document.commands import (
    AddCharacter,
    AddClip,
    AddTakes,
    AddTrack,
    Batch,
    DuplicateClip,
    EditCommand,
    EnableClip,
    ExtrapolateClip,
    InPlaceClip,
    LoopClip,
    MirrorClip,
    MoveClip,
    MoveTrack,
    PlaceClip,
    RemoveCharacter,
    RemoveClip,
    RemoveConstraint,
    RemoveMarker,
    RemoveTakes,
    RemoveTrack,
    RenameClip,
    RenameProject,
    ReplaceMedia,
    RetimeClip,
    SetBlend,
    SetCharacter,
    SetConstraint,
    SetFps,
    SetMarker,
    SetRange,
    SetTake,
    SetTrack,
    SlipClip,
    SplitClip,
    TrimClip,
)
from studio.document.edits import arrange, playing, rate, scene, tracks
from studio.document.errors import DocumentError, EditError
from studio.document.model import Project
from studio.document.rules import check, faults

__all__ = ["EditError", "apply", "check"]


def apply(project: Project, command: EditCommand) -> Project:
    """The project after ``command``; tracks that it does not touch are the same objects.

    Raises:
        EditError: it makes no sense in this project.
    """
    try:
        schema.hold(command)
    except DocumentError as error:
        raise EditError(str(error)) from error
    after = _after(project, command)
    for fault in faults(after, project):
        raise EditError(fault)
    return after


def _after(project: Project, command: EditCommand) -> Project:
    if not isinstance(command, Batch):
        return _edit(project, command)
    for each in command.commands:
        before, project = project, _after(project, each)
        for fault in faults(project, before, between=True):
            raise EditError(fault)
    return project


def _edit(project: Project, command: EditCommand) -> Project:  # noqa: C901  one line a command
    match command:
        case AddTrack():
            return tracks.add(project, command)
        case RemoveTrack():
            return tracks.remove(project, command)
        case MoveTrack():
            return tracks.move(project, command)
        case SetTrack():
            return tracks.change(project, command)
        case AddClip():
            return arrange.add(project, command)
        case RemoveClip():
            return arrange.remove(project, command)
        case MoveClip():
            return arrange.move(project, command)
        case TrimClip():
            return arrange.trim(project, command)
        case SlipClip():
            return arrange.slip(project, command)
        case SplitClip():
            return arrange.split(project, command)
        case DuplicateClip():
            return arrange.duplicate(project, command)
        case RenameClip(target, name):
            return playing.settings(project, target, name=name)
        case EnableClip(target, enabled):
            return playing.settings(project, target, enabled=enabled)
        case RetimeClip():
            return playing.retime(project, command)
        case LoopClip():
            return playing.loop(project, command)
        case MirrorClip(target, mirror):
            return playing.settings(project, target, mirror=mirror)
        case InPlaceClip(target, in_place):
            return playing.settings(project, target, in_place=in_place)
        case PlaceClip(target, placement):
            return playing.settings(project, target, placement=placement)
        case ExtrapolateClip(target, extrapolate):
            return playing.settings(project, target, extrapolate=extrapolate)
        case SetBlend(target, blend):
            return playing.settings(project, target, blend=blend)
        case ReplaceMedia():
            return playing.replace_media(project, command)
        case AddCharacter(character):
            return scene.add_character(project, character)
        case RemoveCharacter():
            return scene.remove_character(project, command)
        case SetCharacter():
            return scene.set_character(project, command)
        case SetConstraint():
            return scene.set_constraint(project, command)
        case RemoveConstraint():
            return scene.remove_constraint(project, command)
        case SetMarker():
            return scene.set_marker(project, command)
        case RemoveMarker():
            return scene.remove_marker(project, command)
        case RenameProject(name):
            return replace(project, name=name)
        case SetFps():
            return rate.set_fps(project, command)
        case SetRange(span):
            return replace(project, timeline=replace(project.timeline, range=span))
        case AddTakes():
            return scene.add_takes(project, command)
        case SetTake():
            return scene.set_take(project, command)
        case RemoveTakes():
            return scene.remove_takes(project, command)
        case Batch():
            return _after(project, command)
