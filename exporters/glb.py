"""GLB (glTF 2.0 binary): a skinned figure and its animation, written and read.

Written files hold one scene: a node named after the figure that carries the joints, and the mesh.
The mesh node is a root of its own, because a skinned mesh's place in the tree means nothing and
the specification asks for it. Lengths are metres and +Y is up in glTF as in :mod:`motion`.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from exporters import coords, keyframes
from exporters.atomic import write_bytes
from exporters.bones import bone_mesh
from exporters.errors import ExportError, FileFormatError
from exporters.gltf import Builder, Document
from motion import rotations as rot
from motion.clip import Motion
from motion.rotations import Array
from motion.skeleton import Skeleton
from motion.skinning import SkinnedMesh, same_rest

#: A joint's distance from its rest offset below which it counts as not moving, metres.
SAME_POSITION = 1e-5

#: The most frames times nodes that reading makes of a file, so that a false time cannot fill the
#: memory: half an hour of a 50-joint figure at 30 fps, which takes about 500 MB.
MOST_POSES = 3_000_000

#: The farthest that anything may be from the origin, metres: squares of lengths stay finite.
LARGEST = 1e9

#: sRGB of the material: a light warm grey, as clay.
_CLAY = (0.78, 0.76, 0.73)


@dataclass(frozen=True)
class GlbWriteOptions:
    """How to write.

    Attributes:
        animation: The animation's name, for a single motion.
        bones: Draw the bones where there is no mesh; False writes joints that nothing shows.
    """

    animation: str = "motion"
    bones: bool = True


@dataclass(frozen=True)
class GlbReadOptions:
    """What to read.

    Attributes:
        animation: The name or number of the animation, or None for the first.
        fps: The frame rate to sample at, or None for the one that the keys were made at.
    """

    animation: str | int | None = None
    fps: float | None = None


# --- writing -----------------------------------------------------------------------------------


def save_glb(
    motion: Motion | Mapping[str, Motion],
    path: str | Path,
    mesh: SkinnedMesh | None = None,
    options: GlbWriteOptions | None = None,
) -> None:
    """Write a motion, or several by name, as one GLB.

    Args:
        motion: One motion, or animations by name, all on one skeleton.
        path: The file to write.
        mesh: The figure, bound to that skeleton; without one the bones are drawn.
        options: How to write.

    Raises:
        ExportError: the motions or the mesh have different skeletons, or the file cannot be
            written.
    """
    write_bytes(path, glb_bytes(motion, mesh, options))


def glb_bytes(
    motion: Motion | Mapping[str, Motion],
    mesh: SkinnedMesh | None = None,
    options: GlbWriteOptions | None = None,
) -> bytes:
    """What :func:`save_glb` writes."""
    options = options or GlbWriteOptions()
    motions = {options.animation: motion} if isinstance(motion, Motion) else dict(motion)
    skeleton = _common_skeleton(motions, mesh)
    if mesh is None and options.bones:
        mesh = bone_mesh(skeleton)
    builder = Builder({"asset": {"version": "2.0", "generator": "Motion Studio"}, "scene": 0})
    nodes = _add_joints(builder, skeleton)
    roots = [0]
    if mesh is not None:
        skin = _add_skin(builder, skeleton, nodes)
        figure = {"name": "figure", "mesh": _add_mesh(builder, mesh), "skin": skin}
        roots.append(builder.add("nodes", figure))
    builder.add("scenes", {"name": "Scene", "nodes": roots})
    for name, one in motions.items():
        _add_animation(builder, name, one, nodes)
    return builder.glb()


def _common_skeleton(motions: Mapping[str, Motion], mesh: SkinnedMesh | None) -> Skeleton:
    if not motions:
        raise ExportError("There is no motion to write.")
    first = next(iter(motions.values())).skeleton
    skeleton = first if mesh is None else mesh.skeleton
    for motion in motions.values():
        if not same_rest(motion.skeleton, skeleton):
            raise ExportError(
                f"The motion moves '{motion.skeleton.name}' and the figure or another motion is "
                f"on '{skeleton.name}'; retarget the motion first."
            )
    return skeleton


def _xyzw(q: Array) -> Array:
    """Quaternions in the order of components that glTF has."""
    return np.roll(q, -1, axis=-1)


def _add_joints(builder: Builder, skeleton: Skeleton) -> list[int]:
    """Nodes of the rest pose under one named after the figure; the node of each joint."""
    top: dict[str, Any] = {"name": skeleton.name}
    builder.add("nodes", top)
    nodes = []
    for joint, name in enumerate(skeleton.joints):
        node: dict[str, Any] = {
            "name": name,
            "translation": skeleton.rest_offsets[joint].tolist(),
            "rotation": _xyzw(rot.normalize(skeleton.rest_rotations[joint])).tolist(),
        }
        nodes.append(builder.add("nodes", node))
    for joint, children in enumerate(skeleton.children):
        if children:
            builder.json["nodes"][nodes[joint]]["children"] = [nodes[child] for child in children]
    top["children"] = [nodes[0]]
    return nodes


def _add_skin(builder: Builder, skeleton: Skeleton, nodes: list[int]) -> int:
    positions, rotations = skeleton.rest_world
    inverse = np.zeros((len(skeleton), 4, 4), dtype=np.float32)
    turn = rot.to_matrix(rot.conjugate(rotations))
    inverse[:, :3, :3] = turn
    inverse[:, :3, 3] = -np.einsum("jab,jb->ja", turn, positions)
    inverse[:, 3, 3] = 1.0
    columns = inverse.transpose(0, 2, 1).reshape(-1, 16)
    skin = {
        "name": skeleton.name,
        "joints": nodes,
        "skeleton": nodes[0],
        "inverseBindMatrices": builder.accessor(columns),
    }
    return builder.add("skins", skin)


def _add_mesh(builder: Builder, mesh: SkinnedMesh) -> int:
    joints, weights = _influences(mesh)
    normals = mesh.normals.astype(np.float64)
    normals = rot.unit(normals, np.array([0.0, 1.0, 0.0])).astype(np.float32)
    attributes = {
        "POSITION": builder.accessor(mesh.vertices.astype("<f4"), target="vertices", bounds=True),
        "NORMAL": builder.accessor(normals, target="vertices"),
        "JOINTS_0": builder.accessor(joints, target="vertices"),
        "WEIGHTS_0": builder.accessor(weights, target="vertices", normalized=True),
    }
    if mesh.colors is not None:
        rgba = np.ones((len(mesh), 4))
        rgba[:, :3] = np.clip(mesh.colors, 0.0, 1.0)
        shades = np.round(rgba * 65535).astype("<u2")
        attributes["COLOR_0"] = builder.accessor(shades, target="vertices", normalized=True)
    # The largest index is kept free: it restarts strips on some hardware.
    kind = "<u2" if len(mesh) < 65535 else "<u4"
    indices = mesh.triangles.ravel().astype(kind)
    primitive = {
        "attributes": attributes,
        "indices": builder.accessor(indices, target="indices"),
        "material": builder.add("materials", _material(mesh.colors is not None)),
    }
    return builder.add("meshes", {"name": "figure", "primitives": [primitive]})


def _material(coloured: bool) -> dict[str, Any]:
    """A matt, non-metallic surface; vertex colours multiply a white base."""
    base = [1.0, 1.0, 1.0] if coloured else [round(_linear(c), 4) for c in _CLAY]
    return {
        "name": "figure",
        "pbrMetallicRoughness": {
            "baseColorFactor": [*base, 1.0],
            "metallicFactor": 0.0,
            "roughnessFactor": 0.75,
        },
    }


def _linear(srgb: float) -> float:
    """A linear colour component of an sRGB one (IEC 61966-2-1)."""
    return srgb / 12.92 if srgb <= 0.04045 else ((srgb + 0.055) / 1.055) ** 2.4


def _influences(mesh: SkinnedMesh) -> tuple[np.ndarray, np.ndarray]:
    """Joints and weights ``[V, 4]`` as the specification wants them.

    Each vertex's weights are 16-bit fractions that sum to exactly one, no joint is named twice,
    and places without weight name joint 0.
    """
    joints, weights = mesh.joints.copy(), mesh.weights.astype(np.float64)
    for later in range(1, weights.shape[1]):
        for earlier in range(later):
            same = (joints[:, later] == joints[:, earlier]) & (weights[:, later] > 0)
            weights[same, earlier] += weights[same, later]
            weights[same, later] = 0.0
    parts = np.floor(weights / weights.sum(axis=1, keepdims=True) * 65535).astype(np.int64)
    largest = np.argmax(parts, axis=1)
    parts[np.arange(len(parts)), largest] += 65535 - parts.sum(axis=1)
    joints[parts == 0] = 0
    kind = "u1" if len(mesh.skeleton) <= 256 else "<u2"
    return joints.astype(kind), parts.astype("<u2")


def _add_animation(builder: Builder, name: str, motion: Motion, nodes: list[int]) -> None:
    times = (np.arange(len(motion)) / motion.fps).astype("<f4")
    if len(times) > 1 and not (np.diff(times) > 0).all():
        raise ExportError("The motion is too long for the single-precision times of glTF.")
    clock = builder.accessor(times, bounds=True)
    samplers: list[dict[str, Any]] = []
    channels: list[dict[str, Any]] = []

    def track(joint: int, what: str, values: Array) -> None:
        output = builder.accessor(np.ascontiguousarray(values, dtype="<f4"))
        samplers.append({"input": clock, "output": output, "interpolation": "LINEAR"})
        target = {"node": nodes[joint], "path": what}
        channels.append({"sampler": len(samplers) - 1, "target": target})

    turns = _xyzw(rot.continuous(rot.normalize(motion.rotations)))
    track(0, "translation", motion.root_positions)
    for joint in range(len(motion.skeleton)):
        track(joint, "rotation", turns[:, joint])
    for joint in _moving(motion):
        assert motion.local_positions is not None
        track(joint, "translation", motion.local_positions[:, joint])
    builder.add(
        "animations",
        {"name": name, "samplers": samplers, "channels": channels, "extras": {"fps": motion.fps}},
    )


def _moving(motion: Motion) -> list[int]:
    if motion.local_positions is None:
        return []
    stray = np.abs(motion.local_positions - motion.skeleton.rest_offsets).max(axis=(0, 2))
    return [int(joint) for joint in np.flatnonzero(stray > SAME_POSITION) if joint > 0]


# --- reading -----------------------------------------------------------------------------------


def load_glb(source: str | Path | bytes, options: GlbReadOptions | None = None) -> Motion:
    """Read one animation of a GLB or glTF file, whatever its rig.

    Joints are those of the file's skins, or the animated nodes where it has none, with the nodes
    between them. Scales anywhere above or in the figure are worked into positions, so lengths come
    out as the file shows them; translations of joints other than the root become
    ``local_positions``. Rest poses are those of the nodes.

    Raises:
        FileFormatError: the file is missing, damaged, of another version, or has no animation.
    """
    options = options or GlbReadOptions()
    file = Document(source)
    with _document_of_any_shape(file):
        return _read(file, options)


def load_skeleton(source: str | Path | bytes) -> Skeleton:
    """The skeleton of a GLB or glTF file with a skin, whether anything in it moves or not.

    Raises:
        FileFormatError: the file is missing, damaged, of another version, or has no skin.
    """
    file = Document(source)
    with _document_of_any_shape(file):
        tree = _Tree(file)
        if not file.items("skins"):
            raise file.error("it has no skin, so nothing says which of its nodes are joints.")
        joints = _joints(file, tree, [])
        rest = tree.world(tree.with_ancestors(joints), [], np.zeros(1))
        skeleton = _skeleton(tree, joints, rest)
        still = Motion(skeleton, 30, skeleton.rest_offsets[:1], skeleton.rest_rotations[None])
        return coords.on_known_body(still).skeleton


@contextmanager
def _document_of_any_shape(file: Document) -> Iterator[None]:
    """Anything may stand where the specification has an object: say so instead of failing."""
    try:
        # Numbers that overflow are looked at where they end up.
        with np.errstate(over="ignore", invalid="ignore"):
            yield
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError) as error:
        what = " ".join(f"{type(error).__name__}: {error}".split())[:80]
        raise file.error(f"the glTF document is malformed ({what}).") from error


def animation_names(source: str | Path | bytes) -> tuple[str, ...]:
    """Names of the animations in a GLB or glTF file; unnamed ones get their number.

    Raises:
        FileFormatError: the file is missing or damaged.
    """
    return _names(Document(source))


def _names(file: Document) -> tuple[str, ...]:
    animations = file.items("animations")
    return tuple(str(a.get("name") or i) for i, a in enumerate(animations))


class _Track(NamedTuple):
    """One animated property of a node."""

    node: int
    path: str  # translation, rotation or scale
    times: Array
    values: Array
    interpolation: str


def _read(file: Document, options: GlbReadOptions) -> Motion:
    unsupported = set(file.json.get("extensionsRequired", [])) & {"EXT_meshopt_compression"}
    if unsupported:
        raise file.error(f"it needs the extension {min(unsupported)}; save it without.")
    tree = _Tree(file)
    animation = _choose(file, options.animation)
    tracks = _tracks(file, animation, len(tree.nodes))
    joints = _joints(file, tree, tracks)
    fps = options.fps or _rate(animation, tracks)
    if not (np.isfinite(fps) and 0 < fps < 1e5):
        raise file.error(f"a frame rate of {fps:g} makes no sense.")
    start = min(float(track.times[0]) for track in tracks)
    seconds = max(float(track.times[-1]) for track in tracks) - start
    needed = tree.with_ancestors(joints)
    if seconds * fps * len(needed) > MOST_POSES:
        raise file.error(
            f"the animation lasts {seconds:g} s at {fps:g} fps, more than can be read at once; "
            "split it, or ask for a lower frame rate."
        )
    at = start + np.arange(keyframes.duration_frames(seconds, fps)) / fps
    skeleton = _skeleton(tree, joints, tree.world(needed, [], np.zeros(1)))
    posed = tree.world(needed, tracks, at)
    return coords.on_known_body(_motion(tree, joints, skeleton, fps, posed))


def _choose(file: Document, wanted: str | int | None) -> dict[str, Any]:
    names = _names(file)
    if not names:
        raise file.error("it has no animation, only a figure or a scene.")
    if isinstance(wanted, str):
        if wanted not in names:
            raise file.error(f"it has no animation '{wanted}', only {', '.join(names[:8])}.")
        wanted = names.index(wanted)
    index = wanted or 0
    if not 0 <= index < len(names):
        raise file.error(f"it has no animation number {index}, only {len(names)} from 0 on.")
    return file.items("animations")[index]


def _tracks(file: Document, animation: dict[str, Any], nodes: int) -> list[_Track]:
    out = []
    for channel in animation["channels"]:
        target = channel["target"]
        path, node = target.get("path"), target.get("node")
        if path not in ("translation", "rotation", "scale") or node is None:
            continue
        if type(node) is not int or not 0 <= node < nodes:
            raise file.error(f"an animation moves nodes[{node}], which it does not have.")
        sampler = animation["samplers"][channel["sampler"]]
        interpolation = sampler.get("interpolation", "LINEAR")
        times, values = file.array(sampler["input"]), file.array(sampler["output"])
        if interpolation == "CUBICSPLINE":
            values = values.reshape(-1, 3, values.shape[-1])
        width = 4 if path == "rotation" else 3
        if times.ndim != 1 or len(times) != len(values) or values.shape[-1] != width:
            raise file.error(f"the {path} of nodes[{node}] has not one value for each key.")
        if (np.diff(times) < 0).any():
            raise file.error(f"the keys of nodes[{node}] are not in order of time.")
        out.append(_Track(node, path, times, values, interpolation))
    if not out:
        raise file.error("its animation moves nothing.")
    return out


def _rate(animation: dict[str, Any], tracks: list[_Track]) -> float:
    """The frame rate that our own files state, else the one that the keys were made at."""
    extras = animation.get("extras")
    stated = extras.get("fps") if isinstance(extras, dict) else None
    if isinstance(stated, int | float) and not isinstance(stated, bool) and 0 < stated < 1e5:
        return float(stated)
    return keyframes.guess_rate([track.times for track in tracks])


class _Tree:
    """The file's nodes: who is whose child, and where they stand."""

    def __init__(self, file: Document) -> None:
        self.file = file
        self.nodes = file.items("nodes")
        self.parents = [-1] * len(self.nodes)
        for i, node in enumerate(self.nodes):
            for child in node.get("children", []):
                file.item("nodes", child)
                if self.parents[child] != -1 or child == i:
                    raise file.error(f"nodes[{child}] has two parents.")
                self.parents[child] = i
        self.order = self._parents_first(file)
        self.rank = {node: rank for rank, node in enumerate(self.order)}

    def _parents_first(self, file: Document) -> list[int]:
        out = [i for i, parent in enumerate(self.parents) if parent == -1]
        for node in out:  # grows while it is walked
            out.extend(self.nodes[node].get("children", []))
        if len(out) != len(self.nodes):
            raise file.error("its nodes are their own ancestors, in a circle.")
        return out

    def ancestors(self, node: int) -> list[int]:
        """The node and everything above it, upwards."""
        out = []
        while node != -1:
            out.append(node)
            node = self.parents[node]
        return out

    def with_ancestors(self, nodes: list[int]) -> list[int]:
        """The nodes and everything above them, parents first."""
        found = {above for node in nodes for above in self.ancestors(node)}
        return sorted(found, key=self.rank.__getitem__)

    def parents_first(self, nodes: set[int], wish: Mapping[int, int]) -> list[int]:
        """``nodes``, a tree, in the order of ``wish`` as far as parents come before children."""
        root = min(nodes, key=self.rank.__getitem__)
        out: list[int] = []
        ready = [(-1, root)]
        while ready:
            _, node = heapq.heappop(ready)
            out.append(node)
            for child in self.nodes[node].get("children", []):
                if child in nodes:
                    heapq.heappush(ready, (wish.get(child, len(wish)), child))
        return out

    def local(self, node: int) -> tuple[Array, Array, Array]:
        """Translation ``[3]``, rotation ``[4]`` (xyzw) and scale ``[3]`` at rest."""
        own = self.nodes[node]
        if "matrix" in own:
            return _decompose(np.array(own["matrix"], dtype=np.float64).reshape(4, 4).T)
        translation = np.array(own.get("translation", (0, 0, 0)), dtype=np.float64).reshape(3)
        rotation = np.array(own.get("rotation", (0, 0, 0, 1)), dtype=np.float64).reshape(4)
        scale = np.array(own.get("scale", (1, 1, 1)), dtype=np.float64).reshape(3)
        return translation, rotation, scale

    def world(self, nodes: list[int], tracks: list[_Track], at: Array) -> dict[int, _Placed]:
        """Where each of ``nodes`` is at the times ``at``.

        ``nodes`` must list parents first and leave out no ancestor.
        """
        moved = {(track.node, track.path): track for track in tracks}
        out: dict[int, _Placed] = {}
        for node in nodes:
            values = []
            for path, rest in zip(_PATHS, self.local(node), strict=True):
                track = moved.get((node, path))
                if track is None:
                    values.append(np.broadcast_to(rest, (len(at), len(rest))))
                else:
                    turning = path == "rotation"
                    kind = track.interpolation
                    values.append(
                        keyframes.sample(track.times, track.values, kind, at, rotation=turning)
                    )
            position, xyzw, scale = values
            turn = rot.normalize(np.roll(xyzw, 1, axis=-1))
            axes = rot.to_matrix(turn) * scale[:, None, :]
            above = out.get(self.parents[node])
            if above is not None:
                position = above.positions + np.einsum("tab,tb->ta", above.axes, position)
                axes = above.axes @ axes
                turn = rot.multiply(above.rotations, turn)
            if not (np.abs(position).max() <= LARGEST and np.abs(axes).max() <= LARGEST):
                raise self.file.error("its nodes are moved or scaled far beyond any figure.")
            out[node] = _Placed(position, turn, axes)
        return out


