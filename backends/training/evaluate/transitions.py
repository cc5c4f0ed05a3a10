"""``motion-studio eval transitions``: how well two clips are joined, by four ways of joining.

Random pairs of held-out clips, each cut at a random frame, are joined with nothing between (*cut*),
with a cross-fade, by inertialisation, and by frames that a model makes between them. What is read:
the seam meter (:mod:`motion.joins`) where one motion takes over from another and over all of the
transition, foot sliding and acceleration inside it, and the same of real motion.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from backends import registry
from backends.api import GenerateRequest, Generator
from backends.training.data.dataset import MotionDataset
from motion.clip import Motion, blend, concat, follow_on
from motion.contacts import foot_contacts
from motion.inertialize import inertialize
from motion.joins import GOOD, measure_seam, pace
from motion.quality import acceleration, foot_sliding

#: Frames at 20 fps of the gaps that are filled, and of the clips kept to each side.
SHORTEST, LONGEST, KEPT = 5, 100, 30

#: Frames over which cross-fades and inertialisation act, at most: half a second.
BLEND = 10

#: Takes that are made of each transition; the best by its own figures counts, as in the studio.
TAKES = 3


@dataclass(frozen=True)
class Pair:
    """Two clips, each with what it would have gone on to do or did before, and the gap."""

    before: Motion
    beyond: Motion
    after: Motion
    gap: int
    seed: int


@dataclass(frozen=True)
class Joined:
    """A motion with a transition in frames ``start <= f < stop``, and the frames of its seams."""

    motion: Motion
    start: int
    stop: int
    seams: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Row:
    """One way of joining over all pairs.

    Attributes:
        seam_median, seam_95, seam_worst: Of the seam meter's ratio, the worse seam of each pair.
        over: Share of pairs with a seam over 1.5.
        over_from_10: The same of gaps of at least 10 frames.
        gaps_over: The lengths of the gaps whose seams are over 1.5, in order.
        inside_95: The ratio over every step of the transition, 95th percentile.
        sliding: Mean foot sliding inside transitions, m/s.
        acceleration: Mean acceleration inside transitions, m/s^2.
    """

    name: str
    pairs: int
    seam_median: float
    seam_95: float
    seam_worst: float
    over: float
    over_from_10: float
    gaps_over: tuple[int, ...]
    inside_95: float
    sliding: float
    acceleration: float


def draw_pairs(dataset: MotionDataset, count: int, seed: int = 0) -> list[Pair]:
    """Pairs of held-out clips, cut at random, with gaps of every length."""
    rng = np.random.default_rng(seed)
    rows = [i for i in dataset.indices("test") if dataset.clips[i].frames >= KEPT + 10]
    pairs = []
    for k in range(count):
        first, second = (dataset.motion(int(i)) for i in rng.choice(rows, 2, replace=False))
        cut = int(rng.integers(KEPT, len(first) + 1))
        begin = int(rng.integers(0, len(second) - KEPT + 1))
        gap = int(rng.integers(SHORTEST, LONGEST + 1))
        after = second.slice(begin, begin + KEPT)
        beyond = first.slice(cut - KEPT, min(cut + BLEND, len(first)))
        pairs.append(Pair(first.slice(cut - KEPT, cut), beyond, after, gap, seed=1000 + k))
    return pairs


def cut(pair: Pair) -> Joined:
    """Nothing between: the second begins where the first ends, heading the same way."""
    after = follow_on(pair.before, pair.after)
    return Joined(concat([pair.before, after]), KEPT, KEPT + 1, ((KEPT, 0),))


def crossfade(pair: Pair) -> Joined:
    """What the first would have gone on to do mixes with the second; it holds where it ends."""
    count = min(BLEND, pair.gap)
    beyond = pair.beyond.sample(np.arange(KEPT + count))
    after = follow_on(pair.before, pair.after)
    return Joined(blend(beyond, after, count), KEPT, KEPT + count, ((KEPT, count),))


def inertial(pair: Pair) -> Joined:
    """The second at once, with what differs dying away."""
    count = min(BLEND, pair.gap)
    after = follow_on(pair.before, pair.after)
    joined = concat([pair.before, inertialize(pair.before, after, count)])
    return Joined(joined, KEPT, KEPT + count, ((KEPT, count),))


def synthesised(generator: Generator, pair: Pair) -> Joined:
    """Frames made by a model between both, which stay as they are; the best of a few takes."""
    frames = KEPT + pair.gap + KEPT
    request = GenerateRequest(
        "", frames, TAKES, pair.seed, prefix=pair.before, suffix=pair.after, arrive=False
    )
    stop = KEPT + pair.gap
    takes = [
        Joined(motion, KEPT, stop, ((KEPT, 0), (stop, 0)))
        for motion in generator.generate(request, lambda fraction, note: None)
    ]
    return min(takes, key=lambda joined: cost(pair, joined))


def cost(pair: Pair, joined: Joined) -> float:
    """What a take is chosen by: its seams, and how much its feet slide."""
    return seam(pair, joined) + 10 * sliding(joined)


def seam(pair: Pair, joined: Joined) -> float:
    """The worse ratio of its seams."""
    own = pace(pair.before), pace(pair.after)
    return max(measure_seam(joined.motion, f, n, *own).ratio for f, n in joined.seams)


def inside(pair: Pair, joined: Joined) -> float:
    """The ratio over every step of the transition."""
    own = pace(pair.before), pace(pair.after)
    return measure_seam(joined.motion, joined.start, joined.stop - joined.start, *own).ratio


def sliding(joined: Joined) -> float:
    """Speed of standing feet inside the transition, m/s."""
    flags = foot_contacts(joined.motion).copy()
    flags[: max(joined.start - 1, 0)] = False
    flags[joined.stop + 1 :] = False
    return foot_sliding(joined.motion, flags) if flags.any() else 0.0


def _row(name: str, pairs: Sequence[Pair], joined: Sequence[Joined]) -> Row:
    seams = [seam(p, j) for p, j in zip(pairs, joined, strict=True)]
    every = [inside(p, j) for p, j in zip(pairs, joined, strict=True)]
    return Row(
        name=name,
        pairs=len(pairs),
        seam_median=float(np.median(seams)),
        seam_95=float(np.percentile(seams, 95)),
        seam_worst=max(seams),
        over=float(np.mean(np.array(seams) > GOOD)),
        over_from_10=float(
            np.mean([s > GOOD for s, p in zip(seams, pairs, strict=True) if p.gap >= 10])
        ),
        gaps_over=tuple(sorted(p.gap for s, p in zip(seams, pairs, strict=True) if s > GOOD)),
        inside_95=float(np.percentile(every, 95)),
        sliding=float(np.mean([sliding(j) for j in joined])),
        acceleration=float(np.mean([_acceleration(j) for j in joined])),
    )


def _acceleration(joined: Joined) -> float:
    around = slice(max(joined.start - 2, 0), min(joined.stop + 2, len(joined.motion)))
    return acceleration(joined.motion.slice(around.start, around.stop))


def real(dataset: MotionDataset, pairs: Sequence[Pair], seed: int = 1) -> Row:
    """Held-out clips as they are, read over stretches as long as the gaps."""
    rng = np.random.default_rng(seed)
    rows = [i for i in dataset.indices("test") if dataset.clips[i].frames >= SHORTEST + 10]
    joined, stood = [], []
    for pair in pairs:
        motion = dataset.motion(int(rng.choice(rows)))
        length = min(pair.gap, len(motion) - 6)
        start = int(rng.integers(3, len(motion) - length - 2))
        joined.append(Joined(motion, start, start + length, ((start, 0),)))
        stood.append(Pair(motion, motion, motion, length, 0))
    return _row("real motion", stood, joined)


def evaluate(data: Path, bundle: str | None, count: int, say: Callable[[str], None]) -> list[Row]:
    """A row for real motion and for each way of joining."""
    dataset = MotionDataset.open(data)
    pairs = draw_pairs(dataset, count)
    generator = registry.load(bundle)
    rows = [real(dataset, pairs)]
    ways: dict[str, Callable[[Pair], Joined]] = {
        "cut": cut,
        "cross-fade": crossfade,
        "inertialisation": inertial,
        f"synthesised ({generator.name})": lambda pair: synthesised(generator, pair),
    }
    for name, way in ways.items():
        say(f"{name}: {count} pairs")
        rows.append(_row(name, pairs, [way(pair) for pair in pairs]))
    return rows


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    head = (
        "| joined by | pairs | seam median | 95 % | worst | over 1.5 | of gaps from 10 frames "
        "| whole transition 95 % | foot sliding m/s | acceleration m/s² |\n|" + "---|" * 10
    )
    lines = [
        f"| {r.name} | {r.pairs} | {r.seam_median:.2f} | {r.seam_95:.2f} | {r.seam_worst:.2f} "
        f"| {100 * r.over:.1f} % | {100 * r.over_from_10:.1f} % | {r.inside_95:.2f} "
        f"| {r.sliding:.3f} | {r.acceleration:.1f} |"
        for r in rows
    ]
    return "\n".join([head, *lines])


INTRODUCTION = """\
# Transitions, measured

