"""Takes become clips where they were made for, and what was cut out of a motion fits back in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.clip import Motion
from studio.document import commands as c
from studio.document.apply import EditError, apply, check
from studio.document.evaluate import Evaluator
from studio.document.model import (
    Aim,
    Append,
    Blend,
    ClipId,
    Continue,
    Fill,
    Insert,
    Media,
    MediaId,
    Project,
    Range,
    Replace,
    Take,
    TakeId,
    TrackId,
)
from studio.document.placing import Kind, accept, blank, clip_of, fresh, own_range
from studio.document.storage import MediaStore
from tests.studio.document.scene import (
    BOBS,
    MAIN,
    MARCH_MEDIA,
    STROLL,
    UNDER,
    WALK,
    WALK_MEDIA,
    B,
    C,
    D,
    clip,
    find,
    lane,
    scene,
)

NEW = TakeId("new")


def with_take(project: Project, take: Take) -> Project:
    return apply(project, c.AddTakes((take,)))


def accepted(project: Project, take: Take, aim: Aim | None = None) -> Project:
    before = with_take(project, take)
    return apply(before, accept(before, take.id, aim))


def take(aim: Aim, media: Media = MARCH_MEDIA, lead: int = 0, tail: int = 0, **more: str) -> Take:
    return Take(NEW, "New", media, lead, tail, aim, **more)


def made_of(project: Project, take_id: TakeId = NEW) -> list[str]:
    return [one.id for _, one in project.clips if one.take == take_id]


# -- ids and a beginning --------------------------------------------------------------------------


def test_a_blank_project_is_sound_and_ready_for_a_take() -> None:
    project = blank("First")
    check(project)
    assert (project.name, project.fps, len(project.characters)) == ("First", 30.0, 1)
    after = accepted(project, take(Append()))
    assert lane(after, project.timeline.tracks[0].id) == {"clip-1": (0, 60)}


@pytest.mark.parametrize(
    ("kind", "ids"),
    [
        ("clip", ("clip-1", "clip-2")),
        ("track", ("track-1", "track-2")),
        ("take", ("take-7", "take-8")),
        ("character", ("character-1", "character-2")),
        ("marker", ("marker-1", "marker-2")),
        ("key", ("key-1", "key-2")),
    ],
)
def test_fresh_ids_come_after_the_last_number(kind: Kind, ids: tuple[str, ...]) -> None:
    assert fresh(scene(), kind, 2) == ids
    assert fresh(scene(), kind, 0) == ()


def test_an_id_that_a_take_still_refers_to_is_not_given_again() -> None:
    for aim in (Continue(ClipId("clip-9")), Fill(B, ClipId("clip-9"), 3)):
        assert fresh(with_take(scene(), take(aim)), "clip") == ("clip-10",)
    assert fresh(with_take(scene(), take(Append(TrackId("track-4")))), "track") == ("track-5",)
    gone = apply(
        scene(),
        c.Batch(
            (
                c.AddTakes((Take(TakeId("take-40"), "X", MARCH_MEDIA),)),
                c.AddClip(UNDER, clip("x", 200, (0, 9), MARCH_MEDIA, take=TakeId("take-40"))),
                c.RemoveTakes((TakeId("take-40"),)),
            )
        ),
    )
    assert fresh(gone, "take") == ("take-41",)


# -- the take itself, without its context ---------------------------------------------------------


@pytest.mark.parametrize(
    ("frames", "media_fps", "lead", "tail", "span"),
    [
        (60, 30.0, 0, 0, (0, 60)),
        (60, 30.0, 10, 5, (10, 55)),
        (61, 20.0, 0, 0, (0, 91)),
        # Frame 4 of the media is the last of the lead, at played frame 6; 55 the first of the tail.
        (61, 20.0, 5, 6, (7, 83)),
        (61, 60.0, 5, 6, (3, 28)),
        (3, 30.0, 1, 1, (1, 2)),
        (1, 30.0, 0, 0, (0, 1)),
    ],
)
def test_lead_and_tail_become_handles(
    frames: int, media_fps: float, lead: int, tail: int, span: tuple[int, int]
) -> None:
    media = Media(MediaId("m"), frames, media_fps)
    used = own_range(Take(NEW, "New", media, lead, tail), 30.0)
    assert (used.start, used.stop) == span


@given(
    st.integers(1, 200), st.data(), st.sampled_from([12.5, 20.0, 24.0, 30.0, 60.0, 120.0]),
    st.sampled_from([0.3, 1.0, 2.5]), st.booleans(),
)  # fmt: skip
def test_the_own_range_lies_in_the_media_and_is_never_empty(
    frames: int, data: st.DataObject, fps: float, speed: float, reverse: bool
) -> None:
    lead = data.draw(st.integers(0, frames - 1))
    tail = data.draw(st.integers(0, frames - 1 - lead))
    one = Take(NEW, "New", Media(MediaId("m"), frames, fps), lead, tail)
    used = own_range(one, 30.0, speed, reverse)
    assert 0 <= used.start < used.stop <= one.media.played(30.0, speed)
    forward = own_range(one, 30.0, speed)
    assert len(used) == len(forward)
    # At the project's rate it is exact.
    if fps == 30.0 and speed == 1.0:
        assert forward == Range(lead, frames - tail)


def test_a_clip_of_a_take_remembers_where_it_came_from() -> None:
    one = scene().takes[0]
    new = clip_of(scene(), one, 40)
    assert (new.id, new.name, new.start, new.frames) == ("clip-1", "March", 40, 60)
    assert (new.take, new.provenance, new.media) == (one.id, one.provenance, one.media)


# -- where takes go -------------------------------------------------------------------------------


def test_appended_takes_go_to_the_end_of_their_track() -> None:
    after = accepted(scene(), take(Append()))
    assert lane(after)["clip-1"] == (130, 190)
    assert find(after, "clip-1").blend == Blend()
    after = accepted(scene(), take(Append(UNDER)))
    assert lane(after, UNDER)["clip-1"] == (85, 145)
    after = accepted(after, replace(take(Append(UNDER)), id=TakeId("next")))
    assert lane(after, UNDER)["clip-2"] == (145, 205)


def test_a_take_makes_itself_a_track_where_there_is_none() -> None:
    bare = apply(blank(), c.RemoveTrack(TrackId("track-1")))
    after = accepted(bare, take(Append()))
    assert lane(after, TrackId("track-1")) == {"clip-1": (0, 60)}


def test_an_accepted_take_is_marked() -> None:
    after = accepted(scene(), take(Append()))
    assert [each.id for each in after.takes if each.accepted] == ["take-1", "new"]
    assert after.takes[-1].kept is False


def test_an_inserted_take_moves_what_follows_only_where_there_is_no_room() -> None:
    after = accepted(scene(), take(Insert(BOBS, 80)))
    assert lane(after, BOBS) == {**lane(scene(), BOBS), "clip-1": (80, 140)}
    after = accepted(scene(), take(Insert(MAIN, 90)))
    assert lane(after) == {"a": (0, 30), "b": (30, 60), "c": (70, 90),
                           "clip-1": (90, 150), "d": (150, 180)}  # fmt: skip


def test_a_take_that_goes_on_from_a_clip_follows_it_at_once() -> None:
    after = accepted(scene(), take(Continue(C), lead=12))
    assert lane(after) == {"a": (0, 30), "b": (30, 60), "c": (70, 90),
                           "clip-1": (90, 138), "d": (138, 168)}  # fmt: skip
    new = find(after, "clip-1")
    assert (new.source, new.blend.kind) == (Range(12, 60), "cut")
    after = accepted(scene(), take(Continue(D), lead=12))
    assert lane(after)["clip-1"] == (130, 178)


@pytest.mark.parametrize(("length", "d"), [(10, 100), (25, 115), (4, 94)])
def test_a_fill_goes_between_its_neighbours(length: int, d: int) -> None:
    """The clip after it moves where the gap is not what was asked for, as between two that meet."""
    media = Media(WALK_MEDIA.id, length + 20, 30.0)
    after = accepted(scene(), take(Fill(C, D, length), media, 10, 10))
    now = lane(after)
    assert now["clip-1"] == (90, 90 + length)
    assert now["d"] == (d, d + 30)
    assert find(after, "clip-1").source == Range(10, 10 + length)
    assert [find(after, id).blend.kind for id in ("clip-1", "d")] == ["cut", "cut"]


def test_a_fill_that_is_short_of_frames_leaves_no_gap() -> None:
    media = Media(WALK_MEDIA.id, 20, 30.0)
    after = accepted(scene(), take(Fill(C, D, 10), media, 12, 0))
    assert lane(after)["clip-1"] == (90, 98)
    assert lane(after)["d"] == (98, 128)


def test_a_fresh_take_replaces_all_of_a_clip_and_keeps_its_settings() -> None:
    before = apply(scene(), c.Batch((c.MirrorClip((C,), True), c.RetimeClip((C,), 2.0, True))))
    after = accepted(before, take(Replace(C), WALK_MEDIA, 10, 20))
    new = find(after, "c")
    assert (new.mirror, new.speed, new.reverse) == (True, 2.0, True)
    assert (new.take, new.start, new.media) == (NEW, 70, WALK_MEDIA)
    # Frames 10 to 69 of 90 at twice the speed are played frames 6 to 34, from behind 10 to 38.
    assert new.source == Range(10, 39)
    assert lane(after)["d"][0] - lane(before)["d"][0] == new.frames - find(before, "c").frames


def test_a_span_made_anew_stays_in_its_place() -> None:
    before = find(scene(), "b")
    after = accepted(scene(), take(Replace(B, Range(8, 20)), Media(MARCH_MEDIA.id, 90, 30.0)))
    assert find(after, "b") == replace(
        before, media=Media(MARCH_MEDIA.id, 90, 30.0), take=NEW, provenance=None
    )
    assert lane(after) == lane(scene())


@pytest.mark.parametrize(
    "aim", [Insert(BOBS, 80), Continue(C), Fill(C, D, 10)], ids=["insert", "continue", "fill"]
)
def test_another_take_of_the_request_is_exchanged_for_the_first(aim: Aim) -> None:
    longer = replace(WALK_MEDIA, frames=70)
    first = Take(TakeId("one"), "One", MARCH_MEDIA, 5, 5, aim, group="request")
    second = Take(TakeId("two"), "Two", longer, 5, 5, aim, group="request")
    once = accepted(with_take(scene(), second), first)
    twice = apply(once, accept(once, second.id))
    assert made_of(twice, first.id) == []
    (new,) = made_of(twice, second.id)
    assert find(twice, new).start == find(once, new).start
    assert find(twice, new).blend == find(once, new).blend
    marked = {each.id: each.accepted for each in twice.takes}
    assert (marked[first.id], marked[second.id]) == (False, True)
    assert len(list(twice.clips)) == len(list(once.clips))
    follows = lane(once)["d"][0] - find(once, new).stop
    if new in lane(once):
        assert lane(twice)["d"][0] - find(twice, new).stop == follows == 0


def test_appended_takes_of_one_request_stand_beside_each_other() -> None:
    first, second = (
        Take(TakeId(name), name, MARCH_MEDIA, aim=Append(), group="request") for name in "xy"
    )
    once = accepted(with_take(scene(), second), first)
    assert lane(apply(once, accept(once, second.id)))["clip-2"] == (190, 250)


def test_a_take_can_go_elsewhere_than_it_was_made_for() -> None:
    after = accepted(scene(), take(Continue(ClipId("gone"))), Insert(BOBS, 100))
    assert lane(after, BOBS)["clip-1"] == (100, 160)


@pytest.mark.parametrize(
    ("aim", "sentence"),
    [
        (Continue(ClipId("zz")), "The clip that 'New' was made for is gone"),
        (Replace(ClipId("zz")), "The clip that 'New' was made for is gone"),
        (Fill(C, ClipId("zz"), 5), "The clip that 'New' was made for is gone"),
        (Fill(B, D, 5), "'b' and 'd' are no longer neighbours"),
        (Fill(B, ClipId("g"), 5), "'b' and 'g' are no longer neighbours"),
        (Insert(TrackId("zz"), 5), "The track that 'New' was made for is gone"),
        (Append(TrackId("zz")), "The track that 'New' was made for is gone"),
    ],
)
def test_a_place_that_is_gone_is_said(aim: Aim, sentence: str) -> None:
    with pytest.raises(EditError, match=sentence):
        accepted(scene(), take(aim))


def test_a_take_that_is_gone_is_said() -> None:
    with pytest.raises(EditError, match="no longer in the project"):
        accept(scene(), NEW)
    with pytest.raises(EditError, match="add a character"):
        accepted(Project(), take(Append()))


# -- what was cut out of a motion fits back in ----------------------------------------------------


class Cutting:
    """A motion in a project of 30 fps, whole or cut to pieces, and takes of what was cut out."""

    def __init__(self, motion: Motion) -> None:
        self.motion, self.media = motion, MediaStore()
        self.whole = Media(self.media.put(motion), len(motion), motion.fps)

    def project(self, *spans: tuple[int, int]) -> Project:
        """Clips of some played frames, where they lie in the whole."""
        clips = (clip(f"part-{i}", span[0], span, self.whole) for i, span in enumerate(spans))
        track = TrackId("track-1")
        return apply(blank(), c.Batch(tuple(c.AddClip(track, one) for one in clips)))

    def take(self, frames: slice, lead: int, tail: int, aim: Aim) -> Take:
        part = self.motion.slice(frames.start, frames.stop)
        media = Media(self.media.put(part), len(part), part.fps)
        return Take(NEW, "New", media, lead, tail, aim)

    def same(self, one: Project, other: Project, tolerance: float = 1e-9) -> None:
        evaluator = Evaluator(self.media)
        a, b = (evaluator.motion(each, each.characters[0].id) for each in (one, other))
        assert len(a) == len(b)
        np.testing.assert_allclose(a.positions, b.positions, atol=tolerance)


P0, P1 = ClipId("part-0"), ClipId("part-1")


def test_a_filled_gap_is_the_motion_that_was_there() -> None:
    cut = Cutting(WALK)
    gap = cut.project((0, 30), (50, 90))
    made = cut.take(slice(22, 60), 8, 10, Fill(P0, P1, 20))
    cut.same(accepted(gap, made), cut.project((0, 90)))


def test_a_filled_gap_at_another_rate_is_the_motion_that_was_there() -> None:
    """Frame 20 of 20 fps is played frame 30, the last before the gap; 34 is 51, the first after.

    Inside it cubic sampling sees a few frames less at the ends of the take.
    """
    cut = Cutting(STROLL)
    gap = cut.project((0, 31), (51, 90))
    made = cut.take(slice(16, 40), 5, 6, Fill(P0, P1, 20))
    after = accepted(gap, made)
    assert find(after, "clip-1").source == Range(7, 27)
    cut.same(after, cut.project((0, 90)))


def test_a_continued_clip_is_the_motion_that_came_next() -> None:
    cut = Cutting(WALK)
    made = cut.take(slice(20, 90), 10, 0, Continue(P0))
    cut.same(accepted(cut.project((0, 30)), made), cut.project((0, 90)))


def test_the_oracle_tells_a_clip_that_is_a_frame_off() -> None:
    cut = Cutting(WALK)
    made = cut.take(slice(22, 60), 7, 11, Fill(P0, P1, 20))
    with pytest.raises(AssertionError):
        cut.same(accepted(cut.project((0, 30), (50, 90)), made), cut.project((0, 90)))
