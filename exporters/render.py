"""Pictures and films of motion, drawn without a window: ``python -m exporters.render IN OUT.png``.

Needs the extra ``render`` (pyrender, imageio-ffmpeg). On Linux a GPU or Mesa's software EGL draws;
elsewhere the system's own OpenGL.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import assets
from exporters.bones import bone_mesh
from exporters.errors import ExportError
from exporters.stage import LIGHT, Camera, Shadow, backdrop, framing
from motion.clip import Motion
from motion.errors import MotionStudioError
from motion.retarget import retarget
from motion.rotations import Array
from motion.skeleton import BODY
from motion.skinning import SkinnedMesh, same_rest, skin, vertex_normals

Image = NDArray[np.uint8]

#: Size of one picture, width and height in pixels, where none is asked for.
SIZE = (512, 512)

#: How far from straight ahead a camera stands by default: a figure's front quarter, radians.
QUARTER = 0.62


class RenderError(ExportError):
    """Nothing can be drawn here: a package or a graphics library is missing."""


@dataclass(frozen=True)
class _Pose:
    """A figure at one moment, ready to draw; ``opacity`` below 1 is a ghost."""

    mesh: SkinnedMesh
    vertices: Array
    opacity: float = 1.0


class _Artist:
    """Draws poses with pyrender; made by :func:`_artist`, which closes it."""

    def __init__(self, pyrender: Any, renderer: Any) -> None:
        self._pyrender, self._renderer = pyrender, renderer

    def draw(self, poses: Sequence[_Pose], camera: Camera, size: tuple[int, int]) -> Image:
        """All ``poses`` on the ground, later ones over earlier ones where they are ghosts."""
        shadows = [(Shadow.of(p.vertices, _areas(p)), p.opacity) for p in poses]
        image, ground = backdrop(camera, size, shadows)
        for pose in poses:
            color, alpha, depth = self._layer(pose, camera, size)
            # What has sunk into the ground shows through it, so that penetration can be seen.
            sunk = np.where((depth > 0) & (depth > ground + 1e-3), 0.35, 1.0)
            cover = (alpha * sunk * pose.opacity)[..., None]
            image = image * (1 - cover) + color * cover
        return (np.clip(image, 0, 1) * 255 + 0.5).astype(np.uint8)

    def _layer(self, pose: _Pose, camera: Camera, size: tuple[int, int]):
        """``color[H, W, 3]``, ``alpha[H, W]`` and ``depth[H, W]`` (0 where nothing is)."""
        self._renderer.viewport_width, self._renderer.viewport_height = size
        scene = self._scene(pose, camera)
        flags = self._pyrender.RenderFlags.RGBA
        rgba, depth = self._renderer.render(scene, flags=flags)
        pixels = rgba.astype(np.float64) / 255
        alpha = pixels[..., 3]
        # Antialiased edges are mixed with the clear colour, black: divide it out again.
        color = pixels[..., :3] / np.maximum(alpha, 1 / 255)[..., None]
        return np.clip(color, 0, 1), alpha, depth

    def _scene(self, pose: _Pose, camera: Camera) -> Any:
        pyrender = self._pyrender
        scene = pyrender.Scene(bg_color=[0.0, 0.0, 0.0, 0.0], ambient_light=[0.16, 0.165, 0.18])
        colors = np.ones((len(pose.vertices), 4), np.float32)
        colors[:, :3] = _CLAY if pose.mesh.colors is None else pose.mesh.colors
        scene.add(pyrender.Mesh([pyrender.Primitive(
            positions=pose.vertices.astype(np.float32),
            normals=vertex_normals(pose.vertices, pose.mesh.triangles),
            indices=pose.mesh.triangles.astype(np.uint32),
            color_0=colors,
            material=pyrender.MetallicRoughnessMaterial(
                baseColorFactor=[1.0, 1.0, 1.0, 1.0], metallicFactor=0.0, roughnessFactor=0.55
            ),
        )]))  # fmt: skip
        view = camera.pose
        scene.add(pyrender.PerspectiveCamera(yfov=camera.fov, znear=0.05, zfar=200.0), pose=view)
        for direction, color, intensity in (
            (LIGHT, [1.0, 0.97, 0.92], 3.4),
            (view[:3, :3] @ [0.9, 0.15, 0.55], [0.80, 0.88, 1.0], 1.1),
            (view[:3, :3] @ [-0.5, 0.6, -1.0], [1.0, 1.0, 1.0], 2.6),
        ):
            light = pyrender.DirectionalLight(color=color, intensity=intensity)
            scene.add(light, pose=Camera(np.asarray(direction), np.zeros(3)).pose)
        return scene


_CLAY = np.array([0.56, 0.53, 0.49])


def _areas(pose: _Pose) -> Array:
    """The share of the surface ``[V]`` (m^2) that each vertex stands for."""
    corners = pose.vertices[pose.mesh.triangles]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.repeat(np.linalg.norm(cross, axis=1) / 6, 3)
    spread = np.bincount(pose.mesh.triangles.ravel(), area, len(pose.vertices))
    return spread.astype(np.float64)


@contextmanager
def _artist() -> Iterator[_Artist]:
    if sys.platform.startswith("linux"):
        os.environ.setdefault("PYOPENGL_PLATFORM", "egl")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyrender and PyOpenGL are older than their libraries
        try:
            import pyrender
        except ImportError as error:
            raise RenderError(
                "Drawing pictures needs the extra 'render': pip install 'motion-studio[render]'."
            ) from error
        try:
            renderer = pyrender.OffscreenRenderer(*SIZE)
        except Exception as error:  # each platform's missing driver has an error of its own
            raise RenderError(
                "There is no OpenGL to draw with; on Debian and Ubuntu install "
                "libegl1 libgl1 libgl1-mesa-dri."
            ) from error
        try:
            yield _Artist(pyrender, renderer)
        finally:
            renderer.delete()


def figure_for(motion: Motion) -> SkinnedMesh:
    """The mannequin where ``motion`` moves the canonical body, and drawn bones elsewhere."""
    mannequin = assets.mannequin()
    return (
        mannequin if same_rest(mannequin.skeleton, motion.skeleton) else bone_mesh(motion.skeleton)
    )


def render_frames(
    motion: Motion,
    mesh: SkinnedMesh | None = None,
    frames: Sequence[int] | None = None,
    size: tuple[int, int] = SIZE,
    camera: Camera | None = None,
) -> Image:
    """Pictures ``[N, H, W, 3]`` (sRGB) of chosen frames.

    Args:
        motion: What to draw.
        mesh: The figure, bound to the motion's skeleton; by default :func:`figure_for`.
        frames: Frame numbers, by default all.
        size: Width and height, pixels.
        camera: By default one that sees the whole motion from its front quarter.

    Raises:
        RenderError: If pyrender or OpenGL is missing.
        MotionError: If a frame is outside the motion or the mesh is of another skeleton.
    """
    chosen = range(len(motion)) if frames is None else frames
    picked = [motion.slice(f, f + 1) for f in chosen]
    figure = mesh or figure_for(motion)
    view = camera or overview(motion, size[0] / size[1])
    with _artist() as artist:
        return np.stack(
            [artist.draw([_Pose(figure, skin(figure, one)[0])], view, size) for one in picked]
        )


def overview(motion: Motion, aspect: float = 1.0, yaw: float = QUARTER) -> Camera:
    """A camera that sees the whole motion, ``yaw`` radians off the front of its first frame."""
    return framing(_body_box(motion.positions), float(motion.headings[0]) + yaw, aspect=aspect)


def _body_box(positions: Array) -> Array:
    """Joint positions and the ground below them, with room for hands, head and feet."""
    around = np.array(
        [[x, y, z] for x in (-0.12, 0.12) for y in (-0.05, 0.2) for z in (-0.12, 0.12)]
    )
    flat = positions.reshape(-1, 3)
    return np.concatenate([flat + a for a in around] + [flat * [1.0, 0.0, 1.0]])


# --- sheets ------------------------------------------------------------------------------------


def contact_sheet(
    motions: Sequence[Motion],
    labels: Sequence[str],
    path: str | Path,
    columns: int = 8,
    cell: tuple[int, int] = (240, 300),
    strip: bool = True,
) -> None:
    """A PNG to judge motions by: evenly spaced poses of each, and their whole path below.

    A row's camera keeps its direction and distance and follows the figure, so that sizes compare;
    metre lines and the bright world axes show where it goes. The strip shows the same poses where
    they are, from the side of the path, earlier ones fainter.

    Args:
        motions: What to draw, one row each.
        labels: A caption each.
        path: The PNG to write.
        columns: Poses a row.
        cell: Width and height of one pose, pixels.
        strip: Whether to draw the path as well.
    """
    if len(motions) != len(labels) or not motions:
        raise ExportError("A contact sheet needs motions and one label for each.")
    with _artist() as artist:
        rows = []
        for motion, label in zip(motions, labels, strict=True):
            rows.append(
                _title(
                    f"{label}   ({len(motion)} frames, {motion.seconds:.2f} s)", columns * cell[0]
                )
            )
            rows.append(_pose_row(artist, motion, columns, cell))
            if strip:
                rows.append(_strip(artist, motion, (columns * cell[0], int(0.9 * cell[1]))))
    _save_png(np.concatenate(rows), path)


def _evenly(motion: Motion, count: int) -> list[int]:
    return np.round(np.linspace(0, len(motion) - 1, count)).astype(int).tolist()


def _pose_row(artist: _Artist, motion: Motion, columns: int, cell: tuple[int, int]) -> Image:
    figure, frames = figure_for(motion), _evenly(motion, columns)
    roots = motion.root_positions * [1.0, 0.0, 1.0]
    still = motion.positions - roots[:, None]
    yaw = float(motion.headings[0]) + QUARTER
    camera = framing(_body_box(still), yaw, aspect=cell[0] / cell[1])
    pictures = []
    for frame in frames:
        pose = _Pose(figure, skin(figure, motion.slice(frame, frame + 1))[0])
        picture = artist.draw([pose], camera.moved(roots[frame]), cell)
        pictures.append(_caption(picture, f"{frame / motion.fps:.2f} s"))
    return np.concatenate(pictures, axis=1)


def _strip(artist: _Artist, motion: Motion, size: tuple[int, int]) -> Image:
    """Ghosts along the path, seen from its left side or from the front where it goes nowhere."""
    figure = figure_for(motion)
    ground = motion.root_positions[:, [0, 2]]
    way = ground[-1] - ground[0]
    reach = float(np.linalg.norm(way))
    yaw = (
        float(np.arctan2(way[0], way[1])) + 1.25
        if reach > 0.7
        else float(motion.headings[0]) + QUARTER
    )
    length = (
        float(np.linalg.norm(np.diff(ground, axis=0), axis=1).sum()) if len(motion) > 1 else 0.0
    )
    frames = _evenly(motion, int(np.clip(round(length / 0.45), 4, 16)))
    poses = [
        _Pose(figure, skin(figure, motion.slice(f, f + 1))[0], 0.25 + 0.75 * (i + 1) / len(frames))
        for i, f in enumerate(frames)
    ]
    camera = framing(_body_box(motion.positions), yaw, aspect=size[0] / size[1])
    return artist.draw(poses, camera, size)


def _caption(picture: Image, text: str) -> Image:
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    page = Pillow.fromarray(picture)
    ImageDraw.Draw(page).text((8, 6), text, (150, 154, 162), font=ImageFont.load_default(13))
    return np.asarray(page)


def _title(text: str, width: int) -> Image:
    from PIL import Image as Pillow
    from PIL import ImageDraw, ImageFont

    page = Pillow.new("RGB", (width, 30), (22, 23, 26))
    ImageDraw.Draw(page).text((10, 7), text, (226, 228, 232), font=ImageFont.load_default(15))
    return np.asarray(page)


def _save_png(picture: Image, path: str | Path) -> None:
    from PIL import Image as Pillow

    target = Path(path)
    partial = target.with_name(target.name + ".part")
    try:
        Pillow.fromarray(picture).save(partial, format="PNG", optimize=True)
        os.replace(partial, target)
    except OSError as error:
        raise ExportError(f"'{target}' cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


# --- films -------------------------------------------------------------------------------------


def save_mp4(
    motion: Motion,
    path: str | Path,
    mesh: SkinnedMesh | None = None,
    size: tuple[int, int] = (720, 720),
    camera: Camera | None = None,
) -> None:
    """An H.264 film of every frame at the motion's own frame rate.

    Args:
        motion: What to film.
        path: The ``.mp4`` to write; nothing is left there if it fails.
        mesh: The figure, by default :func:`figure_for`.
        size: Width and height, pixels; odd ones lose a pixel, as the format asks.
        camera: Fixed, where given; by default one from the front quarter that follows smoothly.
    """
    width, height = size[0] - size[0] % 2, size[1] - size[1] % 2
    figure = mesh or figure_for(motion)
    views = _following(motion, width / height) if camera is None else [camera] * len(motion)
    target = Path(path)
    partial = target.with_name(target.stem + ".part.mp4")
    try:
        with _artist() as artist, _film(partial, motion.fps, (width, height)) as write:
            for frame, view in enumerate(views):
                pose = _Pose(figure, skin(figure, motion.slice(frame, frame + 1))[0])
                write(artist.draw([pose], view, (width, height)))
        os.replace(partial, target)
    except OSError as error:
        raise ExportError(f"'{target}' cannot be written: {error.strerror or error}.") from error
    finally:
        partial.unlink(missing_ok=True)


def _following(motion: Motion, aspect: float) -> list[Camera]:
    """One camera a frame that keeps the figure in view without copying each of its sways."""
    ground = motion.root_positions * [1.0, 0.0, 1.0]
    smooth = _smoothed(ground, max(1, round(motion.fps * 0.4)))
    still = motion.positions - smooth[:, None]
    camera = framing(_body_box(still), float(motion.headings[0]) + QUARTER, aspect=aspect)
    return [camera.moved(offset) for offset in smooth]


def _smoothed(values: Array, radius: int) -> Array:
    """Running means ``[T, 3]`` over ``2 radius + 1`` frames, twice; ends repeat."""
    for _ in range(2):
        padded = np.pad(values, ((radius + 1, radius), (0, 0)), mode="edge")
        total = np.cumsum(padded, axis=0)
        values = (total[2 * radius + 1 :] - total[: -2 * radius - 1]) / (2 * radius + 1)
    return values


@contextmanager
def _film(path: Path, fps: float, size: tuple[int, int]) -> Iterator[Any]:
    try:
        import imageio_ffmpeg
    except ImportError as error:
        raise RenderError(
            "Writing films needs the extra 'render': pip install 'motion-studio[render]'."
        ) from error
    writer = imageio_ffmpeg.write_frames(
        str(path), size, fps=fps,  # pyright: ignore[reportArgumentType]  any number is passed on to ffmpeg
 codec="libx264", macro_block_size=1,
        output_params=["-crf", "18", "-preset", "medium", "-movflags", "+faststart"],
    )  # fmt: skip
    writer.send(None)
    try:
        yield lambda image: writer.send(np.ascontiguousarray(image))
    finally:
        writer.close()


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw a motion file: a contact sheet for a PNG, a film for an MP4."""
    from exporters import load

    paths = list(sys.argv[1:] if arguments is None else arguments)
    if len(paths) != 2 or Path(paths[1]).suffix.lower() not in (".png", ".mp4"):
        print("usage: python -m exporters.render IN.bvh OUT.png|OUT.mp4", file=sys.stderr)
        return 2
    try:
        motion = load(paths[0])
        if not same_rest(motion.skeleton, BODY):
            motion = retarget(motion, BODY)
        if Path(paths[1]).suffix.lower() == ".mp4":
            save_mp4(motion, paths[1])
        else:
            contact_sheet([motion], [Path(paths[0]).stem], paths[1])
    except MotionStudioError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
