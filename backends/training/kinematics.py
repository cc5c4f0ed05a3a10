"""Forward kinematics and rotation forms in torch, for losses. The oracle is :mod:`motion`."""

from __future__ import annotations

import torch
from torch import Tensor

from motion.skeleton import BODY, Skeleton


def matrix_from_sixd(d: Tensor) -> Tensor:
    """Rotation matrices ``[..., 3, 3]`` from 6D ``[..., 6]`` by Gram-Schmidt (Zhou et al. 2019)."""
    x = torch.nn.functional.normalize(d[..., :3], dim=-1)
    y = d[..., 3:] - (x * d[..., 3:]).sum(-1, keepdim=True) * x
    y = torch.nn.functional.normalize(y, dim=-1)
    return torch.stack([x, y, torch.linalg.cross(x, y)], dim=-1)


def yaw_matrix(angle: Tensor) -> Tensor:
    """Rotations ``[..., 3, 3]`` by ``angle[...]`` radians about +Y."""
    c, s = torch.cos(angle), torch.sin(angle)
    zero, one = torch.zeros_like(c), torch.ones_like(c)
    rows = ([c, zero, s], [zero, one, zero], [-s, zero, c])
    return torch.stack([torch.stack(row, -1) for row in rows], -2)


class BodyKinematics(torch.nn.Module):
    """Joint positions of a skeleton from root positions and parent-local matrices."""

    def __init__(self, skeleton: Skeleton = BODY) -> None:
        super().__init__()
        self.parents = skeleton.parents
        offsets = torch.tensor(skeleton.rest_offsets, dtype=torch.float32)
        self.register_buffer("offsets", offsets, persistent=False)

    def forward(self, root: Tensor, local: Tensor) -> Tensor:
        """``root[..., 3]``, ``local[..., J, 3, 3]`` -> positions ``[..., J, 3]``."""
        world, positions = [local[..., 0, :, :]], [root]
        for j, parent in enumerate(self.parents[1:], start=1):
            offset = self.offsets[j]  # type: ignore[index]
            positions.append(positions[parent] + world[parent] @ offset)
            world.append(world[parent] @ local[..., j, :, :])
        return torch.stack(positions, dim=-2)


def chain_patches(poses: Tensor, steps: Tensor, frames: int) -> tuple[Tensor, Tensor]:
    """Put poses, each in its patch's frame, end to end.

    Args:
        poses: ``[B, N * frames, 135]`` root position and 22 rotations in 6D.
        steps: ``[B, N, 4]`` dx, dz, cos, sin from each patch to the next.
        frames: Frames of a patch.

    Returns:
        Root positions ``[B, T, 3]`` and local matrices ``[B, T, 22, 3, 3]`` in the frame of the
        first patch.
    """
    batch, tokens = steps.shape[:2]
    angle = torch.atan2(steps[..., 3], steps[..., 2])
    facing = torch.cumsum(angle, dim=1) - angle
    turn = yaw_matrix(facing)  # [B, N, 3, 3]
    flat = torch.stack([steps[..., 0], torch.zeros_like(angle), steps[..., 1]], dim=-1)
    moved = (turn @ flat[..., None])[..., 0]
    origin = torch.cumsum(moved, dim=1) - moved
    turn = turn.repeat_interleave(frames, dim=1)
    origin = origin.repeat_interleave(frames, dim=1)
    local = matrix_from_sixd(poses[..., 3:].reshape(batch, tokens * frames, 22, 6))
    root = (turn @ poses[..., :3, None])[..., 0] + origin
    turned = turn @ local[..., 0, :, :]
    return root, torch.cat([turned[..., None, :, :], local[..., 1:, :, :]], dim=-3)
