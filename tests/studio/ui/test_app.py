"""What the panels' listeners do, without a page: saving, and what an import may name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import gradio as gr
import pytest
from gradio.utils import get_upload_folder

import exporters
from studio.session import Order, Session, SessionError, SessionStore
from studio.ui.export import KEPT, Shelf, save
from studio.ui.takes import uploaded


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    yield made
    made.clear()


def event(**data: object) -> gr.EventData:
    return gr.EventData(None, data)


def test_a_saved_file_is_on_the_shelf(shelf: Shelf, store: SessionStore, session: Session) -> None:
    take = session.generate(Order("walk", seconds=1))[0]
    wanted = {"take": take.id, "format": "bvh", "fps": "40", "mirror": False, "in_place": True}
    view = save(shelf, store, session.id, event(**wanted))
    assert view["notice"] == ""
    file = view["file"]
    assert file is not None
    path = shelf.get(file["url"].split("/")[1])
    assert path is not None
    assert (path.name, path.stat().st_size) == ("walk_1.bvh", file["size"])
    assert exporters.load(path).fps == pytest.approx(40, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "exe"}, "'exe' is no format"),
        ({"take": "take-99"}, "no longer here"),
        ({"fps": "-5"}, "frame rate above zero"),
    ],
)
def test_a_refusal_is_a_notice(
    shelf: Shelf, store: SessionStore, session: Session, change: dict[str, str], sentence: str
) -> None:
    take = session.generate(Order("walk", seconds=1))[0]
    wanted = {"take": take.id, "format": "bvh", "fps": "", "mirror": False, "in_place": False}
    view = save(shelf, store, session.id, event(**{**wanted, **change}))
    assert sentence in view["notice"]
    assert view["file"] is None


def test_an_expired_session_is_a_notice(shelf: Shelf, store: SessionStore) -> None:
    assert "reload" in save(shelf, store, "gone", event())["notice"]


def test_the_shelf_keeps_only_so_many(shelf: Shelf) -> None:
    tokens = []
    for i in range(KEPT + 3):
        token, path = shelf.place(f"{i}.bvh")
        path.write_text("x")
        tokens.append(token)
    assert [shelf.get(t) is None for t in tokens[:4]] == [True, True, True, False]


def test_an_import_names_only_uploads() -> None:
    folder = Path(get_upload_folder())
    folder.mkdir(parents=True, exist_ok=True)
    for path in ("/etc/passwd", str(folder / ".." / "x"), str(folder)):
        with pytest.raises(SessionError):
            uploaded(path)
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".bvh") as file:
        assert uploaded(file.name) == Path(file.name).resolve()
