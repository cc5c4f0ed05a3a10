"""``motion-studio``: the command line.

One sentence on stderr and exit status 2 for bad input, 1 for a failure, 130 when cancelled. Every
command imports what it needs when it runs, so that ``--help`` costs nothing and ``serve`` loads no
more than the page.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from motion.errors import MotionStudioError

if TYPE_CHECKING:
    from studio.bundles import ModelInfo
    from studio.files import Info

BAD_INPUT, FAILURE, CANCELLED = 2, 1, 130
DEBUG_SETTING = "MOTION_STUDIO_DEBUG"

Command = Callable[[argparse.Namespace], int]


class UsageError(MotionStudioError):
    """Arguments that contradict each other or what is there."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        for name, module, _ in TRAINING:
            if words[: len(name)] == name:
                return training(" ".join(name), module, words[len(name) :])
        args = parser().parse_args(words)
        return args.command(args)
    except KeyboardInterrupt:
        return _fail("Cancelled; nothing more was written.", CANCELLED)
    except MotionStudioError as error:
        broken = type(error).__name__ == "BundleError"
        return _fail(str(error), FAILURE if broken else BAD_INPUT)
    except BrokenPipeError:
        # The reader of our output (head, less) has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except OSError as error:
        where = f"'{error.filename}': " if error.filename else ""
        return _fail(f"{where}{error.strerror or error}.", FAILURE)
    except Exception as error:
        if os.environ.get(DEBUG_SETTING):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return _fail(f"Something went wrong ({what}); {DEBUG_SETTING}=1 shows where.", FAILURE)


def _fail(sentence: str, status: int) -> int:
    print(f"motion-studio: {sentence}", file=sys.stderr)
    return status


# -- arguments -----------------------------------------------------------------------------------


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
    generate_.set_defaults(command=generate)


def _add_convert(commands: Any) -> None:
    convert_ = commands.add_parser("convert", help="from one motion file to another")
    convert_.add_argument("source", type=Path, metavar="IN", help=".bvh, .glb, .gltf or .npz")
    convert_.add_argument("out", type=Path, metavar="OUT", help=".bvh, .glb or .npz")
    convert_.add_argument(
        "--range",
        type=_range,
        default=(None, None),
        metavar="A:B",
        help="frames A to B, B not included",
    )
    convert_.add_argument("--scale", type=float, default=1.0, help="factor on every length")
    convert_.add_argument(
        "--character",
        metavar="FILE|body",
        help="retarget onto a file's skeleton, or the canonical body",
    )
    _add_changes(convert_)
    convert_.set_defaults(command=convert)


def _add_changes(to: argparse.ArgumentParser) -> None:
    to.add_argument("--fps", type=float, help="frames a second of the file")
    to.add_argument("--in-place", action="store_true", help="keep the root over its start")
    to.add_argument("--mirror", action="store_true", help="exchange left and right")


def _add_info(commands: Any) -> None:
    info_ = commands.add_parser("info", help="what is in a motion file")
    info_.add_argument("file", type=Path, metavar="FILE")
    info_.add_argument("--json", action="store_true", help="as one JSON object")
    info_.set_defaults(command=info)


def _add_bundle(commands: Any) -> None:
    bundle = commands.add_parser("bundle", help="the installed models")
    actions = bundle.add_subparsers(metavar="ACTION", required=True)
    list_ = actions.add_parser("list", help="what is installed")
    list_.add_argument("--json", action="store_true", help="as a JSON list")
    list_.set_defaults(command=bundle_list)
    info_ = actions.add_parser("info", help="what one is, and what may be done with it")
    info_.add_argument("name", metavar="NAME")
    info_.set_defaults(command=bundle_info)
    verify = actions.add_parser("verify", help="replay its golden pairs on this machine")
    verify.add_argument("name", metavar="NAME")
    verify.set_defaults(command=bundle_verify)
    add = actions.add_parser("add", help="check a bundle and copy it to the user's folder")
    add.add_argument("folder", type=Path, metavar="DIR")
    add.set_defaults(command=bundle_add)


#: Commands of the extra ``train``: words, the module whose ``main(argv)`` does it, what it does.
TRAINING: Sequence[tuple[list[str], str, str]] = (
    (["data", "build"], "backends.training.data.build", "build a training set from data sets"),
    (["train"], "backends.training.train", "train a model by a recipe"),
    (["eval", "t2m"], "backends.training.evaluate.t2m", "measure a text-to-motion model"),
)


def _add_training(commands: Any) -> None:
    """Only for ``--help``: their arguments belong to their modules, see :func:`main`."""
    groups: dict[str, Any] = {}
    for words, _, help_ in TRAINING:
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


# -- commands ------------------------------------------------------------------------------------


def serve(args: argparse.Namespace) -> int:
    """Listen, say where, and open the browser once the page answers."""
    from studio.ui.serve import run

    return run(args.host, args.port, open_browser=not args.no_browser)


