"""Latents back to poses: a linear read-out plus a convolutional network that tidies it.

The linear part alone is PCA's inverse. The network sees a few tokens on either side, so it can
join patches, plant feet and repair what a sampler leaves slightly wrong; it is trained on latents
with noise added, against forward kinematics.

Shapes: B batch, N tokens, C channels, D width, T = 4 N frames.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from backends.training.kinematics import BodyKinematics, chain_patches, matrix_from_sixd

FRAMES = 4
POSE = 135
CONTACTS = 4

#: Joints that carry contact: left ankle, left foot, right ankle, right foot.
FEET = (7, 10, 8, 11)


@dataclass(frozen=True)
class DecoderConfig:
    """Size of the decoder."""

    channels: int = 128
    width: int = 320
    layers: int = 4
    kernel: int = 5


class PoseDecoder(nn.Module):
    """``z[B, N, C]`` -> poses ``[B, T, 135]``, steps ``[B, N, 4]``, contacts ``[B, T, 4]``."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        self.config = config
        self.linear = nn.Linear(config.channels, FRAMES * POSE + 4)
        self.enter = nn.Linear(config.channels, config.width)
        self.blocks = nn.ModuleList([_Block(config) for _ in range(config.layers)])
        self.norm = nn.LayerNorm(config.width)
        self.leave = nn.Linear(config.width, FRAMES * (POSE + CONTACTS) + 4)
        nn.init.zeros_(self.leave.weight)
        nn.init.zeros_(self.leave.bias)

    def forward(self, z: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h = self.enter(z)
        for block in self.blocks:
            h = block(h)
        tidied = self.leave(self.norm(h))
        plain = self.linear(z)
        size = FRAMES * POSE
        poses = (plain[..., :size] + tidied[..., :size]).reshape(z.shape[0], -1, POSE)
        steps = plain[..., size:] + tidied[..., size : size + 4]
        contacts = tidied[..., size + 4 :].reshape(z.shape[0], -1, CONTACTS)
        return poses, steps, torch.sigmoid(contacts)


class _Block(nn.Module):
    """Depthwise convolution over time, then a feed-forward layer (ConvNeXt, Liu et al. 2022)."""

    def __init__(self, config: DecoderConfig) -> None:
        super().__init__()
        width = config.width
        self.mix = nn.Conv1d(width, width, config.kernel, padding=config.kernel // 2, groups=width)
        self.norm = nn.LayerNorm(width)
        self.feed = nn.Sequential(
            nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width)
        )
        self.gain = nn.Parameter(torch.full((width,), 0.1))

    def forward(self, h: Tensor) -> Tensor:
        mixed = self.mix(h.transpose(1, 2)).transpose(1, 2)
        return h + self.gain * self.feed(self.norm(mixed))


def decoder_loss(
    decoder: PoseDecoder,
    body: BodyKinematics,
    z: Tensor,
    poses: Tensor,
    steps: Tensor,
    contacts: Tensor,
) -> tuple[Tensor, dict[str, float]]:
    """Loss against true ``poses[B, T, 135]``, ``steps[B, N, 4]`` and ``contacts[B, T, 4]``.

    Positions come from forward kinematics along the whole window, so velocity and acceleration
    are judged across the borders of patches too, and a foot that truly stands must not move.
    """
    got_poses, got_steps, got_contacts = decoder(z)
    with torch.no_grad():
        want = body(*chain_patches(poses, steps, FRAMES))
        near = _near(body, poses)
    joints = body(*chain_patches(got_poses, got_steps, FRAMES))
    speed, want_speed = joints.diff(dim=1), want.diff(dim=1)
    standing = (contacts[:, 1:] * contacts[:, :-1])[..., None]
    feet = speed[:, :, FEET]
    parts = {
        "pose": F.mse_loss(got_poses, poses) * 4,
        "step": F.mse_loss(got_steps, steps) * 40,
        "joints": F.l1_loss(_near(body, got_poses), near) * 4,
        "velocity": F.l1_loss(speed, want_speed) * 40,
        "acceleration": F.l1_loss(speed.diff(dim=1), want_speed.diff(dim=1)) * 40,
        "feet": (feet.abs() * standing).sum() / (standing.sum() * 3 + 1) * 40,
        "contact": F.binary_cross_entropy(got_contacts.float(), contacts) * 0.1,
    }
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(value.detach()) for name, value in parts.items()}


def _near(body: BodyKinematics, poses: Tensor) -> Tensor:
    """Joint positions of each frame in its own patch's frame, ``[B, T, 22, 3]``."""
    local = matrix_from_sixd(poses[..., 3:].unflatten(-1, (22, 6)))
    return body(poses[..., :3], local)
