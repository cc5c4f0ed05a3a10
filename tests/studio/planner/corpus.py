"""Dialogues with their plans: how they are written, and how they are run.

A dialogue begins with ``= name`` and its ``scene``; ``select`` names selected clips, ``at`` the
playhead's frame, ``formats`` what can be written. Then come turns: a line after ``>`` and below it
the steps that are expected, each as :func:`brief` writes it. ``none`` is a plan without steps. A
``+`` before ``gen`` is a transition from the clip generated before. Of a question only that it is
asked counts, of a new character all but the colour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from studio.document.apply import apply
from studio.document.commands import (
    AddCharacter,
    AddTrack,
    Batch,
    EditCommand,
    LoopClip,
    RetimeClip,
    SetBlend,
    SetMarker,
)
from studio.document.model import (
    Append,
    Blend,
    ClipId,
    Continue,
    Fill,
    Insert,
    Placement,
    Project,
    Range,
    Replace,
)
from studio.planner import focus
from studio.planner.desk import place_made, stand_in
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
from studio.planner.summary import Abilities, Focus, Summary, summarise
from tests.studio.planner.scenes import scene

FOLDER = Path(__file__).parent / "corpus"
Planner = Callable[[str, Summary, Abilities], Plan]


@dataclass(frozen=True)
class Turn:
    """A line and the steps that it should become."""

    line: str
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Dialogue:
    """Turns in a document."""

    name: str
    scene: str = "empty"
    select: tuple[str, ...] = ()
    playhead: int = 0
    formats: tuple[str, ...] = ("bvh", "glb", "npz")
    turns: tuple[Turn, ...] = ()


def dialogues(part: str) -> tuple[Dialogue, ...]:
    """The dialogues of a file."""
    found: list[Dialogue] = []
    for row in (FOLDER / f"{part}.txt").read_text(encoding="utf-8").splitlines():
        text = row.strip()
        if text.startswith("= "):
            found.append(Dialogue(text[2:]))
        elif text and not text.startswith("#"):
            found[-1] = _with_row(found[-1], text)
    return tuple(found)


def _with_row(dialogue: Dialogue, row: str) -> Dialogue:
    head, _, rest = row.partition(" ")
    if row.startswith(">"):
        return replace(dialogue, turns=(*dialogue.turns, Turn(row[1:].strip(), ())))
    if not dialogue.turns:
        match head:
            case "scene":
                return replace(dialogue, scene=rest)
            case "select":
                return replace(dialogue, select=tuple(rest.split()))
            case "at":
                return replace(dialogue, playhead=int(rest))
            case "formats":
                return replace(dialogue, formats=tuple(rest.split()))
        raise ValueError(f"{dialogue.name}: {row}")
    last = dialogue.turns[-1]
    return replace(dialogue, turns=(*dialogue.turns[:-1], Turn(last.line, (*last.expected, row))))


# -- running --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a turn became."""

    turn: Turn
    plan: Plan
    steps: tuple[str, ...]
    before: Project
    after: Project

    @property
    def right(self) -> bool:
        return self.steps == self.turn.expected


def run(dialogue: Dialogue, planner: Planner) -> Iterator[Answer]:
    """Each turn, planned in what the turns before made of the document.

    The next turn starts from what was planned, right or wrong, as in life.
    """
    now = Focus(tuple(ClipId(id) for id in dialogue.select), dialogue.playhead)
    past = Past(scene(dialogue.scene))
    abilities = Abilities(formats=dialogue.formats)
    for turn in dialogue.turns:
        before = past.project
        summary = summarise(before, now)
        plan = planner(turn.line, summary, abilities)
        past.carry_out(plan)
        yield Answer(turn, plan, tuple(briefs(plan)) or ("none",), before, past.project)
        now = focus.after(plan, turn.line, summary)


class Past:
    """Documents, to go back to."""

    def __init__(self, first: Project) -> None:
        self._all, self._at = [first], 0

    @property
    def project(self) -> Project:
        return self._all[self._at]

    def carry_out(self, plan: Plan) -> None:
        """As a session does, with motions of nothing; one step of undo."""
        undo = next((step for step in plan.steps if isinstance(step, Undo)), None)
        if undo is not None:
            by = undo.times if undo.redo else -undo.times
            self._at = min(max(self._at + by, 0), len(self._all) - 1)
            return
        after = carried_out(self.project, plan)
        if after != self.project:
            self._all = [*self._all[: self._at + 1], after]
            self._at += 1


def carried_out(project: Project, plan: Plan) -> Project:
    """The document after a plan: edits in a row are one batch."""
    batch: list[EditCommand] = []

    def flushed(now: Project) -> Project:
        if not batch:
            return now
        made = apply(now, Batch(tuple(batch)))
        batch.clear()
        return made

    for step in plan.steps:
        match step:
            case Edit(command):
                batch.append(command)
            case Generate():
                project = _generated(flushed(project), step)
            case Transition() | Place():
                project = _set(flushed(project), step)
    return flushed(project)


def _generated(project: Project, step: Generate) -> Project:
    there = {clip.id for _, clip in project.clips}
    after = place_made(project, step, stand_in(project, step))
    made = {clip.id for _, clip in after.clips} - there
    assert made == ({step.made} if step.made not in there else set()), (step, made)
    if step.speed != 1.0:
        after = apply(after, RetimeClip((step.made,), speed=step.speed, ripple=True))
    if step.loops != 1:
        after = apply(after, LoopClip((step.made,), step.loops, ripple=True))
    return after


