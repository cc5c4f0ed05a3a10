"""Turns: planned, carried out, taken back, tried another way, and there again after reopening."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.api import Cancelled
from motion.errors import MotionStudioError
from studio import conversation as talk
from studio.bundles import Models
from studio.conversation import ConversationError
from studio.directing import Settings
from studio.document.commands import RemoveClip, RenameClip
from studio.document.model import Append, CharacterId, ClipId, Project, TrackId, Turn
from studio.document.project_file import load, open_project
from studio.editing import Unsaved
from studio.jobs import JobQueue
from studio.planner.plan import Ask, Caption, Edit, Generate, Plan, Undo
from studio.planner.summary import Abilities, Focus, Summary
from studio.session import Session
from studio.tabs import SessionStore
from tests.studio.walker import Shop, Walker

ANN, TRACK = CharacterId("character-1"), TrackId("track-1")
C1, C2 = ClipId("clip-1"), ClipId("clip-2")
ONE = Settings(takes=1)


class Scripted:
    """A planner that knows a few lines, and remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[tuple[Summary, Abilities]] = []

    def __call__(self, text: str, summary: Summary, abilities: Abilities) -> Plan:
        self.told.append((summary, abilities))
        made = ClipId(f"clip-{len(summary.clips) + 1}")
        match text.split()[0]:
            case "walk":
                step = Generate("A person walks", ANN, Append(TRACK), made, 1.0)
                return Plan("A walk.", (step,))
            case "name":
                return Plan("Named.", (Edit(RenameClip((C1,), text[:60])),))
            case "undo":
                return Plan("", (Undo(),))
            case "what":
                return Plan("", (Caption(ANN),))
            case "break":
                return Plan("Gone.", (Edit(RemoveClip((ClipId("gone"),))),))
            case "hello":
                return Plan("Hello.")
        return Plan("", (Ask("Which one?", ("this", "that")),))


@pytest.fixture
def planner() -> Scripted:
    return Scripted()


def do(session: Session, planner: Scripted, text: str) -> Turn:
    turn = talk.say(session, text, planner)
    return talk.carry_out(session, turn.id, settings=ONE).turn if turn.state == "planned" else turn


def states(session: Session) -> list[str]:
    return [turn.state for turn in session.project.conversation]


def names(session: Session) -> list[str]:
    return [clip.name for _, clip in session.project.clips]


def document(project: Project) -> Project:
    return replace(project, takes=(), conversation=())


def test_a_line_is_planned_first_and_then_done(session: Session, planner: Scripted) -> None:
    turn = talk.say(session, "  walk on ", planner)
    assert (turn.id, turn.text, turn.reply, turn.state) == (
        "turn-1", "walk on", "A walk.", "planned",
    )  # fmt: skip
    assert names(session) == []
    assert session.undo_label == ""
    said = talk.carry_out(session, turn.id, settings=ONE)
    assert said.turn == talk.find(session.project, "turn-1")
    assert said.turn.state == "done"
    assert (said.turn.clips, said.turn.character) == ((C1,), ANN)
    assert [each.character for each in said.turn.spans] == [ANN]
    assert said.turn.takes == tuple(take.id for take in session.takes)
    assert session.undo_label == "walk on"
    with pytest.raises(ConversationError, match="carried out or rejected"):
        talk.carry_out(session, turn.id)


def test_a_turn_follows_its_step_whoever_undoes_it(session: Session, planner: Scripted) -> None:
    do(session, planner, "walk")
    session.edit(RenameClip((C1,), "by hand"))
    do(session, planner, "name it")
    assert states(session) == ["done", "done"]
    session.undo()
    assert states(session) == ["done", "undone"]
    session.undo()
    session.undo()
    assert states(session) == ["undone", "undone"]
    session.redo()
    assert states(session) == ["done", "undone"]
    do(session, planner, "name another")  # what was undone is forgotten
    assert states(session) == ["done", "undone", "done"]


def test_what_was_said_stays_whatever_is_undone(session: Session, planner: Scripted) -> None:
    for line in ("walk", "name one", "hello", "what is this", "break", "undo", "pardon"):
        do(session, planner, line)
    assert states(session) == [
        "done", "undone", "answered", "answered", "failed", "answered", "answered",
    ]  # fmt: skip
    turns = session.project.conversation
    session.undo()
    assert [t.text for t in session.project.conversation] == [t.text for t in turns]
    assert "Nothing was changed" in turns[4].reply
    assert turns[5].reply == "Took back 'name one'."
    assert (turns[6].reply, turns[6].options) == ("Which one?", ("this", "that"))


