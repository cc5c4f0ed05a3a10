"""Commands of the extra ``train``, handed over to modules of :mod:`backends.training`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence

from studio.cli.status import FAILURE, UsageError, fail

#: Words, the module whose ``main(argv)`` does it, what it does.
COMMANDS: Sequence[tuple[list[str], str, str]] = (
    (["data", "build"], "backends.training.data.build", "build a training set from data sets"),
    (["train"], "backends.training.train", "train a model by a recipe"),
    (["eval", "t2m"], "backends.training.evaluate.t2m", "measure a text-to-motion model"),
    (["eval", "transitions"], "backends.training.evaluate.transitions", "measure joins of clips"),
    (["eval", "tokenizer"], "backends.training.evaluate.tokenizer", "measure motion tokenizers"),
    (["eval", "captions"], "backends.training.evaluate.captions", "measure descriptions of motion"),
)


def run(words: str, module: str, rest: list[str]) -> int:
    """Hand over to ``module`` with the arguments that follow."""
    try:
        command = importlib.import_module(module).main
    except ModuleNotFoundError as error:
        missing = error.name or ""
        if missing.startswith("backends"):
            raise UsageError(f"'{words}' is not part of this Motion Studio.") from error
        return fail(
            f"'{words}' needs {missing}; pip install 'motion-studio[train]' brings it.",
            FAILURE,
        )
    sys.argv[0] = f"motion-studio {words}"  # what its --help calls it
    return command(rest) or 0
