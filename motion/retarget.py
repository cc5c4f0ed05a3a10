"""Retargeting: one body's motion onto another skeleton, by role.

Each joint's pose is expressed as the world rotation that takes it there from a shared reference
pose: a T-pose facing +Z. How a rig's frames are laid out, how long its bones are and whether it
rests in a T-pose, an A-pose or along its X axes then no longer matters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.errors import RetargetError
from motion.rigs import recognise, with_roles
from motion.rotations import Array
from motion.skeleton import BODY, ROLES, Skeleton, local_from_world

_PARENT_ROLE = {
    role: ROLES[p] if (p := BODY.parents[i]) >= 0 else "" for i, role in enumerate(ROLES)
}
_SPINE = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")

#: Limbs whose direction is carried over exactly: joint role -> the role at its far end.
_BONE_END = {
    f"{side}_{a}": f"{side}_{b}"
    for side in ("left", "right")
    for a, b in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
}


@dataclass(frozen=True)
class _Reference:
    """A skeleton read as a body: its joints' world rotations in the shared T-pose."""

    skeleton: Skeleton
    world: Array  # [J, 4] world_from_joint in the reference pose
    leg: float  # thigh + shank, metres


def retarget(
    motion: Motion,
    target: Skeleton = BODY,
    *,
    source_roles: Mapping[str, str] | None = None,
    target_roles: Mapping[str, str] | None = None,
    ground: bool = True,
) -> Motion:
    """The same performance on another skeleton.

    Limb directions and the twist of every joint are kept; the path over the ground is scaled by
    the ratio of leg lengths, so that steps fit the legs that make them. Joints of the target that
    have no role keep their rest rotation and follow their parent.

    Args:
        motion: T frames on any rig with the roles of a body.
        target: The skeleton to move; :data:`~motion.skeleton.BODY` by default.
        source_roles: Joint name by role where the source's rig is not known by name.
        target_roles: The same for the target.
        ground: Shift the whole result in height so that its feet stand on y = 0.

    Raises:
        RetargetError: a skeleton's joints cannot be matched to a body.
    """
    source = _reference(with_roles(motion.skeleton, source_roles))
    goal = _reference(with_roles(target, target_roles))
    deltas = _deltas(motion, source)
    world = _apply(deltas, goal)
    rotations = rot.normalize(local_from_world(goal.skeleton, world))
    scale = goal.leg / source.leg
    hips = scale * _hip_centre(motion, source.skeleton)
    root = hips - _hips_from_root(goal, rotations)
    result = Motion(goal.skeleton, motion.fps, root, rotations)
    return on_ground(result) if ground else result


def _hips_from_root(goal: _Reference, rotations: Array) -> Array:
    """Where the pose puts the middle of the hips when the root lies at the origin, ``[T, 3]``.

    The root may be the pelvis, or a joint on the ground that carries it; only the pose knows.
    """
    skeleton, index = goal.skeleton, goal.skeleton.role_index
    left, right = (_from_root(skeleton, rotations, index[f"{s}_hip"]) for s in ("left", "right"))
    return 0.5 * (left + right)


def _from_root(skeleton: Skeleton, rotations: Array, joint: int) -> Array:
    """One joint's place relative to the root, in world axes ``[T, 3]``, along its ancestors."""
    place = np.broadcast_to(skeleton.rest_offsets[joint], (len(rotations), 3))
    while (joint := skeleton.parents[joint]) > 0:
        place = skeleton.rest_offsets[joint] + rot.rotate(rotations[:, joint], place)
    return rot.rotate(rotations[:, 0], place)


