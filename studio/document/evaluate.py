"""From a project to one motion per character, exactly as docs/adr/0010 says.

Nothing depends on where a piece lies on the timeline but the place where it stands, so whatever is
worked out is kept by its content: played media, how two pieces meet, blends. After an edit only
what is new is worked out, and the rest is copied and placed.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np

from motion import rotations as rot
from motion.clip import Motion
from motion.inertialize import Poses
from motion.skeleton import BODY
from studio.document import ground
from studio.document.blending import blended
from studio.document.ground import Place
from studio.document.layout import Piece, Playing, pieces, playing
from studio.document.model import Character, CharacterId, ClipId, Project, Range, TrackId
from studio.document.played import EvaluateError, Footage, Played, footage, play
from studio.document.recent import Recent
from studio.document.storage import MediaStore


@dataclass(frozen=True)
class Join:
    """Where a clip, or a cycle of it, takes over.

    Attributes:
        track, clip: What takes over.
        frame: The project's frame at which it does.
        frames: For how long it is blended; 0 for a cut.
    """

    track: TrackId
    clip: ClipId
    frame: int
    frames: int
    kind: Literal["inertialize", "crossfade", "cut"]


class Standing(NamedTuple):
    """A piece and where it stands, unblended.

    Attributes:
        piece, played: What plays.
        place: From played coordinates to the world.
        link: From played coordinates to those of the piece before; the place itself for the first.
    """

    piece: Piece
    played: Played
    place: Place
    link: Place


class _Link(NamedTuple):
    """How a piece follows on, as it is remembered."""

    place: Place
    nbytes: int = 512


class _Head(NamedTuple):
    """The blended beginning of a piece, as it is remembered: poses in played coordinates."""

    poses: Poses

    @property
    def nbytes(self) -> int:
        return self.poses.root.nbytes + self.poses.rotations.nbytes


class Evaluator:
    """Evaluates projects whose media lies in ``media``. Thread-safe.

    Args:
        memory: Bytes that may be kept of what was worked out.
    """

    def __init__(self, media: MediaStore, memory: int = 512 * 2**20) -> None:
        self._media = media
        self._recent = Recent(memory)
        self._lock = threading.Lock()

    @property
    def made(self) -> Counter[str]:
        """How many were worked out so far of each kind: footage, played, link, blend."""
        with self._lock:
            return self._recent.made.copy()

    def motion(
        self,
        project: Project,
        character: CharacterId,
        range: Range | None = None,  # noqa: A002
    ) -> Motion:
        """What ``character`` does in ``range``, on the canonical body at the project's rate.

        Args:
            range: Frames, which may lie beyond the timeline's end; None for all of the timeline.

        Raises:
            EvaluateError: no such character, no such frames, or media that is not what the project
                says.
            MediaError: media that is missing or damaged.
            RetargetError: media of a rig that is not understood.
        """
        span = Range(0, max(project.timeline.stop, 1)) if range is None else range
        if not 0 <= span.start < span.stop:
            raise EvaluateError(f"There are no frames {span.start}:{span.stop} to evaluate.")
        with self._lock:
            row = self._standing(project, character, span.stop)
            shown = [i for i, s in enumerate(row) if s.piece.stop > span.start]
            heads = [self._head(project.fps, row[max(i - 1, 0)], row[i]) for i in shown]
        if not row:
            return _rest(_character(project, character), project.fps, len(span))
        return _assembled([row[i] for i in shown], heads, span, project.fps)

    def joins(self, project: Project, character: CharacterId) -> tuple[Join, ...]:
        """Every place where a clip or a cycle takes over from what was before, in order."""
        _character(project, character)
        out = []
        for piece in pieces(project, character)[1:]:
            kind = piece.clip.blend.kind
            frames = 0 if kind == "cut" else piece.blend
            if not piece.stays:
                out.append(Join(piece.track, piece.clip.id, piece.start, frames, kind))
        return tuple(out)

    def standing(self, project: Project, character: CharacterId) -> tuple[Standing, ...]:
        """The pieces of the whole timeline and where they stand; raises as :meth:`motion`."""
        with self._lock:
            return tuple(self._standing(project, character, None))

    def _standing(
        self, project: Project, character: CharacterId, stop: int | None
    ) -> list[Standing]:
        who, fps = _character(project, character), project.fps
        row: list[Standing] = []
        for piece in pieces(project, character, stop):
            played = self._played(playing(piece.clip), fps)
            row.append(self._stand(who, row[-1] if row else None, piece, played, fps))
        return row

    def _stand(
        self, who: Character, before: Standing | None, piece: Piece, played: Played, fps: float
    ) -> Standing:
        clip, at = piece.clip, piece.clip.placement
        if before is not None and piece.stays:
            return Standing(piece, played, before.place, Place())
        if piece.pinned:
            place = ground.standing(played, clip.source.start + clip.phase, at)
            link = place if before is None else before.place.inverse().after(place)
            return Standing(piece, played, place, link)
        if before is None:
            link = ground.standing(played, piece.first, who.placement)
        else:
            link = self._link(before, piece, played, fps)
        if piece.begins:
            link = link.after(ground.offset(played, piece.first, at))
        return Standing(piece, played, link if before is None else before.place.after(link), link)

    def _link(self, before: Standing, piece: Piece, played: Played, fps: float) -> Place:
        """How ``piece`` follows on, without its placement."""
        old = before.piece
        side = playing(old.clip), old.last, old.held
        return self._recent.get(
            "link",
            (fps, side, playing(piece.clip), piece.first),
            lambda: _Link(ground.following(before.played, old.last, old.held, played, piece.first)),
        ).place

    def _head(self, fps: float, before: Standing, standing: Standing) -> Poses | None:
        """The blended beginning of a piece; None where it has none."""
        old, piece = before.piece, standing.piece
        blend = replace(piece.clip.blend, frames=piece.blend)
        if not blend.frames or blend.kind == "cut":
            return None
        side = playing(old.clip), old.last, old.held
        key = fps, side, standing.link, playing(piece.clip), piece.first, blend
        between = standing.link.inverse()
        return self._recent.get(
            "blend",
            key,
            lambda: _Head(
                blended(
                    before.played,
                    old.last,
                    old.held,
                    between,
                    standing.played,
                    piece.first,
                    blend,
                )
            ),
        ).poses

    def _played(self, how: Playing, fps: float) -> Played:
        return self._recent.get(
            "played", (fps, how), lambda: play(self._footage(how), how, fps)
        )  # fmt: skip

    def _footage(self, how: Playing) -> Footage:
        key = how.media, how.mirror
        return self._recent.get(
            "footage", key, lambda: footage(self._media.get(how.media), how.mirror)
        )


def _character(project: Project, character: CharacterId) -> Character:
    for each in project.characters:
        if each.id == character:
            return each
    raise EvaluateError(f"The project has no character '{character}'; add it first.")


def _rest(who: Character, fps: float, frames: int) -> Motion:
    """Standing at rest where ``who`` is placed."""
    at = who.placement
    root = np.array([at.x, BODY.rest_offsets[0, 1], at.z])
    rotations = BODY.rest_rotations.copy()
    rotations[0] = rot.multiply(rot.yaw(at.turn), rotations[0])
    return Motion(
        BODY,
        fps,
        np.broadcast_to(root, (frames, 3)),
        np.broadcast_to(rotations, (frames, *rotations.shape)),
    )


def _assembled(
    row: Sequence[Standing], heads: Sequence[Poses | None], span: Range, fps: float
) -> Motion:
    """The pieces one after another, each with its blended head, placed in the world."""
    root = np.empty((len(span), 3))
    rotations = np.empty((len(span), len(BODY), 4))
    counts = []
    for standing, head in zip(row, heads, strict=True):
        piece, played = standing.piece, standing.played
        shown = Range(piece.start, piece.stop).overlap(span)
        counts.append(len(shown))
        out = slice(shown.start - span.start, shown.stop - span.start)
        first = piece.first if piece.held else piece.first + shown.start - piece.start
        frames = slice(first, first + (1 if piece.held else len(shown)))
        root[out], rotations[out] = played.root[frames], played.rotations[frames]
        if head is not None and shown.start < piece.start + len(head.root):
            poses = slice(shown.start - piece.start, min(shown.stop - piece.start, len(head.root)))
            out = slice(out.start, out.start + poses.stop - poses.start)
            root[out], rotations[out] = head.root[poses], head.rotations[poses]
    turns = np.repeat(np.stack([s.place.rotation for s in row]), counts, axis=0)
    moves = np.repeat(np.stack([s.place.offset for s in row]), counts, axis=0)
    rotations[:, 0] = rot.multiply(turns, rotations[:, 0])
    root = rot.rotate(turns, root) + moves
    root.flags.writeable = rotations.flags.writeable = False
    return Motion(BODY, fps, root, rotations)
