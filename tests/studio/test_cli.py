"""The command line, run as a user runs it: arguments in, files, words and a status out."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import exporters
from motion.clip import Motion
from studio import cli, files
from studio.document.evaluate import Evaluator
from studio.document.model import Character, CharacterId, ClipId, Range, Track, TrackId
from studio.document.placing import blank
from studio.document.project_file import load, open_project, save
from studio.document.storage import MediaStore
from tests.backends import tiny
from tests.studio.document.projects import dance
from tests.studio.walker import walk


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


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one real, tiny bundle."""
    parent = tmp_path_factory.mktemp("bundles")
    tiny.write(parent)
    return parent


@pytest.fixture
def models(bundles: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOTION_STUDIO_BUNDLES", str(bundles))
    monkeypatch.setenv("MOTION_STUDIO_BUNDLE", "tiny")
    return bundles


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, empty."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("MOTION_STUDIO_HOME", str(folder))
    return folder


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    files.save(walk(3, 60), tmp_path / "clip.bvh")
    return tmp_path / "clip.bvh"


def test_generate_writes_each_take(run, models: Path, tmp_path: Path) -> None:
    out = tmp_path / "kick.bvh"
    status, said, err = run(
        "generate", "a person kicks", "--seconds", 1, "--takes", 2, "--seed", 7, "--out", out
    )
    assert status == 0, err
    paths = [tmp_path / "kick_1.bvh", tmp_path / "kick_2.bvh"]
    assert said.split() == [str(p) for p in paths]
    assert all(len(exporters.load(p)) == 20 for p in paths)
    assert "7, 8" in err


def test_one_take_keeps_the_name_and_a_seed_repeats_it(run, models: Path, tmp_path: Path) -> None:
    for name in ("a.npz", "b.npz"):
        words = ("generate", "walks", "--seconds", 1, "--seed", 4, "--out", tmp_path / name)
        assert run(*words)[0] == 0
    a, b = exporters.load(tmp_path / "a.npz"), exporters.load(tmp_path / "b.npz")
    assert (a.rotations == b.rotations).all()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["generate", " ", "--out", "a.bvh"], "description is empty"),
        (["generate", "walk", "--out", "a.exe"], "no known suffix"),
        (["generate", "walk", "--out", "nowhere/a.bvh"], "no folder"),
        (["generate", "walk", "--takes", "99", "--out", "a.bvh"], "1 to 8 takes"),
        (["generate", "walk", "--bundle", "nobody", "--out", "a.bvh"], "nobody"),
        (["generate", "walk", "--seconds", "999", "--out", "a.bvh"], "longer than"),
        (["convert", "missing.bvh", "a.bvh"], "no file 'missing.bvh'"),
        (["info", "missing.bvh"], "no file"),
        (["convert", "missing.mstudio", "a.bvh"], "no file"),
        (["info", "missing.mstudio"], "no file"),
        (["info", "."], "no project.json"),
        (["project", "new", " "], "needs a name"),
        (["project", "pack", "nothing", "a.mstudio"], "no project 'nothing'"),
        (["project", "unpack", "missing.mstudio"], "no file"),
        (["bundle", "info", "nobody"], "nobody"),
        (["bundle", "verify", "nobody"], "nobody"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    run, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    status, said, err = run(*words)
    assert status == 2
    assert said == ""
    assert sentence in err
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [[], ["generate"], ["convert", "a.bvh", "b.bvh", "--range", "5-9"], ["no-such"]]
)
def test_arguments_that_do_not_parse_are_status_2(run, words) -> None:
    assert run(*words)[0] == 2


def test_a_damaged_bundle_is_a_failure(run, models: Path, tmp_path: Path, monkeypatch) -> None:
    copy = tmp_path / "bundles" / "tiny"
    shutil.copytree(models / "tiny", copy)
    (copy / "denoiser.onnx").write_bytes(b"nonsense")
    monkeypatch.setenv("MOTION_STUDIO_BUNDLES", str(copy.parent))
    status, _, err = run("generate", "walk", "--out", tmp_path / "a.bvh")
    assert status == 1
    assert err.count("\n") == 1


