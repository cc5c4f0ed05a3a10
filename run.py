#!/usr/bin/env python3
"""Motion Studio's task runner: sets up .venv with the pinned packages, then does one task.

    python3 run.py [serve options]     open the studio in the browser
    python3 run.py test [pytest args]  run the tests
    python3 run.py check               lint, format, types, layers, and the browser part's tests
    python3 run.py bench [names]       run the benchmarks

--gpu before the task puts ONNX Runtime's GPU build into .venv, --cpu takes it out again. Needs
Python 3.11 or newer and nothing else; no task needs a GPU. When nothing changed since the last run,
the set-up costs a few milliseconds.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
STAMP = VENV / "motion-studio.json"
LOG = VENV / "install.log"

OLDEST = (3, 11)
ALL_EXTRAS = ("blender", "dev", "render", "train")
#: What Chromium, Blender's module and pyrender load from Debian.
DEBIAN_PACKAGES = (
    "chromium libegl1 libgl1 libgl1-mesa-dri libice6 libsm6 libx11-6 libxext6 libxfixes3 libxi6 "
    "libxkbcommon0 libxrender1"
).split()
#: The Khronos glTF validator, which the exporters' tests run.
NODE_TOOLS = "tests/exporters/node"


class Failure(Exception):
    """Something the user has to know; the message is one sentence."""


def step(text: str) -> None:
    """One line of progress."""
    print(f"[run.py] {text}", flush=True)


def prepare(extras: Sequence[str], runtime: str | None) -> None:
    """Bring ``.venv`` to the pinned packages of ``extras`` and build the browser part.

    Extras that an earlier task installed stay and are kept up to date. ``runtime`` is ``"cpu"``,
    ``"gpu"`` or None for whichever is there.
    """
    before = read_stamp()
    if not before:
        make_venv()
    runtime = runtime or str(before.get("runtime", "cpu"))
    wanted = {
        "root": str(ROOT),
        "packages": fingerprint(ROOT / "pyproject.toml", ROOT / "constraints.txt"),
        "extras": sorted({*extras, *before.get("extras", ())}),
        "runtime": runtime,
    }
    if wanted != before:
        install(wanted, before)
    elif not web_is_current():
        step("Building the browser part ...")
        pip("install", "--no-deps", "--editable", ".")
    else:
        return
    STAMP.write_text(json.dumps(wanted, indent=1), encoding="utf-8")


def read_stamp() -> dict:
    """What the last run installed; empty when ``.venv`` is not there, broken or not ours."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) and PYTHON.exists() else {}


def fingerprint(*files: Path) -> str:
    """A hash of the files' contents, line endings aside."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:16]


def web_is_current() -> bool:
    """Whether studio/ui/static is newer than studio/web (hatch_build.py's own question)."""
    from hatch_build import is_current

    return is_current(ROOT)


def prepare_node(folder: str) -> None:
    """Install the npm packages of a folder unless they are there."""
    from hatch_build import is_installed

    if not is_installed(ROOT / folder):
        step(f"Installing the npm packages of {folder} ...")
        done = subprocess.run([str(PYTHON), "hatch_build.py", folder], cwd=ROOT)
        if done.returncode:
            raise Failure(f"npm could not install the packages of {folder}.")


def make_venv() -> None:
    """Make ``.venv``, or adopt the one that is there if its Python has pip and is new enough."""
    if PYTHON.exists():
        probe = f"import pip, sys; sys.exit(sys.version_info < {OLDEST})"
        if subprocess.run([PYTHON, "-c", probe], stderr=subprocess.DEVNULL).returncode == 0:
            return
    if importlib.util.find_spec("ensurepip") is None:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        if not apt_install([name]):
            raise Failure(f"This Python cannot make environments; install Debian's '{name}' first.")
    step(f"Making .venv with Python {'.'.join(map(str, sys.version_info[:3]))} ...")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True
    )
    if made.returncode:
        print(made.stdout + made.stderr, file=sys.stderr)
        raise Failure("Python could not make the environment .venv (its own words are above).")


def install(wanted: dict, before: dict) -> None:
    """The package, editable, with the extras of ``wanted``."""
    extras = [wanted["runtime"], *wanted["extras"]]
    if before.get("runtime", wanted["runtime"]) != wanted["runtime"]:
        # The two builds share a folder: removing one breaks the other, so both go first.
        pip("uninstall", "--yes", "onnxruntime", "onnxruntime-gpu")
    first = "" if before else " (several minutes the first time)"
    step(f"Installing the packages for {', '.join(extras)}{first} ...")
    began = time.monotonic()
    pip("install", "--constraint", "constraints.txt", "--editable", f".[{','.join(extras)}]")
    step(f"Installed in {time.monotonic() - began:.0f} s.")


