"""Motion made to fit: what a generator is given of the timeline, and what becomes of its answer.

A gap between two clips, the continuation of one, and a span inside one are all the same request:
frames that stay before and after (``prefix``, ``suffix``), and frames to be made between. The model
has a rate of its own, so what stays is sampled at its rate from the seam outwards; what it made is
sampled back at the rate of the timeline or the media, and what stays is put around it as it was, to
the bit (docs/adr/0010).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from backends.api import BackendError, Capabilities, Kept
from motion import rotations as rot
from motion.clip import Motion, concat
from motion.retarget import retarget
from motion.skeleton import BODY
from studio.document.apply import apply
from studio.document.commands import RemoveClip, SetBlend
from studio.document.errors import EditError
from studio.document.evaluate import Evaluator
from studio.document.model import (
    Aim,
    Blend,
    CharacterId,
    Clip,
    ClipId,
    Continue,
    Fill,
    PoseKey,
    Project,
    Range,
    Replace,
    Track,
)
from studio.document.storage import MediaStore

#: Length of motion where neither words nor room say, seconds.
SECONDS = 4.0

#: What is given on each side, at most: enough to show pace and direction.
CONTEXT_SECONDS = 1.2

#: Frames of the timeline that a take keeps of its neighbours, as handles.
HANDLES = 10


@dataclass(frozen=True)
class Finished:
    """What a take plays, with ``lead`` and ``tail`` frames of what it was joined to."""

    motion: Motion
    lead: int = 0
    tail: int = 0


@dataclass(frozen=True)
class Brief:
    """What a generator is asked for one aim.

    Attributes:
        frames: At the generator's rate, what is given included.
        prefix, suffix, arrive, kept: As in :class:`backends.api.GenerateRequest`; what is kept are
            the pose keys that lie inside, each at the generator's frame nearest to its own.
        finish: Makes the take of what was generated.
    """

    frames: int
    finish: Callable[[Motion], Finished]
    prefix: Motion | None = None
    suffix: Motion | None = None
    arrive: bool = True
    kept: Kept | None = None


def brief(
    project: Project,
    aim: Aim | None,
    seconds: float | None,
    media: MediaStore,
    capabilities: Capabilities,
) -> Brief:
    """The request for ``aim``; ``seconds`` counts where the aim leaves the length open.

    Raises:
        EditError: a clip that the aim names is gone.
        BackendError: there is too little room, or more than the model can fill.
    """
    match aim:
        case Fill(before, after, length):
            return _fill(project, before, after, length, media, capabilities)
        case Continue(clip):
            return _continue(project, clip, seconds or SECONDS, media, capabilities)
        case Replace(clip, Range() as span):
            return _span(project, _clip(project, clip)[1], span, media, capabilities)
        case Replace(clip, None):
            return _plain(seconds or _length(project, _clip(project, clip)[1]), capabilities)
        case _:
            return _plain(seconds or SECONDS, capabilities)


def _plain(seconds: float, capabilities: Capabilities) -> Brief:
    return Brief(max(round(seconds * capabilities.fps), 1), Finished)


def _length(project: Project, clip: Clip) -> float:
    """Seconds of media that a clip plays in one round."""
    return len(clip.source) * clip.speed / project.fps


# -- on the timeline ------------------------------------------------------------------------------


def _fill(
    project: Project,
    before: ClipId,
    after: ClipId,
    length: int,
    media: MediaStore,
    capabilities: Capabilities,
) -> Brief:
    """``length`` frames of the timeline between two clips."""
    evaluator = Evaluator(media)
    track, first = _clip(project, before)
    _, second = _clip(project, after)
    if length < 1:
        raise EditError(f"There is no gap between '{first.name}' and '{second.name}' to fill.")
    # Each by itself: the clip before without what takes over from it, the clip after unblended.
    alone = apply(project, RemoveClip((after,)))
    cut = apply(project, SetBlend((after,), Blend("cut", 0)))
    lead = _ending(alone, track, first.stop, evaluator)
    stop = second.start + min(second.frames, _context(project.fps))
    tail = evaluator.motion(cut, track.character, Range(second.start, stop))
    gap = max(round((length + 1) * capabilities.fps / project.fps) - 1, 1)
    room = _room(gap, capabilities)
    prefix = _outwards(lead, len(lead) - 1, -1, room, capabilities.fps)
    suffix = _outwards(tail, 0, 1, room, capabilities.fps)

    def finish(made: Motion) -> Finished:
        at = len(prefix) - 1 + np.arange(1, length + 1) * (gap + 1) / (length + 1)
        between = _at(made, at, project.fps)
        arrived = _moved(tail, made, len(prefix) + gap)
        parts = [lead.slice(len(lead) - min(HANDLES, len(lead)), len(lead)), between]
        parts.append(arrived.slice(0, min(HANDLES, len(arrived))))
        return Finished(concat(parts), len(parts[0]), len(parts[2]))

    frames = len(prefix) + gap + len(suffix)
    poses = [
        (len(prefix) - 1 + (key.frame - first.stop + 1) * (gap + 1) / (length + 1), key, pose)
        for key, pose in _keys(
            project, track.character, Range(first.stop, first.stop + length), media
        )
    ]
    kept = _passed(poses, frames, capabilities.fps)
    return Brief(frames, finish, prefix, suffix, second.placement.pinned, kept)


def _continue(
    project: Project,
    clip_id: ClipId,
    seconds: float,
    media: MediaStore,
    capabilities: Capabilities,
) -> Brief:
    """Motion that goes on where a clip ends."""
    evaluator = Evaluator(media)
    track, clip = _clip(project, clip_id)
    following = tuple(c.id for c in track.clips if c.start > clip.start)
    alone = apply(project, RemoveClip(following)) if following else project
    lead = _ending(alone, track, clip.stop, evaluator)
    length = max(round(seconds * project.fps), 1)
    made_frames = math.ceil(length * capabilities.fps / project.fps)
    prefix = _outwards(lead, len(lead) - 1, -1, _room(made_frames, capabilities), capabilities.fps)

    def finish(made: Motion) -> Finished:
        at = len(prefix) - 1 + np.arange(1, length + 1) * capabilities.fps / project.fps
        kept = lead.slice(len(lead) - min(HANDLES, len(lead)), len(lead))
        return Finished(concat([kept, _at(made, at, project.fps)]), len(kept))

    frames = len(prefix) + made_frames
    poses = [
        (len(prefix) - 1 + (key.frame - clip.stop + 1) * capabilities.fps / project.fps, key, pose)
        for key, pose in _keys(
            project, track.character, Range(clip.stop, clip.stop + length), media
        )
    ]
    return Brief(frames, finish, prefix, kept=_passed(poses, frames, capabilities.fps))


def _ending(project: Project, track: Track, stop: int, evaluator: Evaluator) -> Motion:
    """What the track's character does in the frames before ``stop``."""
    start = max(stop - _context(project.fps), 0)
    return evaluator.motion(project, track.character, Range(start, stop))


