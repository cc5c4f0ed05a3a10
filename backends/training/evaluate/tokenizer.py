"""``motion-studio eval tokenizer``: what tokenizers lose, on held-out takes and out of domain.

Being-M0's Table 8 and its figure of codebook use, made again on this data (sections 5.3, C.2):
mean joint error, FID in the evaluator's space, and how much of the codebook is used.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from backends.bundle import open_bundle
from backends.evaluator import TextMotionSpace
from backends.features import smpl_d135
from backends.training.data.dataset import MotionDataset
from backends.training.evaluate import metrics
from backends.training.loop import load_average
from backends.training.models.tokenizer import Tokenizer
from backends.training.train_tokenizer import OUT_OF_DOMAIN, TokenizerRun, tokenizer_run
from motion.clip import Motion
from motion.quality import measure
from motion.rotations import Array


@dataclass(frozen=True)
class Row:
    """One tokenizer on one set of clips.

    Attributes:
        domain: ``held out`` for unseen takes of sources it learned from, else ``out of domain``.
        tokens: Integers a second of motion.
        mm: Mean joint error in millimetres with the root and heading of each frame aligned.
        world_mm: The same in the world, the first frame aligned: with what the path has drifted.
        degrees: Mean error of the parent-local rotations.
        fid: Against the real clips.
        used: Share of the codebook's entries that occur; for each level or part, then the mean.
        perplexity: ``exp`` of the codes' entropy, the mean of levels or parts.
        sliding, real_sliding: Foot sliding in m/s of what was decoded, and of the real clips.
    """

    name: str
    kind: str
    codes: int
    parameters: int
    domain: str
    clips: int
    tokens: float
    mm: float
    world_mm: float
    degrees: float
    fid: float
    used: float
    perplexity: float
    sliding: float
    real_sliding: float


def evaluate(
    names: Sequence[str], data: Path, runs: Path, evaluator: Path, say: Callable[[str], None]
) -> list[Row]:
    """A row for each tokenizer and domain."""
    dataset = MotionDataset.open(data)
    space = TextMotionSpace(open_bundle(evaluator))
    rows = []
    for name in names:
        run = tokenizer_run(name)
        network = Tokenizer(run.config)
        load_average(network, runs / name)
        for domain, clips in _domains(dataset, run).items():
            say(f"{name}: {len(clips)} clips {domain}")
            rows.append(_row(name, run, network, domain, dataset, clips, space))
    return rows


def _domains(dataset: MotionDataset, run: TokenizerRun) -> dict[str, list[int]]:
    held_out = [i for i in dataset.indices("test") if dataset.clips[i].frames >= 20]
    if not run.narrow:
        return {"held out": held_out}
    outside = [i for i, clip in enumerate(dataset.clips) if clip.source in OUT_OF_DOMAIN]
    inside = [i for i in held_out if dataset.clips[i].source not in OUT_OF_DOMAIN]
    return {"held out": inside, "out of domain": outside}


def _row(
    name: str,
    run: TokenizerRun,
    network: Tokenizer,
    domain: str,
    dataset: MotionDataset,
    clips: Sequence[int],
    space: TextMotionSpace,
) -> Row:
    real, made, tokens = [], [], []
    for i in clips:
        motion = dataset.motion(i)
        motion = motion.slice(0, len(motion) // 4 * 4)
        again, indices = reconstruct(network, motion)
        real.append(motion)
        made.append(again)
        tokens.append(indices)
    used, perplexity = codebook_use(np.concatenate(tokens), run.config.codes)
    mm, world = np.mean([joint_error(a, b) for a, b in zip(made, real, strict=True)], axis=0)
    angles = [rotation_error(a, b) for a, b in zip(made, real, strict=True)]
    return Row(
        name=name,
        kind=run.config.kind,
        codes=run.config.codes,
        parameters=sum(p.numel() for p in network.parameters()),
        domain=domain,
        clips=len(clips),
        tokens=tokens[0].shape[1] * dataset.fps / run.config.patch,
        mm=float(1000 * mm),
        world_mm=float(1000 * world),
        degrees=float(np.degrees(np.mean(angles))),
        fid=metrics.frechet_distance(space.place_motions(made), space.place_motions(real)),
        used=used,
        perplexity=perplexity,
        sliding=float(np.mean([measure(m).foot_sliding for m in made])),
        real_sliding=float(np.mean([measure(m).foot_sliding for m in real])),
    )


@torch.no_grad()
def reconstruct(network: Tokenizer, motion: Motion) -> tuple[Motion, np.ndarray]:
    """The motion after its tokens, placed where it began, and the tokens ``[N, Q]``."""
    features = torch.from_numpy(smpl_d135.encode(motion).astype(np.float32))[None]
    indices = network.encode(features)
    made = network.decode(indices)[0].numpy().astype(np.float64)
    again = smpl_d135.decode(made, motion.fps, motion.skeleton)
    turn = float(motion.headings[0] - again.headings[0])
    x, _, z = motion.root_positions[0]
    return again.placed(turn, (x, 0.0, z)), indices[0].numpy()


def joint_error(made: Motion, real: Motion) -> tuple[float, float]:
    """Mean distance of joints in metres: root and heading aligned each frame; and in the world."""
    world = np.linalg.norm(made.positions - real.positions, axis=-1).mean()
    aligned = np.linalg.norm(_around_root(made) - _around_root(real), axis=-1).mean()
    return float(aligned), float(world)


def _around_root(motion: Motion) -> Array:
    around = motion.positions - motion.positions[:, :1]
    cosine, sine = np.cos(motion.headings)[:, None], np.sin(motion.headings)[:, None]
    x, y, z = np.moveaxis(around, -1, 0)
    return np.stack([cosine * x - sine * z, y, sine * x + cosine * z], -1)


def rotation_error(made: Motion, real: Motion) -> float:
    """Mean angle in radians between parent-local rotations, the root's left out."""
    dot = np.abs((made.rotations[:, 1:] * real.rotations[:, 1:]).sum(-1))
    return float((2 * np.arccos(np.clip(dot, 0, 1))).mean())


