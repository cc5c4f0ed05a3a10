"""The timeline of the browser with 300 clips: frame times in headless Chromium while it is used.

A frame's *work* is what the page's own scripts take of it, from the browser's trace of animation
frames and input; its *interval* is the time between two pictures, which in a browser without a
screen and a graphics card also has the drawing in software in it.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import Skip, table

WEB = Path(__file__).resolve().parents[1] / "studio" / "web"
CLIPS, STEPS = 300, 150
SIZE = {"width": 1920, "height": 420}
#: A frame with less work than this, in milliseconds, showed nothing new.
IDLE = 0.15
HEADER = ("", "work", "95 %", "interval", "95 %", "frames")

#: Times every callback of an animation frame, and every handler of input, in milliseconds.
WATCH = """
window.work = []; window.intervals = []; window.recording = false;
let spent = 0, last = 0;
const timed = (act) => function (...given) {
  const began = performance.now();
  try { return act.apply(this, given); } finally { spent += performance.now() - began; }
};
const frame = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (act) => frame(timed(act));
const add = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (name, act, options) {
  return add.call(this, name, typeof act === 'function' ? timed(act) : act, options);
};
const tick = (now) => {
  if (window.recording) { window.work.push(spent); window.intervals.push(now - last); }
  spent = 0; last = now;
  frame(tick);
};
frame(tick);
"""


def main() -> None:
    """Print a table: median and 95th percentile of work and interval for each use."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise Skip("It needs playwright.") from error
    chromium = os.environ.get("MOTION_STUDIO_CHROMIUM") or shutil.which("chromium")
    if chromium is None:
        raise Skip("It needs Chromium.")
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)  # pyright: ignore[reportArgumentType]
        page.add_init_script(WATCH)
        page.goto(f"{address}timeline-dev.html?project=many&count={CLIPS}")
        page.wait_for_function("window.timeline && timeline.rectOf('clip-1')")
        page.wait_for_timeout(1500)
        rows = [[name, *_measured(page, use)] for name, use in USES.items()]
        browser.close()
    table(f"{CLIPS} clips, {SIZE['width']} x {SIZE['height']}, milliseconds a frame", HEADER, rows)


def _measured(page: Any, use: Callable[[Any], None]) -> list[float | int]:
    """Median and 95th percentile of work and interval, over the frames in which work was done."""
    page.evaluate("work = []; intervals = []; recording = true")
    use(page)
    work, intervals = page.evaluate("recording = false, [work, intervals]")
    busy = [pair for pair in zip(work, intervals, strict=True) if pair[0] >= IDLE]
    columns = zip(*busy, strict=True)
    return [*(value for column in columns for value in _shares(column)), len(busy)]


def _shares(values: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(values), statistics.quantiles(values, n=20)[-1]


@contextmanager
def served() -> Iterator[str]:
    """The development page, served by Vite; its address."""
    node = shutil.which("node")
    vite = WEB / "node_modules" / "vite" / "bin" / "vite.js"
    if node is None or not vite.exists():
        raise Skip("It needs Node, and the packages of studio/web (run.py check installs them).")
    process = subprocess.Popen(
        [node, str(vite), "--open", "false", "--port", "5290"],
        cwd=WEB,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "BROWSER": "none"},
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            found = re.search(r"http://localhost:\d+/", line)
            if found:
                yield found.group()
                return
        raise Skip("Vite did not start.")
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def _scroll(page: Any) -> None:
    _closer(page)
    page.mouse.move(900, 150)
    for step in range(STEPS):
        page.mouse.wheel(0, 60 if step < STEPS / 2 else -60)


def _zoom(page: Any) -> None:
    page.mouse.move(900, 150)
    page.keyboard.down("Control")
    for step in range(STEPS):
        page.mouse.wheel(0, -40 if step % 50 < 25 else 40)
    page.keyboard.up("Control")


def _drag(page: Any) -> None:
    _closer(page)
    x, y = _middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + step * 2, y + (60 if step % 40 > 20 else 0))
    page.keyboard.press("Escape")
    page.mouse.up()


def _drag_all(page: Any) -> None:
    page.locator("[data-command=fitAll]").click()
    page.evaluate("timeline.focus()")
    page.keyboard.press("Control+a")
    x, y = _middle(page)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + step, y)
    page.keyboard.press("Escape")
    page.mouse.up()


def _middle(page: Any) -> tuple[float, float]:
    """A place on the first clip that is seen whole."""
    box = page.evaluate(
        """[...Array(50).keys()].map((i) => timeline.rectOf(`clip-${1001 + i}`))
            .find((box) => box && box.left > 300)"""
    )
    return box["left"] + box["width"] / 2, box["top"] + 30


def _play(page: Any) -> None:
    page.evaluate("timeline.focus()")
    page.keyboard.press("Space")
    page.wait_for_timeout(3000)
    page.keyboard.press("Space")


def _closer(page: Any) -> None:
    """About forty clips in view."""
    page.locator("[data-command=fitAll]").click()
    page.mouse.move(600, 150)
    page.keyboard.down("Control")
    for _ in range(8):
        page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_timeout(300)


USES: dict[str, Callable[[Any], None]] = {
    "zooming, all in view": _zoom,
    "scrolling, 40 in view": _scroll,
    "dragging a clip": _drag,
    "dragging all 300": _drag_all,
    "playing": _play,
}
