from __future__ import annotations

import json
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exporters
from exporters.errors import ExportError, FileFormatError
from exporters.glb import GlbReadOptions, GlbWriteOptions, animation_names, glb_bytes, load_glb
from exporters.gltf import Builder
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY, Skeleton
from motion.skinning import SkinnedMesh, skin
from tests.exporters.motions import body_motion, motions, random_motion, same_world

NODE_FOLDER = Path(__file__).parent / "node"


def some_mesh(skeleton: Skeleton, seed: int = 0, *, colors: bool = False) -> SkinnedMesh:
    """A surface of random triangles around the joints, with every oddity that weights may have."""
    rng = np.random.default_rng(seed)
    count = 60
    joints = rng.integers(0, len(skeleton), (count, 4))
    joints[:10, 1] = joints[:10, 0]  # the same joint twice
    weights = rng.random((count, 4))
    weights[10:20, 2:] = 0.0  # unused places that name a joint all the same
    weights[20:30, 1:] = 1e-9  # weights that vanish in any file
    weights /= weights.sum(axis=1, keepdims=True)
    near = skeleton.rest_world[0][joints[:, 0]]
    return SkinnedMesh(
        skeleton=skeleton,
        vertices=(near + rng.normal(scale=0.05, size=(count, 3))).astype(np.float32),
        normals=rot.unit(rng.normal(size=(count, 3)), [0, 1, 0]).astype(np.float32),
        triangles=np.arange(count, dtype=np.int32).reshape(-1, 3),
        joints=joints.astype(np.int32),
        weights=weights.astype(np.float32),
        colors=rng.random((count, 3)).astype(np.float32) if colors else None,
    )


def parts(content: bytes) -> tuple[dict, bytes]:
    """The JSON and the binary chunk of a GLB."""
    size = struct.unpack_from("<I", content, 12)[0]
    return json.loads(content[20 : 20 + size]), content[28 + size :]


@given(motions())
def test_what_was_written_reads_back(motion: Motion) -> None:
    back = load_glb(glb_bytes(motion))
    assert back.skeleton.joints == motion.skeleton.joints
    assert back.skeleton.parents == motion.skeleton.parents
    assert np.allclose(back.skeleton.rest_offsets, motion.skeleton.rest_offsets, atol=1e-5)
    rest = rot.angle_between(back.skeleton.rest_rotations, motion.skeleton.rest_rotations)
    assert np.degrees(rest.max()) < 0.01
    assert np.degrees(rot.angle_between(back.rotations, motion.rotations).max()) < 0.01
    assert np.abs(back.positions - motion.positions).max() < 1e-4
    assert (len(back), back.fps) == (len(motion), motion.fps)


@given(motions())
def test_frame_rate_and_length_are_told_by_the_keys_alone(motion: Motion) -> None:
    tree, binary = parts(glb_bytes(motion))
    del tree["animations"][0]["extras"]
    builder = Builder(tree)
    builder._parts, builder._size = [binary], len(binary)
    back = load_glb(builder.glb())
    assert len(back) == len(motion)
    if len(motion) > 1:
        assert back.fps == pytest.approx(motion.fps, rel=1e-4)


def test_our_body_comes_back_as_itself() -> None:
    assert load_glb(glb_bytes(body_motion())).skeleton is BODY


def test_several_animations_by_name() -> None:
    walk, wave = body_motion(1, 10), body_motion(2, 20)
    content = glb_bytes({"walk": walk, "wave": wave})
    assert animation_names(content) == ("walk", "wave")
    for wanted, motion in (("walk", walk), ("wave", wave), (1, wave)):
        back = load_glb(content, GlbReadOptions(wanted))
        assert len(back) == len(motion)
        assert np.allclose(back.positions, motion.positions, atol=1e-4)
    with pytest.raises(FileFormatError, match="no animation 'run', only walk, wave"):
        load_glb(content, GlbReadOptions("run"))
    with pytest.raises(FileFormatError, match="number 7"):
        load_glb(content, GlbReadOptions(7))


