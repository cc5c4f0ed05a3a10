"""Recognising rigs: which joint of a skeleton plays which role of a body, by name.

Each table is one family of rigs. Names are compared in lower case, without a namespace
(``mixamorig:``) and with underscores for dots, so exports of the same rig from different tools meet
in one table.
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


Axes = Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True)
class Rig:
    """One family of rigs.

    Attributes:
        name: What it is called.
        roles: Joint name (lower case) by role.
        rest_axes: For rigs whose zero rotation is not a standing pose: by joint name, the world
            directions of the joint's X and Y axes in the T-pose, else empty.
        arm_roll: Degrees about +X that bring the elbows' hinge axis in the T-pose to the vertical.
        marks: Joints that tell this rig from others that use the same names.
    """

    name: str
    roles: Mapping[str, str]
    rest_axes: Axes
    arm_roll: float = 0.0
    marks: frozenset[str] = frozenset()


def _sided(middle: Mapping[str, str], left: Mapping[str, str], *sides: str) -> dict[str, str]:
    """Role table from middle joints and left joints with ``*`` where the side's mark stands."""
    table = dict(middle)
    for side, mark in zip(("left", "right"), sides, strict=True):
        table.update({f"{side}_{part}": name.replace("*", mark) for part, name in left.items()})
    return {role: name.replace(".", "_") for role, name in table.items()}


def _rig(
    name: str,
    middle: Mapping[str, str],
    left: Mapping[str, str],
    sides: tuple[str, str],
    rest_axes: Axes | None = None,
    arm_roll: float = 0.0,
    marks: frozenset[str] = frozenset(),
) -> Rig:
    return Rig(name, _sided(middle, left, *sides), rest_axes or {}, arm_roll, marks)


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

# ACCAD's male performers: legs and "ToSpine" are aligned with the world, the rest follow the bones.
_ACCAD_AXES = {
    "hips": (_UP, _BACK),
    "neck": ((0.0, 0.87, 0.5), (0.4, 0.46, -0.79)),
    **dict.fromkeys(("spine", "spine1", "leftshoulder", "rightshoulder"), (_UP, _FORWARD)),
    **dict.fromkeys(("leftarm", "leftforearm", "lefthand"), (_LEFT, _UP)),
    **dict.fromkeys(("rightarm", "rightforearm", "righthand"), (_RIGHT, _UP)),
    "head": (_UP, _RIGHT),
}

