"""Sessions without a browser: editing, making, choosing and saving."""

from __future__ import annotations

import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exporters
from backends.api import BackendError, Cancelled
from motion.errors import MotionStudioError
from studio.bundles import Models
from studio.document.commands import (
    AddCharacter,
    AddTrack,
    MoveClip,
    RemoveClip,
    RenameProject,
    SetMarker,
    SetRange,
    SetTrack,
)
from studio.document.errors import EditError
from studio.document.model import (
    Append,
    Character,
    CharacterId,
    ClipId,
    Fill,
    Insert,
    Marker,
    MarkerId,
    Project,
    Range,
    Track,
    TrackId,
)
from studio.document.project_file import open_project
from studio.editing import Unsaved
from studio.files import Changes
from studio.jobs import JobQueue
from studio.orders import Made, Order, Turn
from studio.session import Session, SessionError
from studio.tabs import SessionStore
from tests.studio.walker import Shop, Walker, walk

TRACK = TrackId("track-1")


def marker(number: int) -> SetMarker:
    return SetMarker(Marker(MarkerId(f"marker-{number}"), number, f"M{number}"))


def clips(session: Session) -> list[tuple[str, int, int]]:
    return [(clip.name, clip.start, clip.stop) for _, clip in session.project.clips]


def made_by(turn: Turn) -> Made:
    """What a turn has made, once it has."""
    assert turn.job.wait(10).state == "done"
    assert turn.job.result is not None
    return turn.job.result


def walking(session: Session, count: int = 1) -> list[ClipId]:
    """The ids of clips of walking, one after the other on the first track."""
    for number in range(count):
        (take,) = session.generate(Order("A person walks", seconds=2, takes=1, seed=number))
        session.accept(take.id)
    return [clip.id for _, clip in session.project.clips]


# -- takes ----------------------------------------------------------------------------------------


def test_takes_carry_where_they_came_from(session: Session) -> None:
    takes = session.generate(Order("A person walks.", seconds=2, seed=7, steps=4))
    made = [take.provenance for take in takes if take.provenance]
    assert sorted(each.seed for each in made) == [7, 8, 9]
    assert [take.name for take in takes] == ["Walks 1", "Walks 2", "Walks 3"]
    assert (made[1].prompt, made[1].bundle) == ("A person walks.", "walker")
    assert (made[1].request.frames, made[1].request.fps, made[1].request.steps) == (40, 20.0, 4)
    assert all(take.quality is not None for take in takes)
    assert {take.group for take in takes} == {takes[0].id}
    assert session.takes == takes
    assert session.reviewed == takes[0]


def test_provenance_makes_a_take_again_bit_for_bit(session: Session) -> None:
    takes = session.generate(Order("walk", takes=2, seed=11))
    take = next(each for each in takes if each.provenance and each.provenance.seed == 12)
    made = take.provenance
    assert made is not None
    again = session.generate(
        Order(made.prompt, made.request.seconds, takes=1, seed=made.seed, bundle=made.bundle)
    )[0]
    assert again.media == take.media
    assert np.array_equal(session.take_motion(take.id).rotations, walk(12, 80).rotations)


