"""The documents that dialogues begin with. Ids are the words that people use, to be read easily.

``empty``: one character, no clip. ``trio``: Alex walks, waves and bows. ``duo``: Mia runs and jumps
while Tom sits and claps. ``steps``: Alex walks, turns, walks again, and kicks after a second of
nothing; a salsa was imported; above it, on a layer, he points; the kick has another take.
"""

from __future__ import annotations

from studio.document.model import (
    Character,
    CharacterId,
    Clip,
    ClipId,
    Marker,
    MarkerId,
    Media,
    MediaId,
    Placement,
    Project,
    Provenance,
    Range,
    Replace,
    RequestRecord,
    Take,
    TakeId,
    Timeline,
    Track,
    TrackId,
)
from studio.document.placing import blank

FPS = 30.0
#: Frames of media before and after what a clip uses.
HANDLE = 20

WALK = "a person walks forward"
WAVE = "a person waves with the right hand"


def scene(name: str) -> Project:
    """The document of a name."""
    return {"empty": blank, "trio": _trio, "duo": _duo, "steps": _steps}[name]()


def _media(id: str, frames: int) -> Media:
    return Media(MediaId(f"m-{id}"), frames + 2 * HANDLE, FPS)


def _made(text: str, frames: int) -> Provenance | None:
    return Provenance(text, 1, "test", RequestRecord(frames, FPS)) if text else None


def _clip(id: str, name: str, text: str, start: int, stop: int, take: str | None = None) -> Clip:
    n = stop - start
    return Clip(
        ClipId(id),
        name,
        _media(id, n),
        start,
        n,
        Range(HANDLE, HANDLE + n),
        take=TakeId(take) if take else None,
        provenance=_made(text, n),
    )


def _track(id: str, name: str, who: str, *clips: Clip) -> Track:
    return Track(TrackId(id), name, CharacterId(who), clips)


def _person(id: str, name: str, x: float = 0.0) -> Character:
    return Character(CharacterId(id), name, placement=Placement(x, 0.0, 0.0, pinned=True))


def _trio() -> Project:
    clips = (
        _clip("walk", "Walks forward", WALK, 0, 90),
        _clip("wave", "Waves with the right hand", WAVE, 90, 150),
        _clip("bow", "Bows", "a person bows", 150, 210),
    )
    body = _track("t1", "Body", "alex", *clips)
    return Project("Trio", FPS, Timeline((body,)), (_person("alex", "Alex"),))


def _duo() -> Project:
    mia = (
        _clip("run", "Runs forward", "a person runs forward", 0, 90),
        _clip("jump", "Jumps", "a person jumps", 90, 150),
    )
    tom = (
        _clip("sit", "Sits down", "a person sits down", 0, 120),
        _clip("clap", "Claps", "a person claps", 120, 180),
    )
    tracks = (_track("mia", "Mia", "mia", *mia), _track("tom", "Tom", "tom", *tom))
    return Project(
        "Duo", FPS, Timeline(tracks), (_person("mia", "Mia"), _person("tom", "Tom", 2.0))
    )


def _steps() -> Project:
    top = _track(
        "top", "Layer", "alex", _clip("point", "Points left", "a person points left", 90, 150)
    )
    body = _track(
        "t1",
        "Body",
        "alex",
        _clip("walk-1", "Walks forward", WALK, 0, 60),
        _clip("turn", "Turns left", "a person turns left", 60, 90),
        _clip("walk-2", "Walks forward", WALK, 90, 150),
        _clip("kick", "Kicks", "a person kicks with the right leg", 180, 240, "kick-1"),
        _clip("salsa", "salsa_03", "", 240, 330),
    )
    timeline = Timeline((top, body), (Marker(MarkerId("m1"), 90, "hit"),))
    aim = Replace(ClipId("kick"))
    takes = tuple(
        Take(
            TakeId(id),
            "Kicks",
            _media(media, 60),
            HANDLE,
            HANDLE,
            aim,
            "kicks",
            accepted=used,
            provenance=_made("a person kicks with the right leg", 60),
        )
        for id, media, used in (("kick-1", "kick", True), ("kick-2", "kick-2", False))
    )
    return Project("Steps", FPS, timeline, (_person("alex", "Alex"),), takes=takes)
