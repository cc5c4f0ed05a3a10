"""A plan as strips that an animator can read and change by hand, and back again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from studio.directing import targets
from studio.document.commands import (
    AddCharacter,
    AddTrack,
    Batch,
    DuplicateClip,
    EditCommand,
    EnableClip,
    InPlaceClip,
    LoopClip,
    MirrorClip,
    MoveClip,
    RemoveClip,
    RetimeClip,
    SetBlend,
    TrimClip,
)
from studio.document.labels import label
from studio.document.model import Append, ClipId, Continue, Insert, Project, Range
from studio.orders import take_name
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
from studio.session import SessionError
from studio.ui.view_models import StripView


@dataclass(frozen=True)
class Strip:
    """A strip as it was left by hand: which step of the plan, its words and its length."""

    at: int
    text: str = ""
    seconds: float | None = None


def strips(plan: Plan, project: Project) -> list[StripView]:
    """The steps that are shown; those that only serve another are not."""
    names, project = _names(plan, project), _with_people(plan, project)
    return [
        _strip(at, step, project, names)
        for at, step in enumerate(plan.steps)
        if not _serves(step, plan)
    ]


def told(plan: Plan, project: Project) -> list[str]:
    """What the edits of a plan do, a few words each, for those whose clips are still there."""
    names, project = _names(plan, project), _with_people(plan, project)
    return [
        _title(step, project, names)
        for step in plan.steps
        if isinstance(step, Edit | Place)
        and not _serves(step, plan)
        and (not isinstance(step, Edit) or all(c in names for c in targets(step.command)))
    ]


def lasting(plan: Plan, seconds: float) -> Plan:
    """A plan whose new clips are this long where nothing else was said."""

    def timed(step: Step) -> Step:
        if isinstance(step, Generate) and step.seconds is None and _is_timed(step):
            return replace(step, seconds=seconds)
        return step

    return replace(plan, steps=tuple(timed(step) for step in plan.steps))


def rearranged(plan: Plan, left: Sequence[Strip]) -> Plan:
    """A plan with its strips changed by hand: reworded, retimed, in another order, fewer.

    How clips lead to one another is worked out anew for the new order.

    Raises:
        SessionError: a strip is of no step of the plan, or nothing is left.
    """
    if not left:
        raise SessionError("Nothing is left to do; reject the plan instead.")
    if len({strip.at for strip in left}) != len(left) or not all(
        0 <= strip.at < len(plan.steps) for strip in left
    ):
        raise SessionError("These steps are not of this plan; reload the page and try again.")
    shown = {strip.at: strip for strip in left}
    removed = {
        step.made
        for at, step in enumerate(plan.steps)
        if isinstance(step, Generate) and at not in shown
    }
    joins = {s.after: s for s in plan.steps if isinstance(s, Transition) and _serves(s, plan)}
    steps: list[Step] = [
        step for step in plan.steps if _serves(step, plan) and not isinstance(step, Transition)
    ]
    before: dict[object, ClipId] = {}
    for strip in left:
        step = _reworded(plan.steps[strip.at], strip)
        if isinstance(step, Edit) and removed.intersection(targets(step.command)):
            continue
        steps.append(step)
        if isinstance(step, Generate):
            track = _track(step)
            if joins and track is not None and track in before:
                usual = joins.get(step.made) or next(iter(joins.values()))
                steps.append(replace(usual, before=before[track], after=step.made))
            elif step.made in joins and joins[step.made].before not in _made(plan):
                steps.append(joins[step.made])
            before[track] = step.made
    return replace(plan, steps=tuple(steps))


def _reworded(step: Step, strip: Strip) -> Step:
    if not isinstance(step, Generate):
        return step
    text = " ".join(strip.text.split())
    if not text:
        raise SessionError("A step has no words; say what the person does, or remove it.")
    timed = _is_timed(step) and strip.seconds is not None
    return replace(step, text=text, seconds=strip.seconds if timed else step.seconds)


def _serves(step: Step, plan: Plan) -> bool:
    """Whether a step is there for another one only, and not worth a strip."""
    if isinstance(step, Transition):
        return step.how == "inertialize" and step.text is None and step.after in _made(plan)
    if isinstance(step, Edit) and isinstance(step.command, AddTrack):
        owner = step.command.track.character
        return any(
            isinstance(each, Edit)
            and isinstance(each.command, AddCharacter)
            and each.command.character.id == owner
            for each in plan.steps
        )
    return False


def _made(plan: Plan) -> set[ClipId]:
    return {step.made for step in plan.steps if isinstance(step, Generate)}


def _is_timed(step: Generate) -> bool:
    """Whether a length can be asked for: a gap and a clip that is there have theirs."""
    return isinstance(step.aim, Append | Insert | Continue)


def _track(step: Generate) -> object:
    """What a new clip follows others on, or None for one that has a place of its own."""
    return (step.aim.track,) if isinstance(step.aim, Append | Insert) else None


# -- in words --------------------------------------------------------------------------------------


def _names(plan: Plan, project: Project) -> dict[ClipId, str]:
    """What clips are called: those that are there, and those that will be."""
    made = {s.made: take_name(s.text) for s in plan.steps if isinstance(s, Generate)}
    return {**made, **{clip.id: clip.name for _, clip in project.clips}}


def _with_people(plan: Plan, project: Project) -> Project:
    """A project with those who are only to come, so that they can be named."""
    here = {who.id for who in project.characters}
    coming = [s.command for s in plan.steps if isinstance(s, Edit)]
    new = [c.character for c in coming if isinstance(c, AddCharacter)]
    there = (*project.characters, *(who for who in new if who.id not in here))
    return replace(project, characters=there)


def _strip(at: int, step: Step, project: Project, names: dict[ClipId, str]) -> StripView:
    makes = isinstance(step, Generate)
    return StripView(
        at=at,
        kind=step.kind,
        title=_title(step, project, names),
        text=step.text if makes else "",
        seconds=step.seconds if makes else None,
        timed=makes and _is_timed(step),
        fixed=isinstance(step, Edit) and isinstance(step.command, AddCharacter),
    )


def _title(step: Step, project: Project, names: dict[ClipId, str]) -> str:
    match step:
        case Generate():
            return _whose(step, project)
        case Edit(command):
            return _edited(command, project, names)
        case Transition(before, after, how):
            pair = f"{_name(names, before)} to {_name(names, after)}"
            if how == "synthesize":
                return f"Motion from {pair}"
            ways = {"inertialize": "Blend", "crossfade": "Fade", "cut": "Cut"}
            return f"{ways[how]} from {pair}"
        case Place(character, relative_to=other):
            who = _character(project, character)
            beside = f" by {_character(project, other)}" if other is not None else ""
            return f"Place {who}{beside}"
        case Export(format):
            return f"Save as {format.upper()}"
        case Undo(times, redo):
            what = "Do again" if redo else "Take back"
            return f"{what} {times} steps" if times > 1 else f"{what} the last step"
        case Find(text):
            return f"Look for '{text}'"
        case Caption(character, span):
            return f"Look at {_character(project, character)}{_between(span, project)}"
        case Reason(question):
            return question
        case Ask(question):
            return question


def _whose(step: Generate, project: Project) -> str:
    """What a new clip is of, where that has to be said."""
    notes = []
    if len(project.characters) > 1:
        notes.append(_character(project, step.character))
    if step.body_part is not None:
        notes.append(f"{step.body_part.replace('_', ' ')} only")
    if step.speed != 1:
        notes.append(f"at {step.speed:g}\u00d7")
    if step.loops != 1:
        notes.append(f"{step.loops} times")
    if not _is_timed(step):
        notes.append("in the place of what is there")
    return ", ".join(notes)


def _edited(command: EditCommand, project: Project, names: dict[ClipId, str]) -> str:
    who = ", ".join(dict.fromkeys(_name(names, clip) for clip in targets(command)))
    match command:
        case Batch(commands) if not command.label:
            return "; ".join(_edited(each, project, names) for each in commands)
        case RetimeClip(speed=speed, reverse=reverse):
            backwards = {None: "", True: " backwards", False: " forwards"}[reverse]
            return f"{who} plays{backwards}" + (f" at {speed:.3g}\u00d7" if speed else "")
        case MoveClip(by=by) if by:
            return f"{who} {_time(abs(by), project)} {'later' if by > 0 else 'earlier'}"
        case RemoveClip():
            return f"Remove {who}"
        case DuplicateClip(target):
            return f"A copy of {', '.join(_name(names, clip) for clip in target)}"
        case TrimClip(edge=edge):
            return f"{who} {'begins' if edge == 'head' else 'ends'} elsewhere"
        case SetBlend(blend=blend):
            return f"Blend into {who} over {_time(blend.frames, project)}"
        case AddCharacter(character):
            return f"{character.name} joins"
    how = _switched(command)
    return f"{who} {how}" if how else f"{label(command)}: {who}" if who else label(command)


def _switched(command: EditCommand) -> str:
    """What becomes of clips by a change of how they play; empty for other edits."""
    match command:
        case LoopClip(times=times):
            return f"goes round {'once' if times == 1 else f'{times} times'}"
        case MirrorClip(mirror=on):
            return "mirrored" if on else "no longer mirrored"
        case InPlaceClip(in_place=on):
            return "stays in place" if on else "travels"
        case EnableClip(enabled=on):
            return "plays" if on else "is silent"
    return ""


def _name(names: dict[ClipId, str], clip: ClipId) -> str:
    return names.get(clip, "a clip")


def _character(project: Project, id: str | None) -> str:
    found: Iterator[str] = (who.name for who in project.characters if who.id == id)
    return next(found, "somebody")


def _time(frames: int, project: Project) -> str:
    return f"{frames / project.fps:.1f} s"


def _between(span: Range | None, project: Project) -> str:
    if span is None:
        return ""
    return f" from {span.start / project.fps:.1f} to {span.stop / project.fps:.1f} s"
