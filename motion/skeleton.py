"""Joint hierarchies, forward kinematics, and the canonical 22-joint body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from motion import rotations as rot
from motion.errors import SkeletonError
from motion.rotations import Array

#: Roles are the joint names of SMPL's body (Loper et al. 2015), in SMPL's order.
ROLES: tuple[str, ...] = (
    "pelvis", "left_hip", "right_hip", "spine1", "left_knee", "right_knee", "spine2",
    "left_ankle", "right_ankle", "spine3", "left_foot", "right_foot", "neck", "left_collar",
    "right_collar", "head", "left_shoulder", "right_shoulder", "left_elbow", "right_elbow",
    "left_wrist", "right_wrist",
)  # fmt: skip

BODY_PARENTS: tuple[int, ...] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19,
)  # fmt: skip


def frozen(values: ArrayLike, dtype: type = np.float64) -> Array:
    """A read-only contiguous array; copies only when ``values`` could be changed by others."""
    array = np.ascontiguousarray(values, dtype=dtype)
    if array.flags.writeable:
        if array is values or array.base is not None:
            array = array.copy()
        array.flags.writeable = False
    return array


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A tree of joints. Parents come before their children, and joint 0 is the only root.

    Attributes:
        name: What people call the rig.
        joints: J unique joint names.
        parents: J indices, -1 for the root.
        rest_offsets: ``[J, 3]`` metres, each joint's position in its parent's frame. The root's
            own row is its position in the rest pose.
        roles: J role names out of :data:`ROLES`, ``""`` where a joint has none.
        rest_rotations: ``[J, 4]`` parent-local rotations of the pose in which the rig stands
            (A-pose or T-pose). The identity for rigs whose joint frames are aligned with the world
            at rest.
    """

    name: str
    joints: tuple[str, ...]
    parents: tuple[int, ...]
    rest_offsets: Array
    roles: tuple[str, ...] = ()
    rest_rotations: Array = field(default=None)  # type: ignore[assignment]

    def __post_init__(self) -> None:
        count = len(self.joints)
        put = object.__setattr__
        put(self, "joints", tuple(self.joints))
        put(self, "parents", tuple(int(p) for p in self.parents))
        put(self, "roles", tuple(self.roles) or ("",) * count)
        put(self, "rest_offsets", frozen(self.rest_offsets))
        rest = (
            np.tile(rot.IDENTITY, (count, 1))
            if self.rest_rotations is None
            else self.rest_rotations
        )
        put(self, "rest_rotations", frozen(rest))
        self._validate()

    def _validate(self) -> None:
        count = len(self.joints)
        if count == 0:
            raise SkeletonError(f"Skeleton '{self.name}' has no joints.")
        if len(set(self.joints)) != count:
            twice = next(j for j in self.joints if self.joints.count(j) > 1)
            raise SkeletonError(
                f"Skeleton '{self.name}' names the joint '{twice}' twice; rename one."
            )
        if len(self.parents) != count or len(self.roles) != count:
            raise SkeletonError(f"Skeleton '{self.name}' needs one parent and one role a joint.")
        if self.parents[0] != -1 or any(not 0 <= p < i for i, p in enumerate(self.parents) if i):
            raise SkeletonError(
                f"Skeleton '{self.name}' must list its one root first and parents before children."
            )
        if self.rest_offsets.shape != (count, 3) or self.rest_rotations.shape != (count, 4):
            raise SkeletonError(
                f"Skeleton '{self.name}' needs one rest offset and one rest rotation a joint."
            )
        if not (np.isfinite(self.rest_offsets).all() and np.isfinite(self.rest_rotations).all()):
            raise SkeletonError(f"Skeleton '{self.name}' has a rest pose with numbers not finite.")
        named = [role for role in self.roles if role]
        if len(set(named)) != len(named) or not set(named) <= set(ROLES):
            raise SkeletonError(f"Skeleton '{self.name}' gives a role twice or an unknown role.")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Skeleton):
            return NotImplemented
        return (
            (self.name, self.joints, self.parents, self.roles)
            == (other.name, other.joints, other.parents, other.roles)
            and np.array_equal(self.rest_offsets, other.rest_offsets)
            and np.array_equal(self.rest_rotations, other.rest_rotations)
        )

    def __hash__(self) -> int:
        return hash((self.name, self.joints, self.parents, self.rest_offsets.tobytes()))

    def __len__(self) -> int:
        return len(self.joints)

    def index(self, joint: str) -> int:
        """The index of a joint by name; :class:`SkeletonError` if there is none."""
        try:
            return self.joints.index(joint)
        except ValueError:
            raise SkeletonError(f"Skeleton '{self.name}' has no joint '{joint}'.") from None

    @cached_property
    def role_index(self) -> dict[str, int]:
        """Joint index by role, for the roles that this skeleton has."""
        return {role: i for i, role in enumerate(self.roles) if role}

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The child joints of each joint."""
        out: list[list[int]] = [[] for _ in self.joints]
        for i, parent in enumerate(self.parents[1:], start=1):
            out[parent].append(i)
        return tuple(tuple(c) for c in out)

    @cached_property
    def bone_weights(self) -> Array:
        """``[J, 3, 10]``: each rest offset, turned, as weights of a quaternion's products.

        The products are ww, xx, yy, zz, wx, wy, wz, xy, xz, yz.
        """
        x, y, z = self.rest_offsets.T
        o = np.zeros_like(x)
        rows = (
            (x, x, -x, -x, o, 2 * z, -2 * y, 2 * y, 2 * z, o),
            (y, -y, y, -y, -2 * z, o, 2 * x, 2 * x, o, 2 * z),
            (z, -z, -z, z, 2 * y, -2 * x, o, o, 2 * x, 2 * y),
        )
        return frozen(np.stack([np.stack(row, axis=-1) for row in rows], axis=1))

    @cached_property
    def rest_world(self) -> tuple[Array, Array]:
        """World positions ``[J, 3]`` and rotations ``[J, 4]`` of the rest pose."""
        positions, rotations = forward_kinematics(
            self, self.rest_offsets[None, 0], self.rest_rotations[None]
        )
        return frozen(positions[0]), frozen(rotations[0])


# Frames worked on at once: their arrays stay in a core's cache.
_BLOCK = 384


def forward_kinematics(
    skeleton: Skeleton,
    root_positions: ArrayLike,
    rotations: ArrayLike,
    local_positions: ArrayLike | None = None,
) -> tuple[Array, Array]:
    """World positions and rotations of every joint.

    Args:
        skeleton: J joints.
        root_positions: ``[..., 3]`` world positions of the root, metres.
        rotations: ``[..., J, 4]`` parent-local unit quaternions.
        local_positions: ``[..., J, 3]`` parent-local positions that replace ``rest_offsets``, for
            rigs that translate more than their root; the root's row is ignored.

    Returns:
        ``positions[..., J, 3]`` and ``world_from_joint`` quaternions ``[..., J, 4]``.
    """
    root_positions, rotations = np.asarray(root_positions), np.asarray(rotations)
    dtype = np.result_type(root_positions, rotations, np.float32)
    lead, count = rotations.shape[:-2], len(skeleton)
    roots = np.broadcast_to(root_positions, (*lead, 3)).reshape(-1, 3)
    flat = rotations.reshape(-1, count, 4)
    local = None
    if local_positions is not None:
        local = np.broadcast_to(local_positions, (*lead, count, 3)).reshape(-1, count, 3)
    positions = np.empty((len(flat), count, 3), dtype=dtype)
    world = np.empty((len(flat), count, 4), dtype=dtype)
    for start in range(0, len(flat), _BLOCK):
        rows = slice(start, start + _BLOCK)
        turned = _compose(skeleton, np.ascontiguousarray(flat[rows], dtype=dtype), world[rows])
        bones = (
            _rest_bones(skeleton, turned)
            if local is None
            else _posed_bones(skeleton, world[rows], local[rows])
        )
        bones[0] = roots[rows].T
        for joint, parent in enumerate(skeleton.parents[1:], start=1):
            bones[joint] += bones[parent]
        positions[rows] = bones.transpose(2, 0, 1)
    return positions.reshape(*lead, count, 3), world.reshape(*lead, count, 4)


def _compose(skeleton: Skeleton, local: Array, out: Array) -> NDArray[np.complexfloating]:
    """Chain local rotations ``[n, J, 4]`` down the tree into ``out[n, J, 4]``.

    Quaternions are worked on as pairs of complex numbers, ``(w + xi) + (y + zi)j``: since
    ``j a = conj(a) j``, a product takes three operations on whole joints. Returns the pairs,
    joints first, ``[J, 2, n]``.
    """
    pairs = np.complex64 if local.dtype == np.float32 else np.complex128
    a = np.ascontiguousarray(local.view(pairs).transpose(1, 2, 0))
    b = np.stack([-a[:, 1].conj(), a[:, 0].conj()], axis=1)
    world = np.empty_like(a)
    world[0] = a[0]
    product = np.empty_like(a[0])
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        np.multiply(world[parent, 0], a[joint], out=world[joint])
        np.multiply(world[parent, 1], b[joint], out=product)
        world[joint] += product
    out.view(pairs)[...] = world.transpose(2, 0, 1)
    return world


def _rest_bones(skeleton: Skeleton, world: NDArray[np.complexfloating]) -> Array:
    """World vectors ``[J, 3, n]`` from each joint's parent to the joint, at rest lengths.

    A turned vector is linear in the ten products of the quaternion's components, and a bone is
    constant, so each joint costs one small matrix product.
    """
    joints, slots = np.unique(np.array(skeleton.parents[1:], dtype=np.intp), return_inverse=True)
    turns = world[joints]
    q = np.stack([turns[:, 0].real, turns[:, 0].imag, turns[:, 1].real, turns[:, 1].imag], axis=1)
    products = np.empty((len(q), 10, q.shape[-1]), dtype=q.dtype)
    np.multiply(q, q, out=products[:, :4])
    np.multiply(q[:, :1], q[:, 1:], out=products[:, 4:7])
    np.multiply(q[:, 1:2], q[:, 2:], out=products[:, 7:9])
    np.multiply(q[:, 2], q[:, 3], out=products[:, 9])
    weights = skeleton.bone_weights.astype(q.dtype, copy=False)
    out = np.empty((len(skeleton), 3, q.shape[-1]), dtype=q.dtype)
    for joint, slot in enumerate(slots, start=1):
        np.dot(weights[joint], products[slot], out=out[joint])
    return out


def _posed_bones(skeleton: Skeleton, world: Array, local_positions: Array) -> Array:
    """As :func:`_rest_bones`, for joints that move within their parents: ``[n, J, 3]``."""
    out = np.empty((len(skeleton), 3, len(world)), dtype=world.dtype)
    parents = list(skeleton.parents[1:])
    out[1:] = rot.rotate(world[:, parents], local_positions[:, 1:]).transpose(1, 2, 0)
    return out


def local_from_world(skeleton: Skeleton, world_from_joint: ArrayLike) -> Array:
    """Parent-local rotations ``[..., J, 4]`` of world rotations ``[..., J, 4]``."""
    world = np.asarray(world_from_joint)
    local = world.copy()
    parents = np.array(skeleton.parents[1:], dtype=np.intp)
    local[..., 1:, :] = rot.multiply(rot.conjugate(world[..., parents, :]), world[..., 1:, :])
    return local


def subset_roles(names: Sequence[str], table: dict[str, str]) -> tuple[str, ...]:
    """Roles for ``names`` looked up in ``{joint name: role}``, ``""`` where there is none."""
    return tuple(table.get(name, "") for name in names)


def _body_rest() -> Array:
    """Rest offsets of a 1.72 m adult in T-pose, metres.

    Segment lengths are fractions of stature from Drillis and Contini (1966) as tabulated by
    Winter, "Biomechanics and Motor Control of Human Movement": thigh 0.245, shank 0.246, ankle
    height 0.039, upper arm 0.186, forearm 0.146, with the hip, clavicle and spine joints placed
    inside the trunk the way SMPL places them.
    """
    left = {
        "left_hip": (0.089, -0.078, 0.0), "left_knee": (0.0, -0.421, 0.0),
        "left_ankle": (0.0, -0.421, -0.012), "left_foot": (0.018, -0.056, 0.128),
        "left_collar": (0.045, 0.098, 0.0), "left_shoulder": (0.125, 0.022, -0.008),
        "left_elbow": (0.292, 0.0, 0.0), "left_wrist": (0.254, 0.0, 0.0),
    }  # fmt: skip
    middle = {
        "pelvis": (0.0, 0.988, 0.0), "spine1": (0.0, 0.112, -0.012),
        "spine2": (0.0, 0.138, 0.006), "spine3": (0.0, 0.064, 0.010),
        "neck": (0.0, 0.196, -0.012), "head": (0.0, 0.098, 0.026),
    }  # fmt: skip
    rows = []
    for role in ROLES:
        if role.startswith("right_"):
            x, y, z = left["left_" + role.removeprefix("right_")]
            rows.append((-x, y, z))
        else:
            rows.append(left.get(role) or middle[role])
    return np.array(rows)


#: The body that generators speak and everything is retargeted from. Its frames are aligned with
#: the world at rest (a T-pose facing +Z), its joints are SMPL's, its proportions our own. The feet
#: (ball of the foot) rest 0.012 m above the ground.
BODY = Skeleton("body", ROLES, BODY_PARENTS, _body_rest(), ROLES)
