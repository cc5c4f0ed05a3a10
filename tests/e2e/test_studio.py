"""The studio in a browser, from a typed line to a file on disk."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import exporters
from studio import files
from tests.e2e.page import Studio, changed
from tests.studio.walker import walk

pytestmark = pytest.mark.slow

#: Whether a take is what the export panel would save.
_SAVES = """name => {
    const subject = document.querySelector('#ms-export select[aria-label="What to save"]');
    return subject.selectedOptions[0]?.textContent.startsWith(name);
}"""


def test_a_line_becomes_moving_pixels_and_files(studio: Studio, tmp_path: Path) -> None:
    empty = studio.stage()
    studio.ask("A person walks forward proudly")
    studio.wait_for_takes(3)
    assert sorted(studio.names) == [f"Walks forward proudly {i}" for i in (1, 2, 3)]
    assert studio.selected == studio.names[0]  # the best

    figure = studio.settle(different_from=empty)
    studio.settle(different_from=figure)  # it moves by itself

    bvh = studio.save("BVH", tmp_path)
    assert bvh.name == f"{studio.selected.lower().replace(' ', '_')}.bvh"
    motion = exporters.load(bvh)
    assert (len(motion), motion.fps) == (80, pytest.approx(20, rel=1e-3))
    glb = exporters.load(studio.save("GLB", tmp_path))
    assert np.abs(glb.root_positions - motion.root_positions).max() < 1e-3
    assert np.ptp(motion.root_positions[:, 2]) > 1


def test_toggles_reach_the_file(studio: Studio, tmp_path: Path) -> None:
    studio.ask("walk", takes=1)
    studio.wait_for_takes(1)
    panel = studio.tab("Export")
    panel.get_by_text("In place").click()
    panel.get_by_label("Frames a second").select_option("30")
    motion = exporters.load(studio.save("BVH", tmp_path))
    assert motion.fps == pytest.approx(30, rel=1e-3)
    assert np.ptp(motion.root_positions[:, 2]) < 1e-6


def test_another_take_is_shown_and_saved(studio: Studio, tmp_path: Path) -> None:
    studio.ask("walk", takes=2)
    studio.wait_for_takes(2)
    first = exporters.load(studio.save("NPZ", tmp_path))
    studio.tab("Takes")
    first_name, other = studio.names
    studio.takes.nth(1).click()
    assert studio.selected == other  # at once, before the server has answered
    studio.page.wait_for_function(_SAVES, arg=other)
    second = exporters.load(studio.save("NPZ", tmp_path))
    assert not np.array_equal(first.root_positions, second.root_positions)
    assert first.fps == second.fps
    studio.tab("Takes").get_by_role("button", name="More like these").click()
    studio.wait_for_takes(5)
    assert set(studio.names) == {first_name, other, "Walk 3", "Walk 4", "Walk 5"}


def test_pausing_holds_the_picture(studio: Studio) -> None:
    empty = studio.stage()
    studio.ask("walk", takes=1)
    studio.wait_for_takes(1)
    moving = studio.settle(different_from=empty)
    studio.settle(different_from=moving)
    studio.page.locator("#ms-viewer").click(position={"x": 200, "y": 120})
    studio.page.keyboard.press("Space")
    studio.page.wait_for_timeout(600)
    still = studio.stage()
    studio.page.wait_for_timeout(600)
    assert changed(studio.stage(), still) < 0.0005


def test_a_running_job_is_cancelled(studio: Studio) -> None:
    studio.page.get_by_label("Model").select_option("slow")
    studio.ask("walk")
    turn = studio.page.locator(".ms-turn")
    turn.get_by_role("progressbar").wait_for()
    studio.page.wait_for_function(
        "() => document.querySelector('.ms-progress-note')?.textContent.startsWith('Step')"
    )
    turn.get_by_role("button", name="Cancel").click()
    turn.get_by_text("Cancelled").wait_for()
    assert studio.names == []


def test_feedback_comes_before_the_server_answers(studio: Studio) -> None:
    """The line and its progress stand in the page when the key's own handlers have run."""
    seen = studio.page.evaluate(
        """() => {
            const box = document.querySelector('#ms-chat textarea');
            box.value = 'walk';
            box.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
            const turn = document.querySelector('.ms-turn');
            return [turn.querySelector('.ms-turn-text').textContent,
                    Boolean(turn.querySelector('[role=progressbar]')), box.value];
        }"""
    )
    assert seen == ["walk", True, ""]
    studio.wait_for_takes(3)


