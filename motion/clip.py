"""Motion: a skeleton's rotations over time, and the edits that return new ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from motion import rotations as rot
from motion.cubic import cubic, cubic_rotations
from motion.errors import MotionError
from motion.rotations import Array
from motion.skeleton import Skeleton, forward_kinematics, frozen


@dataclass(frozen=True, eq=False)
class Motion:
    """T frames of a J-joint skeleton.

    Attributes:
        skeleton: The J joints.
        fps: Frames a second.
        root_positions: ``[T, 3]`` world positions of the root joint, metres.
        rotations: ``[T, J, 4]`` parent-local unit quaternions; the root's are world rotations.
        local_positions: ``[T, J, 3]`` parent-local joint positions for rigs that translate more
            than their root (row 0 ignored), or None where ``rest_offsets`` hold throughout.
    """

    skeleton: Skeleton
    fps: float
    root_positions: Array
    rotations: Array
    local_positions: Array | None = None

    def __post_init__(self) -> None:
        put = object.__setattr__
        put(self, "fps", float(self.fps))
        put(self, "root_positions", frozen(self.root_positions))
        put(self, "rotations", frozen(self.rotations))
        if self.local_positions is not None:
            put(self, "local_positions", frozen(self.local_positions))
        self._validate()

    def _validate(self) -> None:
        frames, joints = len(self.root_positions), len(self.skeleton)
        if not (np.isfinite(self.fps) and self.fps > 0):
            raise MotionError(f"A motion needs a frame rate above zero, not {self.fps:g}.")
        if frames == 0:
            raise MotionError("A motion needs at least one frame.")
        if self.root_positions.shape != (frames, 3) or self.rotations.shape != (frames, joints, 4):
            raise MotionError(
                f"Motion arrays of shape {self.root_positions.shape} and {self.rotations.shape} do "
                f"not fit the {joints} joints of '{self.skeleton.name}'."
            )
        local = self.local_positions
        if local is not None and local.shape != (frames, joints, 3):
            raise MotionError(f"Joint positions of shape {local.shape} do not fit the motion.")
        arrays = [self.root_positions, self.rotations] + ([] if local is None else [local])
        if not all(np.isfinite(a).all() for a in arrays):
            raise MotionError("The motion holds numbers that are not finite.")

    def __len__(self) -> int:
        return len(self.root_positions)

    @property
    def seconds(self) -> float:
        """Length in seconds; each frame lasts ``1 / fps``."""
        return len(self) / self.fps

    @cached_property
    def _world(self) -> tuple[Array, Array]:
        positions, rotations = forward_kinematics(
            self.skeleton, self.root_positions, self.rotations, self.local_positions
        )
        # Nobody else holds these arrays, so there is no need for frozen()'s copies.
        positions.flags.writeable = rotations.flags.writeable = False
        return positions, rotations

    @property
    def positions(self) -> Array:
        """World positions of every joint ``[T, J, 3]``, metres."""
        return self._world[0]

    @property
    def world_from_joint(self) -> Array:
        """World rotations of every joint ``[T, J, 4]``."""
        return self._world[1]

    def slice(self, start: int, stop: int) -> Motion:
        """Frames ``start <= f < stop``.

        ::

            |0 1 2 3 4 5 6|  slice(2, 5)  ->  |2 3 4|
        """
        if not 0 <= start < stop <= len(self):
            raise MotionError(
                f"Frames {start}:{stop} lie outside the motion, which has {len(self)} frames."
            )
        local = self.local_positions
        return replace(
            self,
            root_positions=self.root_positions[start:stop],
            rotations=self.rotations[start:stop],
            local_positions=None if local is None else local[start:stop],
        )

    def resample(self, fps: float) -> Motion:
        """The same motion at another frame rate: positions linear, rotations by slerp.

        First frames coincide. A motion of T frames lasts from frame 0 to frame T - 1, so the
        result has ``floor((T - 1) * fps / self.fps) + 1`` frames and never extrapolates.
        """
        if not (np.isfinite(fps) and fps > 0):
            raise MotionError(f"A motion needs a frame rate above zero, not {fps:g}.")
        if fps == self.fps:
            return self
        count = int(np.floor((len(self) - 1) * fps / self.fps + 1e-6)) + 1
        return replace(self.sample(np.arange(count) * (self.fps / fps)), fps=fps)

    def sample(self, frames: ArrayLike, curve: Literal["linear", "cubic"] = "linear") -> Motion:
        """Poses at fractional ``frames[N]``, clamped to the clip, at the same fps.

        Args:
            curve: ``linear`` has positions linear and rotations by slerp; ``cubic`` is smooth (C1)
                in both, and copies whole frames to the bit (:mod:`motion.cubic`).
        """
        at = np.clip(np.asarray(frames, dtype=np.float64), 0, len(self) - 1)
        if curve == "cubic":
            moved = self.local_positions
            return replace(
                self,
                root_positions=cubic(self.root_positions, at),
                rotations=cubic_rotations(self.rotations, at),
                local_positions=None if moved is None else cubic(moved, at),
            )
        low = np.minimum(at.astype(np.int64), max(len(self) - 2, 0))
        high = np.minimum(low + 1, len(self) - 1)
        t = at - low

        def linear(values: Array) -> Array:
            w = t.reshape(-1, *([1] * (values.ndim - 1)))
            return (1 - w) * values[low] + w * values[high]

        local = self.local_positions
        return replace(
            self,
            root_positions=linear(self.root_positions),
            rotations=rot.slerp(self.rotations[low], self.rotations[high], t[:, None]),
            local_positions=None if local is None else linear(local),
        )

    def placed(self, turn: float = 0.0, offset: ArrayLike = (0.0, 0.0, 0.0)) -> Motion:
        """The whole motion turned by ``turn`` radians about the world's Y axis, then moved.

        ``world = offset + yaw(turn) @ old``; ``offset[3]`` in metres.
        """
        q = rot.yaw(turn)
        rotations = self.rotations.copy()
        rotations[:, 0] = rot.multiply(q, rotations[:, 0])
        moved = rot.rotate(q, self.root_positions) + np.asarray(offset)
        return replace(self, root_positions=moved, rotations=rotations)

    def canonical(self, frame: int = 0) -> Motion:
        """Placed so that at ``frame`` the root stands over the origin and heads along +Z."""
        turn = -float(rot.heading(self._facing()[frame]))
        x, _, z = rot.rotate(rot.yaw(turn), self.root_positions[frame])
        return self.placed(turn, (-x, 0.0, -z))

    def _facing(self) -> Array:
        """World rotation ``[T, 4]`` of the pelvis relative to its rest pose."""
        root = self.skeleton.role_index.get("pelvis", 0)
        return rot.multiply(
            self.world_from_joint[:, root], rot.conjugate(self.skeleton.rest_world[1][root])
        )

    @property
    def headings(self) -> Array:
        """The yaw ``[T]`` in radians that the pelvis has turned from facing +Z, unwrapped."""
        return np.unwrap(rot.heading(self._facing()))

    def in_place(self) -> Motion:
        """Root motion removed on the ground plane: the root stays over where it started.

        Height and every rotation stay as they are, as engines expect of in-place clips.
        """
        root = self.root_positions.copy()
        root[:, [0, 2]] = root[0, [0, 2]]
        return replace(self, root_positions=root)

    def mirror(self) -> Motion:
        """Left and right exchanged, by reflection in the plane x = 0.

        Joints are paired by role, else by name (left / right, L / R). The rest pose must be
        symmetric to within the rig's own asymmetry; twice mirrored is the original.
        """
        partner = np.array(mirror_partners(self.skeleton))
        flip = np.array([1.0, 1.0, -1.0, -1.0])
        rest = self.skeleton.rest_world[1]
        # Reflect the turn away from rest in world axes, then read it on the other side's joint.
        delta = rot.multiply(self.world_from_joint, rot.conjugate(rest))
        world = rot.multiply((delta * flip)[:, partner], rest)
        rotations = world.copy()
        parents = np.array(self.skeleton.parents[1:], dtype=np.intp)
        rotations[:, 1:] = rot.multiply(rot.conjugate(world[:, parents]), world[:, 1:])
        local = self.local_positions
        return replace(
            self,
            root_positions=self.root_positions * [-1.0, 1.0, 1.0],
            rotations=rotations,
            local_positions=None if local is None else self._mirror_positions(partner),
        )

    def _mirror_positions(self, partner: np.ndarray) -> Array:
        """Parent-local positions reflected through the rest pose's world axes."""
        assert self.local_positions is not None
        parents = np.array([max(p, 0) for p in self.skeleton.parents])
        above = self.skeleton.rest_world[1][parents]
        seen = rot.rotate(above, self.local_positions) * [-1.0, 1.0, 1.0]
        return rot.rotate(rot.conjugate(above), seen[:, partner])

    def reversed(self) -> Motion:
        """Played backwards."""
        local = self.local_positions
        return replace(
            self,
            root_positions=self.root_positions[::-1],
            rotations=self.rotations[::-1],
            local_positions=None if local is None else local[::-1],
        )


