"""Projects on the disk: whole, shared by nobody, never overwritten by mistake."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motion.errors import MotionStudioError
from studio.document import lock, schema, upgrades, working
from studio.document.model import MediaId
from studio.document.placing import blank
from studio.document.project_file import (
    OpenProject,
    ProjectInUse,
    compact,
    create,
    load,
    open_project,
    save,
)
from studio.document.reading import ProjectError, lost
from studio.document.storage import MediaError, MediaStore
from studio.document.upgrades import Json
from tests.studio.document.projects import FRAMES, dance
from tests.studio.walker import walk

LINUX = Path("/proc/self/stat").exists()
KINDS = ["dance", "dance.mstudio"]


@pytest.fixture(params=KINDS)
def path(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A saved project, as a folder and as a file."""
    media = MediaStore()
    save(dance(media), media, tmp_path / request.param)
    return tmp_path / request.param


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
    }


def named(opened: OpenProject, name: str) -> None:
    opened.save(replace(opened.project, name=name))


# -- saving and opening --------------------------------------------------------------------------


def test_what_is_saved_comes_back(path: Path) -> None:
    media = MediaStore()
    project = dance(media)
    found, motions = load(path)
    assert found == project
    for key in project.media:
        assert np.array_equal(motions.get(key).rotations, media.get(key).rotations)
    with open_project(path) as opened:
        assert opened.project == project
        assert opened.notices == ()
        assert opened.readonly == ""
        assert opened.saved is None


def test_closing_leaves_the_project_and_nothing_else(path: Path) -> None:
    before = contents(path.parent)
    open_project(path).close()
    assert contents(path.parent) == before


def test_the_same_project_is_the_same_file(tmp_path: Path) -> None:
    media = MediaStore()
    project = dance(media)
    save(project, media, tmp_path / "a.mstudio")
    save(project, media, tmp_path / "folder")
    save(*load(tmp_path / "folder"), tmp_path / "b.mstudio")
    assert (tmp_path / "a.mstudio").read_bytes() == (tmp_path / "b.mstudio").read_bytes()


def test_each_save_is_on_the_disk_when_it_returns(path: Path) -> None:
    with open_project(path) as opened:
        for name in "abc":
            named(opened, name)
            assert load(path)[0].name == name
        assert opened.saved is not None


def test_new_media_is_saved_with_the_project(path: Path) -> None:
    with open_project(path) as opened:
        key = opened.media.put(walk(9, 10))
        take = replace(
            opened.project.takes[0], media=replace(opened.project.takes[0].media, id=key)
        )
        opened.save(replace(opened.project, takes=(take,)))
    assert key in load(path)[1]


def test_an_edit_that_refers_to_nothing_is_refused(path: Path) -> None:
    with open_project(path) as opened:
        take = opened.project.takes[0]
        alien = replace(take, media=replace(take.media, id=MediaId("0" * 64)))
        with pytest.raises(MediaError, match="000000000000 is not in 'Dance'"):
            opened.save(replace(opened.project, takes=(alien,)))
        assert opened.project.takes == (take,)
    assert load(path)[0].takes == (take,)


def test_an_archive_follows_its_edits_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "PACK_SECONDS", 0.01)
    with create(tmp_path / "a.mstudio", blank()) as opened:
        named(opened, "later")
        until = time.monotonic() + 20
        while b"later" not in packed(tmp_path / "a.mstudio") and time.monotonic() < until:
            time.sleep(0.01)
        assert b"later" in packed(tmp_path / "a.mstudio")
        assert opened.trouble == ""


def packed(path: Path) -> bytes:
    """The JSON inside the file itself, whatever lies beside it."""
    with working.Archive(path) as archive:
        return archive.project()


