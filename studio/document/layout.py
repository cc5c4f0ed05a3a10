"""From a project to pieces: which frames of which clip a character plays when (docs/adr/0010).

Pure and without motion data: frames are counted, nothing is posed. ::

    upper track   . . . |B B B B| . . . . .
    lower track   |A A A A A| . . . |C C C C|

    pieces        |a a a|b b b b|= =|c c c c|        = holds the last frame of B
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from studio.document.model import CharacterId, Clip, MediaId, Placement, Project, Track, TrackId


class Playing(NamedTuple):
    """How a media is played, whatever range of it: clips that share this share played frames."""

    media: MediaId
    frames: int
    fps: float
    speed: float
    reverse: bool
    mirror: bool
    in_place: bool


def playing(clip: Clip) -> Playing:
    """How ``clip`` plays its media."""
    media = clip.media
    return Playing(
        media.id, media.frames, media.fps, clip.speed, clip.reverse, clip.mirror, clip.in_place
    )


@dataclass(frozen=True)
class Piece:
    """Frames that follow one another both on the timeline and in a clip's played media.

    Attributes:
        track, clip: What plays. Where a clip goes on in the next (a split) the first of them.
        start: The project's frame at which it begins.
        count: Frames.
        first: The played frame at which it begins.
        held: Every frame shows the played frame ``first``.
        stays: It stands as the piece before it and has no join: a hold, or what comes after the
            hold of the first pose.
        begins: Nothing of the clip has played before.
        pinned: It belongs to the first cycle of a pinned clip, and stands where that is pinned.
        blend: Frames over which it takes over from the piece before.
    """

    track: TrackId
    clip: Clip
    start: int
    count: int
    first: int
    held: bool = False
    stays: bool = False
    begins: bool = False
    pinned: bool = False
    blend: int = 0

    @property
    def stop(self) -> int:
        return self.start + self.count

    @property
    def last(self) -> int:
        """The played frame that it shows last."""
        return self.first if self.held else self.first + self.count - 1


def pieces(project: Project, character: CharacterId, stop: int | None = None) -> tuple[Piece, ...]:
    """What ``character`` plays from frame 0 to ``stop``, contiguous; empty if it has no clip.

    Args:
        stop: Where the last piece ends: the end of the timeline unless it is given, and at least
            one frame.
    """
    stop = max(project.timeline.stop if stop is None else stop, 1)
    shown = _shown(counting(project, character))
    row = _joined(_filled(shown, stop))
    # Cut only now: a blend is as long as its whole piece allows, wherever one stops to look.
    return tuple(
        replace(piece, count=min(piece.count, stop - piece.start))
        for piece in row
        if piece.start < stop
    )


def counting(project: Project, character: CharacterId) -> tuple[Track, ...]:
    """The tracks that count for ``character``: not muted, of these the soloed if there are any."""
    tracks = tuple(t for t in project.timeline.tracks if t.character == character and not t.mute)
    return tuple(t for t in tracks if t.solo) or tracks


class _Span(NamedTuple):
    """Frames ``start <= f < stop`` in which a clip is the one that plays."""

    start: int
    stop: int
    track: TrackId
    clip: Clip


def _shown(tracks: Sequence[Track]) -> list[_Span]:
    """What plays where any clip does, in order: upper tracks cover lower ones."""
    rows = [_row(track) for track in tracks]
    edges = sorted({edge for row in rows for span in row for edge in (span.start, span.stop)})
    at = [0] * len(rows)
    shown: list[_Span] = []
    for start, stop in pairwise(edges):
        for i, row in enumerate(rows):
            while at[i] < len(row) and row[at[i]].stop <= start:
                at[i] += 1
            if at[i] < len(row) and row[at[i]].start <= start:
                _append(shown, row[at[i]]._replace(start=start, stop=stop))
                break
    return shown


def _row(track: Track) -> list[_Span]:
    """A track's enabled clips: of two that overlap the later plays."""
    clips = sorted((c for c in track.clips if c.enabled), key=lambda clip: clip.start)
    ends = [min(a.stop, b.start) for a, b in pairwise(clips)] + [c.stop for c in clips[-1:]]
    return [
        _Span(clip.start, end, track.id, clip)
        for clip, end in zip(clips, ends, strict=True)
        if end > clip.start
    ]


def _append(shown: list[_Span], span: _Span) -> None:
    """Add ``span``, in one with the last if an edge of another track lay between them."""
    if shown and shown[-1].clip is span.clip and shown[-1].stop == span.start:
        shown[-1] = shown[-1]._replace(stop=span.stop)
    else:
        shown.append(span)


def _filled(shown: Sequence[_Span], stop: int) -> Iterator[Piece]:
    """Pieces of every span, a cycle each, and of the gaps between and around them.

    The last piece may go on after ``stop``.
    """
    begun: set[str] = set()
    for i, span in enumerate(shown):
        cycles = list(_cycles(span, begins=span.clip.id not in begun))
        begun.add(span.clip.id)
        if i == 0 and span.start > 0:
            yield replace(cycles[0], start=0, count=span.start, held=True)
            cycles[0] = replace(cycles[0], stays=True, begins=False)
        elif i > 0:
            cycles[0] = replace(cycles[0], blend=_blend(shown[i - 1], span))
        yield from cycles
        end = shown[i + 1].start if i + 1 < len(shown) else stop + len(span.clip.source)
        if span.stop < end:
            yield from _after(span, cycles[-1], end)


def _cycles(span: _Span, begins: bool) -> Iterator[Piece]:
    """The span cut where its clip goes round."""
    clip, length = span.clip, len(span.clip.source)
    frame = span.start
    while frame < span.stop:
        cycle, at = divmod(clip.phase + frame - clip.start, length)
        count = min(length - at, span.stop - frame)
        yield Piece(
            span.track,
            clip,
            frame,
            count,
            clip.source.start + at,
            begins=begins,
            pinned=clip.placement.pinned and cycle == 0,
            blend=clip.blend.frames,
        )
        frame, begins = frame + count, False


def _after(span: _Span, last: Piece, end: int) -> Iterable[Piece]:
    """What a character does from the end of a clip to ``end``."""
    if span.clip.extrapolate == "loop":
        return _cycles(span._replace(start=span.stop, stop=end), begins=False)
    count = end - span.stop
    return [Piece(span.track, span.clip, span.stop, count, last.last, held=True, stays=True)]


def _blend(before: _Span, span: _Span) -> int:
    """Frames of the blend: of an overlap on one track its length."""
    clip = span.clip
    overlap = before.clip.stop - clip.start
    if span.start == clip.start and before.track == span.track and overlap > 0:
        return overlap
    return clip.blend.frames


def _joined(row: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces that continue the one before made one with it, and no blend longer than its piece."""
    out: list[Piece] = []
    for piece in row:
        if out and _continues(out[-1], piece):
            out[-1] = replace(out[-1], count=out[-1].count + piece.count)
        else:
            out.append(piece)
    return tuple(
        replace(p, blend=0 if i == 0 or p.stays else min(p.blend, p.count))
        for i, p in enumerate(out)
    )


def _continues(before: Piece, piece: Piece) -> bool:
    """Whether ``piece`` begins with the very next frame of the same played media."""
    return (
        not (before.held or piece.held)
        and piece.first == before.first + before.count
        and playing(piece.clip) == playing(before.clip)
        and (piece.clip.id == before.clip.id or piece.clip.placement == Placement())
    )
