"""BVH (Biovision hierarchy): joint angles as text.

The format says less than it seems to, so readers disagree. What is done here:

- **Units** are not in the file; :func:`exporters.coords.guess_unit` tells them from the figure.
- **Position channels** replace ``OFFSET`` (as in Blender, MotionBuilder and Bandai Namco's files),
  except that a few exporters mean them to be added to the root's. :class:`BvhReadOptions` says
  which, or lets the reader decide by which of the two puts the figure on the ground.
- **Rotations** apply in the order in which the channels are listed, intrinsically:
  ``Zrotation Xrotation Yrotation`` is ``Rz @ Rx @ Ry``.
- **Frame times** are rounded by whoever wrote them; :func:`exporters.coords.frame_rate`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from exporters import coords, decimals
from exporters.atomic import write_bytes
from exporters.errors import ExportError, FileFormatError
from motion import rotations as rot
from motion.clip import Motion, concat
from motion.rotations import Array
from motion.skeleton import Skeleton, forward_kinematics

#: A joint's distance from ``OFFSET`` below which position channels say nothing new, metres.
SAME_POSITION = 1e-5

#: Frames looked at to find out what position channels mean.
PROBE_FRAMES = 16

#: The largest number believed: squares of lengths stay finite.
LARGEST = 1e12

#: Name that an end site gets when it is read as a joint: its parent's name and this.
END_SUFFIX = "_EndSite"


@dataclass(frozen=True)
class BvhReadOptions:
    """How to read what the format leaves open.

    Attributes:
        scale: Metres per unit, or None to guess from the figure's size.
        root_channels: Whether the root's position channels ``replace`` its ``OFFSET`` or ``add``
            to it, or None to choose what leaves the figure's lowest joint nearer the ground.
        end_sites: Make a joint (named after its parent, with ``_EndSite``) of every end site. They
            carry no rotation, so they are left out otherwise.
    """

    scale: float | None = None
    root_channels: Literal["replace", "add"] | None = None
    end_sites: bool = False


@dataclass(frozen=True)
class BvhWriteOptions:
    """How to write what the format leaves open.

    Attributes:
        scale: Metres per unit: 0.01 writes centimetres, as nearly every program expects.
        order: Axes of the rotation channels, first to last: ``"ZXY"`` is ``Rz @ Rx @ Ry``.
        decimals: Digits after the point, 1 to 8. Four keep 0.0001 degree and a micrometre.
        standing_rest: Turn joint frames so that all angles zero is the pose in which the rig
            stands, which is what programs take a BVH's rest pose to be. World positions are the
            same either way; False keeps the rig's own frames and loses its rest rotations.
        rest_frame: Put the rest pose, standing over the origin, before the first frame.
        root_offset: ``zero`` is read alike by programs that add the root's channels to its
            ``OFFSET`` and by those that replace it. ``rest`` writes the root's rest position, so
            that a rest pose looked at by itself stands on the ground; only the latter read it.
    """

    scale: float = 0.01
    order: str = "ZXY"
    decimals: int = 4
    standing_rest: bool = True
    rest_frame: bool = False
    root_offset: Literal["zero", "rest"] = "zero"

    def __post_init__(self) -> None:
        if sorted(self.order) != ["X", "Y", "Z"]:
            raise ExportError(f"The rotation order '{self.order}' must name X, Y and Z once each.")
        if not (np.isfinite(self.scale) and self.scale > 0):
            raise ExportError(f"A scale of {self.scale:g} metres per unit makes no sense.")
        if not 1 <= self.decimals <= 8:
            raise ExportError(f"{self.decimals} decimals cannot be written; choose from 1 to 8.")


@dataclass(frozen=True)
class _Joint:
    """One joint as the file has it: lengths in the file's units."""

    name: str
    parent: int
    offset: tuple[float, float, float]
    channels: tuple[str, ...]  # such as "XP" and "ZR", in the file's order
    end_site: bool


@dataclass(frozen=True)
class _Header:
    joints: tuple[_Joint, ...]
    frames: int
    frames_line: int
    fps: float
    data_line: int  # the line of the first frame
    data: bytes


