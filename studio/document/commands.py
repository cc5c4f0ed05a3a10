"""Every edit of a project, as a value: what the browser sends, chat plans and history keeps.

A command names what it acts on by id and carries the ids of what it makes, so that applying it is
a pure function (``apply.py``). ``target`` is always clips. Drawings show a track before and after;
``|`` bounds a clip, ``.`` is an empty frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Discriminator

from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Constraint,
    KeyId,
    Marker,
    MarkerId,
    Media,
    Placement,
    Provenance,
    Range,
    Take,
    TakeId,
    Track,
    TrackId,
)

Clips = tuple[ClipId, ...]

# -- tracks ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AddTrack:
    """Put ``track`` at ``index`` from the top, or below the last."""

    track: Track
    index: int | None = None
    kind: Literal["add_track"] = "add_track"


@dataclass(frozen=True)
class RemoveTrack:
    """Remove a track with its clips."""

    track: TrackId
    kind: Literal["remove_track"] = "remove_track"


@dataclass(frozen=True)
class MoveTrack:
    """Put a track at ``index`` from the top: upper tracks of a character play over lower ones."""

    track: TrackId
    index: int
    kind: Literal["move_track"] = "move_track"


@dataclass(frozen=True)
class SetTrack:
    """Change what is given of a track's name, character, mute, solo and lock."""

    track: TrackId
    name: str | None = None
    character: CharacterId | None = None
    mute: bool | None = None
    solo: bool | None = None
    lock: bool | None = None
    kind: Literal["set_track"] = "set_track"


# -- clips on the timeline ------------------------------------------------------------------------


@dataclass(frozen=True)
class AddClip:
    """Put ``clip`` on a track where it says. With ``ripple`` all that begins there makes room.

    ::

        |A A A A|B B|       add C at 4, ripple   ->  |A A A A|C C C|B B|
    """

    track: TrackId
    clip: Clip
    ripple: bool = False
    kind: Literal["add_clip"] = "add_clip"


@dataclass(frozen=True)
class RemoveClip:
    """Remove clips. With ``ripple`` what follows on their tracks closes up.

    ::

        |A A|B B B|C C|     remove B             ->  |A A|. . .|C C|
                            remove B, ripple     ->  |A A|C C|
    """

    target: Clips
    ripple: bool = False
    kind: Literal["remove_clip"] = "remove_clip"


@dataclass(frozen=True)
class MoveClip:
    """Move clips ``by`` frames, and ``rows`` tracks down. An overlap becomes the blend.

    ::

        |A A A|. .|B B|     move B by -2         ->  |A A A|B B|
        |A A A|B B B|       move B by -1         ->  |A A x B B|

    With ``ripple`` later clips of the same tracks move along.
    """

    target: Clips
    by: int = 0
    rows: int = 0
    ripple: bool = False
    kind: Literal["move_clip"] = "move_clip"


@dataclass(frozen=True)
class TrimClip:
    """Drag an edge to ``frame`` of the timeline; what is cut off stays as a handle.

    ::

        |a b c d e|         trim head to 2       ->  . . |c d e|
                            trim tail to 3       ->  |a b c|

    A clip that goes round can be drawn out without end, others as far as their media reaches.
    With ``ripple`` a trimmed head moves to where the clip began, and what follows closes up.
    """

    target: Clips
    edge: Literal["head", "tail"]
    frame: int
    ripple: bool = False
    kind: Literal["trim_clip"] = "trim_clip"


@dataclass(frozen=True)
class SlipClip:
    """Show another range of the media in the same place of the timeline.

    ::

        a|b c d|e f         slip by 1            ->  a b|c d e|f
    """

    target: Clips
    by: int
    kind: Literal["slip_clip"] = "slip_clip"


@dataclass(frozen=True)
class SplitClip:
    """Cut clips in two at ``frame``; the motion stays the same to the bit.

    ::

        |a b c d e|         split at 3           ->  |a b c|d e|

    ``made`` are the ids of the right parts, one for each of ``target``. Where clips overlap they
    are not split, nor a pinned clip of which another track covers a part.
    """

    target: Clips
    frame: int
    made: Clips
    kind: Literal["split_clip"] = "split_clip"


@dataclass(frozen=True)
class DuplicateClip:
    """Copy clips ``by`` frames later and ``rows`` tracks down; ``made`` are the copies' ids.

    ::

        |A A|               duplicate by 2       ->  |A A|A A|

    With ``ripple`` what begins at or after a copy's start makes room.
    """

    target: Clips
    made: Clips
    by: int
    rows: int = 0
    ripple: bool = False
    kind: Literal["duplicate_clip"] = "duplicate_clip"


@dataclass(frozen=True)
class RenameClip:
    """Give clips a name."""

    target: Clips
    name: str
    kind: Literal["rename_clip"] = "rename_clip"


@dataclass(frozen=True)
class EnableClip:
    """Play clips, or keep them and pass over them."""

    target: Clips
    enabled: bool
    kind: Literal["enable_clip"] = "enable_clip"


# -- what clips do --------------------------------------------------------------------------------


@dataclass(frozen=True)
class RetimeClip:
    """Play at ``speed`` (2 is twice as fast), backwards if ``reverse``; None keeps what is.

    ::

        |a b c d e f|       speed 2              ->  |a c e|
        |a b c|             reverse              ->  |c b a|
    """

    target: Clips
    speed: float | None = None
    reverse: bool | None = None
    ripple: bool = False
    kind: Literal["retime_clip"] = "retime_clip"


