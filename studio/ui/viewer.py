"""The viewer panel: the stage that the TypeScript module of ``studio/web`` draws."""

from __future__ import annotations

import gradio as gr

from studio.ui.panel import panel
from studio.ui.view_models import scene_view


def viewer_panel() -> gr.HTML:
    """The 3D view with its transport bar; its value is the scene, motion comes by URL."""
    return panel("viewer-panel", scene_view(None), "ms-viewer")
