"""ONNX graphs at run time: sessions, providers, threads and checked inputs.

The only module that imports onnxruntime, and only when the first graph is opened, so that listing
bundles costs nothing.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from backends.api import BackendError, BundleError
from backends.folders import data_folder

if TYPE_CHECKING:
    import onnxruntime

Provider = Literal["auto", "cpu", "cuda", "tensorrt"]

PROVIDER_SETTING = "MOTION_STUDIO_PROVIDER"
THREADS_SETTING = "MOTION_STUDIO_THREADS"
CACHE_SETTING = "MOTION_STUDIO_CACHE"

_PROVIDER_NAMES = {
    "cpu": "CPUExecutionProvider",
    "cuda": "CUDAExecutionProvider",
    "tensorrt": "TensorrtExecutionProvider",
}
_DTYPES: dict[str, np.dtype[Any]] = {
    "tensor(float)": np.dtype(np.float32),
    "tensor(float16)": np.dtype(np.float16),
    "tensor(double)": np.dtype(np.float64),
    "tensor(int64)": np.dtype(np.int64),
    "tensor(int32)": np.dtype(np.int32),
    "tensor(bool)": np.dtype(np.bool_),
}
_SILENT = 4  # onnxruntime's log level "fatal": failures reach the user as sentences instead


class ProviderUnavailable(BackendError):
    """The hardware that was asked for cannot run the graph on this machine."""


@dataclass(frozen=True)
class TensorSpec:
    """The name, dtype and shape of one graph input or output; free dimensions are names."""

    name: str
    dtype: str
    shape: tuple[int | str, ...]


@dataclass(frozen=True)
class RuntimeOptions:
    """How graphs run on this machine.

    Attributes:
        provider: ``"auto"`` takes CUDA where it works and the CPU elsewhere; any other value is an
            order, and opening a graph fails where it cannot be obeyed.
        threads: Threads of one graph, 0 for every core that this process may use.
        arena: Keep freed memory for the next run. Off, memory returns to the system at once and
            each run pays for asking again.
        cache: Where TensorRT keeps the engines it builds for this GPU; None is a folder of the
            user's.
    """

    provider: Provider = "auto"
    threads: int = 0
    arena: bool = True
    cache: Path | None = None

    def __post_init__(self) -> None:
        if self.provider not in get_args(Provider):
            raise BackendError(
                f"'{self.provider}' is no provider; choose {', '.join(get_args(Provider))}."
            )
        if not 0 <= self.threads <= 1024:
            raise BackendError(f"{self.threads} is no number of threads; 0 means every core.")

    @classmethod
    def from_environment(cls) -> RuntimeOptions:
        """Options from ``MOTION_STUDIO_PROVIDER``, ``_THREADS`` and ``_CACHE``."""
        threads = os.environ.get(THREADS_SETTING, "").strip() or "0"
        if not threads.isdecimal():
            raise BackendError(f"{THREADS_SETTING}={threads} is no number of threads.")
        cache = os.environ.get(CACHE_SETTING, "").strip()
        return cls(
            provider=os.environ.get(PROVIDER_SETTING, "").strip().lower() or "auto",  # type: ignore[arg-type]
            threads=int(threads),
            cache=Path(cache) if cache else None,
        )


class Graph:
    """An open ONNX graph. Thread-safe: onnxruntime runs one session from many threads."""

    def __init__(self, path: Path, session: onnxruntime.InferenceSession) -> None:
        self.path = path
        self._session = session
        self.inputs = tuple(_spec(node) for node in session.get_inputs())
        self.outputs = tuple(_spec(node) for node in session.get_outputs())
        self._inputs = {spec.name: (spec, np.dtype(spec.dtype)) for spec in self.inputs}
        self._names = [spec.name for spec in self.outputs]

    @property
    def providers(self) -> tuple[str, ...]:
        """What really runs the graph, first choice first, e.g. ``("cuda", "cpu")``."""
        short = {long: name for name, long in _PROVIDER_NAMES.items()}
        return tuple(short.get(p, p) for p in self._session.get_providers())

    def run(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        """Outputs by name for inputs by name.

        Floating inputs are cast to the precision the graph declares, and half precision outputs
        come back as float32, so callers need not know how a bundle was exported.

        Raises:
            BundleError: the inputs do not fit the graph's signature, or the graph fails.
        """
        checked = self._checked(feeds)
        try:
            values = self._session.run(self._names, checked)
        except Exception as error:  # onnxruntime's own errors share no base class
            raise BundleError(f"The graph {self.path.name} failed: {_first_line(error)}") from error
        return {name: _widened(np.asarray(v)) for name, v in zip(self._names, values, strict=True)}

    def _checked(self, feeds: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
        if feeds.keys() != self._inputs.keys():
            raise BundleError(
                f"The graph {self.path.name} takes {', '.join(sorted(self._inputs))}, "
                f"not {', '.join(sorted(feeds)) or 'nothing'}."
            )
        return {name: self._cast(name, value) for name, value in feeds.items()}

    def _cast(self, name: str, value: NDArray[Any]) -> NDArray[Any]:
        spec, dtype = self._inputs[name]
        fits = len(value.shape) == len(spec.shape) and all(
            isinstance(want, str) or want == have
            for want, have in zip(spec.shape, value.shape, strict=True)
        )
        if not fits:
            raise BundleError(
                f"The graph {self.path.name} takes {name} of shape {_shape(spec.shape)}, "
                f"not {_shape(value.shape)}."
            )
        same_kind = value.dtype.kind == dtype.kind or {value.dtype.kind, dtype.kind} <= {"i", "u"}
        if not same_kind:
            raise BundleError(
                f"The graph {self.path.name} takes {name} as {dtype}, not {value.dtype}."
            )
        return np.ascontiguousarray(value, dtype=dtype)


def open_graph(path: Path, options: RuntimeOptions | None = None) -> Graph:
    """Open the ONNX file at ``path``.

    Sessions are not shared between calls; :class:`backends.bundle.Bundle` keeps one a graph.

    Raises:
        BundleError: the file is missing or is no graph this runtime can read.
        ProviderUnavailable: ``options.provider`` names hardware that cannot run it here.
    """
    options = options or RuntimeOptions.from_environment()
    if not path.is_file():
        raise BundleError(f"The graph {path.name} is missing from {path.parent}.")
    wanted = _wanted(options)
    session = _session(path, wanted, options)
    used = session.get_providers()
    if options.provider != "auto" and used[0] != _PROVIDER_NAMES[options.provider]:
        raise ProviderUnavailable(
            f"{options.provider} was asked for but {path.name} would run on "
            f"{used[0].removesuffix('ExecutionProvider')}; install its driver and libraries, or "
            f"set {PROVIDER_SETTING}=auto."
        )
    return Graph(path, session)


def available_providers() -> tuple[str, ...]:
    """What this onnxruntime was built with; whether the hardware is there shows on opening."""
    built = _onnxruntime().get_available_providers()
    return tuple(name for name, long in _PROVIDER_NAMES.items() if long in built)


def core_count() -> int:
    """Cores that this process may use: its affinity, not the machine's size."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _wanted(options: RuntimeOptions) -> list[str | tuple[str, dict[str, str]]]:
    """Provider names for onnxruntime, each falling back on those after it."""
    built = available_providers()
    if options.provider not in ("auto", *built):
        raise ProviderUnavailable(
            f"This onnxruntime has no {options.provider} provider; install motion-studio[gpu], or "
            f"set {PROVIDER_SETTING}=auto."
        )
    chain = {
        "auto": ["cuda", "cpu"],
        "cpu": ["cpu"],
        "cuda": ["cuda", "cpu"],
        "tensorrt": ["tensorrt", "cuda", "cpu"],
    }[options.provider]
    return [_configured(name, options) for name in chain if name in built]


