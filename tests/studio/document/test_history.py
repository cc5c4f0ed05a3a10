"""Undo and redo bring back the very values; drags are one step; every edit has a name."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.document import commands as c
from studio.document.apply import EditError
from studio.document.history import History
from studio.document.labels import label
from studio.document.model import ClipId, MarkerId, Project, TakeId, TrackId
from tests.studio.document.scene import EDITS, MAIN, find, random_command, scene

A, B = (ClipId("a"),), (ClipId("b"),)


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=4)
def test_undo_after_each_of_500_random_edits_returns_the_exact_earlier_document(seed: int) -> None:
    dice, history = random.Random(seed), History(scene())
    past: list[Project] = []
    while len(past) < 500:
        before = history.project
        try:
            after = history.do(random_command(before, dice))
        except EditError:
            assert history.project is before
            continue
        if after == before:
            continue
        assert history.undo() is before
        assert history.redo() is after
        past.append(before)
    last = history.project
    for before in reversed(past):
        assert history.undo() is before
    assert history.undo() == scene()
    assert history.undo_label == ""
    for after in [*past[1:], last]:
        assert history.redo() is after
    assert history.redo() is last
    assert history.redo_label == ""


def test_nothing_to_undo_or_redo_is_no_error() -> None:
    history = History(scene())
    assert history.undo() == history.redo() == scene()
    assert (history.undo_label, history.redo_label) == ("", "")


def test_a_new_edit_forgets_what_was_undone() -> None:
    history = History(scene())
    history.do(c.RenameProject("One"))
    history.undo()
    assert history.redo_label == "Rename project"
    history.do(c.RenameProject("Two"))
    assert history.redo_label == ""
    assert history.redo().name == "Two"


def test_a_refused_edit_changes_nothing_and_forgets_nothing() -> None:
    history = History(scene())
    history.do(c.RenameProject("One"))
    history.undo()
    with pytest.raises(EditError):
        history.do(c.RenameProject(""))
    assert history.redo().name == "One"


def test_an_edit_that_changes_nothing_is_no_step() -> None:
    history = History(scene())
    history.do(c.RenameProject("One"))
    history.undo()
    history.do(c.RenameProject(scene().name))
    assert history.undo_label == ""
    assert history.redo_label == "Rename project"


def test_a_drag_is_one_step() -> None:
    history = History(scene())
    history.do(c.MoveClip(B, 1))
    for _ in range(3):
        history.do(c.MoveClip(B, 1), merge="drag-1")
    history.do(c.MoveClip(B, 1), merge="drag-2")
    starts = [find(history.project, "b").start]
    while history.undo_label:
        starts.append(find(history.undo(), "b").start)
    assert starts == [35, 34, 31, 30]
    assert find(history.redo(), "b").start == 31
    assert find(history.redo(), "b").start == 34


def test_a_drag_that_ends_where_it_began_is_no_step() -> None:
    history = History(scene())
    history.do(c.RenameProject("One"))
    history.do(c.MoveClip(B, 1), merge="drag")
    history.do(c.MoveClip(B, -1), merge="drag")
    assert history.undo_label == "Rename project"
    assert history.project.timeline == scene().timeline


def test_a_drag_does_not_go_on_after_an_undo() -> None:
    history = History(scene())
    history.do(c.MoveClip(B, 1), merge="drag")
    history.do(c.RenameProject("One"))
    history.undo()
    history.do(c.MoveClip(B, 1), merge="drag")
    assert find(history.undo(), "b").start == 31


def test_only_so_many_steps_are_kept() -> None:
    history = History(scene(), depth=3)
    for name in "abcde":
        history.do(c.RenameProject(name))
    assert [history.undo().name for _ in range(5)] == ["d", "c", "b", "b", "b"]
    assert [history.redo().name for _ in range(4)] == ["c", "d", "e", "e"]


def test_what_is_amended_was_always_so() -> None:
    """Takes that arrive between two steps are there wherever undo and redo lead."""
    history = History(scene())
    history.do(c.RenameProject("One"))
    history.do(c.RenameProject("Two"))
    history.undo()
    arrived = replace(scene().takes[0], id=TakeId("new"))
    history.amend(lambda project: replace(project, takes=(*project.takes, arrived)))
    steps = [history.project, history.undo(), history.redo(), history.redo()]
    assert [step.name for step in steps] == ["One", scene().name, "One", "Two"]
    assert all(step.takes == (*scene().takes, arrived) for step in steps)
    assert steps[0] is steps[2]


def test_a_copy_goes_its_own_way() -> None:
    history = History(scene(), depth=2)
    history.do(c.RenameProject("One"))
    other = history.copy()
    for name in ("Two", "Three", "Four"):
        other.do(c.RenameProject(name))
    assert history.project.name == "One"
    assert history.undo() == scene()
    assert [other.undo().name for _ in range(3)] == ["Three", "Two", "Two"]


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (c.MoveClip(A + B, 3), "Move 2 clips"),
        (c.MoveClip(A, 3), "Move clip"),
        (c.SplitClip(A, 3, B), "Split clip"),
        (c.EnableClip(A, False), "Disable clip"),
        (c.MirrorClip(A + B, False), "Unmirror 2 clips"),
        (c.InPlaceClip(A, True), "Keep clip in place"),
        (c.ReplaceMedia(A, EDITS["another motion"].command.media), "Replace motion of clip"),  # pyright: ignore
        (c.SetTrack(MAIN, mute=True), "Mute track"),
        (c.SetTrack(MAIN, solo=False), "Unsolo track"),
        (c.SetTrack(MAIN, name="X"), "Rename track"),
        (c.SetTrack(MAIN, name="X", lock=True), "Change track"),
        (c.RemoveMarker((MarkerId("a"), MarkerId("b"))), "Remove 2 markers"),
        (c.Batch((c.MoveClip(A, 3), c.MoveClip(B, 4)), "Paste"), "Paste"),
        (c.Batch((c.MoveClip(A, 3), c.MoveClip(B, 4))), "2 edits"),
        (c.Batch((c.MoveClip(A, 3),)), "Move clip"),
        (c.RemoveTrack(TrackId("x")), "Remove track"),
    ],
)
def test_an_edit_has_a_name(command: c.EditCommand, name: str) -> None:
    assert label(command) == name


def test_every_kind_of_edit_has_a_name() -> None:
    names = {type(edit.command): label(edit.command) for edit in EDITS.values()}
    assert names.keys() == set(get_args(c.EditCommand))
    assert all(name and name[0] == name[0].upper() for name in names.values())
