"""What the browser receives, read back the way it reads it."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.quality import Quality
from motion.skeleton import BODY, Skeleton, forward_kinematics
from studio.files import scaled
from studio.session import Order, Session
from studio.ui.view_models import (
    chat_view,
    export_view,
    pack_motion,
    scene_view,
    shown,
    takes_view,
)
from tests.studio.ui.reader import read
from tests.studio.walker import walk


@given(st.integers(1, 50), st.integers(0, 99))
def test_the_binary_says_what_the_motion_says(frames: int, seed: int) -> None:
    motion = walk(seed, frames)
    got = read(pack_motion(motion))
    assert got.header["fps"] == 20
    assert tuple(got.header["joints"]) == BODY.joints
    assert tuple(got.header["parents"]) == BODY.parents
    received = Skeleton("received", BODY.joints, BODY.parents, np.array(got.header["rest_offsets"]))
    positions, _ = forward_kinematics(received, got.root_positions, got.rotations)
    assert np.abs(positions - motion.positions).max() < 1e-4


def test_contacts_are_a_string_a_foot_joint() -> None:
    motion = walk(1, 40)
    contacts = read(pack_motion(motion)).header["contacts"]
    assert len(contacts) == 4
    flags = np.array([[letter == "1" for letter in foot] for foot in contacts]).T
    assert np.array_equal(flags, foot_contacts(motion))


def test_a_rig_without_feet_has_no_contacts() -> None:
    rig = Skeleton("two", ("é", "b"), (-1, 0), np.zeros((2, 3)))  # two bytes: padding is needed
    still = Motion(rig, 30, np.zeros((3, 3)), np.tile([1.0, 0, 0, 0], (3, 2, 1)))
    got = read(pack_motion(shown(still)))
    assert "contacts" not in got.header
    assert got.header["joints"] == ["é", "b"]


def test_another_body_is_shown_on_the_canonical_one() -> None:
    tall = scaled(walk(1, 10), 1.3)
    assert shown(tall).skeleton == BODY
    assert shown(walk(1, 10)).skeleton == BODY


def test_a_turn_goes_from_waiting_to_its_takes(session: Session) -> None:
    assert chat_view(session)["turns"] == []
    assert len(chat_view(session)["suggestions"]) == 3
    turn = session.start(Order("A person walks", seconds=2.5, takes=2, bundle="slow"))
    view = chat_view(session)["turns"][0]
    assert view["state"] in ("waiting", "running")
    assert (view["text"], view["ask"], view["takes"]) == ("A person walks", "2 takes of 2.5 s", [])
    turn.job.wait(5)
    view = chat_view(session)["turns"][0]
    assert view["state"] == "done"
    assert [chip["label"] for chip in view["takes"]] == ["1", "2"]
    session.delete(view["takes"][0]["id"])
    assert [chip["label"] for chip in chat_view(session)["turns"][0]["takes"]] == ["2"]


def test_a_failure_is_in_its_turn(session: Session) -> None:
    session.start(Order("walk", seconds=60)).job.wait(5)
    assert "ask for less" in chat_view(session)["turns"][0]["error"]


def test_views_are_plain_json(session: Session) -> None:
    session.generate(Order("walk", takes=2))
    views = (chat_view(session), takes_view(session), scene_view(session), export_view(session))
    for view in views:
        assert json.loads(json.dumps(view, allow_nan=False)) == view
    revisions = [view["revision"] for view in views]
    assert revisions == sorted(set(revisions))  # each look is later than the one before
    assert chat_view(None)["revision"] == 0


def test_the_scene_is_the_selected_take(session: Session) -> None:
    assert scene_view(session)["characters"] == []
    a, b = session.generate(Order("walk", takes=2))
    first = scene_view(session)["characters"][0]
    session.select(b.id)
    second = scene_view(session)["characters"][0]
    assert first["url"] == f"media/{a.media}"
    assert second["url"] == f"media/{b.media}"
    assert first["id"] == second["id"]  # the camera stays with the performer
    assert export_view(session)["take"] == b.id


@pytest.mark.parametrize(
    ("sliding", "level"), [(0.0, "good"), (0.14, "good"), (0.2, "fair"), (0.9, "poor")]
)
def test_measures_are_graded(session: Session, sliding: float, level: str) -> None:
    from studio.ui.view_models import _measures

    rest = dict.fromkeys(
        ("skating", "foot_floating", "ground_penetration", "jitter", "acceleration"), 0.0
    )
    measures = _measures(Quality(foot_sliding=sliding, dynamic_degree=0.0, **rest))
    assert measures[0]["label"] == "Sliding"
    assert measures[0]["value"] == f"{100 * sliding:.1f}"
    assert [m["level"] for m in measures] == [level, "good", "good"]
