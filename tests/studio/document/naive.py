"""docs/adr/0010 written down a second time: one frame at a time, with matrices, slow and plain.

It shares nothing with ``studio.document.evaluate`` but the foot contacts of a media.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from motion.contacts import FEET, foot_contacts
from motion.skeleton import BODY
from studio.document.model import CharacterId, Clip, Placement, Project
from studio.document.storage import MediaStore

Matrix = np.ndarray
#: More frames than any media of the tests has when played.
LONGEST = 150
REFLECTED = np.diag([-1.0, 1.0, 1.0])


@dataclass
class Pose:
    """One frame: where the root is, how each joint is turned ``[22, 3, 3]``, which feet stand."""

    root: np.ndarray
    turns: Matrix
    contacts: list[bool]


@dataclass
class Shown:
    """What one frame of the timeline shows."""

    clip: Clip
    track: str
    index: int  # of the played media
    cycle: int
    held: bool = False
    leading: bool = False  # before the first clip


# -- what plays when ------------------------------------------------------------------------------


def shown(project: Project, character: CharacterId, stop: int) -> list[Shown]:
    """What each frame shows; empty where the character has no clip."""
    seen = [_at(project, character, frame) for frame in range(stop)]
    everything = [s for s in seen if s is not None]
    if not everything:
        return []
    out: list[Shown] = []
    for frame, now in enumerate(seen):
        if now is not None:
            out.append(now)
        elif not out or out[-1].leading:
            first = everything[0]
            out.append(Shown(first.clip, first.track, first.index, first.cycle, True, True))
        else:
            last = out[-1]
            if last.clip.extrapolate == "loop":
                out.append(_of(last.clip, last.track, frame))
            else:
                out.append(Shown(last.clip, last.track, last.index, last.cycle, True))
    return out


def _at(project: Project, character: CharacterId, frame: int) -> Shown | None:
    mine = [t for t in project.timeline.tracks if t.character == character and not t.mute]
    if any(t.solo for t in mine):
        mine = [t for t in mine if t.solo]
    for track in mine:
        here = [c for c in track.clips if c.enabled and c.start <= frame < c.start + c.frames]
        if here:
            return _of(max(here, key=lambda c: c.start), track.id, frame)
    return None


def _of(clip: Clip, track: str, frame: int) -> Shown:
    at = clip.phase + frame - clip.start
    length = clip.source.stop - clip.source.start
    return Shown(clip, track, clip.source.start + at % length, at // length)


def _settings(clip: Clip) -> tuple[object, ...]:
    return (clip.media, clip.speed, clip.reverse, clip.mirror, clip.in_place)


def continues(before: Shown, now: Shown) -> bool:
    """Whether ``now`` is the next frame of the same played media, or of the same hold."""
    if before.held or now.held:
        return before.held and now.held and before.index == now.index
    if now.index != before.index + 1 or _settings(before.clip) != _settings(now.clip):
        return False
    return now.clip.id == before.clip.id or now.clip.placement == Placement()


# -- played media ---------------------------------------------------------------------------------


def played(media: MediaStore, clip: Clip, fps: float) -> list[Pose]:
    motion = media.get(clip.media.id)
    contacts = foot_contacts(motion.mirror() if clip.mirror else motion)
    quats = motion.rotations.copy()
    for t in range(1, len(quats)):
        for j in range(22):
            if quats[t, j] @ quats[t - 1, j] < 0:
                quats[t, j] *= -1
    count = math.floor((len(motion) - 1) * fps / (motion.fps * clip.speed) + 1e-6) + 1
    out = []
    for i in range(count):
        at = min(i * (clip.speed * motion.fps) / fps, len(motion) - 1)
        if abs(at - round(at)) < 1e-6:
            at = float(round(at))
        turns = Rotation.from_quat(np.roll(hermite(quats, at), -1, axis=-1)).as_matrix()
        root = hermite(motion.root_positions, at)
        if clip.mirror:
            turns = np.array([REFLECTED @ turns[PARTNER[j]] @ REFLECTED for j in range(22)])
            root = REFLECTED @ root
        near = math.floor(at + 0.5)
        out.append(Pose(root, turns, [bool(c) for c in contacts[near]]))
    if clip.reverse:
        out.reverse()
    if clip.in_place:
        x, _, z = out[0].root
        out = [Pose(np.array([x, p.root[1], z]), p.turns, [False] * 4) for p in out]
    return out


PARTNER = [
    BODY.joints.index(
        name.replace("left", "?").replace("right", "left").replace("?", "right")
    )
    for name in BODY.joints
]  # fmt: skip


def hermite(values: np.ndarray, at: float) -> np.ndarray:
    """Cubic Hermite with central differences, those at the ends of the parabola through three."""
    low = min(int(at), max(len(values) - 2, 0))
    t = at - low
    if t == 0 or len(values) == 1:
        return values[low]

    def slope(i: int) -> np.ndarray:
        if len(values) == 2:
            return values[1] - values[0]
        if i == 0:
            return (-3 * values[0] + 4 * values[1] - values[2]) / 2
        if i == len(values) - 1:
            return (3 * values[-1] - 4 * values[-2] + values[-3]) / 2
        return (values[i + 1] - values[i - 1]) / 2

    return (
        (2 * t**3 - 3 * t**2 + 1) * values[low]
        + (t**3 - 2 * t**2 + t) * slope(low)
        + (-2 * t**3 + 3 * t**2) * values[low + 1]
        + (t**3 - t**2) * slope(low + 1)
    )


# -- where pieces stand ---------------------------------------------------------------------------


def yaw(angle: float) -> Matrix:
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, 0, s, 0], [0, 1, 0, 0], [-s, 0, c, 0], [0, 0, 0, 1.0]])


def moved(x: float, z: float) -> Matrix:
    out = np.eye(4)
    out[[0, 2], 3] = x, z
    return out


def heading(turn: Matrix) -> float:
    return math.atan2(turn[0, 2] - turn[2, 0], turn[0, 0] + turn[2, 2])


def put(place: Matrix, pose: Pose) -> Pose:
    turns = pose.turns.copy()
    turns[0] = place[:3, :3] @ turns[0]
    return Pose(place[:3, :3] @ pose.root + place[:3, 3], turns, pose.contacts)


def joint(pose: Pose, name: str) -> np.ndarray:
    """World position of one joint, up the chain."""
    i = BODY.joints.index(name)
    chain = [i]
    while BODY.parents[i] >= 0:
        i = BODY.parents[i]
        chain.append(i)
    place = np.eye(3)
    at = pose.root.copy()
    chain.reverse()
    for above, below in zip(chain, chain[1:], strict=False):
        place = place @ pose.turns[above]
        at = at + place @ BODY.rest_offsets[below]
    return at


def spot(pose: Pose, names: Sequence[str]) -> np.ndarray:
    if not names:
        return pose.root * [1, 0, 1]
    return np.mean([joint(pose, name) for name in names], axis=0) * [1, 0, 1]


def standing(pose: Pose, at: Placement) -> Matrix:
    """The place that has the pose's root over ``at``, heading its way."""
    back = moved(-pose.root[0], -pose.root[2])
    return moved(at.x, at.z) @ yaw(at.turn - heading(pose.turns[0])) @ back


