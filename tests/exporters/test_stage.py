from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.stage import Camera, Shadow, backdrop, framing

VIEW = Camera(np.array([1.0, 1.5, 4.0]), np.array([0.0, 0.9, 0.0]))


def project(camera: Camera, points: np.ndarray, aspect: float) -> np.ndarray:
    """Normalised image coordinates ``[..., 2]`` in [-1, 1], +y up, through a 4 x 4 inverse."""
    homogeneous = np.concatenate([points, np.ones((len(points), 1))], axis=1)
    local = homogeneous @ np.linalg.inv(camera.pose).T
    assert (local[:, 2] < 0).all(), "everything is in front of the camera"
    tangent = np.tan(camera.fov / 2)
    return local[:, :2] / -local[:, 2:3] / [tangent * aspect, tangent]


def test_a_camera_looks_at_its_target_with_its_head_up() -> None:
    pose = VIEW.pose
    np.testing.assert_allclose(pose[:3, :3].T @ pose[:3, :3], np.eye(3), atol=1e-12)
    assert np.linalg.det(pose[:3, :3]) == pytest.approx(1)
    np.testing.assert_allclose(project(VIEW, VIEW.target[None], 1.0), 0, atol=1e-12)
    assert project(VIEW, VIEW.target[None] + [0, 0.1, 0], 1.0)[0, 1] > 0


@given(
    st.integers(0, 10_000), st.floats(-3.2, 3.2), st.floats(0.0, 1.2), st.floats(0.3, 6.0)
)  # fmt: skip
def test_framing_sees_everything_as_near_as_it_can(
    seed: int, yaw: float, pitch: float, aspect: float
) -> None:
    points = np.random.default_rng(seed).normal(size=(30, 3)) * [2, 1, 3] + [5, 1, -4]
    seen = np.abs(project(framing(points, yaw, pitch, aspect), points, aspect))
    assert seen.max() <= 0.86 + 1e-6
    assert seen.max() >= 0.86 - 1e-6, "the outermost point touches the margin"


def test_the_ground_lies_where_rays_meet_it() -> None:
    _, depth = backdrop(VIEW, (64, 48), [])
    row, column = 40, 20
    tangent = np.tan(VIEW.fov / 2)
    ray = [(2 * 20.5 / 64 - 1) * tangent * 64 / 48, (1 - 2 * 40.5 / 48) * tangent, -1]
    hit = VIEW.eye + depth[row, column] * (VIEW.pose[:3, :3] @ ray)
    assert hit[1] == pytest.approx(0, abs=1e-9)
    up = Camera(np.array([0.0, 1.0, 0.0]), np.array([0.0, 3.0, 1.0]))
    image, depth = backdrop(up, (16, 16), [])
    assert np.isinf(depth).all()
    assert np.isfinite(image).all()


def test_metre_lines_are_brighter_than_the_ground_between() -> None:
    above = Camera(np.array([0.5, 3.0, 0.5001]), np.array([0.5, 0.0, 0.5]), fov=0.6)
    image, _ = backdrop(above, (201, 201), [])
    middle, line = image[100, 100].mean(), image.mean(axis=2)[100].max()
    assert line > middle + 0.05
    assert (image >= 0).all()
    assert (image <= 1).all()


def test_a_shadow_is_darkest_below_and_gone_far_away() -> None:
    rng = np.random.default_rng(1)
    points = rng.uniform([-0.1, 0.0, -0.1], [0.1, 0.3, 0.1], (4000, 3))
    shadow = Shadow.of(points, np.full(4000, 0.3 / 4000))
    below, away = shadow.at(np.array([[0.0, 0.0], [1.5, 1.5]]))
    assert below > 0.5
    assert away == 0
    assert shadow.at(np.array([[50.0, 0.0]]))[0] == 0
    assert 0 <= shadow.values.min() <= shadow.values.max() <= 1
    high = Shadow.of(points + [0, 3, 0], np.full(4000, 0.3 / 4000))
    assert high.values.max() < below, "no contact, so less dark"


def test_shadows_darken_the_picture() -> None:
    points = np.random.default_rng(2).uniform([-0.2, 0, -0.2], [0.2, 0.1, 0.2], (2000, 3))
    shadow = Shadow.of(points, np.full(2000, 0.5 / 2000))
    plain, _ = backdrop(VIEW, (80, 80), [])
    dark, _ = backdrop(VIEW, (80, 80), [(shadow, 1.0)])
    assert (dark <= plain + 1e-12).all()
    assert (plain - dark).max() > 0.05
