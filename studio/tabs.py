"""Who has what open: sessions by project, and the pages that show them.

Any number of pages may show a project; one of them changes it. The others are told, see every
change, and may take over; the page that was taken over from is told in turn. Another process on the
same project is kept out, and told, by the project's lock on the disk.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path

from backends.api import Cancelled
from motion.clip import Motion
from motion.errors import MotionStudioError
from studio.bundles import Models
from studio.document.model import MediaId
from studio.document.placing import blank
from studio.document.project_file import OpenProject, ProjectInUse
from studio.document.storage import MediaError
from studio.jobs import JobQueue
from studio.library import Entry, Library
from studio.session import Session, SessionError

log = logging.getLogger(__name__)

#: A project that no page has shown for this long is closed, and its undo history with it.
EXPIRY_SECONDS = 24 * 3600.0

_ENDED = "This page's session has ended; reload the page to go on."
_ELSEWHERE = "This project is being changed in another tab; take over to change it here."
_TAKEN = "Another tab has taken this project over; take it back to change it here."


class Tab:
    """A page: the project it shows, and whether it is the one that may change it.

    Attributes:
        id: Unguessable.
        key: What the browser calls itself; a page that is reloaded has the same one.
    """

    def __init__(self, store: SessionStore, key: str, session: Session) -> None:
        self.id = secrets.token_urlsafe(16)
        self.key = key
        self.taken_from = False
        self._store, self._session = store, session

    @property
    def session(self) -> Session:
        """What is open here, for looking."""
        return self._session

    @property
    def readonly(self) -> str:
        """Why nothing can be changed here, a sentence; empty if it can."""
        if self._session.readonly or self._store.may_change(self):
            return self._session.readonly
        return _TAKEN if self.taken_from else _ELSEWHERE

    def writing(self) -> Session:
        """What is open here, for changing.

        Raises:
            SessionError: another page or another studio changes it; this one may take over.
        """
        self._store.hold(self)
        if self.readonly:
            raise SessionError(self.readonly)
        return self._session

    def show(self, session: Session) -> None:
        """Show another project; called by the store."""
        self._session, self.taken_from = session, False


class SessionStore:
    """Every open project and every page. Thread-safe.

    Args:
        library: Where projects are kept; None for the user's own.
    """

    def __init__(
        self,
        models: Models,
        library: Library | None = None,
        expiry: float = EXPIRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.models = models
        self.library = library or Library()
        self.jobs = JobQueue(stop=Cancelled, expected=MotionStudioError)
        self._expiry, self._clock = expiry, clock
        self._first = ""
        self._lock = threading.RLock()
        self._sessions: dict[str, Session] = {}
        self._shown: dict[str, float] = {}  # when a page last showed each of them
        self._tabs: dict[str, Tab] = {}
        self._holders: dict[str, Tab] = {}

    # -- projects --------------------------------------------------------------------------------

    def projects(self) -> tuple[Entry, ...]:
        """The projects to choose from: those of the library, then those elsewhere."""
        return (*self.library.list(), *self.library.recent())

    def create(self, name: str = "") -> Session:
        """A new project, open."""
        with self._lock:
            return self._add(self.library.create(name.strip() or blank().name))

    def open(self, which: str | Path) -> Session:
        """The session of a project, by its id in the library or its path; opened if it is not.

        A project that another studio has open is opened for looking, and anew each time.

        Raises:
            MotionStudioError: there is no such project, or it is damaged.
        """
        with self._lock:
            id = which if isinstance(which, str) else self.library.id_of(which)
            known = self._sessions.get(id)
            if known is not None and not known.readonly:
                return known
            try:
                home = self.library.open(which)
            except ProjectInUse:
                home = self.library.open(which, read_only=True)
            return self._add(home) if known is None else self._replace(known, home)

    def begin_with(self, path: Path) -> Session:
        """Open the project that pages show which name none, a folder or ``.mstudio`` file.

        Raises:
            MotionStudioError: there is no such project, or it is damaged.
        """
        session = self.open(path)
        self._first = session.id
        return session

    def duplicate(self, project: str) -> Session:
        """A copy of a project, open."""
        return self.open(self.library.duplicate(project).id)

    def remove(self, project: str, page: Tab | None = None) -> None:
        """Move a project to the trash. Pages that show it get a new one.

        Raises:
            SessionError: another page than ``page`` is at work on it.
            MotionStudioError: there is no such project, or another studio is at work on it.
        """
        with self._lock:
            if self._holders.get(project, page) is not page:
                raise SessionError("This project is being changed in another tab; close it there.")
            session = self._sessions.pop(project, None)
            if session is not None:
                session.close()
            self.library.remove(project)
            self._holders.pop(project, None)
            pages = [tab for tab in self._tabs.values() if tab.session is session]
            if pages:
                instead = self._unused() or self.create()
                for tab in pages:
                    tab.show(instead)

    def motion(self, media: MediaId) -> Motion:
        """A motion of any open project; :class:`MediaError` if none has it."""
        with self._lock:
            stores = [session.media for session in self._sessions.values()]
        for store in stores:
            if media in store:
                return store.get(media)
        raise MediaError(f"The motion {media[:12]} is not in any open project.")

    # -- pages -----------------------------------------------------------------------------------

    def enter(self, key: str = "", project: str = "", last: str = "") -> tuple[Tab, str]:
        """A page has been opened or reloaded.

        Args:
            key: What the browser calls the page; the one that was reloaded had the same.
            project: The project that its address names, empty if none.
            last: The project that this browser showed last, empty if none.

        Returns:
            The page, and a sentence if what it asked for cannot be opened, else an empty one.
        """
        with self._lock:
            self._expire()
            session, notice = self._asked(project or self._first, last)
            tab = Tab(self, key or secrets.token_urlsafe(16), session)
            self._tabs[tab.id] = tab
            holder = self._holders.get(session.id)
            if holder is not None and holder.key == tab.key:
                holder.taken_from = True
                self._holders[session.id] = tab
            return tab, notice

    def get(self, id: str) -> Tab:
        """The page of ``id``; :class:`SessionError` when it has ended."""
        with self._lock:
            tab = self._tabs.get(id)
            if tab is None:
                raise SessionError(_ENDED)
            self._shown[tab.session.id] = self._clock()
            return tab

    def show(self, tab: Tab, session: Session) -> None:
        """Let a page show another project."""
        with self._lock:
            self._release(tab)
            tab.show(session)
            self._shown[session.id] = self._clock()

    def leave(self, id: str) -> None:
        """A page was closed; its project stays open, with its history, for the next."""
        with self._lock:
            tab = self._tabs.pop(id, None)
            if tab is not None:
                self._release(tab)
                self._shown[tab.session.id] = self._clock()

    def may_change(self, tab: Tab) -> bool:
        """Whether this page is the one that changes its project, or no page is."""
        with self._lock:
            return self._holders.get(tab.session.id, tab) is tab

    def hold(self, tab: Tab) -> None:
        """Make this page the one that changes its project, if no other is."""
        with self._lock:
            if self._holders.setdefault(tab.session.id, tab) is tab:
                tab.taken_from = False

    def take_over(self, tab: Tab) -> None:
        """Make this page the one that changes its project, whoever is.

        Of a project that another studio holds, what is on the disk is opened anew.
        """
        with self._lock:
            old = tab.session
            if old.readonly:
                self._replace(old, self.library.open(old.id, take_over=True))
            holder = self._holders.get(tab.session.id)
            if holder is not None and holder is not tab:
                holder.taken_from = True
            self._holders[tab.session.id] = tab
            tab.taken_from = False

    # -- the end ---------------------------------------------------------------------------------

    def stop(self) -> None:
        """Cancel everything and start nothing more; does not wait."""
        self.jobs.stop()

    def shut(self) -> None:
        """Cancel everything, wait for the workers to end, and give every project back."""
        self.jobs.close()
        with self._lock:
            self._tabs.clear()
            for session in list(self._sessions.values()):
                self._close(session)

    # -- inside ----------------------------------------------------------------------------------

    def _add(self, home: OpenProject) -> Session:
        id = self.library.id_of(home.path)
        self._sessions[id] = session = Session(id, home, self.models, self.jobs)
        self._shown[id] = self._clock()
        return session

    def _asked(self, project: str, last: str) -> tuple[Session, str]:
        """The project that a page named, else the one it had last, else an unused or new one."""
        notice = ""
        if project:
            try:
                return self.open(project), ""
            except MotionStudioError as error:
                notice = str(error)
        elif last:
            with contextlib.suppress(MotionStudioError):  # removed since, or on another studio
                return self.open(last), ""
        return self._unused() or self.create(), notice

    def _unused(self) -> Session | None:
        """A new project that no page shows and nobody began to work on."""
        shown = {tab.session.id for tab in self._tabs.values()}
        for entry in self.library.list():
            if entry.name == blank().name and not entry.clips and entry.id not in shown:
                was_open = entry.id in self._sessions
                with contextlib.suppress(MotionStudioError):
                    session = self.open(entry.id)
                    if _untouched(session):
                        return session
                    if not was_open:
                        self._close(session)
        return None

    def _release(self, tab: Tab) -> None:
        if self._holders.get(tab.session.id) is tab:
            del self._holders[tab.session.id]

    def _replace(self, old: Session, home: OpenProject) -> Session:
        """Let every page of a session show its project as it was opened anew."""
        self._close(old)
        session = self._add(home)
        for tab in self._tabs.values():
            if tab.session is old:
                tab.show(session)
        return session

    def _expire(self) -> None:
        now, shown = self._clock(), {tab.session.id for tab in self._tabs.values()}
        for id, session in list(self._sessions.items()):
            if id not in shown and now - self._shown[id] > self._expiry:
                self._close(session)

    def _close(self, session: Session) -> None:
        del self._sessions[session.id], self._shown[session.id]
        self._holders.pop(session.id, None)
        try:
            session.close()
        except MotionStudioError as error:
            log.warning("%s", error)


def _untouched(session: Session) -> bool:
    """Whether it is a new project as it was made."""
    new = session.project == blank() and not session.turns and not session.readonly
    return new and not session.undo_label and not session.redo_label
