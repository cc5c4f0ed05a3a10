"""Which language model is asked, if one is set: from the environment or the user's own folder.

Nothing is asked unless the user named a host. The key is held so that printing what has it shows
stars, and goes nowhere but into the header of requests to that host.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit, urlunsplit

from pydantic import SecretStr

from motion.errors import MotionStudioError

#: Where in the user's folder the settings are kept: an object with url, model, key and seconds.
SETTINGS_FILE = "llm.json"
#: What begins the names of the variables: MOTION_STUDIO_LLM_URL, _MODEL, _KEY, _SECONDS.
PREFIX = "MOTION_STUDIO_LLM_"

_NAMES = ("url", "model", "key", "seconds")
_NO_KEY = SecretStr("")
_USUAL_SECONDS = 60.0
_MOST_SECONDS = 600.0
_MOST_BYTES = 2**16


class LlmSettingsError(MotionStudioError):
    """Settings of a language model that cannot be used. Says nothing of their values but names."""


@dataclass(frozen=True)
class Endpoint:
    """A model behind an OpenAI-compatible server.

    Attributes:
        url: Its base, such as ``http://localhost:11434/v1``; a query may only be ``api-version``.
        model: As the server calls it.
        key: Empty where none is needed.
        seconds: How long one turn may take in all.
    """

    url: str
    model: str
    key: SecretStr = _NO_KEY
    seconds: float = _USUAL_SECONDS

    def __post_init__(self) -> None:
        _check_url(self.url)
        key = self.key.get_secret_value()
        if not self.model.strip() or not self.model.isprintable() or len(self.model) > 200:
            raise LlmSettingsError(f"A language model needs its name; set {PREFIX}MODEL.")
        if not key.isascii() or not key.isprintable() or " " in key:
            raise LlmSettingsError("The language model's key has characters that no key has.")
        if not 0 < self.seconds <= _MOST_SECONDS:
            raise LlmSettingsError(
                f"The seconds for a language model are between 0 and {_MOST_SECONDS:g}; "
                f"set {PREFIX}SECONDS."
            )

    @property
    def host(self) -> str:
        """Host and port, to name it by."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def chat(self) -> str:
        """The address that chat completions are asked of."""
        parts = urlsplit(self.url)
        path = f"{parts.path.rstrip('/')}/chat/completions"
        return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))

    @property
    def headers(self) -> dict[str, str]:
        """What proves who asks; Azure knows the key by a name of its own."""
        key = self.key.get_secret_value()
        if not key:
            return {}
        if (urlsplit(self.url).hostname or "").endswith(".azure.com"):
            return {"api-key": key}
        return {"Authorization": f"Bearer {key}"}

    def without_key(self, text: str) -> str:
        """``text`` with stars where a server repeats the key; one of a few letters is no secret."""
        key = self.key.get_secret_value()
        return text.replace(key, "***") if len(key) >= 8 else text


def read(folder: Path, environment: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that is set, or None.

    A variable goes before the file; where the variables name a host nothing is taken from the
    file, so that its key is not sent to another host than it was written for.

    Raises:
        LlmSettingsError: something is set that cannot be used.
    """
    given = {name: environment.get(PREFIX + name.upper(), "").strip() for name in _NAMES}
    given = {name: value for name, value in given.items() if value}
    found = given if "url" in given else {**_in_file(folder / SETTINGS_FILE), **given}
    if not found.get("url"):
        return None
    return Endpoint(
        found["url"],
        found.get("model", ""),
        SecretStr(found.get("key", "")),
        _seconds(found.get("seconds", "")),
    )


def _in_file(path: Path) -> dict[str, str]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LlmSettingsError(f"{path.name} is too long for settings; write it anew.")
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError):
        # What was read is not told: the key may be in it.
        raise LlmSettingsError(f"{path.name} cannot be read as JSON; mend it.") from None
    if not isinstance(value, dict) or not value.keys() <= set(_NAMES):
        raise LlmSettingsError(f"{path.name} holds {', '.join(_NAMES)} and nothing else; mend it.")
    if not all(isinstance(each, str | int | float) for each in value.values()):
        raise LlmSettingsError(f"The settings in {path.name} are texts; mend it.")
    return {name: str(each).strip() for name, each in value.items()}


def _seconds(text: str) -> float:
    try:
        return float(text) if text else _USUAL_SECONDS
    except ValueError:
        return math.nan  # refused with the other numbers that do not do


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
        plain = parts.username is None and parts.password is None and names <= {"api-version"}
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = plain = False
    if not good or not url.isprintable() or " " in url:
        raise LlmSettingsError(
            f"The address of a language model begins with http:// or https://; set {PREFIX}URL."
        )
    if not plain:
        raise LlmSettingsError(
            f"The address of a language model holds no key; put it in {PREFIX}KEY."
        )
