"""Inverse kinematics of two-bone limbs, feet that hold their ground, and light smoothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import (
    FEET,
    Flags,
    body_scale,
    foot_clearance,
    foot_contacts,
    ground_height,
    joints_of,
    moving_max,
    runs,
    settled,
)
from motion.errors import MotionError
from motion.rotations import Array

# Lengths in metres of the canonical body; other bodies scale them by their legs.
_MAX_SHIFT = 0.15  # a foot that slides farther than this from its mean means to slide
_MAX_DROP = 0.12  # the hips never move farther than this to let a leg reach
_GROUND_SNAP = 0.10  # a ground estimated nearer than this to y = 0 is y = 0
_FLOOR_SOFTNESS = 0.003  # how far above the floor a foot coming down begins to be slowed
# A middle joint nearer than this fraction of the limb to its line bends towards the pole.
_STRAIGHT = 0.005
# A limb no longer than the first fraction of its length is folded, beyond the second it is not.
_FOLDED = (0.15, 0.35)
# A knee this far off its line, in lengths of the leg, begins to be trusted; at twice that it is.
_CLEARLY_BENT = 0.03
# Fraction of its length to which foot lock straightens a leg that was bent more than that before:
# the knee's angle changes without bound as the leg approaches its full length.
_FULL_REACH = 0.99
# Corrections fade over the first time; the velocity with which they begin is taken up over the
# second: long enough not to jerk, too short to take a swinging foot off its way.
_FADE_SECONDS = 0.3
_LAUNCH_SECONDS = 0.13
_HIPS_SECONDS = 0.2


class TwoBone(NamedTuple):
    """What :func:`two_bone_ik` found.

    Attributes:
        mid: ``[..., 3]`` new position of the middle joint (knee, elbow).
        end: ``[..., 3]`` new position of the end joint: the target where it is in reach.
        upper: ``[..., 4]`` world rotation that takes the upper bone from old to new.
        lower: ``[..., 4]`` world rotation that takes the lower bone from old to new.
    """

    mid: Array
    end: Array
    upper: Array
    lower: Array


def two_bone_ik(
    root: ArrayLike,
    mid: ArrayLike,
    end: ArrayLike,
    target: ArrayLike,
    pole: ArrayLike | None = None,
    softness: float = 0.0,
) -> TwoBone:
    """Bend and turn a two-bone limb so that its end meets ``target``; lengths are kept.

    The limb keeps its present bend direction, carried along by the smallest rotation that turns
    the line root-end towards the target, so it never flips; one that is folded up keeps its middle
    joint where it is instead. The angle comes from the law of cosines. Targets out of reach are
    approached along the line from the root.

    Args:
        root: ``[..., 3]`` positions of the limb's first joint (hip, shoulder).
        mid: ``[..., 3]`` positions of its middle joint.
        end: ``[..., 3]`` positions of its last joint.
        target: ``[..., 3]`` where the last joint should be.
        pole: ``[..., 3]`` directions to whose side the middle joint must bend: it decides for a
            straight limb, and one that bends the other way is put right. None keeps whatever bend
            there is.
        softness: Fraction of the limb's length by which a target must lie within reach to be met
            exactly. Beyond that, full extension is approached exponentially, which keeps the
            middle joint from snapping as the target passes out of reach. 0 clamps.
    """
    root, mid, end, target = (np.asarray(p, dtype=np.float64) for p in (root, mid, end, target))
    a, b = _length(mid - root), _length(end - mid)
    old_line = rot.unit(end - root, rot.unit(mid - root, np.array([0.0, -1.0, 0.0])))
    line = rot.unit(target - root, old_line)
    distance = _within_reach(_length(target - root), a, b, softness)
    swing = rot.between(old_line, line)
    # The line of a folded limb is short and swings about at a touch; the limb need not follow.
    extension = _length(end - root) / np.maximum(a + b, 1e-12)
    folded = np.clip((_FOLDED[1] - extension) / (_FOLDED[1] - _FOLDED[0]), 0.0, 1.0)
    if folded.any():
        swing = rot.slerp(swing, rot.IDENTITY, folded[..., 0])
    bend = rot.rotate(swing, _bend(mid - root, old_line, pole, _STRAIGHT * (a + b)))
    bend = rot.unit(bend - _dot(bend, line) * line, rot.any_perpendicular(line))
    along = (a * a + distance * distance - b * b) / np.maximum(2 * distance, 1e-12)
    along = np.clip(along, -a, a)
    new_mid = root + along * line + np.sqrt(np.maximum(a * a - along * along, 0.0)) * bend
    new_end = root + distance * line
    return TwoBone(
        new_mid,
        new_end,
        _turn(swing, mid - root, new_mid - root),
        _turn(swing, end - mid, new_end - new_mid),
    )


def _length(v: Array) -> Array:
    return np.sqrt(np.einsum("...i,...i->...", v, v))[..., None]


def _within_reach(distance: Array, a: Array, b: Array, softness: float) -> Array:
    """``distance`` limited to what bones of lengths ``a`` and ``b`` span."""
    longest = a + b
    if softness > 0:
        soft = np.maximum(softness * longest, 1e-12)
        past = np.maximum(distance - (longest - soft), 0.0)
        distance = np.minimum(distance, longest - soft) - soft * np.expm1(-past / soft)
    return np.minimum(np.maximum(distance, np.abs(a - b)), longest)


def _bend(upper: Array, line: Array, pole: ArrayLike | None, straight: Array) -> Array:
    """Unit direction ``[..., 3]`` at right angles to ``line`` in which the limb bends."""
    offset = upper - _dot(upper, line) * line
    if pole is None:
        return rot.unit(offset, rot.any_perpendicular(line))
    hint = np.asarray(pole, dtype=np.float64)
    hint = rot.unit(hint - _dot(hint, line) * line, rot.any_perpendicular(line))
    # The part along the hint is made positive without a kink; a bent limb keeps its direction.
    along = _dot(offset, hint)
    return rot.unit(offset + (np.sqrt(along * along + straight * straight) - along) * hint, hint)


def _dot(a: Array, b: Array) -> Array:
    return np.einsum("...i,...i->...", a, b)[..., None]


def _turn(swing: Array, old: Array, new: Array) -> Array:
    """``swing``, then the smallest rotation that completes turning ``old`` onto ``new``."""
    swung = rot.unit(rot.rotate(swing, old), old)
    return rot.multiply(rot.between(swung, rot.unit(new, swung)), swing)


@dataclass(frozen=True)
class _Fade:
    """How corrections come and go, in frames: their length, and that of the slopes they match."""

    frames: int
    launch: int


@dataclass(frozen=True)
class _Legs:
    """Both legs of a motion; arrays are ``[2, T, ...]``, left first."""

    joints: tuple[list[int], list[int], list[int], list[int]]  # hips, knees, ankles, balls
    hip: Array
    knee: Array
    ankle: Array
    ball: Array

    @staticmethod
    def of(motion: Motion) -> _Legs:
        names = ("hip", "knee", "ankle", "foot")
        skeleton = motion.skeleton
        joints = [joints_of(skeleton, f"left_{n}", f"right_{n}") for n in names]
        hip, knee, ankle, ball = (np.moveaxis(motion.positions[:, j], 1, 0) for j in joints)
        return _Legs((joints[0], joints[1], joints[2], joints[3]), hip, knee, ankle, ball)


def foot_lock(
    motion: Motion,
    contacts: Flags | None = None,
    blend_frames: int | None = None,
    ground: float | None = None,
) -> Motion:
    """The motion with feet that hold their place while they stand, and stay above the ground.

    For every contact the ankle and the ball of the foot are held at their mean place over the
    contact, the ball at its rest height. Before and after, the correction fades so that neither
    position nor velocity jumps (Kovar et al. 2002, "Footskate Cleanup for Motion Capture
    Editing"); between two contacts close together it runs from one to the other. The hips follow
    the feet up or down and come closer, smoothly, where a leg would have to stretch; two-bone IK
    does the rest. Rotations above the hips stay as they are.

    Feet that travel far during a contact (a slide on purpose) are left alone.

    Args:
        motion: Any skeleton with the roles of the legs.
        contacts: ``[T, 4]`` in the order of :data:`motion.contacts.FEET`, freed of flicker before
            use; None detects them.
        blend_frames: Frames over which a correction fades; None is 0.3 s.
        ground: Height of the ground, metres. None takes y = 0, or the estimate of
            :func:`motion.contacts.ground_height` where that lies farther than 0.1 m from it.

    Raises:
        SkeletonError: a role of the legs is missing.
        MotionError: ``contacts`` does not fit the motion.
    """
    scale = body_scale(motion.skeleton)
    estimate = ground_height(motion)
    if ground is None:
        ground = 0.0 if abs(estimate) < _GROUND_SNAP * scale else estimate
    flags = foot_contacts(motion, estimate) if contacts is None else np.asarray(contacts, bool)
    if flags.shape != (len(motion), len(FEET)):
        raise MotionError(
            f"Contacts of shape {flags.shape} do not fit a motion of {len(motion)} frames; "
            f"give one column for each of {', '.join(FEET)}."
        )
    frames = round(_FADE_SECONDS * motion.fps) if blend_frames is None else blend_frames
    if contacts is not None:
        flags = settled(flags, motion.fps)
    fade = _Fade(frames, max(1, round(_LAUNCH_SECONDS * motion.fps)))
    legs = _Legs.of(motion)
    floor = ground + foot_clearance(motion.skeleton).reshape(2, 2)
    planted = [
        _plant(legs.ankle[i], legs.ball[i], flags[:, 2 * i : 2 * i + 2], floor[i], fade, scale)
        for i in range(2)
    ]
    ankle = np.stack([p[0] for p in planted])
    ball = np.stack([p[1] for p in planted])
    held = flags.reshape(-1, 2, 2).any(axis=2).T
    shift = _hips_shift(legs, ankle, held, motion.fps, scale)
    if not (shift.any() or (ankle != legs.ankle).any() or (ball != legs.ball).any()):
        return motion
    return _posed(motion, legs, shift, ankle, ball)


def _plant(
    ankle: Array, ball: Array, flags: Flags, floor: Array, fade: _Fade, scale: float
) -> tuple[Array, Array]:
    """New places ``[T, 3]`` of one foot's ankle and ball.

    ``flags[T, 2]`` and ``floor[2]``, the heights at rest, are those of ankle and ball.
    """
    length = _length(ball - ankle)
    ankle_at, ball_at, flags = _footholds(ankle, ball, flags, floor, _MAX_SHIFT * scale)
    on_ankle, on_ball = flags[:, 0], flags[:, 1]
    # The ball's correction first; the ankle then takes it over, plus what it needs of its own.
    moved_ball = _faded(ball_at - ball, on_ball, -_slope(ball), fade)
    own = _faded(ankle_at - ankle - moved_ball, on_ankle, -_slope(ankle + moved_ball), fade)
    new_ball, new_ankle = ball + moved_ball, ankle + moved_ball + own
    soft = _FLOOR_SOFTNESS * scale
    new_ball[:, 1] = _above(new_ball[:, 1], floor[1], soft)
    # A pointed foot brings the ankle lower than it rests; half its height is the heel's own.
    new_ankle[:, 1] = _above(new_ankle[:, 1], floor[1] + 0.5 * (floor[0] - floor[1]), soft)
    # The foot keeps its length: what stands stays, the other end gives.
    pivot = _between_knots(on_ball.astype(np.float64), on_ankle | on_ball)[:, None]
    line = new_ball - new_ankle
    excess = line * (1 - length / np.maximum(_length(line), 1e-9))
    return new_ankle + pivot * excess, new_ball - (1 - pivot) * excess


def _footholds(
    ankle: Array, ball: Array, flags: Flags, floor: Array, limit: float
) -> tuple[Array, Array, Flags]:
    """Where ankle and ball are held, frame by frame, and the contacts that are honoured."""
    ankle_at, ball_at, kept = ankle.copy(), ball.copy(), flags.copy()
    length = float(np.linalg.norm(ball[0] - ankle[0]))
    for start, stop in runs(flags.any(axis=1)):
        on_ankle, on_ball = (start + np.flatnonzero(column) for column in flags[start:stop].T)
        hold_ankle, hold_ball = _mean_place(ankle[on_ankle]), _mean_place(ball[on_ball])
        if max(_spread(ankle[on_ankle]), _spread(ball[on_ball])) > limit:
            kept[start:stop] = False
            continue
        if len(on_ball):
            drop = [0.0, floor[1] - hold_ball[1], 0.0]
            hold_ball, hold_ankle = hold_ball + drop, hold_ankle + drop
        if len(on_ball) and len(on_ankle):
            # Means over time lie a little too near each other; the ball keeps its height.
            line = hold_ball - hold_ankle
            excess = line * (1 - length / max(float(np.linalg.norm(line)), 1e-9))
            hold_ankle = hold_ankle + excess * [0.5, 1.0, 0.5]
            hold_ball = hold_ball - excess * [0.5, 0.0, 0.5]
        ankle_at[on_ankle], ball_at[on_ball] = hold_ankle, hold_ball
    return ankle_at, ball_at, kept


def _mean_place(points: Array) -> Array:
    return points.mean(axis=0) if len(points) else np.zeros(3)


def _spread(points: Array) -> float:
    """Greatest distance of ``points[N, 3]`` from their mean."""
    return float(_length(points - points.mean(axis=0)).max()) if len(points) else 0.0


def _slope(values: Array) -> Array:
    """Change a frame of ``values[T, ...]`` by central differences."""
    return np.gradient(values, axis=0) if len(values) > 1 else np.zeros_like(values)


def _faded(values: Array, known: Flags, slopes: Array, fade: _Fade) -> Array:
    """``values[T, 3]`` where known; elsewhere smooth curves to zero or to the next that is known.

    Gaps up to twice the fade long are bridged; longer ones return to zero within the fade.
    ``slopes`` are the values' changes a frame at the edges of what is known.
    """
    out = np.where(known[:, None], values, 0.0)
    nothing = np.zeros(values.shape[1])
    for start, stop in runs(~known):
        left, right = start - 1, stop
        has_left, has_right = left >= 0, right < len(values)
        if has_left and has_right and right - left <= 2 * fade.frames:
            ends = values[left], slopes[left], values[right], slopes[right]
            _join(out, left, right, fade.launch, *ends)
            continue
        if has_left:
            end = left + fade.frames + 1
            _join(out, left, end, fade.launch, values[left], slopes[left], nothing, nothing)
        if has_right:
            begin = right - fade.frames - 1
            _join(out, begin, right, fade.launch, nothing, nothing, values[right], slopes[right])
    return out


def _join(
    out: Array, left: int, right: int, launch: int, a: Array, da: Array, b: Array, db: Array
) -> None:
    """Fill ``left < f < right`` of ``out`` from value ``a``, slope ``da`` to ``b``, ``db``.

    A Hermite cubic from a to b with level ends, plus the terms of a shorter one, ``launch`` frames
    long, that bring in the slopes.
    """
    frames = np.arange(max(left + 1, 0), min(right, len(out)))
    launch = min(launch, right - left)
    t = ((frames - left) / (right - left))[:, None]
    u = np.minimum((frames - left) / launch, 1.0)[:, None]
    v = np.minimum((right - frames) / launch, 1.0)[:, None]
    out[frames] = a + t * t * (3 - 2 * t) * (b - a)
    out[frames] += launch * (u * (1 - u) ** 2 * da - v * (1 - v) ** 2 * db)


def _above(heights: Array, floor: float, softness: float) -> Array:
    """Heights kept above ``floor - softness``; those above ``floor`` stay as they are.

    The two lines are joined by a parabola, so that a foot coming down is slowed, not stopped.
    """
    depth = np.clip((floor - heights) / (2 * softness), 0.0, 1.0)
    return np.maximum(heights, floor - 2 * softness) + softness * depth * depth


def _between_knots(values: Array, known: Flags) -> Array:
    """``values[T]`` where known, linear between; 0 where nothing is known."""
    at = np.flatnonzero(known)
    if len(at) == 0:
        return np.zeros(len(values))
    return np.interp(np.arange(len(values)), at, values[at])


def _hips_shift(legs: _Legs, ankle: Array, held: Flags, fps: float, scale: float) -> Array:
    """Vertical shift ``[T, 3]`` of the root that lets the legs reach ``ankle[2, T, 3]``.

    ``held[2, T]`` says which feet stand: the hips rise and sink with those.
    """
    sigma = _HIPS_SECONDS * fps
    rise = np.where(held, ankle[..., 1] - legs.ankle[..., 1], 0.0).sum(axis=0)
    # A normalised convolution: between contacts the value carries over, far from any it is zero.
    shift = _gaussian(rise, sigma) / (_gaussian(held.sum(axis=0) * 1.0, sigma) + 0.05)
    span = (_length(legs.knee - legs.hip) + _length(legs.ankle - legs.knee))[..., 0]
    limit = np.maximum(_FULL_REACH * span, _length(legs.ankle - legs.hip)[..., 0])
    drop = np.zeros_like(shift)
    for _ in range(2):  # first order in the drop, so once more for what remains
        line = ankle - legs.hip
        line[..., 1] -= shift - drop
        distance = np.maximum(_length(line)[..., 0], 1e-9)
        steep = np.maximum(-line[..., 1] / distance, 0.0)
        # Sinking brings a leg closer as far as it is upright; for one that lies it does nothing.
        need = np.maximum(distance - limit, 0.0) * steep / np.maximum(steep * steep, 0.25)
        drop = drop + need.max(axis=0)
    drop = np.minimum(drop, _MAX_DROP * scale)
    if drop.any():
        drop = _gaussian(moving_max(drop, round(2 * sigma)), sigma)
    out = np.zeros((len(shift), 3))
    out[:, 1] = shift - drop
    return out


def _gaussian_weights(sigma: float) -> Array:
    """Weights of a Gaussian out to two sigma, summing to one."""
    half = max(1, round(2 * sigma))
    weights = np.exp(-0.5 * (np.arange(-half, half + 1) / sigma) ** 2)
    return weights / weights.sum()


def _gaussian(values: Array, sigma: float) -> Array:
    """``values[T]`` under a Gaussian of ``sigma`` frames, the ends held."""
    weights = _gaussian_weights(sigma)
    padded = np.pad(values, len(weights) // 2, mode="edge")
    return np.convolve(padded, weights, mode="valid")


def _posed(motion: Motion, legs: _Legs, shift: Array, ankle: Array, ball: Array) -> Motion:
    """``motion`` with its root moved by ``shift[T, 3]`` and both feet at ``ankle`` and ``ball``."""
    hips, knees, ankles, balls = legs.joints
    world = np.moveaxis(motion.world_from_joint, 1, 0)
    hip = legs.hip + shift
    limit = np.maximum(
        _FULL_REACH * (_length(legs.knee - legs.hip) + _length(legs.ankle - legs.knee)),
        _length(legs.ankle - legs.hip),
    )
    line = ankle - hip
    target = hip + line * np.minimum(1.0, limit / np.maximum(_length(line), 1e-9))
    pole = _knee_pole(motion, legs)
    leg = two_bone_ik(hip, legs.knee + shift, legs.ankle + shift, target, pole)
    old_foot = legs.ball - legs.ankle
    foot = rot.between(
        rot.unit(old_foot, [0.0, 0.0, 1.0]), rot.unit(ball - leg.end, rot.unit(old_foot, [0, 0, 1]))
    )
    rotations = motion.rotations.copy()
    parents = motion.skeleton.parents
    turned = world.copy()
    turns = np.stack([leg.upper, leg.lower, foot])  # of thighs, shanks, feet
    for joints, turn in zip((hips, knees, ankles), turns, strict=True):
        turned[joints] = rot.multiply(turn, world[joints])
    for level, joints in enumerate((hips, knees, ankles, balls)):
        for side, joint in enumerate(joints):
            above = world[parents[joint]]
            if level:  # joints between, such as twist joints, turn with their bone
                above = rot.multiply(turns[level - 1, side], above)
            rotations[:, joint] = rot.multiply(rot.conjugate(above), turned[joint])
    touched = (
        (shift != 0).any(-1) | (ankle != legs.ankle).any((0, 2)) | (ball != legs.ball).any((0, 2))
    )
    rotations = np.where(touched[:, None, None], rotations, motion.rotations)
    return replace(motion, root_positions=motion.root_positions + shift, rotations=rotations)


def _knee_pole(motion: Motion, legs: _Legs) -> Array:
    """World directions ``[2, T, 3]`` in which the knees bend: their own where they clearly do.

    Where a leg is almost straight the hinge that the motion shows decides. A knee is a hinge, so
    its axis is fixed in the thigh; the mean over the clip is weighted by how far the knee is bent.
    Where it never bends, knees bend the way the figure faces at rest.
    """
    thigh, shank = legs.knee - legs.hip, legs.ankle - legs.knee
    frames = np.moveaxis(motion.world_from_joint[:, legs.joints[0]], 1, 0)
    axis = rot.rotate(rot.conjugate(frames), rot.cross(thigh, shank)).mean(axis=1)
    rest = rot.rotate(rot.conjugate(motion.skeleton.rest_world[1][legs.joints[0]]), [1.0, 0, 0])
    clear = _length(axis) > 0.03 * (_length(thigh) * _length(shank)).mean(axis=1)
    axis = np.where(clear, rot.unit(axis, rest), rest)
    line = rot.unit(legs.ankle - legs.hip, thigh)
    hinge = rot.cross(line, rot.rotate(frames, axis[:, None]))
    own = thigh - _dot(thigh, line) * line
    # From the length of the offset, not its side: a knee folded flat may pass the line.
    bent = _length(own) / (_CLEARLY_BENT * (_length(thigh) + _length(shank)))
    share = np.clip(bent - 1.0, 0.0, 1.0)
    return rot.unit(hinge, own) * (1 - share) + rot.unit(own, hinge) * share


def smooth(motion: Motion, seconds: float = 0.04) -> Motion:
    """Rotations and root under a Gaussian of standard deviation ``seconds``, without delay.

    Quaternions are averaged as vectors and normalised, which for the small spread inside the
    window equals the mean in the tangent space to third order. The clip's ends are mirrored
    through their end points, so the first and the last pose stay where they are.

    Raises:
        MotionError: ``seconds`` is negative or not finite.
    """
    if not (np.isfinite(seconds) and seconds >= 0):
        raise MotionError(f"Smoothing needs a width of zero seconds or more, not {seconds:g}.")
    sigma = seconds * motion.fps
    if sigma < 0.2 or len(motion) < 3:
        return motion
    weights = _gaussian_weights(sigma)
    local = motion.local_positions
    return replace(
        motion,
        root_positions=_filtered(motion.root_positions, weights),
        rotations=rot.normalize(_filtered(rot.continuous(motion.rotations), weights)),
        local_positions=None if local is None else _filtered(local, weights),
    )


def _filtered(values: Array, weights: Array) -> Array:
    """``values[T, ...]`` under symmetric ``weights``, the ends reflected through their points."""
    half = min(len(weights) // 2, len(values) - 1)
    middle = len(weights) // 2
    head = 2 * values[0] - values[half:0:-1]
    tail = 2 * values[-1] - values[-2 : -half - 2 : -1]
    padded = np.concatenate([head, values, tail])
    weights = weights[middle - half : middle + half + 1]
    out = weights[half] * values
    for k in range(1, half + 1):
        out += weights[half + k] * (
            padded[half + k :][: len(values)] + padded[half - k :][: len(values)]
        )
    return out / weights.sum()
