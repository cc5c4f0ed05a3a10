"""Every shape the browser sees: the panels' JSON, and motion as binary.

Each view is made from the session alone, whole, at any moment, so a panel never has to merge; the
panels' JavaScript redraws only what changed. ``revision`` rises with each look at a session: a
panel that has shown a later one ignores an earlier one that was overtaken on its way.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TypedDict

import numpy as np

from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.errors import MotionError
from motion.quality import Quality
from motion.retarget import retarget
from motion.skeleton import BODY
from studio.bundles import Device, ModelInfo
from studio.document.model import Take
from studio.session import Order, Session, Turn, file_stem

MAGIC = b"MSM1"

SUGGESTIONS: tuple[str, ...] = (
    "A person walks forward proudly",
    "A person kicks with the left leg",
    "A person dances salsa",
)

FORMATS: tuple[tuple[str, str, str], ...] = (
    ("bvh", "BVH", "Skeleton and motion, for Blender, MotionBuilder, Maya"),
    ("glb", "GLB", "The skinned figure with its animation, for Blender, Unity, Unreal, the web"),
    ("npz", "NPZ", "SMPL-X parameters in the layout of AMASS, for Python"),
)


#: Up to the first a figure is good, up to the second fair. The first is the 90th percentile of
#: captured motion (250 clips of all sources at 20 fps: 0.14 m/s, 246 m/s^3, no penetration), the
#: second twice that. m/s, m/s^3, metres.
SLIDING = (0.14, 0.28)
JITTER = (250.0, 500.0)
PENETRATION = (0.005, 0.02)


class TakeChip(TypedDict):
    """A take as the chat mentions it."""

    id: str
    name: str
    label: str


class TurnView(TypedDict):
    """One line of the conversation and how its job stands."""

    id: str
    text: str
    ask: str
    state: str
    fraction: float
    note: str
    error: str
    seconds: float
    takes: list[TakeChip]


class ChatView(TypedDict):
    """The chat panel; ``notice`` is an error that answers the request ``nonce``."""

    revision: int
    turns: list[TurnView]
    selected: str
    suggestions: list[str]
    notice: str
    nonce: float


class MeasureView(TypedDict):
    """One figure of a take; ``level`` is good, fair or poor."""

    label: str
    value: str
    unit: str
    level: str
    title: str


class TakeView(TypedDict):
    """One row of the list of takes."""

    id: str
    name: str
    source: str
    length: str
    frames: int
    fps: float
    can_repeat: bool
    measures: list[MeasureView]


class TakesView(TypedDict):
    """The takes panel; ``notice`` is an error above the list."""

    revision: int
    takes: list[TakeView]
    selected: str
    notice: str


class CharacterView(TypedDict):
    """One figure on the stage, in the words of the viewer module."""

    id: str
    name: str
    url: str
    figureUrl: str


class SceneView(TypedDict):
    """Everything on the stage."""

    revision: int
    characters: list[CharacterView]


class FormatView(TypedDict):
    """A file format to choose."""

    id: str
    label: str
    title: str


class FileView(TypedDict):
    """A file that was written, to be fetched once."""

    url: str
    name: str
    size: int


class ExportView(TypedDict):
    """The export panel; ``notice`` is an error below its button."""

    revision: int
    take: str
    name: str
    formats: list[FormatView]
    file: FileView | None
    notice: str


class ModelView(TypedDict):
    """A model to choose; ``restricted`` marks licences without commercial use."""

    name: str
    label: str
    licence: str
    note: str
    restricted: bool


class DeviceView(TypedDict):
    """What models run on."""

    label: str
    note: str


class BarView(TypedDict):
    """The top bar."""

    models: list[ModelView]
    chosen: str
    device: DeviceView


@contextmanager
def _look(session: Session | None) -> Iterator[int]:
    """The number of a consistent look at ``session``; 0 for the page before it has one."""
    if session is None:
        yield 0
    else:
        with session.reading() as revision:
            yield revision


def chat_view(session: Session | None, notice: str = "", nonce: float = 0.0) -> ChatView:
    """The conversation; ``nonce`` names the request that ``notice`` (an error) answers."""
    with _look(session) as revision:
        turns = session.turns if session else ()
        takes = session.takes if session else ()
        return ChatView(
            revision=revision,
            turns=[_turn(turn, takes) for turn in turns],
            selected=_selected(session),
            suggestions=list(SUGGESTIONS),
            notice=notice,
            nonce=nonce,
        )


def _turn(turn: Turn, takes: Sequence[Take]) -> TurnView:
    status = turn.job.status
    here = {take.id: take for take in takes}
    made = [here[take.id] for take in turn.job.result or () if take.id in here]
    return TurnView(
        id=turn.id,
        text=turn.order.text.strip(),
        ask=_ask(turn),
        state=status.state,
        fraction=round(status.fraction, 3),
        note=status.note,
        error=status.error,
        seconds=round(status.seconds, 2),
        takes=[TakeChip(id=t.id, name=t.name, label=t.name.rsplit(" ", 1)[-1]) for t in made],
    )


def _ask(turn: Turn) -> str:
    order: Order = turn.order
    if turn.again is not None:
        return f"Another take of {order.seconds:.1f} s"
    takes = "1 take" if order.takes == 1 else f"{order.takes} takes"
    return f"{takes} of {order.seconds:.1f} s"


def takes_view(session: Session | None, notice: str = "") -> TakesView:
    """The list of takes, oldest first."""
    with _look(session) as revision:
        return TakesView(
            revision=revision,
            takes=[_take(take) for take in session.takes] if session else [],
            selected=_selected(session),
            notice=notice,
        )


def _take(take: Take) -> TakeView:
    made = take.provenance
    return TakeView(
        id=take.id,
        name=take.name,
        source=made.prompt if made else "Imported",
        length=f"{take.seconds:.1f} s",
        frames=take.frames,
        fps=round(take.fps, 3),
        can_repeat=made is not None,
        measures=_measures(take.quality) if take.quality else [],
    )


def scene_view(session: Session | None) -> SceneView:
    """What the viewer shows: the selected take on the mannequin, or an empty stage."""
    with _look(session) as revision:
        take = session.selected if session else None
    return SceneView(revision=revision, characters=[_character(take)] if take else [])


def _character(take: Take) -> CharacterView:
    return CharacterView(
        # One performer whichever take it plays, so the camera stays where it is.
        id="performer",
        name=take.name,
        url=f"media/{take.media}",
        figureUrl="assets/characters/mannequin.glb",
    )


def export_view(
    session: Session | None, file: FileView | None = None, notice: str = ""
) -> ExportView:
    """The export panel: what would be saved, and what was just saved."""
    with _look(session) as revision:
        take = session.selected if session else None
    return ExportView(
        revision=revision,
        take=take.id if take else "",
        name=take.name if take else "",
        formats=[FormatView(id=i, label=label, title=title) for i, label, title in FORMATS],
        file=file,
        notice=notice,
    )


def bar_view(models: Sequence[ModelInfo], chosen: str | None, device: Device) -> BarView:
    """The top bar: installed models with their licences, and what they run on."""
    return BarView(
        models=[
            ModelView(
                name=model.name,
                label=model.title,
                licence=model.licence,
                note=model.note,
                restricted=model.restricted,
            )
            for model in models
        ],
        chosen=chosen or "",
        device=DeviceView(label=device.label, note=device.note),
    )


def file_name(take: Take, suffix: str) -> str:
    """The name a browser saves a take under."""
    return f"{file_stem(take.name)}.{suffix}"


def _selected(session: Session | None) -> str:
    take = session.selected if session else None
    return take.id if take else ""


def _measures(quality: Quality) -> list[MeasureView]:
    """Three figures an animator looks at, each graded against captured motion."""
    return [
        MeasureView(
            label="Sliding",
            value=f"{100 * quality.foot_sliding:.1f}",
            unit="cm/s",
            level=_level(quality.foot_sliding, SLIDING),
            title="Speed of the feet over the ground while they stand",
        ),
        MeasureView(
            label="Jitter",
            value=f"{quality.jitter:.0f}",
            unit="m/s\u00b3",
            level=_level(quality.jitter, JITTER),
            title="Jerk of the joints: how unsteady the motion is",
        ),
        MeasureView(
            label="Sinking",
            value=f"{1000 * quality.ground_penetration:.0f}",
            unit="mm",
            level=_level(quality.ground_penetration, PENETRATION),
            title="Depth of the lowest joint below the ground",
        ),
    ]


def _level(value: float, limits: tuple[float, float]) -> str:
    good, fair = limits
    return "good" if value <= good else "fair" if value <= fair else "poor"


def shown(motion: Motion) -> Motion:
    """``motion`` as the viewer can draw it: on the canonical body wherever the rig is understood.

    A rig that no role fits, with joints that only rotate, is drawn as its own skeleton.
    """
    if motion.skeleton == BODY:
        return motion
    try:
        return retarget(motion, BODY)
    except MotionError:
        return motion


def pack_motion(motion: Motion) -> bytes:
    """A motion in the viewer's binary form.

    ``MSM1``, uint32 header length H, H bytes of JSON padded with spaces to a multiple of four,
    then float32 root positions ``[T, 3]`` in metres and float32 parent-local rotations
    ``[T, J, 4]`` wxyz, all little-endian. The header's ``contacts`` are four strings of ``0`` and
    ``1`` a frame: left ankle, left foot, right ankle, right foot; absent for rigs without feet.
    """
    header: dict[str, object] = {
        "fps": motion.fps,
        "frames": len(motion),
        "joints": motion.skeleton.joints,
        "parents": motion.skeleton.parents,
        "rest_offsets": np.round(motion.skeleton.rest_offsets, 6).tolist(),
    }
    contacts = _contacts(motion)
    if contacts is not None:
        header["contacts"] = contacts
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    roots = np.ascontiguousarray(motion.root_positions, dtype="<f4")
    rotations = np.ascontiguousarray(motion.rotations, dtype="<f4")
    return b"".join(
        (MAGIC, struct.pack("<I", len(text)), text, roots.tobytes(), rotations.tobytes())
    )


def _contacts(motion: Motion) -> list[str] | None:
    try:
        flags = foot_contacts(motion)
    except MotionError:
        return None
    return ["".join("1" if on else "0" for on in column) for column in flags.T]
