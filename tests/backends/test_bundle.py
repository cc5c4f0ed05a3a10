"""Writing and reading bundles, and every way in which one can be damaged."""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends import golden
from backends.api import BundleError
from backends.bundle import open_bundle, read_manifest
from backends.bundle_writer import GraphDraft, install_bundle, write_bundle
from backends.manifest import from_json, skeleton_hash, to_json
from backends.runtime import RuntimeOptions
from motion.skeleton import BODY, Skeleton
from tests.backends import tiny

CPU = RuntimeOptions(provider="cpu", threads=1)


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """A copy that may be damaged."""
    return Path(shutil.copytree(tiny_bundle, tmp_path / "tiny"))


def test_what_was_written_reads_back(tiny_bundle: Path, tmp_path: Path) -> None:
    manifest = open_bundle(tiny_bundle, CPU).manifest
    draft = tiny.draft(tmp_path)
    for name in ("name", "version", "title", "task", "features", "fps", "max_frames"):
        assert getattr(manifest, name) == getattr(draft, name)
    assert manifest.skeleton is BODY
    assert manifest.sampler == draft.sampler
    assert manifest.golden == draft.golden
    assert manifest.provenance == draft.provenance
    assert manifest.capabilities.conditions == draft.conditions
    assert set(manifest.graphs) == {"text_encoder", "denoiser", "decoder"}
    assert set(manifest.files) == {"tokenizer.json", "stats.npz", "golden.npz"}
    assert from_json(to_json(manifest), "again") == manifest


def test_arrays_and_graphs_are_served(tiny_bundle: Path) -> None:
    bundle = open_bundle(tiny_bundle, CPU)
    np.testing.assert_array_equal(bundle.arrays("stats.npz")["basis"], tiny.stats().basis)
    assert bundle.graph("decoder") is bundle.graph("decoder")
    with pytest.raises(BundleError, match="no file 'other'"):
        bundle.file("other")
    with pytest.raises(BundleError, match="no graph for 'critic'"):
        bundle.graph("critic")


def test_verify_replays_every_golden_pair(tiny_bundle: Path) -> None:
    checks = golden.verify(tiny_bundle, CPU)
    assert {c.name for c in checks} == {
        "text_encoder.hidden", "denoiser.v", "decoder.frames", "decoder.steps", "decoder.contacts",
        "generate",
    }  # fmt: skip
    assert all(c.passed and c.difference == 0 and c.providers == ("cpu",) for c in checks)


def test_verify_notices_another_network(bundle: Path, tmp_path: Path) -> None:
    """A denoiser of the right signature and hash, but not the one that made the golden pairs."""
    other = tiny.denoiser().replace(b"Tanh", b"Atan")
    tampered = bundle / "denoiser.onnx"
    tampered.write_bytes(other)
    _rehash(bundle, "denoiser")
    failed = {c.name for c in golden.verify(bundle, CPU) if not c.passed}
    assert failed == {"denoiser.v", "generate"}


def _rehash(bundle: Path, role: str) -> None:
    from backends.bundle import sha256_of

    digest = sha256_of(bundle / f"{role}.onnx")
    tiny.edit_manifest(bundle, "graphs", role, "sha256", value=digest)


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), data=st.data())
def test_any_flipped_bit_is_noticed(
    tiny_bundle: Path, where: float, bit: int, data: st.DataObject
) -> None:
    manifest = read_manifest(tiny_bundle)
    names = sorted([g.file for g in manifest.graphs.values()] + list(manifest.files))
    file = tiny_bundle / data.draw(st.sampled_from(names))
    good = file.read_bytes()
    damaged = bytearray(good)
    damaged[int(where * len(good))] ^= 1 << bit
    try:
        file.write_bytes(damaged)
        with pytest.raises(BundleError, match=f"{file.name} .* damaged"):
            open_bundle(tiny_bundle, CPU)
    finally:
        file.write_bytes(good)
    open_bundle(tiny_bundle, CPU)


