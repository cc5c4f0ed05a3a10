"""NPZ in the layout of AMASS and SMPL-X: axis-angle poses of a parametric body.

AMASS (Mahmood et al. 2019) publishes each clip as ``poses``, ``trans``, ``betas``, ``gender`` and
``mocap_framerate`` (SMPL-H, 156 numbers a frame), later as ``mocap_frame_rate`` with 165 (SMPL-X);
HoloMotion, GMR, Motion-X and SMPL fits in general write the same under a few other names, all of
which are read here. How such a file becomes motion on :data:`motion.skeleton.BODY`:

- **Axes.** AMASS worlds have +Z up, bodies have +Y up at rest. World positions and the root's
  rotation are turned a quarter about X; all other rotations are relative and stay. Files whose
  world has +Y up (AIST++, HumanAct12) are told by where the body's own up points.
- **Root.** ``trans`` moves the model's origin, and the root turns about the pelvis, which rests
  elsewhere: the pelvis is at ``trans + rest pelvis``, the latter unturned, before the axes change.
- **Proportions.** The file's joints are those of a subject whose shape (``betas``) needs the
  licensed body model to know. BODY has other proportions, so the path of the pelvis is scaled by
  the ratio of standing pelvis heights, BODY's to the mean subject's: a step then fits the legs
  that take it and standing feet stay on the ground. Writing divides by the same ratio, so a file
  read and written again keeps its ``trans``. Hands, face and shape are not kept.
"""

from __future__ import annotations

import io
import math
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from exporters import coords
from exporters.atomic import write_bytes
from exporters.errors import FileFormatError
from motion import rotations as rot
from motion.clip import Motion
from motion.retarget import retarget
from motion.rotations import Array
from motion.skeleton import BODY

Model = Literal["smplh", "smplx"]

#: The pelvis of the mean, neutral subject at rest, metres in the model's own axes.
REST_PELVIS: dict[Model, tuple[float, float, float]] = {
    "smplh": (-0.0018, -0.2233, 0.0282),
    "smplx": (0.0031, -0.3514, 0.0120),
}

#: Height of the mean subject's pelvis above the soles when standing, metres.
MEAN_PELVIS_HEIGHT = 0.93

#: Numbers a frame of ``poses``: the body's 22 joints come first in all of them.
POSE_WIDTH: dict[Model, int] = {"smplh": 156, "smplx": 165}
_BODY_WIDTH = 3 * len(BODY)

_FPS_KEYS = ("mocap_framerate", "mocap_frame_rate", "fps", "framerate", "frame_rate")
_TRANS_KEYS = ("trans", "transl")
_ROOT_KEYS = ("root_orient", "global_orient")
_BODY_KEYS = ("pose_body", "body_pose")


@dataclass(frozen=True)
class NpzReadOptions:
    """How to read what a file may leave out.

    Attributes:
        fps: The frame rate, or None to take the file's.
        up: The world's axis that points up, or None to tell by the body's own up.
        to_body: Scale the path to BODY's size; False keeps ``trans`` in metres as published.
    """

    fps: float | None = None
    up: Literal["y", "z"] | None = None
    to_body: bool = True


@dataclass(frozen=True)
class NpzWriteOptions:
    """How to write.

    Attributes:
        model: ``smplx`` as AMASS has it since 2022, or ``smplh`` as before.
        gender: Which body model viewers should take.
        to_subject: Scale the path to the mean subject's size, as reading undoes.
    """

    model: Model = "smplx"
    gender: Literal["neutral", "male", "female"] = "neutral"
    to_subject: bool = True


def load_npz(path: str | Path, options: NpzReadOptions | None = None) -> Motion:
    """Read an AMASS or SMPL-X file onto :data:`~motion.skeleton.BODY`.

    Raises:
        FileFormatError: the file is missing, damaged, or holds no body motion.
    """
    options = options or NpzReadOptions()
    file = _Archive(path)
    poses, model = _poses(file)
    trans = file.numbers(file.first(_TRANS_KEYS, "root positions ('trans')"), len(poses), 3)
    fps = options.fps if options.fps is not None else _fps(file)
    if not (math.isfinite(fps) and 0 < fps < 1e6):
        raise file.error(f"a frame rate of {fps:g} makes no sense.")
    rotations = rot.from_rotation_vector(poses.reshape(len(poses), len(BODY), 3))
    root = trans + REST_PELVIS[model]
    up = options.up or _guess_up(rotations[:, 0])
    if up == "z":
        root = coords.y_up_from_z_up(root)
        rotations[:, 0] = rot.multiply(coords.Y_UP_FROM_Z_UP, rotations[:, 0])
    if options.to_body:
        root = root * _body_scale()
    return Motion(BODY, fps, root, rotations)


def save_npz(motion: Motion, path: str | Path, options: NpzWriteOptions | None = None) -> None:
    """Write a motion as AMASS does: +Z up, mean shape, hands open and face at rest.

    Motion on another skeleton than BODY is retargeted first.

    Raises:
        RetargetError: the skeleton's joints cannot be matched to a body.
        ExportError: the file cannot be written.
    """
    options = options or NpzWriteOptions()
    if motion.skeleton != BODY:
        motion = retarget(motion, BODY)
    root = motion.root_positions / (_body_scale() if options.to_subject else 1.0)
    rotations = motion.rotations.copy()
    rotations[:, 0] = rot.multiply(rot.conjugate(coords.Y_UP_FROM_Z_UP), rotations[:, 0])
    poses = np.zeros((len(motion), POSE_WIDTH[options.model]), dtype=np.float32)
    poses[:, :_BODY_WIDTH] = rot.to_rotation_vector(rotations).reshape(len(motion), -1)
    trans = coords.z_up_from_y_up(root) - REST_PELVIS[options.model]
    arrays: dict[str, np.ndarray] = {
        "poses": poses,
        "trans": trans.astype(np.float32),
        "betas": np.zeros(16, dtype=np.float32),
        "gender": np.array(options.gender),
        # Both spellings, as programs look for the one of the release that they grew up with.
        "mocap_framerate": np.array(motion.fps),
        "mocap_frame_rate": np.array(motion.fps),
        "surface_model_type": np.array(options.model),
        "root_orient": poses[:, :3],
        "pose_body": poses[:, 3:_BODY_WIDTH],
    }
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # pyright: ignore[reportArgumentType]
    write_bytes(path, stream.getvalue())


