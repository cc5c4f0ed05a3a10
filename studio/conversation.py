"""The conversation: what is said becomes a plan, the plan is carried out, and both are kept.

Every turn is in the project, so that it is there when the project is opened again. A turn's
``state`` follows its step of undo: taking the step back, by whatever hand, makes it ``undone``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from backends.api import Cancelled, Progress
from motion.errors import MotionStudioError
from studio import files
from studio.directing import Outcome, Settings, direct, speaking_of
from studio.document.model import Project, Turn, TurnId
from studio.document.rules import MAX_PLAN, MAX_TEXT
from studio.jobs import Job
from studio.library import home
from studio.planner import focus as focusing
from studio.planner import llm, llm_settings, rules
from studio.planner.codec import PlanError, plan_json, read_plan
from studio.planner.plan import Ask, Plan
from studio.planner.summary import Abilities, Focus, Summary, summarise
from studio.session import Session

#: Turns back to which "it", "she" and an open question may reach.
_REACH = 20
#: Turns that are kept; the oldest go first.
KEPT = 1000


class ConversationError(MotionStudioError):
    """Something asked of a conversation that it has not."""


class Planner(Protocol):
    """From a line to a plan: :func:`studio.planner.rules.plan`, or a language model's."""

    def __call__(self, text: str, summary: Summary, abilities: Abilities) -> Plan: ...


@dataclass(frozen=True)
class Said:
    """A turn that was carried out, and what came of it now (files and findings are not kept)."""

    turn: Turn
    outcome: Outcome


# -- what a planner is told ------------------------------------------------------------------------


def abilities(session: Session) -> Abilities:
    """What the session's model and the formats can do."""
    models = session.models.list()
    name = session.bundle or session.models.default()
    chosen = next((model for model in models if model.name == name), None)
    usual = Abilities()
    return Abilities(
        conditions=frozenset(chosen.conditions) if chosen else usual.conditions,
        bundles=tuple(model.name for model in models if not model.problem),
        formats=files.FORMATS,
        max_seconds=(chosen.max_seconds if chosen else None) or usual.max_seconds,
    )


def focus(session: Session) -> Focus:
    """What the conversation and the hand are at: the start of the next turn."""
    project, selection = session.project, session.selection
    found = Focus(selection.clips, selection.playhead)
    now = summarise(project)
    for turn in project.conversation[-_REACH:]:
        plan = plan_of(turn)
        if plan is not None and turn.state in ("done", "answered"):
            found = focusing.after(plan, turn.text, replace(now, focus=found))
    people = {who.id for who in project.characters}
    there = {clip.id for _, clip in project.clips}
    return replace(
        found,
        clips=tuple(clip for clip in found.clips if clip in there),
        character=found.character if found.character in people else None,
    )


def offline(session: Session) -> Planner:
    """The planner that needs no language model; names are matched by meaning where it can be."""
    space = session.models.judge.space

    def nearest(text: str, candidates: Sequence[str]) -> Sequence[float]:
        assert space is not None
        places = space.place_texts([text, *candidates])
        return (places[1:] @ places[0]).tolist()

    def plan(text: str, summary: Summary, abilities: Abilities) -> Plan:
        return rules.plan(text, summary, abilities, None if space is None else nearest)

    return plan


def planner(session: Session, hear: Callable[[str], None] | None = None) -> Planner:
    """The language model that the user set, and the rules where it cannot; else the rules alone.

    Args:
        hear: Told the reply so far as it comes; what it raises ends the turn.
    """
    alone = offline(session)
    try:
        endpoint = llm_settings.read(home(), os.environ)
    except llm_settings.LlmSettingsError as error:
        return llm.Without(alone, f"No language model was asked: {error}")
    return alone if endpoint is None else llm.LanguageModel(endpoint, alone, hear)


def summary(session: Session) -> Summary:
    """The project as a planner sees it now."""
    with session.reading():
        return summarise(session.project, focus(session))


# -- turns -----------------------------------------------------------------------------------------


def say(session: Session, text: str, planner: Planner, instead: TurnId | None = None) -> Turn:
    """Plan a line; the turn is kept, and nothing else changes until it is carried out.

    What asks back, or has nothing to do, is ``answered`` at once.

    Args:
        instead: The turn that this one is another way of.

    Raises:
        ConversationError: there is nothing in the line.
        MotionStudioError: the project cannot be changed.
    """
    text = _clean(text)
    if not text:
        raise ConversationError("Say what should happen, such as: walk forward, then wave.")
    plan = planner(text, summary(session), abilities(session))
    return _add(session, text, plan, instead)


def revise(session: Session, id: str, plan: Plan) -> Turn:
    """Change a plan by hand before it is carried out."""
    turn = _planned(session, id)
    return _change(session, replace(turn, **_of_plan(session, plan)))


def reject(session: Session, id: str) -> Turn:
    """Let a plan be."""
    return _change(session, replace(_planned(session, id), state="rejected"))


