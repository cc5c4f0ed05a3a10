"""Benchmarks: ``python3 run.py bench`` runs all, ``python3 run.py bench bvh`` the one of that name.

A benchmark is a module ``bench/bench_<name>.py`` with a function ``main() -> None`` that measures
and prints a table. It runs in a process of its own, so that neither memory nor thread pools of one
show in another. One that lacks what it needs (a data set, an extra) raises :class:`Skip` with the
reason. Anything else that it raises counts as a failure.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence


class Skip(Exception):
    """A benchmark cannot run here; the message says what it lacks."""


def seconds(work: Callable[[], object], repeats: int = 5, warm_up: int = 1) -> float:
    """The median wall-clock time of ``work()`` in seconds, after ``warm_up`` untimed calls."""
    return side_by_side({"": work}, repeats, warm_up)[""]


def side_by_side(
    works: Mapping[str, Callable[[], object]], repeats: int = 5, warm_up: int = 1
) -> dict[str, float]:
    """Median seconds of each, timed in turns, so that a slow spell of the machine hits all alike.

    Args:
        works: What to call, by name.
        repeats: Timed calls of each.
        warm_up: Untimed calls of each before.
    """
    for _ in range(warm_up):
        for work in works.values():
            work()
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            gc.collect()
            began = time.perf_counter()
            work()
            times[name].append(time.perf_counter() - began)
    return {name: statistics.median(values) for name, values in times.items()}


def table(title: str, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table: the first column to the left, the others to the right.

    Floats are shown with three significant digits, anything else as ``str`` shows it.
    """
    shown = [list(header), *([_cell(value) for value in row] for row in rows)]
    widths = [max(len(line[i]) for line in shown) for i in range(len(header))]
    rule = ["-" * width for width in widths]
    rule[1:] = [mark[:-1] + ":" for mark in rule[1:]]
    print(f"\n{title}\n")
    for line in (shown[0], rule, *shown[1:]):
        cells = [
            cell.rjust(w) if i else cell.ljust(w)
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        ]
        print(f"| {' | '.join(cells)} |")


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return str(value)
