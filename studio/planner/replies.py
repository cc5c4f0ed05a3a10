"""One sentence that says what a plan does, in plain words."""

from __future__ import annotations

from studio.document.commands import Batch
from studio.document.labels import label
from studio.document.model import ClipId
from studio.planner.desk import Desk
from studio.planner.plan import (
    Caption,
    Edit,
    Export,
    Find,
    Generate,
    Place,
    Reason,
    Step,
    Transition,
    Undo,
)
from studio.planner.prompts import SUBJECT


def reply(desk: Desk) -> str:
    """What is done, or what was to be said."""
    if desk.said:
        return " ".join(desk.said)
    parts = [said for step in desk.steps if (said := _said(desk, step))]
    shown = list(dict.fromkeys(parts))
    more = f" and {len(shown) - 4} more" if len(shown) > 4 else ""
    return (", ".join(shown[:4]) + more + ".") if shown else ""


def _said(desk: Desk, step: Step) -> str:
    match step:
        case Generate(text=text):
            return _first(text.removeprefix(f"{SUBJECT} "))
        case Edit(command):
            return "" if isinstance(command, Batch) and not command.label else label(command)
        case Transition(before, after, how):
            return (
                ""
                if how == "inertialize"
                else f"Join {_name(desk, before)} and {_name(desk, after)}"
            )
        case Place(character):
            return f"Place {desk.character(character).name}"
        case Export(format):
            return f"Export as {format.upper()}"
        case Undo(times, redo):
            return ("Redo" if redo else "Undo") + (f" {times} steps" if times > 1 else "")
        case Find(text):
            return f"Look for {text}"
        case Caption() | Reason():
            return "Look at it"
    return ""


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _name(desk: Desk, id: ClipId) -> str:
    return next((clip.name for clip in desk.clips if clip.id == id), "it")
