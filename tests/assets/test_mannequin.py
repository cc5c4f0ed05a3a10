"""The committed mannequin: a sound mesh, well bound, and what its own code says it is."""

from __future__ import annotations

import numpy as np
import pytest

import assets
from assets import AssetError
from assets.characters.figure import figure
from assets.characters.implicit import gradient
from assets.characters.paint import paint
from exporters.characters import rest_motion
from exporters.glb import GlbWriteOptions, glb_bytes
from motion import rotations as rot
from motion.clip import Motion, mirror_partners
from motion.skeleton import BODY
from motion.skinning import SkinnedMesh, skin

trimesh = pytest.importorskip("trimesh")

ARM = ("shoulder", "elbow", "wrist")
LEG = ("hip", "knee", "ankle", "foot")


@pytest.fixture(scope="module")
def mesh() -> SkinnedMesh:
    return assets.mannequin()


@pytest.fixture(scope="module")
def dense(mesh: SkinnedMesh) -> np.ndarray:
    """The weights as a full table ``[V, J]``."""
    table = np.zeros((len(mesh), len(BODY)))
    np.add.at(table, (np.arange(len(mesh))[:, None], mesh.joints), mesh.weights)
    return table


def share(dense: np.ndarray, side: str, joints: tuple[str, ...]) -> np.ndarray:
    return dense[:, [BODY.index(f"{side}_{j}") for j in joints]].sum(axis=1)


def posed(**degrees: tuple[float, float, float]) -> Motion:
    """The rest pose with some joints turned, Euler XYZ in degrees."""
    q = np.tile(rot.IDENTITY, (len(BODY), 1))
    for joint, angles in degrees.items():
        q[BODY.index(joint)] = rot.from_euler(np.radians(angles), "XYZ")
    return Motion(BODY, 30, BODY.rest_offsets[None, 0], q[None])


def solid(vertices: np.ndarray, mesh: SkinnedMesh):
    return trimesh.Trimesh(vertices, mesh.triangles, process=False)


def test_the_mesh_is_one_closed_surface_without_holes_or_handles(mesh: SkinnedMesh) -> None:
    body = solid(mesh.vertices, mesh)
    assert body.is_watertight
    assert body.is_winding_consistent
    assert body.euler_number == 2
    assert body.body_count == 1
    assert 0.055 < body.volume < 0.075, "an adult of 1.73 m is 55 to 75 litres"


def test_it_keeps_to_its_budget(mesh: SkinnedMesh) -> None:
    assert 5_000 <= len(mesh.triangles) <= 9_000
    assert assets.path("characters/mannequin.glb").stat().st_size < 400_000
    assert assets.path("characters/mannequin.npz").stat().st_size < 250_000


def test_no_triangle_is_folded_over_or_empty(mesh: SkinnedMesh) -> None:
    body = solid(mesh.vertices, mesh)
    assert body.area_faces.min() > 1e-7
    # Slivers beside outlines have no direction of their own; everything else lies smoothly, up
    # to the tips of the fingers, which are about as narrow as a triangle.
    longest = np.linalg.norm(body.triangles - np.roll(body.triangles, 1, axis=1), axis=2).max(
        axis=1
    )
    sound = 2 * body.area_faces / longest > 0.003
    assert sound.mean() > 0.8
    pairs = body.face_adjacency
    both = sound[pairs].all(axis=1)
    assert np.degrees(body.face_adjacency_angles[both].max()) < 85
    outwards = mesh.normals[mesh.triangles].sum(axis=1)
    outwards /= np.linalg.norm(outwards, axis=1, keepdims=True)
    facing = (body.face_normals * outwards).sum(axis=1)
    assert facing[sound].min() > 0.5


def test_left_mirrors_right_in_shape_and_weights(mesh: SkinnedMesh, dense: np.ndarray) -> None:
    key = {tuple(v): i for i, v in enumerate(mesh.vertices.tolist())}
    twin = np.array([key[-x if x else x, y, z] for x, y, z in mesh.vertices.tolist()])
    partner = np.array(mirror_partners(BODY))
    np.testing.assert_allclose(dense[twin][:, partner], dense, atol=1e-6)
    np.testing.assert_allclose(mesh.normals[twin] * [-1, 1, 1], mesh.normals, atol=1e-4)


def test_it_stands_on_the_ground_facing_forward(mesh: SkinnedMesh) -> None:
    v = mesh.vertices
    assert abs(v[:, 1].min()) < 0.001
    heel, toes = v[(v[:, 2] < 0) & (v[:, 1] < 0.003)], v[(v[:, 2] > 0.14) & (v[:, 1] < 0.003)]
    for side in (1, -1):
        assert (heel[:, 0] * side > 0.03).sum() >= 3
        assert (toes[:, 0] * side > 0.03).sum() >= 3
    ahead = v[v[:, 1] < 0.1, 2]
    assert ahead.max() > 2 * -ahead.min(), "feet point along +Z"


def test_it_reaches_beyond_its_last_joints(mesh: SkinnedMesh) -> None:
    v, at = mesh.vertices, dict(zip(BODY.joints, BODY.rest_world[0], strict=True))
    assert v[:, 1].max() > at["head"][1] + 0.10
    assert v[:, 0].max() > at["left_wrist"][0] + 0.15
    assert v[:, 2].max() > at["left_foot"][2] + 0.05


def test_at_most_four_joints_move_a_vertex_and_none_is_idle(dense: np.ndarray) -> None:
    np.testing.assert_allclose(dense.sum(axis=1), 1, atol=1e-6)
    assert ((dense > 0).sum(axis=1) <= 4).all()
    assert (dense.max(axis=0) > 0.5).all(), "every joint owns some of the skin"


