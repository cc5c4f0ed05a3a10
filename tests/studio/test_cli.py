"""The command line, run as a user runs it: arguments in, files, words and a status out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import exporters
from studio import cli, files
from tests.backends import tiny
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

    monkeypatch.setattr(cli.importlib, "import_module", lambda name: Module)
    monkeypatch.setattr(sys, "argv", ["motion-studio"])
    assert run("data", "build", "--source", "x")[0] == 3
    assert seen == [["--source", "x"]]


def test_training_without_its_extra_names_the_remedy(run, monkeypatch) -> None:
    def missing(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr(cli.importlib, "import_module", missing)
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
