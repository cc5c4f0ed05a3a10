"""Networks of the sizes that other text to motion systems publish, with random weights.

For timing only: what they compute is noise. Each keeps to the generator itself (no text encoder, no
decoder to motion), which favours them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Peer:
    """One published configuration.

    Attributes:
        name: The system.
        source: Where the sizes are stated.
        build: Makes the network and returns one unit of its sampling loop.
        units: How many units one 4 s take needs, by variant.
        timed: How many units a timing runs; the rest is multiplied.
    """

    name: str
    source: str
    build: Callable[[], Callable[[], object]]
    units: dict[str, int]
    timed: int


class _Encoder(nn.Module):
    """A transformer encoder between linear layers, as diffusion and masked models use."""

    def __init__(self, channels: int, width: int, layers: int, heads: int, feed: int) -> None:
        super().__init__()
        block = nn.TransformerEncoderLayer(
            width, heads, feed, activation="gelu", batch_first=True, dropout=0.0
        )
        self.enter = nn.Linear(channels, width)
        self.blocks = nn.TransformerEncoder(block, layers, enable_nested_tensor=False)
        self.leave = nn.Linear(width, channels)

    def forward(self, x: Tensor) -> Tensor:
        return self.leave(self.blocks(self.enter(x)))


def _guided(
    channels: int, tokens: int, width: int, layers: int, heads: int, feed: int
) -> Callable[[], object]:
    """One guided evaluation: with and without text, stacked."""
    network = _Encoder(channels, width, layers, heads, feed).eval()
    x = torch.randn(2, tokens, channels)

    @torch.inference_mode()
    def step() -> Tensor:
        return network(x)

    return step


class _CachedBlock(nn.Module):
    """A decoder block that attends to the keys and values of all tokens before."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.feed = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )

    def forward(self, h: Tensor, past: Tensor | None) -> tuple[Tensor, Tensor]:
        batch, tokens, _ = h.shape
        qkv = self.qkv(self.norm1(h)).view(batch, tokens, 3, self.heads, -1)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        cache = torch.stack([k, v]) if past is None else torch.cat([past, torch.stack([k, v])], 3)
        seen = F.scaled_dot_product_attention(q, cache[0], cache[1])
        h = h + self.out(seen.transpose(1, 2).flatten(-2))
        return h + self.feed(self.norm2(h)), cache


def _autoregressive(
    tokens: int, codes: int, width: int, layers: int, heads: int
) -> Callable[[], object]:
    """A whole sequence, token by token, with a key-value cache."""
    blocks = nn.ModuleList([_CachedBlock(width, heads) for _ in range(layers)]).eval()
    embed, leave = nn.Embedding(codes + 1, width), nn.Linear(width, codes + 1)

    @torch.inference_mode()
    def sequence() -> Tensor:
        h = torch.randn(1, 1, width)  # the text, one token
        caches: list[Tensor | None] = [None] * layers
        for _ in range(tokens):
            for i, block in enumerate(blocks):
                h, caches[i] = block(h, caches[i])
            chances = leave(h[:, -1]).softmax(-1)
            h = embed(torch.multinomial(chances, 1))
        return h

    return sequence


#: 4 s are 80 frames at the 20 fps of HumanML3D, or 20 tokens at a downsampling of 4.
PEERS = (
    Peer(
        "MDM",
        "Tevet et al. 2023: 8 layers, width 512, feed-forward 1024, 4 heads, 80 frames + text",
        lambda: _guided(263, 81, 512, 8, 4, 1024),
        {"50 guided steps": 50, "1,000 guided steps": 1000},
        timed=5,
    ),
    Peer(
        "T2M-GPT",
        "Zhang et al. 2023: 18 layers, width 1024, 16 heads, 25 tokens, key-value cache",
        lambda: _autoregressive(25, 512, 1024, 18, 16),
        {"25 tokens": 1},
        timed=1,
    ),
    Peer(
        "MoMask",
        "Guo et al. 2024: 8 layers, width 384, feed-forward 1024, 6 heads, 20 tokens + text",
        lambda: _guided(512, 21, 384, 8, 6, 1024),
        {"18 + 5 guided steps": 23},
        timed=23,
    ),
    Peer(
        "Kimodo class",
        "16 layers, width 1024, feed-forward 4096, 16 heads, 120 frames + text",
        lambda: _guided(330, 121, 1024, 16, 16, 4096),
        {"100 guided steps": 100},
        timed=1,
    ),
)
