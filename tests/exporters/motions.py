"""Motions to write and read: random skeletons and rotations, and real clips."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY, Skeleton


def random_skeleton(rng: np.random.Generator, joints: int, *, rest_turns: bool = False) -> Skeleton:
    """A tree of any shape whose longest path is about a person's, rest pose above the ground."""
    parents = [-1, *(int(rng.integers(0, i)) for i in range(1, joints))]
    offsets = rng.normal(size=(joints, 3))
    offsets *= 1.5 / max(np.linalg.norm(offsets[1:], axis=1).sum(), 1e-3)
    turns = rot.normalize(rng.normal(size=(joints, 4))) if rest_turns else None
    names = tuple(f"joint {i}" if i % 3 else f"j_{i}" for i in range(joints))
    skeleton = Skeleton("random", names, tuple(parents), offsets, (), turns)
    offsets[0, 1] -= skeleton.rest_world[0][:, 1].min()
    return Skeleton("random", names, tuple(parents), offsets, (), turns)


def random_motion(
    seed: int,
    frames: int,
    skeleton: Skeleton | None = None,
    *,
    joints: int = 8,
    rest_turns: bool = False,
    moving: bool = False,
    fps: float = 30.0,
) -> Motion:
    """Uniformly random rotations, gimbal lock and half turns included."""
    rng = np.random.default_rng(seed)
    skeleton = skeleton or random_skeleton(rng, joints, rest_turns=rest_turns)
    count = len(skeleton)
    rotations = rot.normalize(rng.normal(size=(frames, count, 4)))
    if frames > 1:
        rotations[1] = rot.from_euler(np.full((count, 3), 0.5 * np.pi), "ZXY")
    local = None
    if moving:
        local = skeleton.rest_offsets + rng.normal(scale=0.05, size=(frames, count, 3))
    root = rng.normal(size=(frames, 3)) + [0.0, 1.0, 0.0]
    return Motion(skeleton, fps, root, rotations, local)


@st.composite
def motions(draw: st.DrawFn, *, rest_turns: bool = True) -> Motion:
    """Motions of any skeleton, length and usual frame rate."""
    return random_motion(
        draw(st.integers(0, 2**32 - 1)),
        draw(st.integers(1, 12)),
        joints=draw(st.integers(1, 12)),
        rest_turns=rest_turns and draw(st.booleans()),
        moving=draw(st.booleans()),
        fps=draw(st.sampled_from([12.0, 24.0, 25.0, 30000 / 1001, 30.0, 60.0, 120.0])),
    )


def body_motion(seed: int = 0, frames: int = 20) -> Motion:
    """Random motion of our own body."""
    return random_motion(seed, frames, BODY)


def same_world(a: Motion, b: Motion) -> tuple[float, float]:
    """Largest difference of joints of the same name: degrees from frame to frame, and metres.

    Frames of joints may be laid out differently, so rotations are compared by how far each joint
    has turned since the first frame.
    """
    order = [b.skeleton.index(name) for name in a.skeleton.joints]
    distance = np.abs(a.positions - b.positions[:, order]).max()
    turns = [
        rot.multiply(m.world_from_joint, rot.conjugate(m.world_from_joint[:1])) for m in (a, b)
    ]
    angle = rot.angle_between(turns[0], turns[1][:, order]).max()
    return float(np.degrees(angle)), float(distance)


def clips(archive: Path, step: int = 1) -> list[tuple[str, bytes]]:
    """Name and content of every ``step``-th file in a zip."""
    with zipfile.ZipFile(archive) as opened:
        return [(name, opened.read(name)) for name in opened.namelist()[::step]]