def placed(place: Matrix, pose: Pose, by: Placement) -> Matrix:
    """``place``, moved on in the heading of ``pose`` in the world and turned about its root."""
    world = put(place, pose)
    x, _, z = world.root
    step = yaw(heading(world.turns[0]))[:3, :3] @ [by.x, 0, by.z]
    about = moved(x, z) @ yaw(by.turn) @ moved(-x, -z)
    return moved(step[0], step[2]) @ about @ place


def follow(
    old: list[Pose], last: int, held: bool, place: Matrix, new: list[Pose], first: int
) -> Matrix:
    before = (last, first - 1) if first >= 1 else None
    after = (last + 1, first) if not held and last + 1 < len(old) else None
    back = last
    if before and after:
        b, a = after if apart(old, new, after) < apart(old, new, before) - 1e-5 else before
        back = b
    elif before or after:
        b, a = before or after  # pyright: ignore[reportGeneralTypeIssues]
        back = b
    else:
        b, a = last, first
        back = b if held or b == 0 else b - 1
    goal, coming = put(place, old[b]), new[a]
    both = [n for i, n in enumerate(FEET) if goal.contacts[i] and coming.contacts[i]]
    turn = yaw(heading(goal.turns[0]) - heading(coming.turns[0]))
    to = spot(goal, both) + (spot(goal, both) - spot(put(place, old[back]), both))
    x, _, z = to - turn[:3, :3] @ spot(coming, both)
    return moved(x, z) @ turn


