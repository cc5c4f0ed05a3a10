"""The ``.mstudio`` file: what it holds, and every way in which a zip can be something else."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.document import archive
from studio.document.archive import Archive, ArchiveError, write_archive
from studio.document.model import MediaId
from studio.document.storage import MediaError

KEY = MediaId("ab" * 32)


def zipped(*members: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        for name, data in members:
            file.writestr(name, data)
    return buffer.getvalue()


GOOD = (("project.json", b"{}"), (f"media/{KEY}.npz", b"motion"))


def test_another_reader_finds_what_was_written(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.mstudio", b"{}", [(KEY, b"motion")])
    with zipfile.ZipFile(tmp_path / "a.mstudio") as file:
        assert file.testzip() is None
        assert {name: file.read(name) for name in file.namelist()} == dict(GOOD)


def test_what_another_writer_zipped_is_read(tmp_path: Path) -> None:
    """Folders as entries of their own, stored or deflated."""
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        path = tmp_path / "a.mstudio"
        path.write_bytes(zipped(("media/", b""), *GOOD, method=method))
        with Archive(path) as found:
            assert found.project() == b"{}"
            assert found.media == {KEY}
            assert found.read(KEY) == b"motion"
            found.extract_media(tmp_path / "out")
        assert (tmp_path / "out" / f"{KEY}.npz").read_bytes() == b"motion"


def encrypted(data: bytes) -> bytes:
    """With the flag that says so, in the directory."""
    flags = data.index(b"PK\x01\x02") + 8
    return data[:flags] + b"\x01" + data[flags + 1 :]


def overlapping(data: bytes, copies: int = 300) -> bytes:
    """One compressed motion that the directory lists under many names, as David Fifield's bombs."""
    source = zipfile.ZipFile(io.BytesIO(data))
    entry = source.infolist()[-1]
    start = source.start_dir
    listed = b""
    for i in range(copies):
        name = f"media/{i:064x}.npz".encode()
        listed += struct.pack(
            "<4s6H3I5H2I",
            *(b"PK\x01\x02", 20, 20, 0, 8, 0, 33, entry.CRC, entry.compress_size),
            *(entry.file_size, len(name), 0, 0, 0, 0, 0, entry.header_offset),
        )
        listed += name
    first = source.infolist()[0]
    listed += data[start : start + 46 + len(first.filename)]
    end = struct.pack(
        "<4s4H2IH", b"PK\x05\x06", 0, 0, copies + 1, copies + 1, len(listed), start, 0
    )
    return data[:start] + listed + end


ZEROS = bytes(8 << 20)
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "damaged or no Motion Studio project"),
    "text": (lambda: b"dear diary", "damaged or no Motion Studio project"),
    "cut short": (lambda: zipped(*GOOD)[:-30], "damaged or no Motion Studio project"),
    "an empty zip": (zipped, "has no project.json"),
    "a document": (lambda: zipped(("word/document.xml", b"<w/>")), "holds 'word/document.xml'"),
    "path traversal": (lambda: zipped(*GOOD, ("../evil.py", b"")), "holds '../evil.py'"),
    "traversal below media": (
        lambda: zipped(*GOOD, ("media/../../evil", b"")),
        "holds 'media/../../evil'",
    ),
    "an absolute path": (lambda: zipped(*GOOD, ("/etc/passwd", b"")), "holds '/etc/passwd'"),
    "a drive": (lambda: zipped(*GOOD, ("C:\\evil", b"")), "holds 'C:"),
    "a name in capitals": (
        lambda: zipped(*GOOD, (f"media/{'AB' * 32}.npz", b"")),
        "which no project has",
    ),
    "encrypted": (lambda: encrypted(zipped(GOOD[0])), "is encrypted"),
    "a bomb": (
        lambda: zipped(*GOOD, *((f"media/{i:064x}.npz", ZEROS) for i in range(40))),
        "would unpack from 0.3 MB to 335.5 MB",
    ),
    "overlapping entries": (
        lambda: overlapping(zipped(GOOD[0], (f"media/{KEY}.npz", ZEROS))),
        "would unpack from",
    ),
    "too large a project": (
        lambda: zipped(("project.json", bytes(archive.MAX_PROJECT + 1))),
        "holds a file of 67.1 MB",
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_zip_that_is_no_project_is_one_sentence(tmp_path: Path, kind: str) -> None:
    make, sentence = HOSTILE[kind]
    path = tmp_path / "a.mstudio"
    path.write_bytes(make())
    with pytest.raises(ArchiveError) as raised, Archive(path) as found:
        found.project()
    assert sentence in str(raised.value)
    assert "'a.mstudio'" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.mstudio").write_bytes(zipped(*GOOD, GOOD[0]))
    with pytest.raises(ArchiveError, match=r"holds 'project.json' twice"):
        Archive(tmp_path / "a.mstudio")


def test_no_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="There is no file"):
        Archive(tmp_path / "a.mstudio")


def test_missing_media_is_media_that_is_missing(tmp_path: Path) -> None:
    write_archive(tmp_path / "a.mstudio", b"{}", [])
    with Archive(tmp_path / "a.mstudio") as found:
        for key in (KEY, MediaId("project.json")):
            with pytest.raises(MediaError, match=r"is not in 'a\.mstudio'"):
                found.read(key)


@given(st.integers(0, 2**32 - 1))
def test_damaged_bytes_are_a_sentence_or_found_out(seed: int) -> None:
    """Where a changed byte is not noticed it changed nothing that counts."""
    chance = random.Random(seed)
    data = bytearray(zipped(*GOOD, method=chance.choice((0, 8))))
    for _ in range(chance.randint(1, 6)):
        data[chance.randrange(len(data))] = chance.randrange(256)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.mstudio"
        path.write_bytes(data)
        with contextlib.suppress(ArchiveError, MediaError), Archive(path) as found:
            assert found.project() == b"{}"
            for key in found.media:
                assert found.read(key) == b"motion"