def load_bvh(
    source: str | Path | bytes,
    options: BvhReadOptions | None = None,
    *,
    scale: float | None = None,
) -> Motion:
    """Read a BVH file, or its content as bytes.

    Joint frames are aligned with the world at rest, as the format has them: ``rest_rotations`` are
    the identity, whatever pose that is. Where the file puts the root at rest so that the figure
    hangs below the ground (``OFFSET 0 0 0``), its rest height is that which stands it on y = 0.

    Args:
        source: A path, or the bytes of a file.
        options: What the format leaves open.
        scale: Metres per unit; short for the option of that name, and goes before it.

    Raises:
        FileFormatError: the file is missing or not a BVH; names the line and the cause.
    """
    options = options or BvhReadOptions()
    name, content = _read(source)
    header = _parse_header(name, content)
    values = _parse_frames(name, header)
    return _assemble(name, header, values, options, options.scale if scale is None else scale)


def _read(source: str | Path | bytes) -> tuple[str, bytes]:
    if isinstance(source, bytes):
        return "BVH data", source
    path = Path(source)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise FileFormatError(str(path), f"cannot be read: {error.strerror or error}.") from None


# --- hierarchy ---------------------------------------------------------------------------------

_MOTION = re.compile(rb"^[ \t]*MOTION[ \t\r]*$", re.MULTILINE | re.IGNORECASE)
_FRAMES = re.compile(rb"\s*Frames\s*:[ \t]*(\S+)[ \t\r]*", re.IGNORECASE)
_FRAME_TIME = re.compile(rb"\s*Frame[ \t]+Time\s*:[ \t]*(\S+)[ \t\r]*(?:\n|$)", re.IGNORECASE)
_CHANNEL = {
    f"{axis}{kind}": axis + kind[0].upper()
    for axis in "XYZ"
    for kind in ("position", "rotation", "Position", "Rotation")
}


def _parse_header(name: str, content: bytes) -> _Header:
    content = content.removeprefix(b"\xef\xbb\xbf")
    if b"\n" not in content:  # lines end as on the first Macintoshes
        content = content.replace(b"\r", b"\n")
    if not content.strip():
        raise FileFormatError(name, "the file is empty.", 1)
    found = _MOTION.search(content)
    head = content[: found.start()] if found else content
    joints = _Hierarchy(name, head).joints
    if found is None:
        raise FileFormatError(
            name, "the MOTION section is missing; the file may be cut off.", _line(content, None)
        )
    frames = _FRAMES.match(content, found.end())
    if frames is None:
        raise FileFormatError(
            name, "'Frames:' and a number must follow MOTION.", _line(content, found.end()) + 1
        )
    frames_line = _line(content, frames.start(1))
    count = _whole(name, frames.group(1), frames_line)
    time = _FRAME_TIME.match(content, frames.end())
    if time is None:
        raise FileFormatError(
            name, "'Frame Time:' and a number must follow 'Frames:'.", frames_line + 1
        )
    fps = _fps(name, time.group(1), _line(content, time.start(1)))
    data_line = _line(content, time.end())
    return _Header(joints, count, frames_line, fps, data_line, content[time.end() :])


def _line(content: bytes, end: int | None) -> int:
    """The line, from 1, on which the byte at ``end`` stands; without it, the last of any text."""
    return content.count(b"\n", 0, len(content.rstrip()) if end is None else end) + 1


def _whole(name: str, text: bytes, line: int) -> int:
    if not text.isdigit() or len(text) > 18:
        raise FileFormatError(name, f"'Frames: {_shown(text)}' is not a count.", line)
    if int(text) == 0:
        raise FileFormatError(name, "the file has no frames ('Frames: 0').", line)
    return int(text)


def _fps(name: str, text: bytes, line: int) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = float("nan")
    if not (np.isfinite(seconds) and 1e-6 < seconds < 1e6):
        raise FileFormatError(
            name, f"'Frame Time: {_shown(text)}' is not a time in seconds above zero.", line
        )
    decimals = len(text.partition(b".")[2]) if text.replace(b".", b"").isdigit() else 6
    return coords.frame_rate(seconds, decimals)