def _configured(name: str, options: RuntimeOptions) -> str | tuple[str, dict[str, str]]:
    if name == "tensorrt":
        cache = options.cache or data_folder() / "engines"
        cache.mkdir(parents=True, exist_ok=True)
        settings = {
            "trt_engine_cache_enable": "1",
            "trt_engine_cache_path": str(cache),
            "trt_timing_cache_enable": "1",
        }
        return _PROVIDER_NAMES[name], settings
    if name == "cuda":
        # TensorFloat-32 keeps ten bits of mantissa: goldens would miss their tolerance.
        return _PROVIDER_NAMES[name], {"use_tf32": "0"}
    return _PROVIDER_NAMES[name]


def _session(
    path: Path, providers: list[str | tuple[str, dict[str, str]]], options: RuntimeOptions
) -> onnxruntime.InferenceSession:
    ort = _onnxruntime()
    settings = ort.SessionOptions()
    settings.intra_op_num_threads = options.threads or core_count()
    settings.inter_op_num_threads = 1
    settings.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    settings.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_ALL
    settings.enable_cpu_mem_arena = options.arena
    settings.use_deterministic_compute = True
    settings.log_severity_level = _SILENT
    # Threads spin between the operators of one run, which are too short to wake up for, and sleep
    # between runs, so that an idle studio uses no processor.
    settings.add_session_config_entry("session.force_spinning_stop", "1")
    try:
        session = ort.InferenceSession(str(path), sess_options=settings, providers=providers)
    except Exception as error:  # onnxruntime's own errors share no base class
        raise BundleError(
            f"{path.name} is no graph this onnxruntime can open: {_first_line(error)}"
        ) from error
    unknown = {n.type for n in (*session.get_inputs(), *session.get_outputs())} - _DTYPES.keys()
    if unknown:
        raise BundleError(f"The graph {path.name} uses {', '.join(sorted(unknown))}, unsupported.")
    return session


def _spec(node: onnxruntime.NodeArg) -> TensorSpec:
    shape = tuple(d if isinstance(d, int) else str(d or "?") for d in node.shape)
    return TensorSpec(node.name, _DTYPES[node.type].name, shape)


def _widened(value: NDArray[Any]) -> NDArray[Any]:
    return value.astype(np.float32) if value.dtype == np.float16 else value


def _shape(shape: tuple[int | str, ...]) -> str:
    return "[" + ", ".join(map(str, shape)) + "]"


def onnxruntime_version() -> str:
    """The version in use, for provenance and bug reports."""
    return _onnxruntime().__version__


def _onnxruntime() -> ModuleType:
    try:
        import onnxruntime
    except ImportError as error:
        raise BackendError(
            "ONNX Runtime is not installed; install motion-studio[cpu] or motion-studio[gpu]."
        ) from error
    return onnxruntime


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
