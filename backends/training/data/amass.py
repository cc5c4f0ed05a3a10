"""AMASS as published: ``<data set>/<subject>/<sequence>_poses.npz`` (SMPL+H pose parameters)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from backends.training.data.take import Action, DataError, Take
from motion import rotations as rot
from motion.clip import Motion
from motion.retarget import on_ground
from motion.skeleton import BODY

#: AMASS carries no descriptions; HumanML3D's do, and BABEL's labels.
ACTION = Action("amass", "action", ("*move", "*do something"))

_JOINTS = len(BODY)
#: SMPL's pelvis lies this far above the origin of ``trans`` in the mean body's rest pose, metres.
_PELVIS_OFFSET = np.array([0.0, -0.24, 0.03])
#: Hip to ankle of SMPL's mean body along its rest pose, metres.
_SMPL_LEG = 0.80


def takes(source: Path) -> Iterator[Take]:
    """Every sequence under the folder ``amass`` of ``source``, or under ``source`` itself."""
    folder = source / "amass" if (source / "amass").is_dir() else source
    for path in sorted(folder.rglob("*_poses.npz")):
        name = path.relative_to(folder).as_posix().removesuffix("_poses.npz")
        words = Path(name).name.replace("_", " ").replace("-", " ").strip().lower()
        yield Take(
            source="amass",
            take=name,
            group="open",
            archive=path,
            member="",
            action=ACTION,
            actor=path.parent.name,
            captions=(words,) if any(c.isalpha() for c in words) else (),
            reader="amass",
        )


def motion_from_npz(content: bytes, name: str) -> Motion:
    """Pose parameters to motion on the canonical body.

    AMASS is Z up and its rest pose is SMPL's T-pose facing +Y's side once turned: SMPL's joints
    are the body's, aligned with the world at rest, so local rotations carry over as they are. The
    path is scaled to the body's legs.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            poses, trans = np.asarray(file["poses"], float), np.asarray(file["trans"], float)
            rate = file["mocap_framerate"] if "mocap_framerate" in file else file["mocap_frame_rate"]
    except (KeyError, ValueError, OSError) as error:
        raise DataError(f"'{name}' is not an AMASS sequence ({error}).") from None
    if poses.ndim != 2 or poses.shape[1] < 3 * _JOINTS or trans.shape != (len(poses), 3):
        raise DataError(f"'{name}' has poses of shape {poses.shape} and trans {trans.shape}.")
    local = rot.from_rotation_vector(poses[:, : 3 * _JOINTS].reshape(-1, _JOINTS, 3))
    y_up = rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), np.array(-np.pi / 2))
    local[:, 0] = rot.multiply(y_up, local[:, 0])
    rest = BODY.rest_world[0]
    i = BODY.role_index
    leg = float(rest[i["left_hip"], 1] - rest[i["left_ankle"], 1])
    root = rot.rotate(y_up, trans + _PELVIS_OFFSET[[0, 2, 1]] * 0.0) * (leg / _SMPL_LEG)
    return on_ground(Motion(BODY, float(rate), root, local))
