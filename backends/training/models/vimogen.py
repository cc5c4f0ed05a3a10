"""ViMoGen-light: rectified flow over motion tokens with a text-conditioned diffusion transformer.

ViMoGen (2025), sections 3.1 to 3.3: x_t = (1 - t) eps + t x0, the network predicts v = x0 - eps
(eq. 1 and 2), every block attends to itself and then to all tokens of the text. Here x is a
sequence of patch latents (:mod:`backends.features.patches`).

Shapes: B batch, N motion tokens, C latent channels, L text tokens, D width, H heads.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class FlowConfig:
    """Size of the diffusion transformer."""

    channels: int = 128
    width: int = 256
    layers: int = 8
    heads: int = 4
    text_width: int = 384
    max_tokens: int = 64


#: The paper's backbone is Wan2.1 1.3B: 30 layers, width 1536, 12 heads (ViMoGen, appendix E).
PAPER = FlowConfig(width=1536, layers=30, heads=12, text_width=4096, max_tokens=256)


class FlowTransformer(nn.Module):
    """Predicts the velocity of noisy tokens, given text and tokens that are held."""

    def __init__(self, config: FlowConfig) -> None:
        super().__init__()
        self.config = config
        width = config.width
        # Noisy tokens, the tokens that are held, and which those are.
        self.enter = nn.Linear(2 * config.channels + 1, width)
        self.text = nn.Linear(config.text_width, width)
        self.null = nn.Parameter(torch.randn(1, 1, width) * 0.02)
        self.time = nn.Sequential(nn.Linear(256, width), nn.SiLU(), nn.Linear(width, width))
        self.pooled = nn.Sequential(nn.Linear(width, width), nn.SiLU(), nn.Linear(width, width))
        # One modulation shared by all blocks, each with an offset of its own (PixArt-alpha, 2023).
        self.modulate = nn.Linear(width, 6 * width)
        self.blocks = nn.ModuleList([Block(config) for _ in range(config.layers)])
        self.last_norm = nn.LayerNorm(width, elementwise_affine=False)
        self.last_modulate = nn.Linear(width, 2 * width)
        self.leave = nn.Linear(width, config.channels)
        cosine, sine = rotary_table(config.max_tokens, width // config.heads)
        self.register_buffer("cosine", cosine, persistent=False)
        self.register_buffer("sine", sine, persistent=False)
        for layer in (self.modulate, self.last_modulate, self.leave):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self,
        x: Tensor,
        t: Tensor,
        text: Tensor,
        text_mask: Tensor,
        known: Tensor,
        known_mask: Tensor,
        token_mask: Tensor,
    ) -> Tensor:
        """Velocity ``[B, N, C]``.

        Args:
            x: ``[B, N, C]`` noisy tokens.
            t: ``[B]`` time, 0 noise to 1 motion.
            text: ``[B, L, 384]`` hidden states of the text encoder.
            text_mask: ``[B, L]`` 1 where a text token counts; all zero means no text.
            known: ``[B, N, C]`` the clean tokens that are held, zero elsewhere.
            known_mask: ``[B, N]`` 1 where a token is held.
            token_mask: ``[B, N]`` 1 for a token, 0 for padding.
        """
        held = known_mask[..., None]
        h = self.enter(torch.cat([x * (1 - held) + known * held, known, held], dim=-1))
        words, word_bias, pooled = self._read(text, text_mask)
        condition = F.silu(self.time(time_features(t)) + pooled)
        modulation = self.modulate(condition).view(-1, 6, self.config.width)
        token_bias = (token_mask[:, None, None, :] - 1.0) * 1e4
        tokens = x.shape[1]
        cosine, sine = self.cosine[:tokens].to(h.dtype), self.sine[:tokens].to(h.dtype)  # type: ignore[index]
        for block in self.blocks:
            h = block(h, modulation, token_bias, words, word_bias, cosine, sine)
        shift, scale = self.last_modulate(condition)[:, None].chunk(2, dim=-1)
        return self.leave(self.last_norm(h) * (1 + scale) + shift)

    def _read(self, text: Tensor, mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Text tokens behind one learned null token ``[B, 1 + L, D]``, their bias, their mean."""
        states = self.text(text)
        pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)
        some = mask.amax(dim=1, keepdim=True)
        pooled = self.pooled(pooled * some + self.null[:, 0] * (1 - some))
        null = self.null.expand(text.shape[0], -1, -1)
        full = torch.cat([torch.ones_like(mask[:, :1]), mask], dim=1)
        return torch.cat([null, states], dim=1), (full[:, None, None, :] - 1.0) * 1e4, pooled


