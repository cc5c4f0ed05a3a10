"""Facts of motion whose facts are known, their words, bodies that meet, answers, captions."""

from __future__ import annotations

import math
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assets
import exporters
from backends.bundle import open_bundle
from backends.captioning import (
    CheckedCaptioner,
    Descriptions,
    LanguageCaptioner,
    RetrievalCaptioner,
    on_body,
    read_descriptions,
)
from backends.evaluator import TextMotionSpace
from motion import rotations as rot
from motion.clip import Motion, concat
from motion.skeleton import BODY
from studio.document.errors import EditError
from studio.document.model import (
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
from studio.finding import find, folder
from studio.understanding import words
from studio.understanding.answers import NO_MODEL, answer, describe, times
from studio.understanding.bodies import segment_distance, together
from studio.understanding.facts import observe
from studio.understanding.scene import Scene

FPS = 30.0
ANN, BOB = CharacterId("ann"), CharacterId("bob")


def stand(frames: int = 60) -> Motion:
    """At rest on the ground, arms out."""
    roots = np.tile([0.0, 0.988, 0.0], (frames, 1))
    return Motion(BODY, FPS, roots, np.tile(rot.IDENTITY, (frames, len(BODY), 1)))


def bent(
    motion: Motion, joint: str, angle: float, axis: tuple[int, int, int] = (1, 0, 0)
) -> Motion:
    """A joint turned throughout."""
    rotations = motion.rotations.copy()
    i = BODY.index(joint)
    rotations[:, i] = rot.multiply(rotations[:, i], rot.from_axis_angle(axis, angle))
    return replace(motion, rotations=rotations)


def moved(motion: Motion, offsets: np.ndarray) -> Motion:
    """The root moved by ``offsets[T, 3]``."""
    return replace(motion, root_positions=motion.root_positions + offsets)


def arms_down(motion: Motion) -> Motion:
    down = bent(motion, "left_shoulder", -1.3, (0, 0, 1))
    return bent(down, "right_shoulder", 1.3, (0, 0, 1))


def glide(speed: float, frames: int = 90, angle: float = 0.0) -> Motion:
    """Straight on at ``speed`` m/s, ``angle`` radians to the left of where it looks."""
    way = np.arange(frames)[:, None] * speed / FPS
    return moved(arms_down(stand(frames)), way * [math.sin(angle), 0.0, math.cos(angle)])


def jump(seconds: float = 0.5) -> Motion:
    """A second of standing, a flight, a second of standing."""
    count = round(seconds * FPS)
    t = (np.arange(count) + 1) / (count + 1) * seconds
    height = 9.81 / 2 * t * (seconds - t)
    flight = moved(stand(count), np.stack([0 * t, height, 0 * t], axis=1))
    return concat([stand(30), flight, stand(30)])


def crouch(frames: int = 60) -> Motion:
    """Knees bent, feet under the hips."""
    motion = arms_down(stand(frames))
    for side in ("left", "right"):
        motion = bent(bent(motion, f"{side}_hip", -1.3), f"{side}_knee", 2.4)
        motion = bent(motion, f"{side}_ankle", -1.1)
    lowest = motion.positions[..., 1].min()
    return moved(motion, np.tile([0.0, 0.012 - lowest, 0.0], (frames, 1)))


# -- facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", [0.5, 1.2, 3.0])
def test_a_walk_of_known_speed_goes_its_way(speed: float) -> None:
    facts = observe(glide(speed))
    assert facts.way == pytest.approx(speed * 89 / FPS)
    assert facts.speed == pytest.approx(speed)
    assert (facts.ahead, facts.left) == pytest.approx((facts.way, 0.0))
    assert observe(glide(speed), Range(30, 61)).way == pytest.approx(speed)


@given(st.floats(-math.pi, math.pi), st.floats(-math.pi, math.pi))
def test_ahead_and_left_are_the_figures_own(angle: float, turn: float) -> None:
    facts = observe(glide(1.0, 31, angle).placed(turn, (3.0, 0.0, -2.0)))
    assert facts.ahead == pytest.approx(math.cos(angle), abs=1e-9)
    assert facts.left == pytest.approx(math.sin(angle), abs=1e-9)


def test_sway_is_no_way() -> None:
    t = np.arange(120) / FPS
    sway = np.stack([0.03 * np.sin(2 * np.pi * t), 0 * t, 1.2 * t], axis=1)
    facts = observe(moved(stand(120), sway))
    assert facts.way == pytest.approx(1.2 * 119 / FPS, rel=0.01)


@pytest.mark.parametrize("degrees", [90.0, -45.0, 400.0])
def test_a_turn_is_as_far_as_it_goes(degrees: float) -> None:
    turning = stand(61)
    angles = np.radians(np.linspace(0, degrees, 61))
    rotations = turning.rotations.copy()
    rotations[:, 0] = [rot.yaw(a) for a in angles]
    facts = observe(replace(turning, rotations=rotations))
    assert math.degrees(facts.turn) == pytest.approx(degrees)
    assert words.turning(facts).split(" by ")[0].endswith("left" if degrees > 0 else "right")


def test_which_foot_is_down() -> None:
    both, flying = stand(30), moved(stand(30), np.tile([0.0, 0.4, 0.0], (30, 1)))
    left_up = bent(bent(stand(30), "left_hip", -1.0), "left_knee", 1.4)
    motion = concat([both, left_up, both, flying, both])
    facts = observe(motion)
    assert facts.feet[5:25].all()
    assert not facts.feet[35:55, 0].any()
    assert facts.feet[35:55, 1].all()
    assert not facts.feet[95:115].any()
    assert facts.airborne[95:115].all()
    assert words.feet(observe(motion, Range(45, 46))) == "the right foot is down"
    assert words.feet(observe(motion, Range(10, 11))) == "both feet are down"
    assert words.feet(observe(motion, Range(100, 101))).startswith("neither foot is down")


@pytest.mark.parametrize(("seconds", "jumps"), [(0.5, 1), (0.3, 1), (0.15, 0)])
def test_a_jump_is_a_flight_that_lasts(seconds: float, jumps: int) -> None:
    facts = observe(jump(seconds))
    assert len(facts.jumps) == jumps
    if jumps:
        (flight,) = facts.jumps
        assert flight.start == pytest.approx(30, abs=3)
        assert flight.stop == pytest.approx(30 + seconds * FPS, abs=3)
        assert observe(jump(seconds), Range(0, 20)).jumps == ()
        assert observe(jump(seconds), Range(0, 35)).jumps == facts.jumps


def test_hands_above_the_head_and_the_shoulder() -> None:
    down = arms_down(stand(30))
    up = bent(arms_down(stand(30)), "right_shoulder", -2.6, (0, 0, 1))
    facts = observe(concat([down, up, stand(30)]))
    assert not facts.raised[:28].any()
    assert facts.above[32:58].tolist() == [[False, True]] * 26
    assert not facts.above[62:].any()


def test_low_still_and_standing() -> None:
    facts = observe(crouch())
    assert facts.height.max() < words.LOW
    assert facts.still.all()
    assert "is low" in words.legs(facts)
    assert words.travel(observe(stand())) == "stands still"
    assert not observe(glide(1.0)).still.any()


def test_a_range_measures_what_all_of_it_does() -> None:
    motion = concat([stand(30), jump(), crouch(40)])
    whole, part = observe(motion), observe(motion, Range(40, 90), start=0)
    for name in ("feet", "above", "still", "airborne", "height", "pace"):
        assert np.array_equal(getattr(part, name), getattr(whole, name)[40:90])
    assert part.range == Range(40, 90)
    assert observe(motion, Range(5, 5)).range == Range(5, 6)
    assert observe(motion, Range(900, 990)).range == Range(len(motion) - 1, len(motion))


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("speed", "verb"), [(0.5, "walks slowly"), (1.2, "walks"), (1.7, "walks fast"), (3.0, "runs")]
)
def test_speeds_in_words(speed: float, verb: str) -> None:
    told = words.travel(observe(glide(speed)))
    assert told == f"{verb} {speed * 89 / FPS:.1f} m forward, at {speed:.1f} m/s"