`motion-studio eval transitions --data DATA --out docs/transitions.json` joins {pairs} random
pairs of held-out clips (fixed seed), each cut at a random frame, with gaps of 5 to 100 frames at
20 fps. The seam is the jump of the worst joint in position, rotation or velocity where one motion
takes over from another, relative to the two clips' own largest step (`motion/joins.py`); up to 1.5
it is green on the timeline. Cross-fade and inertialisation act over at most half a second, and are
read over all of it; synthesis is read at both of its seams and, in the eighth column, over every
frame it made. It is given no text, and the best of three takes counts, as in the studio.

"""


CONCLUSION = """

The gaps with a seam over 1.5 after synthesis, in frames: {over}. What is left are poses so far
apart that a hand has to cross up to a metre in a quarter of a second; no path does that at the pace
of clips that hardly move, and the timeline shows such a seam in amber or red. Standing feet slide
{sliding} as fast as real ones.
"""


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.evaluate.transitions --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundle", help="the default one if not given")
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--out", type=Path, help="JSON; the table is written beside it as .md")
    options = parser.parse_args(arguments)
    rows = evaluate(options.data, options.bundle, options.pairs, print)
    print(table(rows))
    if options.out:
        _write(options.out, json.dumps([asdict(r) for r in rows], indent=1) + "\n")
        over = ", ".join(str(gap) for gap in rows[-1].gaps_over) or "none"
        text = (
            INTRODUCTION.format(pairs=options.pairs)
            + table(rows)
            + CONCLUSION.format(
                over=over, sliding=f"{rows[-1].sliding / rows[0].sliding:.2f} times"
            )
        )
        _write(options.out.with_suffix(".md"), text)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    main()
