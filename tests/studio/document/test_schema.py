"""Projects and commands as JSON: exact both ways, and nothing foreign or absurd gets in."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.quality import Quality
from studio.document import commands as c
from studio.document import schema
from studio.document.apply import EditError, apply
from studio.document.model import ClipId, Placement, Project, TakeId
from studio.document.rules import check
from studio.document.schema import DocumentError
from tests.studio.document.scene import EDITS, WALK_MEDIA, clip, random_command, scene

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(st.integers(0, 2**32 - 1))
def test_a_project_comes_back_as_it_went(seed: int) -> None:
    dice, project = random.Random(seed), scene()
    for _ in range(30):
        command = random_command(project, dice)
        assert schema.command(schema.command_json(command)) == command
        try:
            project = apply(project, command)
        except EditError:
            continue
    data = schema.dump(project)
    assert schema.parse(data) == project
    assert schema.parse(data.decode()) == project
    assert schema.dump(schema.parse(data)) == data


@given(FINITE, FINITE)
def test_numbers_come_back_to_the_bit(value: float, match: float) -> None:
    """Python's own reader and writer of JSON are the other side."""
    command = c.PlaceClip((ClipId("b"),), Placement(value, -value, 0.1))
    read = schema.command(json.loads(json.dumps(schema.command_json(command))))
    assert isinstance(read, c.PlaceClip)
    assert [x.hex() for x in (read.placement.x, read.placement.z)] == [
        x.hex() for x in (value, -value)
    ]
    (take, *rest) = scene().takes
    quality = Quality(match, *[0.0] * 6)
    project = replace(scene(), takes=(replace(take, match=match, quality=quality), *rest))
    back = schema.parse(schema.dump(project)).takes[0]
    assert back.match is not None
    assert back.quality is not None
    assert (back.match.hex(), back.quality.foot_sliding.hex()) == (match.hex(), match.hex())


def test_the_text_is_plain_json_of_the_values() -> None:
    text = schema.dump(replace(scene(), name="Größe → 3"))
    assert json.loads(text) == schema.project_json(replace(scene(), name="Größe → 3"))
    assert "Größe → 3" in text.decode("utf-8")
    assert json.loads(text)["timeline"]["tracks"][0]["clips"][0]["source"] == {
        "start": 10,
        "stop": 40,
    }


def test_what_could_not_be_read_back_is_not_written() -> None:
    (take, *rest) = scene().takes
    for wrong in (
        replace(take, match=float("nan")),
        replace(take, match=float("-inf")),
        replace(take, name="\udc80"),
        replace(take, lead=3.5),  # pyright: ignore[reportArgumentType]
    ):
        project = replace(scene(), takes=(wrong, *rest))
        with pytest.raises(DocumentError):
            schema.dump(project)
        with pytest.raises(EditError):
            apply(scene(), c.AddTakes((replace(wrong, id=TakeId("new")),)))
    named = replace(scene(), name="NaN and -Infinity")
    assert schema.parse(schema.dump(named)) == named


def test_takes_and_the_conversation_can_be_left_out() -> None:
    whole = schema.project_json(scene())
    assert (len(whole["takes"]), len(whole["conversation"])) == (6, 2)
    shown = schema.project_json(scene(), takes=False)
    assert shown == {**whole, "takes": [], "conversation": []}


def test_what_has_a_default_may_be_left_out() -> None:
    assert schema.parse("{}") == Project()
    read = schema.command({"kind": "move_clip", "target": ["a"], "by": 3})
    assert read == c.MoveClip((ClipId("a"),), 3)


def test_the_schema_knows_every_command() -> None:
    told = schema.command_schema()
    kinds = {command.kind for command in get_args(c.EditCommand)}
    assert set(told["discriminator"]["mapping"]) == kinds
    assert json.loads(json.dumps(told)) == told


@pytest.mark.parametrize("name", EDITS)
def test_a_command_comes_back_as_it_went(name: str) -> None:
    command = EDITS[name].command
    assert schema.command(json.loads(json.dumps(schema.command_json(command)))) == command


# -- refusals -------------------------------------------------------------------------------------


def objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value:
        if isinstance(inner, dict | list):
            yield from objects(inner)


def test_an_unknown_field_is_refused_wherever_it_is() -> None:
    whole = schema.project_json(scene())
    found = list(objects(whole))
    assert len(found) > 60
    for each in found:
        each["surprise"] = 1
        with pytest.raises(DocumentError, match="a field that is not known"):
            schema.parse(json.dumps(whole))
        del each["surprise"]
    assert schema.parse(json.dumps(whole)) == scene()


