"""Which code runs which bundle."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from backends.api import BundleError, Capabilities, Generator, Task
from backends.bundle import Bundle

#: The code that runs a bundle, by its task and feature layout, as ``module:callable``.
LOADERS: dict[tuple[Task, str], str] = {
    ("text_to_motion", "dart276-patch4"): "backends.vimogen:VimogenGenerator",
    ("text_to_motion", "smpl-d135-tokens"): "backends.motion_lm:MotionLanguageGenerator",
}


def generator_of(bundle: Bundle, others: Callable[[], dict[str, Capabilities]] = dict) -> Generator:
    """A generator that runs ``bundle``; ``others`` tells what else could, for its errors.

    Raises:
        BundleError: no code here runs its task and feature layout, or it lacks what that needs.
    """
    manifest = bundle.manifest
    if manifest.task != "text_to_motion":
        raise BundleError(f"The bundle {bundle.name} makes no motion; it serves {manifest.task}.")
    loader = LOADERS.get((manifest.task, manifest.features))
    if loader is None:
        raise BundleError(
            f"The bundle {bundle.name} needs code for '{manifest.features}' motion that this "
            "Motion Studio has not; update Motion Studio."
        )
    module, _, attribute = loader.partition(":")
    return getattr(importlib.import_module(module), attribute)(bundle, others)