def carry_out(
    session: Session,
    id: str,
    progress: Progress = lambda fraction, note: None,
    settings: Settings | None = None,
) -> Said:
    """Do what was planned, on the calling thread.

    Raises:
        ConversationError: no such turn, or it was carried out before.
        Cancelled: ``progress`` asked to stop; the turn is ``cancelled``.
    """
    turn = _planned(session, id)
    plan = plan_of(turn)
    if plan is None:
        raise ConversationError("The plan of this turn cannot be read any more; say it again.")

    def seal(project: Project, outcome: Outcome) -> Project:
        return _with(project, replace(_told(turn, outcome), state="done"))

    try:
        outcome = direct(
            session, plan, progress, line=turn.text, settings=settings, mark=turn.id, seal=seal
        )
    except Cancelled:
        _change(session, replace(turn, state="cancelled", reply="Stopped; nothing was changed."))
        raise
    told = _told(turn, outcome)
    if not outcome.stepped:
        state = "failed" if outcome.trouble else "answered"
        return Said(_change(session, replace(told, state=state)), outcome)
    # In the step itself the turn is done; in what was before, and will be again after undo, undone.
    undone = replace(told, state="undone")
    session.amend(lambda project: _with(project, undone, only=("planned",)))
    return Said(find(session.project, turn.id), outcome)


def start(session: Session, id: str, settings: Settings | None = None) -> Job[Said]:
    """Queue what was planned; the job tells how it goes."""
    _planned(session, id)
    return session.queue(lambda report: carry_out(session, id, report, settings))


def find(project: Project, id: str) -> Turn:
    """A turn by its id."""
    for turn in project.conversation:
        if turn.id == id:
            return turn
    raise ConversationError("This turn is no longer in the conversation.")


def plan_of(turn: Turn) -> Plan | None:
    """The plan of a turn; None where there is none that this studio can read."""
    try:
        return read_plan(turn.plan) if turn.plan else None
    except PlanError:
        return None


# -- taking back -----------------------------------------------------------------------------------


def can_take_back(session: Session, id: str) -> bool:
    """Whether a turn's step is among those that can be undone."""
    return id in session.marks[0]


def take_back(session: Session, id: str) -> Project:
    """Undo a turn and all that was done since; redo brings it again, step by step.

    Raises:
        ConversationError: it changed nothing, is undone already, or was done before the project
            was opened.
    """
    turn = find(session.project, id)
    if not can_take_back(session, id):
        why = "is taken back already" if turn.state == "undone" else "has no step to take back"
        raise ConversationError(f"'{turn.text[:60]}' {why}; change it by saying how it should be.")
    while can_take_back(session, id):
        session.undo()
    return session.project


def branch(session: Session, id: str, planner: Planner, text: str | None = None) -> Turn:
    """Try another way from where a turn began: it is taken back, and planned anew.

    Args:
        text: What to say instead; None for the same words.
    """
    turn = find(session.project, id)
    if can_take_back(session, id):
        take_back(session, id)
    elif turn.state == "done":
        raise ConversationError(
            f"'{turn.text[:60]}' was done before the project was opened; say what to change."
        )
    elif turn.state == "planned":
        reject(session, id)
    return say(session, text or turn.text, planner, instead=turn.id)


# -- inside ----------------------------------------------------------------------------------------


def _add(session: Session, text: str, plan: Plan, instead: TurnId | None) -> Turn:
    with session.reading():
        id = _fresh(session.project.conversation)
        turn = Turn(id, text, instead=instead, **_of_plan(session, plan))
        session.amend(
            lambda project: replace(project, conversation=(*project.conversation, turn)[-KEPT:])
        )
        return turn


def _of_plan(session: Session, plan: Plan) -> dict:
    """What a turn says of its plan before it is carried out."""
    asked = next((step for step in plan.steps if isinstance(step, Ask)), None)
    written = json.dumps(plan_json(plan), ensure_ascii=True)
    if len(written) > MAX_PLAN:
        raise ConversationError("This makes a plan of too many steps; say it in parts.")
    return {
        "reply": _clean(asked.question if asked else plan.reply),
        "options": tuple(_clean(option) for option in asked.options) if asked else (),
        "plan": written,
        "state": "answered" if asked or not plan.steps else "planned",
        "character": speaking_of(session.project, plan.steps),
    }


def _told(turn: Turn, outcome: Outcome) -> Turn:
    """A turn with what came of it."""
    return replace(
        turn,
        reply=_clean(outcome.reply),
        options=outcome.options,
        clips=outcome.clips,
        spans=outcome.spans,
        takes=outcome.takes,
        character=outcome.character,
    )


def _planned(session: Session, id: str) -> Turn:
    turn = find(session.project, id)
    if turn.state != "planned":
        raise ConversationError(f"'{turn.text[:60]}' was carried out or rejected; say it again.")
    return turn


def _change(session: Session, turn: Turn) -> Turn:
    session.amend(lambda project: _with(project, turn))
    return turn


def _with(project: Project, turn: Turn, only: Iterable[str] = ()) -> Project:
    """A project with a turn in the place of the one with its id, if its state is of ``only``."""
    return replace(
        project,
        conversation=tuple(
            turn if each.id == turn.id and (not only or each.state in only) else each
            for each in project.conversation
        ),
    )


def _fresh(turns: Iterable[Turn]) -> TurnId:
    numbers = [int(t.id.rpartition("-")[2]) for t in turns if t.id.rpartition("-")[2].isdecimal()]
    return TurnId(f"turn-{max(numbers, default=0) + 1}")


def _clean(text: str) -> str:
    """What can be written: Unicode, of a length with bounds."""
    return text.encode("utf-8", "replace").decode()[:MAX_TEXT].strip()