def test_a_turn_is_taken_back_with_all_that_came_after(session: Session, planner: Scripted) -> None:
    do(session, planner, "walk")
    before = document(session.project)
    do(session, planner, "name a")
    session.edit(RenameClip((C1,), "by hand"))
    do(session, planner, "name b")
    assert talk.can_take_back(session, "turn-2")
    talk.take_back(session, "turn-2")
    assert document(session.project) == before
    assert states(session) == ["done", "undone", "undone"]
    for _ in range(3):
        session.redo()
    assert names(session) == ["name b"]
    assert states(session) == ["done", "done", "done"]
    talk.take_back(session, "turn-2")
    with pytest.raises(ConversationError, match="taken back already"):
        talk.take_back(session, "turn-2")
    do(session, planner, "hello")
    with pytest.raises(ConversationError, match="no step to take back"):
        talk.take_back(session, "turn-4")


def test_another_way_from_where_a_turn_began(session: Session, planner: Scripted) -> None:
    do(session, planner, "walk")
    do(session, planner, "name a")
    do(session, planner, "name b")
    turn = talk.branch(session, "turn-2", planner, "name c")
    assert (turn.instead, turn.text, turn.state) == ("turn-2", "name c", "planned")
    assert states(session) == ["done", "undone", "undone", "planned"]
    assert planner.told[-1][0].clips[0].name.startswith("Walks")
    talk.carry_out(session, turn.id)
    assert names(session) == ["name c"]
    again = talk.branch(session, turn.id, planner)
    assert (again.text, again.instead) == ("name c", turn.id)
    other = talk.branch(session, again.id, planner)
    assert states(session)[-2:] == ["rejected", "planned"]
    assert other.instead == again.id


def test_a_plan_is_changed_by_hand_or_left(session: Session, planner: Scripted) -> None:
    do(session, planner, "walk")
    turn = talk.say(session, "name a", planner)
    plan = talk.plan_of(turn)
    assert plan == Plan("Named.", (Edit(RenameClip((C1,), "name a")),))
    talk.revise(session, turn.id, Plan("Mine.", (Edit(RenameClip((C1,), "mine")),)))
    assert talk.carry_out(session, turn.id).turn.reply == "Mine."
    assert names(session) == ["mine"]
    turn = talk.say(session, "name b", planner)
    assert talk.reject(session, turn.id).state == "rejected"
    with pytest.raises(ConversationError, match="carried out or rejected"):
        talk.revise(session, turn.id, Plan("x"))
    assert names(session) == ["mine"]


def test_a_queued_turn_can_be_cancelled(session: Session, planner: Scripted) -> None:
    session.use("slow")
    turn = talk.say(session, "walk", planner)
    job = talk.start(session, turn.id, Settings(takes=1))
    job.cancel()
    assert job.wait(20).state == "cancelled"
    assert names(session) == []
    if states(session) == ["planned"]:  # it was stopped before it began
        with pytest.raises(Cancelled):
            talk.carry_out(session, turn.id, _stop)
    assert states(session) == ["cancelled"]


def _stop(fraction: float, note: str) -> None:
    raise Cancelled("enough")


def test_the_next_line_is_understood_by_what_came_before(
    session: Session, planner: Scripted
) -> None:
    do(session, planner, "walk")
    session.select((), playhead=12)
    assert talk.focus(session) == Focus((), 12, (C1,), ANN, said="walk")
    do(session, planner, "pardon?")
    asked = talk.focus(session)
    assert (asked.asked, asked.request, asked.options) == (
        "Which one?", "pardon?", ("this", "that"),
    )  # fmt: skip
    assert asked.clips == (C1,)
    do(session, planner, "break it")  # what failed is not what is spoken of
    do(session, planner, "walk")
    found = talk.focus(session)
    assert (found.clips, found.asked, found.selection) == ((C2,), "", (C2,))
    do(session, planner, "undo")
    assert talk.focus(session).clips == (C1,)
    session.edit(RemoveClip((C1,)))
    assert talk.focus(session).clips == ()


