"""Every file name of every data set is understood, by a table and not by a fallback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backends.training.data import (
    accad,
    amass,
    bandai_namco,
    build,
    cmu,
    hdm05,
    humanml3d,
    kaykit,
    mesh2motion,
)
from backends.training.data.language import mirror_words
from backends.training.data.styles import STYLES
from backends.training.data.take import DataError
from exporters.npz import save_npz
from motion import rotations as rot
from motion.clip import Motion
from tests.backends.training.data import made

EXPECTED = {
    "bandai-namco-1": 160, "bandai-namco-2": 2624, "cmu": 293, "accad": 271, "hdm05": 264,
    "mesh2motion": 34, "kaykit": 149, "reactidle": 22,
}  # fmt: skip


def test_every_file_is_described(shared_data: Path) -> None:
    takes = build.find_takes(shared_data)
    counts: dict[str, int] = {}
    for take in takes:
        counts[take.source] = counts.get(take.source, 0) + 1
        assert take.style in STYLES
        assert take.action.phrases
    assert counts == EXPECTED
    assert len({(t.source, t.take) for t in takes}) == len(takes)
    groups = {t.source: t.group for t in takes}
    assert {s for s, g in groups.items() if g == "bandai"} == {"bandai-namco-1", "bandai-namco-2"}
    assert {s for s, g in groups.items() if g == "hdm05"} == {"hdm05"}


def test_only_named_takes_have_no_description(shared_data: Path) -> None:
    vague = {t.take for t in accad.takes(shared_data) if t.action.content == "improvise"}
    assert {"RandomStuff"} == accad.UNDESCRIBED
    assert vague == {"Female1__Female1_D4_RandomStuff", "Female1__Female1_D5_RandomStuff2"}


def test_tables_hold_nothing_that_no_file_needs(shared_data: Path) -> None:
    used = {
        "accad": {t.action.content for t in accad.takes(shared_data)},
        "bandai": {t.action.content for t in bandai_namco.takes(shared_data)},
        "cmu": {t.action.content for t in cmu.takes(shared_data)},
        "kaykit": {t.action.content for t in kaykit.takes(shared_data)},
    }
    known = {
        "accad": {a.content for a in accad.NAMES.values()},
        "bandai": {a.content for a in bandai_namco.CONTENTS.values()},
        "cmu": {a.content for a in cmu.DESCRIPTIONS.values()},
        "kaykit": {a.content for a in kaykit.CLIPS.values()},
    }
    for source, contents in known.items():
        unused = contents - used[source]
        # Families are written for both sides; some were recorded for one.
        assert {mirror_words(c.replace("-", " ")).replace(" ", "-") for c in unused} <= used[source]
        assert used[source] <= contents


@pytest.mark.parametrize(
    ("describe", "member"),
    [
        (bandai_namco.describe, "dataset-1_juggle_proud_001.bvh"),
        (bandai_namco.describe, "walk.bvh"),
        (accad.describe, "Male__Male1_A1_Juggle.bvh"),
        (hdm05.describe, "HDM_bd_juggle_001_120.bvh"),
        (kaykit.describe, "Juggle.bvh"),
        (mesh2motion.describe, "juggle.bvh"),
    ],
)
def test_unknown_names_are_refused(describe: Callable[[Path, str], object], member: str) -> None:
    with pytest.raises(DataError, match=member.split("_")[0]):
        describe(Path("x.zip"), member)


@pytest.mark.parametrize(
    ("member", "content", "style"),
    [
        ("dataset-1_walk_proud_001.bvh", "walk", "proud"),
        ("dataset-1_dash_not-confident_001.bvh", "sprint", "not-confident"),
        ("dataset-1_bow_masculinity_001.bvh", "bow", "masculine"),
        ("dataset-2_raise-up-left-hand_elderly_012.bvh", "raise-left-hand", "elderly"),
        ("dataset-2_walk-turn-right_active_002.bvh", "walk-turn-right", "active"),
    ],
)
def test_bandai_names(member: str, content: str, style: str) -> None:
    take = bandai_namco.describe(Path("x.zip"), member)
    assert (take.action.content, take.style) == (content, style)


@pytest.mark.parametrize(
    ("rest", "plain"),
    [
        ("WalkTurnLeft90", "WalkTurnLeft90"), ("Walk1", "Walk"), ("SwayT2", "Sway"),
        ("S2_PutDownBoxToWalk", "PutDownBoxToWalk"), ("SkipToStand_Take_001", "SkipToStand"),
        ("Walk2Hop2Walk", "WalkToHopToWalk"), ("Extended_3", "Extended"),
        ("RunToWalk1", "RunToWalk"), ("WalkTrunChange", "WalkTurnChange"),
    ],
)  # fmt: skip
def test_accad_names_lose_their_take_marks(rest: str, plain: str) -> None:
    assert accad.plain_name(rest) == plain


def test_both_kaykit_packs_name_a_clip_alike() -> None:
    pairs = [
        ("CombatMelee__Melee_1H_Attack_Chop.bvh", "1H_Melee_Attack_Chop.bvh"),
        ("CombatRanged__Ranged_2H_Shoot.bvh", "2H_Ranged_Shoot.bvh"),
        ("CombatRanged__Ranged_Magic_Spellcasting.bvh", "Spellcasting.bvh"),
        ("Simulation__Cheering.bvh", "Cheer.bvh"),
    ]
    for a, b in pairs:
        assert kaykit.plain_name(a) == kaykit.plain_name(b)
        first = kaykit.describe(Path("animations.zip"), a)
        assert first.split_key == kaykit.describe(Path("character.zip"), b).split_key


def test_amass_layout(tmp_path: Path) -> None:
    folder = tmp_path / "amass" / "KIT" / "3"
    folder.mkdir(parents=True)
    motion = made.travelling(90, fps=60.0)
    save_npz(motion, folder / "walk_fast01_poses.npz")
    (take,) = amass.takes(tmp_path)
    assert (take.take, take.actor, take.reader) == ("KIT/3/walk_fast01", "3", "amass")
    assert take.captions == ("walk fast01",)
    back = amass.read(take.archive)
    assert (back.fps, len(back)) == (60.0, 90)
    turned = rot.angle_between(back.rotations, motion.rotations)
    assert turned.max() < 1e-5


def test_humanml3d_texts() -> None:
    text = (
        "a man walks.#a/DET man/NOUN#0.0#0.0\n\nhe waves#he/PRON#1.0#2.5\n"
        "bad line\na person walks#x#nan#nan\n"
    )
    whole, spans = humanml3d.parse_texts(text)
    assert whole == ("a man walks.", "a person walks")
    assert spans == ((1.0, 2.5, ("he waves",)),)


def test_humanml3d_layout(tmp_path: Path) -> None:
    folder = tmp_path / "HumanML3D"
    (folder / "new_joint_vecs").mkdir(parents=True)
    (folder / "texts").mkdir()
    motion = made.travelling(50, turn=1.0).placed(0.0)
    for name in ("000001", "M000001"):
        np.save(folder / "new_joint_vecs" / f"{name}.npy", _features(motion))
        (folder / "texts" / f"{name}.txt").write_text("a person walks#x#0.0#0.0\n")
    (take,) = humanml3d.takes(tmp_path)
    assert take.take == "000001"
    assert take.captions == ("a person walks",)
    back = humanml3d.motion_from_features(take.archive.read_bytes(), take.take)
    assert (back.fps, len(back)) == (20.0, 50)
    np.testing.assert_allclose(back.positions, _grounded(motion), atol=2e-3)


def test_humanml3d_refuses_other_arrays(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.zeros((5, 10)))
    with pytest.raises(DataError, match=r"\[T, 263\]"):
        humanml3d.motion_from_features((tmp_path / "x.npy").read_bytes(), "x")


def _grounded(motion: Motion) -> np.ndarray:
    from motion.retarget import on_ground

    return on_ground(motion).positions


def _features(motion: Motion) -> np.ndarray:
    """HumanML3D's features of a motion, written from its paper's definition (rotations left 0)."""
    positions = motion.positions
    count = len(motion)
    yaw = motion.headings
    out = np.zeros((count, 263))
    # The stored quaternion is (cos a, 0, sin a, 0) of the rotation *into* the facing frame.
    out[:-1, 0] = -np.diff(yaw) / 2
    steps = np.diff(positions[:, 0], axis=0)
    local = rot.rotate(rot.yaw(-yaw[1:]), steps)
    out[:-1, 1], out[:-1, 2] = local[:, 0], local[:, 2]
    out[:, 3] = positions[:, 0, 1]
    relative = positions[:, 1:] - positions[:, :1] * [1.0, 0.0, 1.0]
    out[:, 4:67] = rot.rotate(rot.yaw(-yaw)[:, None], relative).reshape(count, -1)
    return out
