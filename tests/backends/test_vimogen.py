"""Text to motion end to end on a tiny bundle."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.api import (
    BackendError,
    BundleError,
    Cancelled,
    Capabilities,
    GenerateRequest,
    Generator,
    UnsupportedCondition,
)
from backends.bundle import open_bundle
from backends.features.patches import encode_patches
from backends.runtime import RuntimeOptions
from backends.vimogen import VimogenGenerator
from motion.clip import Motion
from motion.skeleton import Skeleton
from tests.backends import tiny
from tests.backends.tiny import walk

CPU = RuntimeOptions(provider="cpu", threads=1)


def quiet(fraction: float, note: str) -> None:
    pass


@pytest.fixture(scope="session")
def generator(tiny_bundle: Path) -> VimogenGenerator:
    return VimogenGenerator(open_bundle(tiny_bundle, CPU))


def request(text: str = "a person walks", frames: int = 20, **settings: Any) -> GenerateRequest:
    return GenerateRequest(text, frames, **settings)


def assert_same(a: Motion, b: Motion) -> None:
    np.testing.assert_array_equal(a.rotations, b.rotations)
    np.testing.assert_array_equal(a.root_positions, b.root_positions)


def test_it_is_a_generator(generator: VimogenGenerator) -> None:
    assert isinstance(generator, Generator)
    assert generator.name == "tiny"
    assert generator.capabilities.max_frames == 200
    assert set(generator.providers.values()) == {("cpu",)}
    generator.warm_up()


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 5, 79, 80, 200])
def test_any_length_up_to_the_longest(generator: VimogenGenerator, frames: int) -> None:
    (motion,) = generator.generate(request(frames=frames), quiet)
    assert len(motion) == frames
    assert motion.fps == 20
    assert motion.skeleton == generator.capabilities.skeleton


def test_the_same_seed_gives_the_same_bits(generator: VimogenGenerator, tiny_bundle: Path) -> None:
    asked = request(seed=5, takes=2)
    first = generator.generate(asked, quiet)
    again = VimogenGenerator(open_bundle(tiny_bundle, CPU)).generate(asked, quiet)
    for a, b in zip(first, again, strict=True):
        assert_same(a, b)


def test_a_take_does_not_depend_on_the_others(generator: VimogenGenerator) -> None:
    """Eleven takes are also more than one batch."""
    takes = generator.generate(request(seed=5, takes=11), quiet)
    for i in (0, 1, 7, 8, 10):
        assert_same(takes[i], generator.generate(request(seed=5 + i), quiet)[0])
    assert np.abs(takes[0].rotations - takes[1].rotations).max() > 1e-3


def test_seeds_up_to_the_last(generator: VimogenGenerator) -> None:
    assert len(generator.generate(request(seed=2**32 - 1, takes=2), quiet)) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"text": "a person kicks"},
        {"steps": 7},
        {"guidance": 3.0},
        {"guidance": 1.0},
        {"guidance": 0.0},
        {"seed": 1},
        {"cleanup": False},
    ],
)
def test_every_setting_counts(generator: VimogenGenerator, change: dict[str, Any]) -> None:
    (plain,) = generator.generate(request(), quiet)
    (other,) = generator.generate(request(**change), quiet)
    assert np.abs(plain.rotations - other.rotations).max() > 1e-9


def test_without_guidance_the_text_does_not_count(generator: VimogenGenerator) -> None:
    (one,) = generator.generate(request("a person walks", guidance=0.0), quiet)
    (two,) = generator.generate(request("a person kicks then stands", guidance=0.0), quiet)
    assert_same(one, two)


given_lengths = st.integers(0, 11)


@settings(max_examples=25)
@given(before=given_lengths, after=given_lengths, gap=st.integers(1, 30), clean=st.booleans())
def test_prefix_and_suffix_come_out_exactly(
    generator: VimogenGenerator, before: int, after: int, gap: int, clean: bool
) -> None:
    prefix = walk(before, 1) if before else None
    suffix = walk(after, 2).placed(0.4, (2.0, 0.0, 1.0)) if after else None
    asked = request(
        frames=before + gap + after, prefix=prefix, suffix=suffix, takes=2, cleanup=clean
    )
    for motion in generator.generate(asked, quiet):
        assert len(motion) == asked.frames
        if prefix is not None:
            assert_same(motion.slice(0, before), prefix)
        if suffix is not None:
            assert_same(motion.slice(len(motion) - after, len(motion)), suffix)


def test_what_is_held_conditions_the_rest(generator: VimogenGenerator) -> None:
    (one,) = generator.generate(request(prefix=walk(8, 1)), quiet)
    (two,) = generator.generate(request(prefix=walk(8, 2)), quiet)
    gap = slice(17, 20)  # past the fade of the seam
    assert np.abs(one.rotations[gap, 1:] - two.rotations[gap, 1:]).max() > 1e-4


def test_held_tokens_are_the_given_frames(generator: VimogenGenerator) -> None:
    """A prefix of 10 frames holds two tokens: its last eight frames."""
    prefix, suffix = walk(10, 1), walk(8, 2)
    asked = request(frames=34, prefix=prefix, suffix=suffix)
    held = generator._held(asked, generator._layout(asked))
    assert held is not None
    np.testing.assert_array_equal(held.mask[0], [1, 1, 0, 0, 0, 0, 1, 1])
    stats = tiny.stats()
    expected = encode_patches(prefix.slice(2, 10), stats)
    np.testing.assert_allclose(held.data[0, :2], expected, rtol=1e-4, atol=1e-4)
    expected = encode_patches(suffix, stats)
    np.testing.assert_allclose(held.data[0, -2:], expected, rtol=1e-4, atol=1e-4)
    assert np.abs(held.data[0, 2:-2]).max() == 0


def test_the_limit_counts_what_is_given(generator: VimogenGenerator) -> None:
    with pytest.raises(BackendError, match=r"10\.1 s is longer than this model's 10 s"):
        generator.generate(request(frames=201), quiet)
    generator.generate(request(frames=200, prefix=walk(8)), quiet)
    with pytest.raises(BackendError, match="4 too many"):
        generator.generate(request(frames=200, prefix=walk(2)), quiet)
    with pytest.raises(BackendError, match="leave nothing to generate"):
        generator.generate(request(frames=20, prefix=walk(20)), quiet)


def test_motion_of_another_rig_or_rate_is_refused(generator: VimogenGenerator) -> None:
    clip = walk(8)
    with pytest.raises(BackendError, match="resample it first"):
        generator.generate(request(prefix=clip.resample(30)), quiet)
    s = clip.skeleton
    other = Skeleton("other", s.joints, s.parents, s.rest_offsets * 1.1, s.roles)
    suffix = Motion(other, 20, clip.root_positions, clip.rotations)
    with pytest.raises(BackendError, match=r"moves 'other' .* retarget it first"):
        generator.generate(request(suffix=suffix), quiet)


def test_a_condition_the_bundle_has_not_names_those_that_have(tmp_path: Path) -> None:
    plain = tiny.write(tmp_path, conditions=frozenset({"text"}))
    able = Capabilities(
        "text_to_motion", plain.manifest.skeleton, 20, 200, frozenset({"text", "prefix"})
    )
    generator = VimogenGenerator(plain, lambda: {"able": able})
    with pytest.raises(UnsupportedCondition, match="cannot take prefix; use able"):
        generator.generate(request(prefix=walk(4)), quiet)
    generator.generate(request(), quiet)


def test_progress_rises_from_nothing_to_done(generator: VimogenGenerator) -> None:
    seen: list[tuple[float, str]] = []
    generator.generate(request(takes=9), lambda f, n: seen.append((f, n)))
    fractions = [f for f, _ in seen]
    assert fractions == sorted(fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert {"Reading the description", "Decoding", "Cleaning up", "Done"} <= {n for _, n in seen}


def stopping_at(call: int) -> Callable[[float, str], None]:
    count = 0

    def progress(fraction: float, note: str) -> None:
        nonlocal count
        count += 1
        if count == call:
            raise Cancelled("Stopped.")

    return progress


@pytest.mark.parametrize("call", [1, 2, 5, 9, 11])
def test_cancelling_anywhere_leaves_nothing_behind(generator: VimogenGenerator, call: int) -> None:
    (before,) = generator.generate(request(), quiet)
    with pytest.raises(Cancelled):
        generator.generate(request(), stopping_at(call))
    assert_same(generator.generate(request(), quiet)[0], before)


def test_many_threads_at_once_get_their_own_motion(generator: VimogenGenerator) -> None:
    expected = [generator.generate(request(seed=i), quiet)[0] for i in range(4)]
    got: dict[int, Motion] = {}

    def work(i: int) -> None:
        got[i] = generator.generate(request(seed=i), quiet)[0]

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for i in range(4):
        assert_same(got[i], expected[i])


def test_a_model_that_diverges_says_so(tmp_path: Path) -> None:
    drafted = tiny.draft(tmp_path).graphs
    wild = tiny.denoiser().replace(b"Tanh", b"Sinh")
    from dataclasses import replace

    graphs = {**drafted, "denoiser": replace(drafted["denoiser"], source=wild)}
    bundle = tiny.write(tmp_path, graphs=graphs, golden=None)
    with pytest.raises(BackendError, match="not finite; lower the guidance"):
        VimogenGenerator(bundle).generate(request(steps=30), quiet)


def test_a_bundle_that_lacks_a_graph_or_an_input(tmp_path: Path) -> None:
    graphs = dict(tiny.draft(tmp_path).graphs)
    decoder = graphs.pop("decoder")
    with pytest.raises(BundleError, match="no graph for 'decoder'"):
        VimogenGenerator(tiny.write(tmp_path, graphs=graphs, golden=None))
    graphs["decoder"] = decoder
    graphs["denoiser"] = decoder
    with pytest.raises(BundleError, match=r"graph 'denoiser' .* must take x, t, text"):
        VimogenGenerator(tiny.write(tmp_path, graphs=graphs, golden=None))


def test_statistics_that_are_incomplete(tmp_path: Path) -> None:
    files = dict(tiny.draft(tmp_path).files)
    np.savez(tmp_path / "less.npz", mean=np.zeros(3))
    files["stats.npz"] = tmp_path / "less.npz"
    generator = VimogenGenerator(tiny.write(tmp_path, files=files))
    with pytest.raises(BundleError, match=r"stats\.npz .* lacks 'weight'"):
        generator.generate(request(prefix=walk(4)), quiet)
