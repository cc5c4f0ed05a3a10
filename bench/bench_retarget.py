"""Retargeting real clips onto the canonical body: what it costs and what it keeps.

Every figure compares the source, scaled by its legs, with the result: sliding of feet in contact
and depth below the ground before and after, and how far hands and feet end up from where the
source had them, relative to shoulder or hip, in per cent of the limb's length. "Copied" is what
one gets by copying local rotations joint for joint, which is all that some tools do.
"""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from bench import Skip, seconds, table
from exporters.bvh import load_bvh
from motion import rotations as rot
from motion.clip import Motion
from motion.contacts import foot_contacts, ground_height
from motion.quality import foot_sliding, ground_penetration
from motion.retarget import on_ground, retarget
from motion.rigs import with_roles
from motion.rotations import Array
from motion.skeleton import BODY, Skeleton

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
ARCHIVES = (
    "bandai-namco/dataset-1.zip", "accad/accad.zip", "cmu/asfamc.zip", "cmu/iclone.zip",
"hdm05/hdm05.zip", "kaykit/animations.zip", "mesh2motion/human.zip",
)  # fmt: skip
CLIPS = 20
LIMBS = {"hand": ("shoulder", "elbow", "wrist"), "foot": ("hip", "knee", "ankle")}


def main() -> None:
    if not DATA.is_dir():
        raise Skip(f"the motion data is not at {DATA}")
    rows = [_row(archive) for archive in ARCHIVES]
    header = (
        "source", "clips", "frames/s", "sliding before cm/s", "after", "penetration before mm",
        "after", "hand off %", "copied %", "foot off %", "copied %",
    )  # fmt: skip
    table(f"Retargeting onto the 22-joint body, up to {CLIPS} clips a source", header, rows)


def _row(archive: str) -> list[object]:
    clips = [_named(m) for m in _clips(archive)]
    results = [retarget(m) for m in clips]
    # Copies, so that forward kinematics of the sources is not remembered between repeats.
    cost = seconds(lambda: [retarget(replace(m)) for m in clips], 3)
    before, after = [], []
    for source, result in zip(clips, results, strict=True):
        ground, scale = ground_height(source), _leg(BODY) / _leg(source.skeleton)
        contacts = foot_contacts(result)
        before.append((foot_sliding(source, contacts) * scale,
                       ground_penetration(source, ground) * scale))  # fmt: skip
        after.append((foot_sliding(result, contacts), ground_penetration(result)))
    copied = [_copied(m) for m in clips]
    off = {k: (_off(clips, results, k), _off(clips, copied, k)) for k in LIMBS}
    b, a = np.mean(before, axis=0), np.mean(after, axis=0)
    return [
        archive, len(clips), sum(map(len, clips)) / cost, 100 * b[0], 100 * a[0], 1000 * b[1],
        1000 * a[1], *off["hand"], *off["foot"],
    ]  # fmt: skip


def _clips(archive: str) -> list[Motion]:
    with zipfile.ZipFile(DATA / archive) as z:
        names = sorted(n for n in z.namelist() if n.endswith(".bvh"))
        step = max(1, len(names) // CLIPS)
        return [load_bvh(z.read(n)) for n in names[::step][:CLIPS]]


def _named(motion: Motion) -> Motion:
    """The same with roles on its skeleton."""
    return replace(motion, skeleton=with_roles(motion.skeleton))


def _copied(motion: Motion) -> Motion:
    """Local rotations copied by role, joint for joint, whatever the rest poses are."""
    index = motion.skeleton.role_index
    rotations = np.tile(rot.IDENTITY, (len(motion), len(BODY), 1))
    for i, role in enumerate(BODY.roles):
        if role in index:
            rotations[:, i] = motion.rotations[:, index[role]]
    rotations[:, 0] = motion.world_from_joint[:, index["pelvis"]]
    return on_ground(Motion(BODY, motion.fps, motion.positions[:, index["pelvis"]], rotations))


def _off(sources: list[Motion], results: list[Motion], limb: str) -> float:
    """Mean distance of limb ends from where the source's direction puts them, % of limb length."""
    errors = []
    for source, result in zip(sources, results, strict=True):
        for side in ("left", "right"):
            roles = [f"{side}_{part}" for part in LIMBS[limb]]
            a = _ends(source, roles) / _length(source.skeleton, roles)
            b = _ends(result, roles) / _length(result.skeleton, roles)
            errors.append(np.linalg.norm(a - b, axis=-1).mean())
    return 100 * float(np.mean(errors))


def _ends(motion: Motion, roles: list[str]) -> Array:
    index = motion.skeleton.role_index
    return motion.positions[:, index[roles[-1]]] - motion.positions[:, index[roles[0]]]


def _length(skeleton: Skeleton, roles: list[str]) -> float:
    rest, index = skeleton.rest_world[0], skeleton.role_index
    joints = [rest[index[r]] for r in roles]
    return float(sum(np.linalg.norm(b - a) for a, b in zip(joints, joints[1:], strict=False)))


def _leg(skeleton: Skeleton) -> float:
    return _length(skeleton, ["left_hip", "left_knee", "left_ankle"])
