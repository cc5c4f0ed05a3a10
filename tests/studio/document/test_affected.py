"""The frames an edit may change: held to the evaluation, bit for bit, and to spans by hand."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motion.clip import Motion
from studio.document import commands as c
from studio.document import schema
from studio.document.affected import affected
from studio.document.apply import EditError, apply
from studio.document.evaluate import Evaluator
from studio.document.history import History
from studio.document.model import CharacterId, ClipId, Placement, Project, Range
from tests.studio.document.scene import (
    ANN,
    BOB,
    EDITS,
    random_command,
    scene,
    store,
)

Performance = dict[CharacterId, Motion]


@pytest.fixture(scope="module")
def evaluator() -> Evaluator:
    return Evaluator(store())


def performed(evaluator: Evaluator, project: Project) -> Performance:
    return {who.id: evaluator.motion(project, who.id) for who in project.characters}


def differing(one: Motion, other: Motion) -> list[int]:
    """The frames at which two motions differ in any bit, those that only one has included."""
    if one.fps != other.fps:
        return list(range(max(len(one), len(other))))
    both = min(len(one), len(other))
    same = np.all(one.root_positions[:both] == other.root_positions[:both], axis=1)
    same &= np.all(one.rotations[:both] == other.rotations[:both], axis=(1, 2))
    return [*np.flatnonzero(~same).tolist(), *range(both, max(len(one), len(other)))]


def hold(before: Performance, after: Performance, spans: dict[CharacterId, Range]) -> None:
    """Nothing differs but inside ``spans``, and something does at both of their ends.

    Frames can come out the same by chance, such as the first one of a clip that is now kept in
    place; at a span's beginning one may.
    """
    for who in {**before, **after}:
        span = spans.get(who, Range(0, 0))
        if who in before and who in after:
            frames = differing(before[who], after[who])
        else:
            frames = list(range(len(before.get(who) or after[who])))
        assert all(frame in span for frame in frames), (who, span, frames[:1], frames[-1:])
        if span != Range(0, 0):
            assert frames, f"{who} does not change in {span}"
            assert frames[0] <= span.start + 1
            assert frames[-1] == span.stop - 1


@pytest.mark.parametrize("name", EDITS)
def test_frames_outside_an_edit_stay_the_same_to_the_bit(name: str, evaluator: Evaluator) -> None:
    """Forward, back by undo, and with command and project through JSON."""
    command, by_hand = EDITS[name]
    spans = {who: Range(*span) for who, span in by_hand.items()}
    history = History(scene())
    before = performed(evaluator, history.project)
    after = performed(evaluator, history.do(command))
    assert affected(scene(), history.project) == spans
    hold(before, after, spans)

    told = apply(scene(), schema.command(schema.command_json(command)))
    assert told == history.project
    read = schema.parse(schema.dump(told))
    hold(after, performed(evaluator, read), {})

    assert affected(read, history.undo()) == spans
    hold(before, performed(evaluator, history.project), {})
    hold(after, performed(evaluator, history.project), spans)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10)
def test_random_edits_change_nothing_outside_what_is_said(evaluator: Evaluator, seed: int) -> None:
    dice, project = random.Random(seed), scene()
    before = performed(evaluator, project)
    for _ in range(30):
        try:
            edited = apply(project, random_command(project, dice))
        except EditError:
            continue
        after, spans = performed(evaluator, edited), affected(project, edited)
        assert spans == affected(edited, project)
        for who in before.keys() & after.keys():
            span = spans.get(who, Range(0, 0))
            assert all(f in span for f in differing(before[who], after[who]))
        assert spans.keys() >= before.keys() ^ after.keys()
        project, before = edited, after


@given(st.integers(0, 2**32 - 1), st.integers(0, 200))
@settings(max_examples=40)
def test_a_split_changes_not_a_bit(evaluator: Evaluator, seed: int, at: int) -> None:
    """Wherever it is: in blends, in cycles, under other tracks, where the clip loops on."""
    dice, project = random.Random(seed), scene()
    for _ in range(10):
        try:
            project = apply(project, random_command(project, dice))
        except EditError:
            continue
    clips = [one for _, one in project.clips]
    if not clips:
        return
    one = dice.choice(clips)
    try:
        split = apply(
            project, c.SplitClip((one.id,), one.start + at % one.frames, (ClipId("right"),))
        )
    except EditError:
        return
    hold(performed(evaluator, project), performed(evaluator, split), {})


def test_what_comes_out_the_same_is_not_affected() -> None:
    aside = c.PlaceClip((ClipId("b"),), Placement(1.0))
    there = apply(scene(), aside)
    assert affected(there, apply(there, aside)) == {}
    assert affected(scene(), apply(there, c.PlaceClip((ClipId("b"),), Placement()))) == {}


def test_a_longer_timeline_is_longer_for_everyone() -> None:
    """Bob holds his last pose for as long as Ann plays."""
    longer = apply(scene(), c.MoveClip((ClipId("d"),), 20))
    assert affected(scene(), longer) == {ANN: Range(100, 150), BOB: Range(130, 150)}


def test_a_blend_that_the_end_of_the_timeline_cuts_goes_on_in_a_longer_one() -> None:
    """Bob's second cycle begins at 116 and is blended up to 125."""
    trim = c.TrimClip((ClipId("d"),), "tail", 120)
    short = apply(scene(), c.Batch((c.ExtrapolateClip((ClipId("g"),), "loop"), trim)))
    longer = apply(short, c.TrimClip((ClipId("d"),), "tail", 130))
    assert affected(short, longer) == {ANN: Range(120, 130), BOB: Range(120, 130)}


def test_a_character_without_clips_is_affected_by_its_place() -> None:
    empty = apply(scene(), c.Batch((c.RemoveClip((ClipId("f"), ClipId("g"))),)))
    moved = apply(empty, c.SetCharacter(BOB, placement=Placement(1.0)))
    assert affected(empty, moved) == {BOB: Range(0, 130)}
    named = replace(empty, characters=tuple(replace(w, name="X") for w in empty.characters))
    assert affected(empty, named) == {}
