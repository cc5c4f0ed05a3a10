"""What a panel has sent, read with care: a page may be old, or not ours at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, NoReturn

from studio.document import schema
from studio.document.commands import AddTakes, Batch, EditCommand
from studio.document.model import Aim, Media, MediaId, Take, TakeId
from studio.session import SessionError


class Event:
    """The fields of an event. What is missing or of another kind raises :class:`SessionError`."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    @property
    def nonce(self) -> float:
        """The number that the answer carries."""
        nonce = self._data.get("nonce")
        return (_finite(nonce) if isinstance(nonce, int | float) else None) or 0.0

    def has(self, name: str) -> bool:
        """Whether the field was given, and not as null or an empty text."""
        return self._data.get(name) not in (None, "")

    def text(self, name: str, otherwise: str | None = None) -> str:
        value = self._get(name, otherwise)
        return value if isinstance(value, str) else _refuse(name)

    def number(self, name: str, otherwise: float | None = None) -> float:
        """A finite number, or the text of one with a point or a comma."""
        value = self._get(name, otherwise)
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
        number = None if isinstance(value, bool) else _finite(value)
        return _refuse(name) if number is None else number

    def whole(self, name: str, otherwise: int | None = None) -> int:
        value = self.number(name, otherwise)
        return int(value) if value == int(value) else _refuse(name)

    def flag(self, name: str) -> bool:
        value = self._get(name, None)
        return value if isinstance(value, bool) else _refuse(name)

    def ids(self, name: str) -> tuple[str, ...]:
        value = self._get(name, None)
        if not isinstance(value, list | tuple) or not all(isinstance(id, str) for id in value):
            _refuse(name)
        return tuple(value)

    def rows(self, name: str) -> tuple[Event, ...]:
        """A list of objects, each to be read as an event is."""
        value = self._get(name, None)
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            _refuse(name)
        return tuple(Event(row) for row in value)

    def command(self) -> EditCommand:
        """The edit of ``commands`` and ``label``.

        Raises:
            DocumentError: one of them is no command.
        """
        value = self._get("commands", None)
        if not isinstance(value, list) or not value:
            _refuse("commands")
        commands = tuple(schema.command(each) for each in value)
        label = self.text("label", "")[:80]
        return commands[0] if len(commands) == 1 and not label else Batch(commands, label)

    def aim(self) -> Aim | None:
        """The aim of ``aim``, None where it is left out."""
        if not self.has("aim"):
            return None
        bare = asdict(Take(TakeId("take-1"), "", Media(MediaId("0"), 1, 1.0)))
        read = schema.command({"kind": "add_takes", "takes": [{**bare, "aim": self._data["aim"]}]})
        assert isinstance(read, AddTakes)
        return read.takes[0].aim

    def _get(self, name: str, otherwise: Any) -> Any:
        value = self._data.get(name)
        if value is None:
            value = otherwise
        return _refuse(name) if value is None else value


def _finite(value: Any) -> float | None:
    """The number that a value is or says; None where it is none."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _refuse(name: str) -> NoReturn:
    raise SessionError(f"The page sent no usable '{name}'; reload it and try again.")
