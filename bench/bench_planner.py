"""The offline planner: milliseconds a turn, over the dialogues of the tests."""

from __future__ import annotations

import statistics
import time

from bench import table
from studio.planner.rules import plan
from studio.planner.summary import Abilities, Summary, summarise
from tests.studio.planner.corpus import dialogues, run
from tests.studio.planner.scenes import scene

PARTS = ("development", "held_out")
LONG = "walk forward and then wave with the right hand, " * 40


def main() -> None:
    plan("wlak", summarise(scene("trio")), Abilities())  # the lexicon is filed once
    rows, slowest = [], ("", 0.0)
    for part in PARTS:
        took: list[tuple[float, str]] = []

        def timed(line: str, summary: Summary, abilities: Abilities, took: list = took):
            began = time.perf_counter()
            made = plan(line, summary, abilities)
            took.append((1000 * (time.perf_counter() - began), line))
            return made

        turns = right = 0
        for dialogue in dialogues(part):
            for answer in run(dialogue, timed):
                turns += 1
                right += answer.right
        times = sorted(each for each, _ in took)
        worst = max(took)
        slowest = max(slowest, (worst[1], worst[0]), key=lambda each: each[1])
        rows.append(
            (
                part,
                str(turns),
                f"{100 * right / turns:.1f} %",
                f"{statistics.median(times):.2f}",
                f"{times[int(0.95 * len(times))]:.2f}",
                f"{times[-1]:.2f}",
            )
        )
    table(
        "A line to a plan",
        ("dialogues", "turns", "exact", "median ms", "95 % ms", "worst ms"),
        rows,
    )
    print(f"Slowest: {slowest[0]!r}")
    began = time.perf_counter()
    plan(LONG, summarise(scene("empty")), Abilities())
    print(f"{len(LONG)} characters: {1000 * (time.perf_counter() - began):.0f} ms")
