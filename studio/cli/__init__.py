"""``motion-studio``: the command line.

One sentence on stderr and exit status 2 for bad input, 1 for a failure, 130 when cancelled. Every
command imports what it needs when it runs, so that ``--help`` costs nothing and ``serve`` loads no
more than the page.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from motion.errors import MotionStudioError
from studio.cli import training
from studio.cli.arguments import parser
from studio.cli.status import BAD_INPUT, CANCELLED, FAILURE, fail

DEBUG_SETTING = "MOTION_STUDIO_DEBUG"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        for name, module, _ in training.COMMANDS:
            if words[: len(name)] == name:
                return training.run(" ".join(name), module, words[len(name) :])
        args = parser().parse_args(words)
        return args.command(args)
    except KeyboardInterrupt:
        return fail("Cancelled; nothing more was written.", CANCELLED)
    except MotionStudioError as error:
        broken = type(error).__name__ == "BundleError"
        return fail(str(error), FAILURE if broken else BAD_INPUT)
    except BrokenPipeError:
        # The reader of our output (head, less) has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILURE
    except OSError as error:
        where = f"'{error.filename}': " if error.filename else ""
        return fail(f"{where}{error.strerror or error}.", FAILURE)
    except Exception as error:
        if os.environ.get(DEBUG_SETTING):
            raise
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return fail(f"Something went wrong ({what}); {DEBUG_SETTING}=1 shows where.", FAILURE)