def test_reads_at_another_rate() -> None:
    motion = body_motion(frames=31)
    back = load_glb(glb_bytes(motion), GlbReadOptions(fps=60.0))
    assert len(back) == 61
    assert np.allclose(back.rotations, motion.resample(60).rotations, atol=1e-4) or np.allclose(
        rot.angle_between(back.rotations, motion.resample(60).rotations), 0, atol=1e-3
    )


def test_a_figure_on_another_skeleton_is_refused() -> None:
    motion = random_motion(0, 3)
    with pytest.raises(ExportError, match="retarget the motion first"):
        glb_bytes(motion, some_mesh(BODY))
    with pytest.raises(ExportError, match="no motion"):
        glb_bytes({})


# --- other readers -----------------------------------------------------------------------------


@pytest.mark.parametrize("colors", [False, True])
def test_pygltflib_and_linear_skinning_agree_with_ours(colors: bool, tmp_path: Path) -> None:
    """Skins the written mesh with another reader's numbers and compares with :func:`skin`."""
    pygltflib = pytest.importorskip("pygltflib")
    motion = random_motion(5, 4, joints=7, rest_turns=True)
    mesh = some_mesh(motion.skeleton, colors=colors)
    path = tmp_path / "figure.glb"
    path.write_bytes(glb_bytes(motion, mesh))
    gltf = pygltflib.GLTF2().load(str(path))
    blob = gltf.binary_blob()
    width = {"SCALAR": 1, "VEC3": 3, "VEC4": 4, "MAT4": 16}
    kinds = {5121: np.uint8, 5123: np.uint16, 5125: np.uint32, 5126: np.float32}

    def read(index: int) -> np.ndarray:
        a = gltf.accessors[index]
        start = gltf.bufferViews[a.bufferView].byteOffset
        flat = np.frombuffer(blob, kinds[a.componentType], a.count * width[a.type], start)
        scale = np.iinfo(flat.dtype).max if a.normalized else 1
        return flat.reshape(a.count, -1) / scale

    attributes = gltf.meshes[0].primitives[0].attributes
    points, weights = read(attributes.POSITION), read(attributes.WEIGHTS_0)
    joints = read(attributes.JOINTS_0).astype(int)
    assert (attributes.COLOR_0 is not None) == colors
    assert np.allclose(weights.sum(axis=1), 1, atol=1e-12)
    inverse = read(gltf.skins[0].inverseBindMatrices).reshape(-1, 4, 4).transpose(0, 2, 1)
    slots = {node: i for i, node in enumerate(gltf.skins[0].joints)}
    translations = {
        i: np.tile(n.translation or [0, 0, 0], (4, 1)) for i, n in enumerate(gltf.nodes)
    }
    turns = {i: np.tile(n.rotation or [0, 0, 0, 1], (4, 1)) for i, n in enumerate(gltf.nodes)}
    for channel in gltf.animations[0].channels:
        values = read(gltf.animations[0].samplers[channel.sampler].output)
        (translations if channel.target.path == "translation" else turns)[channel.target.node] = (
            values
        )
    posed = np.zeros((4, len(slots), 4, 4))

    def walk(node: int, above: np.ndarray) -> None:
        here = np.tile(np.eye(4), (4, 1, 1))
        here[:, :3, :3] = rot.to_matrix(np.roll(turns[node], 1, axis=-1))
        here[:, :3, 3] = translations[node]
        here = above @ here
        if node in slots:
            posed[:, slots[node]] = here @ inverse[slots[node]]
        for child in gltf.nodes[node].children or []:
            walk(child, here)

    walk(0, np.tile(np.eye(4), (4, 1, 1)))
    homogeneous = np.c_[points, np.ones(len(points))]
    blended = np.einsum("vk,tvkab,vb->tva", weights, posed[:, joints], homogeneous)[..., :3]
    assert np.abs(blended - skin(mesh, motion)).max() < 1e-4


