"""Recognising rigs: which joint of a skeleton plays which role of a body, by name.

Each table is one family of rigs. Names are compared in lower case, without a namespace
(``mixamorig:``), so exports of the same rig from different tools meet in one table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from motion import rotations as rot
from motion.errors import RetargetError
from motion.rotations import Array
from motion.skeleton import ROLES, Skeleton, local_from_world

#: Without these there is no body to retarget.
REQUIRED_ROLES = frozenset(
    ("pelvis", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
     "left_shoulder", "right_shoulder", "left_elbow", "right_elbow")
)  # fmt: skip


@dataclass(frozen=True)
class Rig:
    """One family of rigs.

    Attributes:
        name: What it is called.
        roles: Joint name (lower case) by role.
        rest_axes: For rigs whose zero rotation is not a standing pose: by joint name, the world
            directions of the joint's X and Y axes in the T-pose, else empty.
    """

    name: str
    roles: Mapping[str, str]
    rest_axes: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


def _sided(middle: Mapping[str, str], left: Mapping[str, str], *sides: str) -> dict[str, str]:
    """Role table from middle joints and left joints with ``*`` where the side's mark stands."""
    table = dict(middle)
    for side, mark in zip(("left", "right"), sides, strict=True):
        table.update({f"{side}_{part}": name.replace("*", mark) for part, name in left.items()})
    return table


def _rig(
    name: str,
    middle: Mapping[str, str],
    left: Mapping[str, str],
    sides: tuple[str, str],
    rest_axes: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] | None = None,
) -> Rig:
    return Rig(name, _sided(middle, left, *sides), rest_axes or {})


_BODY_LEFT = {
    part: f"*{part}"
    for part in ("hip", "knee", "ankle", "foot", "collar", "shoulder", "elbow", "wrist")
}
_MIDDLE = ("pelvis", "spine1", "spine2", "spine3", "neck", "head")

_HUMAN_IK_LEFT = {
    "hip": "*upleg", "knee": "*leg", "ankle": "*foot", "foot": "*toebase",
    "collar": "*shoulder", "shoulder": "*arm", "elbow": "*forearm", "wrist": "*hand",
}  # fmt: skip
_UNREAL_LEFT = {
    "hip": "thigh_*", "knee": "calf_*", "ankle": "foot_*", "foot": "ball_*",
    "collar": "clavicle_*", "shoulder": "upperarm_*", "elbow": "lowerarm_*", "wrist": "hand_*",
}  # fmt: skip

_UP, _DOWN, _LEFT, _RIGHT, _FORWARD, _BACK = (
    (0.0, 1.0, 0.0), (0.0, -1.0, 0.0), (1.0, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, 0.0, 1.0),
    (0.0, 0.0, -1.0),
)  # fmt: skip

# Bandai Namco's bones lie along their local X axis, mirrored on the right side, so a rig with
# all rotations zero is one straight line. These are the axes of its T-pose, read off its clips:
# hinge axes of elbows and knees, and the feet where they stand still and flat.
_TOE_SLOPE = (0.0, -0.62, 0.78)
_BANDAI_AXES = {
    "hips": (_UP, _RIGHT),
    **dict.fromkeys(("spine", "chest", "neck", "head"), (_UP, _FORWARD)),
    **dict.fromkeys(("shoulder_l", "upperarm_l", "lowerarm_l", "hand_l"), (_LEFT, _UP)),
    **dict.fromkeys(("shoulder_r", "upperarm_r", "lowerarm_r", "hand_r"), (_LEFT, _DOWN)),
    **dict.fromkeys(("upperleg_l", "lowerleg_l"), (_DOWN, _LEFT)),
    **dict.fromkeys(("upperleg_r", "lowerleg_r"), (_UP, _LEFT)),
    "foot_l": (_TOE_SLOPE, _LEFT),
    "foot_r": (tuple(-v for v in _TOE_SLOPE), _LEFT),
    "toes_l": (_FORWARD, _LEFT),
    "toes_r": (_BACK, _LEFT),
}