def test_an_interrupt_is_status_130(run, models: Path, tmp_path: Path, monkeypatch) -> None:
    def interrupt(self: object, order: object, progress: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("studio.session.Session.generate", interrupt)
    status, _, err = run("generate", "walk", "--out", tmp_path / "a.bvh")
    assert status == 130
    assert "Cancelled" in err


def test_an_unexpected_failure_shows_no_traceback(run, clip: Path, monkeypatch) -> None:
    def fail(path: Path) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr("studio.files.describe", fail)
    status, _, err = run("info", clip)
    assert status == 1
    assert "ZeroDivisionError: inside" in err
    assert "Traceback" not in err


def test_convert_takes_every_option(run, clip: Path, tmp_path: Path) -> None:
    words = ("--fps", 40, "--range", "10:30", "--in-place", "--mirror", "--scale", 2)
    status, _, err = run("convert", clip, tmp_path / "out.glb", *words)
    assert status == 0, err
    out = exporters.load(tmp_path / "out.glb")
    assert len(out) == 39
    assert out.root_positions[0, 1] == pytest.approx(
        2 * exporters.load(clip).root_positions[10, 1], abs=1e-3
    )


@pytest.mark.parametrize(("given", "frames"), [("10:", 50), (":10", 10), ("0:60", 60)])
def test_open_ranges(run, clip: Path, tmp_path: Path, given: str, frames: int) -> None:
    assert run("convert", clip, tmp_path / "out.npz", "--range", given)[0] == 0
    assert len(exporters.load(tmp_path / "out.npz")) == frames


def test_convert_onto_another_skeleton(run, clip: Path, tmp_path: Path) -> None:
    files.save(files.scaled(walk(1, 4), 1.5), tmp_path / "tall.bvh")
    run("convert", clip, tmp_path / "out.bvh", "--character", tmp_path / "tall.bvh")
    low = exporters.load(clip).root_positions[0, 1]
    assert exporters.load(tmp_path / "out.bvh").root_positions[0, 1] > 1.3 * low


def test_info_as_text_and_json(run, clip: Path) -> None:
    status, said, _ = run("info", clip)
    assert status == 0
    rows = dict(line.split(maxsplit=1) for line in said.splitlines() if line.split()[0] != "root")
    assert (rows["joints"], rows["frames"], rows["fps"]) == ("22", "60", "20")
    found = json.loads(run("info", clip, "--json")[1])
    assert found["frames"] == 60
    assert found["quality"]["foot_sliding"] >= 0


def test_bundles_are_listed_checked_and_added(
    run, models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = json.loads(run("bundle", "list", "--json")[1])
    assert [row["name"] for row in listed if row["default"]] == ["tiny"]
    assert "* tiny" in run("bundle", "list")[1]
    assert "tiny" in run("bundle", "info", "tiny")[1]
    status, said, err = run("bundle", "verify", "tiny")
    assert status == 0, said + err
    assert "generate" in said
    monkeypatch.setenv("MOTION_STUDIO_BUNDLES", str(tmp_path / "mine"))
    assert run("bundle", "add", models / "tiny")[1].split() == ["tiny"]
    assert (tmp_path / "mine" / "tiny" / "manifest.json").is_file()


def test_training_commands_get_their_words(run, monkeypatch) -> None:
    seen = []

    class Module:
        @staticmethod
        def main(argv: list[str]) -> int:
            seen.append(argv)
            return 3

    monkeypatch.setattr(importlib, "import_module", lambda name: Module)
    monkeypatch.setattr(sys, "argv", ["motion-studio"])
    assert run("data", "build", "--source", "x")[0] == 3
    assert seen == [["--source", "x"]]


def test_training_without_its_extra_names_the_remedy(run, monkeypatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(importlib, "import_module", missing)
    status, _, err = run("train", "vimogen-light")
    assert status == 1
    assert "motion-studio[train]" in err


def test_help_imports_nothing_heavy() -> None:
    """``motion-studio --help`` must be instant: no NumPy, no Gradio, no runtime."""
    code = (
        "import sys; from studio import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'gradio', 'onnxruntime', 'torch', 'fastapi'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "generate" in done.stdout
    assert time.perf_counter() - began < 5


def test_serving_on_a_taken_port_names_the_remedy(run) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        status, _, err = run("serve", "--no-browser", "--port", taken.getsockname()[1])
    assert status == 2
    assert "--port" in err


# -- projects ------------------------------------------------------------------------------------


@pytest.fixture
def dance_file(tmp_path: Path) -> Path:
    media = MediaStore()
    save(dance(media), media, tmp_path / "dance.mstudio")
    return tmp_path / "dance.mstudio"


@pytest.fixture
def duet_file(tmp_path: Path) -> Path:
    """Character 1 does both clips, Ben the second of them at the same time."""
    media = MediaStore()
    solo = dance(media, "Duet")
    ben = Character(CharacterId("character-2"), "Ben", "#aa3333")
    first = solo.timeline.tracks[0]
    clip = replace(first.clips[1], id=ClipId("clip-9"), start=0)
    second = Track(TrackId("track-2"), "Track 2", ben.id, (clip,))
    timeline = replace(solo.timeline, tracks=(first, second))
    duet = replace(solo, timeline=timeline, characters=(*solo.characters, ben))
    save(duet, media, tmp_path / "duet.mstudio")
    return tmp_path / "duet.mstudio"


def close(found: Motion, expected: Motion) -> bool:
    """The same frames, as nearly as a file tells them."""
    return len(found) == len(expected) and np.allclose(
        found.positions, expected.positions, atol=1e-5
    )


def test_convert_writes_what_the_timeline_comes_to(run, dance_file: Path, tmp_path: Path) -> None:
    status, _, err = run("convert", dance_file, tmp_path / "out.npz")
    assert status == 0, err
    project, media = load(dance_file)
    expected = Evaluator(media).motion(project, project.characters[0].id)
    found = exporters.load(tmp_path / "out.npz")
    assert found.fps == 30
    assert close(found, expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dance.mstudio", "out.npz"]


@pytest.mark.parametrize(
    ("given", "start", "stop"), [("20:50", 20, 50), ("90:", 90, None), (":30", 0, 30)]
)
def test_a_range_is_of_the_projects_frames(
    run, dance_file: Path, tmp_path: Path, given: str, start: int, stop: int | None
) -> None:
    assert run("convert", dance_file, tmp_path / "out.npz", "--range", given)[0] == 0
    project, media = load(dance_file)
    whole = Evaluator(media).motion(project, project.characters[0].id)
    assert close(exporters.load(tmp_path / "out.npz"), whole.slice(start, stop or len(whole)))


def test_the_projects_own_range_is_what_is_written(run, dance_file: Path, tmp_path: Path) -> None:
    with open_project(dance_file) as opened:
        timeline = replace(opened.project.timeline, range=Range(10, 40))
        opened.save(replace(opened.project, timeline=timeline))
    run("convert", dance_file, tmp_path / "out.npz")
    assert len(exporters.load(tmp_path / "out.npz")) == 30
    run("convert", dance_file, tmp_path / "out.npz", "--range", "0:")
    assert len(exporters.load(tmp_path / "out.npz")) == timeline.stop


@pytest.mark.parametrize("name", ["Ben", "ben", "character-2"])
def test_convert_takes_the_character_that_is_named(
    run, duet_file: Path, tmp_path: Path, name: str
) -> None:
    status, _, err = run("convert", duet_file, tmp_path / "out.npz", "--character", name)
    assert status == 0, err
    project, media = load(duet_file)
    expected = Evaluator(media).motion(project, CharacterId("character-2"))
    assert close(exporters.load(tmp_path / "out.npz"), expected)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "2 characters move in 'Duet'; choose one with --character: Character 1, Ben."),
        (["--character", "Anna"], "Nobody called 'Anna' moves in 'Duet'; there is Character 1, Be"),
        (["--character", "Ben", "--range=50:900"], "--range 50:900 does not fit 'Duet'; its fr"),
        (["--character", "Ben", "--range=9:9"], "--range 9:9 does not fit"),
        (["--character", "Ben", "--range=-3:9"], "does not fit"),
        (["--character", "Ben", "--scale", "0"], "A scale of 0"),
    ],
)
def test_what_does_not_fit_a_project_is_one_sentence(
    run, duet_file: Path, tmp_path: Path, words: list[str], sentence: str
) -> None:
    status, said, err = run("convert", duet_file, tmp_path / "out.bvh", *words)
    assert (status, said) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert not (tmp_path / "out.bvh").exists()


def test_an_empty_project_has_nothing_to_convert(run, tmp_path: Path) -> None:
    save(blank("Empty"), MediaStore(), tmp_path / "empty")
    status, _, err = run("convert", tmp_path / "empty", tmp_path / "out.bvh")
    assert status == 2
    assert "'Empty' has no clips" in err


def test_a_project_with_lost_motion_is_not_converted(run, tmp_path: Path) -> None:
    save(dance(MediaStore()), MediaStore(), tmp_path / "bare.mstudio")
    status, _, err = run("convert", tmp_path / "bare.mstudio", tmp_path / "out.bvh")
    assert status == 2
    assert "has lost the motion of 'Walk', 'Turn'" in err
    assert not (tmp_path / "out.bvh").exists()


def test_info_on_a_project(run, duet_file: Path) -> None:
    status, said, err = run("info", duet_file)
    assert status == 0, err
    rows = dict(line.split("  ", 1) for line in said.splitlines())
    told = {name.strip(): value.strip() for name, value in rows.items()}
    assert told["name"] == "Duet"
    assert told["length"] == "118 frames, 3.93 s at 30 fps"
    assert told["characters"] == "Character 1, Ben"
    assert told["track 1"] == "Track 1, Character 1, 2 clips"
    assert told["track 2"] == "Track 2, Ben, 1 clip"
    assert told["motions"] == "5"
    found = json.loads(run("info", duet_file, "--json")[1])
    assert [clip["start"] for clip in found["tracks"][0]["clips"]] == [0, 59]
    assert sum(found["seams"][level] for level in ("good", "fair", "poor")) == 1
    assert found["seams"]["worst"]["frame"] == 59
    assert found["lost"] == []


def test_info_tells_what_was_lost(run, tmp_path: Path) -> None:
    save(dance(MediaStore()), MediaStore(), tmp_path / "bare.mstudio")
    said = run("info", tmp_path / "bare.mstudio")[1]
    assert "2 clips lost their motion and stand still: 'Walk', 'Turn'" in said


def test_a_damaged_project_is_one_sentence(run, tmp_path: Path) -> None:
    (tmp_path / "a.mstudio").write_text("dear diary")
    for words in (["info"], ["project", "unpack"], ["serve", "--no-browser", "--project"]):
        status, _, err = run(*words, tmp_path / "a.mstudio")
        assert status == 2
        assert "damaged or no Motion Studio project" in err
        assert err.count("\n") == 1
    assert (tmp_path / "a.mstudio").read_text() == "dear diary"


def test_the_library_from_the_command_line(
    run, dance_file: Path, home: Path, tmp_path: Path
) -> None:
    assert "There is no project yet" in run("project", "list")[1]
    assert run("project", "new", "My dance")[1] == f"{home / 'projects' / 'my-dance'}\n"
    assert run("project", "unpack", dance_file)[1] == f"{home / 'projects' / 'dance'}\n"
    assert run("project", "pack", "dance", tmp_path / "out.mstudio")[0] == 0
    assert (tmp_path / "out.mstudio").read_bytes() == dance_file.read_bytes()
    assert run("project", "pack", home / "projects" / "dance", tmp_path / "out.mstudio")[0] == 0
    (home / "projects" / "my-dance" / "project.json").write_text("{")
    rows = {row["id"]: row for row in json.loads(run("project", "list", "--json")[1])}
    assert set(rows) == {"dance", "my-dance"}
    assert (rows["dance"]["clips"], rows["dance"]["problem"]) == (2, None)
    listed = run("project", "list")[1]
    assert "2 clips" in listed
    assert "damaged or no Motion Studio project" in listed


def test_serve_hands_the_project_over(run, dance_file: Path, monkeypatch) -> None:
    given = {}
    monkeypatch.setattr("studio.ui.serve.run", lambda *args, **named: given.update(named) or 0)
    assert run("serve", "--no-browser", "--project", dance_file)[0] == 0
    assert given == {"open_browser": False, "project": dance_file}
    run("serve")
    assert given == {"open_browser": True, "project": None}
