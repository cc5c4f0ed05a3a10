"""Evaluation against a second, plain version of the rules (``naive.py``), and what it promises."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, reject
from hypothesis import strategies as st

from exporters.bvh import load_bvh
from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import FEET, foot_contacts
from motion.retarget import retarget
from motion.skeleton import BODY, Skeleton
from studio.document.apply import apply
from studio.document.commands import SplitClip
from studio.document.errors import EditError
from studio.document.evaluate import Evaluator, Join
from studio.document.layout import pieces
from studio.document.model import (
    Blend,
    Character,
    CharacterId,
    Clip,
    ClipId,
    Media,
    MediaId,
    Placement,
    Project,
    Range,
    Timeline,
    Track,
    TrackId,
)
from studio.document.played import EvaluateError
from studio.document.rules import check
from studio.document.storage import MediaError, MediaStore
from tests.studio.document import naive, parity
from tests.studio.document.timelines import ANN, BOB, projects

CUT = Blend("cut")


def wander(frames: int = 60, seed: int = 0, fps: float = 30) -> Motion:
    """Slow sines in every joint, along a path over the ground."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames)[:, None, None] / fps
    speed, phase = rng.uniform(0.5, 3, (22, 3)), rng.uniform(0, 6, (22, 3))
    path = np.stack([np.sin(t[:, 0, 0]), 0.95 + 0.03 * np.sin(5 * t[:, 0, 0]), t[:, 0, 0]], axis=-1)
    return Motion(BODY, fps, path, rot.from_rotation_vector(0.5 * np.sin(speed * t + phase)))


@cache
def stored() -> tuple[MediaStore, Mapping[str, Media]]:
    """Real motion with planted feet, and motion with none at another rate."""
    store = MediaStore()
    motions = dict(parity.motions()) | {"wander": wander(40, fps=25), "one": wander(1)}
    # Quaternions of length one in double precision, or the two versions differ by what is lost.
    whole = {k: replace(m, rotations=rot.normalize(m.rotations)) for k, m in motions.items()}
    return store, {k: Media(store.put(m), len(m), m.fps) for k, m in whole.items()}


def clip(id: str, media: Media, start: int, first: int, stop: int, **changes: object) -> Clip:
    plain = Clip(ClipId(id), id, media, start, stop - first, Range(first, stop))
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def project(*clips: Clip, fps: float = 30.0) -> Project:
    track = Track(TrackId("t"), "t", ANN, clips)
    return Project("Test", fps, Timeline((track,)), (Character(ANN, "Ann"),))


def same(a: Motion, b: Motion, frames: slice = slice(None)) -> bool:
    """Whether two motions are the same to the bit."""
    return np.array_equal(a.root_positions[frames], b.root_positions[frames]) and np.array_equal(
        a.rotations[frames], b.rotations[frames]
    )


# -- the rules ------------------------------------------------------------------------------------


@given(projects(stored()[1]), st.sampled_from([ANN, BOB]), st.integers(-12, 20))
def test_it_is_what_the_plain_version_says(project: Project, who: CharacterId, more: int) -> None:
    check(project)
    store, _ = stored()
    stop = max(project.timeline.stop + more, 1)
    expected = naive.evaluate(project, who, store, stop)
    motion = Evaluator(store).motion(project, who, Range(0, stop))
    assert (len(motion), motion.fps, motion.skeleton) == (stop, project.fps, BODY)
    if expected:
        roots = np.array([pose.root for pose in expected])
        assert np.allclose(motion.root_positions, roots, atol=1e-8)
        turns = np.array([pose.turns for pose in expected])
        assert np.allclose(rot.to_matrix(motion.rotations), turns, atol=1e-7)


@given(projects(stored()[1]), st.data())
def test_a_range_is_those_frames_of_the_whole_to_the_bit(
    project: Project, data: st.DataObject
) -> None:
    whole = Evaluator(stored()[0]).motion(project, ANN)
    start = data.draw(st.integers(0, len(whole) - 1))
    stop = data.draw(st.integers(start + 1, len(whole)))
    part = Evaluator(stored()[0]).motion(project, ANN, Range(start, stop))
    assert same(part, whole.slice(start, stop))


@given(projects(stored()[1]), st.data())
def test_a_split_changes_not_a_bit(project: Project, data: st.DataObject) -> None:
    long = [c for _, c in project.clips if c.frames > 1 and c.enabled]
    assume(long)
    cut = data.draw(st.sampled_from(long))
    frame = data.draw(st.integers(cut.start + 1, cut.stop - 1))
    try:
        after = apply(project, SplitClip((cut.id,), frame, (ClipId("made"),)))
    except EditError:  # it would put three clips on a frame
        reject()
    evaluator = Evaluator(stored()[0])
    for who in (ANN, BOB):
        assert same(evaluator.motion(after, who), evaluator.motion(project, who))


