"""A small scene for tests of the document: two characters, every kind of thing, one of each edit.

::

    frame     0         30        60  70   85  90  100       130
    main      |a a a a a|b b b b b|. .|c c c c c|. |d d d d d|       Ann, d is pinned
    under     . . . . . . . . . . |e e e e|. . . . . . . . . .       Ann
    bob       |f f f f f f|g g g g g g|                              Bob, f and g overlap 36:40
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import NamedTuple

from studio.document import commands as c
from studio.document.model import (
    Append,
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Continue,
    Fill,
    Insert,
    KeyId,
    Marker,
    MarkerId,
    Media,
    MediaId,
    Placement,
    PoseKey,
    Project,
    Provenance,
    Range,
    Replace,
    RequestRecord,
    Take,
    TakeId,
    Timeline,
    Touched,
    Track,
    TrackId,
    Turn,
    TurnId,
)
from studio.document.placing import fresh
from studio.document.storage import MediaStore
from tests.studio.walker import walk

ANN, BOB = CharacterId("ann"), CharacterId("bob")
MAIN, UNDER, BOBS = TrackId("main"), TrackId("under"), TrackId("bobs")
A, B, C, D, E, F, G = (ClipId(name) for name in "abcdefg")

#: 91 played frames at 30 fps.
STROLL = walk(0, 61, 20.0)
WALK = walk(1, 90, 30.0)
MARCH = walk(2, 60, 30.0)


def store() -> MediaStore:
    """What the scene refers to."""
    media = MediaStore()
    for motion in (STROLL, WALK, MARCH):
        media.put(motion)
    return media


def _media() -> tuple[Media, Media, Media]:
    media = MediaStore()
    stroll, walking, march = (
        Media(media.put(motion), len(motion), motion.fps) for motion in (STROLL, WALK, MARCH)
    )
    return stroll, walking, march


STROLL_MEDIA, WALK_MEDIA, MARCH_MEDIA = _media()


def clip(id: str, start: int, source: tuple[int, int], media: Media, **more: object) -> Clip:
    """A clip of part of a media."""
    span = Range(*source)
    values = {"frames": len(span), **more}
    return Clip(ClipId(id), id, media, start, source=span, **values)  # pyright: ignore[reportArgumentType]


def made(prompt: str) -> Provenance:
    request = RequestRecord(60, 30.0, guidance=2.5, prefix=WALK_MEDIA.id)
    return Provenance(prompt, 7, "walker", request)


def scene() -> Project:
    """The scene above."""
    main = (
        clip("a", 0, (10, 40), STROLL_MEDIA),
        clip("b", 30, (5, 35), WALK_MEDIA, blend=Blend("inertialize", 6)),
        clip("c", 70, (0, 20), MARCH_MEDIA, take=TakeId("take-1"), provenance=made("march")),
        clip("d", 100, (20, 50), WALK_MEDIA, placement=Placement(3.0, 1.0, 0.5, pinned=True)),
    )
    under = (clip("e", 60, (10, 35), STROLL_MEDIA, blend=Blend("crossfade", 5)),)
    bobs = (
        clip("f", 0, (0, 40), WALK_MEDIA, mirror=True),
        clip("g", 36, (10, 50), MARCH_MEDIA, blend=Blend("crossfade", 9, "linear")),
    )
    takes = (
        Take(TakeId("take-1"), "March", MARCH_MEDIA, accepted=True, provenance=made("march")),
        Take(TakeId("take-2"), "Stroll", STROLL_MEDIA, 4, 4, Continue(D), match=0.25),
        Take(TakeId("take-3"), "Turn", MARCH_MEDIA, 10, 10, Fill(C, D, 25), group="g"),
        Take(TakeId("take-4"), "Again", WALK_MEDIA, aim=Replace(B, Range(8, 20)), kept=True),
        Take(TakeId("take-5"), "Step", WALK_MEDIA, aim=Insert(BOBS, 80)),
        Take(TakeId("take-6"), "On", WALK_MEDIA, aim=Append(UNDER)),
    )
    return Project(
        "Two walkers",
        30.0,
        Timeline(
            (
                Track(MAIN, "Main", ANN, main),
                Track(UNDER, "Under", ANN, under),
                Track(BOBS, "Bob", BOB, bobs),
            ),
            (Marker(MarkerId("m"), 45, "Turn"),),
            Range(10, 120),
        ),
        (
            Character(ANN, "Ann"),
            Character(BOB, "Bob", "#d95b5b", Placement(2.0, 0.0, 1.0, pinned=True)),
        ),
        (PoseKey(KeyId("k"), ANN, 90, MARCH_MEDIA.id, 5),),
        takes,
        (
            Turn(TurnId("turn-1"), "walk on", "Two clips.", "{}", "done", ("a", "b"), (A, B),
                 (Touched(ANN, Range(0, 60)),), (TakeId("take-1"),), ANN),
            Turn(TurnId("turn-2"), "which one?", instead=TurnId("turn-1")),
        ),
    )  # fmt: skip


def find(project: Project, id: str) -> Clip:
    """The clip of an id."""
    return next(clip for _, clip in project.clips if clip.id == id)


def lane(project: Project, track: TrackId = MAIN) -> dict[str, tuple[int, int]]:
    """Start and stop of the clips of a track, by id."""
    clips = next(each.clips for each in project.timeline.tracks if each.id == track)
    return {clip.id: (clip.start, clip.stop) for clip in clips}


# -- edits drawn by chance ------------------------------------------------------------------------

_MEDIA = (STROLL_MEDIA, WALK_MEDIA, MARCH_MEDIA)


def random_command(project: Project, dice: random.Random) -> c.EditCommand:
    """Any command; most of those drawn make sense in ``project``, some do not."""
    return dice.choice(_DRAWN)(project, dice)


def _some(project: Project, dice: random.Random) -> c.Clips:
    ids = [clip.id for _, clip in project.clips]
    return tuple(dice.sample(ids, min(len(ids), dice.choice((1, 1, 1, 2, 3)))))


def _any_track(project: Project, dice: random.Random) -> TrackId:
    return dice.choice([track.id for track in project.timeline.tracks] or [TrackId("none")])


def _any_character(project: Project, dice: random.Random) -> CharacterId:
    return dice.choice([each.id for each in project.characters] or [CharacterId("none")])


def _any_take(project: Project, dice: random.Random) -> TakeId:
    return dice.choice([take.id for take in project.takes] or [TakeId("none")])


def _half(dice: random.Random) -> bool:
    return dice.random() < 0.5


def _placement(dice: random.Random) -> Placement:
    return Placement(dice.uniform(-3, 3), dice.uniform(-3, 3), dice.uniform(-3, 3), _half(dice))


def _new_clip(project: Project, dice: random.Random) -> Clip:
    media = dice.choice(_MEDIA)
    first = dice.randrange(media.played(project.fps))
    stop = dice.randint(first + 1, media.played(project.fps))
    start = dice.choice((dice.randrange(300), project.timeline.stop))
    return clip(fresh(project, "clip")[0], start, (first, stop), media)


def _edge(project: Project, dice: random.Random) -> tuple[c.Clips, int]:
    """Clips, and a frame near where the first of them plays."""
    target = _some(project, dice)[:1]
    if not target:
        return target, 0
    one = find(project, target[0])
    return target, dice.randint(one.start - 10, one.stop + 10)


def _many(project: Project, dice: random.Random) -> c.EditCommand:
    return c.Batch(tuple(random_command(project, dice) for _ in range(2)), "Two things")


def _duplicate(project: Project, dice: random.Random) -> c.EditCommand:
    target = _some(project, dice)
    made = tuple(ClipId(id) for id in fresh(project, "clip", len(target)))
    return c.DuplicateClip(
        target, made, dice.randint(-50, 200), dice.choice((0, 0, 1, -1)), _half(dice)
    )


def _split(project: Project, dice: random.Random) -> c.EditCommand:
    target, frame = _edge(project, dice)
    return c.SplitClip(target, frame, tuple(ClipId(id) for id in fresh(project, "clip")))


def _trim(project: Project, dice: random.Random) -> c.EditCommand:
    target, frame = _edge(project, dice)
    return c.TrimClip(target, dice.choice(("head", "tail")), frame, _half(dice))


def _maybe(value: object, dice: random.Random) -> object:
    return value if _half(dice) else None


_DRAWN: Sequence[Callable[[Project, random.Random], c.EditCommand]] = (
    lambda p, d: c.AddTrack(
        Track(TrackId(fresh(p, "track")[0]), "New", _any_character(p, d)), d.choice((None, 0, 1))
    ),
    lambda p, d: c.RemoveTrack(_any_track(p, d)) if d.random() < 0.1 else _split(p, d),
    lambda p, d: c.MoveTrack(_any_track(p, d), d.randrange(len(p.timeline.tracks) + 1)),
    lambda p, d: c.SetTrack(
        _any_track(p, d), solo=_half(d), mute=d.random() < 0.2, lock=d.random() < 0.1
    ),
    lambda p, d: c.SetTrack(_any_track(p, d), "Renamed", _any_character(p, d)),
    lambda p, d: c.AddClip(_any_track(p, d), _new_clip(p, d), _half(d)),
    lambda p, d: c.AddClip(_any_track(p, d), _new_clip(p, d), _half(d)),
    lambda p, d: c.RemoveClip(_some(p, d)[:1], _half(d)),
    lambda p, d: c.MoveClip(_some(p, d), d.randint(-60, 60), d.choice((0, 0, 1, -1)), _half(d)),
    _trim,
    lambda p, d: c.SlipClip(_some(p, d), d.randint(-20, 20)),
    _split,
    _duplicate,
    lambda p, d: c.RenameClip(_some(p, d), d.choice("xyz")),
    lambda p, d: c.EnableClip(_some(p, d), d.random() < 0.8),
    lambda p, d: c.RetimeClip(
        _some(p, d), d.choice((0.5, 0.9, 1.0, 1.7, 3.0)), d.choice((None, True, False)), _half(d)
    ),
    lambda p, d: c.LoopClip(_some(p, d), d.randint(1, 4), _half(d)),
    lambda p, d: c.MirrorClip(_some(p, d), _half(d)),
    lambda p, d: c.InPlaceClip(_some(p, d), _half(d)),
    lambda p, d: c.PlaceClip(_some(p, d), _placement(d)),
    lambda p, d: c.ExtrapolateClip(_some(p, d), d.choice(("hold", "loop"))),
    lambda p, d: c.SetBlend(
        _some(p, d),
        Blend(d.choice(("inertialize", "crossfade", "cut")), d.randrange(20), "linear"),
    ),
    lambda p, d: c.ReplaceMedia(_some(p, d), d.choice(_MEDIA), ripple=_half(d)),
    lambda p, d: c.AddCharacter(Character(CharacterId(fresh(p, "character")[0]), "New")),
    lambda p, d: c.RemoveCharacter(_any_character(p, d)) if d.random() < 0.1 else _trim(p, d),
    lambda p, d: c.SetCharacter(_any_character(p, d), "Zoe", "#123456", _placement(d)),
    lambda p, d: c.SetConstraint(
        PoseKey(KeyId(f"k{d.randrange(3)}"), _any_character(p, d), d.randrange(300), MediaId("x"))
    ),
    lambda p, d: c.RemoveConstraint((KeyId(f"k{d.randrange(3)}"),)),
    lambda p, d: c.SetMarker(Marker(MarkerId(f"m{d.randrange(3)}"), d.randrange(300), "Here")),
    lambda p, d: c.RemoveMarker((MarkerId(f"m{d.randrange(3)}"),)),
    lambda p, d: c.RenameProject(d.choice(("One", "Two"))),
    lambda p, d: c.SetFps(d.choice((24.0, 25.0, 30.0, 60.0))),
    lambda p, d: c.SetRange(d.choice((None, Range(3, 50), Range(0, 9)))),
    lambda p, d: c.AddTakes((Take(TakeId(fresh(p, "take")[0]), "New", WALK_MEDIA, 3, 3),)),
    lambda p, d: c.SetTake(_any_take(p, d), "Named", _half(d), _half(d)),
    lambda p, d: c.RemoveTakes((_any_take(p, d),)) if d.random() < 0.2 else _split(p, d),
    _many,
)


# -- one of each edit -----------------------------------------------------------------------------


class Edit(NamedTuple):
    """An edit of the scene, and by hand the frames that it may change."""

    command: c.EditCommand
    spans: dict[CharacterId, tuple[int, int]]


#: What is between 30 and the pinned d moves on with b, and d takes over from it for 9 frames.
_FROM_B = {ANN: (30, 109)}

EDITS: dict[str, Edit] = {
    "an empty track": Edit(c.AddTrack(Track(TrackId("new"), "New", ANN), 0), {}),
    "a track over b": Edit(
        c.AddTrack(Track(TrackId("new"), "New", ANN, (clip("x", 40, (0, 10), MARCH_MEDIA),)), 0),
        {ANN: (40, 109)},
    ),
    "no track under": Edit(c.RemoveTrack(UNDER), {ANN: (60, 109)}),
    "no track of Bob": Edit(c.RemoveTrack(BOBS), {BOB: (0, 130)}),
    "e over c": Edit(c.MoveTrack(UNDER, 0), {ANN: (70, 109)}),
    "Bob on top": Edit(c.MoveTrack(BOBS, 0), {}),
    # e begins with the very pose that a begins with.
    "mute main": Edit(c.SetTrack(MAIN, mute=True), {ANN: (1, 130)}),
    "solo main": Edit(c.SetTrack(MAIN, solo=True), {ANN: (60, 109)}),
    "lock and rename": Edit(c.SetTrack(MAIN, name="Body", lock=True), {}),
    "e for Bob": Edit(c.SetTrack(UNDER, character=BOB), {ANN: (60, 109), BOB: (60, 130)}),
    "add before d": Edit(c.AddClip(MAIN, clip("x", 90, (0, 10), STROLL_MEDIA)), {ANN: (90, 109)}),
    "add before b, ripple": Edit(
        c.AddClip(MAIN, clip("x", 30, (0, 10), MARCH_MEDIA), ripple=True),
        {ANN: (30, 140), BOB: (130, 140)},
    ),
    "remove c": Edit(c.RemoveClip((C,)), {ANN: (70, 109)}),
    "remove a, ripple": Edit(c.RemoveClip((A,), ripple=True), {ANN: (0, 130), BOB: (100, 130)}),
    "move b": Edit(c.MoveClip((B,), 2), _FROM_B),
    "move g": Edit(c.MoveClip((G,), 10), {BOB: (36, 130)}),
    "move d down": Edit(c.MoveClip((D,), rows=1), {}),
    "trim c": Edit(c.TrimClip((C,), "tail", 85), {ANN: (85, 109)}),
    "trim d": Edit(c.TrimClip((D,), "head", 110), {ANN: (100, 130)}),
    "trim b, ripple": Edit(
        c.TrimClip((B,), "tail", 50, ripple=True), {ANN: (50, 130), BOB: (120, 130)}
    ),
    "slip e": Edit(c.SlipClip((E,), 3), {ANN: (60, 109)}),
    "split b": Edit(c.SplitClip((B,), 33, (ClipId("x"),)), {}),
    "split e and g": Edit(c.SplitClip((E, G), 62, (ClipId("x"), ClipId("y"))), {}),
    "duplicate d": Edit(
        c.DuplicateClip((D,), (ClipId("x"),), 30), {ANN: (130, 160), BOB: (130, 160)}
    ),
    "rename": Edit(c.RenameClip((A, B), "Go"), {}),
    "disable b": Edit(c.EnableClip((B,), False), _FROM_B),
    "c faster": Edit(c.RetimeClip((C,), 2.0), {ANN: (70, 109)}),
    "g backwards": Edit(c.RetimeClip((G,), reverse=True), {BOB: (36, 130)}),
    "d twice": Edit(c.LoopClip((D,), 2), {ANN: (130, 160), BOB: (130, 160)}),
    "mirror a": Edit(c.MirrorClip((A,), True), {ANN: (0, 109)}),
    "b in place": Edit(c.InPlaceClip((B,), True), _FROM_B),
    "b aside": Edit(c.PlaceClip((B,), Placement(0.5, 0.0, 0.3)), _FROM_B),
    "d elsewhere": Edit(c.PlaceClip((D,), Placement(1, 1, 1, pinned=True)), {ANN: (100, 130)}),
    "d follows on": Edit(c.PlaceClip((D,), Placement()), {ANN: (100, 130)}),
    "c loops on": Edit(c.ExtrapolateClip((C,), "loop"), {ANN: (90, 109)}),
    "g loops on": Edit(c.ExtrapolateClip((G,), "loop"), {BOB: (76, 130)}),
    "a longer blend": Edit(c.SetBlend((B,), Blend("inertialize", 12)), {ANN: (30, 42)}),
    "a cut": Edit(c.SetBlend((D,), Blend("cut", 9)), {ANN: (100, 109)}),
    "an overlap is the length": Edit(c.SetBlend((G,), Blend("crossfade", 3, "linear")), {}),
    "another motion": Edit(c.ReplaceMedia((C,), WALK_MEDIA), {ANN: (70, 109)}),
    "a third": Edit(
        c.AddCharacter(Character(CharacterId("cat"), "Cat")), {CharacterId("cat"): (0, 130)}
    ),
    "no Bob": Edit(c.RemoveCharacter(BOB), {BOB: (0, 130)}),
    "Ann renamed": Edit(c.SetCharacter(ANN, "Anne", "#000000"), {}),
    "Ann elsewhere": Edit(c.SetCharacter(ANN, placement=Placement(1, 2)), {ANN: (0, 109)}),
    "a key": Edit(c.SetConstraint(PoseKey(KeyId("n"), BOB, 3, MARCH_MEDIA.id)), {}),
    "no key": Edit(c.RemoveConstraint((KeyId("k"),)), {}),
    "a marker": Edit(c.SetMarker(Marker(MarkerId("n"), 3, "Here")), {}),
    "no marker": Edit(c.RemoveMarker((MarkerId("m"),)), {}),
    "a name": Edit(c.RenameProject("Duel"), {}),
    "60 fps": Edit(c.SetFps(60.0), {ANN: (0, 260), BOB: (0, 260)}),
    "a range": Edit(c.SetRange(Range(5, 50)), {}),
    "a take": Edit(c.AddTakes((Take(TakeId("new"), "New", WALK_MEDIA),)), {}),
    "a take kept": Edit(c.SetTake(TakeId("take-2"), "Better", True, True), {}),
    "fewer takes": Edit(c.RemoveTakes((TakeId("take-2"), TakeId("take-3"))), {}),
    "two edits": Edit(
        c.Batch((c.SetBlend((B,), Blend("cut", 0)), c.TrimClip((C,), "tail", 85)), "Both"),
        {ANN: (30, 109)},
    ),
}
