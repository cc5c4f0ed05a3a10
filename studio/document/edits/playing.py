"""What clips play and how: speed, direction, cycles, sides, place, blend, media."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from studio.document.commands import Clips, LoopClip, ReplaceMedia, RetimeClip
from studio.document.edits.lanes import with_each, with_lengths
from studio.document.edits.rounding import nearest
from studio.document.errors import EditError
from studio.document.model import Clip, Project, Range
from studio.document.rules import MAX_SPEED, MIN_SPEED, called


def settings(project: Project, target: Clips, **values: Any) -> Project:
    """Give clips other values of some fields that change neither length nor place in time."""
    return with_each(project, target, lambda clip: replace(clip, **values))


def retime(project: Project, command: RetimeClip) -> Project:
    """Play what is used faster, slower or backwards."""

    def change(clip: Clip) -> Clip:
        speed = clip.speed if command.speed is None else command.speed
        if not MIN_SPEED <= speed <= MAX_SPEED:
            raise EditError(
                f"{called(clip)} cannot play at {speed:g} times its speed; "
                f"choose between {MIN_SPEED:g} and {MAX_SPEED:g}."
            )
        new = resampled(clip, replace(clip, speed=speed), project.fps, project.fps)
        turned = command.reverse is not None and command.reverse != clip.reverse
        return _reversed(new, project.fps) if turned else new

    return with_lengths(project, command.target, change, ripple=command.ripple)


def loop(project: Project, command: LoopClip) -> Project:
    """Go round a number of times, from the start of the used range."""
    times = command.times

    def change(clip: Clip) -> Clip:
        if times < 1:
            raise EditError(f"{called(clip)} cannot go round {times} times; once is the least.")
        return replace(clip, phase=0, frames=times * len(clip.source))

    return with_lengths(project, command.target, change, ripple=command.ripple)


def replace_media(project: Project, command: ReplaceMedia) -> Project:
    """Play other media in the same place with the same settings."""

    def change(clip: Clip) -> Clip:
        new = replace(clip, media=command.media, take=command.take, provenance=command.provenance)
        available = Range(0, new.played(project.fps))
        source = clip.source.overlap(available) if command.source is None else command.source
        if not len(source):
            raise EditError(
                f"The new motion of {called(clip)} ends before what is used begins; "
                "say which part of it to use."
            )
        if clip.goes_round:
            return replace(new, source=source, phase=clip.phase % len(source))
        return replace(new, source=source, frames=len(source))

    return with_lengths(project, command.target, change, ripple=command.ripple)


def resampled(old: Clip, new: Clip, old_fps: float, new_fps: float) -> Clip:
    """``new``, which plays ``old``'s media at another rate, with the range that ``old`` uses.

    Edges go to the nearest frame; those at the media's ends stay there. What goes round keeps its
    number of cycles.
    """
    rate = (new_fps / new.speed) / (old_fps / old.speed)
    whole, played = old.played(old_fps), new.played(new_fps)
    start = min(nearest(old.source.start * rate), played - 1)
    stop = played if old.source.stop == whole else min(nearest(old.source.stop * rate), played)
    source = Range(start, max(stop, start + 1))
    stretch = len(source) / len(old.source)
    return replace(
        new,
        source=source,
        phase=min(nearest(old.phase * stretch), len(source) - 1),
        frames=max(nearest(old.frames * stretch), 1),
    )


def _reversed(clip: Clip, fps: float) -> Clip:
    """The same frames from the last to the first."""
    played, source = clip.played(fps), clip.source
    return replace(
        clip,
        reverse=not clip.reverse,
        source=Range(played - source.stop, played - source.start),
        phase=-(clip.phase + clip.frames) % len(source),
    )
