"""One question to an OpenAI-compatible server, and its answer as text: the only thing that asks.

Everything a server can do wrong ends as :class:`NoAnswer`, with a phrase that holds nothing of what
it sent: servers repeat keys and whole requests in their errors.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from studio.planner.llm_settings import Endpoint

if TYPE_CHECKING:
    import httpx

#: ``{"role": ..., "content": ...}``
Message = dict[str, str]
#: Told the whole text so far each time that more of it has come.
Hear = Callable[[str], None]

#: More than any plan takes, as sent: streams repeat a few hundred bytes with each word.
MAX_BYTES = 2**22
#: Characters of a text that are worth showing as they come: what is said stands first.
_HEARD = 8000
#: A server that asks for more patience than this is not waited for.
MAX_WAIT_SECONDS = 5.0
_CONNECT_SECONDS = 5.0


class NoAnswer(Exception):
    """The server gave no text; the phrase goes on from "The language model ..."."""


class _Refused(Exception):
    """The server does not take some option of the request."""


class Client:
    """Asks one endpoint, for one plan.

    Args:
        ways: Options to send beside the messages, from the best to what every server takes.
        way: The first of them to try.
    """

    def __init__(self, endpoint: Endpoint, ways: Sequence[dict[str, Any]], way: int = 0) -> None:
        self._endpoint, self._ways, self.way = endpoint, ways, way
        self._until = time.monotonic() + endpoint.seconds

    def ask(self, messages: Sequence[Message], hear: Hear) -> str:
        """The model's text.

        Raises:
            NoAnswer: there is none.
        """
        last = len(self._ways) - 1
        while True:
            try:
                return self._patiently(messages, self._ways[self.way], hear)
            except _Refused:
                if self.way == last:
                    raise NoAnswer("refused the request") from None
                self.way += 1

    def _patiently(self, messages: Sequence[Message], way: dict[str, Any], hear: Hear) -> str:
        """Asked again once if the server says when."""
        try:
            return self._once(messages, way, hear)
        except _Busy as busy:
            if busy.seconds > min(MAX_WAIT_SECONDS, self._left()):
                raise NoAnswer("is too busy") from None
            time.sleep(busy.seconds)
        try:
            return self._once(messages, way, hear)
        except _Busy:
            raise NoAnswer("is too busy") from None

    def _once(self, messages: Sequence[Message], way: dict[str, Any], hear: Hear) -> str:
        endpoint = self._endpoint
        body = {"model": endpoint.model, "messages": list(messages), "stream": True, **way}
        with self._sent(body) as response:
            _check(response)
            answer = _Answer(hear, endpoint.without_key)
            for line in self._lines(response):
                if answer.take(line):
                    break
        return answer.finish()

    @contextmanager
    def _sent(self, body: dict[str, Any]) -> Iterator[httpx.Response]:
        import httpx

        seconds = self._left()
        if seconds <= 0:
            raise NoAnswer(self._late())
        endpoint = self._endpoint
        # The user's proxies are for what is elsewhere.
        near = urlsplit(endpoint.url).hostname in ("localhost", "127.0.0.1", "::1")
        # As it is: what was packed could be far longer than what comes.
        headers = {"Accept-Encoding": "identity", **endpoint.headers}
        limit = httpx.Timeout(seconds, connect=min(_CONNECT_SECONDS, seconds))
        try:
            client = httpx.Client(timeout=limit, trust_env=not near, follow_redirects=False)
        except (ValueError, ImportError, OSError):
            raise NoAnswer(
                "cannot be reached with the proxy or certificates that are set"
            ) from None
        try:
            with client, client.stream("POST", endpoint.chat, json=body, headers=headers) as reply:
                yield reply
        except (httpx.ConnectError, httpx.ConnectTimeout):
            raise NoAnswer(f"cannot be reached at {endpoint.host}") from None
        except httpx.TimeoutException:
            raise NoAnswer(self._late()) from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError):
            raise NoAnswer("broke off its answer") from None

    def _lines(self, response: httpx.Response) -> Iterator[bytes]:
        """Lines as they come; at most :data:`MAX_BYTES`, and not for ever."""
        rest, total = bytearray(), 0
        for chunk in response.iter_raw():
            total += len(chunk)
            if total > MAX_BYTES:
                raise NoAnswer("answered at far too great length")
            if self._left() <= 0:
                raise NoAnswer(self._late())
            rest += chunk
            if b"\n" in chunk:
                *lines, tail = bytes(rest).split(b"\n")
                rest = bytearray(tail)
                yield from lines
        if rest:
            yield bytes(rest)

    def _left(self) -> float:
        return self._until - time.monotonic()

    def _late(self) -> str:
        return f"did not answer within {self._endpoint.seconds:g} seconds"


class _Busy(Exception):
    """Asked to come again in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds


#: Statuses with which servers say that an option or the shape of the answer is not theirs.
_OPTION = frozenset({400, 415, 422, 501})


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status == 200:
        return
    if status in (429, 503):
        raise _Busy(_patience(response.headers.get("retry-after")))
    if status in _OPTION:
        raise _Refused
    if status in (401, 403):
        raise NoAnswer("did not accept the key")
    if status == 404:
        raise NoAnswer("was not found on its server")
    raise NoAnswer(f"failed with status {status}")


def _patience(told: str | None) -> float:
    """Seconds to wait; a date, or anything else, is taken to be too far away."""
    if told is None:
        return 1.0
    return float(told) if told.isascii() and told.isdigit() and len(told) < 9 else float("inf")


class _Answer:
    """A reply that comes in events, or whole from servers that do not stream."""

    def __init__(self, hear: Hear, clean: Callable[[str], str]) -> None:
        self._hear, self._clean = hear, clean
        self._events: list[str] = []
        self._plain: list[bytes] = []
        self._length = 0

    def take(self, line: bytes) -> bool:
        """One line; whether it was the last."""
        line = line.strip()
        if not line.startswith(b"data:"):
            if line and not line.startswith((b":", b"event:", b"id:", b"retry:")):
                self._plain.append(line)
            return False
        data = line[5:].strip()
        if data == b"[DONE]":
            return True
        if self._choice(_object(data), "delta") and self._length < _HEARD:
            self._hear(self.text)
        return False

    def finish(self) -> str:
        """All of the text; empty where a tool was called, which none was given for."""
        if self._plain and not self._events:
            self._choice(_object(b"\n".join(self._plain)), "message")
        return self.text

    @property
    def text(self) -> str:
        return self._clean("".join(self._events))

    def _choice(self, event: dict[str, Any], part: str) -> bool:
        """Whether there was text in an event."""
        if event.get("error"):
            raise NoAnswer("failed while it answered")
        choices = event.get("choices")
        choice = choices[0] if isinstance(choices, list) and choices else None
        said = choice.get(part) if isinstance(choice, dict) else None
        text = _text(said.get("content")) if isinstance(said, dict) else ""
        if text:
            self._events.append(text)
            self._length += len(text)
        return bool(text)


def _text(content: object) -> str:
    """A message's text, also where it is sent in typed parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if isinstance(part, dict)]
    return "".join(text for text in texts if isinstance(text, str))


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        raise NoAnswer("sent what is not an answer") from None
    if not isinstance(value, dict):
        raise NoAnswer("sent what is not an answer")
    return value