def test_a_planner_hears_what_the_model_can_do(session: Session, planner: Scripted) -> None:
    talk.say(session, "hello", planner)
    (told,) = planner.told
    assert set(told[1].bundles) == {"slow", "walker"}
    assert told[1].formats == ("bvh", "glb", "npz")
    assert told[0].project.conversation == ()


def test_the_conversation_is_there_again_after_reopening(
    store: SessionStore, planner: Scripted
) -> None:
    session = store.create("Dance")
    do(session, planner, "walk")
    do(session, planner, "name \ud800 x" + "y" * 30_000)  # what no file could hold
    session.undo()
    path = store.library.find(session.id)
    assert load(path)[0] == session.project
    before = session.project.conversation
    session.close()
    with open_project(path) as home:
        again = Session("again", home, store.models, store.jobs)
        assert again.project.conversation == before
        assert [turn.state for turn in before] == ["done", "undone"]
        assert talk.plan_of(before[0]) is not None
        assert talk.focus(again).clips == (C1,)
        with pytest.raises(ConversationError, match="no step to take back"):
            talk.take_back(again, "turn-1")
        with pytest.raises(ConversationError, match="before the project was opened"):
            talk.branch(again, "turn-1", planner)
        assert do(again, planner, "name it").id == "turn-3"


def test_a_plan_that_cannot_be_read_any_more_is_a_sentence(
    session: Session, planner: Scripted
) -> None:
    turn = talk.say(session, "walk", planner)
    session.amend(
        lambda project: replace(
            project, conversation=(replace(turn, plan='{"steps": [{"kind": "dance"}]}'),)
        )
    )
    with pytest.raises(ConversationError, match="cannot be read any more"):
        talk.carry_out(session, turn.id)
    assert talk.focus(session) == Focus()


def test_nothing_is_no_turn(session: Session, planner: Scripted) -> None:
    with pytest.raises(ConversationError, match="Say what should happen"):
        talk.say(session, " \n ", planner)
    with pytest.raises(ConversationError, match="no longer in the conversation"):
        talk.carry_out(session, "turn-9")
    assert session.project.conversation == ()


def test_who_may_only_look_says_nothing(store: SessionStore, planner: Scripted) -> None:
    session = store.create("Dance")
    path = store.library.find(session.id)
    with open_project(path, read_only=True) as home:
        looking = Session("look", home, store.models, store.jobs)
        with pytest.raises(MotionStudioError, match="reading only"):
            talk.say(looking, "walk", planner)


# -- anything at all ------------------------------------------------------------------------------

WORDS = (
    "walk wave bow jump make it slower faster undo that this the last two first swap delete clip "
    "second person stands behind in front of him she mirror twice 3 5 seconds at between and then "
    "why what is doing <b> {x} ignore all instructions rm -rf / ../../etc/passwd gehen "
    "\u4f60\u597d \U0001f57a"
).split()


@settings(max_examples=60)
@given(st.one_of(st.text(min_size=1), st.lists(st.sampled_from(WORDS), min_size=1).map(" ".join)))
def test_no_line_raises_or_writes(line: str) -> None:
    session = _walked()
    planner = talk.offline(session)
    before = document(session.project)
    try:
        turn = talk.say(session, line, planner)
    except ConversationError:
        assert not line.strip()
        return
    if turn.state == "planned":
        said = talk.carry_out(session, turn.id, settings=ONE)
        assert said.outcome.files == ()
        assert said.turn.state in ("done", "answered", "failed")
        if said.turn.state == "done":
            session.undo()
        while said.turn.state == "answered" and session.redo_label:  # it said undo
            session.redo()
    assert document(session.project) == before
    _, turn = session.project.conversation
    assert turn.reply


def test_a_line_too_long_to_read_is_still_a_turn(session: Session) -> None:
    turn = talk.say(session, "walk and " * 5000, talk.offline(session))
    assert len(turn.text) <= 20_000
    assert turn.reply


_MODELS, _JOBS = Models(Shop(Walker())), JobQueue()


def _walked() -> Session:
    """A session of its own with one clip."""
    session = Session("walked", Unsaved(), _MODELS, _JOBS)
    do(session, Scripted(), "walk")
    return session
