"""The timeline: ten minutes of 200 clips, from nothing, and after an edit of one clip.

Of the clips every second is cross-faded, the others inertialized, every seventh mirrored, every
fifth at another speed, all with handles. "Clip by clip" is the same without the rules of
docs/adr/0010: slice, resample, mirror, ``follow_on`` and ``blend`` of whole motions.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from bench import seconds, table
from bench.bench_kernel import wander
from motion.clip import Motion, blend, concat, follow_on
from studio.document.evaluate import Evaluator
from studio.document.layout import pieces
from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    Placement,
    Project,
    Range,
    Timeline,
    Track,
    TrackId,
)
from studio.document.storage import MediaStore

WHO = CharacterId("ann")
FPS, CLIPS, LENGTH = 30.0, 200, 90
SPEEDS = (1.0, 1.0, 1.25, 1.0, 1.0)


def main() -> None:
    rows = [row for media in (CLIPS, 24) for row in _whole(media)]
    table(
        f"{CLIPS * LENGTH} frames of {CLIPS} clips",
        ("one core", "ms", "frames / s", "x clip by clip"),
        rows,
    )
    _edits()


def performance(media: int) -> tuple[MediaStore, Project]:
    """Ten minutes on one track, with so many motions in turns."""
    long, store = wander(media * 130), MediaStore()
    made = [long.slice(130 * i, 130 * i + 130) for i in range(media)]
    known = [Media(store.put(motion), len(motion), FPS) for motion in made]
    clips = tuple(_clip(i, known[i % media]) for i in range(CLIPS))
    track = Track(TrackId("t"), "t", WHO, clips)
    return store, Project("Ten minutes", FPS, Timeline((track,)), (Character(WHO, "Ann"),))


def _clip(i: int, media: Media) -> Clip:
    kind = "crossfade" if i % 2 else "inertialize"
    return Clip(
        ClipId(f"c{i}"), f"c{i}", media, i * LENGTH, LENGTH, Range(5, 5 + LENGTH),
        speed=SPEEDS[i % len(SPEEDS)], mirror=i % 7 == 3, blend=Blend(kind),
    )  # fmt: skip


def _whole(media: int) -> list[tuple[object, ...]]:
    store, project = performance(media)
    frames = project.timeline.stop

    def played() -> Evaluator:
        """Knows the media of every clip, and no join."""
        evaluator = Evaluator(store)
        for clip in project.timeline.tracks[0].clips:
            alone = Track(TrackId("t"), "t", WHO, (replace(clip, start=0),))
            evaluator.motion(replace(project, timeline=Timeline((alone,))), WHO)
        return evaluator

    def known() -> Evaluator:
        evaluator = played()
        evaluator.motion(project, WHO)
        return evaluator

    plain = seconds(lambda: _clip_by_clip(store, project), 3)
    rows = [("clip by clip", plain)]
    for name, prepare in (
        ("from nothing", lambda: Evaluator(store)),
        ("media played, no join known", played),
        ("nothing new", known),
    ):
        rows.append((name, _timed(prepare, lambda evaluator: evaluator.motion(project, WHO))))
    return [(f"{n}, {media} media", 1000 * t, round(frames / t), plain / t) for n, t in rows]


def _timed(prepare: Callable[[], Evaluator], work: Callable[[Evaluator], object]) -> float:
    """Median seconds of ``work`` on what ``prepare`` makes anew each time."""
    times = []
    for _ in range(5):
        evaluator = prepare()
        gc.collect()
        began = time.perf_counter()
        work(evaluator)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def _clip_by_clip(store: MediaStore, project: Project) -> Motion:
    """Whole motions, one after another."""
    parts: list[Motion] = []
    for clip in project.timeline.tracks[0].clips:
        motion = store.get(clip.media.id)
        if clip.speed != 1:
            at = np.arange(clip.played(FPS)) * clip.speed
            motion = motion.sample(at)
        if clip.mirror:
            motion = motion.mirror()
        motion = motion.slice(clip.source.start, clip.source.stop)
        if parts:
            motion = follow_on(parts[-1], motion)
            both = blend(parts[-1], motion, clip.blend.frames)
            parts[-1:] = [both.slice(0, len(both) - LENGTH + clip.blend.frames)]
            motion = both.slice(len(parts[-1]), len(both))
        parts.append(motion)
    return concat(parts)


def _edits() -> None:
    store, project = performance(CLIPS)
    edited = project.timeline.tracks[0].clips[100]
    other = Media(store.put(wander(131)), 131, FPS)
    changes = {
        "blend over 15 frames": replace(edited, blend=Blend(frames=15)),
        "slip by a frame": replace(edited, source=Range(6, 6 + LENGTH)),
        "move and turn": replace(edited, placement=Placement(1.0, 0.5, 0.3)),
        "speed 1.1": replace(edited, speed=1.1),
        "mirror": replace(edited, mirror=True),
        "another media": replace(edited, media=other),
    }
    whole = _timed(lambda: Evaluator(store), lambda evaluator: evaluator.motion(project, WHO))
    evaluator = Evaluator(store)
    evaluator.motion(project, WHO)
    rows = []
    for name, clip in changes.items():
        known = evaluator.made
        after = _with(project, clip)
        began = time.perf_counter()
        evaluator.motion(after, WHO)
        took = time.perf_counter() - began
        made = evaluator.made - known
        rows.append((name, 1000 * took, whole / took, sum(made.values()), made["blend"]))
    header = ("edit of one clip", "ms", "x from nothing", "results made", "of these blends")
    table(f"After an edit, {CLIPS} media, all frames handed out", header, rows)
    span = Range(edited.start, edited.stop)
    part = seconds(lambda: evaluator.motion(project, WHO, span))
    laid = seconds(lambda: pieces(project, WHO))
    table(
        "In parts",
        ("work", "ms"),
        [("pieces of the timeline", 1000 * laid), ("one clip's frames, known", 1000 * part)],
    )


def _with(project: Project, clip: Clip) -> Project:
    track = project.timeline.tracks[0]
    clips = tuple(clip if c.id == clip.id else c for c in track.clips)
    return replace(project, timeline=Timeline((replace(track, clips=clips),)))


if __name__ == "__main__":
    main()
