"""AMASS as published: ``<data set>/<subject>/<sequence>_poses.npz`` (SMPL+H pose parameters)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from backends.training.data.take import Action, Take
from exporters.npz import load_npz
from motion.clip import Motion
from motion.retarget import on_ground

#: AMASS carries no descriptions; HumanML3D's do, and BABEL's labels.
ACTION = Action("amass", "action", ("*move", "*do something"))


def takes(source: Path) -> Iterator[Take]:
    """Every sequence in the folder ``amass`` of ``source``."""
    folder = source / "amass"
    for path in sorted(folder.rglob("*_poses.npz")):
        name = path.relative_to(folder).as_posix().removesuffix("_poses.npz")
        words = Path(name).name.replace("_", " ").replace("-", " ").strip().lower()
        yield Take(
            source="amass",
            take=name,
            group="open",
            archive=path,
            member="",
            action=ACTION,
            actor=path.parent.name,
            captions=(words,) if any(c.isalpha() for c in words) else (),
            reader="amass",
        )


def read(path: Path) -> Motion:
    """A sequence on the canonical body, path scaled to its legs, feet on the ground."""
    return on_ground(load_npz(path))
