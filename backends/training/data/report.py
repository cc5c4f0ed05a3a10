"""The report beside a data set: tables in ``report.md``, plots in ``report.png``."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from backends.training.data.curate import REASONS
from backends.training.data.dataset import write_text

if TYPE_CHECKING:
    from backends.training.data.build import Report


def write(result: Report) -> None:
    """Write both files into the data set's folder; the same build gives the same bytes."""
    write_text(result.out / "report.md", text(result))
    _plot(result)


def text(result: Report) -> str:
    """The report in Markdown."""
    clips = result.clips
    words = Counter(w for c in clips for t in c.captions for w in re.findall(r"[a-z']+", t.lower()))
    distinct = {t for c in clips for t in c.captions}
    hours = sum(f.seconds for f in result.facts) / 3600
    parts = [
        "# Training data",
        f"{len(clips)} clips, {hours:.2f} hours at 20 fps on the 22-joint body, cut from "
        f"{len(result.outcomes)} takes.",
        "## Sources",
        _sources(result),
        "## Splits",
        _splits(result),
        "## Captions",
        f"{sum(len(c.captions) for c in clips)} captions, {len(distinct)} distinct, vocabulary of "
        f"{len(words)} words; {min(len(c.captions) for c in clips)} to "
        f"{max(len(c.captions) for c in clips)} a clip, mean length "
        f"{np.mean([len(t.split()) for c in clips for t in c.captions]):.1f} words.",
        "## Styles",
        _counts("style", (c.style for c in clips)),
        "## Contents",
        _contents(result),
    ]
    if result.problems:
        parts += ["## Files that could not be read", *[f"- {p}" for p in result.problems]]
    return "\n\n".join(parts) + "\n"


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _sources(result: Report) -> str:
    seconds: dict[str, float] = defaultdict(float)
    kept: Counter[str] = Counter(c.source for c in result.clips)
    group = {o.take.source: o.take.group for o in result.outcomes}
    for clip, facts in zip(result.clips, result.facts, strict=True):
        seconds[clip.source] += facts.seconds
    rows = []
    for source in group:
        outcomes = [o for o in result.outcomes if o.take.source == source]
        dropped: Counter[str] = Counter()
        for outcome in outcomes:
            dropped.update(dict(outcome.dropped))
        read = sum(o.read_seconds for o in outcomes) / 3600
        hours = seconds[source] / 3600
        trimmed = sum(o.trimmed for o in outcomes)
        cells = [source, group[source], len(outcomes), f"{read:.2f}", kept[source], f"{hours:.2f}"]
        rows.append([*cells, trimmed or "", *[dropped[r] or "" for r in REASONS]])
    head = ["source", "licence group", "takes", "hours read", "clips kept", "hours kept"]
    head.append("frames trimmed")
    return table([*head, *(f"dropped: {r}" for r in REASONS)], rows)


def _splits(result: Report) -> str:
    pairs = Counter((c.source, c.split) for c in result.clips)
    names = ("train", "val", "test", "test_unseen")
    sources = dict.fromkeys(c.source for c in result.clips)
    rows = [[s, *[pairs[s, n] for n in names]] for s in sources]
    rows.append(["all", *[sum(pairs[s, n] for s in sources) for n in names]])
    return table(["source", *names], rows)


def _counts(what: str, values: Iterable[str]) -> str:
    rows = sorted(Counter(values).items(), key=lambda row: (-row[1], row[0]))
    return table([what, "clips"], rows)


def _contents(result: Report) -> str:
    rows = []
    for content in sorted({c.content for c in result.clips}):
        own = [c for c in result.clips if c.content == content]
        weight = sum(c.weight for c in own) / sum(c.weight for c in result.clips)
        sources = ", ".join(sorted({c.source for c in own}))
        rows.append([content, len(own), f"{weight:.2%}", sources, own[0].captions[0]])
    return table(["content", "clips", "share of draws", "sources", "a caption"], rows)


def _plot(result: Report) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, 3)
    sources = list(dict.fromkeys(c.source for c in result.clips))
    seconds = {
        s: [f.seconds for c, f in zip(result.clips, result.facts, strict=True) if c.source == s]
        for s in sources
    }
    axes[0].hist([seconds[s] for s in sources], bins=20, stacked=True, label=sources)
    axes[0].set(title="Clip length", xlabel="seconds", ylabel="clips")
    axes[0].legend(fontsize=7)
    axes[1].barh(sources, [sum(seconds[s]) / 3600 for s in sources])
    axes[1].set(title="Hours kept", xlabel="hours")
    axes[1].invert_yaxis()
    axes[2].hist([f.speed for f in result.facts if f.speed > 0], bins=40)
    axes[2].set(title="Ground speed while travelling", xlabel="m/s", ylabel="clips")
    part = result.out / "report.png.part"
    # Fixed metadata: the library's version and the date would change the bytes.
    figure.savefig(part, format="png", metadata={"Software": None})
    os.replace(part, result.out / "report.png")
