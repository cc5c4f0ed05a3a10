"""``motion-studio eval t2m``: every installed generator on the same held-out descriptions.

One table: real motion, each bundle, and two controls (real motions dealt out at random, and the
mean pose), by the metrics of Guo et al. (2022) and by the measures of :mod:`motion.quality`.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from backends import registry
from backends.api import GenerateRequest
from backends.bundle import open_bundle
from backends.evaluator import TextMotionSpace
from backends.training.data.dataset import MotionDataset
from backends.training.data.take import DataError
from backends.training.evaluate import metrics
from motion import rotations as rot
from motion.clip import Motion
from motion.quality import Quality, measure
from motion.rotations import Array
from motion.skeleton import BODY

REPEATS = 20

#: Texts of the multimodality figure, and takes of each.
MANY_TEXTS, MANY_TAKES = 30, 4

#: Sources with fewer held-out clips than this get no R-precision of their own.
ENOUGH = metrics.BATCH


@dataclass(frozen=True)
class Prompt:
    """A held-out clip and the caption asked for in its place."""

    clip: int
    source: str
    text: str
    frames: int


@dataclass(frozen=True)
class Row:
    """One line of the table: means, and half widths of their 95 % intervals where repeated."""

    name: str
    count: int
    top: tuple[float, float, float]
    top_interval: float
    fid: float
    distance: float
    diversity: float
    multimodality: float | None
    sliding: float
    skating: float
    acceleration: float
    jitter: float
    penetration: float


def prompts(dataset: MotionDataset, splits: Sequence[str], seed: int = 0) -> list[Prompt]:
    """One caption of each held-out clip of at least a second, drawn by ``seed``."""
    rng = np.random.default_rng(seed)
    out = []
    for i, clip in enumerate(dataset.clips):
        if clip.split in splits:
            text = clip.captions[int(rng.integers(len(clip.captions)))]
            source = "bandai-namco" if clip.group == "bandai" else clip.source
            out.append(Prompt(i, source, text, clip.frames // 4 * 4))
    return [p for p in out if p.frames >= 20]


def evaluate(
    data: Path,
    evaluator: Path,
    bundles: Sequence[str],
    splits: Sequence[str],
    steps: int | None,
    guidance: float | None,
    say: Callable[[str], None],
) -> dict[str, list[Row]]:
    """Rows by group: all held-out clips mixed, then each source by itself."""
    dataset = MotionDataset.open(data)
    space = TextMotionSpace(open_bundle(evaluator))
    asked = prompts(dataset, splits)
    texts = space.place_texts([p.text for p in asked])
    real = [dataset.motion(p.clip).slice(0, p.frames) for p in asked]
    motions = {"real motion": real}
    spread: dict[str, float] = {}
    for name in bundles:
        say(f"generating {len(asked)} motions with {name}")
        motions[name] = _generate(name, asked, steps, guidance)
        spread[name] = _multimodality(name, asked, space, steps, guidance)
    order = np.random.default_rng(1).permutation(len(real))
    motions["random real motion"] = [real[i] for i in order]
    motions["mean pose"] = [_mean_pose(real, len(m)) for m in real]
    places = {name: space.place_motions(list_) for name, list_ in motions.items()}
    quality = {name: [measure(m) for m in list_] for name, list_ in motions.items()}
    tables = {}
    sources = sorted({p.source for p in asked})
    for group in ("all", *sources):
        keep = np.array([group in ("all", p.source) for p in asked])
        tables[group] = [
            _row(name, keep, places, places["real motion"], texts, quality[name], spread.get(name))
            for name in motions
        ]
    return tables


def _generate(
    name: str, asked: Sequence[Prompt], steps: int | None, guidance: float | None
) -> list[Motion]:
    generator = registry.load(name)
    return [
        generator.generate(
            GenerateRequest(p.text, p.frames, seed=1000 + i, steps=steps, guidance=guidance),
            lambda fraction, note: None,
        )[0]
        for i, p in enumerate(asked)
    ]


def _multimodality(
    name: str,
    asked: Sequence[Prompt],
    space: TextMotionSpace,
    steps: int | None,
    guidance: float | None,
) -> float:
    generator = registry.load(name)
    takes = []
    for i, p in enumerate(asked[:: max(1, len(asked) // MANY_TEXTS)][:MANY_TEXTS]):
        request = GenerateRequest(
            p.text, p.frames, MANY_TAKES, seed=90000 + 10 * i, steps=steps, guidance=guidance
        )
        takes.append(space.place_motions(generator.generate(request, lambda fraction, note: None)))
    return metrics.multimodality(np.stack(takes))


def _mean_pose(motions: Sequence[Motion], frames: int) -> Motion:
    """The mean pose of all motions, standing still."""
    every = np.concatenate([m.rotations[::20] for m in motions])
    every[:, 0] = rot.multiply(rot.yaw(-rot.heading(every[:, 0])), every[:, 0])
    height = float(np.mean([m.root_positions[:, 1].mean() for m in motions]))
    pose = np.stack([rot.mean(every[:, j]) for j in range(every.shape[1])])
    root = np.tile([0.0, height, 0.0], (frames, 1))
    return Motion(BODY, motions[0].fps, root, np.tile(pose, (frames, 1, 1)))


def _row(
    name: str,
    keep: NDArray[np.bool_],
    places: dict[str, Array],
    real: Array,
    texts: Array,
    quality: Sequence[Quality],
    spread: float | None,
) -> Row:
    motion, text = places[name][keep], texts[keep]
    rng = np.random.default_rng(0)
    count = int(keep.sum())
    half = float("nan")
    top = (half, half, half)
    if count >= ENOUGH:
        tops = np.array([metrics.r_precision(motion, text, rng) for _ in range(REPEATS)])
        first, second, third = tops.mean(axis=0).tolist()
        top = (first, second, third)
        half = metrics.interval(tops[:, 0])[1]
    kept = [q for q, k in zip(quality, keep, strict=True) if k]

    def mean(field: str) -> float:
        return float(np.mean([getattr(q, field) for q in kept]))

    frechet = metrics.frechet_distance(motion, real[keep]) if count > 8 else float("nan")
    return Row(
        name, count, top, half, frechet,
        metrics.matching_distance(motion, text), metrics.diversity(motion, rng), spread,
        mean("foot_sliding"), mean("skating"), mean("acceleration"), mean("jitter"),
        mean("ground_penetration"),
    )  # fmt: skip


def with_kept(tables: dict[str, list[Row]], path: Path) -> dict[str, list[Row]]:
    """The tables with the rows of bundles that were measured before and are not in them.

    Raises:
        DataError: ``path`` was measured on other clips.
    """
    before = json.loads(path.read_text(encoding="utf-8"))
    out = {}
    for group, (real, *rest) in tables.items():
        kept = [Row(**row | {"top": tuple(row["top"])}) for row in before.get(group, ())]
        same = kept and kept[0].count == real.count
        if not same or not np.isclose(kept[0].distance, real.distance, rtol=0, atol=1e-5):
            raise DataError(f"{path.name} was measured on other clips; measure every bundle again.")
        names = {row.name for row in (real, *rest)}
        out[group] = [real, *(row for row in kept if row.name not in names), *rest]
    return out


HEADER = (
    "| | clips | R top 1 | top 2 | top 3 | FID | MM-Dist | Diversity | MModality "
    "| sliding m/s | skating | acceleration m/s² | jerk m/s³ | penetration mm |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


INTRODUCTION = """\
# Text to motion, measured