@pytest.mark.parametrize("name", ["denoiser.onnx", "stats.npz", "golden.npz", "tokenizer.json"])
def test_a_missing_file_is_named(bundle: Path, name: str) -> None:
    (bundle / name).unlink()
    with pytest.raises(BundleError, match=f"lacks {name}"):
        open_bundle(bundle, CPU)


def test_unchecked_opening_still_checks_each_file_on_use(bundle: Path) -> None:
    (bundle / "stats.npz").write_bytes(b"other")
    opened = open_bundle(bundle, CPU, check=False)
    opened.graph("decoder")
    with pytest.raises(BundleError, match=r"stats\.npz .* damaged"):
        opened.arrays("stats.npz")


def test_a_graph_with_another_signature_is_refused(bundle: Path) -> None:
    shutil.copy(bundle / "decoder.onnx", bundle / "denoiser.onnx")
    _rehash(bundle, "denoiser")
    with pytest.raises(BundleError, match=r"'denoiser' .* has inputs z .* manifest says known"):
        open_bundle(bundle, CPU).graph("denoiser")


@pytest.mark.parametrize(
    "name",
    ["../secret", "/etc/passwd", "a/../../b", "C:\\secret", "..\\secret", "", "manifest.json"],
)
@pytest.mark.parametrize("place", ["graph", "file"])
def test_names_that_leave_the_bundle_are_refused(bundle: Path, name: str, place: str) -> None:
    (bundle.parent / "secret").write_text("x")
    if place == "graph":
        tiny.edit_manifest(bundle, "graphs", "decoder", "file", value=name)
    else:
        tiny.edit_manifest(bundle, "files", value={name: "0" * 64})
    with pytest.raises(BundleError, match=r"outside itself|needs a text as 'file'"):
        open_bundle(bundle, CPU)


def test_a_link_that_leaves_the_bundle_is_refused(bundle: Path) -> None:
    outside = shutil.move(bundle / "stats.npz", bundle.parent / "stats.npz")
    (bundle / "stats.npz").symlink_to(outside)
    with pytest.raises(BundleError, match="outside itself"):
        open_bundle(bundle, CPU)


def test_a_newer_bundle_asks_for_an_update(bundle: Path) -> None:
    tiny.edit_manifest(bundle, "schema", value=2)
    with pytest.raises(BundleError, match=r"schema 2 .* update Motion Studio"):
        open_bundle(bundle, CPU)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("schema",), "1", "'schema'"),
        (("name",), "No Name!", "'name'"),
        (("name",), 7, "'name'"),
        (("task",), "dance", "'task'"),
        (("fps",), 0, "'fps'"),
        (("fps",), "20", "'fps'"),
        (("capabilities", "max_frames"), 0, "'max_frames'"),
        (("capabilities", "max_frames"), True, "'max_frames'"),
        (("capabilities", "conditions"), ["telepathy"], "'conditions'"),
        (("capabilities",), [], "'capabilities'"),
        (("skeleton", "name"), "octopus", "skeleton 'octopus'"),
        (("skeleton", "hash"), "0" * 64, "other joints or proportions"),
        (("graphs",), None, "'graphs'"),
        (("graphs", "decoder", "sha256"), "abc", "SHA-256"),
        (("graphs", "decoder", "inputs"), {}, "'inputs'"),
        (("graphs", "decoder", "inputs"), [{"name": "z", "dtype": "f", "shape": [1.5]}], "'shape'"),
        (("sampler", "steps"), 0, "sampler defaults"),
        (("sampler", "steps"), "many", "sampler defaults"),
        (("sampler", "solver"), [1], "sampler defaults"),
        (("sampler", "interval"), [1], "sampler defaults"),
        (("golden", "frames"), -1, "'frames'"),
        (("provenance", "metrics"), {"a": None}, "'a'"),
        (("provenance", "data"), [1], "'data'"),
    ],
)
def test_a_malformed_manifest_names_the_key(
    bundle: Path, path: tuple[str, ...], value: Any, message: str
) -> None:
    tiny.edit_manifest(bundle, *path, value=value)
    with pytest.raises(BundleError, match=message):
        open_bundle(bundle, CPU)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "expected an object"),
        (b"\xff\xfe", "cannot be read"),
        (b" " * 5_000_000, "too long"),
    ],
)
def test_a_manifest_that_is_none(bundle: Path, content: bytes, message: str) -> None:
    (bundle / "manifest.json").write_bytes(content)
    with pytest.raises(BundleError, match=message):
        read_manifest(bundle)


