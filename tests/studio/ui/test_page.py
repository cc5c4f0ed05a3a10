"""What pages show and what their events do, without a browser."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from gradio.utils import get_upload_folder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import exporters
from motion.quality import Quality
from studio.bundles import Models
from studio.document.commands import MoveClip, SetBlend, SetTrack
from studio.document.model import Blend, ClipId, TrackId
from studio.document.schema import command_json
from studio.library import Library
from studio.session import SessionError
from studio.tabs import SessionStore
from studio.ui.desk import KEPT, Desk, Shelf, uploaded
from studio.ui.events import Event
from studio.ui.page import PANELS, Pages, blank_views
from studio.ui.projects import when
from studio.ui.takes import measures
from studio.ui.view_models import EVENTS
from tests.studio.ui.conftest import Browser
from tests.studio.walker import Shop, Walker, walk


def upload(name: str, motion: bool = True) -> str:
    """A file where Gradio puts what a browser has sent."""
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    path = Path(tempfile.mkdtemp(dir=folder)) / name
    if motion:
        exporters.save(walk(1, 30, 30.0), path)
    return str(path)


def test_every_event_has_its_listener() -> None:
    assert {panel: set(events) for panel, events in EVENTS.items()} == {
        panel: set(handlers) for panel, handlers in PANELS.items()
    }


def test_views_are_plain_json(desk: Desk, browser: Browser) -> None:
    browser.ask()
    browser.do("chat", "accept", take="take-1")
    for views in (blank_views(desk), browser.views):
        assert set(views) == set(PANELS)
        for view in views.values():
            assert json.loads(json.dumps(view, allow_nan=False)) == json.loads(json.dumps(view))
    assert {view["revision"] for view in blank_views(desk).values()} == {0}


def test_only_what_changed_is_sent(browser: Browser) -> None:
    assert browser.sent[0] == set(PANELS)
    assert browser.look() == {}
    browser.ask()
    browser.do("timeline", "select", clips=[], track="track-1")
    assert browser.sent[-1] == {"timeline", "inspector"}
    revisions = [view["revision"] for view in browser.views.values()]
    assert max(revisions) == browser.views["timeline"]["revision"]


def test_a_turn_goes_from_waiting_to_its_takes(browser: Browser) -> None:
    assert browser.views["chat"]["turns"] == []
    assert browser.views["chat"]["max_seconds"] == 0
    browser.do("topbar", "pick", bundle="slow")
    browser.do("chat", "submit", text="A person walks", seconds=2.5, takes=2)
    (turn,) = browser.views["chat"]["turns"]
    assert turn["state"] in ("waiting", "running")
    assert (turn["text"], turn["ask"], turn["takes"]) == ("A person walks", "2 takes of 2.5 s", [])
    assert turn["aim"] == "goes to the end of 'Track 1'"
    (pending,) = browser.views["timeline"]["pending"]
    assert (pending["turn"], pending["aim"]["kind"]) == (turn["id"], "append")
    (group,) = browser.views["takes"]["groups"]
    assert (group["turn"], group["takes"]) == (turn["id"], [])
    browser.wait()
    (turn,) = browser.views["chat"]["turns"]
    assert (turn["state"], [chip["label"] for chip in turn["takes"]]) == ("done", ["1", "2"])
    assert browser.views["timeline"]["pending"] == []
    browser.do("takes", "remove", takes=[turn["takes"][0]["id"]])
    (turn,) = browser.views["chat"]["turns"]
    assert [chip["label"] for chip in turn["takes"]] == ["2"]


def test_a_running_turn_is_cancelled(browser: Browser) -> None:
    browser.do("topbar", "pick", bundle="slow")
    browser.do("chat", "submit", text="walk", seconds=2, takes=1)
    browser.do("chat", "cancel", turn=browser.views["chat"]["turns"][0]["id"])
    browser.wait()
    assert browser.views["chat"]["turns"][0]["state"] == "cancelled"
    assert browser.views["takes"]["takes"] == []


def test_a_failure_is_in_its_turn(browser: Browser) -> None:
    browser.ask(seconds=60)
    assert "ask for less" in browser.views["chat"]["turns"][0]["error"]


def test_takes_are_looked_at_as_ghosts_and_accepted(browser: Browser) -> None:
    first, second, _ = browser.ask()
    view = browser.views["takes"]
    assert (view["selected"], view["takes"][0]["best"]) == (first, True)
    (group,) = view["groups"]
    assert group["takes"] == [first, second, "take-3"]
    assert group["aim"] == "goes to the end of 'Track 1'"
    browser.do("takes", "choose", take=second)
    ghost = browser.views["timeline"]["ghost"]
    assert (ghost["take"], ghost["name"]) == (second, "Walks 2")
    browser.do("takes", "accept", take=second)
    view = browser.views["timeline"]
    assert view["ghost"] is None
    assert view["project"] == ghost["project"]
    assert (view["undo"], view["project"]["takes"]) == ("Accept 'Walks 2'", [])
    (clip,) = view["project"]["timeline"]["tracks"][0]["clips"]
    assert view["selection"] == [clip["id"]]
    assert browser.views["takes"]["takes"][1]["status"] == "accepted"
    assert browser.views["topbar"]["saved"] != ""


def test_takes_are_compared_side_by_side(browser: Browser) -> None:
    first, second, _ = browser.ask()
    browser.do("takes", "compare", takes=[first, second])
    scene = browser.views["viewer"]
    assert (scene["mode"], [figure["id"] for figure in scene["characters"]]) == (
        "takes",
        [first, second],
    )
    assert scene["characters"][0]["url"] == f"media/{browser.views['takes']['takes'][0]['media']}"
    browser.do("takes", "compare", takes=[])
    assert browser.views["viewer"]["mode"] == "timeline"


def test_takes_are_kept_renamed_and_repeated(browser: Browser) -> None:
    first, *_ = browser.ask()
    browser.do("takes", "keep", take=first, kept=True)
    browser.do("takes", "rename", take=first, name="The one")
    row = browser.views["takes"]["takes"][0]
    assert (row["status"], row["name"]) == ("kept", "The one")
    browser.do("takes", "again", take=first)
    browser.do("chat", "more", take=first)
    browser.wait()
    assert len(browser.views["takes"]["groups"]) == 1
    assert len(browser.views["takes"]["takes"]) == 7
    asks = [turn["ask"] for turn in browser.views["chat"]["turns"]]
    assert asks == ["3 takes of 2.0 s", "Another take of 2.0 s", "3 more takes of 2.0 s"]
    assert "needs a name" in browser.send("takes", "rename", take=first, name=" ")["notice"]


def test_edits_undo_and_redo(browser: Browser) -> None:
    browser.ask()
    browser.do("takes", "accept", take="take-1")
    move = command_json(MoveClip((ClipId("clip-1"),), by=10))
    browser.do("timeline", "edit", commands=[move], label="")
    assert browser.views["timeline"]["undo"] == "Move clip"
    mute = command_json(SetTrack(TrackId("track-1"), mute=True))
    browser.do("timeline", "edit", commands=[move, mute], label="Nudge")
    assert browser.views["topbar"]["undo"] == "Nudge"
    browser.do("timeline", "undo")
    assert browser.views["timeline"]["project"]["timeline"]["tracks"][0]["clips"][0]["start"] == 10
    browser.do("topbar", "redo")
    assert browser.views["timeline"]["project"]["timeline"]["tracks"][0]["clips"][0]["start"] == 20
    answer = browser.send("timeline", "edit", commands=[{"kind": "nonsense"}], label="")
    assert "cannot be read" in answer["notice"]


def test_the_inspector_knows_the_clip_and_its_seam(browser: Browser) -> None:
    browser.ask()
    browser.do("takes", "accept", take="take-1")
    browser.do("takes", "accept", take="take-2")
    view = browser.views["inspector"]
    clip = view["clip"]
    assert (clip["id"], clip["name"], clip["before"], clip["after"]) == (
        "clip-2",
        "Walks 2",
        "clip-1",
        "",
    )
    assert (clip["start"], clip["frames"], clip["source"], clip["played"]) == (59, 59, (0, 59), 59)
    assert (clip["times"], clip["gap_before"], clip["overlap"]) == (1.0, 0, 0)
    assert clip["seam"] == browser.views["timeline"]["joins"][0]
    assert clip["source_text"] == "A person walks"
    assert [each["current"] for each in clip["alternatives"]] == [False, True, False]
    assert (view["track"]["name"], view["character"]["name"]) == ("Track 1", "Character 1")
    cut = command_json(SetBlend((ClipId("clip-2"),), Blend("cut", 0)))
    browser.do("inspector", "edit", commands=[cut], label="")
    assert browser.views["inspector"]["clip"]["blend"]["kind"] == "cut"
    assert browser.views["inspector"]["clip"]["seam"]["ratio"] > clip["seam"]["ratio"]
    browser.do("inspector", "swap", clip="clip-2", take="take-3")
    view = browser.views["inspector"]["clip"]
    assert [each["current"] for each in view["alternatives"]] == [False, False, True]
    statuses = [take["status"] for take in browser.views["takes"]["takes"]]
    assert statuses == ["accepted", "new", "accepted"]
    browser.do("timeline", "select", clips=["clip-1", "clip-2"])
    assert (browser.views["inspector"]["count"], browser.views["inspector"]["clip"]) == (2, None)


def test_files_are_received_and_dropped(browser: Browser) -> None:
    path = upload("a step.bvh")
    browser.do("takes", "receive", path=path, name="a step.bvh")
    assert not Path(path).exists()
    row = browser.views["takes"]["takes"][0]
    assert (row["name"], row["source"], row["can_repeat"], row["best"]) == (
        "a step",
        "Imported",
        False,
        False,
    )
    browser.do("timeline", "drop", path=upload("b.npz"), name="b.npz", track="track-1", frame=15)
    browser.do("timeline", "drop", path=upload("c.npz"), name="c.npz", track="", frame=3)
    tracks = browser.views["timeline"]["project"]["timeline"]["tracks"]
    assert [[clip["start"] for clip in track["clips"]] for track in tracks] == [[15], [3]]
    browser.do("timeline", "place", take=row["id"], track="track-1", frame=60)
    tracks = browser.views["timeline"]["project"]["timeline"]["tracks"]
    assert [clip["start"] for clip in tracks[0]["clips"]] == [15, 60]
    assert (
        "did not arrive" in browser.send("takes", "receive", path="/etc/passwd", name="x")["notice"]
    )


def test_an_import_names_only_uploads() -> None:
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    for path in ("/etc/passwd", str(folder / ".." / "x"), str(folder), "\0"):
        with pytest.raises(SessionError):
            uploaded(path)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".bvh") as file:
        assert uploaded(file.name) == Path(file.name).resolve()


def test_a_saved_file_is_on_the_shelf(desk: Desk, browser: Browser) -> None:
    browser.ask("walk", seconds=1)
    wanted: dict[str, Any] = {"format": "bvh", "fps": "40", "mirror": False, "in_place": True}
    file = browser.do("export", "save", subject="take-1", **wanted)["file"]
    path = desk.shelf.get(file["url"].split("/")[1])
    assert path is not None
    assert (path.name, path.stat().st_size) == ("walk_1.bvh", file["size"])
    assert exporters.load(path).fps == pytest.approx(40, rel=1e-3)
    assert [each["id"] for each in browser.views["export"]["subjects"]] == [
        "take-1",
        "take-2",
        "take-3",
    ]
    browser.do("takes", "accept", take="take-1")
    assert browser.views["export"]["subjects"][0]["name"] == "Untitled"
    file = browser.do("export", "save", subject="timeline", start=5, stop=15, **wanted)["file"]
    assert file["name"] == "untitled.bvh"
    path = desk.shelf.get(file["url"].split("/")[1])
    assert path is not None
    assert exporters.load(path).seconds == pytest.approx(9 / 30 + 1 / 40, abs=0.05)
    assert browser.look() == {}  # a file is told once


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "exe"}, "'exe' is no format"),
        ({"subject": "take-99"}, "no longer here"),
        ({"subject": "timeline"}, "nothing on the timeline"),
        ({"fps": "-5"}, "frame rate above zero"),
        ({"fps": "fast"}, "no usable 'fps'"),
    ],
)
def test_a_refusal_is_a_notice(browser: Browser, change: dict[str, str], sentence: str) -> None:
    browser.ask("walk", seconds=1)
    wanted = {"subject": "take-1", "format": "bvh", "fps": "", "mirror": False, "in_place": False}
    view = browser.send("export", "save", **{**wanted, **change})
    assert sentence in view["notice"]
    assert view["file"] is None


def test_the_shelf_keeps_only_so_many() -> None:
    shelf = Shelf()
    tokens = []
    for i in range(KEPT + 3):
        token, path = shelf.place(f"{i}.bvh")
        path.write_text("x")
        tokens.append(token)
    assert [shelf.get(t) is None for t in tokens[:4]] == [True, True, True, False]
    shelf.clear()


# -- projects and pages ---------------------------------------------------------------------------


def test_projects_are_made_opened_renamed_copied_and_removed(browser: Browser) -> None:
    assert browser.views["topbar"]["name"] == "Untitled"
    first = browser.views["topbar"]["project"]
    browser.do("topbar", "rename_project", name=" The  dance ")
    browser.ask()
    browser.do("takes", "accept", take="take-1")
    browser.do("topbar", "duplicate_project")
    copy = browser.views["topbar"]["project"]
    assert copy != first
    assert browser.views["topbar"]["name"] == "The dance copy"
    assert len(browser.views["takes"]["takes"]) == 3
    assert browser.views["topbar"]["undo"] == ""
    assert [turn["text"] for turn in browser.views["chat"]["turns"]] == ["A person walks"]
    browser.do("topbar", "new_project", name="Other")
    browser.do("topbar", "open_project", project=first)
    assert browser.views["topbar"]["undo"] == "Accept 'Walks 1'"  # its history is still here
    rows = browser.views["topbar"]["projects"]
    assert [row["name"] for row in rows if row["open"]] == ["The dance"]
    assert len(rows) == 3
    browser.do("topbar", "delete_project", project=first)
    assert browser.views["topbar"]["name"] == "Untitled"
    assert browser.views["takes"]["takes"] == []
    notice = browser.send("topbar", "open_project", project="gone")["notice"]
    assert "no project" in notice
    assert "needs a name" in browser.send("topbar", "rename_project", name=" ")["notice"]


def test_a_project_goes_out_as_a_file_and_comes_back(desk: Desk, browser: Browser) -> None:
    browser.ask()
    browser.do("takes", "accept", take="take-1")
    browser.do("topbar", "rename_project", name="Dance")
    before = browser.views["timeline"]["project"]
    file = browser.do("topbar", "download_project")["file"]
    assert file["name"] == "dance.mstudio"
    written = desk.shelf.get(file["url"].split("/")[1])
    assert written is not None
    path = Path(upload("dance.mstudio", motion=False))
    path.write_bytes(written.read_bytes())
    browser.do("topbar", "upload_project", path=str(path), name="dance.mstudio")
    assert browser.views["timeline"]["project"] == before
    assert len(browser.views["takes"]["takes"]) == 3
    assert not path.exists()
    bad = Path(upload("bad.mstudio", motion=False))
    bad.write_bytes(b"nonsense")
    notice = browser.send("topbar", "upload_project", path=str(bad), name="bad.mstudio")["notice"]
    assert "bad.mstudio" in notice


def test_two_pages_of_one_project(pages: Pages, browser: Browser) -> None:
    browser.ask()
    other = Browser(pages, "second", project=browser.views["topbar"]["project"])
    assert len(other.views["takes"]["takes"]) == 3
    assert "another tab" in other.views["timeline"]["readonly"]
    assert "another tab" in other.views["topbar"]["readonly"]
    refused = other.send("takes", "accept", take="take-1")
    assert "take over" in refused["notice"]
    browser.do("takes", "accept", take="take-1")
    assert "timeline" in other.look()
    assert other.views["timeline"]["project"] == browser.views["timeline"]["project"]
    other.do("timeline", "take_over")
    other.do("timeline", "undo")
    browser.look()
    assert "taken this project over" in browser.views["timeline"]["readonly"]
    assert browser.views["timeline"]["redo"] == "Accept 'Walks 1'"
    assert "take it back" in browser.send("timeline", "redo")["notice"]
    pages.leave("second")
    browser.look()
    assert browser.views["timeline"]["readonly"] == ""
    browser.do("timeline", "redo")


def test_a_page_that_only_looks_moves_nobodys_selection(pages: Pages, browser: Browser) -> None:
    browser.ask()
    browser.do("takes", "accept", take="take-1")
    other = Browser(pages, "second", project=browser.views["topbar"]["project"])
    other.do("timeline", "select", clips=[])
    assert other.views["timeline"]["selection"] == ["clip-1"]


def test_a_page_is_told_what_it_cannot_open(pages: Pages) -> None:
    told = Browser(pages, "x", project="gone")
    assert "no project 'gone'" in told.views["topbar"]["notice"]
    assert told.look() == {}


def test_an_ended_page_is_a_sentence(pages: Pages, browser: Browser) -> None:
    pages.leave("first")
    with pytest.raises(SessionError, match="reload"):
        pages.get(browser.page.id)


def test_what_a_page_has_not_seen_shows_in_its_state(browser: Browser) -> None:
    assert browser.page.state == browser.page.seen
    browser.page.tab.session.select(track=TrackId("track-1"))
    assert browser.page.state != browser.page.seen
    browser.look()
    assert browser.page.state == browser.page.seen


# -- whatever is sent -----------------------------------------------------------------------------

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["take-1", "clip-1", "track-1", "character-1", "timeline", "bvh", "walker"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
_EVENTS = [(panel, event) for panel, events in EVENTS.items() for event in events]


@pytest.fixture(scope="module")
def playground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A page with takes and clips that anything may be done to."""
    library = Library(tmp_path_factory.mktemp("library"))
    store = SessionStore(Models(Shop(Walker())), library)
    desk = Desk(store)
    browser = Browser(Pages(desk), "play")
    browser.ask(seconds=0.5)
    browser.do("takes", "accept", take="take-1")
    yield browser
    store.shut()
    desk.shelf.clear()


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(_EVENTS), st.data())
def test_nothing_that_is_sent_breaks_a_page(
    playground: Browser, which: tuple[str, str], data: st.DataObject
) -> None:
    panel, event = which
    names = [name.strip("[]") for name in EVENTS[panel][event]]
    fields = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys([*names, "nonce"], _JSON)))
    views = playground.page.handle(panel, event, Event(fields))
    assert "inside the studio" not in views[panel]["notice"]
    json.dumps(views, allow_nan=False)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 5, 9, 5), "today 09:05"),
        (datetime(2026, 3, 4, 23, 59), "yesterday 23:59"),
        (datetime(2025, 12, 31, 1, 0), "31 December 2025"),
    ],
)
def test_times_are_said_as_people_do(moment: datetime, words: str) -> None:
    assert when(moment, date(2026, 3, 5)) == words


