"""What the browser's evaluator is held to: small projects, their media, and what they come to.

``python -m tests.studio.document.parity`` writes it to ``studio/web/tests/fixtures``:

- ``evaluate.json``: ``media``, by id the files of the media as it is and mirrored, in the viewer's
  binary form; ``cases``, each with ``name``, ``project`` (its JSON), and for each character, in
  ``expected``: its ``joins``, ``frames``, and ``at``, where its frames begin in
- ``evaluate.bin``: float32 root positions ``[frames, 3]``, then rotations ``[frames, 22, 4]``, both
  little-endian.

The media holds what float32 can hold, so both sides begin with the same numbers.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path

import numpy as np

from exporters import load
from motion.clip import Motion
from studio.document.evaluate import Evaluator
from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    MediaId,
    Placement,
    Project,
    Range,
    Timeline,
    Track,
    TrackId,
)
from studio.document.rules import check
from studio.document.schema import project_json
from studio.document.storage import MediaStore
from studio.ui.wire import pack_motion

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT / "assets" / "samples"
FIXTURES = ROOT / "studio" / "web" / "tests" / "fixtures"

ANN = Character(CharacterId("ann"), "Ann", placement=Placement(1.0, -2.0, 0.5, pinned=True))
BOB = Character(CharacterId("bob"), "Bob", "#d95b5b", Placement(-1.5, 0.25, -2.0, pinned=True))


@cache
def motions() -> Mapping[str, Motion]:
    """The media by name: a walk and a jump at the projects' rate, a kick at 20 fps."""
    walk = load(SAMPLES / "walk_proudly.bvh").sample(np.arange(0, 36, 2 / 3), "cubic")
    jump = load(SAMPLES / "jump.bvh").sample(np.arange(12, 38, 2 / 3), "cubic")
    kick = load(SAMPLES / "kick.bvh").slice(4, 30)
    rated = {"walk": replace(walk, fps=30), "jump": replace(jump, fps=30), "kick": kick}
    return {name: _single(motion) for name, motion in rated.items()}


def _single(motion: Motion) -> Motion:
    """``motion`` in numbers that float32 holds."""
    root, rotations = (
        a.astype(np.float32).astype(np.float64) for a in (motion.root_positions, motion.rotations)
    )
    return replace(motion, root_positions=root, rotations=rotations)


@cache
def store() -> tuple[MediaStore, Mapping[str, Media]]:
    """A store of :func:`motions`, and what projects know of them."""
    kept = MediaStore()
    media = {name: Media(kept.put(m), len(m), m.fps) for name, m in motions().items()}
    return kept, media


def clip(id: str, media: str, start: int, source: tuple[int, int], **changes: object) -> Clip:
    used = Range(*source)
    plain = Clip(ClipId(id), id, store()[1][media], start, len(used), used)
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def row(id: str, *clips: Clip, who: Character = ANN, **changes: object) -> Track:
    return replace(Track(TrackId(id), id, who.id, clips), **changes)  # pyright: ignore[reportArgumentType]


def project(*tracks: Track, who: tuple[Character, ...] = (ANN,), fps: float = 30.0) -> Project:
    return Project("Parity", fps, Timeline(tracks), who)


