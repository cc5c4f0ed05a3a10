"""Content-addressed motion: the same motion has the same id, and an id never changes meaning."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tempfile
import threading
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from motion.clip import Motion
from motion.errors import MotionError, MotionStudioError
from motion.skeleton import Skeleton
from studio.document.model import MediaId

_VERSION = 1


class MediaError(MotionStudioError):
    """Media that is missing or damaged."""


def media_id(motion: Motion) -> MediaId:
    """The SHA-256 of everything that a motion is: skeleton, rate and arrays, little-endian."""
    digest = hashlib.sha256(_header(motion).encode())
    for array in _arrays(motion).values():
        digest.update(np.ascontiguousarray(array, dtype="<f8").tobytes())
    return MediaId(digest.hexdigest())


class MediaStore:
    """Motions by content hash, in memory and, where a folder is given, on disk. Thread-safe."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._motions: dict[MediaId, Motion] = {}
        self._lock = threading.Lock()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, motion: Motion) -> MediaId:
        """Keep ``motion`` and return its id; storing it again changes nothing."""
        key = media_id(motion)
        with self._lock:
            known = key in self._motions
            self._motions[key] = motion
        if self._folder is not None and not known:
            _write(self._path(key), pack(motion))
        return key

    def get(self, key: MediaId) -> Motion:
        """The motion of ``key``; :class:`MediaError` if it is not here or not whole."""
        with self._lock:
            motion = self._motions.get(key)
        if motion is None:
            motion = self._read(key)
            with self._lock:
                self._motions[key] = motion
        return motion

    def discard(self, key: MediaId) -> None:
        """Forget ``key`` in memory; what lies in the folder stays."""
        with self._lock:
            self._motions.pop(key, None)

    def __contains__(self, key: object) -> bool:
        with self._lock:
            if key in self._motions:
                return True
        return isinstance(key, str) and self._folder is not None and self._path(key).is_file()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
            raise MediaError(f"'{key[:80]}' is not a media id.")
        return self._folder / f"{key}.npz"

    def _read(self, key: MediaId) -> Motion:
        if self._folder is None or not self._path(key).is_file():
            raise MediaError(f"The motion {key[:12]} is not in this store.")
        motion = unpack(self._path(key).read_bytes())
        if media_id(motion) != key:
            raise MediaError(f"The stored motion {key[:12]} is damaged; its hash does not match.")
        return motion


def pack(motion: Motion) -> bytes:
    """A motion as NPZ bytes, lossless (the exchange format is ``exporters.npz``, not this)."""
    buffer = io.BytesIO()
    header = np.frombuffer(_header(motion).encode(), dtype=np.uint8)
    np.savez(buffer, header=header, **_arrays(motion))  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def unpack(data: bytes) -> Motion:
    """The motion of :func:`pack`; :class:`MediaError` for anything else."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as npz:
            head = json.loads(npz["header"].tobytes())
            if head["version"] != _VERSION:
                raise MediaError(
                    f"The motion was stored by another version ({head['version']}); update."
                )
            skeleton = Skeleton(
                head["name"],
                tuple(head["joints"]),
                tuple(head["parents"]),
                npz["rest_offsets"],
                tuple(head["roles"]),
                npz["rest_rotations"],
            )
            local = npz["local_positions"] if "local_positions" in npz else None
            return Motion(skeleton, head["fps"], npz["root_positions"], npz["rotations"], local)
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile, MotionError) as error:
        raise MediaError("The stored motion is damaged; import or generate it again.") from error


def _header(motion: Motion) -> str:
    skeleton = motion.skeleton
    return json.dumps(
        {
            "version": _VERSION,
            "name": skeleton.name,
            "joints": skeleton.joints,
            "parents": skeleton.parents,
            "roles": skeleton.roles,
            "fps": motion.fps,
            "frames": len(motion),
        },
        sort_keys=True,
    )


def _arrays(motion: Motion) -> dict[str, np.ndarray]:
    arrays = {
        "rest_offsets": motion.skeleton.rest_offsets,
        "rest_rotations": motion.skeleton.rest_rotations,
        "root_positions": motion.root_positions,
        "rotations": motion.rotations,
    }
    if motion.local_positions is not None:
        arrays["local_positions"] = motion.local_positions
    return arrays


def _write(path: Path, data: bytes) -> None:
    """All of ``data`` at ``path`` or nothing: through a temporary file beside it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".media-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