@pytest.mark.parametrize(
    ("sliding", "level"), [(0.0, "good"), (0.14, "good"), (0.2, "fair"), (0.9, "poor")]
)
def test_measures_are_graded(sliding: float, level: str) -> None:
    rest = dict.fromkeys(
        ("skating", "foot_floating", "ground_penetration", "jitter", "acceleration"), 0.0
    )
    figures = measures(Quality(foot_sliding=sliding, dynamic_degree=0.0, **rest), 0.8)
    assert [figure["label"] for figure in figures] == ["Match", "Slide", "Jitter", "Sink"]
    assert [figure["value"] for figure in figures[:2]] == ["0.80", f"{100 * sliding:.1f}"]
    assert [figure["level"] for figure in figures] == ["good", level, "good", "good"]
    assert measures(None, None) == []


def test_pages_that_look_and_pages_that_come_do_not_wait_for_each_other(
    pages: Pages, browser: Browser
) -> None:
    """Looking holds a session, coming and going holds the store: neither inside the other."""
    stop = threading.Event()
    pages.leave("first")  # so that its project is one that newcomers look at

    def look() -> None:
        while not stop.is_set():
            browser.page.views()

    def come_and_go() -> None:
        for number in range(12):
            pages.enter(f"page {number}", "", "", "")
            pages.leave(f"page {number}")

    looking = threading.Thread(target=look, daemon=True)
    coming = threading.Thread(target=come_and_go, daemon=True)
    looking.start()
    coming.start()
    coming.join(30)
    stop.set()
    looking.join(10)
    assert not coming.is_alive()
    assert not looking.is_alive()
