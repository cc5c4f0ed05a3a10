"""Damaged, hostile and absurd files: one error that says what, where and why; never a traceback."""

from __future__ import annotations

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from exporters import load
from exporters.bvh import bvh_bytes, load_bvh
from exporters.errors import FileFormatError
from exporters.glb import glb_bytes, load_glb
from exporters.npz import load_npz, save_npz
from tests.exporters.motions import body_motion, random_motion
from tests.exporters.test_bvh import tpose

Edit = Callable[[bytes], bytes]


def swap(old: str, new: str) -> Edit:
    """Replace the first occurrence of some text that must be there."""

    def edit(content: bytes) -> bytes:
        assert old.encode() in content
        return content.replace(old.encode(), new.encode(), 1)

    return edit


BVH_CASES: dict[str, tuple[Edit, int | None, str]] = {
    "empty": (lambda b: b"", 1, "empty"),
    "blank": (lambda b: b" \n\n", 1, "empty"),
    "garbage": (lambda b: bytes(range(256)) * 40, 2, "UTF-8"),
    "another format": (lambda b: b"; FBX 7.4.0 project file\n", 1, "'HIERARCHY' should be here"),
    "no root": (swap("ROOT", "JOINT"), 2, "'ROOT' should be here, not 'JOINT'"),
    "second root": (swap("}\nMOTION", "}\nROOT Prop\n{\n}\nMOTION"), 25, "second ROOT"),
    "text after the tree": (swap("}\nMOTION", "}\n}\nMOTION"), 25, "follows the end"),
    "nameless": (swap("ROOT Hips", "ROOT"), 2, "no name"),
    "nameless joint": (swap("JOINT Head", "JOINT"), 15, "no name"),
    "brace lost": (swap("JOINT Head\n  {", "JOINT Head\n"), 15, "should follow the joint's name"),
    "named twice": (swap("JOINT Head", "JOINT Left Leg"), 15, "already named on line 6"),
    "not utf-8": (lambda b: b.replace(b"Head", b"T\xeate"), 15, "UTF-8"),
    "offset of two": (swap("10 -90 0", "10 -90"), 9, "three numbers"),
    "offset of nan": (swap("10 -90 0", "10 nan 0"), 8, "not a usable length"),
    "offset of 1e300": (swap("10 -90 0", "10 1e300 0"), 8, "not a usable length"),
    "unknown channel": (swap("Yposition", "Yscale"), 5, "not a channel"),
    "channel twice": (swap("Yposition", "Xposition"), 5, "listed twice"),
    "channels of 7": (swap("CHANNELS 6", "CHANNELS 7"), 5, "from 0 to 6"),
    "too few channels": (swap("CHANNELS 6", "CHANNELS 5"), 5, "should be here"),
    "no channels": (
        lambda b: re.sub(rb"CHANNELS \d.*", b"CHANNELS 0", b),
        1,
        "no joint has a channel",
    ),
    "cut in the tree": (lambda b: b[:120], 6, "cut off"),
    "cut before motion": (lambda b: b[: b.index(b"MOTION")], 24, "MOTION section is missing"),
    "cut after motion": (lambda b: b[: b.index(b"Frames")], 26, "'Frames:'"),
    "cut after frames": (lambda b: b[: b.index(b"Frame Time")], 27, "'Frame Time:'"),
    "cut in a frame": (lambda b: b[:-8], 29, "10 values, but the joints have 12 channels"),
    "cut after a frame": (lambda b: b[: b.index(b"1 91")], 28, "ends after 1 frames"),
    "no frames": (swap("Frames: 2", "Frames: 0"), 26, "no frames"),
    "negative frames": (swap("Frames: 2", "Frames: -2"), 26, "not a count"),
    "frames in words": (swap("Frames: 2", "Frames: two"), 26, "not a count"),
    "gigantic header": (swap("Frames: 2", "Frames: 999999999999"), 29, "promises 999999999999"),
    "absurd header": (swap("Frames: 2", "Frames: " + "9" * 400), 26, "not a count"),
    "more frames": (swap("Frames: 2", "Frames: 1"), 29, "more frames than the 1 that line 26"),
    "no time": (swap("0.033333", "0"), 27, "not a time"),
    "time nan": (swap("0.033333", "nan"), 27, "not a time"),
    "time negative": (swap("0.033333", "-0.03"), 27, "not a time"),
    "nan": (swap("70 80 85", "70 nan 85"), 29, "'nan' is not a usable number"),
    "infinite": (swap("70 80 85", "70 1e999 85"), 29, "'1e999' is not a usable number"),
    "word": (swap("70 80 85", "70 80° 85"), 29, "is not a usable number"),
    "decimal commas": (swap("70 80 85", "70 80,5 85"), 29, "'80,5' is not a usable number"),
    "underscore": (swap("70 80 85", "70 8_0 85"), 29, "'8_0' is not a usable number"),
    "uneven rows": (swap("0 0 0\n1 91", "0 0\n0 1 91"), 28, "11 values"),
}


