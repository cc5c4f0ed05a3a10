"""Projects and commands as JSON: what is saved, sent to the browser and asked of a planner.

The values are plain dataclasses; pydantic reads and writes them strictly. An unknown field, a
missing one, a number that is not finite or ``1.0`` for a whole number are refused, and a project
has to keep the rules of :mod:`studio.document.rules`. Numbers come back as they went, to the bit.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from pydantic import ConfigDict, Discriminator, TypeAdapter, ValidationError

from studio.document.commands import EditCommand
from studio.document.errors import DocumentError
from studio.document.model import SCHEMA, Project
from studio.document.rules import faults

#: More than any project is; reading stops here, before memory is spent on it.
MAX_BYTES = 256 * 2**20

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, ser_json_inf_nan="constants")
# A row of one: pydantic hands settings down to plain dataclasses from around them only.
_PROJECT: TypeAdapter[tuple[Project]] = TypeAdapter(tuple[Project], config=_STRICT)
_COMMAND: TypeAdapter[EditCommand] = TypeAdapter(
    Annotated[EditCommand, Discriminator("kind")], config=_STRICT
)

T = TypeVar("T")


def project_json(project: Project, *, takes: bool = True) -> dict[str, Any]:
    """A project as JSON values; without its ``takes`` they and the conversation are left empty."""
    shown = project if takes else replace(project, takes=(), conversation=())
    return _PROJECT.dump_python((shown,), mode="json")[0]


def dump(project: Project) -> bytes:
    """A project as JSON text, UTF-8, a field a line so that versions can be compared.

    Raises:
        DocumentError: a value could not be read back: it is not finite, or not Unicode.
    """
    row = _written(lambda: _PROJECT.dump_json((project,), indent=1, warnings="error"), "project")
    if b"NaN" in row or b"Infinity" in row:  # as a number, or in somebody's text
        _read(lambda: _PROJECT.validate_json(row), "project")
    # Text inside JSON has no line breaks of its own, so the row around can be taken off by line.
    return row[len(b"[\n ") : -len(b"\n]")].replace(b"\n ", b"\n")


def parse(data: bytes | str) -> Project:
    """The project of :func:`dump`.

    Raises:
        DocumentError: ``data`` is not a project, is of another version, or breaks a rule.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError(
            f"This is no project: it has over {MAX_BYTES // 2**20} MB without any motion."
        )
    text = data.encode() if isinstance(data, str) else data
    (project,) = _read(lambda: _PROJECT.validate_json(b"[" + text + b"]"), "project")
    if project.schema != SCHEMA:
        raise DocumentError(
            f"The project is of version {project.schema} and this is version {SCHEMA}; "
            "open it with a Motion Studio that is as new as the project."
        )
    for fault in faults(project):
        raise DocumentError(f"The project is damaged: {fault}")
    return project


def command(value: object) -> EditCommand:
    """The command that JSON values describe, as the browser and planners send it.

    Whether it makes sense in a project is for ``apply`` to say.

    Raises:
        DocumentError: ``value`` is not a command.
    """
    return _read(lambda: _COMMAND.validate_json(_text(value)), "edit")


def hold(cmd: EditCommand) -> None:
    """Hold a command that was made in Python to what can be written and read back.

    Raises:
        DocumentError: a value is of another type, not finite, or not Unicode.
    """
    text = _written(lambda: _COMMAND.dump_json(cmd, warnings="error"), "edit")
    _read(lambda: _COMMAND.validate_json(text), "edit")


def command_json(cmd: EditCommand) -> dict[str, Any]:
    """A command as JSON values; the other way round than :func:`command`."""
    return _COMMAND.dump_python(cmd, mode="json")


def command_schema() -> dict[str, Any]:
    """The JSON schema of a command, for what a planner answers."""
    return _COMMAND.json_schema()


def _text(value: object) -> str:
    try:
        return json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise DocumentError("The edit is not JSON; send it as an object with a kind.") from error


def _written(write: Callable[[], bytes], what: str) -> bytes:
    try:
        return write()
    except ValueError as error:
        raise DocumentError(
            f"The {what} has a value that cannot be written; give it another."
        ) from error


def _read(read: Callable[[], T], what: str) -> T:
    try:
        return read()
    except ValidationError as error:
        raise DocumentError(_sentence(error, what)) from error


def _sentence(error: ValidationError, what: str) -> str:
    """The first of what is wrong: where, and what was expected."""
    first = error.errors(include_url=False, include_context=False)[0]
    place = list(first["loc"])[1:]  # the row of one, or the command's kind
    where = "".join(f"[{at}]" if isinstance(at, int) else f".{at}" for at in place).lstrip(".")
    said = _SAID.get(first["type"]) or first["msg"][:1].lower() + first["msg"][1:].rstrip(".")
    at = f"at {where[:200]}, " if where else ""
    return f"This {what} cannot be read: {at}{said[:300]}; put that right and try again."


#: Where pydantic's own words would tell nobody anything.
_SAID = {
    "union_tag_not_found": "it does not say its kind",
    "union_tag_invalid": "its kind is not one that is known",
    "unexpected_keyword_argument": "there is a field that is not known",
}
