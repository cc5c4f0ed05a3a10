"""``motion-studio serve``: the studio in the browser."""

from __future__ import annotations

import argparse


def serve(args: argparse.Namespace) -> int:
    """Listen, say where, and open the browser once the page answers."""
    if args.project is not None:
        from studio.document.project_file import peek

        peek(args.project)  # so that what is no project is said before anything starts
    from studio.ui.serve import run

    return run(args.host, args.port, open_browser=not args.no_browser, project=args.project)