def _body_scale() -> float:
    """Metres on BODY for a metre of the mean subject."""
    return float(BODY.rest_offsets[0, 1]) / MEAN_PELVIS_HEIGHT


def _guess_up(root: Array) -> Literal["y", "z"]:
    """The world axis along which the body's own up points on the whole: +Z unless clearly +Y."""
    up = rot.rotate(root, [0.0, 1.0, 0.0]).mean(axis=0)
    return "y" if up[1] > max(0.5, up[2]) else "z"


def _poses(file: _Archive) -> tuple[Array, Model]:
    """Rotation vectors of the 22 body joints ``[T, 66]``, and whose rest pelvis they mean."""
    said = file.text("surface_model_type")
    if "poses" in file:
        poses = file.frames("poses")
    else:
        root = file.frames(file.first(_ROOT_KEYS, "body poses ('poses', or 'root_orient')"))
        body = file.frames(file.first(_BODY_KEYS, "body poses ('poses', or 'pose_body')"))
        if len(root) != len(body):
            raise file.error(f"the root has {len(root)} frames, but the body has {len(body)}.")
        poses = np.concatenate([root, body], axis=1)
    if poses.shape[1] < _BODY_WIDTH or poses.shape[1] % 3:
        raise file.error(
            f"the poses have {poses.shape[1]} numbers a frame, but the 22 joints of a body need "
            f"at least {_BODY_WIDTH}, three a joint."
        )
    expressive = said == "smplx" or poses.shape[1] == POSE_WIDTH["smplx"]
    return poses[:, :_BODY_WIDTH], "smplx" if expressive else "smplh"


def _fps(file: _Archive) -> float:
    return float(file.numbers(file.first(_FPS_KEYS, "frame rate ('mocap_framerate')"), 1, 1)[0, 0])


class _Archive:
    """The arrays of an NPZ by name, each read when asked for, without trusting its header."""

    def __init__(self, path: str | Path) -> None:
        self.name = Path(path).name
        self.path = Path(path)
        try:
            with zipfile.ZipFile(path) as archive:
                entries = {info.filename: info for info in archive.infolist()}
        except OSError as error:
            raise FileFormatError(str(path), f"cannot be read: {error.strerror}.") from None
        except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError):
            raise self.error("the file is damaged or not an NPZ.") from None
        self.entries = {
            name.removesuffix(".npy"): info
            for name, info in entries.items()
            if name.endswith(".npy")
        }

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def error(self, cause: str) -> FileFormatError:
        return FileFormatError(self.name, cause)

    def first(self, keys: tuple[str, ...], what: str) -> str:
        """The first of ``keys`` that the file has."""
        for key in keys:
            if key in self:
                return key
        raise self.error(f"the {what} are missing; this is not an AMASS or SMPL-X motion file.")

    def array(self, key: str) -> np.ndarray:
        """One array. Its header may promise no more than the archive holds for it."""
        info = self.entries[key]
        try:
            with zipfile.ZipFile(self.path) as archive, archive.open(info) as stream:
                version = np.lib.format.read_magic(stream)
                reader = (
                    np.lib.format.read_array_header_1_0
                    if version == (1, 0)
                    else np.lib.format.read_array_header_2_0
                )
                shape, _, dtype = reader(stream)
                if dtype.hasobject or math.prod(shape) * dtype.itemsize > info.file_size:
                    raise ValueError
                stream.seek(0)
                return np.asarray(np.lib.format.read_array(stream, allow_pickle=False))
        except Exception:  # zipfile, zlib, tokenize and numpy each have errors of their own
            raise self.error(f"the array '{key}' is damaged.") from None

    def text(self, key: str) -> str:
        """A short text, or none where the file has no such entry or has it pickled."""
        if key not in self:
            return ""
        try:
            value = self.array(key)
        except FileFormatError:
            return ""
        return value.item() if value.size == 1 and value.dtype.kind == "U" else ""

    def numbers(self, key: str, rows: int, columns: int) -> Array:
        """An array of finite numbers of a known shape."""
        values = self.array(key)
        if values.dtype.kind not in "fiu" or values.size != rows * columns:
            raise self.error(
                f"the array '{key}' has shape {values.shape}, not {rows} x {columns} numbers."
            )
        values = values.reshape(rows, columns).astype(np.float64)
        self._finite(key, values)
        return values

    def frames(self, key: str) -> Array:
        """An array of finite numbers, a row a frame."""
        values = self.array(key)
        if values.dtype.kind not in "fiu" or values.ndim < 2 or values.size == 0:
            raise self.error(f"the array '{key}' has shape {values.shape}, which is no motion.")
        values = values.reshape(len(values), -1).astype(np.float64)
        self._finite(key, values)
        return values

    def _finite(self, key: str, values: Array) -> None:
        bad = ~np.isfinite(values).all(axis=1)
        if bad.any():
            raise self.error(f"'{key}' holds numbers that are not finite at frame {bad.argmax()}.")
        if np.abs(values).max() > 1e6:
            raise self.error(f"'{key}' holds numbers far beyond any motion.")
