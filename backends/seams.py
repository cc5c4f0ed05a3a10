"""Generated frames between motion that must not change: token layout, placing and seams."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from backends.api import BackendError, Kept
from motion import rotations as rot
from motion.clip import Motion, concat, ease
from motion.joins import measure_seam, pace
from motion.rotations import Array

#: How much generated frames insist on being as they are at a seam, against the least jerk, and how
#: many times as much with every frame farther away. Chosen on pairs of clips (docs/transitions.md).
STIFFNESS = 1e-3
GROWTH = (2.5, 1.8, 1.4, 1.15)

#: A seam that shows no more than this needs no more room: within what the motions do themselves.
UNSEEN = 1.2


@dataclass(frozen=True)
class Layout:
    """Where patch tokens lie over the frames of a result.

    Tokens start on the seam after the prefix, so a prefix whose length is no multiple of the patch
    loses its oldest frames as context, never its newest. Without a prefix they end on the seam
    before the suffix. ::

        frames   |p p p p p p|. . . . . .|s s s s|
        tokens       |   0   |   1   |   2   |       first = 2, 1 held before, rest free

    Attributes:
        patch: Frames a token.
        first: The result's frame at which token 0 begins, below zero where context is made up.
        tokens: How many tokens.
        before: How many tokens at the start are held.
        after: How many tokens at the end are held.
    """

    patch: int
    first: int
    tokens: int
    before: int = 0
    after: int = 0

    def start(self, token: int) -> int:
        """The result's frame at which ``token`` begins."""
        return self.first + token * self.patch


