"""What all formats share: the suffix table, whole files or none, units and rates."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exporters
from exporters import BvhWriteOptions, ExportError, FileFormatError, GlbReadOptions, coords
from exporters.atomic import write_bytes
from exporters.decimals import table
from exporters.keyframes import duration_frames, guess_rate
from motion import rotations as rot
from motion.skeleton import BODY
from tests.exporters.motions import body_motion


@pytest.mark.parametrize("suffix", exporters.WRITABLE)
def test_every_format_that_is_written_is_read(suffix: str, tmp_path: Path) -> None:
    motion = body_motion()
    path = tmp_path / f"clip{suffix.upper()}"
    exporters.save(motion, path)
    back = exporters.load(path, None)
    assert back.skeleton is BODY
    assert (len(back), back.fps) == (len(motion), motion.fps)
    assert list(tmp_path.iterdir()) == [path]


def test_unknown_suffixes_are_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"clip\.txt: save as \.bvh, \.glb or \.npz"):
        exporters.save(body_motion(), tmp_path / "clip.txt")
    with pytest.raises(ExportError, match=r"clip: save as"):
        exporters.save(body_motion(), tmp_path / "clip")
    with pytest.raises(ExportError, match=r"save as"):
        exporters.save(body_motion(), tmp_path / "clip.gltf")
    with pytest.raises(FileFormatError, match=r"only \.bvh, \.glb, \.gltf or \.npz can be read"):
        exporters.load(tmp_path / "clip.txt")


def test_options_of_another_format_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="GLB files cannot be written with BvhWriteOptions"):
        exporters.save(body_motion(), tmp_path / "a.glb", BvhWriteOptions())
    with pytest.raises(FileFormatError, match="BVH files cannot be read with GlbReadOptions"):
        exporters.load(tmp_path / "a.bvh", GlbReadOptions())


@pytest.mark.parametrize("suffix", exporters.WRITABLE)
def test_a_folder_that_is_not_there(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="cannot be written: No such file or directory"):
        exporters.save(body_motion(), tmp_path / "none" / f"clip{suffix}")


@pytest.mark.parametrize("suffix", exporters.WRITABLE)
def test_a_full_disk_leaves_the_old_file(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"clip{suffix}"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("exporters.atomic.os.replace", full)
    with pytest.raises(ExportError, match="No space left on device"):
        exporters.save(body_motion(), path)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="modes are POSIX's")
def test_files_get_the_mode_that_the_umask_allows(tmp_path: Path) -> None:
    write_bytes(tmp_path / "a", b"1", b"2")
    (tmp_path / "b").write_bytes(b"12")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in "ab"]
    assert modes[0] == modes[1]
    assert (tmp_path / "a").read_bytes() == b"12"


# --- units -------------------------------------------------------------------------------------


@given(st.floats(0.55, 1.8), st.sampled_from([1.0, 0.01, 0.001]))
def test_units_of_people_of_any_size_are_told(size: float, unit: float) -> None:
    reach = coords.ADULT_REACH * size
    assert coords.guess_unit(reach / unit) == unit


@pytest.mark.parametrize("reach", [0.0, float("nan"), float("inf")])
def test_figures_without_extent_count_as_centimetres(reach: float) -> None:
    assert coords.guess_unit(reach) == 0.01


@given(st.integers(0, 10**6), st.integers(1, 15))
def test_longest_path_against_all_pairs(seed: int, count: int) -> None:
    rng = np.random.default_rng(seed)
    parents = (-1, *(int(rng.integers(0, i)) for i in range(1, count)))
    lengths = rng.random(count)
    apart = np.full((count, count), np.inf)
    np.fill_diagonal(apart, 0)
    for i, parent in enumerate(parents[1:], start=1):
        apart[i, parent] = apart[parent, i] = lengths[i]
    for k in range(count):
        apart = np.minimum(apart, apart[:, k : k + 1] + apart[k : k + 1])
    assert coords.longest_path(parents, lengths) == pytest.approx(apart.max())


# --- angles and rates --------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.permutations("XYZ"))
def test_smooth_angles_are_the_same_rotations(seed: int, order: list[str]) -> None:
    rng = np.random.default_rng(seed)
    steps = rot.from_rotation_vector(rng.normal(scale=0.3, size=(60, 2, 3)))
    q = steps.copy()
    for t in range(1, len(q)):
        q[t] = rot.multiply(q[t - 1], steps[t])
    angles = coords.smooth_euler(q, "".join(order))
    assert np.abs(rot.angle_between(rot.from_euler(angles, "".join(order)), q)).max() < 1e-6
    plain = np.abs(np.diff(rot.to_euler(q, "".join(order)), axis=0)).max()
    assert np.abs(np.diff(angles, axis=0)).max() <= plain + 1e-9


@given(st.sampled_from([12, 15, 24, 25, 30, 50, 60, 100, 120]), st.integers(2, 400))
def test_rates_of_keys_on_every_frame(fps: int, frames: int) -> None:
    times = (np.arange(frames) / fps).astype(np.float32).astype(float)
    assert guess_rate([times]) == fps
    assert duration_frames(times[-1] - times[0], fps) == frames


def test_rates_of_sparse_keys() -> None:
    assert guess_rate([np.array([0, 7, 20, 33]) / 24]) == 24
    assert guess_rate([np.array([0.0, 1.0, 2.0])]) == 30
    assert guess_rate([np.array([3.0])]) == 30
    assert guess_rate([np.arange(20) / 10]) == 10
    assert guess_rate([np.array([0, 1 / 7.3, 2 / 7.3])]) == pytest.approx(7.3)


# --- numbers as text ---------------------------------------------------------------------------


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(-6, 12))
def test_tables_read_as_the_numbers_formatted_one_by_one(
    seed: int, decimals: int, magnitude: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(scale=10.0**magnitude, size=(rng.integers(1, 9), rng.integers(1, 9)))
    rows[rng.random(rows.shape) < 0.2] = -0.0
    # Ties and the last bit of the product may round either way, so start from rounded numbers.
    rows = np.round(rows, decimals)
    text = table(rows, decimals).decode()
    expected = [" ".join(f"{v + 0.0:.{decimals}f}" for v in row) for row in rows.tolist()]
    if np.abs(rows).max() * 10**decimals < 2**52:  # whole numbers that a double holds exactly
        assert text.splitlines() == expected
    back = np.array([[float(w) for w in line.split(" ")] for line in text.splitlines()])
    assert np.allclose(back, rows, rtol=1e-15, atol=0.5000001 * 10.0**-decimals)
    assert "-0.0 " not in text


def test_long_tables_are_written_in_blocks() -> None:
    rows = np.random.default_rng(0).normal(scale=100, size=(3000, 60))
    back = np.loadtxt(table(rows, 4).decode().splitlines())
    assert back.shape == rows.shape
    assert np.abs(back - rows).max() <= 0.5000001e-4
