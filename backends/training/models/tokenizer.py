"""Motion tokenizers: SMPL-D135 features to integers and back, four frames a token.

``vq`` and ``rvq`` see a frame as a vector (Motion-Agent, section 3.1; T2M-GPT). ``lfq2d`` sees a
clip as a picture of one channel, time by components, a strip for each part of the body; every part
is encoded, quantized and decoded for itself, so changing the tokens of one leaves the others as
they are to the bit (Being-M0, section 4.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from backends.features import smpl_d135
from backends.training.kinematics import BodyKinematics, matrix_from_sixd
from backends.training.models.quantizers import (
    LookupFreeQuantizer,
    Quantized,
    ResidualQuantizer,
    VectorQuantizer,
)

PARTS = tuple(smpl_d135.PARTS)


@dataclass(frozen=True)
class TokenizerConfig:
    """A tokenizer's kind and size. :data:`PAPER_VQ` and :data:`PAPER_LFQ` are the papers'.

    Attributes:
        kind: How it quantizes.
        codes: Entries of a codebook; a power of two.
        width: Channels of the convolutions.
        code_width: Channels of a code; ``log2(codes)`` for ``lfq2d``.
        depth: Residual blocks a stage.
        levels: Codebooks, for ``rvq``.
        strip: Pixels that a body part's numbers are spread to, for ``lfq2d``.
    """

    kind: Literal["vq", "rvq", "lfq2d"] = "vq"
    codes: int = 512
    width: int = 192
    code_width: int = 192
    depth: int = 2
    levels: int = 4
    strip: int = 32

    @property
    def patch(self) -> int:
        """Frames a token."""
        return 4

    @property
    def bits(self) -> int:
        return self.codes.bit_length() - 1


PAPER_VQ = TokenizerConfig("vq", 512, width=512, code_width=512, depth=3)
PAPER_LFQ = TokenizerConfig("lfq2d", 2**14, width=768, depth=4, strip=32)


class Tokenizer(nn.Module):
    """``features[B, T, 135]``, T a multiple of four, to ``indices[B, T / 4, Q]`` and back.

    Q is 1 for ``vq``, ``levels`` for ``rvq`` and the number of body parts for ``lfq2d``.
    """

    mean: Tensor
    std: Tensor

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(smpl_d135.SIZE))
        self.register_buffer("std", torch.ones(smpl_d135.SIZE))
        self.body: _Frames | _Strips
        if config.kind == "lfq2d":
            self.body = _Strips(config)
        else:
            self.body = _Frames(config)
        self.kinematics = BodyKinematics()

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Reconstructed features, indices, the quantizer's loss."""
        quantized = self.body.quantizer(self.body.encode(self._normal(features)))
        return self._natural(self.body.decode(quantized.z)), quantized.indices, quantized.loss

    def encode(self, features: Tensor) -> Tensor:
        """``indices[B, T / 4, Q]``."""
        quantized: Quantized = self.body.quantizer(self.body.encode(self._normal(features)))
        return self.body.tokens(quantized.indices)

    def decode(self, indices: Tensor) -> Tensor:
        """``features[B, T, 135]``."""
        z = self.body.quantizer.decode(self.body.untokens(indices))
        return self._natural(self.body.decode(z))

    def loss(self, features: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        """Reconstruction, positions by forward kinematics, their speed, and the quantizer's."""
        with torch.autocast("cpu", torch.bfloat16):
            made, _, quantizing = self(features)
        made = made.float()
        smooth = nn.functional.smooth_l1_loss
        parts = {
            "features": smooth(self._normal(made), self._normal(features)),
            "quantizer": quantizing.float(),
        }
        here, there = self.positions(made), self.positions(features)
        parts["positions"] = smooth(here * 10, there * 10)
        parts["speeds"] = smooth(here.diff(dim=1) * 40, there.diff(dim=1) * 40)
        parts["path"] = smooth(_path(made) * 4, _path(features) * 4)
        total = (
            parts["features"]
            + parts["quantizer"]
            + 0.5 * parts["positions"]
            + 0.25 * parts["speeds"]
            + 0.25 * parts["path"]
        )
        return total, parts

    def positions(self, features: Tensor) -> Tensor:
        """Joints ``[B, T, 22, 3]`` around the root, each frame seen from the heading before it."""
        batch, frames = features.shape[:2]
        sixd = torch.cat(
            [features[..., smpl_d135.ROOT_ROTATION], features[..., smpl_d135.JOINTS]], -1
        )
        local = matrix_from_sixd(sixd.reshape(batch, frames, -1, 6))
        height = features[..., smpl_d135.HEIGHT]
        root = torch.cat([torch.zeros_like(height), height, torch.zeros_like(height)], -1)
        return self.kinematics(root, local)

    def _normal(self, features: Tensor) -> Tensor:
        return (features - self.mean) / self.std

    def _natural(self, features: Tensor) -> Tensor:
        return features.float() * self.std + self.mean


def _path(features: Tensor) -> Tensor:
    """The root's way over the ground ``[B, T, 2]`` in metres at 20 fps, from velocity and turn."""
    root = matrix_from_sixd(features[..., smpl_d135.ROOT_ROTATION])
    # The twist about +Y as motion.rotations.heading has it: 4 w y = m02 - m20, 4 w^2 = 1 + trace.
    trace = root.diagonal(dim1=-2, dim2=-1).sum(-1)
    turn = 2 * torch.atan2(root[..., 0, 2] - root[..., 2, 0], 1 + trace)
    facing = torch.cumsum(turn, 1) - turn
    x, z = features[..., smpl_d135.VELOCITY].unbind(-1)
    step = torch.stack(
        [facing.cos() * x + facing.sin() * z, facing.cos() * z - facing.sin() * x], -1
    )
    return torch.cumsum(step, 1) / 20


class _Frames(nn.Module):
    """Convolutions over time, a frame a vector."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        w, c = config.width, config.code_width
        self.encoder = nn.Sequential(
            nn.Conv1d(smpl_d135.SIZE, w, 3, padding=1),
            *(block for _ in range(2) for block in (_Down1d(w), *_residuals1d(w, config.depth))),
            nn.Conv1d(w, c, 3, padding=1),
        )
        self.decoder = nn.Sequential(
            nn.Conv1d(c, w, 3, padding=1),
            *(block for _ in range(2) for block in (*_residuals1d(w, config.depth), _Up1d(w, w))),
            nn.Conv1d(w, w, 3, padding=1),
            nn.GELU(),
            nn.Conv1d(w, smpl_d135.SIZE, 3, padding=1),
        )
        self.quantizer: VectorQuantizer | ResidualQuantizer
        if config.kind == "rvq":
            self.quantizer = ResidualQuantizer(config.codes, c, config.levels)
        else:
            self.quantizer = VectorQuantizer(config.codes, c)

    def encode(self, x: Tensor) -> Tensor:
        """``[B, T, 135]`` to ``[B, T / 4, C]``."""
        return self.encoder(x.mT).mT

    def decode(self, z: Tensor) -> Tensor:
        """``[B, N, C]`` to ``[B, 4 N, 135]``."""
        return self.decoder(z.mT).mT

    def tokens(self, indices: Tensor) -> Tensor:
        """The quantizer's indices as a clip's tokens."""
        return indices

    def untokens(self, tokens: Tensor) -> Tensor:
        return tokens


class _Strips(nn.Module):
    """Two-dimensional convolutions over time and components, a strip for each part.

    Each part's numbers are spread to ``strip`` pixels by a matrix of its own; the convolutions are
    shared, as they are in a picture, and no kernel reaches from one strip into another.
    """

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self.columns = [smpl_d135.part_columns(p) for p in PARTS]
        self.spread = nn.ModuleList(nn.Linear(len(c), config.strip) for c in self.columns)
        self.gather = nn.ModuleList(nn.Linear(config.width // 2, len(c)) for c in self.columns)
        self.part = nn.Parameter(torch.randn(len(PARTS), config.width) * 0.02)
        half, full, rows = config.width // 2, config.width, config.strip // 8
        self.picture = nn.Sequential(
            nn.Conv2d(1, half, (4, 8), stride=(2, 8), padding=(1, 0)),  # [B P, half, T / 2, rows]
            *_residuals2d(half, 1),
            nn.Conv2d(half, full, (4, rows), stride=(2, rows), padding=(1, 0)),
        )
        self.encoder = nn.Sequential(*_residuals1d(full, 2 * config.depth))
        self.to_code = nn.Conv1d(full, config.bits, 3, padding=1)
        self.from_code = nn.Conv1d(config.bits, full, 3, padding=1)
        self.decoder = nn.Sequential(
            *_residuals1d(full, 2 * config.depth),
            _Up1d(full, half),
            *_residuals1d(half, config.depth),
            _Up1d(half, half),
            nn.GELU(),
            nn.Conv1d(half, half, 3, padding=1),
            nn.GELU(),
        )
        self.quantizer = LookupFreeQuantizer(config.bits)

    def encode(self, x: Tensor) -> Tensor:
        """``[B, T, 135]`` to ``[B, P, T / 4, bits]``."""
        batch, frames = x.shape[:2]
        strips = [spread(x[..., c]) for c, spread in zip(self.columns, self.spread, strict=True)]
        picture = torch.stack(strips, 1).reshape(batch * len(PARTS), 1, frames, -1)
        z = self.encoder(self.picture(picture)[..., 0])
        return self.to_code(z + self._parts(batch)).mT.reshape(
            batch, len(PARTS), -1, self.config.bits
        )

    def decode(self, z: Tensor) -> Tensor:
        """``[B, P, N, bits]`` to ``[B, 4 N, 135]``."""
        batch, parts, count = z.shape[:3]
        flat = z.reshape(batch * parts, count, -1).mT
        y = self.decoder(self.from_code(flat) + self._parts(batch)).mT
        y = y.reshape(batch, parts, 4 * count, -1)
        order = torch.tensor([c for part in self.columns for c in part]).argsort()
        made = [gather(y[:, p]) for p, gather in enumerate(self.gather)]
        return torch.cat(made, -1)[..., order]

    def _parts(self, batch: int) -> Tensor:
        return self.part.repeat(batch, 1)[..., None]

    def tokens(self, indices: Tensor) -> Tensor:
        """``[B, P, N, 1]`` as ``[B, N, P]``."""
        return indices[..., 0].transpose(1, 2)

    def untokens(self, tokens: Tensor) -> Tensor:
        return tokens.transpose(1, 2)[..., None]


class _Down1d(nn.Conv1d):
    def __init__(self, width: int) -> None:
        super().__init__(width, width, 4, stride=2, padding=1)


class _Up1d(nn.Sequential):
    def __init__(self, width: int, out: int) -> None:
        super().__init__(
            nn.Upsample(scale_factor=2, mode="nearest"), nn.Conv1d(width, out, 3, padding=1)
        )


class _Residual(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.layers(x)


def _residuals1d(width: int, depth: int) -> list[nn.Module]:
    """Blocks whose dilation grows by three, widest first as in T2M-GPT."""
    return [
        _Residual(
            nn.GELU(),
            nn.Conv1d(width, width, 3, padding=3**k, dilation=3**k),
            nn.GELU(),
            nn.Conv1d(width, width, 1),
        )
        for k in reversed(range(depth))
    ]


def _residuals2d(width: int, depth: int) -> list[nn.Module]:
    return [
        _Residual(nn.GELU(), nn.Conv2d(width, width, 3, padding=1), nn.GELU(),
                  nn.Conv2d(width, width, 1))
        for _ in range(depth)
    ]  # fmt: skip