def test_trimesh_opens_it(tmp_path: Path) -> None:
    trimesh = pytest.importorskip("trimesh")
    path = tmp_path / "figure.glb"
    mesh = some_mesh(BODY)
    path.write_bytes(glb_bytes(body_motion(), mesh))
    (loaded,) = trimesh.load(path).geometry.values()
    assert np.allclose(loaded.bounds, [mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)])


@pytest.fixture(scope="session")
def validator() -> list[str]:
    """The command that runs the Khronos validator, installed once from its lock file."""
    node = shutil.which("node")
    npm = shutil.which("npm")
    if node is None or npm is None:
        pytest.skip("needs Node.js on the PATH for the Khronos validator")
    if not (NODE_FOLDER / "node_modules" / "gltf-validator").is_dir():
        done = subprocess.run(
            [npm, "ci", "--no-audit", "--no-fund"], cwd=NODE_FOLDER, capture_output=True, text=True
        )
        if done.returncode:
            pytest.skip(f"cannot install the Khronos validator: {done.stderr.strip()[-200:]}")
    return [node, str(NODE_FOLDER / "validate.js")]


def test_the_khronos_validator_finds_nothing(validator: list[str], tmp_path: Path) -> None:
    turned = random_motion(8, 3, joints=9, rest_turns=True, moving=True, fps=24)
    many = random_motion(9, 2, joints=300)
    contents = {
        "bones": glb_bytes(body_motion()),
        "one frame": glb_bytes(body_motion(frames=1)),
        "figure": glb_bytes(body_motion(), some_mesh(BODY)),
        "colours": glb_bytes(turned, some_mesh(turned.skeleton, colors=True)),
        "many joints": glb_bytes(many, some_mesh(many.skeleton)),
        "several": glb_bytes({"a": body_motion(1), "b": body_motion(2)}, some_mesh(BODY)),
        "bare": glb_bytes(body_motion(), options=GlbWriteOptions(bones=False)),
    }
    for name, content in contents.items():
        (tmp_path / f"{name}.glb").write_bytes(content)
    files = [str(tmp_path / f"{name}.glb") for name in contents]
    done = subprocess.run([*validator, *files], capture_output=True, text=True, check=True)
    for name, issues in zip(contents, json.loads(done.stdout), strict=True):
        assert (issues["numErrors"], issues["numWarnings"]) == (0, 0), (name, issues["messages"])


# --- other people's files ----------------------------------------------------------------------


def document(
    nodes: list[dict],
    tracks: list[tuple[int, str, list[float], list, str]],
    skins: list[dict] | None = None,
) -> bytes:
    """A GLB of given nodes and keyframes ``(node, path, times, values, interpolation)``."""
    builder = Builder({"asset": {"version": "2.0"}, "nodes": nodes})
    if skins:
        builder.json["skins"] = skins
    samplers, channels = [], []
    for node, path, times, values, interpolation in tracks:
        samplers.append(
            {
                "input": builder.accessor(np.array(times, dtype="<f4"), bounds=True),
                "output": builder.accessor(np.array(values, dtype="<f4")),
                "interpolation": interpolation,
            }
        )
        channels.append({"sampler": len(samplers) - 1, "target": {"node": node, "path": path}})
    builder.add("animations", {"samplers": samplers, "channels": channels})
    return builder.glb()


