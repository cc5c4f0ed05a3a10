"""A small decoder-only language model over words and motion tokens, for both token systems.

One sequence a training example, the loss on words as well as on motion (Being-M0, section 3.3)::

    text to motion    <text> w w w </text> <motion> m m m m </motion>
    motion to text    <motion> m m m m </motion> <text> w w w </text>

The paper's backbones (GPT-2-medium, LLaMA, Gemma2-2B) take the same sequences with their
vocabularies extended; this one is small enough for a laptop.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

#: Targets that do not count.
IGNORED = -100


@dataclass(frozen=True)
class LanguageConfig:
    """Sizes of the network.

    Attributes:
        vocabulary: All tokens: words, marks, motion.
        width, layers, heads: Of the transformer; ``width / heads`` is even.
        length: The longest sequence.
        dropout: Of the residual branches, in training.
    """

    vocabulary: int
    width: int = 256
    layers: int = 8
    heads: int = 8
    length: int = 512
    dropout: float = 0.1


class MotionLanguageModel(nn.Module):
    """Next-token logits; embeddings are tied to the head."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(_Block(config) for _ in range(config.layers))
        self.norm = nn.RMSNorm(config.width)
        nn.init.normal_(self.embed.weight, std=0.02)
        for block in self.blocks:
            for matrix in (block.out.weight, block.down.weight):  # type: ignore[union-attr]
                nn.init.normal_(matrix, std=0.02 / (2 * config.layers) ** 0.5)  # type: ignore[arg-type]

    def forward(self, ids: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of what follows, with the keys and values of what came before.

        Args:
            ids: ``[B, S]`` tokens to read.
            past: ``[layers, 2, B, heads, P, width / heads]``; P is 0 at the start.

        Returns:
            Logits ``[B, S, vocabulary]`` and the past of P + S tokens.
        """
        x = self.embed(ids)
        before, count = past.shape[4], ids.shape[1]
        where = torch.arange(before, before + count, device=ids.device)
        # A token sees itself and what came before it.
        sees = where[:, None] >= torch.arange(before + count, device=ids.device)[None]
        turn = _turns(where, self.config.width // self.config.heads)
        now = []
        for block, kept in zip(self.blocks, past, strict=True):
            x, keys_values = block(x, kept, sees, turn)
            now.append(keys_values)
        return self.norm(x) @ self.embed.weight.T, torch.stack(now)

    def start(self, batch: int) -> Tensor:
        """The past of nothing."""
        c = self.config
        return torch.zeros(c.layers, 2, batch, c.heads, 0, c.width // c.heads)

    def loss(self, ids: Tensor, targets: Tensor, weights: Tensor) -> Tensor:
        """Cross-entropy of ``targets[B, S]`` given ``ids[B, S]``, each weighted."""
        logits, _ = self(ids, self.start(len(ids)))
        each = nn.functional.cross_entropy(
            logits.float().flatten(0, 1), targets.flatten(), ignore_index=IGNORED, reduction="none"
        )
        weights = weights.flatten() * (targets.flatten() != IGNORED)
        return (each * weights).sum() / weights.sum().clamp(min=1)


class _Block(nn.Module):
    """Attention and a gated feed-forward, each on a normalised copy (Touvron et al. 2023)."""

    def __init__(self, config: LanguageConfig) -> None:
        super().__init__()
        w = config.width
        self.heads = config.heads
        self.before_attention, self.before_forward = nn.RMSNorm(w), nn.RMSNorm(w)
        self.qkv = nn.Linear(w, 3 * w, bias=False)
        self.out = nn.Linear(w, w, bias=False)
        inner = 8 * w // 3 // 32 * 32
        self.gate, self.up = nn.Linear(w, inner, bias=False), nn.Linear(w, inner, bias=False)
        self.down = nn.Linear(inner, w, bias=False)
        self.drop = nn.Dropout(config.dropout)

    def forward(
        self, x: Tensor, past: Tensor, sees: Tensor, turn: tuple[Tensor, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """``x[B, S, W]``, ``past[2, B, H, P, D]`` to the same with S more of both."""
        batch, count, width = x.shape
        qkv = self.qkv(self.before_attention(x)).reshape(batch, count, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # [B, H, S, D] each
        q, k = _turned(q, turn), _turned(k, turn)
        keys_values = torch.cat([past, torch.stack([k, v])], dim=3)
        k, v = keys_values.unbind(0)
        y = nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=sees)
        x = x + self.drop(self.out(y.transpose(1, 2).reshape(batch, count, width)))
        y = self.before_forward(x)
        x = x + self.drop(self.down(nn.functional.silu(self.gate(y)) * self.up(y)))
        return x, keys_values


def _turns(where: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines ``[S, width / 2]`` of rotary positions (Su et al. 2021)."""
    rate = 10000.0 ** (-torch.arange(0, width, 2, device=where.device) / width)
    angle = where[:, None].float() * rate
    return angle.cos(), angle.sin()


def _turned(x: Tensor, turn: tuple[Tensor, Tensor]) -> Tensor:
    """``x[..., S, D]`` with its halves turned against each other by position."""
    cosine, sine = (part.to(x.dtype) for part in turn)
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cosine - b * sine, a * sine + b * cosine], dim=-1)
