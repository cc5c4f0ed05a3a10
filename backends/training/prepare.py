"""From a built dataset to what training reads: latents, poses and text, computed once.

The folder it writes can be deleted at any time; :func:`prepare` makes the same again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from backends.features import dart276, patches
from backends.training.data.dataset import MotionDataset
from backends.training.models.text_encoder import encode_texts
from motion.clip import Motion
from motion.contacts import foot_contacts
from motion.rotations import Array

FRAMES = patches.FRAMES

#: What a metre or a unit of each feature counts in the principal components: about the
#: displacement of the body that it causes, so rotations weigh as a limb's length and a root that
#: drifts as the whole figure; feet count twice. Chosen against equal variance for each group, which
#: leaves 1.5 times the error in heading (0.50 against 0.31 degrees a patch at 128 components).
WEIGHTS = (
    (dart276.TRANSLATION, 4.0),
    (dart276.ROTATIONS, 0.5),
    (slice(3, 9), 1.2),
    (dart276.TRANSLATION_DELTA, 12.0),
    (dart276.ORIENTATION_DELTA, 4.0),
    (dart276.POSITIONS, 1.0),
    (dart276.VELOCITIES, 2.0),
)
FEET = (7, 8, 10, 11)


@dataclass(frozen=True)
class TokenSequence:
    """One clip as tokens: mirrored or not, starting at frame ``phase``."""

    clip: int
    mirrored: bool
    phase: int
    start: int
    tokens: int


def prepare(
    data: Path, out: Path, groups: frozenset[str], channels: int, say: Callable[[str], None]
) -> None:
    """Write latents, poses, contacts and text of a dataset's ``groups`` to ``out``."""
    if (out / "prepared.json").exists():
        return
    out.mkdir(parents=True, exist_ok=True)
    dataset = MotionDataset.open(data)
    rows = [i for i, clip in enumerate(dataset.clips) if clip.group in groups]
    train = [i for i in rows if dataset.clips[i].split == "train"]
    say(f"principal components of {len(train)} clips")
    stats = fit_stats(dataset, train, channels)
    np.savez(out / "stats.npz", **stats.arrays())
    say("latents")
    sequences = _write_tokens(dataset, rows, stats, out)
    say("text")
    captions = _write_text(dataset, rows, out)
    document = {
        "sequences": [list(vars(s).values()) for s in sequences],
        "captions": captions,
        "clips": [[c.id, c.source, c.split, c.weight] for c in (dataset.clips[i] for i in rows)],
        "rows": rows,
    }
    partial = out / "prepared.json.part"
    partial.write_text(json.dumps(document))
    os.replace(partial, out / "prepared.json")


def fit_stats(dataset: MotionDataset, rows: Sequence[int], channels: int) -> patches.LatentStats:
    """Principal components of the patches of some clips, weighted as the clips are sampled."""
    blocks, counts = [], []
    for i in rows:
        block = patches.patch_features(whole_patches(dataset.motion(i)))
        blocks.append(block.astype(np.float32))
        counts.append(np.full(len(block), dataset.clips[i].weight / len(block)))
    x, count = np.concatenate(blocks), np.concatenate(counts)
    count = count / count.sum()
    mean = count @ x
    deviation = x - mean
    weight = feature_weight()
    y = (deviation * weight).astype(np.float32)
    covariance = (y * count[:, None].astype(np.float32)).T @ y
    values, vectors = np.linalg.eigh(covariance.astype(np.float64))
    order = np.argsort(values)[::-1][:channels]
    return patches.LatentStats(mean, weight, vectors[:, order], np.sqrt(values[order]))


def feature_weight() -> Array:
    """The weight ``[1104]`` of each number of a flattened patch."""
    weight = np.empty(dart276.SIZE)
    for group, value in WEIGHTS:
        weight[group] = value
    for group in (dart276.POSITIONS, dart276.VELOCITIES):
        for joint in FEET:
            weight[group.start + 3 * joint : group.start + 3 * joint + 3] *= 2.0
    return np.tile(weight, FRAMES)


def whole_patches(motion: Motion, phase: int = 0) -> Motion:
    """From frame ``phase`` on, cut to a whole number of patches."""
    count = (len(motion) - phase) // FRAMES * FRAMES
    return motion.slice(phase, phase + count)


def _write_tokens(
    dataset: MotionDataset, rows: Sequence[int], stats: patches.LatentStats, out: Path
) -> list[TokenSequence]:
    """Latents of every clip, mirrored or not, at each phase; poses of those at phase 0."""
    sequences: list[TokenSequence] = []
    latents, poses, steps, contacts = [], [], [], []
    start = 0
    for phase in range(FRAMES):
        for mirrored in (False, True):
            for k, i in enumerate(rows):
                motion = dataset.motion(i, mirrored=mirrored)
                if len(motion) - phase < 2 * FRAMES:
                    continue
                motion = whole_patches(motion, phase)
                x = patches.patch_features(motion)
                latents.append(stats.project(x).astype(np.float16))
                sequences.append(TokenSequence(k, mirrored, phase, start, len(x)))
                start += len(x)
                if phase == 0:
                    pose, _ = patches.reconstruct_poses(x)
                    poses.append(pose.reshape(len(x), -1).astype(np.float32))
                    steps.append(patches.ground_steps(motion).astype(np.float32))
                    contacts.append(foot_contacts(motion).reshape(len(x), -1))
    np.save(out / "latents.npy", np.concatenate(latents))
    np.save(out / "poses.npy", np.concatenate(poses))
    np.save(out / "steps.npy", np.concatenate(steps))
    np.save(out / "contacts.npy", np.concatenate(contacts))
    return sequences


def _write_text(
    dataset: MotionDataset, rows: Sequence[int], out: Path
) -> list[tuple[list[int], list[int]]]:
    """Hidden states of every caption; returns each clip's caption numbers, plain and mirrored."""
    number: dict[str, int] = {}
    captions = []
    for i in rows:
        clip = dataset.clips[i]
        both = tuple(
            [number.setdefault(text, len(number)) for text in texts]
            for texts in (clip.captions, clip.captions_mirrored)
        )
        captions.append(both)
    states = encode_texts(list(number))
    np.save(out / "text.npy", np.concatenate(states))
    np.save(out / "text_lengths.npy", np.array([len(s) for s in states]))
    return captions