def test_scales_and_matrices_above_the_figure_are_baked() -> None:
    """As Mixamo's files have it: centimetres and +Z up under a node that corrects both."""
    turn = rot.to_matrix(rot.from_axis_angle([1, 0, 0], -np.pi / 2)) * 0.01
    matrix = np.eye(4)
    matrix[:3, :3] = turn
    nodes = [
        {"name": "Armature", "matrix": matrix.T.ravel().tolist(), "children": [1]},
        {"name": "Hips", "translation": [0, 0, 100], "children": [2]},
        {"name": "Head", "translation": [0, 0, 60]},
    ]
    tracks = [(1, "translation", [0, 0.5], [[0, 0, 100], [0, -50, 100]], "LINEAR")]
    motion = load_glb(document(nodes, tracks, [{"joints": [1, 2]}]))
    assert motion.skeleton.joints == ("Hips", "Head")
    assert np.allclose(motion.skeleton.rest_world[0], [[0, 1, 0], [0, 1.6, 0]])
    assert np.allclose(motion.positions[-1], [[0, 1, 0.5], [0, 1.6, 0.5]])
    assert motion.local_positions is None
    assert np.allclose(np.linalg.norm(motion.skeleton.rest_offsets[1]), 0.6)


def test_animated_scale_moves_the_joints_below() -> None:
    nodes = [{"children": [1]}, {"translation": [0, 1, 0]}]
    tracks = [(0, "scale", [0, 1], [[1, 1, 1], [2, 2, 2]], "LINEAR")]
    motion = load_glb(document(nodes, tracks, [{"joints": [0, 1]}]), GlbReadOptions(fps=4))
    assert np.allclose(motion.positions[:, 1, 1], [1, 1.25, 1.5, 1.75, 2])
    assert motion.skeleton.joints == ("node_0", "node_1")


def test_what_is_scaled_to_nothing_is_hidden_and_no_error() -> None:
    """As games put away what a character does not hold."""
    nodes = [{"children": [1]}, {"translation": [0, 1, 0], "children": [2]}, {}]
    tracks = [
        (1, "scale", [0, 1], [[1, 1, 1], [0, 0, 0]], "STEP"),
        (2, "translation", [0, 1], [[0, 0.5, 0], [0, 0.5, 0]], "LINEAR"),
    ]
    motion = load_glb(document(nodes, tracks, [{"joints": [0, 1, 2]}]))
    assert np.allclose(motion.positions[0, 2], [0, 1.5, 0])
    assert np.allclose(motion.positions[-1, 2], [0, 1.0, 0])


def test_joints_without_a_common_parent_joint_get_one() -> None:
    nodes = [
        {"name": "rig", "children": [1, 2]},
        {"name": "bone", "translation": [0.1, 1, 0]},
        {"name": "bone", "translation": [-0.1, 1, 0]},
    ]
    tracks = [(1, "rotation", [0, 1], [[0, 0, 0, 1], [1, 0, 0, 0]], "STEP")]
    motion = load_glb(document(nodes, tracks, [{"joints": [2, 1]}]))
    assert motion.skeleton.joints == ("rig", "bone", "bone_2")
    assert motion.skeleton.parents == (-1, 0, 0)
    apart = document([nodes[1], nodes[2]], tracks[:0] + [(0, *tracks[0][1:])], [{"joints": [0, 1]}])
    with pytest.raises(FileFormatError, match="no common root"):
        load_glb(apart)


def test_interpolation_follows_the_specification() -> None:
    """Appendix C: steps hold, lines are straight, cubic keys have tangents per second."""
    nodes = [{}]
    times = [0.0, 2.0]
    ends = [[0.0, 0, 0], [4.0, 0, 0]]
    linear = load_glb(document(nodes, [(0, "translation", times, ends, "LINEAR")], []))
    assert np.allclose(linear.root_positions[:, 0], np.linspace(0, 4, len(linear)))
    step = load_glb(document(nodes, [(0, "translation", times, ends, "STEP")], []))
    assert set(step.root_positions[:-1, 0]) == {0.0}
    assert step.root_positions[-1, 0] == 4.0
    slope = [[3.0, 0, 0], [-1.0, 0, 0]]
    keys = [[0, 0, 0], ends[0], slope[0], slope[1], ends[1], [0, 0, 0]]
    cubic = load_glb(document(nodes, [(0, "translation", times, keys, "CUBICSPLINE")], []))
    from scipy.interpolate import CubicHermiteSpline

    spline = CubicHermiteSpline(times, ends, slope)
    assert np.allclose(cubic.root_positions, spline(np.arange(len(cubic)) / cubic.fps), atol=1e-5)