def generate(args: argparse.Namespace) -> int:
    """Text to files; each written path on stdout."""
    from studio import files
    from studio.bundles import Models
    from studio.session import Order, SessionStore

    files.check_writable(args.out)
    order = Order(
        text=args.text,
        seconds=args.seconds,
        takes=args.takes,
        seed=args.seed,
        bundle=args.bundle,
        steps=args.steps,
        guidance=args.guidance,
        cleanup=not args.no_cleanup,
    )
    changes = files.Changes(fps=args.fps, mirror=args.mirror, in_place=args.in_place)
    session = SessionStore(Models()).create()
    with _Meter() as meter:
        takes = session.generate(order, meter)
    for number, take in enumerate(takes, start=1):
        path = args.out if len(takes) == 1 else _numbered(args.out, number)
        session.export(take.id, path, changes)
        print(path)
    seeds = [str(take.provenance.seed) for take in takes if take.provenance]
    print(f"seed {', '.join(seeds)}", file=sys.stderr)
    return 0


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}_{number}{path.suffix}")


class _Meter:
    """A progress line on a terminal's stderr, and nothing anywhere else."""

    def __enter__(self) -> _Meter:
        self._wide = 0
        return self

    def __call__(self, fraction: float, note: str) -> None:
        if sys.stderr.isatty():
            line = f"{fraction:4.0%} {note}"
            print(f"\r{line:<{self._wide}}", end="", file=sys.stderr, flush=True)
            self._wide = len(line)

    def __exit__(self, *_: object) -> None:
        if self._wide:
            print(f"\r{'':<{self._wide}}\r", end="", file=sys.stderr, flush=True)


def convert(args: argparse.Namespace) -> int:
    """Read, change, write; nothing is written if anything is wrong."""
    from studio import files

    files.check_writable(args.out)
    start, stop = args.range
    changes = files.Changes(
        start=start,
        stop=stop,
        fps=args.fps,
        mirror=args.mirror,
        in_place=args.in_place,
        scale=args.scale,
    )
    motion = files.load(args.source)
    if args.character is not None:
        motion = files.onto(motion, args.character)
    files.save(motion, args.out, changes)
    return 0


def info(args: argparse.Namespace) -> int:
    """What is in a file, on stdout."""
    from dataclasses import asdict

    from studio import files

    found = files.describe(args.file)
    print(json.dumps(asdict(found), indent=2) if args.json else _info_text(found))
    return 0


def _info_text(found: Info) -> str:
    lines = [
        ("joints", f"{found.joints}"),
        ("frames", f"{found.frames}"),
        ("fps", f"{found.fps:g}"),
        ("seconds", f"{found.seconds:.2f}"),
        ("root path", f"{found.root_path:.2f} m"),
    ]
    if found.quality is None:
        lines.append(("quality", "not measured: the legs of this rig are not known"))
    else:
        lines += [
            ("foot sliding", f"{100 * found.quality.foot_sliding:.1f} cm/s"),
            ("jitter", f"{found.quality.jitter:.0f} m/s3"),
            ("penetration", f"{1000 * found.quality.ground_penetration:.1f} mm"),
        ]
    return "\n".join(f"{name:<13} {value}" for name, value in lines)


def bundle_list(args: argparse.Namespace) -> int:
    """One line a model; the default is marked."""
    from studio.bundles import Models

    models = Models()
    found, default = models.list(), models.default()
    if args.json:
        rows = [{**_row(m), "default": m.name == default} for m in found]
        print(json.dumps(rows, indent=2))
        return 0
    if not found:
        print("No model is installed; add one with 'motion-studio bundle add DIR'.")
    wide = max((len(m.name) for m in found), default=0)
    for model in found:
        mark = "*" if model.name == default else " "
        state = f"broken: {model.problem}" if model.problem else model.licence
        print(f"{mark} {model.name:<{wide}}  {model.version or '-':<8}  {state}")
    return 0


def _row(model: ModelInfo) -> dict[str, Any]:
    return {
        "name": model.name,
        "title": model.title,
        "version": model.version,
        "licence": model.licence,
        "max_seconds": model.max_seconds,
        "folder": str(model.folder) if model.folder else None,
        "problem": model.problem,
    }


def bundle_info(args: argparse.Namespace) -> int:
    """What a model is, where it lies, and its licence."""
    from studio.bundles import Models

    model = Models().find(args.name)
    for name, value in _row(model).items():
        if value:
            print(f"{name:<12} {value}")
    if model.note:
        print(f"\n{model.note}")
    return 0


def bundle_verify(args: argparse.Namespace) -> int:
    """Replay the golden pairs; status 1 if one is off."""
    from studio.bundles import verify

    checks = verify(args.name)
    for check in checks:
        verdict = "ok" if check.passed else "OFF"
        print(
            f"{verdict:<4} {check.name:<24} {check.difference:.2e} of {check.tolerance:.0e}  "
            f"{', '.join(check.providers)}"
        )
    if all(check.passed for check in checks):
        return 0
    return _fail(f"{args.name} does not compute here what it should; install it again.", FAILURE)


def bundle_add(args: argparse.Namespace) -> int:
    """Check and copy; the name it can be used by on stdout."""
    from studio.bundles import add

    print(add(args.folder))
    return 0


def training(words: str, module: str, rest: list[str]) -> int:
    """Hand over to a module of ``backends.training`` with the arguments that follow."""
    try:
        command = importlib.import_module(module).main
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.startswith("backends"):
            raise UsageError(f"'{words}' is not part of this Motion Studio.") from error
        return _fail(
            f"'{words}' needs {missing}; pip install 'motion-studio[train]' brings it.",
            FAILURE,
        )
    sys.argv[0] = f"motion-studio {words}"  # what its --help calls it
    return command(rest) or 0


if __name__ == "__main__":
    sys.exit(main())