def _context(fps: float) -> int:
    return max(round(CONTEXT_SECONDS * fps), HANDLES)


# -- inside a clip --------------------------------------------------------------------------------


def _span(
    project: Project, clip: Clip, span: Range, media: MediaStore, capabilities: Capabilities
) -> Brief:
    """Frames of a clip's media made anew; the others stay the same to the bit."""
    base = _on_body(media.get(clip.media.id))
    shown = base.mirror() if clip.mirror else base
    first, last = _kept(project, clip, span, len(base))
    gap = round((last - first) * capabilities.fps / base.fps) - 1
    if gap < 1:
        raise BackendError(
            f"The span of '{clip.name}' is too short to be made anew; choose a longer one."
        )
    room = _room(gap, capabilities)
    prefix = _outwards(shown, first, -1, room, capabilities.fps) if first >= 0 else None
    suffix = _outwards(shown, last, 1, room, capabilities.fps) if last < len(base) else None

    def finish(made: Motion) -> Finished:
        begin = len(prefix or ()) - 1
        at = begin + np.arange(1, last - first) * (gap + 1) / (last - first)
        new = _at(made, at, base.fps)
        if prefix is None and suffix is None:
            new = _moved(new, shown, 0)
        if clip.mirror:
            new = new.mirror()
        root, rotations = base.root_positions.copy(), base.rotations.copy()
        root[first + 1 : last] = new.root_positions
        rotations[first + 1 : last] = new.rotations
        return Finished(replace(base, root_positions=root, rotations=rotations))

    frames = len(prefix or ()) + gap + len(suffix or ())
    poses = [
        (len(prefix or ()) - 1 + (at - first) * (gap + 1) / (last - first), key, pose)
        for at, key, pose in _keys_within(project, clip, shown, media)
        if first < at < last
    ]
    kept = _passed(poses, frames, capabilities.fps)
    return Brief(frames, finish, prefix, suffix, kept=kept)


def _kept(project: Project, clip: Clip, span: Range, frames: int) -> tuple[int, int]:
    """The last media frame that stays before a span of played frames, and the first after it.

    -1 and ``frames`` where nothing stays. A played frame between two of the media is sampled from
    two on either side of it, so these stay as well.
    """
    played = clip.played(project.fps)
    span = span.overlap(Range(0, played))
    if clip.reverse:
        span = Range(played - span.stop, played - span.start)
    step = clip.speed * clip.media.fps / project.fps
    before, after = (span.start - 1) * step, span.stop * step
    beside = 0 if abs(step - round(step)) < 1e-9 else 1
    first, last = math.ceil(before - 1e-6) + beside, math.floor(after + 1e-6) - beside
    return (
        -1 if span.start <= 0 else min(first, frames - 1),
        frames if span.stop >= played else max(last, 0),
    )


