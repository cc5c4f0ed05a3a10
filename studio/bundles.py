"""The installed models as the studio shows and uses them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

import numpy as np

from backends import golden, registry, runtime
from backends.api import BackendError, Captioner, Condition, Generator, Task
from backends.bundle import open_bundle
from backends.bundle_writer import install_bundle
from backends.captioning import (
    CheckedCaptioner,
    LanguageCaptioner,
    RetrievalCaptioner,
    on_body,
    read_descriptions,
)
from backends.evaluator import TextMotionSpace
from backends.golden import Check
from backends.registry import Installed
from motion.clip import Motion
from motion.errors import MotionStudioError

log = logging.getLogger(__name__)

#: The bundle that judges how well a motion fits its text.
EVALUATOR = "evaluator"
#: The feature layout of bundles that can also say what a motion shows.
LANGUAGE = "smpl-d135-tokens"


class Source(Protocol):
    """Where models come from: :mod:`backends.registry`, or a test's own."""

    def installed(self, task: Task | None = None) -> dict[str, Installed]: ...

    def default_name(self) -> str: ...

    def load(self, name: str | None = None) -> Generator: ...


@runtime_checkable
class Warmable(Protocol):
    """A generator that gains from running once before it is asked."""

    def warm_up(self) -> None: ...


@dataclass(frozen=True)
class ModelInfo:
    """A model as people choose it.

    Attributes:
        name: What requests call it.
        title: What people read.
        version: Its version, empty where a package does not say.
        licence: Of the weights, in a word or two.
        restricted: The licence forbids commercial use.
        note: Attribution and limits, or why it cannot be loaded.
        problem: Why it cannot be loaded, empty if it can.
        max_seconds: The longest take, None where it is not known before loading.
        folder: Where its bundle lies.
        conditions: What its requests may carry.
    """

    name: str
    title: str
    version: str
    licence: str
    restricted: bool
    note: str
    problem: str = ""
    max_seconds: float | None = None
    folder: Path | None = None
    conditions: frozenset[Condition] = frozenset({"text"})


@dataclass(frozen=True)
class Device:
    """What models run on: a short label and a sentence."""

    label: str
    note: str


class Judge:
    """How well motions fit a text, by the evaluator where it is installed. Thread-safe.

    It is loaded when it is first asked; one that is damaged counts as absent.
    """

    def __init__(self, source: Source) -> None:
        self._source = source
        self._lock = threading.Lock()
        self._asked = False
        self._space: TextMotionSpace | None = None

    @property
    def space(self) -> TextMotionSpace | None:
        """The evaluator; None where none is installed."""
        with self._lock:
            if not self._asked:
                self._asked = True
                self._open()
            return self._space

    def matches(self, text: str, motions: Sequence[Motion]) -> list[float | None]:
        """Cosine of each motion with ``text`` in [-1, 1]; None for what cannot be judged."""
        space = self.space
        if space is None or not text.strip() or not motions:
            return [None] * len(motions)
        try:
            bodies = [on_body(motion, space.fps) for motion in motions]
            cosines = space.place_motions(bodies) @ space.place_texts([text])[0]
        except MotionStudioError as error:
            log.info("The takes of '%s' were not judged: %s", text, error)
            return [None] * len(motions)
        return [float(value) if np.isfinite(value) else None for value in cosines]

    def _open(self) -> None:
        one = self._source.installed("caption").get(EVALUATOR)
        if one is None or one.folder is None or one.manifest is None:
            return
        try:
            self._space = TextMotionSpace(open_bundle(one.folder, check=False))
        except BackendError as error:
            log.warning("Takes are not judged by their text: %s", error)


