"""``plan``, ``chat``, ``caption`` and ``find`` as they are typed."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

import assets
import exporters
from studio import cli, files
from studio.document.model import Project
from studio.document.project_file import load, save
from studio.document.storage import MediaStore
from studio.library import Library
from tests.backends import tiny
from tests.studio.document.projects import dance
from tests.studio.walker import walk

SAMPLES = assets.ROOT / "samples"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """Run a command: its status, stdout and stderr."""

    def run(*words: object) -> tuple[int, str, str]:
        capsys.readouterr()
        try:
            status = cli.main([str(word) for word in words])
        except SystemExit as stop:
            status = int(stop.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, with one real, tiny bundle and nothing else."""
    folder = tmp_path_factory.mktemp("home")
    tiny.write(folder / "bundles")
    monkeypatch.setenv("MOTION_STUDIO_HOME", str(folder))
    monkeypatch.setenv("MOTION_STUDIO_BUNDLES", str(folder / "bundles"))
    monkeypatch.setenv("MOTION_STUDIO_BUNDLE", "tiny")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Two clips, Walk and Turn."""
    media = MediaStore()
    save(dance(media), media, tmp_path / "dance.mstudio")
    return tmp_path / "dance.mstudio"


def names(project: Project) -> list[str]:
    return [clip.name for _, clip in project.clips]


def test_a_plan_is_shown_and_nothing_is_done(run, project: Path) -> None:
    before = project.read_bytes()
    status, out, err = run("plan", "delete the turn", "--project", project, "--json")
    assert status == 0, err
    (step,) = json.loads(out)["steps"]
    assert (step["kind"], step["command"], step["target"]) == ("edit", "remove_clip", ["clip-2"])
    assert project.read_bytes() == before
    assert [path.name for path in project.parent.iterdir()] == [project.name]
    status, out, err = run("plan", "walk forward, then wave")
    assert status == 0, err
    assert "1. generate: " in out


def test_a_chat_changes_the_project_and_is_kept_in_it(run, project: Path) -> None:
    status, out, err = run("chat", "--json", project, "delete the turn", "undo that", "hello")
    assert status == 0, err
    turns = [json.loads(line) for line in out.splitlines()]
    assert [turn["state"] for turn in turns] == ["done", "answered", "answered"]
    found, _ = load(project)
    assert names(found) == ["Walk", "Turn"]
    assert [turn.state for turn in found.conversation] == ["undone", "answered", "answered"]
    status, out, _ = run("chat", project, "delete the turn")
    assert status == 0
    assert names(load(project)[0]) == ["Walk"]
    assert len(load(project)[0].conversation) == 4


def test_a_chat_makes_motion_and_exports_it(run, home: Path, tmp_path: Path) -> None:
    with Library().create("Story") as opened:
        id = opened.path.name
    lines = ["a person walks for 2 seconds", "export it as bvh"]
    status, out, err = run("chat", "--takes", 1, "--out", tmp_path, id, *lines)
    assert status == 0, err
    (written,) = tmp_path.glob("*.bvh")
    assert str(written) in out
    assert len(exporters.load(written)) == 59
    found, _ = load(Library().find(id))
    assert len(found.takes) == 1
    assert [len(turn.takes) for turn in found.conversation] == [1, 0]


def test_a_chat_reads_lines_from_stdin(run, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("delete the turn\n\n  hello \n"))
    status, out, err = run("chat", project)
    assert status == 0, err
    assert len(out.splitlines()) >= 2
    assert [turn.text for turn in load(project)[0].conversation] == ["delete the turn", "hello"]


def test_what_cannot_be_done_is_said(run, project: Path, tmp_path: Path) -> None:
    status, _, err = run("chat", "--out", tmp_path / "nowhere", project, "hello")
    assert (status, "There is no folder" in err) == (2, True)
    status, _, err = run("chat", "nothing", "hello")
    assert (status, "no project" in err) == (2, True)
    status, _, err = run("chat", project, " ")
    assert (status, "Say what should happen" in err) == (2, True)


def test_a_file_is_told_in_words(run, tmp_path: Path) -> None:
    status, out, err = run("caption", SAMPLES / "jump.bvh")
    assert status == 0, err
    assert "Jump jumps once" in out
    status, out, err = run("caption", SAMPLES / "jump.bvh", "--json", "--range", "0:10")
    assert status == 0, err
    found = json.loads(out)
    assert (found["name"], "jump" in str(found["parts"])) == ("jump", False)
    assert {"text", "score"} == set(found["captions"][0])
    status, _, err = run("caption", SAMPLES / "jump.bvh", "--range", "0:9999")
    assert (status, "does not fit" in err) == (2, True)


def test_a_project_is_told_person_by_person(run, project: Path) -> None:
    status, out, err = run("caption", project, "--json")
    assert status == 0, err
    (ann,) = json.loads(out)
    assert ann["name"] == "Character 1"
    assert "m forward" in ann["parts"]["root"]


def test_files_and_takes_are_found(run, project: Path, tmp_path: Path) -> None:
    if not (assets.ROOT / "bundles" / "evaluator").is_dir():
        pytest.skip("needs the shipped evaluator")
    status, out, err = run("find", "a person kicks", SAMPLES, "--json", "--count", 2)
    assert status == 0, err
    found = json.loads(out)
    assert len(found) == 2
    assert Path(found[0]["path"]).name == "kick.bvh"
    files.save(walk(3, 60), tmp_path / "x.bvh")
    status, out, err = run("find", "a walk", tmp_path)
    assert out.endswith(f"{tmp_path / 'x.bvh'}\n")
    status, out, err = run("find", "a walk", project, "--json")
    assert [each["take"] for each in json.loads(out)] == ["take-1"]
    status, _, err = run("find", "a walk", tmp_path / "nowhere")
    assert status == 2
