"""A page as a whole: its panels, what an event changes in them, and what is sent when."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from motion.errors import MotionStudioError
from studio.seams import MeasuredJoin
from studio.session import Session
from studio.tabs import Tab
from studio.ui import chat, export, inspector, takes, timeline, topbar, turns, viewer
from studio.ui.desk import Desk, Handler, Shown
from studio.ui.events import Event
from studio.ui.topbar import Engine
from studio.ui.view_models import FileView, View

log = logging.getLogger(__name__)

#: Every panel with what answers its events, in the order of the outputs.
PANELS: Mapping[str, Mapping[str, Handler]] = {
    "topbar": topbar.HANDLERS,
    "chat": chat.HANDLERS,
    "viewer": viewer.HANDLERS,
    "timeline": timeline.HANDLERS,
    "takes": takes.HANDLERS,
    "inspector": inspector.HANDLERS,
    "export": export.HANDLERS,
}

#: Views by panel; those that did not change are left out.
Views = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What became of an event: a sentence if it was refused, a file if one was written."""

    panel: str
    nonce: float = 0.0
    notice: str = ""
    file: FileView | None = None


NOTHING = Answer("")


def blank_views(desk: Desk) -> Views:
    """What the panels show before the page has a project."""
    return _views(desk, Engine.here(desk.store.models), None, NOTHING, 0, "")


class Page:
    """What one page shows. Thread-safe: its listener and its watcher share it."""

    def __init__(self, desk: Desk, tab: Tab, notice: str = "") -> None:
        self.id, self.tab = tab.id, tab
        #: The state that was sent last.
        self.seen: object = None
        self._desk = desk
        self._engine = Engine.here(desk.store.models)
        self._sent: Views = {}
        self._lock = threading.Lock()
        self._notice = notice

    def handle(self, panel: str, name: str, event: Event) -> Views:
        """Do what an event asks; the views that it changed, and always that of its panel."""
        notice, file = "", None
        try:
            file = PANELS[panel][name](self._desk, self.tab, event)
        except MotionStudioError as error:
            notice = str(error)
        except Exception as error:  # a defect; the animator's work goes on
            log.exception("The event '%s' of the panel '%s' failed", name, panel)
            kind = type(error).__name__
            notice = f"Something went wrong inside the studio ({kind}); see its log."
        return self.views(Answer(panel, event.nonce, notice, file))

    def views(self, answer: Answer | None = None) -> Views:
        """The views that changed since they were last sent, and that of the ``answer``."""
        with self._lock:
            answer = answer or NOTHING
            self.seen = self.state
            # Whose turn it is to write is asked before the session is held still: it takes a lock
            # that others hold while they wait for a session.
            now = Shown(self.id, self.tab.session, self.tab.readonly)
            told = " ".join((self._notice, *now.session.told())).strip()
            self._notice = ""
            with now.session.reading() as revision:
                made = _views(self._desk, self._engine, now, answer, revision, told)
            changed = {
                panel: view
                for panel, view in made.items()
                if panel == answer.panel
                or view["notice"]
                or _content(view) != _content(self._sent.get(panel))
            }
            self._sent.update(changed)
            return changed

    @property
    def state(self) -> object:
        """Something that is equal as long as the page need not be looked at anew."""
        session = self.tab.session
        progress = tuple(turn.job.status for turn in takes.running(session))
        plans = tuple(self._desk.talks.of(session).statuses())
        return session.id, session.version, self.tab.readonly, progress, plans


class Pages:
    """Every page that is open. Thread-safe."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._pages: dict[str, Page] = {}
        self._ids: dict[str, str] = {}  # by the browser's connection, all that its end tells

    def enter(self, connection: str, key: str, project: str, last: str) -> Page:
        """A page was opened or reloaded; see :meth:`studio.tabs.SessionStore.enter`."""
        tab, notice = self._desk.store.enter(key, project, last)
        self._ids[connection] = tab.id
        self._pages[tab.id] = page = Page(self._desk, tab, notice)
        return page

    def leave(self, connection: str) -> None:
        """A page was closed; its project stays open for the next."""
        id = self._ids.pop(connection, "")
        self._pages.pop(id, None)
        self._desk.store.leave(id)

    def has(self, id: str) -> bool:
        return id in self._pages

    def get(self, id: str) -> Page:
        """The page of ``id``; :class:`SessionError` when it has ended."""
        self._desk.store.get(id)
        return self._pages[id]


def _views(
    desk: Desk, engine: Engine, now: Shown | None, answer: Answer, revision: int, told: str
) -> Views:
    session = now.session if now else None
    joins = _joins(session) if session else ()
    chosen = session.bundle if session else None

    def base(panel: str) -> View:
        ours = panel == answer.panel
        notice = answer.notice if ours else ""
        if panel == "topbar":
            notice = notice or told
        return View(revision=revision, nonce=answer.nonce if ours else 0.0, notice=notice)

    def file(panel: str) -> FileView | None:
        return answer.file if panel == answer.panel else None

    return {
        "topbar": topbar.view(base("topbar"), engine, desk, now, file("topbar")),
        "chat": turns.view(
            base("chat"),
            session,
            desk.talks.of(session) if session else None,
            engine.max_seconds(chosen),
        ),
        "viewer": viewer.view(base("viewer"), session),
        "timeline": timeline.view(base("timeline"), now, joins),
        "takes": takes.view(base("takes"), session),
        "inspector": inspector.view(base("inspector"), now, joins),
        "export": export.view(base("export"), session, file("export")),
    }


def _joins(session: Session) -> Sequence[MeasuredJoin]:
    """The joins of everyone; none while the project cannot be evaluated: its media is missing."""
    try:
        return session.joins()
    except MotionStudioError as error:
        log.info("The joins of '%s' are not measured: %s", session.project.name, error)
        return ()


def _content(view: Mapping[str, Any] | None) -> dict[str, Any]:
    """A view without what differs each time."""
    passing = ("revision", "nonce", "notice", "file")
    return {key: value for key, value in (view or {}).items() if key not in passing}
