"""What a conversation is at after a turn: the start of the next one."""

from __future__ import annotations

import re
from dataclasses import replace

from studio.document.commands import AddCharacter, Batch, EditCommand, SetCharacter, SetTrack
from studio.document.model import CharacterId, ClipId
from studio.planner.lexicon import ORDINALS
from studio.planner.plan import Ask, Caption, Edit, Generate, Place, Plan, Reason, Step, Transition
from studio.planner.summary import Focus, Summary


def after(plan: Plan, line: str, summary: Summary) -> Focus:
    """The focus after ``plan`` was made of ``line`` in ``summary`` and carried out.

    Clips that are gone may still be named in it; whoever reads it looks them up.
    """
    before = summary.focus
    asked = next((step for step in plan.steps if isinstance(step, Ask)), None)
    if asked is not None:
        return _asked(asked, line, before)
    clips = tuple(dict.fromkeys(id for step in plan.steps for id in _clips(step)))
    people = [who for step in plan.steps if (who := _who(step, summary)) is not None]
    return Focus(
        before.selection,
        before.playhead,
        clips or before.clips,
        people[-1] if people else before.character,
        said=before.said if before.said and _ELLIPSIS.fullmatch(line.lower()) else line,
    )


#: A line that leaves out what is done: it is that of the line before.
_ELLIPSIS = re.compile(
    r"(?:and|what about|how about)\W+(?:the \w+(?: \w+)?|\w+)\W*"
    r"|.{1,40} (?:too|also|as well|likewise)\W*|(?:do |now )*the same (?:with|for|to) .{1,40}"
)


def _asked(step: Ask, line: str, before: Focus) -> Focus:
    """As before, with a question open: of this line, or again of the one that it answers."""
    answer = answered(line, before)
    return replace(
        before,
        asked=step.question,
        options=step.options,
        request=line if answer is None else before.request,
        answers=() if answer is None else (*before.answers, answer),
    )


def answered(line: str, focus: Focus) -> str | None:
    """The option that a line chooses of those that the last turn offered, or None.

    By its words, its number or its place; "yes" where there is one option only.
    """
    said = re.sub(r"[^\w\s.]", " ", line.lower()).strip(" .")
    said = re.sub(r"^(?:the|i mean|as|in|use|make it|maybe|ok|okay|please|then|to)\s+", "", said)
    said = re.sub(r"\s+(?:please|one|clip|then|thanks)$", "", said).strip()
    options = focus.options
    if not focus.asked or not focus.request or not said:
        return None
    plain = [re.sub(r"[^\w\s.]", " ", each.lower()).strip() for each in options]
    if said in plain:
        return options[plain.index(said)]
    if (said in _YES and options and options[0] == "Yes") or (said in _YES and len(options) == 1):
        return options[0]
    if said in _NO and "No" in options:
        return "No"
    n = ORDINALS.get(said) or (int(said) if said.isdecimal() and len(said) < 3 else 0)
    if n and -len(options) <= n <= len(options):
        return options[n - 1 if n > 0 else n]
    found = [each for each, low in zip(options, plain, strict=True) if said in low.split()]
    return found[0] if len(found) == 1 else None


_YES = frozenset(
    {"yes", "y", "yep", "yeah", "sure", "ok", "okay", "confirm", "do it", "go ahead"}
    | {"of course", "yes do it", "yes please", "yes sure"}
)
_NO = frozenset({"no", "n", "nope", "nah", "cancel", "stop", "never mind", "no thanks"})


def _clips(step: Step) -> tuple[ClipId, ...]:
    match step:
        case Generate(made=made):
            return (made,)
        case Edit(command):
            return _touched(command)
        case Transition(after=clip):
            return (clip,)
    return ()


def _touched(command: EditCommand) -> tuple[ClipId, ...]:
    if isinstance(command, Batch):
        return tuple(id for each in command.commands for id in _touched(each))
    return (*getattr(command, "target", ()), *getattr(command, "made", ()))


def _who(step: Step, summary: Summary) -> CharacterId | None:
    match step:
        case Generate(character=who) | Caption(character=who) | Place(character=who):
            return who
        case Reason(about=who):
            return who
        case Edit(AddCharacter(character=added)):
            return added.id
        case Edit(SetCharacter(character=who)):
            return who
        case Edit(SetTrack(track=track)):
            tracks = summary.project.timeline.tracks
            return next((each.character for each in tracks if each.id == track), None)
        case Edit(command):
            touched = _touched(command)
            return next((c.character for c in summary.clips if c.id in touched), None)
    return None
