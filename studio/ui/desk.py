"""What every listener works with: the open sessions, and the shelf of files to fetch."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gradio.utils import get_upload_folder

from studio.session import Session, SessionError
from studio.tabs import SessionStore, Tab
from studio.ui.events import Event
from studio.ui.talk import Talks
from studio.ui.view_models import FileView

#: Files kept for download; older ones are removed. A download begins as soon as one is written.
KEPT = 32


class Shelf:
    """Written files, each under an unguessable token, the oldest removed first. Thread-safe."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="motion-studio-"))
        self._files: OrderedDict[str, Path] = OrderedDict()
        self._lock = threading.Lock()

    def place(self, name: str) -> tuple[str, Path]:
        """A token and a path called ``name`` to write to."""
        token = secrets.token_urlsafe(16)
        path = self._folder / token / name
        path.parent.mkdir()
        with self._lock:
            self._files[token] = path
            old = [self._files.popitem(last=False)[1] for _ in range(len(self._files) - KEPT)]
        for each in old:
            shutil.rmtree(each.parent, ignore_errors=True)
        return token, path

    def get(self, token: str) -> Path | None:
        """The file of a token, None if it was removed or never written."""
        with self._lock:
            path = self._files.get(token)
        return path if path is not None and path.is_file() else None

    def clear(self) -> None:
        """Remove everything."""
        with self._lock:
            self._files.clear()
        shutil.rmtree(self._folder, ignore_errors=True)


@dataclass(frozen=True)
class Desk:
    """The server's side of every page. ``stopped`` is set when the server is about to end."""

    store: SessionStore
    shelf: Shelf = field(default_factory=Shelf)
    talks: Talks = field(default_factory=Talks)
    stopped: threading.Event = field(default_factory=threading.Event)

    def written(self, name: str, write: Callable[[Path], object]) -> FileView:
        """A file called ``name``, made by ``write``, to be fetched by the browser."""
        token, path = self.shelf.place(name)
        write(path)
        url = f"exports/{token}/{path.name}"
        return FileView(url=url, name=path.name, size=path.stat().st_size)


@dataclass(frozen=True)
class Shown:
    """What one page shows at one moment: see :class:`studio.tabs.Tab`."""

    page: str
    session: Session
    readonly: str


#: What answers an event: it does the work, or raises the sentence that refuses it. What it returns
#: is a file for the browser to fetch.
Handler = Callable[[Desk, Tab, Event], FileView | None]


def uploaded(path: str) -> Path:
    """``path`` if it lies in the upload folder: a page may name nothing else on this machine."""
    folder = Path(get_upload_folder()).resolve()
    with contextlib.suppress(ValueError, OSError):  # what cannot be a path at all
        found = Path(path).resolve()
        if found.is_relative_to(folder) and found.is_file():
            return found
    raise SessionError("The file did not arrive; drop it again.")
