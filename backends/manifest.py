"""``manifest.json`` of a bundle: its types, reading with one clear error each, and writing."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import PurePosixPath
from typing import Any, get_args

import numpy as np

from backends.api import BackendError, BundleError, Capabilities, Condition, Task
from backends.runtime import TensorSpec
from backends.sampling import Sampler
from motion.skeleton import BODY, Skeleton

#: The manifest layout this version writes, and the newest it reads.
SCHEMA = 1

MANIFEST = "manifest.json"
GOLDEN = "golden.npz"

#: Skeletons that a manifest may name.
SKELETONS: dict[str, Skeleton] = {BODY.name: BODY}

_MAX_CHARACTERS = 4_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class GraphSpec:
    """One ONNX file of a bundle and the signature it must have."""

    file: str
    sha256: str
    inputs: tuple[TensorSpec, ...]
    outputs: tuple[TensorSpec, ...]
    precision: str
    opset: int
    tolerance: float


@dataclass(frozen=True)
class Provenance:
    """Where a bundle comes from and what may be done with it.

    Attributes:
        data: The data sets it was trained on.
        licence: SPDX expression or a sentence, of the weights.
        attribution: What users of the weights must print, if anything.
        command: The command that trained it.
        notes: What the model is and is not.
        metrics: Figures measured at export, by name.
    """

    data: tuple[str, ...] = ()
    licence: str = ""
    attribution: str = ""
    command: str = ""
    notes: str = ""
    metrics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class GoldenRequest:
    """The request whose motion a bundle keeps to prove itself; ``tolerance`` in metres."""

    text: str
    frames: int
    takes: int = 1
    seed: int = 0
    steps: int | None = None
    guidance: float | None = None
    tolerance: float = 0.01


@dataclass(frozen=True)
class Manifest:
    """What a bundle says about itself.

    Attributes:
        name: Its short name, lower case.
        version: Its version.
        title: What people read.
        task: The protocol it serves.
        skeleton: The rig of its motions.
        features: Feature layout id, which chooses the code that runs it.
        fps: Frames a second of its motions.
        max_frames: The longest motion of one request.
        conditions: The conditions it honours.
        graphs: Its ONNX files by role.
        files: SHA-256 by name of every other file.
        sampler: Sampling defaults, for tasks that sample a flow.
        golden: The end-to-end request that ``golden.npz`` answers, if any.
        provenance: Data, licence and training.
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
    graphs: Mapping[str, GraphSpec]
    files: Mapping[str, str]
    sampler: Sampler | None = None
    golden: GoldenRequest | None = None
    provenance: Provenance = Provenance()

    @property
    def capabilities(self) -> Capabilities:
        """The manifest as the studio's backends describe themselves."""
        return Capabilities(self.task, self.skeleton, self.fps, self.max_frames, self.conditions)


def skeleton_hash(skeleton: Skeleton) -> str:
    """SHA-256 of joint names, parents and rest offsets (micrometres, so that it is portable)."""
    offsets = np.rint(np.asarray(skeleton.rest_offsets) * 1e6).astype(np.int64).tolist()
    content = json.dumps([skeleton.joints, skeleton.parents, offsets], separators=(",", ":"))
    return hashlib.sha256(content.encode()).hexdigest()


