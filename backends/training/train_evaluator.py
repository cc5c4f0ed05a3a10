"""``motion-studio train evaluator``: the text-motion model that metrics and search read."""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backends.features import evaluation
from backends.training.data.dataset import MotionDataset
from backends.training.evaluate.metrics import r_precision
from backends.training.loop import Trainer
from backends.training.models.evaluator import Evaluator, EvaluatorConfig
from backends.training.recipes import Schedule
from backends.training.tokens import Tokens

SCHEDULE = Schedule(steps=1200, batch=128, rate=5e-4, decay=0.0, average=0.995)


class Pairs:
    """Motions and captions: whole clips, mirrored or not, cut at random to vary their length."""

    def __init__(
        self,
        dataset: MotionDataset,
        tokens: Tokens,
        splits: Sequence[str],
        config: EvaluatorConfig,
        seed: int,
    ) -> None:
        self.config, self.tokens = config, tokens
        keep = [k for k, c in enumerate(tokens.clips) if c[2] in splits]
        self.items = [(k, m) for k in keep for m in (False, True)]
        self.features = {
            (k, m): evaluation.encode(dataset.motion(tokens.rows[k], mirrored=m)).astype(np.float16)
            for k, m in self.items
        }
        weights = np.array([tokens.clips[k][3] for k, _ in self.items])
        self.chance = weights / weights.sum()
        self.rng = np.random.default_rng(seed)

    def draw(self, batch: int, crop: bool = True) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """``motion[B, T, 135]``, its mask ``[B, T / 4]``, ``text[B, L, 384]``, its mask."""
        picks = self.rng.choice(len(self.items), batch, p=self.chance)
        motions, texts = [], []
        for i in picks:
            k, mirrored = self.items[i]
            motions.append(self._cut(self.features[k, mirrored], crop))
            choices = self.tokens.captions[k][int(mirrored)]
            texts.append(self.tokens.caption(choices[int(self.rng.integers(len(choices)))]))
        return (*pad(motions, self.config.stride), *pad(texts, 1))

    def _cut(self, features: np.ndarray, crop: bool) -> np.ndarray:
        stride = self.config.stride
        most = min(len(features), self.config.max_frames) // stride * stride
        count = most
        if crop and most > 40 and self.rng.random() < 0.5:
            count = int(self.rng.integers(30, most + 1)) // stride * stride
        start = int(self.rng.integers(0, len(features) - count + 1))
        return features[start : start + count]


def pad(arrays: Sequence[np.ndarray], stride: int) -> tuple[Tensor, Tensor]:
    """Arrays ``[T_i, F]`` to ``[B, T, F]`` float32 and a mask ``[B, T / stride]``."""
    longest = max(len(a) for a in arrays)
    out = np.zeros((len(arrays), longest, arrays[0].shape[1]), np.float32)
    mask = np.zeros((len(arrays), longest // stride), np.float32)
    for k, a in enumerate(arrays):
        out[k, : len(a)] = a
        mask[k, : len(a) // stride] = 1
    return torch.from_numpy(out), torch.from_numpy(mask)


def train_evaluator(
    data: Path, prepared: Path, folder: Path, threads: int, say: Callable[[str], None]
) -> None:
    """Train in ``folder`` on every licence group; ``prepared`` is of a recipe that has them all."""
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    config = EvaluatorConfig()
    dataset, tokens = MotionDataset.open(data), Tokens(prepared)
    pairs = Pairs(dataset, tokens, ("train",), config, 0)
    held_out = Pairs(dataset, tokens, ("val",), config, 1)
    held_out.chance = np.full(len(held_out.items), 1 / len(held_out.items))
    network = Evaluator(config)

    def loss(_: int) -> tuple[Tensor, dict[str, float]]:
        motion, motion_mask, text, text_mask = pairs.draw(SCHEDULE.batch)
        # Noise keeps the encoder from telling sources apart by their capture noise.
        motion = motion + 0.02 * torch.randn_like(motion)
        with torch.autocast("cpu", torch.bfloat16):
            a = network.motion(motion, motion_mask)
            b = network.text(text, text_mask)
        return network.loss(a.float(), b.float(), _caption_similarity(text, text_mask)), {}

    batches = [held_out.draw(128, crop=False) for _ in range(4)]

    @torch.no_grad()
    def check(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, Evaluator)
        average.eval()
        a = torch.cat([average.motion(m, mm) for m, mm, _, _ in batches]).numpy()
        b = torch.cat([average.text(t, tm) for _, _, t, tm in batches]).numpy()
        top = np.mean([r_precision(a, b, np.random.default_rng(s)) for s in range(5)], axis=0)
        return {"top1": float(top[0]), "top3": float(top[2])}

    average = copy.deepcopy(network).requires_grad_(False)
    Trainer(network, average, SCHEDULE, folder, loss, check, say).run()


def _caption_similarity(states: Tensor, mask: Tensor) -> Tensor:
    """Cosine ``[B, B]`` of the captions' mean states, which is all-MiniLM's own sentence vector."""
    mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)
    mean = torch.nn.functional.normalize(mean, dim=-1)
    return mean @ mean.T
