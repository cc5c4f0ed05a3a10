"""Numbers of words and motion tokens: there and back, and no two things with one number."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from backends.token_language import MARKS, Vocabulary


@st.composite
def vocabularies(draw: st.DrawFn) -> Vocabulary:
    """A vocabulary of some of a text tokenizer's pieces."""
    every = draw(st.integers(1, 30))
    pieces = sorted(draw(st.sets(st.integers(0, every - 1), min_size=1)))
    nearest = np.array(draw(st.lists(st.integers(0, len(pieces) - 1), min_size=every)))[:every]
    nearest[pieces] = np.arange(len(pieces))
    return Vocabulary(
        np.array(pieces, np.int32), nearest.astype(np.int32),
        draw(st.integers(1, 6)), draw(st.integers(2, 40)),
    )  # fmt: skip


@given(vocabularies(), st.data())
def test_motion_tokens_there_and_back(words: Vocabulary, data: st.DataObject) -> None:
    shape = (data.draw(st.integers(0, 9)), words.slots)
    codes = data.draw(arrays.arrays(np.int64, shape, elements=st.integers(0, words.codes - 1)))
    tokens = words.motion(codes)
    np.testing.assert_array_equal(words.codes_of(tokens), codes)
    cut = tokens[: len(tokens) - 1]
    np.testing.assert_array_equal(words.codes_of(cut), codes[: len(cut) // words.slots])
    for k, token in enumerate(tokens):
        slot = words.slot(k % words.slots)
        assert slot.start <= token < slot.stop


@given(vocabularies())
def test_every_number_means_one_thing(words: Vocabulary) -> None:
    marks = list(range(len(MARKS)))
    texts = list(range(len(MARKS), words.first_motion))
    motion = [n for q in range(words.slots) for n in range(words.slot(q).start, words.slot(q).stop)]
    assert marks + texts + motion == list(range(len(words)))


@given(vocabularies(), st.data())
def test_words_there_and_back(words: Vocabulary, data: st.DataObject) -> None:
    said = data.draw(st.lists(st.sampled_from(words.pieces.tolist())))
    tokens = words.words([-1, *said, -1])  # what begins and ends a text is left out
    assert words.pieces_of(tokens) == said
    assert words.pieces_of([0, *tokens, len(words) - 1]) == said


@given(vocabularies(), st.data())
def test_words_without_a_number_are_read_as_their_nearest(
    words: Vocabulary, data: st.DataObject
) -> None:
    said = data.draw(st.lists(st.integers(0, len(words.nearest) - 1)))
    tokens = words.words([-1, *said, -1])
    assert words.pieces_of(tokens) == [int(words.pieces[words.nearest[i]]) for i in said]
