"""From an order to takes: the model is asked, and what it made is measured."""

from __future__ import annotations

import secrets

from backends.api import BackendError, GenerateRequest, Progress
from studio import files, synthesis
from studio.bundles import Models
from studio.document.model import (
    Aim,
    Append,
    Continue,
    Fill,
    Media,
    Project,
    Provenance,
    Replace,
    RequestRecord,
    Take,
    TakeId,
)
from studio.document.storage import MediaStore
from studio.orders import Order, take_name
from studio.synthesis import Finished

#: The part of a job that is generation; the rest is measuring.
_GENERATING = 0.95


def repeated(take: Take, takes: int) -> Order:
    """The order that asks for more like ``take``, with seeds of their own."""
    made = take.provenance
    if made is None:
        raise BackendError(f"'{take.name}' was read from a file; there is no text to repeat.")
    fixed = isinstance(take.aim, Fill | Replace)
    return Order(
        text=made.prompt,
        seconds=None if fixed else take.seconds,
        takes=takes,
        bundle=made.bundle,
        steps=made.request.steps,
        guidance=made.request.guidance,
        cleanup=made.request.cleanup,
        aim=take.aim,
    )


def make(
    order: Order, project: Project, media: MediaStore, models: Models, progress: Progress
) -> list[Take]:
    """The takes of ``order`` for ``project``, measured; the id and group are not given yet.

    Raises:
        BackendError: no such bundle, or one that cannot do this.
        EditError: what the order is for is not in the project.
        Cancelled: ``progress`` asked to stop.
    """
    progress(0.0, "Loading the model")
    generator = models.load(order.bundle)
    asked = synthesis.brief(project, order.aim, order.seconds, media, generator.capabilities)
    seed = secrets.randbelow(2**32 - order.takes) if order.seed is None else order.seed
    request = GenerateRequest(
        text=order.text.strip(),
        frames=asked.frames,
        takes=order.takes,
        seed=seed,
        steps=order.steps,
        guidance=order.guidance,
        prefix=asked.prefix,
        suffix=asked.suffix,
        arrive=asked.arrive,
        kept=asked.kept,
        cleanup=order.cleanup,
    )
    motions = generator.generate(
        request, lambda fraction, note: progress(_GENERATING * fraction, note)
    )
    progress(_GENERATING, "Measuring")
    matches = models.judge.matches(request.text, motions)
    record = RequestRecord(
        frames=request.frames,
        fps=generator.capabilities.fps,
        steps=order.steps,
        guidance=order.guidance,
        cleanup=order.cleanup,
        prefix=None if asked.prefix is None else media.put(asked.prefix),
        suffix=None if asked.suffix is None else media.put(asked.suffix),
        arrive=asked.arrive,
    )
    name = take_name(request.text) if request.text else _unsaid(project, order.aim)
    takes = [
        _take(
            asked.finish(motion),
            name,
            media,
            Provenance(request.text, (seed + i) % 2**32, generator.name, record),
            order.aim,
            match,
        )
        for i, (motion, match) in enumerate(zip(motions, matches, strict=True))
    ]
    progress(1.0, "")
    return takes


def _take(
    made: Finished,
    name: str,
    media: MediaStore,
    provenance: Provenance,
    aim: Aim | None,
    match: float | None,
) -> Take:
    motion = made.motion
    return Take(
        id=TakeId(""),
        name=name,
        media=Media(media.put(motion), len(motion), motion.fps),
        lead=made.lead,
        tail=made.tail,
        aim=aim or Append(),
        # What it was joined to is not its doing.
        quality=files.measured(motion.slice(made.lead, len(motion) - made.tail)),
        match=match,
        provenance=provenance,
    )


def _unsaid(project: Project, aim: Aim | None) -> str:
    """A name for motion that was asked for without words."""
    names = {clip.id: clip.name for _, clip in project.clips}
    match aim:
        case Fill():
            return "Transition"
        case Continue(clip) | Replace(clip) if clip in names:
            return f"{names[clip]} on" if isinstance(aim, Continue) else f"{names[clip]} anew"
        case _:
            return "Take"
