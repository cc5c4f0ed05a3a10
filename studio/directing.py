"""Carrying out a plan: motion is made, everything is edited as one step, questions are answered.

The steps are taken on the project as it will be, one after the other: what is to be taken back
first, then what is made and edited in the plan's own order, then who stands where, then answers
and files. Only then the edits are done, as one batch and one undo; where any step fails none of
them is. Takes that were made are kept in either case, and the best of each request is the one used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from backends.api import Cancelled, Progress
from motion.clip import Motion
from motion.errors import MotionStudioError
from motion.retarget import retarget
from motion.skeleton import BODY
from studio import aims, files, finding
from studio.document.affected import affected
from studio.document.apply import apply
from studio.document.commands import (
    AddCharacter,
    AddClip,
    Batch,
    EditCommand,
    LoopClip,
    ReplaceMedia,
    RetimeClip,
    SetBlend,
    SetCharacter,
)
from studio.document.errors import EditError
from studio.document.layout import pieces
from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Fill,
    Media,
    Project,
    Range,
    Replace,
    Take,
    TakeId,
    Touched,
    Track,
)
from studio.document.placing import fresh
from studio.finding import Found
from studio.orders import TAKES, Order
from studio.parts import with_part
from studio.placement import place
from studio.planner.plan import (
    Ask,
    Caption,
    Edit,
    Export,
    Find,
    Generate,
    Place,
    Plan,
    Reason,
    Step,
    Transition,
    Undo,
)
from studio.session import JOIN_SECONDS, Session
from studio.understanding.answers import answer, describe
from studio.understanding.scene import Scene

#: The longest label of a step of undo.
_LABEL = 60
#: What a step weighs in the progress that makes no motion; one that does weighs 1.
_LIGHT = 0.05


class DirectError(MotionStudioError):
    """A plan that cannot be carried out."""


@dataclass(frozen=True)
class Outcome:
    """What came of a plan.

    Attributes:
        reply: What to tell the animator.
        trouble: Why nothing was changed, part of the reply; empty if all was done.
        options: Answers to choose from where the reply is a question.
        clips: What was made or changed, and is there.
        spans: The frames that may differ.
        takes: What was made.
        character: Who it was about at last.
        files: What was written.
        found: What was found.
        stepped: Whether there is a step to undo.
    """

    reply: str
    trouble: str = ""
    options: tuple[str, ...] = ()
    clips: tuple[ClipId, ...] = ()
    spans: tuple[Touched, ...] = ()
    takes: tuple[TakeId, ...] = ()
    character: CharacterId | None = None
    files: tuple[Path, ...] = ()
    found: tuple[Found, ...] = ()
    stepped: bool = False


@dataclass(frozen=True)
class Settings:
    """How plans are carried out.

    Attributes:
        takes: How many takes are made of each thing, to choose the best from.
        exports: Where files go; None for a new folder among the system's temporary ones.
        folders: Where :class:`~studio.planner.plan.Find` looks beside the project.
        explain: What answers a question from facts in its own words, or None.
    """

    takes: int = TAKES
    exports: Path | None = None
    folders: tuple[Path, ...] = ()
    explain: Callable[[str, str], str] | None = None


def direct(
    session: Session,
    plan: Plan,
    progress: Progress = lambda fraction, note: None,
    *,
    line: str = "",
    settings: Settings | None = None,
    mark: str = "",
    seal: Callable[[Project, Outcome], Project] = lambda project, outcome: project,
) -> Outcome:
    """Carry out ``plan``; what goes wrong is said in the outcome.

    Args:
        progress: Over all steps; may stop the work, which then has changed nothing.
        line: What was said, the name of the step of undo.
        mark: What the history knows the step by (:attr:`studio.session.Session.marks`).
        seal: A last change of the project, done and undone with the step.

    Raises:
        Cancelled: ``progress`` asked to stop; takes that were made are kept.
    """
    for step in plan.steps:
        if isinstance(step, Ask):
            return Outcome(step.question, options=step.options)
    run = _Run(session, plan, line, settings or Settings(), mark, seal)
    try:
        return run.go(progress)
    except Cancelled:
        run.put_back()
        raise
    except MotionStudioError as error:
        run.put_back()
        return run.failed(error)


def speaking_of(project: Project, steps: Iterable[Step]) -> CharacterId | None:
    """Who the last of the steps that is about somebody is about."""
    owners = {clip.id: track.character for track, clip in project.clips}
    about: CharacterId | None = None
    for step in steps:
        match step:
            case Generate() | Caption() | Place():
                about = step.character
            case Reason() if step.about is not None:
                about = step.about
            case Export() if step.character is not None:
                about = step.character
            case Edit(AddCharacter(character)):
                about = character.id
            case Edit(SetCharacter(character)):
                about = character
            case Edit(command):
                about = next((owners[c] for c in targets(command) if c in owners), about)
            case Transition():
                about = owners.get(step.after, about)
    return about if any(about == who.id for who in project.characters) else None


def targets(command: EditCommand) -> Iterator[ClipId]:
    """The clips that a command names: changed, made or added."""
    if isinstance(command, Batch):
        for each in command.commands:
            yield from targets(each)
    elif isinstance(command, AddClip):
        yield command.clip.id
    else:
        yield from getattr(command, "target", ())
        yield from getattr(command, "made", ())


@dataclass
class _Run:
    """One plan on its way."""

    session: Session
    plan: Plan
    line: str
    settings: Settings
    mark: str
    seal: Callable[[Project, Outcome], Project]
    _made: dict[int, Take] = field(default_factory=dict)
    _spliced: dict[int, Media] = field(default_factory=dict)
    _takes: list[TakeId] = field(default_factory=list)
    _files: list[Path] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    _found: list[Found] = field(default_factory=list)
    _taken_back: list[bool] = field(default_factory=list)  # whether each was done again instead

    def go(self, progress: Progress) -> Outcome:
        """All of it."""
        first = self.session.project
        backs, edits, rest = _in_order(self.plan.steps)
        for step in backs:
            self._take_back(step)
        share = _Shares([*edits, *rest], progress)
        start = self.session.project
        commands, project = self._resolve(start, edits, share)
        for number, step in enumerate(rest, start=len(edits)):
            self._said.append(self._answered(step, project, share.of(number)))
        with self.session.reading():
            if _moved(start, self.session.project):
                # Somebody edited while motion was made: the same, on what is there now.
                commands, project = self._resolve(self.session.project, edits, share)
            return self._done(first, commands, edits, rest)

    def put_back(self) -> None:
        """As it was before: what was taken back comes again, files go."""
        while self._taken_back:
            again = self._taken_back.pop()
            self.session.undo() if again else self.session.redo()
        for path in self._files:
            path.unlink(missing_ok=True)
        self._files.clear()

    def failed(self, error: MotionStudioError) -> Outcome:
        """What to say of a plan that failed."""
        kept = f" {_counted(len(self._takes), 'take')} that came of it stay." if self._takes else ""
        sentence = f"{str(error).rstrip('.')}. Nothing was changed.{kept}"
        about = speaking_of(self.session.project, self.plan.steps)
        return Outcome(sentence, str(error), takes=tuple(self._takes), character=about)

    def _done(
        self,
        first: Project,
        commands: list[EditCommand],
        edits: Sequence[Step],
        rest: Sequence[Step],
    ) -> Outcome:
        session, before = self.session, self.session.project
        label = _shortened(self.line or self.plan.reply)
        batch = Batch(tuple(commands), label)
        after = apply(before, batch) if commands else before
        outcome = Outcome(
            reply=self._reply(),
            clips=_touched(edits, after),
            spans=tuple(Touched(who, span) for who, span in affected(first, after).items()),
            takes=tuple(self._takes),
            character=speaking_of(after, (*edits, *rest)),
            files=tuple(self._files),
            found=tuple(self._found),
            stepped=after != before,
        )
        if outcome.stepped:
            session.edit(batch, self.mark, lambda project: self.seal(project, outcome))
            reviewed = session.reviewed
            if reviewed is not None and reviewed.id in self._takes:
                session.review(None)
            if outcome.clips:
                session.select(outcome.clips, character=outcome.character)
        return outcome

    def _reply(self) -> str:
        said = [text for text in self._said if text]
        answers = all(isinstance(s, Caption | Reason | Find | Undo) for s in self.plan.steps)
        if not (said and answers and self.plan.steps):
            said.insert(0, self.plan.reply)
        return " ".join(text.strip() for text in said if text.strip())

    # -- taking back -----------------------------------------------------------------------------

    def _take_back(self, step: Undo) -> None:
        session, labels = self.session, []
        for _ in range(step.times):
            label = session.redo_label if step.redo else session.undo_label
            if not label:
                break
            session.redo() if step.redo else session.undo()
            self._taken_back.append(step.redo)
            labels.append(f"'{label}'")
        what = "redo" if step.redo else "undo"
        if not labels:
            raise EditError(f"There is nothing to {what}.")
        if len(labels) < step.times:
            self._said.append(f"There was no more to {what} than {_counted(len(labels), 'step')}.")
        verb = "Did again" if step.redo else "Took back"
        more = [f"and {len(labels) - 3} more"] if len(labels) > 3 else []
        self._said.append(f"{verb} {', '.join([*labels[:3], *more])}.")

    # -- edits -----------------------------------------------------------------------------------

    def _resolve(
        self, start: Project, steps: Sequence[Step], share: _Shares
    ) -> tuple[list[EditCommand], Project]:
        """The commands of steps, and the project after them; what was made before is used again."""
        commands: list[EditCommand] = []
        project: Project | None = start
        for number, step in enumerate(steps):
            progress = share.of(number)
            if isinstance(step, Edit):  # several may only make sense together
                commands.append(step.command)
                project = None
                continue
            project = self._after(start, commands) if project is None else project
            more = self._commands(number, step, project, progress)
            commands += more
            project = None if more else project
        return commands, self._after(start, commands) if project is None else project

    def _after(self, start: Project, commands: Sequence[EditCommand]) -> Project:
        """A project with the takes of now, and edits."""
        there = replace(start, takes=self.session.project.takes)
        return apply(there, Batch(tuple(commands)))

    def _commands(
        self, number: int, step: Step, project: Project, progress: Progress
    ) -> list[EditCommand]:
        match step:
            case Generate():
                return self._generated(number, step, project, progress)
            case Transition():
                return self._joined(number, step, project, progress)
            case Place():
                return place(project, step, lambda who, span: self._motion(project, who, span))
            case _:
                raise DirectError("Taking back comes first in a plan, or alone.")

    def _generated(
        self, number: int, step: Generate, project: Project, progress: Progress
    ) -> list[EditCommand]:
        order = Order(
            step.text, step.seconds, self.settings.takes, bundle=step.bundle, aim=step.aim
        )
        if step.body_part is not None:
            return self._part(number, step, order, project, progress)
        take = self._take(number, order, project, progress)
        commands = self._landed(take, project, step.made)
        if step.speed != 1.0:
            commands.append(RetimeClip((step.made,), step.speed, ripple=True))
        if step.loops != 1:
            commands.append(LoopClip((step.made,), step.loops, ripple=True))
        return commands

    def _landed(self, take: Take, project: Project, made: ClipId) -> list[EditCommand]:
        """The edit that accepts a take, its clip called ``made``."""
        project = replace(project, takes=self.session.project.takes)
        batch, _ = aims.landing(project, take.id, take.aim)
        return [
            replace(each, clip=replace(each.clip, id=made)) if isinstance(each, AddClip) else each
            for each in batch.commands
        ]

    def _part(
        self, number: int, step: Generate, order: Order, project: Project, progress: Progress
    ) -> list[EditCommand]:
        """A clip's motion with a part of the body from what is made."""
        if not isinstance(step.aim, Replace) or step.body_part is None:
            raise DirectError("A part of the body needs a clip that the rest comes from; name one.")
        clip = _clip(project, step.aim.clip)[1]
        if number not in self._spliced:
            base = self.session.media.get(clip.media.id)
            base = base if base.skeleton == BODY else retarget(base, BODY)
            order = replace(order, seconds=order.seconds or base.seconds, aim=Replace(clip.id))
            take = self._take(number, order, project, progress)
            made = self.session.media.get(take.media.id)
            made = made.slice(take.lead, take.lead + take.frames).resample(base.fps)
            mixed = with_part(base, made, step.body_part)
            self._spliced[number] = Media(self.session.media.put(mixed), len(mixed), mixed.fps)
        provenance = self._made[number].provenance
        media = self._spliced[number]
        return [ReplaceMedia((clip.id,), media, clip.source, provenance=provenance, ripple=True)]

    def _joined(
        self, number: int, step: Transition, project: Project, progress: Progress
    ) -> list[EditCommand]:
        (_, before), (_, after) = _clip(project, step.before), _clip(project, step.after)
        fps = project.fps
        if step.how != "synthesize":
            usual = after.blend.frames or Blend().frames
            frames = usual if step.seconds is None else max(round(step.seconds * fps), 1)
            return [SetBlend((after.id,), Blend(step.how, 0 if step.how == "cut" else frames))]
        gap = after.start - before.stop
        if step.seconds is not None or gap < 1:
            gap = max(round((JOIN_SECONDS if step.seconds is None else step.seconds) * fps), 1)
        aim = Fill(before.id, after.id, gap)
        order = Order(step.text or "", None, self.settings.takes, aim=aim)
        take = self._take(number, order, project, progress)
        return self._landed(take, project, self._free_clip(project))

    def _free_clip(self, project: Project) -> ClipId:
        """An id for a clip that nothing has and no step of the plan is to have."""
        planned = {step.made for step in self.plan.steps if isinstance(step, Generate)}
        return next(
            ClipId(id)
            for id in fresh(project, "clip", len(planned) + 1)
            if ClipId(id) not in planned
        )

    def _take(self, number: int, order: Order, project: Project, progress: Progress) -> Take:
        """The best take of a step; made once."""
        if number not in self._made:
            made = self.session.generate(order, progress, project)
            self._takes += [take.id for take in made]
            self._made[number] = made[0]
        return self._made[number]

    def _motion(self, project: Project, who: CharacterId, span: Range) -> Motion:
        return self.session.motion(who, span, project)

    # -- answers and files -----------------------------------------------------------------------

    def _answered(self, step: Step, project: Project, progress: Progress) -> str:
        progress(0.0, "Looking")
        scene = Scene(
            project,
            lambda who, span: self._motion(project, who, span),
            self.session.models.captioner,
            self.settings.explain,
        )
        match step:
            case Caption(who, span):
                return describe(scene, who, span)
            case Reason(question, about, span):
                return answer(scene, question, about, span)
            case Find(text):
                return self._look_for(text, project, progress)
            case Export():
                return self._exported(step, project)
            case _:
                raise DirectError("Taking back comes first in a plan, or alone.")

    def _look_for(self, text: str, project: Project, progress: Progress) -> str:
        here = list(finding.takes(project, self.session.media))
        for folder in self.settings.folders:
            here += finding.folder(folder)
        found = finding.find(text, here, self.session.models.judge.space, progress)
        self._found += found
        if not found:
            return "There is nothing to look through yet; generate or import something."
        told = ", ".join(f"'{each.name}' ({each.score:.2f})" for each in found)
        return f"Nearest to '{_shortened(text)}': {told}."

    def _exported(self, step: Export, project: Project) -> str:
        if step.format not in files.FORMATS:
            known = ", ".join(files.FORMATS)
            raise DirectError(f"'{step.format[:20]}' cannot be written; choose {known}.")
        folder = self.settings.exports or Path(tempfile.mkdtemp(prefix="motion-studio-"))
        written = [
            self._written(folder, stem, step.format, people, span, project)
            for stem, people, span in _subjects(step, project)
        ]
        # Where nobody chose the folder, it is of no interest.
        told = [str(path) if self.settings.exports else path.name for path in written]
        return f"Saved {', '.join(told)}."

    def _written(
        self, folder: Path, stem: str, suffix: str, people: Sequence[Character],
        span: Range | None, project: Project,
    ) -> Path:  # fmt: skip
        span = span or project.timeline.range or Range(0, max(project.timeline.stop, 1))
        motions = {who.name: self._motion(project, who.id, span) for who in people}
        if len(people) == 1:
            path = _free_path(folder, stem, f".{suffix}")
            files.save(next(iter(motions.values())), path)
        else:
            path = _free_path(folder, f"{stem}_{suffix}", ".zip")
            files.save_zip(motions, path, suffix)
        self._files.append(path)
        return path