def test_a_split_is_seen_through_when_both_parts_go_on_with_another_clip() -> None:
    _, media = stored()
    whole = project(clip("a", media["walk"], 0, 4, 20), clip("b", media["jump"], 16, 3, 20))
    halves = apply(whole, SplitClip((ClipId("b"),), 20, (ClipId("c"),)))
    assert len(halves.timeline.tracks[0].clips) == 3  # four frames into a blend of nine
    evaluator = Evaluator(stored()[0])
    assert same(evaluator.motion(halves, ANN), evaluator.motion(whole, ANN))
    assert evaluator.joins(halves, ANN) == evaluator.joins(whole, ANN)


def test_an_untouched_clip_is_its_media_to_the_bit() -> None:
    store, media = stored()
    walk = store.get(media["walk"].id)
    placement = Placement(walk.root_positions[5, 0], walk.root_positions[5, 2])
    heading = float(rot.heading(walk.rotations[5, 0]))
    start = Character(ANN, "Ann", placement=replace(placement, turn=heading, pinned=True))
    shown = replace(project(clip("a", media["walk"], 0, 5, 30)), characters=(start,))
    motion = Evaluator(store).motion(shown, ANN)
    assert np.array_equal(motion.rotations, walk.rotations[5:30])
    assert np.allclose(motion.root_positions, walk.root_positions[5:30], atol=1e-12)


@given(projects(stored()[1]), st.data())
def test_what_comes_before_an_edit_stays_to_the_bit(project: Project, data: st.DataObject) -> None:
    clips = [c for _, c in project.clips]
    assume(clips)
    edited = data.draw(st.sampled_from(clips))
    assume(edited.enabled)
    changed = replace(edited, mirror=not edited.mirror, speed=1.0, reverse=not edited.reverse)
    assume(changed.source.stop <= changed.played(project.fps))
    after = _with(project, changed)
    evaluator = Evaluator(stored()[0])
    for who in (ANN, BOB):
        # The piece that holds the frame may begin before the clip: a split, or a first pose held.
        rows = pieces(project, who), pieces(after, who)
        starts = [
            p.start for row in rows for p in row if p.stop > edited.start or p.clip.id == edited.id
        ]
        before = slice(0, min(starts, default=0))
        assert same(evaluator.motion(project, who), evaluator.motion(after, who), before)


def test_a_pinned_clip_shields_what_comes_after_it_from_edits_before_it() -> None:
    _, media = stored()
    pin = Placement(2, 1, 0.3, pinned=True)
    clips = (
        clip("a", media["walk"], 0, 0, 20),
        clip("b", media["jump"], 20, 3, 20, placement=pin),
        clip("c", media["walk"], 37, 8, 30),
    )
    before = project(*clips)
    evaluator = Evaluator(stored()[0])
    old = evaluator.motion(before, ANN)
    for changed in (
        replace(clips[0], placement=Placement(0.5, 0, 1)),
        replace(clips[0], media=media["wander"], blend=CUT),
    ):
        new = evaluator.motion(_with(before, changed), ANN)
        assert not same(old, new, slice(0, 20))
        assert same(old, new, slice(20 + 9, None))
    cut = _with(before, replace(clips[1], blend=CUT))
    moved = _with(cut, replace(clips[0], placement=Placement(0.5, 0, 1)))
    assert same(evaluator.motion(cut, ANN), evaluator.motion(moved, ANN), slice(20, None))


def test_a_span_made_anew_changes_nothing_outside_to_the_bit() -> None:
    store, media = stored()
    walk = store.get(media["walk"].id)
    rotations = walk.rotations.copy()
    arm = BODY.index("left_elbow")
    rotations[20:30, arm] = rot.multiply(rot.yaw(0.4), rotations[20:30, arm])
    anew = Media(store.put(replace(walk, rotations=rotations)), len(walk), walk.fps)
    clips = (
        clip("a", media["jump"], 0, 3, 20),
        clip("b", media["walk"], 17, 4, 40, blend=Blend("crossfade")),
        clip("c", media["jump"], 53, 0, 20),
    )
    before = project(*clips)
    after = _with(before, replace(clips[1], media=anew))
    evaluator = Evaluator(store)
    old, new = evaluator.motion(before, ANN), evaluator.motion(after, ANN)
    # Frames 20:30 of the media play from frame 17 on, which shows frame 4.
    span = slice(17 + 20 - 4, 17 + 30 - 4)
    assert same(old, new, slice(0, span.start))
    assert same(old, new, slice(span.stop, None))
    assert not same(old, new, span)


