"""The export panel, and the shelf from which the browser fetches what was written."""

from __future__ import annotations

import secrets
import shutil
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path

import gradio as gr

from motion.errors import MotionStudioError
from studio.files import FORMATS, Changes
from studio.session import SessionError, SessionStore
from studio.ui.panel import panel
from studio.ui.view_models import ExportView, FileView, export_view, file_name

#: Files kept for download; older ones are removed. A download begins as soon as one is written.
KEPT = 32


def export_panel() -> gr.HTML:
    """Format, rate and toggles of the shown take."""
    return panel("export", export_view(None), "ms-export", ("save",))


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


def save(shelf: Shelf, sessions: SessionStore, id: str, event: gr.EventData) -> ExportView:
    """Write a take and tell the browser where to fetch it; a refusal is a notice."""
    session = None
    try:
        session = sessions.get(id)
        take = session.take(str(event.take))
        suffix = str(event.format)
        if suffix not in FORMATS:
            raise SessionError(f"'{suffix}' is no format; choose {', '.join(FORMATS)}.")
        changes = Changes(
            fps=float(event.fps) if event.fps else None,
            mirror=bool(event.mirror),
            in_place=bool(event.in_place),
        )
        token, path = shelf.place(file_name(take, suffix))
        session.export(take.id, path, changes)
    except MotionStudioError as error:
        return export_view(session, notice=str(error))
    url = f"exports/{token}/{path.name}"
    return export_view(session, FileView(url=url, name=path.name, size=path.stat().st_size))
