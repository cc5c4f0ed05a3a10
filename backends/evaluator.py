"""Text and motion in one space: how well a motion fits a description, and what it resembles.

Runs the ``evaluator`` bundle. Generators never see it in training; metrics, take ranking and search
read it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from backends.bundle import Bundle
from backends.features import evaluation
from backends.features.patches import FRAMES
from backends.text import TextEncoder
from motion.clip import Motion
from motion.rotations import Array

_SIGNATURES = {
    "text_encoder": (("input_ids", "attention_mask"), ("hidden",)),
    "motion": (("motion", "mask"), ("place",)),
    "text": (("text", "mask"), ("place",)),
}

_BATCH = 32


class TextMotionSpace:
    """An open ``evaluator`` bundle. Thread-safe.

    Raises:
        BundleError: the bundle lacks a graph or a graph has another signature.
    """

    def __init__(self, bundle: Bundle) -> None:
        bundle.require(_SIGNATURES)
        self._bundle = bundle
        self._text = TextEncoder(bundle)

    @property
    def fps(self) -> float:
        """The rate of the motions that it places."""
        return self._bundle.manifest.fps

    @property
    def fingerprint(self) -> str:
        """What the places of texts depend on: the two graphs that make them."""
        graphs = self._bundle.manifest.graphs
        return "-".join(graphs[role].sha256[:16] for role in ("text_encoder", "text"))

    def place_texts(self, texts: Sequence[str]) -> Array:
        """Unit vectors ``[N, E]`` of descriptions."""
        graph = self._bundle.graph("text")
        rows = []
        for text in texts:
            encoded = self._text.encode(text)
            rows.append(graph.run({"text": encoded.hidden, "mask": encoded.mask})["place"])
        return np.concatenate(rows)

    def place_motions(self, motions: Sequence[Motion]) -> Array:
        """Unit vectors ``[N, E]`` of motions of the canonical body at 20 fps.

        Longer motions than the bundle's ``max_frames`` are judged by their start.
        """
        graph = self._bundle.graph("motion")
        most = self._bundle.manifest.max_frames
        features = [_grouped(motion, most) for motion in motions]
        # Like lengths go together, so that little is padding.
        order = sorted(range(len(features)), key=lambda i: len(features[i]))
        out: list[Array] = [np.empty(0)] * len(features)
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            longest = max(len(features[i]) for i in rows)
            batch = np.zeros((len(rows), longest, features[rows[0]].shape[1]), np.float32)
            mask = np.zeros((len(rows), longest), np.float32)
            for k, i in enumerate(rows):
                batch[k, : len(features[i])] = features[i]
                mask[k, : len(features[i])] = 1
            places = graph.run({"motion": batch, "mask": mask})["place"]
            for k, i in enumerate(rows):
                out[i] = places[k]
        return np.stack(out)


def _grouped(motion: Motion, most: int) -> Array:
    """Features of four frames in a row, ``[N, 540]``; a last, incomplete group is left out."""
    features = evaluation.encode(motion)[:most]
    if len(features) < FRAMES:
        features = np.concatenate([features, np.repeat(features[-1:], FRAMES, axis=0)])[:FRAMES]
    count = len(features) // FRAMES
    return features[: count * FRAMES].reshape(count, -1)
