"""The mannequin as a GLB in its rest pose, for the viewer: ``python -m exporters.characters``."""

from __future__ import annotations

import assets
from exporters.glb import GlbWriteOptions, save_glb
from motion.clip import Motion
from motion.skeleton import Skeleton


def rest_motion(skeleton: Skeleton) -> Motion:
    """One frame in which ``skeleton`` stands in its rest pose."""
    return Motion(skeleton, 30.0, skeleton.rest_offsets[None, 0], skeleton.rest_rotations[None])


def main() -> None:
    """Write ``characters/mannequin.glb`` beside the NPZ that it is made from."""
    mesh = assets.mannequin()
    target = assets.path("characters") / "mannequin.glb"
    save_glb(rest_motion(mesh.skeleton), target, mesh, GlbWriteOptions(animation="rest"))
    print(f"{target.name}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
