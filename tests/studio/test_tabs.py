"""Pages that share projects: who may change one, and that nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from motion.errors import MotionStudioError
from studio.bundles import Models
from studio.document.commands import RenameProject
from studio.document.model import MediaId
from studio.document.project_file import open_project
from studio.document.storage import MediaError
from studio.library import Library
from studio.orders import Order
from studio.session import SessionError
from studio.tabs import SessionStore, Tab
from tests.studio.walker import Shop, Walker, walk


def another(store: SessionStore) -> SessionStore:
    """A second studio on the same library, as another process would be."""
    return SessionStore(Models(Shop(Walker())), Library(store.library.folder))


def enter(store: SessionStore, key: str = "", project: str = "", last: str = "") -> Tab:
    tab, notice = store.enter(key, project, last)
    assert notice == ""
    return tab


def rename(tab: Tab, name: str) -> None:
    tab.writing().edit(RenameProject(name))


def test_a_page_without_a_project_gets_an_unused_one(store: SessionStore) -> None:
    first = enter(store)
    rename(first, "Mine")
    second = enter(store)
    assert second.session is not first.session
    store.leave(second.id)
    assert enter(store).session is second.session  # nobody began to work on it
    assert len(store.projects()) == 2


def test_a_page_comes_back_to_its_project_and_history(store: SessionStore) -> None:
    page = enter(store, "key")
    rename(page, "Dance")
    store.leave(page.id)
    back = enter(store, "key", project=page.session.id)
    back.writing().undo()
    assert back.session.project.name == "Untitled"
    back.writing().redo()
    assert enter(store, "new window", last=page.session.id).session is page.session


def test_a_page_that_is_reloaded_goes_on_though_its_end_was_not_heard(store: SessionStore) -> None:
    before = enter(store, "key")
    rename(before, "Dance")
    after = enter(store, "key", before.session.id)
    assert after.readonly == ""
    assert "taken this project over" in before.readonly
    store.leave(before.id)
    rename(after, "Dance 2")


def test_of_two_pages_the_second_is_told_and_may_take_over(store: SessionStore) -> None:
    first = enter(store, "one")
    rename(first, "A")
    second = enter(store, "two", first.session.id)
    assert "another tab" in second.readonly
    with pytest.raises(SessionError, match="take over"):
        rename(second, "B")
    rename(first, "C")
    assert second.session.project.name == "C"  # it sees what the first does
    store.take_over(second)
    rename(second, "D")
    with pytest.raises(SessionError, match="take it back"):
        rename(first, "E")
    assert first.session.project.name == "D"
    store.take_over(first)
    rename(first, "F")
    first.session.undo()
    first.session.undo()
    assert first.session.project.name == "C"  # one history for all of it


def test_when_the_first_page_closes_the_second_may_write(store: SessionStore) -> None:
    first = enter(store, "one")
    rename(first, "A")
    second = enter(store, "two", first.session.id)
    store.leave(first.id)
    assert second.readonly == ""
    rename(second, "B")


def test_only_looking_does_not_keep_others_out(store: SessionStore) -> None:
    first = enter(store, "one")
    second = enter(store, "two", first.session.id)
    assert (first.readonly, second.readonly) == ("", "")
    rename(second, "B")
    assert first.readonly != ""


def test_another_studio_is_told_and_may_take_over(store: SessionStore) -> None:
    ours = enter(store)
    rename(ours, "A")
    other = another(store)
    theirs = enter(other, project=ours.session.id)
    assert "reading only" in theirs.readonly
    with pytest.raises(MotionStudioError, match="reading only"):
        rename(theirs, "B")
    rename(ours, "C")
    looking = enter(other, project=ours.session.id)
    assert theirs.session is looking.session  # both pages of it show what there is now
    assert theirs.session.project.name == "C"
    other.take_over(looking)
    rename(looking, "D")
    with pytest.raises(MotionStudioError, match="taken over"):
        rename(ours, "E")
    store.take_over(ours)
    assert ours.session.project.name == "D"
    rename(ours, "E")
    other.shut()


def test_a_page_that_is_reloaded_finds_what_the_other_studio_left(store: SessionStore) -> None:
    ours = enter(store)
    rename(ours, "A")
    other = another(store)
    theirs = enter(other, project=ours.session.id)
    rename(ours, "B")
    store.shut()
    back = enter(other, project=theirs.session.id)
    assert (back.readonly, theirs.session.project.name) == ("", "B")
    rename(back, "C")
    other.shut()


def test_what_cannot_be_opened_is_said_and_another_is_shown(store: SessionStore) -> None:
    tab, notice = store.enter(project="gone")
    assert "no project 'gone'" in notice
    assert tab.session.project.name == "Untitled"
    tab, notice = store.enter(last="gone")
    assert notice == ""


def test_a_page_that_has_ended_is_a_sentence(store: SessionStore) -> None:
    tab = enter(store)
    store.leave(tab.id)
    store.leave(tab.id)
    with pytest.raises(SessionError, match="reload"):
        store.get(tab.id)


def test_a_removed_project_gives_its_pages_another(store: SessionStore) -> None:
    one, two = enter(store, "one"), enter(store, "two")
    rename(one, "A")
    store.show(two, one.session)
    gone = one.session.id
    with pytest.raises(SessionError, match="another tab"):
        store.remove(gone, two)
    store.remove(gone, one)
    assert one.session is two.session
    assert one.session.id != gone
    assert gone not in [each.id for each in store.projects()]
    with pytest.raises(MotionStudioError):
        store.remove(gone)


def test_a_job_ends_in_the_project_it_was_started_for(store: SessionStore) -> None:
    tab = enter(store)
    made_for = tab.writing()
    turn = made_for.start(Order("walk", takes=2, bundle="slow"))
    store.show(tab, store.create("Other"))
    assert turn.job.wait(10).state == "done"
    assert len(made_for.takes) == 2
    assert tab.session.takes == ()
    path = store.library.find(made_for.id)
    assert len(open_project(path, read_only=True).project.takes) == 2


def test_a_job_of_a_removed_project_is_stopped(store: SessionStore) -> None:
    session = store.create("Dance")
    turn = session.start(Order("walk", bundle="slow"))
    store.remove(session.id)
    assert turn.job.wait(10).state in ("cancelled", "failed")
    assert session.takes == ()


def test_projects_that_nobody_shows_are_closed_in_time(tmp_path: Path) -> None:
    now = [0.0]
    library = Library(tmp_path)
    store = SessionStore(Models(Shop(Walker())), library, expiry=100, clock=lambda: now[0])
    tab = enter(store)
    rename(tab, "A")
    shown, left = tab.session, store.create("B")
    now[0] = 150
    enter(store, project=shown.id)
    assert store.open(shown.id) is shown  # a page shows it
    assert store.open(left.id) is not left
    store.shut()
    with library.open(shown.id) as opened:
        assert opened.project.name == "A"


def test_motion_is_found_in_whichever_project_has_it(store: SessionStore) -> None:
    ids = [store.create(name).media.put(walk(seed, 10)) for seed, name in enumerate("AB")]
    for seed, media in enumerate(ids):
        assert (store.motion(media).rotations == walk(seed, 10).rotations).all()
    with pytest.raises(MediaError, match="not in any open project"):
        store.motion(MediaId("0" * 64))


@pytest.fixture
def elsewhere(tmp_path: Path, store: SessionStore) -> Path:
    """A ``.mstudio`` file outside the library."""
    made = store.create("Dance")
    made.edit(RenameProject("Dance elsewhere"))
    return store.library.export_file(made.id, tmp_path / "dance.mstudio")


def test_a_file_may_be_what_pages_begin_with(store: SessionStore, elsewhere: Path) -> None:
    session = store.begin_with(elsewhere)
    tab = enter(store, last="whatever")
    assert tab.session is session
    rename(tab, "Changed")
    named = enter(store, project=store.create("Named").id)
    assert named.session.project.name == "Named"
    assert "Changed" in [each.name for each in store.projects()]
    store.shut()
    assert open_project(elsewhere, read_only=True).project.name == "Changed"
