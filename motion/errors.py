"""The root of every error a user can meet."""

from __future__ import annotations


class MotionStudioError(Exception):
    """Base of all expected failures: one sentence that names the thing and the remedy.

    User interfaces show ``str(error)`` as it is; anything else that escapes is a defect.
    """


class MotionError(MotionStudioError):
    """A motion, a skeleton or an operation on them that makes no sense."""


class SkeletonError(MotionError):
    """A joint hierarchy that is malformed or does not fit what is asked of it."""


class RetargetError(MotionError):
    """A skeleton whose joints cannot be matched to the roles of a body."""
