"""The whole build on a few generated files, without the public data."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from backends.api import Cancelled
from backends.training.data import build
from backends.training.data.dataset import MotionDataset
from backends.training.data.language import mirror_words
from backends.training.data.take import DataError
from exporters.bvh import save_bvh
from motion.clip import concat
from tests.backends.training.data import made

FIELDS = {
    "id", "source", "group", "take", "content", "style", "split", "start", "frames", "weight",
    "captions", "captions_mirrored",
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three data sets as published, packed or unpacked, of generated clips."""
    root = tmp_path_factory.mktemp("sets")
    hdm = root / "hdm05" / "hdm05"
    hdm.mkdir(parents=True)
    for i in range(1, 5):
        save_bvh(made.waving(40 + i, "right", 30.0), hdm / f"HDM_bd_grabHighR_00{i}_120.bvh")
    save_bvh(made.waving(9, "right", 30.0), hdm / "HDM_bd_grabHighR_009_120.bvh")
    (hdm / "HDM_bd_squat1Reps_001_120.bvh").write_text("HIERARCHY\nROOT")
    idle = root / "reactidle" / "idle"
    idle.mkdir(parents=True)
    long_take = concat([made.t_pose(6, 24.0), made.standing(700, 24.0)])
    save_bvh(long_take, idle / "000_genuine.bvh")
    bandai = root / "bandai-namco"
    bandai.mkdir()
    for style in ("proud", "normal"):
        save_bvh(made.waving(60, "right", 30.0), root / "x.bvh")
        with zipfile.ZipFile(bandai / "dataset-1.zip", "a") as archive:
            archive.write(root / "x.bvh", f"dataset-1_bow_{style}_001.bvh")
    return root


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> build.Report:
    return build.build(source, tmp_path_factory.mktemp("out"))


def test_the_files_are_as_described(built: build.Report) -> None:
    info = json.loads((built.out / "dataset.json").read_text())
    assert (info["schema"], info["fps"], info["skeleton"]) == (1, 20, "body")
    rows = [json.loads(line) for line in (built.out / "clips.jsonl").read_text().splitlines()]
    assert all(set(row) == FIELDS for row in rows)
    root = np.load(built.out / "root_positions.npy")
    rotations = np.load(built.out / "rotations.npy")
    assert (root.dtype, rotations.dtype) == (np.float32, np.float32)
    assert rotations.shape == (len(root), 22, 4)
    assert [r["start"] for r in rows] == [
        sum(r["frames"] for r in rows[:i]) for i in range(len(rows))
    ]
    assert sum(r["frames"] for r in rows) == len(root) == info["frames"]
    assert len({r["id"] for r in rows}) == len(rows)
    for row in rows:
        assert 6 <= len(row["captions"]) <= 12
        assert row["captions_mirrored"] == [mirror_words(t) for t in row["captions"]]


def test_takes_are_curated_and_counted(built: build.Report) -> None:
    clips = defaultdict(list)
    for clip in built.clips:
        clips[clip.source].append(clip)
    assert len(clips["hdm05"]) == 4
    # 700 frames at 24 fps are 29 s: three even pieces, without the T-pose.
    lengths = [c.frames for c in clips["reactidle"]]
    assert len(lengths) == 3
    assert max(lengths) - min(lengths) <= 1
    assert sum(lengths) == pytest.approx(700 * 20 / 24, abs=6)
    dropped = {o.take.take: dict(o.dropped) for o in built.outcomes if o.dropped}
    assert dropped == {
        "HDM_bd_grabHighR_009_120": {"short": 1},
        "HDM_bd_squat1Reps_001_120": {"unreadable": 1},
    }
    assert len(built.problems) == 1
    assert "HDM_bd_squat1Reps_001_120" in built.problems[0]


def test_no_take_lies_in_two_splits(built: build.Report) -> None:
    splits = defaultdict(set)
    for clip in built.clips:
        splits[clip.source, clip.take].add(clip.split)
    assert all(len(found) == 1 for found in splits.values())
    unseen = [c for c in built.clips if (c.content, c.style) == ("bow", "proud")]
    assert unseen
    assert {c.split for c in unseen} == {"test_unseen"}


