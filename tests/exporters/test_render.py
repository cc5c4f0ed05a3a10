from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest

import exporters
from exporters import render
from exporters.errors import ExportError
from exporters.render import RenderError, contact_sheet, figure_for, render_frames, save_mp4
from exporters.stage import backdrop
from motion import rotations as rot
from motion.clip import Motion
from motion.errors import MotionError
from motion.skeleton import BODY

SMALL = (96, 96)


@pytest.fixture(scope="module")
def wave() -> Motion:
    """Twelve frames that step to the left and raise an arm."""
    frames = 12
    q = np.tile(rot.IDENTITY, (frames, len(BODY), 1))
    raised = np.linspace(-1.3, 1.2, frames)
    q[:, BODY.index("left_shoulder")] = rot.from_axis_angle(np.array([0.0, 0, 1]), raised)
    root = np.tile(BODY.rest_offsets[0], (frames, 1))
    root[:, 0] += np.linspace(0, 1.5, frames)
    return Motion(BODY, 24, root, q)


@pytest.fixture(scope="module", autouse=True)
def _can_draw() -> None:
    pytest.importorskip("pyrender", reason="needs the extra 'render'")
    try:
        with render._artist():
            pass
    except RenderError as error:
        pytest.skip(f"nothing to draw with here: {error}")


def test_pictures_show_the_figure_where_the_camera_looks(wave: Motion) -> None:
    camera = render.overview(wave)
    images = render_frames(wave, frames=[0, 11], size=SMALL, camera=camera)
    assert images.shape == (2, 96, 96, 3)
    assert images.dtype == np.uint8
    empty = backdrop(camera, SMALL, [])[0] * 255
    covered = np.abs(images - empty).max(axis=-1) > 25
    assert 0.02 < covered[0].mean() < 0.5
    # The figure steps to its left: +X, to the right of a camera in front of it.
    middle = [np.argwhere(c)[:, 1].mean() for c in covered]
    assert middle[1] > middle[0] + 10
    top = [np.argwhere(c)[:, 0].min() for c in covered]
    assert top[1] < top[0], "the raised hand is higher than the head"


def test_rigs_without_a_figure_of_their_own_show_their_bones(wave: Motion) -> None:
    long = replace(wave, skeleton=replace(BODY, rest_offsets=BODY.rest_offsets * 1.3))
    assert len(figure_for(long)) != len(figure_for(wave))
    images = render_frames(long, frames=[0], size=SMALL)
    assert images.std() > 5


def test_frames_outside_the_motion_are_refused(wave: Motion) -> None:
    with pytest.raises(MotionError, match="outside"):
        render_frames(wave, frames=[12], size=SMALL)


def test_a_contact_sheet_has_a_row_and_a_strip_for_each_motion(wave: Motion, tmp_path) -> None:
    from PIL import Image

    path = tmp_path / "sheet.png"
    contact_sheet([wave, wave.reversed()], ["up", "down"], path, columns=3, cell=(60, 80))
    with Image.open(path) as sheet:
        picture = np.asarray(sheet)
    assert picture.shape == (2 * (30 + 80 + 72), 180, 3)
    assert [p.name for p in tmp_path.iterdir()] == ["sheet.png"]
    first, last = picture[50:110, :60], picture[50:110, 120:]
    changed = np.abs(first.astype(int) - last).max(axis=-1) > 40
    assert changed.mean() > 0.01, "the first pose is not the last"
    with pytest.raises(ExportError, match="label"):
        contact_sheet([wave], [], path)


def test_a_film_has_every_frame_at_the_motions_rate(wave: Motion, tmp_path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    path = tmp_path / "wave.mp4"
    save_mp4(wave, path, size=(97, 64))
    frames, seconds = ffmpeg.count_frames_and_secs(str(path))
    assert frames == len(wave)
    assert seconds == pytest.approx(wave.seconds, abs=0.05)
    reader = ffmpeg.read_frames(str(path))
    assert next(reader)["size"] == (96, 64)
    reader.close()
    assert [p.name for p in tmp_path.iterdir()] == ["wave.mp4"]


def test_nothing_is_left_where_nothing_can_be_written(wave: Motion, tmp_path) -> None:
    with pytest.raises(ExportError, match="cannot be written"):
        contact_sheet([wave], ["x"], tmp_path / "no" / "such.png", columns=1, cell=(32, 32))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_extra_is_one_clear_sentence(wave: Motion, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "pyrender", None)
    with pytest.raises(RenderError, match=r"motion-studio\[render\]"):
        render_frames(wave, frames=[0], size=SMALL)


def test_missing_opengl_is_one_clear_sentence(wave: Motion, monkeypatch) -> None:
    import pyrender

    def broken(*_: object) -> None:
        raise ValueError("Invalid device ID (0)")

    monkeypatch.setattr(pyrender, "OffscreenRenderer", broken)
    with pytest.raises(RenderError, match="libegl1"):
        render_frames(wave, frames=[0], size=SMALL)


def test_the_command_draws_a_file(wave: Motion, tmp_path, capsys) -> None:
    exporters.save(wave, tmp_path / "in.bvh")
    assert render.main([str(tmp_path / "in.bvh"), str(tmp_path / "out.png")]) == 0
    assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
    assert render.main([str(tmp_path / "absent.bvh"), str(tmp_path / "no.png")]) == 1
    assert "absent.bvh" in capsys.readouterr().err
    assert render.main([str(tmp_path / "in.bvh"), "out.gif"]) == 2
