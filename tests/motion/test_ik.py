from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import foot_contacts, joints_of, runs
from motion.errors import MotionError, SkeletonError
from motion.ik import foot_lock, smooth, two_bone_ik
from motion.quality import acceleration, foot_sliding, ground_penetration
from motion.skeleton import BODY, Skeleton

Array = rot.Array
STANDING = BODY.rest_world[0]
BALLS = [BODY.index("left_foot"), BODY.index("right_foot")]


def limbs(seed: int, count: int = 20) -> tuple[Array, Array, Array, Array]:
    """Random limbs ``root, mid, end`` and targets within their reach, ``[count, 3]`` each."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(count, 3))
    mid = root + rng.normal(size=(count, 3))
    end = mid + rng.normal(size=(count, 3))
    a, b = length(mid - root), length(end - mid)
    reach = np.abs(a - b) + rng.uniform(0.01, 0.99, count) * (a + b - np.abs(a - b))
    direction = rot.unit(rng.normal(size=(count, 3)), [1.0, 0, 0])
    return root, mid, end, root + reach[:, None] * direction


def length(v: Array) -> Array:
    return np.linalg.norm(v, axis=-1)


seeds = st.integers(0, 10_000)


@given(seeds)
def test_targets_in_reach_are_met_and_bones_keep_their_length(seed: int) -> None:
    root, mid, end, target = limbs(seed)
    out = two_bone_ik(root, mid, end, target)
    assert_allclose(out.end, target, atol=1e-9)
    assert_allclose(length(out.mid - root), length(mid - root), atol=1e-9)
    assert_allclose(length(out.end - out.mid), length(end - mid), atol=1e-9)


@given(seeds)
def test_the_turns_carry_the_bones(seed: int) -> None:
    root, mid, end, target = limbs(seed)
    out = two_bone_ik(root, mid, end, target)
    assert_allclose(rot.rotate(out.upper, mid - root), out.mid - root, atol=1e-7)
    assert_allclose(rot.rotate(out.lower, end - mid), out.end - out.mid, atol=1e-7)


@given(seeds)
def test_a_limb_that_is_there_already_stays(seed: int) -> None:
    root, mid, end, _ = limbs(seed)
    out = two_bone_ik(root, mid, end, end)
    assert_allclose(out.mid, mid, atol=1e-6)
    assert_allclose(rot.angle_between(out.upper, rot.IDENTITY), 0, atol=1e-5)


@given(seeds, st.floats(1.0, 5.0))
def test_targets_out_of_reach_are_pointed_at(seed: int, times: float) -> None:
    root, mid, end, target = limbs(seed)
    whole = length(mid - root) + length(end - mid)
    line = rot.unit(target - root, [1.0, 0, 0])
    out = two_bone_ik(root, mid, end, root + line * (times * whole)[:, None])
    assert_allclose(out.end, root + line * whole[:, None], atol=1e-7)
    near = two_bone_ik(root, mid, end, root + 1e-4 * line)
    assert np.isfinite(near.mid).all()
    shortest = np.abs(length(mid - root) - length(end - mid))
    assert_allclose(length(near.end - root), np.maximum(shortest, 1e-4), atol=1e-9)


@given(seeds)
def test_the_limb_bends_to_the_side_of_its_pole(seed: int) -> None:
    root, mid, end, target = limbs(seed)
    open_ = length(end - root) > 0.35 * (length(mid - root) + length(end - mid))
    root, mid, end, target = (p[open_] for p in (root, mid, end, target))
    old_line, line = (rot.unit(p - root, [1.0, 0, 0]) for p in (end, target))
    pole = np.random.default_rng(seed + 1).normal(size=mid.shape)
    across = pole - np.einsum("ij,ij->i", pole, old_line)[:, None] * old_line
    out = two_bone_ik(root, mid, end, target, pole)
    carried = rot.rotate(rot.between(old_line, line), across)
    assert np.all(np.einsum("ij,ij->i", out.mid - root, carried) > -1e-9)
    # Without one, the bend keeps the direction it has.
    kept = two_bone_ik(root, mid, end, target)
    old_bend = mid - root - np.einsum("ij,ij->i", mid - root, old_line)[:, None] * old_line
    new_bend = kept.mid - root - np.einsum("ij,ij->i", kept.mid - root, line)[:, None] * line
    expected = rot.rotate(rot.between(old_line, line), rot.unit(old_bend, [1.0, 0, 0]))
    assert np.all(np.einsum("ij,ij->i", new_bend, expected) > 0.99 * length(new_bend) - 1e-9)


def test_a_folded_limb_does_not_whirl_about() -> None:
    """With the heel at the hip, a target a little to the side moves the knee as little."""
    root, mid, end = np.array([[0, 0, 0], [0, 0, 0.42], [0, -0.03, 0.001]], dtype=float)
    around = np.linspace(0, 2 * np.pi, 60)[:, None]
    target = 0.05 * (np.cos(around) * [0, -1, 0] + np.sin(around) * [1, 0, 0])
    out = two_bone_ik(root, mid, end, target)
    assert_allclose(out.end, target, atol=1e-9)
    assert length(out.mid - mid).max() < 0.06
    assert rot.angle_between(out.upper, rot.IDENTITY).max() < 0.2


def test_straight_limbs_bend_towards_the_pole() -> None:
    root, mid, end = np.array([[0, 1, 0], [0, 0.5, 0], [0, 0, 0]], dtype=float)
    out = two_bone_ik(root, mid, end, [0, 0.2, 0], pole=[0.0, 0.3, 1.0])
    assert out.mid[2] == pytest.approx(np.sqrt(0.5**2 - 0.4**2))
    assert out.mid[0] == pytest.approx(0)


def test_a_soft_limit_takes_the_snap_out_of_full_extension() -> None:
    root, mid, end = np.array([[0, 1, 0], [0, 0.5, 0.1], [0, 0, 0]], dtype=float)
    whole = 2 * np.sqrt(0.26)
    distance = np.linspace(0.9, 1.2, 301)
    targets = np.stack([0 * distance, 1 - distance, 0 * distance], axis=-1)
    hard = two_bone_ik(root, mid, end, targets)
    soft = two_bone_ik(root, mid, end, targets, softness=0.03)
    reached = 1 - soft.end[:, 1]
    exact = distance < 0.97 * whole
    assert_allclose(reached[exact], distance[exact], atol=1e-12)
    assert np.all(np.diff(reached) > 0)
    assert np.all(reached < whole)
    fastest = [length(np.diff(out.mid, axis=0)).max() for out in (hard, soft)]
    assert fastest[1] < 0.4 * fastest[0]


def walk(
    fps: float = 30, seconds: float = 4.0, slide: float = 0.0, sink: float = 0.0
) -> tuple[Motion, Array]:
    """Flat-footed steps made with leg IK, and when each foot stands ``[T, 2]``.

    Footprints are 0.35 m apart, one each 0.5 s; ``slide`` (m/s) drags the whole figure along,
    ``sink`` puts it that far into the ground.
    """
    t = np.arange(round(seconds * fps)) / fps
    pace, half, swing = 0.35, 0.5, 0.4
    pelvis = np.stack([0 * t, 0 * t + 0.93, pace * t / half], axis=-1)
    rotations = np.tile(rot.IDENTITY, (len(t), 22, 1))
    stands = np.empty((len(t), 2), dtype=bool)
    for i, side in enumerate(("left", "right")):
        hip, knee, ankle = (BODY.index(f"{side}_{j}") for j in ("hip", "knee", "ankle"))
        cycle = (t / (2 * half) + 0.5 * i) % 1
        count = np.floor(t / (2 * half) + 0.5 * i)
        u = np.clip((cycle - 1 + swing) / swing, 0, 1)
        ease = u * u * u * (10 - 15 * u + 6 * u * u)
        stands[:, i] = u == 0
        at = np.tile(STANDING[ankle], (len(t), 1))
        at[:, 2] += 2 * pace * (count + ease - 0.5 * i) + 0.6 * pace
        at[:, 1] += 0.12 * np.sin(np.pi * u) ** 2
        hips = pelvis + BODY.rest_offsets[hip]
        knees = hips + BODY.rest_offsets[knee]
        leg = two_bone_ik(hips, knees, knees + BODY.rest_offsets[ankle], at, pole=[0.0, 0, 1.0])
        rotations[:, hip] = leg.upper
        rotations[:, knee] = rot.multiply(rot.conjugate(leg.upper), leg.lower)
        rotations[:, ankle] = rot.conjugate(leg.lower)
    drift = np.stack([0.5 * slide * t, 0 * t - sink, slide * t], axis=-1)
    return Motion(BODY, fps, pelvis + drift, rotations), stands


def steps_in_contact(motion: Motion, stands: Array) -> Array:
    """Horizontal speeds of the balls of the feet within contacts, m/s."""
    pace = length(np.diff(motion.positions[:, BALLS], axis=0)[..., [0, 2]]) * motion.fps
    return pace[stands[1:] & stands[:-1]]


def test_the_made_walk_walks() -> None:
    motion, stands = walk()
    assert steps_in_contact(motion, stands).max() < 1e-6
    assert (foot_contacts(motion)[:, [1, 3]] == stands).mean() > 0.9


@pytest.mark.parametrize("fps", [20, 30, 60])
@pytest.mark.parametrize(("slide", "growth"), [(0.1, 1.1), (0.25, 1.3)])
def test_locked_feet_do_not_slide(fps: float, slide: float, growth: float) -> None:
    motion, stands = walk(fps, slide=slide)
    contacts = np.repeat(stands, 2, axis=1)
    locked = foot_lock(motion, contacts)
    assert foot_sliding(motion, contacts) == pytest.approx(slide * np.sqrt(1.25), rel=0.05)
    assert foot_sliding(locked, contacts) < 1e-6
    # Feet that stood still while the body went on have farther to swing.
    assert acceleration(locked) < growth * acceleration(motion)
    detected = foot_lock(motion)
    assert foot_sliding(detected, contacts) < 0.2 * foot_sliding(motion, contacts)


def test_locking_touches_only_legs_and_root_height() -> None:
    motion, stands = walk(slide=0.2)
    locked = foot_lock(motion, np.repeat(stands, 2, axis=1))
    legs = {BODY.index(f"{s}_{j}") for s in ("left", "right")
            for j in ("hip", "knee", "ankle", "foot")}  # fmt: skip
    others = [j for j in range(22) if j not in legs]
    assert np.array_equal(locked.rotations[:, others], motion.rotations[:, others])
    assert np.array_equal(locked.root_positions[:, [0, 2]], motion.root_positions[:, [0, 2]])
    assert np.abs(locked.root_positions - motion.root_positions).max() < 0.06
    assert_allclose(length(locked.rotations), 1, atol=1e-9)


def test_corrections_fade_out() -> None:
    motion, stands = walk(seconds=6, slide=0.2)
    contacts = np.repeat(stands, 2, axis=1)
    contacts[60:] = False
    locked = foot_lock(motion, contacts, blend_frames=6)
    # The hips' smoothing reaches farther than the feet's fade, but not a second and a half.
    assert np.array_equal(locked.rotations[105:], motion.rotations[105:])
    assert np.array_equal(locked.root_positions[105:], motion.root_positions[105:])
    assert not np.array_equal(locked.rotations[50:60], motion.rotations[50:60])


def test_locking_does_not_jerk_at_the_edges_of_contacts() -> None:
    motion, stands = walk(60, slide=0.2)
    feet = joints_of(BODY, "left_ankle", "left_foot", "right_ankle", "right_foot")
    before, after = (
        length(np.diff(m.positions[:, feet], 2, axis=0)).max() * 3600
        for m in (motion, foot_lock(motion, np.repeat(stands, 2, axis=1)))
    )
    assert after < 1.25 * before


def test_knees_keep_bending_forwards() -> None:
    motion, _ = walk(slide=0.2)
    # A noisy, almost straight standing leg that now and then bends the wrong way.
    rng = np.random.default_rng(3)
    noisy = np.tile(rot.IDENTITY, (90, 22, 1))
    for side in ("left", "right"):
        bend = 0.02 * rng.normal(size=90)
        noisy[:, BODY.index(f"{side}_hip")] = rot.from_axis_angle([-1.0, 0, 0], 0.5 * bend)
        noisy[:, BODY.index(f"{side}_knee")] = rot.from_axis_angle([1.0, 0, 0], bend)
    stiff = Motion(BODY, 30, STANDING[0] + 0.02 * rng.normal(size=(90, 3)).cumsum(0) / 9, noisy)
    for clip in (motion, stiff):
        locked = foot_lock(clip, np.ones((len(clip), 4), dtype=bool) if clip is stiff else None)
        for side in ("left", "right"):
            hip, knee, ankle = (
                locked.positions[:, BODY.index(f"{side}_{j}")] for j in ("hip", "knee", "ankle")
            )
            line = rot.unit(ankle - hip, [0.0, -1, 0])
            bend = knee - hip - np.einsum("ij,ij->i", knee - hip, line)[:, None] * line
            assert bend[:, 2].min() > -0.002


@pytest.mark.parametrize("sink", [0.02, 0.05])
def test_feet_come_out_of_the_ground(sink: float) -> None:
    motion, _ = walk(sink=sink)
    locked = foot_lock(motion)
    assert ground_penetration(motion) > 0.8 * sink - 0.006
    assert ground_penetration(locked) == 0
    assert locked.positions[..., 1].min() > 0.005
    # The hips rise with the feet: knees are not bent to make up for it.
    assert_allclose(locked.root_positions[:, 1].mean(), 0.93, atol=0.012)


def test_the_ground_may_lie_elsewhere() -> None:
    motion, stands = walk(slide=0.2)
    contacts = np.repeat(stands, 2, axis=1)
    here, there = foot_lock(motion, contacts), foot_lock(motion.placed(0, (0, 5, 0)), contacts)
    assert_allclose(there.positions - [0, 5, 0], here.positions, atol=0.004)
    given_ = foot_lock(motion.placed(0, (0, 0.05, 0)), contacts, ground=0.05)
    assert_allclose(given_.positions - [0, 0.05, 0], here.positions, atol=1e-6)


def test_locking_again_changes_little() -> None:
    once = foot_lock(walk(slide=0.2)[0])
    twice = foot_lock(once)
    assert length(twice.positions - once.positions)[:, BALLS].mean() < 0.003


def test_flickering_contacts_lock_as_steady_ones() -> None:
    motion, stands = walk(slide=0.2)
    contacts = np.repeat(stands, 2, axis=1)
    flicker = contacts.copy()
    flicker[8::9] = False
    assert_allclose(
        foot_lock(motion, flicker).positions, foot_lock(motion, contacts).positions, atol=0.02
    )


def test_a_flight_is_left_alone() -> None:
    motion = walk()[0].placed(0, (0, 1.0, 0))
    assert foot_lock(motion, np.zeros((len(motion), 4), dtype=bool), ground=0.0) is motion


def test_slides_on_purpose_are_left_alone() -> None:
    t = np.arange(60)[:, None] / 30
    rest = np.tile(rot.IDENTITY, (60, 22, 1))
    glide = Motion(BODY, 30, STANDING[0] + t * [0.28, 0, 0], rest)
    assert foot_contacts(glide).all()
    assert_allclose(foot_lock(glide).positions, glide.positions, atol=1e-6)


def test_how_joint_frames_lie_does_not_matter() -> None:
    """The same walk on a rig with frames turned at random and twist joints in its shanks."""
    motion, stands = walk(slide=0.2)
    rng = np.random.default_rng(5)
    joints, parents, offsets, roles = list(BODY.joints), list(BODY.parents), [], list(BODY.roles)
    offsets = [row.copy() for row in BODY.rest_offsets]
    world = [motion.world_from_joint[:, i] for i in range(22)]
    for side in ("left", "right"):
        ankle = joints.index(f"{side}_ankle")
        knee = parents[ankle]
        at = ankle
        joints.insert(at, f"{side}_twist")
        roles.insert(at, "")
        offsets.insert(at, 0.5 * BODY.rest_offsets[BODY.index(f"{side}_ankle")])
        world.insert(at, world[knee])
        parents = [p + (p >= at) for p in parents]
        parents.insert(at, knee)
        parents[at + 1] = at
        offsets[at + 1] = 0.5 * BODY.rest_offsets[BODY.index(f"{side}_ankle")]
    frames = rot.normalize(rng.normal(size=(len(joints), 4)))  # joint_from_body, one a joint
    turned = rot.multiply(np.stack(world, axis=1), frames)
    up = np.array(parents[1:])
    local = turned.copy()
    local[:, 1:] = rot.multiply(rot.conjugate(turned[:, up]), turned[:, 1:])
    rest = frames.copy()
    rest[1:] = rot.multiply(rot.conjugate(frames[up]), frames[1:])
    offsets_in_parent = np.array(offsets)
    offsets_in_parent[1:] = rot.rotate(rot.conjugate(frames[up]), offsets_in_parent[1:])
    rig = Skeleton("rig", tuple(joints), tuple(parents), offsets_in_parent, tuple(roles), rest)
    other = Motion(rig, motion.fps, motion.root_positions, local)
    feet = [rig.role_index[r] for r in BODY.roles]
    assert_allclose(other.positions[:, feet], motion.positions, atol=1e-9)
    contacts = np.repeat(stands, 2, axis=1)
    a, b = foot_lock(motion, contacts), foot_lock(other, contacts)
    assert_allclose(b.positions[:, feet], a.positions, atol=1e-6)


def test_refusals_name_what_is_wrong() -> None:
    motion, _ = walk(seconds=1)
    with pytest.raises(MotionError, match=r"\(30, 2\) do not fit a motion of 30 frames; give one"):
        foot_lock(motion, np.ones((30, 2), dtype=bool))
    bare = replace(BODY, roles=("",) * 22)
    with pytest.raises(SkeletonError, match="no joint for"):
        foot_lock(Motion(bare, 30, motion.root_positions, motion.rotations))
    with pytest.raises(MotionError, match="zero seconds or more, not -1"):
        smooth(motion, -1)


def test_short_clips_and_short_fades() -> None:
    motion, stands = walk(slide=0.2)
    contacts = np.repeat(stands, 2, axis=1)
    for frames in (1, 2, 3):
        assert len(foot_lock(smooth(motion.slice(0, frames)))) == frames
    for fade in (0, 1, 1000):
        assert foot_sliding(foot_lock(motion, contacts, fade), contacts) < 1e-6


def test_smoothing_has_no_delay_and_keeps_the_ends() -> None:
    motion, _ = walk()
    rng = np.random.default_rng(0)
    noise = rot.from_rotation_vector(0.02 * rng.normal(size=(len(motion), 22, 3)))
    noisy = replace(motion, rotations=rot.multiply(motion.rotations, noise))
    out = smooth(noisy)
    assert acceleration(out) < 0.35 * acceleration(noisy)
    error, before = (length(m.positions - motion.positions).mean() for m in (out, noisy))
    assert error < 0.7 * before
    assert_allclose(out.positions[[0, -1]], noisy.positions[[0, -1]], atol=1e-9)
    assert_allclose(smooth(noisy.reversed()).positions, out.reversed().positions, atol=1e-9)
    assert smooth(motion, 0.0) is motion


def test_smoothing_keeps_steady_motion_and_quaternion_signs_do_not_matter() -> None:
    t = np.arange(40)
    rotations = np.tile(rot.IDENTITY, (40, 22, 1))
    rotations[:, 0] = rot.yaw(0.05 * t)
    steady = Motion(BODY, 30, t[:, None] * [0.01, 0, 0.03], rotations)
    assert_allclose(smooth(steady).positions, steady.positions, atol=2e-4)
    flipped = replace(steady, rotations=rotations * np.where(t % 3 == 0, -1.0, 1.0)[:, None, None])
    assert_allclose(smooth(flipped).positions, smooth(steady).positions, atol=1e-12)


def test_a_clip_is_cleaned_in_milliseconds() -> None:
    motion, _ = walk(25, slide=0.2)
    best = min(_cpu(motion) for _ in range(7))
    assert len(motion) == 100
    assert best < 0.010


def _cpu(motion: Motion) -> float:
    fresh = replace(motion)  # nothing computed yet
    start = time.thread_time()
    foot_lock(smooth(fresh))
    return time.thread_time() - start


def test_contacts_of_the_locked_walk_are_still_found() -> None:
    motion, stands = walk(slide=0.2)
    locked = foot_lock(motion)
    found = foot_contacts(locked)[:, [1, 3]]
    assert (found == stands).mean() > 0.85
    assert len(runs(found[:, 0])) == len(runs(stands[:, 0]))
