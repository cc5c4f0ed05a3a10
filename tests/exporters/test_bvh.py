from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporters.bvh import BvhReadOptions, BvhWriteOptions, bvh_bytes, load_bvh, save_bvh
from exporters.errors import ExportError
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY, Skeleton
from tests.exporters.motions import body_motion, clips, motions, random_motion, same_world

DEGREE, METRE = 0.01, 1e-4


def naive_positions(text: str) -> np.ndarray:
    """World joint positions of a BVH with replacing root channels, one matrix at a time.

    An independent reader: line by line, channel by channel, 4 x 4 matrices, no NumPy batches.
    """
    head, _, rows = text.partition("MOTION")
    joints: list[dict] = []
    stack: list[int] = []
    for line in head.replace("End Site", "JOINT end").splitlines():
        key, *words = line.split()
        if key in ("ROOT", "JOINT"):
            joints.append({"parent": stack[-1] if stack else -1, "channels": [], "name": words})
            stack.append(len(joints) - 1)
        elif key == "OFFSET":
            joints[stack[-1]]["offset"] = [float(w) for w in words]
        elif key == "CHANNELS":
            joints[stack[-1]]["channels"] = words[1:]
        elif key == "}":
            stack.pop()
    frames = [_naive_frame(joints, row.split()) for row in rows.splitlines()[3:]]
    return np.array(frames)


def _naive_frame(joints: list[dict], row: list[str]) -> list[np.ndarray]:
    values = iter(row)
    worlds: list[np.ndarray] = []
    for joint in joints:
        here = np.eye(4)
        here[:3, 3] = joint["offset"]
        for channel in joint["channels"]:
            value, axis = float(next(values)), "XYZ".index(channel[0])
            if channel.endswith("position"):
                here[axis, 3] = value
            else:
                c, s = np.cos(np.radians(value)), np.sin(np.radians(value))
                turn = np.eye(4)
                a, b = (axis + 1) % 3, (axis + 2) % 3
                turn[a, a], turn[a, b], turn[b, a], turn[b, b] = c, -s, s, c
                here = here @ turn
        worlds.append((worlds[joint["parent"]] if worlds else np.eye(4)) @ here)
    return [w[:3, 3] for w, j in zip(worlds, joints, strict=True) if j["name"] != ["end"]]