def to_json(manifest: Manifest) -> str:
    """The text of ``manifest.json``; :func:`from_json` reads it back."""
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "name": manifest.name,
        "version": manifest.version,
        "title": manifest.title,
        "task": manifest.task,
        "skeleton": {"name": manifest.skeleton.name, "hash": skeleton_hash(manifest.skeleton)},
        "features": manifest.features,
        "fps": manifest.fps,
        "capabilities": {
            "max_frames": manifest.max_frames,
            "conditions": sorted(manifest.conditions),
        },
        "graphs": {role: asdict(graph) for role, graph in sorted(manifest.graphs.items())},
        "files": dict(sorted(manifest.files.items())),
        "provenance": asdict(manifest.provenance),
    }
    if manifest.sampler is not None:
        document["sampler"] = asdict(manifest.sampler)
    if manifest.golden is not None:
        document["golden"] = asdict(manifest.golden)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def from_json(text: str, where: str) -> Manifest:
    """The manifest in ``text``; ``where`` names the bundle in errors.

    Raises:
        BundleError: the text is no manifest, is newer than this version, or contradicts itself.
    """
    if len(text) > _MAX_CHARACTERS:
        raise BundleError(f"The manifest of {where} is too long to be one.")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BundleError(f"The manifest of {where} is not JSON ({error}).") from None
    root = _Reader(document, where)
    schema = root.integer("schema", 1)
    if schema > SCHEMA:
        raise BundleError(
            f"The bundle {where} has manifest schema {schema} and this Motion Studio reads up to "
            f"{SCHEMA}; update Motion Studio."
        )
    return _manifest(root)


def _manifest(root: _Reader) -> Manifest:
    capabilities = root.reader("capabilities")
    return Manifest(
        name=root.matching("name", _NAME),
        version=root.text("version"),
        title=root.text("title"),
        task=root.choice("task", get_args(Task)),
        skeleton=_skeleton(root.reader("skeleton")),
        features=root.text("features"),
        fps=root.positive("fps"),
        max_frames=capabilities.integer("max_frames", 1),
        conditions=frozenset(capabilities.choices("conditions", get_args(Condition))),
        graphs={role: _graph(root.reader("graphs").reader(role)) for role in root.map("graphs")},
        files={_safe(n, root.where): root.reader("files").sha256(n) for n in root.map("files")},
        sampler=_sampler(root.reader("sampler")) if "sampler" in root.values else None,
        golden=_golden(root.reader("golden")) if "golden" in root.values else None,
        provenance=_provenance(root.reader("provenance")),
    )


def _skeleton(reader: _Reader) -> Skeleton:
    name = reader.text("name")
    skeleton = SKELETONS.get(name)
    if skeleton is None:
        raise BundleError(
            f"The bundle {reader.where} moves a skeleton '{name}' that this Motion Studio has not; "
            "update Motion Studio."
        )
    if reader.sha256("hash") != skeleton_hash(skeleton):
        raise BundleError(
            f"The bundle {reader.where} was made for other joints or proportions of the skeleton "
            f"'{name}'; export it again."
        )
    return skeleton


def _graph(reader: _Reader) -> GraphSpec:
    return GraphSpec(
        file=_safe(reader.text("file"), reader.where),
        sha256=reader.sha256("sha256"),
        inputs=tuple(_tensor(r) for r in reader.readers("inputs")),
        outputs=tuple(_tensor(r) for r in reader.readers("outputs")),
        precision=reader.text("precision"),
        opset=reader.integer("opset", 1),
        tolerance=reader.positive("tolerance"),
    )


def _tensor(reader: _Reader) -> TensorSpec:
    shape = reader.list("shape")
    if not all(isinstance(d, int | str) and not isinstance(d, bool) for d in shape):
        raise reader.wrong("shape", "a list of sizes and names")
    return TensorSpec(reader.text("name"), reader.text("dtype"), tuple(shape))


def _sampler(reader: _Reader) -> Sampler:
    known = {f.name for f in fields(Sampler)}
    values = {k: v for k, v in reader.values.items() if k in known}
    if isinstance(values.get("interval"), list):
        values["interval"] = tuple(values["interval"])
    try:
        return Sampler(**values)
    except (BackendError, TypeError, ValueError, IndexError) as error:
        raise BundleError(
            f"The sampler defaults of {reader.where} make no sense: {error}"
        ) from None