def on_ground(motion: Motion) -> Motion:
    """Shifted in height so that the feet, where they are lowest, are as high as in the rest pose.

    The first percentile of the foot joints' height stands for "lowest": it shrugs off single bad
    frames, and finds the ground under jumps as long as a foot touches it anywhere in the clip.
    """
    index = motion.skeleton.role_index
    feet = [index[r] for r in _foot_roles(index)]
    rest = motion.skeleton.rest_world[0]
    floor = _rest_floor(motion.skeleton)
    clearance = motion.positions[:, feet, 1] - (rest[feet, 1] - floor)
    return motion.placed(0.0, (0.0, -float(np.percentile(clearance.min(axis=1), 1)), 0.0))


def _foot_roles(index: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(
        f"{side}_{part}" for side in ("left", "right") for part in ("ankle", "foot")
        if f"{side}_{part}" in index
    )  # fmt: skip


def _rest_floor(skeleton: Skeleton) -> float:
    """Height of the ground in a skeleton's rest pose.

    Our own body stands on y = 0. Other rigs rest wherever their root lies, and the sole is a
    little below the ball of the foot; a rig without one wears its ankles at a tenth of the leg.
    """
    index = skeleton.role_index
    rest = skeleton.rest_world[0]
    if skeleton.joints == BODY.joints:
        return 0.0
    leg = _leg_length(skeleton, rest)
    balls = [index[r] for r in ("left_foot", "right_foot") if r in index]
    if balls:
        return float(rest[balls, 1].min()) - 0.02 * leg
    ankles = [index["left_ankle"], index["right_ankle"]]
    return float(rest[ankles, 1].min()) - 0.1 * leg


def _leg_length(skeleton: Skeleton, rest: Array) -> float:
    i = skeleton.role_index
    hip, knee, ankle = rest[i["left_hip"]], rest[i["left_knee"]], rest[i["left_ankle"]]
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))


def _hip_centre(motion: Motion, skeleton: Skeleton) -> Array:
    i = skeleton.role_index
    return 0.5 * (motion.positions[:, i["left_hip"]] + motion.positions[:, i["right_hip"]])


def _reference(skeleton: Skeleton) -> _Reference:
    positions, rotations = skeleton.rest_world
    leg = _leg_length(skeleton, positions)
    if leg < 1e-6:
        raise RetargetError(f"The legs of '{skeleton.name}' have no length in its rest pose.")
    upright = _upright(skeleton, positions)
    turns = _turns_to_reference(skeleton, rot.rotate(upright, positions))
    world = rot.multiply(upright, rotations)
    roll = _arm_roll(skeleton)
    for i in range(len(skeleton)):
        role = _governing_role(skeleton, i)
        world[i] = rot.multiply(turns[role], world[i])
        if role.endswith(("shoulder", "elbow")):
            world[i] = rot.multiply(roll, world[i])
    return _Reference(
        skeleton=skeleton,
        world=world,
        leg=leg,
    )


def _arm_roll(skeleton: Skeleton) -> Array:
    """The roll about +X that makes the T-pose's elbows hinge about the vertical, as BODY's do.

    Rigs agree on where a T-pose's arms point but not on how they are rolled.
    """
    rig = recognise(skeleton)
    degrees = 0.0 if rig is None else rig.arm_roll
    return rot.from_axis_angle(np.array([1.0, 0.0, 0.0]), np.radians(degrees))


def _upright(skeleton: Skeleton, rest: Array) -> Array:
    """The rotation that turns the rest pose to face +Z with its left at +X and its head up."""
    i = skeleton.role_index
    left = rest[i["left_hip"]] - rest[i["right_hip"]]
    hips = 0.5 * (rest[i["left_hip"]] + rest[i["right_hip"]])
    up = 0.5 * (rest[i["left_shoulder"]] + rest[i["right_shoulder"]]) - hips
    if np.linalg.norm(np.cross(left, up)) < 1e-3 * np.linalg.norm(left) * np.linalg.norm(up) + 1e-9:
        raise RetargetError(
            f"'{skeleton.name}' has no standing rest pose; give its skeleton rest_rotations of a "
            "T-pose or an A-pose."
        )
    # A rig that already stands straight keeps its own axes: small leans of the spine or hips are
    # part of its rest pose, not a different orientation.
    x = _nearest_axis(left)
    y = _nearest_axis(up)
    return rot.conjugate(rot.from_matrix(np.stack([x, y, np.cross(x, y)], axis=-1)))


