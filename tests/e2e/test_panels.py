"""The panels themselves: the palette, what is shown and put away, comparing, themes, numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import exporters
from tests.e2e.page import Studio, changed

pytestmark = pytest.mark.slow


def test_the_palette_finds_commands_by_their_letters(studio: Studio) -> None:
    studio.page.get_by_label("Describe a motion").click()
    studio.page.keyboard.press("Control+k")  # even while something is being typed
    field = studio.page.get_by_role("combobox", name="Command")
    field.fill("ad ch")
    found = studio.page.get_by_role("listbox", name="Commands").get_by_role("option")
    assert "Add a character" in found.first.inner_text()
    field.fill("qqqq")
    assert found.count() == 0
    field.press("Escape")
    assert not field.is_visible()
    studio.command("Add a character with its track")
    assert len(studio.project["characters"]) == 2


def test_keys_put_panels_away_but_not_while_typing(studio: Studio) -> None:
    chat, viewer = studio.page.locator("#ms-chat"), studio.page.locator("#ms-viewer")
    width = viewer.bounding_box()["width"]
    studio.page.get_by_label("Describe a motion").press("1")
    assert chat.is_visible()
    studio.page.get_by_label("Describe a motion").fill("")
    viewer.click(position={"x": 150, "y": 120})
    studio.page.keyboard.press("1")
    assert not chat.is_visible()
    assert viewer.bounding_box()["width"] > width + 200
    studio.page.keyboard.press("2")
    size = studio.page.viewport_size
    box = viewer.bounding_box()
    assert box["width"] == pytest.approx(size["width"], abs=4)
    assert box["height"] == pytest.approx(size["height"] - 40, abs=4)
    studio.page.keyboard.press("2")
    assert chat.is_visible()


def test_the_help_sheet_has_every_part_of_the_page(studio: Studio) -> None:
    studio.page.get_by_role("button", name="Shortcuts (?)").click()
    sheet = studio.page.get_by_role("dialog", name="Shortcuts")
    for part in ("Playback", "Window", "Takes", "Timeline: edit", "Timeline: mouse"):
        sheet.get_by_role("heading", name=part, exact=True).wait_for()


def test_the_light_theme_reaches_every_panel_and_stays(studio: Studio) -> None:
    def brightness() -> list[float]:
        names = ("#ms-chat .ms-root", "#ms-takes .ms-root", "#ms-topbar .ms-root", "body")
        script = """name => getComputedStyle(document.querySelector(name)).backgroundColor
            .match(/[\\d.]+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0) / 765"""
        return [studio.page.evaluate(script, name) for name in names]

    assert max(brightness()) < 0.3
    dark = studio.stage()
    studio.page.get_by_role("button", name="Settings").click()
    studio.page.get_by_role("radiogroup", name="Theme").get_by_text("Light").click()
    assert min(brightness()) > 0.8
    studio.settle(different_from=dark, least=0.5)
    studio.page.reload()
    studio.wait()
    assert min(brightness()) > 0.8


def test_takes_are_compared_side_by_side_and_reviewed_as_ghosts(studio: Studio) -> None:
    studio.ask("walk", takes=3)
    studio.wait_for_takes(3)
    studio.pause()
    alone = studio.settle(different_from=np.zeros_like(studio.stage()))
    studio.tab("Takes").locator(".ms-group-head").get_by_role("button", name="Compare").click()
    studio.settle(different_from=alone)
    legend = studio.page.locator("#ms-viewer")
    for name in studio.names:
        legend.get_by_text(name).first.wait_for()
    studio.page.get_by_role("button", name="End comparing").click()
    studio.accept()
    [track] = studio.project["timeline"]["tracks"]
    assert [clip["name"] for clip in track["clips"]] == [studio.names[0]]
    studio.takes.nth(1).press("k")
    studio.quiet()
    studio.takes.nth(1).click()
    studio.takes.nth(1).press("k")
    studio.page.locator(".ms-take").nth(1).get_by_text("kept").first.wait_for()
    studio.page.keyboard.press("Escape")
    studio.quiet()
    assert studio.page.locator(".ms-take.ms-selected").count() == 0


def test_typing_in_the_inspector_is_never_a_shortcut(studio: Studio) -> None:
    studio.ask("walk", takes=1)
    studio.wait_for_takes(1)
    studio.accept()
    studio.pause()
    [clip] = studio.project["timeline"]["tracks"][0]["clips"]
    studio.timeline.select(clip["id"])
    name = studio.tab("Clip").get_by_label("Name of the clip")
    name.fill("")
    name.press_sequentially("s d 1 mirror")
    name.press("Enter")
    studio.quiet()
    [after] = studio.project["timeline"]["tracks"][0]["clips"]
    assert after == {**clip, "name": "s d 1 mirror"}
    speed = studio.tab("Clip").get_by_label("Speed", exact=True)
    speed.fill("nonsense")
    speed.press("Enter")
    assert speed.input_value() == "1"


def test_the_timeline_is_saved_for_one_or_for_everyone(studio: Studio, tmp_path: Path) -> None:
    studio.ask("walk", takes=1)
    studio.wait_for_takes(1)
    studio.accept()
    studio.page.keyboard.press("Escape")
    studio.quiet()
    studio.tab("Export").get_by_label("What to save").select_option("timeline")
    motion = exporters.load(studio.save("BVH", tmp_path))
    assert len(motion) == studio.project["timeline"]["tracks"][0]["clips"][0]["frames"]
    assert motion.fps == pytest.approx(30, rel=1e-3)


def test_reviewing_shows_a_ghost_beside_what_is_there(studio: Studio) -> None:
    studio.ask("walk", takes=2)
    studio.wait_for_takes(2)
    studio.accept()
    studio.pause()
    studio.page.locator("#ms-viewer").get_by_text("Character 1").first.wait_for()
    before = studio.stage()
    studio.tab("Takes")
    studio.takes.nth(1).click()
    studio.quiet()
    studio.timeline.seek(140)  # after the clip, where the take would go
    after = studio.settle(different_from=before)
    assert changed(after, before) > 0.002
