"""What holds a language model's plan to the scene: ids that are there, edits that can be done.

Each step is tried on the project as it will be, so that what is wrong can be said in a sentence to
the model, and nothing half-good reaches the animator.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace

from motion.errors import MotionStudioError
from studio.document.apply import apply
from studio.document.commands import (
    AddCharacter,
    AddTrack,
    Batch,
    EditCommand,
    LoopClip,
    RetimeClip,
    SetMarker,
)
from studio.document.model import Project, Range, Replace
from studio.document.rules import MAX_PLAN
from studio.planner.codec import PlanError, plan_json
from studio.planner.desk import stood_in
from studio.planner.focus import answered
from studio.planner.llm_prompt import NOT_OFFERED
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
from studio.planner.summary import Abilities, Focus, Summary

_MAX_REPLY = 2000
_MAX_OPTIONS = 6


def checked(plan: Plan, line: str, summary: Summary, abilities: Abilities) -> Plan:
    """``plan`` as it may be shown and carried out.

    One that asks does nothing else, and a file that the line did not ask for is asked about first.

    Raises:
        PlanError: it does not fit the project; the sentence says where.
    """
    reply = _unicode(plan.reply).strip()[:_MAX_REPLY]
    asked = next((step for step in plan.steps if isinstance(step, Ask)), None)
    export = next((step for step in plan.steps if isinstance(step, Export)), None)
    if asked is not None:
        return _asking(_unicode(asked.question).strip(), asked.options)
    if not reply:
        raise PlanError("The reply is empty; say in one sentence what is done.")
    _Trial(summary.project, abilities).take(plan.steps)
    if export is not None and not asks_for_a_file(line, summary.focus, abilities):
        named = export.format.upper()
        return _asking(f"Should a {named} file be saved?", (f"Export as {named}", "No"))
    if len(json.dumps(plan_json(plan))) > MAX_PLAN // 2:
        raise PlanError("The plan is far too long; send a shorter one.")
    return replace(plan, reply=reply)


def _asking(question: str, options: Sequence[str]) -> Plan:
    if not question:
        raise PlanError("The question of ask is empty; ask one.")
    kept = [text for each in options if (text := _unicode(each).strip()[:200])]
    ask = Ask(question[:_MAX_REPLY], tuple(dict.fromkeys(kept))[:_MAX_OPTIONS])
    return Plan(ask.question, (ask,))


def _unicode(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


# -- files -----------------------------------------------------------------------------------------

_ASKED = (
    r"\b(?:export|download|render)(?:s|ed|ing)?\b|\b(?:a|the|to|as)\s+(?:\w+\s+)?files?\b"
    r"|\b(?:save|write|store|keep|convert)\b.{0,60}\b(?:as|to|out|disk|into)\b"
    r"|\bsave (?:it|this|that|them|everything|all|the|my|a)\b"
)
_NOT = re.compile(r"\b(?:not|never|without|no|nothing)\b|n['\u2019]t\b|\bdont\b", re.IGNORECASE)


def asks_for_a_file(line: str, focus: Focus, abilities: Abilities) -> bool:
    """Whether a line plainly wants something saved; one that has a "not" in it does not.

    An answer to a question counts together with the line that the question was about.
    """
    answer = answered(line, focus)
    said = [line] if answer is None else [answer, focus.request, *focus.answers]
    names = "|".join(re.escape(each) for each in abilities.formats)
    wanted = re.compile(rf"{_ASKED}|\b(?:as|an?|in|to)\s+\.?(?:{names})\b", re.IGNORECASE)
    return not _NOT.search(said[0]) and any(wanted.search(each) for each in said)


# -- the steps -------------------------------------------------------------------------------------

#: Which ids a field holds, wherever it stands in a step.
_FIELDS = {
    "target": "clip",
    "clips": "clip",
    "clip": "clip",
    "before": "clip",
    "after": "clip",
    "track": "track",
    "character": "character",
    "relative_to": "character",
    "about": "character",
    "markers": "marker",
}


@dataclass
class _Trial:
    """The project as it will be after the steps so far."""

    project: Project
    abilities: Abilities
    _known: dict[str, set[str]] = field(default_factory=dict)
    _waiting: list[EditCommand] = field(default_factory=list)
    _where: str = ""

    def __post_init__(self) -> None:
        self._known = {
            "clip": {clip.id for _, clip in self.project.clips},
            "track": {track.id for track in self.project.timeline.tracks},
            "character": {who.id for who in self.project.characters},
            "marker": {marker.id for marker in self.project.timeline.markers},
        }

    def take(self, steps: Sequence[Step]) -> None:
        """Try all of them; raises PlanError at the first that cannot be."""
        for number, step in enumerate(steps):
            self._where = f"steps[{number}]"
            self._look(step)
            if isinstance(step, Undo) and not all(isinstance(s, Undo) for s in steps[:number]):
                raise self._wrong("undo comes before all other steps")
            try:
                self._do(step)
            except (MotionStudioError, ArithmeticError) as error:
                raise self._wrong(str(error).rstrip(".")) from error
        try:
            self._settle()
        except (MotionStudioError, ArithmeticError) as error:
            raise self._wrong(str(error).rstrip(".")) from error

    def _wrong(self, what: str) -> PlanError:
        return PlanError(f"In {self._where}: {what[:400]}.")

    def _look(self, step: Step) -> None:
        for kind, id in _named(step):
            if id not in self._known[kind]:
                there = ", ".join(sorted(self._known[kind])[:40]) or "none"
                raise self._wrong(f"there is no {kind} '{id[:60]}'; the scene has {there}")
        for span in _ranges(step):
            if not 0 <= span.start < span.stop:
                raise self._wrong(f"the range {span.start} to {span.stop} has no frames")

    def _do(self, step: Step) -> None:
        match step:
            case Edit(command):
                self._edit(command)
            case Generate():
                self._generate(step)
            case Transition(before, after, seconds=seconds):
                self._settle()
                if before == after or (seconds is not None and not 0 < seconds <= self._most):
                    raise self._wrong("a transition leads from one clip to the next in seconds")
            case Place(who, relative_to=other) if who == other:
                raise self._wrong("a character cannot be placed relative to itself")
            case Export(format) if format not in self.abilities.formats:
                formats = ", ".join(self.abilities.formats)
                raise self._wrong(f"there is no format '{format[:20]}'; there are {formats}")
            case Undo(times) if times < 1:
                raise self._wrong("undo takes back one step or more")
            case Find(text) | Reason(text) if not text.strip():
                raise self._wrong("there is no text")
            case Place() | Export() | Undo() | Find() | Reason() | Caption() | Ask():
                pass

    @property
    def _most(self) -> float:
        return self.abilities.max_seconds

    def _edit(self, command: EditCommand) -> None:
        if command.kind in NOT_OFFERED:
            raise self._wrong(f"the command {command.kind} is not offered")
        if isinstance(command, AddTrack) and command.track.clips:
            raise self._wrong("a new track has no clips; generate them")
        self._waiting.append(command)
        match command:
            case AddTrack(track):
                self._known["track"].add(track.id)
            case AddCharacter(character):
                self._known["character"].add(character.id)
            case SetMarker(marker):
                self._known["marker"].add(marker.id)
            case _:
                self._known["clip"].update(getattr(command, "made", ()))

    def _generate(self, step: Generate) -> None:
        self._settle()
        again = isinstance(step.aim, Replace)
        if not step.text.strip() or len(step.text) > 1000:
            raise self._wrong("the text is one sentence about one person")
        if step.seconds is not None and not 0 < step.seconds <= self._most:
            raise self._wrong(
                f"one generate makes at most {self._most:g} seconds; continue it in another"
            )
        if step.bundle is not None and step.bundle not in self.abilities.bundles:
            raise self._wrong(f"there is no model '{step.bundle[:60]}'; leave bundle out")
        if step.body_part is not None and not again:
            raise self._wrong("body_part needs the aim replace")
        if isinstance(step.aim, Replace) and step.made != step.aim.clip:
            raise self._wrong("with the aim replace, made is the clip that is replaced")
        if not again and step.made in self._known["clip"]:
            raise self._wrong(f"made is a new id, and there is a clip '{step.made[:60]}'")
        self.project = stood_in(self.project, step)
        self._known["clip"].add(step.made)
        if step.body_part is None and step.speed != 1.0:
            self._waiting.append(RetimeClip((step.made,), step.speed, ripple=True))
        if step.body_part is None and step.loops != 1:
            self._waiting.append(LoopClip((step.made,), step.loops, ripple=True))
        self._settle()

    def _settle(self) -> None:
        """Do the edits that wait: several may only make sense together."""
        if self._waiting:
            self.project = apply(self.project, Batch(tuple(self._waiting)))
            self._waiting.clear()


def _named(value: object) -> Iterator[tuple[str, str]]:
    """Every id that a step refers to, with what it is an id of."""
    for name, each in _parts(value):
        kind = _FIELDS.get(name)
        if kind and isinstance(each, str):
            yield kind, each
        elif kind and isinstance(each, tuple):
            yield from ((kind, id) for id in each if isinstance(id, str))
        else:
            yield from _named(each)


def _ranges(value: object) -> Iterator[Range]:
    if isinstance(value, Range):
        yield value
    for _, each in _parts(value):
        yield from _ranges(each)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if is_dataclass(value):
        yield from ((each.name, getattr(value, each.name)) for each in fields(value))
