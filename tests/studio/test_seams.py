"""The meter over whole projects, against measuring every join afresh."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.joins import measure_seam
from studio.document.apply import apply
from studio.document.commands import AddClip, Batch, MoveClip, RemoveClip, SetBlend
from studio.document.errors import EditError
from studio.document.evaluate import Evaluator
from studio.document.model import (
    Blend,
    CharacterId,
    Clip,
    ClipId,
    Media,
    Project,
    Range,
    TrackId,
)
from studio.document.placing import blank
from studio.document.storage import MediaStore
from studio.seams import MeasuredJoin, SeamMeter
from tests.studio.walker import walk

WHO, TRACK = CharacterId("character-1"), TrackId("track-1")


@pytest.fixture(scope="module")
def media() -> MediaStore:
    return MediaStore()


@pytest.fixture(scope="module")
def scene(media: MediaStore) -> Project:
    """Six clips one after the other, of three walks."""
    steps, start = [], 0
    for number in range(6):
        motion = walk(number % 3, 30, 30.0)
        put = Media(media.put(motion), len(motion), motion.fps)
        clip = Clip(ClipId(f"c{number}"), f"C{number}", put, start, 24, Range(3, 27))
        steps.append(AddClip(TRACK, clip))
        start += 24
    return apply(blank(), Batch(tuple(steps)))


def naive(media: MediaStore, project: Project) -> list[MeasuredJoin]:
    """Every join measured on the whole performance, by clips as they are by themselves."""
    evaluator = Evaluator(media)
    motion = evaluator.motion(project, WHO)
    row = {s.piece.start: s for s in evaluator.standing(project, WHO)}
    out = []
    for join in evaluator.joins(project, WHO):
        before = max(start for start in row if start < join.frame)
        alone = []
        for start in (before, join.frame):
            clip = row[start].piece.clip
            own = media.get(clip.media.id)
            alone.append(own.slice(clip.source.start, clip.source.stop))
        out.append(MeasuredJoin(join, measure_seam(motion, join.frame, join.frames, *alone)))
    return out


def assert_same(got: tuple[MeasuredJoin, ...], wanted: list[MeasuredJoin]) -> None:
    assert [each.join for each in got] == [each.join for each in wanted]
    for a, b in zip(got, wanted, strict=True):
        assert a.seam.joint == b.seam.joint
        numbers = [(s.position, s.rotation, s.velocity, s.ratio) for s in (a.seam, b.seam)]
        assert np.allclose(*numbers, rtol=1e-6, atol=1e-9)


_CLIPS = st.sampled_from([ClipId(f"c{i}") for i in range(6)])
_EDITS = st.one_of(
    st.builds(lambda c, by: MoveClip((c,), by=by), _CLIPS, st.integers(-5, 20)),
    st.builds(lambda c, by: MoveClip((c,), by=by, ripple=True), _CLIPS, st.integers(-5, 20)),
    st.builds(lambda c: RemoveClip((c,)), _CLIPS),
    st.builds(
        lambda c, kind, n: SetBlend((c,), Blend(kind, n)),
        _CLIPS,
        st.sampled_from(["inertialize", "crossfade", "cut"]),
        st.integers(0, 22),
    ),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(_EDITS, max_size=6))
def test_what_is_remembered_is_what_would_be_measured(
    media: MediaStore, scene: Project, edits: list
) -> None:
    meter = SeamMeter(Evaluator(media))
    project = scene
    for edit in edits:
        meter.read(project, WHO)
        try:
            project = apply(project, edit)
        except EditError:
            continue
    assert_same(meter.read(project, WHO), naive(media, project))


def test_nothing_to_join_is_nothing_to_measure(media: MediaStore) -> None:
    assert SeamMeter(Evaluator(media)).read(blank(), WHO) == ()
