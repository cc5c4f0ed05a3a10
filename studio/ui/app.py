"""The studio's page: panels, their wiring, and the routes that carry motion and files."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr
from fastapi.responses import FileResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from gradio.routes import App
from gradio.themes import Base
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from motion.errors import MotionStudioError
from studio.document.model import MediaId
from studio.files import CHARACTERS
from studio.tabs import SessionStore
from studio.ui.desk import Desk
from studio.ui.events import Event
from studio.ui.page import PANELS, Pages, Views, blank_views
from studio.ui.panel import SCRIPTS, SCRIPTS_URL, panel
from studio.ui.view_models import EVENTS
from studio.ui.wire import pack_motion, shown

HERE = Path(__file__).parent
#: Built from ``studio/web``; absent in a checkout that was never set up.
STATIC = HERE / "static"

#: A URL of content that never changes.
FOR_EVER = "public, max-age=31536000, immutable"

# Linked and not given to Gradio as css: it would rewrite every selector, lists in :is() included.
HEAD = f"""
<meta name="color-scheme" content="dark">
<link rel="stylesheet" href="studio-static/tokens.css">
<link rel="stylesheet" href="{SCRIPTS_URL}/theme.css">
<script type="module" src="{SCRIPTS_URL}/layout.js"></script>
<link rel="modulepreload" href="{SCRIPTS_URL}/dom.js">
<link rel="modulepreload" href="studio-static/viewer.js">
"""


#: Panels whose script has another name than theirs.
SCRIPT = {"viewer": "viewer-panel", "timeline": "timeline-panel"}

#: Seconds between two looks at whether a page has to be told something.
INTERVAL = 0.15

#: Jobs have a queue of their own; Gradio's must not make one page wait for another.
QUIETLY: dict[str, Any] = {
    "show_progress": "hidden",
    "concurrency_limit": None,
    "api_visibility": "private",
}

#: Seconds after which a silent connection is given a sign of life.
KEEP_ALIVE = 15.0

#: What a page on this machine may call it; anything else is another site's page reaching in.
LOOPBACK = ("127.0.0.1", "localhost")


def create_app(sessions: SessionStore, hosts: Sequence[str] = LOOPBACK) -> fastapi.FastAPI:
    """The whole studio as an ASGI application.

    Args:
        sessions: Where sessions live; shut down with the application.
        hosts: Host names that requests may carry, ``("*",)`` for any.

    Returns:
        The application. ``app.state.stop()`` ends what every open page keeps open (its heartbeat,
        running jobs), for a server that is about to wait for its connections to close.
    """
    desk = Desk(sessions)
    pages = Pages(desk)

    @asynccontextmanager
    async def lifespan(app: fastapi.FastAPI) -> AsyncIterator[None]:
        yield
        sessions.shut()
        desk.shelf.clear()

    app = fastapi.FastAPI(title="Motion Studio", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    _add_files(app, desk)
    _add_changes(app, desk, pages)
    gr.mount_gradio_app(
        app,
        build(desk, pages),
        path="/",
        ssr_mode=False,
        footer_links=[],
        run_history=False,
        show_error=True,
        theme=theme(),
        head=HEAD,
        favicon_path=str(HERE / "favicon.svg"),
    )
    mounted = next(r.app for r in app.routes if isinstance(r, Mount) and isinstance(r.app, App))

    def stop() -> None:
        desk.stopped.set()
        sessions.stop()
        mounted.stop_event.set()

    app.state.stop = stop
    return app


def _add_files(app: fastapi.FastAPI, desk: Desk) -> None:
    """Routes outside Gradio: scripts, characters, motion, downloads."""
    app.mount(f"/{SCRIPTS_URL}", StaticFiles(directory=SCRIPTS))
    app.mount("/studio-static", StaticFiles(directory=STATIC, check_dir=False))
    app.mount("/assets/characters", StaticFiles(directory=CHARACTERS, check_dir=False))

    @functools.lru_cache(maxsize=256)
    def packed(key: MediaId, mirror: bool) -> bytes:
        motion = shown(desk.store.motion(key))
        return pack_motion(motion.mirror() if mirror else motion)

    @app.get("/media/{key}")
    def media(key: str, mirror: bool = False) -> Response:
        try:
            data = packed(MediaId(key), mirror)
        except MotionStudioError as error:
            return Response(str(error), status_code=404, media_type="text/plain")
        headers = {"Cache-Control": FOR_EVER}
        return Response(data, media_type="application/octet-stream", headers=headers)

    @app.get("/exports/{token}/{name}")
    def exported(token: str, name: str) -> Response:
        path = desk.shelf.get(token)
        if path is None or path.name != name:
            gone = "This file is no longer kept; save it again."
            return Response(gone, status_code=404, media_type="text/plain")
        return FileResponse(path, filename=path.name)


def _add_changes(app: fastapi.FastAPI, desk: Desk, pages: Pages) -> None:
    """The route by which a page hears that there is something to look at."""

    @app.get("/pages/{id}/changes")
    async def changes(id: str) -> Response:
        try:
            page = pages.get(id)
        except MotionStudioError as error:
            return Response(str(error), status_code=404, media_type="text/plain")

        async def stream() -> AsyncIterator[str]:
            """A server-sent event whenever the page is behind; nothing else of what changed."""
            told, quiet = page.seen, 0.0
            while pages.has(id) and not desk.stopped.is_set():
                state = await asyncio.to_thread(lambda: page.state)
                if state not in (told, page.seen):
                    told, quiet = state, 0.0
                    yield "data: look\n\n"
                elif quiet > KEEP_ALIVE:
                    quiet = 0.0
                    yield ":\n\n"
                await asyncio.sleep(INTERVAL)
                quiet += INTERVAL

        return StreamingResponse(stream(), media_type="text/event-stream")


#: What the browser knows of a page: the name it keeps while the page is reloaded, the project in
#: its address, and the one that was open last. One text, read by :func:`_address`.
_ADDRESS = """() => {
    const kept = (store, name, make) => {
        try {
            const value = store.getItem(name) ?? make();
            store.setItem(name, value);
            return value;
        } catch { return make(); }
    };
    return JSON.stringify({
        key: kept(sessionStorage, "motion-studio.tab", () => `${Math.random()}`),
        project: new URLSearchParams(location.search).get("project") ?? "",
        last: kept(localStorage, "motion-studio.project", () => ""),
    });
}"""


def _address(text: str) -> dict[str, str]:
    """The fields of ``_ADDRESS``; those that did not arrive are empty."""
    try:
        told = json.loads(text or "{}")
        return {name: str(told.get(name) or "") for name in ("key", "project", "last")}
    except (ValueError, AttributeError):
        return dict.fromkeys(("key", "project", "last"), "")


def build(desk: Desk, pages: Pages) -> gr.Blocks:
    """Gradio's side of the page. ``gr.State`` is copied at every event: it holds the page's id."""
    with gr.Blocks(title="Motion Studio", analytics_enabled=False, fill_width=True) as blocks:
        page_id = gr.State("")
        address = gr.Textbox(visible=False)
        panels = _panels(blank_views(desk))

        def answered(views: Views) -> tuple[Any, ...]:
            return tuple(views.get(name, gr.skip()) for name in panels)

        def begin(told: str, request: gr.Request) -> tuple[Any, ...]:
            page = pages.enter(request.session_hash or "", **_address(told))
            return (page.id, *answered(page.views()))

        def end(request: gr.Request) -> None:
            pages.leave(request.session_hash or "")

        def listen(name: str, event: str) -> None:
            def answer(id: str, data: gr.EventData) -> tuple[Any, ...]:
                try:
                    page = pages.get(id)
                except MotionStudioError as error:
                    raise gr.Error(str(error), print_exception=False) from error
                return answered(page.handle(name, event, Event(data._data or {})))

            getattr(panels[name], event)(
                answer,
                inputs=page_id,
                outputs=list(panels.values()),
                trigger_mode="multiple",
                **QUIETLY,
            )

        blocks.load(
            begin,
            inputs=address,
            outputs=[page_id, *panels.values()],
            js=_ADDRESS,
            queue=False,
            **QUIETLY,
        )
        blocks.unload(end)
        for name, events in EVENTS.items():
            for event in events:
                listen(name, event)
    return blocks


def _panels(views: Views) -> dict[str, gr.HTML]:
    """Every panel in its place; where it stands on the screen is the stylesheet's."""

    def made(name: str) -> gr.HTML:
        return panel(SCRIPT.get(name, name), views[name], f"ms-{name}", EVENTS[name])

    with gr.Column(elem_id="ms-app"):
        panels = {name: made(name) for name in ("topbar", "chat", "viewer", "timeline")}
        with gr.Column(elem_id="ms-side"):
            panels |= {name: made(name) for name in ("inspector", "takes", "export")}
    return {name: panels[name] for name in PANELS}


def theme() -> Base:
    """Gradio's plainest theme on our tokens; ``theme.css`` does the rest. Asks no font host.

    The page's own colours are literal: they are drawn before any stylesheet has arrived.
    """
    return Base(font=["var(--ms-font)"], font_mono=["ui-monospace", "monospace"]).set(
        body_background_fill="#161618",
        body_background_fill_dark="#161618",
        body_text_color="#a3a3ac",
        body_text_color_dark="#a3a3ac",
        background_fill_primary="var(--ms-panel)",
        background_fill_primary_dark="var(--ms-panel)",
        block_background_fill="var(--ms-panel)",
        block_background_fill_dark="var(--ms-panel)",
        border_color_primary="var(--ms-line)",
        border_color_primary_dark="var(--ms-line)",
    )
