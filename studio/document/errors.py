"""What can be wrong with a project, and with an edit of one."""

from __future__ import annotations

from motion.errors import MotionStudioError


class DocumentError(MotionStudioError):
    """A project or a command that cannot be read, or a project that contradicts itself."""


class EditError(MotionStudioError):
    """An edit that makes no sense here; the project stays as it was."""
