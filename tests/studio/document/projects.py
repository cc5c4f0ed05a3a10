"""Small projects with real motion, for tests of what keeps them."""

from __future__ import annotations

from dataclasses import replace

from studio.document.model import (
    Clip,
    ClipId,
    KeyId,
    Media,
    PoseKey,
    Project,
    Provenance,
    Range,
    RequestRecord,
    Take,
    TakeId,
)
from studio.document.placing import blank
from studio.document.storage import MediaStore
from tests.studio.walker import walk

FRAMES = 40


def dance(media: MediaStore, name: str = "Dance") -> Project:
    """Two clips in a row, a take that was not used, and a pose key; five motions in all."""
    first, second, spare = (Media(media.put(walk(i, FRAMES)), FRAMES, 20.0) for i in range(3))
    held, pose = media.put(walk(3, 5)), media.put(walk(4, 1))
    request = RequestRecord(FRAMES, 20.0, prefix=held)
    played = Range(0, first.played(30.0))
    clips = tuple(
        Clip(ClipId(f"clip-{i + 1}"), word, each, i * len(played), len(played), played)
        for i, (word, each) in enumerate((("Walk", first), ("Turn", second)))
    )
    project = blank(name)
    track = replace(project.timeline.tracks[0], clips=clips)
    return replace(
        project,
        timeline=replace(project.timeline, tracks=(track,)),
        takes=(
            Take(
                TakeId("take-1"),
                "Walks 1",
                spare,
                provenance=Provenance("walks", 7, "walker", request),
            ),
        ),
        constraints=(PoseKey(KeyId("key-1"), track.character, 10, pose),),
    )