def pip(*args: str) -> None:
    """Run .venv's pip in silence; its last lines are shown if it fails."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    command = [str(PYTHON), "-m", "pip", *args]
    with LOG.open("w", encoding="utf-8") as log:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    if done.returncode:
        STAMP.unlink(missing_ok=True)
        lines = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
        print("\n".join(lines[-15:]), file=sys.stderr)
        raise Failure(f"pip could not {args[0]} the packages (its whole output: {LOG}).")


def apt_install(packages: Sequence[str]) -> bool:
    """Install Debian packages when run as root; False when that is not possible or fails."""
    if shutil.which("apt-get") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    step(f"Installing Debian packages: {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        if done.returncode and command[1] == "install":
            print("\n".join(done.stderr.splitlines()[-5:]), file=sys.stderr)
            return False
    return True


def missing_debian_packages() -> list[str]:
    """Those of :data:`DEBIAN_PACKAGES` that are not installed; none where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    query = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"]
    shown = subprocess.run([*query, *DEBIAN_PACKAGES], capture_output=True, text=True).stdout
    installed = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [name for name in DEBIAN_PACKAGES if name not in installed]


def studio(args: Sequence[str], runtime: str | None) -> int:
    """Open the studio in the browser."""
    prepare((), runtime)
    return hand_over(
        [SCRIPTS / ("motion-studio.exe" if WINDOWS else "motion-studio"), "serve", *args]
    )


def test(args: Sequence[str], runtime: str | None) -> int:
    """Run the tests."""
    prepare(ALL_EXTRAS, runtime)
    prepare_node(NODE_TOOLS)
    missing = missing_debian_packages()
    if missing and not apt_install(missing):
        step(f"Some tests need Debian packages; as root: apt-get install {' '.join(missing)}")
    return hand_over([PYTHON, "-m", "pytest", *args])


def bench(args: Sequence[str], runtime: str | None) -> int:
    """Run the benchmarks."""
    prepare(ALL_EXTRAS, runtime)
    return hand_over([PYTHON, "-m", "bench", *args])


CHECKS = {
    "lint": ["-m", "ruff", "check", "--output-format", "concise", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "pyright"],
    "layers": ["-m", "pytest", "-q", "tests/test_layers.py"],
    "browser part, tests": ["hatch_build.py", "studio/web", "test"],
    "browser part, types": ["hatch_build.py", "studio/web", "check"],
}


def check(args: Sequence[str], runtime: str | None) -> int:
    """Lint, format, types, layers, and the browser part; the output of those that fail."""
    if args:
        raise Failure("'check' takes no arguments.")
    prepare(ALL_EXTRAS, runtime)
    failed = []
    for name, command in CHECKS.items():
        began = time.monotonic()
        done = subprocess.run(
            [str(PYTHON), *command],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        verdict = "FAILED" if done.returncode else "ok"
        step(f"{name}: {verdict} ({time.monotonic() - began:.1f} s)")
        if done.returncode:
            failed.append(name)
            print(done.stdout, flush=True)
    if failed:
        raise Failure(f"These checks failed: {'; '.join(failed)}.")
    return 0


def hand_over(command: Sequence[str | Path]) -> int:
    """Become ``command`` (on Windows: run it), so that signals and the exit status are its own."""
    words = [str(word) for word in command]
    os.chdir(ROOT)
    sys.stdout.flush()
    if not WINDOWS:
        os.execv(words[0], words)
    with contextlib.suppress(KeyboardInterrupt):
        return subprocess.call(words)
    return 130


TASKS: dict[str, Callable[[Sequence[str], str | None], int]] = {
    "studio": studio,
    "test": test,
    "check": check,
    "bench": bench,
}


def main(argv: Sequence[str]) -> int:
    """Read the command line and do the task; its exit status."""
    words, runtime = list(argv), None
    while words and words[0] in ("--gpu", "--cpu"):
        runtime = words.pop(0)[2:]
    if words[:1] in (["-h"], ["--help"]):
        print((__doc__ or "").strip())
        return 0
    name = words.pop(0) if words and not words[0].startswith("-") else "studio"
    try:
        if sys.version_info < OLDEST:
            have = ".".join(map(str, sys.version_info[:2]))
            raise Failure(f"Motion Studio needs Python 3.11 or newer; this is Python {have}.")
        if name not in TASKS:
            raise Failure(f"There is no task '{name}'; the tasks are {', '.join(TASKS)}.")
        return TASKS[name](words, runtime)
    except Failure as failure:
        print(f"run.py: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
