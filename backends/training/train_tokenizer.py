"""``motion-studio train tokenizer-KIND-CODES``: motion tokenizers, and the clips they learn from.

``tokenizer-vq-512`` learns from every clip; ``tokenizer-vq-512-narrow`` from none of the sources
that measure how it does out of domain.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backends.features import smpl_d135
from backends.training.data.dataset import MotionDataset
from backends.training.data.take import DataError
from backends.training.loop import Trainer
from backends.training.models.tokenizer import Tokenizer, TokenizerConfig
from backends.training.recipes import Schedule

#: Frames of a training window: 3.2 s.
WINDOW = 64

#: Left out by ``narrow`` runs, and measured on: another studio's captures and animation by hand.
OUT_OF_DOMAIN = frozenset({"cmu", "mesh2motion", "kaykit"})

KINDS = ("vq", "rvq", "lfq2d")

#: No dimension counts for less than this, or stillness would be learned to the last digit.
_LEAST_STD = 0.02


@dataclass(frozen=True)
class TokenizerRun:
    """What a name asks for.

    >>> tokenizer_run("tokenizer-lfq2d-1024-narrow").config.codes
    1024
    """

    config: TokenizerConfig
    narrow: bool
    schedule: Schedule


def tokenizer_run(name: str) -> TokenizerRun:
    """The run of a name; :class:`DataError` if it is none."""
    parts = name.split("-")
    narrow = parts[-1] == "narrow"
    fits = len(parts) == 3 + narrow and parts[0] == "tokenizer" and parts[1] in KINDS
    codes = int(parts[2]) if fits and parts[2].isdigit() else 0
    if not fits or codes < 2 or codes & (codes - 1):
        raise DataError(
            f"'{name}' is no tokenizer; write tokenizer-KIND-CODES with one of {', '.join(KINDS)} "
            "and a power of two, and -narrow to leave out what is measured out of domain."
        )
    kind = parts[1]
    config = TokenizerConfig(kind, codes)  # type: ignore[arg-type]
    # Narrow runs are compared with one another, so they are equally long.
    steps = 2500 if narrow else 3000 if kind == "lfq2d" else 5000
    return TokenizerRun(config, narrow, Schedule(steps=steps, batch=32, rate=4e-4, average=0.995))


class FeatureWindows:
    """Windows of SMPL-D135 features, mirrored or not, drawn by the clips' weights."""

    def __init__(self, dataset: MotionDataset, rows: Sequence[int], seed: int) -> None:
        self.features = [
            smpl_d135.encode(dataset.motion(i, mirrored=mirrored)).astype(np.float32)
            for i in rows
            for mirrored in (False, True)
        ]
        weights = np.array([w for i in rows for w in [_weight(dataset, i)] * 2])
        self.chance = weights / weights.sum()
        self.rng = np.random.default_rng(seed)

    def next(self, batch: int, frames: int = WINDOW) -> Tensor:
        """``[B, frames, 135]``; a clip that is shorter holds its last frame."""
        picks = self.rng.choice(len(self.features), batch, p=self.chance)
        return torch.from_numpy(np.stack([self._cut(self.features[i], frames) for i in picks]))

    def _cut(self, features: np.ndarray, frames: int) -> np.ndarray:
        start = int(self.rng.integers(0, max(len(features) - frames, 0) + 1))
        part = features[start : start + frames]
        if len(part) == frames:
            return part
        held = np.repeat(part[-1:], frames - len(part), axis=0)
        held[:, smpl_d135.VELOCITY] = 0.0
        return np.concatenate([part, held])

    def moments(self) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation ``[135]``."""
        everything = np.concatenate(self.features[::2])
        std = np.maximum(everything.std(0), _LEAST_STD)
        return torch.from_numpy(everything.mean(0)), torch.from_numpy(std)


def _weight(dataset: MotionDataset, row: int) -> float:
    clip = dataset.clips[row]
    return clip.weight * float(np.sqrt(clip.frames))


def rows_of(dataset: MotionDataset, splits: Sequence[str], narrow: bool) -> list[int]:
    """Clips of ``splits`` that a run learns from, or is measured on in domain."""
    rows = dataset.indices(splits)
    if not narrow:
        return rows
    return [i for i in rows if dataset.clips[i].source not in OUT_OF_DOMAIN]


def train_tokenizer(
    name: str, data: Path, folder: Path, threads: int, say: Callable[[str], None]
) -> None:
    """Train the tokenizer ``name`` in ``folder``; goes on where it stopped."""
    run = tokenizer_run(name)
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    dataset = MotionDataset.open(data)
    windows = FeatureWindows(dataset, rows_of(dataset, ["train"], run.narrow), seed=0)
    held_out = FeatureWindows(dataset, rows_of(dataset, ["val"], run.narrow), seed=1)
    network = Tokenizer(run.config)
    mean, std = windows.moments()
    network.mean.copy_(mean)
    network.std.copy_(std)

    def loss(_: int) -> tuple[Tensor, dict[str, float]]:
        network.train()
        total, parts = network.loss(windows.next(run.schedule.batch))
        return total, {k: float(v.detach()) for k, v in parts.items()}

    batches = [held_out.next(64) for _ in range(4)]

    @torch.no_grad()
    def check(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Tokenizer)
        average.eval()
        errors, used = [], set()
        for batch in batches:
            made, indices, _ = average(batch)
            difference = average.positions(made) - average.positions(batch)
            errors.append(float(difference.norm(dim=-1).mean()))
            used |= set(indices.flatten().tolist())
        return {"mm": 1000 * float(np.mean(errors)), "used": len(used) / run.config.codes}

    average = copy.deepcopy(network).requires_grad_(False)
    Trainer(network, average, run.schedule, folder, loss, check, say).run()
