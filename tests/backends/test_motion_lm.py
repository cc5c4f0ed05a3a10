"""Motion from a language model, and captions, on a tiny bundle whose tokens can be read back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends import golden, seams
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
from backends.features import smpl_d135
from backends.loaders import generator_of
from backends.motion_lm import (
    CONTEXT,
    PATCH,
    MotionCaptioner,
    MotionLanguageGenerator,
    TokenSampling,
    choose,
    encode_tokens,
    read_sampling,
)
from backends.runtime import RuntimeOptions
from backends.token_language import END_MOTION, END_TEXT, MARKS, MOTION, TEXT
from motion.clip import Motion
from motion.skeleton import BODY, Skeleton
from tests.backends import tiny_tokens
from tests.backends.tiny import walk
from tests.backends.tiny_tokens import (
    CODES,
    HEIGHT,
    HEIGHT_STEP,
    SPEED_STEP,
    VOCABULARY,
    WORDS,
    tokens_of,
)

CPU = RuntimeOptions(provider="cpu", threads=1)


def quiet(fraction: float, note: str) -> None:
    pass


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_tokens.write(tmp_path_factory.mktemp("tokens")).folder


@pytest.fixture(scope="session")
def generator(folder: Path) -> MotionLanguageGenerator:
    return MotionLanguageGenerator(open_bundle(folder, CPU))


def request(text: str = "a person walks", frames: int = 20, **settings: Any) -> GenerateRequest:
    return GenerateRequest(text, frames, **settings)


def plain(text: str = "a person walks", frames: int = 20, **settings: Any) -> GenerateRequest:
    return request(text, frames, cleanup=False, **settings)


def assert_same(a: Motion, b: Motion) -> None:
    np.testing.assert_array_equal(a.rotations, b.rotations)
    np.testing.assert_array_equal(a.root_positions, b.root_positions)


def sampled(text: str, steps: int, sampling: TokenSampling, seed: int) -> np.ndarray:
    """The same tokens from the definition: every token by a look at all tokens before it."""
    words = VOCABULARY.words([1, *(WORDS.index(w) for w in text.split()), 2])
    told, untold = [TEXT, *words, END_TEXT, MOTION], [TEXT, END_TEXT, MOTION]
    rng = np.random.default_rng(seed)
    out: list[int] = []
    for k in range(steps * VOCABULARY.slots):
        slot = VOCABULARY.slot(k % VOCABULARY.slots)
        with_text = tiny_tokens.logits(told + out)[slot]
        without = tiny_tokens.logits(untold + out)[slot]
        mixed = without + sampling.guidance * (with_text - without)
        p = np.exp(mixed / sampling.temperature)
        p /= p.sum()
        order = np.argsort(-p)
        kept = order[: 1 + int((np.cumsum(p[order]) < sampling.top_p).sum())]
        at, total = rng.random() * p[kept].sum(), 0.0
        for token in kept:
            total += p[token]
            if at < total:
                out.append(slot.start + int(token))
                break
    return VOCABULARY.codes_of(out)


def test_it_is_a_generator(generator: MotionLanguageGenerator, folder: Path) -> None:
    assert isinstance(generator, Generator)
    assert isinstance(generator_of(open_bundle(folder, CPU)), MotionLanguageGenerator)
    assert generator.name == "tiny-tokens"
    assert generator.capabilities.conditions == {"text", "prefix"}
    assert set(generator.providers.values()) == {("cpu",)}
    generator.warm_up()


def test_the_golden_pairs_hold(folder: Path) -> None:
    assert all(check.passed for check in golden.verify(folder, CPU))


@pytest.mark.parametrize("frames", [1, 3, 4, 5, 79, 80])
def test_any_length_up_to_the_longest(generator: MotionLanguageGenerator, frames: int) -> None:
    (motion,) = generator.generate(request(frames=frames), quiet)
    assert len(motion) == frames
    assert motion.fps == 20
    assert motion.skeleton == BODY


@settings(max_examples=20, deadline=None)
@given(
    text=st.lists(st.sampled_from(WORDS[3:]), min_size=1, max_size=6).map(" ".join),
    steps=st.integers(1, 8),
    seed=st.integers(0, 2**32 - 1),
    sampling=st.builds(
        TokenSampling, st.floats(0.3, 3.0), st.sampled_from([0.5, 0.9, 1.0]), st.floats(0.0, 4.0)
    ),
)
def test_tokens_are_those_of_the_definition(
    folder: Path, text: str, steps: int, seed: int, sampling: TokenSampling
) -> None:
    """The cache, the grammar, guidance and sampling against a version that has none of them."""
    generator = MotionLanguageGenerator(open_bundle(folder, CPU), sampling=sampling)
    (motion,) = generator.generate(plain(text, PATCH * steps, seed=seed), quiet)
    np.testing.assert_array_equal(tokens_of(motion), sampled(text, steps, sampling, seed))


def test_the_bundle_says_how_to_sample(generator: MotionLanguageGenerator, folder: Path) -> None:
    own = read_sampling(open_bundle(folder, CPU))
    assert own == TokenSampling(1.0, 0.95, 1.5)
    (motion,) = generator.generate(plain(seed=9), quiet)
    np.testing.assert_array_equal(tokens_of(motion), sampled("a person walks", 5, own, 9))
    (stronger,) = generator.generate(plain(seed=9, guidance=6.0), quiet)
    expected = sampled("a person walks", 5, dataclasses.replace(own, guidance=6.0), 9)
    np.testing.assert_array_equal(tokens_of(stronger), expected)


def test_only_motion_is_ever_sampled(generator: MotionLanguageGenerator) -> None:
    """The network would rather say words, or give a slot the other's tokens."""
    motions = generator.generate(plain(frames=80, takes=5, seed=1), quiet)
    tokens = np.concatenate([tokens_of(m) for m in motions])
    assert tokens.min() >= 0
    assert tokens.max() < CODES
    assert len(np.unique(tokens)) > 2


