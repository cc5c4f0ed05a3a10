"""Who may import whom: every import in every file, those inside functions included.

The table below is ARCHITECTURE.md's, in code. ``imports`` finds what a file imports, ``violations``
holds it against the table, and the last tests feed both with samples that break each rule.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("motion", "studio", "backends", "exporters", "assets")

_BELOW = {"motion", "assets"}
#: For each part of the tree, the other parts that it may import. The longest name that fits a
#: module is its part; a part always may import itself.
MAY_IMPORT: dict[str, set[str]] = {
    "motion": set(),
    "assets": {"motion"},  # the scripts that build characters; read at run time as data only
    "exporters": _BELOW,
    "exporters.blender_addon": set(),
    "backends": {"backends.api", *_BELOW},
    "backends.api": {"motion"},
    "backends.training": {"backends", "backends.api", "exporters", *_BELOW},
    "studio": set(),
    "studio.__main__": {"studio.cli"},
    "studio.document": _BELOW,
    "studio.jobs": set(),
    "studio.planner": {"studio.document", "backends.api", "motion"},
    # The session's own rooms: what it does with files, which bundles there are, how it keeps and
    # measures what it edits, how orders become takes.
    "studio.files": {"exporters", *_BELOW},
    "studio.bundles": {"backends", "backends.api", *_BELOW},
    "studio.library": {"studio.document", "motion"},
    "studio.synthesis": {"studio.document", "backends.api", "motion"},
    "studio.editing": {"studio.document"},
    "studio.seams": {"studio.document", "motion"},
    "studio.aims": {"studio.document"},
    "studio.judging": {"studio.document", "motion"},
    "studio.takes": {"studio.document", "studio.judging"},
    "studio.orders": {"studio.document", "studio.jobs", "backends.api"},
    "studio.making": {
        "studio.document",
        "studio.files",
        "studio.bundles",
        "studio.synthesis",
        "studio.orders",
        "backends.api",
        "motion",
    },
    "studio.session": {
        "studio.planner",
        "studio.document",
        "studio.jobs",
        "studio.files",
        "studio.bundles",
        "studio.library",
        "studio.synthesis",
        "studio.editing",
        "studio.seams",
        "studio.aims",
        "studio.judging",
        "studio.takes",
        "studio.orders",
        "studio.making",
        "backends",
        "backends.api",
        "exporters",
        *_BELOW,
    },
    # The conversation: what is said becomes a plan, and a plan one edit. Facts of what is there.
    "studio.understanding": {"studio.document", "backends.api", "motion"},
    "studio.placement": {"studio.document", "studio.planner", "motion"},
    "studio.parts": {"studio.planner", "motion"},
    "studio.finding": {"studio.document", "studio.files", "backends", "backends.api", "motion"},
    "studio.directing": {
        "studio.session",
        "studio.planner",
        "studio.document",
        "studio.understanding",
        "studio.placement",
        "studio.parts",
        "studio.finding",
        "studio.files",
        "studio.aims",
        "studio.orders",
        "backends.api",
        "motion",
    },
    "studio.conversation": {
        "studio.directing",
        "studio.session",
        "studio.planner",
        "studio.document",
        "studio.files",
        "studio.jobs",
        "studio.library",  # where the user's settings of a language model lie
        "backends.api",
        "motion",
    },
    # Who has which session open.
    "studio.tabs": {
        "studio.session",
        "studio.library",
        "studio.document",
        "studio.bundles",
        "studio.jobs",
        "backends.api",
        "motion",
    },
    "studio.ui": {
        "studio.conversation",
        "studio.directing",
        "studio.finding",
        "studio.planner",
        "studio.understanding",
        "studio.tabs",
        "studio.session",
        "studio.orders",
        "studio.aims",
        "studio.judging",
        "studio.seams",
        "studio.document",
        "studio.files",
        "studio.bundles",
        "studio.library",
        "motion",
    },
    "studio.cli": {
        "studio.conversation",
        "studio.directing",
        "studio.finding",
        "studio.planner",
        "studio.understanding",
        "studio.tabs",
        "studio.session",
        "studio.orders",
        "studio.document",
        "studio.editing",
        "studio.files",
        "studio.bundles",
        "studio.library",
        "studio.ui",  # serve
        "backends.training",  # data, train, eval
        "motion",
    },
}

#: Libraries that only some modules may import, by module prefix.
FENCES: dict[str, tuple[str, ...]] = {
    "gradio": ("studio.ui",),
    "onnxruntime": ("backends.runtime",),
    "torch": ("backends.training",),
    "transformers": ("backends.training",),
    "peft": ("backends.training",),
    "pyrender": ("exporters.render",),
    "bpy": ("exporters.fbx", "exporters.blender_addon"),
    "httpx": ("studio.planner.llm_client",),  # all that ever asks another host, when one is set
}

#: What rewrites graphs when a bundle is made is no run-time: (library, module prefix).
FENCE_GATES = {("onnxruntime.quantization", "backends.training")}

#: Parts that import nothing but the standard library and these.
ONLY: dict[str, set[str]] = {
    "motion": {"numpy"},
    "studio.document": {"numpy", "pydantic"},
    "studio.jobs": set(),
    "exporters.blender_addon": {"bpy", "bpy_extras", "gpu", "gpu_extras", "mathutils"},
}

#: What `pip install motion-studio[cpu]` brings and the product imports when it starts. Everything
#: else belongs to an extra and is imported where it is used, inside a function.
BASE = {
    "numpy",
    "gradio",
    "fastapi",
    "pydantic",
    "starlette",
    "uvicorn",
    "tokenizers",
    "onnxruntime",
}
EXTRAS_ONLY = ("backends.training", "exporters.blender_addon", "exporters.fbx", "assets")


@dataclass(frozen=True)
class Import:
    """``from a.b import c`` is the target ``a.b.c``: whether c is a module does not matter."""

    target: str
    line: int
    at_start: bool  # runs when the module is imported


def imports(source: str, module: str, is_package: bool = False) -> Iterator[Import]:
    """Every import of a module's source, relative ones and ``import_module("name")`` included."""
    tree = ast.parse(source)
    late = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
        or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        for target in _targets(node, module, is_package):
            yield Import(target, getattr(node, "lineno", 0), id(node) not in late)


