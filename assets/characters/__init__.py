"""The characters, and the scripts that build them. At run time only the built files are read."""

from __future__ import annotations