def test_no_seed_draws_one(session: Session) -> None:
    made = [session.generate(Order("walk", takes=1))[0].provenance for _ in range(4)]
    assert len({each.seed for each in made if each}) == 4


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (lambda: Order("   "), "description is empty"),
        (lambda: Order("", aim=Append(TRACK)), "description is empty"),
        (lambda: Order("walk", seconds=0), "length of 0 s"),
        (lambda: Order("walk", seconds=float("nan")), "length of nan s"),
        (lambda: Order("walk", takes=0), "1 to 8 takes"),
        (lambda: Order("walk", takes=9), "1 to 8 takes"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(order, sentence: str) -> None:
    with pytest.raises(BackendError, match=sentence):
        order()


def test_an_unknown_model_is_refused_before_anything_is_queued(session: Session) -> None:
    with pytest.raises(BackendError, match="No model is called 'nobody'"):
        session.start(Order("walk", bundle="nobody"))
    assert session.turns == ()


def test_no_model_at_all_is_a_sentence(store: SessionStore) -> None:
    session = Session("empty", Unsaved(), Models(Shop()), store.jobs)
    with pytest.raises(BackendError, match="No model is installed"):
        session.start(Order("walk"))


def test_a_failed_turn_keeps_its_sentence(session: Session) -> None:
    status = session.start(Order("walk", seconds=99)).job.wait(5)
    assert status.state == "failed"
    assert status.error == "10 s is the longest this model makes; ask for less."
    assert session.takes == ()


def test_a_cancelled_turn_leaves_nothing(session: Session) -> None:
    session.use("slow")
    turn = session.start(Order("walk"))
    assert turn.order.bundle == "slow"
    session.cancel(turn.id)
    assert turn.job.wait(5).state == "cancelled"
    assert session.takes == ()
    assert session.turns == (turn,)


def test_progress_can_cancel_on_the_calling_thread(session: Session) -> None:
    def stop(fraction: float, note: str) -> None:
        if fraction > 0.3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        session.generate(Order("walk"), stop)
    assert session.takes == ()


def test_results_do_not_take_the_stage_from_a_later_choice(session: Session) -> None:
    first = session.generate(Order("walk", takes=2, seed=1))
    turn = session.start(Order("walk", takes=1, bundle="slow"))
    session.review(first[1].id)  # looked at while the others are being made
    assert turn.job.wait(5).state == "done"
    assert session.reviewed == first[1]
    assert len(session.takes) == 3


def test_more_takes_join_the_group_and_keep_its_order(session: Session) -> None:
    takes = session.generate(Order("A man jumps", seconds=3, seed=5))
    session.generate(Order("wave", takes=1))
    session.again(takes[0].id).job.wait(5)
    asked = session.start(Order("A man turns", takes=2, seed=3))
    asked.job.wait(5)
    assert asked.job.result is not None
    session.again(asked.job.result.takes[0], 3).job.wait(5)
    groups = [take.group for take in session.takes]
    assert sorted(groups) == groups  # those of a group stand together
    jumps = [take for take in session.takes if take.group == takes[0].group]
    assert len(jumps) == 4
    assert len({take.provenance.seed for take in jumps if take.provenance}) == 4
    assert {take.provenance.prompt for take in jumps if take.provenance} == {"A man jumps"}
    assert {take.frames for take in jumps} == {60}
    assert len(session.takes) == 4 + 1 + 5


def test_removing_reviews_a_neighbour(session: Session) -> None:
    a, b, c = session.generate(Order("walk"))
    session.review(b.id)
    session.remove_takes([b.id])
    assert session.reviewed == c
    session.remove_takes([c.id])
    assert session.reviewed == a
    session.remove_takes([a.id])
    assert session.reviewed is None
    with pytest.raises(SessionError, match="no longer here"):
        session.take(a.id)
    session.undo()
    assert session.takes == (a,)


def test_a_name_is_free_and_not_empty(session: Session) -> None:
    a, b = session.generate(Order("walk", takes=2))
    assert session.rename_take(a.id, "  the   good one ").name == "the good one"
    with pytest.raises(SessionError, match="needs a name"):
        session.rename_take(b.id, "  ")
    assert session.generate(Order("walk", takes=1))[0].name == "Walk 1"  # freed by renaming


def test_takes_are_kept_and_compared(session: Session) -> None:
    a, b, c = session.generate(Order("walk"))
    session.keep(b.id)
    assert [take.kept for take in session.takes] == [False, True, False]
    assert [take.id for take in session.compare([c.id, a.id])] == [c.id, a.id]
    session.remove_takes([c.id])
    assert [take.id for take in session.compared] == [a.id]
    with pytest.raises(SessionError, match="no longer here"):
        session.compare([c.id])


# -- from takes to the timeline -------------------------------------------------------------------


def test_accepting_makes_a_clip_and_one_step(session: Session) -> None:
    a, b, _ = session.generate(Order("A person walks", seconds=2))
    before = session.project
    ghost = session.ghost()
    assert ghost is not None
    session.accept(a.id)
    assert session.project == ghost
    assert clips(session) == [("Walks 1", 0, 59)]  # 40 frames at 20 fps reach over 59 at 30
    assert session.take(a.id).accepted
    assert (session.undo_label, session.reviewed) == ("Accept 'Walks 1'", None)
    assert len(session.selection.clips) == 1
    session.accept(b.id, Insert(TRACK, 100))
    assert clips(session)[1] == ("Walks 2", 100, 159)
    session.undo()
    session.undo()
    assert session.project == before
    assert session.redo() == ghost


def test_a_take_whose_place_is_gone_goes_to_an_open_track(session: Session) -> None:
    session.edit(AddTrack(Track(TrackId("track-2"), "Second", CharacterId("character-1"))))
    session.select(track=TrackId("track-2"))
    (take,) = session.generate(Order("walk", takes=1))
    assert take.aim == Append(TrackId("track-2"))
    assert session.destination(take.id) == "goes to the end of 'Second'"
    session.undo()
    assert session.destination(take.id) == "goes to the end of 'Track 1'"
    session.accept(take.id)
    assert [track.id for track, _ in session.project.clips] == [TRACK]


def test_with_every_track_locked_there_is_nowhere_to_go(session: Session) -> None:
    (take,) = session.generate(Order("walk", takes=1))
    session.edit(SetTrack(TRACK, lock=True))
    assert session.ghost() is None
    with pytest.raises(EditError, match="lock"):
        session.accept(take.id)
    assert not session.take(take.id).accepted


def test_takes_that_arrive_after_an_undo_leave_redo_alone(session: Session) -> None:
    walking(session)
    session.undo()
    turn = session.start(Order("walk", takes=2))
    turn.job.wait(5)
    assert len(session.takes) == 3
    assert session.redo_label == "Accept 'Walks 1'"
    session.redo()
    assert len(clips(session)) == 1
    assert len(session.takes) == 3
    session.undo()
    assert len(session.takes) == 3


def test_takes_for_a_track_that_was_removed_meanwhile_are_kept(session: Session) -> None:
    session.edit(AddTrack(Track(TrackId("track-2"), "Second", CharacterId("character-1"))))
    turn = session.start(Order("walk", bundle="slow", aim=Append(TrackId("track-2"))))
    session.undo()
    made = made_by(turn)
    assert "was removed meanwhile" in made.note
    assert [take.id for take in session.takes] == list(made.takes)
    session.accept(made.takes[0])
    assert len(clips(session)) == 1


# -- motion that fits in --------------------------------------------------------------------------


def parted(session: Session, gap: int) -> tuple[ClipId, ClipId]:
    """Two clips of walking with a gap between."""
    first, second = walking(session, 2)
    if gap:
        session.edit(MoveClip((second,), by=gap))
    return first, second


def test_a_gap_is_filled_from_one_clip_to_the_next(session: Session) -> None:
    first, second = parted(session, 25)
    before = session.project
    turn = session.fill(first, second, takes=2)
    turn.job.wait(10)
    takes = session.takes[-2:]
    assert {take.aim for take in takes} == {Fill(first, second, 25)}
    assert session.destination(takes[0].id) == "fills the gap between 'Walks 1' and 'Walks 2'"
    session.accept(takes[0].id)
    assert clips(session) == [
        ("Walks 1", 0, 59),
        ("Transition 1", 59, 84),
        ("Walks 2", 84, 143),
    ]
    assert [join.join.frame for join in session.joins()] == [59, 84]
    session.accept(takes[1].id)  # in the place of the first
    assert [name for name, _, _ in clips(session)] == ["Walks 1", "Transition 1", "Walks 2"]
    assert [take.accepted for take in session.takes[-2:]] == [False, True]
    session.undo()
    session.undo()
    assert session.project.timeline == before.timeline


def test_clips_that_touch_are_moved_apart_for_what_joins_them(session: Session) -> None:
    first, second = parted(session, 0)
    turn = session.fill(first, second)
    session.accept(made_by(turn).takes[0])
    assert [start for _, start, _ in clips(session)] == [0, 59, 59 + 18]
    session.undo()
    turn = session.fill(first, second, seconds=1)
    assert turn.order.aim == Fill(first, second, 30)


def test_a_clip_is_carried_on_in_its_own_words(session: Session) -> None:
    (clip,) = walking(session)
    (id,) = made_by(session.carry_on(clip, seconds=2, takes=1)).takes
    made = session.take(id).provenance
    assert made is not None
    assert made.prompt == "A person walks"
    assert made.request.prefix in session.project.media
    alone = session.motion(CharacterId("character-1"))
    session.accept(id)
    assert clips(session)[1][1:] == (59, 119)
    together = session.motion(CharacterId("character-1"))
    assert np.array_equal(together.positions[:59], alone.positions)


def test_a_span_is_made_anew_and_nothing_else_changes(session: Session) -> None:
    first, _ = walking(session, 2)
    who = CharacterId("character-1")
    before = session.motion(who)
    turn = session.regenerate(first, Range(20, 40), "A person hops", takes=1)
    session.accept(made_by(turn).takes[0])
    after = session.motion(who)
    same = np.abs(after.positions - before.positions).max(axis=(1, 2)) == 0
    assert same[:18].all()
    assert same[43:].all()  # frames of 20 fps are seen in two more of 30
    assert not same[25:36].any()
    assert session.clip(first)[1].take == made_by(turn).takes[0]


def test_all_of_a_clip_is_made_anew(session: Session) -> None:
    first, second = walking(session, 2)
    turn = session.regenerate(first, text="A person hops", takes=1)
    session.accept(made_by(turn).takes[0])
    assert [clip.id for _, clip in session.project.clips] == [first, second]
    made = session.clip(first)[1].provenance
    assert made is not None
    assert made.prompt == "A person hops"


def test_an_imported_clip_has_no_words_of_its_own(session: Session, tmp_path: Path) -> None:
    exporters.save(walk(2, 60, 30.0), tmp_path / "step.npz")
    session.import_file(tmp_path / "step.npz", track=TRACK, frame=0)
    ((_, clip),) = session.project.clips
    with pytest.raises(BackendError, match="say what the person does"):
        session.regenerate(clip.id)
    turn = session.carry_on(clip.id, takes=1)  # the motion before says enough
    assert turn.job.wait(10).state == "done"
    assert session.takes[-1].name == "step on 1"


def test_takes_for_a_clip_that_was_removed_meanwhile_are_kept(session: Session) -> None:
    first, second = parted(session, 25)
    session.use("slow")
    turns = [session.fill(first, second), session.carry_on(second)]
    session.edit(RemoveClip((second,)))
    made = [made_by(turn) for turn in turns]
    assert all("was removed meanwhile" in each.note for each in made)
    assert [len(each.takes) for each in made] == [3, 3]
    session.accept(made[0].takes[0])
    assert [start for _, start, _ in clips(session)] == [0, 59]
    with pytest.raises(SessionError, match="no longer here"):
        session.carry_on(second)
    session.undo()
    session.undo()  # the clip is back, and so is what they are for
    assert session.destination(made[1].takes[0]) == "carries on from 'Walks 2'"


# -- the document ---------------------------------------------------------------------------------


def test_every_edit_is_on_the_disk_before_it_returns(store: SessionStore) -> None:
    session = store.create("Dance")
    path = store.library.find(session.id)
    for number in range(3):
        session.edit(marker(number))
        assert open_project(path, read_only=True).project == session.project
    session.undo()
    assert open_project(path, read_only=True).project == session.project
    walking(session)
    assert open_project(path, read_only=True).project == session.project
    assert session.saved is not None


def test_edits_of_one_drag_are_one_step(session: Session) -> None:
    (clip,) = walking(session)
    before = session.project
    for _ in range(5):
        session.edit(MoveClip((clip,), by=2), merge="drag-1")
    assert clips(session)[0][1] == 10
    session.undo()
    assert session.project == before


def test_what_is_refused_changes_nothing(session: Session) -> None:
    (clip,) = walking(session)
    before, label, version = session.project, session.undo_label, session.version
    with pytest.raises(EditError):
        session.edit(MoveClip((clip,), by=-5))
    assert (session.project, session.undo_label) == (before, label)
    fresh = Session("x", Unsaved(), session.models, session._jobs)
    for step in (fresh.undo, fresh.redo):
        with pytest.raises(EditError, match="nothing"):
            step()
    assert session.version >= version


class Full(Unsaved):
    """A home whose disk fills up."""

    full = False

    def save(self, project: Project) -> None:
        if self.full:
            raise MotionStudioError("The disk is full; make room.")
        super().save(project)


def test_what_cannot_be_saved_has_not_been_done(session: Session) -> None:
    home = Full()
    session = Session("full", home, session.models, session._jobs)
    session.edit(marker(1))
    session.edit(marker(2))
    session.undo()
    before = session.project
    home.full = True
    for work in (
        lambda: session.edit(marker(3)),
        session.undo,
        session.redo,
        lambda: session.generate(Order("walk")),
    ):
        with pytest.raises(MotionStudioError, match="disk is full"):
            work()
        assert session.project == before
        assert (session.undo_label, session.redo_label) == ("Set marker", "Set marker")
    home.full = False
    session.redo()
    assert len(session.project.timeline.markers) == 2


def test_one_that_was_taken_over_elsewhere_writes_no_more(store: SessionStore) -> None:
    session = store.create("Dance")
    path = store.library.find(session.id)
    session.edit(marker(1))
    with open_project(path, take_over=True) as other:
        with pytest.raises(MotionStudioError, match="taken over"):
            session.edit(marker(2))
        assert "taken over" in session.readonly
        assert len(other.project.timeline.markers) == 1
        with pytest.raises(MotionStudioError, match="taken over"):
            session.start(Order("walk"))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(["edit", "undo", "redo", "takes"]), max_size=25))