def _shown(text: bytes | str) -> str:
    """Some of the file's own words, short and printable."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = "".join(c if c.isprintable() else "?" for c in text)
    return text if len(text) <= 40 else text[:37] + "..."


class _Hierarchy:
    """Nested joints read with a stack, so that no depth of nesting is too deep.

    Words are counted, not lines: which line a word stands on is found out when an error asks.
    """

    def __init__(self, name: str, head: bytes) -> None:
        self.name = name
        try:
            text = head.decode("utf-8")
        except UnicodeDecodeError as error:
            cause = "the text is not UTF-8; save the file again with that encoding."
            raise FileFormatError(name, cause, _line(head, error.start)) from None
        self.text = text.replace("{", " { ").replace("}", " } ")
        self.words = self.text.split()
        self.at = 0  # the next word
        self.taken: dict[str, int] = {}
        self.joints = self._parse()

    def _line_of(self, word: int) -> int:
        """The line, from 1, of the word of that number, or of the last one before the end."""
        lines = self.text.split("\n")
        for number, line in enumerate(lines, start=1):
            word -= len(line.split())
            if word < 0:
                return number
        return len(self.text.rstrip().split("\n"))

    def _error(self, cause: str, word: int | None = None) -> FileFormatError:
        line = self._line_of(self.at - 1 if word is None else word)
        return FileFormatError(self.name, cause, line)

    def _next(self, wanted: str) -> str:
        if self.at == len(self.words):
            raise self._error(
                f"the hierarchy ends where {wanted} should be; the file may be cut off."
            )
        self.at += 1
        return self.words[self.at - 1]

    def _expect(self, wanted: str) -> None:
        word = self._next(f"'{wanted}'")
        if word.upper() != wanted:
            raise self._error(f"'{wanted}' should be here, not '{_shown(word)}'.")

    def _name(self) -> str:
        """All words up to the opening brace: names may hold spaces."""
        first = self.at
        self._skip_to_brace("the joint's name")
        name = " ".join(self.words[first : self.at - 1])
        if not name:
            raise self._error("a joint has no name.", first - 1)
        if name in self.taken:
            line = self._line_of(self.taken[name])
            cause = f"the joint '{_shown(name)}' was already named on line {line}; rename one."
            raise self._error(cause, first)
        self.taken[name] = first
        return name

    def _skip_to_brace(self, what: str) -> None:
        first = self.at - 1
        while (word := self._next("'{'")) != "{":
            if word == "}" or word.upper() in ("OFFSET", "CHANNELS"):
                raise self._error(f"'{{' should follow {what}.", first)

    def _offset(self) -> tuple[float, float, float]:
        self._expect("OFFSET")
        x, y, z = (self._number() for _ in range(3))
        return x, y, z

    def _number(self) -> float:
        word = self._next("a number")
        try:
            value = float(word)
        except ValueError:
            raise self._error(f"OFFSET needs three numbers, not '{_shown(word)}'.") from None
        if not abs(value) <= LARGEST:
            raise self._error(f"OFFSET holds '{_shown(word)}', which is not a usable length.")
        return value

    def _channels(self) -> tuple[str, ...]:
        self._expect("CHANNELS")
        word = self._next("a count of channels")
        if word not in ("0", "1", "2", "3", "4", "5", "6"):
            raise self._error(f"CHANNELS needs a count from 0 to 6, not '{_shown(word)}'.")
        out: list[str] = []
        for _ in range(int(word)):
            kind = self._next("a channel")
            if kind not in _CHANNEL:
                raise self._error(f"'{_shown(kind)}' is not a channel such as Xrotation.")
            if _CHANNEL[kind] in out:
                raise self._error(f"the channel {kind} is listed twice.")
            out.append(_CHANNEL[kind])
        return tuple(out)

    def _parse(self) -> tuple[_Joint, ...]:
        self._expect("HIERARCHY")
        self._expect("ROOT")
        joints = [self._open(-1)]
        stack = [0]
        while stack:
            word = self._next("'}'")
            if word.upper() == "JOINT":
                joints.append(self._open(stack[-1]))
                stack.append(len(joints) - 1)
            elif word.upper() == "END":
                joints.append(self._end_site(stack[-1], joints[stack[-1]].name))
            elif word == "}":
                stack.pop()
            else:
                raise self._error(f"JOINT, End Site or '}}' should be here, not '{_shown(word)}'.")
        if self.at < len(self.words):
            word = self._next("MOTION")
            if word.upper() == "ROOT":
                raise self._error("a second ROOT begins here; keep one figure in the file.")
            raise self._error(f"'{_shown(word)}' follows the end of the hierarchy.")
        return tuple(joints)

    def _open(self, parent: int) -> _Joint:
        return _Joint(self._name(), parent, self._offset(), self._channels(), False)

    def _end_site(self, parent: int, owner: str) -> _Joint:
        # Some exporters name the site: "End Site", "End SITE", "End tip".
        self._skip_to_brace("'End Site'")
        name, count = owner + END_SUFFIX, 2
        while name in self.taken:
            name, count = f"{owner}{END_SUFFIX}{count}", count + 1
        self.taken[name] = self.at
        offset = self._offset()
        self._expect("}")
        return _Joint(name, parent, offset, (), True)


# --- frames ------------------------------------------------------------------------------------


def _parse_frames(name: str, header: _Header) -> Array:
    """The motion block as ``[frames, channels]``."""
    width = sum(len(joint.channels) for joint in header.joints)
    if width == 0:
        raise FileFormatError(name, "no joint has a channel, so there is no motion.", 1)
    values = _table(header.data)
    if values is None or values.shape != (header.frames, width):
        values = _wrapped(header, width)
    if values is None or not np.abs(values).max() <= LARGEST:
        raise _bad_frames(name, header, width)
    return values


def _table(data: bytes) -> Array | None:
    """The numbers of text with equally many on each line ``[lines, numbers]``, or None."""
    if not data or data.isspace():
        return None
    try:
        # Twice as fast as np.fromstring or as float() over data.split(), and it counts columns.
        return np.loadtxt(data.decode("ascii").split("\n"), comments=None, ndmin=2)
    except ValueError:
        return None


def _wrapped(header: _Header, width: int) -> Array | None:
    """Frames broken over several lines, legal though rare ``[frames, width]``, or None."""
    lines = sum(1 for line in header.data.split(b"\n") if line.strip())
    words = header.data.split()
    if lines == header.frames or len(words) != header.frames * width:
        return None
    try:
        return np.array(words, dtype=np.float64).reshape(header.frames, width)
    except ValueError:
        return None


def _bad_frames(name: str, header: _Header, width: int) -> FileFormatError:
    """Read the block again line by line to say what is wrong with it and where."""
    frames = 0
    last = header.data_line
    for line, row in enumerate(header.data.split(b"\n"), start=header.data_line):
        words = row.split()
        for word in words:
            if not _usable(word):
                return FileFormatError(name, f"'{_shown(word)}' is not a usable number.", line)
        if not words:
            continue
        if len(words) != width:
            cause = f"the frame has {len(words)} values, but the joints have {width} channels."
            return FileFormatError(name, cause, line)
        frames += 1
        if frames > header.frames:
            cause = f"there are more frames than the {header.frames} that line "
            return FileFormatError(name, f"{cause}{header.frames_line} promises.", line)
        last = line
    cause = f"the file ends after {frames} frames, but line {header.frames_line} promises "
    return FileFormatError(name, f"{cause}{header.frames}.", last)


def _usable(word: bytes) -> bool:
    try:
        return abs(float(word)) <= LARGEST and b"_" not in word
    except ValueError:
        return False


# --- from channels to a motion -----------------------------------------------------------------


def _assemble(
    name: str, header: _Header, values: Array, options: BvhReadOptions, scale: float | None
) -> Motion:
    joints = header.joints
    offsets = np.array([joint.offset for joint in joints])
    positions = _positions(joints, values, offsets)
    if scale is None:
        scale = _guess_scale(joints, offsets, positions)
    elif not (np.isfinite(scale) and scale > 0):
        raise FileFormatError(name, f"a scale of {scale:g} metres per unit makes no sense.")
    offsets = offsets * scale
    kept = [i for i, joint in enumerate(joints) if options.end_sites or not joint.end_site]
    rotations = _rotations(joints, values, kept)
    positions = {joint: track * scale for joint, track in positions.items()}
    skeleton = _skeleton(joints, offsets, kept)
    root = positions.pop(0, np.tile(offsets[0], (len(values), 1)))
    local = _local_positions(skeleton, kept, positions)
    if _adds(options, joints[0], skeleton, root, rotations, local, offsets[0]):
        root = root + offsets[0]
    for track in (root, rotations, local):
        if track is not None:
            track.flags.writeable = False  # nobody else has them: a motion need not copy
    return coords.on_known_body(Motion(_grounded(skeleton), header.fps, root, rotations, local))


def _guess_scale(joints: tuple[_Joint, ...], offsets: Array, positions: dict[int, Array]) -> float:
    lengths = np.linalg.norm(offsets, axis=1)
    for i, joint in enumerate(joints):
        if joint.end_site:  # drawn as long as their exporter likes
            lengths[i] = 0.0
        elif i in positions:
            # Some programs give every joint position channels. One that moves about in its
            # parent's frame is not a bone's length away from it.
            arms = np.linalg.norm(positions[i], axis=1)
            middle = float(np.median(arms))
            wanders = np.ptp(positions[i], axis=0).max() > 0.2 * middle
            lengths[i] = 0.0 if wanders else middle
    return coords.guess_unit(coords.longest_path(tuple(j.parent for j in joints), lengths))


def _columns(joints: tuple[_Joint, ...]) -> list[int]:
    """The first column of each joint's channels."""
    return np.cumsum([0, *(len(joint.channels) for joint in joints)])[:-1].tolist()


