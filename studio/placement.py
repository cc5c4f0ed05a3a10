"""Where people stand to each other: Motion-Agent's (rotation, x, z), as edits.

"Motion-Agent" (Wu et al. 2024) places a second person by a rotation and an offset on the ground,
relative to the first. In these axes (+Z ahead, +X to the left of whom it is relative to)::

    facing at d metres   (pi, 0, d)        beside, to the left   (0, d, 0)
    following behind     (0, 0, -d)        back to back          (pi, 0, -d)
"""

from __future__ import annotations

from collections.abc import Callable

from motion.clip import Motion
from studio.document.commands import EditCommand, PlaceClip, SetCharacter
from studio.document.errors import EditError
from studio.document.ground import Place as Ground
from studio.document.layout import pieces
from studio.document.model import CharacterId, Clip, Placement, Project, Range
from studio.planner.plan import Place

#: What a character of a project does in some frames.
Evaluate = Callable[[CharacterId, Range], Motion]


def place(project: Project, step: Place, motion: Evaluate) -> list[EditCommand]:
    """The edits that stand a character as ``step`` says.

    It is measured where the other is when the placed one begins to move, so that who comes in
    later still comes in beside them. A placement that the first clip has of its own stays.

    Raises:
        EditError: one of the two is not in the project, or they are the same.
    """
    who = _character(project, step.character)
    if step.relative_to is not None:
        _character(project, step.relative_to)
    if step.relative_to == who:
        raise EditError("Nobody can stand beside themselves; choose another character.")
    row = pieces(project, who)
    first = row[0].clip if row else None
    goal = Ground(step.turn, step.x, step.z)
    if step.relative_to is not None:
        frame = first.start if first else 0
        goal = standing(motion(step.relative_to, Range(frame, frame + 1))).after(goal)
    if first is not None and first.placement.pinned:
        return [PlaceClip((first.id,), _placement(goal))]
    return [SetCharacter(who, placement=_placement(goal.after(_own(first).inverse())))]


def standing(motion: Motion, frame: int = 0) -> Ground:
    """Where a figure stands in a frame: its root over the ground, and its heading."""
    x, _, z = motion.root_positions[frame].tolist()
    return Ground(float(motion.headings[frame]), x, z)


def _own(clip: Clip | None) -> Ground:
    """What the first clip adds to where its character is placed."""
    if clip is None:
        return Ground()
    return Ground(clip.placement.turn, clip.placement.x, clip.placement.z)


def _placement(at: Ground) -> Placement:
    return Placement(at.x, at.z, at.turn, pinned=True)


def _character(project: Project, id: CharacterId) -> CharacterId:
    if all(id != who.id for who in project.characters):
        raise EditError("The character to place is no longer here; add one first.")
    return id