@pytest.mark.parametrize(
    ("text", "seconds", "sentence"),
    [
        ("", "4", "The description is empty; say what the person does."),
        ("walk", "60", "10 s is the longest this model makes; ask for less."),
        ("walk", "0", "A length of 0 s makes no sense; ask for more."),
    ],
)
def test_a_refusal_is_a_sentence_in_the_chat(
    studio: Studio, text: str, seconds: str, sentence: str
) -> None:
    studio.page.get_by_label("Seconds", exact=True).fill(seconds)
    studio.ask(text)
    studio.page.locator("#ms-chat").get_by_text(sentence).wait_for()
    assert studio.names == []


def test_a_refused_line_is_not_lost(studio: Studio) -> None:
    studio.page.get_by_label("Seconds", exact=True).fill("0")
    studio.ask("a long line that took a while to type")
    studio.page.locator("#ms-chat .ms-prompt .ms-error").wait_for()
    box = studio.page.get_by_label("Describe a motion")
    assert box.input_value() == "a long line that took a while to type"


def test_takes_are_renamed_and_deleted(studio: Studio) -> None:
    studio.ask("walk", takes=2)
    studio.wait_for_takes(2)
    other = studio.names[1]
    studio.page.get_by_role("button", name="Rename (F2)").first.click()
    studio.page.get_by_label("Name of the take").fill("The good one")
    studio.page.keyboard.press("Enter")
    studio.page.wait_for_function(_SAVES, arg="The good one")
    studio.takes.first.get_by_role("button", name="Delete").click()
    studio.wait_for_takes(1)
    assert studio.names == [other]


def test_a_file_is_imported_and_a_bad_one_refused(studio: Studio, tmp_path: Path) -> None:
    files.save(walk(3, 30), tmp_path / "from_disk.bvh")
    (tmp_path / "broken.bvh").write_text("HIERARCHY\nnonsense\n")
    picker = studio.page.get_by_label("Motion files")
    picker.set_input_files(tmp_path / "from_disk.bvh")
    studio.wait_for_takes(1)
    assert studio.names == ["from_disk"]
    studio.tab("Takes")
    picker.set_input_files(tmp_path / "broken.bvh")
    error = studio.page.locator("#ms-takes .ms-error")
    error.wait_for()
    assert re.search(r"broken\.bvh, line \d+:", error.inner_text())
    assert studio.names == ["from_disk"]


def test_the_window_never_scrolls(studio: Studio) -> None:
    for takes in (4, 4, 4, 4):
        before = len(studio.names)
        studio.ask("walk", takes=takes)
        studio.wait_for_takes(before + takes)
    for width, height in ((1280, 720), (1440, 900), (2560, 1440)):
        studio.page.set_viewport_size({"width": width, "height": height})
        size = studio.page.evaluate(
            "() => [document.scrollingElement.scrollWidth, document.scrollingElement.scrollHeight]"
        )
        assert size == [width, height]
        generate = studio.page.get_by_role("button", name="Send", exact=True).bounding_box()
        assert generate["y"] + generate["height"] <= height - 200  # the timeline lies below


def test_escape_cancels_and_up_brings_the_line_back(studio: Studio) -> None:
    studio.page.get_by_label("Model").select_option("slow")
    studio.ask("walk in a circle")
    studio.page.wait_for_function(
        "() => document.querySelector('.ms-progress-note')?.textContent.startsWith('Step')"
    )
    box = studio.page.get_by_label("Describe a motion")
    box.press("Escape")
    studio.page.locator(".ms-turn").get_by_text("Cancelled").wait_for()
    box.press("ArrowUp")
    assert box.input_value() == "walk in a circle"


def test_dividers_are_dragged_and_remembered(studio: Studio) -> None:
    width = "() => document.querySelector('#ms-chat').offsetWidth"
    before = studio.page.evaluate(width)
    handle = studio.page.get_by_role("separator", name="Width of the chat").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + 200
    studio.page.mouse.move(x, y)
    studio.page.mouse.down()
    studio.page.mouse.move(x + 60, y, steps=3)
    studio.page.mouse.up()
    assert abs(studio.page.evaluate(width) - before - 60) <= 1
    studio.page.reload()
    studio.page.wait_for_selector(".ms-divider-chat")
    assert abs(studio.page.evaluate(width) - before - 60) <= 1
