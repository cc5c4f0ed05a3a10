from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document.layout import Piece, pieces
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
from tests.studio.document import naive, timelines
from tests.studio.document.timelines import ANN, BOB, projects

MEDIA = {
    "long": Media(MediaId("a" * 64), 60, 30.0),
    "slow": Media(MediaId("b" * 64), 25, 20.0),
    "one": Media(MediaId("c" * 64), 1, 30.0),
}


def clip(id: str, start: int, first: int, stop: int, **changes: object) -> Clip:
    plain = Clip(ClipId(id), id, MEDIA["long"], start, stop - first, Range(first, stop))
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def project(*rows: tuple[Clip, ...], **changes: object) -> Project:
    tracks = tuple(Track(TrackId(f"t{i}"), f"t{i}", ANN, row) for i, row in enumerate(rows))
    tracks = tracks[:-1] + tuple(replace(t, **changes) for t in tracks[-1:])  # pyright: ignore[reportArgumentType]
    made = Project(timeline=Timeline(tracks), characters=(Character(ANN, "Ann"),))
    check(made)
    return made


def drawn(project: Project, stop: int | None = None) -> str:
    """Pieces as text: clip, first frame, count; ``=`` held, ``~`` blended."""
    return " ".join(
        f"{p.clip.id}{p.first}{'=' if p.held else '+'}{p.count}{f'~{p.blend}' if p.blend else ''}"
        for p in pieces(project, ANN, stop)
    )


def test_gaps_hold_the_last_pose_and_the_first() -> None:
    row = (clip("a", 2, 5, 9), clip("b", 8, 0, 20))
    assert drawn(project(row)) == "a5=2 a5+4 a8=2 b0+20~9"
    assert drawn(project(row), stop=40) == "a5=2 a5+4 a8=2 b0+20~9 b19=12"
    assert drawn(project(row), stop=4) == "a5=2 a5+2"
    held, begun, *_ = pieces(project(row), ANN)
    assert (held.begins, begun.begins) == (True, False)
    assert begun.stays


def test_a_split_is_one_piece_unless_its_right_part_was_moved() -> None:
    left, right = clip("a", 0, 5, 9), clip("b", 4, 9, 20)
    assert drawn(project((left, right))) == "a5+15"
    assert drawn(project((left, replace(right, start=5)))) == "a5+4 a8=1 b9+11~9"
    for changes in (
        {"placement": Placement(x=0.1)},
        {"speed": 0.5},
        {"mirror": True},
        {"in_place": True},
        {"reverse": True},
        {"media": replace(MEDIA["long"], id=MediaId("d" * 64))},
    ):
        other = replace(right, **changes)
        assert drawn(project((left, other))) == "a5+4 b9+11~9"


def test_a_blend_goes_on_over_a_split_but_not_past_its_piece() -> None:
    a, b = clip("a", 0, 0, 10), clip("b", 10, 20, 24)
    assert drawn(project((a, b))) == "a0+10 b20+4~4"
    assert drawn(project((a, b, clip("c", 14, 24, 40)))) == "a0+10 b20+20~9"


def test_an_overlap_is_the_length_of_the_blend() -> None:
    a, b = clip("a", 0, 0, 10), clip("b", 6, 30, 50, blend=Blend(frames=2))
    assert drawn(project((a, b))) == "a0+6 b30+20~4"
    assert drawn(project((a, replace(b, start=10)))) == "a0+10 b30+20~2"
    # On another track it lies over the other and does not blend with all of it.
    assert drawn(project((b,), (a,))) == "a0+6 b30+20~2"


def test_cycles_are_pieces_and_an_extrapolated_loop_is_a_longer_clip() -> None:
    a = clip("a", 0, 5, 9, frames=10, phase=3, blend=Blend(frames=2))
    assert drawn(project((a,))) == "a8+1 a5+4~2 a5+4~2 a5+1~1"
    assert drawn(project((a,)), stop=14) == "a8+1 a5+4~2 a5+4~2 a5+1~1 a5=4"
    looped = replace(a, extrapolate="loop")
    assert drawn(project((looped,)), stop=13) == drawn(project((replace(a, frames=13),)))
    # A blend does not shrink where the timeline happens to end.
    assert drawn(project((looped,)), stop=14) == "a8+1 a5+4~2 a5+4~2 a5+4~2 a5+1~2"


