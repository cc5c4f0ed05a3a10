"""The committed cases of the browser's edits are what the reference says today."""

from __future__ import annotations

import json

from tests.studio.document.timeline_edits import FIXTURE, fixture

STALE = "write it anew: python -m tests.studio.document.timeline_edits"


def test_the_cases_are_not_stale() -> None:
    assert FIXTURE.read_bytes() == fixture(), STALE


def test_they_cover_what_is_done_and_what_is_refused() -> None:
    cases = json.loads(FIXTURE.read_bytes())["cases"]
    for kind in {case["command"]["kind"] for case in cases}:
        done = ["rows" in case for case in cases if case["command"]["kind"] == kind]
        assert any(done), kind
    assert 0.2 < sum("rows" in case for case in cases) / len(cases) < 0.9