def _golden(reader: _Reader) -> GoldenRequest:
    steps, guidance = reader.values.get("steps"), reader.values.get("guidance")
    return GoldenRequest(
        text=reader.text("text"),
        frames=reader.integer("frames", 1),
        takes=reader.integer("takes", 1),
        seed=reader.integer("seed", 0),
        steps=None if steps is None else reader.integer("steps", 1),
        guidance=None if guidance is None else reader.number("guidance"),
        tolerance=reader.positive("tolerance"),
    )


def _provenance(reader: _Reader) -> Provenance:
    metrics = reader.reader("metrics")
    data = reader.list("data")
    if not all(isinstance(d, str) for d in data):
        raise reader.wrong("data", "a list of names")
    return Provenance(
        data=tuple(data),
        licence=reader.text("licence", empty=True),
        attribution=reader.text("attribution", empty=True),
        command=reader.text("command", empty=True),
        notes=reader.text("notes", empty=True),
        metrics={name: metrics.number(name) for name in metrics.values},
    )


def _safe(name: str, where: str) -> str:
    """``name`` if it can only mean a file inside the bundle, on any operating system."""
    path = PurePosixPath(name)
    unsafe = (
        not name
        or path.is_absolute()
        or ".." in path.parts
        or any(c in name for c in '\\:*?"<>|\0')
        or name == MANIFEST
    )
    if unsafe:
        raise BundleError(f"The bundle {where} names a file outside itself: {name!r}.")
    return name


@dataclass(frozen=True)
class _Reader:
    """Typed access to a JSON object; every failure names the bundle and the key."""

    document: Any
    where: str

    def __post_init__(self) -> None:
        if not isinstance(self.document, dict):
            raise BundleError(f"The manifest of {self.where} is malformed: expected an object.")

    @property
    def values(self) -> dict[str, Any]:
        return self.document

    def wrong(self, key: str, wanted: str) -> BundleError:
        return BundleError(f"The manifest of {self.where} needs {wanted} as '{key}'.")

    def text(self, key: str, empty: bool = False) -> str:
        value = self.values.get(key, "" if empty else None)
        if not isinstance(value, str) or not (value or empty):
            raise self.wrong(key, "a text")
        return value

    def matching(self, key: str, pattern: re.Pattern[str]) -> str:
        value = self.text(key)
        if not pattern.fullmatch(value):
            raise self.wrong(key, f"a text like {pattern.pattern}")
        return value

    def sha256(self, key: str) -> str:
        value = self.text(key)
        if not _SHA256.fullmatch(value):
            raise self.wrong(key, "a SHA-256 in hexadecimal")
        return value

    def choice(self, key: str, allowed: tuple[Any, ...]) -> Any:
        value = self.values.get(key)
        if value not in allowed:
            raise self.wrong(key, f"one of {', '.join(allowed)}")
        return value

    def choices(self, key: str, allowed: tuple[Any, ...]) -> list[Any]:
        values = self.list(key)
        if any(not isinstance(v, str) or v not in allowed for v in values):
            raise self.wrong(key, f"a list out of {', '.join(allowed)}")
        return values

    def number(self, key: str) -> float:
        value: Any = self.values.get(key)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not (number and math.isfinite(value)):
            raise self.wrong(key, "a number")
        return float(value)

    def positive(self, key: str) -> float:
        value = self.number(key)
        if value <= 0:
            raise self.wrong(key, "a number above zero")
        return value

    def integer(self, key: str, least: int) -> int:
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self.wrong(key, f"a whole number of at least {least}")
        return value

    def list(self, key: str) -> list[Any]:
        value = self.values.get(key)
        if not isinstance(value, list):
            raise self.wrong(key, "a list")
        return value

    def map(self, key: str) -> dict[str, Any]:
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.wrong(key, "an object")
        return value

    def reader(self, key: str) -> _Reader:
        return _Reader(self.map(key), self.where)

    def readers(self, key: str) -> list[_Reader]:
        return [_Reader(item, self.where) for item in self.list(key)]
