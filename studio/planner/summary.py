"""What a planner sees of a project: fit for a prompt, enough to resolve what people say."""

from __future__ import annotations

from dataclasses import dataclass

from studio.document.model import CharacterId, ClipId, Project, TrackId


@dataclass(frozen=True)
class ClipSummary:
    """One clip. ``text`` is what it was made from, or its name where it was read from a file."""

    id: ClipId
    name: str
    text: str
    track: TrackId
    character: CharacterId
    start: int
    stop: int


@dataclass(frozen=True)
class CharacterSummary:
    """One character, its tracks from top to bottom and where it stands: x, z, turn."""

    id: CharacterId
    name: str
    tracks: tuple[TrackId, ...]
    place: tuple[float, float, float]


@dataclass(frozen=True)
class Focus:
    """What the conversation and the hand were at last.

    Attributes:
        selection: Clips selected now.
        playhead: The frame shown.
        clips: What the last turn made or changed: "it", "that".
        character: Who was spoken of last: "he", "she".
        asked: The question that the last turn ended with, or empty.
        request: The line that the question was about, or empty.
        options: The answers that the question offered.
        answers: What was answered to earlier questions about the same line.
        said: The line before this one, or empty.
    """

    selection: tuple[ClipId, ...] = ()
    playhead: int = 0
    clips: tuple[ClipId, ...] = ()
    character: CharacterId | None = None
    asked: str = ""
    request: str = ""
    options: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    said: str = ""


@dataclass(frozen=True)
class Abilities:
    """What the installed models and formats can do.

    Attributes:
        conditions: Of :data:`backends.api.Condition`, for the chosen model.
        bundles: Names of the models.
        formats: Suffixes that can be written.
        max_seconds: The longest motion of one request.
    """

    conditions: frozenset[str] = frozenset({"text"})
    bundles: tuple[str, ...] = ()
    formats: tuple[str, ...] = ("bvh", "glb", "npz")
    max_seconds: float = 10.0


@dataclass(frozen=True)
class Summary:
    """A project for planning.

    Attributes:
        project: The document itself, for ids and exact edits; a language model sees the rest only.
        clips: In order of time.
    """

    project: Project
    clips: tuple[ClipSummary, ...]
    characters: tuple[CharacterSummary, ...]
    focus: Focus = Focus()

    @property
    def fps(self) -> float:
        return self.project.fps


def summarise(project: Project, focus: Focus | None = None) -> Summary:
    """The summary of ``project``."""
    clips = [
        ClipSummary(
            id=clip.id,
            name=clip.name,
            text=clip.provenance.prompt if clip.provenance else clip.name,
            track=track.id,
            character=track.character,
            start=clip.start,
            stop=clip.stop,
        )
        for track, clip in project.clips
    ]
    characters = [
        CharacterSummary(
            id=who.id,
            name=who.name,
            tracks=tuple(t.id for t in project.timeline.tracks if t.character == who.id),
            place=(who.placement.x, who.placement.z, who.placement.turn),
        )
        for who in project.characters
    ]
    clips.sort(key=lambda clip: (clip.start, clip.stop))
    return Summary(project, tuple(clips), tuple(characters), focus or Focus())
