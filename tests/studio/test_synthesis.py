"""What a generator is given of the timeline, and that its answer fits there exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from backends.api import BackendError, GenerateRequest
from backends.seams import keep
from motion.clip import Motion
from motion.joins import measure_seam, pace
from motion.skeleton import BODY
from studio.document.apply import apply
from studio.document.commands import (
    AddTakes,
    MirrorClip,
    MoveClip,
    PlaceClip,
    RetimeClip,
    SetConstraint,
    TrimClip,
)
from studio.document.errors import EditError
from studio.document.evaluate import Evaluator
from studio.document.model import (
    Aim,
    ClipId,
    Continue,
    Fill,
    KeyId,
    Media,
    Placement,
    PoseKey,
    Project,
    Range,
    Replace,
    Take,
    TakeId,
)
from studio.document.placing import accept, blank, clip_of
from studio.document.storage import MediaStore
from studio.synthesis import brief
from tests.studio.walker import Walker, walk

WALKER = Walker()


def _take(id: str, media: Media, aim: Aim, lead: int = 0, tail: int = 0) -> Take:
    return Take(TakeId(id), id, media, lead, tail, aim)


@pytest.fixture
def store() -> MediaStore:
    return MediaStore()


def _stored(store: MediaStore, motion: Motion) -> Media:
    return Media(store.put(motion), len(motion), motion.fps)


@pytest.fixture
def project(store: MediaStore) -> Project:
    """Two walks of 20 fps on a timeline of 30, with a gap of a second between them."""
    made = blank()
    for number, start in ((1, 0), (2, 150)):
        take = _take(f"take-{number}", _stored(store, walk(number, 81)), Continue(ClipId("none")))
        clip = replace(clip_of(made, take, start), id=ClipId(f"clip-{number}"))
        track = made.timeline.tracks[0]
        track = replace(track, clips=(*track.clips, clip))
        made = replace(made, timeline=replace(made.timeline, tracks=(track,)))
    return made


def _who(project: Project):
    return project.timeline.tracks[0].character


def _made(project: Project, store: MediaStore, aim: Aim, seconds: float | None = None, seed=5):
    """The project with a take for ``aim`` accepted, and the take's motion and handles."""
    asked = brief(project, aim, seconds, store, WALKER.capabilities)
    request = GenerateRequest(
        "walk", asked.frames, seed=seed, prefix=asked.prefix, suffix=asked.suffix,
        arrive=asked.arrive,
    )  # fmt: skip
    [made] = WALKER.generate(request, lambda fraction, note: None)
    finished = asked.finish(made if asked.kept is None else keep(made, asked.kept))
    media = _stored(store, finished.motion)
    take = _take("take-9", media, aim, finished.lead, finished.tail)
    with_take = apply(project, AddTakes((take,)))
    return apply(with_take, accept(with_take, take.id)), finished


def _near(a: Motion, b: Motion) -> float:
    """The largest distance of joints, both over the origin and heading the same way at frame 0."""
    return float(np.abs(a.canonical().positions - b.canonical().positions).max())


@pytest.mark.parametrize("trim", [0, 7])
@pytest.mark.parametrize("gap", [8, 30, 60])
def test_a_gap_is_filled_to_the_frame_and_its_neighbours_stay(
    project: Project, store: MediaStore, gap: int, trim: int
) -> None:
    second = project.timeline.tracks[0].clips[1]
    if trim:
        project = apply(project, TrimClip((second.id,), "head", second.start + trim))
    first, second = project.timeline.tracks[0].clips
    project = apply(project, MoveClip((second.id,), first.stop + gap - second.start))
    evaluator = Evaluator(store)
    before = evaluator.motion(project, _who(project))
    filled, finished = _made(project, store, Fill(first.id, second.id, gap))
    after = evaluator.motion(filled, _who(project))
    assert len(after) == len(before)
    row = filled.timeline.tracks[0].clips
    assert [(c.start, c.stop) for c in row][1] == (first.stop, first.stop + gap)
    assert np.array_equal(after.rotations[: first.stop], before.rotations[: first.stop])
    # The filling stands on the timeline as it was made, and what follows carries on from it.
    start = first.stop - min(finished.lead, 4)
    stop = first.stop + gap + min(finished.tail, 4)
    shown = after.slice(start, stop)
    made = finished.motion.slice(
        finished.lead - (first.stop - start), len(finished.motion) - finished.tail + 4
    )
    assert _near(shown, made) < 1e-6
    own = pace(before.slice(0, first.stop)), pace(before.slice(first.stop + gap, len(before)))
    assert measure_seam(after, first.stop, 0, *own).ratio < 1.5
    assert measure_seam(after, first.stop + gap, 0, *own).ratio < 1.5


def test_a_pinned_clip_is_arrived_at_where_it_stands(project: Project, store: MediaStore) -> None:
    first, second = project.timeline.tracks[0].clips
    project = apply(project, MoveClip((second.id,), first.stop + 60 - second.start))
    project = apply(project, PlaceClip((second.id,), Placement(1.0, 6.0, 0.4, pinned=True)))
    before = Evaluator(store).motion(project, _who(project))
    filled, _ = _made(project, store, Fill(first.id, second.id, 60))
    after = Evaluator(store).motion(filled, _who(project))
    begin = first.stop + 60
    stays = slice(begin + 12, len(before))  # past the blend out of the hold that was there
    assert np.array_equal(after.root_positions[stays], before.root_positions[stays])
    own = pace(before.slice(0, first.stop)), pace(before.slice(begin + 12, len(before)))
    assert measure_seam(after, begin, 0, *own).ratio < 1.5