# -- follow-on ------------------------------------------------------------------------------------


def test_planted_feet_stay_where_they_are_over_a_join() -> None:
    """A walk cut into itself: the foot that stands goes on standing, and the pelvis turns on."""
    store, media = stored()
    walk = store.get(media["walk"].id)
    contacts = foot_contacts(walk)
    clips = (
        clip("a", media["walk"], 0, 2, 12),
        clip("b", media["jump"], 10, 2, 12, blend=CUT),
    )
    motion = Evaluator(store).motion(project(*clips), ANN)
    jump = foot_contacts(store.get(media["jump"].id))
    planted = [i for i in range(4) if contacts[11, i] and jump[1, i]]
    assert planted
    joints = [BODY.index(FEET[i]) for i in planted]
    feet = motion.positions[:, joints].mean(axis=1)[:, [0, 2]]
    assert np.linalg.norm(feet[10] - feet[9]) < 0.003
    # The roots of two standing poses are further apart than that.
    assert np.linalg.norm(motion.root_positions[10] - motion.root_positions[9]) > 0.01
    assert abs(motion.headings[10] - motion.headings[9]) < 0.05


def test_a_synthesised_transition_is_placed_exactly_by_its_own_handles() -> None:
    """Media that begins and ends with frames of its neighbours, all three cut at both sides."""
    store = MediaStore()
    whole = wander(90, seed=8)
    parts = {"before": (0, 50), "fill": (25, 65), "after": (45, 90)}
    made = {}
    for name, (start, stop) in parts.items():
        turned = whole.slice(start, stop).placed(0.7 * start, (start, 0.0, -2.0))
        made[name] = Media(store.put(turned), stop - start, 30.0)
    clips = (
        clip("a", made["before"], 0, 0, 30, blend=CUT),  # frames 0:30 of the whole
        clip("f", made["fill"], 30, 5, 30, blend=CUT),  # 30:55
        clip("b", made["after"], 55, 10, 45, blend=CUT),  # 55:90
    )
    motion = Evaluator(store).motion(project(*clips), ANN)
    expected = whole.placed(*_onto(whole, motion))
    assert np.allclose(motion.root_positions, expected.root_positions, atol=1e-9)
    assert rot.angle_between(motion.rotations, expected.rotations).max() < 1e-7


def _onto(motion: Motion, other: Motion) -> tuple[float, np.ndarray]:
    """The turn and move that bring the first frame of one to the other's."""
    turn = float(other.headings[0] - motion.headings[0])
    moved = rot.rotate(rot.yaw(turn), motion.root_positions[0])
    return turn, (other.root_positions[0] - moved) * [1, 0, 1]


def test_where_a_character_stands_moves_and_turns_all_it_does() -> None:
    store, media = stored()
    here = project(clip("a", media["walk"], 3, 0, 20), clip("b", media["jump"], 20, 2, 30))
    ann = Character(ANN, "Ann", placement=Placement(3, -1, 2, pinned=True))
    evaluator = Evaluator(store)
    at_origin = evaluator.motion(here, ANN)
    there = evaluator.motion(replace(here, characters=(ann,)), ANN)
    assert np.allclose(at_origin.root_positions[0, [0, 2]], 0)
    moved = at_origin.placed(2, (3, 0, -1))
    assert np.allclose(there.root_positions, moved.root_positions)
    assert np.allclose(there.positions, moved.positions)


def test_each_cycle_goes_on_where_the_last_ended() -> None:
    store, media = stored()
    walk = clip("a", media["walk"], 0, 4, 40, frames=36 * 4, blend=CUT)
    motion = Evaluator(store).motion(project(walk), ANN)
    far = [np.linalg.norm(motion.root_positions[36 * i, [0, 2]]) for i in range(5 - 1)]
    assert np.all(np.diff(far) > 0.5)
    steps = np.linalg.norm(np.diff(motion.root_positions[:, [0, 2]], axis=0), axis=-1)
    assert steps.max() < 0.1


# -- what has no clip, what is no good ------------------------------------------------------------


def test_without_clips_the_character_stands_at_rest_where_it_is() -> None:
    ann = Character(ANN, "Ann", placement=Placement(1, 2, 0.5, pinned=True))
    motion = Evaluator(MediaStore()).motion(Project(characters=(ann,)), ANN)
    assert len(motion) == 1
    expected = BODY.rest_world[0]
    turned = rot.rotate(rot.yaw(0.5), expected - [0, 0, 0]) + [1, 0, 2]
    assert np.allclose(motion.positions[0], turned)
    longer = Evaluator(MediaStore()).motion(Project(characters=(ann,)), ANN, Range(5, 25))
    assert len(longer) == 20