def apart(old: list[Pose], new: list[Pose], pair: tuple[int, int]) -> float:
    a, b = (Rotation.from_matrix(p.turns[1:]) for p in (old[pair[0]], new[pair[1]]))
    return float((1 - np.cos((a * b.inv()).magnitude() / 2)).sum())


# -- joins ----------------------------------------------------------------------------------------


def next_pose(a: Pose, b: Pose) -> Pose:
    """``b`` moved on by the step from ``a``."""
    turns = np.array([y @ x.T @ y for x, y in zip(a.turns, b.turns, strict=True)])
    return Pose(2 * b.root - a.root, turns, b.contacts)


def going_on(old: list[Pose], last: int, held: bool) -> tuple[Pose, Pose]:
    if held:
        return old[last], old[last]
    if last + 1 < len(old):
        return old[last], old[last + 1]
    return old[last], next_pose(old[max(last - 1, 0)], old[last])


def coming_from(new: list[Pose], first: int) -> tuple[Pose, Pose]:
    if first > 0:
        return new[first - 1], new[first]
    return next_pose(new[min(1, len(new) - 1)], new[0]), new[0]


def quintic(d: np.ndarray, v: np.ndarray, i: int, n: int, limit: float) -> np.ndarray:
    """By its coefficients: value, velocity and no third derivative at the end, at rest there."""
    return _polynomial(d, np.zeros(3), i, n) + _speed(v, i, n, limit)


def _speed(v: np.ndarray, i: int, n: int, limit: float) -> np.ndarray:
    speed = float(np.linalg.norm(v))
    width = min(n, limit / (0.08192 * speed)) if speed > 0 else n
    return _polynomial(np.zeros(3), v, i, width) if i < width else np.zeros(3)


def _polynomial(d: np.ndarray, v: np.ndarray, t: float, n: float) -> np.ndarray:
    """Bollo's slide: a0, and the coefficients that follow from it."""
    a = (-8 * v * n - 20 * d) / n**2
    c5 = -(a * n**2 + 6 * v * n + 12 * d) / (2 * n**5)
    c4 = (3 * a * n**2 + 16 * v * n + 30 * d) / (2 * n**4)
    c3 = -(3 * a * n**2 + 12 * v * n + 20 * d) / (2 * n**3)
    return c5 * t**5 + c4 * t**4 + c3 * t**3 + a / 2 * t**2 + v * t + d


def inertialized(
    pose: Pose, old: tuple[Pose, Pose], new: tuple[Pose, Pose], i: int, n: int
) -> Pose:
    """``pose``, frame ``i`` after the join, with what is left of the difference."""
    far = [o.root - c.root for o, c in zip(old, new, strict=True)]
    root = pose.root + quintic(far[1], far[1] - far[0], i, n, 0.1)
    vectors = [
        Rotation.from_matrix(o.turns @ c.turns.transpose(0, 2, 1)).as_rotvec()
        for o, c in zip(old, new, strict=True)
    ]
    left = []
    for was, now in zip(*vectors, strict=True):
        angle = float(np.linalg.norm(was))
        if angle > 0:
            other = was * (1 - 2 * math.pi / angle)
            nearer = np.linalg.norm(other - now) < np.linalg.norm(was - now)
            was = other if nearer else was
        left.append(quintic(now, now - was, i, n, 0.25))
    return Pose(root, Rotation.from_rotvec(left).as_matrix() @ pose.turns, pose.contacts)


