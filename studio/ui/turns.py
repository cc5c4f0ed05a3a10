"""The conversation as the chat panel shows it: turns as they came, and lines that may come next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from studio.aims import words
from studio.conversation import plan_of
from studio.document.labels import label
from studio.document.model import ClipId, Project, Take, TakeId, Turn
from studio.orders import Turn as Request
from studio.planner.plan import Ask, Edit, Generate, Plan, Transition
from studio.session import Session
from studio.ui.strips import strips, told
from studio.ui.talk import Doing, Talk
from studio.ui.view_models import ChatView, ClipChip, SpanView, TakeChip, TurnView, View

FIRST: tuple[str, ...] = (
    "A person walks forward proudly",
    "Walk forward, then wave with the right hand and bow",
    "A person dances salsa",
)

#: Turns that are sent to the page; a project may keep many more.
SHOWN = 100

#: Ids of requests that no line led to, beside those of turns.
REQUEST = "request-"

#: What a line may go on with, each unless a clip is called so already.
_NEXT = (
    ("wave", "then wave with the right hand"),
    ("bow", "then bow"),
    ("jump", "then jump"),
    ("turn", "then turn around"),
    ("sit", "then sit down"),
)


# -- the view --------------------------------------------------------------------------------------


def view(
    base: View, session: Session | None, talk: Talk | None, max_seconds: float = 0.0
) -> ChatView:
    """The conversation; ``max_seconds`` is the longest take of the model, 0 if not known."""
    if session is None or talk is None:
        shown, selected, project = [], "", Project()
    else:
        shown, project = list(turns(session, talk)), session.project
        selected = session.reviewed.id if session.reviewed else ""
    return ChatView(
        **base,
        turns=shown,
        selected=selected,
        suggestions=suggestions(project),
        max_seconds=max_seconds,
    )


def suggestions(project: Project) -> list[str]:
    """Lines that make sense for a project as it is."""
    clips = sorted((clip for _, clip in project.clips), key=lambda clip: clip.start)
    if not clips:  # takes that wait to be accepted come first
        return [] if project.conversation else list(FIRST)
    names = " ".join(clip.name.lower() for clip in clips)
    onward = next((line for word, line in _NEXT if word not in names), "then walk on")
    shape = "swap the last two" if len(clips) > 2 else "make it slower"
    question = "how far apart are they?" if len(_moving(project)) > 1 else "what is she doing?"
    return [onward, shape, question]


def _moving(project: Project) -> set[str]:
    return {track.character for track, _ in project.clips}


def turns(session: Session, talk: Talk) -> Iterator[TurnView]:
    """What was said, and what other panels have asked for, as it came."""
    takes = {take.id: take for take in session.takes}
    ours = talk.requests()
    others = [(number, each) for number, each in enumerate(session.turns) if each.id not in ours]
    for turn in session.project.conversation[-SHOWN:]:
        while others and others[0][0] < talk.of(turn.id).since:
            yield _requested(others.pop(0)[1], takes, session.project)
        yield _said(turn, talk.of(turn.id), takes, session)
    for _, each in others:
        yield _requested(each, takes, session.project)


def _blank(id: str, text: str) -> TurnView:
    return TurnView(
        id=id, text=text, ask="", aim="", state="answered", fraction=0.0, note="", error="",
        seconds=0.0, takes=[], reply="", notice="", strips=[], told=[], options=[], plain=False,
        clips=[], spans=[], undo=0, redo=False, vary=False, files=[],
    )  # fmt: skip


def _requested(request: Request, takes: Mapping[TakeId, Take], project: Project) -> TurnView:
    """A request for takes, from here or another panel."""
    status, made = request.job.status, request.job.result
    view = _blank(f"{REQUEST}{request.id}", request.order.text.strip())
    view["ask"] = _ask(request)
    view["aim"] = words(project, request.order.aim) if request.order.aim else ""
    view["state"] = status.state
    view["fraction"] = round(status.fraction, 3)
    view["note"] = made.note if made else status.note
    view["error"] = status.error
    view["seconds"] = round(status.seconds, 2)
    view["takes"] = _takes(made.takes if made else (), takes)
    return view


def _said(turn: Turn, doing: Doing, takes: Mapping[TakeId, Take], session: Session) -> TurnView:
    """A line and what came of it."""
    if doing.request is not None:
        view = _requested(doing.request, takes, session.project)
        view["id"], view["text"] = turn.id, turn.text
        return view
    view = _blank(turn.id, turn.text)
    if turn.takes and turn.state == "answered":  # made to choose from, in an earlier sitting
        view["ask"] = f"{len(turn.takes)} takes" if len(turn.takes) > 1 else "1 take"
        view["state"], view["takes"] = "done", _takes(turn.takes, takes)
        return view
    _tell(view, turn, doing)
    _tell_plan(view, turn, session.project)
    _tell_ways_on(view, turn, session)
    return view


def _tell(view: TurnView, turn: Turn, doing: Doing) -> None:
    """How it stands, and what was answered."""
    view["state"] = turn.state
    view["options"], view["files"] = list(turn.options), list(doing.files)
    view["error" if turn.state == "failed" else "reply"] = turn.reply
    status = doing.status
    if status is None:
        return
    if not status.ended:
        view["state"], view["fraction"] = status.state, round(status.fraction, 3)
        view["note"] = status.note
    elif turn.state == "planned":  # it could not even be kept what came of it
        view["error"] = status.error


def _tell_plan(view: TurnView, turn: Turn, project: Project) -> None:
    """What is to be done, or was."""
    plan = _read(turn)
    if plan is None:
        return
    view["notice"] = plan.notice
    asks = any(isinstance(step, Ask) for step in plan.steps)
    view["plain"] = asks and not any(
        option.startswith(clip.name) for option in turn.options for _, clip in project.clips
    )
    if turn.state == "planned":
        view["strips"], view["reply"] = strips(plan, project), ""  # the strips say it all
    elif turn.state == "done":
        view["told"] = told(plan, project)
        view["reply"] = _without_labels(turn.reply, plan) if view["told"] else turn.reply
        view["clips"] = _clips(turn.clips, project)
    if turn.state in ("done", "answered"):
        view["spans"] = [
            SpanView(character=each.character, start=each.range.start, stop=each.range.stop)
            for each in turn.spans
        ]


def _without_labels(reply: str, plan: Plan) -> str:
    """A reply without the bare names of edits, where what they did is told at length."""
    names = {label(step.command) for step in plan.steps if isinstance(step, Edit)}
    parts = [part for part in reply.removesuffix(".").split(", ") if part not in names]
    return f"{', '.join(parts)}." if parts else ""


def _tell_ways_on(view: TurnView, turn: Turn, session: Session) -> None:
    """Whether it can be taken back, brought again, done another way."""
    back, ahead = session.marks
    if turn.state == "done" and turn.id in back:
        view["undo"] = len(back) - back.index(turn.id)
    view["redo"] = turn.state == "undone" and ahead[-1:] == (turn.id,)
    plan = _read(turn)
    over = view["undo"] > 0 or turn.state in ("undone", "failed", "cancelled", "rejected")
    view["vary"] = over and plan is not None and makes(plan)


@lru_cache(maxsize=4 * SHOWN)
def _read(turn: Turn) -> Plan | None:
    return plan_of(turn)


def makes(plan: Plan) -> bool:
    """Whether a plan makes motion, which would be another if it was made again."""
    return any(
        isinstance(step, Generate) or (isinstance(step, Transition) and step.how == "synthesize")
        for step in plan.steps
    )


def _takes(ids: Sequence[TakeId], takes: Mapping[TakeId, Take]) -> list[TakeChip]:
    found = (takes[id] for id in ids if id in takes)
    return [
        TakeChip(id=t.id, name=t.name, label=t.name.rsplit(" ", 1)[-1], accepted=t.accepted)
        for t in found
    ]


def _clips(ids: Sequence[ClipId], project: Project) -> list[ClipChip]:
    colors = {who.id: who.color for who in project.characters}
    found = {clip.id: (track, clip) for track, clip in project.clips}
    return [
        ClipChip(id=id, name=found[id][1].name, color=colors[found[id][0].character])
        for id in ids
        if id in found
    ]


def _ask(request: Request) -> str:
    order, again = request.order, request.again is not None
    if order.takes == 1:
        takes = "Another take" if again else "1 take"
    else:
        takes = f"{order.takes} more takes" if again else f"{order.takes} takes"
    return takes if order.seconds is None else f"{takes} of {order.seconds:.1f} s"