def test_media_of_another_body_is_retargeted() -> None:
    tall = Skeleton("tall", BODY.joints, BODY.parents, BODY.rest_offsets * 1.3, BODY.roles)
    motion = replace(wander(), skeleton=tall, root_positions=wander().root_positions * 1.3)
    store = MediaStore()
    media = Media(store.put(motion), len(motion), 30.0)
    shown = Evaluator(store).motion(project(clip("a", media, 0, 0, 60)), ANN)
    expected = retarget(motion, BODY)
    assert shown.skeleton == BODY
    assert np.allclose(shown.root_positions[:, 1], expected.root_positions[:, 1])
    assert np.array_equal(shown.rotations[:, 1:], expected.rotations[:, 1:])
    path = np.linalg.norm(np.diff(shown.root_positions, axis=0), axis=-1)
    assert np.allclose(path, np.linalg.norm(np.diff(expected.root_positions, axis=0), axis=-1))


def test_errors_name_what_is_wrong() -> None:
    store, media = stored()
    evaluator = Evaluator(store)
    shown = project(clip("a", media["walk"], 0, 0, 20))
    with pytest.raises(EvaluateError, match="no character 'nobody'"):
        evaluator.motion(shown, CharacterId("nobody"))
    with pytest.raises(EvaluateError, match="no character 'nobody'"):
        evaluator.joins(shown, CharacterId("nobody"))
    for span in (Range(5, 5), Range(-1, 4)):
        with pytest.raises(EvaluateError, match="no frames"):
            evaluator.motion(shown, ANN, span)
    lost = replace(media["walk"], id=MediaId("0" * 64))
    with pytest.raises(MediaError, match="not in this store"):
        evaluator.motion(project(clip("a", lost, 0, 0, 20)), ANN)
    wrong = replace(media["walk"], frames=55)
    with pytest.raises(EvaluateError, match="has 55 frames, but it has 54"):
        evaluator.motion(project(clip("a", wrong, 0, 0, 20)), ANN)


# -- joins ----------------------------------------------------------------------------------------


def test_joins_say_where_clips_take_over() -> None:
    _, media = stored()
    shown = project(
        clip("a", media["walk"], 2, 0, 10),
        clip("b", media["jump"], 8, 3, 20, blend=Blend("crossfade", 2)),
        clip("c", media["walk"], 30, 3, 9, frames=10, blend=Blend("inertialize", 4)),
        clip("d", media["walk"], 40, 9, 20, blend=CUT),
    )
    t = TrackId("t")
    assert Evaluator(stored()[0]).joins(shown, ANN) == (
        Join(t, ClipId("b"), 8, 4, "crossfade"),
        Join(t, ClipId("c"), 30, 4, "inertialize"),
        Join(t, ClipId("c"), 36, 4, "inertialize"),
        Join(t, ClipId("d"), 40, 0, "cut"),
    )


def test_standing_gives_the_place_of_every_piece() -> None:
    _, media = stored()
    shown = project(clip("a", media["walk"], 0, 0, 20), clip("b", media["jump"], 20, 2, 20))
    evaluator = Evaluator(stored()[0])
    motion = evaluator.motion(shown, ANN)
    for piece, played, place, _ in evaluator.standing(shown, ANN):
        last = piece.stop - 1
        root = rot.rotate(place.rotation, played.root[piece.last]) + place.offset
        assert np.allclose(root, motion.root_positions[last], atol=1e-3)


# -- caches ---------------------------------------------------------------------------------------


def _with(project: Project, changed: Clip) -> Project:
    """``project`` with a clip in the place of the one with its id."""
    tracks = tuple(
        replace(t, clips=tuple(changed if c.id == changed.id else c for c in t.clips))
        for t in project.timeline.tracks
    )
    return replace(project, timeline=replace(project.timeline, tracks=tracks))


