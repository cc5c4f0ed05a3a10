"""The task runner, the build hook and the pins."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

import hatch_build
import run

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of nothing but what ``run.prepare`` looks at, with a .venv that works."""
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    (tmp_path / "constraints.txt").write_text("numpy==1\n")
    scripts = tmp_path / ".venv" / "bin"
    scripts.mkdir(parents=True)
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv" / "stamp.json")
    monkeypatch.setattr(run, "LOG", tmp_path / ".venv" / "install.log")
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "web_is_current", lambda: True)
    return tmp_path


@pytest.fixture
def pip_calls(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """Every command line that pip would have got."""
    calls: list[tuple[str, ...]] = []
    monkeypatch.setattr(run, "pip", lambda *args: calls.append(args))
    return calls


def installed(call: tuple[str, ...]) -> str:
    assert call[:2] == ("install", "--constraint")
    return call[-1]


def test_the_first_run_installs_and_the_second_does_nothing(pip_calls: list) -> None:
    run.prepare((), None)
    assert [installed(call) for call in pip_calls] == [".[cpu]"]
    run.prepare((), None)
    assert len(pip_calls) == 1


def test_a_task_adds_its_extras_to_those_that_are_there(pip_calls: list) -> None:
    run.prepare(("dev",), None)
    run.prepare(("train",), None)
    run.prepare((), None)
    assert [installed(call) for call in pip_calls] == [".[cpu,dev]", ".[cpu,dev,train]"]


@pytest.mark.parametrize("name", ["pyproject.toml", "constraints.txt"])
def test_changed_requirements_install_again(checkout: Path, pip_calls: list, name: str) -> None:
    run.prepare(("dev",), None)
    (checkout / name).write_text("changed")
    run.prepare((), None)
    assert [installed(call) for call in pip_calls] == [".[cpu,dev]"] * 2


def test_other_line_endings_are_no_change(checkout: Path, pip_calls: list) -> None:
    run.prepare((), None)
    (checkout / "pyproject.toml").write_bytes(b"[project]\r\n")
    run.prepare((), None)
    assert len(pip_calls) == 1


def test_the_two_onnxruntimes_never_share_the_environment(pip_calls: list) -> None:
    run.prepare((), None)
    run.prepare((), "gpu")
    assert pip_calls[1] == ("uninstall", "--yes", "onnxruntime", "onnxruntime-gpu")
    assert installed(pip_calls[2]) == ".[gpu]"
    run.prepare((), None)
    assert len(pip_calls) == 3  # the GPU build stays until --cpu


def test_changed_web_sources_build_without_resolving(
    pip_calls: list, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.prepare((), None)
    monkeypatch.setattr(run, "web_is_current", lambda: False)
    run.prepare((), None)
    assert pip_calls[1] == ("install", "--no-deps", "--editable", ".")


@pytest.mark.parametrize("stamp", ["", "{", "[1]", '"x"'])
def test_a_broken_stamp_is_no_stamp(checkout: Path, pip_calls: list, stamp: str) -> None:
    run.STAMP.write_text(stamp)
    run.prepare((), None)
    assert len(pip_calls) == 1
    assert json.loads(run.STAMP.read_text())["runtime"] == "cpu"


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for pip is a shell script")
def test_a_failing_pip_shows_its_last_lines_and_is_tried_again(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = checkout / "python"
    broken.write_text(
        "#!/bin/sh\ncase $1 in -c) exit 0;; esac\n"
        "for i in $(seq 40); do echo line $i; done\nexit 1\n"
    )
    broken.chmod(0o755)
    monkeypatch.setattr(run, "PYTHON", broken)
    run.STAMP.write_text("{}")
    assert run.main(["test"]) == 1
    words = capsys.readouterr().err
    assert "line 40\n" in words
    assert "line 25\n" not in words
    assert "run.py: pip could not install the packages" in words
    assert not run.STAMP.exists()


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))
    assert run.main([]) == 1
    assert "needs Python 3.11 or newer; this is Python 3.9" in capsys.readouterr().err


def test_old_pythons_can_read_the_runner() -> None:
    """Or they would answer with a syntax error instead of that sentence."""
    for name in ("run.py", "hatch_build.py"):
        ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 8))


def test_an_unknown_task_is_told_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["tset"]) == 1
    assert "no task 'tset'; the tasks are studio, test, check, bench" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("argv", "task", "args", "runtime"),
    [
        ([], "studio", [], None),
        (["--port", "8000"], "studio", ["--port", "8000"], None),
        (["--gpu"], "studio", [], "gpu"),
        (["--cpu", "test", "-k", "bvh"], "test", ["-k", "bvh"], "cpu"),
        (["bench", "bvh"], "bench", ["bvh"], None),
    ],
)
def test_the_command_line(
    monkeypatch: pytest.MonkeyPatch, argv: list[str], task: str, args: list[str], runtime: str
) -> None:
    seen = {}

    def record(name: str) -> Callable[..., int]:
        return lambda words, kind: seen.update({name: (words, kind)}) or 0

    monkeypatch.setattr(run, "TASKS", {name: record(name) for name in run.TASKS})
    assert run.main(argv) == 0
    assert seen == {task: (args, runtime)}


