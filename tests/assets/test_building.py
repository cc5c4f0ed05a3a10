"""The tools that characters are built with, on shapes whose answers are known."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("scipy")
trimesh = pytest.importorskip("trimesh")

from assets.characters import remesh
from assets.characters.binding import diffuse, strongest
from assets.characters.implicit import (
    above_ground,
    blend,
    cone,
    ellipsoid,
    gradient,
    loft,
    mirrored,
    project,
    smooth_minimum,
    within,
)

BALL = ellipsoid((0, 0, 0), (0.1, 0.1, 0.1))
SIZE = 0.02


@pytest.fixture(scope="module")
def ball() -> tuple[np.ndarray, np.ndarray]:
    """The left half of an even mesh of a ball of radius 0.1."""
    corner = np.array([0.13, 0.13, 0.13])
    nets = remesh.surface_nets(BALL, -corner, corner, 0.01)
    return remesh.isotropic(*remesh.half(*nets), BALL, lambda p: np.full(len(p), SIZE), rounds=5)


def test_surface_nets_close_around_a_ball() -> None:
    corner = np.array([0.13, 0.13, 0.13])
    vertices, faces = remesh.surface_nets(BALL, -corner, corner, 0.01)
    mesh = trimesh.Trimesh(project(BALL, vertices), faces, process=False)
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(4 / 3 * np.pi * 0.1**3, rel=0.01)


def test_remeshing_is_even_and_keeps_the_rim(ball) -> None:
    vertices, faces = ball
    assert np.abs(np.linalg.norm(vertices, axis=1) - 0.1).max() < 1e-6
    edges, sides, _ = remesh.edges_of(faces)
    lengths = np.linalg.norm(vertices[edges[:, 0]] - vertices[edges[:, 1]], axis=1)
    assert np.percentile(lengths, 1) > 0.5 * SIZE
    assert np.percentile(lengths, 99) < 1.4 * SIZE
    rim = np.unique(edges[sides[:, 1] < 0])
    assert (vertices[rim, 0] == 0).all()
    joined, all_faces, twin = remesh.whole(vertices, faces)
    assert trimesh.Trimesh(joined, all_faces, process=False).is_watertight
    np.testing.assert_array_equal(np.abs(joined), np.abs(vertices[twin]))


def test_a_cut_lays_edges_along_its_line(ball) -> None:
    vertices, faces = ball

    def level(points: np.ndarray) -> np.ndarray:
        return points[:, 1] - 0.03

    height = vertices[:, 1:2].copy()
    cut_vertices, cut_faces, carried = remesh.cut(vertices, faces, height, level, BALL, 0.004)
    values = level(cut_vertices)[cut_faces]
    crossing = (values.min(axis=1) < -1e-5) & (values.max(axis=1) > 1e-5)
    assert not crossing.any(), "every triangle lies on one side"
    joined, all_faces, _ = remesh.whole(cut_vertices, cut_faces)
    assert trimesh.Trimesh(joined, all_faces, process=False).is_watertight
    assert np.abs(carried[:, 0] - cut_vertices[:, 1]).max() < 0.006


def test_remeshing_leaves_lines_where_they_are(ball) -> None:
    def level(points: np.ndarray) -> np.ndarray:
        return points[:, 1] - 0.03

    vertices, faces, _ = remesh.cut(*ball, ball[0], level, BALL, 0.004)
    wide = remesh.isotropic(
        vertices, faces, BALL, lambda p: np.full(len(p), 0.03), rounds=3, lines=[level]
    )
    values = level(wide[0])[wide[1]]
    assert not ((values.min(axis=1) < -1e-4) & (values.max(axis=1) > 1e-4)).any()
    assert len(wide[1]) < len(faces)


def test_weights_diffuse_as_heat_does(ball) -> None:
    vertices, faces, _ = remesh.whole(*ball)
    upper = np.stack([vertices[:, 1] > 0, vertices[:, 1] <= 0], axis=1).astype(float)
    spread = np.full(len(vertices), 0.03)
    soft = diffuse(vertices, faces, upper, spread)
    np.testing.assert_allclose(soft.sum(axis=1), 1, atol=1e-12)
    assert soft[vertices[:, 1].argmax(), 0] > 0.99
    # One standard deviation from the border the error function leaves 16 % of the other side.
    at = np.abs(np.arcsin(vertices[:, 1] / 0.1) * 0.1 - 0.03) < 0.003
    assert soft[at, 1].mean() == pytest.approx(0.16, abs=0.04)


def test_only_the_four_strongest_joints_stay() -> None:
    weights = np.random.default_rng(0).dirichlet(np.ones(9), size=50)
    kept = strongest(weights)
    assert ((kept > 0).sum(axis=1) <= 4).all()
    np.testing.assert_allclose(kept.sum(axis=1), 1)
    assert (kept.argmax(axis=1) == weights.argmax(axis=1)).all()


def test_shapes_have_their_measures() -> None:
    points = np.array([[0, 0, 0], [0.3, 0, 0], [0, 0.1, 0], [0.5, 0, 0]], float)
    rod = cone((0, 0, 0), (0.3, 0, 0), (0.1, 0.05))
    np.testing.assert_allclose(rod(points), [-0.1, -0.05, 0.0, 0.15], atol=0.003)
    bar = loft(0, [(0, 0, 0, 0.1, 0.2), (0.2, 0, 0, 0.1, 0.2), (0.4, 0, 0, 0.1, 0.2)], (0.1, 0.1))
    on = np.array([[0.2, 0.1, 0], [0.2, 0, -0.2], [-0.1, 0, 0], [0.5, 0, 0]], float)
    np.testing.assert_allclose(bar(on), 0, atol=1e-9)
    boxed = within((-0.1, -0.1, -0.1), (0.4, 0.1, 0.1), rod)
    np.testing.assert_allclose(boxed(points), [*rod(points)[:3], 0.10], atol=1e-9)
    assert above_ground(BALL, 0.01)(np.array([[0.0, -0.05, 0.0]]))[0] == pytest.approx(0.05)


def test_blends_fill_creases_smoothly_and_nothing_else() -> None:
    a = np.linspace(-0.2, 0.2, 401)
    soft = smooth_minimum(a, -a, 0.1)
    assert (soft <= np.minimum(a, -a) + 1e-12).all()
    far = np.abs(2 * a) > 0.1
    np.testing.assert_array_equal(soft[far], np.minimum(a, -a)[far])
    assert np.abs(np.diff(soft, 2)).max() < 0.02 * np.abs(np.diff(np.minimum(a, -a), 2)).max() * 5
    pair = mirrored(ellipsoid((0.2, 0, 0), (0.1, 0.1, 0.1)))
    point = np.array([[0.25, 0.02, 0.03]])
    assert pair(point)[0] == pair(point * [-1, 1, 1])[0]
    joined = blend(BALL, ellipsoid((0.15, 0, 0), (0.1, 0.1, 0.1)), k=0.05)
    slope = gradient(joined, np.array([[0.075, 0.07, 0.0]]))
    assert abs(slope[0, 0]) < 1e-6
