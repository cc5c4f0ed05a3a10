"""Metrics of text to motion, from embeddings alone (Guo et al. 2022, section 5).

All take unit embeddings ``[N, E]``; distances are Euclidean.
"""

from __future__ import annotations

import numpy as np
from scipy import linalg

from motion.rotations import Array

BATCH = 32


def r_precision(motion: Array, text: Array, rng: np.random.Generator) -> Array:
    """Share ``[3]`` of motions whose own text is among the 1, 2 and 3 nearest of 32.

    Rows are shuffled into batches of 32; a remainder that does not fill a batch is left out.
    """
    order = rng.permutation(len(motion))
    hits = []
    for start in range(0, len(order) - BATCH + 1, BATCH):
        rows = order[start : start + BATCH]
        distance = _distances(motion[rows], text[rows])
        rank = (distance < np.diag(distance)[:, None]).sum(axis=1)
        hits.append([(rank < k).mean() for k in (1, 2, 3)])
    return np.mean(hits, axis=0)


def matching_distance(motion: Array, text: Array) -> float:
    """MM-Dist: mean distance of each motion to its own text."""
    return float(np.linalg.norm(motion - text, axis=1).mean())


def frechet_distance(a: Array, b: Array) -> float:
    """FID of two sets ``[N, E]`` and ``[M, E]`` taken as Gaussians (Heusel et al. 2017)."""
    mean = a.mean(axis=0) - b.mean(axis=0)
    ca, cb = np.cov(a, rowvar=False), np.cov(b, rowvar=False)
    # tr sqrt(Ca Cb) from a symmetric product, which stays real where there are few samples.
    root = _sqrt(ca)
    cross = np.sqrt(np.clip(linalg.eigvalsh(root @ cb @ root), 0, None)).sum()
    return float(mean @ mean + np.trace(ca) + np.trace(cb) - 2 * cross)


def _sqrt(matrix: Array) -> Array:
    values, vectors = linalg.eigh(matrix)
    return (vectors * np.sqrt(np.clip(values, 0, None))) @ vectors.T


def diversity(motion: Array, rng: np.random.Generator, pairs: int = 300) -> float:
    """Mean distance of random pairs of motions."""
    a, b = rng.integers(len(motion), size=(2, pairs))
    return float(np.linalg.norm(motion[a] - motion[b], axis=1).mean())


def multimodality(takes: Array) -> float:
    """Mean distance between takes of the same text, ``takes[N, K, E]`` with K >= 2."""
    count = takes.shape[1]
    pairs = [(i, j) for i in range(count) for j in range(i)]
    return float(
        np.mean([np.linalg.norm(takes[:, i] - takes[:, j], axis=1).mean() for i, j in pairs])
    )


def _distances(a: Array, b: Array) -> Array:
    """Euclidean distances ``[N, M]``."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    return np.sqrt(np.clip(squares, 0, None))


def interval(values: Array) -> tuple[float, float]:
    """Mean and half width of the 95 % interval over repetitions ``[R]``."""
    values = np.asarray(values)
    return float(values.mean()), float(1.96 * values.std(ddof=1) / np.sqrt(len(values)))