def _rotations(joints: tuple[_Joint, ...], values: Array, kept: list[int]) -> Array:
    """Parent-local quaternions ``[T, J, 4]`` of the kept joints."""
    starts = _columns(joints)
    groups: dict[str, tuple[list[int], list[int]]] = {}
    for out, i in enumerate(kept):
        turns = [(c[0], starts[i] + k) for k, c in enumerate(joints[i].channels) if c[1] == "R"]
        where, columns = groups.setdefault("".join(axis for axis, _ in turns), ([], []))
        where.append(out)
        columns.extend(column for _, column in turns)
    parts = {
        order: _from_degrees(values, columns, order, len(where))
        for order, (where, columns) in groups.items()
    }
    if len(parts) == 1:  # one order for all, as nearly every file has it
        return next(iter(parts.values()))
    quaternions = np.empty((len(values), len(kept), 4))
    for order, (where, _) in groups.items():
        quaternions[:, where] = parts[order]
    return quaternions


def _from_degrees(values: Array, columns: list[int], order: str, joints: int) -> Array:
    """Quaternions ``[T, joints, 4]`` of the angles in some columns."""
    if not order:
        return np.tile(rot.IDENTITY, (len(values), joints, 1))
    side_by_side = columns == list(range(columns[0], columns[0] + len(columns)))
    angles = values[:, columns[0] : columns[-1] + 1] if side_by_side else values[:, columns]
    return rot.from_euler(np.radians(angles).reshape(len(values), joints, len(order)), order)