def test_takes_stay_whatever_is_undone(steps: list[str]) -> None:
    """Against a naive history: a list of markers, and takes beside it."""
    session = Session("x", Unsaved(), _MODELS, _JOBS)
    done: list[int] = []
    undone: list[int] = []
    takes = 0
    for number, step in enumerate(steps):
        if step == "edit":
            session.edit(marker(number))
            done.append(number)
            undone.clear()
        elif step == "takes":
            session.generate(Order("walk", seconds=0.2, takes=2, seed=number))
            takes += 2
        elif step == "undo" and done:
            session.undo()
            undone.append(done.pop())
        elif step == "redo" and undone:
            session.redo()
            done.append(undone.pop())
        assert [m.frame for m in session.project.timeline.markers] == done
        assert len(session.takes) == takes
        assert len({take.id for take in session.takes}) == takes
    assert bool(session.redo_label) == bool(undone)


def test_many_threads_lose_nothing(session: Session) -> None:
    def work(thread: int) -> None:
        for number in range(8):
            session.edit(marker(100 * thread + number))
            session.joins()
            session.generate(Order("walk", seconds=0.5, takes=1, seed=number))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(work, thread) for thread in range(4)]:
            done.result()
    assert len(session.project.timeline.markers) == 32
    assert len({take.id for take in session.takes}) == 32
    for _ in range(32):
        session.undo()
    assert session.project.timeline.markers == ()
    assert len(session.takes) == 32


