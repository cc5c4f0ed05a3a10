"""The studio's page as a user meets it: what can be done there, in a user's words."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image


class Studio:
    """One tab. ``page`` is Playwright's page; what went wrong is kept for the end of the test."""

    def __init__(self, page: Any, address: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.foreign: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._heard)
        page.on("request", lambda request: self._asked(request.url, address))
        page.goto(address)
        page.wait_for_selector("#ms-chat textarea")
        page.wait_for_selector("#ms-viewer .ms-stage > *")

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.foreign.append(url)

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
    def names(self) -> list[str]:
        return self.page.locator(".ms-take .ms-take-name").all_text_contents()

    @property
    def selected(self) -> str:
        return self.page.locator(".ms-take.ms-selected .ms-take-name").text_content()

    def stage(self) -> np.ndarray:
        """The pixels ``[H, W, 3]`` of the middle of the viewer."""
        box = self.page.locator("#ms-viewer").bounding_box()
        clip = {
            "x": box["x"] + 40,
            "y": box["y"] + 60,
            "width": box["width"] - 80,
            "height": box["height"] - 180,
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

    def save(self, format: str, folder: Path) -> Path:
        """Choose a format, press the button, and keep what the browser downloads."""
        panel = self.page.locator("#ms-export")
        panel.get_by_role("radiogroup", name="Format").get_by_text(format).click()
        with self.page.expect_download() as download:
            panel.get_by_role("button", name=f"Save {format}").click()
        path = folder / download.value.suggested_filename
        download.value.save_as(path)
        return path


def changed(a: np.ndarray, b: np.ndarray) -> float:
    """The share of pixels that differ visibly."""
    return float((np.abs(a - b).max(axis=-1) > 24).mean())
