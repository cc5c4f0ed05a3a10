"""Plans as JSON, and the schema of it: what plan cards, the command line and language models speak.

Values and schema are made from the types of ``plan.py`` and ``commands.py``; only an edit is
written otherwise than it is held. Its command's fields stand beside ``kind``, and ``command`` is
what the command calls its kind::

    {"kind": "edit", "command": "remove_clip", "target": ["clip-2"], "ripple": true}
"""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, TypeAdapter, ValidationError

from motion.errors import MotionStudioError
from studio.document import schema
from studio.document.errors import DocumentError
from studio.planner.plan import (
    MAX_STEPS,
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

_STRICT = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)

#: Every step but the edit, which is written by the document's own codec.
_Plain = Generate | Transition | Caption | Reason | Place | Export | Undo | Find | Ask
# A row of one: pydantic hands settings down to plain dataclasses from around them only.
_PLAIN: TypeAdapter[tuple[_Plain]] = TypeAdapter(
    tuple[Annotated[_Plain, Discriminator("kind")]], config=_STRICT
)

#: Longer texts than these are no plan.
MAX_BYTES = 2**20


class PlanError(MotionStudioError):
    """What is no plan."""


def plan_json(plan: Plan) -> dict[str, Any]:
    """A plan as JSON values."""
    return {
        "reply": plan.reply,
        "steps": [step_json(step) for step in plan.steps],
        "source": plan.source,
        "notice": plan.notice,
    }


def step_json(step: Step) -> dict[str, Any]:
    """One step as JSON values."""
    if isinstance(step, Edit):
        fields = schema.command_json(step.command)
        return {"kind": "edit", "command": fields.pop("kind"), **fields}
    return _PLAIN.dump_python((step,), mode="json")[0]


def read_plan(value: object) -> Plan:
    """The plan that JSON values or text describe.

    Raises:
        PlanError: they are not a plan. Whether its ids exist is for the document to say.
    """
    if isinstance(value, str | bytes):
        value = _loaded(value)
    if not isinstance(value, dict):
        raise PlanError("A plan is an object with a reply and steps; send it as one.")
    unknown = sorted(str(key) for key in value.keys() - {"reply", "steps", "source", "notice"})
    if unknown:
        raise PlanError(f"A plan has no field '{unknown[0][:60]}'; leave it out.")
    texts = {key: value.get(key, usual) for key, usual in _USUAL.items()}
    for key, text in texts.items():
        if not isinstance(text, str):
            raise PlanError(f"The {key} of a plan is text; write it as such.")
    steps = value.get("steps", [])
    if not isinstance(steps, list) or len(steps) > MAX_STEPS:
        raise PlanError(f"The steps of a plan are a list of at most {MAX_STEPS}; send fewer.")
    return Plan(
        steps=tuple(read_step(step, f"steps[{i}]") for i, step in enumerate(steps)), **texts
    )


def read_step(value: object, where: str = "step") -> Step:
    """One step; raises :class:`PlanError` naming it by ``where``."""
    if isinstance(value, dict) and value.get("kind") == "edit":
        return _edit(value, where)
    try:
        text = json.dumps([value], allow_nan=False)
        return _PLAIN.validate_json(text)[0]
    except (TypeError, RecursionError) as error:
        raise PlanError(f"In {where} there is something that is not JSON; mend it.") from error
    except ValidationError as error:
        raise PlanError(_sentence(error, where)) from error
    except ValueError as error:
        raise PlanError(f"In {where} there is a number that is not finite; mend it.") from error


def plan_schema(without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The JSON schema of a plan.

    Args:
        without: Kinds of commands to leave out, for those who may not use them.
    """
    plain = _PLAIN.json_schema(ref_template="#/$defs/{model}")
    commands = schema.command_schema()
    defs = {**plain.pop("$defs"), **commands.pop("$defs")}
    kinds = {kind: ref.rsplit("/", 1)[-1] for kind, ref in _mapping(commands).items()}
    for kind, name in kinds.items():
        if kind not in without:
            defs[f"Edit{name}"] = _flat(defs[name], kind)
    inner = "batch" not in without
    if not inner:
        for name in kinds.values():
            defs.pop(name)
    edits = [f"Edit{name}" for kind, name in kinds.items() if kind not in without]
    steps = [name.rsplit("/", 1)[-1] for name in _mapping(plain["prefixItems"][0]).values()]
    shapes = [{"$ref": f"#/$defs/{name}"} for name in (*steps, *edits)]
    return {
        "title": "Plan",
        "type": "object",
        "properties": {
            "reply": {"type": "string", "description": "One sentence to the animator."},
            "steps": {"type": "array", "items": {"anyOf": shapes}, "maxItems": MAX_STEPS},
            "source": {"type": "string", "default": _USUAL["source"]},
            "notice": {"type": "string", "default": ""},
        },
        "required": ["reply", "steps"],
        "additionalProperties": False,
        "$defs": defs,
    }


_USUAL = {"reply": "", "source": "rules", "notice": ""}


def _mapping(union: dict[str, Any]) -> dict[str, str]:
    return union["discriminator"]["mapping"]


def _flat(command: dict[str, Any], kind: str) -> dict[str, Any]:
    """The schema of a command as a step: its kind is its ``command``."""
    properties = {key: value for key, value in command["properties"].items() if key != "kind"}
    required = [key for key in command.get("required", []) if key != "kind"]
    named = {"kind": {"const": "edit", "type": "string"}, "command": {"const": kind}}
    return {
        **command,
        "title": f"Edit{command['title']}",
        "properties": {**named, **properties},
        "required": ["kind", "command", *required],
    }


def _edit(value: dict[str, Any], where: str) -> Edit:
    fields = dict(value)
    del fields["kind"]
    kind = fields.pop("command", None)
    if not isinstance(kind, str):
        raise PlanError(f"The edit in {where} does not say its command; name one.")
    try:
        return Edit(schema.command({"kind": kind, **fields}))
    except DocumentError as error:
        raise PlanError(f"In {where}: {error}") from error


def _loaded(text: str | bytes) -> object:
    if len(text) > MAX_BYTES:
        raise PlanError("This is far too long for a plan; send a shorter one.")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PlanError("This is not JSON; a plan is an object with a reply and steps.") from error


def _sentence(error: ValidationError, where: str) -> str:
    first = error.errors(include_url=False, include_context=False)[0]
    place = "".join(f".{at}" for at in list(first["loc"])[1:])
    said = first["msg"][:1].lower() + first["msg"][1:].rstrip(".")
    return f"{where}{place[:120]} cannot be read: {said[:300]}; put that right and try again."
