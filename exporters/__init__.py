"""Readers and writers of motion files, chosen by suffix.

======== ==================================== ===== ====
suffix   format                               write read
======== ==================================== ===== ====
``.bvh`` Biovision hierarchy                  yes   yes
``.glb`` glTF 2.0 binary, skinned             yes   yes
``.gltf`` glTF 2.0 with its buffers beside it       yes
``.npz`` AMASS / SMPL-X                       yes   yes
======== ==================================== ===== ====
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exporters.bvh import BvhReadOptions, BvhWriteOptions, load_bvh, save_bvh
from exporters.errors import ExportError, FileFormatError
from exporters.glb import GlbReadOptions, GlbWriteOptions, load_glb, save_glb
from exporters.glb import load_skeleton as load_glb_skeleton
from exporters.npz import NpzReadOptions, NpzWriteOptions, load_npz, save_npz
from motion.clip import Motion
from motion.skeleton import Skeleton
from motion.skinning import SkinnedMesh

WriteOptions = BvhWriteOptions | GlbWriteOptions | NpzWriteOptions
ReadOptions = BvhReadOptions | GlbReadOptions | NpzReadOptions


@dataclass(frozen=True)
class _Format:
    """One format: its name, and who reads and writes it with which options."""

    name: str
    read: Callable[..., Motion] | None = None
    read_options: type[Any] | None = None
    write: Callable[..., None] | None = None
    write_options: type[Any] | None = None
    skinned: bool = False  # the writer takes a mesh


_FORMATS: dict[str, _Format] = {
    ".bvh": _Format("BVH", load_bvh, BvhReadOptions, save_bvh, BvhWriteOptions),
    ".glb": _Format("GLB", load_glb, GlbReadOptions, save_glb, GlbWriteOptions, skinned=True),
    ".gltf": _Format("glTF", load_glb, GlbReadOptions),
    ".npz": _Format("NPZ", load_npz, NpzReadOptions, save_npz, NpzWriteOptions),
}

#: Suffixes that :func:`save` and :func:`load` know.
WRITABLE: tuple[str, ...] = tuple(suffix for suffix, f in _FORMATS.items() if f.write)
READABLE: tuple[str, ...] = tuple(suffix for suffix, f in _FORMATS.items() if f.read)


def save(
    motion: Motion,
    path: str | Path,
    options: WriteOptions | None = None,
    *,
    mesh: SkinnedMesh | None = None,
) -> None:
    """Write ``motion`` in the format that ``path``'s suffix names, whole or not at all.

    Args:
        motion: What to write.
        path: Where to; an existing file is replaced.
        options: The format's own options; None for what most programs expect.
        mesh: The figure, for formats that hold one; it must be bound to the motion's skeleton.

    Raises:
        ExportError: the suffix is not one of :data:`WRITABLE`, the options are another format's,
            or the file cannot be written.
        RetargetError: the format is for one skeleton and the motion's cannot be matched to it.
    """
    form = _format(path)
    if form is None or form.write is None:
        raise ExportError(f"{Path(path).name}: save as {_listed(WRITABLE)}.")
    if options is not None and not isinstance(options, form.write_options or ()):
        raise ExportError(f"{form.name} files cannot be written with {type(options).__name__}.")
    if form.skinned:
        form.write(motion, path, mesh, options)
    else:
        form.write(motion, path, options)


def load(path: str | Path, options: ReadOptions | None = None) -> Motion:
    """Read the motion in a file, in the format that its suffix names.

    Raises:
        FileFormatError: the suffix is not one of :data:`READABLE`, the options are another
            format's, or the file cannot be read; names the line where there are lines.
    """
    form = _format(path)
    if form is None or form.read is None:
        raise FileFormatError(Path(path).name, f"only {_listed(READABLE)} can be read.")
    if options is not None and not isinstance(options, form.read_options or ()):
        cause = f"{form.name} files cannot be read with {type(options).__name__}."
        raise FileFormatError(Path(path).name, cause)
    return form.read(path, options)


def load_skeleton(path: str | Path) -> Skeleton:
    """Read the skeleton in a file: that of its motion, or of a character that does not move.

    Raises:
        FileFormatError: as for :func:`load`, but that a GLB needs a skin and no animation.
    """
    form = _format(path)
    if form is not None and form.read is load_glb:
        return load_glb_skeleton(path)
    return load(path).skeleton


def _format(path: str | Path) -> _Format | None:
    return _FORMATS.get(Path(path).suffix.lower())


def _listed(suffixes: tuple[str, ...]) -> str:
    return ", ".join(suffixes[:-1]) + f" or {suffixes[-1]}"


__all__ = [
    "READABLE", "WRITABLE", "BvhReadOptions", "BvhWriteOptions", "ExportError", "FileFormatError",
    "GlbReadOptions", "GlbWriteOptions", "NpzReadOptions", "NpzWriteOptions", "ReadOptions",
    "WriteOptions", "load", "load_skeleton", "save",
]  # fmt: skip
