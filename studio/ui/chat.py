"""The chat panel: a line in, takes to choose from or a plan that is carried out, as a turn.

A line that only describes one motion leads to takes, as any request does: they are looked through
as ghosts, and one is accepted. Every other line is a plan, carried out as one step with the best
take of each description; the other takes are the clips' alternatives.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from motion.errors import MotionStudioError
from studio import conversation
from studio.conversation import Planner, Said, plan_of
from studio.directing import Settings
from studio.document.model import Append, Character, ClipId, Insert, Turn, TurnId
from studio.document.placing import fresh
from studio.orders import TAKES, Order
from studio.orders import Turn as Request
from studio.planner.plan import Caption, Find, Generate, Plan, Reason
from studio.planner.prompts import SUBJECT
from studio.planner.summary import Abilities, Summary
from studio.session import Session
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler
from studio.ui.events import Event
from studio.ui.strips import Strip, lasting, rearranged
from studio.ui.takes import accept, choose, more
from studio.ui.talk import Doing
from studio.ui.timeline import redo
from studio.ui.turns import REQUEST
from studio.ui.view_models import FileView

# -- what was typed --------------------------------------------------------------------------------


def submit(desk: Desk, tab: Tab, event: Event) -> None:
    """Plan what was typed, and carry it out unless it is to be looked at first."""
    session = tab.writing()
    order = Order(
        text=event.text("text", ""),
        seconds=event.number("seconds"),
        takes=event.whole("takes"),
        aim=event.aim(),
    )
    if order.aim is not None:
        session.start(order)
        return
    plain = event.has("plain") and event.flag("plain")
    planner = _description if plain else conversation.offline(session)
    turn = conversation.say(session, order.text, _timed(planner, order))
    desk.talks.of(session).set(turn.id, Doing(since=len(session.turns)))
    plan = plan_of(turn)
    if turn.state == "planned" and plan and (_auto(event) or _only_looks(plan)):
        try:
            _carry_out(desk, session, turn, plan, order.takes)
        except MotionStudioError:
            _forget(session, turn.id)  # the page still has the line
            raise


def run(desk: Desk, tab: Tab, event: Event) -> None:
    """Carry a plan out, as it was left by hand."""
    session = tab.writing()
    turn = conversation.find(session.project, event.text("turn"))
    plan = plan_of(turn)
    if plan is not None and turn.state == "planned" and event.has("steps"):
        plan = rearranged(plan, [_strip(row) for row in event.rows("steps")])
        turn = conversation.revise(session, turn.id, plan)
    if plan is None or turn.state != "planned" or _is_under_way(desk, session, turn.id):
        conversation.start(session, turn.id)  # says why not
        return
    _carry_out(desk, session, turn, plan, event.whole("takes", TAKES))


def reject(desk: Desk, tab: Tab, event: Event) -> None:
    """Let a plan be."""
    conversation.reject(tab.writing(), event.text("turn"))


def take_back(desk: Desk, tab: Tab, event: Event) -> None:
    """Undo a turn, and what was done since."""
    conversation.take_back(tab.writing(), event.text("turn"))


def vary(desk: Desk, tab: Tab, event: Event) -> None:
    """Take a turn back and do it another way: with new motion at once, or changed by hand first."""
    session = tab.writing()
    old = conversation.find(session.project, event.text("turn"))
    was = plan_of(old) if conversation.can_take_back(session, old.id) else None
    # Where it is taken back the project is as it was, and what was changed by hand still fits.
    planner = _same(was) if was else conversation.offline(session)
    turn = conversation.branch(session, old.id, planner)
    desk.talks.of(session).set(turn.id, Doing(since=len(session.turns)))
    plan = plan_of(turn)
    if turn.state == "planned" and plan and _auto(event):
        _carry_out(desk, session, turn, plan, event.whole("takes", TAKES))


def cancel(desk: Desk, tab: Tab, event: Event) -> None:
    """Stop what a turn has set going."""
    session, id = tab.session, event.text("turn")
    if id.startswith(REQUEST):
        session.cancel(id.removeprefix(REQUEST))
        return
    doing = desk.talks.of(session).of(id)
    if doing.request is not None:
        session.cancel(doing.request.id)
    elif doing.job is not None:
        doing.job.cancel()


HANDLERS: dict[str, Handler] = {
    "submit": submit,
    "run": run,
    "reject": reject,
    "take_back": take_back,
    "redo": redo,
    "vary": vary,
    "cancel": cancel,
    "choose": choose,
    "accept": accept,
    "more": more,
}


def _strip(row: Event) -> Strip:
    seconds = row.number("seconds") if row.has("seconds") else None
    return Strip(row.whole("at"), row.text("text", ""), seconds)


def _auto(event: Event) -> bool:
    """Whether plans are carried out without being looked at."""
    return not event.has("auto") or event.flag("auto")


def _only_looks(plan: Plan) -> bool:
    return all(isinstance(step, Caption | Reason | Find) for step in plan.steps)


def _same(plan: Plan) -> Planner:
    return lambda text, summary, abilities: plan


def _timed(planner: Planner, order: Order) -> Planner:
    """New clips are as long as the page says where the words do not."""
    assert order.seconds is not None
    seconds = order.seconds

    def plan(text: str, summary: Summary, abilities: Abilities) -> Plan:
        return lasting(planner(text, summary, abilities), seconds)

    return plan


def _description(text: str, summary: Summary, abilities: Abilities) -> Plan:
    """A line taken as the description of one motion, for the end of the track."""
    who = summary.focus.character or summary.characters[0].id
    made = ClipId(fresh(summary.project, "clip", 1)[0])
    return Plan("", (Generate(text, who, Append(), made),))


def _is_under_way(desk: Desk, session: Session, turn: str) -> bool:
    status = desk.talks.of(session).of(turn).status
    return status is not None and not status.ended


# -- carrying out ----------------------------------------------------------------------------------


def _carry_out(desk: Desk, session: Session, turn: Turn, plan: Plan, takes: int) -> None:
    talk = desk.talks.of(session)
    doing = talk.of(turn.id)
    order = _for_choosing(session, turn, plan, takes)
    if order is not None:
        request = session.start(order)
        talk.set(turn.id, replace(doing, request=request))
        session.queue(lambda report: _settle(session, turn.id, request))
        return
    settings = Settings(takes=takes)

    def work(report: Callable[[float, str], None]) -> Said:
        said = conversation.carry_out(session, turn.id, report, settings)
        if said.outcome.files:
            written = tuple(_shelved(desk, said))
            talk.set(turn.id, replace(talk.of(turn.id), files=written))
        return said

    talk.set(turn.id, replace(doing, job=session.queue(work)))


def _for_choosing(session: Session, turn: Turn, plan: Plan, takes: int) -> Order | None:
    """The request of a line that only describes one motion; None for any other."""
    match plan.steps:
        case (Generate(aim=Append() | Insert(), body_part=None, speed=1.0, loops=1) as step,):
            text = turn.text if _says_no_more(turn.text, step.text) else step.text
            aim = None if _follows_the_hand(session, step) else step.aim
            return Order(text, step.seconds, takes, bundle=step.bundle, aim=aim)
        case _:
            return None


def _says_no_more(line: str, text: str) -> bool:
    """Whether a line has the words of a description and no others, inflections aside."""
    said, meant = (_bare(each) for each in (line, text))
    return len(said) == len(meant) and all(a[:3] == b[:3] for a, b in zip(said, meant, strict=True))


def _bare(text: str) -> list[str]:
    return text.lower().strip(" .!").removeprefix(SUBJECT).split()


def _follows_the_hand(session: Session, step: Generate) -> bool:
    """Whether takes go where the hand is: to the end of a track, and nobody else was named."""
    if not isinstance(step.aim, Append):
        return False
    project, hand = session.project, session.selection
    usual = conversation.focus(session).character
    owners = {clip.id: track.character for track, clip in project.clips}
    likely = {usual, *(owners[clip] for clip in hand.clips), *_first(project.characters)}
    return step.character in likely


def _first(characters: Sequence[Character]) -> list[str]:
    return [who.id for who in characters[:1]]


def _settle(session: Session, id: TurnId, request: Request) -> None:
    """Keep in the conversation what came of a request."""
    status, made = request.job.wait(), request.job.result

    def settled(turn: Turn) -> Turn:
        if made is not None:
            return replace(turn, state="answered", reply=made.note, takes=made.takes)
        state = "failed" if status.state == "failed" else "cancelled"
        return replace(turn, state=state, reply=status.error)

    session.amend(
        lambda project: replace(
            project,
            conversation=tuple(
                settled(turn) if turn.id == id else turn for turn in project.conversation
            ),
        )
    )


def _forget(session: Session, id: TurnId) -> None:
    session.amend(
        lambda project: replace(
            project, conversation=tuple(turn for turn in project.conversation if turn.id != id)
        )
    )


def _shelved(desk: Desk, said: Said) -> Iterator[FileView]:
    """Move what was written to where the browser fetches it."""
    for path in said.outcome.files:
        yield desk.written(path.name, lambda target, path=path: shutil.move(path, target))
        with suppress(OSError):  # others of the same plan may still be there
            path.parent.rmdir()
