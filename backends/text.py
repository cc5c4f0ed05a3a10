"""Descriptions to token embeddings: a bundle's tokenizer and text encoder."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backends.api import BackendError, BundleError
from backends.bundle import Bundle

TOKENIZER = "tokenizer.json"

#: The longest description in tokens, MiniLM's own limit.
MAX_TOKENS = 256

_CACHED = 256


@dataclass(frozen=True)
class Encoded:
    """A description: ``hidden[1, L, D]`` and ``mask[1, L]``, 1 where a token counts."""

    hidden: NDArray[np.float32]
    mask: NDArray[np.float32]


class Tokenizer:
    """A tokenizer in the HuggingFace ``tokenizers`` format."""

    def __init__(self, content: bytes, bundle: str) -> None:
        from tokenizers import Tokenizer as Backend

        try:
            self._backend: Any = Backend.from_str(content.decode("utf-8"))
        except Exception as error:  # the Rust library raises bare Exception
            raise BundleError(f"{TOKENIZER} of the bundle {bundle} is unreadable.") from error
        self._backend.no_padding()
        self._backend.no_truncation()

    def encode(self, text: str) -> list[int]:
        """Token ids, special tokens included.

        Raises:
            BackendError: the text is longer than any model here reads.
        """
        ids: list[int] = self._backend.encode(text).ids
        if len(ids) > MAX_TOKENS:
            raise BackendError(
                f"The description is {len(ids)} tokens long and the model reads {MAX_TOKENS}; "
                "shorten it."
            )
        return ids

    def decode(self, ids: Sequence[int]) -> str:
        """The text of token ids."""
        return str(self._backend.decode(list(ids)))


class TextEncoder:
    """A bundle's text encoder, the latest descriptions remembered. Thread-safe.

    Each description is encoded by itself, never in a batch: a quantised encoder scales a whole
    batch at once, so that a description's embedding would depend on its neighbours.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._bundle = bundle
        self._tokenizer: Tokenizer | None = None
        self._cache: OrderedDict[str, Encoded] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, text: str) -> Encoded:
        """The embedding of one description."""
        key = " ".join(text.split())
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
            encoded = self._encode(key)
            self._cache[key] = encoded
            if len(self._cache) > _CACHED:
                self._cache.popitem(last=False)
            return encoded

    def _encode(self, text: str) -> Encoded:
        if self._tokenizer is None:
            self._tokenizer = Tokenizer(self._bundle.file(TOKENIZER), self._bundle.name)
        ids = np.array([self._tokenizer.encode(text)], dtype=np.int64)
        graph = self._bundle.graph("text_encoder")
        hidden = graph.run({"input_ids": ids, "attention_mask": np.ones_like(ids)})["hidden"]
        return Encoded(hidden, np.ones(ids.shape, dtype=np.float32))
