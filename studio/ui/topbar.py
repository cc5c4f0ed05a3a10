"""The top bar: name, model, licence, device."""

from __future__ import annotations

import gradio as gr

from motion.errors import MotionStudioError
from studio.bundles import Models, device
from studio.session import SessionStore
from studio.ui.panel import panel
from studio.ui.view_models import BarView, bar_view


def top_bar(models: Models) -> gr.HTML:
    """What this is, which model answers and what it runs on."""
    return panel("topbar", view(models, None), "ms-topbar", ("pick",))


def view(models: Models, chosen: str | None) -> BarView:
    """The bar with ``chosen``, or the default model, selected."""
    return bar_view(models.list(), chosen or models.default(), device())


def pick(sessions: SessionStore, id: str, event: gr.EventData) -> BarView:
    """Use another model from the next line on."""
    session = sessions.get(id)
    try:
        session.use(str(event.bundle))
    except MotionStudioError as error:
        gr.Warning(str(error))
    return view(sessions.models, session.bundle)
