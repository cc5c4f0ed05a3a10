"""The user's projects: listed, made, copied, removed and brought back; nothing else is reached."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from motion.errors import MotionStudioError
from studio import library
from studio.document.placing import blank
from studio.document.project_file import ProjectInUse, load, save
from studio.document.reading import ProjectError, lost
from studio.document.storage import MediaStore
from studio.library import Library, LibraryError
from tests.studio.document.projects import dance


@pytest.fixture
def mine(tmp_path: Path) -> Library:
    return Library(tmp_path / "home")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A project file that lies somewhere else."""
    media = MediaStore()
    (tmp_path / "desk").mkdir()
    save(dance(media), media, tmp_path / "desk" / "dance.mstudio")
    return tmp_path / "desk" / "dance.mstudio"


def ids(entries: tuple[library.Entry, ...]) -> list[str]:
    return [entry.id for entry in entries]


def test_a_new_library_is_empty_and_writes_nothing(mine: Library) -> None:
    assert mine.list() == mine.recent() == mine.trash() == ()
    assert not mine.folder.exists()


def test_a_project_is_made_listed_and_opened_again(mine: Library) -> None:
    with mine.create("Walk in the park!") as opened:
        project = dance(opened.media, opened.project.name)
        opened.save(project)
        id = mine.id_of(opened.path)
    assert id == "walk-in-the-park"
    (entry,) = mine.list()
    assert (entry.id, entry.name, entry.problem) == (id, "Walk in the park!", "")
    assert entry.clips == 2
    assert entry.seconds == pytest.approx(project.timeline.stop / 30)
    assert entry.where == mine.folder / "projects" / id
    with mine.open(id) as again:
        assert again.project == project


def test_a_list_shows_what_was_saved_last_and_the_latest_first(mine: Library) -> None:
    for number, name in enumerate(("one", "two", "three")):
        with mine.create(name) as opened:
            os.utime(opened.path / "project.json", (1e9 + number, 1e9 + number))
    assert ids(mine.list()) == ["three", "two", "one"]
    with mine.open("one") as opened:
        opened.save(replace(opened.project, name="One!"))
    assert [entry.name for entry in mine.list()] == ["One!", "three", "two"]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Dance", "dance"),
        ("  a \n b ", "a-b"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "project-con"),
        ("???", "project"),
        ("Füße und 歩く", "füße-und-歩く"),
        ("x" * 300, "x" * 60),
    ],
)
def test_folders_are_called_what_people_recognise(mine: Library, name: str, id: str) -> None:
    mine.create(name).close()
    mine.create(name).close()
    assert set(ids(mine.list())) == {id, f"{id}-2"}
    assert {entry.name for entry in mine.list()} == {" ".join(name.split())}


def test_many_at_once_get_folders_of_their_own(mine: Library) -> None:
    threads = [threading.Thread(target=lambda: mine.create("x").close()) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mine.list()) == 6


@pytest.mark.parametrize("name", ["", "  \n"])
def test_a_project_needs_a_name(mine: Library, name: str) -> None:
    with pytest.raises(LibraryError, match="needs a name"):
        mine.create(name)
    assert mine.list() == ()


def test_rename_duplicate_and_the_original_stays(mine: Library, outside: Path) -> None:
    id = mine.import_file(outside).id
    assert mine.rename(id, "Waltz").name == "Waltz"
    copied = mine.duplicate(id)
    assert (copied.name, copied.clips) == ("Waltz copy", 2)
    assert copied.id != id
    (one, _), (two, media) = load(mine.find(id)), load(mine.find(copied.id))
    assert replace(two, name=one.name) == one
    assert lost(two, media) == ()


def test_a_removed_project_can_be_brought_back(mine: Library, outside: Path) -> None:
    id = mine.import_file(outside).id
    before = load(mine.find(id))[0]
    mine.remove(id)
    assert mine.list() == ()
    assert ids(mine.trash()) == [id]
    mine.import_file(outside)  # takes the folder's name meanwhile
    restored = mine.restore(id)
    assert restored.id == f"{id}-2"
    assert load(mine.find(restored.id))[0] == before
    assert mine.trash() == ()


def test_two_of_a_name_can_be_removed_and_the_trash_emptied(mine: Library) -> None:
    for _ in range(2):
        mine.create("x").close()
        mine.remove("x")
    assert set(ids(mine.trash())) == {"x", "x-2"}
    mine.empty_trash()
    mine.empty_trash()
    assert mine.trash() == ()


def test_an_open_project_is_neither_removed_nor_renamed_nor_compacted(mine: Library) -> None:
    with mine.create("x") as opened:
        for act in (mine.remove, mine.compact, lambda id: mine.rename(id, "y")):
            with pytest.raises(ProjectInUse, match="'x' is open in another window"):
                act("x")
        opened.save(opened.project)
    assert ids(mine.list()) == ["x"]
    mine.remove("x")