def _positions(joints: tuple[_Joint, ...], values: Array, offsets: Array) -> dict[int, Array]:
    """``[T, 3]`` for each joint with position channels; ``OFFSET`` where an axis has none."""
    starts = _columns(joints)
    out: dict[int, Array] = {}
    for i, joint in enumerate(joints):
        for k, channel in enumerate(joint.channels):
            if channel[1] == "P":
                track = out.setdefault(i, np.tile(offsets[i], (len(values), 1)))
                track[:, "XYZ".index(channel[0])] = values[:, starts[i] + k]
    return out


def _skeleton(joints: tuple[_Joint, ...], offsets: Array, kept: list[int]) -> Skeleton:
    place = {old: new for new, old in enumerate(kept)}
    return Skeleton(
        joints[0].name,
        tuple(joints[i].name for i in kept),
        tuple(place.get(joints[i].parent, -1) for i in kept),
        offsets[kept],
    )


def _local_positions(
    skeleton: Skeleton, kept: list[int], positions: dict[int, Array]
) -> Array | None:
    """``[T, J, 3]`` where any joint but the root strays from its offset, else None."""
    place = {old: new for new, old in enumerate(kept)}
    strays = {
        place[old]: track
        for old, track in positions.items()
        if np.abs(track - skeleton.rest_offsets[place[old]]).max() > SAME_POSITION
    }
    if not strays:
        return None
    frames = len(next(iter(strays.values())))
    local = np.tile(skeleton.rest_offsets, (frames, 1, 1))
    for joint, track in strays.items():
        local[:, joint] = track
    return local


