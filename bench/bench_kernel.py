"""The kernel: forward kinematics, resampling, IK and clean-up, against plain loops and libraries.

The naive loop is what one writes first: 4x4 matrices, one joint of one frame at a time. The
libraries are scipy's ``Rotation``, batched over frames, and, where it is installed, the matrix
kinematics of ``smplx`` on torch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from bench import side_by_side, table
from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.ik import foot_lock, smooth, two_bone_ik
from motion.rotations import Array
from motion.skeleton import BODY, forward_kinematics

FPS = 30.0
OFFSETS = BODY.rest_offsets.copy()  # scipy and torch do not take read-only arrays
Work = Callable[[], object]


def main() -> None:
    _kinematics()
    _resampling()
    _limbs()
    _cleaning()


def wander(frames: int) -> Motion:
    """A smooth random walk of the canonical body at ``FPS``."""
    rng = np.random.default_rng(0)
    t = np.arange(frames)[:, None, None] / FPS
    turns = 0.4 * np.sin(rng.uniform(0.5, 3, (22, 3)) * t + rng.uniform(0, 6, (22, 3)))
    x = t[:, 0, 0]
    root = np.stack([np.sin(x), 0.95 + 0.02 * np.sin(5 * x), x], axis=-1)
    return Motion(BODY, FPS, root, rot.from_rotation_vector(turns))


def _kinematics() -> None:
    rows = []
    for frames in (100, 10_000):
        motion = wander(frames)
        root, local = motion.root_positions, motion.rotations
        few = min(frames, 100)  # the naive loop is timed on 100 frames and scaled
        works: dict[str, Work] = {
            "naive loop": lambda root=root[:few], local=local[:few]: naive(root, local),
            "scipy Rotation": lambda root=root, local=local: with_scipy(root, local),
            "motion": lambda root=root, local=local: forward_kinematics(BODY, root, local),
        }
        single = root.astype(np.float32), local.astype(np.float32)
        works["motion, float32"] = lambda single=single: forward_kinematics(BODY, *single)
        peer = with_smplx(root, local)
        if peer is not None:
            works["smplx (torch, float32)"] = peer
        expected = forward_kinematics(BODY, root, local)[0]
        assert np.allclose(naive(root[:few], local[:few]), expected[:few])
        assert np.allclose(with_scipy(root, local), expected)
        times = side_by_side(works, repeats=5)
        times["naive loop"] *= frames / few
        rows += [
            (name, frames, frames / t, times["naive loop"] / t, times["scipy Rotation"] / t)
            for name, t in times.items()
        ]
    head = ("22 joints", "frames", "frames / s", "x naive", "x scipy")
    table("Forward kinematics, positions and rotations of every joint", head, rows)


def naive(root: Array, local: Array) -> Array:
    """Positions ``[T, J, 3]``, a 4x4 matrix at a time."""
    out = np.empty((*local.shape[:2], 3))
    for t in range(len(root)):
        world: list[Array] = []
        for j, parent in enumerate(BODY.parents):
            matrix = np.eye(4)
            matrix[:3, :3] = rot.to_matrix(local[t, j])
            matrix[:3, 3] = root[t] if parent < 0 else BODY.rest_offsets[j]
            world.append(matrix if parent < 0 else world[parent] @ matrix)
            out[t, j] = world[j][:3, 3]
    return out


def with_scipy(root: Array, local: Array) -> Array:
    """Positions ``[T, J, 3]`` with one ``Rotation`` of all frames a joint."""
    out = np.empty((*local.shape[:2], 3))
    world: list[Rotation] = []
    for j, parent in enumerate(BODY.parents):
        turn = Rotation.from_quat(np.roll(local[:, j], -1, axis=-1))
        if parent < 0:
            world.append(turn)
            out[:, j] = root
        else:
            world.append(world[parent] * turn)
            out[:, j] = out[:, parent] + world[parent].apply(OFFSETS[j])
    return out


def with_smplx(root: Array, local: Array) -> Work | None:
    """The same by ``smplx.lbs.batch_rigid_transform``, from quaternions; None if not installed."""
    try:
        import torch
        from smplx.lbs import batch_rigid_transform
    except ImportError:
        return None
    torch.set_num_threads(1)
    rest = torch.tensor(BODY.rest_world[0], dtype=torch.float32)
    parents = torch.tensor(BODY.parents)
    turns = torch.tensor(local, dtype=torch.float32)
    moved = torch.tensor(root - BODY.rest_offsets[0], dtype=torch.float32)[:, None]

    def work() -> object:
        w, x, y, z = turns.unbind(-1)
        matrices = torch.stack(
            [
                1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y),
                2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x),
                2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y),
            ],
            dim=-1,
        ).unflatten(-1, (3, 3))  # fmt: skip
        bodies = rest.expand(len(turns), -1, -1)
        # Its annotations name a type of its own for what are plain tensors.
        joints, _ = batch_rigid_transform(matrices, bodies, parents)  # pyright: ignore[reportArgumentType]
        return joints + moved

    return work


def _resampling() -> None:
    motion = wander(3000)

    def with_slerp() -> Array:
        old, new = np.arange(3000) / FPS, np.arange(5999) / (2 * FPS)
        turns = [Slerp(old, Rotation.from_quat(np.roll(motion.rotations[:, j], -1, axis=-1)))(new)
                 for j in range(22)]  # fmt: skip
        return np.stack([t.as_quat() for t in turns], axis=1)

    assert np.abs(with_slerp()[..., [3, 0, 1, 2]]).shape == motion.resample(60).rotations.shape
    times = side_by_side({"scipy Slerp": with_slerp, "motion": lambda: motion.resample(2 * FPS)})
    table(
        "Resampling 100 s from 30 to 60 fps",
        ("22 joints", "ms", "x scipy"),
        [(name, 1000 * t, times["scipy Slerp"] / t) for name, t in times.items()],
    )


def _limbs() -> None:
    rng = np.random.default_rng(0)
    root, mid, end, target = rng.normal(size=(4, 20_000, 3))

    def one_by_one() -> None:
        for i in range(200):
            two_bone_ik(root[i], mid[i], end[i], target[i])

    times = side_by_side(
        {"one at a time": one_by_one, "batched": lambda: two_bone_ik(root, mid, end, target)}
    )
    times["one at a time"] *= 100
    table(
        "Two-bone IK",
        ("20,000 limbs", "limbs / s", "ratio"),
        [(n, 20_000 / t, times["one at a time"] / t) for n, t in times.items()],
    )


def _cleaning() -> None:
    rows = []
    for frames in (100, 300, 3000):
        motion = wander(frames)
        works: dict[str, Work] = {
            "poses": lambda m=motion: replace(m).positions,
            "contacts": lambda m=motion: foot_contacts(m),
            "smooth": lambda m=motion: smooth(m),
            "foot lock": lambda m=motion: foot_lock(replace(m)),
            "smooth, then foot lock": lambda m=motion: foot_lock(smooth(m)),
            "mirror": lambda m=motion: m.mirror(),
        }
        assert motion.positions.shape  # computed once, so that contacts are timed alone
        for name, t in side_by_side(works, repeats=7).items():
            rows.append((name, frames, 1000 * t, frames / t / FPS))
    table("Cleaning up", ("one core", "frames", "ms", "x real time"), rows)


if __name__ == "__main__":
    main()