@pytest.mark.parametrize(
    ("degrees", "told"),
    [
        (0, "forward"),
        (45, "forward and to the left"),
        (-90, "to the right"),
        (130, "backwards and to the left"),
        (180, "backwards"),
    ],
)
def test_directions_in_words(degrees: int, told: str) -> None:
    assert words.direction(observe(glide(1.0, angle=math.radians(degrees)))) == told


# -- two bodies -----------------------------------------------------------------------------------


@given(st.integers(0, 2**32 - 1), st.sampled_from(["free", "parallel", "point", "points"]))
def test_the_distance_of_segments_is_that_of_their_nearest_points(seed: int, kind: str) -> None:
    dice = np.random.default_rng(seed)
    p, q, r, s = dice.normal(size=(4, 3))
    if kind == "parallel":
        s = r + (q - p) * dice.normal()
    elif kind.startswith("point"):
        q, s = p, r if kind == "points" else s
    steps = np.linspace(0, 1, 101)[:, None]
    one, other = p + steps * (q - p), r + steps * (s - r)
    naive = np.linalg.norm(one[:, None] - other[None], axis=-1).min()
    found = float(segment_distance(p, q, r, s))
    assert found <= naive + 1e-9
    assert found >= naive - 0.02 * (np.linalg.norm(q - p) + np.linalg.norm(s - r))


