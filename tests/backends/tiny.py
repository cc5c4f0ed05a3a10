"""Tiny bundles made of real ONNX graphs: small random networks with the signatures of big ones."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import numpy_helper

from backends.bundle import Bundle
from backends.bundle_writer import BundleDraft, GraphDraft, write_bundle
from backends.features.patches import FRAMES, LatentStats
from backends.manifest import GoldenRequest, Provenance
from backends.sampling import Sampler
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY

CHANNELS = 12
WIDTH = 8
OPSET = 18
WORDS = ("[UNK]", "a", "person", "walks", "kicks", "stands", "and", "then")

HEADER = f'<ir_version: 10, opset_import: ["" : {OPSET}]>'


def graph(text: str, **constants: NDArray[Any]) -> bytes:
    """An ONNX model from its textual form, with named constants as initializers."""
    model = onnx.parser.parse_model(HEADER + text)
    for name, value in constants.items():
        model.graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    onnx.checker.check_model(model, full_check=True)
    return model.SerializeToString()


def normal(seed: int, *shape: int, scale: float = 1.0) -> NDArray[np.float32]:
    """Seeded normal numbers as float32."""
    return (np.random.default_rng(seed).standard_normal(shape) * scale).astype(np.float32)


def text_encoder() -> bytes:
    """A table of word vectors, scaled by one plus the position's mask."""
    return graph(
        f"""
        text_encoder (int64[B, L] input_ids, int64[B, L] attention_mask)
            => (float[B, L, {WIDTH}] hidden) {{
            words = Gather (table, input_ids)
            mask = Cast <to = 1> (attention_mask)
            column = Unsqueeze (mask, last)
            hidden = Mul (words, column)
        }}""",
        table=normal(1, len(WORDS), WIDTH),
        last=np.array([2]),
    )


def denoiser() -> bytes:
    """Tanh of a mix of every input, with an attention between tokens, so that all count."""
    c, w = CHANNELS, WIDTH
    return graph(
        f"""
        denoiser (float[B, N, {c}] x, float[B] t, float[B, L, {w}] text, float[B, L] text_mask,
                  float[B, N, {c}] known, float[B, N] known_mask, float[B, N] token_mask)
            => (float[B, N, {c}] v) {{
            text_column = Unsqueeze (text_mask, last)
            counted = Mul (text, text_column)
            said = ReduceMean <keepdims = 1> (counted, middle)
            said_c = MatMul (said, from_text)
            t_row = Unsqueeze (t, ends)
            from_x = MatMul (x, mix)
            from_known = MatMul (known, hold)
            known_column = Unsqueeze (known_mask, last)
            a = Add (from_x, said_c)
            b = Add (a, t_row)
            d = Add (b, from_known)
            e = Add (d, known_column)
            other = Transpose <perm = [0, 2, 1]> (e)
            scores = MatMul (e, other)
            weights = Softmax <axis = -1> (scores)
            seen = MatMul (weights, e)
            bent = Tanh (seen)
            token_column = Unsqueeze (token_mask, last)
            live = Mul (bent, token_column)
            v = Sub (live, x)
        }}""",
        last=np.array([2]),
        middle=np.array([1]),
        ends=np.array([1, 2]),
        from_text=normal(2, w, c, scale=2.0),
        mix=normal(3, c, c, scale=0.3),
        hold=normal(4, c, c, scale=0.3),
    )


def decoder() -> bytes:
    """A standing body that sways with the latents and steps forward."""
    frame = np.concatenate([BODY.rest_offsets[0], np.tile([1.0, 0, 0, 0, 1, 0], 22)])
    patch = np.concatenate([np.tile(frame, FRAMES), [0.0, 0.2, 1.0, 0.0], np.zeros(16)])
    wide = FRAMES * 135
    return graph(
        f"""
        decoder (float[B, N, {CHANNELS}] z)
            => (float[B, T, 135] frames, float[B, N, 4] steps, float[B, T, 4] contacts) {{
            mixed = MatMul (z, out)
            all = Add (mixed, rest)
            flat, steps, chances = Split <axis = 2> (all, parts)
            frames = Reshape (flat, frame_shape)
            rows = Reshape (chances, contact_shape)
            contacts = Sigmoid (rows)
        }}""",
        out=normal(5, CHANNELS, wide + 4 + 16, scale=0.02),
        rest=patch.astype(np.float32),
        parts=np.array([wide, 4, 16]),
        frame_shape=np.array([0, -1, 135]),
        contact_shape=np.array([0, -1, 4]),
    )


