"""Every conversion of units, axes and frame rates between files and :mod:`motion`.

Inside the project lengths are metres, +Y is up and quaternions are ``(w, x, y, z)``. Whatever a
format does otherwise is undone here, so that no reader or writer holds a factor of its own.
"""

from __future__ import annotations

import numpy as np

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
    (0.0254, 0.5),  # inches
    (0.0254 / 0.45, 0.5),  # Carnegie Mellon's ASF/AMC unit
)


def guess_unit(reach: float) -> float:
    """Metres per unit of a file in which a skeleton's longest path measures ``reach`` units.

    Picks the unit in :data:`UNIT_CANDIDATES` that brings the figure nearest to an adult's
    :data:`ADULT_REACH`, on a logarithmic scale. Children and stylised figures down to a third of
    an adult's size and giants up to three times it are told apart from a change of unit; a mouse
    in centimetres is not, and needs the unit said. A figure without extent counts as centimetres.
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