def _nearest_axis(v: Array) -> Array:
    axis = np.zeros(3)
    axis[np.argmax(np.abs(v))] = np.sign(v[np.argmax(np.abs(v))])
    return axis


def _turns_to_reference(skeleton: Skeleton, rest: Array) -> dict[str, Array]:
    """World rotation by role from the upright rest pose to the T-pose of BODY."""
    index = skeleton.role_index
    body = BODY.rest_world[0]
    turns: dict[str, Array] = {}
    for role in ROLES:  # parents first
        end = _BONE_END.get(role)
        if role in index and end in index:
            a = _direction(rest[index[end]] - rest[index[role]])
            b = _direction(body[BODY.index(end)] - body[BODY.index(role)])
            turns[role] = rot.between(a, b)
        elif role.endswith(("ankle", "foot")):
            turns[role] = _toes_forward(skeleton, rest, role)
        elif role.endswith(("elbow", "wrist")):
            turns[role] = turns[_PARENT_ROLE[role]]
        else:
            turns[role] = rot.IDENTITY
    return turns


def _direction(v: Array) -> Array:
    return rot.unit(v, np.array([0.0, -1.0, 0.0]))


def _toes_forward(skeleton: Skeleton, rest: Array, role: str) -> Array:
    """Feet rest flat in every rig, so only their heading on the ground may differ."""
    side = role.split("_")[0]
    i = skeleton.role_index
    if f"{side}_foot" not in i:
        return rot.IDENTITY
    v = rest[i[f"{side}_foot"]] - rest[i[f"{side}_ankle"]]
    w = BODY.rest_offsets[BODY.index(f"{side}_foot")]
    return rot.yaw(np.arctan2(w[0], w[2]) - np.arctan2(v[0], v[2]))


def _governing_role(skeleton: Skeleton, joint: int) -> str:
    """The role of a joint, or of its nearest ancestor that has one."""
    while joint >= 0 and not skeleton.roles[joint]:
        joint = skeleton.parents[joint]
    return skeleton.roles[joint] if joint >= 0 else "pelvis"


def _deltas(motion: Motion, source: _Reference) -> dict[str, Array]:
    """World rotations ``[T, 4]`` by role from the reference pose; gaps filled from neighbours."""
    index = source.skeleton.role_index
    world = motion.world_from_joint
    out = {
        role: rot.multiply(world[:, i], rot.conjugate(source.world[i])) for role, i in index.items()
    }
    _fill_spine(out)
    for role in ROLES:
        if role not in out:
            out[role] = out[_PARENT_ROLE[role]]
    return out


def _fill_spine(deltas: dict[str, Array]) -> None:
    """Spread the bend between two known spine joints evenly over those missing between them."""
    known = [i for i, role in enumerate(_SPINE) if role in deltas]
    for low, high in zip(known, known[1:], strict=False):
        for i in range(low + 1, high):
            t = np.asarray((i - low) / (high - low))
            deltas[_SPINE[i]] = rot.slerp(deltas[_SPINE[low]], deltas[_SPINE[high]], t)


def _apply(deltas: Mapping[str, Array], goal: _Reference) -> Array:
    """World rotations ``[T, J, 4]`` of the target's joints."""
    skeleton = goal.skeleton
    frames = len(deltas["pelvis"])
    world = np.empty((frames, len(skeleton), 4))
    for i, role in enumerate(skeleton.roles):
        if role:
            world[:, i] = rot.multiply(deltas[role], goal.world[i])
        elif skeleton.parents[i] >= 0:
            world[:, i] = rot.multiply(world[:, skeleton.parents[i]], skeleton.rest_rotations[i])
        else:
            world[:, i] = goal.world[i]
    return world
