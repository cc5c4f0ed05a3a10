"""What every panel is: a Gradio component drawn by a JavaScript module of its own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import gradio as gr

#: The panels' JavaScript, served as it is.
SCRIPTS = Path(__file__).parent / "panels"
SCRIPTS_URL = "studio-panels"


def panel(script: str, view: Any, elem_id: str, events: Iterable[str] = ()) -> gr.HTML:
    """A component drawn by ``panels/<script>.js``.

    The module exports ``mount(element, {props, trigger, watch, upload})``. ``props.value`` is the
    panel's view (see :mod:`studio.ui.view_models`); ``trigger(event, data)`` reaches the Python
    listeners of that event, whose ``gr.EventData`` has the fields of ``data``.

    A function and no subclass: Gradio builds a component anew for every partial update, from the
    arguments of ``gr.HTML`` itself, and writes stub files beside subclasses.
    """
    # Gradio offers an event in Python when its name stands quoted in this text. The template never
    # mentions the value: an update must not replace what the module has drawn.
    names = ", ".join(f"'{name}'" for name in events)
    return gr.HTML(
        value=view,
        elem_id=elem_id,
        elem_classes=["ms-panel"],
        html_template='<div class="ms-root"></div>',
        js_on_load=f"""
            // events: {names}
            (async () => {{
                const url = new URL("{SCRIPTS_URL}/{script}.js", document.baseURI).href;
                const {{ mount }} = await import(url);
                await mount(element, {{ props, trigger, watch, upload }});
            }})();
        """,
        apply_default_css=False,
        container=False,
        padding=False,
    )