@pytest.mark.parametrize("apart", [0.6, 1.0, 3.0])
def test_distance_and_facing_of_two(apart: float) -> None:
    ann = arms_down(stand())
    bob = ann.placed(math.pi, (0.0, 0.0, apart))
    both = together(ann, bob)
    assert both.distance == pytest.approx(apart)
    assert np.abs(both.bearing) == pytest.approx(0.0, abs=1e-9)
    assert words.facing(both, "Ann", "Bob") == "Ann and Bob face each other"
    assert not both.touching.any()
    assert both.depth == 0.0
    assert words.facing(together(bob, ann), "B", "A") == "B and A face each other"
    back = together(ann, ann.placed(0.0, (0.0, 0.0, apart)))
    assert words.facing(back, "Ann", "Bob") == "Ann faces Bob, who does not face back"
    away = together(ann, ann.placed(math.pi, (0.0, 0.0, -apart)))
    assert words.facing(away, "Ann", "Bob") == "Ann and Bob have their backs to each other"


def test_bodies_that_meet_are_measured() -> None:
    """Bob glides through Ann: the gap closes at his pace, and is deepest in the middle."""
    ann = arms_down(stand(121))
    way = np.linspace(-1.5, 1.5, 121)
    bob = moved(ann, np.stack([0 * way, 0 * way, way], axis=1))
    both = together(ann, bob)
    assert both.gap == pytest.approx(both.gap[::-1], abs=0.05)
    assert int(both.gap.argmin()) == pytest.approx(60, abs=3)
    assert 0.15 < both.depth < 0.4
    first = int(np.flatnonzero(both.gap < 0)[0])
    assert abs(way[first]) == pytest.approx(0.3, abs=0.1)  # two chests
    assert "Their bodies are in each other" in words.meeting(both, FPS)
    far = together(ann, bob.placed(0.0, (9.0, 0.0, 0.0)))
    assert np.isinf(far.gap).all()
    assert words.meeting(far, FPS) == "Their bodies do not touch."


def test_touching_hands_touch() -> None:
    """Arms out, side by side: the wrists end 0.716 m from the middle of each."""
    ann = stand()
    reach = float(ann.positions[0, BODY.index("left_wrist"), 0])
    thick = 0.14 * 0.254
    for gap in (0.01, 0.1):
        bob = ann.placed(0.0, (2 * reach + 2 * thick + gap, 0.0, 0.0))
        both = together(ann, bob)
        assert both.gap == pytest.approx(gap, abs=1e-6)
        assert both.touching.all() == (gap < 0.02)


# -- answers --------------------------------------------------------------------------------------


def scene(captioner=None, explain=None, **people: Motion) -> Scene:
    """People who do one thing each from the start on."""
    tracks, characters = [], []
    for name, motion in people.items():
        media = Media(MediaId(name), len(motion), motion.fps)
        clip = Clip(ClipId(name), name, media, 0, len(motion), Range(0, len(motion)))
        tracks.append(Track(TrackId(name), name, CharacterId(name), (clip,)))
        characters.append(Character(CharacterId(name), name.title(), placement=Placement()))
    project = Project("x", FPS, Timeline(tuple(tracks)), tuple(characters))

    def evaluate(who: CharacterId, span: Range) -> Motion:
        motion = people[who]
        at = np.minimum(np.arange(span.start, span.stop), len(motion) - 1)
        return replace(
            motion, root_positions=motion.root_positions[at], rotations=motion.rotations[at]
        )

    return Scene(project, evaluate, captioner, explain)


