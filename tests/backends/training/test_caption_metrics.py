"""Metrics of captions against published values and plain second versions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backends.training.evaluate import caption_metrics as metrics
from backends.training.evaluate.caption_metrics import bert_score, bleu, cider, rouge_l

# The example of NLTK's corpus_bleu, after Papineni et al. 2002; its values are NLTK's.
GUIDE = (
    "It is a guide to action which ensures that the military always obeys the commands of the party"
)
GUIDES = (
    "It is a guide to action that ensures that the military will forever heed Party commands",
    "It is the guiding principle which guarantees the military forces always being under the "
    "command of the Party",
    "It is the practical guide for the army always to heed the directions of the party",
)
BOOK = "he read the book because he was interested in world history"
BOOKS = ("he was interested in world history because he read the book",)

texts = st.lists(st.sampled_from("abcd"), max_size=7)
corpora = st.lists(
    st.tuples(texts.filter(len), st.lists(texts.filter(len), min_size=1, max_size=3)), min_size=1,
    max_size=4,
)  # fmt: skip


def test_bleu_of_the_published_example() -> None:
    caption, known = GUIDE.split(), [r.split() for r in GUIDES]
    assert bleu([caption], [known], 4) == pytest.approx(0.5045666840058485)
    both = bleu([caption, BOOK.split()], [known, [r.split() for r in BOOKS]], 4)
    assert both == pytest.approx(0.5920778868801042)


def test_repeated_words_count_as_often_as_a_reference_has_them() -> None:
    known = ["the cat is on the mat".split(), "there is a cat on the mat".split()]
    assert bleu(["the the the the the the the".split()], [known], 1) == pytest.approx(2 / 7)


def test_short_captions_are_held_back() -> None:
    known = [["a", "b", "c", "d"]]
    assert bleu([["a", "b"]], [known], 1) == pytest.approx(np.exp(1 - 4 / 2))
    assert bleu([["a", "b"]], [known], 4) == 0.0


def test_rouge_of_lins_examples() -> None:
    reference = [["police killed the gunman".split()]]
    assert rouge_l(["police kill the gunman".split()], reference) == pytest.approx(3 / 4)
    assert rouge_l(["the gunman kill police".split()], reference) == pytest.approx(2 / 4)
    assert rouge_l(["a".split()], reference) == 0.0


@given(texts, texts)
def test_the_longest_common_subsequence(a: list[str], b: list[str]) -> None:
    def longest(i: int, j: int) -> int:
        if i == len(a) or j == len(b):
            return 0
        if a[i] == b[j]:
            return 1 + longest(i + 1, j + 1)
        return max(longest(i + 1, j), longest(i, j + 1))

    assert metrics._common(a, b) == longest(0, 0)


def test_cider_of_captions_that_repeat_their_references() -> None:
    said = ["a person walks slowly on".split(), "somebody kicks with the left leg".split()]
    assert cider(said, [[t] for t in said]) == pytest.approx(10.0)
    assert cider(said[::-1], [[t] for t in said]) == pytest.approx(0.0)
    # What every document has says nothing.
    assert cider([["a"], ["a"]], [[["a"]], [["a"]]]) == 0.0


def test_cider_by_hand() -> None:
    """Two documents, so what one of them has weighs log 2; one word of two is right."""
    known = [[["left", "kick"]], [["jump", "up"]]]
    value = cider([["left", "wave"], ["jump", "up"]], known)
    # Unigrams: "wave" occurs in no document and weighs log 2 too, so the cosine is a half.
    # Bigrams: none shared; three and four words in a row: none there.
    first, second = 10 * (0.5 / 4), 10 * (1 + 1) / 4
    assert value == pytest.approx((first + second) / 2)
    longer = cider([["left", "wave", "wave"], ["jump", "up"]], known)
    # left, and wave twice: lengths 1 and 2 against 1 and 1.
    cosine = 1 / (np.sqrt(5) * np.sqrt(2))
    assert longer == pytest.approx((10 * cosine / 4 * np.exp(-1 / 72) + second) / 2)


@settings(max_examples=60)
@given(corpora)
def test_scores_stay_in_their_range_and_like_what_is_right(corpus) -> None:
    said, known = [c for c, _ in corpus], [r for _, r in corpus]
    right = [r[0] for r in known]
    for score, most in ((lambda s: bleu(s, known, 2), 1), (lambda s: rouge_l(s, known), 1),
                        (lambda s: cider(s, known), 10)):  # fmt: skip
        assert -1e-9 <= score(said) <= most + 1e-9
    assert rouge_l(right, known) == pytest.approx(1.0)
    assert bleu(right, known, 1) == pytest.approx(1.0)


def test_bert_score_matches_words_to_their_likest() -> None:
    rng = np.random.default_rng(0)
    a, b = rng.standard_normal((3, 8)), rng.standard_normal((5, 8))
    cosine = [[x @ y / np.linalg.norm(x) / np.linalg.norm(y) for y in b] for x in a]
    precision = np.mean([max(row) for row in cosine])
    recall = np.mean([max(row[k] for row in cosine) for k in range(5)])
    expected = 2 * precision * recall / (precision + recall)
    assert bert_score(a, b) == pytest.approx(expected)
    assert bert_score(a, a[::-1]) == pytest.approx(1.0)
    assert bert_score(3 * a, b) == pytest.approx(expected)
