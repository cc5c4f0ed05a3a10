"""Which frames an edit may change, for each character (docs/adr/0010).

A frame is given by what is played, where that stands, and what is blended in. These are compared
by name, without motion: what follows on from something else is taken to stand somewhere else, so a
change reaches up to the next pinned clip and over its blend, and no further.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from itertools import pairwise
from typing import NamedTuple

from studio.document.layout import Piece, pieces, playing
from studio.document.model import Character, CharacterId, Placement, Project, Range


def affected(before: Project, after: Project) -> dict[CharacterId, Range]:
    """The frames that may differ; characters of whom none does are left out.

    Each project is taken to the end of its own timeline: frames that only one of them has differ.
    So do all frames of a character that only one of them has.

    Returns:
        For each character the least range that holds all such frames.
    """
    names, old, new = _Names(), _given(before), _given(after)
    spans: dict[CharacterId, Range] = {}
    for who in {**old, **new}:
        if old.get(who) != new.get(who):
            shown = [_shown(before, who, names), _shown(after, who, names)]
            spans[who] = _difference(*shown)
    return {who: span for who, span in spans.items() if len(span)}


def _given(project: Project) -> dict[CharacterId, tuple[Hashable, ...]]:
    """All that a character's frames are made of. To compare it is quick: most of it is shared."""
    tracks, stop = project.timeline.tracks, project.timeline.stop
    return {
        who.id: (project.fps, stop, who.placement, *(t for t in tracks if t.character == who.id))
        for who in project.characters
    }


class _Names:
    """A number for everything that may be equal to something, so that deep keys stay shallow."""

    def __init__(self) -> None:
        self._known: dict[tuple[Hashable, ...], int] = {}

    def __call__(self, *key: Hashable) -> int:
        return self._known.setdefault(key, len(self._known))


class _Run(NamedTuple):
    """Frames ``start <= f < stop`` that look alike but for the played frame they show.

    That is ``at + f``, or always ``at`` where it is held.
    """

    start: int
    stop: int
    look: int
    at: int
    held: bool

    def frame(self, f: int) -> tuple[int, int]:
        return self.look, self.at if self.held else self.at + f

    def same(self, other: _Run) -> bool:
        return self[2:] == other[2:]


class _Stood(NamedTuple):
    """What the piece before leaves to the next: where it stands, and what it would go on to do."""

    place: int
    side: int


def _shown(project: Project, character: CharacterId, names: _Names) -> list[_Run]:
    """Every run of a character; none if the project does not have it."""
    who = next((each for each in project.characters if each.id == character), None)
    return [] if who is None else list(_runs(project, who, names))


def _runs(project: Project, who: Character, names: _Names) -> Iterator[_Run]:
    """What ``who`` shows from frame 0 to the end of the timeline, without gaps."""
    row = pieces(project, who.id)
    if not row:
        stop = max(project.timeline.stop, 1)
        yield _Run(0, stop, names("rest", project.fps, who.placement), 0, held=True)
    before: _Stood | None = None
    for piece in row:
        media = names(project.fps, playing(piece.clip))
        place, link = _standing(who, before, piece, media, names)
        at = piece.first if piece.held else piece.first - piece.start
        body = piece.start
        if before is not None and piece.blend and piece.clip.blend.kind != "cut":
            body = min(body + piece.blend, piece.stop)  # the end of the timeline may cut it
            head = names(before.side, link, media, piece.first, *_blend(piece))
            yield _Run(piece.start, body, names(place, media, head), at, piece.held)
        if body < piece.stop:
            yield _Run(body, piece.stop, names(place, media, None), at, piece.held)
        before = _Stood(place, names("side", media, piece.last, piece.held))


def _blend(piece: Piece) -> tuple[str | int, ...]:
    blend = piece.clip.blend
    return blend.kind, piece.blend, blend.curve if blend.kind == "crossfade" else ""


def _standing(
    who: Character, before: _Stood | None, piece: Piece, media: int, names: _Names
) -> tuple[int, int]:
    """Names of where ``piece`` stands, and of how it stands to the piece before."""
    clip, first = piece.clip, piece.first
    if before is not None and piece.stays:
        return before.place, names("stays")
    if piece.pinned:
        place = names("pinned", media, clip.source.start + clip.phase, clip.placement)
        return place, names("apart", place, before and before.place)
    moved = clip.placement if piece.begins and clip.placement != Placement() else None
    if before is None:
        place = names("begins", media, first, moved, who.placement)
        return place, place
    link = names("follows", before.side, media, first, moved)
    return names("after", before.place, link), link


def _difference(old: list[_Run], new: list[_Run]) -> Range:
    """From the first frame that differs to the last; empty if none does."""
    start, stop = None, 0
    for lo, hi, one, other in _beside(old, new):
        if one is not None and other is not None:
            if one.same(other):
                continue
            # What is held and what goes on can meet in one frame.
            lo += one.frame(lo) == other.frame(lo)
            hi -= lo < hi and one.frame(hi - 1) == other.frame(hi - 1)
        if lo < hi:
            start, stop = lo if start is None else start, hi
    return Range(start or 0, stop)


def _beside(
    old: list[_Run], new: list[_Run]
) -> Iterator[tuple[int, int, _Run | None, _Run | None]]:
    """Stretches in which neither side changes, with what each side shows there."""
    edges = sorted({edge for run in (*old, *new) for edge in (run.start, run.stop)})
    i = j = 0
    for lo, hi in pairwise(edges):
        while i < len(old) and old[i].stop <= lo:
            i += 1
        while j < len(new) and new[j].stop <= lo:
            j += 1
        yield lo, hi, old[i] if i < len(old) else None, new[j] if j < len(new) else None
