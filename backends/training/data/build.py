"""Build the training data set from the published ones: read, curate, describe, split, write."""

from __future__ import annotations

import argparse
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from backends.training.data import (
    accad,
    amass,
    bandai_namco,
    captions,
    cmu,
    curate,
    hdm05,
    humanml3d,
    kaykit,
    mesh2motion,
    reactidle,
    report,
)
from backends.training.data.dataset import SCHEMA, ClipRecord, write
from backends.training.data.language import mirror_words
from backends.training.data.load import load
from backends.training.data.measure import Facts, measure
from backends.training.data.split import Split, assign
from backends.training.data.take import DataError, Take
from motion.clip import Motion
from motion.errors import MotionStudioError

Progress = Callable[[float, str], None]

#: One adaptor a data set: ``takes(source)`` yields what is there and nothing where it is not.
ADAPTORS: dict[str, Callable[[Path], Iterator[Take]]] = {
    "bandai-namco": bandai_namco.takes,
    "cmu": cmu.takes,
    "accad": accad.takes,
    "hdm05": hdm05.takes,
    "mesh2motion": mesh2motion.takes,
    "kaykit": kaykit.takes,
    "reactidle": reactidle.takes,
    "HumanML3D": humanml3d.takes,
    "amass": amass.takes,
}

#: Contents with fewer clips than this weigh as if they had so many, or single clips are learned
#: by heart.
_FEWEST_FOR_WEIGHT = 4


