"""MotionLLM and Being-M0 at laptop size: motion as tokens of a language model, both ways.

A bundle holds a language model with its cache of keys and values inside the graph, and the
tokenizer's two halves; what may follow what is known (:mod:`backends.token_language`), so nothing
but legal motion can be sampled.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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
from backends.token_language import END_MOTION, END_TEXT, MARKS, MOTION, TEXT, Vocabulary
from motion.clip import Motion
from motion.ik import foot_lock

VOCABULARY = "vocabulary.npz"
SAMPLING = "sampling.json"

#: Frames a token.
PATCH = 4

_SIGNATURES = {
    "language": (("ids", "past"), ("logits", "present")),
    "encoder": (("features",), ("tokens",)),
    "decoder": (("tokens",), ("features",)),
}

#: Steps of a prefix that sampling follows. After more of them the description hardly counts, for no
#: clip that was learned from changes its mind: over changes between eight actions the nearest of
#: them is the one asked for in 0.89 of all cases with one step, in 0.75 with two, in 0.36 with all.
CONTEXT = 1

#: Shares of the progress bar: sampling ends.
_SAMPLED = 0.9


@dataclass(frozen=True)
class TokenSampling:
    """How tokens are drawn; a bundle's own choice is its ``sampling.json``.

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
    kept = min(int(np.searchsorted(sums, sampling.top_p)) + 1, len(order))
    shares = sums[:kept] / sums[kept - 1]
    # The first whose share of what is kept is beyond the number.
    return int(order[min(np.searchsorted(shares, at, side="right"), kept - 1)])


