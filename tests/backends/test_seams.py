"""Token layouts, windows over clips, and joins that leave given frames as they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backends.api import BackendError, GenerateRequest, Kept
from backends.seams import join, keep, layout, window
from motion import rotations as rot
from motion.clip import Motion
from tests.backends.tiny import walk

lengths = st.integers(0, 30)


@given(frames=st.integers(1, 120), prefix=lengths, suffix=lengths)
def test_layouts_cover_the_gap_and_hold_only_what_is_given(
    frames: int, prefix: int, suffix: int
) -> None:
    assume(prefix + suffix < frames)
    lay = layout(frames, 4, prefix, suffix)
    seam = frames - suffix
    assert lay.first > -4
    assert lay.start(lay.before) == prefix or prefix == 0 == lay.before
    assert lay.before == (max(1, prefix // 4) if prefix else 0)
    assert lay.start(lay.tokens) >= seam
    free = lay.tokens - lay.before - lay.after
    assert free >= 1
    assert 4 * free - (seam - prefix) in range(4)
    if suffix:
        held_from = lay.start(lay.tokens - lay.after)
        assert 0 <= held_from - seam < 4
        assert held_from == seam or prefix
        assert frames - 4 < lay.start(lay.tokens) or lay.after == 1
    else:
        assert 0 <= lay.start(lay.tokens) - frames < 4


def test_the_layouts_worked_by_hand() -> None:
    lay = layout(16, 4, prefix=6, suffix=0)
    assert (lay.first, lay.tokens, lay.before, lay.after) == (2, 4, 1, 0)
    lay = layout(16, 4, prefix=2, suffix=0)
    assert (lay.first, lay.tokens, lay.before) == (-2, 5, 1)
    lay = layout(14, 4, prefix=0, suffix=4)
    assert (lay.first, lay.tokens, lay.after) == (-2, 4, 1)
    lay = layout(14, 4, prefix=4, suffix=4)  # the seam at 10 lies inside a token
    assert (lay.first, lay.tokens, lay.before, lay.after) == (0, 4, 1, 1)


@pytest.mark.parametrize(("prefix", "suffix"), [(10, 0), (0, 10), (5, 5), (20, 0)])
def test_nothing_left_to_generate(prefix: int, suffix: int) -> None:
    with pytest.raises(BackendError, match="leave nothing to generate"):
        layout(10, 4, prefix, suffix)


def test_windows_inside_are_slices() -> None:
    clip = walk(12)
    np.testing.assert_allclose(window(clip, 3, 9).rotations, clip.slice(3, 9).rotations, atol=1e-12)
    np.testing.assert_array_equal(window(clip, 3, 9).root_positions, clip.root_positions[3:9])


def test_windows_outside_go_on_at_the_ends_pace_and_height() -> None:
    clip = walk(3)
    around = window(clip, -2, 5)
    root = around.root_positions
    pace = clip.root_positions[1] - clip.root_positions[0]
    np.testing.assert_allclose((root[1] - root[0])[[0, 2]], pace[[0, 2]])
    np.testing.assert_allclose((root[2] - root[1])[[0, 2]], pace[[0, 2]])
    assert root[0, 1] == clip.root_positions[0, 1]
    np.testing.assert_allclose(around.rotations[-1], clip.rotations[-1])
    still = window(clip.slice(0, 1), 0, 4)
    assert np.ptp(still.root_positions, axis=0).max() == 0


cases = st.tuples(st.integers(1, 15), st.integers(0, 9), st.integers(0, 9), st.integers(0, 5))


@given(case=cases)
def test_given_frames_come_out_exactly(case: tuple[int, int, int, int]) -> None:
    gap, before, after, seed = case
    prefix = walk(before, seed + 1) if before else None
    suffix = walk(after, seed + 2) if after else None
    out = join(walk(gap + before + after, seed), prefix, suffix)
    assert len(out) == gap + before + after
    if prefix is not None:
        np.testing.assert_array_equal(out.rotations[:before], prefix.rotations)
        np.testing.assert_array_equal(out.root_positions[:before], prefix.root_positions)
    if suffix is not None:
        np.testing.assert_array_equal(out.rotations[-after:], suffix.rotations)
        np.testing.assert_array_equal(out.root_positions[-after:], suffix.root_positions)
    norms = np.linalg.norm(out.rotations, axis=-1)
    np.testing.assert_allclose(norms, 1, atol=1e-9)


def jump(motion: Motion, frame: int) -> float:
    """The largest distance a joint covers from ``frame`` to the next, metres."""
    return float(
        np.linalg.norm(motion.positions[frame + 1] - motion.positions[frame], axis=1).max()
    )


@pytest.mark.parametrize(("before", "after"), [(8, 0), (0, 8), (8, 8)])
def test_seams_are_as_smooth_as_the_motions_themselves(before: int, after: int) -> None:
    """The suffix waits 0.4 m and 0.6 rad from where the motion would have gone by itself."""
    prefix = walk(before, 11).placed(2.0, (3.0, 0.0, -4.0)) if before else None
    suffix = walk(after, 12) if after else None
    if suffix is not None:
        there = join(walk(60), prefix, None).slice(52, 60)
        suffix = suffix.placed(there.headings[0] - suffix.headings[0] + 0.6)
        away = there.root_positions[0] + [0.4, 0.0, 0.0] - suffix.root_positions[0]
        suffix = suffix.placed(0.0, away * [1.0, 0.0, 1.0])
    out = join(walk(60), prefix, suffix)
    usual = max(jump(m, f) for m in (walk(60), walk(8, 11), walk(8, 12)) for f in range(7))
    assert max(jump(out, f) for f in range(59)) < 1.75 * usual  # the pace is carried over


def test_a_join_that_already_fits_changes_next_to_nothing() -> None:
    whole = walk(30)
    out = join(whole, whole.slice(0, 8), whole.slice(22, 30))
    np.testing.assert_allclose(out.positions, whole.positions, atol=0.01)
    moved = whole.placed(1.3, (5.0, 0.0, 2.0))
    again = join(moved, whole.slice(0, 8), whole.slice(22, 30))
    np.testing.assert_allclose(again.positions, out.positions, atol=1e-9)


def test_far_from_its_seams_a_motion_keeps_its_pose() -> None:
    made = walk(80)
    bent = made.rotations.copy()
    bent[:, 3] = rot.multiply(bent[:, 3], rot.from_axis_angle([1.0, 0.0, 0.0], 0.05))
    other = replace(made, rotations=bent)
    out = join(made, other.slice(0, 8), other.slice(72, 80))
    middle = slice(30, 50)
    turned = rot.multiply(out.rotations[middle, 0], rot.conjugate(made.rotations[middle, 0]))
    np.testing.assert_allclose(np.abs(turned[:, [1, 3]]), 0, atol=1e-6)  # about the vertical only
    np.testing.assert_allclose(out.rotations[middle, 1:], made.rotations[middle, 1:], atol=1e-6)


def test_a_short_gap_becomes_the_motion_of_least_jerk() -> None:
    """Between rest here and rest there: 10 s^3 - 15 s^4 + 6 s^5 (Flash and Hogan 1985)."""
    still = walk(1).sample(np.zeros(6))
    there = still.placed(0.0, (0.0, 0.0, 1.0))
    out = join(still.sample(np.zeros(17)), still, there, arrive=True)
    s = (np.arange(5) + 1) / 6
    wanted = 10 * s**3 - 15 * s**4 + 6 * s**5
    path = out.root_positions[6:11, 2] - still.root_positions[0, 2]
    np.testing.assert_allclose(path, wanted, atol=0.06)


def test_a_suffix_that_need_not_be_reached_stands_where_the_motion_leads() -> None:
    prefix, suffix = walk(8, 3), walk(8, 4).placed(2.0, (9.0, 0.0, 9.0))
    free = join(walk(40), prefix, suffix, arrive=False)
    alone = join(walk(40), prefix, None)
    np.testing.assert_allclose(
        free.root_positions[32, [0, 2]], alone.root_positions[32, [0, 2]], atol=0.05
    )
    moved = free.slice(32, 40).canonical()
    np.testing.assert_allclose(moved.positions, suffix.canonical().positions, atol=1e-9)


def _mask(frames: int, joints: int) -> np.ndarray:
    return np.zeros((frames, joints), dtype=bool)


def test_what_is_kept_comes_out_exactly_and_the_rest_stays() -> None:
    made, old = walk(40, 1), walk(40, 2).placed(0.3, (1.0, 0.0, 2.0))
    joints = len(made.skeleton)
    mask = _mask(40, joints)
    mask[:, [1, 2, 4]] = True
    out = keep(made, Kept(old, mask))
    np.testing.assert_array_equal(out.rotations[mask], old.rotations[mask])
    np.testing.assert_allclose(out.rotations[~mask], made.rotations[~mask], atol=1e-12)
    np.testing.assert_array_equal(out.root_positions, made.root_positions)


def test_motion_passes_through_its_keyframes_without_a_jump() -> None:
    made, old = walk(60, 1), walk(60, 2).placed(0.3, (1.0, 0.0, 2.0))
    mask = _mask(60, len(made.skeleton))
    mask[[10, 45]] = True
    out = keep(made, Kept(old, mask))
    np.testing.assert_array_equal(out.rotations[[10, 45]], old.rotations[[10, 45]])
    np.testing.assert_array_equal(out.root_positions[[10, 45]], old.root_positions[[10, 45]])
    usual = max(jump(m, f) for m in (made, old) for f in range(59))
    assert max(jump(out, f) for f in range(59)) < 2 * usual
    # Far from the keys it is the motion that was made, moved over the ground.
    far = out.slice(24, 31)
    np.testing.assert_allclose(far.rotations[:, 1:], made.rotations[24:31, 1:], atol=0.05)


def test_a_request_says_what_it_keeps() -> None:
    motion = walk(8)
    mask = _mask(8, len(motion.skeleton))
    mask[3] = True
    assert Kept(motion, mask).conditions == {"keyframes"}
    mask[:, 2] = True
    request = GenerateRequest("walk", 8, kept=Kept(motion, mask))
    assert request.conditions == {"text", "keyframes", "body_part"}
    with pytest.raises(BackendError, match="does not fit what it is to keep"):
        Kept(motion, mask[:4])
    with pytest.raises(BackendError, match="has 8 frames and the request 9"):
        GenerateRequest("walk", 9, kept=Kept(motion, mask))