def test_selection_forgets_what_is_gone(session: Session) -> None:
    first, second = walking(session, 2)
    session.select([first, second], track=TRACK, playhead=12)
    session.edit(RemoveClip((first,)))
    assert session.selection.clips == (second,)
    session.undo()
    assert session.selection.clips == (first, second)
    session.select([second])
    assert (session.selection.track, session.selection.playhead) == (TRACK, 12)


def test_joins_are_measured(session: Session) -> None:
    walking(session, 3)
    joins = session.joins()
    assert [each.join.frame for each in joins] == [59, 118]
    assert all(each.seam.ratio > 0 for each in joins)
    assert session.joins(CharacterId("character-1")) == joins
    session.edit(RemoveClip((joins[1].join.clip,)))
    assert session.joins() == joins[:1]


# -- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["bvh", "glb", "npz"])
def test_what_is_saved_reads_back(session: Session, tmp_path: Path, suffix: str) -> None:
    take = session.generate(Order("walk", seconds=2, seed=3))[0]
    path = session.export_take(take.id, tmp_path / f"walk.{suffix}")
    read = exporters.load(path)
    assert (len(read), read.fps) == (40, 20.0)
    assert np.abs(read.positions - session.take_motion(take.id).positions).max() < 1e-3


def test_export_changes_the_file_and_not_the_take(session: Session, tmp_path: Path) -> None:
    take = session.generate(Order("walk", seconds=2, seed=3))[0]
    changes = Changes(fps=60, mirror=True, in_place=True)
    read = exporters.load(session.export_take(take.id, tmp_path / "walk.bvh", changes))
    assert read.fps == pytest.approx(60, rel=1e-4)
    assert np.ptp(read.root_positions[:, [0, 2]], axis=0).max() < 1e-6
    assert len(session.take_motion(take.id)) == 40
    assert np.ptp(session.take_motion(take.id).root_positions[:, 2]) > 1