def test_a_clip_is_continued_where_it_ends(project: Project, store: MediaStore) -> None:
    first = project.timeline.tracks[0].clips[0]
    before = Evaluator(store).motion(project, _who(project))
    longer, finished = _made(project, store, Continue(first.id), seconds=0.8)
    after = Evaluator(store).motion(longer, _who(project))
    assert np.array_equal(after.rotations[: first.stop], before.rotations[: first.stop])
    shown = after.slice(first.stop - 3, first.stop + 24)
    assert _near(shown, finished.motion.slice(finished.lead - 3, finished.lead + 24)) < 1e-6
    own = pace(before.slice(0, first.stop))
    assert measure_seam(after, first.stop, 0, own, own).ratio < 1.5


@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("speed", [1.0, 1.5])
def test_a_span_is_made_anew_and_the_rest_stays_to_the_bit(
    project: Project, store: MediaStore, mirror: bool, reverse: bool, speed: float
) -> None:
    first = project.timeline.tracks[0].clips[0]
    if speed != 1.0 or reverse:
        project = apply(project, RetimeClip((first.id,), speed, reverse))
    if mirror:
        project = apply(project, MirrorClip((first.id,), True))
    first = project.timeline.tracks[0].clips[0]
    evaluator = Evaluator(store)
    before = evaluator.motion(project, _who(project))
    span = Range(24, 60)
    anew, finished = _made(project, store, Replace(first.id, span))
    after = evaluator.motion(anew, _who(project))
    changed = (after.rotations != before.rotations).any(axis=(1, 2))
    changed |= (after.root_positions != before.root_positions).any(axis=1)
    frames = np.flatnonzero(changed)
    assert span.start <= frames.min()
    assert frames.max() < span.stop
    assert len(frames) > 0.7 * len(span)
    assert len(finished.motion) == first.media.frames


@pytest.mark.parametrize(("start", "stop"), [(0, 40), (80, 121), (0, 121)])
def test_a_span_may_reach_to_the_ends_of_its_clip(
    project: Project, store: MediaStore, start: int, stop: int
) -> None:
    first = project.timeline.tracks[0].clips[0]
    before = store.get(first.media.id)
    _, finished = _made(project, store, Replace(first.id, Range(start, stop)))
    same = (finished.motion.rotations == before.rotations).all(axis=(1, 2))
    kept = np.flatnonzero(same)
    if start > 0:
        assert kept.tolist() == list(range(len(kept)))
        assert len(kept) > 40
    elif stop < 121:
        assert kept.tolist() == list(range(len(before) - len(kept), len(before)))
        assert len(kept) > 40
    else:
        assert len(kept) <= 1  # all walks begin in one pose


def _keyed(
    project: Project, store: MediaStore, frame: int, pose: Motion, joints: tuple[str, ...] = ()
) -> Project:
    """The project with a pose that Ann has to pass through at ``frame``."""
    key = PoseKey(KeyId("key-1"), _who(project), frame, store.put(pose), 3, joints)
    return apply(project, SetConstraint(key))


@pytest.mark.parametrize("kind", ["fill", "continue", "span", "turned span"])
def test_a_pose_key_inside_is_passed_where_it_stands(
    project: Project, store: MediaStore, kind: str
) -> None:
    first, second = project.timeline.tracks[0].clips
    if kind == "turned span":  # in the world as it is shown, whatever is done to the media
        project = apply(project, PlaceClip((first.id,), Placement(2.0, 1.0, 0.8, pinned=True)))
        project = apply(project, MirrorClip((first.id,), True))
    gap = second.start - first.stop
    aim, frame = {
        "fill": (Fill(first.id, second.id, gap), first.stop + 14),
        "continue": (Continue(first.id), first.stop + 44),
    }.get(kind, (Replace(first.id, Range(30, 90)), 60))
    pose = walk(9, 5).placed(0.4, (0.3, 0.0, 3.0))
    project = _keyed(project, store, frame, pose)
    changed, _ = _made(project, store, aim)
    shown = Evaluator(store).motion(changed, _who(project), Range(frame, frame + 1))
    assert np.allclose(shown.positions[0], pose.positions[3], atol=1e-6)


def test_a_key_of_some_joints_leaves_the_others(project: Project, store: MediaStore) -> None:
    first = project.timeline.tracks[0].clips[0]
    keyed = _keyed(project, store, first.stop + 44, walk(9, 5), ("left_elbow",))
    kept = brief(keyed, Continue(first.id), None, store, WALKER.capabilities).kept
    assert kept is not None
    assert kept.mask.sum() == kept.mask[:, BODY.role_index["left_elbow"]].sum() == 1
    elsewhere = _keyed(project, store, first.stop - 1, walk(9, 5))
    assert brief(elsewhere, Continue(first.id), None, store, WALKER.capabilities).kept is None


def test_what_cannot_be_made_is_refused(project: Project, store: MediaStore) -> None:
    first, second = project.timeline.tracks[0].clips

    def ask(aim: Aim, seconds: float | None = None) -> None:
        brief(project, aim, seconds, store, WALKER.capabilities)

    with pytest.raises(EditError, match="is gone"):
        ask(Continue(ClipId("clip-77")))
    with pytest.raises(EditError, match="no gap between"):
        ask(Fill(first.id, second.id, 0))
    with pytest.raises(BackendError, match="too short to be made anew"):
        ask(Replace(first.id, Range(10, 11)))
    with pytest.raises(BackendError, match="make it in parts"):
        ask(Fill(first.id, second.id, 600))
    with pytest.raises(BackendError, match="make it in parts"):
        ask(Continue(first.id), seconds=30.0)