def same_rig(motions: Sequence[Motion]) -> None:
    """Raise :class:`MotionError` unless all motions share one skeleton and frame rate."""
    if not motions:
        raise MotionError("There are no motions to join.")
    first = motions[0]
    for other in motions[1:]:
        if other.skeleton != first.skeleton:
            raise MotionError(
                f"'{first.skeleton.name}' and '{other.skeleton.name}' are different skeletons; "
                "retarget one onto the other first."
            )
        if other.fps != first.fps:
            raise MotionError(
                f"The motions run at {first.fps:g} and {other.fps:g} fps; resample one first."
            )


def concat(motions: Sequence[Motion]) -> Motion:
    """Frames of all motions one after another, exactly as they are.

    ::

        |A A A| + |B B|  ->  |A A A B B|
    """
    same_rig(motions)
    local = None
    if any(m.local_positions is not None for m in motions):
        local = np.concatenate([_local_positions(m) for m in motions])
    return replace(
        motions[0],
        root_positions=np.concatenate([m.root_positions for m in motions]),
        rotations=np.concatenate([m.rotations for m in motions]),
        local_positions=local,
    )


def _local_positions(motion: Motion) -> Array:
    if motion.local_positions is not None:
        return motion.local_positions
    shape = (len(motion), *motion.skeleton.rest_offsets.shape)
    return np.broadcast_to(motion.skeleton.rest_offsets, shape)


