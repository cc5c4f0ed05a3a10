"""The document's values: immutable, small, and free of motion data (that lies in a MediaStore).

Time is whole frames at the project's ``fps``; ranges are half-open. Places are metres and radians
on the ground, in the axes of :mod:`motion` (docs/adr/0010 says what a project means).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Literal, NewType

from pydantic import Discriminator

from motion.quality import Quality

#: The SHA-256 content hash of a motion, in hex; the key into a ``MediaStore``.
MediaId = NewType("MediaId", str)
TakeId = NewType("TakeId", str)
ClipId = NewType("ClipId", str)
TrackId = NewType("TrackId", str)
CharacterId = NewType("CharacterId", str)
MarkerId = NewType("MarkerId", str)
KeyId = NewType("KeyId", str)
TurnId = NewType("TurnId", str)

#: The version of what is saved; ``upgrades.py`` brings older ones up to it, a step at a time.
SCHEMA = 2


@dataclass(frozen=True)
class Range:
    """Frames ``start <= f < stop``."""

    start: int
    stop: int

    def __len__(self) -> int:
        return max(self.stop - self.start, 0)

    def __contains__(self, frame: object) -> bool:
        return isinstance(frame, int) and self.start <= frame < self.stop

    def moved(self, by: int) -> Range:
        return Range(self.start + by, self.stop + by)

    def overlap(self, other: Range) -> Range:
        """What lies in both; empty where they do not meet."""
        start = max(self.start, other.start)
        return Range(start, max(start, min(self.stop, other.stop)))


@dataclass(frozen=True)
class Media:
    """What there is of a motion: its id, how many frames, at which rate of its own."""

    id: MediaId
    frames: int
    fps: float

    def played(self, fps: float, speed: float = 1.0) -> int:
        """Frames at ``fps`` of the whole media at ``speed``: from its first to its last frame.

        Never past the last, as :meth:`motion.clip.Motion.resample` counts.
        """
        return math.floor((self.frames - 1) * fps / (self.fps * speed) + 1e-6) + 1


@dataclass(frozen=True)
class RequestRecord:
    """Everything of a request that, with prompt, seed and bundle, makes the same motion again.

    Attributes:
        frames: Length in frames at ``fps``, what is held included.
        fps: The bundle's frame rate.
        steps: Solver steps, or None for the bundle's default.
        guidance: Guidance scale, or None for the bundle's default.
        cleanup: Whether feet were locked and the motion lightly smoothed.
        prefix, suffix: Motion held before and after, or None.
        arrive: Whether the suffix's place in the world was held as well as its poses.
    """

    frames: int
    fps: float
    steps: int | None = None
    guidance: float | None = None
    cleanup: bool = True
    prefix: MediaId | None = None
    suffix: MediaId | None = None
    arrive: bool = True

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


@dataclass(frozen=True)
class Provenance:
    """How a generated take came about. ``seed`` is the take's own, not the request's first."""

    prompt: str
    seed: int
    bundle: str
    request: RequestRecord


# -- takes ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Append:
    """A take for the end of a track; the first track's where ``track`` is None."""

    track: TrackId | None = None
    kind: Literal["append"] = "append"


@dataclass(frozen=True)
class Insert:
    """A take for a track from ``start`` on."""

    track: TrackId
    start: int
    kind: Literal["insert"] = "insert"


@dataclass(frozen=True)
class Fill:
    """A take between two clips of one track. ``length`` frames of gap."""

    before: ClipId
    after: ClipId
    length: int
    kind: Literal["fill"] = "fill"


@dataclass(frozen=True)
class Continue:
    """A take that goes on where a clip ends."""

    clip: ClipId
    kind: Literal["continue"] = "continue"


@dataclass(frozen=True)
class Replace:
    """Another media for a clip: a fresh take of it, or one with ``span`` of its source made anew.

    ``span`` is None where all of it is new.
    """

    clip: ClipId
    span: Range | None = None
    kind: Literal["replace"] = "replace"


#: What a take was made for, and so where it goes when it is accepted.
Aim = Append | Insert | Fill | Continue | Replace