Made by `motion-studio eval t2m --data DIR --out FILE` with the installed bundles: held-out takes,
one caption each, the clip's own length, each bundle's default sampling and clean-up (foot lock; the
flows' motion is smoothed as well).
R-precision in batches of 32, shuffled 20 times, with 95 % intervals; groups of fewer than 32 clips
have none.
`vimogen-light-open` has never seen Bandai Namco's or HDM05's data, so on those sources, and on all
sources mixed, it is asked for much that it cannot know."""


def to_markdown(tables: dict[str, list[Row]]) -> str:
    """The tables, with sliding and acceleration also relative to real motion's."""
    parts = [INTRODUCTION]
    for group, rows in tables.items():
        real = rows[0]
        lines = [f"### {group}", "", HEADER]
        for r in rows:
            spread = "" if r.multimodality is None else f"{r.multimodality:.3f}"
            lines.append(
                f"| {r.name} | {r.count} | {_shown(r.top[0])} ± {_shown(r.top_interval)} "
                f"| {_shown(r.top[1])} | {_shown(r.top[2])} | {_shown(r.fid)} | {r.distance:.3f} "
                f"| {r.diversity:.3f} | {spread} "
                f"| {r.sliding:.3f} ({_ratio(r.sliding, real.sliding)}) | {r.skating:.3f} "
                f"| {r.acceleration:.2f} ({_ratio(r.acceleration, real.acceleration)}) "
                f"| {r.jitter:.0f} | {1000 * r.penetration:.1f} |"
            )
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _shown(value: float) -> str:
    """Three decimals; a dash where too few clips give no figure."""
    return "-" if np.isnan(value) else f"{abs(value) if abs(value) < 5e-4 else value:.3f}"


def _ratio(value: float, real: float) -> str:
    return f"{value / real:.2f}x" if real > 0 else "-"


def main(arguments: list[str] | None = None) -> None:
    """``motion-studio eval t2m --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--evaluator", type=Path, default=Path("assets/bundles/evaluator"))
    parser.add_argument("--bundles", nargs="*", default=None)
    parser.add_argument("--splits", nargs="+", default=["test"])
    parser.add_argument("--steps", type=int)
    parser.add_argument("--guidance", type=float)
    parser.add_argument("--out", type=Path, help="also write the tables to OUT.md and OUT.json")
    parser.add_argument(
        "--keep", action="store_true", help="keep the rows that OUT.json has of other bundles"
    )
    options = parser.parse_args(arguments)
    if options.keep and options.out is None:
        parser.error("--keep needs --out, whose rows it keeps.")
    names = options.bundles
    if names is None:
        names = [n for n, one in registry.installed("text_to_motion").items() if not one.problem]
    tables = evaluate(
        options.data, options.evaluator, names, options.splits, options.steps, options.guidance,
        lambda line: print(line, flush=True),
    )  # fmt: skip
    if options.keep:
        tables = with_kept(tables, options.out.with_suffix(".json"))
    text = to_markdown(tables)
    print(text)
    if options.out is not None:
        _write(options.out.with_suffix(".md"), text)
        document = {g: [vars(r) for r in rows] for g, rows in tables.items()}
        _write(options.out.with_suffix(".json"), json.dumps(document, indent=1) + "\n")


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


if __name__ == "__main__":
    main()