def test_words_are_read_whatever_their_case(generator: MotionLanguageGenerator) -> None:
    (one,) = generator.generate(request("A Person Walks"), quiet)
    (two,) = generator.generate(request("a person walks"), quiet)
    assert_same(one, two)


def test_without_guidance_the_text_does_not_count(generator: MotionLanguageGenerator) -> None:
    (one,) = generator.generate(request("a person walks", guidance=0.0), quiet)
    (two,) = generator.generate(request("kicks kicks", guidance=0.0), quiet)
    assert_same(one, two)


def test_a_take_does_not_depend_on_the_others(generator: MotionLanguageGenerator) -> None:
    takes = generator.generate(request(seed=5, takes=4), quiet)
    for i in range(4):
        assert_same(takes[i], generator.generate(request(seed=5 + i), quiet)[0])
    assert np.abs(takes[0].root_positions - takes[1].root_positions).max() > 1e-3


def test_seeds_up_to_the_last(generator: MotionLanguageGenerator) -> None:
    assert len(generator.generate(request(seed=2**32 - 1, takes=2), quiet)) == 2


@settings(max_examples=25, deadline=None)
@given(before=st.integers(1, 21), gap=st.integers(1, 30), clean=st.booleans())
def test_a_prefix_comes_out_exactly(
    generator: MotionLanguageGenerator, before: int, gap: int, clean: bool
) -> None:
    prefix = walk(before, 1).placed(0.4, (2.0, 0.0, 1.0))
    asked = request(frames=before + gap, prefix=prefix, takes=2, cleanup=clean)
    for motion in generator.generate(asked, quiet):
        assert len(motion) == asked.frames
        assert_same(motion.slice(0, before), prefix)


def test_what_comes_after_a_prefix_follows_from_it(generator: MotionLanguageGenerator) -> None:
    """The motion's last tokens are followed as if they had just been drawn."""
    (whole,) = generator.generate(plain(frames=40, seed=2, guidance=0.0), quiet)
    prefix = whole.slice(0, 20)
    given_ = encode_tokens(generator._bundle, prefix)
    np.testing.assert_array_equal(given_, tokens_of(prefix))
    (longer,) = generator.generate(plain(frames=40, prefix=prefix, guidance=0.0), quiet)
    sampling = TokenSampling(1.0, 0.95, 0.0)
    rng, out = np.random.default_rng(0), VOCABULARY.motion(given_)
    forgotten = VOCABULARY.slots * (len(given_) - CONTEXT)
    for k in range(10):
        slot = VOCABULARY.slot(k % 2)
        scores = tiny_tokens.logits([TEXT, END_TEXT, MOTION, *out[forgotten:]])[slot]
        out.append(slot.start + choose(scores.astype(np.float32), sampling, rng.random()))
    features = np.tile(smpl_d135.encode(whole)[:1], (40, 1))
    codes = VOCABULARY.codes_of(out).repeat(PATCH, axis=0)
    features[:, smpl_d135.HEIGHT.start] = HEIGHT + HEIGHT_STEP * codes[:, 0]
    features[:, smpl_d135.VELOCITY.start] = SPEED_STEP * codes[:, 1]
    expected = seams.join(smpl_d135.decode(features, 20), prefix, None)
    np.testing.assert_allclose(longer.root_positions, expected.root_positions, atol=1e-5)


def test_cancelling_stops_the_work(generator: MotionLanguageGenerator) -> None:
    seen: list[float] = []

    def stop(fraction: float, note: str) -> None:
        seen.append(fraction)
        if fraction > 0.3:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        generator.generate(request(frames=80, takes=2), stop)
    assert seen == sorted(seen)
    assert seen[-1] < 0.5


