"""A process that edits and saves a project until it is killed; for ``test_crash.py``.

Run with a project's path. For every line on its input it forks a child, which says its process id
and then each edit that was saved, and goes on until somebody kills it; then it says ``dead``.
Forking a process that has everything imported makes two hundred deaths a matter of seconds.
"""

from __future__ import annotations

import itertools
import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from motion.clip import Motion
from motion.skeleton import Skeleton
from studio.document.model import Clip, ClipId, Media, Range
from studio.document.project_file import OpenProject, open_project

CLIPS = 4
FRAMES = 30
_POINT = Skeleton("point", ("root",), (-1,), np.zeros((1, 3)))


def motion_of(number: int) -> Motion:
    """The motion that edit ``number`` brings."""
    roots = np.full((FRAMES, 3), float(number))
    return Motion(_POINT, 30.0, roots, np.tile([1.0, 0, 0, 0], (FRAMES, 1, 1)))


def save_edit(opened: OpenProject, number: int) -> None:
    """Make and save edit ``number``: the project gets its name, one of its clips new motion."""
    clip = Clip(
        ClipId(f"clip-{number % CLIPS + 1}"),
        str(number),
        Media(opened.media.put(motion_of(number)), FRAMES, 30.0),
        start=number % CLIPS * FRAMES,
        frames=FRAMES,
        source=Range(0, FRAMES),
    )
    project = opened.project
    track = project.timeline.tracks[0]
    others = [each for each in track.clips if each.id != clip.id]
    clips = tuple(sorted([*others, clip], key=lambda each: each.start))
    timeline = replace(project.timeline, tracks=(replace(track, clips=clips),))
    opened.save(replace(project, name=str(number), timeline=timeline))


def edit(path: Path) -> None:
    """Edit the project at ``path``, saying each number after it was saved, until killed."""
    say = sys.stdout.fileno()
    os.write(say, f"{os.getpid()}\n".encode())
    opened = open_project(path)
    for number in itertools.count(int(opened.project.name) + 1):
        save_edit(opened, number)
        os.write(say, f"{number}\n".encode())
        if number % 3 == 0:
            opened.flush()


def main() -> None:
    """One life a line."""
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            edit(Path(sys.argv[1]))
        os.waitpid(child, 0)
        os.write(sys.stdout.fileno(), b"dead\n")


if __name__ == "__main__":
    main()
