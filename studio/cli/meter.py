"""How far a command has come."""

from __future__ import annotations

import sys


class Meter:
    """A progress line on a terminal's stderr, and nothing anywhere else."""

    def __enter__(self) -> Meter:
        self._wide = 0
        return self

    def __call__(self, fraction: float, note: str) -> None:
        if sys.stderr.isatty():
            line = f"{fraction:4.0%} {note}"
            print(f"\r{line:<{self._wide}}", end="", file=sys.stderr, flush=True)
            self._wide = len(line)

    def __exit__(self, *_: object) -> None:
        if self._wide:
            print(f"\r{'':<{self._wide}}\r", end="", file=sys.stderr, flush=True)
