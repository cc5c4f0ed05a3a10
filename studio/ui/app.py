"""The studio's page: panels, their wiring, and the routes that carry motion and files."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import fastapi
import gradio as gr
from fastapi.responses import FileResponse, Response
from fastapi.staticfiles import StaticFiles
from gradio.routes import App
from gradio.themes import Base
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Mount

from motion.errors import MotionStudioError
from studio.document.model import MediaId
from studio.files import CHARACTERS
from studio.session import SessionStore
from studio.ui import chat, export, takes, topbar, viewer
from studio.ui.export import Shelf
from studio.ui.panel import SCRIPTS, SCRIPTS_URL
from studio.ui.view_models import BarView, pack_motion, shown

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
    shelf = Shelf()

    @asynccontextmanager
    async def lifespan(app: fastapi.FastAPI) -> AsyncIterator[None]:
        yield
        sessions.shut()
        shelf.clear()

    app = fastapi.FastAPI(title="Motion Studio", lifespan=lifespan, docs_url=None, redoc_url=None)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    _add_files(app, sessions, shelf)
    gr.mount_gradio_app(
        app,
        build(sessions, shelf),
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
        sessions.stop()
        mounted.stop_event.set()

    app.state.stop = stop
    return app


def _add_files(app: fastapi.FastAPI, sessions: SessionStore, shelf: Shelf) -> None:
    """Routes outside Gradio: scripts, characters, motion, downloads."""
    app.mount(f"/{SCRIPTS_URL}", StaticFiles(directory=SCRIPTS))
    app.mount("/studio-static", StaticFiles(directory=STATIC, check_dir=False))
    app.mount("/assets/characters", StaticFiles(directory=CHARACTERS, check_dir=False))

    @functools.lru_cache(maxsize=256)
    def packed(key: MediaId) -> bytes:
        return pack_motion(shown(sessions.media.get(key)))

    @app.get("/media/{key}")
    def media(key: str) -> Response:
        try:
            data = packed(MediaId(key))
        except MotionStudioError as error:
            return Response(str(error), status_code=404, media_type="text/plain")
        headers = {"Cache-Control": FOR_EVER}
        return Response(data, media_type="application/octet-stream", headers=headers)

    @app.get("/exports/{token}/{name}")
    def exported(token: str, name: str) -> Response:
        path = shelf.get(token)
        if path is None or path.name != name:
            gone = "This file is no longer kept; save it again."
            return Response(gone, status_code=404, media_type="text/plain")
        return FileResponse(path, filename=path.name)


def build(sessions: SessionStore, shelf: Shelf) -> gr.Blocks:
    """The page. ``gr.State`` is copied at every event, so it holds the session's id and no more."""
    tabs: dict[str, str] = {}
    with gr.Blocks(title="Motion Studio", analytics_enabled=False, fill_width=True) as page:
        session_id = gr.State("")
        with gr.Column(elem_id="ms-app"):
            bar = topbar.top_bar(sessions.models)
            talk = chat.chat_panel()
            stage = viewer.viewer_panel()
            with gr.Column(elem_id="ms-side"):
                list_of_takes = takes.takes_panel()
                saving = export.export_panel()
        panels = [talk, list_of_takes, stage, saving]

        def listen(event: Any, handler: Callable[..., Any], outputs: list[gr.HTML]) -> None:
            bound = _guarded(functools.partial(handler, sessions), handler)
            event(
                bound,
                inputs=session_id,
                outputs=outputs,
                show_progress="hidden",
                trigger_mode="multiple",
                # Jobs have a queue of their own; Gradio's must not make one tab wait for another.
                concurrency_limit=None,
                api_visibility="private",
            )

        def begin(request: gr.Request) -> tuple[str, BarView]:
            session = sessions.create()
            tabs[request.session_hash or ""] = session.id
            return session.id, topbar.view(sessions.models, session.bundle)

        def end(request: gr.Request) -> None:
            """The tab was closed: stop its work; its takes stay until the session expires."""
            with contextlib.suppress(MotionStudioError):  # expired before it was closed
                sessions.get(tabs.pop(request.session_hash or "", "")).close()

        page.load(
            begin,
            outputs=[session_id, bar],
            show_progress="hidden",
            queue=False,
            api_visibility="private",
        )
        page.unload(end)
        listen(bar.pick, topbar.pick, [bar])
        listen(talk.submit, chat.submit, panels)
        listen(talk.cancel, chat.cancel, [talk])
        listen(talk.choose, takes.choose, panels)
        listen(list_of_takes.choose, takes.choose, panels)
        listen(list_of_takes.again, takes.again, panels)
        listen(list_of_takes.rename, takes.rename, panels)
        listen(list_of_takes.remove, takes.remove, panels)
        listen(list_of_takes.receive, takes.receive, panels)
        listen(saving.save, functools.partial(export.save, shelf), [saving])
    return page


def _guarded(work: Callable[..., Any], handler: Callable[..., Any]) -> Callable[..., Any]:
    """``work`` with errors that no panel took (an expired session) shown as a notice."""
    if inspect.isgeneratorfunction(handler):

        def stream(id: str, event: gr.EventData) -> Iterator[Any]:
            try:
                yield from work(id, event)
            except MotionStudioError as error:
                raise gr.Error(str(error), print_exception=False) from error

        return stream

    def answer(id: str, event: gr.EventData) -> Any:
        try:
            return work(id, event)
        except MotionStudioError as error:
            raise gr.Error(str(error), print_exception=False) from error

    return answer


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
