"""An open project and its history, saved after every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from studio.document.commands import EditCommand
from studio.document.errors import EditError
from studio.document.history import History
from studio.document.model import Project, Take, TakeId
from studio.document.placing import blank, fresh
from studio.document.storage import MediaStore

#: From one project to another.
Change = Callable[[Project], Project]


class Home(Protocol):
    """Where a project is kept: an ``OpenProject`` on the disk, or :class:`Unsaved`."""

    @property
    def media(self) -> MediaStore: ...

    @property
    def project(self) -> Project: ...

    @property
    def readonly(self) -> str: ...

    @property
    def saved(self) -> datetime | None: ...

    @property
    def notices(self) -> tuple[str, ...]: ...

    @property
    def trouble(self) -> str: ...

    def save(self, project: Project) -> None: ...

    def close(self) -> None: ...


class Unsaved:
    """A project that nobody keeps, such as the command line makes takes in."""

    readonly = trouble = ""
    saved: datetime | None = None
    notices: tuple[str, ...] = ()

    def __init__(self, project: Project | None = None) -> None:
        self.project = project or blank()
        self.media = MediaStore()

    def save(self, project: Project) -> None:
        self.project = project

    def close(self) -> None:
        """Nothing is held."""


class Editor:
    """Edits a project; each step is in its home before it returns, or has not been done.

    Not thread-safe.
    """

    def __init__(self, home: Home) -> None:
        self.home = home
        self._history = History(home.project)
        self._takes = 0  # the highest number in the id of a take so far

    @property
    def project(self) -> Project:
        return self._history.project

    @property
    def undo_label(self) -> str:
        """What :meth:`undo` would take back; empty if nothing."""
        return self._history.undo_label

    @property
    def redo_label(self) -> str:
        """What :meth:`redo` would bring again; empty if nothing."""
        return self._history.redo_label

    @property
    def marks(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """See :attr:`studio.document.history.History.marks`."""
        return self._history.marks

    def do(self, command: EditCommand, merge: str = "", seal: Change = lambda p: p) -> Project:
        """Apply a command; steps in a row with the same ``merge`` become one.

        ``seal`` has the last word on what the command made; see :meth:`History.do`.

        Raises:
            EditError: the command makes no sense here.
            MotionStudioError: the project cannot be saved: it was taken over, or the disk is full.
        """
        return self._saved(lambda history: history.do(command, merge, seal))

    def undo(self) -> Project:
        """Take the last step back; :class:`EditError` if there is none."""
        if not self.undo_label:
            raise EditError("There is nothing to undo.")
        return self._saved(History.undo)

    def redo(self) -> Project:
        """Do again what was undone last; :class:`EditError` if nothing was."""
        if not self.redo_label:
            raise EditError("There is nothing to redo.")
        return self._saved(History.redo)

    def add(self, takes: Sequence[Take]) -> Project:
        """Keep what was generated, beside the steps: no undo takes it away, no redo is lost."""

        def with_takes(project: Project) -> Project:
            return replace(project, takes=(*project.takes, *takes))

        return self.amend(with_takes)

    def amend(self, change: Change) -> Project:
        """Change what is kept beside the steps, in all of them."""
        return self._saved(lambda history: history.amend(change))

    def fresh_takes(self, count: int) -> tuple[TakeId, ...]:
        """Ids of takes that the project never had, not even in steps that were undone."""
        ids = fresh(self.project, "take", count)
        first = max(int(ids[0].rpartition("-")[2]), self._takes + 1)
        self._takes = first + count - 1
        return tuple(TakeId(f"take-{first + i}") for i in range(count))

    def _saved(self, step: Callable[[History], Project]) -> Project:
        if self.home.readonly:
            raise EditError(self.home.readonly)
        history = self._history.copy()
        project = step(history)
        if project != self.project:
            self.home.save(project)
        self._history = history
        return project