def tpose(**changes: str) -> bytes:
    """A small file, with parts of its text replaced."""
    text = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT Left Leg
  {
    OFFSET 10 -90 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 0 -8 12
    }
  }
  JOINT Head
  {
    OFFSET 0 70 0
    CHANNELS 3 Yrotation Xrotation Zrotation
    End Site
    {
      OFFSET 0 20 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.033333
0 90 0 0 0 0 0 0 0 0 0 0
1 91 2 10 20 30 40 50 60 70 80 85
"""
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text.encode()


@given(motions(), st.permutations("XYZ"), st.sampled_from([0.01, 1.0]))
def test_what_was_written_reads_back(motion: Motion, order: list[str], scale: float) -> None:
    options = BvhWriteOptions(order="".join(order), scale=scale, decimals=4 if scale < 1 else 6)
    back = load_bvh(bvh_bytes(motion, options), scale=scale)
    angle, distance = same_world(motion, back)
    assert angle < DEGREE
    assert distance < METRE
    assert (len(back), back.fps) == (len(motion), pytest.approx(motion.fps, rel=1e-9))


@given(motions(rest_turns=False))
def test_rigs_with_identity_rest_keep_their_own_frames(motion: Motion) -> None:
    back = load_bvh(bvh_bytes(motion), scale=0.01)
    order = [back.skeleton.index(name) for name in motion.skeleton.joints]
    turned = rot.angle_between(motion.rotations, back.rotations[:, order])
    assert np.degrees(turned.max()) < DEGREE
    assert np.allclose(back.skeleton.rest_offsets[order][1:], motion.skeleton.rest_offsets[1:])


@given(motions())
def test_the_zero_pose_of_a_written_file_is_the_rest_pose(motion: Motion) -> None:
    options = BvhWriteOptions(rest_frame=True, root_offset="rest")
    skeleton = motion.skeleton
    back = load_bvh(bvh_bytes(motion, options), BvhReadOptions(0.01, "replace"))
    order = [back.skeleton.index(name) for name in skeleton.joints]
    assert np.allclose(back.skeleton.rest_world[0][order], skeleton.rest_world[0], atol=1e-6)
    assert np.allclose(back.positions[0, order], skeleton.rest_world[0], atol=1e-5)
    assert np.allclose(rot.angle_between(back.rotations[0], rot.IDENTITY), 0, atol=1e-5)
    assert len(back) == len(motion) + 1


def test_our_body_comes_back_as_itself(tmp_path: Path) -> None:
    motion = body_motion()
    save_bvh(motion, tmp_path / "clip.bvh")
    assert load_bvh(tmp_path / "clip.bvh").skeleton is BODY


def test_agrees_with_a_naive_reader() -> None:
    content = tpose()
    mine = load_bvh(content, BvhReadOptions(0.01, "replace"))
    assert np.allclose(mine.positions * 100, naive_positions(content.decode()), atol=1e-9)
    written = bvh_bytes(random_motion(3, 6, moving=True), BvhWriteOptions(decimals=8))
    theirs = naive_positions(written.decode())
    assert np.allclose(load_bvh(written, scale=0.01).positions * 100, theirs, atol=1e-6)


def test_reads_names_channels_and_end_sites() -> None:
    motion = load_bvh(tpose(), BvhReadOptions(end_sites=True))
    assert motion.skeleton.joints == (
        "Hips",
        "Left Leg",
        "Left Leg_EndSite",
        "Head",
        "Head_EndSite",
    )
    assert motion.fps == 30.0
    assert np.allclose(motion.skeleton.rest_offsets[2], [0, -0.08, 0.12])
    head = rot.from_euler(np.radians([70.0, 80.0, 85.0]), "YXZ")
    assert rot.angle_between(motion.rotations[1, 3], head) < 1e-9
    again = load_bvh(bvh_bytes(motion), BvhReadOptions(end_sites=True))
    assert again.skeleton.joints == motion.skeleton.joints
    assert np.allclose(again.positions, motion.positions, atol=1e-5)


def test_lays_the_rest_pose_on_the_ground() -> None:
    rest = load_bvh(tpose()).skeleton.rest_world[0]
    assert rest[:, 1].min() == pytest.approx(0, abs=1e-9)
    assert rest[0, 1] == pytest.approx(0.9)


@pytest.mark.parametrize(
    ("rows", "height"),
    [("0 90 0", 0.9), ("0 1 0", 0.91)],
    ids=["channels replace", "channels add"],
)
def test_tells_what_root_channels_mean_by_the_ground(rows: str, height: float) -> None:
    content = tpose(**{"0 90 0 0": f"{rows} 0", "1 91 2": rows, "OFFSET 0 0 0": "OFFSET 0 90 0"})
    assert load_bvh(content).root_positions[0, 1] == pytest.approx(height)


def test_partial_channels_fall_back_on_the_offset() -> None:
    content = tpose(
        **{
            "CHANNELS 3 Yrotation Xrotation Zrotation": "CHANNELS 2 Yposition Xrotation",
            " 0 0 0\n1": " 70 0\n1",
            " 70 80 85": " 72 90",
        }
    )
    motion = load_bvh(content)
    assert motion.local_positions is not None
    assert np.allclose(motion.local_positions[:, 2], [[0, 0.7, 0], [0, 0.72, 0]])
    assert rot.angle_between(
        motion.rotations[1, 2], rot.from_axis_angle([1, 0, 0], np.pi / 2)
    ) == pytest.approx(0, abs=1e-9)


def test_joints_that_stay_at_their_offset_need_no_positions() -> None:
    content = tpose(
        **{
            "CHANNELS 3 Yrotation": "CHANNELS 6 Xposition Yposition Zposition Yrotation",
            " 0 0 0\n1": " 0 70 0 0 0 0\n1",
            " 70 80 85": " 0 70 0.0001 70 80 85",
        }
    )
    assert load_bvh(content).local_positions is None


@pytest.mark.parametrize(
    "change",
    [
        lambda b: b.replace(b"\n", b"\r\n"),
        lambda b: b.replace(b"\n", b"\r"),
        lambda b: b"\xef\xbb\xbf" + b,
        lambda b: b.replace(b"40 50", b"\n40 50"),
        lambda b: b.replace(b"  ", b"\t") + b"\n\n",
        lambda b: b.replace(b"Hips\n{", b"Hips {").replace(b"Frames: 2", b"FRAMES:   2"),
        lambda b: b.replace(b"End Site", b"End site of leg"),
        lambda b: b.replace(b"ROOT Hips", "ROOT Hüfte".encode()),
    ],
    ids=["crlf", "cr", "bom", "wrapped", "tabs", "layout", "named site", "utf-8"],
)
def test_reads_what_other_programs_write(change) -> None:
    assert np.array_equal(load_bvh(change(tpose())).positions, load_bvh(tpose()).positions)


@pytest.mark.parametrize("metres", [1.0, 0.01, 0.001, 0.0254, 0.0254 / 0.45])
def test_guesses_the_unit_from_the_figure(metres: float) -> None:
    content = bvh_bytes(body_motion(), BvhWriteOptions(scale=metres, decimals=8))
    assert np.allclose(load_bvh(content).positions, body_motion().positions, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "fps"),
    [
        ("0.0333333", 30), ("0.033333", 30), ("0.0333", 30), ("0.0333667", 30000 / 1001),
        ("0.0083333", 120), ("0.00833", 120), ("0.04", 25), ("0.0416667", 24), ("1", 1),
        ("0.016683", 60000 / 1001), ("0.0417083", 24000 / 1001), ("3.3333e-2", 30), ("0.05", 20),
    ],
)  # fmt: skip
def test_undoes_the_rounding_of_frame_times(text: str, fps: float) -> None:
    assert load_bvh(tpose(**{"0.033333": text})).fps == pytest.approx(fps, rel=1e-12)


def test_angles_are_continuous() -> None:
    """A full turn about an axis that crosses gimbal lock comes out without tears."""
    frames = 200
    turn = rot.from_axis_angle(
        rot.unit([0.2, 1.0, 0.3], [0, 1, 0]), np.linspace(0, 4 * np.pi, frames)
    )
    rotations = np.tile(rot.IDENTITY, (frames, len(BODY), 1))
    rotations[:, 0] = turn
    motion = Motion(BODY, 30, np.zeros((frames, 3)), rotations)
    rows = bvh_bytes(motion).decode().split("Frame Time: ")[1].splitlines()[1:]
    angles = np.array([[float(w) for w in row.split()[3:6]] for row in rows])
    assert np.abs(np.diff(angles, axis=0)).max() < 20


@pytest.mark.parametrize("name", ["a{b", "two\nlines", " padded", "", "tab\there"])
def test_refuses_names_that_the_format_cannot_hold(name: str, tmp_path: Path) -> None:
    skeleton = Skeleton("odd", ("root", name), (-1, 0), np.zeros((2, 3)))
    with pytest.raises(ExportError, match="rename"):
        save_bvh(random_motion(0, 2, skeleton), tmp_path / "odd.bvh")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "options", [{"order": "XYX"}, {"order": "XY"}, {"scale": 0.0}, {"decimals": 0}]
)
def test_refuses_options_that_make_no_sense(options: dict) -> None:
    with pytest.raises(ExportError):
        BvhWriteOptions(**options)


def _round_trips(name: str, content: bytes) -> None:
    motion = load_bvh(content)
    back = load_bvh(bvh_bytes(motion))
    order = [back.skeleton.index(joint) for joint in motion.skeleton.joints]
    turned = np.degrees(rot.angle_between(motion.rotations, back.rotations[:, order]).max())
    moved = np.abs(motion.positions - back.positions[:, order]).max()
    assert turned < DEGREE, name
    assert moved < METRE, name
    assert (len(back), back.fps) == (len(motion), motion.fps), name


#: Every archive, and how many clips it holds at least.
ARCHIVES = {
    "accad/accad": 271, "bandai-namco/dataset-1": 160, "bandai-namco/dataset-2": 2624,
    "cmu/approx": 15, "cmu/asfamc": 190, "cmu/fbx": 7, "cmu/iclone": 56, "cmu/salsa": 25,
    "hdm05/hdm05": 264, "kaykit/animations": 80, "kaykit/character": 69, "mesh2motion/human": 34,
    "reactidle/idle": 22,
}  # fmt: skip


def test_some_files_of_every_data_set_round_trip(shared_data: Path) -> None:
    for archive in ARCHIVES:
        for name, content in clips(shared_data / f"{archive}.zip", 400):
            _round_trips(name, content)


@pytest.mark.slow
@pytest.mark.parametrize("archive", ARCHIVES)
def test_every_file_of_a_data_set_round_trips(archive: str, shared_data: Path) -> None:
    files = clips(shared_data / f"{archive}.zip")
    for name, content in files:
        _round_trips(name, content)
    assert len(files) >= ARCHIVES[archive]


def test_real_clips_agree_with_a_naive_reader(shared_data: Path) -> None:
    archive = shared_data / "bandai-namco" / "dataset-1.zip"
    for _, content in clips(archive, 80):
        rows = content.splitlines()
        first = next(i for i, row in enumerate(rows) if row.startswith(b"Frames:"))
        cut = b"\n".join([*rows[:first], b"Frames: 25", *rows[first + 1 : first + 27]])
        mine = load_bvh(cut)
        assert np.allclose(mine.positions * 100, naive_positions(cut.decode()), atol=1e-6)


def test_real_figures_have_the_size_of_people(shared_data: Path) -> None:
    heights = {}
    for archive in ARCHIVES:
        (_, content), *_ = clips(shared_data / f"{archive}.zip", 10_000)
        motion = load_bvh(content)
        heights[archive] = float(np.ptp(motion.positions[..., 1], axis=1).max())
    assert all(0.8 < height < 2.5 for height in heights.values()), heights