def _set(project: Project, step: Transition | Place) -> Project:
    if isinstance(step, Place):
        return project
    if step.how == "synthesize":
        return project
    clip = next(clip for _, clip in project.clips if clip.id == step.after)
    frames = clip.blend.frames if step.seconds is None else round(step.seconds * project.fps)
    blend = Blend(step.how, 0 if step.how == "cut" else frames)
    return apply(project, SetBlend((step.after,), blend))


# -- writing a plan down --------------------------------------------------------------------------


def briefs(plan: Plan) -> Iterator[str]:
    """The steps of a plan, one line each."""
    steps = list(plan.steps)
    for i, step in enumerate(steps):
        if isinstance(step, Transition) and _joins(steps, i):
            continue
        following = i + 1 < len(steps) and _joins(steps, i + 1)
        yield ("+" if following else "") + brief(step)


def _joins(steps: list[Step], i: int) -> bool:
    """Whether step ``i`` joins the clip generated right before it to the one before that."""
    step, made = steps[i], steps[i - 1] if i else None
    if not isinstance(step, Transition) or not isinstance(made, Generate):
        return False
    before = [each.made for each in steps[: i - 1] if isinstance(each, Generate)]
    usual = step == Transition(step.before, step.after, how="inertialize")
    return usual and step.after == made.made and step.before in before


def brief(step: Step) -> str:
    """One step as the corpus writes it: all that is not usual."""
    match step:
        case Generate():
            return _generate(step)
        case Edit(command):
            return _edit(command)
        case Transition(before, after, how, seconds, text):
            return _row("transition", before, after, how, _s(seconds), text and f'"{text}"')
        case Caption(who, span):
            return _row("caption", who, _span(span))
        case Reason(_, about, span):
            return _row("reason", about, _span(span))
        case Place(who, x, z, turn, other):
            place = _row("place", who, _n(x), _n(z), _n(math.degrees(turn)))
            return f"{place} of {other}" if other else place
        case Export(format, who, clips, span):
            names = f"clips={','.join(clips)}" if clips else None
            return _row("export", format, who and f"who={who}", names, _span(span))
        case Undo(times, redo):
            return f"{'redo' if redo else 'undo'} {times}"
        case Find(text):
            return f'find "{text}"'
        case Ask():
            return "ask"


def _generate(step: Generate) -> str:
    match step.aim:
        case Append(track):
            where = f"append {track}"
        case Insert(track, start):
            where = f"insert {track} {start}"
        case Continue(clip):
            where = f"continue {clip}"
        case Fill(before, after, length):
            where = f"fill {before} {after} {length}"
        case Replace(_, span):
            where = _row("replace", _span(span))
    return _row(
        "gen",
        step.made,
        where,
        f'"{step.text}"',
        _s(step.seconds),
        step.style and f'style="{step.style}"',
        step.body_part and f"part={step.body_part}",
        step.bundle and f"bundle={step.bundle}",
        f"speed={_n(step.speed)}" if step.speed != 1.0 else None,
        f"loops={step.loops}" if step.loops != 1 else None,
    )


def _edit(command: EditCommand) -> str:
    match command:
        case AddCharacter(who):
            return f'add_character {who.id} "{who.name}"'
        case AddTrack(track, index):
            return _row("add_track", track.id, track.character, f'"{track.name}"', index)
        case SetMarker(marker):
            return f'set_marker {marker.id} {marker.frame} "{marker.name}"'
        case Batch(commands):
            return " ; ".join(_edit(each) for each in commands)
    row = [command.kind]
    for each in fields(command):
        value = getattr(command, each.name)
        if each.name == "kind" or (each.name != "target" and value == each.default):
            continue
        row.append(_field(command.kind, each.name, value))
    return _row(*row)


_BARE = ("target", "track", "character", "markers", "range", "media")
_HIDDEN = {"replace_media": ("source", "take", "provenance", "ripple")}


def _field(kind: str, name: str, value: Any) -> str:
    if name in _HIDDEN.get(kind, ()):
        return ""
    if name == "media":
        return value.id
    if value is True:
        return name
    shown = _value(value)
    if name == "name" and value is not None:
        shown = f'"{value}"'
    return shown if name in _BARE else f"{name}={shown}"


def _value(value: Any) -> str:
    match value:
        case None:
            return "none"
        case False:
            return "no"
        case Placement(x, z, turn, pinned):
            numbers = ",".join(_n(n) for n in (x, z, math.degrees(turn)))
            return f"{numbers},pin" if pinned else numbers
        case Range():
            return f"{value.start}:{value.stop}"
        case float():
            return _n(value)
        case tuple():
            return ",".join(map(str, value))
    return str(value)


def _row(*parts: object) -> str:
    return " ".join(str(part) for part in parts if part is not None and part != "")


def _span(span: Range | None) -> str | None:
    return None if span is None else f"{span.start}:{span.stop}"


def _s(seconds: float | None) -> str | None:
    return None if seconds is None else f"{_n(seconds)}s"


def _n(value: float) -> str:
    return f"{round(value, 3) + 0.0:g}"


@dataclass
class Score:
    """How many turns of some dialogues became exactly the plan that is expected."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + len(self.wrong)

    @property
    def accuracy(self) -> float:
        return self.right / max(self.total, 1)
