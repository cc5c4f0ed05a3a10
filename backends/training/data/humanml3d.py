"""HumanML3D as published: ``new_joint_vecs/ID.npy``, ``texts/ID.txt`` and the split lists.

Text lines are ``caption#tokens#start#end``; start and end in seconds, 0.0 and 0.0 for the whole
clip. ``M000123`` is the mirror image of ``000123`` and is left out: mirroring is done in training.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from backends.training.data.take import Action, DataError, Take
from motion import rotations as rot
from motion.clip import Motion
from motion.retarget import on_ground
from motion.rotations import Array
from motion.skeleton import BODY

FPS = 20.0
ACTION = Action("humanml3d", "action", ("*move",))

_JOINTS = len(BODY)


def takes(source: Path) -> Iterator[Take]:
    """Every clip in the folder ``HumanML3D`` of ``source``."""
    folder = source / "HumanML3D"
    if not (folder / "new_joint_vecs").is_dir():
        return
    for path in sorted((folder / "new_joint_vecs").glob("*.npy")):
        text = folder / "texts" / f"{path.stem}.txt"
        if path.stem.startswith("M") or not text.is_file():
            continue
        whole, spans = parse_texts(text.read_text(encoding="utf-8", errors="replace"))
        yield Take(
            source="humanml3d",
            take=path.stem,
            group="open",
            archive=path,
            member="",
            action=ACTION,
            captions=whole,
            reader="humanml3d",
            spans=spans,
        )


def parse_texts(
    text: str,
) -> tuple[tuple[str, ...], tuple[tuple[float, float, tuple[str, ...]], ...]]:
    """Captions of the whole clip, and ``(start s, stop s, captions)`` of parts of it."""
    whole: list[str] = []
    parts: dict[tuple[float, float], list[str]] = {}
    for line in text.splitlines():
        fields = line.strip().split("#")
        if len(fields) < 4 or not fields[0].strip():
            continue
        start, stop = (_seconds(f) for f in fields[2:4])
        if stop > start:
            parts.setdefault((start, stop), []).append(fields[0].strip())
        else:
            whole.append(fields[0].strip())
    return tuple(whole), tuple((a, b, tuple(c)) for (a, b), c in sorted(parts.items()))


def _seconds(field: str) -> float:
    """The published lists hold ``nan`` for a missing time."""
    try:
        value = float(field)
    except ValueError:
        return 0.0
    return value if np.isfinite(value) else 0.0


def motion_from_features(content: bytes, name: str) -> Motion:
    """Features ``[T, 263]`` (Guo et al. 2022) to motion on the canonical body.

    Joint positions are recovered from root velocities and root-relative positions; the rotations
    in the features belong to another skeleton's inverse kinematics, so ours are fitted to the
    positions: the trunk by its triangles, limbs by the smallest turn from their parent.
    """
    try:
        features = np.load(io.BytesIO(content), allow_pickle=False).astype(float)
    except (ValueError, OSError) as error:
        raise DataError(f"'{name}' is not an array of features ({error}).") from None
    if features.ndim != 2 or features.shape[1] != 263 or not np.isfinite(features).all():
        raise DataError(f"'{name}' has features of shape {features.shape}, not [T, 263].")
    return on_ground(fit_body(joint_positions(features), FPS))


def joint_positions(features: Array) -> Array:
    """World positions ``[T, 22, 3]`` from features ``[T, 263]``, metres, Y up."""
    # Velocities at frame t lead to frame t + 1; the yaw is stored as half angles.
    half = np.concatenate([[0.0], np.cumsum(features[:-1, 0])])
    turn = rot.yaw(-2 * half)
    steps = np.zeros((len(features), 3))
    steps[1:, 0], steps[1:, 2] = features[:-1, 1], features[:-1, 2]
    root = np.cumsum(rot.rotate(turn, steps), axis=0)
    root[:, 1] = features[:, 3]
    relative = features[:, 4 : 4 + 3 * (_JOINTS - 1)].reshape(len(features), _JOINTS - 1, 3)
    joints = rot.rotate(turn[:, None], relative)
    joints[..., [0, 2]] += root[:, None, [0, 2]]
    return np.concatenate([root[:, None], joints], axis=1)


def fit_body(positions: Array, fps: float) -> Motion:
    """Motion on the body whose bones point as those between ``positions[T, 22, 3]`` do."""
    rest = BODY.rest_world[0]
    world = np.zeros((*positions.shape[:2], 4))
    index = BODY.role_index
    for j, parent in enumerate(BODY.parents):
        children = BODY.children[j]
        if BODY.joints[j] == "pelvis":
            world[:, j] = _frame(
                positions, rest, index["left_hip"], index["right_hip"], j, index["spine1"]
            )
        elif BODY.joints[j] == "spine3":
            world[:, j] = _frame(
                positions, rest, index["left_shoulder"], index["right_shoulder"], j, index["neck"]
            )
        elif not children:
            world[:, j] = world[:, parent]
        else:
            child = children[0]
            bone = rot.rotate(world[:, parent], rest[child] - rest[j])
            seen = positions[:, child] - positions[:, j]
            turn = rot.between(rot.unit(bone, rest[child]), rot.unit(seen, bone))
            world[:, j] = rot.multiply(turn, world[:, parent])
    local = world.copy()
    parents = np.array(BODY.parents[1:])
    local[:, 1:] = rot.multiply(rot.conjugate(world[:, parents]), world[:, 1:])
    leg = np.linalg.norm(positions[:, 4] - positions[:, 1], axis=-1).mean()
    ours = np.linalg.norm(rest[4] - rest[1])
    return Motion(BODY, fps, positions[:, 0] * (ours / leg), local)


def _frame(positions: Array, rest: Array, left: int, right: int, low: int, high: int) -> Array:
    """World rotations ``[T, 4]`` that carry a rest triangle's axes onto the measured one's."""

    def axes(p: Array) -> Array:
        across = rot.unit(p[..., left, :] - p[..., right, :], np.array([1.0, 0.0, 0.0]))
        up = p[..., high, :] - p[..., low, :]
        up = up - (up * across).sum(-1, keepdims=True) * across
        up = rot.unit(up, np.array([0.0, 1.0, 0.0]))
        return np.stack([across, up, np.cross(across, up)], axis=-1)

    return rot.from_matrix(axes(positions) @ np.swapaxes(axes(rest), -1, -2))
