"""From features to integers and back: vector, residual and lookup-free quantization.

All take ``z[..., C]`` and give the quantized features, the indices and a loss. Gradients pass
straight through (van den Oord et al. 2017).
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn


class Quantized(NamedTuple):
    """``z[..., C]`` quantized, ``indices[..., Q]`` for Q levels, and what the loss gains."""

    z: Tensor
    indices: Tensor
    loss: Tensor


class VectorQuantizer(nn.Module):
    """A codebook that follows its features by moving averages; idle codes are put to use again.

    EMA as van den Oord et al. 2017, appendix A.1; reset as T2M-GPT (Zhang et al. 2023).
    """

    codebook: Tensor
    counts: Tensor
    sums: Tensor

    def __init__(self, size: int, channels: int, decay: float = 0.99, commitment: float = 0.25):
        super().__init__()
        self.decay, self.commitment = decay, commitment
        self.register_buffer("codebook", torch.randn(size, channels) * 0.02)
        self.register_buffer("counts", torch.zeros(size))
        self.register_buffer("sums", torch.zeros(size, channels))

    def forward(self, z: Tensor) -> Quantized:
        flat = z.detach().reshape(-1, z.shape[-1]).float()
        if self.training and not bool(self.counts.any()):
            self._start(flat)
        indices = self.nearest(flat)
        if self.training:
            self._follow(flat, indices)
        quantized = self.codebook[indices].reshape(z.shape)
        loss = self.commitment * (z - quantized).square().mean()
        return Quantized(z + (quantized - z).detach(), indices.reshape(*z.shape[:-1], 1), loss)

    def nearest(self, flat: Tensor) -> Tensor:
        """The index ``[N]`` of the code nearest to each row of ``flat[N, C]``."""
        # |z - c|^2 without |z|^2, which is the same for all codes.
        return (self.codebook.square().sum(1) - 2 * flat @ self.codebook.T).argmin(1)

    def decode(self, indices: Tensor) -> Tensor:
        """Features ``[..., C]`` of ``indices[..., 1]``."""
        return self.codebook[indices[..., 0]]

    @torch.no_grad()
    def _start(self, flat: Tensor) -> None:
        self.codebook.copy_(self._some(flat, len(self.codebook)))
        self.sums.copy_(self.codebook)
        self.counts.fill_(1.0)

    @staticmethod
    def _some(flat: Tensor, count: int) -> Tensor:
        """``count`` rows at random, with a little noise where rows have to serve twice."""
        rows = flat[torch.randint(len(flat), (count,))]
        return rows + torch.randn_like(rows) * 0.01 * flat.std(0)

    @torch.no_grad()
    def _follow(self, flat: Tensor, indices: Tensor) -> None:
        used = torch.bincount(indices, minlength=len(self.codebook)).float()
        sums = torch.zeros_like(self.sums).index_add_(0, indices, flat)
        self.counts.lerp_(used, 1 - self.decay)
        self.sums.lerp_(sums, 1 - self.decay)
        # A code that less than one feature in thirty batches comes near is not in use.
        idle = self.counts < 0.03
        fresh = self._some(flat, len(self.codebook))
        self.sums[idle] = fresh[idle]
        self.counts[idle] = 1.0
        self.codebook.copy_(self.sums / self.counts[:, None].clamp(min=1e-3))


class ResidualQuantizer(nn.Module):
    """Several codebooks, each for what the ones before have left (Zeghidour et al. 2021)."""

    def __init__(self, size: int, channels: int, levels: int = 4):
        super().__init__()
        self.levels = nn.ModuleList(VectorQuantizer(size, channels) for _ in range(levels))

    def forward(self, z: Tensor) -> Quantized:
        rest, total, indices = z, torch.zeros_like(z), []
        loss = z.new_zeros(())
        for level in self.levels:
            part = level(rest)
            rest = rest - part.z.detach()
            total = total + part.z.detach()
            indices.append(part.indices)
            loss = loss + part.loss
        return Quantized(z + (total - z).detach(), torch.cat(indices, -1), loss / len(self.levels))

    def decode(self, indices: Tensor) -> Tensor:
        """Features ``[..., C]`` of ``indices[..., Q]``."""
        parts = [
            level.decode(indices[..., q : q + 1])  # type: ignore[operator]
            for q, level in enumerate(self.levels)
        ]
        return torch.stack(parts).sum(0)


class LookupFreeQuantizer(nn.Module):
    """One bit a channel: ``sign(z)``, and the index is the bits read as a number (Yu et al. 2023).

    The entropy loss wants each feature to be sure of its bits, and all bits to be used alike. The
    entropy of the mean is taken bit by bit, which for independent bits is exact and needs no table
    of all ``2^C`` codes.
    """

    powers: Tensor

    def __init__(self, channels: int, entropy: float = 0.05, commitment: float = 0.25):
        super().__init__()
        self.entropy, self.commitment = entropy, commitment
        self.register_buffer("powers", 2 ** torch.arange(channels), persistent=False)

    def forward(self, z: Tensor) -> Quantized:
        signs = torch.where(z > 0, 1.0, -1.0)
        indices = ((signs > 0).long() * self.powers).sum(-1, keepdim=True)
        sure = torch.sigmoid(4 * z.float())  # softmax over the two codes, at temperature 1
        each = _bit_entropy(sure).sum(-1).mean()
        mean = _bit_entropy(sure.reshape(-1, z.shape[-1]).mean(0)).sum()
        loss = self.entropy * (each - mean) + self.commitment * (z - signs).square().mean()
        return Quantized(z + (signs - z).detach(), indices, loss)

    def decode(self, indices: Tensor) -> Tensor:
        """Features ``[..., C]`` of ``indices[..., 1]``."""
        return ((indices // self.powers) % 2).float() * 2 - 1


def _bit_entropy(p: Tensor) -> Tensor:
    """Entropy in nats of bits that are set with probability ``p``."""
    p = p.clamp(1e-6, 1 - 1e-6)
    return -(p * p.log() + (1 - p) * (1 - p).log())
