"""Plans carried out: each kind of step, what stays untouched, failures, cancelling, one undo."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import exporters
from backends.api import Cancelled
from motion.skeleton import BODY
from studio.directing import Outcome, Settings, direct
from studio.document.affected import affected
from studio.document.commands import (
    AddCharacter,
    AddTrack,
    Batch,
    MoveClip,
    PlaceClip,
    RemoveClip,
    RenameClip,
    SetFps,
    SplitClip,
)
from studio.document.model import (
    Append,
    Blend,
    Character,
    CharacterId,
    ClipId,
    Continue,
    Insert,
    Placement,
    Project,
    Range,
    Replace,
    Track,
    TrackId,
)
from studio.editing import Unsaved
from studio.parts import JOINTS
from studio.planner.plan import (
    Ask,
    Body,
    Caption,
    Edit,
    Export,
    Find,
    Generate,
    Place,
    Plan,
    Reason,
    Step,
    Transition,
    Undo,
)
from studio.session import Session
from studio.tabs import SessionStore

ANN, BOB = CharacterId("character-1"), CharacterId("character-2")
TRACK, BOBS = TrackId("track-1"), TrackId("track-2")
C1, C2, C3 = (ClipId(f"clip-{i}") for i in (1, 2, 3))
ONE = Settings(takes=1)


def plan(*steps: Step, reply: str = "Done.") -> Plan:
    return Plan(reply, steps)


def walk(made: ClipId = C1, seconds: float = 2.0, text: str = "A person walks") -> Generate:
    return Generate(text, ANN, Append(TRACK), made, seconds)


def run(session: Session, *steps: Step, line: str = "do it", **more) -> Outcome:
    outcome = direct(session, plan(*steps), line=line, settings=Settings(takes=1, **more))
    assert outcome.trouble == "", outcome.trouble
    return outcome


def document(project: Project) -> Project:
    """All but the takes, which no undo takes away."""
    return replace(project, takes=())


def clips(session: Session) -> dict[str, tuple[int, int]]:
    return {clip.id: (clip.start, clip.stop) for _, clip in session.project.clips}


def bob(session: Session) -> None:
    """A second person with a track of their own."""
    session.edit(AddCharacter(Character(BOB, "Bob")))
    session.edit(AddTrack(Track(BOBS, "Bob", BOB)))


@pytest.fixture
def session(store: SessionStore) -> Session:
    """One that nobody keeps: what the disk does is tested elsewhere."""
    return Session("directed", Unsaved(), store.models, store.jobs)


@pytest.fixture
def walking(session: Session) -> Session:
    """Two clips of walking, 59 frames each."""
    run(session, walk(C1), walk(C2))
    return session


def assert_only(session: Session, before: Project, after: Project) -> None:
    """Outside what may differ, every frame is the same to the bit."""
    spans = affected(before, after)
    for who in before.characters:
        if all(who.id != each.id for each in after.characters):
            continue
        old, new = (session.motion(who.id, None, each) for each in (before, after))
        changed = spans.get(who.id, Range(0, 0))
        for frame in set(range(min(len(old), len(new)))) - set(range(changed.start, changed.stop)):
            assert old.rotations[frame].tobytes() == new.rotations[frame].tobytes()
            assert old.root_positions[frame].tobytes() == new.root_positions[frame].tobytes()


# -- making ---------------------------------------------------------------------------------------


def test_a_compound_line_becomes_clips_in_a_row_and_one_step(session: Session) -> None:
    before = session.project
    outcome = direct(
        session,
        plan(walk(C1), walk(C2, 1.0, "A person waves"), reply="Walks, then waves."),
        line="Walk, then wave",
    )
    assert (outcome.reply, outcome.trouble, outcome.stepped) == ("Walks, then waves.", "", True)
    assert clips(session) == {"clip-1": (0, 59), "clip-2": (59, 88)}
    assert outcome.clips == (C1, C2)
    assert session.selection.clips == (C1, C2)
    assert {s.character: s.range for s in outcome.spans} == {ANN: Range(0, 88)}
    assert len(outcome.takes) == 6
    assert sum(take.accepted for take in session.takes) == 2
    assert session.undo_label == "Walk, then wave"
    assert session.reviewed is None
    session.undo()
    assert session.project == replace(before, takes=session.project.takes)
    assert len(session.takes) == 6


def test_the_best_take_is_the_one_that_is_used(session: Session) -> None:
    outcome = direct(session, plan(walk()))
    (clip,) = (clip for _, clip in session.project.clips)
    assert clip.take == session.takes[0].id
    assert set(outcome.takes) == {take.id for take in session.takes}


def test_a_later_step_may_refer_to_what_an_earlier_one_makes(session: Session) -> None:
    run(
        session,
        walk(C1),
        Generate("A person walks on", ANN, Continue(C1), C2, 1.0),
        Edit(RenameClip((C2,), "Onward")),
        Generate("A person stops", ANN, Insert(TRACK, 59), C3, 1.0),
    )
    names = {clip.id: clip.name for _, clip in session.project.clips}
    assert names["clip-2"] == "Onward"
    assert list(clips(session)) == ["clip-1", "clip-3", "clip-2"]


def test_speed_and_loops(session: Session) -> None:
    run(session, replace(walk(), speed=2.0, loops=3))
    (clip,) = (clip for _, clip in session.project.clips)
    assert (clip.speed, clip.frames) == (2.0, 3 * 30)


def test_what_is_made_anew_leaves_the_rest_to_the_bit(walking: Session) -> None:
    run(walking, walk(C3))
    before = walking.project
    outcome = run(walking, Generate("A person turns", ANN, Replace(C2, Range(20, 40)), C2))
    assert outcome.clips == (C2,)
    assert_only(walking, before, walking.project)
    old, new = (walking.motion(ANN, None, each) for each in (before, walking.project))
    outside = [*range(59 + 15), *range(59 + 45, 59 + 59)]
    assert np.array_equal(old.rotations[outside], new.rotations[outside])
    assert not np.array_equal(old.rotations, new.rotations)


def test_a_transition_makes_room_and_fills_it(walking: Session) -> None:
    before = walking.project
    outcome = run(walking, Transition(C1, C2, seconds=0.5))
    assert clips(walking) == {"clip-1": (0, 59), "clip-3": (59, 74), "clip-2": (74, 133)}
    assert outcome.clips == (C2,)
    assert_only(walking, before, walking.project)
    walking.undo()
    assert document(walking.project) == document(before)


def test_a_transition_fills_the_gap_there_is(walking: Session) -> None:
    walking.edit(MoveClip((C2,), by=12))
    run(walking, Transition(C1, C2, text="A person turns"))
    assert clips(walking) == {"clip-1": (0, 59), "clip-3": (59, 71), "clip-2": (71, 130)}


@pytest.mark.parametrize(
    ("step", "blend"),
    [
        (Transition(C1, C2, "crossfade", 0.5), Blend("crossfade", 15)),
        (Transition(C1, C2, "inertialize"), Blend("inertialize", 9)),
        (Transition(C1, C2, "cut"), Blend("cut", 0)),
    ],
)
def test_the_other_kinds_of_transition_set_the_blend(
    walking: Session, step: Transition, blend: Blend
) -> None:
    takes = walking.takes
    run(walking, step)
    assert {clip.id: clip.blend for _, clip in walking.project.clips}[C2] == blend
    assert walking.takes == takes


@pytest.mark.parametrize("part", list(JOINTS))
def test_a_part_of_the_body_leaves_the_rest_of_it(walking: Session, part: Body) -> None:
    before = walking.project
    step = Generate("A person waves", ANN, Replace(C1), C1, body_part=part)
    run(walking, step)
    old, new = (
        walking.media.get(next(clip for _, clip in p.clips if clip.id == C1).media.id)
        for p in (before, walking.project)
    )
    others = [i for i, joint in enumerate(BODY.joints) if joint not in JOINTS[part]]
    joints = [i for i in range(len(BODY)) if i not in others]
    assert np.array_equal(old.rotations[:, others], new.rotations[:, others])
    # The walker's head never turns.
    assert np.array_equal(old.rotations[:, joints], new.rotations[:, joints]) == (part == "head")
    assert clips(walking) == {"clip-1": (0, 59), "clip-2": (59, 118)}
    if "pelvis" in JOINTS[part]:
        assert np.allclose(old.root_positions[0, [0, 2]], new.root_positions[0, [0, 2]])
    else:
        assert np.array_equal(old.root_positions, new.root_positions)


# -- edits and placements -------------------------------------------------------------------------


def test_edits_that_only_make_sense_together_are_one_step(walking: Session) -> None:
    before = walking.project
    run(walking, Edit(MoveClip((C1,), by=59)), Edit(MoveClip((C2,), by=-59)), walk(C3))
    assert list(clips(walking)) == ["clip-2", "clip-1", "clip-3"]
    walking.undo()
    assert document(walking.project) == document(before)


def test_untouched_people_and_frames_stay_the_same_to_the_bit(walking: Session) -> None:
    bob(walking)
    run(walking, Generate("A person waves", BOB, Append(BOBS), C3, 3.0))
    before = walking.project
    outcome = run(walking, Edit(RemoveClip((C2,), ripple=True)))
    assert [s.character for s in outcome.spans] == [ANN, BOB]  # the timeline is shorter for both
    assert_only(walking, before, walking.project)
    bobs = [walking.motion(BOB, None, each) for each in (before, walking.project)]
    count = min(map(len, bobs))
    assert bobs[0].rotations[:count].tobytes() == bobs[1].rotations[:count].tobytes()


@pytest.mark.parametrize(
    "step",
    [
        Place(BOB, 0.0, 1.0, math.pi, ANN),  # facing, a metre ahead
        Place(BOB, -1.2, 0.0, 0.0, ANN),  # beside, to the right
        Place(BOB, 0.0, -2.0, 0.0, ANN),  # two metres behind
        Place(BOB, 0.5, 0.5, -1.0, ANN),
    ],
)
@pytest.mark.parametrize("pinned", [False, True])
@pytest.mark.parametrize("start", [0, 45])
def test_people_stand_where_they_are_put(
    walking: Session, step: Place, pinned: bool, start: int
) -> None:
    bob(walking)
    walking.edit(AddCharacter(Character(CharacterId("x"), "X")))
    run(
        walking,
        Place(ANN, 3.0, -2.0, 0.7),
        Generate("A person claps", BOB, Insert(BOBS, start), C3, 2.0),
        Edit(PlaceClip((C3,), Placement(0.4, 0.3, 0.2, pinned))),
    )
    before = walking.project
    run(walking, step)
    ann, his = walking.motion(ANN), walking.motion(BOB)
    # An oracle of its own: into Ann's frame by her heading.
    turn = -ann.headings[start]
    dx, _, dz = his.root_positions[start] - ann.root_positions[start]
    x, z = dx * math.cos(turn) + dz * math.sin(turn), dz * math.cos(turn) - dx * math.sin(turn)
    facing = his.headings[start] - ann.headings[start] - step.turn
    assert (x, z) == pytest.approx((step.x, step.z), abs=1e-9)
    assert math.remainder(facing, math.tau) == pytest.approx(0.0, abs=1e-9)
    assert_only(walking, before, walking.project)
    # What the clip itself adds stays.
    (clip,) = (clip for _, clip in walking.project.clips if clip.id == C3)
    assert pinned or clip.placement == Placement(0.4, 0.3, 0.2)


def test_a_second_person_comes_and_stands_in_one_plan(walking: Session) -> None:
    before = walking.project
    outcome = run(
        walking,
        Edit(AddCharacter(Character(BOB, "Bob"))),
        Edit(AddTrack(Track(BOBS, "Bob", BOB))),
        Place(BOB, 0.0, 1.0, math.pi, ANN),
        Generate("A person claps", BOB, Insert(BOBS, 60), C3, 1.0),
    )
    # Placed by where she is when he begins, though the plan named his place before his clip.
    ann, his = walking.motion(ANN), walking.motion(BOB)
    gap = (his.root_positions[60] - ann.root_positions[60])[[0, 2]]
    assert np.linalg.norm(gap) == pytest.approx(1.0)
    assert outcome.character == BOB
    walking.undo()
    assert document(walking.project) == document(before)


def test_undo_and_redo_are_the_sessions(walking: Session) -> None:
    after = document(walking.project)
    walking.edit(RenameClip((C1,), "A"))
    walking.edit(RenameClip((C1,), "B"))
    outcome = direct(walking, Plan("", (Undo(2),)))
    assert document(walking.project) == after
    assert outcome.reply == "Took back 'Rename clip', 'Rename clip'."
    assert not outcome.stepped
    outcome = direct(walking, Plan("", (Undo(9, redo=True),)))
    assert "no more to redo than 2 steps" in outcome.reply
    assert {clip.name for _, clip in walking.project.clips if clip.id == C1} == {"B"}
    direct(walking, plan(Undo(), Edit(RenameClip((C1,), "C"))))
    assert {clip.name for _, clip in walking.project.clips if clip.id == C1} == {"C"}
    walking.undo()
    assert {clip.name for _, clip in walking.project.clips if clip.id == C1} == {"A"}


# -- answers and files ----------------------------------------------------------------------------


def test_answers_change_nothing(walking: Session) -> None:
    before, label = walking.project, walking.undo_label
    outcome = run(walking, Caption(ANN, Range(0, 30)), Reason("how far does she walk?", ANN))
    assert outcome.reply.startswith("Character 1, between 0.0 and 1.0 s: ")
    assert "Character 1 goes" in outcome.reply
    assert walking.project is before
    assert (walking.undo_label, outcome.stepped, outcome.character) == (label, False, ANN)


def test_a_question_changes_nothing_whatever_else_is_planned(walking: Session) -> None:
    before = walking.project
    ask = Ask("Which walk?", ("the first", "the second"))
    outcome = direct(walking, plan(Edit(RemoveClip((C1,))), ask))
    assert outcome == Outcome("Which walk?", options=("the first", "the second"))
    assert walking.project is before


def test_an_export_shows_what_the_plan_made_of_it(walking: Session, tmp_path: Path) -> None:
    outcome = run(
        walking, Edit(RemoveClip((C2,))), Export("bvh"), Export("npz", ANN, range=Range(10, 20)),
        Export("glb", clips=(C1,)), exports=tmp_path,
    )  # fmt: skip
    names = [path.name for path in outcome.files]
    assert names == ["untitled.bvh", "untitled_character_1.npz", "walks_1.glb"]
    assert [len(exporters.load(path)) for path in outcome.files] == [59, 10, 59]
    assert str(tmp_path) in outcome.reply
    again = run(walking, Export("bvh"), exports=tmp_path)
    assert again.files == (tmp_path / "untitled_2.bvh",)


def test_several_people_are_exported_as_a_zip(walking: Session, tmp_path: Path) -> None:
    bob(walking)
    run(walking, Generate("A person waves", BOB, Append(BOBS), C3, 1.0))
    outcome = run(walking, Export("bvh"), exports=tmp_path)
    assert [path.name for path in outcome.files] == ["untitled_bvh.zip"]


def test_nothing_is_found_without_an_evaluator(walking: Session) -> None:
    outcome = direct(walking, plan(Find("a sad walk")))
    assert "the bundle 'evaluator' is not installed" in outcome.trouble


# -- failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (Edit(RemoveClip((ClipId("gone"),))), "gone|no longer"),
        (Edit(SplitClip((C1,), 500, (ClipId("new"),))), "split|500|frame"),
        (Transition(C1, ClipId("gone")), "no longer here"),
        (Generate("walk", ANN, Continue(ClipId("gone")), C3), "gone|no longer"),
        (Generate("walk", ANN, Append(TRACK), C3, bundle="nobody"), "No model is called 'nobody'"),
        (Generate("walk", ANN, Append(TRACK), C3, 99.0), "longest this model makes"),
        (Generate("wave", ANN, Append(TRACK), C3, body_part="arms"), "needs a clip"),
        (Place(CharacterId("gone"), 0.0, 1.0), "no longer here"),
        (Place(ANN, 0.0, 1.0, 0.0, ANN), "beside themselves"),
        (Place(ANN, 1e9, 1.0), "cannot stand that far off"),
        (Export("mp4"), "'mp4' cannot be written"),
        (Export("bvh", CharacterId("gone")), "no longer here"),
        (Export("bvh", clips=(ClipId("gone"),)), "no longer here"),
        (Caption(CharacterId("gone")), "no longer here"),
        (Caption(ANN, Range(9000, 9030)), "timeline ends at"),
        (Undo(), "comes first"),
    ],
)
def test_what_fails_changes_nothing_and_says_so(
    walking: Session, tmp_path: Path, step: Step, sentence: str
) -> None:
    before, marks = document(walking.project), walking.marks
    count = len(walking.takes)
    steps = (Generate("A person hops", ANN, Append(TRACK), ClipId("clip-9"), 1.0), step)
    exports = tmp_path / "exports"
    exports.mkdir()
    settings = Settings(takes=1, exports=exports)
    outcome = direct(walking, plan(*steps, Export("bvh")), settings=settings)
    assert outcome.trouble
    assert re.search(sentence, outcome.reply), outcome.reply
    assert "Nothing was changed." in outcome.reply
    assert (document(walking.project), walking.marks) == (before, marks)
    assert list(exports.iterdir()) == []
    # What was made before it failed is there to be used.
    assert len(walking.takes) == count + len(outcome.takes)
    assert not any(take.accepted for take in walking.takes if take.id in outcome.takes)
    assert ("1 take that came of it stay" in outcome.reply) == (len(outcome.takes) == 1)


def test_what_was_taken_back_comes_again_when_the_rest_fails(walking: Session) -> None:
    walking.edit(RenameClip((C1,), "A"))
    before, marks = walking.project, walking.marks
    outcome = direct(walking, plan(Undo(), Edit(RemoveClip((ClipId("gone"),)))))
    assert outcome.trouble
    assert (walking.project, walking.marks) == (before, marks)
    outcome = direct(walking, plan(Undo(1, redo=True)))
    assert outcome.trouble == "There is nothing to redo."


def test_cancelling_keeps_what_was_made_and_changes_nothing(walking: Session) -> None:
    before, count = document(walking.project), len(walking.takes)

    def stop(fraction: float, note: str) -> None:
        if note.startswith("Step 2 of 2") and fraction > 0.6:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        direct(walking, plan(walk(C3), walk(ClipId("clip-4"))), stop, settings=ONE)
    assert document(walking.project) == before
    assert len(walking.takes) == count + 1


def test_progress_goes_over_all_steps_and_never_back(session: Session) -> None:
    seen: list[tuple[float, str]] = []
    direct(
        session,
        plan(walk(C1), walk(C2), Transition(C1, C2), Caption(ANN)),
        lambda fraction, note: seen.append((fraction, note)),
        settings=ONE,
    )
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[0] == 0.0
    assert 0.9 < fractions[-1] <= 1.0
    assert any(note.startswith("Step 3 of 4: ") for _, note in seen)


def test_an_edit_while_motion_is_made_is_kept(walking: Session) -> None:
    edited = False

    def meanwhile(fraction: float, note: str) -> None:
        nonlocal edited
        if fraction > 0.4 and not edited:
            edited = True
            walking.edit(RemoveClip((C2,)))

    outcome = direct(walking, plan(walk(C3)), meanwhile, settings=ONE)
    assert outcome.trouble == ""
    assert clips(walking) == {"clip-1": (0, 59), "clip-3": (59, 118)}
    edited = False
    outcome = direct(
        walking,
        plan(walk(ClipId("clip-4")), Edit(Batch((RenameClip((C3,), "x"), RenameClip((C1,), "y"))))),
        lambda fraction, note: None if fraction < 0.4 else _once(walking, RemoveClip((C3,))),
        settings=ONE,
    )
    assert "Nothing was changed" in outcome.reply


def _once(session: Session, command: RemoveClip) -> None:
    if any(clip.id in command.target for _, clip in session.project.clips):
        session.edit(command)


def test_another_frame_rate_in_a_plan(walking: Session) -> None:
    before = walking.project
    run(walking, Edit(SetFps(24.0)), walk(C3))
    assert walking.project.fps == 24.0
    assert len(clips(walking)) == 3
    walking.undo()
    assert document(walking.project) == document(before)