class MotionLanguageGenerator:
    """A bundle of ``smpl-d135-tokens`` as a :class:`backends.api.Generator`. Thread-safe.

    Args:
        bundle: An open bundle.
        others: The capabilities of the other installed bundles, named where this one lacks a
            condition.
        sampling: How to draw instead of as the bundle says.

    Raises:
        BundleError: the bundle lacks a graph or a file, or a graph has another signature.
    """

    def __init__(
        self,
        bundle: Bundle,
        others: Callable[[], dict[str, Capabilities]] = dict,
        sampling: TokenSampling | None = None,
    ) -> None:
        bundle.require(_SIGNATURES)
        self._bundle, self._others = bundle, others
        self._words = read_vocabulary(bundle)
        self._text = Tokenizer(bundle.file(TOKENIZER), bundle.name)
        self._sampling = sampling or read_sampling(bundle)

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
        if request.prefix is not None:
            _check_rig(self.capabilities, request.prefix)
        plan = seams.layout(request.frames, PATCH, len(request.prefix or ()))
        progress(0.0, "Reading the description")
        given = self._given(request.prefix, plan)
        sampling = self._sampling
        if request.guidance is not None:
            sampling = replace(sampling, guidance=request.guidance)
        words = self._words.words(self._text.encode(request.text.lower()))
        guided = bool(words) and sampling.guidance != 1
        reader = _Reader(self._bundle.graph("language"), guided)
        motion = [MOTION, *self._words.motion(given[-CONTEXT:])]
        start = reader.start([TEXT, *words, END_TEXT, *motion], [TEXT, END_TEXT, *motion])
        takes = []
        for i in range(request.takes):
            part = _part(progress, i, request.takes)
            rng = np.random.default_rng((request.seed + i) % 2**32)
            tokens = self._sample(reader, start, plan.tokens - plan.before, sampling, rng, part)
            part(_SAMPLED, "Decoding")
            takes.append(self._finish(np.concatenate([given, tokens]), plan, request))
        progress(1.0, "Done")
        return takes

    def _given(self, prefix: Motion | None, plan: seams.Layout) -> NDArray[np.int64]:
        """Tokens ``[N, slots]`` of the prefix's last patches."""
        if prefix is None:
            return np.empty((0, self._words.slots), np.int64)
        context = seams.window(prefix, plan.first, len(prefix))
        return encode_tokens(self._bundle, context)

    def _sample(
        self, reader: _Reader, start: _State, steps: int, sampling: TokenSampling,
        rng: np.random.Generator, progress: Progress,
    ) -> NDArray[np.int64]:  # fmt: skip
        """``steps`` steps of tokens ``[steps, slots]`` after what ``start`` has read."""
        state = start
        out: list[int] = []
        slots = self._words.slots
        for k in range(steps * slots):
            if k:
                state = reader.read(state, out[-1])
            mixed, *without = state.logits
            if without:
                mixed = without[0] + sampling.guidance * (mixed - without[0])
            slot = self._words.slot(k % slots)
            out.append(slot.start + choose(mixed[slot], sampling, rng.random()))
            if k % slots == 0:
                progress(_SAMPLED * k / (steps * slots), "Sampling")
        return self._words.codes_of(out)

    def _finish(
        self, tokens: NDArray[np.int64], plan: seams.Layout, request: GenerateRequest
    ) -> Motion:
        """Decoded together with what was given, so that the join is the decoder's own."""
        features = self._bundle.graph("decoder").run({"tokens": tokens[None]})["features"][0]
        made = smpl_d135.decode(features.astype(np.float64), self.capabilities.fps)
        at = np.arange(request.frames) - plan.first
        made = seams.join(made.sample(np.clip(at, 0, len(made) - 1)), request.prefix, None)
        if request.cleanup:
            # No smoothing: what is decoded jerks less than captured motion as it is.
            made = seams.join(foot_lock(made), request.prefix, None)
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

        Longer motions than the bundle's ``max_frames`` are told by their start. ``most`` limits the
        sentence's word pieces.

        Raises:
            BackendError: the motion is shorter than a token, or of another body or rate.
        """
        _check_rig(self._bundle.manifest.capabilities, motion)
        whole = min(len(motion), self._bundle.manifest.max_frames) // PATCH * PATCH
        if whole == 0:
            raise BackendError(
                f"{len(motion)} frames are too few to describe; give at least {PATCH}."
            )
        codes = encode_tokens(self._bundle, motion.slice(0, whole))
        reader = _Reader(self._bundle.graph("language"), guided=False)
        state = reader.start([MOTION, *self._words.motion(codes), END_MOTION, TEXT], [])
        out: list[int] = []
        for _ in range(most):
            token = self._likeliest(state.logits[0], bool(out))
            if token == END_TEXT:
                break
            out.append(token)
            state = reader.read(state, token)
        return self._text.decode(self._words.pieces_of(out))

    def _likeliest(self, logits: NDArray[np.float32], may_end: bool) -> int:
        """The likeliest word, or the end of the sentence."""
        first, stop = len(MARKS), self._words.first_motion
        word = first + int(logits[first:stop].argmax())
        return END_TEXT if may_end and logits[END_TEXT] > logits[word] else word


def encode_tokens(bundle: Bundle, motion: Motion) -> NDArray[np.int64]:
    """Tokens ``[N, slots]`` of a motion of whole patches."""
    features = smpl_d135.encode(motion)[None].astype(np.float32)
    return bundle.graph("encoder").run({"features": features})["tokens"][0].astype(np.int64)


@dataclass(frozen=True)
class _State:
    """What was read, once for each row: its keys and values, and logits ``[V]`` of what follows."""

    pasts: tuple[NDArray[np.float32], ...]
    logits: tuple[NDArray[np.float32], ...]


class _Reader:
    """The language graph reading tokens one after another, with text and, if guided, without."""

    def __init__(self, graph: Graph, guided: bool) -> None:
        self._graph, self._guided = graph, guided
        spec = next(s for s in graph.inputs if s.name == "past")
        # Layers, keys and values, batch, heads, tokens, width: batch and tokens are free.
        sizes = [n if isinstance(n, int) else 1 for n in spec.shape]
        self._empty = np.zeros((*sizes[:4], 0, *sizes[5:]), np.float32)

    def start(self, ids: list[int], unguided: list[int]) -> _State:
        """After ``ids``, and after ``unguided`` if guided."""
        rows = [ids, unguided] if self._guided else [ids]
        return self._read([self._empty] * len(rows), rows)

    def read(self, state: _State, token: int) -> _State:
        """After one more token; ``state`` may be read on from again."""
        return self._read(state.pasts, [[token]] * len(state.pasts))

    def _read(self, pasts: Sequence[NDArray[np.float32]], rows: Sequence[list[int]]) -> _State:
        out = [
            self._graph.run({"ids": np.array([ids], np.int64), "past": past})
            for past, ids in zip(pasts, rows, strict=True)
        ]
        return _State(tuple(o["present"] for o in out), tuple(o["logits"][0] for o in out))


def _check_rig(able: Capabilities, motion: Motion) -> None:
    if motion.skeleton != able.skeleton:
        raise BackendError(
            f"The motion moves '{motion.skeleton.name}' and this model '{able.skeleton.name}'; "
            "retarget it first."
        )
    if motion.fps != able.fps:
        raise BackendError(
            f"The motion has {motion.fps:g} fps and this model {able.fps:g}; resample it first."
        )


def _part(progress: Progress, take: int, takes: int) -> Progress:
    """Progress of one take."""
    return lambda fraction, note: progress(
        (take + fraction) / takes, note if takes == 1 else f"{note} take {take + 1} of {takes}"
    )


def read_sampling(bundle: Bundle) -> TokenSampling:
    """A bundle's ``sampling.json``; :class:`BundleError` where it is unreadable."""
    try:
        return TokenSampling(**json.loads(bundle.file(SAMPLING)))
    except (TypeError, ValueError) as error:
        raise BundleError(f"{SAMPLING} of the bundle {bundle.name} is unreadable.") from error


def read_vocabulary(bundle: Bundle) -> Vocabulary:
    """A bundle's ``vocabulary.npz``; :class:`BundleError` where it is unreadable."""
    arrays = bundle.arrays(VOCABULARY)
    try:
        slots, codes = arrays["sizes"].tolist()
        return Vocabulary(arrays["pieces"], arrays["nearest"], slots, codes)
    except (KeyError, ValueError) as error:
        raise BundleError(f"{VOCABULARY} of the bundle {bundle.name} is unreadable.") from error