def test_saves_of_many_threads_leave_one_of_them(path: Path) -> None:
    with open_project(path) as opened:
        project = opened.project
        threads = [
            threading.Thread(target=opened.save, args=(replace(project, name=str(i)),))
            for i in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        last = opened.project
    assert load(path)[0] == last
    assert last.name in [str(i) for i in range(8)]


# -- what is already there -----------------------------------------------------------------------


def test_creating_takes_no_place_that_is_taken(path: Path) -> None:
    before = contents(path.parent)
    with pytest.raises(ProjectError, match="already something"):
        create(path, blank())
    assert contents(path.parent) == before


@pytest.mark.parametrize("name", ["notes.mstudio", "notes"])
def test_saving_replaces_nothing_but_projects(tmp_path: Path, name: str) -> None:
    target = tmp_path / name
    if target.suffix:
        target.write_text("dear diary")
    else:
        target.mkdir()
        (target / "diary.txt").write_text("dear diary")
    before = contents(tmp_path)
    with pytest.raises(ProjectError, match="choose another name"):
        save(blank(), MediaStore(), target)
    assert contents(tmp_path) == before


def test_saving_over_a_project_replaces_it_unless_it_is_open(path: Path) -> None:
    with open_project(path), pytest.raises(ProjectInUse):
        save(blank("other"), MediaStore(), path)
    assert load(path)[0].name == "Dance"
    save(blank("other"), MediaStore(), path)
    assert load(path)[0].name == "other"


def test_a_place_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="cannot be written: No such file"):
        save(blank(), MediaStore(), tmp_path / "no" / "where.mstudio")
    assert list(tmp_path.iterdir()) == []


# -- damaged and foreign -------------------------------------------------------------------------


def json_with(**fields: object) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps({**json.loads(data), **fields}).encode()


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda data: b"", "damaged or no"),
    "cut short": (lambda data: data[: len(data) // 2], "damaged or no"),
    "text": (lambda data: b"dear diary", "damaged or no"),
    "not UTF-8": (lambda data: b"\xff\xfe\x00", "damaged or no"),
    "deep": (lambda data: b"[" * 100_000, "damaged or no"),
    "other JSON": (lambda data: b'{"name": "package", "version": "1.0"}', "no Motion Studio"),
    "a list": (lambda data: b"[1, 2]", "no Motion Studio"),
    "newer": (json_with(schema=999), "newer Motion Studio .version 999"),
    "older than any": (json_with(schema=0), "Version 0 of the format is unknown"),
    "a field too many": (json_with(plugins=[]), "damaged; take it from a copy"),
    "a field of the wrong kind": (json_with(fps="fast"), "damaged; take it from a copy"),
    "a broken rule": (json_with(fps=0), "damaged; take it from a copy"),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bad", BAD)
def test_a_bad_project_is_one_sentence_and_stays_as_it_is(
    tmp_path: Path, kind: str, bad: str
) -> None:
    change, sentence = BAD[bad]
    path = tmp_path / kind
    data = change(schema.dump(blank()))
    if path.suffix:
        working.write_archive(path, data, [])
    else:
        path.mkdir()
        (path / "project.json").write_bytes(data)
    before = contents(tmp_path)
    for attempt in (
        lambda: open_project(path),
        lambda: open_project(path, take_over=True),
        lambda: open_project(path, read_only=True),
        lambda: load(path),
        lambda: compact(path),
        lambda: save(blank(), MediaStore(), path),
    ):
        with pytest.raises(MotionStudioError, match=sentence) as raised:
            attempt()
        assert "\n" not in str(raised.value)
        assert kind in str(raised.value)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda place: None, "There is no"),
        (lambda place: place.mkdir(), "it has no project.json"),
        (lambda place: place.write_text("x"), "is no project"),
    ],
)
def test_what_is_no_project_at_all(tmp_path: Path, make, sentence: str) -> None:
    make(tmp_path / "thing")
    with pytest.raises(MotionStudioError, match=sentence):
        open_project(tmp_path / "thing")
    assert contents(tmp_path).keys() <= {"thing"}