RIGS: tuple[Rig, ...] = (
    _rig("SMPL", {m: m for m in _MIDDLE}, _BODY_LEFT, ("left_", "right_")),
    _rig(
        "SMPL (short names)",
        {m: m for m in _MIDDLE},
        {**_BODY_LEFT, "foot": "*toe"} | {"foot": "*foot"},
        ("l_", "r_"),
    ),
    _rig(
        "Mixamo",
        {"pelvis": "hips", "spine1": "spine", "spine2": "spine1", "spine3": "spine2",
         "neck": "neck", "head": "head"},
        _HUMAN_IK_LEFT,
        ("left", "right"),
    ),
    _rig(
        "ACCAD",
        {"pelvis": "hips", "spine1": "tospine", "spine2": "spine", "spine3": "spine1",
         "neck": "neck", "head": "head"},
        _HUMAN_IK_LEFT,
        ("left", "right"),
    ),
    _rig(
        "Bandai Namco",
        {"pelvis": "hips", "spine1": "spine", "spine3": "chest", "neck": "neck", "head": "head"},
        {"hip": "upperleg_*", "knee": "lowerleg_*", "ankle": "foot_*", "foot": "toes_*",
         "collar": "shoulder_*", "shoulder": "upperarm_*", "elbow": "lowerarm_*",
         "wrist": "hand_*"},
        ("l", "r"),
        _BANDAI_AXES,
    ),
    _rig(
        "CMU",
        {"pelvis": "root", "spine1": "lowerback", "spine2": "upperback", "spine3": "thorax",
         "neck": "lowerneck", "head": "head"},
        # The wrist's flexion is in "hand"; "wrist" only carries the forearm's twist.
        {"hip": "*femur", "knee": "*tibia", "ankle": "*foot", "foot": "*toes",
         "collar": "*clavicle", "shoulder": "*humerus", "elbow": "*radius", "wrist": "*hand"},
        ("l", "r"),
    ),
    _rig(
        "Daz",
        {"pelvis": "hip", "spine1": "abdomen", "spine3": "chest", "neck": "neck", "head": "head"},
        {"hip": "*thigh", "knee": "*shin", "ankle": "*foot", "foot": "*toe", "collar": "*collar",
         "shoulder": "*shldr", "elbow": "*forearm", "wrist": "*hand"},
        ("l", "r"),
    ),
    _rig(
        "Character Creator",
        {"pelvis": "cc_base_hip", "spine1": "cc_base_waist", "spine2": "cc_base_spine01",
         "spine3": "cc_base_spine02", "neck": "cc_base_necktwist01", "head": "cc_base_head"},
        {"hip": "cc_base_*_thigh", "knee": "cc_base_*_calf", "ankle": "cc_base_*_foot",
         "foot": "cc_base_*_toebase", "collar": "cc_base_*_clavicle",
         "shoulder": "cc_base_*_upperarm", "elbow": "cc_base_*_forearm",
         "wrist": "cc_base_*_hand"},
        ("l", "r"),
    ),
    _rig(
        "Unreal",
        {"pelvis": "pelvis", "spine1": "spine_01", "spine2": "spine_02", "spine3": "spine_03",
         "neck": "neck_01", "head": "head"},
        _UNREAL_LEFT,
        ("l", "r"),
    ),
    _rig(
        "KayKit",
        {"pelvis": "hips", "spine1": "spine", "spine3": "chest", "head": "head"},
        {"hip": "upperleg_*", "knee": "lowerleg_*", "ankle": "foot_*", "foot": "toes_*",
         "shoulder": "upperarm_*", "elbow": "lowerarm_*", "wrist": "wrist_*"},
        ("l", "r"),
    ),
    _rig(
        "Rigify",
        {"pelvis": "pelvis", "spine1": "spine", "spine3": "spine.001", "neck": "neck",
         "head": "face"},
        {"hip": "thigh.*", "knee": "shin.*", "ankle": "foot.*", "foot": "toe.*",
         "collar": "shoulder.*", "shoulder": "upper_arm.*", "elbow": "forearm.*",
         "wrist": "hand.*"},
        ("l", "r"),
    ),
)  # fmt: skip


