"""Reads the binary that the browser reads, from its description alone."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Received:
    """What the browser has after parsing."""

    header: dict[str, Any]
    root_positions: np.ndarray
    rotations: np.ndarray


def read(data: bytes) -> Received:
    assert data[:4] == b"MSM1"
    (size,) = struct.unpack_from("<I", data, 4)
    start = 8 + size
    assert start % 4 == 0
    header = json.loads(data[8:start].decode())
    frames, joints = header["frames"], len(header["joints"])
    values = np.frombuffer(data, "<f4", offset=start)
    assert values.size == frames * (3 + 4 * joints)
    roots, rotations = np.split(values, [3 * frames])
    return Received(header, roots.reshape(frames, 3), rotations.reshape(frames, joints, 4))