@dataclass(frozen=True)
class LoopClip:
    """Go round ``times`` times, each cycle following on from the last; 1 plays it once.

    ::

        |a b c|             loop 2               ->  |a b c a b c|
    """

    target: Clips
    times: int
    ripple: bool = False
    kind: Literal["loop_clip"] = "loop_clip"


@dataclass(frozen=True)
class MirrorClip:
    """Exchange left and right."""

    target: Clips
    mirror: bool
    kind: Literal["mirror_clip"] = "mirror_clip"


@dataclass(frozen=True)
class InPlaceClip:
    """Keep the root over where the clip begins."""

    target: Clips
    in_place: bool
    kind: Literal["in_place_clip"] = "in_place_clip"


@dataclass(frozen=True)
class PlaceClip:
    """Offset and turn clips on the ground, relative to what comes before or pinned."""

    target: Clips
    placement: Placement
    kind: Literal["place_clip"] = "place_clip"


@dataclass(frozen=True)
class ExtrapolateClip:
    """What the character does after the clip until another begins."""

    target: Clips
    extrapolate: Literal["hold", "loop"]
    kind: Literal["extrapolate_clip"] = "extrapolate_clip"


@dataclass(frozen=True)
class SetBlend:
    """How clips take over from what comes before."""

    target: Clips
    blend: Blend
    kind: Literal["set_blend"] = "set_blend"


@dataclass(frozen=True)
class ReplaceMedia:
    """Give a clip another take. It keeps its place in time and its settings.

    ``source`` is the used range of the new media as played; None takes the range that is used now,
    cut where the new media ends. Its length becomes the clip's, but for one that goes round, which
    stays as long as it is; with ``ripple`` what follows moves.
    """

    target: Clips
    media: Media
    source: Range | None = None
    take: TakeId | None = None
    provenance: Provenance | None = None
    ripple: bool = False
    kind: Literal["replace_media"] = "replace_media"


# -- characters, keys, markers --------------------------------------------------------------------


@dataclass(frozen=True)
class AddCharacter:
    """Add someone to the scene."""

    character: Character
    kind: Literal["add_character"] = "add_character"


@dataclass(frozen=True)
class RemoveCharacter:
    """Remove a character with its tracks and keys."""

    character: CharacterId
    kind: Literal["remove_character"] = "remove_character"


@dataclass(frozen=True)
class SetCharacter:
    """Change what is given of a character's name, colour and place."""

    character: CharacterId
    name: str | None = None
    color: str | None = None
    placement: Placement | None = None
    kind: Literal["set_character"] = "set_character"


@dataclass(frozen=True)
class SetConstraint:
    """Add a constraint, or put it in the place of the one with its id."""

    constraint: Constraint
    kind: Literal["set_constraint"] = "set_constraint"


@dataclass(frozen=True)
class RemoveConstraint:
    """Remove constraints."""

    constraints: tuple[KeyId, ...]
    kind: Literal["remove_constraint"] = "remove_constraint"


@dataclass(frozen=True)
class SetMarker:
    """Add a marker, or put it in the place of the one with its id."""

    marker: Marker
    kind: Literal["set_marker"] = "set_marker"


@dataclass(frozen=True)
class RemoveMarker:
    """Remove markers."""

    markers: tuple[MarkerId, ...]
    kind: Literal["remove_marker"] = "remove_marker"


# -- the project ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RenameProject:
    """Give the project a name."""

    name: str
    kind: Literal["rename_project"] = "rename_project"


@dataclass(frozen=True)
class SetFps:
    """Change the frame rate; everything keeps its time in seconds as nearly as frames allow."""

    fps: float
    kind: Literal["set_fps"] = "set_fps"


@dataclass(frozen=True)
class SetRange:
    """What is looped and exported; None for all."""

    range: Range | None
    kind: Literal["set_range"] = "set_range"


@dataclass(frozen=True)
class AddTakes:
    """Keep what was generated or imported, beside the timeline."""

    takes: tuple[Take, ...]
    kind: Literal["add_takes"] = "add_takes"


@dataclass(frozen=True)
class SetTake:
    """Change what is given of a take's name and of its being kept or accepted."""

    take: TakeId
    name: str | None = None
    kept: bool | None = None
    accepted: bool | None = None
    kind: Literal["set_take"] = "set_take"


@dataclass(frozen=True)
class RemoveTakes:
    """Remove takes from the project's history of them; clips made of them stay."""

    takes: tuple[TakeId, ...]
    kind: Literal["remove_takes"] = "remove_takes"


@dataclass(frozen=True)
class Batch:
    """Several edits that are one: all of them or none, and one step of undo."""

    commands: tuple[Annotated[EditCommand, Discriminator("kind")], ...]
    label: str = ""
    kind: Literal["batch"] = "batch"


EditCommand = (
    AddTrack | RemoveTrack | MoveTrack | SetTrack
    | AddClip | RemoveClip | MoveClip | TrimClip | SlipClip | SplitClip | DuplicateClip
    | RenameClip | EnableClip | RetimeClip | LoopClip | MirrorClip | InPlaceClip | PlaceClip
    | ExtrapolateClip | SetBlend | ReplaceMedia
    | AddCharacter | RemoveCharacter | SetCharacter
    | SetConstraint | RemoveConstraint | SetMarker | RemoveMarker
    | RenameProject | SetFps | SetRange | AddTakes | SetTake | RemoveTakes
    | Batch
)  # fmt: skip
