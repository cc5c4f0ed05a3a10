"""What ships with the program: characters, model bundles, samples. LICENSES.md says whose they are.

Files are read where the package lies, so an installed package and a checkout behave alike.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from motion.errors import MotionStudioError
from motion.skinning import SkinnedMesh, load_mesh

ROOT = Path(__file__).resolve().parent


class AssetError(MotionStudioError):
    """A file that should have come with the program and is not there."""


def path(name: str) -> Path:
    """The path of an asset by its name relative to this folder, as ``characters/mannequin.glb``.

    Raises:
        AssetError: If there is no such file or folder, or the name leads out of this folder.
    """
    found = (ROOT / name).resolve()
    if not found.is_relative_to(ROOT):
        raise AssetError(f"'{name}' is not among the program's own files.")
    if not found.exists():
        raise AssetError(f"The program's file '{name}' is missing; install the program again.")
    return found


@lru_cache(maxsize=1)
def mannequin() -> SkinnedMesh:
    """The figure that the studio shows by default, bound to :data:`motion.skeleton.BODY`."""
    return load_mesh(path("characters/mannequin.npz"))
