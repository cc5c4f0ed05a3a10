"""What a planner works on while it reads a line: the project as it will be, and the steps to it.

A line can say several things, and each is meant of what the one before left. So every step is tried
on the project at once; a clip that is still to be generated is there with a length that is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from studio.document.apply import apply
from studio.document.commands import AddCharacter, AddClip, AddTrack, Batch, EditCommand
from studio.document.model import (
    Aim,
    Append,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Continue,
    Fill,
    Insert,
    Media,
    MediaId,
    Project,
    Provenance,
    Range,
    Replace,
    RequestRecord,
    Take,
    TakeId,
    Track,
    TrackId,
)
from studio.document.placing import accept, fresh
from studio.planner.plan import Edit, Generate, Place, Step, Transition
from studio.planner.summary import Abilities, ClipSummary, Focus, Summary, summarise

#: How long a clip is taken to be until it is made, where nobody says.
GUESS_SECONDS = 3.0

#: Scores of candidates against a text, from sentence embeddings.
Nearest = Callable[[str, Sequence[str]], Sequence[float]]

#: Figures in the order in which they come in.
COLORS = ("#5b9dd9", "#e0884a", "#6fbf73", "#c678b8", "#d9c25b", "#5bc7c1")


class Declined(Exception):
    """This reading of a line does not hold; the next one is tried."""


class Unsure(Exception):
    """Two readings are left, or none: a question with answers to choose from."""

    def __init__(self, question: str, options: Sequence[str] = ()) -> None:
        super().__init__(question)
        self.question, self.options = question, tuple(options)


@dataclass
class Desk:
    """The project, the steps so far and what is spoken of.

    Attributes:
        answers: What was answered to questions about the line.
        touched: Clips that the line has made or changed, oldest first.
        speaker: The character spoken of.
        said: What to reply, where no steps say it.
        typed: The line as typed.
        question: Whether it ends as one.
    """

    project: Project
    focus: Focus
    abilities: Abilities
    nearest: Nearest | None = None
    answers: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    touched: list[ClipId] = field(default_factory=list)
    speaker: CharacterId | None = None
    said: list[str] = field(default_factory=list)
    typed: str = ""
    question: bool = False
    _summary: Summary | None = None

    # -- what there is ---------------------------------------------------------------------------

    @property
    def summary(self) -> Summary:
        if self._summary is None or self._summary.project is not self.project:
            self._summary = summarise(self.project, self.focus)
        return self._summary

    @property
    def clips(self) -> tuple[ClipSummary, ...]:
        return self.summary.clips

    @property
    def fps(self) -> float:
        return self.project.fps

    def clip(self, id: ClipId) -> tuple[Track, Clip]:
        """A clip that is there, with its track."""
        for track, clip in self.project.clips:
            if clip.id == id:
                return track, clip
        raise Declined

    def text(self, id: ClipId) -> str:
        """What a clip was made from."""
        return next(clip.text for clip in self.clips if clip.id == id)

    def lane(self, id: ClipId) -> list[Clip]:
        """The clips of the track that a clip is on, in order."""
        return list(self.clip(id)[0].clips)

    def character(self, id: CharacterId) -> Character:
        return next(who for who in self.project.characters if who.id == id)

    def who(self) -> CharacterId:
        """Whoever is meant where nobody is named."""
        there = [who.id for who in self.project.characters]
        for id in (
            self.speaker,
            *(self._of(c) for c in self.focus.selection),
            self.focus.character,
        ):
            if id is not None and id in there:
                return id
        if not there:
            return self.newcomer()
        return there[0]

    def _of(self, id: ClipId) -> CharacterId | None:
        return next((clip.character for clip in self.clips if clip.id == id), None)

    def track(self, who: CharacterId) -> TrackId:
        """The track of a character that new clips go to: the one that goes on longest."""
        tracks = [track for track in self.project.timeline.tracks if track.character == who]
        if not tracks:
            made = Track(TrackId(fresh(self.project, "track")[0]), self.character(who).name, who)
            self.edit(AddTrack(made))
            return made.id
        open_ones = [track for track in tracks if not track.lock] or tracks
        return max(open_ones, key=lambda track: track.stop).id

    # -- what is done ----------------------------------------------------------------------------

    def edit(self, command: EditCommand) -> None:
        """One edit; raises EditError where the project does not allow it."""
        self.edits((command,))

    def edits(self, commands: Sequence[EditCommand]) -> None:
        """Edits that make sense together: in between clips may lie over each other."""
        self.project = apply(self.project, Batch(tuple(commands)))
        for command in commands:
            self.steps.append(Edit(command))
            for id in (*getattr(command, "target", ()), *getattr(command, "made", ())):
                self.touch(id)

    def touch(self, id: ClipId) -> None:
        """Speak of a clip."""
        if id in self.touched:
            self.touched.remove(id)
        self.touched.append(id)

    def generate(self, step: Generate) -> None:
        """A clip to come, and more of it where it is longer than the model goes."""
        most = self.abilities.max_seconds
        left = (step.seconds or 0.0) - most
        if left > 1e-6 and not isinstance(step.aim, Replace):
            self._make(replace(step, seconds=most))
            more = replace(step, seconds=left, aim=Continue(step.made), made=self.fresh_clip())
            self.generate(more)
        else:
            self._make(step)

    def _make(self, step: Generate) -> None:
        self.steps.append(step)
        self.project = stood_in(self.project, step)
        self.touch(step.made)

    def fresh_clip(self) -> ClipId:
        return ClipId(fresh(self.project, "clip")[0])

    def newcomer(self, name: str = "") -> CharacterId:
        """Someone new, with a track."""
        id = CharacterId(fresh(self.project, "character")[0])
        number = len(self.project.characters) + 1
        color = COLORS[(number - 1) % len(COLORS)]
        self.edit(AddCharacter(Character(id, name or f"Character {number}", color)))
        self.track(id)
        return id

    def join(self, before: ClipId, after: ClipId) -> None:
        """Let two clips that are made in a row run into each other."""
        self.steps.append(Transition(before, after, how="inertialize"))

    def place(self, step: Place) -> None:
        self.steps.append(step)
        self.speaker = step.character

    # -- asking ----------------------------------------------------------------------------------

    def choose(self, question: str, options: Sequence[str]) -> str:
        """The option that was answered; asks where none was."""
        for answer in self.answers:
            if answer in options:
                return answer
        raise Unsure(question, options)

    def tried(self, reading: Callable[[], bool]) -> bool:
        """Whether a reading holds; if not, nothing of it stays."""
        kept = (self.project, list(self.steps), list(self.touched), self.speaker, list(self.said))
        try:
            if reading():
                return True
        except Declined:
            pass
        self.project, self.steps, self.touched, self.speaker, self.said = kept
        return False


def stood_in(project: Project, step: Generate) -> Project:
    """The project as it would be with a motion of the length asked for in the place of ``step``."""
    return place_made(project, step, stand_in(project, step))


def stand_in(project: Project, step: Generate) -> Media:
    """Media of the length that a step will have as far as is known; there is no motion in it."""
    frames = max(round(_seconds(project, step) * project.fps), 2)
    return Media(MediaId(f"to come {step.made}"), frames, project.fps)


def place_made(project: Project, step: Generate, media: Media) -> Project:
    """The project after ``step`` was made as ``media``: accepted, retimed, looped."""
    record = RequestRecord(media.frames, media.fps)
    made = Provenance(step.text, 0, step.bundle or "", record)
    take = Take(TakeId(f"made {step.made}"), step.text[:80], media, aim=step.aim, provenance=made)
    aim: Aim = step.aim
    if isinstance(aim, Replace) and aim.span is not None:
        old = next(clip for _, clip in project.clips if clip.id == aim.clip)
        take = replace(take, media=replace(old.media, id=media.id))
    with_take = replace(project, takes=(*project.takes, take))
    batch = accept(with_take, take.id)
    commands = tuple(
        replace(each, clip=replace(each.clip, id=step.made)) if isinstance(each, AddClip) else each
        for each in batch.commands
    )
    return replace(apply(with_take, replace(batch, commands=commands)), takes=project.takes)


def _seconds(project: Project, step: Generate) -> float:
    """As asked; as long as what is replaced; or a guess."""
    if step.seconds is not None:
        return step.seconds
    match step.aim:
        case Replace(clip):
            old = next((c for _, c in project.clips if c.id == clip), None)
            return len(old.source) * old.speed / project.fps if old else GUESS_SECONDS
        case Fill(_, _, length):
            return length / project.fps
        case Append() | Insert() | Continue():
            return GUESS_SECONDS


def span_in(clip: Clip, frames: Range) -> Range:
    """Frames of the timeline as played frames of a clip's source, for regenerating them."""
    inside = frames.overlap(clip.span)
    if clip.goes_round:
        return clip.source
    by = clip.source.start - clip.start
    return inside.moved(by)
