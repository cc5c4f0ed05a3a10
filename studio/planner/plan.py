"""A plan: what a line of chat means, as steps that can be shown, changed by hand and carried out.

In JSON every step has ``kind``. A step names clips and characters by id; a ``generate`` step says
in ``made`` which id its clip will have, so that later steps of the same plan can refer to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator

from studio.document.commands import EditCommand
from studio.document.model import Aim, CharacterId, ClipId, Range

#: More steps than anyone means with one line.
MAX_STEPS = 200

Body = Literal["upper_body", "lower_body", "left_arm", "right_arm", "arms", "head", "legs"]


@dataclass(frozen=True)
class Generate:
    """Make motion from words.

    Attributes:
        text: One sentence about one person, as the models were taught: "A person waves ...".
        seconds: How long, or None to let the planner's caller choose (what the words suggest).
        character: Who does it.
        aim: Where it goes (see :data:`studio.document.model.Aim`).
        made: The id of the clip it will be; for ``replace`` the id of the clip that changes.
        body_part: What moves; the rest keeps what the clip has. None for all of the body.
        style: The words of ``text`` that say how and not what ("angrily"), or None.
        bundle: The model, or None for the chosen one.
        speed: Play what was made at this speed.
        loops: How many times it goes round.
    """

    text: str
    character: CharacterId
    aim: Annotated[Aim, Discriminator("kind")]
    made: ClipId
    seconds: float | None = None
    body_part: Body | None = None
    style: str | None = None
    bundle: str | None = None
    speed: float = 1.0
    loops: int = 1
    kind: Literal["generate"] = "generate"


@dataclass(frozen=True)
class Edit:
    """One command. In JSON its fields stand beside ``kind``, and ``command`` is its kind."""

    command: EditCommand
    kind: Literal["edit"] = "edit"


@dataclass(frozen=True)
class Transition:
    """How one clip leads to the next.

    Attributes:
        before, after: Neighbours on one track.
        how: ``synthesize`` generates the frames between; the others set the blend of ``after``.
        seconds: Length of what is generated, or of the blend; None for the usual.
        text: What happens in between, or None.
    """

    before: ClipId
    after: ClipId
    how: Literal["synthesize", "inertialize", "crossfade", "cut"] = "synthesize"
    seconds: float | None = None
    text: str | None = None
    kind: Literal["transition"] = "transition"


@dataclass(frozen=True)
class Caption:
    """Say what a character does in ``range`` (all of it if None)."""

    character: CharacterId
    range: Range | None = None
    kind: Literal["caption"] = "caption"


@dataclass(frozen=True)
class Reason:
    """Answer a question about the scene from what is measured, and a language model if set.

    Attributes:
        about: What the facts are gathered of, or None for everyone.
    """

    question: str
    about: CharacterId | None = None
    range: Range | None = None
    kind: Literal["reason"] = "reason"


@dataclass(frozen=True)
class Place:
    """Stand a character relative to another at the start, as Motion-Agent's (rotation, x, z).

    Attributes:
        character: Who is placed.
        relative_to: From whom ``x``, ``z`` and ``turn`` are measured, in that one's heading; None
            for the world.
        x, z: Metres: +Z ahead, +X to the left.
        turn: Radians about +Y.
    """

    character: CharacterId
    x: float
    z: float
    turn: float = 0.0
    relative_to: CharacterId | None = None
    kind: Literal["place"] = "place"


@dataclass(frozen=True)
class Export:
    """Write a file for the animator to keep.

    Attributes:
        format: A suffix without its dot.
        clips: These alone, or empty for the timeline.
        range: Frames of the timeline, or None for its own range.
    """

    format: str
    character: CharacterId | None = None
    clips: tuple[ClipId, ...] = ()
    range: Range | None = None
    kind: Literal["export"] = "export"


@dataclass(frozen=True)
class Undo:
    """Take back the last ``times`` turns or edits; ``redo`` brings them again."""

    times: int = 1
    redo: bool = False
    kind: Literal["undo"] = "undo"


@dataclass(frozen=True)
class Find:
    """Look for takes and files that fit ``text``."""

    text: str
    kind: Literal["find"] = "find"


@dataclass(frozen=True)
class Ask:
    """One short question where the line cannot be understood, with answers to choose from."""

    question: str
    options: tuple[str, ...] = ()
    kind: Literal["ask"] = "ask"


Step = Generate | Edit | Transition | Caption | Reason | Place | Export | Undo | Find | Ask


@dataclass(frozen=True)
class Plan:
    """What to answer, and what to do.

    Attributes:
        reply: One sentence in the words of the animator.
        steps: In order; carried out as one undoable batch.
        source: Who made it: ``rules``, or the name of a language model.
        notice: Why another source than asked for answered, or empty.
    """

    reply: str
    steps: tuple[Step, ...] = ()
    source: str = "rules"
    notice: str = ""
