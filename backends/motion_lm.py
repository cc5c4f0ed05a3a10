"""MotionLLM and Being-M0 at laptop size: motion as tokens of a language model, both ways.

A bundle holds a language model with its cache of keys and values inside the graph, and the
tokenizer's two halves; what may follow what is known (:mod:`backends.token_language`), so nothing
but legal motion can be sampled.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backends import seams
from backends.api import (
    BackendError,
    BundleError,
    Capabilities,
    GenerateRequest,
    Progress,
    require,
)
from backends.bundle import Bundle
from backends.features import smpl_d135
from backends.runtime import Graph
from backends.text import TOKENIZER, Tokenizer
from backends.token_language import END_MOTION, END_TEXT, MOTION, TEXT, Vocabulary
from motion.clip import Motion
from motion.ik import foot_lock, smooth

VOCABULARY = "vocabulary.npz"

#: Frames a token.
PATCH = 4

_SIGNATURES = {
    "language": (("ids", "past"), ("logits", "present")),
    "encoder": (("features",), ("tokens",)),
    "decoder": (("tokens",), ("features",)),
}

#: Shares of the progress bar: sampling ends.
_SAMPLED = 0.9


@dataclass(frozen=True)
class TokenSampling:
    """How tokens are drawn.

    Attributes:
        temperature: Of the softmax; 0 takes the likeliest.
        top_p: Only the likeliest tokens that make up this share are drawn from (Holtzman et al.
            2020).
        guidance: How far logits are pushed away from those without text; 1 is not at all.
    """

    temperature: float = 0.9
    top_p: float = 0.95
    guidance: float = 2.0


def choose(logits: NDArray[np.float32], sampling: TokenSampling, at: float) -> int:
    """The token of ``logits[V]`` that the number ``at`` in [0, 1) falls on.

    >>> choose(np.array([0.0, 5.0, 1.0], np.float32), TokenSampling(temperature=0.0), 0.5)
    1
    """
    if sampling.temperature <= 0:
        return int(logits.argmax())
    p = np.exp((logits - logits.max()).astype(np.float64) / sampling.temperature)
    order = np.argsort(-p, kind="stable")
    sums = np.cumsum(p[order]) / p.sum()
    kept = int(np.searchsorted(sums, sampling.top_p)) + 1
    # The first whose share of what is kept reaches the number.
    return int(
        order[np.searchsorted(sums[:kept] / sums[kept - 1], at, side="right").clip(0, kept - 1)]
    )


class MotionLanguageGenerator:
    """A bundle of ``smpl-d135-tokens`` as a :class:`backends.api.Generator`. Thread-safe.

    Raises:
        BundleError: the bundle lacks a graph or a file, or a graph has another signature.
    """

    def __init__(
        self, bundle: Bundle, others: Callable[[], dict[str, Capabilities]] = dict
    ) -> None:
        bundle.require(_SIGNATURES)
        self._bundle, self._others = bundle, others
        self._words = read_vocabulary(bundle)
        self._text = Tokenizer(bundle.file(TOKENIZER), bundle.name)

    @property
    def name(self) -> str:
        """The bundle's name."""
        return self._bundle.name

    @property
    def capabilities(self) -> Capabilities:
        """What the bundle's manifest states."""
        return self._bundle.manifest.capabilities

    @property
    def providers(self) -> dict[str, tuple[str, ...]]:
        """What really runs each graph, by role."""
        return {role: self._bundle.graph(role).providers for role in _SIGNATURES}

    def warm_up(self) -> None:
        """Open every graph and run each once."""
        self.generate(GenerateRequest("a person stands", 8, cleanup=False), lambda f, n: None)

    def generate(self, request: GenerateRequest, progress: Progress) -> list[Motion]:
        """See :meth:`backends.api.Generator.generate`. Take ``i`` depends on ``seed + i`` alone."""
        able = request.conditions <= self.capabilities.conditions
        require(self.capabilities, request, {} if able else self._others())
        progress(0.0, "Reading the description")
        words = self._words.words(self._text.encode(request.text.lower()))
        given = self._given(request.prefix)
        steps = -(-(request.frames - len(request.prefix or ())) // PATCH)
        takes = []
        for i in range(request.takes):
            tokens = self._sample(words, given, steps, request, i, progress)
            progress((i + _SAMPLED) / request.takes, "Decoding")
            takes.append(self._finish(tokens, given, request))
        progress(1.0, "Done")
        return takes

    def _given(self, prefix: Motion | None) -> NDArray[np.int64]:
        """Tokens ``[N, slots]`` of the prefix's last whole patches."""
        if prefix is None:
            return np.empty((0, self._words.slots), np.int64)
        whole = len(prefix) // PATCH * PATCH
        if whole == 0:
            return np.empty((0, self._words.slots), np.int64)
        features = smpl_d135.encode(prefix.slice(len(prefix) - whole, len(prefix)))
        found = self._bundle.graph("encoder").run({"features": features[None].astype(np.float32)})
        return found["tokens"][0].astype(np.int64)

    def _sample(
        self, words: list[int], given: NDArray[np.int64], steps: int, request: GenerateRequest,
        take: int, progress: Progress,
    ) -> NDArray[np.int64]:  # fmt: skip
        """``steps`` steps of tokens ``[steps, slots]`` after those that are given."""
        sampling = TokenSampling()
        if request.guidance is not None:
            sampling = TokenSampling(guidance=request.guidance)
        rng = np.random.default_rng((request.seed + take) % 2**32)
        reader = _Reader(self._bundle.graph("language"), guided=sampling.guidance != 1)
        motion = [MOTION, *self._words.motion(given)]
        logits = reader.start([TEXT, *words, END_TEXT, *motion], [TEXT, END_TEXT, *motion])
        out: list[int] = []
        total = steps * self._words.slots
        for k in range(total):
            slot = self._words.slot(k % self._words.slots)
            mixed = logits[0]
            if len(logits) > 1:
                mixed = logits[1] + sampling.guidance * (logits[0] - logits[1])
            token = slot.start + choose(mixed[slot], sampling, rng.random())
            out.append(token)
            if k + 1 < total:
                logits = reader.read(token)
            if k % self._words.slots == 0:
                done = (take + _SAMPLED * k / total) / request.takes
                progress(done, f"Take {take + 1} of {request.takes}")
        return self._words.codes_of(out)

    def _finish(
        self, tokens: NDArray[np.int64], given: NDArray[np.int64], request: GenerateRequest
    ) -> Motion:
        """Decoded together with what was given, so that the join is the decoder's own."""
        every = np.concatenate([given, tokens])[None]
        features = self._bundle.graph("decoder").run({"tokens": every})["features"][0]
        made = smpl_d135.decode(features.astype(np.float64), self.capabilities.fps)
        first = len(given) * PATCH - len(request.prefix or ())
        made = made.sample(np.clip(np.arange(request.frames) + first, 0, len(made) - 1))
        made = seams.join(made, request.prefix, None)
        if request.cleanup:
            made = seams.join(foot_lock(smooth(made)), request.prefix, None)
        return made


class MotionCaptioner:
    """The same bundle the other way: what a motion shows, in a sentence. Thread-safe."""

    def __init__(self, bundle: Bundle) -> None:
        bundle.require(_SIGNATURES)
        self._bundle = bundle
        self._words = read_vocabulary(bundle)
        self._text = Tokenizer(bundle.file(TOKENIZER), bundle.name)

    def caption(self, motion: Motion, most: int = 40) -> str:
        """One sentence about a motion of the canonical body at the bundle's rate.

        Raises:
            BackendError: the motion is shorter than a token.
        """
        whole = len(motion) // PATCH * PATCH
        if whole == 0:
            raise BackendError(f"{len(motion)} frames are too few to describe; give at least 4.")
        features = smpl_d135.encode(motion.slice(0, whole))[None].astype(np.float32)
        codes = self._bundle.graph("encoder").run({"features": features})["tokens"][0]
        reader = _Reader(self._bundle.graph("language"), guided=False)
        logits = reader.start([MOTION, *self._words.motion(codes), END_MOTION, TEXT], [])[0]
        out: list[int] = []
        for _ in range(most):
            legal = np.full(len(logits), -np.inf, np.float32)
            legal[END_TEXT] = logits[END_TEXT]
            words = slice(
                self._words.first_motion - len(self._words.pieces), self._words.first_motion
            )
            legal[words] = logits[words]
            token = int(legal.argmax())
            if token == END_TEXT:
                break
            out.append(token)
            logits = reader.read(token)[0]
        return self._text.decode(self._words.pieces_of(out))


class _Reader:
    """The language graph reading tokens one after another, with text and, if guided, without."""

    def __init__(self, graph: Graph, guided: bool) -> None:
        self._graph, self._guided = graph, guided
        spec = next(s for s in graph.inputs if s.name == "past")
        layers, two, _, heads, _, width = spec.shape
        self._empty = np.zeros(
            tuple(n if isinstance(n, int) else 1 for n in (layers, two, 1, heads))
            + (0, int(width)),
            np.float32,
        )
        self._pasts: list[NDArray[np.float32]] = []

    def start(self, ids: list[int], unguided: list[int]) -> list[NDArray[np.float32]]:
        """Logits ``[V]`` of what follows ``ids``, and of what follows ``unguided`` if guided."""
        rows = [ids, unguided] if self._guided else [ids]
        self._pasts = [self._empty for _ in rows]
        return [self._run(k, row) for k, row in enumerate(rows)]

    def read(self, token: int) -> list[NDArray[np.float32]]:
        """Logits of what follows one more token."""
        return [self._run(k, [token]) for k in range(len(self._pasts))]

    def _run(self, row: int, ids: list[int]) -> NDArray[np.float32]:
        feeds = {"ids": np.array([ids], np.int64), "past": self._pasts[row]}
        out = self._graph.run(feeds)
        self._pasts[row] = out["present"]
        return out["logits"][0]


def read_vocabulary(bundle: Bundle) -> Vocabulary:
    """A bundle's ``vocabulary.npz``; :class:`BundleError` where it is unreadable."""
    try:
        with np.load(io.BytesIO(bundle.file(VOCABULARY)), allow_pickle=False) as arrays:
            slots, codes = arrays["sizes"].tolist()
            return Vocabulary(arrays["pieces"], arrays["nearest"], slots, codes)
    except (KeyError, ValueError, OSError) as error:
        raise BundleError(f"{VOCABULARY} of the bundle {bundle.name} is unreadable.") from error