def test_a_folder_without_a_manifest_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is no bundle"):
        open_bundle(tmp_path, CPU)


@given(cut=st.integers(0, 4000), junk=st.text(max_size=5))
def test_a_cut_or_garbled_manifest_gives_one_clear_error(
    tiny_bundle: Path, cut: int, junk: str
) -> None:
    text = (tiny_bundle / "manifest.json").read_text()
    with contextlib.suppress(BundleError):  # anything else escapes and fails the test
        from_json(text[:cut] + junk + text[cut:], "it")


def test_arrays_with_objects_inside_are_not_loaded(bundle: Path) -> None:
    from backends.bundle import sha256_of

    np.savez(bundle / "stats.npz", evil=np.array([{"a": 1}], dtype=object))
    tiny.edit_manifest(bundle, "files", "stats.npz", value=sha256_of(bundle / "stats.npz"))
    with pytest.raises(BundleError, match="no array file"):
        open_bundle(bundle, CPU).arrays("stats.npz")


def test_an_export_that_misses_its_expected_outputs_writes_nothing(tmp_path: Path) -> None:
    draft = tiny.draft(tmp_path)
    decoder = draft.graphs["decoder"]
    wrong = {"steps": np.zeros((2, 5, 4), np.float32)}
    graphs = {**draft.graphs, "decoder": replace(decoder, expected=wrong)}
    with pytest.raises(BundleError, match="steps of the graph 'decoder' differs"):
        write_bundle(tmp_path / "out", replace(draft, graphs=graphs))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stats.npz"]


def test_a_failed_write_leaves_the_old_bundle(tmp_path: Path) -> None:
    folder = tiny.write(tmp_path).folder
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    with pytest.raises(BundleError, match="no graph"):
        tiny.write(tmp_path, graphs={"decoder": GraphDraft(b"junk", tiny.OPSET, {})})
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before
    tiny.write(tmp_path, version="2.0.0")
    assert read_manifest(folder).version == "2.0.0"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["stats.npz", "tiny"]


def test_installing_copies_only_what_the_manifest_lists(bundle: Path, tmp_path: Path) -> None:
    (bundle / "notes.txt").write_text("mine")
    installed = install_bundle(bundle, tmp_path / "user")
    assert installed.folder == tmp_path / "user" / "tiny"
    assert not (installed.folder / "notes.txt").exists()
    assert all(c.passed for c in golden.verify(installed.folder, CPU))
    (bundle / "decoder.onnx").write_bytes(b"junk")
    with pytest.raises(BundleError, match="damaged"):
        install_bundle(bundle, tmp_path / "user")
    assert all(c.passed for c in golden.verify(installed.folder, CPU))


def test_the_skeleton_hash_sees_proportions_and_names_but_not_noise() -> None:
    offsets = BODY.rest_offsets
    same = Skeleton("body", BODY.joints, BODY.parents, offsets + 1e-9, BODY.roles)
    taller = Skeleton("body", BODY.joints, BODY.parents, offsets * 1.01, BODY.roles)
    renamed = Skeleton("body", ("hips", *BODY.joints[1:]), BODY.parents, offsets, BODY.roles)
    assert skeleton_hash(same) == skeleton_hash(BODY)
    assert len({skeleton_hash(s) for s in (BODY, taller, renamed)}) == 3


def test_the_manifest_is_plain_json(tiny_bundle: Path) -> None:
    document = json.loads((tiny_bundle / "manifest.json").read_text())
    assert document["schema"] == 1
    assert document["graphs"]["denoiser"]["inputs"][1] == {
        "name": "t", "dtype": "float32", "shape": ["B"],
    }  # fmt: skip
