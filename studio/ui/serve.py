"""Serving the page: one process, loopback unless told otherwise, the browser opened when ready."""

from __future__ import annotations

import os
import socket
import threading
import time
import webbrowser
from typing import TYPE_CHECKING

from motion.errors import MotionStudioError

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI
    from uvicorn import Server

    from studio.bundles import Models

LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


class ServeError(MotionStudioError):
    """The address cannot be listened on."""


def run(host: str, port: int, open_browser: bool, project: Path | None = None) -> int:
    """Serve until interrupted; the exit status.

    Args:
        project: The folder or ``.mstudio`` file that pages show which ask for no other.
    """
    listener = listen(host, port)
    url = f"http://{'localhost' if host == '127.0.0.1' else host}:{listener.getsockname()[1]}"
    print(f"Motion Studio is starting at {url}", flush=True)
    # Gradio asks its maker's server for updates and reports use unless told not to.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")

    from studio.bundles import Models
    from studio.tabs import SessionStore
    from studio.ui.app import LOOPBACK, create_app

    local = host in LOOPBACK_HOSTS
    if not local:
        print(f"Everyone who can reach {host} can use this studio.", flush=True)
    sessions = SessionStore(Models())
    if project is not None:
        sessions.begin_with(project)
    server = make_server(create_app(sessions, LOOPBACK if local else ("*",)))
    threading.Thread(
        target=_when_ready, args=(server, sessions.models, url, open_browser), daemon=True
    ).start()
    try:
        server.run(sockets=[listener])
    except KeyboardInterrupt:
        print("Stopped.", flush=True)
    return 0


def make_server(app: FastAPI) -> Server:
    """A server for :func:`studio.ui.app.create_app` that stops at once when told to."""
    import uvicorn

    class StudioServer(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            # Every open page holds connections that end only when told; uvicorn would wait.
            app.state.stop()
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=3)
    return StudioServer(config)


def _when_ready(server: Server, models: Models, url: str, open_browser: bool) -> None:
    """Once the page answers: open it, and load the default model before it is first asked for."""
    while not server.started:
        if server.should_exit:
            return
        time.sleep(0.02)
    if open_browser:
        webbrowser.open(url)
    models.warm_up()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; :class:`ServeError` names the remedy where there can be none."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        # A studio that was just closed leaves its port in TIME_WAIT. (On Windows this option
        # would let two servers share a port.)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ServeError(
            f"Cannot listen on {host}:{port} ({error.strerror}); choose another with --port."
        ) from error
    listener.listen()
    return listener
