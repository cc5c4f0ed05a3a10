"""Conjugation and the exchange of left and right."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backends.training.data import language

SIDES = (
    "left",
    "right",
    "Left",
    "RIGHT",
    "clockwise",
    "counterclockwise",
    "leftwards",
    "rightward",
)


@pytest.mark.parametrize(
    ("base", "third", "gerund"),
    [
        ("walk", "walks", "walking"), ("wave", "waves", "waving"), ("run", "runs", "running"),
        ("crouch", "crouches", "crouching"), ("carry", "carries", "carrying"),
        ("lie", "lies", "lying"), ("do", "does", "doing"), ("be", "is", "being"),
        ("box", "boxes", "boxing"), ("sway", "sways", "swaying"), ("begin", "begins", "beginning"),
        ("open", "opens", "opening"), ("go", "goes", "going"), ("jab", "jabs", "jabbing"),
        ("swing", "swings", "swinging"), ("die", "dies", "dying"), ("pass", "passes", "passing"),
    ],
)  # fmt: skip
def test_verbs_are_conjugated(base: str, third: str, gerund: str) -> None:
    assert language.third_person(base) == third
    assert language.gerund(base) == gerund


def test_only_starred_words_are_conjugated() -> None:
    phrase = "*walk and *wave with the walk of a clown"
    assert language.say_third(phrase) == "walks and waves with the walk of a clown"
    assert language.say_gerund(phrase) == "walking and waving with the walk of a clown"
    assert language.say_base(phrase) == "walk and wave with the walk of a clown"


@pytest.mark.parametrize(
    ("subject", "pronoun"),
    [("an old man", "his"), ("the woman", "her"), ("someone", "their"), ("", "your"),
     ("a human", "their"), ("a manly person", "their")],
)  # fmt: skip
def test_pronouns_go_with_the_subject(subject: str, pronoun: str) -> None:
    assert language.possessive("raise {their} arm", subject) == f"raise {pronoun} arm"


texts = st.lists(
    st.one_of(st.sampled_from(SIDES), st.from_regex(r"[a-zA-Z,.'-]{1,9}", fullmatch=True)),
    max_size=12,
).map(" ".join)


@given(texts)
def test_mirroring_words_twice_changes_nothing(text: str) -> None:
    assert language.mirror_words(language.mirror_words(text)) == text


@given(texts)
def test_mirroring_exchanges_every_side(text: str) -> None:
    def count(word: str, within: str) -> int:
        return len(re.findall(rf"\b{word}\b", within, re.IGNORECASE))

    mirrored = language.mirror_words(text)
    for a, b in (("left", "right"), ("clockwise", "counterclockwise"), ("leftward", "rightward")):
        assert count(a, mirrored) == count(b, text)
        assert count(b, mirrored) == count(a, text)
    assert language.names_a_side(mirrored) == language.names_a_side(text)


def test_mirroring_leaves_words_that_only_contain_a_side() -> None:
    assert language.mirror_words("bright, upright, cleft") == "bright, upright, cleft"
    assert language.mirror_words("Left foot, then RIGHT") == "Right foot, then LEFT"
