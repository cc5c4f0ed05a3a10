"""Sessions without a browser: making, choosing, naming, saving takes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import exporters
from backends.api import BackendError, Cancelled
from motion.errors import MotionStudioError
from studio.bundles import Models
from studio.files import Changes
from studio.session import Order, Session, SessionError, SessionStore, file_stem, take_name
from tests.studio.walker import Shop, Walker, walk


def test_takes_carry_where_they_came_from(session: Session) -> None:
    takes = session.generate(Order("A person walks.", seconds=2, takes=3, seed=7, steps=4))
    assert [t.provenance.seed for t in takes if t.provenance] == [7, 8, 9]
    assert [t.name for t in takes] == ["Walks 1", "Walks 2", "Walks 3"]
    made = takes[1].provenance
    assert made is not None
    assert (made.prompt, made.bundle) == ("A person walks.", "walker")
    assert (made.request.frames, made.request.fps, made.request.steps) == (40, 20.0, 4)
    assert all(t.quality is not None for t in takes)
    assert session.takes == takes
    assert session.selected == takes[0]


def test_provenance_makes_a_take_again_bit_for_bit(session: Session) -> None:
    take = session.generate(Order("walk", takes=2, seed=11))[1]
    made = take.provenance
    assert made is not None
    again = session.generate(
        Order(made.prompt, made.request.seconds, seed=made.seed, bundle=made.bundle)
    )[0]
    assert again.media == take.media
    assert np.array_equal(session.motion(take.id).rotations, walk(12, 80).rotations)


def test_no_seed_draws_one(session: Session) -> None:
    made = [session.generate(Order("walk"))[0].provenance for _ in range(4)]
    assert len({each.seed for each in made if each}) == 4


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (lambda: Order("   "), "description is empty"),
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


def test_no_model_at_all_is_a_sentence() -> None:
    store = SessionStore(Models(Shop()))
    with pytest.raises(BackendError, match="No model is installed"):
        store.create().start(Order("walk"))
    store.shut()


def test_a_failed_turn_keeps_its_sentence(session: Session) -> None:
    status = session.start(Order("walk", seconds=99)).job.wait(5)
    assert status.state == "failed"
    assert status.error == "10 s is the longest this model makes; ask for less."
    assert session.takes == ()


def test_a_cancelled_turn_leaves_nothing(session: Session) -> None:
    session.use("slow")
    turn = session.start(Order("walk", bundle="slow"))
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
    turn = session.start(Order("walk", bundle="slow"))
    session.select(first[1].id)  # looked at while the others are being made
    assert turn.job.wait(5).state == "done"
    assert session.selected == first[1]
    assert len(session.takes) == 3


def test_again_repeats_the_words_with_a_new_seed(session: Session) -> None:
    take = session.generate(Order("A man jumps", seconds=3, seed=5))[0]
    turn = session.again(take.id)
    turn.job.wait(5)
    other = session.takes[1]
    assert take.provenance is not None
    assert other.provenance is not None
    assert other.provenance.prompt == "A man jumps"
    assert other.frames == take.frames
    assert other.provenance.seed != take.provenance.seed
    assert other.name == "Jumps 2"


def test_deleting_selects_a_neighbour(session: Session) -> None:
    a, b, c = session.generate(Order("walk", takes=3))
    session.select(b.id)
    session.delete(b.id)
    assert session.selected == c
    session.delete(c.id)
    assert session.selected == a
    session.delete(a.id)
    assert session.selected is None
    with pytest.raises(SessionError, match="no longer here"):
        session.take(a.id)


def test_a_name_is_free_and_not_empty(session: Session) -> None:
    a, b = session.generate(Order("walk", takes=2))
    assert session.rename(a.id, "  the   good one ").name == "the good one"
    with pytest.raises(SessionError, match="needs a name"):
        session.rename(b.id, "  ")
    assert session.generate(Order("walk"))[0].name == "Walk 1"  # freed by renaming


@pytest.mark.parametrize("suffix", ["bvh", "glb", "npz"])
def test_what_is_saved_reads_back(session: Session, tmp_path: Path, suffix: str) -> None:
    take = session.generate(Order("walk", seconds=2, seed=3))[0]
    path = session.export(take.id, tmp_path / f"walk.{suffix}")
    read = exporters.load(path)
    assert (len(read), read.fps) == (40, 20.0)
    assert np.abs(read.positions - session.motion(take.id).positions).max() < 1e-3


def test_export_changes_the_file_and_not_the_take(session: Session, tmp_path: Path) -> None:
    take = session.generate(Order("walk", seconds=2, seed=3))[0]
    changes = Changes(fps=60, mirror=True, in_place=True)
    read = exporters.load(session.export(take.id, tmp_path / "walk.bvh", changes))
    assert read.fps == pytest.approx(60, rel=1e-4)
    assert np.ptp(read.root_positions[:, [0, 2]], axis=0).max() < 1e-6
    assert len(session.motion(take.id)) == 40
    assert np.ptp(session.motion(take.id).root_positions[:, 2]) > 1


def test_an_imported_file_is_a_take_without_a_text(session: Session, tmp_path: Path) -> None:
    made = session.generate(Order("walk", seed=3))[0]
    path = session.export(made.id, tmp_path / "from_disk.bvh")
    take = session.import_file(path)
    assert (take.name, take.provenance) == ("from_disk", None)
    assert session.selected == take
    with pytest.raises(SessionError, match="read from a file"):
        session.again(take.id)


def test_a_bad_file_is_refused_and_changes_nothing(session: Session, tmp_path: Path) -> None:
    (tmp_path / "bad.bvh").write_text("HIERARCHY\nnonsense")
    with pytest.raises(MotionStudioError, match=r"bad\.bvh"):
        session.import_file(tmp_path / "bad.bvh")
    with pytest.raises(MotionStudioError, match="no file"):
        session.import_file(tmp_path / "missing.bvh")
    assert session.takes == ()


def test_sessions_do_not_see_each_other(store: SessionStore) -> None:
    one, two = store.create(), store.create()
    one.generate(Order("walk", takes=2))
    assert two.takes == ()
    assert store.get(one.id) is one
    assert one.id != two.id


def test_idle_sessions_expire_with_their_media() -> None:
    now = [0.0]
    store = SessionStore(Models(Shop(Walker())), expiry=100, clock=lambda: now[0])
    old, young = store.create(), store.create()
    shared = old.generate(Order("walk", seed=1))[0].media
    alone = old.generate(Order("walk", seed=2))[0].media
    young.generate(Order("walk", seed=1))
    now[0] = 80
    store.get(young.id)
    now[0] = 150
    with pytest.raises(SessionError, match="reload"):
        store.get(old.id)
    assert store.get(young.id) is young
    assert len(store) == 1
    assert shared in store.media
    assert alone not in store.media
    store.shut()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("A person walks forward proudly.", "Walks forward proudly"),
        ("the man  kicks", "Kicks"),
        ("someone waves", "Waves"),
        ("Personality test", "Personality test"),
        ("a person", "A person"),
        ("...", "Take"),
        ("a person walks very slowly across the large hall", "Walks very slowly across"),
        ("incomprehensibilities" * 2, "Incomprehensibilitiesincompr"),
    ],
)
def test_names_say_what_happens(text: str, name: str) -> None:
    assert take_name(text) == name


@pytest.mark.parametrize(
    ("name", "stem"),
    [("Walks 1", "walks_1"), ("../../etc", "etc"), ("日本", "take"), ("a/b\\c:d", "a_b_c_d")],
)
def test_file_names_are_safe_everywhere(name: str, stem: str) -> None:
    assert file_stem(name) == stem
