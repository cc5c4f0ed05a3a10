"""What lines of chat do to a project, without a browser."""

from __future__ import annotations

import time
from typing import Any

import exporters
from studio import conversation
from studio.document.model import Append, CharacterId, ClipId, Project
from studio.planner.plan import Generate, Plan, Transition
from studio.planner.rules import plan as planned
from studio.planner.summary import Abilities, summarise
from studio.session import SessionError
from studio.ui.desk import Desk
from studio.ui.page import Pages
from studio.ui.strips import Strip, lasting, rearranged, strips
from studio.ui.turns import suggestions
from tests.studio.ui.conftest import Browser


class Chat:
    """Lines and what comes of them."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def say(self, text: str, **extra: Any) -> dict[str, Any]:
        """The turn of a line, once all is done."""
        order = {"seconds": 2, "takes": 2, **extra}
        self.browser.do("chat", "submit", text=text, **order)
        return self.wait()

    def wait(self) -> dict[str, Any]:
        """The last turn, once nothing is under way."""
        session = self.session
        session.queue(lambda report: None).wait(20)  # after all that was queued before
        self.browser.look()
        return self.last

    @property
    def session(self):
        return self.browser.page.tab.session

    @property
    def last(self) -> dict[str, Any]:
        return self.browser.views["chat"]["turns"][-1]

    @property
    def clips(self) -> list[str]:
        found = sorted((clip.start, clip.name) for _, clip in self.session.project.clips)
        return [name for _, name in found]


def test_a_description_gives_takes_and_nothing_on_the_timeline(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("A person walks proudly")
    assert (turn["state"], turn["ask"], len(turn["takes"])) == ("done", "2 takes of 2.0 s", 2)
    assert (turn["strips"], turn["clips"], chat.clips) == ([], [], [])
    (kept,) = chat.session.project.conversation
    assert (kept.state, kept.takes) == ("answered", ("take-1", "take-2"))
    assert browser.views["timeline"]["ghost"]["take"] == turn["takes"][0]["id"]


def test_the_words_of_a_description_reach_the_model_as_they_were_said(browser: Browser) -> None:
    chat = Chat(browser)
    for line, prompt in (
        ("walk", "walk"),
        ("A person dances salsa", "A person dances salsa"),
        ("walk backward for 3 seconds", "a person walks backward"),
    ):
        chat.say(line)
        request = chat.session.turns[-1].order
        assert request.text == prompt
    assert request.seconds == 3


def test_several_actions_are_one_step_with_the_best_takes(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("walk forward, then wave and bow")
    assert (turn["state"], turn["undo"], turn["takes"]) == ("done", 1, [])
    assert [clip["name"] for clip in turn["clips"]] == chat.clips
    assert chat.clips == ["Walks forward 1", "Waves 1", "Bows 1"]
    accepted = [take.name for take in chat.session.takes if take.accepted]
    assert sorted(accepted) == sorted(chat.clips)
    assert len(chat.session.takes) == 6
    browser.do("chat", "take_back", turn=turn["id"])
    assert (chat.clips, chat.last["state"], chat.last["redo"]) == ([], "undone", True)
    browser.do("chat", "redo")
    assert (len(chat.clips), chat.last["state"]) == (3, "done")


def test_taking_a_turn_back_takes_what_was_done_since(browser: Browser) -> None:
    chat = Chat(browser)
    first = chat.say("walk, then bow")
    chat.say("make the bow slower")
    turns = browser.views["chat"]["turns"]
    assert [turn["undo"] for turn in turns] == [2, 1]
    browser.do("chat", "take_back", turn=first["id"])
    assert [turn["state"] for turn in browser.views["chat"]["turns"]] == ["undone", "undone"]
    assert "taken back already" in browser.send("chat", "take_back", turn=first["id"])["notice"]


def test_an_edit_says_what_it_did(browser: Browser) -> None:
    chat = Chat(browser)
    chat.say("walk, then wave")
    turn = chat.say("make the wave twice as fast")
    assert turn["reply"] == ""  # no more than the name of the edit
    assert turn["told"] == ["Waves 1 plays at 2\u00d7"]
    assert [clip["name"] for clip in turn["clips"]] == ["Waves 1"]
    assert turn["spans"][0]["start"] == chat.session.project.timeline.tracks[0].clips[1].start
    assert browser.views["timeline"]["selection"] == [turn["clips"][0]["id"]]


def test_a_plan_waits_where_plans_do_not_run_at_once(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("walk, then wave, then bow", auto=False)
    assert (turn["state"], chat.clips, chat.session.takes) == ("planned", [], ())
    assert [strip["text"] for strip in turn["strips"]] == [
        "a person walks",
        "a person waves",
        "a person bows",
    ]
    assert [strip["seconds"] for strip in turn["strips"]] == [2, 2, 2]
    assert turn["reply"] == ""
    walk, _, bow = (strip["at"] for strip in turn["strips"])
    left = [
        {"at": bow, "text": "a person bows deeply", "seconds": 3},
        {"at": walk, "text": "a person walks", "seconds": 2},
    ]
    browser.do("chat", "run", turn=turn["id"], steps=left, takes=1)
    assert chat.wait()["state"] == "done"
    assert chat.clips == ["Bows deeply 1", "Walks 1"]
    assert len(chat.session.takes) == 2
    refusal = browser.send("chat", "run", turn=turn["id"])["notice"]
    assert "carried out or rejected" in refusal


def test_questions_are_answered_whatever_the_setting(browser: Browser) -> None:
    chat = Chat(browser)
    chat.say("walk, then wave")
    before = chat.session.project
    turn = chat.say("what is she doing between 1 and 2 seconds?", auto=False)
    assert (turn["state"], turn["undo"]) == ("answered", 0)
    assert "1.0 and 2.0 s" in turn["reply"]
    assert chat.session.project.timeline == before.timeline


def test_a_rejected_plan_changes_nothing(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("walk, then wave", auto=False)
    browser.do("chat", "reject", turn=turn["id"])
    assert (chat.last["state"], chat.last["strips"], chat.clips) == ("rejected", [], [])


def test_another_way_is_other_motion_in_the_same_place(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("walk, then wave")
    media = {clip.media.id for _, clip in chat.session.project.clips}
    assert turn["vary"]
    browser.do("chat", "vary", turn=turn["id"], takes=2, auto=True)
    again = chat.wait()
    assert (again["state"], again["text"], len(chat.clips)) == ("done", turn["text"], 2)
    assert media.isdisjoint(clip.media.id for _, clip in chat.session.project.clips)


def test_a_question_back_has_its_options_and_a_way_around(browser: Browser) -> None:
    chat = Chat(browser)
    chat.say("walk, then wave")
    turn = chat.say("delete")
    assert (turn["state"], turn["options"]) == ("answered", ["Walks 1", "Waves 1"])
    assert not turn["plain"]
    turn = chat.say("a blorp of zyx", auto=True)
    if turn["plain"]:  # what is not understood may still be a description
        turn = chat.say("a blorp of zyx", plain=True)
    assert chat.session.turns[-1].order.text == "a blorp of zyx"


def test_an_answer_finishes_the_line_that_was_asked_about(browser: Browser) -> None:
    chat = Chat(browser)
    chat.say("walk, then wave")
    assert chat.say("delete the jump")["options"] == ["Walks 1", "Waves 1"]
    assert chat.say("Waves 1")["state"] == "done"
    assert chat.clips == ["Walks 1"]


def test_a_running_plan_is_stopped(browser: Browser, desk: Desk) -> None:
    chat = Chat(browser)
    browser.do("topbar", "pick", bundle="slow")
    browser.do("chat", "submit", text="walk, then wave", seconds=2, takes=2)
    assert chat.last["state"] in ("waiting", "running")
    doing = desk.talks.of(chat.session).of(chat.last["id"])
    while doing.status and doing.status.state == "waiting":
        time.sleep(0.01)
    browser.do("chat", "cancel", turn=chat.last["id"])
    assert chat.wait()["state"] == "cancelled"
    assert chat.clips == []


def test_what_fails_says_so_in_its_turn(browser: Browser) -> None:
    chat = Chat(browser)
    turn = chat.say("walk, then wave", seconds=60)
    assert turn["state"] == "failed"
    assert "ask for less" in turn["error"]
    assert "Nothing was changed" in turn["error"]


def test_a_refused_line_leaves_no_turn(browser: Browser) -> None:
    assert browser.send("chat", "submit", text=" ", seconds=2, takes=1)["notice"]
    assert browser.send("chat", "submit", text="walk", seconds=0, takes=1)["notice"]
    assert browser.views["chat"]["turns"] == []


def test_an_export_is_on_the_shelf(browser: Browser, desk: Desk) -> None:
    chat = Chat(browser)
    chat.say("walk, then wave")
    turn = chat.say("export this as bvh")
    (file,) = turn["files"]
    assert turn["reply"].endswith(f"Saved {file['name']}.")
    _, token, name = file["url"].split("/")
    path = desk.shelf.get(token)
    assert path is not None
    assert path.name == name
    frames = max(clip.stop for _, clip in chat.session.project.clips)
    assert len(exporters.load(path)) == frames


def test_the_conversation_is_there_when_the_project_is_opened_again(
    browser: Browser, pages: Pages
) -> None:
    chat = Chat(browser)
    chat.say("A person walks")
    chat.say("walk, then bow")
    texts = [turn["text"] for turn in browser.views["chat"]["turns"]]
    browser.do("topbar", "duplicate_project")
    turns = browser.views["chat"]["turns"]
    assert [turn["text"] for turn in turns] == texts
    assert [len(turn["takes"]) for turn in turns] == [2, 0]
    assert [turn["undo"] for turn in turns] == [0, 0]


def test_what_other_panels_ask_for_stands_where_it_came(browser: Browser) -> None:
    chat = Chat(browser)
    chat.say("walk, then bow")
    first, second = (clip.id for clip in chat.session.project.timeline.tracks[0].clips)
    browser.do("timeline", "fill", before=first, after=second, takes=1)
    chat.wait()
    chat.say("make it slower")
    assert [turn["text"] for turn in browser.views["chat"]["turns"]] == [
        "walk, then bow",
        "",
        "make it slower",
    ]


# -- plans as strips -------------------------------------------------------------------------------


def _plan(line: str, project: Project) -> Plan:
    return lasting(planned(line, summarise(project), Abilities()), 4)


def test_strips_name_those_who_are_yet_to_come(browser: Browser) -> None:
    project = browser.page.tab.session.project
    plan = _plan("a second person stands a metre in front of him and claps", project)
    titles = [strip["title"] for strip in strips(plan, project)]
    assert titles == ["Character 2 joins", "Place Character 2 by Character 1", "Character 2"]


def test_strips_left_alone_are_the_same_plan(browser: Browser) -> None:
    project = browser.page.tab.session.project
    for line in (
        "walk, then wave and bow",
        "a second person stands a metre in front of him and claps",
        "walk for 3 seconds, then jump twice",
    ):
        plan = _plan(line, project)
        left = [Strip(s["at"], s["text"], s["seconds"]) for s in strips(plan, project)]
        again = rearranged(plan, left)
        assert sorted(map(repr, again.steps)) == sorted(map(repr, plan.steps)), line


def test_transitions_follow_the_order_of_the_strips(browser: Browser) -> None:
    project = browser.page.tab.session.project
    plan = _plan("walk, then wave, then bow", project)
    walk, wave, bow = (Strip(s["at"], s["text"]) for s in strips(plan, project))
    for left in ([bow, wave, walk], [wave, walk], [bow]):
        again = rearranged(plan, left)
        made = [step.made for step in again.steps if isinstance(step, Generate)]
        joins = [(s.before, s.after) for s in again.steps if isinstance(s, Transition)]
        assert joins == list(zip(made, made[1:], strict=False))


def test_strips_of_another_plan_are_refused(browser: Browser) -> None:
    plan = _plan("walk, then wave", browser.page.tab.session.project)
    for left in ([], [Strip(7, "x")], [Strip(0, "x"), Strip(0, "x")], [Strip(0, " ")]):
        try:
            rearranged(plan, left)
        except SessionError:
            continue
        raise AssertionError(left)


def test_suggestions_are_understood(browser: Browser) -> None:
    """Each suggestion, said as it stands, leads to something other than a question."""
    chat = Chat(browser)
    for line in ("walk, then wave", "then bow", "then sit down"):
        chat.say(line)
        session = chat.session
        for suggestion in suggestions(session.project):
            turn_plan = conversation.offline(session)(
                suggestion, conversation.summary(session), conversation.abilities(session)
            )
            assert turn_plan.steps, suggestion
            assert not any(step.kind == "ask" for step in turn_plan.steps), suggestion


def test_a_length_that_was_said_is_kept() -> None:
    who, clip = CharacterId("character-1"), ClipId("clip-1")
    said = Plan("", (Generate("a person walks", who, Append(), clip, seconds=6),))
    assert lasting(said, 4) == said
