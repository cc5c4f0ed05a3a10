"""Run all benchmarks, or those named, each in a process of its own."""

from __future__ import annotations

import importlib
import os
import platform
import subprocess
import sys
from pathlib import Path

from bench import Skip

#: The exit status of a child whose benchmark was skipped.
SKIPPED = 77


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(p.stem.removeprefix("bench_") for p in Path(__file__).parent.glob("bench_*.py"))


def run_one(name: str) -> int:
    """Run one benchmark in this process; its exit status."""
    try:
        importlib.import_module(f"bench.bench_{name}").main()
    except Skip as reason:
        print(f"\n{name}: skipped. {reason}")
        return SKIPPED
    return 0


def main(argv: list[str]) -> int:
    """Run the benchmarks of ``argv`` (all when empty); 1 if one failed, 2 for an unknown name."""
    if argv[:1] == ["--one"]:
        return run_one(argv[1])
    known = names()
    unknown = [name for name in argv if name not in known]
    if unknown:
        print(f"There is no benchmark '{unknown[0]}'; there are {', '.join(known) or 'none'}.")
        return 2
    print(f"{platform.platform()}, Python {platform.python_version()}, {os.cpu_count()} cores")
    failed = []
    for name in argv or known:
        sys.stdout.flush()
        status = subprocess.run([sys.executable, "-m", "bench", "--one", name]).returncode
        if status not in (0, SKIPPED):
            failed.append(name)
    if failed:
        print(f"\nFailed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
