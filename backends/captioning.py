"""Motion to words: by the nearest of known descriptions, or in a language model's own.

The known descriptions ship with the places that the shipped evaluator gives them; another evaluator
places them anew when it is first asked.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import assets
from backends.api import BackendError, Captioner
from backends.bundle import Bundle
from backends.evaluator import TextMotionSpace
from backends.motion_lm import MotionCaptioner
from motion.clip import Motion
from motion.retarget import retarget
from motion.rotations import Array
from motion.skeleton import BODY

#: Descriptions with their places; ``backends.training.describe`` builds it.
DESCRIPTIONS = assets.ROOT / "captions" / "descriptions.npz"

#: Descriptions that are told of a motion.
COUNT = 5

#: A language model's words count from this cosine on: nine in ten captured clips are above it with
#: a description of their own.
FITS = 0.66


@dataclass(frozen=True, eq=False)
class Descriptions:
    """Texts and where an evaluator places them.

    Attributes:
        texts: N descriptions.
        places: ``[N, E]`` unit vectors.
        evaluator: The :attr:`~backends.evaluator.TextMotionSpace.fingerprint` of what placed them.
    """

    texts: tuple[str, ...]
    places: Array
    evaluator: str


def read_descriptions(path: Path = DESCRIPTIONS) -> Descriptions:
    """The shipped descriptions; :class:`BackendError` where they cannot be read."""
    try:
        with np.load(path, allow_pickle=False) as data:
            texts = bytes(data["texts"]).decode().split("\n")
            places, evaluator = data["places"].astype(np.float64), str(data["evaluator"])
    except (OSError, ValueError, KeyError) as error:
        raise BackendError(
            f"The descriptions in '{path.name}' cannot be read; install Motion Studio again."
        ) from error
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    return Descriptions(tuple(texts), places, evaluator)


class RetrievalCaptioner:
    """The known descriptions nearest to a motion. Thread-safe."""

    def __init__(self, space: TextMotionSpace, known: Descriptions) -> None:
        self._space, self._known = space, known
        self._lock = threading.Lock()

    def caption(self, motion: Motion) -> list[tuple[str, float]]:
        """See :meth:`backends.api.Captioner.caption`."""
        known = self._placed()
        (place,) = self._space.place_motions([on_body(motion, self._space.fps)])
        cosines = known.places @ place
        best = np.argsort(-cosines, kind="stable")[:COUNT]
        return [(known.texts[i], float(cosines[i])) for i in best]

    def _placed(self) -> Descriptions:
        with self._lock:
            known, mine = self._known, self._space.fingerprint
            if known.evaluator != mine:
                places = self._space.place_texts(known.texts).astype(np.float64)
                self._known = known = Descriptions(known.texts, places, mine)
            return known


class LanguageCaptioner:
    """A language model's own words, scored by the evaluator where there is one. Thread-safe.

    Args:
        bundle: A bundle of :mod:`backends.motion_lm`.
        space: What scores them.
    """

    def __init__(self, bundle: Bundle, space: TextMotionSpace | None = None) -> None:
        self._model, self._fps, self._space = MotionCaptioner(bundle), bundle.manifest.fps, space

    def caption(self, motion: Motion) -> list[tuple[str, float]]:
        """See :meth:`backends.api.Captioner.caption`."""
        text = self._model.caption(on_body(motion, self._fps)).strip()
        return [(text, self._score(text, motion))] if text else []

    def _score(self, text: str, motion: Motion) -> float:
        if self._space is None:
            return 0.0
        (place,) = self._space.place_motions([on_body(motion, self._space.fps)])
        return float(self._space.place_texts([text])[0] @ place)


class CheckedCaptioner:
    """A captioner's own words where the evaluator finds that they fit, else the nearest known.

    Retrieval seeks what the evaluator likes best, so scores alone would always let it win.
    """

    def __init__(self, own: Captioner, nearest: Captioner) -> None:
        self._own, self._nearest = own, nearest

    def caption(self, motion: Motion) -> list[tuple[str, float]]:
        """See :meth:`backends.api.Captioner.caption`."""
        own, known = self._own.caption(motion), self._nearest.caption(motion)
        fits = [each for each in own if each[1] >= FITS]
        rest = [each for each in (*own, *known) if each not in fits]
        return [*fits, *sorted(rest, key=lambda each: -each[1])]


def on_body(motion: Motion, fps: float) -> Motion:
    """A motion on the canonical body at a rate."""
    moved = motion if motion.skeleton == BODY else retarget(motion, BODY)
    return moved.resample(fps)
