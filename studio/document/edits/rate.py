"""Another frame rate for a whole project: everything keeps its time in seconds."""

from __future__ import annotations

from dataclasses import replace

from studio.document.commands import SetFps
from studio.document.edits.playing import resampled
from studio.document.edits.rounding import nearest
from studio.document.errors import EditError
from studio.document.model import (
    Aim,
    Blend,
    Clip,
    Constraint,
    Fill,
    Insert,
    Marker,
    Project,
    Range,
    Replace,
    Take,
    Timeline,
    Track,
    Turn,
)
from studio.document.rules import MAX_FPS, MIN_FPS


def set_fps(project: Project, command: SetFps) -> Project:
    """Bring every frame number to the new rate, locked tracks included."""
    if not MIN_FPS <= command.fps <= MAX_FPS:
        raise EditError(
            f"A project cannot run at {command.fps:g} frames a second; "
            f"choose between {MIN_FPS:g} and {MAX_FPS:g}."
        )
    scale = _Scale(project.fps, command.fps)
    return project if command.fps == project.fps else scale.project(project)


class _Scale:
    """From frames at one rate to frames at another."""

    def __init__(self, old: float, new: float) -> None:
        self._old, self._new = old, new

    def project(self, project: Project) -> Project:
        return replace(
            project,
            fps=self._new,
            timeline=self._timeline(project.timeline),
            constraints=tuple(self._key(key) for key in project.constraints),
            takes=tuple(self._take(take) for take in project.takes),
            conversation=tuple(self._turn(turn) for turn in project.conversation),
        )

    def _frame(self, frame: int) -> int:
        return nearest(frame * self._new / self._old)

    def _length(self, frames: int) -> int:
        """Something stays something."""
        return max(self._frame(frames), 1) if frames else 0

    def _range(self, span: Range) -> Range:
        start = self._frame(span.start)
        return Range(start, max(self._frame(span.stop), start + 1))

    def _timeline(self, timeline: Timeline) -> Timeline:
        return Timeline(
            tuple(self._track(track) for track in timeline.tracks),
            tuple(self._marker(marker) for marker in timeline.markers),
            None if timeline.range is None else self._range(timeline.range),
        )

    def _marker(self, marker: Marker) -> Marker:
        return replace(marker, frame=self._frame(marker.frame))

    def _key(self, key: Constraint) -> Constraint:
        return replace(key, frame=self._frame(key.frame))

    def _take(self, take: Take) -> Take:
        return replace(take, aim=self._aim(take.aim))

    def _turn(self, turn: Turn) -> Turn:
        spans = (replace(each, range=self._range(each.range)) for each in turn.spans)
        return replace(turn, spans=tuple(spans))

    def _aim(self, aim: Aim) -> Aim:
        match aim:
            case Insert():
                return replace(aim, start=self._frame(aim.start))
            case Fill():
                return replace(aim, length=self._length(aim.length))
            case Replace(_, Range() as span):
                return replace(aim, span=self._range(span))
            case _:
                return aim

    def _track(self, track: Track) -> Track:
        """Clips that met still meet: where the one before comes out short, the next is earlier.

        Rounding may make the whole of a media a frame shorter than its time on the timeline.
        """
        clips: list[Clip] = []
        for index, clip in enumerate(track.clips):
            start = self._frame(clip.start)
            if clips:
                start = _after(clips, start, clip.start - track.clips[index - 1].stop)
            new = self._clip(clip, start, self._frame(clip.stop))
            if clips:  # never inside the one before, however short both have become
                new = replace(new, start=max(new.start, clips[-1].stop + 1 - new.frames))
            clips.append(new)
        return replace(track, clips=tuple(clips))

    def _clip(self, clip: Clip, start: int, stop: int) -> Clip:
        """``clip`` from ``start`` and, as far as its media reaches, up to ``stop``."""
        blend: Blend = replace(clip.blend, frames=self._length(clip.blend.frames))
        new = resampled(clip, replace(clip, start=start, blend=blend), self._old, self._new)
        if clip.goes_round:
            return new
        played = new.played(self._new)
        frames = min(max(stop - start, 1), played)
        first = min(new.source.start, played - frames)
        return replace(new, frames=frames, source=Range(first, first + frames))


def _after(clips: list[Clip], start: int, gap: int) -> int:
    """``start``, held to the clips before as the old start was: ``gap`` after, or overlapping."""
    if gap == 0:
        return clips[-1].stop
    if gap > 0:
        return max(start, clips[-1].stop)
    earliest = clips[-2].stop if len(clips) > 1 else 0
    return max(start, clips[-1].start + 1, earliest)
