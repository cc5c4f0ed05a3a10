"""Blender opens what is written: joints, frames, frame rate and world positions."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

import exporters
from exporters import BvhWriteOptions
from exporters.bvh import load_bvh
from motion.clip import Motion
from tests.exporters.motions import body_motion, clips, random_motion
from tests.exporters.test_glb import some_mesh

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).with_name("blender_report.py")
SHARED = ("accad/accad", "bandai-namco/dataset-1", "cmu/iclone", "cmu/salsa", "reactidle/idle")


class Case(NamedTuple):
    motion: Motion
    path: Path
    report: dict[str, Any]


def _written(folder: Path, shared_data: Path | None) -> list[tuple[Motion, Path, float]]:
    """Motions, where they were written, and metres per unit."""
    body = body_motion(frames=30)
    odd = random_motion(4, 12, joints=9, rest_turns=True, moving=True, fps=24.0)
    out = []
    for name, motion in (("body", body), ("odd", odd)):
        out += [(motion, folder / f"{name}.bvh", 0.01), (motion, folder / f"{name}.glb", 0.01)]
        exporters.save(motion, folder / f"{name}.bvh")
        exporters.save(motion, folder / f"{name}.glb", mesh=some_mesh(motion.skeleton))
    other = BvhWriteOptions(scale=1.0, order="XYZ", decimals=6, root_offset="rest")
    exporters.save(body, folder / "other.bvh", other)
    out.append((body, folder / "other.bvh", 1.0))
    for archive in SHARED if shared_data else ():
        (_, content), *_ = clips(shared_data / f"{archive}.zip", 10_000)  # type: ignore[operator]
        motion = load_bvh(content)
        motion = motion.slice(0, min(len(motion), 150))
        stem = archive.replace("/", "_")
        for suffix in ("bvh", "glb"):
            exporters.save(motion, folder / f"{stem}.{suffix}")
            out.append((motion, folder / f"{stem}.{suffix}", 0.01))
    return out


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """All files in one Blender, which starts slowly and must not share our process."""
    if importlib.util.find_spec("bpy") is None:
        pytest.skip("needs the package bpy (the extra 'blender')")
    folder = tmp_path_factory.mktemp("blender")
    shared = Path(__file__).resolve().parents[3] / "shared" / "data"
    written = _written(folder, shared if shared.is_dir() else None)
    tasks = [
        {
            "path": str(path),
            "fps": round(motion.fps),
            "scale": scale,
            "frames": sorted({0, len(motion) // 2, len(motion) - 1}),
        }
        for motion, path, scale in written
    ]
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder / "report.json")],
        input=json.dumps(tasks),
        text=True,
        capture_output=True,
        timeout=500,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    reports = json.loads((folder / "report.json").read_text())
    return [Case(m, p, r) for (m, p, _), r in zip(written, reports, strict=True)]


def _names(case: Case) -> list[str]:
    """Joint names as Blender has them: its BVH reader puts underscores for spaces."""
    joints = case.motion.skeleton.joints
    return [j.replace(" ", "_") if case.path.suffix == ".bvh" else j for j in joints]


def test_joints_frames_and_rate(cases: list[Case]) -> None:
    for case in cases:
        motion, path, report = case
        assert sorted(report["bones"]) == sorted(_names(case)), path.name
        assert report["frames"] == len(motion), path.name
        assert report["fps"] == pytest.approx(motion.fps, rel=1e-4), path.name
        assert report["actions"] == 1, path.name


def test_world_positions(cases: list[Case]) -> None:
    for case in cases:
        motion, path, report = case
        frames = sorted({0, len(motion) // 2, len(motion) - 1})
        for frame, bones in zip(frames, report["positions"], strict=True):
            there = np.array([bones[name] for name in _names(case)])
            mine = exporters.coords.z_up_from_y_up(motion.positions[frame])
            assert np.abs(there - mine).max() < 1e-4, (path.name, frame)


def test_figures_come_with_their_surface(cases: list[Case]) -> None:
    for _, path, report in cases:
        assert (report["vertices"] > 0) == (path.suffix == ".glb"), path.name
