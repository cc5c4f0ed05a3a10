"""Every argument of every command."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from studio.cli import bundles, motions, projects, talking, training
from studio.cli.serve import serve


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="motion-studio", description="Type a line, see a person move, take it away."
    )
    top.add_argument("--version", action="version", version=_version())
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _add_serve(commands)
    _add_generate(commands)
    _add_convert(commands)
    _add_info(commands)
    _add_project(commands)
    _add_talking(commands)
    _add_bundle(commands)
    _add_training(commands)
    return top


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"motion-studio {version('motion-studio')}"
    except PackageNotFoundError:
        return "motion-studio (not installed)"


def _add_serve(commands: Any) -> None:
    serve_ = commands.add_parser("serve", help="open the studio in the browser")
    serve_.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    serve_.add_argument("--port", type=_port, default=7860, help="(%(default)s)")
    serve_.add_argument(
        "--project", type=Path, metavar="FILE", help="open this project, a .mstudio file or folder"
    )
    serve_.add_argument("--no-browser", action="store_true", help="only listen")
    serve_.set_defaults(command=serve)


def _add_generate(commands: Any) -> None:
    generate_ = commands.add_parser("generate", help="text to motion files")
    generate_.add_argument("text", metavar="TEXT", help="what the person does, one sentence")
    generate_.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help=".bvh, .glb or .npz; several takes become name_1, name_2, ...",
    )
    generate_.add_argument("--seconds", type=float, default=4.0, help="(%(default)s)")
    generate_.add_argument("--takes", type=int, default=1, help="(%(default)s)")
    generate_.add_argument("--seed", type=int, help="of the first take; drawn if not given")
    generate_.add_argument("--bundle", metavar="NAME", help="which model; see 'bundle list'")
    generate_.add_argument("--steps", type=int, help="solver steps")
    generate_.add_argument("--guidance", type=float, help="classifier-free guidance scale")
    generate_.add_argument(
        "--no-cleanup", action="store_true", help="leave out foot lock and smoothing"
    )
    _add_changes(generate_)
    generate_.set_defaults(command=motions.generate)


def _add_convert(commands: Any) -> None:
    convert_ = commands.add_parser("convert", help="from one motion file to another")
    convert_.add_argument(
        "source", type=Path, metavar="IN", help=".bvh, .glb, .gltf, .npz or .mstudio"
    )
    convert_.add_argument("out", type=Path, metavar="OUT", help=".bvh, .glb or .npz")
    convert_.add_argument(
        "--range",
        type=_range,
        default=(None, None),
        metavar="A:B",
        help="frames A to B, B not included; of a project its own frames",
    )
    convert_.add_argument("--scale", type=float, default=1.0, help="factor on every length")
    convert_.add_argument(
        "--character",
        metavar="FILE|body|NAME",
        help="retarget onto a file's skeleton or the canonical body; of a project who it is about",
    )
    _add_changes(convert_)
    convert_.set_defaults(command=motions.convert)


def _add_changes(to: argparse.ArgumentParser) -> None:
    to.add_argument("--fps", type=float, help="frames a second of the file")
    to.add_argument("--in-place", action="store_true", help="keep the root over its start")
    to.add_argument("--mirror", action="store_true", help="exchange left and right")


def _add_info(commands: Any) -> None:
    info_ = commands.add_parser("info", help="what is in a motion file or a project")
    info_.add_argument("file", type=Path, metavar="FILE")
    info_.add_argument("--json", action="store_true", help="as one JSON object")
    info_.set_defaults(command=motions.info)


def _add_project(commands: Any) -> None:
    project = commands.add_parser("project", help="the library of projects")
    actions = project.add_subparsers(metavar="ACTION", required=True)
    list_ = actions.add_parser("list", help="what is in the library, and what was open elsewhere")
    list_.add_argument("--json", action="store_true", help="as a JSON list")
    list_.set_defaults(command=projects.list_known)
    new = actions.add_parser("new", help="make an empty project in the library")
    new.add_argument("name", metavar="NAME")
    new.set_defaults(command=projects.new)
    pack = actions.add_parser("pack", help="write a project as one file, without unused media")
    pack.add_argument("project", metavar="PROJECT", help="its id in the library, or a folder")
    pack.add_argument("out", type=Path, metavar="FILE.mstudio")
    pack.set_defaults(command=projects.pack)
    unpack = actions.add_parser("unpack", help="copy a .mstudio file into the library")
    unpack.add_argument("file", type=Path, metavar="FILE.mstudio")
    unpack.set_defaults(command=projects.unpack)


def _add_talking(commands: Any) -> None:
    plan = commands.add_parser("plan", help="what a line would do, without doing it")
    plan.add_argument("text", metavar="TEXT", help="such as: walk forward, then wave")
    plan.add_argument(
        "--project", metavar="PROJECT", help="its id in the library, a .mstudio file or a folder"
    )
    plan.add_argument("--json", action="store_true", help="as one JSON object")
    plan.set_defaults(command=talking.plan)
    chat = commands.add_parser("chat", help="change a project by saying what should happen")
    chat.add_argument(
        "project", metavar="PROJECT", help="its id in the library, a .mstudio file or a folder"
    )
    chat.add_argument("lines", nargs="*", metavar="TEXT", help="one line each; none reads stdin")
    chat.add_argument("--takes", type=int, default=3, help="of each motion, to choose from (3)")
    chat.add_argument(
        "--out", type=Path, default=Path(), metavar="DIR", help="where exports go (here)"
    )
    chat.add_argument("--json", action="store_true", help="a JSON object for each line")
    chat.set_defaults(command=talking.chat)
    caption = commands.add_parser("caption", help="what a motion shows, in words")
    caption.add_argument("file", type=Path, metavar="FILE", help="a motion file or a project")
    caption.add_argument(
        "--range", type=_range, default=(None, None), metavar="A:B", help="frames A to B"
    )
    caption.add_argument("--json", action="store_true", help="as one JSON object")
    caption.set_defaults(command=talking.caption)
    find = commands.add_parser("find", help="motions that fit a text")
    find.add_argument("text", metavar="TEXT", help="such as: a sad walk")
    find.add_argument("where", type=Path, metavar="WHERE", help="a folder of files, or a project")
    find.add_argument("--count", type=int, default=5, help="how many are told (%(default)s)")
    find.add_argument("--json", action="store_true", help="as a JSON list")
    find.set_defaults(command=talking.find)


def _add_bundle(commands: Any) -> None:
    bundle = commands.add_parser("bundle", help="the installed models")
    actions = bundle.add_subparsers(metavar="ACTION", required=True)
    list_ = actions.add_parser("list", help="what is installed")
    list_.add_argument("--json", action="store_true", help="as a JSON list")
    list_.set_defaults(command=bundles.list_installed)
    info_ = actions.add_parser("info", help="what one is, and what may be done with it")
    info_.add_argument("name", metavar="NAME")
    info_.set_defaults(command=bundles.info)
    verify = actions.add_parser("verify", help="replay its golden pairs on this machine")
    verify.add_argument("name", metavar="NAME")
    verify.set_defaults(command=bundles.verify)
    add = actions.add_parser("add", help="check a bundle and copy it to the user's folder")
    add.add_argument("folder", type=Path, metavar="DIR")
    add.set_defaults(command=bundles.add)


def _add_training(commands: Any) -> None:
    """Only for ``--help``: their arguments belong to their modules."""
    groups: dict[str, Any] = {}
    for words, _, help_ in training.COMMANDS:
        parent = commands
        if len(words) > 1:
            if words[0] not in groups:
                group = commands.add_parser(words[0], help=f"{help_} (extra 'train')")
                groups[words[0]] = group.add_subparsers(metavar="WHAT", required=True)
            parent = groups[words[0]]
        parent.add_parser(words[-1], help=f"{help_} (extra 'train')")


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 65536:
        raise argparse.ArgumentTypeError(f"{port} is no port; choose one from 1 to 65535")
    return port


def _range(text: str) -> tuple[int | None, int | None]:
    start, colon, stop = text.partition(":")
    try:
        if not colon:
            raise ValueError
        return int(start) if start else None, int(stop) if stop else None
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"'{text}' is no range; write A:B, A: or :B in frames"
        ) from None