class Models:
    """Lists and loads text-to-motion models. Thread-safe.

    Attributes:
        judge: How well their motions fit the text.
    """

    def __init__(self, source: Source = registry) -> None:
        self._source = source
        self._lock = threading.Lock()
        self.judge = Judge(source)
        self._captioner: Captioner | None = None
        self._listened = False

    def list(self) -> tuple[ModelInfo, ...]:
        """Every text-to-motion model that is there, broken ones with their problem."""
        return tuple(_info(one) for one in self._source.installed("text_to_motion").values())

    def default(self) -> str | None:
        """The name of the model used when none is named; None if there is no model."""
        try:
            return self._source.default_name()
        except BackendError:
            return None

    def check(self, name: str | None) -> None:
        """Raise :class:`BackendError` at once if ``name`` (or a default) is not installed."""
        name = name or self._source.default_name()
        if name not in self._source.installed():
            self._source.load(name)  # raises the sentence that names what is installed

    def find(self, name: str) -> ModelInfo:
        """The model of ``name``; :class:`BackendError` names the others."""
        found = {model.name: model for model in self.list()}
        if name not in found:
            names = ", ".join(found) or "none"
            raise BackendError(f"No model is called '{name}'; installed: {names}.")
        return found[name]

    def load(self, name: str | None = None) -> Generator:
        """The generator of ``name`` or the default; loaded once, one thread at a time."""
        with self._lock:
            return self._source.load(name)

    @property
    def captioner(self) -> Captioner | None:
        """What says what a motion shows: an installed language model where its words fit.

        Else the nearest of the known descriptions; None where there is no evaluator either.
        """
        space = self.judge.space
        with self._lock:
            if not self._listened:
                self._listened = True
                self._captioner = _captioner(self._source, space)
            return self._captioner

    def warm_up(self) -> None:
        """Load the default model and run it once, so that the first line need not wait.

        A model that cannot is left for the first request to complain about.
        """
        try:
            generator = self.load()
            if isinstance(generator, Warmable):
                generator.warm_up()
        except BackendError as error:
            log.info("The default model did not warm up: %s", error)


def _captioner(source: Source, space: TextMotionSpace | None) -> Captioner | None:
    own, nearest = _language_captioner(source, space), None
    if space is not None:
        try:
            nearest = RetrievalCaptioner(space, read_descriptions())
        except BackendError as error:
            log.warning("Motion is not described by what is known: %s", error)
    if own is None or nearest is None:
        return own or nearest
    return CheckedCaptioner(own, nearest)


def _language_captioner(source: Source, space: TextMotionSpace | None) -> Captioner | None:
    for one in source.installed("text_to_motion").values():
        if one.folder and one.manifest and one.manifest.features == LANGUAGE:
            try:
                return LanguageCaptioner(open_bundle(one.folder, check=False), space)
            except BackendError as error:
                log.warning("'%s' cannot tell what a motion shows: %s", one.name, error)
    return None


def _info(one: Installed) -> ModelInfo:
    manifest = one.manifest
    if manifest is None:
        note = one.problem or "A backend of another package."
        return ModelInfo(one.name, one.title, "", "", False, note, one.problem, folder=one.folder)
    licence = manifest.provenance.licence
    lines = (manifest.provenance.notes, manifest.provenance.attribution)
    return ModelInfo(
        name=one.name,
        title=one.title,
        version=manifest.version,
        licence=licence,
        restricted=is_restricted(licence),
        note="\n".join(line for line in lines if line),
        problem=one.problem,
        max_seconds=manifest.max_frames / manifest.fps,
        folder=one.folder,
        conditions=manifest.capabilities.conditions,
    )


def is_restricted(licence: str) -> bool:
    """Whether a licence text forbids commercial use.

    >>> is_restricted("CC-BY-NC-4.0"), is_restricted("Apache-2.0")
    (True, False)
    """
    words = licence.lower().replace("_", "-")
    return "-nc" in words or "non-commercial" in words or "noncommercial" in words


def device() -> Device:
    """What models run on here, as far as can be told without loading one."""
    cores = runtime.core_count()
    cpu = Device("CPU", f"Models run on {cores} CPU {'core' if cores == 1 else 'cores'}.")
    try:
        wanted = runtime.RuntimeOptions.from_environment().provider
        has_gpu = "cuda" in runtime.available_providers() and Path("/dev/nvidiactl").exists()
    except (BackendError, ImportError):
        return cpu
    if wanted == "cpu" or not has_gpu:
        return cpu
    return Device("GPU", "Models run on the GPU, and on the CPU where it cannot.")


def verify(name: str) -> list[Check]:
    """Replay the golden pairs of an installed bundle; look at each check's ``passed``."""
    folder = registry.find(name).folder
    if folder is None:
        raise BackendError(f"'{name}' comes from a package and keeps no golden pairs.")
    return golden.verify(folder)


def add(folder: Path) -> str:
    """Check the bundle in ``folder`` and copy it to the user's own; its name."""
    return install_bundle(folder, registry.user_folder()).name