def test_limbs_do_not_pull_at_each_other_or_at_the_trunk(
    mesh: SkinnedMesh, dense: np.ndarray
) -> None:
    x, y = mesh.vertices[:, 0], mesh.vertices[:, 1]
    legs = y < 0.75
    assert share(dense, "right", LEG)[legs & (x > 0)].max() == 0
    assert share(dense, "left", LEG)[legs & (x < 0)].max() == 0
    arms = share(dense, "left", ARM) + share(dense, "right", ARM)
    assert arms[(y > 1.0) & (y < 1.22)].max() < 0.01
    assert arms[(y > 1.0) & (y < 1.28)].max() < 0.10, "the skin below the armpit follows a little"
    assert share(dense, "left", ("collar", *ARM))[x > 0.3].min() > 0.999
    assert share(dense, "left", ARM)[x < -0.02].max() == 0


def test_weights_change_smoothly_along_the_surface(mesh: SkinnedMesh, dense: np.ndarray) -> None:
    edges = solid(mesh.vertices, mesh).edges_unique
    steps = np.abs(dense[edges[:, 0]] - dense[edges[:, 1]]).sum(axis=1) / 2
    assert steps.max() < 0.65
    assert np.mean(steps) < 0.10


def test_skinned_in_its_rest_pose_it_is_itself(mesh: SkinnedMesh) -> None:
    np.testing.assert_allclose(skin(mesh, rest_motion(BODY))[0], mesh.vertices, atol=1e-6)


@pytest.mark.parametrize(
    ("pose", "kept"),
    [
        (posed(left_shoulder=(0, 0, -80), right_shoulder=(0, 0, 80)), 0.97),
        (posed(left_shoulder=(0, -80, 0), right_shoulder=(0, 80, 0)), 0.96),
        (posed(left_elbow=(0, -110, 0), right_elbow=(0, 110, 0)), 0.975),
        (posed(left_knee=(110, 0, 0), right_knee=(110, 0, 0)), 0.95),
        (posed(left_hip=(-90, 0, 0), right_hip=(-90, 0, 0)), 0.93),
        (posed(spine1=(30, 0, 0), spine2=(25, 0, 0), spine3=(20, 0, 0)), 0.96),
    ],
    ids=["arms down", "arms forward", "elbows", "knees", "hips", "bow"],
)
def test_bends_keep_their_volume(mesh: SkinnedMesh, pose: Motion, kept: float) -> None:
    rest = solid(mesh.vertices, mesh).volume
    assert solid(skin(mesh, pose)[0], mesh).volume > kept * rest


def test_shoulders_do_not_collapse_when_the_arms_come_down(
    mesh: SkinnedMesh, dense: np.ndarray
) -> None:
    shoulder = BODY.rest_world[0][BODY.index("left_shoulder")]
    down = skin(mesh, posed(left_shoulder=(0, 0, -80), right_shoulder=(0, 0, 80)))[0]
    # The outside of the deltoid: above the joint at rest, beside it with the arm down.
    outside = mesh.normals[:, 1] > 0.5
    outside &= np.linalg.norm(mesh.vertices - shoulder, axis=1) < 0.09
    before = np.linalg.norm(mesh.vertices[outside] - shoulder, axis=1)
    after = np.linalg.norm(down[outside] - shoulder, axis=1)
    assert outside.sum() > 15
    assert (after / before).min() > 0.72
    breadth = down[(down[:, 1] > 1.30), 0].max()
    assert 0.20 < breadth < 0.26, "about 45 cm across the deltoids"


def test_sides_and_joints_are_told_apart_by_colour(mesh: SkinnedMesh, dense: np.ndarray) -> None:
    assert mesh.colors is not None
    left = mesh.colors[share(dense, "left", LEG) > 0.99]
    right = mesh.colors[share(dense, "right", LEG) > 0.99]
    cool, warm = np.median(left, axis=0), np.median(right, axis=0)
    assert cool[2] > cool[0] * 1.1
    assert warm[0] > warm[2] * 1.1
    assert abs(cool.mean() - warm.mean()) < 0.06, "alike in brightness"
    knee = np.abs(mesh.vertices[:, 1] - BODY.rest_world[0][BODY.index("left_knee"), 1]) < 0.02
    assert mesh.colors[knee].mean() < 0.2 * cool.mean()


def test_the_committed_mesh_is_what_its_code_describes(mesh: SkinnedMesh) -> None:
    field = figure()
    points = mesh.vertices.astype(np.float64)
    assert np.abs(field(points)).max() < 1e-4, "run python -m assets.characters.build_mannequin"
    normals = gradient(field, points)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    assert (normals * mesh.normals).sum(axis=1).min() > 0.99
    painted = paint(points, field)
    assert mesh.colors is not None
    assert np.mean(np.abs(painted - mesh.colors).max(axis=1) > 0.01) < 0.002


def test_the_committed_glb_is_the_committed_mesh(mesh: SkinnedMesh) -> None:
    expected = glb_bytes(rest_motion(BODY), mesh, GlbWriteOptions(animation="rest"))
    committed = assets.path("characters/mannequin.glb").read_bytes()
    assert committed == expected, "run python -m exporters.characters"


def test_assets_are_found_by_name_and_nothing_else_is() -> None:
    assert assets.path("characters/mannequin.npz").is_file()
    assert assets.mannequin() is assets.mannequin()
    with pytest.raises(AssetError, match=r"characters/nobody\.npz"):
        assets.path("characters/nobody.npz")
    with pytest.raises(AssetError, match="own files"):
        assets.path("../pyproject.toml")
