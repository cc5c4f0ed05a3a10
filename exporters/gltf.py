"""glTF 2.0 as a container: chunks, buffers and accessors, in and out.

What the numbers mean (nodes, skins, animations) is :mod:`exporters.glb`'s business. The format is
specified at https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html.
"""

from __future__ import annotations

import base64
import binascii
import json
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import numpy as np

from exporters.errors import FileFormatError
from motion.rotations import Array

GLB_MAGIC = 0x46546C67
_JSON_CHUNK = 0x4E4F534A
_BIN_CHUNK = 0x004E4942

_DTYPE = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_COMPONENT = {np.dtype(v): k for k, v in _DTYPE.items()}
_WIDTH = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}
_TYPE = {v: k for k, v in _WIDTH.items()}

#: The most values that an accessor without data of its own (all zeros) may stand for.
_MOST_ZEROS = 50_000_000

Target = Literal["vertices", "indices"]
_TARGET = {"vertices": 34962, "indices": 34963}


@dataclass
class Builder:
    """Collects arrays and JSON objects and turns them into one GLB.

    Attributes:
        json: The glTF document under construction; lists may be appended to at will.
    """

    json: dict[str, Any]
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0

    def add(self, kind: str, value: dict[str, Any]) -> int:
        """Append to one of the document's lists, and the new object's index."""
        items = self.json.setdefault(kind, [])
        items.append(value)
        return len(items) - 1

    def accessor(
        self,
        values: np.ndarray,
        *,
        target: Target | None = None,
        normalized: bool = False,
        bounds: bool = False,
    ) -> int:
        """The index of a new accessor over a copy of ``values``.

        Args:
            values: ``[N]`` scalars or ``[N, K]`` vectors (16 columns are 4 x 4 matrices, column by
                column) of a type that glTF has.
            target: What the GPU will use it as, for mesh data.
            normalized: Whether integers stand for fractions of their range.
            bounds: Write ``min`` and ``max``, as positions and key times must have.
        """
        data = np.ascontiguousarray(values)
        rows = data.reshape(len(data), -1)
        view: dict[str, Any] = {
            "buffer": 0,
            "byteOffset": self._size,
            "byteLength": data.nbytes,
        }
        if target is not None:
            view["target"] = _TARGET[target]
        accessor: dict[str, Any] = {
            "bufferView": self.add("bufferViews", view),
            "componentType": _COMPONENT[data.dtype],
            "count": len(rows),
            "type": _TYPE[rows.shape[1]],
        }
        if normalized:
            accessor["normalized"] = True
        if bounds:
            accessor["min"] = rows.min(axis=0).tolist()
            accessor["max"] = rows.max(axis=0).tolist()
        raw = data.tobytes()
        self._parts.append(raw + b"\0" * (-len(raw) % 4))
        self._size += len(self._parts[-1])
        return self.add("accessors", accessor)

    def glb(self) -> bytes:
        """The finished file."""
        binary = b"".join(self._parts)
        self.json["buffers"] = [{"byteLength": len(binary)}]
        text = json.dumps(self.json, separators=(",", ":"), ensure_ascii=False).encode()
        text += b" " * (-len(text) % 4)
        size = 12 + 8 + len(text) + 8 + len(binary)
        return b"".join(
            (
                struct.pack("<III", GLB_MAGIC, 2, size),
                struct.pack("<II", len(text), _JSON_CHUNK),
                text,
                struct.pack("<II", len(binary), _BIN_CHUNK),
                binary,
            )
        )


