"""Takes read from their files as motion on the canonical body."""

from __future__ import annotations

from backends.training.data import amass, curate, humanml3d
from backends.training.data.take import Take, read_bytes
from exporters.bvh import load_bvh
from motion.clip import Motion
from motion.retarget import retarget
from motion.skeleton import BODY


def load(take: Take, limits: curate.Limits) -> Motion:
    """A take on the body at the data set's frame rate, feet on the ground, cycles repeated.

    Raises:
        MotionStudioError: the file cannot be read, or its rig is not one that we know.
    """
    if take.reader == "amass":
        return amass.read(take.archive).resample(limits.fps)
    content = read_bytes(take)
    if take.reader == "humanml3d":
        return humanml3d.motion_from_features(content, take.take).resample(limits.fps)
    motion = load_bvh(content)
    if not take.loop:
        return retarget(motion.resample(limits.fps), BODY, source_roles=dict(take.roles) or None)
    motion = curate.repeat_loop(retarget(motion, BODY), limits.loop)
    if take.action.kind == "gait":
        motion = curate.off_treadmill(motion)
    return motion.resample(limits.fps)