class _Placed(NamedTuple):
    """A node in the world over time.

    Rotations are the product of the nodes' own. Scale shows in the axes and so in the positions of
    what hangs below, but not in the rotations: a node scaled to nothing still has one.
    """

    positions: Array  # [T, 3]
    rotations: Array  # [T, 4]
    axes: Array  # [T, 3, 3] where its unit vectors point, as long as they are


_PATHS = ("translation", "rotation", "scale")


def _decompose(matrix: Array) -> tuple[Array, Array, Array]:
    axes = matrix[:3, :3]
    scale = np.linalg.norm(axes, axis=0)
    if np.linalg.det(axes) < 0:
        scale[2] *= -1
    turn = rot.from_matrix(axes / np.where(np.abs(scale) > 1e-12, scale, 1.0))
    return matrix[:3, 3], np.roll(turn, -1), scale


def _joints(file: Document, tree: _Tree, tracks: list[_Track]) -> list[int]:
    """Nodes that make up the figure: one root, no gaps below it, parents first.

    Otherwise in the order in which the file lists them, so that a skeleton comes back as written.
    """
    listed: list[int] = []
    for skin in file.items("skins"):
        for joint in skin.get("joints", []):
            file.item("nodes", joint)
            listed.append(joint)
    listed = listed or sorted({track.node for track in tracks})
    lines = [tree.ancestors(node)[::-1] for node in dict.fromkeys(listed)]
    shared = 0
    while all(len(line) > shared and line[shared] == lines[0][shared] for line in lines):
        shared += 1
    if not shared:
        raise file.error("its joints have no common root; keep one figure in the file.")
    inside = {node for line in lines for node in line[shared - 1 :]}
    wish = {node: i for i, node in reversed(list(enumerate(listed)))}
    return tree.parents_first(inside, wish)


