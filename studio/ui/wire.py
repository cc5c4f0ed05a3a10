"""Motion as the browser fetches it: on the canonical body where it can be, in a binary form."""

from __future__ import annotations

import json
import struct

import numpy as np

from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.errors import MotionError
from motion.retarget import retarget
from motion.skeleton import BODY

MAGIC = b"MSM1"


def shown(motion: Motion) -> Motion:
    """``motion`` as the viewer can draw it: on the canonical body wherever the rig is understood.

    A rig that no role fits, with joints that only rotate, is drawn as its own skeleton.
    """
    if motion.skeleton == BODY:
        return motion
    try:
        return retarget(motion, BODY)
    except MotionError:
        return motion


def pack_motion(motion: Motion) -> bytes:
    """A motion in the viewer's binary form.

    ``MSM1``, uint32 header length H, H bytes of JSON padded with spaces to a multiple of four,
    then float32 root positions ``[T, 3]`` in metres and float32 parent-local rotations
    ``[T, J, 4]`` wxyz, all little-endian. The header's ``contacts`` are four strings of ``0`` and
    ``1`` a frame: left ankle, left foot, right ankle, right foot; absent for rigs without feet.
    """
    header: dict[str, object] = {
        "fps": motion.fps,
        "frames": len(motion),
        "joints": motion.skeleton.joints,
        "parents": motion.skeleton.parents,
        "rest_offsets": np.round(motion.skeleton.rest_offsets, 6).tolist(),
    }
    contacts = _contacts(motion)
    if contacts is not None:
        header["contacts"] = contacts
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    roots = np.ascontiguousarray(motion.root_positions, dtype="<f4")
    rotations = np.ascontiguousarray(motion.rotations, dtype="<f4")
    return b"".join(
        (MAGIC, struct.pack("<I", len(text)), text, roots.tobytes(), rotations.tobytes())
    )


def _contacts(motion: Motion) -> list[str] | None:
    try:
        flags = foot_contacts(motion)
    except MotionError:
        return None
    return ["".join("1" if on else "0" for on in column) for column in flags.T]