# Character Creator: limbs run along their local Y.
_FOOT_SLOPE = (0.0, -0.3, 0.95)
_CHARACTER_CREATOR_AXES = {
    **dict.fromkeys(
        (f"cc_base_{s}_{bone}" for s in "lr" for bone in ("thigh", "calf")), (_RIGHT, _DOWN)
    ),
    **dict.fromkeys(("cc_base_l_foot", "cc_base_r_foot"), (_RIGHT, _FOOT_SLOPE)),
    **dict.fromkeys(("cc_base_l_toebase", "cc_base_r_toebase"), (_RIGHT, _FORWARD)),
    **dict.fromkeys(
        (f"cc_base_l_{bone}" for bone in ("clavicle", "upperarm", "forearm", "hand")),
        (_DOWN, _LEFT),
    ),
    **dict.fromkeys(
        (f"cc_base_r_{bone}" for bone in ("clavicle", "upperarm", "forearm", "hand")),
        (_UP, _RIGHT),
    ),
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
        _ACCAD_AXES,
    ),
    _rig(
        "Bandai Namco",
        {"pelvis": "hips", "spine1": "spine", "spine3": "chest", "neck": "neck", "head": "head"},
        {"hip": "upperleg_*", "knee": "lowerleg_*", "ankle": "foot_*", "foot": "toes_*",
         "collar": "shoulder_*", "shoulder": "upperarm_*", "elbow": "lowerarm_*",
         "wrist": "hand_*"},
        ("l", "r"),
        _BANDAI_AXES,
        marks=frozenset(("shoulder_l",)),
    ),
    _rig(
        "CMU",
        {"pelvis": "root", "spine1": "lowerback", "spine2": "upperback", "spine3": "thorax",
         "neck": "lowerneck", "head": "head"},
        # The wrist's flexion is in "hand"; "wrist" only carries the forearm's twist.
        {"hip": "*femur", "knee": "*tibia", "ankle": "*foot", "foot": "*toes",
         "collar": "*clavicle", "shoulder": "*humerus", "elbow": "*radius", "wrist": "*hand"},
        ("l", "r"),
        arm_roll=30.0,
    ),
    _rig(
        "CMU (joint names)",
        {"pelvis": "hips", "spine1": "lowerback", "spine2": "chest", "spine3": "chest2",
         "neck": "neck", "head": "head"},
        {"hip": "*hip", "knee": "*knee", "ankle": "*ankle", "foot": "*toe", "collar": "*collar",
         "shoulder": "*shoulder", "elbow": "*elbow", "wrist": "*wrist"},
        ("left", "right"),
        arm_roll=30.0,
    ),
    _rig(
        "Daz",
        {"pelvis": "hip", "spine1": "abdomen", "spine3": "chest", "neck": "neck", "head": "head"},
        {"hip": "*thigh", "knee": "*shin", "ankle": "*foot", "foot": "*toe", "collar": "*collar",
         "shoulder": "*shldr", "elbow": "*forearm", "wrist": "*hand"},
        ("l", "r"),
        arm_roll=28.0,
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
        _CHARACTER_CREATOR_AXES,
        arm_roll=31.0,
    ),
    _rig(
        "Unreal",
        {"pelvis": "pelvis", "spine1": "spine_01", "spine2": "spine_02", "spine3": "spine_03",
         "neck": "neck_01", "head": "head"},
        _UNREAL_LEFT,
        ("l", "r"),
        arm_roll=-17.0,
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
    """A joint's name as the tables have it: no namespace, lower case, underscores.

    ``mixamorig:LeftArm`` -> ``leftarm``; ``upperarm.L``, as Blender writes it, -> ``upperarm_l``.
    """
    return joint.rpartition(":")[2].rpartition("|")[2].lower().replace(".", "_")


def recognise(skeleton: Skeleton) -> Rig | None:
    """The rig whose table names most of a skeleton's joints, None if none names a whole body."""
    names = {plain_name(j) for j in skeleton.joints}
    best, most = None, 0
    for rig in RIGS:
        named = {joint for joint in rig.roles.values() if joint in names}
        found = {role for role, joint in rig.roles.items() if joint in named}
        if found >= REQUIRED_ROLES and len(found) > most and not _lacks_marks(rig, names):
            best, most = rig, len(found)
    return best


def _lacks_marks(rig: Rig, names: set[str]) -> bool:
    """Whether a joint that tells this rig from another of the same names is missing."""
    return not rig.marks <= names


def stands(skeleton: Skeleton) -> bool:
    """Whether the rest pose of a skeleton with roles stands: legs down and side by side."""
    i = skeleton.role_index
    rest = skeleton.rest_world[0]
    hips = 0.5 * (rest[i["left_hip"]] + rest[i["right_hip"]])
    trunk = 0.5 * (rest[i["left_shoulder"]] + rest[i["right_shoulder"]]) - hips
    across = rest[i["left_hip"]] - rest[i["right_hip"]]
    bones = [
        rest[i[f"{side}_{b}"]] - rest[i[f"{side}_{a}"]]
        for side in ("left", "right") for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]  # fmt: skip
    upright = all(_cosine(bone, trunk) < -0.7 for bone in bones)
    return upright and abs(_cosine(across, trunk)) < 0.5


def _cosine(a: Array, b: Array) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b) + 1e-12))


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
    rig = recognise(skeleton)
    if rig is None:
        raise RetargetError(
            f"The joints of '{skeleton.name}' are no rig we know ({', '.join(skeleton.joints[:4])}"
            " ...); say which joint plays which role."
        )
    by_name = {joint: role for role, joint in rig.roles.items()}
    roles = _unique([by_name.get(plain_name(j), "") for j in skeleton.joints])
    named = replace(skeleton, roles=roles)
    return named if stands(named) or not rig.rest_axes else _with_rest_axes(named, rig)


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
    return rot.from_sixd(np.concatenate([x, y]))