def cases() -> dict[str, Project]:
    """The projects by what they show."""
    cut, fade = Blend("cut"), Blend("crossfade", 5)
    whole = (0, 39)
    return {
        "one clip": project(row("a", clip("w", "walk", 0, (4, 16)))),
        "split": project(
            row("a", clip("w", "walk", 0, (4, 12)), clip("v", "walk", 8, (12, 20), blend=fade))
        ),
        "pre-roll on planted feet": project(
            row("a", clip("w", "walk", 0, (0, 12)), clip("j", "jump", 12, (5, 15), blend=cut))
        ),
        "post-roll": project(
            row("a", clip("w", "walk", 0, (6, 18)), clip("j", "jump", 12, (0, 8), blend=cut))
        ),
        "neither": project(
            row("a", clip("j", "jump", 0, (20, 39)), clip("w", "walk", 19, (0, 8), blend=cut))
        ),
        "the closer pair": project(
            row("a", clip("w", "walk", 0, (3, 20)), clip("v", "walk", 17, (19, 27), blend=cut))
        ),
        "inertialize": project(
            row("a", clip("k", "walk", 0, (20, 32)), clip("j", "jump", 12, (7, 24)))
        ),
        "inertialize without handles": project(
            row(
                "a",
                clip("j", "jump", 0, (26, 39), blend=Blend(frames=0)),
                clip("w", "walk", 13, (0, 12), blend=Blend(frames=6)),
            )
        ),
        "overlap cross-fades": project(
            row(
                "a",
                clip("w", "walk", 0, (0, 16)),
                clip("j", "jump", 9, (2, 18), blend=fade),
                clip("v", "walk", 20, (10, 22), blend=Blend("crossfade", 2, "linear")),
            )
        ),
        "cross-fade out of handles": project(
            row("a", clip("j", "jump", 0, (24, 37)), clip("w", "walk", 13, (3, 14), blend=fade))
        ),
        "gaps hold": project(
            row("a", clip("w", "walk", 4, (6, 14)), clip("j", "jump", 17, (4, 16))),
            row("b", clip("x", "walk", 0, (0, 34)), who=BOB),
            who=(ANN, BOB),
        ),
        "rounds": project(
            row(
                "a",
                clip("w", "walk", 0, (5, 19), frames=22, phase=9, extrapolate="loop"),
                clip("j", "jump", 31, (3, 9), frames=9, blend=fade, extrapolate="loop"),
            ),
            row("b", clip("x", "walk", 0, (0, 42)), mute=True),
        ),
        "rounds beyond the end": project(
            row("a", clip("w", "walk", 0, (3, 13), extrapolate="loop", blend=Blend(frames=8))),
            row("b", clip("x", "walk", 0, (0, 13)), who=BOB),
            who=(ANN, BOB),
        ),
        "placed and pinned": project(
            row(
                "a",
                clip("w", "walk", 0, (0, 9), placement=Placement(0.3, -0.1, 0.4)),
                clip("v", "walk", 9, (9, 18), placement=Placement(0.05, 0.2, -0.7)),
                clip("j", "jump", 20, (4, 16), placement=Placement(3, 1, 2.5, pinned=True)),
            )
        ),
        "pinned under another": project(
            row("a", clip("j", "jump", 3, (3, 9))),
            row(
                "b",
                clip(
                    "w",
                    "walk",
                    5,
                    (0, 12),
                    frames=18,
                    phase=4,
                    placement=Placement(0, 0, -1, pinned=True),
                ),
            ),
        ),
        "one track over another": project(
            row("a", clip("j", "jump", 6, (3, 11)), clip("off", "walk", 20, (0, 5), enabled=False)),
            row("b", clip("w", "walk", 0, (4, 30))),
            row("c", clip("x", "walk", 0, whole), mute=True),
        ),
        "solo": project(
            row("a", clip("j", "jump", 0, (3, 12))),
            row("b", clip("w", "walk", 0, (4, 13)), solo=True),
            row("c", clip("x", "walk", 0, (0, 9)), who=BOB),
            who=(ANN, BOB),
        ),
        "retimed": project(
            row(
                "a",
                clip("s", "walk", 0, (6, 16), speed=0.5),
                clip("m", "walk", 10, (4, 14), speed=1.3),
                clip("f", "jump", 20, (2, 12), speed=2.0),
            )
        ),
        "reversed": project(
            row(
                "a",
                clip("w", "walk", 0, (6, 14), reverse=True),
                clip("j", "jump", 8, (1, 9), reverse=True, speed=1.3),
            )
        ),
        "mirrored": project(
            row(
                "a",
                clip("w", "walk", 0, (2, 12), mirror=True),
                clip("k", "kick", 10, (6, 16), mirror=True, reverse=True),
            )
        ),
        "in place": project(
            row(
                "a",
                clip("w", "walk", 0, (2, 10), in_place=True),
                clip("v", "walk", 8, (10, 20), in_place=True, frames=14),
                clip("x", "walk", 22, (44, 54), blend=cut),
                clip("j", "jump", 32, (0, 8), in_place=True),
            )
        ),
        "20 fps in 30": project(
            row("a", clip("k", "kick", 0, (0, 14)), clip("w", "walk", 14, (3, 12)))
        ),
        "30 fps in 24": project(
            row("a", clip("w", "walk", 0, (3, 15)), clip("k", "kick", 12, (17, 27))), fps=24.0
        ),
        "nothing": project(
            row("a"), row("b", clip("w", "walk", 0, (0, 3)), who=BOB), who=(ANN, BOB)
        ),
    }


def fixture() -> dict[str, bytes]:
    """The files by name."""
    kept, media = store()
    evaluator = Evaluator(kept)
    arrays = bytearray()
    written = [_case(evaluator, name, case, arrays) for name, case in cases().items()]
    files = {"evaluate.bin": bytes(arrays)}
    listed: dict[MediaId, dict[str, str]] = {}
    for name, motion in motions().items():
        listed[media[name].id] = {"plain": f"{name}.bin", "mirrored": f"{name}-mirrored.bin"}
        files[f"{name}.bin"] = pack_motion(motion)
        files[f"{name}-mirrored.bin"] = pack_motion(motion.mirror())
    text = json.dumps({"media": listed, "cases": written}, separators=(",", ":")) + "\n"
    return {"evaluate.json": text.encode(), **files}


def _case(evaluator: Evaluator, name: str, case: Project, arrays: bytearray) -> dict[str, object]:
    check(case)
    expected = {}
    for who in case.characters:
        motion = evaluator.motion(case, who.id)
        joins = [asdict(join) for join in evaluator.joins(case, who.id)]
        expected[who.id] = {"joins": joins, "frames": len(motion), "at": len(arrays)}
        for array in (motion.root_positions, motion.rotations):
            arrays += np.ascontiguousarray(array, dtype="<f4").tobytes()
    return {"name": name, "project": project_json(case, takes=False), "expected": expected}


def main() -> None:
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, data in fixture().items():
        (FIXTURES / name).write_bytes(data)
        print(f"{name:20} {len(data):8} bytes  {hashlib.sha256(data).hexdigest()[:12]}")


if __name__ == "__main__":
    main()