def _adds(
    options: BvhReadOptions,
    joint: _Joint,
    skeleton: Skeleton,
    root: Array,
    rotations: Array,
    local: Array | None,
    offset: Array,
) -> bool:
    """Whether the root's position channels are to be added to its ``OFFSET``.

    Without being told: they are where that brings the figure's lowest joint, in the median of some
    frames, nearer the ground than taking them as they are.
    """
    if "YP" not in joint.channels:
        return False
    if options.root_channels is not None:
        return options.root_channels == "add"
    if abs(offset[1]) <= SAME_POSITION:
        return False
    # Figures do not stand twice as high as at rest, nor half as high for most of a clip.
    if 0.5 < float(np.median(root[:, 1])) / offset[1] < 1.5:
        return False
    probe = np.unique(np.linspace(0, len(root) - 1, PROBE_FRAMES).astype(int))
    some = None if local is None else local[probe]
    points, _ = forward_kinematics(skeleton, root[probe], rotations[probe], some)
    lowest = float(np.median(points[..., 1].min(axis=1)))
    return abs(lowest + offset[1]) < abs(lowest)


def _grounded(skeleton: Skeleton) -> Skeleton:
    """The rest pose raised to stand on the ground where the file lets it hang below."""
    heights = skeleton.rest_offsets[:, 1].tolist()
    for joint, parent in enumerate(skeleton.parents[1:], start=1):
        heights[joint] += heights[parent]
    lowest = min(heights)
    if lowest >= -SAME_POSITION:
        return skeleton
    offsets = skeleton.rest_offsets.copy()
    offsets[0, 1] -= lowest
    return replace(skeleton, rest_offsets=offsets)


# --- writing -----------------------------------------------------------------------------------

#: Length of the bone drawn beyond a joint without children, metres by role; others get
#: :data:`TIP_SHARE` of the bone that leads to them.
TIP_LENGTHS = {
    "head": 0.19, "left_foot": 0.07, "right_foot": 0.07, "left_wrist": 0.18, "right_wrist": 0.18,
}  # fmt: skip
TIP_SHARE = 0.4


def save_bvh(motion: Motion, path: str | Path, options: BvhWriteOptions | None = None) -> None:
    """Write a motion as BVH: the root with six channels, other joints with three.

    Joints that :class:`BvhReadOptions` made of end sites become end sites again. Joints that move
    in their parent (``local_positions``) get six channels as well.

    Raises:
        ExportError: a joint's name does not fit the format, or the file cannot be written.
    """
    options = options or BvhWriteOptions()
    write_bytes(path, bvh_bytes(motion, options))


def bvh_bytes(motion: Motion, options: BvhWriteOptions | None = None) -> bytes:
    """What :func:`save_bvh` writes."""
    options = options or BvhWriteOptions()
    _check_names(motion.skeleton)
    if options.standing_rest:
        motion = coords.with_identity_rest(motion)
    if options.rest_frame:
        motion = concat([_rest_motion(motion), motion])
    sites = _end_sites(motion)
    moving = _moving(motion) - sites
    header = "\n".join(_hierarchy(motion, options, moving, sites))
    # Ten digits: 1/30 s must not turn into another rate over an hour.
    times = f"MOTION\nFrames: {len(motion)}\nFrame Time: {1.0 / motion.fps:.10f}\n"
    rows = _rows(motion, options, moving, sites)
    return f"{header}\n{times}".encode() + decimals.table(rows, options.decimals)


def _check_names(skeleton: Skeleton) -> None:
    for name in skeleton.joints:
        plain = " ".join(name.split())
        if not name or plain != name or set(name) & set("{}") or not name.isprintable():
            raise ExportError(
                f"BVH has no way to write the joint name {name!r}; rename it without braces or "
                "unusual spaces."
            )


def _rest_motion(motion: Motion) -> Motion:
    skeleton = motion.skeleton
    return Motion(
        skeleton, motion.fps, skeleton.rest_offsets[None, 0], skeleton.rest_rotations[None]
    )


def _end_sites(motion: Motion) -> set[int]:
    """Joints that stand for end sites: named so, without children, and never moving."""
    skeleton = motion.skeleton
    return {
        i
        for i, name in enumerate(skeleton.joints)
        if i > 0
        and name.startswith(skeleton.joints[skeleton.parents[i]] + END_SUFFIX)
        and not skeleton.children[i]
        and np.abs(motion.rotations[:, i, 1:]).max() < 1e-9
    }


