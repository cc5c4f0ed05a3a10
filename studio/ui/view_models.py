"""Every shape that crosses between the browser and Python: the panels' views, and their events.

A view is made from the session alone, whole, at any moment (``views.py``), so a panel never has to
merge; the panels' JavaScript redraws only what changed. Three fields stand in each of them:

- ``revision`` rises with every look at any session: a panel that has shown a later one ignores an
  earlier one that was overtaken on its way.
- ``nonce`` is that of the event which this view answers, 0 where it answers none.
- ``notice`` is the sentence that refuses that event, with the remedy; empty where it was done.

The event source ``pages/<page>/changes`` says when there is something new without this page having
asked: while jobs run, and when another page works on the same project. The page answers with the
event ``look`` of the top bar, and gets the views that have changed.

Times are frames of the project unless a name says seconds; places are metres and radians.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

#: How good a figure is, for its colour: green, amber, red.
Level = Literal["good", "fair", "poor"]

#: The JSON of a ``Project``, an ``Aim``, a ``Media`` as ``studio.document.schema`` writes them.
Json = dict[str, Any]

#: What each panel sends: its events, and the fields of each beside ``nonce``. ``[field]`` may be
#: left out. Numbers are numbers; ``commands`` are the JSON of ``EditCommand``.
EVENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "topbar": {
        "look": (),  # the server said that there is something new
        "pick": ("bundle",),  # the model of orders to come
        "undo": (),
        "redo": (),
        "take_over": (),  # this page becomes the one that may change the project
        "new_project": ("[name]",),
        "open_project": ("project",),
        "rename_project": ("name",),  # the open one
        "duplicate_project": ("[project]",),  # the open one if none is named; opens the copy
        "delete_project": ("project",),
        "download_project": ("[project]",),  # answers in ``file``
        "upload_project": ("path", "name"),  # a .mstudio that ``upload`` has brought; opens it
    },
    "chat": {
        # auto: carry the plan out at once; plain: the words are a description, whatever they say;
        # aim: JSON of an ``Aim``, for takes that go there
        "submit": ("text", "seconds", "takes", "[auto]", "[plain]", "[aim]"),
        "run": ("turn", "[takes]", "[steps]"),  # steps: {at, text, seconds}, as left by hand
        "reject": ("turn",),
        "take_back": ("turn",),
        "redo": (),
        "vary": ("turn", "[takes]", "[auto]"),  # try another way
        "cancel": ("turn",),
        "choose": ("take",),
        "accept": ("take",),
        "more": ("take", "[takes]"),  # more of the same words, in the same group
    },
    "takes": {
        "choose": ("take",),  # review it: it becomes the ghost; "" to stop
        "compare": ("takes",),  # ids, to be seen side by side; [] to stop
        "accept": ("take", "[aim]"),  # aim: JSON of an ``Aim``, where not that of the take
        "keep": ("take", "kept"),
        "again": ("take",),  # one more of its group
        "more": ("take", "[takes]"),  # several more of its group
        "rename": ("take", "name"),
        "remove": ("takes",),  # ids
        "receive": ("path", "name"),  # a motion file that ``upload`` has brought
    },
    "timeline": {
        "edit": ("commands", "label", "[merge]"),
        "undo": (),
        "redo": (),
        "select": ("clips", "[track]", "[character]", "[playhead]"),
        "drop": ("path", "name", "track", "frame"),  # a motion file; track "" for a new one
        "place": ("take", "track", "frame"),  # a take that was dragged here
        "fill": ("before", "after", "[text]", "[seconds]", "[takes]"),
        "regenerate": ("clip", "[start]", "[stop]", "[text]", "[takes]"),  # played frames
        "carry_on": ("clip", "[text]", "[seconds]", "[takes]"),
        "cancel": ("turn",),
        "take_over": (),
    },
    "inspector": {
        "edit": ("commands", "label", "[merge]"),
        "fill": ("before", "after", "[text]", "[seconds]", "[takes]"),
        "regenerate": ("clip", "[start]", "[stop]", "[text]", "[takes]"),
        "carry_on": ("clip", "[text]", "[seconds]", "[takes]"),
        "swap": ("clip", "take"),  # the clip shows another take
    },
    "export": {
        # subject: "timeline" or a take's id; character: an id, or "" for everyone (one file each,
        # in a zip); fps: "" as it is; start, stop: frames, or left out for the project's range
        "save": (
            "subject",
            "format",
            "fps",
            "mirror",
            "in_place",
            "[character]",
            "[start]",
            "[stop]",
        ),
    },
    "viewer": {},
}


class View(TypedDict):
    """What every panel's view has; see the module's text."""

    revision: int
    nonce: float
    notice: str


# -- the top bar ----------------------------------------------------------------------------------


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


class ProjectRow(TypedDict):
    """A project to open. ``changed`` and ``length`` as people read them.

    ``problem`` is the sentence that says why it cannot be opened, empty if it can.
    """

    id: str
    name: str
    changed: str
    length: str
    problem: str
    open: bool


class FileView(TypedDict):
    """A file that was written, to be fetched once."""

    url: str
    name: str
    size: int


class BarView(View):
    """The top bar.

    Attributes:
        page: The page's own id, empty until it has one.
        project: The open project's id, which the page keeps in its address (``?project=``).
        saved: The time of the last save (``12:03``), empty before the first.
        undo, redo: What they would take back or bring again, empty if nothing.
        readonly: The sentence that says why nothing can be changed here, empty if it can.
        trouble: The sentence that says why the project's file is behind the last edit, else empty.
        file: A project that was asked for as a file.
    """

    models: list[ModelView]
    chosen: str
    device: DeviceView
    page: str
    project: str
    name: str
    saved: str
    undo: str
    redo: str
    readonly: str
    trouble: str
    projects: list[ProjectRow]
    file: FileView | None


# -- the conversation -----------------------------------------------------------------------------


class TakeChip(TypedDict):
    """A take as the chat mentions it."""

    id: str
    name: str
    label: str
    accepted: bool


class StripView(TypedDict):
    """A step of a plan. ``at`` is its place in the plan.

    A clip that is to be made has its ``text``, and ``seconds`` where ``timed``; ``title`` says what
    other steps do. What is ``fixed`` cannot be taken out alone.
    """

    at: int
    kind: str
    title: str
    text: str
    seconds: float | None
    timed: bool
    fixed: bool


class ClipChip(TypedDict):
    """A clip as the chat mentions it."""

    id: str
    name: str
    color: str


class SpanView(TypedDict):
    """Frames of one character that a turn changed."""

    character: str
    start: int
    stop: int


class TurnView(TypedDict):
    """One line of the conversation, what it led to and how that stands.

    A line that only describes a motion leads to ``takes`` to choose from; ``ask`` says how many of
    what length, ``aim`` where they will go ("fills the gap between Walk and Wave").

    Any other has a plan, shown as ``strips`` until it is carried out. Then ``reply`` says what came
    of it, ``told`` what its edits were, ``clips`` and ``spans`` what they touched. Where it asks,
    ``options`` are answers to choose from; ``plain`` if the line itself can be taken as a
    description instead.

    ``note`` is what is being done, and when all is done what the animator should know ("the clip
    was removed meanwhile; the takes are kept"). ``undo`` is how many steps taking it back takes, 0
    where that cannot be done.
    """

    id: str
    text: str
    ask: str
    aim: str
    state: Literal[
        "planned",
        "waiting",
        "running",
        "done",
        "answered",
        "undone",
        "rejected",
        "failed",
        "cancelled",
    ]
    fraction: float
    note: str
    error: str
    seconds: float
    takes: list[TakeChip]
    reply: str
    notice: str
    strips: list[StripView]
    told: list[str]
    options: list[str]
    plain: bool
    clips: list[ClipChip]
    spans: list[SpanView]
    undo: int
    redo: bool
    vary: bool
    files: list[FileView]


class ChatView(View):
    """The chat panel. ``suggestions`` are lines that fit the project as it is."""

    turns: list[TurnView]
    selected: str
    suggestions: list[str]
    max_seconds: float


# -- takes ----------------------------------------------------------------------------------------


class MeasureView(TypedDict):
    """One figure of a take."""

    label: str
    value: str
    unit: str
    level: Level
    title: str


class TakeView(TypedDict):
    """One row of the list of takes.

    ``media`` is fetched at ``media/<id>``; ``lead`` and ``tail`` of its frames are context.
    ``status`` is ``new`` until it is kept or accepted; ``best`` marks the first of its group.
    """

    id: str
    name: str
    group: str
    source: str
    length: str
    frames: int
    lead: int
    tail: int
    fps: float
    media: str
    aim: str
    status: Literal["new", "kept", "accepted"]
    best: bool
    can_repeat: bool
    measures: list[MeasureView]


class GroupView(TypedDict):
    """Takes of one request, best first; none yet while its first turn runs.

    ``aim`` as in :class:`TurnView`; ``turn`` is that which is adding to it, empty if none is.
    """

    id: str
    title: str
    aim: str
    turn: str
    fraction: float
    takes: list[str]


class TakesView(View):
    """The takes panel: rows in the order of their groups, newest group last.

    ``selected`` is the take under review, ``compared`` those that are seen side by side.
    """

    groups: list[GroupView]
    takes: list[TakeView]
    selected: str
    compared: list[str]


# -- the stage ------------------------------------------------------------------------------------


class CharacterView(TypedDict):
    """One figure on the stage, in the words of the viewer module."""

    id: str
    name: str
    url: str
    figureUrl: str


class SceneView(View):
    """What the viewer is to show.

    With ``mode`` ``timeline`` it is the performance that the stage evaluates; with ``takes`` these
    ``characters``, one for each take that is compared, side by side.
    """

    mode: Literal["timeline", "takes"]
    characters: list[CharacterView]


# -- the timeline ---------------------------------------------------------------------------------


class JoinView(TypedDict):
    """Where one piece takes over from another, and how well it does.

    ``clip`` is the one that takes over, at ``frame``, blending for ``frames``. The worst joint's
    jump: ``position`` m, ``rotation`` rad, ``velocity`` m/s; ``ratio`` to the clips' own largest
    step.
    """

    track: str
    clip: str
    frame: int
    frames: int
    position: float
    rotation: float
    velocity: float
    ratio: float
    joint: str
    level: Level


class PendingView(TypedDict):
    """A job whose takes are for the timeline. ``aim`` is JSON of an ``Aim``."""

    turn: str
    aim: Json
    text: str
    fraction: float


class GhostView(TypedDict):
    """The take under review, and the project (without takes) as it would be if accepted."""

    take: str
    name: str
    project: Json


class TimelineView(View):
    """The timeline; see ``BarView`` for ``undo``, ``redo``, ``readonly`` and ``saved``.

    ``project`` is its JSON without takes. ``selection`` are ids of clips.
    """

    project: Json
    joins: list[JoinView]
    selection: list[str]
    undo: str
    redo: str
    readonly: str
    saved: str
    pending: list[PendingView]
    ghost: GhostView | None


# -- the inspector --------------------------------------------------------------------------------


class AlternativeView(TypedDict):
    """A take of the same request that the selected clip shows or could show, best first."""

    take: str
    name: str
    current: bool


class ClipView(TypedDict):
    """The selected clip.

    ``media`` is JSON of a ``Media``; ``played`` its frames at the project's rate and this speed,
    ``source`` the used range of them. ``times`` is how often it goes round. ``blend`` and
    ``placement`` are JSON as in the project. ``overlap`` is the length of the overlap with the
    clip before, which is the blend's length where it is above 0. ``before`` and ``after`` are the
    ids of its neighbours on the track, ``gap_before`` and ``gap_after`` the empty frames between
    (negative where they overlap).
    """

    id: str
    name: str
    track: str
    character: str
    color: str
    enabled: bool
    locked: bool
    source_text: str
    seed: int | None
    bundle: str
    media: Json
    start: int
    frames: int
    seconds: float
    source: tuple[int, int]
    played: int
    speed: float
    reverse: bool
    mirror: bool
    in_place: bool
    times: float
    extrapolate: Literal["hold", "loop"]
    blend: Json
    overlap: int
    placement: Json
    seam: JoinView | None
    before: str
    after: str
    gap_before: int
    gap_after: int
    alternatives: list[AlternativeView]


class TrackView(TypedDict):
    """The selected track, or that of the selected clip."""

    id: str
    name: str
    character: str
    mute: bool
    solo: bool
    lock: bool


class PerformerView(TypedDict):
    """A character. ``placement`` is JSON as in the project."""

    id: str
    name: str
    color: str
    placement: Json


class InspectorView(View):
    """What is selected: ``clip`` where it is one, ``count`` of clips where they are several."""

    count: int
    clips: list[str]
    clip: ClipView | None
    track: TrackView | None
    character: PerformerView | None
    readonly: str
    fps: float


# -- export ---------------------------------------------------------------------------------------


class FormatView(TypedDict):
    """A file format to choose."""

    id: str
    label: str
    title: str


class SubjectView(TypedDict):
    """Something to save: the timeline, or a take. ``length`` as people read it."""

    id: str
    name: str
    length: str


class ExportCharacter(TypedDict):
    """A character of the timeline to save alone."""

    id: str
    name: str


class ExportView(View):
    """The export panel; ``file`` is what was just written.

    ``take`` and ``name`` are the take under review, empty if none.
    """

    take: str
    name: str
    subjects: list[SubjectView]
    characters: list[ExportCharacter]
    fps: float
    formats: list[FormatView]
    file: FileView | None
