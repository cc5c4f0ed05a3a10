"""``plan``, ``chat``, ``caption`` and ``find``: projects and motions in words."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.cli import projects
from studio.cli.meter import Meter
from studio.cli.status import FAILURE, UsageError, fail

if TYPE_CHECKING:
    from studio.conversation import Said
    from studio.document.model import Range, Turn
    from studio.planner.plan import Plan
    from studio.session import Session
    from studio.tabs import SessionStore
    from studio.understanding.scene import Scene


# -- plan and chat -------------------------------------------------------------------------------


def plan(args: argparse.Namespace) -> int:
    """What a line would do; nothing is changed."""
    from studio import conversation
    from studio.bundles import Models
    from studio.editing import Unsaved
    from studio.planner.codec import plan_json
    from studio.session import Session
    from studio.tabs import SessionStore

    store = SessionStore(Models())
    if args.project is None:
        session = Session("plan", Unsaved(), store.models, store.jobs)
    else:
        session = _looking(store, args.project)
    planned = conversation.offline(session)(
        args.text, conversation.summary(session), conversation.abilities(session)
    )
    if args.json:
        print(json.dumps(plan_json(planned), indent=2))
    else:
        print(_plan_text(planned))
    return 0


def _plan_text(planned: Plan) -> str:
    from studio.planner.codec import step_json

    lines = [planned.reply]
    for number, step in enumerate(planned.steps, start=1):
        fields = step_json(step)
        kind = fields.pop("kind")
        told = ", ".join(f"{name} {json.dumps(value)}" for name, value in fields.items() if value)
        lines.append(f"{number}. {kind}: {told}")
    return "\n".join(line for line in lines if line)


def chat(args: argparse.Namespace) -> int:
    """Lines carried out one after the other; status 1 if one of them could not be."""
    from studio import conversation
    from studio.bundles import Models
    from studio.directing import Settings
    from studio.tabs import SessionStore

    if not args.out.is_dir():
        raise UsageError(f"There is no folder '{args.out}' to export to; make it first.")
    settings = Settings(takes=args.takes, exports=args.out)
    store, failed = SessionStore(Models()), False
    try:
        session = store.open(_which(args.project))
        planner = conversation.offline(session)
        for line in _lines(args.lines):
            turn, said = conversation.say(session, line, planner), None
            if turn.state == "planned":
                with Meter() as meter:
                    said = conversation.carry_out(session, turn.id, meter, settings)
                turn = said.turn
            failed = failed or turn.state == "failed"
            print(json.dumps(_turn_json(turn, said)) if args.json else _turn_text(turn), flush=True)
    finally:
        store.shut()
    return fail("Not everything could be done.", FAILURE) if failed else 0


def _which(project: str) -> str | Path:
    """A project by its path where there is one, else by its id in the library."""
    path = Path(project)
    return path if path.exists() or path.suffix.lower() == ".mstudio" else project


def _looking(store: SessionStore, project: str) -> Session:
    """A session on what was saved last, which writes nothing."""
    from studio.document.project_file import open_project
    from studio.session import Session

    which = _which(project)
    path = which if isinstance(which, Path) else store.library.find(which)
    return Session("look", open_project(path, read_only=True), store.models, store.jobs)


def _lines(given: list[str]) -> Iterator[str]:
    """The lines of the command, or those of stdin; with a prompt on a terminal."""
    if given:
        yield from given
        return
    while True:
        if sys.stdin.isatty():
            print("> ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            return
        if line.strip():
            yield line.strip()


def _turn_text(turn: Turn) -> str:
    if not turn.options:
        return turn.reply
    return "\n".join([turn.reply, *(f"  {i}. {each}" for i, each in enumerate(turn.options, 1))])


def _turn_json(turn: Turn, said: Said | None) -> dict[str, Any]:
    outcome = said.outcome if said else None
    return {
        "turn": turn.id,
        "text": turn.text,
        "state": turn.state,
        "reply": turn.reply,
        "options": list(turn.options),
        "clips": list(turn.clips),
        "takes": list(turn.takes),
        "files": [str(path) for path in outcome.files] if outcome else [],
        "plan": json.loads(turn.plan),
    }


# -- caption and find ----------------------------------------------------------------------------


def caption(args: argparse.Namespace) -> int:
    """What a motion file or a project shows, in words."""
    scene = _scene(args.file)
    asked = _asked(scene, *args.range)
    if args.json:
        rows = [_caption_json(scene, who.id, who.name, asked) for who in scene.people]
        print(json.dumps(rows if projects.is_project(args.file) else rows[0], indent=2))
        return 0
    from studio.understanding.answers import describe

    for who in scene.people:
        print(describe(scene, who.id, asked))
    return 0


def _caption_json(scene: Scene, who: Any, name: str, asked: Range | None) -> dict[str, Any]:
    from studio.understanding import words

    told = words.parts(scene.facts(who, asked))
    captions = [{"text": text, "score": score} for text, score in scene.captions(who, asked)]
    return {"name": name, "captions": captions, "parts": told}


def _scene(path: Path) -> Scene:
    """A project, or one person who does what a file holds."""
    from studio import files
    from studio.bundles import Models
    from studio.tabs import SessionStore
    from studio.understanding.scene import Scene, of_motion

    models = Models()
    if not projects.is_project(path):
        motion = files.onto(files.load(path), "body")
        return of_motion(motion, path.stem, models.captioner)
    session = _looking(SessionStore(models), str(path))
    return Scene(session.project, session.motion, models.captioner)


def _asked(scene: Scene, start: int | None, stop: int | None) -> Range | None:
    from studio.document.model import Range

    if start is None and stop is None:
        return None
    whole = scene.all_of_it
    asked = Range(start or 0, whole.stop if stop is None else stop)
    if not 0 <= asked.start < asked.stop <= whole.stop:
        raise UsageError(
            f"--range {asked.start}:{asked.stop} does not fit; the frames are 0:{whole.stop}."
        )
    return asked


def find(args: argparse.Namespace) -> int:
    """The files of a folder, or the takes of a project, that fit a text; one a line."""
    from studio import finding
    from studio.bundles import Models
    from studio.document.project_file import load

    space = Models().judge.space
    if args.where.is_dir() and not (args.where / "project.json").is_file():
        candidates = finding.folder(args.where)
    else:
        candidates = finding.takes(*load(args.where))
    with Meter() as meter:
        found = finding.find(args.text, candidates, space, meter, args.count)
    if args.json:
        rows = [
            {"name": e.name, "score": e.score, "take": e.take, "path": e.path and str(e.path)}
            for e in found
        ]
        print(json.dumps(rows, indent=2))
        return 0
    for each in found:
        print(f"{each.score:5.2f}  {each.path or each.name}")
    return 0
