"""The language of the token systems: which number is which word, mark or motion token.

Motion comes in steps of ``slots`` tokens, one for each codebook level or body part, and each slot
has numbers of its own, so that what may follow is always known: the grammar that sampling obeys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MARKS = ("<pad>", "<text>", "</text>", "<motion>", "</motion>")
PAD, TEXT, END_TEXT, MOTION, END_MOTION = range(len(MARKS))


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Numbers of marks, words and motion tokens, in this order.

    Attributes:
        pieces: ``[W]`` the word pieces of the text tokenizer that have a number here.
        nearest: ``[all]`` for every piece of the tokenizer the word ``0 <= w < W`` that stands for
            it: itself, or the one nearest in meaning.
        slots: Motion tokens a step.
        codes: Values of each.
    """

    pieces: NDArray[np.int32]
    nearest: NDArray[np.int32]
    slots: int
    codes: int

    @property
    def first_motion(self) -> int:
        return len(MARKS) + len(self.pieces)

    def __len__(self) -> int:
        return self.first_motion + self.slots * self.codes

    def words(self, piece_ids: Sequence[int]) -> list[int]:
        """Tokens of a text's word pieces, its ``[CLS]`` and ``[SEP]`` left out."""
        return [len(MARKS) + int(self.nearest[i]) for i in piece_ids[1:-1]]

    def pieces_of(self, tokens: Sequence[int]) -> list[int]:
        """Word pieces of tokens; other tokens are passed over."""
        inside = range(len(MARKS), self.first_motion)
        return [int(self.pieces[t - len(MARKS)]) for t in tokens if t in inside]

    def motion(self, codes: NDArray[np.integer]) -> list[int]:
        """Tokens of ``codes[N, slots]``, step after step."""
        offsets = self.first_motion + self.codes * np.arange(self.slots)
        return (np.asarray(codes) + offsets).reshape(-1).tolist()

    def codes_of(self, tokens: Sequence[int]) -> NDArray[np.int64]:
        """``[N, slots]`` of motion tokens; a last, incomplete step is left out."""
        whole = len(tokens) // self.slots * self.slots
        rows = np.asarray(tokens[:whole], dtype=np.int64).reshape(-1, self.slots)
        return rows - self.first_motion - self.codes * np.arange(self.slots)

    def slot(self, number: int) -> slice:
        """The numbers that slot ``number`` may take."""
        start = self.first_motion + self.codes * number
        return slice(start, start + self.codes)
