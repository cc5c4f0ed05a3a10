"""The inspector: what the selected clip is, how it plays, and how it follows what is before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from studio import judging
from studio.document.model import Character, Clip, ClipId, Project, Replace, Track
from studio.seams import MeasuredJoin
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler, Shown
from studio.ui.events import Event
from studio.ui.timeline import carry_on, edit, fill, join_view, regenerate
from studio.ui.view_models import (
    AlternativeView,
    ClipView,
    InspectorView,
    JoinView,
    PerformerView,
    TrackView,
    View,
)


def view(base: View, now: Shown | None, joins: Sequence[MeasuredJoin] = ()) -> InspectorView:
    """What is selected: the clip if it is one, its track and character."""
    if now is None:
        return InspectorView(
            **base, count=0, clips=[], clip=None, track=None, character=None, readonly="", fps=30.0
        )
    project, chosen = now.session.project, now.session.selection
    clips = [(track, clip) for track, clip in project.clips if clip.id in chosen.clips]
    track = clips[0][0] if clips else None
    track = track or next((t for t in project.timeline.tracks if t.id == chosen.track), None)
    character = track.character if track else chosen.character
    who = next((each for each in project.characters if each.id == character), None)
    return InspectorView(
        **base,
        count=len(clips),
        clips=[clip.id for _, clip in clips],
        clip=_clip(project, *clips[0], joins) if len(clips) == 1 else None,
        track=_track(track) if track else None,
        character=_performer(who) if who else None,
        readonly=now.readonly,
        fps=project.fps,
    )


def _track(track: Track) -> TrackView:
    return TrackView(
        id=track.id,
        name=track.name,
        character=track.character,
        mute=track.mute,
        solo=track.solo,
        lock=track.lock,
    )


def _performer(who: Character) -> PerformerView:
    return PerformerView(id=who.id, name=who.name, color=who.color, placement=asdict(who.placement))


def _clip(project: Project, track: Track, clip: Clip, joins: Sequence[MeasuredJoin]) -> ClipView:
    index = track.clips.index(clip)
    before = track.clips[index - 1] if index else None
    after = track.clips[index + 1] if index + 1 < len(track.clips) else None
    made = clip.provenance
    return ClipView(
        id=clip.id,
        name=clip.name,
        track=track.id,
        character=track.character,
        color=next((who.color for who in project.characters if who.id == track.character), ""),
        enabled=clip.enabled,
        locked=track.lock,
        source_text=made.prompt if made else "",
        seed=made.seed if made else None,
        bundle=made.bundle if made else "",
        media=asdict(clip.media),
        start=clip.start,
        frames=clip.frames,
        seconds=round(clip.frames / project.fps, 3),
        source=(clip.source.start, clip.source.stop),
        played=clip.played(project.fps),
        speed=clip.speed,
        reverse=clip.reverse,
        mirror=clip.mirror,
        in_place=clip.in_place,
        times=round(clip.frames / len(clip.source), 3),
        extrapolate=clip.extrapolate,
        blend=asdict(clip.blend),
        overlap=max(before.stop - clip.start, 0) if before else 0,
        placement=asdict(clip.placement),
        seam=_seam(clip, joins),
        before=before.id if before else "",
        after=after.id if after else "",
        gap_before=clip.start - before.stop if before else clip.start,
        gap_after=after.start - clip.stop if after else 0,
        alternatives=_alternatives(project, clip),
    )


def _seam(clip: Clip, joins: Sequence[MeasuredJoin]) -> JoinView | None:
    """The seam at the beginning of a clip."""
    for measured in joins:
        if measured.join.clip == clip.id and measured.join.frame == clip.start:
            return join_view(measured)
    return None


def _alternatives(project: Project, clip: Clip) -> list[AlternativeView]:
    group = next((take.group for take in project.takes if take.id == clip.take), "")
    takes = [take for take in project.takes if group and take.group == group]
    return [
        AlternativeView(take=take.id, name=take.name, current=take.id == clip.take)
        for take in judging.ranked(takes)
    ]


def swap(desk: Desk, tab: Tab, event: Event) -> None:
    """Let a clip show another take."""
    tab.writing().accept(event.text("take"), Replace(ClipId(event.text("clip"))))


HANDLERS: dict[str, Handler] = {
    "edit": edit,
    "fill": fill,
    "regenerate": regenerate,
    "carry_on": carry_on,
    "swap": swap,
}
