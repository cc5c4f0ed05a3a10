"""The timeline panel: the document itself, edited in the browser by commands."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from studio.document import schema
from studio.document.model import CharacterId, ClipId, Insert, Project, Range, TrackId
from studio.orders import TAKES, Turn
from studio.seams import MeasuredJoin
from studio.session import Session
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler, Shown, uploaded
from studio.ui.events import Event
from studio.ui.takes import running
from studio.ui.view_models import GhostView, JoinView, Json, PendingView, TimelineView, View


def view(base: View, now: Shown | None, joins: Sequence[MeasuredJoin] = ()) -> TimelineView:
    """The timeline, the takes that are being made for it, and the one on trial."""
    session = now.session if now else None
    project = session.project if session else Project()
    return TimelineView(
        **base,
        project=_json(project),
        joins=[join_view(join) for join in joins],
        selection=list(session.selection.clips) if session else [],
        undo=session.undo_label if session else "",
        redo=session.redo_label if session else "",
        readonly=now.readonly if now else "",
        saved=saved(session),
        pending=[_pending(turn) for turn in running(session)] if session else [],
        ghost=_ghost(session) if session else None,
    )


def saved(session: Session | None) -> str:
    """When it was saved last, as a time of day; empty before the first edit."""
    return f"{session.saved:%H:%M}" if session and session.saved else ""


def join_view(measured: MeasuredJoin) -> JoinView:
    """A join and its seam, rounded to what anybody can tell."""
    join, seam = measured.join, measured.seam
    return JoinView(
        track=join.track,
        clip=join.clip,
        frame=join.frame,
        frames=join.frames,
        position=round(seam.position, 4),
        rotation=round(seam.rotation, 4),
        velocity=round(seam.velocity, 3),
        ratio=round(seam.ratio, 2),
        joint=seam.joint,
        level=seam.level,
    )


def _pending(turn: Turn) -> PendingView:
    return PendingView(
        turn=turn.id,
        aim=asdict(turn.order.aim) if turn.order.aim else {},
        text=turn.order.text,
        fraction=round(turn.job.status.fraction, 3),
    )


def _ghost(session: Session) -> GhostView | None:
    take, project = session.reviewed, session.ghost()
    if take is None or project is None:
        return None
    return GhostView(take=take.id, name=take.name, project=_json(project))


#: Projects as JSON, by identity: several panels and pages look at the same one.
_known: OrderedDict[int, tuple[Project, Json]] = OrderedDict()
_knowing = threading.Lock()


def _json(project: Project) -> Json:
    with _knowing:
        found = _known.get(id(project))
    if found is None:
        found = project, schema.project_json(project, takes=False)
        with _knowing:
            _known[id(project)] = found
            while len(_known) > 16:
                _known.popitem(last=False)
    return found[1]


def edit(desk: Desk, tab: Tab, event: Event) -> None:
    """Do what the hand has done."""
    tab.writing().edit(event.command(), event.text("merge", ""))


def undo(desk: Desk, tab: Tab, event: Event) -> None:
    """Take the last edit back."""
    tab.writing().undo()


def redo(desk: Desk, tab: Tab, event: Event) -> None:
    """Do again what was undone."""
    tab.writing().redo()


def select(desk: Desk, tab: Tab, event: Event) -> None:
    """Remember what the hand is on; a page that only looks on has no hand."""
    if tab.readonly:
        return
    tab.session.select(
        [ClipId(id) for id in event.ids("clips")],
        TrackId(event.text("track")) if event.has("track") else None,
        CharacterId(event.text("character")) if event.has("character") else None,
        event.whole("playhead") if event.has("playhead") else None,
    )


def drop(desk: Desk, tab: Tab, event: Event) -> None:
    """Import a file onto a track, or onto a new one; the upload is removed afterwards."""
    path = uploaded(event.text("path"))
    try:
        tab.writing().import_file(
            path,
            Path(event.text("name")).stem,
            TrackId(event.text("track")) if event.has("track") else None,
            event.whole("frame"),
        )
    finally:
        path.unlink(missing_ok=True)


def place(desk: Desk, tab: Tab, event: Event) -> None:
    """Put a take where it was dragged to."""
    aim = Insert(TrackId(event.text("track")), event.whole("frame"))
    tab.writing().accept(event.text("take"), aim)


def fill(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue motion from one clip to the next."""
    before, after = ClipId(event.text("before")), ClipId(event.text("after"))
    tab.writing().fill(before, after, event.text("text", ""), _seconds(event), _takes(event))


def regenerate(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue other motion for a clip, or for a span of it."""
    span = None
    if event.has("start") and event.has("stop"):
        span = Range(event.whole("start"), event.whole("stop"))
    clip = ClipId(event.text("clip"))
    tab.writing().regenerate(clip, span, event.text("text", ""), _takes(event))


def carry_on(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue motion that goes on where a clip ends."""
    clip = ClipId(event.text("clip"))
    tab.writing().carry_on(clip, event.text("text", ""), _seconds(event), _takes(event))


def cancel(desk: Desk, tab: Tab, event: Event) -> None:
    """Stop what is being made."""
    tab.session.cancel(event.text("turn"))


def take_over(desk: Desk, tab: Tab, event: Event) -> None:
    """Let this page be the one that changes the project."""
    desk.store.take_over(tab)


def _seconds(event: Event) -> float | None:
    return event.number("seconds") if event.has("seconds") else None


def _takes(event: Event) -> int:
    return event.whole("takes", TAKES)


HANDLERS: dict[str, Handler] = {
    "edit": edit,
    "undo": undo,
    "redo": redo,
    "select": select,
    "drop": drop,
    "place": place,
    "fill": fill,
    "regenerate": regenerate,
    "carry_on": carry_on,
    "cancel": cancel,
    "take_over": take_over,
}
