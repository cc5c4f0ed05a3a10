"""Motion as a sequence of short patches, each in its own place and heading, and their latents.

A patch is a few neighbouring frames of :mod:`backends.features.dart276`, seen from the ground
under the root at the patch's first frame, facing as the root does there. That makes a token of
motion independent of where it happens and local in time: changing one token changes the frames of
one patch and moves, rigidly, what comes after. Tokens that are held therefore stay exact.

A latent is a linear projection of a patch: principal components of the training patches, each
scaled to unit variance (docs/adr/0007 says what is lost and why).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backends.features import dart276
from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton, frozen

#: Frames of a patch.
FRAMES = 4

#: Numbers a decoder gives per frame: root position and 22 rotations in 6D, in the patch's frame.
POSE_SIZE = 135


@dataclass(frozen=True, eq=False)
class LatentStats:
    """The linear map between patches and latents.

    Attributes:
        mean: ``[1104]`` mean of the flattened patches (4 frames x 276).
        weight: ``[1104]`` what each number counts, its group's scale divided out.
        basis: ``[1104, C]`` orthonormal directions of the weighted patches, largest first.
        scale: ``[C]`` standard deviation along each.
    """

    mean: Array
    weight: Array
    basis: Array
    scale: Array

    def __post_init__(self) -> None:
        for name in ("mean", "weight", "basis", "scale"):
            object.__setattr__(self, name, frozen(getattr(self, name)))

    @property
    def channels(self) -> int:
        """Numbers of one latent token, C."""
        return self.basis.shape[1]

    def project(self, patches: Array) -> Array:
        """Latents ``[N, C]`` of flattened patches ``[N, 1104]``."""
        return ((patches - self.mean) * self.weight) @ self.basis / self.scale

    def reconstruct(self, latents: Array) -> Array:
        """The nearest patches ``[N, 1104]`` of latents ``[N, C]``."""
        return (latents * self.scale) @ self.basis.T / self.weight + self.mean

    def arrays(self) -> dict[str, Array]:
        """The fields by name, to be written with a bundle."""
        return {n: getattr(self, n) for n in ("mean", "weight", "basis", "scale")}

    @classmethod
    def of(cls, arrays: Mapping[str, Array]) -> LatentStats:
        """From :meth:`arrays`."""
        return cls(arrays["mean"], arrays["weight"], arrays["basis"], arrays["scale"])


def patch_features(motion: Motion) -> Array:
    """Flattened patches ``[N, 4 * 276]`` of a motion whose length is a multiple of four."""
    features = dart276.encode(motion)
    patches = features.reshape(-1, FRAMES, dart276.SIZE)
    first = motion.rotations[::FRAMES, 0]
    origin = motion.root_positions[::FRAMES] * [1.0, 0.0, 1.0]
    moved = patches.copy()
    moved[..., dart276.TRANSLATION] -= origin[:, None]
    moved[..., dart276.POSITIONS] -= np.tile(origin, 22)[:, None]
    turned = dart276.turn(moved, np.repeat(-rot.heading(first)[:, None], FRAMES, axis=1))
    return turned.reshape(len(patches), -1)


def encode_patches(motion: Motion, stats: LatentStats) -> Array:
    """Latents ``[N, C]`` of ``4 N`` frames of the canonical body."""
    return stats.project(patch_features(motion))


def known_features(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the numbers ``[N, 1104]`` of patches are known where joints ``[4 N, 22]`` are.

    A joint's rotation always; its place and step only where every joint between it and the root is
    known too, and the root at the patch's first frame, from which places are seen.
    """
    frames = mask.reshape(-1, FRAMES, len(BODY))
    chain = frames.copy()
    for joint, parent in enumerate(BODY.parents):
        if parent >= 0:
            chain[..., joint] &= chain[..., parent]
    # Without the patch's own frame the root's heading and place cannot be told.
    placed = chain & frames[:, :1, :1]
    turned = frames.copy()
    turned[..., 0] &= frames[:, :1, 0]
    stays = placed.copy()
    stays[:, :-1] &= placed[:, 1:]
    stays[:, -1] = False
    known = np.zeros((*frames.shape[:2], dart276.SIZE), dtype=bool)
    known[..., dart276.TRANSLATION] = placed[..., :1]
    known[..., dart276.ROTATIONS] = np.repeat(turned, 6, axis=-1)
    known[..., dart276.POSITIONS] = np.repeat(placed, 3, axis=-1)
    known[..., dart276.VELOCITIES] = np.repeat(stays, 3, axis=-1)
    known[..., dart276.TRANSLATION_DELTA] = stays[..., :1]
    known[..., dart276.ORIENTATION_DELTA] = stays[..., :1]
    return known.reshape(len(frames), -1)


def ground_steps(motion: Motion) -> Array:
    """``[N, 4]`` = (dx, dz, cos, sin): each patch's place and heading to the next one's.

    The step of the last patch extrapolates its last displacement.
    """
    root, facing = motion.root_positions, motion.headings
    root = np.concatenate([root, 2 * root[-1:] - root[-2:-1]])[::FRAMES]
    facing = np.concatenate([facing, 2 * facing[-1:] - facing[-2:-1]])[::FRAMES]
    local = rot.rotate(rot.yaw(-facing[:-1]), np.diff(root, axis=0))
    angle = np.diff(facing)
    return np.stack([local[:, 0], local[:, 2], np.cos(angle), np.sin(angle)], axis=-1)


def motion_from_patches(
    poses: Array, steps: Array, fps: float, skeleton: Skeleton = BODY
) -> Motion:
    """The motion of poses ``[4 N, 135]``, each in its patch's frame, chained by ``steps[N, 4]``."""
    angle = np.arctan2(steps[:, 3], steps[:, 2])
    facing = np.concatenate([[0.0], np.cumsum(angle)[:-1]])
    local = np.stack([steps[:, 0], np.zeros(len(steps)), steps[:, 1]], axis=-1)
    origin = np.cumsum(rot.rotate(rot.yaw(facing), local), axis=0)
    origin = np.concatenate([np.zeros((1, 3)), origin[:-1]])
    world = np.repeat(rot.yaw(facing), FRAMES, axis=0)
    root = rot.rotate(world, poses[:, :3]) + np.repeat(origin, FRAMES, axis=0)
    rotations = rot.from_sixd(poses[:, 3:].reshape(len(poses), -1, 6).astype(np.float64))
    rotations[:, 0] = rot.multiply(world, rotations[:, 0])
    return Motion(skeleton, fps, root, rotations)


def reconstruct_poses(patches: Array) -> tuple[Array, Array]:
    """Poses ``[4 N, 135]`` and steps ``[N, 4]`` read straight out of patches ``[N, 1104]``.

    The step to the next patch is the last frame's place plus its displacement.
    """
    frames = patches.reshape(-1, FRAMES, dart276.SIZE)
    last = frames[:, -1]
    end = last[:, dart276.TRANSLATION] + last[:, dart276.TRANSLATION_DELTA]
    root = rot.from_sixd(last[:, 3:9])
    facing = rot.heading(rot.multiply(root, rot.from_sixd(last[:, dart276.ORIENTATION_DELTA])))
    steps = np.stack([end[:, 0], end[:, 2], np.cos(facing), np.sin(facing)], axis=-1)
    return frames[..., :POSE_SIZE].reshape(-1, POSE_SIZE), steps
