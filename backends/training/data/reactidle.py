"""ReActIdle: people idling for minutes, acted or genuine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, Take, recordings

IDLE = Action(
    "idle",
    "idle",
    (
        "*stand idle", "*stand around", "*wait", "*stand and *wait", "*idle", "*stand still",
        "*stand in place", "*pass the time standing", "*stand about with nothing to do",
    ),
    ("an idle", "a standing idle", "an idle pose"),
)  # fmt: skip


def takes(source: Path) -> Iterator[Take]:
    """Every take in the folder ``reactidle`` of ``source``."""
    folder = source / "reactidle"
    for archive, member in recordings(folder, "idle"):
        stem = Path(member).stem
        yield Take(
            source="reactidle",
            take=stem,
            group="open",
            archive=archive,
            member=member,
            action=IDLE,
            actor=stem.split("_")[0],
            together=stem.split("_")[0],
        )