def plain_name(joint: str) -> str:
    """A joint's name without namespace, in lower case: ``mixamorig:LeftArm`` -> ``leftarm``."""
    return joint.rpartition(":")[2].rpartition("|")[2].lower()


def recognise(joints: tuple[str, ...]) -> Rig | None:
    """The rig whose table names the most of these joints, or None if none names a whole body."""
    names = {plain_name(j) for j in joints}
    best, most = None, 0
    for rig in RIGS:
        found = {role for role, joint in rig.roles.items() if joint in names}
        if found >= REQUIRED_ROLES and len(found) > most:
            best, most = rig, len(found)
    return best


def with_roles(skeleton: Skeleton, mapping: Mapping[str, str] | None = None) -> Skeleton:
    """The skeleton with a role on each joint it can name, and a rest pose that stands.

    Args:
        skeleton: Any rig. One that has the required roles already is returned as it is.
        mapping: Joint name by role, for rigs that no table knows.

    Raises:
        RetargetError: the joints of a body are not all there; the message names those missing.
    """
    if mapping is not None:
        return _mapped(skeleton, mapping)
    if set(skeleton.role_index) >= REQUIRED_ROLES:
        return skeleton
    rig = recognise(skeleton.joints)
    if rig is None:
        raise RetargetError(
            f"The joints of '{skeleton.name}' are not a rig we know ({', '.join(skeleton.joints[:4])}"
            " ...); say which joint plays which role."
        )
    by_name = {joint: role for role, joint in rig.roles.items()}
    roles = _unique([by_name.get(plain_name(j), "") for j in skeleton.joints])
    named = replace(skeleton, roles=roles)
    standing = np.array_equal(skeleton.rest_rotations[:, 0], np.ones(len(skeleton)))
    return _with_rest_axes(named, rig) if rig.rest_axes and standing else named


def _unique(roles: list[str]) -> tuple[str, ...]:
    """Roles with repetitions blanked: two namespaces in one file keep the first."""
    seen: set[str] = set()
    out = []
    for role in roles:
        out.append("" if role in seen else role)
        seen.add(role)
    return tuple(out)


def _mapped(skeleton: Skeleton, mapping: Mapping[str, str]) -> Skeleton:
    unknown = set(mapping) - set(ROLES)
    if unknown:
        raise RetargetError(f"'{min(unknown)}' is not a role; the roles are {', '.join(ROLES)}.")
    absent = sorted(REQUIRED_ROLES - set(mapping))
    if absent:
        raise RetargetError(f"The mapping for '{skeleton.name}' leaves out {', '.join(absent)}.")
    for joint in mapping.values():
        skeleton.index(joint)
    by_name = {joint: role for role, joint in mapping.items()}
    return replace(skeleton, roles=tuple(by_name.get(j, "") for j in skeleton.joints))


def _with_rest_axes(skeleton: Skeleton, rig: Rig) -> Skeleton:
    """Rest rotations from the world axes in a rig's table; unnamed joints stay unrotated."""
    world = np.tile(rot.IDENTITY, (len(skeleton), 1))
    for i, joint in enumerate(skeleton.joints):
        axes = rig.rest_axes.get(plain_name(joint))
        if axes is not None:
            world[i] = _from_axes(np.array(axes[0]), np.array(axes[1]))
    return replace(skeleton, rest_rotations=local_from_world(skeleton, world))


def _from_axes(x: Array, y: Array) -> Array:
    x = x / np.linalg.norm(x)
    return rot.from_matrix(np.stack([x, y, np.cross(x, y)], axis=-1))