def _targets(node: ast.AST, module: str, is_package: bool) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = node.module or ""
        if node.level:
            above = module.split(".") + ([""] if is_package else [])
            base = ".".join([*above[: -node.level], *filter(None, [node.module])])
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = node.func.id if isinstance(node.func, ast.Name) else name
        if name in ("import_module", "__import__") and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def under(name: str, prefix: str) -> bool:
    """Whether ``name`` is ``prefix`` or lies inside it."""
    return name == prefix or name.startswith(prefix + ".")


def part_of(module: str) -> str:
    """The longest part of the table that holds ``module``."""
    return max((part for part in MAY_IMPORT if under(module, part)), key=len)


def violations(source: str, module: str, is_package: bool = False) -> list[str]:
    """What a module's imports break, one sentence each."""
    here = part_of(module)
    found = []
    for item in imports(source, module, is_package):
        top = item.target.split(".")[0]
        rules = _of_ours(item, here) if top in PACKAGES else _of_others(item, here, module)
        found += [f"{module}:{item.line} imports {item.target}: {rule}" for rule in rules]
    if here == "backends.training":
        found += _writes(ast.parse(source), module)
    return found


def _of_ours(item: Import, here: str) -> Iterator[str]:
    there = part_of(item.target)
    if there not in (here, "studio") and there not in MAY_IMPORT[here]:
        yield f"{here} may not import {there}"
    if there == "studio" and not under(here, "studio"):
        yield f"{here} may not import {there}"


def _of_others(item: Import, here: str, module: str) -> Iterator[str]:
    top = item.target.split(".")[0]
    if top in sys.stdlib_module_names:
        return
    gated = any(under(item.target, lib) and under(module, who) for lib, who in FENCE_GATES)
    if top in FENCES and not gated and not any(under(module, who) for who in FENCES[top]):
        yield f"only {' and '.join(FENCES[top])} may"
    if here in ONLY and top not in ONLY[here]:
        yield f"{here} needs {', '.join(sorted(ONLY[here])) or 'nothing'} and nothing else"
    extra = any(under(module, who) for who in EXTRAS_ONLY)
    if item.at_start and top not in BASE and not extra:
        yield f"{top} is not in the base install; import it inside the function that needs it"


def _writes(tree: ast.Module, module: str) -> Iterator[str]:
    """Training reads files through the exporters and never writes one."""
    borrowed = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and under(node.module or "", "exporters"):
            borrowed |= {alias.asname or alias.name for alias in node.names}
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in borrowed | {
            "exporters"
        }:
            names = [node.attr]
        else:
            continue
        for name in names:
            if name.startswith(("save", "write")):
                yield f"{module}:{node.lineno} uses exporters' {name}: training only reads"


