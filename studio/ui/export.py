"""The export panel: the timeline or a take, as a file that the browser fetches."""

from __future__ import annotations

from pathlib import Path

from studio.document.model import CharacterId, Range
from studio.files import FORMATS, Changes, file_stem
from studio.session import Session, SessionError
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler
from studio.ui.events import Event
from studio.ui.view_models import (
    ExportCharacter,
    ExportView,
    FileView,
    FormatView,
    SubjectView,
    View,
)

#: The subject that is no take.
TIMELINE = "timeline"

_TITLES: dict[str, str] = {
    "bvh": "Skeleton and motion, for Blender, MotionBuilder, Maya",
    "glb": "The skinned figure with its animation, for Blender, Unity, Unreal, the web",
    "npz": "SMPL-X parameters in the layout of AMASS, for Python",
}


def view(base: View, session: Session | None, file: FileView | None = None) -> ExportView:
    """What can be saved, and what was just saved."""
    reviewed = session.reviewed if session else None
    performers = session.performers if session else ()
    return ExportView(
        **base,
        take=reviewed.id if reviewed else "",
        name=reviewed.name if reviewed else "",
        subjects=_subjects(session) if session else [],
        characters=[ExportCharacter(id=who.id, name=who.name) for who in performers],
        fps=session.project.fps if session else 30.0,
        formats=[FormatView(id=id, label=id.upper(), title=_TITLES[id]) for id in FORMATS],
        file=file,
    )


def _subjects(session: Session) -> list[SubjectView]:
    project, span = session.project, session.project.timeline.range
    frames = len(span) if span else project.timeline.stop
    length = f"{frames / project.fps:.1f} s"
    timeline = SubjectView(id=TIMELINE, name=project.name, length=length)
    takes = [
        SubjectView(id=take.id, name=take.name, length=f"{take.seconds:.1f} s")
        for take in session.takes
    ]
    return [timeline, *takes] if session.performers else takes


def save(desk: Desk, tab: Tab, event: Event) -> FileView:
    """Write what was chosen, and tell the browser where to fetch it."""
    session, suffix = tab.session, event.text("format")
    if suffix not in FORMATS:
        raise SessionError(f"'{suffix[:20]}' is no format; choose {', '.join(FORMATS)}.")
    changes = Changes(
        fps=event.number("fps") if event.has("fps") else None,
        mirror=event.flag("mirror"),
        in_place=event.flag("in_place"),
    )
    subject = event.text("subject", "") or event.text("take", "")
    if subject != TIMELINE:
        take = session.take(subject)
        name = f"{file_stem(take.name, 'take')}.{suffix}"
        return desk.written(name, lambda path: session.export_take(take.id, path, changes))
    return _save_timeline(desk, session, event, suffix, changes)


def _save_timeline(
    desk: Desk, session: Session, event: Event, suffix: str, changes: Changes
) -> FileView:
    span = None
    if event.has("start") and event.has("stop"):
        span = Range(event.whole("start"), event.whole("stop"))
    stem = file_stem(session.project.name, "project")
    if not event.has("character") and len(session.performers) > 1:

        def everyone(path: Path) -> None:
            session.export_everyone(path, suffix, span, changes)

        return desk.written(f"{stem}_{suffix}.zip", everyone)
    who = CharacterId(event.text("character")) if event.has("character") else None

    def one(path: Path) -> None:
        session.export(path, who, span, changes)

    return desk.written(f"{stem}.{suffix}", one)


HANDLERS: dict[str, Handler] = {"save": save}