@pytest.mark.parametrize("wrong", ["text", None, True, [], float("nan"), float("inf"), -1e999])
def test_a_number_is_a_finite_number_wherever_it_is(wrong: object) -> None:
    whole = schema.project_json(scene())
    tried = 0
    for each in objects(whole):
        for name, value in each.items():
            optional = name in ("seed", "steps", "guidance", "match", "quality")
            if isinstance(value, int | float) and not isinstance(value, bool) and not optional:
                each[name] = wrong
                with pytest.raises(DocumentError):
                    schema.parse(json.dumps(whole))
                each[name] = value
                tried += 1
    assert tried > 120


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot be read"),
        ("no json", "invalid JSON"),
        ("[]", "an object"),
        ("{}, {}", "cannot be read"),
        ("{}], [{}", "cannot be read"),
        ('{"name": 3}', "at name"),
        ('{"fps": 1e999}', "at fps"),
        ('{"fps": NaN}', "at fps"),
        ('{"timeline": {"tracks": [{"id": "a"}]}}', "at timeline.tracks[0].name"),
        ('{"timeline": {"range": {"start": 1.0, "stop": 2}}}', "at timeline.range.start"),
        (
            '{"takes": [{"id": "a", "name": "b", "media": {"id": "m", "frames": 1, "fps": 30}, '
            '"aim": {}}]}',
            "at takes[0].aim, it does not say its kind",
        ),
        ('{"name": "' + "x" * 20_000 + '"}', "too long a name"),
        ('{"schema": 99}', "version 99"),
        ('{"schema": 0}', "version 0"),
        ('{"fps": 0}', "0 frames a second"),
        ('{"name": ""}', "needs a name"),
        ('{"characters": [{"id": "", "name": "X"}]}', "needs an id"),
        ('{"characters": [{"id": "a", "name": "X", "color": "#12345"}]}', "no colour"),
        ('{"timeline": {"range": {"start": 5, "stop": 5}}}', "from 5 to 5"),
        ('{"timeline": {"markers": [{"id": "a", "frame": -1, "name": "X"}]}}', "frame -1"),
        ('{"timeline": {"tracks": [{"id": "a", "name": "X", "character": "b"}]}}', "not exist"),
    ],
)
def test_what_is_no_project_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(DocumentError) as refused:
        schema.parse(text)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith(".")
    assert len(str(refused.value)) < 700


def test_bytes_that_are_no_text_and_files_without_end_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(DocumentError):
        schema.parse(b"\xff\xfe{}")
    monkeypatch.setattr(schema, "MAX_BYTES", 100)
    with pytest.raises(DocumentError, match="without any motion"):
        schema.parse(schema.dump(scene()))


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_nothing_but_a_document_error_comes_of_noise(noise: bytes | str) -> None:
    with suppress(DocumentError):
        check(schema.parse(noise))


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (None, "an object"),
        (3, "an object"),
        ([], "an object"),
        ({}, "does not say its kind"),
        ({"name": "X"}, "does not say its kind"),
        ({"kind": "explode"}, "not one that is known"),
        ({"kind": "set_fps"}, "at fps"),
        ({"kind": "set_fps", "fps": "30"}, "at fps"),
        ({"kind": "set_fps", "fps": float("nan")}, "not JSON"),
        ({"kind": "set_fps", "fps": object()}, "not JSON"),
        ({"kind": "set_fps", "fps": 30, "now": True}, "at now"),
        ({"kind": "move_clip", "target": "a"}, "at target"),
        ({"kind": "move_clip", "target": ["a"], "by": 1.5}, "at by"),
        ({"kind": "trim_clip", "target": ["a"], "edge": "middle", "frame": 3}, "at edge"),
        ({"kind": "batch", "commands": [{"kind": "batch"}]}, "at commands[0]"),
        ({"kind": "batch", "commands": [{"by": 3}]}, "at commands[0]"),
    ],
)
def test_what_is_no_command_is_refused_in_a_sentence(value: object, sentence: str) -> None:
    with pytest.raises(DocumentError) as refused:
        schema.command(value)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("depth", [300, 100_000])
def test_batches_within_batches_without_end_are_refused(depth: int) -> None:
    value: dict[str, Any] = {"kind": "batch", "commands": []}
    for _ in range(depth):
        value = {"kind": "batch", "commands": [value]}
    with pytest.raises(DocumentError):
        schema.command(value)


def test_a_project_that_contradicts_itself_is_refused() -> None:
    (track, *others) = scene().timeline.tracks
    for wrong in (
        clip("x", 10, (0, 5), WALK_MEDIA),
        clip("a", 200, (0, 5), WALK_MEDIA),
        clip("x", 200, (0, 500), WALK_MEDIA),
        clip("x", 200, (-3, 5), WALK_MEDIA),
    ):
        lane = tuple(sorted((*track.clips, wrong), key=lambda each: each.start))
        tracks = (replace(track, clips=lane), *others)
        project = replace(scene(), timeline=replace(scene().timeline, tracks=tracks))
        with pytest.raises(DocumentError):
            check(project)
        with pytest.raises(DocumentError, match="The project is damaged: "):
            schema.parse(schema.dump(project))


def test_two_of_one_id_are_refused() -> None:
    whole = scene()
    for field in ("characters", "constraints", "takes"):
        twice = replace(whole, **{field: getattr(whole, field) * 2})
        with pytest.raises(DocumentError, match="There are two of the"):
            check(twice)
    for field in ("tracks", "markers"):
        timeline = replace(whole.timeline, **{field: getattr(whole.timeline, field) * 2})
        with pytest.raises(DocumentError, match="There are two of the"):
            check(replace(whole, timeline=timeline))