def test_a_project_of_gigabytes_of_json_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "huge").mkdir()
    with (tmp_path / "huge" / "project.json").open("wb") as file:
        file.truncate(1 << 32)
    with pytest.raises(ProjectError, match="too large"):
        load(tmp_path / "huge")


# -- older versions ------------------------------------------------------------------------------


@pytest.fixture
def old(path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of version 0, which in this test had no markers."""

    def step(document: Json) -> Json:
        return {**document, "timeline": {**document["timeline"], "markers": []}}

    monkeypatch.setitem(upgrades.STEPS, 0, step)
    document = json.loads(packed(path) if path.suffix else (path / "project.json").read_bytes())
    document["schema"] = 0
    del document["timeline"]["markers"]
    data = json.dumps(document).encode()
    if path.suffix:
        with working.Archive(path) as archive:
            media = [(key, archive.read(key)) for key in sorted(archive.media)]
        working.write_archive(path, data, media)
    else:
        (path / "project.json").write_bytes(data)
    return path


def test_an_older_project_is_upgraded_when_it_is_saved(old: Path) -> None:
    before = contents(old.parent)
    with open_project(old) as opened:
        assert opened.project == dance(MediaStore())
    assert contents(old.parent) == before, "looking at it changes nothing"
    with open_project(old) as opened:
        named(opened, "New")
    assert load(old)[0].name == "New"
    copy = old.with_name("dance.v0.mstudio") if old.suffix else old / "project.v0.json"
    original = old if old.suffix else old / "project.json"
    assert copy.read_bytes() == before[str(original.relative_to(old.parent))]


# -- lost media ----------------------------------------------------------------------------------


def lose(path: Path, lost: MediaId, damaged: bool = False) -> None:
    """Take a motion out of a project, or leave half of it."""
    if path.suffix:
        with working.Archive(path) as archive:
            data = archive.project()
            media = {key: archive.read(key) for key in sorted(archive.media)}
        if damaged:
            media[lost] = media[lost][:400]
        else:
            del media[lost]
        working.write_archive(path, data, media.items())
    else:
        file = path / "media" / f"{lost}.npz"
        file.write_bytes(file.read_bytes()[:400]) if damaged else file.unlink()


@pytest.mark.parametrize("damaged", [False, True])
def test_a_project_opens_without_its_media(path: Path, damaged: bool) -> None:
    project, media = load(path)
    (_, walks), (_, turns) = project.clips
    whole = media.get(turns.media.id)
    lose(path, walks.media.id, damaged)
    sentence = "1 clip lost the motion and stands still: 'Walk'; generate or import it again."
    with open_project(path) as opened:
        assert opened.project == project
        assert opened.notices == (sentence,)
        assert opened.media.missing == {walks.media.id}
        assert np.array_equal(opened.media.get(turns.media.id).rotations, whole.rotations)
        still = opened.media.get(walks.media.id)
        assert (len(still), still.fps) == (FRAMES, 20.0)
        assert still.positions[..., 1].min() == pytest.approx(0)
        named(opened, "goes on")
    again, media = load(path)
    assert again.name == "goes on"
    assert [clip for _, clip in again.clips] == [walks, turns]
    assert lost(again, media) == (sentence,), "no stand-in is ever saved as the motion"


def test_media_that_comes_back_is_media_again(path: Path) -> None:
    project, media = load(path)
    key = next(project.clips)[1].media.id
    lose(path, key)
    with open_project(path) as opened:
        opened.media.put(media.get(key))
        assert opened.media.missing == frozenset()
        opened.save(opened.project)
        opened.flush()
    assert lost(*load(path)) == ()


def test_a_damaged_take_is_found_out_when_it_is_looked_at(tmp_path: Path) -> None:
    media = MediaStore()
    project = dance(media)
    save(project, media, tmp_path / "dance")
    key = project.takes[0].media.id
    lose(tmp_path / "dance", key, damaged=True)
    with open_project(tmp_path / "dance") as opened:
        assert opened.notices == ()
        with pytest.raises(MediaError, match="damaged"):
            opened.media.get(key)
    assert lost(*load(tmp_path / "dance")) != ()


def test_clips_and_takes_without_motion_are_counted_and_named(tmp_path: Path) -> None:
    media = MediaStore()
    project = dance(media)
    save(project, MediaStore(), tmp_path / "bare")
    with open_project(tmp_path / "bare") as opened:
        clips, takes = opened.notices
    assert clips.startswith("2 clips lost their motion and stand still: 'Walk', 'Turn'; ")
    assert takes.startswith("1 take lost the motion and stands still: 'Walks 1'; ")


# -- one at a time -------------------------------------------------------------------------------


def test_the_second_to_open_is_told(path: Path) -> None:
    with open_project(path) as first:
        named(first, "first")
        with pytest.raises(ProjectInUse, match="'first' is open in another window") as raised:
            open_project(path)
        assert raised.value.holder.pid == os.getpid()
        with open_project(path, read_only=True) as look:
            assert look.project.name == "first"
            assert look.readonly == "'first' is open for reading only."
            with pytest.raises(ProjectError, match="for reading only"):
                named(look, "second")
        named(first, "still mine")
    assert load(path)[0].name == "still mine"
    open_project(path).close()


def test_taking_over_loses_nothing_and_tells_the_first(path: Path) -> None:
    first = open_project(path)
    named(first, "saved by the first")
    with open_project(path, take_over=True) as second:
        assert second.project.name == "saved by the first"
        assert "taken over" in first.readonly
        with pytest.raises(ProjectError, match="taken over elsewhere; open it again"):
            named(first, "too late")
        named(second, "saved by the second")
        first.close()
        named(second, "saved after the first was closed")
    assert load(path)[0].name == "saved after the first was closed"
    assert "taken over" in first.readonly


def test_what_is_closed_is_not_saved(path: Path) -> None:
    opened = open_project(path)
    opened.close()
    opened.close()
    with pytest.raises(ProjectError, match="was closed"):
        named(opened, "x")


def test_another_process_is_told_and_its_death_frees_the_project(path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from studio.document.project_file import open_project\n"
        "opened = open_project(Path(sys.argv[1]))\n"
        "opened.save(replace(opened.project, name='theirs'))\n"
        "print('open', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(ProjectInUse, match=rf"another Motion Studio .process {other.pid}\)"):
            open_project(path)
        other.kill()
        if LINUX:  # killed and not yet waited for: the lock of such a process is void as well
            while "Z" not in Path(f"/proc/{other.pid}/stat").read_text().rpartition(")")[2]:
                time.sleep(0.01)
        else:
            other.wait()
        with open_project(path) as opened:
            assert opened.project.name == "theirs"


def test_a_place_that_cannot_be_written_is_open_for_reading(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(lock, "acquire", denied)  # root, who runs some tests, may write anywhere
    with open_project(path) as opened:
        assert opened.project == dance(MediaStore())
        assert "cannot be written where it is; export it" in opened.readonly


def test_a_full_disk_is_a_sentence_and_costs_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with open_project(path) as opened:
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(ProjectError, match=r"'x' cannot be saved .* No space left"):
                named(opened, "x")
            with pytest.raises(MediaError, match=r"cannot be stored .* No space left"):
                opened.media.put(walk(8, 5))
        assert opened.project.name == "Dance"
        named(opened, "y")
    assert load(path)[0].name == "y"


# -- archives that change under one's hands ------------------------------------------------------


def crashed(path: Path, name: str) -> None:
    """Leave ``path`` as a studio does that dies after saving ``name``."""
    place = path.parent / "living"
    place.mkdir()
    shutil.copy2(path, place / path.name)
    with open_project(place / path.name) as opened:
        named(opened, name)
        shutil.copytree(working.working_folder(opened.path), working.working_folder(path))
    shutil.rmtree(place)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    media = MediaStore()
    save(dance(media), media, tmp_path / "dance.mstudio")
    return tmp_path / "dance.mstudio"


def test_work_on_an_archive_is_recovered(file: Path) -> None:
    crashed(file, "not packed")
    assert b"not packed" not in packed(file)
    assert load(file)[0].name == "not packed"
    with open_project(file) as opened:
        assert opened.project.name == "not packed"
        assert opened.notices == ("'dance' had not been closed; all that was saved is here.",)
        assert opened.media.missing == frozenset()
    assert b"not packed" in packed(file)
    assert list(file.parent.iterdir()) == [file]


def test_an_archive_that_was_replaced_meanwhile_and_the_work_on_the_old_are_both_kept(
    file: Path,
) -> None:
    crashed(file, "not packed")
    save(blank("from elsewhere"), MediaStore(), file)
    assert load(file)[0].name == "from elsewhere"
    with open_project(file) as opened:
        assert opened.project.name == "from elsewhere"
        (notice,) = opened.notices
        assert "'dance (recovered)'" in notice
    project, media = load(file.parent / "dance (recovered)")
    assert project.name == "not packed"
    assert lost(project, media) == ()


def test_work_that_cannot_be_read_is_kept_aside_and_the_file_opens(file: Path) -> None:
    crashed(file, "not packed")
    (working.working_folder(file) / "project.json").write_bytes(b'{"schema": 1, "timel')
    assert load(file)[0].name == "Dance"
    with open_project(file) as opened:
        assert opened.project.name == "Dance"
        assert "kept in the folder 'dance (recovered)'" in opened.notices[0]
    assert (file.parent / "dance (recovered)" / "project.json").read_bytes().endswith(b"timel")


def test_hollow_media_is_filled_from_the_file_again(file: Path) -> None:
    """As after a power cut: the file's name is there, its content is not."""
    crashed(file, "not packed")
    for motion in (working.working_folder(file) / "media").iterdir():
        motion.write_bytes(bytes(motion.stat().st_size))
    with open_project(file) as opened:
        assert opened.project.name == "not packed"
        assert opened.media.missing == frozenset()


def test_an_archive_that_is_replaced_while_open_is_not_overwritten(file: Path) -> None:
    other = file.with_name("other.mstudio")
    save(blank("from elsewhere"), MediaStore(), other)
    opened = open_project(file)
    named(opened, "mine")
    os.replace(other, file)
    with pytest.raises(ProjectError, match="was replaced by another program"):
        opened.flush()
    assert "was replaced" in opened.trouble
    named(opened, "mine, later")
    with pytest.raises(ProjectError, match="was replaced by another program"):
        opened.close()
    assert b"from elsewhere" in packed(file)
    with open_project(file) as again:
        assert again.project.name == "from elsewhere"
    assert load(file.parent / "dance (recovered)")[0].name == "mine, later"


def test_an_interrupted_unpacking_is_done_again(file: Path) -> None:
    folder = working.working_folder(file)
    (folder / "media").mkdir(parents=True)
    (folder / "media" / f"{'0' * 64}.npz").write_bytes(b"half")
    with open_project(file) as opened:
        assert opened.project == dance(MediaStore())
        assert opened.notices == ()


# -- what nothing refers to ----------------------------------------------------------------------


def test_media_stays_for_undo_and_goes_on_compacting(path: Path) -> None:
    with open_project(path) as opened:
        full = opened.project
        opened.save(replace(full, takes=()))
        opened.flush()
        opened.save(full)  # undo
        assert opened.media.missing == frozenset()
        opened.save(replace(full, takes=()))
    assert lost(*load(path)) == ()
    if not path.suffix:
        with open_project(path), pytest.raises(ProjectInUse):
            compact(path)
        assert len(list((path / "media").iterdir())) == 5
        assert compact(path) > 1000
        assert len(list((path / "media").iterdir())) == 3
        assert compact(path) == 0
    with_media = {file for file in contents(path.parent) if file.endswith(".npz")}
    assert len(with_media) == (0 if path.suffix else 3)
    project, media = load(path)
    assert all(key in media for key in project.media)
