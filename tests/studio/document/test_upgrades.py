"""Older projects step by step; newer ones and what is no project refused."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path

import pytest

from studio.document.model import SCHEMA
from studio.document.reading import parse_project, saved_version
from studio.document.storage import MediaStore
from studio.document.upgrades import STEPS, Json, Step, UpgradeError, upgrade, version_of
from tests.studio.document.projects import dance

#: The same project as each version wrote it.
SAVED = Path(__file__).with_name("saved")

OLD: Json = {"schema": 0, "timeline": {"rows": [{"label": "a"}, {"label": "b"}]}}


def rows_to_tracks(document: Json) -> Json:
    rows = document["timeline"]["rows"]
    return {**document, "timeline": {"tracks": [{"label": row["label"]} for row in rows]}}


def labels_to_names(document: Json) -> Json:
    tracks = document["timeline"]["tracks"]
    return {**document, "timeline": {"tracks": [{"name": each["label"]} for each in tracks]}}


STAIRS: Mapping[int, Step] = {0: rows_to_tracks, 1: labels_to_names}


def test_steps_are_taken_in_turn_and_change_nothing_they_are_given() -> None:
    before = copy.deepcopy(OLD)
    assert upgrade(OLD, STAIRS, 1)["timeline"] == {"tracks": [{"label": "a"}, {"label": "b"}]}
    assert upgrade(OLD, STAIRS, 2) == {
        "schema": 2,
        "timeline": {"tracks": [{"name": "a"}, {"name": "b"}]},
    }
    assert before == OLD


def test_an_upgrade_in_two_goes_is_the_same_as_in_one() -> None:
    assert upgrade(upgrade(OLD, STAIRS, 1), STAIRS, 2) == upgrade(OLD, STAIRS, 2)


def test_the_present_version_stays_as_it_is() -> None:
    document = {"schema": SCHEMA, "timeline": {}, "anything": 1}
    assert upgrade(document) is document


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"schema": SCHEMA + 1, "timeline": {}}, "newer Motion Studio"),
        ({"schema": -1, "timeline": {}}, "Version -1 of the format is unknown"),
        ({"schema": "1", "timeline": {}}, "not a project"),
        ({"schema": True, "timeline": {}}, "not a project"),
        ({"schema": 1}, "not a project"),
    ],
)
def test_what_cannot_be_read_is_a_sentence(document: Json, sentence: str) -> None:
    with pytest.raises(UpgradeError, match=sentence):
        upgrade(document)


@pytest.mark.parametrize("document", [None, [], "x", 3, {"schema": 1.0, "timeline": {}}])
def test_other_json_has_no_version(document: object) -> None:
    assert version_of(document) is None


def test_there_is_a_step_from_every_version_that_was_ever_saved() -> None:
    assert sorted(STEPS) == list(range(1, SCHEMA))


@pytest.mark.parametrize("version", sorted(STEPS))
def test_what_an_older_version_wrote_is_still_the_same_project(version: int) -> None:
    data = (SAVED / f"v{version}.json").read_bytes()
    assert saved_version(data) == version
    assert parse_project(data, "dance") == dance(MediaStore())
