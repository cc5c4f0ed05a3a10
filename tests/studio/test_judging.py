"""What comes first among takes, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.quality import Quality
from studio import judging
from studio.document.model import Media, MediaId, Take, TakeId


def take(match: float | None = None, sliding: float = 0.0, jitter: float = 0.0) -> Take:
    quality = Quality(
        foot_sliding=sliding,
        skating=0.0,
        foot_floating=0.0,
        ground_penetration=0.0,
        jitter=jitter,
        acceleration=0.0,
        dynamic_degree=1.0,
    )
    return Take(TakeId("t"), "T", Media(MediaId("m"), 10, 20.0), quality=quality, match=match)


def test_what_fits_its_text_comes_first() -> None:
    takes = [take(0.5), take(0.8), take(0.7)]
    assert [each.match for each in judging.ranked(takes)] == [0.8, 0.7, 0.5]


def test_a_flaw_costs_a_little_match_and_no_more_than_that() -> None:
    slides = take(0.75, sliding=judging.SLIDING[1])
    assert judging.score(slides) == pytest.approx(0.65)
    assert judging.ranked([slides, take(0.7)])[0].match == 0.7
    assert judging.ranked([slides, take(0.6)])[0] is slides
    wild = take(0.75, sliding=99, jitter=99_000)
    assert judging.score(wild) == pytest.approx(0.15)


def test_without_an_evaluator_the_cleaner_comes_first() -> None:
    takes = [take(sliding=0.2), take(sliding=0.1, jitter=600), take()]
    assert judging.ranked(takes) == [takes[2], takes[0], takes[1]]


@given(st.floats(0, 2), st.floats(0, 2))
def test_more_sliding_never_costs_less(a: float, b: float) -> None:
    less, more = sorted((a, b))
    assert judging.flaws(take(sliding=less).quality) <= judging.flaws(take(sliding=more).quality)


@given(st.lists(st.sampled_from([0.1, 0.5, 0.9])))
def test_equals_stay_in_their_order(matches: list[float]) -> None:
    takes = [take(match) for match in matches]
    ranked = judging.ranked(takes)
    for match in set(matches):
        places = [id(each) for each in ranked if each.match == match]
        assert places == [id(each) for each in takes if each.match == match]


def test_what_was_not_measured_costs_nothing() -> None:
    assert judging.flaws(None) == 0


def test_grades_follow_the_limits() -> None:
    assert [judging.level(v, (1.0, 2.0)) for v in (1.0, 1.5, 2.5)] == ["good", "fair", "poor"]
    assert [judging.match_level(v) for v in (0.9, 0.5, 0.1)] == ["good", "fair", "poor"]
