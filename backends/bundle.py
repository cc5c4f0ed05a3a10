"""A bundle folder: opening it and checking what is in it.

A bundle holds ``manifest.json`` (see :mod:`backends.manifest`), ONNX graphs, ``stats.npz``, what
else its model needs, and ``golden.npz``: inputs with the outputs they must give. Writing one is
:mod:`backends.bundle_writer`, replaying its golden pairs :mod:`backends.golden`.
"""

from __future__ import annotations

import hashlib
import io
import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from backends.api import BundleError
from backends.manifest import MANIFEST, GraphSpec, Manifest, from_json
from backends.runtime import Graph, RuntimeOptions, TensorSpec, open_graph

Arrays = dict[str, NDArray[Any]]


class Bundle:
    """An open bundle: graphs are opened when first asked for, and kept. Thread-safe."""

    def __init__(self, folder: Path, manifest: Manifest, options: RuntimeOptions) -> None:
        self.folder = folder
        self.manifest = manifest
        self.options = options
        self._graphs: dict[str, Graph] = {}
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Its short name."""
        return self.manifest.name

    def graph(self, role: str) -> Graph:
        """The graph that plays ``role``, opened once.

        Raises:
            BundleError: there is none, its file changed, or it is not what the manifest says.
        """
        with self._lock:
            if role not in self._graphs:
                self._graphs[role] = self._open(role)
            return self._graphs[role]

    def _open(self, role: str) -> Graph:
        spec = self.manifest.graphs.get(role)
        if spec is None:
            raise BundleError(f"The bundle {self.name} has no graph for '{role}'.")
        path = checked_path(self.folder, self.name, spec.file, spec.sha256)
        options = self.options
        if spec.precision == "int8":
            # Dynamically quantised operators exist for the CPU only; elsewhere they are copied
            # back and forth.
            options = replace(options, provider="cpu")
        graph = open_graph(path, options)
        _compare_signature(self.name, role, graph, spec)
        return graph

    def file(self, name: str) -> bytes:
        """The bytes of one of its other files, checked against the manifest."""
        sha256 = self.manifest.files.get(name)
        if sha256 is None:
            raise BundleError(f"The bundle {self.name} has no file '{name}'.")
        return checked_path(self.folder, self.name, name, sha256).read_bytes()

    def arrays(self, name: str) -> Arrays:
        """The arrays of one of its ``.npz`` files."""
        content = self.file(name)
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                return {key: archive[key] for key in archive.files}
        except (OSError, ValueError, EOFError, BadZipFile) as error:
            raise BundleError(f"{name} of the bundle {self.name} is no array file.") from error

    def require(self, roles: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        """Raise unless each role has a graph with just these input and output names."""
        for role, (inputs, outputs) in roles.items():
            spec = self.manifest.graphs.get(role)
            if spec is None:
                raise BundleError(f"The bundle {self.name} has no graph for '{role}'.")
            have = {s.name for s in spec.inputs}, {s.name for s in spec.outputs}
            if have != (set(inputs), set(outputs)):
                raise BundleError(
                    f"The graph '{role}' of the bundle {self.name} must take {', '.join(inputs)} "
                    f"and give {', '.join(outputs)}."
                )


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the bundle in ``folder``, with no file opened but itself."""
    path = folder / MANIFEST
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BundleError(f"{folder} is no bundle: it has no {MANIFEST}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BundleError(f"The manifest of {folder.name} cannot be read: {error}.") from error
    return from_json(text, folder.name)


def open_bundle(folder: Path, options: RuntimeOptions | None = None, check: bool = True) -> Bundle:
    """Open the bundle in ``folder``.

    Args:
        folder: Where its manifest lies.
        options: How its graphs run; from the environment by default.
        check: Read every file now and compare its hash. Without it each file is compared when it
            is first used.

    Raises:
        BundleError: the bundle is damaged, incomplete, foreign or newer than this version.
    """
    manifest = read_manifest(folder)
    if check:
        for graph in manifest.graphs.values():
            checked_path(folder, manifest.name, graph.file, graph.sha256)
        for name, sha256 in manifest.files.items():
            checked_path(folder, manifest.name, name, sha256)
    return Bundle(folder, manifest, options or RuntimeOptions.from_environment())


def checked_path(folder: Path, bundle: str, name: str, sha256: str) -> Path:
    """The path of a bundle's file, after comparing its hash."""
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise BundleError(f"The bundle {bundle} names a file outside itself: {name!r}.")
    if not path.is_file():
        raise BundleError(f"The bundle {bundle} lacks {name}; install it again.")
    if sha256_of(path) != sha256:
        raise BundleError(
            f"{name} of the bundle {bundle} is damaged or was changed (its hash differs from the "
            "manifest's); install it again."
        )
    return path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _compare_signature(bundle: str, role: str, graph: Graph, spec: GraphSpec) -> None:
    for kind, have, want in (
        ("input", graph.inputs, spec.inputs),
        ("output", graph.outputs, spec.outputs),
    ):
        if {_shown(s) for s in have} != {_shown(s) for s in want}:
            raise BundleError(
                f"The graph '{role}' of the bundle {bundle} has {kind}s {_signature(have)}, but "
                f"its manifest says {_signature(want)}."
            )


def _shown(spec: TensorSpec) -> str:
    """A tensor as ``name float32[?, 4]``: the names of free dimensions mean nothing."""
    shape = ", ".join(str(d) if isinstance(d, int) else "?" for d in spec.shape)
    return f"{spec.name} {spec.dtype}[{shape}]"


def _signature(specs: tuple[TensorSpec, ...]) -> str:
    return "; ".join(sorted(map(_shown, specs)))
