"""The takes panel: choose, repeat, rename, delete, import."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder

from motion.errors import MotionStudioError
from studio.session import Session, SessionError, SessionStore
from studio.ui.chat import Views, all_views, follow
from studio.ui.panel import panel
from studio.ui.view_models import takes_view


def takes_panel() -> gr.HTML:
    """The list of takes."""
    events = ("choose", "again", "rename", "remove", "receive")
    return panel("takes", takes_view(None), "ms-takes", events)


def choose(sessions: SessionStore, id: str, event: gr.EventData) -> Views:
    """Show a take."""
    session = sessions.get(id)
    try:
        session.select(str(event.take))
    except MotionStudioError as error:
        return refused(session, error)
    return all_views(session)


def again(sessions: SessionStore, id: str, event: gr.EventData) -> Iterator[Views]:
    """Make one more take like this one and follow it."""
    session = sessions.get(id)
    try:
        turn = session.again(str(event.take))
    except MotionStudioError as error:
        yield refused(session, error)
        return
    yield from follow(session, turn)


def rename(sessions: SessionStore, id: str, event: gr.EventData) -> Views:
    """Give a take another name."""
    session = sessions.get(id)
    try:
        session.rename(str(event.take), str(event.name))
    except MotionStudioError as error:
        return refused(session, error)
    return all_views(session)


def remove(sessions: SessionStore, id: str, event: gr.EventData) -> Views:
    """Delete a take."""
    session = sessions.get(id)
    try:
        session.delete(str(event.take))
    except MotionStudioError as error:
        return refused(session, error)
    return all_views(session)


def receive(sessions: SessionStore, id: str, event: gr.EventData) -> Views:
    """Import a file that the browser has uploaded; the upload is removed afterwards."""
    session = sessions.get(id)
    try:
        path = uploaded(str(event.path))
        try:
            session.import_file(path, Path(str(event.name)).stem)
        finally:
            path.unlink(missing_ok=True)
    except MotionStudioError as error:
        return refused(session, error)
    return all_views(session)


def uploaded(path: str) -> Path:
    """``path`` if it lies in the upload folder: a page may name nothing else on this machine."""
    found = Path(path).resolve()
    if not found.is_relative_to(Path(get_upload_folder()).resolve()) or not found.is_file():
        raise SessionError("The file did not arrive; drop it again.")
    return found


def refused(session: Session, error: MotionStudioError) -> Views:
    """The list with the sentence above it; everything else stays."""
    skip = gr.skip()
    return skip, takes_view(session, str(error)), skip, skip
