"""The chat panel: a line of text in, a turn with its takes out."""

from __future__ import annotations

from collections.abc import Mapping

from studio.aims import words
from studio.document.model import Project, Take, TakeId
from studio.orders import Order, Turn
from studio.session import Session
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler
from studio.ui.events import Event
from studio.ui.takes import accept, choose, more
from studio.ui.view_models import ChatView, TakeChip, TurnView, View

SUGGESTIONS: tuple[str, ...] = (
    "A person walks forward proudly",
    "A person kicks with the left leg",
    "A person dances salsa",
)


def view(base: View, session: Session | None, max_seconds: float = 0.0) -> ChatView:
    """The conversation; ``max_seconds`` is the longest take of the model, 0 if not known."""
    reviewed = session.reviewed if session else None
    takes = {take.id: take for take in session.takes} if session else {}
    return ChatView(
        **base,
        turns=[_turn(turn, takes, session.project) for turn in session.turns] if session else [],
        selected=reviewed.id if reviewed else "",
        suggestions=list(SUGGESTIONS),
        max_seconds=max_seconds,
    )


def _turn(turn: Turn, takes: Mapping[TakeId, Take], project: Project) -> TurnView:
    status, made = turn.job.status, turn.job.result
    return TurnView(
        id=turn.id,
        text=turn.order.text.strip(),
        ask=_ask(turn),
        aim=words(project, turn.order.aim) if turn.order.aim else "",
        state=status.state,
        fraction=round(status.fraction, 3),
        note=made.note if made else status.note,
        error=status.error,
        seconds=round(status.seconds, 2),
        takes=[_chip(takes[id]) for id in made.takes if id in takes] if made else [],
    )


def _chip(take: Take) -> TakeChip:
    label = take.name.rsplit(" ", 1)[-1]
    return TakeChip(id=take.id, name=take.name, label=label, accepted=take.accepted)


def _ask(turn: Turn) -> str:
    order, again = turn.order, turn.again is not None
    if order.takes == 1:
        takes = "Another take" if again else "1 take"
    else:
        takes = f"{order.takes} more takes" if again else f"{order.takes} takes"
    return takes if order.seconds is None else f"{takes} of {order.seconds:.1f} s"


def submit(desk: Desk, tab: Tab, event: Event) -> None:
    """Queue what was typed."""
    order = Order(
        text=event.text("text", ""),
        seconds=event.number("seconds"),
        takes=event.whole("takes"),
        aim=event.aim(),
    )
    tab.writing().start(order)


def cancel(desk: Desk, tab: Tab, event: Event) -> None:
    """Stop a turn."""
    tab.session.cancel(event.text("turn"))


HANDLERS: dict[str, Handler] = {
    "submit": submit,
    "cancel": cancel,
    "choose": choose,
    "accept": accept,
    "more": more,
}
