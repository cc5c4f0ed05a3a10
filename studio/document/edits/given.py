"""Commands that change only what they give."""

from __future__ import annotations

from typing import Any


def given(command: object, *names: str) -> dict[str, Any]:
    """The fields of ``names`` that the command gives: those that are not None."""
    values = {name: getattr(command, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}
