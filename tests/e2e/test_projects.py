"""Projects in the browser: made, named, copied, sent away and back; two tabs on one of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.document.project_file import load
from tests.e2e.conftest import Server
from tests.e2e.page import Studio

pytestmark = pytest.mark.slow


def open_menu(studio: Studio) -> None:
    studio.page.get_by_role("button", name="Projects", exact=True).click()


def rename(studio: Studio, name: str) -> None:
    """Click on the name in the bar and type another."""
    studio.page.locator(".ms-project-name").click()
    field = studio.page.get_by_label("Name of the project")
    field.fill(name)
    field.press("Enter")
    studio.quiet()


def wait_for_name(studio: Studio, name: str) -> None:
    studio.page.wait_for_function(
        "name => document.querySelector('.ms-project-name')?.textContent === name", arg=name
    )


def test_a_project_is_made_named_copied_and_thrown_away(studio: Studio, server: Server) -> None:
    first = studio.project_id
    open_menu(studio)
    studio.page.get_by_role("button", name="New", exact=True).click()
    studio.page.wait_for_function("id => !location.search.endsWith(`=${id}`)", arg=first)
    second = studio.project_id
    rename(studio, "A walk in the park")
    assert studio.page.title().startswith("A walk in the park")
    assert load(server.library / "projects" / second)[0].name == "A walk in the park"

    open_menu(studio)
    studio.page.get_by_role("button", name="Duplicate 'A walk in the park'").click()
    studio.page.wait_for_function("id => !location.search.endsWith(`=${id}`)", arg=second)
    copy = studio.project_id
    assert copy not in (first, second)

    open_menu(studio)
    row = studio.page.locator(".ms-project-row.ms-selected")
    row.hover()
    row.get_by_role("button", name="Delete").click()
    studio.page.get_by_role("button", name="Delete", exact=True).click()
    studio.page.wait_for_function("id => !location.search.endsWith(`=${id}`)", arg=copy)
    assert not (server.library / "projects" / copy).exists()
    assert (server.library / "projects" / second).exists()


def test_a_project_goes_to_a_file_and_comes_back(studio: Studio, tmp_path: Path) -> None:
    rename(studio, "Travels")
    studio.ask("walk", takes=1)
    studio.wait_for_takes(1)
    studio.accept()
    before = studio.project
    open_menu(studio)
    studio.page.locator(".ms-project-row.ms-selected").hover()
    with studio.page.expect_download() as download:
        studio.page.get_by_role("button", name="Download 'Travels'").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.name == "travels.mstudio"

    home = studio.project_id
    studio.drop_file(path, 500, 200)
    studio.page.wait_for_function("id => !location.search.endsWith(`=${id}`)", arg=home)
    studio.wait_for_takes(1)
    studio.quiet()
    assert studio.project["timeline"] == before["timeline"]


def test_a_file_that_is_no_project_is_refused_in_a_sentence(studio: Studio, tmp_path: Path) -> None:
    broken, other = tmp_path / "broken.mstudio", tmp_path / "notes.txt"
    broken.write_bytes(b"PK nonsense")
    other.write_text("nothing")
    home = studio.project_id
    studio.drop_file(broken, 500, 200)
    strip = studio.page.locator(".ms-strip")
    strip.get_by_role("button", name="Dismiss").wait_for()
    assert "project" in strip.inner_text()
    assert studio.project_id == home
    strip.get_by_role("button", name="Dismiss").click()
    studio.drop_file(other, 500, 200)
    studio.page.locator("#ms-takes .ms-error").get_by_text("'notes.txt' is neither").wait_for()


def test_two_tabs_on_two_projects_do_not_meet(open_studio: Callable[..., Studio]) -> None:
    one = open_studio()
    one.ask("walk", takes=1)
    one.wait_for_takes(1)
    two = open_studio()
    open_menu(two)
    two.page.get_by_role("button", name="New", exact=True).click()
    two.wait_for_takes(0)
    two.ask("jump", takes=1)
    two.wait_for_takes(1)
    assert (one.names, two.names) == (["Walk 1"], ["Jump 1"])


def test_a_second_tab_is_told_and_nothing_is_lost(
    open_studio: Callable[..., Studio], server: Server
) -> None:
    one = open_studio()
    one.ask("walk", takes=1)
    one.wait_for_takes(1)
    one.accept()
    two = open_studio(one.project_id)
    strip = two.page.locator(".ms-strip")
    strip.get_by_text("another tab").wait_for()
    two.wait_for_takes(1)
    before = one.project
    [clip] = before["timeline"]["tracks"][0]["clips"]

    # What the second tab tries is refused where it is tried.
    two.pause()
    two.timeline.select(clip["id"])
    two.timeline.press("Delete")
    assert two.project == before
    two.ask("jump", takes=1)
    two.page.locator("#ms-chat .ms-prompt .ms-error").get_by_text("another tab").wait_for()

    # What the first one does is seen in the second.
    rename(one, "Shared")
    wait_for_name(two, "Shared")

    strip.get_by_role("button", name="Take over").click()
    strip.wait_for(state="hidden")
    two.timeline.press("Delete")
    assert two.project["timeline"]["tracks"][0]["clips"] == []
    one.page.locator(".ms-strip").get_by_role("button", name="Take over").wait_for()
    one.page.wait_for_function(
        """async () => (await import(new URL('studio-panels/project.js', document.baseURI).href))
            .project().timeline.tracks[0].clips.length === 0"""
    )
    one.page.locator(".ms-strip").get_by_role("button", name="Take over").click()
    one.page.locator(".ms-strip").wait_for(state="hidden")
    one.timeline.press("Control+z")
    assert one.project["timeline"] == before["timeline"]
    saved, _ = load(server.library / "projects" / one.project_id)
    assert (saved.name, saved.timeline.tracks[0].clips[0].id) == ("Shared", clip["id"])
