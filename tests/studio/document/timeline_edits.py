"""What the timeline's own edits in the browser are held to: commands, and what they come to here.

``python -m tests.studio.document.timeline_edits`` writes it to ``studio/web/tests/timeline``:
``edits.json`` has ``projects`` (their JSON) and ``cases``, each with the index of its ``project``,
a ``command``, and either the ``refused`` sentence or the ``rows`` that are left: ``[track, mute,
solo, lock, clips]``, of each clip what :func:`summary` says.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from studio.document.apply import EditError, apply
from studio.document.commands import (
    AddClip,
    DuplicateClip,
    EditCommand,
    EnableClip,
    LoopClip,
    MoveClip,
    MoveTrack,
    RemoveClip,
    RetimeClip,
    SetTrack,
    SlipClip,
    SplitClip,
    TrimClip,
)
from studio.document.model import (
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    MediaId,
    Project,
    Range,
    Timeline,
    Track,
    TrackId,
)
from studio.document.rules import faults
from studio.document.schema import command_json, project_json

FIXTURE = Path(__file__).resolve().parents[3] / "studio/web/tests/timeline/edits.json"
PROJECTS, COMMANDS = 8, 60


def fixture() -> bytes:
    """The file, the same each time."""
    random = Random(20)
    projects = [_project(random) for _ in range(PROJECTS)]
    cases = [
        _case(number, project, _command(random, project))
        for number, project in enumerate(projects)
        for _ in range(COMMANDS)
    ]
    data = {"projects": [project_json(p, takes=False) for p in projects], "cases": cases}
    return (json.dumps(data, separators=(",", ":")) + "\n").encode()


def summary(clip: Clip) -> list[Any]:
    """All that the edits here can change of a clip."""
    return [
        clip.id,
        clip.start,
        clip.frames,
        clip.source.start,
        clip.source.stop,
        clip.phase,
        clip.speed,
        clip.reverse,
        clip.enabled,
        clip.placement.pinned,
    ]


def _case(number: int, project: Project, command: EditCommand) -> dict[str, Any]:
    case = {"project": number, "command": command_json(command)}
    try:
        after = apply(project, command)
    except EditError as error:
        return {**case, "refused": str(error)}
    rows = [
        [track.id, track.mute, track.solo, track.lock, [summary(clip) for clip in track.clips]]
        for track in after.timeline.tracks
    ]
    return {**case, "rows": rows}


def _project(random: Random) -> Project:
    ann, fps = CharacterId("ann"), random.choice([24.0, 30.0])
    tracks = tuple(_track(random, f"track-{row}", ann, fps) for row in range(1, 4))
    tracks = (*tracks[:2], replace(tracks[2], lock=random.random() < 0.4))
    project = Project("Edits", fps, Timeline(tracks), (Character(ann, "Ann"),))
    assert not list(faults(project))
    return project


def _track(random: Random, name: str, character: CharacterId, fps: float) -> Track:
    clips: list[Clip] = []
    at = random.randrange(0, 20)
    for index in range(random.randrange(1, 5)):
        clip = _clip(random, f"{name}-{index}", at, fps)
        clips.append(clip)
        overlap = random.choice([0, 0, 3, -4, -15])
        at = max(clip.stop - overlap, clip.start + 1, clips[-2].stop if len(clips) > 1 else 0)
    track = Track(TrackId(name), name, character, tuple(clips))
    return track if not _wrong(track, fps) else _track(random, name, character, fps)


def _wrong(track: Track, fps: float) -> bool:
    character = Character(track.character, "Ann")
    return bool(list(faults(Project("One", fps, Timeline((track,)), (character,)))))


def _clip(random: Random, name: str, start: int, fps: float) -> Clip:
    media = Media(MediaId(f"media-{random.randrange(3)}"), random.randrange(20, 60), 20.0)
    speed = random.choice([1.0, 1.0, 0.5, 1.3, 2.0])
    played = media.played(fps, speed)
    first = random.randrange(0, played // 3 + 1)
    source = Range(first, random.randrange(first + 5, played + 1))
    round_about = random.random() < 0.25
    return Clip(
        ClipId(name),
        name.title() if random.random() < 0.9 else "",
        media,
        start,
        len(source) * random.randrange(1, 3) + 3 if round_about else len(source),
        source,
        random.randrange(len(source)) if round_about else 0,
        speed,
        reverse=random.random() < 0.3,
        extrapolate=random.choice(["hold", "loop"]),
    )


def _command(random: Random, project: Project) -> EditCommand:
    clips = [clip for _, clip in project.clips]
    chosen = random.sample(clips, min(len(clips), random.choice([1, 1, 2, 3])))
    target = tuple(clip.id for clip in chosen)
    one, ripple = chosen[0], random.random() < 0.4
    made = tuple(ClipId(f"made-{index}") for index in range(len(target)))
    by, rows = random.randrange(-25, 40), random.choice([0, 0, 0, 1, -1, 2])
    near = random.randrange(one.start - 8, one.stop + 12)
    track = random.choice(project.timeline.tracks)
    new = replace(one, id=ClipId("made-0"), start=max(near, 0))
    return random.choice(
        [
            AddClip(track.id, new, ripple),
            RemoveClip(target, ripple),
            MoveClip(target, by, rows, ripple),
            MoveClip(target[:1], by, rows, ripple),
            TrimClip(target[:1], random.choice(["head", "tail"]), near, ripple),
            TrimClip(target, random.choice(["head", "tail"]), near, ripple),
            SlipClip(target[:1], random.randrange(-6, 7)),
            SplitClip(target[:1], near, made[:1]),
            SplitClip(target, near, made),
            DuplicateClip(target, made, by, rows, ripple),
            EnableClip(target, False),
            RetimeClip(target, random.choice([None, 0.5, 1.7, 3.0]), random.random() < 0.5, ripple),
            LoopClip(target, random.randrange(0, 4), ripple),
            MoveTrack(track.id, random.randrange(0, 3)),
            SetTrack(track.id, mute=True, lock=not track.lock),
        ]
    )


if __name__ == "__main__":
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_bytes(fixture())
