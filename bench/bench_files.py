"""Files: reading and writing BVH, writing and reading GLB, against Python's libraries for it.

The data sets are read one clip of a kind at a time by all, because the slowest library takes
seconds a clip, and then whole by us alone. What the libraries make of a file differs, and each is
timed up to what it returns: ``bvhio`` keeps poses as Python objects (its own joint hierarchy is
slower still), ``bvhsdk`` and ``pybvh`` keep Euler angles; ours has quaternions, units guessed and
everything checked. The libraries are optional: ``pip install bvhio bvhsdk pybvh``.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import tempfile
import time
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from bench import Skip, side_by_side, table
from exporters.bones import bone_mesh
from exporters.bvh import load_bvh, save_bvh
from exporters.glb import load_glb, save_glb
from motion.clip import Motion

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


@dataclass(frozen=True)
class Library:
    """How one library reads and writes BVH files."""

    name: str
    read: Callable[[Path], Any]
    write: Callable[[Any, Path], object]


def main() -> None:
    if not DATA.is_dir():
        raise Skip("needs the public data sets in ../shared/data beside the checkout")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        clips = _sample(folder)
        _bvh(clips, folder)
        _glb(clips, folder)
    _everything()


def _sample(folder: Path) -> list[Path]:
    """The clip of middle size out of every archive, as files."""
    out = []
    for archive in sorted(DATA.glob("*/*.zip")):
        with zipfile.ZipFile(archive) as opened:
            infos = sorted(opened.infolist(), key=lambda info: info.file_size)
            path = folder / f"{archive.parent.name}-{archive.stem}.bvh"
            path.write_bytes(opened.read(infos[len(infos) // 2]))
            out.append(path)
    return out


def _module(name: str) -> ModuleType | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    except ImportError:
        return None


def _libraries() -> list[Library]:
    """Ours first, then those that are installed."""
    out = [Library("ours", load_bvh, save_bvh)]
    if pybvh := _module("pybvh"):

        def read(path: Path) -> Any:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return pybvh.read_bvh_file(path)

        out.append(Library("pybvh", read, pybvh.write_bvh_file))
    if bvhsdk := _module("bvhsdk"):

        def read_silently(path: Path) -> Any:  # it prints a line a joint
            with contextlib.redirect_stdout(io.StringIO()):
                return bvhsdk.ReadFile(str(path))

        def write(clip: Any, path: Path) -> object:
            options = {"writeTranslation": False, "refTPose": False}
            with contextlib.redirect_stdout(io.StringIO()):
                return bvhsdk.WriteBVH(clip, str(path.with_suffix("")), name="", **options)

        out.append(Library("bvhsdk", read_silently, write))
    if bvhio := _module("bvhio"):
        out.append(
            Library(
                "bvhio",
                lambda path: bvhio.readAsBvh(str(path)),
                lambda clip, path: bvhio.writeBvh(str(path), clip),
            )
        )
    return out


def _reads(library: Library, path: Path) -> bool:
    """Whether a library makes anything of a file; some know fewer rigs than others."""
    try:
        library.read(path)
    except Exception:  # whatever a library raises
        return False
    return True


def _bvh(clips: list[Path], folder: Path) -> None:
    libraries = _libraries()
    common = [path for path in clips if all(_reads(library, path) for library in libraries)]
    megabytes = sum(path.stat().st_size for path in common) / 1e6
    read = side_by_side(
        {
            library.name: lambda library=library: [library.read(path) for path in common]
            for library in libraries
        },
        repeats=5,
    )
    clips_of = {library.name: [library.read(path) for path in common] for library in libraries}
    target = folder / "written.bvh"
    write = side_by_side(
        {
            library.name: lambda library=library: [
                library.write(clip, target) for clip in clips_of[library.name]
            ]
            for library in libraries
        },
        repeats=5,
    )
    table(
        f"BVH: {len(common)} clips, {megabytes:.1f} MB, that every library here reads",
        ("", "read MB/s", "clips/s", "time / ours", "write clips/s", "time / ours"),
        [
            (
                name,
                megabytes / read[name],
                len(common) / read[name],
                read[name] / read["ours"],
                len(common) / write[name],
                write[name] / write["ours"],
            )
            for name in read
        ],
    )


def _glb(clips: list[Path], folder: Path) -> None:
    """A figure of bones with its animation; trimesh writes the same surface without either."""
    motions: list[Motion] = [load_bvh(path) for path in clips]
    meshes = [bone_mesh(motion.skeleton) for motion in motions]
    files = [folder / f"{path.stem}.glb" for path in clips]

    def ours() -> None:
        for motion, mesh, path in zip(motions, meshes, files, strict=True):
            save_glb(motion, path, mesh)

    works: dict[str, Callable[[], object]] = {"ours: write": ours}
    ours()
    works["ours: read"] = lambda: [load_glb(path) for path in files]
    if pygltflib := _module("pygltflib"):
        # It has no notion of a motion: what can be compared is packing the finished document.
        loaded = [pygltflib.GLTF2().load(str(path)) for path in files]
        target = str(folder / "other.glb")
        works["pygltflib: write what is built"] = lambda: [gltf.save(target) for gltf in loaded]
        works["pygltflib: read, no motion"] = lambda: [
            pygltflib.GLTF2().load(str(path)) for path in files
        ]
    if trimesh := _module("trimesh"):
        surfaces = [
            trimesh.Trimesh(mesh.vertices, mesh.triangles, process=False) for mesh in meshes
        ]
        works["trimesh: write, surface only"] = lambda: [
            surface.export(file_type="glb") for surface in surfaces
        ]
    times = side_by_side(works, repeats=5)
    frames = sum(len(motion) for motion in motions)
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    table(
        f"GLB: {len(files)} figures, {frames} frames, {megabytes:.1f} MB",
        ("", "files/s", "MB/s", "frames/s"),
        [(n, len(files) / t, megabytes / t, frames / t) for n, t in times.items()],
    )


def _everything() -> None:
    """Every BVH of the data sets, unzipping not counted."""
    rows = []
    total = np.zeros(4)
    for archive in sorted(DATA.glob("*/*.zip")):
        sums = np.zeros(4)  # clips, frames, bytes, seconds
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                content = opened.read(name)
                began = time.perf_counter()
                motion = load_bvh(content)
                sums += [1, len(motion), len(content), time.perf_counter() - began]
        rows.append(_row(f"{archive.parent.name}/{archive.stem}", sums))
        total += sums
    rows.append(_row("all", total))
    table("BVH: all of the data sets", ("", "clips", "frames", "MB", "s", "clips/s", "MB/s"), rows)


def _row(name: str, sums: np.ndarray) -> tuple[object, ...]:
    clips, frames, size, seconds = sums.tolist()
    megabytes = size / 1e6
    return name, int(clips), int(frames), megabytes, seconds, clips / seconds, megabytes / seconds


if __name__ == "__main__":
    main()