def test_the_timeline_is_exported_as_it_plays(session: Session, tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="nothing on the timeline"):
        session.export(tmp_path / "none.bvh")
    walking(session, 2)
    (who,) = session.performers
    whole = exporters.load(session.export(tmp_path / "all.npz"))
    assert np.abs(whole.positions - session.motion(who.id).positions).max() < 1e-3
    part = exporters.load(session.export(tmp_path / "part.npz", who.id, Range(50, 70)))
    assert np.abs(part.positions - session.motion(who.id).positions[50:70]).max() < 1e-3
    session.edit(SetRange(Range(10, 30)))
    assert len(exporters.load(session.export(tmp_path / "range.bvh"))) == 20


def test_several_characters_are_a_file_each(session: Session, tmp_path: Path) -> None:
    walking(session)
    second = CharacterId("character-2")
    session.edit(AddCharacter(Character(second, "Character 1!")))  # the same as a file's name
    session.edit(AddTrack(Track(TrackId("track-2"), "Second", second)))
    (take,) = session.generate(Order("walk", takes=1, seed=9))
    session.accept(take.id, Append(TrackId("track-2")))
    with pytest.raises(SessionError, match="choose one of Character 1, Character 1!"):
        session.export(tmp_path / "one.bvh")
    path = session.export_everyone(tmp_path / "all.zip", "bvh")
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["character_1.bvh", "character_1_2.bvh"]
        archive.extractall(tmp_path)
    read = exporters.load(tmp_path / "character_1_2.bvh")
    assert np.abs(read.positions - session.motion(second).positions).max() < 1e-3
    assert not [each for each in tmp_path.iterdir() if each.name.startswith(".zip")]