def test_upper_tracks_cover_lower_ones_which_go_on_beneath() -> None:
    upper, lower = clip("u", 3, 40, 45), clip("l", 0, 0, 20)
    assert drawn(project((upper,), (lower,))) == "l0+3 u40+5~5 l8+12~9"
    begins = [p.begins for p in pieces(project((upper,), (lower,)), ANN)]
    assert begins == [True, True, False]
    assert drawn(project((lower,), (upper,))) == "l0+20"
    assert drawn(project((replace(upper, enabled=False),), (lower,))) == "l0+20"
    # A gap belongs to whichever clip played last, not to the track that has one.
    assert drawn(project((upper,), (clip("l", 0, 0, 6),)), stop=10) == "l0+3 u40+5~5 u44=2"


def test_mute_and_solo() -> None:
    rows = ((clip("a", 0, 0, 5),), (clip("b", 0, 10, 15),))
    assert drawn(project(*rows, solo=True)) == "b10+5"
    assert drawn(project(*rows, solo=True, mute=True)) == "a0+5"
    assert drawn(project(rows[0], mute=True)) == ""
    # Whoever is soloed, the others of the scene go on.
    other = replace(project(*rows).timeline.tracks[1], character=BOB, solo=True)
    both = replace(project(*rows), timeline=Timeline((project(rows[0]).timeline.tracks[0], other)))
    assert drawn(both) == "a0+5"


def test_only_the_first_cycle_of_a_pinned_clip_is_pinned() -> None:
    pinned = clip("p", 0, 0, 5, frames=12, placement=Placement(1, 2, 3, pinned=True))
    assert [p.pinned for p in pieces(project((pinned,)), ANN)] == [True, False, False]
    over = clip("u", 1, 40, 43)
    covered = pieces(project((over,), (pinned,)), ANN)
    assert [p.pinned for p in covered] == [True, False, True, False, False]


def test_no_clip_no_piece() -> None:
    assert pieces(project(()), ANN) == ()
    assert pieces(project((clip("a", 0, 0, 5),)), CharacterId("nobody")) == ()


@given(projects(MEDIA), st.sampled_from([ANN, BOB]), st.integers(1, 160) | st.none())
def test_every_frame_shows_what_a_look_at_that_frame_alone_says(
    project: Project, who: CharacterId, stop: int | None
) -> None:
    check(project)
    row = pieces(project, who, stop)
    count = max(project.timeline.stop, 1) if stop is None else stop
    expected = naive.shown(project, who, max(count, project.timeline.stop))[:count]
    assert [(p.start, p.count > 0) for p in row] == [
        (start, True) for start in _starts(expected, row)
    ]
    assert [_settings(s) for s in expected] == [s for p in row for s in _frames(p)]
    for piece in row:
        assert 0 <= piece.blend <= (piece.count if piece is not row[-1] else 200)
        assert not (piece.held and piece.blend)


def _starts(expected: list[naive.Shown], row: tuple[Piece, ...]) -> list[int]:
    breaks = [
        f
        for f, now in enumerate(expected)
        if f == 0 or not naive.continues(expected[f - 1], now)
    ]  # fmt: skip
    assert sum(p.count for p in row) == len(expected)
    return breaks


def _settings(shown: naive.Shown) -> tuple[object, ...]:
    c = shown.clip
    return shown.index, shown.held, c.media, c.speed, c.reverse, c.mirror, c.in_place


def _frames(piece: Piece) -> list[tuple[object, ...]]:
    c = piece.clip
    settings = piece.held, c.media, c.speed, c.reverse, c.mirror, c.in_place
    frames = [piece.first] * piece.count
    if not piece.held:
        frames = list(range(piece.first, piece.first + piece.count))
    return [(frame, *settings) for frame in frames]


@pytest.mark.parametrize("frames", [1, 7])
def test_a_media_of_one_frame_can_be_drawn_out(frames: int) -> None:
    one = Clip(ClipId("a"), "a", MEDIA["one"], 0, frames, Range(0, 1))
    assert len(pieces(project((one,)), timelines.ANN)) == frames
