"""The viewer panel: the stage that the TypeScript module of ``studio/web`` draws."""

from __future__ import annotations

from studio.document.model import Take
from studio.session import Session
from studio.ui.desk import Handler
from studio.ui.view_models import CharacterView, SceneView, View

FIGURE = "assets/characters/mannequin.glb"


def view(base: View, session: Session | None) -> SceneView:
    """Takes side by side while they are compared, else the timeline with the reviewed take."""
    compared = session.compared if session else ()
    reviewed = session.reviewed if session else None
    shown = compared or ([reviewed] if reviewed else [])
    mode = "takes" if compared else "timeline"
    return SceneView(**base, mode=mode, characters=[_figure(take) for take in shown])


def _figure(take: Take) -> CharacterView:
    return CharacterView(id=take.id, name=take.name, url=f"media/{take.media.id}", figureUrl=FIGURE)


#: The viewer asks nothing of the server.
HANDLERS: dict[str, Handler] = {}
