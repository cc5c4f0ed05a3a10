"""Edits: what each does to the clips, what it refuses, and the algebra they obey."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from studio.document import commands as c
from studio.document.apply import EditError, apply, check
from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    KeyId,
    Marker,
    MarkerId,
    Media,
    MediaId,
    Placement,
    PoseKey,
    Project,
    Range,
    Take,
    TakeId,
    Timeline,
    Track,
    TrackId,
)
from studio.document.placing import fresh
from tests.studio.document.scene import (
    ANN,
    BOB,
    BOBS,
    EDITS,
    MAIN,
    MARCH_MEDIA,
    STROLL_MEDIA,
    UNDER,
    WALK_MEDIA,
    clip,
    find,
    lane,
    random_command,
    scene,
)

SEEDS = st.integers(0, 2**32 - 1)
LETTERS = "abcdefghijklmnopqrstuvwxyz"

# -- the drawings ---------------------------------------------------------------------------------


def drawn(*clips: Clip) -> Project:
    """One track, at 30 fps."""
    track = Track(TrackId("t"), "Track", CharacterId("p"), clips)
    return Project(timeline=Timeline((track,)), characters=(Character(CharacterId("p"), "P"),))


def letters(id: str, start: int, used: str, total: int = 26, **more: object) -> Clip:
    """A clip that plays the letters ``used`` of an alphabet of ``total``."""
    first = LETTERS.index(used[0])
    media = Media(MediaId("alphabet"), total, 30.0)
    return clip(id, start, (first, first + len(used)), media, **more)


def names(project: Project) -> str:
    """A track frame by frame: the name of the clip there, ``x`` where two are, ``.`` for none."""
    clips = project.timeline.tracks[0].clips
    frames = range(project.timeline.stop)
    there = [[each.id for each in clips if f in each.span] for f in frames]
    return "".join("x" if len(ids) > 1 else ids[0] if ids else "." for ids in there)


def plays(project: Project) -> str:
    """A track frame by frame: the letter that is played, ``|`` where a clip begins."""
    out = ["." for _ in range(project.timeline.stop)]
    for each in project.timeline.tracks[0].clips:
        for i in range(each.frames):
            frame = each.source.start + (each.phase + i) % len(each.source)
            if each.reverse:
                frame = each.media.frames - 1 - frame
            step = 1 if each.reverse else round(each.speed)
            out[each.start + i] = ("|" if i == 0 else "") + LETTERS[frame * step]
    return "".join(out)


def A(frames: int, start: int = 0, **more: object) -> Clip:
    return letters("A", start, LETTERS[:frames], **more)


def B(frames: int, start: int, **more: object) -> Clip:
    return letters("B", start, LETTERS[:frames], **more)


def C(frames: int, start: int, **more: object) -> Clip:
    return letters("C", start, LETTERS[:frames], **more)


AB = (ClipId("A"),), (ClipId("B"),)
ONE, TWO = AB


@pytest.mark.parametrize(
    ("clips", "command", "after"),
    [
        ((A(4), B(2, 4)), c.AddClip(TrackId("t"), C(3, 4), ripple=True), "AAAACCCBB"),
        ((A(4), B(2, 4)), c.AddClip(TrackId("t"), C(3, 6)), "AAAABBCCC"),
        ((A(4), B(2, 4)), c.AddClip(TrackId("t"), C(3, 3), ripple=True), "AAAxCCBB"),
        ((A(2), B(3, 2), C(2, 5)), c.RemoveClip(TWO), "AA...CC"),
        ((A(2), B(3, 2), C(2, 5)), c.RemoveClip(TWO, ripple=True), "AACC"),
        ((A(4), B(4, 3), C(2, 6)), c.RemoveClip(TWO, ripple=True), "AAAACC"),
        ((A(2), B(3, 4), C(2, 8)), c.RemoveClip(TWO, ripple=True), "AA...CC"),
        ((A(2), B(3, 2), C(2, 5)), c.RemoveClip(ONE + TWO, ripple=True), "CC"),
        ((A(3), B(2, 5)), c.MoveClip(TWO, -2), "AAABB"),
        ((A(3), B(3, 3)), c.MoveClip(TWO, -1), "AAxBB"),
        ((A(3), B(3, 3)), c.MoveClip(ONE, 6), "...BBBAAA"),
        ((A(2), B(2, 2), C(2, 5)), c.MoveClip(TWO, 1, ripple=True), "AA.BB.CC"),
        ((A(2), B(2, 2), C(2, 5)), c.MoveClip(ONE, 1, ripple=True), ".AABB.CC"),
        ((A(2), B(2, 4)), c.MoveClip(ONE + TWO, 1), ".AA..BB"),
        ((A(5),), c.TrimClip(ONE, "head", 2), "..AAA"),
        ((A(5),), c.TrimClip(ONE, "tail", 3), "AAA"),
        ((A(5), B(2, 5)), c.TrimClip(ONE, "tail", 3, ripple=True), "AAABB"),
        ((A(5), B(2, 5)), c.TrimClip(ONE, "tail", 7, ripple=True), "AAAAAAABB"),
        ((A(5, 1), B(2, 7)), c.TrimClip(ONE, "head", 3, ripple=True), ".AAA.BB"),
        ((A(2),), c.DuplicateClip(ONE, (ClipId("B"),), 2), "AABB"),
        ((A(2), B(2, 2)), c.DuplicateClip(ONE, (ClipId("C"),), 2, ripple=True), "AACCBB"),
        ((A(2), B(2, 2)), c.LoopClip(ONE, 3, ripple=True), "AAAAAABB"),
        ((A(6), B(2, 6)), c.RetimeClip(ONE, 2.0, ripple=True), "AAABB"),
        ((A(6), B(2, 6)), c.RetimeClip(ONE, 2.0), "AAA...BB"),
        ((A(2), B(2, 2)), c.RetimeClip(ONE, 0.5, ripple=True), "AAAABB"),
    ],
)
def test_the_drawing_of(clips: tuple[Clip, ...], command: c.EditCommand, after: str) -> None:
    assert names(apply(drawn(*clips), command)) == after


@pytest.mark.parametrize(
    ("clips", "command", "after"),
    [
        ((letters("A", 0, "abcde"),), c.TrimClip(ONE, "head", 2), "..|cde"),
        ((letters("A", 0, "abcde"),), c.TrimClip(ONE, "tail", 3), "|abc"),
        ((letters("A", 0, "abc"),), c.TrimClip(ONE, "tail", 5), "|abcde"),
        ((letters("A", 2, "cde"),), c.TrimClip(ONE, "head", 1), ".|bcde"),
        ((letters("A", 2, "cde"),), c.TrimClip(ONE, "head", 3, ripple=True), "..|de"),
        ((letters("A", 0, "bcd"),), c.SlipClip(ONE, 1), "|cde"),
        ((letters("A", 0, "abcde"),), c.SplitClip(ONE, 3, TWO), "|abc|de"),
        ((letters("A", 0, "abc"),), c.LoopClip(ONE, 2), "|abcabc"),
        ((letters("A", 0, "abc", frames=8, phase=2),), c.LoopClip(ONE, 1), "|abc"),
        ((letters("A", 0, "abc", frames=6),), c.TrimClip(ONE, "tail", 7), "|abcabca"),
        ((letters("A", 0, "abc", frames=6),), c.TrimClip(ONE, "tail", 2), "|ab"),
        ((letters("A", 2, "abc", frames=6),), c.TrimClip(ONE, "head", 1), ".|cabcabc"),
        ((letters("A", 0, "abc", frames=6),), c.TrimClip(ONE, "head", 4), "....|bc"),
        ((letters("A", 0, "abc", frames=7),), c.SplitClip(ONE, 4, TWO), "|abca|bca"),
        ((letters("A", 0, "abc", frames=7),), c.SlipClip(ONE, 2), "|cdecdec"),
        ((letters("A", 0, "abcdef"),), c.RetimeClip(ONE, 2.0), "|ace"),
        ((letters("A", 0, "cdefgh"),), c.RetimeClip(ONE, 2.0), "|ceg"),
        ((letters("A", 0, "abc"),), c.RetimeClip(ONE, reverse=True), "|cba"),
        ((letters("A", 0, "efg"),), c.RetimeClip(ONE, reverse=True), "|gfe"),
        (
            (letters("A", 0, "abc", frames=7, phase=1),),
            c.RetimeClip(ONE, reverse=True),
            "|bacbacb",
        ),
        (
            (letters("A", 0, "cdefg"),),
            c.ReplaceMedia(ONE, Media(MediaId("short"), 5, 30.0)),
            "|cde",
        ),
        (
            (letters("A", 0, "cde"),),
            c.ReplaceMedia(ONE, Media(MediaId("new"), 9, 30.0), Range(1, 6)),
            "|bcdef",
        ),
        (
            (letters("A", 0, "cde", frames=5),),
            c.ReplaceMedia(ONE, Media(MediaId("new"), 9, 30.0), Range(1, 3)),
            "|bcbcb",
        ),
    ],
)
def test_what_plays_after(clips: tuple[Clip, ...], command: c.EditCommand, after: str) -> None:
    assert plays(apply(drawn(*clips), command)) == after


def test_a_trimmed_cycle_can_be_drawn_out_again() -> None:
    looped = drawn(letters("A", 0, "abc", frames=9))
    shorter = apply(looped, c.TrimClip(ONE, "tail", 2))
    assert apply(shorter, c.TrimClip(ONE, "tail", 9)) == looped


def test_clips_change_tracks_by_rows() -> None:
    after = apply(scene(), c.MoveClip((ClipId("d"),), 10, rows=1))
    assert "d" not in lane(after)
    assert lane(after, UNDER)["d"] == (110, 140)
    after = apply(scene(), c.DuplicateClip((ClipId("f"),), (ClipId("x"),), 130, rows=-2))
    assert lane(after) == {**lane(scene()), "x": (130, 170)}
    assert lane(after, BOBS) == lane(scene(), BOBS)


def test_within_a_batch_clips_may_pass_through_each_other() -> None:
    swapped = c.Batch((c.MoveClip(ONE, 2), c.MoveClip(TWO, -3)))
    assert names(apply(drawn(A(3), B(2, 3)), swapped)) == "BBAAA"
    with pytest.raises(EditError, match="would lie inside"):
        apply(drawn(A(3), B(2, 3)), c.MoveClip(TWO, -3))


def test_a_batch_is_all_or_nothing() -> None:
    before = drawn(A(3), B(2, 3))
    with pytest.raises(EditError, match="no clip Z"):
        apply(before, c.Batch((c.RemoveClip(ONE), c.RemoveClip((ClipId("Z"),)))))
    assert names(before) == "AAABB"


def test_what_is_not_touched_stays_the_same_object() -> None:
    before = scene()
    after = apply(before, c.MoveClip((ClipId("a"),), 1))
    assert after.timeline.tracks[1] is before.timeline.tracks[1]
    assert find(after, "d") is find(before, "d")


# -- one of each ----------------------------------------------------------------------------------


def test_there_is_an_example_of_every_command() -> None:
    used = {type(edit.command) for edit in EDITS.values()}
    assert used == set(get_args(c.EditCommand))


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_leaves_a_sound_project_and_the_old_one_alone(name: str) -> None:
    before = scene()
    check(apply(before, EDITS[name].command))
    assert before == scene()


@pytest.mark.parametrize(
    ("command", "field", "value"),
    [
        (c.RenameClip((ClipId("b"),), "Run"), "name", "Run"),
        (c.EnableClip((ClipId("b"),), False), "enabled", False),
        (c.MirrorClip((ClipId("b"),), True), "mirror", True),
        (c.InPlaceClip((ClipId("b"),), True), "in_place", True),
        (c.PlaceClip((ClipId("b"),), Placement(1, 2, 3)), "placement", Placement(1, 2, 3)),
        (c.ExtrapolateClip((ClipId("b"),), "loop"), "extrapolate", "loop"),
        (c.SetBlend((ClipId("b"),), Blend("cut", 0)), "blend", Blend("cut", 0)),
    ],
)
def test_a_setting_changes_only_itself(command: c.EditCommand, field: str, value: object) -> None:
    before = find(scene(), "b")
    assert find(apply(scene(), command), "b") == replace(before, **{field: value})


def test_tracks_are_added_removed_and_put_in_order() -> None:
    new = Track(TrackId("new"), "New", BOB)

    def order(project: Project) -> list[str]:
        return [track.id for track in project.timeline.tracks]

    assert order(apply(scene(), c.AddTrack(new))) == ["main", "under", "bobs", "new"]
    assert order(apply(scene(), c.AddTrack(new, 1))) == ["main", "new", "under", "bobs"]
    assert order(apply(scene(), c.RemoveTrack(UNDER))) == ["main", "bobs"]
    assert order(apply(scene(), c.MoveTrack(BOBS, 0))) == ["bobs", "main", "under"]
    assert order(apply(scene(), c.MoveTrack(MAIN, 2))) == ["under", "bobs", "main"]


def test_only_what_is_given_of_a_track_changes() -> None:
    before = scene().timeline.tracks[1]
    after = apply(scene(), c.SetTrack(UNDER, name="Low", mute=True)).timeline.tracks[1]
    assert after == replace(before, name="Low", mute=True)
    after = apply(scene(), c.SetTrack(UNDER, character=BOB, solo=True, lock=True))
    assert after.timeline.tracks[1] == replace(before, character=BOB, solo=True, lock=True)


def test_a_character_goes_with_its_tracks_and_keys() -> None:
    after = apply(scene(), c.RemoveCharacter(ANN))
    assert [each.id for each in after.characters] == [BOB]
    assert [track.id for track in after.timeline.tracks] == [BOBS]
    assert after.constraints == ()


def test_only_what_is_given_of_a_character_changes() -> None:
    before = scene().characters[1]
    after = apply(scene(), c.SetCharacter(BOB, color="#102030")).characters[1]
    assert after == replace(before, color="#102030")
    after = apply(scene(), c.SetCharacter(BOB, "Rob", placement=Placement(1, 1))).characters[1]
    assert after == replace(before, name="Rob", placement=Placement(1, 1))


def test_keys_and_markers_are_added_replaced_and_removed() -> None:
    late, early = Marker(MarkerId("n"), 9, "Soon"), Marker(MarkerId("m"), 3, "First")
    after = apply(apply(scene(), c.SetMarker(late)), c.SetMarker(early))
    assert after.timeline.markers == (early, late)
    assert apply(after, c.RemoveMarker((early.id, late.id))).timeline.markers == ()
    key = PoseKey(KeyId("k"), BOB, 3, MediaId("x"))
    other = replace(key, id=KeyId("l"))
    after = apply(apply(scene(), c.SetConstraint(key)), c.SetConstraint(other))
    assert after.constraints == (key, other)
    assert apply(after, c.RemoveConstraint((KeyId("k"),))).constraints == (other,)


def test_takes_are_kept_beside_the_timeline() -> None:
    take = Take(TakeId("new"), "New", WALK_MEDIA)
    after = apply(scene(), c.AddTakes((take,)))
    assert after.takes == (*scene().takes, take)
    after = apply(after, c.SetTake(take.id, "Better", kept=True, accepted=True))
    assert after.takes[-1] == replace(take, name="Better", kept=True, accepted=True)
    after = apply(after, c.RemoveTakes((TakeId("take-1"),)))
    assert [each.id for each in after.takes] == [f"take-{i}" for i in range(2, 7)] + ["new"]
    assert find(after, "c").take == "take-1"


def test_the_project_has_a_name_and_a_range() -> None:
    assert apply(scene(), c.RenameProject("Duel")).name == "Duel"
    assert apply(scene(), c.SetRange(None)).timeline.range is None
    assert apply(scene(), c.SetRange(Range(3, 4))).timeline.range == Range(3, 4)


def test_a_replaced_media_brings_its_take_and_keeps_the_settings() -> None:
    before = find(scene(), "c")
    command = c.ReplaceMedia((ClipId("c"),), WALK_MEDIA, take=TakeId("take-5"))
    after = find(apply(scene(), command), "c")
    assert after == replace(before, media=WALK_MEDIA, take=TakeId("take-5"), provenance=None)


# -- refusals -------------------------------------------------------------------------------------

_B = (ClipId("b"),)


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (c.RemoveClip(()), "No clip is chosen"),
        (c.RemoveClip((ClipId("zz"),)), "There is no clip zz"),
        (c.AddClip(TrackId("zz"), clip("x", 0, (0, 1), WALK_MEDIA)), "There is no track zz"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), WALK_MEDIA, frames=0)), "without a frame"),
        (c.AddClip(MAIN, clip("a", 91, (0, 5), WALK_MEDIA)), "two of the clip a"),
        (c.AddClip(MAIN, clip("", 91, (0, 5), WALK_MEDIA)), "needs an id"),
        (c.AddClip(MAIN, clip("x", 91, (0, 95), WALK_MEDIA)), "'x' has 90 frames of motion"),
        (c.AddClip(MAIN, clip("x", 91, (5, 5), WALK_MEDIA, frames=3)), "uses no frame"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), WALK_MEDIA, phase=5)), "begins outside"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), WALK_MEDIA, phase=-1)), "begins outside"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), Media(MediaId(""), 9, 30.0))), "no motion"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), Media(MediaId("m"), 0, 30.0))), "0 frames"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), Media(MediaId("m"), 9, 0.0))), "above zero"),
        (c.AddClip(MAIN, clip("x", 91, (0, 5), WALK_MEDIA, speed=0.0)), "0 times its speed"),
        (c.AddClip(MAIN, clip("x", 40, (0, 10), WALK_MEDIA)), "'x' would lie inside 'b'"),
        (c.AddClip(MAIN, clip("x", 30, (0, 40), WALK_MEDIA)), "'b' would lie inside 'x'"),
        (
            c.AddClip(BOBS, clip("x", 37, (0, 40), WALK_MEDIA)),
            "'f', 'g' and 'x' would overlap at frame 37 of track 'Bob'",
        ),
        (c.MoveClip((ClipId("a"),), -1), "'a' would begin before frame 0"),
        (c.MoveClip(_B, 10**8), "'b' would end after frame"),
        (c.MoveClip(_B, rows=-1), "no track 1 above 'Main'"),
        (c.MoveClip(_B, rows=3), "no track 3 below 'Main'"),
        (c.TrimClip(_B, "head", 60), "'b' would be left without a frame"),
        (c.TrimClip(_B, "head", 24), "'b' has nothing 1 frames before its motion"),
        (c.TrimClip(_B, "tail", 30), "'b' would be left without a frame"),
        (c.TrimClip((ClipId("d"),), "tail", 171), "would need 91"),
        (c.SlipClip(_B, -6), "'b' has nothing 1 frames before"),
        (c.SplitClip(_B, 30, (ClipId("x"),)), "'b' cannot be split at frame 30"),
        (c.SplitClip(_B, 60, (ClipId("x"),)), "'b' cannot be split at frame 60"),
        (c.SplitClip(_B, 40, ()), "as many ids"),
        (c.SplitClip(_B, 40, (ClipId("a"),)), "two of the clip a"),
        (c.SplitClip((ClipId("f"),), 38, (ClipId("x"),)), "'f' overlaps 'g'"),
        (c.SplitClip((ClipId("g"),), 38, (ClipId("x"),)), "'g' overlaps 'f'"),
        (c.DuplicateClip(_B, (), 100), "as many ids"),
        (c.DuplicateClip(_B, (ClipId("x"),), 0), "would lie inside"),
        (c.RetimeClip(_B, 0.0), "'b' cannot play at 0 times"),
        (c.RetimeClip(_B, float("nan")), "at speed, input should be a finite"),
        (c.RetimeClip((ClipId("e"),), 0.001), "'e' cannot play at 0.001 times"),
        (c.RetimeClip((ClipId("a"),), 0.25), "'b' would lie inside 'a'"),
        (c.LoopClip(_B, 0), "'b' cannot go round 0 times"),
        (c.LoopClip(_B, 10**9), "'b' would end after frame"),
        (c.PlaceClip(_B, Placement(1e9)), "'b' cannot stand that far off"),
        (c.PlaceClip(_B, Placement(float("nan"))), "at placement.x, input should be a finite"),
        (c.PlaceClip(_B, Placement(turn=1e9)), "'b' cannot stand that far off"),
        (c.SetBlend(_B, Blend(frames=-1)), "'b' cannot blend over -1 frames"),
        (c.ReplaceMedia((ClipId("d"),), Media(MediaId("m"), 5, 30.0)), "of 'd' ends before"),
        (c.ReplaceMedia(_B, WALK_MEDIA, Range(4, 4)), "of 'b' ends before"),
        (c.ReplaceMedia(_B, WALK_MEDIA, Range(80, 99)), "'b' has 90 frames of motion"),
        (c.AddTrack(Track(MAIN, "Again", ANN)), "two of the track main"),
        (c.AddTrack(Track(TrackId("x"), "X", CharacterId("zz"))), "that does not exist"),
        (c.AddTrack(Track(TrackId("x"), "X", ANN), 4), "no row 4"),
        (c.AddTrack(Track(TrackId("x"), "X" * 2000, ANN)), "too long a name"),
        (
            c.AddTrack(
                Track(
                    TrackId("x"),
                    "X",
                    ANN,
                    (clip("y", 9, (0, 9), WALK_MEDIA), clip("x", 0, (0, 9), WALK_MEDIA)),
                )
            ),
            "of track 'X' are not in order",
        ),
        (c.MoveTrack(MAIN, 3), "no row 3"),
        (c.MoveTrack(MAIN, -1), "no row -1"),
        (c.RemoveTrack(TrackId("zz")), "There is no track zz"),
        (c.SetTrack(MAIN, character=CharacterId("zz")), "that does not exist"),
        (c.AddCharacter(Character(ANN, "Twin")), "two of the character ann"),
        (c.AddCharacter(Character(CharacterId("x"), "X", "red")), "'red' is no colour for X"),
        (c.AddCharacter(Character(CharacterId("x" * 201), "X")), "needs an id"),
        (c.RemoveCharacter(CharacterId("zz")), "no character zz"),
        (c.SetCharacter(CharacterId("zz")), "no character zz"),
        (
            c.SetConstraint(PoseKey(KeyId("x"), CharacterId("zz"), 3, MediaId("m"))),
            "character that does not exist",
        ),
        (c.SetConstraint(PoseKey(KeyId("x"), ANN, -3, MediaId("m"))), "cannot be at frame -3"),
        (c.SetConstraint(PoseKey(KeyId("x"), ANN, 3, MediaId("m"), -1)), "takes frame -1"),
        (c.RemoveConstraint((KeyId("zz"),)), "no pose key zz"),
        (c.SetMarker(Marker(MarkerId("x"), -1, "X")), "'X' cannot be at frame -1"),
        (c.RemoveMarker((MarkerId("zz"),)), "no marker zz"),
        (c.RenameProject("  "), "needs a name"),
        (c.RenameProject("\udc80"), "cannot be written"),
        (c.RenameClip(3, "x"), "cannot be written"),
        (c.SetFps(0.0), "0 frames a second"),
        (c.SetFps(float("inf")), "at fps, input should be a finite"),
        (c.SetRange(Range(5, 5)), "cannot go from 5 to 5"),
        (c.SetRange(Range(-1, 5)), "cannot go from -1 to 5"),
        (c.AddTakes((Take(TakeId("take-1"), "X", WALK_MEDIA),)), "two of the take take-1"),
        (c.AddTakes((Take(TakeId("x"), "X", WALK_MEDIA, 50, 40),)), "'X' is nothing but"),
        (c.AddTakes((Take(TakeId("x"), "X", WALK_MEDIA, -1),)), "'X' is nothing but"),
        (
            c.AddTakes((Take(TakeId("x"), "X", WALK_MEDIA, match=float("nan")),)),
            "at takes[0].match, input should be a finite",
        ),
        (c.SetTake(TakeId("zz")), "no take zz"),
        (c.RemoveTakes((TakeId("zz"),)), "no take zz"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(
    command: c.EditCommand, sentence: str
) -> None:
    with pytest.raises(EditError) as refused:
        apply(scene(), command)
    said = str(refused.value)
    assert sentence in said
    assert said.endswith(".")
    assert ". " not in said, "one sentence"
    assert "; " in said, "what is wrong, and the remedy"


@pytest.mark.parametrize("name", EDITS)
def test_a_locked_track_keeps_its_clips(name: str) -> None:
    command = EDITS[name].command
    before = scene()
    for track in (MAIN, UNDER, BOBS):
        before = apply(before, c.SetTrack(track, lock=True))
    if tried(scene(), command) is not None and tried(before, command) is None:
        with pytest.raises(EditError, match=r"is locked; unlock it first\.$"):
            apply(before, command)
    elif not isinstance(command, c.SetFps):  # which is of the whole project
        after = apply(before, command)
        kept = {track.id: track.clips for track in after.timeline.tracks}
        assert all(kept[track.id] == track.clips for track in before.timeline.tracks)


def test_most_edits_of_clips_are_refused_by_a_locked_track() -> None:
    before = apply(scene(), c.SetTrack(MAIN, lock=True))
    others = [TrackId("under"), TrackId("bobs")]
    for command in (
        c.MoveClip((ClipId("e"),), 50, rows=-1),
        c.DuplicateClip((ClipId("e"),), (ClipId("x"),), 80, rows=-1),
        c.AddClip(MAIN, clip("x", 200, (0, 9), WALK_MEDIA)),
        c.RemoveTrack(MAIN),
        c.RemoveCharacter(ANN),
        c.SetTrack(MAIN, character=BOB),
        c.RenameClip((ClipId("e"), ClipId("a")), "x"),
    ):
        with pytest.raises(EditError, match="Track 'Main' is locked"):
            apply(before, command)
    assert apply(before, c.SetTrack(MAIN, mute=True)).timeline.tracks[0].mute
    assert [t.id for t in apply(before, c.MoveTrack(MAIN, 2)).timeline.tracks] == [*others, MAIN]


def test_a_pinned_clip_that_is_partly_covered_is_not_split_apart() -> None:
    before = apply(scene(), c.MoveClip((ClipId("d"),), rows=1))
    before = apply(before, c.AddClip(MAIN, clip("over", 110, (0, 10), WALK_MEDIA)))
    with pytest.raises(EditError, match="'d' is pinned and partly covered"):
        apply(before, c.SplitClip((ClipId("d"),), 115, (ClipId("x"),)))
    apply(before, c.SplitClip((ClipId("d"),), 125, (ClipId("x"),)))


def test_the_part_that_shows_first_carries_the_placement() -> None:
    aside = Placement(1.0, 0.0, 0.5)
    before = apply(scene(), c.MoveClip((ClipId("e"),), -10))  # b covers 50:60 of it
    before = apply(before, c.PlaceClip((ClipId("e"),), aside))
    after = apply(before, c.SplitClip((ClipId("e"),), 55, (ClipId("x"),)))
    assert find(after, "x").placement == aside
    after = apply(before, c.SplitClip((ClipId("e"),), 65, (ClipId("x"),)))
    assert find(after, "x").placement == Placement()


# -- algebra --------------------------------------------------------------------------------------


def wandered(seed: int, steps: int = 12) -> Project:
    """The scene after some random edits."""
    dice, project = random.Random(seed), scene()
    for _ in range(steps):
        project = tried(project, random_command(project, dice)) or project
    return project


def tried(project: Project, command: c.EditCommand) -> Project | None:
    try:
        return apply(project, command)
    except EditError:
        return None


def drawn_clip(project: Project, seed: int) -> Clip:
    free = [one for track, one in project.clips if not track.lock]
    assume(free)
    return random.Random(seed).choice(free)


@given(SEEDS)
def test_random_edits_never_break_the_rules(seed: int) -> None:
    dice, project = random.Random(seed), scene()
    for _ in range(60):
        project = tried(project, random_command(project, dice)) or project
        check(project)


@given(SEEDS, st.integers(0, 200))
def test_splitting_and_removing_the_right_part_is_trimming(seed: int, at: int) -> None:
    project = wandered(seed)
    one = drawn_clip(project, seed)
    frame = one.start + at % one.frames
    right = ClipId("right")
    split = tried(project, c.SplitClip((one.id,), frame, (right,)))
    assume(split is not None)
    assert split is not None
    assert apply(split, c.RemoveClip((right,))) == apply(
        project, c.TrimClip((one.id,), "tail", frame)
    )


@given(SEEDS, st.integers(0, 200))
def test_splitting_and_removing_the_left_part_leaves_a_trimmed_head(seed: int, at: int) -> None:
    project = wandered(seed)
    one = drawn_clip(project, seed)
    frame, right = one.start + at % one.frames, ClipId("right")
    split = tried(project, c.SplitClip((one.id,), frame, (right,)))
    assume(split is not None)
    assert split is not None
    kept = find(apply(split, c.RemoveClip((one.id,))), right)
    trimmed = find(apply(project, c.TrimClip((one.id,), "head", frame)), one.id)
    assert kept.span == trimmed.span
    first = [each.source.start + each.phase for each in (kept, trimmed)]
    assert first[0] == first[1]


@given(SEEDS, st.integers(-40, 80), st.integers(-40, 80))
def test_moving_twice_is_moving_by_the_sum(seed: int, a: int, b: int) -> None:
    project = wandered(seed)
    target = (drawn_clip(project, seed).id,)
    first = tried(project, c.MoveClip(target, a))
    assume(first is not None)
    assert first is not None
    second = tried(first, c.MoveClip(target, b))
    assert second == tried(project, c.MoveClip(target, a + b))


@given(SEEDS, st.integers(0, 300))
def test_a_copy_is_its_original_elsewhere(seed: int, by: int) -> None:
    project = wandered(seed)
    one, made = drawn_clip(project, seed), ClipId("made")
    after = tried(project, c.DuplicateClip((one.id,), (made,), by))
    assume(after is not None)
    assert after is not None
    assert find(after, made) == replace(one, id=made, start=one.start + by)
    assert apply(after, c.RemoveClip((made,))) == project


@given(SEEDS)
def test_mirroring_and_reversing_twice_change_nothing(seed: int) -> None:
    project = wandered(seed)
    one = drawn_clip(project, seed)
    for there, back in (
        (c.MirrorClip((one.id,), not one.mirror), c.MirrorClip((one.id,), one.mirror)),
        (
            c.RetimeClip((one.id,), reverse=not one.reverse),
            c.RetimeClip((one.id,), reverse=one.reverse),
        ),
    ):
        assert apply(apply(project, there), back) == project


@given(SEEDS)
def test_removing_with_ripple_closes_up(seed: int) -> None:
    """What stays keeps its distances, less exactly the frames that nothing else covered."""
    project = wandered(seed)
    one = drawn_clip(project, seed)
    track = next(track for track, each in project.clips if each.id == one.id)
    after = apply(project, c.RemoveClip((one.id,), ripple=True))
    kept = [each for each in track.clips if each.id != one.id]
    alone = [f for f in range(one.start, one.stop) if all(f not in each.span for each in kept)]
    now = lane(after, track.id)
    assert list(now) == [each.id for each in kept]
    for each in kept:
        assert now[each.id][0] == each.start - sum(f < each.start for f in alone)


@given(SEEDS, st.integers(1, 60))
def test_inserting_with_ripple_and_removing_it_again_changes_nothing(
    seed: int, length: int
) -> None:
    project = wandered(seed)
    one = drawn_clip(project, seed)
    track = next(track for track, each in project.clips if each.id == one.id)
    assume(all(one.stop <= each.start or each.start < one.start for each in track.clips
               if each.id != one.id))  # fmt: skip
    new = clip("new", one.stop, (0, length), STROLL_MEDIA)
    assume(length <= STROLL_MEDIA.played(project.fps))
    after = apply(project, c.AddClip(track.id, new, ripple=True))
    assert apply(after, c.RemoveClip((new.id,), ripple=True)) == project


@given(SEEDS, st.sampled_from([0.5, 0.8, 1.25, 2.0, 4.0]))
def test_retiming_keeps_the_used_content(seed: int, speed: float) -> None:
    """To a frame at either end, in seconds of the media; one frame is left at least."""
    project = wandered(seed)
    one = drawn_clip(project, seed)
    after = tried(project, c.RetimeClip((one.id,), speed, ripple=True))
    assume(after is not None)
    assert after is not None
    new = find(after, one.id)

    def seconds(each: Clip) -> tuple[float, float]:
        return tuple(f * each.speed / project.fps for f in (each.source.start, each.source.stop))  # pyright: ignore[reportReturnType]

    step = max(one.speed, speed) / project.fps
    slack = step if len(new.source) > 1 else 1.5 * step
    for was, now in zip(seconds(one), seconds(new), strict=True):
        assert abs(was - now) < slack + 1e-9
    if not one.goes_round:
        assert not new.goes_round


def test_retiming_to_and_fro_does_not_wear_a_clip_away() -> None:
    project = drawn(clip("A", 0, (0, 90), WALK_MEDIA))
    for speed in (1.1, 0.7, 2.3, 0.35, 1.9, 1.0):
        project = apply(project, c.RetimeClip(ONE, speed))
    assert project == drawn(clip("A", 0, (0, 90), WALK_MEDIA))


# -- the frame rate -------------------------------------------------------------------------------


def test_a_frame_rate_brings_everything_along() -> None:
    after = apply(scene(), c.SetFps(60.0))
    assert after.fps == 60.0
    assert after.timeline.range == Range(20, 240)
    assert after.timeline.markers[0].frame == 90
    key = after.constraints[0]
    assert (key.frame, key.at) == (180, 5)
    assert find(after, "b").blend.frames == 12
    assert lane(after) == {"a": (0, 60), "b": (60, 120), "c": (140, 180), "d": (200, 260)}
    assert find(after, "a").source == Range(20, 80)
    aims = [take.aim for take in after.takes]
    assert [getattr(aim, "length", None) for aim in aims][2] == 50
    assert [getattr(aim, "span", None) for aim in aims][3] == Range(16, 40)
    assert [getattr(aim, "start", None) for aim in aims][4] == 160
    assert apply(after, c.SetFps(30.0)) == scene()


def test_clips_that_met_still_meet_though_their_media_comes_out_short() -> None:
    """Ten frames at 20 fps reach 14 frames at 30, not 15."""
    ten = Media(MediaId("ten"), 10, 20.0)
    clips = tuple(clip(f"c{i}", 10 * i, (0, 10), ten) for i in range(5))
    before = replace(drawn(*clips), fps=20.0)
    after = apply(before, c.SetFps(30.0)).timeline.tracks[0].clips
    assert [each.source for each in after] == [Range(0, 14)] * 5
    assert [each.start for each in after[1:]] == [each.stop for each in after[:-1]]


@given(SEEDS, st.sampled_from([12.0, 23.976, 24.0, 25.0, 29.97, 60.0, 120.0]))
def test_another_frame_rate_always_works_and_keeps_what_met_together(seed: int, fps: float) -> None:
    project = wandered(seed, 30)
    after = apply(project, c.SetFps(fps))
    check(after)
    for old, new in zip(project.timeline.tracks, after.timeline.tracks, strict=True):
        assert [each.id for each in old.clips] == [each.id for each in new.clips]
        pairs = zip(old.clips, old.clips[1:], new.clips, new.clips[1:], strict=False)
        for a, b, x, y in pairs:
            assert a.stop != b.start or x.stop == y.start


def test_fresh_ids_are_free() -> None:
    project = apply(scene(), c.AddClip(UNDER, clip("clip-7", 90, (0, 5), MARCH_MEDIA)))
    assert fresh(project, "clip", 2) == ("clip-8", "clip-9")