def test_only_what_changed_is_evaluated_again() -> None:
    store = MediaStore()
    motions = [wander(40, seed=seed) for seed in range(30)]
    media = [Media(store.put(m), 40, 30.0) for m in motions]
    clips = tuple(
        clip(f"c{i}", media[i], 20 * i, 5, 25, blend=Blend(("inertialize", "crossfade")[i % 2]))
        for i in range(30)
    )
    before = project(*clips)
    evaluator = Evaluator(store)

    def again(project: Project) -> dict[str, int]:
        known = evaluator.made
        evaluator.motion(project, ANN)
        return dict(evaluator.made - known)

    assert again(before) == {"footage": 30, "played": 30, "link": 29, "blend": 29}
    assert again(before) == {}
    edit = clips[10]
    assert again(_with(before, replace(edit, blend=Blend(frames=7)))) == {"blend": 1}
    # Elsewhere on the ground all that comes after stands elsewhere, but it poses as it did.
    assert again(_with(before, replace(edit, placement=Placement(1, 2, 3)))) == {"blend": 1}
    # Another part of the media: two joins, the one before it and the one after it.
    slipped = replace(edit, source=Range(6, 26))
    assert again(_with(before, slipped)) == {"link": 2, "blend": 2}
    fast = replace(edit, speed=1.5)
    assert again(_with(before, fast)) == {"played": 1, "link": 2, "blend": 2}
    assert again(_with(before, replace(edit, mirror=True)))["footage"] == 1
    new = Media(store.put(wander(40, seed=99)), 40, 30.0)
    assert again(_with(before, replace(edit, media=new))) == {
        "footage": 1,
        "played": 1,
        "link": 2,
        "blend": 2,
    }
    assert again(before) == {}  # undone
    # A clip more in the gap at the end, and a name: nothing of the others.
    assert again(_with(before, replace(edit, name="Another"))) == {}


def test_memory_is_bounded_and_forgetting_changes_nothing() -> None:
    store, media = stored()
    shown = project(
        clip("a", media["walk"], 0, 0, 30),
        clip("b", media["jump"], 30, 2, 30),
        clip("c", media["kick"], 58, 2, 30, mirror=True),
    )
    roomy, tight = Evaluator(store), Evaluator(store, memory=20_000)
    assert same(roomy.motion(shown, ANN), tight.motion(shown, ANN))
    assert same(roomy.motion(shown, ANN), tight.motion(shown, ANN))
    assert roomy.made["played"] == 3
    assert tight.made["played"] == 6


def test_threads_may_share_an_evaluator() -> None:
    store, media = stored()
    shown = [
        project(clip("a", media["walk"], 0, i, 30), clip("b", media["kick"], 30, 2, 20 + i))
        for i in range(4)
    ]
    expected = [Evaluator(store).motion(p, ANN) for p in shown]
    shared = Evaluator(store, memory=300_000)
    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(lambda i: shared.motion(shown[i % 4], ANN), range(40)))
    assert all(same(motion, expected[i % 4]) for i, motion in enumerate(many))


# -- captured motion ------------------------------------------------------------------------------


def test_captured_motion_follows_on_with_feet_that_do_not_slide(shared_data: Path) -> None:
    """Over cuts between walks and turns a standing foot moves no more than it does in a walk."""
    store, media = MediaStore(), []
    with zipfile.ZipFile(shared_data / "bandai-namco/dataset-2.zip") as opened:
        names = sorted(n for n in opened.namelist() if "walk" in n and n.endswith("_001.bvh"))[:20]
        for name in names:
            motion = retarget(load_bvh(opened.read(name)).resample(30))
            motion = motion.slice(0, min(len(motion), 150))
            media.append(Media(store.put(motion), len(motion), 30.0))
    clips, start = [], 0
    for i, each in enumerate(media):
        length = min(each.frames - 10, 60 + i)
        clips.append(clip(f"c{i}", each, start, 5, 5 + length, blend=CUT))
        start += length
    shown = project(*clips)
    evaluator = Evaluator(store)
    motion = evaluator.motion(shown, ANN)
    slides = []
    for join in evaluator.joins(shown, ANN):
        i = next(k for k, c in enumerate(clips) if c.id == join.clip)
        end = clips[i - 1].source.stop
        old = foot_contacts(store.get(clips[i - 1].media.id))[end - 1 : end + 1]
        new = foot_contacts(store.get(clips[i].media.id))[4:6]
        joints = [BODY.index(FEET[k]) for k in range(4) if old[0, k] and new[0, k]]
        if joints and (old[0] == old[1]).all() and (new[0] == new[1]).all():
            feet = motion.positions[join.frame - 1 : join.frame + 1, joints].mean(axis=1)
            slides.append(float(np.linalg.norm((feet[1] - feet[0])[[0, 2]])))
    assert len(slides) >= 3
    assert max(slides) < 0.5 / 30  # what still counts as a standing foot, a frame
    expected = naive.evaluate(shown, ANN, store, 200)
    assert np.allclose(motion.root_positions[:200], [p.root for p in expected], atol=1e-8)
