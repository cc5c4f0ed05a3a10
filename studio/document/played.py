"""Played media: a motion as a clip plays it, on the canonical body at the project's rate."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import FEET, Flags, foot_contacts
from motion.cubic import cubic, cubic_rotations
from motion.errors import MotionStudioError
from motion.retarget import retarget
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton
from studio.document.layout import Playing

# A frame this near to a whole one is that one.
_WHOLE = 1e-6
_LEGS = [[BODY.role_index[f"{side}_{joint}"] for side in ("left", "right")]
         for joint in ("hip", "knee", "ankle", "foot")]  # fmt: skip
_OFFSETS = BODY.rest_offsets


def _legs() -> tuple[Skeleton, list[int]]:
    """The joints of :data:`BODY` down to the feet, by themselves, and their indices in it."""
    there = sorted({0, *(joint for row in _LEGS for joint in row)})
    parents = [-1, *(there.index(BODY.parents[joint]) for joint in there[1:])]
    names = [BODY.joints[joint] for joint in there]
    return Skeleton("legs", tuple(names), tuple(parents), _OFFSETS[there], tuple(names)), there


#: What foot contacts are found on: the rest of the body does not bear on them.
_LEG_BODY, _LEG_JOINTS = _legs()


class EvaluateError(MotionStudioError):
    """A project that cannot be evaluated as it is."""


@dataclass(frozen=True, eq=False)
class Footage:
    """A media on the canonical body, mirrored or not, at its own rate.

    Attributes:
        root, rotations: ``[T, 3]`` metres and ``[T, 22, 4]`` parent-local.
        contacts: ``[T, 4]`` of :data:`motion.contacts.FEET`.
    """

    root: Array
    rotations: Array
    contacts: Flags

    @property
    def nbytes(self) -> int:
        return self.root.nbytes + self.rotations.nbytes + self.contacts.nbytes


def footage(motion: Motion, mirror: bool) -> Footage:
    """``motion`` retargeted if it is of another body; :class:`RetargetError` if it is of none."""
    if motion.skeleton != BODY or motion.local_positions is not None:
        motion = retarget(motion, BODY)
    if mirror:
        motion = motion.mirror()
    root, rotations = motion.root_positions, motion.rotations
    legs = Motion(_LEG_BODY, motion.fps, root, rotations[:, _LEG_JOINTS])
    return Footage(root, rotations, foot_contacts(legs))


@dataclass(frozen=True, eq=False)
class Played:
    """P played frames of a media.

    Attributes:
        root, rotations: ``[P, 3]`` metres and ``[P, 22, 4]`` parent-local.
        contacts: ``[P, 4]`` of :data:`motion.contacts.FEET`; all False where kept in place.
    """

    root: Array
    rotations: Array
    contacts: Flags

    def __len__(self) -> int:
        return len(self.root)

    @property
    def nbytes(self) -> int:
        feet = 4 * self.root.nbytes
        return self.root.nbytes + self.rotations.nbytes + self.contacts.nbytes + feet

    @cached_property
    def feet(self) -> Array:
        """Positions ``[P, 4, 3]`` of :data:`motion.contacts.FEET`, metres."""
        hip, knee, ankle, foot = _LEGS
        q = self.rotations
        toe = _OFFSETS[ankle] + rot.rotate(q[:, ankle], _OFFSETS[foot])
        ends = np.stack([np.broadcast_to(_OFFSETS[ankle], toe.shape), toe], axis=2)
        for joint in (knee, hip):
            ends = _OFFSETS[joint][:, None] + rot.rotate(q[:, joint, None], ends)
        world = self.root[:, None, None] + rot.rotate(q[:, :1, None], ends)
        return world.reshape(-1, len(FEET), 3)


def play(media: Footage, how: Playing, fps: float) -> Played:
    """The frames of ``media`` at ``fps``: sampled, turned round, kept in place."""
    if how.frames != len(media.root):
        raise EvaluateError(
            f"The project says that the motion {how.media[:12]} has {how.frames} frames, but "
            f"it has {len(media.root)}; import it again."
        )
    at = positions(how, fps)
    root, rotations = cubic(media.root, at), cubic_rotations(media.rotations, at)
    contacts = media.contacts[np.floor(at + 0.5).astype(np.intp)]
    if how.reverse:
        root, rotations, contacts = root[::-1], rotations[::-1], contacts[::-1]
    if how.in_place:
        root = root.copy()
        root[:, [0, 2]] = root[0, [0, 2]]
        contacts = np.zeros_like(contacts)
    return Played(root, rotations, contacts)


def positions(how: Playing, fps: float) -> Array:
    """Where in the media, in its frames, each played frame lies before it is turned round."""
    count = int(np.floor((how.frames - 1) * fps / (how.fps * how.speed) + _WHOLE)) + 1
    at = np.arange(count) * (how.speed * how.fps) / fps
    whole = np.rint(at)
    return np.clip(np.where(np.abs(at - whole) < _WHOLE, whole, at), 0, how.frames - 1)