STORY = concat(
    [
        arms_down(stand(60)),
        glide(1.2, 61),
        arms_down(jump()).placed(0.0, (0.0, 0.0, 2.4)).slice(1, 75),
    ]
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("how far does she walk between 2 and 4 seconds?", "Ann goes 2.4 m in 2.0 s"),
        ("how fast is she from 2.5 to 3.5 s?", "Ann moves at 1.2 m/s."),
        ("which foot is down at 1 s?", "Ann: at 1.0 s, both feet are down."),
        ("are her hands above her head?", "No, no hand of Ann is above the head"),
        ("does she jump?", "Yes, Ann is in the air from 5.0 to 5.5 s."),
        ("does she jump between 0 and 3 seconds?", "No, Ann does not jump."),
        ("is she standing still?", "Ann keeps still from 0.0 to"),
        ("does she crouch?", "No, the pelvis of Ann stays at"),
        ("which way does she turn?", "Ann ends facing as at first"),
        ("where is she at 1 s?", "Ann stands at x 0.0 m, z 0.0 m."),
        ("how long is it?", "Ann: 6.5 s."),
        ("is she walking?", "Yes, Ann moves over the ground from 1.9 to 4.1 s."),
        ("what is she doing between 2 and 4 seconds?", "Ann walks 2.4 m forward, at 1.1 m/s."),
        ("how far apart are they?", "There is only one person in the scene."),
    ],
)
def test_questions_are_answered_from_what_is_measured(question: str, told: str) -> None:
    found = answer(scene(ann=STORY), question, ANN)
    assert told in found


def test_questions_about_two() -> None:
    ann = arms_down(stand(90))
    bob = glide(0.4, 90).placed(math.pi, (0.0, 0.0, 2.0))
    two = scene(ann=ann, bob=bob)
    assert answer(two, "how far apart are they?") == "Ann and Bob are 81 cm to 2.0 m apart."
    assert answer(two, "are they facing each other?") == "Ann and Bob face each other."
    assert answer(two, "do they touch?").startswith("Ann and Bob: Their bodies do not touch. They")
    everyone = answer(two, "what is going on?")
    assert "Ann stands still." in everyone
    assert "Ann and Bob are 2.0 m apart at first and 81 cm in the end." in everyone


def test_why_needs_a_language_model_and_says_so() -> None:
    told = answer(scene(ann=STORY), "why does she jump?", ANN)
    assert told.startswith(NO_MODEL)
    assert "Ann jumps once" in told
    asked: list[tuple[str, str]] = []

    def explain(question: str, facts: str) -> str:
        asked.append((question, facts))
        return "Because."

    assert answer(scene(ann=STORY, explain=explain), "why does she jump?", ANN) == "Because."
    assert "jumps once" in asked[0][1]
    assert answer(scene(ann=STORY, explain=explain), "does she jump?", ANN).startswith("Yes")


def test_who_and_when_have_to_be_there() -> None:
    with pytest.raises(EditError, match="no longer here"):
        answer(scene(ann=STORY), "how far?", BOB)
    with pytest.raises(EditError, match=r"ends at 6\.5 s"):
        describe(scene(ann=STORY), ANN, Range(500, 600))


@given(st.text(max_size=200))
def test_no_question_raises(question: str) -> None:
    if times(question, FPS) is None:
        assert answer(_SHORT, question)


_SHORT = scene(ann=arms_down(stand(20)), bob=glide(1.0, 20))


def test_a_description_tells_root_legs_and_arms() -> None:
    up = bent(arms_down(stand(60)), "right_shoulder", -2.6, (0, 0, 1))
    facts = observe(concat([glide(1.2, 60), jump(), up]))
    told = words.parts(facts)
    assert list(told) == ["root", "legs", "arms"]
    assert told["legs"] == "jumps once"
    assert told["arms"].startswith("the right hand is above the head from 4.5 to 6.5 s")


# -- captions and search --------------------------------------------------------------------------


@pytest.fixture(scope="module")
def space() -> TextMotionSpace:
    path = assets.ROOT / "bundles" / "evaluator"
    if not path.is_dir():
        pytest.skip("needs the shipped evaluator")
    return TextMotionSpace(open_bundle(path, check=False))


SAMPLES = assets.ROOT / "samples"


def test_the_shipped_descriptions_are_the_shipped_evaluators(space: TextMotionSpace) -> None:
    known = read_descriptions()
    assert known.evaluator == space.fingerprint
    assert len(set(known.texts)) == len(known.texts) > 800
    assert all(text.startswith("a person ") for text in known.texts)
    some = slice(0, None, 100)
    places = space.place_texts(known.texts[some])
    assert np.abs(places - known.places[some]).max() < 2e-3