def codebook_use(tokens: np.ndarray, codes: int) -> tuple[float, float]:
    """Share of codes that occur and perplexity, each the mean over the columns of ``[N, Q]``."""
    shares, perplexities = [], []
    for column in tokens.T:
        count = np.bincount(column, minlength=codes)
        p = count[count > 0] / count.sum()
        shares.append(len(p) / codes)
        perplexities.append(float(np.exp(-(p * np.log(p)).sum())))
    return float(np.mean(shares)), float(np.mean(perplexities))


INTRODUCTION = """\
# Motion tokenizers, measured

Made by `python -m backends.training.evaluate.tokenizer RUN ... --data DIR --out FILE`: clips to
tokens and back, four frames a token. MPJPE has the root and heading of each frame aligned; in the
world, only the first frame is, so that it holds what the path has drifted. FID is in the
evaluator's space, codes used and perplexity are counted on the clips of the row, the mean of levels
or parts where there are several. Runs trained without CMU, Mesh2Motion and KayKit are the narrow
ones, measured on those as well (out of domain). All are a tenth of the papers' size or less and
trained for minutes, not days."""

HEADER = (
    "| tokenizer | codes | trained on | domain | clips | tokens/s | MPJPE mm | in the world mm "
    "| degrees | FID | codes used | perplexity | sliding m/s (real) |\n|" + "---|" * 13
)


def table(rows: Sequence[Row]) -> str:
    """The rows as Markdown."""
    lines = [
        f"| {r.kind} | {r.codes} | {'some' if r.name.endswith('narrow') else 'all'} | {r.domain} "
        f"| {r.clips} | {r.tokens:.0f} | {r.mm:.1f} | {r.world_mm:.0f} "
        f"| {r.degrees:.2f} | {r.fid:.3f} | {100 * r.used:.0f} % "
        f"| {r.perplexity:.0f} | {r.sliding:.3f} ({r.real_sliding:.3f}) |"
        for r in rows
    ]
    return "\n".join([HEADER, *lines])


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.evaluate.tokenizer NAME ... --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", help="runs, such as tokenizer-vq-512")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--evaluator", type=Path, default=Path("assets/bundles/evaluator"))
    parser.add_argument("--out", type=Path, help="OUT.json gains these rows, OUT.md shows all")
    options = parser.parse_args(arguments)
    rows = evaluate(options.names, options.data, options.runs, options.evaluator, print)
    print(table(rows))
    if options.out:
        path = options.out.with_suffix(".json")
        old = [Row(**row) for row in json.loads(path.read_text())] if path.exists() else []
        every = merged(old, rows)
        _write(path, json.dumps([asdict(r) for r in every], indent=1) + "\n")
        _write(options.out.with_suffix(".md"), f"{INTRODUCTION}\n\n{table(every)}\n")


def merged(old: Sequence[Row], new: Sequence[Row]) -> list[Row]:
    """All rows, new ones in the place of those of the same tokenizer and domain."""
    rows = {(r.name, r.domain): r for r in (*old, *new)}
    return sorted(
        rows.values(), key=lambda r: (r.name.endswith("narrow"), r.domain, r.kind, r.codes)
    )


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    main()