def test_a_damaged_project_is_listed_with_its_problem_and_can_go(mine: Library) -> None:
    mine.create("good").close()
    mine.create("bad").close()
    (mine.folder / "projects" / "bad" / "project.json").write_text("{")
    (mine.folder / "projects" / "something else").mkdir()
    entries = {entry.id: entry for entry in mine.list()}
    assert set(entries) == {"good", "bad"}
    assert "damaged" in entries["bad"].problem
    assert entries["good"].problem == ""
    with pytest.raises(ProjectError, match="damaged"):
        mine.open("bad")
    mine.remove("bad")
    assert ids(mine.list()) == ["good"]


def test_a_file_goes_in_and_comes_out_the_same(mine: Library, outside: Path) -> None:
    entry = mine.import_file(outside)
    out = outside.with_name("out.mstudio")
    assert mine.export_file(entry.id, out) == out
    assert out.read_bytes() == outside.read_bytes()


def test_what_undo_may_need_is_left_out_of_exports_alone(mine: Library, outside: Path) -> None:
    id = mine.import_file(outside).id
    with mine.open(id) as opened:
        opened.save(replace(opened.project, takes=()))
        mine.export_file(id, outside.with_name("out.mstudio"))
    out = load(outside.with_name("out.mstudio"))[1]
    assert len(list((mine.find(id) / "media").iterdir())) == 5
    assert mine.compact(id) > 0
    assert len(list((mine.find(id) / "media").iterdir())) == 3
    assert lost(load(mine.find(id))[0], out) == ()


@pytest.mark.parametrize(
    ("name", "sentence"), [("out.zip", "should end in .mstudio"), ("diary.mstudio", "not replaced")]
)
def test_an_export_replaces_nothing_else(
    mine: Library, tmp_path: Path, name: str, sentence: str
) -> None:
    mine.create("x").close()
    (tmp_path / name).write_text("dear diary")
    with pytest.raises(MotionStudioError, match=sentence):
        mine.export_file("x", tmp_path / name)
    assert (tmp_path / name).read_text() == "dear diary"


def test_a_foreign_file_is_not_imported(mine: Library, tmp_path: Path) -> None:
    (tmp_path / "a.mstudio").write_text("dear diary")
    with pytest.raises(MotionStudioError, match="no Motion Studio project"):
        mine.import_file(tmp_path / "a.mstudio")
    assert mine.list() == ()


# -- elsewhere -----------------------------------------------------------------------------------


def test_files_elsewhere_are_remembered_and_found_by_id(mine: Library, outside: Path) -> None:
    with mine.open(outside) as opened:
        opened.save(replace(opened.project, name="Opened"))
        id = mine.id_of(opened.path)
        (entry,) = mine.recent()
        assert (entry.id, entry.name, entry.where) == (id, "Opened", outside)
    with Library(mine.folder).open(id) as again:
        assert again.path == outside
    mine.remove(id)
    assert mine.recent() == ()
    assert outside.exists(), "it is only forgotten"


def test_the_one_opened_last_comes_first_and_there_is_an_end(
    mine: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "MAX_RECENT", 2)
    for name in "abca":
        if not (tmp_path / name).exists():
            save(blank(name), MediaStore(), tmp_path / name)
        mine.open(tmp_path / name).close()
    assert [entry.name for entry in mine.recent()] == ["a", "c"]


def test_a_file_that_is_gone_says_so(mine: Library, outside: Path) -> None:
    mine.open(outside).close()
    outside.unlink()
    (entry,) = mine.recent()
    assert entry.problem == f"There is no project '{outside}' any more."


@pytest.mark.parametrize("content", ["", "{}", "[1]", "x"])
def test_a_damaged_list_of_recent_files_is_no_matter(
    mine: Library, outside: Path, content: str
) -> None:
    mine.folder.mkdir()
    (mine.folder / "recent.json").write_text(content)
    assert mine.recent() == ()
    mine.open(outside).close()
    assert json.loads((mine.folder / "recent.json").read_text()) == [str(outside)]


@pytest.mark.parametrize(
    "id",
    ["", ".", "..", "../projects/x", "/etc", "x/media", "x\\media", "\0", "~", "~" + "0" * 12, "y"],
)
def test_an_id_reaches_nothing_but_a_project(mine: Library, id: str) -> None:
    mine.create("x").close()
    for act in (mine.open, mine.find, mine.remove, mine.duplicate, mine.restore, mine.compact):
        with pytest.raises(LibraryError, match="There is no project"):
            act(id)
    assert ids(mine.list()) == ["x"]


# -- where ---------------------------------------------------------------------------------------


def test_the_setting_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTION_STUDIO_HOME", str(tmp_path / "mine"))
    Library().create("x").close()
    assert (tmp_path / "mine" / "projects" / "x" / "project.json").is_file()


def test_without_it_projects_lie_beside_the_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    from backends.folders import data_folder

    monkeypatch.delenv("MOTION_STUDIO_HOME", raising=False)
    assert library.home() == data_folder()


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LibraryError, match="MOTION_STUDIO_HOME names another folder"):
        Library(tmp_path / "file").create("x")
