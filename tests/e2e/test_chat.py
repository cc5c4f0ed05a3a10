"""The conversation in a browser: each line changes just what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import exporters
from tests.e2e.page import Studio

pytestmark = pytest.mark.slow

_OVER = """count => document.querySelectorAll('.ms-turn').length === count
    && !document.querySelector('.ms-turn.ms-running')"""


class Chat:
    """The chat of a studio, a line at a time."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.page = studio, studio.page
        self.turns = studio.page.locator(".ms-turn")
        self.last = self.turns.last

    def say(self, line: str) -> str:
        """Type a line, wait for what comes of it; the answer."""
        count = self.turns.count()
        box = self.page.get_by_label("Describe a motion")
        box.fill(line)
        box.press("Enter")
        self.wait(count + 1)
        return self.reply

    def wait(self, count: int) -> None:
        """Until there are so many turns, and none is under way."""
        self.page.wait_for_function(_OVER, arg=count)
        self.studio.quiet()

    def press(self, name: str, count: int) -> None:
        """A button of the last turn, and what comes of it; the turns there are then."""
        self.last.get_by_role("button", name=name, exact=True).click()
        self.wait(count)

    @property
    def reply(self) -> str:
        return " ".join(self.last.locator(".ms-reply").all_text_contents())

    @property
    def clips(self) -> list[dict[str, Any]]:
        """In order of time."""
        tracks = self.studio.project["timeline"]["tracks"]
        found = [clip for track in tracks for clip in track["clips"]]
        return sorted(found, key=lambda clip: clip["start"])


@pytest.fixture
def chat(studio: Studio) -> Iterator[Chat]:
    yield Chat(studio)
    studio.page.evaluate("() => localStorage.removeItem('motion-studio.auto-run')")


def without(clip: dict[str, Any], *fields: str) -> dict[str, Any]:
    return {key: value for key, value in clip.items() if key not in fields}


def test_lines_change_what_they_say_and_nothing_else(chat: Chat) -> None:
    chat.say("walk forward, then wave with the right hand and bow")
    walk, wave, bow = chat.clips
    assert [clip["provenance"]["prompt"] for clip in (walk, wave, bow)] == [
        "a person walks forward",
        "a person waves with the right hand",
        "a person bows",
    ]
    assert (wave["start"], bow["start"]) == (walk["frames"], walk["frames"] + wave["frames"])
    assert {clip["blend"]["kind"] for clip in (wave, bow)} == {"inertialize"}
    assert len(chat.studio.names) == 9  # the other takes are kept to choose from

    chat.say("make the wave twice as fast")
    faster, retimed = chat.clips, ("speed", "frames", "source")
    assert faster[0] == walk
    assert (faster[1]["speed"], faster[1]["frames"]) == (2, wave["frames"] // 2 + 1)
    assert without(faster[1], *retimed) == without(wave, *retimed)
    assert without(faster[2], "start") == without(bow, "start")
    assert faster[2]["start"] == faster[1]["start"] + faster[1]["frames"]

    before = chat.studio.project
    chat.say("swap the last two")
    swapped = chat.clips
    assert [clip["id"] for clip in swapped] == [walk["id"], bow["id"], wave["id"]]
    assert swapped[0] == walk
    assert without(swapped[1], "start") == without(faster[2], "start")
    assert without(swapped[2], "start") == without(faster[1], "start")

    chat.say("undo that")
    assert chat.studio.project == before
    assert chat.turns.nth(2).get_by_text("Taken back.").is_visible()

    assert "1.0 and 2.0 s" in chat.say("what is she doing between 1 and 2 seconds?")
    assert chat.studio.project == before

    chat.page.reload()
    chat.studio.wait()
    chat.page.wait_for_function("() => document.querySelectorAll('.ms-turn').length === 5")
    assert "1.0 and 2.0 s" in chat.reply
    assert chat.studio.project == before


def test_a_turn_is_taken_back_and_made_another_way(chat: Chat) -> None:
    empty = chat.studio.project
    chat.say("walk, then bow")
    first = chat.clips
    chat.press("Try another way", 2)
    second = chat.clips
    assert [clip["name"].split()[0] for clip in second] == ["Walks", "Bows"]
    assert {clip["media"]["id"] for clip in first}.isdisjoint(c["media"]["id"] for c in second)
    chat.press("Undo", 2)
    assert chat.studio.project == empty
    chat.press("Redo", 2)
    assert chat.clips == second


def test_a_plan_is_changed_by_hand_before_it_runs(chat: Chat) -> None:
    empty = chat.studio.project
    chat.page.get_by_text("Auto-run").click()
    chat.say("walk, then wave, then bow")
    assert chat.studio.project == empty
    steps = chat.last.locator(".ms-step")
    assert steps.count() == 3
    steps.nth(0).get_by_label("What the person does").fill("a person runs")
    steps.nth(0).get_by_label("Seconds of this step").fill("2")
    steps.nth(1).hover()
    steps.nth(1).get_by_role("button", name="Leave this step out").click()
    steps.nth(1).hover()
    steps.nth(1).get_by_role("button", name="Earlier").click()
    chat.press("Run", 1)
    chat.page.wait_for_selector(".ms-turn.ms-done")
    bow, run = chat.clips
    assert (bow["name"], run["name"]) == ("Bows 1", "Runs 1")
    assert run["frames"] < 0.6 * bow["frames"]
    chat.say("delete the bow")
    chat.press("Reject", 2)
    assert len(chat.clips) == 2


def test_a_question_is_answered_with_a_button(chat: Chat) -> None:
    chat.say("walk, then wave")
    chat.say("delete the jump")
    chat.last.get_by_role("button", name="Waves").click()
    chat.wait(3)
    assert [clip["name"] for clip in chat.clips] == ["Walks 1"]


def test_an_export_comes_as_a_download(chat: Chat, tmp_path: Path) -> None:
    chat.say("walk, then bow")
    with chat.page.expect_download() as download:
        chat.say("export this as bvh")
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert len(exporters.load(path)) == sum(clip["frames"] for clip in chat.clips)
    assert chat.last.get_by_role("button", name=path.name).is_visible()