def _moving(motion: Motion) -> set[int]:
    """Joints besides the root whose positions in their parent are not always the rest offset."""
    if motion.local_positions is None:
        return set()
    stray = np.abs(motion.local_positions - motion.skeleton.rest_offsets).max(axis=(0, 2))
    return set(np.flatnonzero(stray > SAME_POSITION).tolist()) - {0}


def _hierarchy(
    motion: Motion, options: BvhWriteOptions, moving: set[int], sites: set[int]
) -> list[str]:
    """The lines of the HIERARCHY section."""
    skeleton = motion.skeleton
    rotations = " ".join(f"{axis}rotation" for axis in options.order)
    lines = ["HIERARCHY"]

    def offset(values: Array, indent: str) -> str:
        # Offsets add up along the body, so they get more digits than the frames.
        numbers = [f"{value:.6f}" for value in (values / options.scale).tolist()]
        plain = ["0.000000" if number == "-0.000000" else number for number in numbers]
        return f"{indent}OFFSET {' '.join(plain)}"

    stack: list[tuple[int, int]] = [(0, 0)]
    while stack:
        joint, depth = stack.pop()
        indent = "\t" * depth
        if joint < 0:  # closes a joint opened before
            lines.append(indent + "}")
            continue
        own = skeleton.rest_offsets[joint]
        if joint == 0 and options.root_offset == "zero":
            own = np.zeros(3)
        place = "Xposition Yposition Zposition " if joint == 0 or joint in moving else ""
        kind = "JOINT" if joint else "ROOT"
        lines += [f"{indent}{kind} {skeleton.joints[joint]}", indent + "{"]
        lines.append(offset(own, indent + "\t"))
        lines.append(f"{indent}\tCHANNELS {6 if place else 3} {place}{rotations}")
        children = skeleton.children[joint]
        tips = [skeleton.rest_offsets[c] for c in children if c in sites]
        for tip in tips if children else [_tip(skeleton, joint)]:
            inner = indent + "\t"
            lines += [inner + "End Site", inner + "{", offset(tip, inner + "\t"), inner + "}"]
        stack.append((-1, depth))
        stack += [(c, depth + 1) for c in reversed(children) if c not in sites]
    return lines


def _tip(skeleton: Skeleton, joint: int) -> Array:
    """An end for a joint without children, so that programs draw a bone: ``[3]`` metres."""
    along = skeleton.rest_offsets[joint]
    if joint == 0 or np.linalg.norm(along) < SAME_POSITION:
        return np.array([0.0, 0.05, 0.0])
    role = skeleton.roles[joint]
    length = TIP_LENGTHS.get(role, TIP_SHARE * float(np.linalg.norm(along)))
    # In the joint's own frame; rest offsets are in its parent's.
    own = rot.rotate(rot.conjugate(skeleton.rest_rotations[joint]), along)
    if role == "head":
        own = rot.rotate(rot.conjugate(skeleton.rest_world[1][joint]), [0.0, 1.0, 0.0])
    elif role.endswith("_foot"):
        world = rot.rotate(skeleton.rest_world[1][joint], own) * [1.0, 0.0, 1.0]
        own = rot.rotate(rot.conjugate(skeleton.rest_world[1][joint]), world)
    return own * (length / max(float(np.linalg.norm(own)), 1e-9))


def _order_of_writing(skeleton: Skeleton, sites: set[int]) -> list[int]:
    """Joints depth first, as the hierarchy lists them."""
    out, stack = [], [0]
    while stack:
        joint = stack.pop()
        out.append(joint)
        stack += [c for c in reversed(skeleton.children[joint]) if c not in sites]
    return out


def _rows(motion: Motion, options: BvhWriteOptions, moving: set[int], sites: set[int]) -> Array:
    """Channel values ``[T, C]`` in the file's units and order."""
    joints = _order_of_writing(motion.skeleton, sites)
    angles = np.degrees(coords.smooth_euler(motion.rotations[:, joints], options.order))
    parts: list[Array] = []
    for i, joint in enumerate(joints):
        if joint == 0:
            parts.append(motion.root_positions / options.scale)
        elif joint in moving and motion.local_positions is not None:
            parts.append(motion.local_positions[:, joint] / options.scale)
        parts.append(angles[:, i])
    return np.concatenate(parts, axis=1)
