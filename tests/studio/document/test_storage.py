"""The media store: ids are content, disk is lossless, damage is noticed."""

from __future__ import annotations

import contextlib
import hashlib
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import Skeleton
from studio.document.storage import MediaError, MediaStore, media_id, pack, unpack
from tests.studio.walker import walk


def same(a: Motion, b: Motion) -> bool:
    local = (
        a.local_positions is b.local_positions is None
        if a.local_positions is None or b.local_positions is None
        else np.array_equal(a.local_positions, b.local_positions)
    )
    return (
        a.skeleton == b.skeleton
        and a.fps == b.fps
        and np.array_equal(a.root_positions, b.root_positions)
        and np.array_equal(a.rotations, b.rotations)
        and local
    )


@st.composite
def motions(draw: st.DrawFn) -> Motion:
    """Any rig of up to six joints, with and without joints that translate."""
    joints = draw(st.integers(1, 6))
    frames = draw(st.integers(1, 5))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    skeleton = Skeleton(
        draw(st.text(max_size=8)),
        tuple(f"j{i}" for i in range(joints)),
        (-1, *(int(random.integers(i)) for i in range(1, joints))),
        random.normal(size=(joints, 3)),
        ("pelvis", *[""] * (joints - 1)),
        rot.normalize(random.normal(size=(joints, 4))),
    )
    return Motion(
        skeleton,
        draw(st.floats(1, 240)),
        random.normal(size=(frames, 3)),
        rot.normalize(random.normal(size=(frames, joints, 4))),
        random.normal(size=(frames, joints, 3)) if draw(st.booleans()) else None,
    )


@given(motions())
def test_packing_is_lossless(motion: Motion) -> None:
    again = unpack(pack(motion))
    assert same(motion, again)
    assert media_id(again) == media_id(motion)


@given(motions(), st.integers(0, 3))
def test_the_id_depends_on_everything(motion: Motion, what: int) -> None:
    changed = [
        replace(motion, fps=motion.fps + 1),
        replace(motion, root_positions=motion.root_positions + 1e-9),
        replace(motion, rotations=-motion.rotations),
        replace(motion, skeleton=replace(motion.skeleton, name=motion.skeleton.name + "x")),
    ][what]
    assert media_id(changed) != media_id(motion)


def test_the_same_motion_is_kept_once() -> None:
    store = MediaStore()
    assert store.put(walk(1, 20)) == store.put(walk(1, 20))
    assert store.put(walk(1, 20)) != store.put(walk(2, 20))


def test_a_folder_outlives_the_store(tmp_path: Path) -> None:
    key = MediaStore(tmp_path / "media").put(walk(1, 20))
    later = MediaStore(tmp_path / "media")
    assert key in later
    assert same(later.get(key), walk(1, 20))
    assert [p.name for p in (tmp_path / "media").iterdir()] == [f"{key}.npz"]


def test_forgotten_media_is_gone_from_memory() -> None:
    store = MediaStore()
    key = store.put(walk(1, 20))
    store.discard(key)
    assert key not in store
    with pytest.raises(MediaError, match="not in this store"):
        store.get(key)


def test_exchanged_media_is_noticed(tmp_path: Path) -> None:
    key = MediaStore(tmp_path).put(walk(1, 20))
    (tmp_path / f"{key}.npz").write_bytes(pack(walk(2, 20)))
    with pytest.raises(MediaError, match="hash does not match"):
        MediaStore(tmp_path).get(key)


@pytest.mark.parametrize("cut", [0, 10, 500])
def test_truncated_media_is_one_sentence(tmp_path: Path, cut: int) -> None:
    key = MediaStore(tmp_path).put(walk(1, 20))
    (tmp_path / f"{key}.npz").write_bytes(pack(walk(1, 20))[:cut])
    with pytest.raises(MediaError, match="damaged"):
        MediaStore(tmp_path).get(key)


@given(st.binary(max_size=300) | st.integers(0, 2**32 - 1))
def test_bytes_are_a_motion_or_a_sentence(given: bytes | int) -> None:
    """Anything at all, and real media with a few bytes changed or the end missing."""
    data = given if isinstance(given, bytes) else damaged(pack(walk(1, 3)), given)
    with contextlib.suppress(MediaError):
        assert len(unpack(data)) == 3  # what was changed carried nothing, or a number


def damaged(data: bytes, seed: int) -> bytes:
    random = np.random.default_rng(seed)
    changed = np.frombuffer(data, np.uint8).copy()
    places = random.integers(len(data), size=random.integers(1, 20))
    changed[places] = random.integers(256, size=len(places))
    kept = len(data) if random.random() < 0.7 else int(random.integers(len(data)))
    return changed.tobytes()[:kept]


def test_media_that_would_unpack_to_more_than_its_bytes_is_refused() -> None:
    """A hundred megabytes of zeros are a hundred kilobytes in a compressed NPZ."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, header=np.zeros(100 << 20, np.uint8))
    with pytest.raises(MediaError, match="larger than its file"):
        unpack(buffer.getvalue())


def test_a_stand_in_answers_until_the_motion_comes(tmp_path: Path) -> None:
    key = media_id(walk(1, 20))
    store = MediaStore(tmp_path)
    store.stand_in(key, walk(2, 20))
    assert same(store.get(key), walk(2, 20))
    assert key not in store
    assert store.missing == {key}
    with pytest.raises(MediaError, match="not in this store"):
        store.data(key)
    assert list(tmp_path.iterdir()) == []
    store.put(walk(1, 20))
    assert same(store.get(key), walk(1, 20))
    assert key in store
    assert store.missing == frozenset()


def test_data_is_the_same_from_memory_and_from_a_folder(tmp_path: Path) -> None:
    on_disk, in_memory = MediaStore(tmp_path), MediaStore()
    key = on_disk.put(walk(1, 20))
    assert on_disk.data(key) == in_memory.data(in_memory.put(walk(1, 20)))


def test_a_motion_that_could_not_be_written_is_tried_again(tmp_path: Path) -> None:
    store = MediaStore(tmp_path / "media")
    (tmp_path / "media").rmdir()
    with pytest.raises(MediaError, match="cannot be stored"):
        store.put(walk(1, 20))
    (tmp_path / "media").mkdir()
    assert store.put(walk(1, 20)) in MediaStore(tmp_path / "media")


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_a_key_names_nothing_outside_the_folder(tmp_path: Path, key: str) -> None:
    store = MediaStore(tmp_path)
    with pytest.raises(MediaError):
        store.get(key)  # type: ignore[arg-type]
    assert key not in store


def test_the_id_is_stable() -> None:
    """Saved projects refer to media by this number; changing how it is made orphans them."""
    skeleton = Skeleton("s", ("a",), (-1,), np.zeros((1, 3)))
    motion = Motion(skeleton, 20.0, np.zeros((1, 3)), np.array([[[1.0, 0, 0, 0]]]))
    header = (
        '{"fps": 20.0, "frames": 1, "joints": ["a"], "name": "s", "parents": [-1], '
        '"roles": [""], "version": 1}'
    )
    arrays = np.array([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], dtype="<f8")
    assert media_id(motion) == hashlib.sha256(header.encode() + arrays.tobytes()).hexdigest()
