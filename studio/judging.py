"""How takes are measured, graded and put in order: the best of a request comes first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from motion.quality import Quality
from studio.document.model import Take

Level = Literal["good", "fair", "poor"]

#: Up to the first a figure is good, up to the second fair. The first is the 90th percentile of
#: captured motion (250 clips of all sources at 20 fps: 0.14 m/s, 246 m/s^3, no penetration), the
#: second twice that. m/s, m/s^3, metres.
SLIDING = (0.14, 0.28)
JITTER = (250.0, 500.0)
PENETRATION = (0.005, 0.02)

#: Cosines in the evaluator's space, the other way round: from the first on good, from the second on
#: fair. Nine in ten of 300 held-out captured clips are above the first with a description of their
#: own (median 0.85), and nineteen in twenty below the second with another's.
MATCH = (0.66, 0.45)

#: What a figure at its limit of fair costs, in cosine of the match. Takes of one line differ by 0.1
#: to 0.3: one that slides visibly has to fit that much better to stand before a clean one.
_COST = 0.1
#: No figure costs more than this: one flaw is not counted as many.
_MOST = 0.3


def level(value: float, limits: tuple[float, float]) -> Level:
    """The grade of a figure of which less is better."""
    good, fair = limits
    return "good" if value <= good else "fair" if value <= fair else "poor"


def match_level(match: float) -> Level:
    """The grade of a text match, of which more is better."""
    good, fair = MATCH
    return "good" if match >= good else "fair" if match >= fair else "poor"


def flaws(quality: Quality | None) -> float:
    """What a take's figures cost it: 0 while all are good; one that was not measured costs nothing.

    Each figure costs 0.1 at its limit of fair, in proportion to how far it lies above good.
    """
    if quality is None:
        return 0.0
    figures = (
        (quality.foot_sliding, SLIDING),
        (quality.jitter, JITTER),
        (quality.ground_penetration, PENETRATION),
    )
    return sum(
        min(max(value - good, 0.0) / (fair - good) * _COST, _MOST)
        for value, (good, fair) in figures
    )


def score(take: Take) -> float:
    """What takes of one request are ordered by: the match to their text, less their flaws."""
    return (take.match or 0.0) - flaws(take.quality)


def ranked(takes: Iterable[Take]) -> list[Take]:
    """Takes of one request, best first; equals stay in their order."""
    return sorted(takes, key=score, reverse=True)