@pytest.mark.skipif(os.name == "nt", reason="Debian only")
def test_missing_debian_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    query = tmp_path / "dpkg-query"
    lines = [f"echo {name} installed" for name in run.DEBIAN_PACKAGES if name != "libegl1"]
    query.write_text("#!/bin/sh\n" + "\n".join(lines) + "\necho libegl1 config-files\nexit 1\n")
    query.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    assert run.missing_debian_packages() == ["libegl1"]


def test_without_rights_nothing_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000, raising=False)
    monkeypatch.setattr(run.subprocess, "run", lambda *_, **__: pytest.fail("ran a command"))
    assert not run.apt_install(["chromium"])


# -- the build hook --------------------------------------------------------------------------------


def web(root: Path) -> Path:
    for name in ("package.json", "src/viewer.ts", "node_modules/three/index.js"):
        file = root / hatch_build.WEB / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
        os.utime(file, (100, 100))
    mark = root / hatch_build.MARK
    mark.parent.mkdir(parents=True)
    mark.touch()
    os.utime(mark, (200, 200))
    return root / hatch_build.WEB


def test_only_a_newer_source_asks_for_a_build(tmp_path: Path) -> None:
    folder = web(tmp_path)
    assert hatch_build.is_current(tmp_path)
    os.utime(folder / "node_modules/three/index.js", (300, 300))
    assert hatch_build.is_current(tmp_path)
    os.utime(folder / "src/viewer.ts", (300, 300))
    assert not hatch_build.is_current(tmp_path)


def test_nothing_built_asks_for_a_build(tmp_path: Path) -> None:
    web(tmp_path)
    (tmp_path / hatch_build.MARK).unlink()
    assert not hatch_build.is_current(tmp_path)


def test_packages_older_than_their_lock_file_are_installed_again(tmp_path: Path) -> None:
    lock, done = tmp_path / "package-lock.json", tmp_path / "node_modules/.package-lock.json"
    lock.write_text("{}")
    assert not hatch_build.is_installed(tmp_path)
    done.parent.mkdir()
    done.write_text("{}")
    os.utime(lock, (100, 100))
    assert hatch_build.is_installed(tmp_path)
    os.utime(done, (50, 50))
    assert not hatch_build.is_installed(tmp_path)


def test_npm_failing_is_said_with_its_last_lines(tmp_path: Path) -> None:
    folder = tmp_path / hatch_build.WEB
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(
        json.dumps({"scripts": {"build": "node -e \"console.log('broken'); process.exit(3)\""}})
    )
    with pytest.raises(RuntimeError, match=r"(?s)'npm run build' failed in .*web.*broken"):
        hatch_build.npm(folder, "run", "build")


# -- the pins --------------------------------------------------------------------------------------

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = {"": PROJECT["dependencies"], **PROJECT["optional-dependencies"]}


def pins() -> list[Requirement]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


def holds(requirement: Requirement, machine: dict[str, str]) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(machine)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13"])
def test_every_requirement_has_one_pin_that_fits_it(version: str, platform: str) -> None:
    machine = {str(k): str(v) for k, v in default_environment().items()}
    machine |= {
        "python_version": version,
        "python_full_version": f"{version}.1",
        "sys_platform": platform,
    }
    pinned: dict[str, str] = {}
    for pin in pins():
        if holds(pin, machine):
            assert pin.name not in pinned, f"{pin.name} is pinned twice"
            pinned[pin.name] = str(pin.specifier).removeprefix("==")
    for line in (line for lines in EXTRAS.values() for line in lines):
        requirement = Requirement(line)
        if holds(requirement, machine):
            assert requirement.specifier.contains(pinned[requirement.name.lower()]), line


def test_every_pin_is_exact() -> None:
    assert [str(pin) for pin in pins() if not str(pin.specifier).startswith("==")] == []


def test_the_base_install_is_lean() -> None:
    names = {Requirement(line).name for line in EXTRAS[""]}
    assert names == {"fastapi", "gradio", "numpy", "pydantic", "tokenizers", "uvicorn"}
    assert {Requirement(line).name for line in EXTRAS["cpu"]} == {"onnxruntime"}


def test_the_two_onnxruntimes_are_in_exclusive_extras() -> None:
    holders = {
        extra: {Requirement(line).name for line in lines} & {"onnxruntime", "onnxruntime-gpu"}
        for extra, lines in EXTRAS.items()
    }
    assert {extra for extra, names in holders.items() if names} == {"cpu", "gpu"}


def test_bench_tells_an_unknown_name() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "no benchmark 'nothing'" in done.stdout
