"""Tokens and embeddings of descriptions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backends.api import BackendError, BundleError
from backends.bundle import open_bundle
from backends.runtime import RuntimeOptions
from backends.text import MAX_TOKENS, TextEncoder, Tokenizer
from tests.backends import tiny

CPU = RuntimeOptions(provider="cpu", threads=1)


def test_words_become_their_vectors(tiny_bundle: Path) -> None:
    encoded = TextEncoder(open_bundle(tiny_bundle, CPU)).encode("a  person\n kicks")
    table = tiny.normal(1, len(tiny.WORDS), tiny.WIDTH)
    np.testing.assert_array_equal(encoded.hidden[0], table[[1, 2, 4]])
    np.testing.assert_array_equal(encoded.mask, np.ones((1, 3), np.float32))


def test_the_same_description_is_encoded_once(tiny_bundle: Path) -> None:
    encoder = TextEncoder(open_bundle(tiny_bundle, CPU))
    first = encoder.encode("a person walks")
    assert encoder.encode(" a person  walks ") is first
    assert encoder.encode("a person kicks") is not first
    for i in range(300):
        encoder.encode(f"a person walks {i}")
    again = encoder.encode("a person walks")
    assert again is not first
    np.testing.assert_array_equal(again.hidden, first.hidden)


def test_too_long_a_description_is_refused_not_cut(tiny_bundle: Path) -> None:
    encoder = TextEncoder(open_bundle(tiny_bundle, CPU))
    encoder.encode("walks " * MAX_TOKENS)
    with pytest.raises(BackendError, match=f"{MAX_TOKENS + 1} tokens .* shorten"):
        encoder.encode("walks " * (MAX_TOKENS + 1))


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"model": 3}'])
def test_a_broken_tokenizer_is_named(content: bytes) -> None:
    with pytest.raises(BundleError, match=r"tokenizer\.json of the bundle b is unreadable"):
        Tokenizer(content, "b")
