"""A session: what one animator works on. Needs no browser; the command line is one user of it."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from backends.api import BackendError, Cancelled, GenerateRequest, Progress
from motion.clip import Motion
from motion.errors import MotionStudioError
from studio import files
from studio.bundles import Models
from studio.document.model import Provenance, RequestRecord, Take, TakeId
from studio.document.storage import MediaStore
from studio.jobs import Job, JobQueue

#: A session that nobody asked anything of for this long is forgotten.
EXPIRY_SECONDS = 4 * 3600.0
MAX_TAKES = 8


class SessionError(MotionStudioError):
    """Something asked of a session that it has not."""


@dataclass(frozen=True)
class Order:
    """What an animator asks for in one line.

    Attributes:
        text: What the person does.
        seconds: Length of each take.
        takes: How many.
        seed: Of the first take, the next has one more; None to draw one.
        bundle: Which model, or None for the default.
        steps, guidance: None for the bundle's defaults.
        cleanup: Lock the feet and smooth lightly afterwards.
    """

    text: str
    seconds: float = 4.0
    takes: int = 1
    seed: int | None = None
    bundle: str | None = None
    steps: int | None = None
    guidance: float | None = None
    cleanup: bool = True

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BackendError("The description is empty; say what the person does.")
        if not 0 < self.seconds < float("inf"):
            raise BackendError(f"A length of {self.seconds:g} s makes no sense; ask for more.")
        if not 1 <= self.takes <= MAX_TAKES:
            raise BackendError(f"Ask for 1 to {MAX_TAKES} takes at a time, not {self.takes}.")


@dataclass(frozen=True)
class Turn:
    """One line of the conversation: what was asked, and the job that answers it."""

    id: str
    order: Order
    job: Job[tuple[Take, ...]]
    again: TakeId | None = None


class Session:
    """Takes, the chosen one, and the conversation that led to them. Thread-safe."""

    def __init__(self, id: str, models: Models, media: MediaStore, jobs: JobQueue) -> None:
        self.id = id
        self._models, self._media, self._jobs = models, media, jobs
        self._lock = threading.RLock()
        self._takes: dict[TakeId, Take] = {}
        self._turns: list[Turn] = []
        self._selected: TakeId | None = None
        self._bundle: str | None = None
        self._choices = 0
        self._count = 0
        self._looks = 0

    @contextmanager
    def reading(self) -> Iterator[int]:
        """Hold the session still for a look at all of it; gives the look's number, ever rising.

        Looks may reach a browser in another order than they were taken; the numbers tell.
        """
        with self._lock:
            self._looks += 1
            yield self._looks

    # -- what is there ---------------------------------------------------------------------------

    @property
    def takes(self) -> tuple[Take, ...]:
        """All takes, oldest first."""
        with self._lock:
            return tuple(self._takes.values())

    @property
    def turns(self) -> tuple[Turn, ...]:
        with self._lock:
            return tuple(self._turns)

    @property
    def selected(self) -> Take | None:
        with self._lock:
            return None if self._selected is None else self._takes[self._selected]

    @property
    def bundle(self) -> str | None:
        """The model chosen for this session; None for the default."""
        with self._lock:
            return self._bundle

    def use(self, bundle: str) -> None:
        """Choose the model of orders to come; raises unless it is installed."""
        self._models.check(bundle)
        with self._lock:
            self._bundle = bundle

    def take(self, id: str) -> Take:
        with self._lock:
            try:
                return self._takes[TakeId(id)]
            except KeyError:
                raise SessionError("This take is no longer here; it was deleted.") from None

    def motion(self, id: str) -> Motion:
        return self._media.get(self.take(id).media)

    # -- making takes ----------------------------------------------------------------------------

    def generate(self, order: Order, progress: Progress | None = None) -> tuple[Take, ...]:
        """Make the takes of ``order`` on the calling thread and add them.

        Raises:
            BackendError: no such bundle, or one that cannot do this.
            Cancelled: ``progress`` asked to stop; nothing was added.
        """
        return self._generate(order, progress or (lambda fraction, note: None), self._choices)

    def start(self, order: Order, again: TakeId | None = None) -> Turn:
        """Queue ``order``; the turn's job tells how it goes. Refuses what cannot work at once."""
        self._models.check(order.bundle)
        with self._lock:
            choices = self._choices
            job = self._jobs.submit(self.id, lambda report: self._generate(order, report, choices))
            turn = Turn(self._fresh("turn"), order, job, again)
            self._turns.append(turn)
            return turn

    def again(self, id: str) -> Turn:
        """Queue one more take like this one: same words, model and length, a new seed."""
        take = self.take(id)
        made = take.provenance
        if made is None:
            raise SessionError(f"'{take.name}' was read from a file; there is no text to repeat.")
        order = Order(
            text=made.prompt,
            seconds=made.request.seconds,
            bundle=made.bundle,
            steps=made.request.steps,
            guidance=made.request.guidance,
            cleanup=made.request.cleanup,
        )
        return self.start(order, again=take.id)

    def cancel(self, turn: str) -> None:
        """Stop the job of a turn; nothing of it is kept."""
        for each in self.turns:
            if each.id == turn:
                each.job.cancel()

    def import_file(self, path: Path, name: str | None = None) -> Take:
        """Read a BVH, GLB or NPZ as a take and select it; ``name`` defaults to the file's."""
        motion = files.load(path)
        take = self._new_take(motion, name or path.stem, None)
        with self._lock:
            self._takes[take.id] = take
            self.select(take.id)
        return take

    def _generate(self, order: Order, progress: Progress, choices: int) -> tuple[Take, ...]:
        progress(0.0, "Loading the model")
        generator = self._models.load(order.bundle)
        fps = generator.capabilities.fps
        seed = secrets.randbelow(2**32 - order.takes) if order.seed is None else order.seed
        request = GenerateRequest(
            text=order.text.strip(),
            frames=max(round(order.seconds * fps), 1),
            takes=order.takes,
            seed=seed,
            steps=order.steps,
            guidance=order.guidance,
            cleanup=order.cleanup,
        )
        motions = generator.generate(request, progress)
        record = RequestRecord(request.frames, fps, order.steps, order.guidance, order.cleanup)
        takes = [
            self._new_take(
                motion,
                take_name(request.text),
                Provenance(request.text, (seed + i) % 2**32, generator.name, record),
            )
            for i, motion in enumerate(motions)
        ]
        progress(1.0, "")
        return self._add(takes, choices)

    def _new_take(self, motion: Motion, name: str, made: Provenance | None) -> Take:
        return Take(
            id=TakeId(self._fresh("take")),
            name=name,
            media=self._media.put(motion),
            frames=len(motion),
            fps=motion.fps,
            quality=files.measured(motion),
            provenance=made,
        )

    def _add(self, takes: Sequence[Take], choices: int) -> tuple[Take, ...]:
        """Append takes under free names; select the first unless the animator chose meanwhile."""
        added = []
        with self._lock:
            for take in takes:
                named = replace(take, name=self._free_name(take.name))
                self._takes[named.id] = named
                added.append(named)
            if self._selected is None or choices == self._choices:
                self._selected = added[0].id
        return tuple(added)

    def _free_name(self, name: str) -> str:
        taken = {take.name for take in self._takes.values()}
        number = 1
        while f"{name} {number}" in taken:
            number += 1
        return f"{name} {number}"

    def _fresh(self, kind: str) -> str:
        with self._lock:
            self._count += 1
            return f"{kind}-{self._count}"

    # -- working with takes ----------------------------------------------------------------------

    def select(self, id: str) -> Take:
        take = self.take(id)
        with self._lock:
            self._selected = take.id
            self._choices += 1
        return take

    def rename(self, id: str, name: str) -> Take:
        name = " ".join(name.split())
        if not name:
            raise SessionError("A take needs a name.")
        with self._lock:
            take = replace(self.take(id), name=name[:80])
            self._takes[take.id] = take
        return take

    def delete(self, id: str) -> None:
        """Remove a take; its neighbour is selected if it was."""
        with self._lock:
            take = self.take(id)
            order = list(self._takes)
            at = order.index(take.id)
            del self._takes[take.id]
            if self._selected == take.id:
                rest = order[at + 1 : at + 2] or order[max(at - 1, 0) : at]
                self._selected = rest[0] if rest else None
        # The media stays: another session may show the same motion, and the store is bounded by
        # what sessions made.

    def export(self, id: str, path: Path, changes: files.Changes = files.UNCHANGED) -> Path:
        """Write a take, changed as asked, to ``path`` in the format of its suffix."""
        files.save(self.motion(id), path, changes)
        return path

    def close(self) -> None:
        """Cancel what this session still has in the queue."""
        self._jobs.cancel_owner(self.id)


