"""From an order to takes: the model is asked, and what it made is measured."""

from __future__ import annotations

import secrets

from backends.api import BackendError, GenerateRequest, Progress
from studio import files
from studio.bundles import Models
from studio.document.model import (
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

#: Length of a take where neither the order nor its aim says.
SECONDS = 4.0

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


def check(order: Order, project: Project, media: MediaStore, models: Models) -> None:
    """Raise at once what :func:`make` would raise without having asked the model."""
    models.check(order.bundle)


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
    seed = secrets.randbelow(2**32 - order.takes) if order.seed is None else order.seed
    fps = generator.capabilities.fps
    request = GenerateRequest(
        text=order.text.strip(),
        frames=max(round((order.seconds or SECONDS) * fps), 1),
        takes=order.takes,
        seed=seed,
        steps=order.steps,
        guidance=order.guidance,
        cleanup=order.cleanup,
    )
    motions = generator.generate(
        request, lambda fraction, note: progress(_GENERATING * fraction, note)
    )
    progress(_GENERATING, "Measuring")
    matches = models.judge.matches(request.text, motions)
    record = RequestRecord(request.frames, fps, order.steps, order.guidance, order.cleanup)
    takes = [
        Take(
            id=TakeId(""),
            name=take_name(request.text),
            media=Media(media.put(motion), len(motion), motion.fps),
            aim=order.aim,
            quality=files.measured(motion),
            match=match,
            provenance=Provenance(request.text, (seed + i) % 2**32, generator.name, record),
        )
        for i, (motion, match) in enumerate(zip(motions, matches, strict=True))
    ]
    progress(1.0, "")
    return takes
