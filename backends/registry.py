"""The installed backends: bundles on disk and other people's packages.

Bundles are looked for in the user's folder (``MOTION_STUDIO_BUNDLES``, one or several, else the
platform's data folder) and then among those the studio ships. A package offers its own backends by
entry points in the group ``motion_studio.backends``, each a callable that returns a
:class:`~backends.api.Generator`.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import assets
from backends.api import BackendError, BundleError, Capabilities, Generator, Task
from backends.bundle import open_bundle, read_manifest
from backends.bundle_writer import install_bundle
from backends.folders import data_folder
from backends.loaders import generator_of
from backends.manifest import MANIFEST, Manifest
from backends.runtime import RuntimeOptions

ENTRY_POINTS = "motion_studio.backends"
FOLDERS_SETTING = "MOTION_STUDIO_BUNDLES"
DEFAULT_SETTING = "MOTION_STUDIO_BUNDLE"

#: The order in which a default is looked for (docs/adr/0009).
PREFERRED = ("vimogen-light", "vimogen-light-open")


@dataclass(frozen=True)
class Installed:
    """A backend that is there, working or not.

    Attributes:
        name: What :func:`load` takes.
        title: What people read.
        task: What it is for, None where that is not known before loading.
        folder: Its bundle, None for a package's backend.
        manifest: Its manifest, None for a package's backend or a broken bundle.
        problem: Why it cannot be loaded, empty if it can.
    """

    name: str
    title: str
    task: Task | None
    folder: Path | None = None
    manifest: Manifest | None = None
    problem: str = ""
    entry: EntryPoint | None = None


_lock = threading.Lock()
_loaded: dict[tuple[str, Path | None, RuntimeOptions], Generator] = {}


def user_folder() -> Path:
    """Where :func:`add` puts bundles."""
    return (_setting_folders() or [data_folder() / "bundles"])[0]


def bundle_folders() -> tuple[Path, ...]:
    """The folders that hold bundles, first found wins: the user's, then the studio's own."""
    own = Path(assets.__file__).parent / "bundles"
    return (*(_setting_folders() or [user_folder()]), own)


def installed(task: Task | None = None) -> dict[str, Installed]:
    """Everything installed by name, broken bundles included, only their manifests read.

    With ``task``, what serves another task is left out.
    """
    found: dict[str, Installed] = {}
    for one in (*_bundles(), *_packages()):
        found.setdefault(one.name, one)
    return {
        name: one for name, one in sorted(found.items()) if task is None or one.task in (task, None)
    }


def default_name() -> str:
    """The text to motion backend used when none is named.

    Raises:
        BackendError: there is none.
    """
    named = os.environ.get(DEFAULT_SETTING, "").strip()
    if named:
        return named
    working = [n for n, one in installed("text_to_motion").items() if not one.problem]
    for name in (*PREFERRED, *working):
        if name in working:
            return name
    raise BackendError(
        "No model is installed; add a bundle with 'motion-studio bundle add FOLDER', or set "
        f"{FOLDERS_SETTING} to a folder of bundles."
    )


def load(name: str | None = None, options: RuntimeOptions | None = None) -> Generator:
    """The generator called ``name``, or the default one; loaded once and kept.

    Raises:
        BackendError: there is none of that name, or it does not load.
    """
    name = name or default_name()
    options = options or RuntimeOptions.from_environment()
    one = find(name)
    if one.problem:
        raise BundleError(one.problem)
    key = (name, one.folder, options)
    with _lock:
        if key not in _loaded:
            _loaded[key] = _make(one, options)
        return _loaded[key]


def find(name: str) -> Installed:
    """What is installed as ``name``.

    Raises:
        BackendError: nothing is; the message names what is.
    """
    found = installed()
    if name not in found:
        names = ", ".join(found) or "none"
        raise BackendError(f"No model is called '{name}'; installed: {names}.")
    return found[name]


def add(source: Path) -> Installed:
    """Check the bundle in ``source``, copy it into the user's folder and list it.

    Raises:
        BundleError: it is damaged or foreign; what was installed before stays.
    """
    name = install_bundle(source, user_folder()).name
    forget()
    return find(name)


def forget() -> None:
    """Drop every loaded backend, and with it its memory, once nobody else holds it."""
    with _lock:
        _loaded.clear()


def _others(name: str) -> Callable[[], dict[str, Capabilities]]:
    """The capabilities of all other bundles, looked up only when a request needs them."""

    def look() -> dict[str, Capabilities]:
        found = installed("text_to_motion")
        return {
            n: one.manifest.capabilities for n, one in found.items() if one.manifest and n != name
        }

    return look


def _make(one: Installed, options: RuntimeOptions) -> Generator:
    if one.folder is not None:
        bundle = open_bundle(one.folder, options, check=False)
        return generator_of(bundle, _others(bundle.name))
    assert one.entry is not None
    try:
        generator = one.entry.load()()
    except Exception as error:  # another package's code may fail in any way
        raise BackendError(
            f"The backend '{one.name}' of {one.entry.value} failed to load: {error}."
        ) from error
    if not isinstance(generator, Generator):
        raise BackendError(f"The backend '{one.name}' of {one.entry.value} is no generator.")
    return generator


def _setting_folders() -> list[Path]:
    setting = os.environ.get(FOLDERS_SETTING, "")
    return [Path(part).expanduser() for part in setting.split(os.pathsep) if part.strip()]


def _bundles() -> Iterator[Installed]:
    for parent in bundle_folders():
        if not parent.is_dir():
            continue
        for folder in sorted(parent.iterdir()):
            if not folder.name.startswith(".") and (folder / MANIFEST).is_file():
                yield _bundle(folder)


def _bundle(folder: Path) -> Installed:
    try:
        manifest = read_manifest(folder)
    except BundleError as error:
        return Installed(folder.name, folder.name, None, folder, problem=str(error))
    return Installed(manifest.name, manifest.title, manifest.task, folder, manifest)


def _packages() -> Iterator[Installed]:
    for entry in entry_points(group=ENTRY_POINTS):
        yield Installed(entry.name, entry.name, None, entry=entry)
