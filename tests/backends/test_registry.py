"""What is installed, in what order it is found, and what is said when it is not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from backends import folders, registry
from backends.api import BackendError, BundleError, GenerateRequest
from backends.runtime import RuntimeOptions
from tests.backends import tiny

CPU = RuntimeOptions(provider="cpu", threads=1)


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user's folder, nothing shipped, and nothing loaded."""
    monkeypatch.setenv(registry.FOLDERS_SETTING, str(tmp_path / "user"))
    monkeypatch.delenv(registry.DEFAULT_SETTING, raising=False)
    monkeypatch.setattr(registry.assets, "__file__", str(tmp_path / "assets" / "__init__.py"))
    registry.forget()
    (tmp_path / "user").mkdir()
    return tmp_path / "user"


def test_nothing_installed_says_what_to_do() -> None:
    assert registry.installed() == {}
    with pytest.raises(BackendError, match="No model is installed; add a bundle"):
        registry.load()


def test_an_unknown_name_names_those_that_are_there(user: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, user / "a")
    with pytest.raises(BackendError, match="No model is called 'x'; installed: tiny"):
        registry.load("x")


def test_bundles_load_once(user: Path, tiny_bundle: Path) -> None:
    shutil.copytree(tiny_bundle, user / "any-folder-name")
    generator = registry.load("tiny", CPU)
    assert generator.name == "tiny"
    assert registry.load(None, CPU) is generator
    assert len(generator.generate(GenerateRequest("a person", 8), lambda f, n: None)[0]) == 8
    registry.forget()
    assert registry.load("tiny", CPU) is not generator


def test_the_users_bundle_hides_a_shipped_one_of_the_same_name(user: Path, tmp_path: Path) -> None:
    tiny.write(tmp_path / "assets" / "bundles", title="Shipped")
    assert registry.find("tiny").title == "Shipped"
    tiny.write(user, title="Mine")
    assert registry.find("tiny").title == "Mine"


def test_several_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    tiny.write(tmp_path / "one", "first")
    tiny.write(tmp_path / "two", "second")
    folders = os.pathsep.join([str(tmp_path / "one"), str(tmp_path / "two"), "/nowhere"])
    monkeypatch.setenv(registry.FOLDERS_SETTING, folders)
    assert list(registry.installed()) == ["first", "second"]
    assert registry.user_folder() == tmp_path / "one"


def test_the_default_prefers_the_studios_own_models_then_any_that_works(
    user: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny.write(user, "aaa")
    (user / "aaa-broken").mkdir()
    (user / "aaa-broken" / "manifest.json").write_text("{}")
    assert registry.default_name() == "aaa"
    tiny.write(user, "vimogen-light-open")
    assert registry.default_name() == "vimogen-light-open"
    tiny.write(user, "vimogen-light")
    assert registry.default_name() == "vimogen-light"
    monkeypatch.setenv(registry.DEFAULT_SETTING, "aaa")
    assert registry.default_name() == "aaa"


def test_a_broken_bundle_is_listed_with_its_problem(user: Path) -> None:
    tiny.write(user)
    tiny.edit_manifest(user / "tiny", "schema", value=9)
    one = registry.find("tiny")
    assert "update Motion Studio" in one.problem
    with pytest.raises(BundleError, match="update Motion Studio"):
        registry.load("tiny")


def test_folders_that_are_no_bundles_are_passed_over(user: Path) -> None:
    (user / "notes").mkdir()
    (user / "file").write_text("x")
    (user / ".half-written").mkdir()
    (user / ".half-written" / "manifest.json").write_text("{}")
    assert registry.installed() == {}


def test_features_that_no_code_here_runs(user: Path) -> None:
    tiny.write(user, golden=None, features="unheard-of-7")
    with pytest.raises(BundleError, match=r"'unheard-of-7' .* update Motion Studio"):
        registry.load("tiny")


def test_a_bundle_for_another_task_is_no_generator(user: Path) -> None:
    tiny.write(user, "captioner", golden=None, task="caption")
    with pytest.raises(BundleError, match="captioner makes no motion; it serves caption"):
        registry.load("captioner")


def test_adding_a_bundle_replaces_the_loaded_one(user: Path, tiny_bundle: Path) -> None:
    assert registry.add(tiny_bundle).folder == user / "tiny"
    old = registry.load("tiny", CPU)
    newer = tiny.write(user.parent / "elsewhere", version="2.0.0").folder
    added = registry.add(newer)
    assert added.manifest is not None
    assert added.manifest.version == "2.0.0"
    assert registry.load("tiny", CPU) is not old


def test_tasks_are_told_apart(user: Path) -> None:
    tiny.write(user, "captioner", golden=None, task="caption")
    tiny.write(user, "mover")
    assert list(registry.installed("text_to_motion")) == ["mover"]
    assert list(registry.installed("caption")) == ["captioner"]


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package with backends: one good, one that fails, one that is none."""
    (tmp_path / "other_backend.py").write_text(
        "class Good:\n"
        "    name = 'good'\n"
        "    capabilities = None\n"
        "    def generate(self, request, progress): return []\n"
        "def bad(): raise RuntimeError('no weights')\n"
        "def none(): return 3\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "other_backend", raising=False)
    entries = EntryPoints(
        EntryPoint(name, f"other_backend:{target}", registry.ENTRY_POINTS)
        for name, target in (("good", "Good"), ("bad", "bad"), ("none", "none"))
    )
    monkeypatch.setattr(registry, "entry_points", lambda group: entries.select(group=group))


@pytest.mark.usefixtures("package")
def test_other_packages_backends() -> None:
    assert list(registry.installed()) == ["bad", "good", "none"]
    assert registry.load("good") is registry.load("good")
    with pytest.raises(BackendError, match="'bad' of other_backend:bad failed to load: no weights"):
        registry.load("bad")
    with pytest.raises(BackendError, match="'none' of other_backend:none is no generator"):
        registry.load("none")


@pytest.mark.parametrize(
    ("platform", "expected"),
    [
        ("linux", "xdg/motion-studio/bundles"),
        ("win32", "local/motion-studio/bundles"),
        ("darwin", "home/Library/Application Support/motion-studio/bundles"),
    ],
)
def test_the_users_folder_follows_the_platform(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, expected: str
) -> None:
    monkeypatch.delenv(registry.FOLDERS_SETTING)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    monkeypatch.setattr(folders.sys, "platform", platform)
    assert registry.user_folder() == tmp_path / expected


def test_listing_loads_no_runtime(user: Path) -> None:
    """The command line lists bundles without waiting for onnxruntime."""
    tiny.write(user)
    code = (
        "import sys; from backends import registry; print(*registry.installed());"
        "print(*{'onnxruntime', 'tokenizers', 'torch'} & sys.modules.keys())"
    )
    out = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    listed, loaded = out.stdout.split("\n")[:2]
    assert "tiny" in listed.split()
    assert not loaded.strip()
