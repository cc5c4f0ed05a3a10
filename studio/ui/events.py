"""What a panel has sent, read with care: a page may be old, or not ours at all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

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
        nonce = self._data.get("nonce", 0)
        return float(nonce) if isinstance(nonce, int | float) and math.isfinite(nonce) else 0.0

    def has(self, name: str) -> bool:
        """Whether the field was given, and not as null or an empty text."""
        return self._data.get(name) not in (None, "")

    def text(self, name: str, otherwise: str | None = None) -> str:
        value = self._get(name, otherwise)
        return value if isinstance(value, str) else _refuse(name)

    def number(self, name: str, otherwise: float | None = None) -> float:
        value = self._get(name, otherwise)
        if isinstance(value, str):
            with_point = value.strip().replace(",", ".")
            value = float(with_point) if _is_number(with_point) else None
        if isinstance(value, bool) or not isinstance(value, int | float):
            _refuse(name)
        return float(value)

    def whole(self, name: str, otherwise: int | None = None) -> int:
        value = self.number(name, otherwise)
        return int(value) if math.isfinite(value) and value == int(value) else _refuse(name)

    def flag(self, name: str) -> bool:
        value = self._get(name, None)
        return value if isinstance(value, bool) else _refuse(name)

    def ids(self, name: str) -> tuple[str, ...]:
        value = self._get(name, None)
        if not isinstance(value, list | tuple) or not all(isinstance(id, str) for id in value):
            _refuse(name)
        return tuple(value)

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


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _refuse(name: str) -> Any:
    raise SessionError(f"The page sent no usable '{name}'; reload it and try again.")
