"""A session: one open project, and all that can be done with it. Needs no browser.

The browser, the command line and other programs use the same object. It holds the document with its
history, what is selected, the takes that are looked at, and the requests that are under way. Every
edit is kept before it returns.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

from backends.api import Progress
from motion.clip import Motion
from motion.errors import MotionStudioError
from studio import aims, files, making
from studio.bundles import Models
from studio.document.apply import apply
from studio.document.commands import (
    AddTakes,
    AddTrack,
    Batch,
    EditCommand,
    RemoveTakes,
    SetTake,
)
from studio.document.evaluate import Evaluator
from studio.document.layout import pieces
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
    Project,
    Range,
    Replace,
    Take,
    TakeId,
    Track,
    TrackId,
)
from studio.document.placing import fresh
from studio.document.storage import MediaStore
from studio.editing import Change, Editor, Home
from studio.jobs import Job, JobQueue
from studio.judging import ranked
from studio.orders import TAKES, Made, Order, Turn
from studio.seams import MeasuredJoin, SeamMeter
from studio.takes import free_names, listed, neighbour

#: Seconds between two clips that touch, when they are to be joined by generated motion.
JOIN_SECONDS = 0.6

T = TypeVar("T")

#: Looks at any session, ever rising; see :meth:`Session.reading`.
_looks = count(1)


class SessionError(MotionStudioError):
    """Something asked of a session that it has not."""


@dataclass(frozen=True)
class Selection:
    """What the animator's hand is on.

    Attributes:
        clips: Selected clips that exist.
        track, character: The ones used last, or None.
        playhead: The frame shown.
    """

    clips: tuple[ClipId, ...] = ()
    track: TrackId | None = None
    character: CharacterId | None = None
    playhead: int = 0


class Session:
    """An open project. Thread-safe.

    Args:
        id: What jobs and pages know it by.
        home: Where the project is kept; see :mod:`studio.editing`.
    """

    def __init__(self, id: str, home: Home, models: Models, jobs: JobQueue) -> None:
        self.id = id
        self.models = models
        self._home, self._jobs = home, jobs
        self._lock = threading.RLock()
        self._editor = Editor(home)
        self._evaluator = Evaluator(home.media)
        self._meter = SeamMeter(self._evaluator)
        self._turns: list[Turn] = []
        self._turn_ids = count(1)
        self._selection = Selection()
        self._reviewed: TakeId | None = None
        self._compared: tuple[TakeId, ...] = ()
        self._bundle: str | None = None
        self._choices = 0
        self._version = 0
        self._notices = home.notices
        self._derived: tuple[Project, dict[Hashable, Any]] = (home.project, {})

    @contextmanager
    def reading(self) -> Iterator[int]:
        """Hold the session still for a look at all of it; gives the look's number, ever rising.

        Looks may reach a browser in another order than they were taken; the numbers tell.
        """
        with self._lock:
            yield next(_looks)

    @property
    def version(self) -> int:
        """Rises with every change but the progress of jobs."""
        with self._lock:
            return self._version

    # -- the document ----------------------------------------------------------------------------

    @property
    def project(self) -> Project:
        with self._lock:
            return self._editor.project

    @property
    def media(self) -> MediaStore:
        """The motions that the project refers to."""
        return self._home.media

    @property
    def saved(self) -> datetime | None:
        """When it was saved last; None before the first edit, or where nothing keeps it."""
        return self._home.saved

    @property
    def readonly(self) -> str:
        """Why nothing can be changed, a sentence; empty if it can."""
        return self._home.readonly

    @property
    def trouble(self) -> str:
        """Why the file is behind the last edit, a sentence; empty if all is well."""
        return self._home.trouble

    def told(self) -> tuple[str, ...]:
        """What the animator has to be told once, such as lost media or recovered work."""
        with self._lock:
            notices, self._notices = self._notices, ()
            return notices

    @property
    def undo_label(self) -> str:
        with self._lock:
            return self._editor.undo_label

    @property
    def redo_label(self) -> str:
        with self._lock:
            return self._editor.redo_label

    @property
    def marks(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ``merge`` of each step that can be undone, and of each to redo; the next one last."""
        with self._lock:
            return self._editor.marks

    def edit(
        self, command: EditCommand, merge: str = "", seal: Change = lambda project: project
    ) -> Project:
        """Apply a command and save; the project then.

        Args:
            merge: Edits in a row with the same key, such as those of one drag, are one step.
            seal: A last change of what the command made, undone and done again with it.

        Raises:
            EditError: the command makes no sense here; nothing has changed.
            MotionStudioError: the project cannot be saved; nothing has changed.
        """
        with self._changing():
            return self._editor.do(command, merge, seal)

    def amend(self, change: Change) -> Project:
        """Change what is kept beside the steps, such as the conversation; no undo takes it back."""
        with self._changing():
            return self._editor.amend(change)

    def undo(self) -> Project:
        """Take the last edit back; raises as :meth:`edit`, also where there is none."""
        with self._changing():
            return self._editor.undo()

    def redo(self) -> Project:
        """Do again what was undone last; raises as :meth:`edit`, also where nothing was."""
        with self._changing():
            return self._editor.redo()

    def motion(
        self,
        character: CharacterId,
        range: Range | None = None,  # noqa: A002
        project: Project | None = None,
    ) -> Motion:
        """What a character does, on the canonical body at the project's rate.

        Args:
            range: Frames; None for the project's own range, else all of the timeline.
            project: Another project of the same media, such as one that is yet to be.
        """
        project = project or self.project
        return self._evaluator.motion(project, character, range or project.timeline.range)

    def joins(self, character: CharacterId | None = None) -> tuple[MeasuredJoin, ...]:
        """Where clips of a character, or of everyone, take over, with what the seam meter reads."""
        if character is None:
            return tuple(join for who in self.project.characters for join in self.joins(who.id))
        return self._once(("joins", character), lambda p: self._meter.read(p, character))

    # -- selection -------------------------------------------------------------------------------

    @property
    def selection(self) -> Selection:
        with self._lock:
            there = {clip.id for _, clip in self.project.clips}
            clips = tuple(clip for clip in self._selection.clips if clip in there)
            return replace(self._selection, clips=clips)

    def select(
        self,
        clips: Iterable[ClipId] = (),
        track: TrackId | None = None,
        character: CharacterId | None = None,
        playhead: int | None = None,
    ) -> Selection:
        """Select clips, and remember the track, character and frame that were used last."""
        with self._lock:
            old = self._selection
            self._selection = Selection(
                clips=tuple(clips),
                track=track or old.track,
                character=character or old.character,
                playhead=old.playhead if playhead is None else playhead,
            )
            self._version += 1
            return self.selection

    def clip(self, id: str) -> tuple[Track, Clip]:
        """A clip and its track."""
        for track, clip in self.project.clips:
            if clip.id == id:
                return track, clip
        raise SessionError("This clip is no longer here; it was removed.")

    # -- takes -----------------------------------------------------------------------------------

    @property
    def takes(self) -> tuple[Take, ...]:
        """All takes: requests in the order of their first take, the best take first."""
        return listed(self.project.takes)

    def take(self, id: str) -> Take:
        for take in self.project.takes:
            if take.id == id:
                return take
        raise SessionError("This take is no longer here; it was removed.")

    def take_motion(self, id: str) -> Motion:
        """A take's own motion, without the context that it was joined to."""
        take = self.take(id)
        motion = self.media.get(take.media.id)
        return motion.slice(take.lead, take.lead + take.frames)

    @property
    def reviewed(self) -> Take | None:
        """The take that is looked at as a ghost over the timeline."""
        with self._lock:
            return next((t for t in self.project.takes if t.id == self._reviewed), None)

    @property
    def compared(self) -> tuple[Take, ...]:
        """Takes that are looked at side by side."""
        with self._lock:
            here = {take.id: take for take in self.project.takes}
            return tuple(here[id] for id in self._compared if id in here)

    def review(self, id: str | None) -> Take | None:
        """Look at a take before it is accepted; None to stop."""
        take = None if id is None else self.take(id)
        with self._lock:
            self._reviewed = take.id if take else None
            self._choices += 1
            self._version += 1
        return take

    def compare(self, ids: Iterable[str]) -> tuple[Take, ...]:
        """Look at takes side by side; none to stop."""
        with self._lock:
            self._compared = tuple(self.take(id).id for id in ids)
            self._version += 1
            return self.compared

    def ghost(self) -> Project | None:
        """The project as it would be if the reviewed take were accepted.

        None where none is reviewed, or it is accepted already, or there is no room for it.
        """
        with self._lock:
            take = self.reviewed
            if take is None or take.accepted:
                return None
            return self._once(("ghost", take.id), lambda p: _accepted(p, take.id))

    def destination(self, id: str) -> str:
        """Where a take goes when it is accepted, to stand after *It*."""
        return aims.destination(self.project, self.take(id).aim)

    def accept(self, id: str, aim: Aim | None = None) -> Project:
        """Put a take where it was made for, or where ``aim`` says, as one step; select its clip.

        A take whose place is gone goes to the end of the first track that is open.
        """
        with self._changing():
            before = {clip.id: clip for _, clip in self.project.clips}
            batch, _ = aims.landing(self.project, self.take(id).id, aim)
            project = self._editor.do(batch)
            made = [
                clip.id
                for _, clip in project.clips
                if clip.take == id and before.get(clip.id) != clip
            ]
            self.select(made)
            self._reviewed = None
            self._compared = ()
            return project

    def keep(self, id: str, kept: bool = True) -> Project:
        """Put a take aside for later, or no longer."""
        return self.edit(SetTake(self.take(id).id, kept=kept))

    def rename_take(self, id: str, name: str) -> Take:
        """Give a take another name."""
        name = " ".join(name.split())[:80]
        if not name:
            raise SessionError("A take needs a name.")
        self.edit(SetTake(self.take(id).id, name=name))
        return self.take(id)

    def remove_takes(self, ids: Iterable[str]) -> Project:
        """Remove takes; clips made of them stay. The next take is reviewed if one was."""
        with self._changing():
            shown = [take.id for take in self.takes]
            gone = tuple(self.take(id).id for id in ids)
            if not gone:
                return self.project
            project = self._editor.do(RemoveTakes(gone))
            if self._reviewed in gone:
                self._reviewed = neighbour(shown, self._reviewed, gone)
            return project

    # -- making takes ----------------------------------------------------------------------------

    @property
    def bundle(self) -> str | None:
        """The model of orders that name none; None for the default."""
        with self._lock:
            return self._bundle

    def use(self, bundle: str) -> None:
        """Choose the model of orders to come; raises unless it is installed."""
        self.models.check(bundle)
        with self._lock:
            self._bundle = bundle
            self._version += 1

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Every request of this session, oldest first."""
        with self._lock:
            return tuple(self._turns)

    def queue(self, work: Callable[[Progress], T]) -> Job[T]:
        """Queue work of this session; it is given its progress."""
        return self._jobs.submit(self.id, work)

    def generate(
        self, order: Order, progress: Progress | None = None, project: Project | None = None
    ) -> tuple[Take, ...]:
        """Make the takes of ``order`` on the calling thread and add them, best first.

        Args:
            project: What they are made for, where that is yet to be; the takes come here.

        Raises:
            BackendError: no such bundle, or one that cannot do this.
            EditError: what the order is for is not there.
            Cancelled: ``progress`` asked to stop; nothing was added.
        """
        with self._lock:
            order, choices = self._settled(order), self._choices
            project = project or self.project
        made = self._make(order, project, choices, None, progress or (lambda fraction, note: None))
        return tuple(self.take(id) for id in made.takes)

    def start(self, order: Order, again: TakeId | None = None) -> Turn:
        """Queue ``order``; the turn's job tells how it goes. Refuses at once what cannot work.

        The takes are made for the project as it is now, and kept whatever becomes of it.

        Args:
            again: Add to the takes of this one's request.
        """
        with self._lock:
            if self.readonly:
                raise SessionError(self.readonly)
            order, project, choices = self._settled(order), self.project, self._choices
            self.models.check(order.bundle)
            for clip in aims.clips(order.aim):
                self.clip(clip)
            job = self._jobs.submit(
                self.id, lambda report: self._make(order, project, choices, again, report)
            )
            turn = Turn(f"turn-{next(self._turn_ids)}", order, job, again)
            self._turns.append(turn)
            self._version += 1
            return turn

    def again(self, id: str, takes: int = 1) -> Turn:
        """Queue more takes like this one: same words, model and purpose, new seeds."""
        return self.start(making.repeated(self.take(id), takes), again=TakeId(id))

    def fill(
        self,
        before: ClipId,
        after: ClipId,
        text: str = "",
        seconds: float | None = None,
        takes: int = TAKES,
    ) -> Turn:
        """Queue motion that leads from one clip to the next on its track.

        Args:
            text: What happens in between; empty leaves it to the motion on both sides.
            seconds: Length; None for the gap there is, or :data:`JOIN_SECONDS` where the clips
                touch. What comes after moves where that needs more or less room.
        """
        fps = self.project.fps
        gap = self.clip(after)[1].start - self.clip(before)[1].stop
        if seconds is not None or gap < 1:
            gap = max(round((JOIN_SECONDS if seconds is None else seconds) * fps), 1)
        return self.start(Order(text, None, takes, aim=Fill(before, after, gap)))

    def carry_on(
        self, clip: ClipId, text: str = "", seconds: float | None = None, takes: int = TAKES
    ) -> Turn:
        """Queue motion that goes on where a clip ends; without ``text`` in the clip's own words."""
        found = self.clip(clip)[1]
        return self.start(Order(text or _words(found), seconds, takes, aim=Continue(clip)))

    def regenerate(
        self, clip: ClipId, span: Range | None = None, text: str = "", takes: int = TAKES
    ) -> Turn:
        """Queue other motion for a clip, in its own words if ``text`` is empty.

        Args:
            span: The played frames to make anew; what is outside stays the same to the bit. None
                for all of it.
        """
        found = self.clip(clip)[1]
        return self.start(Order(text or _words(found), None, takes, aim=Replace(clip, span)))

    def cancel(self, turn: str) -> None:
        """Stop the job of a turn; nothing of it is kept."""
        for each in self.turns:
            if each.id == turn:
                each.job.cancel()

    def _settled(self, order: Order) -> Order:
        """``order`` with the choices made that it leaves open."""
        bundle = order.bundle or self._bundle or self.models.default()
        return replace(order, bundle=bundle, aim=order.aim or Append(self._open_track()))

    def _open_track(self) -> TrackId | None:
        """The track that the hand is on: selected, of the selected clip, or of the character."""
        chosen, project = self.selection, self.project
        tracks = [track for track in project.timeline.tracks if not track.lock]
        of_clip = [t for t, clip in project.clips if clip.id in chosen.clips and not t.lock]
        for track in (
            *(track for track in tracks if track.id == chosen.track),
            *of_clip,
            *(track for track in tracks if track.character == chosen.character),
            *tracks,
        ):
            return track.id
        return None

    def _make(
        self, order: Order, project: Project, choices: int, again: TakeId | None, progress: Progress
    ) -> Made:
        made = making.make(order, project, self.media, self.models, progress)
        with self._changing():
            return self._add(ranked(made), order, choices, again)

    def _add(self, made: list[Take], order: Order, choices: int, again: TakeId | None) -> Made:
        """Keep takes under free names; review the best unless the animator chose meanwhile."""
        group = next((t.group or t.id for t in self.project.takes if t.id == again), "")
        ids = self._editor.fresh_takes(len(made))
        names = free_names({take.name for take in self.project.takes}, made[0].name)
        takes = [
            replace(take, id=id, name=name, group=group or ids[0])
            for take, id, name in zip(made, ids, names, strict=False)
        ]
        self._editor.add(takes)
        if self._reviewed is None or choices == self._choices:
            self._reviewed = ids[0]
        return Made(ids, self._after_all(order.aim))

    def _after_all(self, aim: Aim | None) -> str:
        """What to say where the place that takes were made for has gone."""
        if aim is None or aims.fits(self.project, aim):
            return ""
        what = "track" if isinstance(aim, Append | Insert) else "clip"
        return (
            f"The {what} that this was made for was removed meanwhile; "
            "the takes are kept, and an accepted one goes to the end of the track."
        )

    # -- files -----------------------------------------------------------------------------------

    def import_file(
        self,
        path: Path,
        name: str | None = None,
        track: TrackId | None = None,
        frame: int | None = None,
    ) -> Take:
        """Read a BVH, GLB or NPZ as a take; ``name`` defaults to the file's.

        Args:
            track: Put it onto this track as well, as one step.
            frame: Where on the track, or at the start of a new track where none is given; None
                for its end.
        """
        motion = files.load(path)
        with self._changing():
            (id,) = self._editor.fresh_takes(1)
            media = Media(self.media.put(motion), len(motion), motion.fps)
            take = Take(id, name or path.stem, media, group=id, quality=files.measured(motion))
            if track is None and frame is None:
                self._editor.add([take])
                self._reviewed = take.id
                self._choices += 1
                return take
            return self._import_onto(take, track, frame)

    def _import_onto(self, take: Take, track: TrackId | None, frame: int | None) -> Take:
        steps: list[EditCommand] = [AddTakes((take,))]
        if track is None:
            new = self._new_track(take.name)
            track = new.id
            steps.append(AddTrack(new))
        aim = Append(track) if frame is None else Insert(track, max(frame, 0))
        batch, _ = aims.landing(apply(self.project, Batch(tuple(steps))), take.id, aim)
        project = self._editor.do(Batch((*steps, *batch.commands), f"Import '{take.name}'"))
        self.select([clip.id for _, clip in project.clips if clip.take == take.id], track)
        return self.take(take.id)

    def _new_track(self, name: str) -> Track:
        """An empty track of the character that the hand is on."""
        project, chosen = self.project, self.selection
        who = [c.id for c in project.characters if c.id == chosen.character]
        who += [c.id for c in project.characters]
        if not who:
            raise SessionError(f"Nobody is there to move as in '{name}'; add a character.")
        number = len(project.timeline.tracks) + 1
        return Track(TrackId(fresh(project, "track")[0]), f"Track {number}", who[0])

    def export_take(self, id: str, path: Path, changes: files.Changes = files.UNCHANGED) -> Path:
        """Write a take, changed as asked, to ``path`` in the format of its suffix."""
        files.save(self.take_motion(id), path, changes)
        return path

    @property
    def performers(self) -> tuple[Character, ...]:
        """The characters that do something on the timeline."""
        return self._once("performers", _moving)

    def export(
        self,
        path: Path,
        character: CharacterId | None = None,
        range: Range | None = None,  # noqa: A002
        changes: files.Changes = files.UNCHANGED,
    ) -> Path:
        """Write what one character does on the timeline, in the format of the suffix.

        Args:
            character: Who; None where only one does anything.
            range: Frames; None for the project's own range, else all of the timeline.
        """
        who = self._performer(character)
        files.save(self.motion(who.id, range), path, changes)
        return path

    def export_everyone(
        self,
        path: Path,
        suffix: str,
        range: Range | None = None,  # noqa: A002
        changes: files.Changes = files.UNCHANGED,
    ) -> Path:
        """Write a zip with a file (``.bvh``, ...) for each character that does something."""
        if not self.performers:
            raise SessionError(_NOTHING)
        motions = {who.name: self.motion(who.id, range) for who in self.performers}
        files.save_zip(motions, path, suffix, changes)
        return path

    def _performer(self, id: CharacterId | None) -> Character:
        """The character asked for, or the only one that does something."""
        if id is not None:
            for who in self.project.characters:
                if who.id == id:
                    return who
            raise SessionError("This character is no longer here; choose another.")
        match self.performers:
            case ():
                raise SessionError(_NOTHING)
            case (who,):
                return who
            case several:
                names = ", ".join(who.name for who in several)
                raise SessionError(f"Several characters move here; choose one of {names}.")

    def close(self) -> None:
        """Cancel what is in the queue and give the project back.

        Raises:
            ProjectError: a ``.mstudio`` file could not be brought up to date.
        """
        self._jobs.cancel_owner(self.id)
        self._home.close()

    def _once(self, what: Hashable, work: Callable[[Project], T]) -> T:
        """What ``work`` makes of the project, worked out once until it changes."""
        with self._lock:
            project, known = self._derived
            if project is not self.project:
                project, known = self._derived = self.project, {}
            if what not in known:
                known[what] = work(project)
            return known[what]

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            yield
            self._version += 1


def _accepted(project: Project, take: TakeId) -> Project | None:
    """The project with a take accepted; None where there is no room for it."""
    try:
        return apply(project, aims.landing(project, take)[0])
    except MotionStudioError:
        return None


def _moving(project: Project) -> tuple[Character, ...]:
    return tuple(who for who in project.characters if pieces(project, who.id))


_NOTHING = "There is nothing on the timeline yet; accept a take first."


def _words(clip: Clip) -> str:
    """What a clip was made from; empty for one that was read from a file."""
    return clip.provenance.prompt if clip.provenance else ""
