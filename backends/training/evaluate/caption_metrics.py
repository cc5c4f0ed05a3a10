"""How well captions match references: BLEU, ROUGE-L, CIDEr-D and a BERTScore, each from its paper.

Captions and references are lists of words (:func:`words`); ``references[i]`` are those of caption
``i``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from motion.rotations import Array

Words = Sequence[str]

#: Of CIDEr-D: what lengths may differ by, in words, and the scale of its published figures.
_SPREAD, _SCALE = 6.0, 10.0

#: Of ROUGE-L: how much recall outweighs precision (Lin 2004 leaves it open; COCO's value).
_RECALL = 1.2


def words(text: str) -> list[str]:
    """The words of a text in lower case, punctuation left out.

    >>> words("It's a jump, then a kick.")
    ["it's", 'a', 'jump', 'then', 'a', 'kick']
    """
    return re.findall(r"[a-z0-9]+(?:'[a-z]+)?", text.lower())


def grams(text: Words, n: int) -> Counter[tuple[str, ...]]:
    """How often each run of ``n`` words occurs."""
    return Counter(tuple(text[i : i + n]) for i in range(len(text) - n + 1))


def bleu(captions: Sequence[Words], references: Sequence[Sequence[Words]], order: int) -> float:
    """BLEU of the whole corpus, with no smoothing (Papineni et al. 2002).

    The geometric mean of clipped n-gram precisions, n to ``order``, times the brevity penalty for
    the reference lengths nearest to the captions'.
    """
    hits, counts = np.zeros(order), np.zeros(order)
    said = wanted = 0
    for caption, known in zip(captions, references, strict=True):
        said += len(caption)
        wanted += min((abs(len(r) - len(caption)), len(r)) for r in known)[1]
        for n in range(1, order + 1):
            own, most = grams(caption, n), Counter[tuple[str, ...]]()
            for reference in known:
                most |= grams(reference, n)
            hits[n - 1] += (own & most).total()
            counts[n - 1] += own.total()
    if not hits.all():
        return 0.0
    brevity = min(1.0, float(np.exp(1 - wanted / said)))
    return brevity * float(np.exp(np.log(hits / counts).mean()))


def rouge_l(captions: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
    """Mean ROUGE-L: F measure of the longest common subsequence (Lin 2004).

    Of several references the best precision and the best recall count, as COCO has it.
    """
    scores = []
    for caption, known in zip(captions, references, strict=True):
        common = [_common(caption, r) for r in known]
        precision = max(c / max(len(caption), 1) for c in common)
        recall = max(c / max(len(r), 1) for c, r in zip(common, known, strict=True))
        b = _RECALL**2
        scores.append((1 + b) * precision * recall / (recall + b * precision) if precision else 0.0)
    return float(np.mean(scores))


def _common(a: Words, b: Words) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = row
        row = [0]
        for k, y in enumerate(b):
            row.append(before[k] + 1 if x == y else max(row[k], before[k + 1]))
    return row[-1]


def cider(captions: Sequence[Words], references: Sequence[Sequence[Words]]) -> float:
    """Mean CIDEr-D (Vedantam et al. 2015): clipped, rarity-weighted n-grams, n to 4, times ten.

    Rarity is counted over the references of this corpus, a caption's references one document.
    """
    rarity = _Rarity(references)
    scores = []
    for caption, known in zip(captions, references, strict=True):
        each = []
        for reference in known:
            off = len(caption) - len(reference)
            near = float(np.exp(-(off**2) / (2 * _SPREAD**2)))
            each.append(
                near * np.mean([rarity.likeness(caption, reference, n) for n in range(1, 5)])
            )
        scores.append(_SCALE * float(np.mean(each)))
    return float(np.mean(scores))


class _Rarity:
    """Weights of n-grams: the logarithm of how few of the documents have them."""

    def __init__(self, documents: Sequence[Sequence[Words]]) -> None:
        self.documents = np.log(len(documents))
        self.count: Counter[tuple[str, ...]] = Counter()
        for document in documents:
            self.count.update({g for text in document for n in range(1, 5) for g in grams(text, n)})

    def likeness(self, caption: Words, reference: Words, n: int) -> float:
        """Cosine of the weighted counts, the caption's clipped to the reference's."""
        a, b = self._weighted(caption, n), self._weighted(reference, n)
        shared = sum(min(a[g], b[g]) * b[g] for g in a.keys() & b.keys())
        lengths = np.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
        return float(shared / lengths) if lengths > 0 else 0.0

    def _weighted(self, text: Words, n: int) -> dict[tuple[str, ...], float]:
        found = grams(text, n)
        return {
            g: count * (self.documents - np.log(max(1, self.count[g])))
            for g, count in found.items()
        }


def bert_score(caption: Array, reference: Array) -> float:
    """F1 of words matched to their likest, of hidden states ``[L, D]`` (Zhang et al. 2020)."""
    a = caption / np.linalg.norm(caption, axis=1, keepdims=True)
    b = reference / np.linalg.norm(reference, axis=1, keepdims=True)
    likeness = a @ b.T
    precision, recall = likeness.max(axis=1).mean(), likeness.max(axis=0).mean()
    return float(2 * precision * recall / (precision + recall))
