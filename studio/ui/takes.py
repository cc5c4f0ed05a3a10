"""The takes panel: look through, compare, accept, keep, repeat, rename, remove, import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from motion.quality import Quality
from studio import judging
from studio.aims import destination, words
from studio.document.model import Project, Take
from studio.orders import TAKES, Turn
from studio.session import Session
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler, uploaded
from studio.ui.events import Event
from studio.ui.view_models import GroupView, MeasureView, TakesView, TakeView, View


def view(base: View, session: Session | None) -> TakesView:
    """The list of takes: groups in the order of their first take, best take first."""
    if session is None:
        return TakesView(**base, groups=[], takes=[], selected="", compared=[])
    rows = [_row(take, session.project) for take in session.takes]
    reviewed = session.reviewed
    return TakesView(
        **base,
        groups=_groups(session, rows),
        takes=rows,
        selected=reviewed.id if reviewed else "",
        compared=[take.id for take in session.compared],
    )


def _row(take: Take, project: Project) -> TakeView:
    made = take.provenance
    return TakeView(
        id=take.id,
        name=take.name,
        group=take.group or take.id,
        source=made.prompt if made else "Imported",
        length=f"{take.seconds:.1f} s",
        frames=take.frames,
        lead=take.lead,
        tail=take.tail,
        fps=round(take.fps, 3),
        media=take.media.id,
        aim=destination(project, take.aim),
        status="accepted" if take.accepted else "kept" if take.kept else "new",
        best=False,
        can_repeat=made is not None,
        measures=measures(take.quality, take.match),
    )


def _groups(session: Session, rows: Sequence[TakeView]) -> list[GroupView]:
    """Rows by group, the best marked, and the turns that are adding to them or to new ones."""
    groups: dict[str, GroupView] = {}
    for row in rows:
        if row["group"] not in groups:
            row["best"] = row["can_repeat"]
            groups[row["group"]] = _group(row["group"], row["source"], row["aim"])
        groups[row["group"]]["takes"].append(row["id"])
    homes = {row["id"]: row["group"] for row in rows}
    for turn in running(session):
        aim = words(session.project, turn.order.aim) if turn.order.aim else ""
        id = homes.get(turn.again or "", turn.id)
        group = groups.setdefault(id, _group(id, turn.order.text or aim, aim))
        group["turn"], group["fraction"] = turn.id, round(turn.job.status.fraction, 3)
    return list(groups.values())


def _group(id: str, title: str, aim: str) -> GroupView:
    return GroupView(id=id, title=title, aim=aim, turn="", fraction=0.0, takes=[])


def running(session: Session) -> Iterator[Turn]:
    """The turns whose jobs have not ended."""
    return (turn for turn in session.turns if not turn.job.status.ended)


def measures(quality: Quality | None, match: float | None) -> list[MeasureView]:
    """The figures an animator looks at, each graded against captured motion."""
    figures = []
    if match is not None:
        figures.append(
            MeasureView(
                label="Match",
                value=f"{match:.2f}",
                unit="",
                level=judging.match_level(match),
                title="How well the motion fits its text; 1 is the best there can be",
            )
        )
    if quality is None:
        return figures
    return [
        *figures,
        MeasureView(
            label="Slide",
            value=f"{100 * quality.foot_sliding:.1f}",
            unit="cm/s",
            level=judging.level(quality.foot_sliding, judging.SLIDING),
            title="Speed of the feet over the ground while they stand",
        ),
        MeasureView(
            label="Jitter",
            value=f"{quality.jitter:.0f}",
            unit="m/s\u00b3",
            level=judging.level(quality.jitter, judging.JITTER),
            title="Jerk of the joints: how unsteady the motion is",
        ),
        MeasureView(
            label="Sink",
            value=f"{1000 * quality.ground_penetration:.0f}",
            unit="mm",
            level=judging.level(quality.ground_penetration, judging.PENETRATION),
            title="Depth of the lowest joint below the ground",
        ),
    ]


def choose(desk: Desk, tab: Tab, event: Event) -> None:
    """Look at a take as a ghost, or at none."""
    tab.writing().review(event.text("take", "") or None)


def compare(desk: Desk, tab: Tab, event: Event) -> None:
    """Look at takes side by side, or no longer."""
    tab.writing().compare(event.ids("takes"))


def accept(desk: Desk, tab: Tab, event: Event) -> None:
    """Put a take on the timeline."""
    tab.writing().accept(event.text("take"), event.aim())


def keep(desk: Desk, tab: Tab, event: Event) -> None:
    """Put a take aside for later, or no longer."""
    tab.writing().keep(event.text("take"), event.flag("kept"))


def again(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue one more take like this one."""
    tab.writing().again(event.text("take"))


def more(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue several more takes like this one."""
    tab.writing().again(event.text("take"), event.whole("takes", TAKES))


def rename(desk: Desk, tab: Tab, event: Event) -> None:
    """Give a take another name."""
    tab.writing().rename_take(event.text("take"), event.text("name", ""))


def remove(desk: Desk, tab: Tab, event: Event) -> None:
    """Remove takes."""
    takes = event.ids("takes") if event.has("takes") else (event.text("take"),)
    tab.writing().remove_takes(takes)


def receive(desk: Desk, tab: Tab, event: Event) -> None:
    """Import a file that the browser has uploaded; the upload is removed afterwards."""
    path = uploaded(event.text("path"))
    try:
        tab.writing().import_file(path, Path(event.text("name")).stem)
    finally:
        path.unlink(missing_ok=True)


HANDLERS: dict[str, Handler] = {
    "choose": choose,
    "compare": compare,
    "accept": accept,
    "keep": keep,
    "again": again,
    "more": more,
    "rename": rename,
    "remove": remove,
    "receive": receive,
}
