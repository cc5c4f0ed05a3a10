"""Where takes go, in words and on the timeline."""

from __future__ import annotations

import pytest

from studio import aims
from studio.document.apply import apply
from studio.document.commands import AddClip, AddTakes, Batch, RemoveClip, SetTake, SetTrack
from studio.document.errors import EditError
from studio.document.model import (
    Aim,
    Append,
    Clip,
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
from studio.document.placing import blank

TRACK = TrackId("track-1")
MEDIA = Media(MediaId("m"), 40, 30.0)
A, B = ClipId("clip-1"), ClipId("clip-2")


def clip(id: ClipId, name: str, start: int) -> Clip:
    return Clip(id, name, MEDIA, start, 40, Range(0, 40), take=TakeId("take-1"))


@pytest.fixture
def project() -> Project:
    """Walk at 0:40, Wave at 60:100, and a take of each aim."""
    walk, wave = clip(A, "Walk", 0), clip(B, "Wave", 60)
    return apply(blank(), Batch((AddClip(TRACK, walk), AddClip(TRACK, wave))))


def with_take(project: Project, aim: Aim, id: str = "take-1") -> Project:
    take = Take(TakeId(id), "New", MEDIA, lead=5, tail=5, aim=aim, group=id)
    return apply(project, AddTakes((take,)))


CASES: list[tuple[Aim, str]] = [
    (Append(), "goes to the end of 'Track 1'"),
    (Append(TRACK), "goes to the end of 'Track 1'"),
    (Insert(TRACK, 200), "goes to frame 200 of 'Track 1'"),
    (Fill(A, B, 20), "fills the gap between 'Walk' and 'Wave'"),
    (Continue(B), "carries on from 'Wave'"),
    (Replace(A), "takes the place of 'Walk'"),
    (Replace(A, Range(10, 20)), "makes frames 10 to 20 of 'Walk' anew"),
]


@pytest.mark.parametrize(("aim", "said"), CASES)
def test_what_is_said_is_what_is_done(project: Project, aim: Aim, said: str) -> None:
    project = with_take(project, aim)
    assert aims.words(project, aim) == aims.destination(project, aim) == said
    assert aims.fits(project, aim)
    batch, landed = aims.landing(project, TakeId("take-1"))
    assert landed == aim
    assert apply(project, batch).takes[0].accepted


@pytest.mark.parametrize("aim", [Fill(A, B, 20), Continue(B), Replace(B), Insert(TrackId("x"), 3)])
def test_what_has_gone_leads_to_the_end_of_a_track(project: Project, aim: Aim) -> None:
    project = with_take(apply(project, RemoveClip((B,))), aim)
    assert not aims.fits(project, aim)
    assert aims.destination(project, aim) == "goes to the end of 'Track 1'"
    batch, landed = aims.landing(project, TakeId("take-1"))
    assert landed == Append(TRACK)
    assert [c.start for _, c in apply(project, batch).clips] == [0, 40]
    with pytest.raises(EditError):
        aims.landing(project, TakeId("take-1"), aim)  # asked for by name: there or nowhere


@pytest.mark.parametrize(("aim", "said"), CASES)
def test_where_all_is_locked_there_is_nowhere_to_go(project: Project, aim: Aim, said: str) -> None:
    project = apply(with_take(project, aim), SetTrack(TRACK, lock=True))
    assert "nowhere" in aims.destination(project, aim)
    with pytest.raises(EditError):
        aims.landing(project, TakeId("take-1"))


def test_a_take_whose_last_clip_was_swapped_is_no_longer_accepted(project: Project) -> None:
    project = with_take(with_take(project, Append()), Append(), "take-2")
    project = apply(project, SetTake(TakeId("take-1"), accepted=True))
    for clip_id, accepted in ((A, [True, True]), (B, [False, True])):
        project = apply(project, aims.landing(project, TakeId("take-2"), Replace(clip_id))[0])
        assert [take.accepted for take in project.takes] == accepted


def test_a_take_that_is_gone_is_a_sentence(project: Project) -> None:
    with pytest.raises(EditError, match="no longer here"):
        aims.landing(project, TakeId("take-9"))
