"""The binary that the browser receives, read back the way it reads it."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.skeleton import BODY, Skeleton, forward_kinematics
from studio.files import scaled
from studio.ui.wire import pack_motion, shown
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
