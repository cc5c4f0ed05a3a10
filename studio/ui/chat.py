"""The chat panel: a line of text in, a turn with its takes out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from motion.errors import MotionStudioError
from studio.session import Order, Session, SessionStore, Turn
from studio.ui.panel import panel
from studio.ui.view_models import (
    ChatView,
    ExportView,
    SceneView,
    TakesView,
    chat_view,
    export_view,
    scene_view,
    takes_view,
)

#: How often a running job's progress is sent, at most.
INTERVAL = 0.1

#: Values for the chat, takes, viewer and export panels; ``gr.skip()`` leaves one as it is.
Views = tuple[ChatView | Any, TakesView | Any, SceneView | Any, ExportView | Any]


def chat_panel() -> gr.HTML:
    """The conversation and the line to type in."""
    return panel("chat", chat_view(None), "ms-chat", ("submit", "cancel", "choose"))


def all_views(session: Session, nonce: float = 0.0) -> Views:
    """Every panel that a change of takes or selection touches."""
    return (
        chat_view(session, nonce=nonce),
        takes_view(session),
        scene_view(session),
        export_view(session),
    )


def follow(session: Session, turn: Turn, nonce: float = 0.0) -> Iterator[Views]:
    """Views while the job of ``turn`` runs, and once more when it has ended."""
    skip = gr.skip()
    status = turn.job.status
    while not status.ended:
        yield chat_view(session, nonce=nonce), skip, skip, skip
        status = turn.job.wait_change(status, INTERVAL * 5)
        if not status.ended:
            # A fast sampler reports more often than a browser can draw.
            status = turn.job.wait(INTERVAL)
    if status.state == "done":
        yield all_views(session, nonce)
    else:
        yield chat_view(session, nonce=nonce), skip, skip, skip


def submit(sessions: SessionStore, id: str, event: gr.EventData) -> Iterator[Views]:
    """Start what was typed and follow it; a refusal is a notice above the prompt."""
    nonce = float(event.nonce)
    skip = gr.skip()
    session = None
    try:
        session = sessions.get(id)
        order = Order(
            text=str(event.text),
            seconds=float(event.seconds),
            takes=int(event.takes),
            bundle=session.bundle,
        )
        turn = session.start(order)
    except MotionStudioError as error:
        yield chat_view(session, str(error), nonce), skip, skip, skip
        return
    yield from follow(session, turn, nonce)


def cancel(sessions: SessionStore, id: str, event: gr.EventData) -> ChatView:
    """Stop a turn; the listener that follows it reports the end."""
    session = sessions.get(id)
    session.cancel(str(event.turn))
    return chat_view(session)