class Document:
    """A glTF or GLB file, its JSON and its arrays.

    Attributes:
        name: The file's name, for messages.
        json: The glTF document as it was read.
    """

    def __init__(self, source: str | Path | bytes) -> None:
        if isinstance(source, bytes):
            self.name, self._folder, content = "glTF data", None, source
        else:
            path = Path(source)
            self.name, self._folder = path.name, path.parent
            try:
                content = path.read_bytes()
            except OSError as error:
                raise FileFormatError(str(path), f"cannot be read: {error.strerror}.") from None
        self._binary: bytes | None = None
        text = self._chunks(content) if content[:4] == b"glTF" else content
        self.json = self._parse(text)
        self._buffers: dict[int, bytes] = {}
        self._lists: dict[str, list[dict[str, Any]]] = {}

    def error(self, cause: str) -> FileFormatError:
        """An error about this file."""
        return FileFormatError(self.name, cause)

    def _chunks(self, content: bytes) -> bytes:
        if len(content) < 20:
            raise self.error(f"the file ends after {len(content)} bytes, within the GLB header.")
        _, version, length = struct.unpack_from("<III", content)
        if version != 2:
            raise self.error(f"glTF version {version} cannot be read, only version 2.")
        if length > len(content):
            raise self.error(f"the file has {len(content)} of the {length} bytes it promises.")
        text: bytes | None = None
        at = 12
        while at + 8 <= length:
            size, kind = struct.unpack_from("<II", content, at)
            if at + 8 + size > length:
                raise self.error(f"the chunk at byte {at} is longer than the file.")
            body = content[at + 8 : at + 8 + size]
            if kind == _JSON_CHUNK and text is None:
                text = body
            elif kind == _BIN_CHUNK and self._binary is None:
                self._binary = body
            at += 8 + size
        if text is None:
            raise self.error("the GLB has no JSON chunk.")
        return text

    def _parse(self, text: bytes) -> dict[str, Any]:
        try:
            document = json.loads(text.decode("utf-8-sig"))
        except json.JSONDecodeError as error:
            raise FileFormatError(
                self.name, f"the JSON is malformed: {error.msg}.", error.lineno
            ) from None
        except (UnicodeDecodeError, ValueError, RecursionError):
            raise self.error("the file is not glTF, neither text nor binary.") from None
        asset = document.get("asset") if isinstance(document, dict) else None
        if not isinstance(asset, dict) or not str(asset.get("version", "")).startswith("2"):
            raise self.error("the JSON is not a glTF 2 document.")
        return document

    def items(self, kind: str) -> list[dict[str, Any]]:
        """One of the document's lists of objects, empty where there is none."""
        if kind not in self._lists:
            found = self.json.get(kind, [])
            if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
                raise self.error(f"'{kind}' is not a list of objects.")
            self._lists[kind] = found
        return self._lists[kind]

    def item(self, kind: str, index: object) -> dict[str, Any]:
        """One object out of a list, by an index that the file gives."""
        items = self.items(kind)
        if type(index) is not int or not 0 <= index < len(items):
            raise self.error(f"the file refers to {kind}[{index}], which it does not have.")
        return items[index]

    def array(self, index: object) -> Array:
        """An accessor's values as floats, ``[N]`` or ``[N, K]``; fractions where normalized."""
        accessor = self.item("accessors", index)
        dtype, width = _layout(self, accessor, index)
        count = accessor.get("count")
        if type(count) is not int or count < 1:
            raise self.error(f"accessors[{index}] has no count above zero.")
        if "bufferView" in accessor:
            offset = accessor.get("byteOffset", 0)
            values = self._view(accessor["bufferView"], offset, dtype, count, width)
        elif count * width <= _MOST_ZEROS:
            values = np.zeros((count, width), dtype)
        else:
            raise self.error(f"accessors[{index}] claims {count} values and holds none.")
        if "sparse" in accessor:
            values = self._sparse(accessor["sparse"], values, index)
        out = values.astype(np.float64)
        if accessor.get("normalized", False) and dtype.kind in "iu":
            out = np.maximum(out / np.iinfo(dtype).max, -1.0)
        if not np.isfinite(out).all():
            raise self.error(f"accessors[{index}] holds numbers that are not finite.")
        return out[:, 0] if width == 1 else out

    def _sparse(self, sparse: dict[str, Any], values: np.ndarray, index: object) -> np.ndarray:
        count = sparse["count"]
        where, what = sparse["indices"], sparse["values"]
        kind = np.dtype(_DTYPE[where["componentType"]])
        at = self._view(where["bufferView"], where.get("byteOffset", 0), kind, count, 1)[:, 0]
        if at.max() >= len(values):
            raise self.error(f"accessors[{index}] replaces values beyond its end.")
        out = values.copy()
        out[at] = self._view(
            what["bufferView"], what.get("byteOffset", 0), values.dtype, count, values.shape[1]
        )
        return out

    def _view(
        self, index: object, offset: int, dtype: np.dtype, count: int, width: int
    ) -> np.ndarray:
        """``[count, width]`` numbers out of a buffer view, from ``offset`` on."""
        view = self.item("bufferViews", index)
        data = self._buffer(view.get("buffer"))
        start = view.get("byteOffset", 0) + offset
        stride = view.get("byteStride") or dtype.itemsize * width
        end = start + stride * (count - 1) + dtype.itemsize * width
        limit = min(len(data), view.get("byteOffset", 0) + view["byteLength"])
        if min(start, offset, count - 1) < 0 or stride < dtype.itemsize * width or end > limit:
            raise self.error(f"bufferViews[{index}] is shorter than the numbers read from it.")
        return np.ndarray((count, width), dtype, data, start, (stride, dtype.itemsize))

    def _buffer(self, index: object) -> bytes:
        buffer = self.item("buffers", index)
        assert isinstance(index, int)
        if index not in self._buffers:
            self._buffers[index] = self._fetch(buffer, index)
        return self._buffers[index]

    def _fetch(self, buffer: dict[str, Any], index: int) -> bytes:
        uri = buffer.get("uri")
        if uri is None:
            if index != 0 or self._binary is None:
                raise self.error(f"buffers[{index}] has no data; the binary chunk is missing.")
            return self._binary
        if uri.startswith("data:"):
            try:
                return base64.b64decode(uri.partition(",")[2], validate=True)
            except binascii.Error:
                raise self.error(f"buffers[{index}] is not valid base64.") from None
        return self._sibling(unquote(uri))

    def _sibling(self, uri: str) -> bytes:
        """A file beside this one. Nothing outside its folder is opened."""
        if self._folder is None:
            raise self.error(f"the buffer '{uri}' is another file, which bytes alone do not have.")
        folder = self._folder.resolve()
        path = (folder / uri).resolve()
        if not path.is_relative_to(folder):
            raise self.error(f"the buffer '{uri}' lies outside the file's own folder.")
        try:
            return path.read_bytes()
        except OSError as error:
            cause = f"the buffer '{uri}' cannot be read: {error.strerror}."
            raise self.error(cause) from None


def _layout(file: Document, accessor: dict[str, Any], index: object) -> tuple[np.dtype, int]:
    kind, width = accessor.get("componentType"), accessor.get("type")
    if kind not in _DTYPE or width not in _WIDTH:
        raise file.error(f"accessors[{index}] is of a type that glTF does not have.")
    return np.dtype(_DTYPE[kind]), _WIDTH[width]
