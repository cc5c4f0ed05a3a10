"""The joins of a project with what the seam meter reads there, measured anew only where it must."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

from motion.clip import Motion
from motion.joins import Pace, Seam, measure_seam, pace
from motion.skeleton import BODY
from studio.document.evaluate import Evaluator, Join, Standing
from studio.document.layout import playing
from studio.document.model import CharacterId, Project, Range

#: Seams that are remembered; a long timeline has some hundreds.
_KEPT = 4096
#: Frames around a join that the meter looks at.
_AROUND = 2


@dataclass(frozen=True)
class MeasuredJoin:
    """A join, what plays before it, and how well the two meet."""

    join: Join
    seam: Seam


class SeamMeter:
    """Measures the joins of projects that ``evaluator`` evaluates. Thread-safe."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._known: OrderedDict[Hashable, Seam | Pace] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, project: Project, character: CharacterId) -> tuple[MeasuredJoin, ...]:
        """Every join of a character in order, cuts included.

        Raises:
            MotionStudioError: as :meth:`studio.document.evaluate.Evaluator.motion`.
        """
        row = self._evaluator.standing(project, character)
        pairs = {after.piece.start: (before, after) for before, after in pairwise(row)}
        joins = self._evaluator.joins(project, character)
        with self._lock:
            return tuple(
                MeasuredJoin(join, self._seam(project, character, join, *pairs[join.frame]))
                for join in joins
            )

    def _seam(
        self, project: Project, who: CharacterId, join: Join, before: Standing, after: Standing
    ) -> Seam:
        key = _key(project.fps, join, before, after)
        if key is not None and isinstance(known := self._known.get(key), Seam):
            self._known.move_to_end(key)
            return known
        first = max(join.frame - _AROUND, 0)
        stop = min(join.frame + join.frames + _AROUND, project.timeline.stop)
        motion = self._evaluator.motion(project, who, Range(first, max(stop, join.frame + 1)))
        paces = (self._pace(before, project.fps), self._pace(after, project.fps))
        seam = measure_seam(motion, join.frame - first, join.frames, *paces)
        if key is not None:
            self._keep(key, seam)
        return seam

    def _pace(self, standing: Standing, fps: float) -> Pace:
        """The largest steps of what a piece's clip uses of its media."""
        clip = standing.piece.clip
        key = fps, playing(clip), clip.source
        known = self._known.get(key)
        if not isinstance(known, Pace):
            used, played = slice(clip.source.start, clip.source.stop), standing.played
            known = pace(Motion(BODY, fps, played.root[used], played.rotations[used]))
            self._keep(key, known)
        return known

    def _keep(self, key: Hashable, value: Seam | Pace) -> None:
        self._known[key] = value
        while len(self._known) > _KEPT:
            self._known.popitem(last=False)


def _key(fps: float, join: Join, before: Standing, after: Standing) -> Hashable:
    """All that the meter's reading depends on; None where pieces are too short to tell."""
    old, new = before.piece, after.piece
    if old.count < old.blend + _AROUND or new.count < join.frames + _AROUND:
        return None
    clips = (playing(old.clip), old.clip.source, playing(new.clip), new.clip.source)
    shown = (old.last, old.held, new.first, join.frames, new.clip.blend.kind, new.clip.blend.curve)
    return fps, clips, shown, after.link
