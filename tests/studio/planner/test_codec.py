"""Plans go to JSON and come back; the schema says what they are."""

from __future__ import annotations

import json
from typing import Any

import pytest

from motion.errors import MotionStudioError
from studio.document import commands as c
from studio.document.model import (
    Append,
    Blend,
    CharacterId,
    ClipId,
    Continue,
    Fill,
    Insert,
    Marker,
    MarkerId,
    Placement,
    Range,
    Replace,
    TrackId,
)
from studio.planner.codec import PlanError, plan_json, plan_schema, read_plan, step_json
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
    Transition,
    Undo,
)

WHO, A, B, T = CharacterId("alex"), ClipId("a"), ClipId("b"), TrackId("t")
AIMS = (Append(T), Insert(T, 9), Fill(A, B, 3), Continue(A), Replace(A, Range(1, 5)))
STEPS = (
    *(
        Generate("a person bows", WHO, aim, ClipId("n"), 2.5, "arms", "x", "m", 2.0, 3)
        for aim in AIMS
    ),
    Edit(c.RemoveClip((A, B), ripple=True)),
    Edit(c.SetBlend((A,), Blend("cut", 0))),
    Edit(c.PlaceClip((A,), Placement(1.0, -2.0, 0.5, pinned=True))),
    Edit(c.SetMarker(Marker(MarkerId("m"), 4, "hit"))),
    Edit(c.Batch((c.MoveClip((A,), by=3), c.MoveClip((B,), by=-3)), "Swap")),
    Transition(A, B, "crossfade", 0.5, "stumbles"),
    Caption(WHO, Range(0, 4)),
    Reason("Why?", WHO, Range(0, 4)),
    Place(WHO, 1.0, 2.0, 3.0, CharacterId("tom")),
    Export("bvh", WHO, (A,), Range(0, 4)),
    Undo(2, redo=True),
    Find("a walk"),
    Ask("Which?", ("a", "b")),
)


def test_every_step_comes_back() -> None:
    plan = Plan("Yes.", STEPS, "model", "slow")
    assert read_plan(json.dumps(plan_json(plan))) == plan
    assert read_plan(plan_json(plan)) == plan


def test_every_step_says_its_kind_in_snake_case() -> None:
    for step in STEPS:
        kind = step_json(step)["kind"]
        assert kind == type(step).__name__.lower()


def test_an_edit_has_its_commands_fields_beside_it() -> None:
    step = Edit(c.RemoveClip((A,), ripple=True))
    assert step_json(step) == {
        "kind": "edit",
        "command": "remove_clip",
        "target": ["a"],
        "ripple": True,
    }


def test_a_generation_says_where_it_goes() -> None:
    said = step_json(Generate("a person bows", WHO, Continue(A), ClipId("n"), 2.0))
    assert said["aim"] == {"kind": "continue", "clip": "a"}
    assert (said["text"], said["seconds"], said["character"]) == ("a person bows", 2.0, "alex")


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ("no json", "JSON"),
        ("[]", "object"),
        ({"reply": 3}, "reply"),
        ({"more": 1}, "more"),
        ({"steps": {}}, "steps"),
        ({"steps": [{"kind": "undo"}] * 500}, "200"),
        ({"steps": ["undo"]}, "steps[0]"),
        ({"steps": [{"kind": "fly"}]}, "steps[0]"),
        ({"steps": [{"kind": "undo"}, {"kind": "undo", "often": 2}]}, "steps[1]"),
        ({"steps": [{"kind": "undo", "times": 1.5}]}, "times"),
        ({"steps": [{"kind": "edit"}]}, "command"),
        ({"steps": [{"kind": "edit", "command": "open_file", "path": "/"}]}, "kind"),
        ({"steps": [{"kind": "edit", "command": "remove_clip"}]}, "target"),
        ({"steps": [{"kind": "edit", "command": "set_fps", "fps": float("nan")}]}, "steps[0]"),
        ({"steps": [{"kind": "place", "character": "a", "x": float("inf"), "z": 0}]}, "finite"),
        ("[" * 100_000, "JSON"),
    ],
)
def test_what_is_no_plan_is_refused_in_a_sentence(value: object, named: str) -> None:
    with pytest.raises(PlanError) as caught:
        read_plan(value)
    assert isinstance(caught.value, MotionStudioError)
    assert named in str(caught.value)
    assert str(caught.value).endswith(".")


def _commands(schema: dict[str, Any]) -> set[str]:
    edits = [d for d in schema["$defs"].values() if "command" in d.get("properties", {})]
    return {each["properties"]["command"]["const"] for each in edits}


def test_the_schema_has_every_step_and_every_command() -> None:
    schema = plan_schema()
    kinds = {
        definition["properties"]["kind"]["const"]
        for name, definition in schema["$defs"].items()
        if {"$ref": f"#/$defs/{name}"} in schema["properties"]["steps"]["items"]["anyOf"]
    }
    assert kinds == {type(step).__name__.lower() for step in STEPS}
    document = json.loads(json.dumps(c.EditCommand.__args__, default=lambda t: t.kind))
    assert _commands(schema) == set(document)


def test_commands_can_be_left_out_of_the_schema() -> None:
    schema = plan_schema(without=frozenset({"batch", "add_takes", "replace_media"}))
    assert _commands(schema) == _commands(plan_schema()) - {"batch", "add_takes", "replace_media"}


def test_every_reference_of_the_schema_is_there() -> None:
    for schema in (plan_schema(), plan_schema(frozenset({"batch"}))):
        text = json.dumps(schema)
        refs = {part.split('"')[0] for part in text.split('"$ref": "#/$defs/')[1:]}
        assert refs <= schema["$defs"].keys()