@pytest.mark.parametrize("case", BVH_CASES)
def test_bad_bvh_names_file_line_and_cause(case: str, tmp_path: Path) -> None:
    edit, line, cause = BVH_CASES[case]
    path = tmp_path / "clip.bvh"
    path.write_bytes(edit(tpose()))
    with pytest.raises(FileFormatError, match=re.escape(cause)) as caught:
        load(path)
    assert caught.value.line == line, str(caught.value)
    assert str(caught.value).startswith(f"clip.bvh, line {line}: ")
    assert len(str(caught.value)) < 200
    assert str(caught.value).count("\n") == 0


def test_a_deep_tree_is_no_recursion() -> None:
    depth = 3000
    joint = "JOINT j{0}\n{{\nOFFSET 0 1 0\nCHANNELS 3 Zrotation Xrotation Yrotation\n"
    text = "HIERARCHY\n" + "".join(joint.format(i) for i in range(depth)).replace(
        "JOINT", "ROOT", 1
    )
    text += "}\n" * depth + "MOTION\nFrames: 1\nFrame Time: 0.1\n" + "0 " * 3 * depth
    assert len(load_bvh(text.encode()).skeleton) == depth


@pytest.mark.parametrize("suffix", [".bvh", ".glb", ".gltf", ".npz"])
def test_missing_files_and_folders(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read: No such file"):
        load(tmp_path / f"none{suffix}")
    folder = tmp_path / f"folder{suffix}"
    folder.mkdir()
    with pytest.raises(FileFormatError, match="cannot be read"):
        load(folder)


# --- GLB ---------------------------------------------------------------------------------------


def document(edit: Callable[[dict], object]) -> Edit:
    """Change the JSON of a GLB and put the file together again."""

    def change(content: bytes) -> bytes:
        size = struct.unpack_from("<I", content, 12)[0]
        tree = json.loads(content[20 : 20 + size])
        edit(tree)
        text = json.dumps(tree).encode()
        text += b" " * (-len(text) % 4)
        rest = content[20 + size :]
        head = struct.pack("<4sII", b"glTF", 2, 20 + len(text) + len(rest))
        return head + struct.pack("<I4s", len(text), b"JSON") + text + rest

    return change


def _put(*path: object) -> Callable[[dict], object]:
    """Set the value at ``path[:-1]`` of the document to ``path[-1]``."""
    *keys, last, value = path

    def edit(tree: dict) -> None:
        here = tree
        for key in keys:
            here = here[key]  # type: ignore[index]
        here[last] = value  # type: ignore[index]

    return edit


GLB_CASES: dict[str, tuple[Edit, str]] = {
    "empty": (lambda b: b"", "not a glTF 2 document|malformed"),
    "garbage": (lambda b: bytes(range(128, 256)) * 9, "neither text nor binary"),
    "header only": (lambda b: b[:14], "within the GLB header"),
    "cut": (lambda b: b[:-100], "of the"),
    "version 1": (lambda b: b[:4] + struct.pack("<I", 1) + b[8:], "version 1"),
    "chunk too long": (lambda b: b[:12] + struct.pack("<I", 1 << 30) + b[16:], "longer than"),
    "no json": (lambda b: b[:16] + b"XXXX" + b[20:], "no JSON chunk"),
    "json damaged": (swap('"asset": {', '"asset": ['), "JSON is malformed"),
    "json a list": (lambda b: b"[1, 2]", "not a glTF 2 document"),
    "no animation": (document(_put("animations", [])), "no animation"),
    "animation of nothing": (document(_put("animations", 0, "channels", [])), "moves nothing"),
    "no such node": (
        document(_put("animations", 0, "channels", 0, "target", "node", 999)),
        r"nodes\[999\]",
    ),
    "no such accessor": (
        document(_put("animations", 0, "samplers", 0, "input", 999)),
        r"accessors\[999\]",
    ),
    "no such buffer view": (document(_put("accessors", 0, "bufferView", -1)), "bufferViews"),
    "gigantic count": (document(_put("accessors", 0, "count", 10**15)), "shorter than"),
    "gigantic nothing": (
        document(_put("accessors", 0, {"count": 10**15, "componentType": 5126, "type": "SCALAR"})),
        "holds none|refers|not one value|malformed",
    ),
    "a circle of nodes": (document(_put("nodes", 6, "children", [0])), "circle"),
    "a node of two parents": (document(_put("nodes", 6, "children", [2])), "two parents"),
    "own child": (document(_put("nodes", 6, "children", [6])), "two parents"),
    "unknown type": (document(_put("accessors", 0, "componentType", 1)), "type that glTF"),
    "compressed": (
        document(_put("extensionsRequired", ["EXT_meshopt_compression"])),
        "EXT_meshopt_compression",
    ),
    "words for objects": (document(_put("nodes", "many")), "not a list"),
    "missing keys": (document(_put("animations", 0, {})), "malformed"),
    "hours of frames": (document(_put("animations", 0, "extras", "fps", 99999)), "split it"),
    "scaled to infinity": (document(_put("nodes", 1, "scale", [1e300] * 3)), "far beyond"),
    "moved to infinity": (document(_put("nodes", 1, "scale", [float("nan")] * 3)), "far beyond"),
    "buffer elsewhere": (
        document(_put("buffers", 0, "uri", "../../secret.bin")),
        "outside the file's own folder",
    ),
    "buffer missing": (document(_put("buffers", 0, "uri", "lost.bin")), "cannot be read"),
}


def _first_time_accessor(content: bytes) -> int:
    size = struct.unpack_from("<I", content, 12)[0]
    tree = json.loads(content[20 : 20 + size])
    return tree["animations"][0]["samplers"][0]["input"]


@pytest.mark.parametrize("case", GLB_CASES)
def test_bad_glb_names_file_and_cause(case: str, tmp_path: Path) -> None:
    edit, cause = GLB_CASES[case]
    good = glb_bytes(body_motion(frames=60))
    # Cases that speak of accessor 0 mean one that the animation reads.
    clock = _first_time_accessor(good)
    good = document(
        lambda tree: (
            tree["accessors"].__setitem__(0, tree["accessors"][clock])
            or [s.update(input=0) for s in tree["animations"][0]["samplers"]]
        )
    )(good)
    path = tmp_path / "clip.glb"
    path.write_bytes(edit(good))
    with pytest.raises(FileFormatError, match=cause) as caught:
        load(path)
    assert str(caught.value).startswith("clip.glb")
    assert len(str(caught.value)) < 240


# --- NPZ ---------------------------------------------------------------------------------------


def _npz(**arrays: object) -> bytes:
    frames = 5
    whole: dict[str, object] = {
        "poses": np.zeros((frames, 156)),
        "trans": np.zeros((frames, 3)),
        "mocap_framerate": np.array(30.0),
    }
    whole.update(arrays)
    stream = io.BytesIO()
    np.savez(stream, **{k: v for k, v in whole.items() if v is not None})  # type: ignore[arg-type]
    return stream.getvalue()


def _gigantic() -> bytes:
    """An array whose header promises terabytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        header = "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000, 156), }"
        header = header.ljust(117) + "\n"
        raw = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
        archive.writestr("poses.npy", raw)
    return stream.getvalue()


_nan = np.zeros((5, 3))
_nan[3, 1] = np.nan

NPZ_CASES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "damaged"),
    "garbage": (bytes(range(256)), "damaged"),
    "cut": (_npz()[:-200], "damaged"),
    "no poses": (_npz(poses=None), "body poses .* missing"),
    "no trans": (_npz(trans=None), "root positions .* missing"),
    "no rate": (_npz(mocap_framerate=None), "frame rate .* missing"),
    "rate of zero": (_npz(mocap_framerate=np.array(0.0)), "frame rate"),
    "too narrow": (_npz(poses=np.zeros((5, 63))), "63 numbers a frame"),
    "no frames": (_npz(poses=np.zeros((0, 156))), "no motion"),
    "wrong count": (_npz(trans=np.zeros((4, 3))), "not 5 x 3"),
    "nan": (_npz(trans=_nan), "not finite at frame 3"),
    "absurd": (_npz(trans=np.full((5, 3), 1e30)), "far beyond"),
    "words": (_npz(poses=np.full((5, 156), "x")), "no motion"),
    "pickled": (_npz(poses=np.full((5, 156), None)), "damaged"),
    "gigantic header": (_gigantic(), "damaged"),
}


@pytest.mark.parametrize("case", NPZ_CASES)
def test_bad_npz_names_file_and_cause(case: str, tmp_path: Path) -> None:
    content, cause = NPZ_CASES[case]
    path = tmp_path / "clip.npz"
    path.write_bytes(content)
    with pytest.raises(FileFormatError, match=cause) as caught:
        load(path)
    assert str(caught.value).startswith("clip.npz")


# --- fuzzing -----------------------------------------------------------------------------------


def _mutated(content: bytes, rng: random.Random) -> bytes:
    """A few random edits: bytes changed, cut, doubled, or swapped for telling ones."""
    out = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 5))):
        at = rng.randrange(max(len(out), 1))
        kind = rng.randrange(5)
        if kind == 0 and out:
            out[at] = rng.randrange(256)
        elif kind == 1:
            del out[at : at + rng.choice((1, 4, 40))]
        elif kind == 2:
            out[at:at] = out[at : at + rng.choice((1, 10, 200))]
        elif kind == 3:
            out[at : at + rng.choice((0, 1, 3))] = rng.choice(
                (b"-1", b"nan", b"1e999", b"{", b"}", b"\n", b" ", b"99999999999", b"[]", b"null",
                 b'""', b"0", b"\0", b"\xff", b"End Site", b"JOINT", b"MOTION")
            )  # fmt: skip
        else:
            del out[at:]
    return bytes(out)


def _survives(read: Callable[[bytes], object], content: bytes, count: int, seed: int) -> int:
    """Reads ``count`` mutations; how many were refused. Anything but FileFormatError escapes."""
    rng = random.Random(seed)
    messages = []
    for _ in range(count):
        try:
            read(_mutated(content, rng))
        except FileFormatError as error:
            messages.append(str(error))
    assert not [message for message in messages if "\n" in message]
    return len(messages)


def _read_npz(folder: Path) -> Callable[[bytes], object]:
    def read(content: bytes) -> object:
        path = folder / "fuzz.npz"
        path.write_bytes(content)
        return load_npz(path)

    return read


def _json_only(content: bytes) -> bytes:
    """A glTF document whose buffer is inside the JSON, so that mutations hit meaning."""
    import base64

    size = struct.unpack_from("<I", content, 12)[0]
    tree = json.loads(content[20 : 20 + size])
    data = base64.b64encode(content[28 + size :]).decode()
    tree["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{data}"
    return json.dumps({k: tree[k] for k in sorted(tree, key="buffers".__eq__)}).encode()


def _fuzz(folder: Path, count: int, seed: int) -> None:
    motion = random_motion(1, 3, joints=5, moving=True)
    glb = glb_bytes(motion)
    save_npz(body_motion(frames=3), folder / "good.npz")
    assert _survives(load_bvh, tpose(), count, seed) > count // 4
    assert _survives(load_bvh, bvh_bytes(motion), count, seed) > count // 4
    assert _survives(load_glb, glb, count, seed) > count // 4
    document_alone = _json_only(glb)
    assert _survives(load_glb, document_alone, count, seed) > count // 4
    read = _read_npz(folder)
    assert _survives(read, (folder / "good.npz").read_bytes(), count // 4, seed) > count // 16


@pytest.fixture
def _few_poses(monkeypatch: pytest.MonkeyPatch) -> None:
    """Damaged times make clips of hours, which are read rightly and take their time."""
    monkeypatch.setattr("exporters.glb.MOST_POSES", 20_000)


@pytest.mark.usefixtures("_few_poses")
def test_random_damage_never_escapes(tmp_path: Path) -> None:
    _fuzz(tmp_path, 120, 0)


@pytest.mark.slow
@pytest.mark.usefixtures("_few_poses")
def test_much_random_damage_never_escapes(tmp_path: Path) -> None:
    _fuzz(tmp_path, 10_000, 1)
