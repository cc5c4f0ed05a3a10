"""Older projects brought up to date, a version at a time.

A project's JSON says its version in ``schema``. :data:`STEPS` maps a version to the function that
makes the next one of it. A change of :mod:`studio.document.model` that older files do not fit
raises ``model.SCHEMA`` by one, and adds a step here and a file of the older version to the tests.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from motion.errors import MotionStudioError
from studio.document.model import SCHEMA

Json = dict[str, Any]
#: From the JSON of one version to that of the next; what it is given stays as it was.
Step = Callable[[Json], Json]


def _with_conversation(document: Json) -> Json:
    """Version 2 keeps what was said."""
    return {**document, "conversation": []}


#: By the version that a step starts from. Version 1 is the first that was ever saved.
STEPS: Mapping[int, Step] = {1: _with_conversation}


class UpgradeError(MotionStudioError):
    """A version that this studio does not know."""


def version_of(document: object) -> int | None:
    """The version of a project's JSON; None for anything that is no project."""
    if not isinstance(document, dict) or "timeline" not in document:
        return None
    version = document.get("schema")
    return version if isinstance(version, int) and not isinstance(version, bool) else None


def upgrade(document: Json, steps: Mapping[int, Step] = STEPS, to: int = SCHEMA) -> Json:
    """``document`` at version ``to``.

    Raises:
        UpgradeError: it is newer than ``to``, or a version that no step starts from.
    """
    version = version_of(document)
    if version is None:
        raise UpgradeError("This is not a project of Motion Studio.")
    if version > to:
        raise UpgradeError(
            f"It was saved by a newer Motion Studio (version {version} of the format, this one "
            f"reads up to {to}); update Motion Studio."
        )
    for step in range(version, to):
        if step not in steps:
            raise UpgradeError(f"Version {step} of the format is unknown; it is no such project.")
        document = {**steps[step](document), "schema": step + 1}
    return document