@pytest.mark.parametrize(
    ("name", "word"), [("jump", "leap|jump|hop"), ("kick", "kick"), ("wave", "wav")]
)
def test_samples_are_captioned(space: TextMotionSpace, name: str, word: str) -> None:
    motion = exporters.load(SAMPLES / f"{name}.bvh")
    found = RetrievalCaptioner(space, read_descriptions()).caption(motion)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    assert any(each in found[0][0] for each in word.split("|"))
    ann = scene(RetrievalCaptioner(space, read_descriptions()), ann=on_body(motion, FPS))
    assert describe(ann, ANN).startswith(f"It looks like '{found[0][0]}'")


def test_another_evaluator_places_the_descriptions_itself(space: TextMotionSpace) -> None:
    texts = ("a person kicks", "a person waves", "a person sleeps")
    stale = Descriptions(texts, np.zeros((3, 256)), "another")
    motion = exporters.load(SAMPLES / "kick.bvh")
    found = dict(RetrievalCaptioner(space, stale).caption(motion))
    places = space.place_texts(texts) @ space.place_motions([on_body(motion, space.fps)])[0]
    assert found == pytest.approx(dict(zip(texts, places.tolist(), strict=True)))
    assert max(found, key=found.__getitem__) == "a person kicks"


class Fixed:
    """Always the same captions."""

    def __init__(self, *said: tuple[str, float]) -> None:
        self.said = list(said)

    def caption(self, motion: Motion) -> list[tuple[str, float]]:
        return self.said


def test_own_words_come_first_only_where_they_fit() -> None:
    known = Fixed(("known", 0.8), ("less", 0.5))
    fitting = CheckedCaptioner(Fixed(("own", 0.7)), known).caption(stand())
    assert fitting == [("own", 0.7), ("known", 0.8), ("less", 0.5)]
    wrong = CheckedCaptioner(Fixed(("own", 0.1)), known).caption(stand())
    assert wrong == [("known", 0.8), ("less", 0.5), ("own", 0.1)]
    assert CheckedCaptioner(Fixed(), known).caption(stand()) == known.said


def test_a_language_models_words_are_scored(space: TextMotionSpace) -> None:
    folder = assets.ROOT / "bundles" / "motionllm-light"
    if not folder.is_dir():
        pytest.skip("needs the shipped language model")
    captioner = LanguageCaptioner(open_bundle(folder, check=False), space)
    motion = exporters.load(SAMPLES / "walk_proudly.bvh")
    ((text, score),) = captioner.caption(motion)
    assert "walk" in text
    place = space.place_motions([on_body(motion, space.fps)])[0]
    assert score == pytest.approx(float(space.place_texts([text])[0] @ place))


def test_files_are_found_by_what_they_show(space: TextMotionSpace, tmp_path: Path) -> None:
    for file in SAMPLES.glob("*.bvh"):
        inside = tmp_path / "inside"
        inside.mkdir(exist_ok=True)
        (inside / file.name).write_bytes(file.read_bytes())
    (tmp_path / "broken.bvh").write_text("no motion")
    for text, best in (("a person kicks", "kick.bvh"), ("someone jumps up", "jump.bvh")):
        found = find(text, folder(tmp_path), space)
        assert found[0].name == best
        assert [each.score for each in found] == sorted((e.score for e in found), reverse=True)
        assert len(found) == 4


# -- captured motion ------------------------------------------------------------------------------

HELD_OUT = {
    "dataset-2_raise-up-both-hands_normal_022": ("both hands are above the head", "stays in place"),
    "dataset-2_walk-turn-left_normal_032": ("turns left", "walks"),
    "dataset-2_walk-turn-right_normal_031": ("turns right", "walks"),
    "dataset-2_run_normal_033": ("runs", "forward"),
}


@pytest.mark.parametrize("name", HELD_OUT)
def test_captured_motion_is_told_as_it_was_played(shared_data: Path, tmp_path: Path, name: str):
    archive = shared_data / "bandai-namco" / "dataset-2.zip"
    if not archive.is_file():
        pytest.skip("needs the Bandai Namco motions")
    with zipfile.ZipFile(archive) as packed:
        member = next(each for each in packed.namelist() if each.endswith(f"{name}.bvh"))
        (tmp_path / "clip.bvh").write_bytes(packed.read(member))
    motion = on_body(exporters.load(tmp_path / "clip.bvh"), FPS)
    facts = observe(motion)
    told = f"{words.whole(facts)}; {words.arms(facts)}"
    for word in HELD_OUT[name]:
        assert word in told
    assert facts.jumps == ()
