"""Batches of motion tokens and captions, drawn from a prepared folder."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from backends.features.patches import LatentStats
from backends.training.prepare import TokenSequence

#: Sequences of one batch are drawn this many batches at a time and sorted by length, so that a
#: batch holds little padding.
POOL = 8


@dataclass(frozen=True)
class Batch:
    """``x[B, N, C]``, ``text[B, L, 384]`` and their masks ``[B, N]``, ``[B, L]``, ``[B, N]``."""

    x: Tensor
    text: Tensor
    text_mask: Tensor
    known_mask: Tensor
    token_mask: Tensor


class Tokens:
    """A prepared folder, held in memory."""

    def __init__(self, folder: Path) -> None:
        document = json.loads((folder / "prepared.json").read_text())
        self.sequences = [TokenSequence(*row) for row in document["sequences"]]
        self.captions: list[tuple[list[int], list[int]]] = document["captions"]
        self.clips: list[tuple[str, str, str, float]] = document["clips"]
        self.rows: list[int] = document["rows"]
        with np.load(folder / "stats.npz") as arrays:
            self.stats = LatentStats.of(dict(arrays))
        self.latents = np.load(folder / "latents.npy")
        self.text = np.load(folder / "text.npy")
        lengths = np.load(folder / "text_lengths.npy")
        self.text_end = np.cumsum(lengths)
        self.text_start = self.text_end - lengths

    def of_split(self, *splits: str) -> list[TokenSequence]:
        """The token sequences whose clip is in one of ``splits``."""
        return [s for s in self.sequences if self.clips[s.clip][2] in splits]

    def caption(self, number: int) -> np.ndarray:
        """Hidden states ``[L, 384]`` of a caption."""
        return self.text[self.text_start[number] : self.text_end[number]]


class BatchSampler:
    """Endless batches for the flow: balanced clips, random crops, dropped texts, held tokens."""

    def __init__(
        self,
        tokens: Tokens,
        sequences: Sequence[TokenSequence],
        batch: int,
        max_tokens: int,
        seed: int,
        drop_text: float = 0.1,
        hold: float = 0.3,
    ) -> None:
        self.tokens, self.sequences = tokens, list(sequences)
        self.batch, self.max_tokens = batch, max_tokens
        self.drop_text, self.hold = drop_text, hold
        self.rng = np.random.default_rng(seed)
        weights = np.array([tokens.clips[s.clip][3] for s in self.sequences])
        self.chance = weights / weights.sum()
        self._pool: list[list[tuple[TokenSequence, int, int]]] = []

    def next(self) -> Batch:
        """The next batch."""
        if not self._pool:
            self._pool = self._draw()
        return self._collate(self._pool.pop())

    def _draw(self) -> list[list[tuple[TokenSequence, int, int]]]:
        """``POOL`` batches of (sequence, first token, tokens), each of similar lengths."""
        picks = self.rng.choice(len(self.sequences), self.batch * POOL, p=self.chance)
        crops = sorted((self._crop(self.sequences[i]) for i in picks), key=lambda c: c[2])
        groups = [crops[i : i + self.batch] for i in range(0, len(crops), self.batch)]
        self.rng.shuffle(groups)  # type: ignore[arg-type]
        return groups

    def _crop(self, sequence: TokenSequence) -> tuple[TokenSequence, int, int]:
        """Usually the whole clip; of long ones often a part, so that every length is seen."""
        count = min(sequence.tokens, self.max_tokens)
        if sequence.tokens > 12 and self.rng.random() < 0.4:
            count = int(self.rng.integers(8, count + 1))
        first = int(self.rng.integers(0, sequence.tokens - count + 1))
        return sequence, first, count

    def _collate(self, crops: list[tuple[TokenSequence, int, int]]) -> Batch:
        longest = max(count for _, _, count in crops)
        channels = self.tokens.latents.shape[1]
        x = np.zeros((len(crops), longest, channels), np.float32)
        token_mask = np.zeros((len(crops), longest), np.float32)
        known_mask = np.zeros((len(crops), longest), np.float32)
        texts = []
        for k, (sequence, first, count) in enumerate(crops):
            start = sequence.start + first
            x[k, :count] = self.tokens.latents[start : start + count]
            token_mask[k, :count] = 1
            known_mask[k, :count] = self._held(count)
            texts.append(self._text(sequence))
        width = max(len(t) for t in texts)
        text = np.zeros((len(crops), width, self.tokens.text.shape[1]), np.float32)
        text_mask = np.zeros((len(crops), width), np.float32)
        for k, states in enumerate(texts):
            text[k, : len(states)] = states
            text_mask[k, : len(states)] = self.rng.random() >= self.drop_text
        return Batch(*map(torch.from_numpy, (x, text, text_mask, known_mask, token_mask)))

    def _text(self, sequence: TokenSequence) -> np.ndarray:
        choices = self.tokens.captions[sequence.clip][int(sequence.mirrored)]
        return self.tokens.caption(choices[int(self.rng.integers(len(choices)))])

    def _held(self, count: int) -> np.ndarray:
        """Which of ``count`` tokens are given: none mostly, else a start, an end, or both."""
        mask = np.zeros(count, np.float32)
        if count < 4 or self.rng.random() >= self.hold:
            return mask
        kind = self.rng.integers(3)
        head = int(self.rng.integers(1, max(2, count // 2))) if kind != 1 else 0
        tail = int(self.rng.integers(1, max(2, count // 2))) if kind != 0 else 0
        mask[:head] = 1
        if tail:
            mask[-tail:] = 1
        return mask if mask.sum() < count else np.zeros(count, np.float32)
