"""An animator's afternoon: two characters, generated and imported clips, every kind of edit.

Nothing but the mouse, keys and files that are dropped. After each step the document is kept, so
that undo and redo can be held to it, and at the end the file on the disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio import files
from studio.document import schema
from studio.document.project_file import load
from tests.e2e.conftest import Server
from tests.e2e.page import Studio, coloured
from tests.studio.walker import walk

pytestmark = pytest.mark.slow

#: Frames at 30 fps of the walkers' 4 s at 20 fps: from the first of 80 to the last.
TAKE = 79 * 30 // 20 + 1


class Story:
    """The steps so far: ``states[i]`` is the document after the first ``i`` of them."""

    def __init__(self, studio: Studio) -> None:
        self.studio, self.timeline = studio, studio.timeline
        self.states = [self.project]

    @property
    def project(self) -> dict[str, Any]:
        return self.studio.project

    def step(self) -> None:
        """Keep the document; it must have changed."""
        self.studio.quiet()
        now = self.project
        assert now != self.states[-1]
        self.states.append(now)

    def clips(self, track: int) -> list[dict[str, Any]]:
        return self.project["timeline"]["tracks"][track]["clips"]

    def spans(self, track: int) -> list[tuple[int, int]]:
        """Start and stop of each clip on a track."""
        return [(clip["start"], clip["start"] + clip["frames"]) for clip in self.clips(track)]

    def generate(self, text: str) -> None:
        """Ask for one take and wait until it stands in the list."""
        count = self.studio.takes.count()
        self.studio.ask(text, takes=1)
        self.studio.wait_for_takes(count + 1)

    def wait_and_accept(self, count: int) -> None:
        """Accept the best of the takes that a button or a key has asked for."""
        self.studio.wait_for_takes(count)
        self.studio.accept()


@pytest.fixture
def story(studio: Studio) -> Story:
    return Story(studio)


def test_the_story(story: Story, server: Server, tmp_path: Path) -> None:
    build(story, tmp_path)
    shape(story)
    ask_for_more(story)
    refine(story)
    check_the_document(story)
    undo_and_redo(story)
    come_back(story, server)


def build(story: Story, folder: Path) -> None:
    """Two characters; generated clips for both, and an imported one."""
    studio, timeline = story.studio, story.timeline
    story.generate("walk")
    studio.accept()
    story.step()
    story.generate("run")
    studio.accept()
    story.step()
    studio.pause()
    assert story.spans(0) == [(0, TAKE), (TAKE, 2 * TAKE)]

    studio.command("Add a character with its track")
    story.step()
    timeline.press("n", "Shift+F")  # no snapping: things land where the hand puts them
    story.generate("wave")
    studio.tab("Takes")
    take = studio.page.locator(".ms-take.ms-selected").bounding_box()
    timeline.drag((take["x"] + 60, take["y"] + 10), (timeline.x(30), timeline.row(1)))
    story.step()
    assert story.spans(1) == [(30, 30 + TAKE)]

    files.save(walk(3, 60), folder / "stroll.bvh")
    studio.drop_file(folder / "stroll.bvh", timeline.x(200), timeline.row(1))
    studio.page.wait_for_function("() => document.querySelectorAll('.ms-take').length === 4")
    story.step()
    [_, (start, stop)] = story.spans(1)
    assert (start, stop - start) == (200, 59 * 30 // 20 + 1)


def shape(story: Story) -> None:
    """Trim, split, move, retime, mirror, blend."""
    studio, timeline = story.studio, story.timeline
    walking, running = (clip["id"] for clip in story.clips(0))
    waving = story.clips(1)[0]["id"]

    box = timeline.box(walking)
    edge = box["left"] + box["width"] - 2
    timeline.drag(
        (edge, timeline.row(0)), (edge + timeline.x(90) - timeline.x(TAKE), timeline.row(0))
    )
    story.step()
    assert story.spans(0) == [(0, 90), (TAKE, 2 * TAKE)]

    timeline.select(running)
    timeline.seek(180)
    timeline.press("s")
    story.step()
    assert story.spans(0) == [(0, 90), (TAKE, 180), (180, 2 * TAKE)]
    cut = story.clips(0)[2]["id"]

    x, y = timeline.middle(cut)
    timeline.drag((x, y), (x + timeline.x(40) - timeline.x(0), y))
    story.step()
    assert story.spans(0)[2] == (220, 2 * TAKE + 40)

    timeline.select(waving)
    speed = studio.tab("Clip").get_by_label("Speed", exact=True)
    speed.fill("2")
    speed.press("Enter")
    story.step()
    assert story.spans(1)[0] == (30, 90)

    studio.command("Mirror")
    story.step()
    assert story.clips(1)[0]["mirror"]

    # Over the end of the clip before: the overlap is the blend.
    x, y = timeline.middle(cut)
    timeline.drag((x, y), (x + timeline.x(165) - timeline.x(220), y))
    story.step()
    assert story.spans(0)[1:] == [(TAKE, 180), (165, 2 * TAKE - 15)]


def ask_for_more(story: Story) -> None:
    """Fill a gap, and make a span anew."""
    studio, timeline = story.studio, story.timeline
    walking = story.clips(0)[0]["id"]
    timeline.select(walking)
    studio.tab("Clip").get_by_role("button", name="Fill").click()
    story.wait_and_accept(7)
    story.step()
    assert story.spans(0)[:3] == [(0, 90), (90, TAKE), (TAKE, 180)]

    before = story.clips(0)[0]
    timeline.press("r")
    timeline.drag((timeline.x(20), timeline.row(0)), (timeline.x(60), timeline.row(0)))
    studio.page.keyboard.type("stumble")
    studio.page.keyboard.press("Enter")
    story.wait_and_accept(10)
    story.step()
    after = story.clips(0)[0]
    assert after["media"] != before["media"]
    assert (after["id"], after["start"], after["frames"]) == (before["id"], 0, 90)
    timeline.press("v")


def refine(story: Story) -> None:
    """Small things, until there are more than twenty steps to undo."""
    studio, timeline = story.studio, story.timeline
    strolling = story.clips(1)[1]["id"]
    timeline.select(strolling)
    panel = studio.tab("Clip")

    name = panel.get_by_label("Name of the clip")
    name.fill("Long stroll")
    name.press("Enter")
    story.step()
    for label in ("Reverse", "In place", "Pinned"):
        panel.get_by_text(label, exact=True).click()
        story.step()

    # One drag over a number is one step, however often the studio heard of it.
    steps = panel.get_by_label("Metres to the left").bounding_box()
    x, y = steps["x"] + 20, steps["y"] + 10
    pinned = story.clips(1)[1]["placement"]
    assert pinned["z"] > 0.5, "it is pinned where it stands, after a wave and half a stroll"
    timeline.drag((x, y), (x + 60, y))
    story.step()
    moved = story.clips(1)[1]["placement"]["x"] - pinned["x"]
    assert moved == pytest.approx(0.5, abs=0.06)

    panel.get_by_role("radiogroup", name="Blend").get_by_text("Fade").click()
    story.step()
    timeline.press("d")
    story.step()
    timeline.press("d")
    story.step()
    timeline.seek(100)
    for key in ("m", "i"):
        timeline.press(key)
        story.step()


def check_the_document(story: Story) -> None:
    """The whole document is the one that these steps mean."""
    project = story.project
    assert [who["name"] for who in project["characters"]] == ["Character 1", "Character 2"]
    assert [m["frame"] for m in project["timeline"]["markers"]] == [100]
    assert project["timeline"]["range"]["start"] == 100
    first, second = story.clips(0), story.clips(1)
    assert story.spans(0) == [(0, 90), (90, TAKE), (TAKE, 180), (165, 2 * TAKE - 15)]
    assert [clip["source"] for clip in (first[2], first[3])] == [
        {"start": 0, "stop": 180 - TAKE},
        {"start": 180 - TAKE, "stop": TAKE},
    ]
    assert first[2]["media"] == first[3]["media"]
    wave, stroll = second
    assert (wave["speed"], wave["mirror"], wave["reverse"]) == (2, True, False)
    assert (stroll["name"], stroll["provenance"]) == ("Long stroll", None)
    assert (stroll["reverse"], stroll["in_place"], stroll["enabled"]) == (True, True, True)
    assert stroll["blend"]["kind"] == "crossfade"
    assert stroll["placement"]["pinned"]


def undo_and_redo(story: Story) -> None:
    """Twenty steps back, each to the exact document that was; and forward again."""
    timeline, states = story.timeline, story.states
    assert len(states) > 21
    for i in range(20):
        timeline.press("Control+z")
        assert story.project == states[-2 - i], f"undo {i + 1}"
    for i in range(20):
        timeline.press("Control+Shift+z")
        assert story.project == states[len(states) - 20 + i], f"redo {i + 1}"


def come_back(story: Story, server: Server) -> None:
    """The page is loaded again: everything is there, on the disk and on the stage."""
    studio = story.studio
    takes = studio.names
    studio.page.reload()
    studio.wait()
    studio.wait_for_takes(len(takes))
    assert studio.names == takes
    assert story.project == story.states[-1]
    saved, _ = load(server.library / "projects" / studio.project_id)
    assert schema.project_json(saved, takes=False) == story.project
    assert len(saved.takes) == len(takes)

    story.timeline.press("Alt+x")  # no range: from the first frame
    studio.pause()
    studio.command("Frame the whole action")
    for _ in range(40):
        picture = studio.stage()
        if min(coloured(picture, -25), coloured(picture, 25)) > 0.001:
            break
        studio.page.wait_for_timeout(150)
    assert coloured(picture, -25) > 0.001, "the blue figure is not seen"
    assert coloured(picture, 25) > 0.001, "the orange figure is not seen"
