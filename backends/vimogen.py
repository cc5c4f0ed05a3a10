"""ViMoGen-light: text to motion by a rectified flow over patch latents (docs/adr/0007).

A bundle holds a text encoder, a denoiser that predicts velocity, and a decoder from latents to
frames, ground steps and foot contacts; the sampling loop is here, outside the graphs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from backends.features import patches
from backends.runtime import Graph
from backends.sampling import Held, Sampler, Tokens, guided, integrate, noise, projected
from backends.text import Encoded, TextEncoder
from motion.clip import Motion
from motion.ik import foot_lock, smooth

STATS = "stats.npz"

_SIGNATURES = {
    "text_encoder": (("input_ids", "attention_mask"), ("hidden",)),
    "denoiser": (("x", "t", "text", "text_mask", "known", "known_mask", "token_mask"), ("v",)),
    "decoder": (("z",), ("frames", "steps", "contacts")),
}

#: Takes sampled together; more run one after another, so that memory does not grow with them.
_BATCH = 8

#: Shares of the progress bar: sampling ends, decoding ends.
_SAMPLED, _DECODED = 0.9, 0.95


class VimogenGenerator:
    """A ViMoGen-light bundle as a :class:`backends.api.Generator`. Thread-safe.

    Args:
        bundle: An open bundle for ``dart276-patch4`` motion.
        others: The capabilities of the other installed bundles, named where this one lacks a
            condition.

    Raises:
        BundleError: the bundle lacks a graph or a graph has another signature.
    """

    def __init__(
        self, bundle: Bundle, others: Callable[[], dict[str, Capabilities]] = dict
    ) -> None:
        bundle.require(_SIGNATURES)
        self._bundle = bundle
        self._others = others
        self._text = TextEncoder(bundle)
        self._channels = _channels(bundle)
        self._latents: patches.LatentStats | None = None

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
        """What really runs each graph, by role; opens those that are not open yet."""
        return {role: self._bundle.graph(role).providers for role in _SIGNATURES}

    def graph(self, role: str) -> Graph:
        """One of its graphs, to measure it alone."""
        return self._bundle.graph(role)

    def sampler(self, request: GenerateRequest) -> Sampler:
        """The bundle's sampling defaults with what the request asks for instead."""
        sampler = self._bundle.manifest.sampler or Sampler()
        if request.steps is not None:
            sampler = replace(sampler, steps=request.steps)
        if request.guidance is not None:
            sampler = replace(sampler, guidance=request.guidance)
        return sampler

    def warm_up(self) -> None:
        """Open every graph and run each once, so that the first request does not wait for it."""
        request = GenerateRequest("a person stands", frames=patches.FRAMES, steps=1, cleanup=False)
        self.generate(request, lambda fraction, note: None)

    def generate(self, request: GenerateRequest, progress: Progress) -> list[Motion]:
        """See :meth:`backends.api.Generator.generate`.

        Take ``i`` is sampled from ``seed + i`` alone: on one machine with one number of threads it
        comes out bit for bit the same whatever takes accompany it.
        """
        able = request.conditions <= self.capabilities.conditions
        require(self.capabilities, request, {} if able else self._others())
        tokens = self._layout(request)
        sampler = self.sampler(request)
        if not request.text.strip():
            sampler = replace(sampler, guidance=0.0)  # the motion that is given says it all
        progress(0.0, "Reading the description")
        text = self._text.encode(request.text)
        held = self._held(request, tokens)
        known = self._known(request, tokens)
        takes: list[Motion] = []
        for first in range(0, request.takes, _BATCH):
            seeds = np.arange(first, min(first + _BATCH, request.takes)) + request.seed
            part = _part(progress, first / request.takes, len(seeds) / request.takes)
            latents = self._sample(seeds, tokens, text, held, known, sampler, part)
            part(_SAMPLED, "Decoding")
            takes += self._decode(latents, request, tokens, part)
        progress(1.0, "Done")
        return takes

    def _layout(self, request: GenerateRequest) -> seams.Layout:
        for part in (request.prefix, request.suffix):
            if part is not None:
                self._check_rig(part)
        tokens = seams.layout(
            request.frames, patches.FRAMES, len(request.prefix or ()), len(request.suffix or ())
        )
        over = (
            tokens.tokens * patches.FRAMES
            - -(-self.capabilities.max_frames // patches.FRAMES) * patches.FRAMES
        )
        if over > 0:
            raise BackendError(
                f"With what is given before and after, {request.frames} frames are {over} too many "
                "for this model; ask for less."
            )
        return tokens

    def _check_rig(self, part: Motion) -> None:
        if part.skeleton != self.capabilities.skeleton:
            raise BackendError(
                f"The motion to continue moves '{part.skeleton.name}' and this model "
                f"'{self.capabilities.skeleton.name}'; retarget it first."
            )
        if part.fps != self.capabilities.fps:
            raise BackendError(
                f"The motion to continue has {part.fps:g} fps and this model "
                f"{self.capabilities.fps:g}; resample it first."
            )

    def _held(self, request: GenerateRequest, tokens: seams.Layout) -> Held | None:
        """The latents of the prefix and the suffix, ``[1, N, C]``, or None where there is none."""
        if request.prefix is None and request.suffix is None:
            return None
        stats = self._stats()
        data = np.zeros((1, tokens.tokens, self._channels), dtype=np.float32)
        mask = np.zeros((1, tokens.tokens), dtype=bool)
        if request.prefix is not None:
            context = seams.window(request.prefix, tokens.first, len(request.prefix))
            data[0, : tokens.before] = patches.encode_patches(context, stats)
            mask[0, : tokens.before] = True
        if request.suffix is not None:
            first = tokens.tokens - tokens.after
            skipped = tokens.start(first) - (request.frames - len(request.suffix))
            context = seams.window(request.suffix, skipped, skipped + tokens.after * patches.FRAMES)
            data[0, first:] = patches.encode_patches(context, stats)
            mask[0, first:] = True
        return Held(data, mask)

    def _known(self, request: GenerateRequest, tokens: seams.Layout) -> _Known | None:
        """What of the tokens' features the request keeps, or None where it keeps nothing."""
        kept = request.kept
        if kept is None:
            return None
        self._check_rig(kept.motion)
        at = tokens.first + np.arange(tokens.tokens * patches.FRAMES)
        inside = (at >= 0) & (at < request.frames)
        at = at.clip(0, request.frames - 1)
        mask = patches.known_features(kept.mask[at] & inside[:, None])
        return _Known(patches.patch_features(kept.motion.sample(at)), mask, self._stats())

    def _stats(self) -> patches.LatentStats:
        if self._latents is None:
            arrays = self._bundle.arrays(STATS)
            try:
                self._latents = patches.LatentStats.of(arrays)
            except KeyError as error:
                raise BundleError(f"{STATS} of the bundle {self.name} lacks {error}.") from None
        return self._latents

    def _sample(
        self, seeds: NDArray[np.int64], tokens: seams.Layout, text: Encoded, held: Held | None,
        known: _Known | None, sampler: Sampler, progress: Progress,
    ) -> Tokens:  # fmt: skip
        start = noise(seeds, tokens.tokens, self._channels)
        if held is not None:
            repeat = (len(seeds), 1, 1)
            held = Held(np.tile(held.data, repeat), np.tile(held.mask, repeat[:2]))
        denoiser = _Denoiser(self._bundle.graph("denoiser"), text, held, start.shape)
        field = guided(denoiser.both, denoiser.conditional, denoiser.unconditional, sampler, held)
        if known is not None:
            field = projected(field, known.put)

        def scaled(fraction: float, note: str) -> None:
            progress(_SAMPLED * fraction, note)

        with np.errstate(over="ignore", invalid="ignore"):  # reported below, in words
            latents = integrate(field, start, sampler, scaled, held)
        if not np.isfinite(latents).all():
            raise BackendError(
                f"The model {self.name} gave numbers that are not finite; lower the guidance."
            )
        return latents

    def _decode(
        self, latents: Tokens, request: GenerateRequest, tokens: seams.Layout, progress: Progress
    ) -> list[Motion]:
        out = self._bundle.graph("decoder").run({"z": latents})
        takes: list[Motion] = []
        for i in range(len(latents)):
            share = _DECODED + (1 - _DECODED) * i / len(latents)
            progress(share, "Cleaning up" if request.cleanup else "Decoding")
            made = patches.motion_from_patches(
                out["frames"][i], out["steps"][i], self.capabilities.fps
            )
            takes.append(self._finish(made, out["contacts"][i] > 0.5, request, tokens))
        return takes

    def _finish(
        self, made: Motion, contacts: NDArray[np.bool_], request: GenerateRequest,
        tokens: seams.Layout,
    ) -> Motion:  # fmt: skip
        """The decoded tokens cut to the request's frames, joined to what it gave, cleaned up."""
        made, contacts = _cut(made, contacts, tokens.first, request.frames)
        made = _joined(made, request)
        if request.kept is not None:
            made = seams.keep(made, request.kept)
        if request.cleanup:
            # Smoothing first: it would pull locked feet loose.
            made = foot_lock(smooth(made), contacts)
            made = _joined(made, request)
            if request.kept is not None:
                made = seams.keep(made, request.kept)
        return made


@dataclass(frozen=True, eq=False)
class _Known:
    """Features of patches ``[N, 1104]`` that are known where ``mask`` says so."""

    features: NDArray[np.float64]
    mask: NDArray[np.bool_]
    stats: patches.LatentStats

    def put(self, latents: Tokens) -> Tokens:
        """``latents[B, N, C]`` with the known features in the place of their own."""
        out = latents.copy()
        rows = self.mask.any(axis=1)
        for take in out:
            made = self.stats.reconstruct(take[rows].astype(np.float64))
            made = np.where(self.mask[rows], self.features[rows], made)
            take[rows] = self.stats.project(made)
        return out


class _Denoiser:
    """The denoiser graph as velocity fields, its constant inputs laid out once."""

    def __init__(
        self, graph: Graph, text: Encoded, held: Held | None, shape: tuple[int, ...]
    ) -> None:
        takes, tokens, _ = shape
        known = np.zeros(shape, np.float32) if held is None else held.data
        mask = np.zeros((takes, tokens), np.float32) if held is None else held.mask
        self._graph = graph
        self._takes = takes
        self._pair = np.empty((2 * takes, *shape[1:]), np.float32)
        # With and without text, stacked: one evaluation of both costs less than two.
        self._feeds: dict[str, NDArray[np.float32]] = {
            "text": np.repeat(text.hidden, 2 * takes, axis=0),
            "text_mask": np.repeat(text.mask, 2 * takes, axis=0),
            "known": np.concatenate([known, known]),
            "known_mask": np.concatenate([mask, mask]).astype(np.float32),
            "token_mask": np.ones((2 * takes, tokens), np.float32),
        }
        self._feeds["text_mask"][takes:] = 0

    def both(self, x: Tokens, t: float) -> tuple[Tokens, Tokens]:
        """The velocity with and without the text."""
        self._pair[: self._takes] = x
        self._pair[self._takes :] = x
        v = self._run(self._pair, t, self._feeds)
        return v[: self._takes], v[self._takes :]

    def conditional(self, x: Tokens, t: float) -> Tokens:
        """The velocity given the text."""
        return self._run(x, t, {k: v[: self._takes] for k, v in self._feeds.items()})

    def unconditional(self, x: Tokens, t: float) -> Tokens:
        """The velocity given no text."""
        return self._run(x, t, {k: v[self._takes :] for k, v in self._feeds.items()})

    def _run(self, x: Tokens, t: float, feeds: Mapping[str, NDArray[np.float32]]) -> Tokens:
        return self._graph.run({"x": x, "t": np.full(len(x), t, np.float32), **feeds})["v"]


def _joined(made: Motion, request: GenerateRequest) -> Motion:
    return seams.join(made, request.prefix, request.suffix, arrive=request.arrive)


def _cut(
    made: Motion, contacts: NDArray[np.bool_], first: int, frames: int
) -> tuple[Motion, NDArray[np.bool_]]:
    """Frames ``0 <= f < frames`` of a result whose decoded frames begin at ``first``.

    Frames that lie before or after all tokens are the prefix's or the suffix's own and overwritten
    by them later; until then the nearest decoded pose stands there.
    """
    at = np.clip(np.arange(frames) - first, 0, len(made) - 1)
    return made.sample(at), contacts[at]


def _part(progress: Progress, start: float, share: float) -> Progress:
    """Progress of a part that begins at ``start`` of the whole and is ``share`` of it."""
    return lambda fraction, note: progress(start + share * fraction, note)


def _channels(bundle: Bundle) -> int:
    """Channels of a latent token, from the denoiser's signature."""
    spec = next(s for s in bundle.manifest.graphs["denoiser"].inputs if s.name == "x")
    channels = spec.shape[-1]
    if not isinstance(channels, int):
        raise BackendError(f"The denoiser of the bundle {bundle.name} must fix its channel count.")
    return channels
