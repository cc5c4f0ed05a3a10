"""``motion-studio bundle``: the installed models."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from studio.cli.status import FAILURE, fail

if TYPE_CHECKING:
    from studio.bundles import ModelInfo


def list_installed(args: argparse.Namespace) -> int:
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


def info(args: argparse.Namespace) -> int:
    """What a model is, where it lies, and its licence."""
    from studio.bundles import Models

    model = Models().find(args.name)
    for name, value in _row(model).items():
        if value:
            print(f"{name:<12} {value}")
    if model.note:
        print(f"\n{model.note}")
    return 0


def verify(args: argparse.Namespace) -> int:
    """Replay the golden pairs; status 1 if one is off."""
    from studio import bundles

    checks = bundles.verify(args.name)
    for check in checks:
        verdict = "ok" if check.passed else "OFF"
        print(
            f"{verdict:<4} {check.name:<24} {check.difference:.2e} of {check.tolerance:.0e}  "
            f"{', '.join(check.providers)}"
        )
    if all(check.passed for check in checks):
        return 0
    return fail(f"{args.name} does not compute here what it should; install it again.", FAILURE)


def add(args: argparse.Namespace) -> int:
    """Check and copy; the name it can be used by on stdout."""
    from studio import bundles

    print(bundles.add(args.folder))
    return 0
