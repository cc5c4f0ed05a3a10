"""Graphs: checked inputs, precision, providers, and results that do not depend on the batch."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from backends import runtime
from backends.api import BackendError, BundleError
from backends.runtime import (
    ProviderUnavailable,
    RuntimeOptions,
    available_providers,
    core_count,
    open_graph,
)
from tests.backends import tiny

CPU = RuntimeOptions(provider="cpu", threads=1)


@pytest.fixture
def doubler(tmp_path: Path) -> Path:
    path = tmp_path / "doubler.onnx"
    path.write_bytes(tiny.graph("g (float[B, 3] x) => (float[B, 3] y) { y = Add (x, x) }"))
    return path


def test_runs_and_describes_itself(doubler: Path) -> None:
    graph = open_graph(doubler, CPU)
    x = tiny.normal(0, 2, 3)
    np.testing.assert_array_equal(graph.run({"x": x})["y"], 2 * x)
    assert [(s.name, s.dtype, s.shape) for s in graph.inputs] == [("x", "float32", ("B", 3))]
    assert graph.providers == ("cpu",)


def test_casts_floats_to_the_precision_of_the_graph_and_back(tmp_path: Path) -> None:
    path = tmp_path / "half.onnx"
    path.write_bytes(tiny.graph("g (float16[B, 3] x) => (float16[B, 3] y) { y = Add (x, x) }"))
    x = tiny.normal(0, 2, 3)
    y = open_graph(path, CPU).run({"x": x})["y"]
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, (2 * x.astype(np.float16)).astype(np.float32))


@pytest.mark.parametrize(
    ("feeds", "message"),
    [
        ({}, "takes x, not nothing"),
        ({"z": np.zeros((1, 3), np.float32)}, "takes x, not z"),
        ({"x": np.zeros(3, np.float32)}, r"shape \[B, 3\], not \[3\]"),
        ({"x": np.zeros((1, 4), np.float32)}, r"shape \[B, 3\], not \[1, 4\]"),
        ({"x": np.zeros((1, 3), np.int64)}, "as float32, not int64"),
        ({"x": np.zeros((1, 3), np.complex64)}, "as float32, not complex64"),
    ],
)
def test_wrong_inputs_are_named(doubler: Path, feeds: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(BundleError, match=message):
        open_graph(doubler, CPU).run(feeds)


def test_a_graph_that_fails_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sum.onnx"
    path.write_bytes(
        tiny.graph("g (float[A, 3] x, float[B, 3] y) => (float[C, 3] z) { z = Add (x, y) }")
    )
    feeds = {"x": np.zeros((2, 3), np.float32), "y": np.zeros((5, 3), np.float32)}
    with pytest.raises(BundleError, match=r"sum\.onnx failed"):
        open_graph(path, CPU).run(feeds)


def test_files_that_are_no_graphs(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="missing"):
        open_graph(tmp_path / "none.onnx", CPU)
    junk = tmp_path / "junk.onnx"
    junk.write_bytes(b"not a graph")
    with pytest.raises(BundleError, match=r"junk\.onnx is no graph"):
        open_graph(junk, CPU)
    text = tmp_path / "text.onnx"
    text.write_bytes(tiny.graph("g (string[N] x) => (string[N] y) { y = Identity (x) }"))
    with pytest.raises(BundleError, match="unsupported"):
        open_graph(text, CPU)


def test_a_provider_that_is_not_built_in_is_refused(doubler: Path) -> None:
    if "tensorrt" in available_providers():
        pytest.skip("this onnxruntime is built with TensorRT")
    with pytest.raises(ProviderUnavailable, match="no tensorrt provider"):
        open_graph(doubler, RuntimeOptions(provider="tensorrt"))


def test_a_provider_that_falls_back_in_silence_is_refused(
    doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build with CUDA on a machine without a GPU opens the session on the CPU all the same."""
    monkeypatch.setattr(runtime, "_wanted", lambda options: ["CPUExecutionProvider"])
    with pytest.raises(ProviderUnavailable, match="would run on CPU"):
        open_graph(doubler, RuntimeOptions(provider="cuda"))
    assert open_graph(doubler, RuntimeOptions(provider="auto")).providers == ("cpu",)


def test_options_come_from_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (runtime.PROVIDER_SETTING, runtime.THREADS_SETTING, runtime.CACHE_SETTING):
        monkeypatch.delenv(name, raising=False)
    assert RuntimeOptions.from_environment() == RuntimeOptions()
    monkeypatch.setenv(runtime.PROVIDER_SETTING, " CPU ")
    monkeypatch.setenv(runtime.THREADS_SETTING, "3")
    monkeypatch.setenv(runtime.CACHE_SETTING, str(tmp_path))
    assert RuntimeOptions.from_environment() == RuntimeOptions("cpu", 3, cache=tmp_path)
    monkeypatch.setenv(runtime.THREADS_SETTING, "many")
    with pytest.raises(BackendError, match="many is no number"):
        RuntimeOptions.from_environment()
    with pytest.raises(BackendError, match="no provider"):
        RuntimeOptions(provider="abacus")  # type: ignore[arg-type]
    assert core_count() >= 1


def test_without_onnxruntime_the_extra_is_named(
    doubler: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(BackendError, match=r"install motion-studio\[cpu\]"):
        open_graph(doubler, CPU)


@pytest.mark.parametrize("threads", [1, 2])
def test_rows_do_not_depend_on_their_batch(tmp_path: Path, threads: int) -> None:
    """Bit for bit, at a real network's sizes: what makes a take reproducible by itself.

    A projection, an attention and a feed-forward part, 6 takes of 20 tokens against each alone.
    """
    path = tmp_path / "block.onnx"
    wide = 256
    path.write_bytes(
        tiny.graph(
            f"""
            block (float[B, N, {wide}] x) => (float[B, N, {wide}] y) {{
                q = MatMul (x, a)
                k = MatMul (x, b)
                kt = Transpose <perm = [0, 2, 1]> (k)
                s = MatMul (q, kt)
                w = Softmax <axis = -1> (s)
                seen = MatMul (w, x)
                h = MatMul (seen, up)
                g = Tanh (h)
                out = MatMul (g, down)
                r = Add (out, x)
                y = LayerNormalization <axis = -1> (r, scale)
            }}""",
            a=tiny.normal(1, wide, wide, scale=0.05),
            b=tiny.normal(2, wide, wide, scale=0.05),
            up=tiny.normal(3, wide, 4 * wide, scale=0.05),
            down=tiny.normal(4, 4 * wide, wide, scale=0.05),
            scale=np.ones(wide, np.float32),
        )
    )
    graph = open_graph(path, RuntimeOptions(provider="cpu", threads=threads))
    x = tiny.normal(5, 6, 20, wide)
    together = graph.run({"x": x})["y"]
    for i in range(len(x)):
        np.testing.assert_array_equal(graph.run({"x": x[i : i + 1]})["y"][0], together[i])
