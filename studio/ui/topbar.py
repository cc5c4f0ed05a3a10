"""The top bar: the project and its history, the model that answers, what it runs on."""

from __future__ import annotations

from dataclasses import dataclass

from studio.bundles import Device, ModelInfo, Models, device
from studio.tabs import Tab
from studio.ui import projects
from studio.ui.desk import Desk, Handler, Shown
from studio.ui.events import Event
from studio.ui.timeline import redo, saved, take_over, undo
from studio.ui.view_models import BarView, DeviceView, FileView, ModelView, View


@dataclass(frozen=True)
class Engine:
    """What answers: the models that are installed, the default, and what they run on."""

    models: tuple[ModelInfo, ...]
    default: str
    device: Device

    @classmethod
    def here(cls, models: Models) -> Engine:
        return cls(models.list(), models.default() or "", device())

    def max_seconds(self, chosen: str | None) -> float:
        """The longest take of the chosen model, 0 where it is not known."""
        name = chosen or self.default
        return next((m.max_seconds or 0.0 for m in self.models if m.name == name), 0.0)


def view(
    base: View, engine: Engine, desk: Desk, now: Shown | None, file: FileView | None = None
) -> BarView:
    """The bar; without a page only the models and the device."""
    session = now.session if now else None
    chosen = session.bundle if session else None
    return BarView(
        **base,
        models=[_model(model) for model in engine.models],
        chosen=chosen or engine.default,
        device=DeviceView(label=engine.device.label, note=engine.device.note),
        page=now.page if now else "",
        project=session.id if session else "",
        name=session.project.name if session else "",
        saved=saved(session),
        undo=session.undo_label if session else "",
        redo=session.redo_label if session else "",
        readonly=now.readonly if now else "",
        trouble=session.trouble if session else "",
        projects=projects.rows(desk.store.projects(), session.id) if session else [],
        file=file,
    )


def _model(model: ModelInfo) -> ModelView:
    return ModelView(
        name=model.name,
        label=model.title,
        licence=model.licence,
        note=model.note,
        restricted=model.restricted,
    )


def look(desk: Desk, tab: Tab, event: Event) -> None:
    """Only look at what has changed."""


def pick(desk: Desk, tab: Tab, event: Event) -> None:
    """Use another model from the next line on."""
    tab.session.use(event.text("bundle"))


HANDLERS: dict[str, Handler] = {
    "look": look,
    "pick": pick,
    "undo": undo,
    "redo": redo,
    "take_over": take_over,
    **projects.HANDLERS,
}