@dataclass(frozen=True)
class Piece:
    """A curated piece of a take, with what was measured of it."""

    motion: Motion
    facts: Facts
    captions: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a take.

    Attributes:
        take: The take.
        pieces: What was kept.
        dropped: ``(reason, pieces)`` left out.
        read_seconds: Length as read.
        trimmed: Frames cut off its ends as T-pose.
        problem: A sentence if the file could not be read.
    """

    take: Take
    pieces: tuple[Piece, ...]
    dropped: tuple[tuple[str, int], ...]
    read_seconds: float
    trimmed: int = 0
    problem: str = ""


@dataclass(frozen=True)
class Report:
    """Counts of a finished build.

    Attributes:
        out: The data set's folder.
        clips: Records as written.
        facts: Measured of each clip, in the same order.
        outcomes: What became of each take, without the motions.
        problems: Sentences about files that could not be read.
    """

    out: Path
    clips: tuple[ClipRecord, ...]
    facts: tuple[Facts, ...]
    outcomes: tuple[Outcome, ...]
    problems: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        hours = sum(f.seconds for f in self.facts) / 3600
        splits = Counter(c.split for c in self.clips)
        dropped = Counter(r for o in self.outcomes for r, n in o.dropped for _ in range(n))
        return (
            f"{len(self.clips)} clips, {hours:.2f} h from {len(self.outcomes)} takes in "
            f"'{self.out}'; splits {dict(sorted(splits.items()))}; left out {dict(dropped)}."
        )


def find_takes(source: Path) -> list[Take]:
    """Every take of every data set under ``source``.

    Raises:
        DataError: nothing that we know is there, or a data set is not as its publishers have it.
    """
    if not source.is_dir():
        raise DataError(f"'{source}' is not a folder; name the one that holds the data sets.")
    found: list[Take] = []
    for folder, takes in ADAPTORS.items():
        if (source / folder).is_dir():
            found += takes(source)
    if not found:
        raise DataError(
            f"No data set was found in '{source}'; expected folders are {', '.join(ADAPTORS)}."
        )
    return found


def process(take: Take, limits: curate.Limits) -> Outcome:
    """Read, curate and describe one take."""
    try:
        whole = load(take, limits)
    except MotionStudioError as error:
        return Outcome(take, (), (("unreadable", 1),), 0.0, problem=f"{take.take}: {error}")
    trimmed = curate.trim_ends(whole)
    if trimmed is None:
        return Outcome(take, (), (("t-pose", 1),), whole.seconds)
    pieces: list[Piece] = []
    dropped: Counter[str] = Counter()
    cuts = _cuts(take, trimmed, limits)
    for number, (start, stop, said) in enumerate(cuts):
        motion = curate.canonical_piece(trimmed.slice(start, stop))
        reason = curate.fault(motion, take.action, limits)
        if reason:
            dropped[reason] += 1
            continue
        facts = measure(motion)
        described = replace(take, captions=said) if said else take
        texts = captions.write(f"{take.source}/{take.take}/{number}", described, facts, len(cuts))
        pieces.append(Piece(motion, facts, tuple(texts)))
    gone = len(whole) - len(trimmed)
    return Outcome(take, tuple(pieces), tuple(sorted(dropped.items())), whole.seconds, gone)


def _cuts(
    take: Take, motion: Motion, limits: curate.Limits
) -> list[tuple[int, int, tuple[str, ...]]]:
    """Frame ranges with the captions that belong to them alone."""
    out: list[tuple[int, int, tuple[str, ...]]] = []
    if not take.spans or take.captions:
        out += [(a, b, ()) for a, b in curate.even_cuts(len(motion), limits.longest)]
    for start, stop, said in take.spans:
        a = min(round(start * limits.fps), len(motion) - 1)
        b = min(round(stop * limits.fps), len(motion), a + limits.longest)
        out.append((a, max(b, a + 1), said))
    return out


def _ignore(fraction: float, note: str) -> None:
    """No progress wanted."""


def build(
    source: Path,
    out: Path,
    progress: Progress = _ignore,
    *,
    limits: curate.Limits | None = None,
    processes: int = 1,
) -> Report:
    """Build the data set ``out`` from the data sets in the folder ``source``.

    The same input gives the same bytes, whatever the number of processes.

    Args:
        source: Holds ``bandai-namco``, ``cmu``, ``accad``, ..., packed or unpacked.
        out: Where to write; files there are replaced one by one.
        progress: Called with a fraction and a note; may raise to stop.
        limits: Curation thresholds.
        processes: Readers at work at once.

    Raises:
        DataError: nothing to read, or nothing was fit to keep.
    """
    source, out = Path(source), Path(out)
    limits = limits or curate.Limits()
    takes = find_takes(source)
    splits = assign(takes, bandai_namco.UNSEEN_PAIRS)
    outcomes: list[Outcome] = []
    for outcome in _process_all(takes, limits, processes):
        outcomes.append(outcome)
        if len(outcomes) % 50 == 0:
            progress(0.9 * len(outcomes) / len(takes), f"{len(outcomes)} of {len(takes)} takes")
    if not any(o.pieces for o in outcomes):
        raise DataError(f"Nothing in '{source}' passed the curation; see its limits.")
    progress(0.9, "writing")
    clips = _records(outcomes, splits)
    pieces = [piece for outcome in outcomes for piece in outcome.pieces]
    write(out, clips, [p.motion for p in pieces], _info(clips, takes, limits))
    result = Report(
        out,
        tuple(clips),
        tuple(p.facts for p in pieces),
        tuple(replace(o, pieces=()) for o in outcomes),
        tuple(o.problem for o in outcomes if o.problem),
    )
    report.write(result)
    progress(1.0, "done")
    return result


def _process_all(takes: list[Take], limits: curate.Limits, processes: int) -> Iterator[Outcome]:
    work = partial(process, limits=limits)
    if processes <= 1:
        yield from map(work, takes)
        return
    with ProcessPoolExecutor(processes) as pool:
        yield from pool.map(work, takes, chunksize=16)


def _records(outcomes: list[Outcome], splits: Mapping[str, Split]) -> list[ClipRecord]:
    weights = sampling_weights(
        [(o.take.group, o.take.action.content) for o in outcomes for _ in o.pieces]
    )
    out: list[ClipRecord] = []
    start = 0
    for outcome in outcomes:
        take = outcome.take
        for number, piece in enumerate(outcome.pieces):
            out.append(
                ClipRecord(
                    id=f"{take.source}/{take.take}/{number}",
                    source=take.source,
                    group=take.group,
                    take=take.take,
                    content=take.action.content,
                    style=take.style,
                    split=splits[take.split_key],
                    start=start,
                    frames=len(piece.motion),
                    weight=weights[len(out)],
                    captions=piece.captions,
                    captions_mirrored=tuple(mirror_words(text) for text in piece.captions),
                )
            )
            start += len(piece.motion)
    return out


def sampling_weights(contents: list[tuple[str, str]]) -> list[float]:
    """Weights by ``(licence group, content)``: one over the root of its count, mean 1.

    With them a content is drawn in proportion to the root of its clips: the gesture families that
    make up half of one source, and the long idles of another, stay common without crowding out
    what is there once. Counted within a licence group, so that training on one group is balanced
    just as well.
    """
    counts = Counter(contents)
    raw = [1 / math.sqrt(max(counts[key], _FEWEST_FOR_WEIGHT)) for key in contents]
    mean = sum(raw) / len(raw)
    return [round(value / mean, 4) for value in raw]


def _info(clips: list[ClipRecord], takes: list[Take], limits: curate.Limits) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "fps": int(limits.fps),
        "skeleton": "body",
        "clips": len(clips),
        "frames": sum(c.frames for c in clips),
        "takes": len(takes),
        "captions": sum(len(c.captions) for c in clips),
        "sources": dict(sorted(Counter(c.source for c in clips).items())),
        "groups": dict(sorted(Counter(c.group for c in clips).items())),
        "splits": dict(sorted(Counter(c.split for c in clips).items())),
        "longest_frames": limits.longest,
        "shortest_frames": limits.shortest,
    }


def main(argv: list[str] | None = None) -> int:
    """``python -m backends.training.data.build --source FOLDER --out FOLDER``."""
    parser = argparse.ArgumentParser(
        prog="motion-studio data build", description="Build the training data set."
    )
    parser.add_argument("--source", type=Path, required=True, help="folder of the data sets")
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--processes", type=int, default=1)
    options = parser.parse_args(argv)

    def show(fraction: float, note: str) -> None:
        print(f"\r{fraction:4.0%} {note:<40}", end="", file=sys.stderr, flush=True)

    try:
        result = build(options.source, options.out, show, processes=options.processes)
    except MotionStudioError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    print(f"\n{result}", file=sys.stderr)
    for problem in result.problems:
        print(problem, file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
