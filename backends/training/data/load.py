"""Takes read from their files as motion on the canonical body at the data set's frame rate."""

from __future__ import annotations

from backends.training.data import amass, humanml3d
from backends.training.data.take import Take, read_bytes
from exporters.bvh import load_bvh
from motion.clip import Motion
from motion.retarget import retarget
from motion.skeleton import BODY


def load(take: Take, fps: float) -> Motion:
    """A take retargeted to the body at ``fps``, feet on the ground.

    Raises:
        MotionStudioError: the file cannot be read, or its rig is not one that we know.
    """
    content = read_bytes(take)
    if take.reader == "humanml3d":
        return humanml3d.motion_from_features(content, take.take).resample(fps)
    if take.reader == "amass":
        return amass.motion_from_npz(content, take.take).resample(fps)
    motion = load_bvh(content)
    return retarget(motion.resample(fps), BODY)