class _Shares:
    """The progress of each step within that of all."""

    def __init__(self, steps: Sequence[Step], progress: Progress) -> None:
        self._weights = [1.0 if _makes(step) else _LIGHT for step in steps]
        self._progress, self._count = progress, len(steps)

    def of(self, number: int) -> Progress:
        """From a step's own progress; checks at once whether to stop."""
        total = sum(self._weights)
        before, weight = sum(self._weights[:number]), self._weights[number]
        step = f"Step {number + 1} of {self._count}" if self._count > 1 else ""

        def part(fraction: float, note: str) -> None:
            told = ": ".join(each for each in (step, note) if each)
            self._progress((before + weight * fraction) / total, told)

        part(0.0, "")
        return part


def _makes(step: Step) -> bool:
    return isinstance(step, Generate) or (isinstance(step, Transition) and step.how == "synthesize")


def _in_order(steps: Sequence[Step]) -> tuple[list[Undo], list[Step], list[Step]]:
    """What is taken back first; edits, then who stands where; answers and files."""
    backs: list[Undo] = []
    for step in steps:
        if not isinstance(step, Undo):
            break
        backs.append(step)
    rest = steps[len(backs) :]
    answers: list[Step] = [s for s in rest if isinstance(s, Caption | Reason | Find | Export)]
    edits = [s for s in rest if s not in answers]
    edits.sort(key=lambda step: isinstance(step, Place))
    return backs, edits, answers


