"""Errors of reading and writing files."""

from __future__ import annotations

from motion.errors import MotionStudioError


class ExportError(MotionStudioError):
    """A motion that cannot be written as asked; nothing was left at the destination."""


class FileFormatError(MotionStudioError):
    """A file that cannot be read: the message names the file, the place in it and the cause.

    Attributes:
        source: The file's name, or what stands for it when it was given as bytes.
        line: The line, counted from 1, or None for binary formats and missing files.
        cause: What is wrong, as the rest of a sentence.
    """

    def __init__(self, source: str, cause: str, line: int | None = None) -> None:
        self.source, self.cause, self.line = source, cause, line
        place = source if line is None else f"{source}, line {line}"
        super().__init__(f"{place}: {cause}")
