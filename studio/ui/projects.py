"""The projects menu: new, open, rename, duplicate, delete, and ``.mstudio`` files in and out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from studio.document.commands import RenameProject
from studio.files import file_stem
from studio.library import Entry
from studio.session import SessionError
from studio.tabs import Tab
from studio.ui.desk import Desk, Handler, uploaded
from studio.ui.events import Event
from studio.ui.view_models import FileView, ProjectRow

SUFFIX = ".mstudio"


def rows(entries: Iterable[Entry], open_project: str) -> list[ProjectRow]:
    """The projects to choose from, the one changed last first."""
    return [
        ProjectRow(
            id=each.id,
            name=each.name,
            changed=when(each.changed),
            length=f"{each.seconds:.1f} s",
            problem=each.problem,
            open=each.id == open_project,
        )
        for each in entries
    ]


def when(moment: datetime, today: date | None = None) -> str:
    """A moment as people say it: ``today 12:03``, ``yesterday 09:30``, ``3 March 2026``."""
    days = ((today or date.today()) - moment.date()).days
    if days in (0, 1):
        return f"{('today', 'yesterday')[days]} {moment:%H:%M}"
    return f"{moment.day} {moment:%B %Y}"


def new(desk: Desk, tab: Tab, event: Event) -> None:
    """Begin another project."""
    desk.store.show(tab, desk.store.create(event.text("name", "")))


def open_(desk: Desk, tab: Tab, event: Event) -> None:
    """Show another project."""
    desk.store.show(tab, desk.store.open(event.text("project")))


def rename(desk: Desk, tab: Tab, event: Event) -> None:
    """Give the open project another name."""
    name = " ".join(event.text("name", "").split())[:80]
    if not name:
        raise SessionError("A project needs a name.")
    tab.writing().edit(RenameProject(name))


def duplicate(desk: Desk, tab: Tab, event: Event) -> None:
    """Copy a project and show the copy."""
    desk.store.show(tab, desk.store.duplicate(event.text("project", tab.session.id)))


def remove(desk: Desk, tab: Tab, event: Event) -> None:
    """Move a project to the trash; a page that showed it goes on with another."""
    desk.store.remove(event.text("project"), tab)


def download(desk: Desk, tab: Tab, event: Event) -> FileView:
    """A project with its media as one file."""
    id = event.text("project", tab.session.id)
    names = {each.id: each.name for each in desk.store.projects()}
    name = f"{file_stem(names.get(id, id), 'project')}{SUFFIX}"
    return desk.written(name, lambda path: desk.store.library.export_file(id, path))


def upload(desk: Desk, tab: Tab, event: Event) -> None:
    """Copy a ``.mstudio`` file into the library and show it; the upload is removed afterwards."""
    path = uploaded(event.text("path"))
    try:
        entry = desk.store.library.import_file(path)
    finally:
        path.unlink(missing_ok=True)
    desk.store.show(tab, desk.store.open(entry.id))


HANDLERS: dict[str, Handler] = {
    "new_project": new,
    "open_project": open_,
    "rename_project": rename,
    "duplicate_project": duplicate,
    "delete_project": remove,
    "download_project": download,
    "upload_project": upload,
}