@dataclass(frozen=True)
class Take:
    """One motion that can be looked at, compared, accepted and saved.

    Attributes:
        id: Unique within its project.
        name: What the animator calls it; also the stem of exported files.
        media: The motion.
        lead, tail: Frames at its start and end that are context and not the take itself: what it
            was joined to. They serve as handles of the clip.
        aim: Where it goes when it is accepted.
        group: Takes of one request share it.
        kept: Put aside for later by the animator; the rest may be cleared away.
        accepted: Whether a clip was made of it.
        quality: Foot sliding, jitter and the rest, or None for a rig they cannot be measured on.
        match: How well it fits its text, cosine in the evaluator's space; None where not measured.
        provenance: None for a motion read from a file.
    """

    id: TakeId
    name: str
    media: Media
    lead: int = 0
    tail: int = 0
    aim: Annotated[Aim, Discriminator("kind")] = field(default_factory=Append)
    group: str = ""
    kept: bool = False
    accepted: bool = False
    quality: Quality | None = None
    match: float | None = None
    provenance: Provenance | None = None

    @property
    def frames(self) -> int:
        """Frames of the take itself at its own rate."""
        return self.media.frames - self.lead - self.tail

    @property
    def fps(self) -> float:
        return self.media.fps

    @property
    def seconds(self) -> float:
        return self.frames / self.fps


# -- the timeline ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Blend:
    """How a clip takes over from what plays before it, over its first ``frames`` frames.

    Where it overlaps the clip before, the overlap is the length and ``frames`` is not used.

    Attributes:
        kind: ``inertialize`` carries the difference of pose and velocity on and lets it die away;
            ``crossfade`` mixes with what the clip before would go on to do; ``cut`` does nothing.
        curve: Of the cross-fade's weight.
    """

    kind: Literal["inertialize", "crossfade", "cut"] = "inertialize"
    frames: int = 9
    curve: Literal["linear", "smooth"] = "smooth"


@dataclass(frozen=True)
class Placement:
    """Where a clip or a character stands on the ground.

    Attributes:
        x, z: Metres.
        turn: Radians about +Y.
        pinned: The numbers are of the world. Otherwise they are added to where the clip before
            ends, in its heading (see ``evaluate.py``).
    """

    x: float = 0.0
    z: float = 0.0
    turn: float = 0.0
    pinned: bool = False


@dataclass(frozen=True)
class Clip:
    """A used range of some media, at a place in time.

    The media is played at the project's rate, retimed (``speed``, ``reverse``), then mirrored and
    kept in place if so asked: that is the *played* media, ``played`` frames long. ``source`` is the
    range of it that is used; what lies outside are handles, for trims and cross-fades. ::

        played media   |. . . . h h [s s s s s s s] h h|
                                     source = 6:13
        timeline                  start |s s s s s s s|      frames = 7

    A clip of another length than its source's goes round in it, each cycle following on from the
    one before; ``phase`` is where in the first cycle it begins. Frame ``i`` of the clip plays
    ``source.start + (phase + i) % len(source)``, and what loops after its end goes on like that.

    Attributes:
        start: The project's frame at which it begins.
        frames: Its length on the timeline: ``len(source)`` unless it goes round.
        extrapolate: What the character does from its end until another clip begins.
        blend: How it takes over from the clip before.
        placement: Relative to the end of the clip before, or pinned to the world.
        enabled: A disabled clip is kept but not played.
        take: The take it was made of, or None.
    """

    id: ClipId
    name: str
    media: Media
    start: int
    frames: int
    source: Range
    phase: int = 0
    speed: float = 1.0
    reverse: bool = False
    mirror: bool = False
    in_place: bool = False
    extrapolate: Literal["hold", "loop"] = "hold"
    blend: Blend = field(default_factory=Blend)
    placement: Placement = field(default_factory=Placement)
    enabled: bool = True
    take: TakeId | None = None
    provenance: Provenance | None = None

    @property
    def stop(self) -> int:
        return self.start + self.frames

    @property
    def span(self) -> Range:
        return Range(self.start, self.stop)

    @property
    def goes_round(self) -> bool:
        """Whether its source is a cycle, and not just what it plays."""
        return self.phase > 0 or self.frames != len(self.source)

    def played(self, fps: float) -> int:
        """Frames of its played media at the project's ``fps``."""
        return self.media.played(fps, self.speed)


