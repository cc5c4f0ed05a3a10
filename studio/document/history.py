"""Undo and redo. Projects are values, so history keeps them whole; what they share is shared."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

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

    @property
    def marks(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ``merge`` of each step that can be undone, and of each to redo; the next one last."""
        return tuple(s.merge for s in self._done), tuple(s.merge for s in self._undone)

    def do(
        self,
        command: EditCommand,
        merge: str = "",
        seal: Callable[[Project], Project] = lambda project: project,
    ) -> Project:
        """Apply a command. What changes nothing is no step; what was undone is forgotten.

        Args:
            merge: Steps in a row with the same key, such as those of one drag, become one.
            seal: A last change of what the command made, such as a mark that it was made, which
                alone makes no step.

        Raises:
            EditError: the command makes no sense here; nothing has changed then.
        """
        before, after = self._project, apply(self._project, command)
        if after == before:
            return before
        name, after = label(command), seal(after)
        last = self._done[-1] if self._done else None
        if last is not None and merge and last.merge == merge and not self._undone:
            before = self._done.pop().before
        if after != before:  # a drag may end where it began
            self._done.append(_Step(before, after, name, merge))
        self._undone.clear()
        self._project = after
        return after

    def amend(self, change: Callable[[Project], Project]) -> Project:
        """Change the project as if it had always been so: now, and wherever undo and redo lead.

        For what comes from outside and is no step, such as takes that arrive.
        """
        amended: dict[int, Project] = {}

        def always(project: Project) -> Project:
            # The end of a step is the beginning of the next: one object before and after.
            if id(project) not in amended:
                amended[id(project)] = change(project)
            return amended[id(project)]

        def step(old: _Step) -> _Step:
            return replace(old, before=always(old.before), after=always(old.after))

        done, undone = [step(old) for old in self._done], [step(old) for old in self._undone]
        self._project = always(self._project)
        self._done = deque(done, self._done.maxlen)
        self._undone = undone
        return self._project

    def copy(self) -> History:
        """Another history with the same steps, to try something on."""
        other = History(self._project)
        other._done, other._undone = self._done.copy(), self._undone.copy()
        return other

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