# -- pose keys ------------------------------------------------------------------------------------


def _keys(
    project: Project, who: CharacterId, frames: Range, media: MediaStore
) -> Iterator[tuple[PoseKey, Motion]]:
    """The keys of a character within ``frames`` of the timeline, with their poses in the world."""
    for key in project.constraints:
        if key.character == who and key.frame in frames:
            yield key, _on_body(media.get(key.media)).slice(key.at, key.at + 1)


def _keys_within(
    project: Project, clip: Clip, shown: Motion, media: MediaStore
) -> Iterator[tuple[float, PoseKey, Motion]]:
    """The keys within a clip: where in its media, and the poses in the media's own world."""
    who = next(track.character for track, each in project.clips if each.id == clip.id)
    keys = list(_keys(project, who, clip.span, media))
    if not keys:
        return
    unblended = apply(project, SetBlend((clip.id,), Blend("cut", 0)))
    evaluator, last = Evaluator(media), clip.played(project.fps) - 1
    for key, pose in keys:
        at = clip.source.start + (clip.phase + key.frame - clip.start) % len(clip.source)
        at = (last - at if clip.reverse else at) * clip.speed * clip.media.fps / project.fps
        at = min(at, len(shown) - 1)
        stands = evaluator.motion(unblended, who, Range(key.frame, key.frame + 1))
        own = _at(shown, np.array([at]), shown.fps)
        turn = float(own.headings[0] - stands.headings[0])
        x, _, z = own.root_positions[0] - rot.rotate(rot.yaw(turn), stands.root_positions[0])
        yield at, key, pose.placed(turn, (x, 0.0, z))


def _passed(poses: Sequence[tuple[float, PoseKey, Motion]], frames: int, fps: float) -> Kept | None:
    """What keys ask of a request; where each is, in the request's frames, need not be whole."""
    if not poses:
        return None
    root = np.zeros((frames, 3))
    rotations = np.tile(rot.IDENTITY, (frames, len(BODY), 1))
    mask = np.zeros((frames, len(BODY)), dtype=bool)
    for at, key, pose in poses:
        frame = min(round(at), frames - 1)
        root[frame], rotations[frame] = pose.root_positions[0], pose.rotations[0]
        mask[frame, [BODY.role_index[role] for role in key.joints or BODY.roles]] = True
    return Kept(Motion(BODY, fps, root, rotations), mask)


def _on_body(motion: Motion) -> Motion:
    """``motion`` retargeted if it is of another body."""
    if motion.skeleton == BODY and motion.local_positions is None:
        return motion
    return retarget(motion, BODY)


# -- between rates --------------------------------------------------------------------------------


def _room(gap: int, capabilities: Capabilities) -> int:
    """Frames that may be given on each side; the model counts in small patches."""
    room = (capabilities.max_frames - gap - 8) // 2
    if room < 1:
        limit = capabilities.max_frames / capabilities.fps
        raise BackendError(
            f"{gap / capabilities.fps:.1f} s are more than this model fills at a time, with its "
            f"{limit:.0f} s; make it in parts."
        )
    return min(room, round(CONTEXT_SECONDS * capabilities.fps))


def _outwards(motion: Motion, seam: int, way: int, most: int, fps: float) -> Motion:
    """Up to ``most`` frames at ``fps`` from the frame ``seam`` on, against or along time.

    The frame at the seam is exact; in time they stand in their order.
    """
    step = motion.fps / fps
    reach = seam if way < 0 else len(motion) - 1 - seam
    count = min(most, math.floor(reach / step + 1e-6) + 1)
    at = seam + way * step * np.arange(count)
    return _at(motion, at if way > 0 else at[::-1], fps)


def _at(motion: Motion, frames: np.ndarray, fps: float) -> Motion:
    return replace(motion.sample(frames, curve="cubic"), fps=fps)


def _moved(motion: Motion, target: Motion, frame: int) -> Motion:
    """``motion`` as a whole, its first frame on the ground where ``target`` is at ``frame``."""
    turn = float(target.headings[frame] - motion.headings[0])
    x, _, z = rot.rotate(rot.yaw(turn), motion.root_positions[0])
    goal = target.root_positions[frame]
    return motion.placed(turn, (goal[0] - x, 0.0, goal[2] - z))


def _clip(project: Project, id: ClipId) -> tuple[Track, Clip]:
    for track, clip in project.clips:
        if clip.id == id:
            return track, clip
    raise EditError("The clip that this was asked for is gone; choose another one.")