def test_progress_rises_to_one(generator: MotionLanguageGenerator) -> None:
    seen: list[float] = []
    generator.generate(request(takes=2), lambda f, n: seen.append(f))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_what_it_cannot_do_is_said(generator: MotionLanguageGenerator, folder: Path) -> None:
    with pytest.raises(BackendError, match=r"longer than this model's 4 s"):
        generator.generate(request(frames=81), quiet)
    with pytest.raises(BackendError, match="leave nothing to generate"):
        generator.generate(request(frames=8, prefix=walk(8)), quiet)
    with pytest.raises(BackendError, match=r"20 fps|resample"):
        generator.generate(request(prefix=dataclasses.replace(walk(8), fps=30.0)), quiet)
    other = dataclasses.replace(walk(8), skeleton=_renamed(BODY))
    with pytest.raises(BackendError, match="retarget"):
        generator.generate(request(prefix=other), quiet)
    with pytest.raises(BackendError, match="shorten it"):
        generator.generate(request("walks " * 300), quiet)
    able = {"other": Capabilities("text_to_motion", BODY, 20, 80, frozenset({"text", "suffix"}))}
    choosy = MotionLanguageGenerator(open_bundle(folder, CPU), lambda: able)
    with pytest.raises(UnsupportedCondition, match="use other"):
        choosy.generate(request(suffix=walk(4)), quiet)


def _renamed(skeleton: Skeleton) -> Skeleton:
    return dataclasses.replace(skeleton, name="another")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("vocabulary.npz", b"nothing"),
        ("sampling.json", b"{"),
        ("sampling.json", json.dumps({"heat": 1}).encode()),
        ("tokenizer.json", b"{}"),
    ],
)
def test_damaged_files_are_named(tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(BundleError, match=name):
        tiny_tokens.write(tmp_path, **{name: content})


@given(
    st.lists(st.floats(-20, 20, width=32), min_size=1, max_size=12),
    st.floats(0.05, 5),
    st.floats(0.01, 1.0),
    st.floats(0, 1, exclude_max=True),
)
def test_what_is_drawn_is_among_the_likeliest(
    values: list[float], temperature: float, top_p: float, at: float
) -> None:
    scores = np.array(values, np.float32)
    token = choose(scores, TokenSampling(temperature, top_p), at)
    p = np.exp((scores - scores.max()).astype(float) / temperature)
    better = p[p > p[token]].sum() / p.sum()
    assert better <= top_p + 1e-9
    assert choose(scores, TokenSampling(0.0, top_p), at) == scores.argmax()


def test_tokens_are_drawn_as_often_as_their_share() -> None:
    scores = np.log(np.array([0.1, 0.55, 0.05, 0.3])).astype(np.float32)
    grid = (np.arange(1000) + 0.5) / 1000
    drawn = [choose(scores, TokenSampling(1.0, 0.9), at) for at in grid]
    counts = np.bincount(drawn, minlength=4) / 1000
    np.testing.assert_allclose(counts, np.array([0.1, 0.55, 0, 0.3]) / 0.95, atol=0.002)


def caption(motion: Motion, most: int) -> str:
    """The captioner's words from the definition."""
    told = [MOTION, *VOCABULARY.motion(tokens_of(motion)), END_MOTION, TEXT]
    out: list[int] = []
    while len(out) < most:
        scores = tiny_tokens.logits(told + out)
        legal = list(range(len(MARKS), VOCABULARY.first_motion))
        token = max([END_TEXT, *legal] if out else legal, key=lambda t: scores[t])
        if token == END_TEXT:
            break
        out.append(token)
    return " ".join(WORDS[i] for i in VOCABULARY.pieces_of(out))


def test_captions_are_the_likeliest_words(generator: MotionLanguageGenerator, folder: Path) -> None:
    captioner = MotionCaptioner(open_bundle(folder, CPU))
    motions = generator.generate(plain(takes=8, seed=4), quiet)
    captions = [captioner.caption(m, most=6) for m in motions]
    assert captions == [caption(m, 6) for m in motions]
    assert all(captions)
    # A piece that is no whole patch is passed over, and so is what is longer than the model reads.
    assert captioner.caption(motions[0].slice(0, 19), 6) == caption(motions[0].slice(0, 16), 6)
    longest = generator.generate(plain(frames=80), quiet)[0]
    longer = longest.sample(np.clip(np.arange(100), 0, 79))
    assert captioner.caption(longer, 6) == captioner.caption(longest, 6)


def test_captions_need_a_motion_they_can_read(folder: Path) -> None:
    captioner = MotionCaptioner(open_bundle(folder, CPU))
    with pytest.raises(BackendError, match="too few to describe"):
        captioner.caption(walk(3))
    with pytest.raises(BackendError, match="resample"):
        captioner.caption(dataclasses.replace(walk(8), fps=30.0))