_LEADING = re.compile(
    r"^(?:(?:a|the|one)\s+)?(?:person|man|woman|figure|character|someone)\s+", re.IGNORECASE
)

#: Words that no name should end with.
_DANGLING = frozenset(
    "a an and at by for from her his in into of on or the their then to with".split()
)


def take_name(text: str, limit: int = 28) -> str:
    """A short name for what a prompt says: its words without the subject, cut at a word.

    >>> take_name("A person walks forward proudly.")
    'Walks forward proudly'
    """
    words = _LEADING.sub("", " ".join(text.split())).strip(" .!?,;:") or "take"
    words = words[0].upper() + words[1:]
    if len(words) <= limit:
        return words
    kept = words[: limit + 1].split(" ")[:-1]
    while kept and kept[-1].strip(",;:").lower() in _DANGLING:
        kept.pop()
    return " ".join(kept).rstrip(" ,;:") or words[:limit]


def file_stem(name: str) -> str:
    """A take's name as a file name that every system accepts."""
    stem = re.sub(r"[^\w\-]+", "_", name, flags=re.ASCII).strip("_").lower()
    return stem or "take"


class SessionStore:
    """Every open session, its models, media and jobs. Thread-safe; idle sessions expire."""

    def __init__(
        self,
        models: Models,
        media: MediaStore | None = None,
        expiry: float = EXPIRY_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.models = models
        self.media = media or MediaStore()
        self.jobs = JobQueue(stop=Cancelled, expected=MotionStudioError)
        self._expiry, self._clock = expiry, clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}
        self._touched: dict[str, float] = {}

    def create(self) -> Session:
        session = Session(secrets.token_urlsafe(16), self.models, self.media, self.jobs)
        with self._lock:
            self._expire()
            self._sessions[session.id] = session
            self._touched[session.id] = self._clock()
        return session

    def get(self, id: str) -> Session:
        """The session of ``id``; :class:`SessionError` when it has expired."""
        with self._lock:
            self._expire()
            session = self._sessions.get(id)
            if session is None:
                raise SessionError("This page's session has ended; reload the page to begin anew.")
            self._touched[id] = self._clock()
            return session

    def close(self, id: str) -> None:
        """Forget one session and cancel its jobs; unknown ids are ignored."""
        with self._lock:
            self._drop(id)

    def stop(self) -> None:
        """Cancel everything and start nothing more; does not wait."""
        self.jobs.stop()

    def shut(self) -> None:
        """Cancel everything and wait for the workers to end."""
        self.jobs.close()

    def __len__(self) -> int:
        with self._lock:
            return len(self._sessions)

    def _expire(self) -> None:
        now = self._clock()
        for id in [i for i, at in self._touched.items() if now - at > self._expiry]:
            self._drop(id)

    def _drop(self, id: str) -> None:
        """Forget a session and the media that nobody else's takes refer to."""
        self._touched.pop(id, None)
        session = self._sessions.pop(id, None)
        if session is None:
            return
        session.close()
        used = {take.media for other in self._sessions.values() for take in other.takes}
        for media in {take.media for take in session.takes} - used:
            self.media.discard(media)
