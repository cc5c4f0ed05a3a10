"""A studio killed while it saves loses at most the edit it was saving."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from studio.document.model import Project
from studio.document.placing import blank
from studio.document.project_file import compact, create, load, open_project
from studio.document.storage import MediaStore, media_id
from studio.document.working import working_folder
from tests.studio.document.crasher import CLIPS, motion_of, save_edit

KILLS, AT_ONCE = 200, 5
ROOT = Path(__file__).resolve().parents[3]


class Editor:
    """A warm process whose children edit a project and are killed."""

    def __init__(self, path: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.studio.document.crasher", str(path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._say, self._heard = self._process.stdin, self._process.stdout

    def die_after(self, seconds: float) -> list[int]:
        """Let one child edit for ``seconds`` after its first save; the saves that it reported."""
        print("live", file=self._say, flush=True)
        child = int(self._heard.readline())
        reported = [int(self._heard.readline())]
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        while (word := self._heard.readline()) != "dead\n":
            reported.append(int(word))
        return reported

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, *_: object) -> None:
        self._say.close()
        self._process.wait(30)
        self._heard.close()


def check(project: Project, media: MediaStore) -> None:
    """The project is what edit number ``name`` made, with the motion of each of its clips."""
    last = int(project.name)
    assert media.missing == frozenset()
    names = {int(clip.name) for _, clip in project.clips}
    assert names == set(range(max(last - CLIPS, 0) + 1, last + 1))
    for _, clip in project.clips:
        assert media.get(clip.media.id).root_positions[0, 0] == float(clip.name)


def cut_short(folder: Path, project: Project, last: int) -> bool:
    """Whether the kill fell into the save after ``last``: something of it is there."""
    begun = folder / "media" / f"{media_id(motion_of(last + 1))}.npz"
    return project.name != str(last) or begun.exists() or any(folder.rglob("*.part"))


def lives(path: Path, kills: int, seed: int) -> int:
    """Kill ``kills`` studios that work on the project at ``path``; how many within a save."""
    create(path, replace(blank(), name="0")).close()
    folder = working_folder(path) if path.suffix else path
    chance, within = random.Random(seed), 0
    with Editor(path) as editor:
        for _ in range(kills):
            last = editor.die_after(chance.uniform(0, 0.03))[-1]
            project, media = load(path)
            assert int(project.name) in (last, last + 1)
            check(project, media)
            within += cut_short(folder, project, last)
            if chance.random() < 0.5:  # else the next life finds what this one left
                with open_project(path) as opened:
                    assert opened.project == project
                    check(opened.project, opened.media)
                    assert not list(folder.rglob("*.part"))
                assert load(path)[0] == project
    return within


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, as POSIX has it")
@pytest.mark.parametrize("name", ["folder", "one.mstudio"])
def test_a_kill_loses_at_most_the_edit_in_flight(tmp_path: Path, name: str) -> None:
    # Several at a time, since most of a life is waiting for the disk.
    places = [tmp_path / str(i) / name for i in range(AT_ONCE)]
    for place in places:
        place.parent.mkdir()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        within = sum(pool.map(lives, places, [KILLS // AT_ONCE] * AT_ONCE, range(AT_ONCE)))
    assert within > KILLS / 4, "most kills fell between two saves"
    for place in places:
        compact(place)
        project, _ = load(place)
        media = {f"{key}.npz" for key in project.media}
        left = {file.name for file in place.parent.rglob("*") if file.is_file()}
        assert left == ({place.name} if place.suffix else {"project.json", *media})


class Killed(BaseException):
    """Stands for the end of the process."""


@pytest.mark.parametrize("name", ["folder", "one.mstudio"])
def test_every_step_of_a_save_may_be_the_last(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Save and pack, stopped before the first sync or renaming, the second, and so on."""
    finished, stop = False, 0
    while not finished:
        place = tmp_path / str(stop)
        place.mkdir()
        opened = create(place / name, replace(blank(), name="0"))
        with monkeypatch.context() as patch:
            steps = itertools.count()
            for each in ("fsync", "replace"):
                patch.setattr(os, each, dying(getattr(os, each), steps, stop))
            try:
                save_edit(opened, 1)
                opened.flush()
                finished = True
            except Killed:
                pass
        shutil.copytree(place, place / "later")  # where no living process holds the lock
        with open_project(place / "later" / name) as again:
            assert again.project.name in ("0", "1")
            check(again.project, again.media)
            assert again.project.name == "1" or not finished
        stop += 1
    assert stop > (6 if name == "folder" else 12)  # media, JSON and zip, each with its folder


def dying(call: Callable[..., None], steps: Iterator[int], stop: int) -> Callable[..., None]:
    """``call``, but the end of the process when it is step number ``stop``."""

    def step(*args: object) -> None:
        if next(steps) == stop:
            raise Killed
        call(*args)

    return step
