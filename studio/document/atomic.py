"""Files that are whole and on the disk, or not there: what saving is built of.

A file is written beside its target, brought to the disk and renamed. A process that is killed
leaves at most a partial file behind, which :func:`sweep` removes.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO


@contextmanager
def replacing(
    path: Path, guard: AbstractContextManager[object] | None = None
) -> Iterator[BinaryIO]:
    """A file to write; it takes the place of ``path`` when the block ends without an error.

    ``guard`` is held around the renaming alone; if entering it raises, ``path`` stays as it was.
    """
    # Not tempfile: its files are readable by their owner alone, whatever the umask says.
    partial = path.with_name(f".{path.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        with guard or nullcontext():
            os.replace(partial, path)
        sync_folder(path.parent)
    finally:
        partial.unlink(missing_ok=True)


def write(path: Path, data: bytes, guard: AbstractContextManager[object] | None = None) -> None:
    """Put ``data`` at ``path``, as :func:`replacing` does."""
    with replacing(path, guard) as file:
        file.write(data)


def sync_folder(folder: Path) -> None:
    """Bring names that were made or changed in ``folder`` to the disk, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path) -> None:
    """Remove what killed writers left in ``folder``. Nobody may be writing there."""
    for partial in folder.glob(".*.part"):
        partial.unlink(missing_ok=True)
