"""``generate``, ``convert`` and ``info``: motion files."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from studio.cli import projects
from studio.cli.meter import Meter

if TYPE_CHECKING:
    from studio.document.model import Take
    from studio.files import Info


def generate(args: argparse.Namespace) -> int:
    """Text to files; each written path on stdout."""
    from studio import files
    from studio.bundles import Models
    from studio.document.placing import blank
    from studio.document.project_file import create
    from studio.orders import Order
    from studio.session import Session
    from studio.tabs import SessionStore

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
    store = SessionStore(Models())
    with TemporaryDirectory() as folder, create(Path(folder) / "takes", blank()) as home:
        session = Session("generate", home, store.models, store.jobs)
        with Meter() as meter:
            takes = sorted(session.generate(order, meter), key=lambda take: _nth(take, args.seed))
        for number, take in enumerate(takes, start=1):
            path = args.out if len(takes) == 1 else _numbered(args.out, number)
            session.export_take(take.id, path, changes)
            print(path)
    seeds = [str(take.provenance.seed) for take in takes if take.provenance]
    print(f"seed {', '.join(seeds)}", file=sys.stderr)
    return 0


def _nth(take: Take, seed: int | None) -> int:
    """Where a take stands in the order of seeds, which go round at 2^32."""
    return 0 if take.provenance is None else (take.provenance.seed - (seed or 0)) % 2**32


def _numbered(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}_{number}{path.suffix}")


def convert(args: argparse.Namespace) -> int:
    """Read, change, write; nothing is written if anything is wrong."""
    if projects.is_project(args.source):
        return projects.convert(args)
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
    if projects.is_project(args.file):
        return projects.info(args)
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