def mixed(a: Pose, b: Pose, i: int, n: int, curve: str) -> Pose:
    w = (i + 1) / (n + 1)
    if curve == "smooth":
        w = 3 * w**2 - 2 * w**3
    way = Rotation.from_matrix(b.turns @ a.turns.transpose(0, 2, 1)).as_rotvec()
    turns = Rotation.from_rotvec(w * way).as_matrix() @ a.turns
    return Pose((1 - w) * a.root + w * b.root, turns, b.contacts)


# -- all of it ------------------------------------------------------------------------------------


def evaluate(project: Project, character: CharacterId, media: MediaStore, stop: int) -> list[Pose]:
    """World poses of every frame; empty where the character has no clip."""
    frames = shown(project, character, stop + LONGEST)
    (who,) = (c for c in project.characters if c.id == character)
    clips = {s.clip.id: s.clip for s in frames}
    poses = {id: played(media, clip, project.fps) for id, clip in clips.items()}
    out: list[Pose] = []
    begun: set[str] = set()
    place = old_place = np.eye(4)
    began, length, join = 0, 0, None
    for f, now in enumerate(frames[:stop]):
        new = poses[now.clip.id]
        before = frames[f - 1] if f else None
        broken = before is None or not continues(before, now)
        stays = before is not None and (now.held or before.leading)
        if broken and not stays:
            old_place, began, join = place, f, before
            place = _stand(project, who.placement, before, now, poses, place, begun)
            length = _blend(before, now, f, _length(frames, f)) if before else 0
        if broken and stays:
            length = 0
        begun.add(now.clip.id)
        pose = put(place, new[now.index])
        if join is not None and f - began < length:
            head = frames[began]
            pose = _blended(pose, f - began, length, head, join, poses, place, old_place)
        out.append(pose)
    return out


def _stand(
    project: Project,
    start: Placement,
    before: Shown | None,
    now: Shown,
    poses: dict[str, list[Pose]],
    place: Matrix,
    begun: set[str],
) -> Matrix:
    clip, new = now.clip, poses[now.clip.id]
    if clip.placement.pinned and now.cycle == 0:
        return standing(new[clip.source.start + clip.phase], clip.placement)
    if before is None:
        place = standing(new[now.index], start)
    else:
        old = poses[before.clip.id]
        place = follow(old, before.index, before.held, place, new, now.index)
    return placed(place, new[now.index], clip.placement) if clip.id not in begun else place


def _length(frames: list[Shown], start: int) -> int:
    stop = start + 1
    while stop < len(frames) and continues(frames[stop - 1], frames[stop]):
        stop += 1
    return stop - start


def _blend(before: Shown, now: Shown, frame: int, longest: int) -> int:
    overlap = before.clip.start + before.clip.frames - now.clip.start
    same = before.track == now.track and frame == now.clip.start
    return min(overlap if same and overlap > 0 else now.clip.blend.frames, longest)


def _blended(
    pose: Pose,
    i: int,
    n: int,
    head: Shown,
    join: Shown,
    poses: dict[str, list[Pose]],
    place: Matrix,
    old_place: Matrix,
) -> Pose:
    blend = head.clip.blend
    old, new = poses[join.clip.id], poses[head.clip.id]
    if blend.kind == "cut":
        return pose
    if blend.kind == "crossfade":
        on = join.index if join.held else min(join.index + 1 + i, len(old) - 1)
        return mixed(put(old_place, old[on]), pose, i, n, blend.curve)
    was = [put(old_place, p) for p in going_on(old, join.index, join.held)]
    comes = [put(place, p) for p in coming_from(new, head.index)]
    return inertialized(pose, (was[0], was[1]), (comes[0], comes[1]), i, n)