def _unique_names(tree: _Tree, joints: list[int]) -> tuple[str, ...]:
    """Names as the file has them, numbered where they are missing or given twice."""
    taken: set[str] = set()
    out = []
    for node in joints:
        plain = str(tree.nodes[node].get("name") or f"node_{node}")
        name, count = plain, 2
        while name in taken:
            name, count = f"{plain}_{count}", count + 1
        taken.add(name)
        out.append(name)
    return tuple(out)


def _local(tree: _Tree, joints: list[int], world: dict[int, _Placed]) -> tuple[Array, Array, Array]:
    """Parent-local positions ``[T, J, 3]`` (the root's in the world) and rotations ``[T, J, 4]``.

    Also the index of each joint's parent ``[J]``, -1 for the root.
    """
    place = {node: i for i, node in enumerate(joints)}
    parents = np.array([place.get(tree.parents[node], -1) for node in joints])
    positions = np.stack([world[node].positions for node in joints], axis=1)
    turns = np.stack([world[node].rotations for node in joints], axis=1)
    below = parents >= 0
    into = rot.conjugate(turns[:, parents[below]])
    offsets, rotations = positions.copy(), turns.copy()
    offsets[:, below] = rot.rotate(into, positions[:, below] - positions[:, parents[below]])
    rotations[:, below] = rot.multiply(into, turns[:, below])
    return offsets, rotations, parents


def _skeleton(tree: _Tree, joints: list[int], rest: dict[int, _Placed]) -> Skeleton:
    offsets, rotations, parents = _local(tree, joints, rest)
    names = _unique_names(tree, joints)
    return Skeleton(names[0], names, tuple(parents.tolist()), offsets[0], (), rotations[0])


def _motion(
    tree: _Tree, joints: list[int], skeleton: Skeleton, fps: float, posed: dict[int, _Placed]
) -> Motion:
    offsets, rotations, _ = _local(tree, joints, posed)
    root = offsets[:, 0].copy()
    offsets[:, 0] = skeleton.rest_offsets[0]
    strays = np.abs(offsets - skeleton.rest_offsets).max() > SAME_POSITION
    return Motion(skeleton, fps, root, rot.continuous(rotations), offsets if strays else None)


__all__ = [
    "FileFormatError", "GlbReadOptions", "GlbWriteOptions", "animation_names", "glb_bytes",
    "load_glb", "load_skeleton", "save_glb",
]  # fmt: skip
