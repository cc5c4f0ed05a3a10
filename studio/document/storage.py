"""Content-addressed motion: the same motion has the same id, and an id never changes meaning."""

from __future__ import annotations

import hashlib
import io
import json
import threading
from pathlib import Path
from typing import TypeGuard
from zipfile import ZipFile

import numpy as np

from motion.clip import Motion
from motion.errors import MotionStudioError
from motion.skeleton import Skeleton
from studio.document import atomic
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


def is_media_id(key: object) -> TypeGuard[MediaId]:
    """Whether ``key`` is written as media ids are; only such names become file names."""
    return isinstance(key, str) and len(key) == 64 and set(key) <= set("0123456789abcdef")


class MediaStore:
    """Motions by content hash, in memory and, where a folder is given, on disk. Thread-safe."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._motions: dict[MediaId, Motion] = {}
        self._stand_ins: dict[MediaId, Motion] = {}
        self._lock = threading.Lock()
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)

    def put(self, motion: Motion) -> MediaId:
        """Keep ``motion`` and return its id; storing it again changes nothing.

        Where there is a folder, the motion is on the disk when this returns.

        Raises:
            MediaError: the disk does not take it.
        """
        key = media_id(motion)
        with self._lock:
            known = key in self._motions
        if self._folder is not None and not known:
            self._write(key, pack(motion))
        with self._lock:
            self._motions[key] = motion
            self._stand_ins.pop(key, None)
        return key

    def get(self, key: MediaId) -> Motion:
        """The motion of ``key``, or its stand-in.

        Raises:
            MediaError: it is not here or not whole.
        """
        with self._lock:
            motion = self._motions.get(key, self._stand_ins.get(key))
        if motion is None:
            motion = unpack_as(key, self.data(key))
            with self._lock:
                self._motions[key] = motion
        return motion

    def data(self, key: MediaId) -> bytes:
        """What :func:`pack` made of the motion of ``key``; read from a folder, it is not checked.

        Raises:
            MediaError: it is not here, or only a stand-in is.
        """
        if self._folder is not None and self._path(key).is_file():
            return self._path(key).read_bytes()
        with self._lock:
            motion = self._motions.get(key)
        if motion is None:
            raise MediaError(f"The motion {key[:12]} is not in this store.")
        return pack(motion)

    def stand_in(self, key: MediaId, motion: Motion) -> None:
        """Answer for ``key`` with ``motion`` until its own is put here.

        So a project whose media was lost still plays. A stand-in is in no file and not *in* the
        store; :meth:`get` alone knows it.
        """
        with self._lock:
            self._motions.pop(key, None)
            self._stand_ins[key] = motion

    @property
    def missing(self) -> frozenset[MediaId]:
        """What only a stand-in answers for."""
        with self._lock:
            return frozenset(self._stand_ins)

    def discard(self, key: MediaId) -> None:
        """Forget ``key`` in memory; what lies in the folder stays."""
        with self._lock:
            self._motions.pop(key, None)

    def __contains__(self, key: object) -> bool:
        with self._lock:
            if key in self._stand_ins:
                return False
            if key in self._motions:
                return True
        return self._folder is not None and is_media_id(key) and self._path(key).is_file()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        if not is_media_id(key):
            raise MediaError(f"'{key[:80]}' is not a media id.")
        return self._folder / f"{key}.npz"

    def _write(self, key: MediaId, data: bytes) -> None:
        try:
            atomic.write(self._path(key), data)
        except OSError as error:
            raise MediaError(
                f"A motion cannot be stored in '{self._folder}': {error.strerror or error}."
            ) from error


def pack(motion: Motion) -> bytes:
    """A motion as NPZ bytes, lossless (the exchange format is ``exporters.npz``, not this)."""
    buffer = io.BytesIO()
    header = np.frombuffer(_header(motion).encode(), dtype=np.uint8)
    np.savez(buffer, header=header, **_arrays(motion))  # pyright: ignore[reportArgumentType]
    return buffer.getvalue()


def unpack(data: bytes) -> Motion:
    """The motion of :func:`pack`; :class:`MediaError` for anything else."""
    try:
        _check_sizes(data)
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
    except MediaError:
        raise
    except Exception as error:  # NumPy, zipfile and the types have a dozen kinds for bad bytes
        raise MediaError("The stored motion is damaged; import or generate it again.") from error


def unpack_as(key: MediaId, data: bytes) -> Motion:
    """The motion of :func:`pack`, which has to be that of ``key``; else :class:`MediaError`."""
    motion = unpack(data)
    if media_id(motion) != key:
        raise MediaError(f"The stored motion {key[:12]} is damaged; its hash does not match.")
    return motion


def _check_sizes(data: bytes) -> None:
    """Refuse what would take more memory than its bytes: :func:`pack` compresses nothing."""
    with ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > len(data):
            raise MediaError("The stored motion is larger than its file; import it again.")


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