def layout(frames: int, patch: int, prefix: int = 0, suffix: int = 0) -> Layout:
    """Tokens for ``frames`` of which the first ``prefix`` and the last ``suffix`` are given.

    Raises:
        BackendError: nothing is left to generate.
    """
    if prefix + suffix >= frames:
        raise BackendError(
            f"{frames} frames leave nothing to generate between {prefix} frames before and "
            f"{suffix} after; ask for more."
        )
    seam = frames - suffix
    if prefix:
        first = prefix % patch if prefix >= patch else prefix - patch
    else:
        first = -(-seam % patch) if suffix else 0
    before = (prefix - first) // patch if prefix else 0
    to_seam = -((first - seam) // patch)
    # A suffix shorter than a patch is lengthened by holding its pace, so that one token holds it.
    after = max(1, (frames - first) // patch - to_seam) if suffix else 0
    return Layout(patch, first, to_seam + after, before, after)


def window(motion: Motion, start: int, stop: int) -> Motion:
    """Frames ``start <= f < stop``, kept going at the end's pace where they lie outside the clip.

    One frame alone is held still.
    """
    frames = np.arange(start, stop)
    last = len(motion) - 1
    inside = motion.sample(frames)
    if last == 0 or (start >= 0 and stop <= len(motion)):
        return inside
    edge = np.where(frames < 0, 0, last)
    inner = np.where(frames < 0, 1, last - 1)
    count = np.abs(frames - edge).astype(np.float64)
    outside = (frames < 0) | (frames > last)
    root = motion.root_positions
    moved = root[edge] + (root[edge] - root[inner]) * count[:, None]
    moved[:, 1] = inside.root_positions[:, 1]  # height is held: a bob would carry on for ever
    return replace(inside, root_positions=np.where(outside[:, None], moved, inside.root_positions))


def join(
    made: Motion,
    prefix: Motion | None,
    suffix: Motion | None,
    arrive: bool = True,
) -> Motion:
    """``made`` with its first and last frames replaced by ``prefix`` and ``suffix``, exactly.

    The rest is placed where the prefix ends (or leads to where the suffix begins). With both, its
    path is bent so that it arrives, or, without ``arrive``, the suffix is moved as a whole to where
    it leads. Near the seams it gives way to what it has to join (:func:`_relaxed`).
    """
    if prefix is None and suffix is None:
        return made
    start, stop = len(prefix or ()), len(made) - len(suffix or ())
    if prefix is not None:
        made = _placed(made, start - 1, prefix, len(prefix) - 1)
        if suffix is not None and arrive:
            made = _bent(made, start - 1, stop, suffix)
        elif suffix is not None:
            suffix = _placed(suffix, 0, made, stop)
    elif suffix is not None:
        made = _placed(made, stop, suffix, 0)
    return _relaxed(made.slice(start, stop), prefix, suffix)


def _placed(made: Motion, frame: int, target: Motion, at: int) -> Motion:
    """``made`` as a whole, on the ground, so that ``frame`` stands where ``target`` does."""
    turn = float(target.headings[at] - made.headings[frame])
    x, _, z = rot.rotate(rot.yaw(turn), made.root_positions[frame])
    goal = target.root_positions[at]
    return made.placed(turn, (goal[0] - x, 0.0, goal[2] - z))


def _bent(made: Motion, start: int, stop: int, target: Motion) -> Motion:
    """``made`` with its path after ``start`` turned and stretched to reach ``target`` at ``stop``.

    Every step of the path turns by a growing share of the missing angle, then the missing distance
    is spread the same way; frames from ``stop`` on move along.
    """
    share = np.zeros(len(made))
    share[start + 1 : stop] = ease(stop - start - 1)
    share[stop:] = 1.0
    missing = float(target.headings[0] - made.headings[stop])
    missing = (missing + np.pi) % (2 * np.pi) - np.pi
    turns = rot.yaw(share * missing)
    root = made.root_positions.copy()
    steps = rot.rotate(turns[1:], np.diff(root, axis=0))
    root[1:, [0, 2]] = root[0, [0, 2]] + np.cumsum(steps, axis=0)[:, [0, 2]]
    left = target.root_positions[0] - root[stop]
    root[:, [0, 2]] += share[:, None] * left[[0, 2]]
    rotations = made.rotations.copy()
    rotations[:, 0] = rot.multiply(turns, rotations[:, 0])
    return replace(made, root_positions=root, rotations=rotations)


def _relaxed(made: Motion, prefix: Motion | None, suffix: Motion | None) -> Motion:
    """Prefix, ``made`` and suffix in a row, ``made`` led smoothly out of one and into the other.

    Every channel of ``made`` gives way to the least jerk (third difference) between the frames
    that stay, the more the nearer it is to them: the solution ``x`` of

        min  sum |D3 (before, x, after)|^2  +  sum w |x - made|^2,    w = STIFFNESS growth^k

    at ``k`` frames from the nearest seam. Position, velocity and acceleration run on over both
    seams; a gap of a few frames becomes the motion of least jerk (Flash and Hogan 1985). Where
    ``made`` is far from what it has to join, it gives way over more frames: the first of
    :data:`GROWTH` is taken whose seams do not show, else the one whose seams show least.
    """
    best, least = None, np.inf
    for growth in GROWTH:
        whole = _led(made, prefix, suffix, growth)
        shows = _shows(whole, prefix, suffix)
        if shows < least:
            best, least = whole, shows
        if shows <= UNSEEN:
            break
    assert best is not None
    return best


def _led(made: Motion, prefix: Motion | None, suffix: Motion | None, growth: float) -> Motion:
    before = None if prefix is None else prefix.slice(max(len(prefix) - 3, 0), len(prefix))
    after = None if suffix is None else suffix.slice(0, min(3, len(suffix)))
    parts = [part for part in (before, made, after) if part is not None]
    fixed = np.ones(sum(len(part) for part in parts), dtype=bool)
    free = slice(len(before or ()), len(before or ()) + len(made))
    fixed[free] = False
    solve = _least_jerk(fixed, growth)
    root = solve(np.concatenate([part.root_positions for part in parts]))[free]
    turns = rot.continuous(np.concatenate([part.rotations for part in parts]))
    led = replace(made, root_positions=root, rotations=rot.normalize(solve(turns)[free]))
    whole = ([prefix] if prefix is not None else []) + [led]
    return concat(whole + ([suffix] if suffix is not None else []))


def _least_jerk(fixed: NDArray[np.bool_], growth: float) -> Callable[[Array], Array]:
    """Solves for the frames of ``[T, ...]`` that are not ``fixed[T]``; see :func:`_relaxed`."""
    total, free, stays = len(fixed), np.flatnonzero(~fixed), np.flatnonzero(fixed)
    third = np.zeros((max(total - 3, 0), total))
    for row in range(len(third)):
        third[row, row : row + 4] = (-1.0, 3.0, -3.0, 1.0)
    from_seam = np.abs(free[:, None] - stays[None]).min(axis=1) - 1.0
    weight = STIFFNESS * np.minimum(growth**from_seam, 1e9)
    inner = third[:, free]
    system = inner.T @ inner + np.diag(weight)

    def solve(values: Array) -> Array:
        flat = values.reshape(total, -1).copy()
        wanted = weight[:, None] * flat[free] - inner.T @ (third[:, stays] @ flat[stays])
        flat[free] = np.linalg.solve(system, wanted)
        return flat.reshape(values.shape)

    return solve


def keep(made: Motion, kept: Kept) -> Motion:
    """``made`` with what is kept put back exactly, and what lies around it leading there.

    Joints that are kept in every frame are copied; one that is kept at some frames gives way before
    and after them (:func:`_relaxed`). Where the root is kept, ``made`` is placed there as a whole,
    and between two such frames its path is shifted smoothly from the one to the other.
    """
    rooted = np.flatnonzero(kept.mask[:, 0])
    if len(rooted):
        made = _placed(made, int(rooted[0]), kept.motion, int(rooted[0]))
        made = _shifted(made, kept.motion, rooted)
    growth = GROWTH[1]
    root = np.where(kept.mask[:, :1], kept.motion.root_positions, made.root_positions)
    turns = np.where(kept.mask[..., None], kept.motion.rotations, made.rotations)
    if 0 < len(rooted) < len(made):
        root = _least_jerk(kept.mask[:, 0], growth)(root)
    turns = rot.continuous(turns)
    for rows in np.unique(kept.mask.T, axis=0):
        if 0 < rows.sum() < len(rows):
            joints = (rows == kept.mask.T).all(axis=1)
            turns[:, joints] = _least_jerk(rows, growth)(turns[:, joints])
    turns = np.where(kept.mask[..., None], kept.motion.rotations, rot.normalize(turns))
    return replace(made, root_positions=root, rotations=turns)


def _shifted(made: Motion, target: Motion, frames: NDArray[np.intp]) -> Motion:
    """``made`` moved over the ground so that it is over ``target`` at ``frames``."""
    missing = target.root_positions[frames] - made.root_positions[frames]
    at = np.arange(len(made))
    root = made.root_positions.copy()
    for axis in (0, 2):
        root[:, axis] += np.interp(at, frames, missing[:, axis])
    return replace(made, root_positions=root)


def _shows(whole: Motion, prefix: Motion | None, suffix: Motion | None) -> float:
    """How much the seams show, as :mod:`motion.joins` reads them."""
    own = [pace(part) for part in (prefix, suffix) if part is not None]
    at = [] if prefix is None else [len(prefix)]
    at += [] if suffix is None else [len(whole) - len(suffix)]
    return max(measure_seam(whole, frame, 0, own[0], own[-1]).ratio for frame in at)
