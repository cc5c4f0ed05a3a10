"""The first poses of a piece, on their way from what plays before it (docs/adr/0010, Joins)."""

from __future__ import annotations

import numpy as np

from motion import rotations as rot
from motion.clip import ease
from motion.inertialize import Poses, carried, offsets, shifted
from studio.document.ground import Place
from studio.document.model import Blend
from studio.document.played import Played


def blended(
    before: Played,
    last: int,
    held: bool,
    between: Place,
    after: Played,
    first: int,
    blend: Blend,
) -> Poses:
    """``blend.frames`` poses of ``after`` from frame ``first`` on, in its played coordinates.

    Args:
        before: What plays before, up to frame ``last``, where it stands still if ``held``.
        between: The place of ``before`` in the coordinates of ``after``.
        blend: An inertialization or a cross-fade.
    """
    poses = _poses(after, np.arange(first, first + blend.frames))
    if blend.kind == "crossfade":
        on = last + 1 + np.arange(blend.frames)
        on = np.full_like(on, last) if held else np.minimum(on, len(before) - 1)
        old = _placed(_poses(before, on), between)
        return _mixed(old, poses, blend)
    old = _placed(_going_on(before, last, held), between)
    return shifted(poses, offsets(old, _coming(after, first), blend.frames))


def _poses(played: Played, frames: np.ndarray) -> Poses:
    return Poses(played.root[frames], played.rotations[frames])


def _placed(poses: Poses, place: Place) -> Poses:
    turn = place.rotation
    turned = poses.rotations.copy()
    turned[:, 0] = rot.multiply(turn, turned[:, 0])
    return Poses(rot.rotate(turn, poses.root) + place.offset, turned)


def _mixed(old: Poses, new: Poses, blend: Blend) -> Poses:
    w = ease(blend.frames, blend.curve)[:, None]
    return Poses((1 - w) * old.root + w * new.root, rot.slerp(old.rotations, new.rotations, w))


def _going_on(before: Played, last: int, held: bool) -> Poses:
    """The last pose before the join, and the one at it."""
    if held:
        return _poses(before, np.array([last, last]))
    if last + 1 < len(before):
        return _poses(before, np.array([last, last + 1]))
    return _from(carried(_poses(before, np.array([max(last - 1, 0), last]))), [1, 2])


def _coming(after: Played, first: int) -> Poses:
    """The pose one frame before the join, and the first after it."""
    if first >= 1:
        return _poses(after, np.array([first - 1, first]))
    return _from(carried(_poses(after, np.array([min(1, len(after) - 1), 0]))), [2, 1])


def _from(poses: Poses, rows: list[int]) -> Poses:
    return Poses(poses.root[rows], poses.rotations[rows])
