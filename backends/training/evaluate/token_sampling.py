"""``python -m backends.training.evaluate.token_sampling``: how to draw a bundle's tokens.

Settings are compared on the validation split, never on the clips that the published table measures.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backends.api import GenerateRequest
from backends.bundle import open_bundle
from backends.evaluator import TextMotionSpace
from backends.motion_lm import MotionLanguageGenerator, TokenSampling
from backends.training.data.dataset import MotionDataset
from backends.training.evaluate import metrics
from backends.training.evaluate.t2m import prompts
from motion.clip import Motion
from motion.quality import measure

REPEATS = 20


@dataclass(frozen=True)
class Row:
    """One setting: the metrics of :mod:`backends.training.evaluate.t2m`."""

    sampling: TokenSampling
    top: tuple[float, float, float]
    fid: float
    distance: float
    diversity: float
    sliding: float
    acceleration: float


def compare(
    bundle: Path,
    settings: Sequence[TokenSampling],
    data: Path,
    evaluator: Path,
    say: Callable[[str], None],
) -> list[Row]:
    """A row for each setting, and one for real motion first."""
    dataset = MotionDataset.open(data)
    space = TextMotionSpace(open_bundle(evaluator))
    asked = prompts(dataset, ["val"])
    texts = space.place_texts([p.text for p in asked])
    real = [dataset.motion(p.clip).slice(0, p.frames) for p in asked]
    places = space.place_motions(real)

    def row(sampling: TokenSampling, motions: Sequence[Motion]) -> Row:
        made = space.place_motions(motions)
        rng = np.random.default_rng(0)
        tops = np.mean([metrics.r_precision(made, texts, rng) for _ in range(REPEATS)], axis=0)
        quality = [measure(m) for m in motions]
        return Row(
            sampling, (float(tops[0]), float(tops[1]), float(tops[2])),
            metrics.frechet_distance(made, places), metrics.matching_distance(made, texts),
            metrics.diversity(made, rng), float(np.mean([q.foot_sliding for q in quality])),
            float(np.mean([q.acceleration for q in quality])),
        )  # fmt: skip

    rows = [row(TokenSampling(), real)]
    opened = open_bundle(bundle)
    for sampling in settings:
        generator = MotionLanguageGenerator(opened, sampling=sampling)
        motions = [
            generator.generate(GenerateRequest(p.text, p.frames, seed=1000 + i), lambda f, n: None)
            for i, p in enumerate(asked)
        ]
        rows.append(row(sampling, [m for (m,) in motions]))
        say(_line(rows[-1]))
    return rows


HEADER = (
    "| temperature | top p | guidance | R top 1 | top 2 | top 3 | FID | MM-Dist "
    "| Diversity | sliding m/s | acceleration m/s² |\n|" + "---|" * 11
)


def _line(row: Row, name: str = "") -> str:
    s = row.sampling
    how = name or f"{s.temperature:g} | {s.top_p:g} | {s.guidance:g}"
    return (
        f"| {how} | {row.top[0]:.3f} | {row.top[1]:.3f} | {row.top[2]:.3f} | {abs(row.fid):.3f} "
        f"| {row.distance:.3f} | {row.diversity:.3f} | {row.sliding:.3f} | {row.acceleration:.2f} |"
    )


def to_markdown(name: str, rows: Sequence[Row]) -> str:
    """The table."""
    real, *rest = rows
    return "\n".join(
        [
            f"# How the tokens of `{name}` are drawn",
            "",
            f"Made by `python -m backends.training.evaluate.token_sampling {name} --data DIR",
            "--settings ... --out FILE` on the captions of the validation split, the clip's own",
            "length, with foot lock. The bundle draws with the setting that has the",
            "best R top 1.",
            "",
            HEADER,
            _line(real, "real motion | | "),
            *(_line(r) for r in rest),
            "",
        ]
    )


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.evaluate.token_sampling NAME --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundles", type=Path, default=Path("assets/bundles"))
    parser.add_argument("--evaluator", type=Path, default=Path("assets/bundles/evaluator"))
    parser.add_argument(
        "--settings", nargs="+", required=True, metavar="TEMPERATURE,TOP_P,GUIDANCE"
    )
    parser.add_argument("--out", type=Path, help="a Markdown file")
    options = parser.parse_args(arguments)
    settings = [TokenSampling(*map(float, text.split(","))) for text in options.settings]
    rows = compare(
        options.bundles / options.name, settings, options.data, options.evaluator,
        lambda line: print(line, flush=True),
    )  # fmt: skip
    if options.out is not None:
        part = options.out.with_name(options.out.name + ".part")
        part.write_text(to_markdown(options.name, rows), encoding="utf-8")
        os.replace(part, options.out)


if __name__ == "__main__":
    main()
