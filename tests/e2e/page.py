"""The studio's page as a user meets it: what can be done there, in a user's words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from PIL import Image

#: The page's own modules; what they export is what the page knows.
_PROJECT = """async () =>
    (await import(new URL('studio-panels/project.js', document.baseURI).href)).project()"""
_QUIET = """async () => {
    const { idle } = await import(new URL('studio-panels/outbox.js', document.baseURI).href);
    while (!idle()) await new Promise(resolve => setTimeout(resolve, 10));
}"""


class Studio:
    """One tab. ``page`` is Playwright's page; what went wrong is kept for the end of the test."""

    def __init__(self, page: Any, address: str, query: str = "") -> None:
        self.page = page
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.timeline = TimelinePart(self)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)
        page.on("request", lambda request: self._asked(request.url, address))
        page.goto(address + query)
        self.wait()

    def wait(self) -> None:
        """Until everything stands, and the page knows which project it shows."""
        self.page.wait_for_selector("#ms-chat textarea")
        self.page.wait_for_selector("#ms-viewer .ms-stage > *")
        self.page.wait_for_selector("#ms-timeline [data-ms-timeline]")
        self.page.wait_for_function("() => location.search.includes('project=')")

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.foreign.append(url)

    # -- the project ------------------------------------------------------------------------------

    @property
    def project_id(self) -> str:
        """The open project's, as the address says it."""
        return parse_qs(urlsplit(self.page.url).query)["project"][0]

    @property
    def project(self) -> dict[str, Any]:
        """The open project's JSON without its takes, as the page has it."""
        return self.page.evaluate(_PROJECT)

    def quiet(self) -> None:
        """Wait until everything that was asked of the studio has been answered."""
        self.page.evaluate(_QUIET)

    def command(self, name: str) -> None:
        """Choose a command of the palette by its whole name."""
        self.page.keyboard.press("Control+k")
        self.page.get_by_role("combobox", name="Command").fill(name)
        self.page.keyboard.press("Enter")
        self.quiet()

    def tab(self, name: str) -> Any:
        """Show a panel of the right column; its locator."""
        self.page.get_by_role("tab", name=name).click()
        ids = {"Takes": "#ms-takes", "Clip": "#ms-inspector", "Export": "#ms-export"}
        return self.page.locator(ids[name])

    # -- asking and takes -------------------------------------------------------------------------

    def ask(self, text: str, takes: int = 3) -> None:
        """Type a line and send it with Enter."""
        self.page.get_by_role("radiogroup", name="Takes").get_by_text(str(takes)).click()
        box = self.page.get_by_label("Describe a motion")
        box.fill(text)
        box.press("Enter")

    def wait_for_takes(self, count: int) -> None:
        self.page.wait_for_function(
            "n => document.querySelectorAll('.ms-take').length === n", arg=count
        )

    @property
    def takes(self) -> Any:
        return self.page.locator(".ms-take")

    @property
    def names(self) -> list[str]:
        return self.page.locator(".ms-take .ms-take-name").all_text_contents()

    @property
    def selected(self) -> str:
        return self.page.locator(".ms-take.ms-selected .ms-take-name").text_content()

    def accept(self) -> None:
        """Put the take under review on the timeline, with the key."""
        self.tab("Takes")
        self.page.wait_for_selector(".ms-take.ms-selected")
        self.page.locator(".ms-take.ms-selected").press("Enter")
        self.quiet()

    def drop_file(self, path: Path, x: float, y: float) -> None:
        """Drag a file from the desktop to a place of the page."""
        devtools = self.page.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            devtools.send("Input.dispatchDragEvent", {"type": kind, "x": x, "y": y, "data": data})
        devtools.detach()

    # -- pixels and files -------------------------------------------------------------------------

    def stage(self) -> np.ndarray:
        """The pixels ``[H, W, 3]`` of the middle of the viewer."""
        box = self.page.locator("#ms-viewer").bounding_box()
        clip = {
            "x": box["x"] + 40,
            "y": box["y"] + 60,
            "width": box["width"] - 80,
            "height": box["height"] - 120,
        }
        png = self.page.screenshot(clip=clip)
        return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), dtype=np.int16)

    def settle(self, different_from: np.ndarray, least: float = 0.002) -> np.ndarray:
        """Wait until the stage differs from a picture in at least this share of its pixels."""
        for _ in range(60):
            now = self.stage()
            if changed(now, different_from) >= least:
                return now
            self.page.wait_for_timeout(150)
        raise AssertionError("the picture does not change")

    def pause(self) -> None:
        """Stop the playback at the first frame."""
        self.page.locator("#ms-viewer").click(position={"x": 200, "y": 120})
        self.page.keyboard.press("k")
        self.page.keyboard.press("Home")

    def save(self, format: str, folder: Path) -> Path:
        """Choose a format, press the button, and keep what the browser downloads."""
        panel = self.tab("Export")
        panel.get_by_role("radiogroup", name="Format").get_by_text(format).click()
        with self.page.expect_download() as download:
            panel.get_by_role("button", name=f"Save {format}").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


class TimelinePart:
    """The timeline: where things are on it, and what hands do there."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def x(self, frame: float) -> float:
        """The page's x of a frame."""
        return self._ask(f"timeline.xOf({frame})")

    def box(self, clip: str) -> dict[str, float]:
        """Where a clip is on the page."""
        box = self._ask(f"timeline.rectOf({json.dumps(clip)})")
        assert box is not None, f"'{clip}' is not in sight"
        return box

    def middle(self, clip: str) -> tuple[float, float]:
        """The middle of what is visible of a clip."""
        box = self.box(clip)
        return box["left"] + box["width"] / 2, box["top"] + box["height"] / 2

    def row(self, index: int) -> float:
        """The page's y of the middle of a track."""
        box = self._studio.page.locator("#ms-timeline .track").nth(index).bounding_box()
        return box["y"] + box["height"] / 2

    def select(self, clip: str) -> None:
        self._studio.page.mouse.click(*self.middle(clip))
        self._studio.quiet()

    def seek(self, frame: int) -> None:
        """Click in the ruler."""
        lanes = self._studio.page.locator("#ms-timeline .lanes").bounding_box()
        self._studio.page.mouse.click(self.x(frame), lanes["y"] + 22)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """With the left button, in steps as a hand does."""
        mouse = self._studio.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(start[0] + (4 if end[0] >= start[0] else -4), start[1])
        mouse.move(*end, steps=6)
        mouse.up()
        self._studio.quiet()

    def press(self, *keys: str) -> None:
        """Keys, pressed one after another while the timeline has the focus."""
        self._studio.page.locator("#ms-timeline [role=application]").focus()
        for key in keys:
            self._studio.page.keyboard.press(key)
        self._studio.quiet()

    def _ask(self, expression: str) -> Any:
        script = "() => { const { timeline } = document.querySelector('.ms-timeline'); "
        return self._studio.page.evaluate(f"{script} return {expression}; }}")


def changed(a: np.ndarray, b: np.ndarray) -> float:
    """The share of pixels that differ visibly."""
    return float((np.abs(a - b).max(axis=-1) > 24).mean())


def coloured(picture: np.ndarray, red_over_blue: int) -> float:
    """The share of pixels that are warmer by so much, or colder where it is negative."""
    warmth = picture[..., 0] - picture[..., 2]
    return float((warmth > red_over_blue if red_over_blue > 0 else warmth < red_over_blue).mean())