def test_rotations_are_slerped_the_short_way() -> None:
    half = np.sqrt(0.5)
    keys = [[0, 0, 0, 1], [0, -half, 0, -half]]  # a quarter turn, with the sign flipped
    motion = load_glb(document([{}], [(0, "rotation", [0, 1], keys, "LINEAR")], []))
    angles = rot.heading(motion.rotations[:, 0])
    assert np.allclose(angles, np.linspace(0, np.pi / 2, len(motion)), atol=1e-4)


def test_normalized_integers_and_times_that_start_late() -> None:
    builder = Builder({"asset": {"version": "2.0"}, "nodes": [{}]})
    keys = np.array([[0, 0, 0, 32767], [0, 23170, 0, 23170]], dtype="<i2")
    sampler = {
        "input": builder.accessor(np.array([5.0, 6.0], dtype="<f4"), bounds=True),
        "output": builder.accessor(keys, normalized=True),
    }
    channel = {"sampler": 0, "target": {"node": 0, "path": "rotation"}}
    builder.add("animations", {"samplers": [sampler], "channels": [channel]})
    motion = load_glb(builder.glb(), GlbReadOptions(fps=10))
    assert len(motion) == 11
    assert np.allclose(
        rot.heading(motion.rotations[:, 0]), np.linspace(0, np.pi / 2, 11), atol=1e-4
    )


@settings(max_examples=20)
@given(st.integers(0, 1000), st.sampled_from([0.01, 1.0, 100.0]))
def test_size_does_not_depend_on_where_the_scale_stands(seed: int, scale: float) -> None:
    motion = random_motion(seed, 4, joints=6, rest_turns=True, moving=True)
    tree, binary = parts(glb_bytes(motion))
    tree["nodes"][0]["scale"] = [scale] * 3
    builder = Builder(tree)
    builder._parts, builder._size = [binary], len(binary)
    back = load_glb(builder.glb())
    assert np.allclose(back.positions, motion.positions * scale, rtol=1e-4, atol=1e-4 * scale)
    angle, _ = same_world(motion, back)
    assert angle < 0.01


def test_reads_the_animations_of_a_real_character(shared_data: Path) -> None:
    path = shared_data / "characters" / "Knight.glb"
    names = animation_names(path)
    assert len(names) == 76
    motion = load_glb(path, GlbReadOptions("Walking_A"))
    assert motion.fps in (24, 30)
    assert len(motion) > 10
    heights = motion.positions[..., 1]
    assert heights.min() > -0.1
    assert 0.8 < heights.max() < 2.0


def test_a_character_without_animation_has_a_skeleton_all_the_same(shared_data: Path) -> None:
    path = shared_data / "characters" / "human-male.glb"
    with pytest.raises(FileFormatError, match="no animation"):
        load_glb(path)
    skeleton = exporters.load_skeleton(path)
    heights = skeleton.rest_world[0][:, 1]
    assert 1.2 < np.ptp(heights) < 2.2
    assert exporters.load_skeleton(shared_data / "characters" / "Knight.glb").joints[:2] == (
        "root",
        "hips",
    )


def test_skeletons_are_read_from_any_format(tmp_path: Path) -> None:
    for suffix in (".glb", ".bvh", ".npz"):
        exporters.save(body_motion(), tmp_path / f"clip{suffix}")
        assert exporters.load_skeleton(tmp_path / f"clip{suffix}") is BODY
    bare = glb_bytes(body_motion(), options=GlbWriteOptions(bones=False))
    (tmp_path / "bare.glb").write_bytes(bare)
    with pytest.raises(FileFormatError, match="no skin"):
        exporters.load_skeleton(tmp_path / "bare.glb")