def follow_on(before: Motion, after: Motion) -> Motion:
    """``after`` placed to start on the ground where ``before`` ends, heading the same way.

    One step of ``before``'s last root velocity is taken, so that the pace does not stutter.
    """
    last = before.root_positions[-1]
    step = last - before.root_positions[-2] if len(before) > 1 else np.zeros(3)
    turn = float(before.headings[-1] - after.headings[0])
    x, _, z = rot.rotate(rot.yaw(turn), after.root_positions[0])
    target = last + step
    return after.placed(turn, (target[0] - x, 0.0, target[2] - z))


def ease(count: int, curve: Literal["linear", "smooth"] = "smooth") -> Array:
    """Weights ``[count]`` strictly between 0 and 1; smooth is the smoothstep 3t^2 - 2t^3."""
    t = (np.arange(count) + 1.0) / (count + 1.0)
    return t if curve == "linear" else t * t * (3 - 2 * t)


def blend(
    before: Motion, after: Motion, frames: int, curve: Literal["linear", "smooth"] = "smooth"
) -> Motion:
    """Cross-fade the last ``frames`` of ``before`` into the first ``frames`` of ``after``.

    ::

        |A A A A|
            |B B B B|   blend(A, B, 2)  ->  |A A x x B B|
    """
    same_rig([before, after])
    if not 0 <= frames <= min(len(before), len(after)):
        raise MotionError(
            f"A blend of {frames} frames does not fit clips of {len(before)} and {len(after)}."
        )
    if frames == 0:
        return concat([before, after])
    weight = ease(frames, curve)
    tail = before.slice(len(before) - frames, len(before))
    head = after.slice(0, frames)
    local = None
    if before.local_positions is not None or after.local_positions is not None:
        w = weight[:, None, None]
        local = (1 - w) * _local_positions(tail) + w * _local_positions(head)
    w = weight[:, None]
    middle = replace(
        tail,
        root_positions=(1 - w) * tail.root_positions + w * head.root_positions,
        rotations=rot.slerp(tail.rotations, head.rotations, w),
        local_positions=local,
    )
    parts = [middle]
    if len(before) > frames:
        parts.insert(0, before.slice(0, len(before) - frames))
    if len(after) > frames:
        parts.append(after.slice(frames, len(after)))
    return concat(parts)


_SIDES = (("left", "right"), ("Left", "Right"), ("LEFT", "RIGHT"))
_MARKS = (("_l_", "_r_"), ("_l", "_r"), (".l", ".r"), ("l_", "r_"))


def mirror_partners(skeleton: Skeleton) -> tuple[int, ...]:
    """For each joint the joint on the other side, or itself on the middle line."""
    by_name = {name: i for i, name in enumerate(skeleton.joints)}
    by_role = skeleton.role_index
    out = []
    for i, name in enumerate(skeleton.joints):
        role = other_side(skeleton.roles[i]) if skeleton.roles[i] else None
        if role is not None and role in by_role:
            out.append(by_role[role])
        else:
            out.append(next((by_name[n] for n in _other_names(name) if n in by_name), i))
    if any(out[out[i]] != i for i in range(len(out))):
        raise MotionError(
            f"The left and right joints of '{skeleton.name}' do not pair up; give them roles."
        )
    return tuple(out)


def other_side(role: str) -> str:
    """``left_knee`` for ``right_knee`` and the other way round; middle roles stay."""
    if role.startswith("left_"):
        return "right_" + role.removeprefix("left_")
    if role.startswith("right_"):
        return "left_" + role.removeprefix("right_")
    return role


def _other_names(name: str) -> list[str]:
    """Names that the other side's joint may have, most specific first."""
    out = []
    for a, b in _SIDES:
        for old, new in ((a, b), (b, a)):
            if old in name:
                out.append(name.replace(old, new, 1))
    for a, b in _MARKS + tuple((a.upper(), b.upper()) for a, b in _MARKS):
        for old, new in ((a, b), (b, a)):
            if name.endswith(old) or (old.endswith("_") and old in name):
                head, _, tail = name.rpartition(old)
                out.append(head + new + tail)
    if name[:1] in "lr" and len(name) > 1:
        out.append(("r" if name[0] == "l" else "l") + name[1:])
    return [n for n in out if n != name]
