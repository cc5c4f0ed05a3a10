"""Random projects for Hypothesis: every setting of every clip, on tracks of two characters."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    Placement,
    Project,
    Range,
    Timeline,
    Track,
    TrackId,
)

ANN, BOB = CharacterId("ann"), CharacterId("bob")

_metres = st.floats(-3, 3)
placements = st.one_of(
    st.just(Placement()),
    st.builds(Placement, _metres, _metres, st.floats(-4, 4), st.booleans()),
)
blends = st.builds(
    Blend,
    st.sampled_from(["inertialize", "crossfade", "cut"]),
    st.integers(0, 12),
    st.sampled_from(["linear", "smooth"]),
)


@st.composite
def clips(draw: st.DrawFn, id: str, media: Media, fps: float) -> Clip:
    """A clip at frame 0, of any range of the media; it may go round."""
    speed = draw(st.sampled_from([1.0, 1.0, 1.0, 0.5, 1.3, 2.0]))
    length = media.played(fps, speed)
    first = draw(st.integers(0, length - 1))
    source = Range(first, draw(st.integers(first + 1, length)))
    frames, phase = len(source), 0
    if draw(st.booleans()):
        frames, phase = draw(st.integers(1, 30)), draw(st.integers(0, len(source) - 1))
    return Clip(
        ClipId(id),
        id,
        media,
        0,
        frames,
        source,
        phase,
        speed,
        reverse=draw(st.booleans()),
        mirror=draw(st.booleans()),
        in_place=draw(st.integers(0, 4)) == 0,
        extrapolate=draw(st.sampled_from(["hold", "loop"])),
        blend=draw(blends),
        placement=draw(placements),
        enabled=draw(st.integers(0, 6)) > 0,
    )


@st.composite
def tracks(draw: st.DrawFn, id: str, media: Mapping[str, Media], fps: float) -> Track:
    """A track of up to four clips, some apart, some overlapping, some one cut in two."""
    row: list[Clip] = []
    for i in range(draw(st.integers(0, 4))):
        clip = draw(clips(f"{id}{i}", media[draw(st.sampled_from(sorted(media)))], fps))
        start = draw(st.integers(-8, 6)) + (row[-1].stop if row else 0)
        row.append(_fitted(clip, row, start))
        if draw(st.integers(0, 3)) == 0:
            row[-1:] = _split(row[-1], row[-2].stop if i else 0)
    who = draw(st.sampled_from([ANN, ANN, BOB]))
    solo, mute = draw(st.integers(0, 4)) == 0, draw(st.integers(0, 4)) == 0
    return Track(TrackId(id), id, who, tuple(row), mute, solo)


def _fitted(clip: Clip, row: list[Clip], start: int) -> Clip:
    """``clip`` from about ``start`` on: no frame with three clips, no clip within another."""
    if len(row) > 1:
        start = max(start, row[-2].stop)
    if row and (start <= row[-1].start or start + clip.frames <= row[-1].stop):
        start = row[-1].stop
    return _moved(clip, max(start, 0))


def _moved(clip: Clip, start: int) -> Clip:
    return Clip(**{**clip.__dict__, "start": start})


def _split(clip: Clip, free: int) -> list[Clip]:
    """One cut in two in the middle, if that is after ``free`` and it does not go round."""
    half, once = clip.frames // 2, clip.frames == len(clip.source) and clip.phase == 0
    if clip.start + half <= free or clip.frames < 2 or not once:
        return [clip]
    middle = clip.source.start + half
    left = {"frames": half, "source": Range(clip.source.start, middle)}
    right = {
        "id": ClipId(clip.id + "r"),
        "start": clip.start + half,
        "frames": clip.frames - half,
        "source": Range(middle, clip.source.stop),
        "placement": Placement(),
    }
    return [Clip(**{**clip.__dict__, **left}), Clip(**{**clip.__dict__, **right})]


@st.composite
def projects(draw: st.DrawFn, media: Mapping[str, Media]) -> Project:
    """A project at one of the usual rates, with what ``media`` there is."""
    fps = draw(st.sampled_from([30.0, 30.0, 24.0]))
    rows = tuple(draw(tracks(id, media, fps)) for id in "abc"[: draw(st.integers(1, 3))])
    where = draw(placements)
    ann = Character(ANN, "Ann", placement=Placement(where.x, where.z, where.turn, pinned=True))
    return Project("Random", fps, Timeline(rows), (ann, Character(BOB, "Bob")))