class Block(nn.Module):
    """Self-attention, cross-attention to the text, and a feed-forward layer."""

    def __init__(self, config: FlowConfig) -> None:
        super().__init__()
        width = config.width
        self.heads = config.heads
        self.offset = nn.Parameter(torch.zeros(1, 6, width))
        self.norm1 = nn.LayerNorm(width, elementwise_affine=False)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.ask = nn.Linear(width, width)
        self.tell = nn.Linear(width, 2 * width)
        self.told = nn.Linear(width, width)
        self.norm3 = nn.LayerNorm(width, elementwise_affine=False)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width),
            nn.GELU(approximate="tanh"),
            nn.Linear(4 * width, width),
        )

    def forward(
        self,
        h: Tensor,
        modulation: Tensor,
        token_bias: Tensor,
        words: Tensor,
        word_bias: Tensor,
        cosine: Tensor,
        sine: Tensor,
    ) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = (modulation + self.offset).split(1, dim=1)
        q, k, v = self.qkv(self.norm1(h) * (1 + scale1) + shift1).chunk(3, dim=-1)
        q, k = rotate(self._split(q), cosine, sine), rotate(self._split(k), cosine, sine)
        h = h + gate1 * self.out(self._attend(q, k, self._split(v), token_bias))
        k, v = self.tell(words).chunk(2, dim=-1)
        q = self._split(self.ask(self.norm2(h)))
        h = h + self.told(self._attend(q, self._split(k), self._split(v), word_bias))
        return h + gate2 * self.feed(self.norm3(h) * (1 + scale2) + shift2)

    def _split(self, x: Tensor) -> Tensor:
        """``[B, N, D]`` -> ``[B, H, N, D / H]``."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)

    def _attend(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
        return attended.transpose(1, 2).flatten(-2)


def rotary_table(length: int, size: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines ``[length, size / 2]`` of rotary positions (Su et al. 2021)."""
    frequency = 10000 ** (-torch.arange(0, size, 2) / size)
    angle = torch.arange(length)[:, None] * frequency
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Turn each half-split pair of ``x[..., N, size]`` by its position's angle."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cosine - b * sine, a * sine + b * cosine], dim=-1)


def time_features(t: Tensor, size: int = 256) -> Tensor:
    """Sinusoids ``[B, size]`` of times ``t[B]`` in [0, 1], periods from 0.006 to 60."""
    frequency = torch.exp(
        -math.log(10000.0) * torch.arange(size // 2, device=t.device) / (size // 2)
    )
    angle = 1000.0 * t[:, None] * frequency
    return torch.cat([angle.cos(), angle.sin()], dim=-1)


def flow_loss(
    model: nn.Module,
    x0: Tensor,
    text: Tensor,
    text_mask: Tensor,
    known_mask: Tensor,
    token_mask: Tensor,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Mean squared error of the velocity over the tokens that are neither padding nor held.

    ``x0[B, N, C]`` are clean tokens. Times are drawn logit-normal (Esser et al. 2024): the middle
    of the path is where the network has most to decide.
    """
    t = torch.sigmoid(torch.randn(len(x0), generator=generator))
    eps = torch.randn(x0.shape, generator=generator)
    mix = t[:, None, None]
    held = known_mask[..., None]
    x = (1 - mix) * eps + mix * x0
    v = model(x, t, text, text_mask, x0 * held, known_mask, token_mask)
    count = token_mask * (1 - known_mask)
    error = (v.float() - (x0 - eps)).square().mean(-1)
    return (error * count).sum() / count.sum().clamp(min=1.0)
