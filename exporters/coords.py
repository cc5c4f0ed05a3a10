"""Every conversion of units, axes and frame rates between files and :mod:`motion`.

Inside the project lengths are metres, +Y is up and quaternions are ``(w, x, y, z)``. Whatever a
format does otherwise is undone here, so that no reader or writer holds a factor of its own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array
from motion.skeleton import BODY, local_from_world

#: Total length of the longest path from one end of an adult's skeleton to another, metres: from a
#: toe up one leg, along the spine and down an arm to the wrist. It does not depend on the pose or
#: on how a rig orients its bones, so every clip of one rig is measured alike.
ADULT_REACH = 2.0

#: Metres per unit that files use, with how unusual each is. The penalty is a distance in natural
#: logarithms of size: an unusual unit must fit an adult better by this much than a usual one.
UNIT_CANDIDATES: tuple[tuple[float, float], ...] = (
    (0.01, 0.0),  # centimetres: nearly every BVH
    (1.0, 0.0),  # metres: Blender's and glTF's
    (0.001, 0.1),  # millimetres: optical systems
    (0.0001, 0.3),  # Daz FBX files baked without their unit
    (0.1, 0.3),
    (0.0254, 0.6),  # inches
    (0.0254 / 0.45, 0.6),  # Carnegie Mellon's ASF/AMC unit
)


def guess_unit(reach: float) -> float:
    """Metres per unit of a file in which a skeleton's longest path measures ``reach`` units.

    Picks the unit in :data:`UNIT_CANDIDATES` that brings the figure nearest to an adult's
    :data:`ADULT_REACH`, on a logarithmic scale. Figures from half an adult's size to twice it are
    told apart from a change of unit; a mouse in centimetres is not, and needs the unit said. A
    figure without extent counts as centimetres.
    """
    if not (np.isfinite(reach) and reach > 0):
        return 0.01

    def misfit(candidate: tuple[float, float]) -> float:
        unit, penalty = candidate
        return abs(float(np.log(reach * unit / ADULT_REACH))) + penalty

    return min(UNIT_CANDIDATES, key=misfit)[0]


def longest_path(parents: tuple[int, ...], lengths: np.ndarray) -> float:
    """Length of the longest path between two joints of a tree.

    Args:
        parents: J indices, parents before children, -1 for the root.
        lengths: ``[J]`` distance of each joint from its parent (the root's is ignored).
    """
    deepest = [0.0] * len(parents)
    longest = 0.0
    for joint in range(len(parents) - 1, 0, -1):
        parent, arm = parents[joint], deepest[joint] + float(lengths[joint])
        longest = max(longest, deepest[parent] + arm)
        deepest[parent] = max(deepest[parent], arm)
    return longest


def frame_rate(seconds: float, digits: int = 6) -> float:
    """Frames a second of a frame time that a file rounded to ``digits`` decimals.

    ``0.033333`` means 30, not 30.0003: whole rates, then the NTSC ones (24000/1001 and so on), are
    restored where the rounding explains the difference.
    """
    rate = 1.0 / seconds
    slack = max(0.5001 * 10.0 ** -max(digits, 4), 1e-5 * seconds)
    for candidate in (round(rate), round(rate * 1.001) / 1.001):
        if candidate > 0 and abs(1.0 / candidate - seconds) <= slack:
            return float(candidate)
    return rate


def on_known_body(motion: Motion) -> Motion:
    """The motion on :data:`~motion.skeleton.BODY` itself where a file's skeleton is it.

    Formats list joints in an order of their own and round offsets; a file written from our body
    then comes back on the very same skeleton, roles and all, and can be joined with motion that
    never left. Any other motion is returned as it is.
    """
    skeleton = motion.skeleton
    if set(skeleton.joints) != set(BODY.joints):
        return motion
    order = [skeleton.index(name) for name in BODY.joints]
    above = [skeleton.joints[skeleton.parents[i]] for i in order[1:]]
    offsets, rotations = skeleton.rest_offsets[order], skeleton.rest_rotations[order]
    same = (
        above == [BODY.joints[p] for p in BODY.parents[1:]]
        and np.abs(offsets[1:] - BODY.rest_offsets[1:]).max() < 1e-5
        and np.abs(np.abs(rotations[:, 0]) - 1.0).max() < 1e-5
    )
    if not same:
        return motion
    local = motion.local_positions
    return Motion(
        BODY,
        motion.fps,
        motion.root_positions,
        motion.rotations[:, order],
        None if local is None else local[:, order],
    )


def with_identity_rest(motion: Motion) -> Motion:
    """The same world positions on frames that are aligned with the world in the rest pose.

    For formats in which a rest pose has no rotations. With ``rest`` a joint's world rotation at
    rest, its new frame is ``world_from_joint @ rest^-1``, and offsets are read in the parent's
    new frame.
    """
    skeleton = motion.skeleton
    rest = skeleton.rest_world[1]
    if np.abs(np.abs(rest[:, 0]) - 1.0).max() < 1e-12:
        return motion
    parents = np.array([max(p, 0) for p in skeleton.parents])
    offsets = rot.rotate(rest[parents], skeleton.rest_offsets)
    offsets[0] = skeleton.rest_offsets[0]
    aligned = replace(skeleton, rest_offsets=offsets, rest_rotations=None)
    world = rot.multiply(motion.world_from_joint, rot.conjugate(rest))
    local = motion.local_positions
    if local is not None:
        local = rot.rotate(rest[parents], local)
    return Motion(
        aligned, motion.fps, motion.root_positions, local_from_world(aligned, world), local
    )


def smooth_euler(q: Array, order: str) -> Array:
    """Intrinsic Euler angles in radians that change as little as they can from frame to frame.

    The same rotation has two sets of angles (with the middle one beyond a quarter turn or not) and
    any number of full turns; curves that jump between them look torn in a graph editor, and
    programs that interpolate angles tear the motion.

    Args:
        q: ``[T, J, 4]`` unit quaternions.
        order: Axes first to last, such as ``"ZXY"``.

    Returns:
        ``[T, J, 3]``, in the order of ``order``.
    """
    angles = rot.to_euler(q, order)
    if len(angles) < 2:
        return angles
    out = np.unwrap(angles, axis=0)
    torn = np.abs(np.diff(out, axis=0)).max(axis=(0, 2)) > 0.5 * np.pi
    if torn.any():
        out[:, torn] = _nearest_euler(angles[:, torn])
    return out


def _nearest_euler(angles: Array) -> Array:
    """Frame by frame, whichever of the two sets of angles is nearer to the frame before."""
    turn = 2 * np.pi
    other = angles + np.pi
    other[..., 1] = np.pi - angles[..., 1]
    out = angles.copy()
    for t in range(1, len(out)):
        before = out[t - 1]
        here = angles[t] - turn * np.round((angles[t] - before) / turn)
        there = other[t] - turn * np.round((other[t] - before) / turn)
        nearer = np.abs(there - before).sum(axis=-1) < np.abs(here - before).sum(axis=-1)
        out[t] = np.where(nearer[:, None], there, here)
    return out


#: Turns worlds with +Z up (AMASS, Blender) into ours: x stays, z becomes y, y becomes -z.
Y_UP_FROM_Z_UP: Array = rot.from_axis_angle([1.0, 0.0, 0.0], -0.5 * np.pi)
Y_UP_FROM_Z_UP.flags.writeable = False


def y_up_from_z_up(points: Array) -> Array:
    """Points ``[..., 3]`` of a world with +Z up in one with +Y up."""
    return np.stack([points[..., 0], points[..., 2], -points[..., 1]], axis=-1)


def z_up_from_y_up(points: Array) -> Array:
    """Points ``[..., 3]`` of a world with +Y up in one with +Z up."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], axis=-1)
