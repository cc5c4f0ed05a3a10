"""Writing bundles: a draft becomes a folder only once it has proved good."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from backends import golden
from backends.api import BundleError, Condition, Task
from backends.bundle import Arrays, Bundle, open_bundle, sha256_of
from backends.manifest import (
    GOLDEN,
    MANIFEST,
    GoldenRequest,
    GraphSpec,
    Manifest,
    Provenance,
    to_json,
)
from backends.runtime import RuntimeOptions, open_graph
from backends.sampling import Sampler
from motion.skeleton import Skeleton

Precision = Literal["fp32", "fp16", "int8"]

#: Largest absolute difference from the golden outputs, where a graph states no other.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class GraphDraft:
    """A graph to be put into a bundle.

    Attributes:
        source: The ONNX file or its bytes; self-contained, no external data.
        opset: The opset of its default domain.
        feeds: Golden inputs.
        expected: Golden outputs, say of the torch network it was exported from; what the CPU gives
            is recorded where there are none.
        precision: Of its weights.
        tolerance: Largest absolute difference from the golden outputs that may pass.
    """

    source: Path | bytes
    opset: int
    feeds: Mapping[str, NDArray[Any]]
    expected: Mapping[str, NDArray[Any]] | None = None
    precision: Precision = "fp32"
    tolerance: float = TOLERANCE


@dataclass(frozen=True)
class BundleDraft:
    """All that :func:`write_bundle` needs; the fields mean what they mean in a manifest.

    Attributes:
        files: Other files by name: ``tokenizer.json``, ``stats.npz`` and the like.
        golden: An end-to-end request whose motion is recorded as golden.
    """

    name: str
    version: str
    title: str
    task: Task
    skeleton: Skeleton
    features: str
    fps: float
    max_frames: int
    conditions: frozenset[Condition]
    graphs: Mapping[str, GraphDraft]
    files: Mapping[str, Path | bytes]
    sampler: Sampler | None = None
    golden: GoldenRequest | None = None
    provenance: Provenance = field(default_factory=Provenance)


def write_bundle(folder: Path, draft: BundleDraft) -> Bundle:
    """Write a bundle to ``folder``, replacing what is there only once the new one has proved good.

    Each graph is opened on the CPU, its signature recorded and its golden outputs compared; then
    the end-to-end request is generated and kept.

    Raises:
        BundleError: a graph does not open, or misses its expected outputs.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as temporary:
        made = Path(temporary) / folder.name
        made.mkdir()
        _fill(made, draft)
        open_bundle(made, RuntimeOptions(provider="cpu"))
        _exchange(made, folder, Path(temporary) / "replaced")
    return open_bundle(folder, RuntimeOptions(provider="cpu"), check=False)


def install_bundle(source: Path, parent: Path) -> Bundle:
    """Copy the bundle in ``source`` into ``parent`` under its own name, once it has passed."""
    manifest = open_bundle(source).manifest
    parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{manifest.name}.", dir=parent) as temporary:
        made = Path(temporary) / manifest.name
        made.mkdir()
        names = [graph.file for graph in manifest.graphs.values()]
        for name in (MANIFEST, *names, *manifest.files):
            _put(made / name, source / name)
        open_bundle(made)
        _exchange(made, parent / manifest.name, Path(temporary) / "replaced")
    return open_bundle(parent / manifest.name, check=False)


def _fill(folder: Path, draft: BundleDraft) -> None:
    cpu = RuntimeOptions(provider="cpu")
    for name, source in draft.files.items():
        _put(folder / name, source)
    graphs: dict[str, GraphSpec] = {}
    kept: Arrays = {}
    for role, graph in draft.graphs.items():
        path = folder / f"{role}.onnx"
        _put(path, graph.source)
        opened = open_graph(path, cpu)
        kept |= golden.record_graph(role, opened, graph.feeds, graph.expected, graph.tolerance)
        graphs[role] = GraphSpec(
            path.name, sha256_of(path), opened.inputs, opened.outputs, graph.precision, graph.opset,
            graph.tolerance,
        )  # fmt: skip
    files = {name: sha256_of(folder / name) for name in draft.files}
    manifest = Manifest(
        draft.name, draft.version, draft.title, draft.task, draft.skeleton, draft.features,
        draft.fps, draft.max_frames, draft.conditions, graphs, files, draft.sampler,
        draft.golden, draft.provenance,
    )  # fmt: skip
    if draft.golden is not None:
        kept |= golden.record_generation(Bundle(folder, manifest, cpu), draft.golden)
    np.savez_compressed(folder / GOLDEN, **kept)
    manifest = replace(manifest, files=files | {GOLDEN: sha256_of(folder / GOLDEN)})
    (folder / MANIFEST).write_text(to_json(manifest), encoding="utf-8")


def _put(path: Path, source: Path | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(source, bytes):
        path.write_bytes(source)
    else:
        shutil.copyfile(source, path)


def _exchange(made: Path, folder: Path, aside: Path) -> None:
    """Put ``made`` where ``folder`` is; the old one comes back if that fails."""
    if folder.exists():
        os.replace(folder, aside)
    try:
        os.replace(made, folder)
    except OSError as error:
        if aside.exists():
            os.replace(aside, folder)
        raise BundleError(f"The bundle could not be put at {folder}: {error}.") from error