def test_an_imported_file_is_a_take_without_a_text(session: Session, tmp_path: Path) -> None:
    made = session.generate(Order("walk", seed=3))[0]
    path = session.export_take(made.id, tmp_path / "from_disk.bvh")
    take = session.import_file(path)
    assert (take.name, take.provenance) == ("from_disk", None)
    assert session.reviewed == take
    with pytest.raises(BackendError, match="read from a file"):
        session.again(take.id)


def test_a_file_is_imported_onto_a_track_in_one_step(session: Session, tmp_path: Path) -> None:
    path = tmp_path / "step.npz"
    exporters.save(walk(2, 30, 30.0), path)
    before = session.project
    take = session.import_file(path, track=TRACK, frame=12)
    assert clips(session) == [("step", 12, 42)]
    assert take.accepted
    assert session.undo_label == "Import 'step'"
    session.undo()
    assert session.project == before
    session.import_file(path, frame=0)
    assert [track.name for track in session.project.timeline.tracks] == ["Track 1", "Track 2"]
    assert clips(session) == [("step", 0, 30)]


def test_a_bad_file_is_refused_and_changes_nothing(session: Session, tmp_path: Path) -> None:
    (tmp_path / "bad.bvh").write_text("HIERARCHY\nnonsense")
    with pytest.raises(MotionStudioError, match=r"bad\.bvh"):
        session.import_file(tmp_path / "bad.bvh")
    with pytest.raises(MotionStudioError, match="no file"):
        session.import_file(tmp_path / "missing.bvh", track=TRACK, frame=0)
    exporters.save(walk(2, 30), tmp_path / "a.npz")
    with pytest.raises(MotionStudioError, match="track"):
        session.import_file(tmp_path / "a.npz", track=TrackId("track-99"), frame=0)
    assert session.takes == ()
    assert session.undo_label == ""


def test_a_project_is_renamed_like_any_edit(session: Session) -> None:
    session.edit(RenameProject("Dance"))
    assert session.project.name == "Dance"
    assert session.undo_label == "Rename project"


_MODELS = Models(Shop(Walker()))
_JOBS = JobQueue()
