"""Fractions of frames become frames in one way everywhere."""

from __future__ import annotations

import math


def nearest(frame: float) -> int:
    """The nearest whole frame; halves go to the later one."""
    return math.floor(frame + 0.5)