def test_reading_gives_the_motion_back(built: build.Report) -> None:
    data = MotionDataset.open(built.out)
    assert len(data) == len(built.clips)
    for i, clip in enumerate(data.clips):
        motion = data.motion(i)
        assert (len(motion), motion.fps) == (clip.frames, 20.0)
        assert abs(motion.headings[0]) < 1e-5
        np.testing.assert_allclose(motion.root_positions[0, [0, 2]], 0, atol=1e-6)
        norm = np.linalg.norm(data.rotations[clip.start], axis=-1)
        np.testing.assert_allclose(norm, 1, atol=1e-5)
        feet = motion.positions[..., 1].min()
        assert abs(feet) < 0.05
    wave = next(i for i, c in enumerate(data.clips) if c.content == "grab-high")
    plain, mirrored = data.motion(wave), data.motion(wave, mirrored=True)
    left, right = (plain.skeleton.role_index[f"{s}_wrist"] for s in ("left", "right"))
    np.testing.assert_allclose(
        mirrored.positions[:, left], plain.positions[:, right] * [-1, 1, 1], atol=1e-5
    )
    assert data.indices("train", ["hdm05"]) == [
        i for i, c in enumerate(data.clips) if c.split == "train" and c.source == "hdm05"
    ]


def test_the_same_input_gives_the_same_bytes(
    source: Path, built: build.Report, tmp_path: Path
) -> None:
    build.build(source, tmp_path / "again")
    names = {p.name for p in built.out.iterdir()}
    assert names == {
        "dataset.json", "clips.jsonl", "root_positions.npy", "rotations.npy", "report.md",
        "report.png",
    }  # fmt: skip
    for name in names:
        assert (built.out / name).read_bytes() == (tmp_path / "again" / name).read_bytes(), name


@pytest.mark.slow
def test_more_processes_change_nothing(source: Path, built: build.Report, tmp_path: Path) -> None:
    build.build(source, tmp_path / "again", processes=2)
    for name in ("clips.jsonl", "rotations.npy", "root_positions.npy"):
        assert (built.out / name).read_bytes() == (tmp_path / "again" / name).read_bytes()


def test_frequent_contents_weigh_less_each_but_more_together() -> None:
    rows = [("open", "idle")] * 100 + [("open", "kick")] * 4 + [("open", "flip")]
    weights = build.sampling_weights(rows)
    assert np.mean(weights) == pytest.approx(1, abs=1e-3)
    assert weights[0] < weights[100]
    assert weights[100] == weights[-1]
    assert sum(weights[:100]) == pytest.approx(5 * sum(weights[100:104]), rel=1e-3)


def test_progress_can_stop_the_build(source: Path, tmp_path: Path) -> None:
    def stop(fraction: float, note: str) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        build.build(source, tmp_path / "out", stop)
    assert not (tmp_path / "out").exists()


def test_a_folder_without_data_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No data set was found"):
        build.build(tmp_path, tmp_path / "out")
    with pytest.raises(DataError, match="is not a folder"):
        build.build(tmp_path / "missing", tmp_path / "out")


def test_damaged_data_sets_are_refused(built: build.Report, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(built.out, copy)
    np.save(copy / "root_positions.npy", np.zeros((3, 3), np.float32))
    with pytest.raises(DataError, match="build it again"):
        MotionDataset.open(copy)
    (copy / "dataset.json").write_text('{"schema": 99}')
    with pytest.raises(DataError, match="schema 99"):
        MotionDataset.open(copy)
    with pytest.raises(DataError, match="motion-studio data build"):
        MotionDataset.open(tmp_path)


def test_report_adds_up(built: build.Report) -> None:
    text = (built.out / "report.md").read_text()
    assert f"{len(built.clips)} clips" in text
    assert "| hdm05 | hdm05 | 6 |" in text
    assert (built.out / "report.png").read_bytes().startswith(b"\x89PNG")
