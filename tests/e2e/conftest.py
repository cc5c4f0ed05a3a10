"""A real browser on a real server, both on this machine and on nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.page import Studio

ROOT = Path(__file__).resolve().parents[2]
VIEWER = ROOT / "studio" / "ui" / "static" / "viewer.js"


def _chromium() -> str | None:
    named = os.environ.get("MOTION_STUDIO_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@dataclass(frozen=True)
class Server:
    """A running studio: its address, the id of a motion that it holds, its library's folder."""

    address: str
    media: str
    library: Path


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A studio whose models are test walkers."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.server"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        port, media, folder = process.stdout.readline().split()
        yield Server(f"http://127.0.0.1:{port}/", media, Path(folder))
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium with WebGL in software."""
    if not VIEWER.is_file():
        pytest.skip("the viewer is not built; 'python3 run.py test' builds it")
    executable = _chromium()
    if executable is None:
        pytest.skip("needs Chromium; on Debian: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=executable,
            args=["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
        )
        yield running
        running.close()


@pytest.fixture
def open_studio(browser, server: Server) -> Iterator[Callable[..., Studio]]:
    """Opens the studio in a new tab of one window; checks at the end that nothing went wrong."""
    # WebGL in software costs by the pixel, so the window is no larger than the layout needs.
    context = browser.new_context(viewport={"width": 1024, "height": 640}, accept_downloads=True)
    context.set_default_timeout(30_000)
    opened: list[Studio] = []

    def open_tab(project: str = "") -> Studio:
        query = f"?project={project}" if project else ""
        opened.append(Studio(context.new_page(), server.address, query))
        return opened[-1]

    yield open_tab
    context.close()
    for studio in opened:
        assert studio.foreign == [], "the page asked another host"
        assert studio.errors == [], "the page's console has errors"


@pytest.fixture
def studio(open_studio: Callable[..., Studio]) -> Studio:
    return open_studio()