@dataclass(frozen=True)
class Track:
    """Clips in the order of their start. No frame has more than two, no clip lies in another."""

    id: TrackId
    name: str
    character: CharacterId
    clips: tuple[Clip, ...] = ()
    mute: bool = False
    solo: bool = False
    lock: bool = False

    @property
    def stop(self) -> int:
        """The end of its last clip; 0 when it is empty."""
        return max((clip.stop for clip in self.clips), default=0)


@dataclass(frozen=True)
class Marker:
    """A named frame."""

    id: MarkerId
    frame: int
    name: str


@dataclass(frozen=True)
class Timeline:
    """Tracks from top to bottom: of one character's tracks, the upper plays where it has a clip.

    Attributes:
        range: What is looped and exported; None for all of it.
    """

    tracks: tuple[Track, ...] = ()
    markers: tuple[Marker, ...] = ()
    range: Range | None = None

    @property
    def stop(self) -> int:
        return max((track.stop for track in self.tracks), default=0)


@dataclass(frozen=True)
class Character:
    """Who moves. ``placement`` is where the first clip begins, of the world always.

    Attributes:
        color: ``#rrggbb``, of the figure and its tracks.
    """

    id: CharacterId
    name: str
    color: str = "#5b9dd9"
    placement: Placement = field(default_factory=lambda: Placement(pinned=True))


@dataclass(frozen=True)
class PoseKey:
    """A pose that generated motion has to pass through: frame ``at`` of ``media``.

    Attributes:
        joints: Roles of the joints that count, or empty for all of them and the root.
    """

    id: KeyId
    character: CharacterId
    frame: int
    media: MediaId
    at: int = 0
    joints: tuple[str, ...] = ()
    kind: Literal["pose_key"] = "pose_key"


#: What generation has to obey, beside text.
Constraint = PoseKey


# -- the conversation -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Touched:
    """Frames of one character that a turn changed, of the timeline as it was then."""

    character: CharacterId
    range: Range


@dataclass(frozen=True)
class Turn:
    """One exchange: what the animator said, what was planned, and what came of it.

    Turns are kept beside the steps of undo, as takes are; only ``state`` follows them.

    Attributes:
        text: What was said.
        reply: What was answered; where it asks, ``options`` are answers to choose from.
        plan: The plan as JSON text (:mod:`studio.planner.codec`), or empty.
        state: ``planned`` until it is carried out; ``answered`` if that changed nothing,
            ``done`` if it made a step, ``undone`` while that is taken back.
        clips: What it made or changed.
        spans: The frames that may differ.
        takes: What it generated.
        character: Who was spoken of.
        instead: The turn that this one is another way of.
    """

    id: TurnId
    text: str
    reply: str = ""
    plan: str = ""
    state: Literal["planned", "answered", "done", "undone", "failed", "cancelled", "rejected"] = (
        "planned"
    )
    options: tuple[str, ...] = ()
    clips: tuple[ClipId, ...] = ()
    spans: tuple[Touched, ...] = ()
    takes: tuple[TakeId, ...] = ()
    character: CharacterId | None = None
    instead: TurnId | None = None


@dataclass(frozen=True)
class Project:
    """A performance: who moves, what they do when, what else was tried, and what was said."""

    name: str = "Untitled"
    fps: float = 30.0
    timeline: Timeline = field(default_factory=Timeline)
    characters: tuple[Character, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    takes: tuple[Take, ...] = ()
    conversation: tuple[Turn, ...] = ()
    schema: int = SCHEMA

    @property
    def clips(self) -> Iterator[tuple[Track, Clip]]:
        """Every clip with its track, from top to bottom and from left to right."""
        return ((track, clip) for track in self.timeline.tracks for clip in track.clips)

    @property
    def media(self) -> frozenset[MediaId]:
        """Everything it refers to in the media store."""
        used = {clip.media.id for _, clip in self.clips} | {key.media for key in self.constraints}
        made = [clip.provenance for _, clip in self.clips]
        for take in self.takes:
            used.add(take.media.id)
            made.append(take.provenance)
        for each in made:
            if each is not None:
                held = (each.request.prefix, each.request.suffix)
                used |= {media for media in held if media is not None}
        return frozenset(used)
