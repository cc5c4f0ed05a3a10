"""A local server that speaks the chat completions API, well or as badly as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Seen:
    """One request."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]


#: Writes the whole response to a request.
Act = Callable[["Handler", Seen], None]


class Handler(BaseHTTPRequestHandler):
    """Acts in turn what its server was given; the last act again and again."""

    server: Server  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = json.loads(self.rfile.read(length))
        seen = Seen(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
        number = len(self.server.seen)
        self.server.seen.append(seen)
        try:
            self.server.acts[min(number, len(self.server.acts) - 1)](self, seen)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # whoever asked has gone

    def head(self, status: int, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def event(self, value: object) -> None:
        self.wfile.write(f"data: {json.dumps(value)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Acts, and what was asked of it."""

    daemon_threads = True

    def __init__(self, acts: Sequence[Act]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.acts, self.seen = list(acts), []
        self.stopping = threading.Event()

    acts: list[Act]
    seen: list[Seen]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def serving(*acts: Act) -> Iterator[Server]:
    """A server that acts these in turn."""
    with Server(acts) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.stopping.set()
            server.shutdown()
            thread.join()


# -- acts ------------------------------------------------------------------------------------------


@dataclass
class Says:
    """Streams a text in pieces of ``size`` characters."""

    text: str
    size: int = 7

    def __call__(self, handler: Handler, seen: Seen) -> None:
        handler.head(200, "text/event-stream")
        handler.wfile.write(b": hello\n\n")
        handler.event({"choices": [{"delta": {"role": "assistant", "content": ""}}]})
        for start in range(0, len(self.text), self.size):
            piece = self.text[start : start + self.size]
            handler.event({"choices": [{"delta": {"content": piece}}]})
        handler.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        handler.event({"choices": [], "usage": {"total_tokens": 3}})
        handler.wfile.write(b"data: [DONE]\n\n")


def plans(*steps: dict[str, Any], reply: str = "Done so.") -> Says:
    """Streams a plan."""
    return Says(json.dumps({"reply": reply, "steps": list(steps)}))


def whole(content: object) -> Act:
    """Answers in one piece, as servers do that do not stream."""

    def act(handler: Handler, seen: Seen) -> None:
        handler.head(200)
        value = {"choices": [{"message": {"role": "assistant", "content": content}}]}
        handler.wfile.write(json.dumps(value, indent=1).encode())

    return act


def fails(status: int, text: str = "", **headers: str) -> Act:
    """Fails, and says ``text``."""

    def act(handler: Handler, seen: Seen) -> None:
        handler.head(status, **headers)
        handler.wfile.write(json.dumps({"error": {"message": text}}).encode())

    return act


def calls_a_tool(handler: Handler, seen: Seen) -> None:
    """Calls a function in place of saying anything."""
    handler.head(200, "text/event-stream")
    call = {"index": 0, "function": {"name": "shell", "arguments": '{"command": "ls"}'}}
    handler.event({"choices": [{"delta": {"content": None, "tool_calls": [call]}}]})
    handler.event({"choices": [{"delta": {}, "finish_reason": "tool_calls"}]})
    handler.wfile.write(b"data: [DONE]\n\n")


def sends(data: bytes, kind: str = "text/event-stream", **headers: str) -> Act:
    """Sends bytes as they are."""

    def act(handler: Handler, seen: Seen) -> None:
        handler.head(200, kind, **headers)
        handler.wfile.write(data)

    return act


def hangs(handler: Handler, seen: Seen) -> None:
    """Takes the request and says nothing."""
    handler.server.stopping.wait(30)


def dribbles(handler: Handler, seen: Seen) -> None:
    """Goes on for ever, a little at a time, so that no single wait is long."""
    handler.head(200, "text/event-stream")
    while not handler.server.stopping.wait(0.02):
        handler.event({"choices": [{"delta": {"content": " "}}]})


@dataclass
class Picky:
    """Refuses requests with an option, and acts otherwise."""

    act: Act
    refuses: Callable[[dict[str, Any]], bool]
    status: int = 400
    refused: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, handler: Handler, seen: Seen) -> None:
        if self.refuses(seen.body):
            self.refused.append(seen.body)
            fails(self.status, "unsupported")(handler, seen)
        else:
            self.act(handler, seen)