def tokenizer() -> bytes:
    """A word-level tokenizer of :data:`WORDS`."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    made = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()  # type: ignore[attr-defined]
    return made.to_str().encode()


def stats() -> LatentStats:
    """A latent of random orthonormal directions."""
    size = FRAMES * 276
    basis, _ = np.linalg.qr(np.random.default_rng(6).standard_normal((size, CHANNELS)))
    return LatentStats(np.zeros(size), np.ones(size), basis, np.ones(CHANNELS))


def stats_file(folder: Path) -> Path:
    """:func:`stats` as ``stats.npz`` in ``folder``."""
    path = folder / "stats.npz"
    np.savez(path, **stats().arrays())
    return path


def draft(folder: Path, name: str = "tiny") -> BundleDraft:
    """A ViMoGen-light bundle in small; ``folder`` is for its source files."""
    ids = np.array([[1, 2, 3]])
    tokens = normal(7, 2, 5, CHANNELS)
    feeds = {
        "x": tokens, "t": np.array([0.2, 0.7], np.float32), "text": normal(8, 2, 3, WIDTH),
        "text_mask": np.array([[1, 1, 0], [0, 0, 0]], np.float32), "known": 0 * tokens,
        "known_mask": np.zeros((2, 5), np.float32), "token_mask": np.ones((2, 5), np.float32),
    }  # fmt: skip
    return BundleDraft(
        name=name,
        version="1.0.0",
        title="Tiny",
        task="text_to_motion",
        skeleton=BODY,
        features="dart276-patch4",
        fps=20.0,
        max_frames=200,
        conditions=frozenset({"text", "prefix", "suffix"}),
        graphs={
            "text_encoder": GraphDraft(
                text_encoder(), OPSET, {"input_ids": ids, "attention_mask": np.ones_like(ids)}
            ),
            "denoiser": GraphDraft(denoiser(), OPSET, feeds),
            "decoder": GraphDraft(decoder(), OPSET, {"z": tokens}),
        },
        files={"tokenizer.json": tokenizer(), "stats.npz": stats_file(folder)},
        sampler=Sampler(steps=6, guidance=2.0),
        golden=GoldenRequest("a person walks", frames=10, seed=3, tolerance=1e-4),
        provenance=Provenance(data=("random numbers",), licence="CC0-1.0", metrics={"loss": 1.0}),
    )


def write(folder: Path, name: str = "tiny", **changes: Any) -> Bundle:
    """Write :func:`draft` with ``changes`` to ``folder / name``."""
    folder.mkdir(parents=True, exist_ok=True)
    return write_bundle(folder / name, replace(draft(folder, name), **changes))


def edit_manifest(folder: Path, *path: str, value: Any) -> None:
    """Set one value of a written manifest."""
    file = folder / "manifest.json"
    document = json.loads(file.read_text())
    at = document
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    file.write_text(json.dumps(document))


def walk(frames: int, seed: int = 0) -> Motion:
    """A figure that walks on a curve with moving limbs."""
    rng = np.random.default_rng(seed)
    time = np.arange(frames) / 20
    rate, phase = rng.uniform(1, 4, (22, 3)), rng.uniform(0, 6, (22, 3))
    swing = 0.3 * np.sin(rate * time[:, None, None] + phase)
    rotations = rot.from_rotation_vector(swing)
    rotations[:, 0] = rot.multiply(rot.yaw(0.5 * time + seed), rotations[:, 0])
    root = np.stack([0.6 * time, 0.95 + 0.02 * np.sin(6 * time), np.cos(time) + seed], axis=-1)
    return Motion(BODY, 20.0, root.astype(np.float64), rotations)
