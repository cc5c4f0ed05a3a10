"""Undo and redo. Projects are values, so history keeps them whole; what they share is shared."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from studio.document.apply import apply
from studio.document.commands import EditCommand
from studio.document.labels import label
from studio.document.model import Project

#: Steps that are kept.
DEPTH = 1000


@dataclass(frozen=True)
class _Step:
    before: Project
    after: Project
    label: str
    merge: str


class History:
    """A project and how it came about, as far back as ``depth`` steps. Not thread-safe."""

    def __init__(self, project: Project, depth: int = DEPTH) -> None:
        self._project = project
        self._done: deque[_Step] = deque(maxlen=depth)
        self._undone: list[_Step] = []

    @property
    def project(self) -> Project:
        """The project as it is now."""
        return self._project

    @property
    def undo_label(self) -> str:
        """What :meth:`undo` would take back; empty if there is nothing."""
        return self._done[-1].label if self._done else ""

    @property
    def redo_label(self) -> str:
        """What :meth:`redo` would do again; empty if there is nothing."""
        return self._undone[-1].label if self._undone else ""

    def do(self, command: EditCommand, merge: str = "") -> Project:
        """Apply a command. What changes nothing is no step; what was undone is forgotten.

        Args:
            merge: Steps in a row with the same key, such as those of one drag, become one.

        Raises:
            EditError: the command makes no sense here; nothing has changed then.
        """
        before, after = self._project, apply(self._project, command)
        if after == before:
            return before
        name = label(command)
        last = self._done[-1] if self._done else None
        if last is not None and merge and last.merge == merge and not self._undone:
            before = self._done.pop().before
        if after != before:  # a drag may end where it began
            self._done.append(_Step(before, after, name, merge))
        self._undone.clear()
        self._project = after
        return after

    def undo(self) -> Project:
        """The project before the last step; as it is if there is none."""
        if self._done:
            step = self._done.pop()
            self._undone.append(step)
            self._project = step.before
        return self._project

    def redo(self) -> Project:
        """The project after the step that was undone last; as it is if there is none."""
        if self._undone:
            step = self._undone.pop()
            self._done.append(step)
            self._project = step.after
        return self._project