def _moved(before: Project, now: Project) -> bool:
    """Whether more than takes and turns came to a project."""
    return before is not now and replace(before, takes=(), conversation=()) != replace(
        now, takes=(), conversation=()
    )


def _touched(steps: Sequence[Step], after: Project) -> tuple[ClipId, ...]:
    """The clips that steps are about, as far as they are there in the end."""
    there = {clip.id for _, clip in after.clips}
    named: list[ClipId] = []
    for step in steps:
        match step:
            case Generate():
                named.append(step.made)
            case Transition():
                named.append(step.after)
            case Edit(command):
                named += targets(command)
    return tuple(dict.fromkeys(clip for clip in named if clip in there))


def _subjects(
    step: Export, project: Project
) -> Iterator[tuple[str, Sequence[Character], Range | None]]:
    """Each file to be: its stem, who is in it, and which frames."""
    people = {who.id: who for who in project.characters}
    stem = files.file_stem(project.name, "project")
    if step.clips:
        for id in step.clips:
            track, clip = _clip(project, id)
            yield files.file_stem(clip.name, "clip"), [people[track.character]], clip.span
        return
    if step.character is not None:
        if step.character not in people:
            raise EditError("The character to export is no longer here; choose another.")
        who = people[step.character]
        name = files.file_stem(f"{project.name} {who.name}", "project")
        yield name, [who], step.range
        return
    moving = [who for who in project.characters if pieces(project, who.id)]
    if not moving:
        raise EditError("There is nothing on the timeline to export yet.")
    yield stem, moving, step.range


def _clip(project: Project, id: ClipId) -> tuple[Track, Clip]:
    for track, clip in project.clips:
        if clip.id == id:
            return track, clip
    raise EditError("A clip that the plan is about is no longer here; it was removed.")


def _free_path(folder: Path, stem: str, suffix: str) -> Path:
    """A name that no file has."""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path = folder / f"{stem}_{number}{suffix}"
        number += 1
    return path


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 3].rstrip()}..."


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
