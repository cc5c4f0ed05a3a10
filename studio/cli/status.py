"""How a command ends."""

from __future__ import annotations

import sys

from motion.errors import MotionStudioError

BAD_INPUT, FAILURE, CANCELLED = 2, 1, 130


class UsageError(MotionStudioError):
    """Arguments that contradict each other or what is there."""


def fail(sentence: str, status: int) -> int:
    """Say why on stderr; ``status``."""
    print(f"motion-studio: {sentence}", file=sys.stderr)
    return status
