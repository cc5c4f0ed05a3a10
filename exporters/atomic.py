"""Writing files whole or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from exporters.errors import ExportError


def write_bytes(path: str | Path, *parts: bytes | memoryview) -> None:
    """Write ``parts`` one after another to ``path``, replacing what was there.

    They go to a temporary file beside it first, so that a full disk or a crash leaves the old file
    as it was and nothing half-written.

    Raises:
        ExportError: the folder is missing, full or not writable.
    """
    target = Path(path)
    # Not tempfile: its files are readable by their owner alone, whatever the umask says.
    partial = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as stream:
            for part in parts:
                stream.write(part)
        os.replace(partial, target)
    except OSError as error:
        raise ExportError(f"{target} cannot be written: {error.strerror or error}.") from None
    finally:
        partial.unlink(missing_ok=True)
