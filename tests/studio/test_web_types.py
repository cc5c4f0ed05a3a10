"""The browser's types of projects and commands are Python's own, field by field."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest

from motion.contacts import FEET
from motion.quality import Quality
from motion.skeleton import BODY
from studio.document import commands, model

SOURCE = Path(__file__).parents[2] / "studio/web/src/document/types.ts"
NUMBERS = {"int": "number", "float": "number", "str": "string", "bool": "boolean"}


def declared(module: Any) -> list[type]:
    """The dataclasses of a module, in its order."""
    mine = [value for value in vars(module).values() if isinstance(value, type)]
    return [c for c in mine if dataclasses.is_dataclass(c) and c.__module__ == module.__name__]


CLASSES = [*declared(model), *declared(commands), Quality]
COMMANDS = {c.__name__ for c in declared(commands)}


def typescript(annotation: ast.expr) -> str:
    """A Python annotation as the TypeScript that JSON of it has."""
    match annotation:
        case ast.Constant(None):
            return "null"
        case ast.Name(name):
            return NUMBERS.get(name, name)
        case ast.BinOp(left, ast.BitOr(), right):
            return f"{typescript(left)} | {typescript(right)}"
        case ast.Subscript(ast.Name("Literal"), only):
            words = only.elts if isinstance(only, ast.Tuple) else [only]
            return " | ".join(repr(ast.literal_eval(word)) for word in words)
        case ast.Subscript(ast.Name("Annotated"), ast.Tuple([inner, *_])):
            return typescript(inner)
        case ast.Subscript(ast.Name("tuple"), ast.Tuple([item, ast.Constant(value)])):
            assert value is Ellipsis
            return f"readonly {typescript(item)}[]"
    raise AssertionError(f"No TypeScript is known for {ast.unparse(annotation)}.")


def expected(cls: type) -> list[str]:
    """The fields of a dataclass as TypeScript; of a command those with defaults may be left out."""
    fields = []
    for field in dataclasses.fields(cls):
        annotation = typescript(ast.parse(str(field.type), mode="eval").body)
        has_default = field.default is not dataclasses.MISSING
        may_lack = cls.__name__ in COMMANDS and has_default and field.name != "kind"
        fields.append(f"{field.name}{'?' if may_lack else ''}: {annotation}")
    return fields


@pytest.fixture(scope="module")
def source() -> str:
    return re.sub(r"/\*.*?\*/", "", SOURCE.read_text(encoding="utf-8"), flags=re.DOTALL)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_an_interface_has_the_fields_of_its_dataclass(cls: type, source: str) -> None:
    found = re.search(rf"export interface {cls.__name__} {{\n(.*?)\n}}", source, re.DOTALL)
    assert found, f"{SOURCE} has no interface {cls.__name__}"
    lines = [line.strip() for line in found[1].splitlines() if line.strip()]
    assert lines == [f"readonly {field};" for field in expected(cls)]


def test_there_is_no_interface_that_python_does_not_know(source: str) -> None:
    there = set(re.findall(r"export interface (\w+)", source))
    assert there == {cls.__name__ for cls in CLASSES}


@pytest.mark.parametrize(
    ("name", "union"), [("Aim", model.Aim), ("EditCommand", commands.EditCommand)]
)
def test_a_union_has_the_members_of_pythons(name: str, union: Any, source: str) -> None:
    found = re.search(rf"export type {name} =(.*?);", source, re.DOTALL)
    assert found
    members = [word.strip() for word in found[1].split("|") if word.strip()]
    assert members == [member.__name__ for member in get_args(union)]


def test_the_browsers_body_is_the_canonical_one() -> None:
    text = (SOURCE.parent / "skeleton.ts").read_text(encoding="utf-8")

    def numbers(name: str) -> list[float]:
        found = re.search(rf"export const {name}.*? = (.*?);", text, re.DOTALL)
        assert found
        return [float(n) for n in re.findall(r"-?\d+\.?\d*", found[1].replace("Float32Array", ""))]

    joints = re.search(r"export const JOINTS = \[(.*?)\]", text, re.DOTALL)
    assert joints
    assert tuple(re.findall(r"'(\w+)'", joints[1])) == BODY.joints
    assert tuple(numbers("PARENTS")) == BODY.parents
    assert np.allclose(np.reshape(numbers("REST_OFFSETS"), (-1, 3)), BODY.rest_offsets, atol=5e-7)
    chains = re.search(r"export const FOOT_CHAINS.*? = \[(.*?)\n\];", text, re.DOTALL)
    assert chains
    for line, foot in zip(chains[1].strip().splitlines(), FEET, strict=True):
        way = [int(n) for n in re.findall(r"\d+", line)]
        assert BODY.joints[way[-1]] == foot
        assert [BODY.parents[joint] for joint in way] == [0, *way[:-1]]