def modules() -> list[tuple[str, Path]]:
    """``(module name, file)`` of every Python file of the product."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "node_modules" not in parts:
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                found.append((name, path))
    return found


@pytest.mark.parametrize(("module", "path"), [pytest.param(*m, id=m[0]) for m in modules()])
def test_every_import_respects_the_layers(module: str, path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert violations(source, module, path.name == "__init__.py") == []


def test_every_package_is_looked_at() -> None:
    seen = {name.split(".")[0] for name, _ in modules()}
    assert {"motion", "backends"} <= seen
    assert len(modules()) > 8


def test_bpy_stays_out_of_the_test_process() -> None:
    """Blender's module may change numpy's state and exits hard; only child scripts import it."""
    for folder in ("tests", "bench"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.name.startswith(("test_", "bench_", "conftest", "__")):
                targets = [i.target for i in imports(path.read_text(encoding="utf-8"), path.stem)]
                assert not any(under(t, "bpy") for t in targets), f"{path} imports bpy"


@pytest.mark.parametrize(
    ("module", "source", "rule"),
    [
        ("motion.clip", "import studio.session", "motion may not import studio.session"),
        ("motion.clip", "def f():\n    from backends import api", "may not import backends.api"),
        ("motion.clip", "import scipy", "needs numpy and nothing else"),
        ("assets.build", "from exporters import glb", "assets may not import exporters"),
        (
            "exporters.bvh",
            "from studio.document.model import Clip",
            "may not import studio.document",
        ),
        (
            "exporters.glb",
            "class A:\n  def f(self):\n    import backends",
            "may not import backends",
        ),
        ("exporters.glb", "import trimesh", "not in the base install"),
        ("exporters.glb", "if 1:\n    import trimesh", "not in the base install"),
        ("exporters.glb", "import bpy", "only exporters.fbx"),
        ("exporters.blender_addon.panel", "import numpy", "nothing else"),
        ("exporters.blender_addon.panel", "from motion import clip", "may not import motion"),
        ("studio.document.model", "from exporters import bvh", "may not import exporters"),
        ("studio.document.model", "from ..session import Session", "may not import studio.session"),
        ("studio.document", "from .. import session", "may not import studio.session"),
        ("studio.jobs", "from motion.clip import Motion", "may not import motion"),
        ("studio.planner.rules", "from backends.registry import load", "may not import backends"),
        ("studio.planner.rules", "from backends import load", "may not import backends"),
        ("studio.planner.llm", "def f():\n    import httpx", "only studio.planner.llm_client"),
        ("studio.session", "import gradio as gr", "only studio.ui"),
        ("studio.session", "from studio.ui import app", "may not import studio.ui"),
        (
            "studio.session",
            "from backends.training import train",
            "may not import backends.training",
        ),
        ("studio.session", "from motion import clip\nimport onnxruntime", "only backends.runtime"),
        ("studio.ui.app", "from backends.registry import load", "may not import backends"),
        ("studio.ui.app", "from studio import jobs", "may not import studio.jobs"),
        ("studio.unheard_of", "from studio import session", "studio may not import studio.session"),
        (
            "studio.cli",
            "import importlib\nimportlib.import_module('torch')",
            "only backends.training",
        ),
        ("backends.vimogen", "__import__('exporters')", "may not import exporters"),
        ("backends.vimogen", "from backends.training.models import dit", "may not import"),
        (
            "backends.api",
            "from backends.bundle import read",
            "backends.api may not import backends",
        ),
        ("backends.runtime", "def f():\n    import torch", "only backends.training"),
        ("backends.training.export", "import onnxruntime", "only backends.runtime"),
        ("backends.training.export", "from exporters import bvh\nbvh.write(1)", "only reads"),
        ("backends.training.export", "from exporters import save", "only reads"),
        ("backends.training.train", "from studio.session import Session", "may not import studio"),
        ("backends.training.train", "import studio", "may not import studio"),
    ],
)
def test_a_violation_is_found(module: str, source: str, rule: str) -> None:
    found = violations(source, module, is_package=module == "studio.document")
    assert any(rule in sentence for sentence in found), found


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("motion.clip", "import numpy as np\nfrom motion import rotations\nimport functools"),
        ("exporters.glb", "from exporters import coords\nfrom motion.clip import Motion"),
        ("exporters.glb", "def f():\n    import trimesh"),
        ("exporters.fbx", "import bpy"),
        ("exporters.render", "def f():\n    import pyrender"),
        ("exporters.glb", "import typing\nif typing.TYPE_CHECKING:\n    import trimesh"),
        ("backends.training.train", "import torch\nfrom exporters import bvh\nbvh.read('x')"),
        ("backends.training.export", "from onnxruntime.quantization import quantize_dynamic"),
        ("backends.runtime", "import onnxruntime"),
        ("backends.vimogen", "from backends import api, bundle, sampling"),
        ("studio.planner.rules", "from backends import api\nfrom backends.api import Condition"),
        (
            "studio.session",
            "from backends import registry\nfrom studio import jobs\nimport exporters",
        ),
        ("studio.ui.app", "import gradio\nfrom studio.session import Session\nimport studio"),
        ("studio.cli", "def f():\n    from studio.ui.app import serve"),
    ],
)
def test_what_is_allowed_passes(module: str, source: str) -> None:
    assert violations(source, module) == []


def test_a_relative_import_is_resolved() -> None:
    found = [i.target for i in imports("from . import a\nfrom .b import c", "x.y.z")]
    assert found == ["x.y.a", "x.y.b.c"]
    found = [
        i.target for i in imports("from . import a\nfrom ..b import c", "x.y", is_package=True)
    ]
    assert found == ["x.y.a", "x.b.c"]
