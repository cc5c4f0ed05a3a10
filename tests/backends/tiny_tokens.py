"""A tiny bundle of a motion language model, whose every token can be read off its motions.

The language graph is a bag of words: what was read is averaged, with its last token added. It likes
marks, words and the wrong slot's tokens best, so that only the grammar keeps them away. A patch of
motion stands as high as its first token says and moves as fast as its second.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backends.bundle import Bundle
from backends.bundle_writer import BundleDraft, GraphDraft, write_bundle
from backends.features import smpl_d135
from backends.manifest import GoldenRequest, Provenance
from backends.motion_lm import PATCH
from backends.token_language import Vocabulary
from motion.clip import Motion
from motion.skeleton import BODY
from tests.backends.tiny import OPSET, graph, normal

WIDTH, SLOTS, CODES = 6, 2, 8
HEIGHT, HEIGHT_STEP, SPEED_STEP = 0.8, 0.02, 0.1
WORDS = ("[UNK]", "[CLS]", "[SEP]", "a", "person", "walks", "kicks", "stands")

#: The piece ``stands`` has no number of its own; ``walks`` serves for it.
VOCABULARY = Vocabulary(
    np.array([0, 3, 4, 5, 6], np.int32), np.array([0, 0, 0, 1, 2, 3, 4, 3], np.int32), SLOTS, CODES
)

EMBED = normal(21, len(VOCABULARY), WIDTH)
HEAD = normal(22, WIDTH, len(VOCABULARY), scale=2.0)
#: Marks and words are likelier than any motion token, and one slot's than the other's.
LIKING = np.concatenate(
    [np.full(VOCABULARY.first_motion, 50.0), np.full(CODES, 0.0), np.full(CODES, 20.0)]
).astype(np.float32)


def language() -> bytes:
    """Logits of the last token from all tokens so far, kept as keys and values."""
    w = WIDTH
    return graph(
        f"""
        language (int64[B, S] ids, float[1, 2, B, 1, P, {w}] past)
            => (float[B, {len(VOCABULARY)}] logits, float[1, 2, B, 1, N, {w}] present) {{
            x = Gather (embed, ids)
            rows = Unsqueeze (x, around)
            both = Concat <axis = 1> (rows, rows)
            present = Concat <axis = 4> (past, both)
            said = ReduceMean <keepdims = 0> (present, but_batch)
            last = Gather <axis = 1> (x, minus_one)
            mixed = Add (said, last)
            bent = Tanh (mixed)
            scores = MatMul (bent, head)
            logits = Add (scores, liking)
        }}""",
        embed=EMBED,
        head=HEAD,
        liking=LIKING,
        around=np.array([0, 1, 3]),
        but_batch=np.array([0, 1, 3, 4]),
        minus_one=np.array(-1),
    )


def logits(tokens: list[int]) -> NDArray[np.float64]:
    """What :func:`language` says after ``tokens``, in plain numpy and without a cache."""
    x = EMBED[tokens].astype(np.float64)
    return np.tanh(x.mean(axis=0) + x[-1]) @ HEAD + LIKING


def encoder() -> bytes:
    """Each patch's height, and the speed of its second frame, as numbers of steps."""
    select = np.zeros((PATCH * smpl_d135.SIZE, SLOTS), np.float32)
    select[smpl_d135.HEIGHT.start, 0] = 1 / HEIGHT_STEP
    select[smpl_d135.SIZE + smpl_d135.VELOCITY.start, 1] = 1 / SPEED_STEP
    return graph(
        f"""
        encoder (float[B, T, {smpl_d135.SIZE}] features) => (int64[B, N, {SLOTS}] tokens) {{
            patches = Reshape (features, shape)
            numbers = MatMul (patches, select)
            shifted = Sub (numbers, offset)
            whole = Round (shifted)
            legal = Clip (whole, least, most)
            tokens = Cast <to = 7> (legal)
        }}""",
        shape=np.array([0, -1, PATCH * smpl_d135.SIZE]),
        select=select,
        offset=np.array([HEIGHT / HEIGHT_STEP, 0], np.float32),
        least=np.array(0, np.float32),
        most=np.array(CODES - 1, np.float32),
    )


def decoder() -> bytes:
    """A standing body of that height and speed."""
    frame = np.tile([1.0, 0, 0, 0, 1, 0], 22)
    rest = np.concatenate([frame[:6], [0.0, 0.0, HEIGHT], frame[6:]])
    spread = np.zeros((SLOTS, smpl_d135.SIZE), np.float32)
    spread[0, smpl_d135.HEIGHT.start] = HEIGHT_STEP
    spread[1, smpl_d135.VELOCITY.start] = SPEED_STEP
    return graph(
        f"""
        decoder (int64[B, N, {SLOTS}] tokens) => (float[B, T, {smpl_d135.SIZE}] features) {{
            numbers = Cast <to = 1> (tokens)
            wide = MatMul (numbers, spread)
            patches = Add (wide, rest)
            features = Reshape (patches, shape)
        }}""",
        spread=np.tile(spread, PATCH),
        rest=np.tile(rest, PATCH).astype(np.float32),
        shape=np.array([0, -1, smpl_d135.SIZE]),
    )


def tokens_of(motion: Motion) -> NDArray[np.int64]:
    """The tokens ``[N, 2]`` that a motion was decoded from, from where its patches begin."""
    features = smpl_d135.encode(motion)
    heights = (features[::PATCH, smpl_d135.HEIGHT.start] - HEIGHT) / HEIGHT_STEP
    speeds = features[1::PATCH, smpl_d135.VELOCITY.start] / SPEED_STEP
    found = np.stack([heights, speeds], -1)
    np.testing.assert_allclose(found, np.rint(found), atol=1e-3)
    return np.rint(found).astype(np.int64)


def tokenizer() -> bytes:
    """Words of :data:`WORDS` between ``[CLS]`` and ``[SEP]``."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    made = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    made.pre_tokenizer = pre_tokenizers.Whitespace()  # type: ignore[attr-defined]
    made.post_processor = processors.TemplateProcessing(  # type: ignore[attr-defined]
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    return made.to_str().encode()


def vocabulary() -> bytes:
    """``vocabulary.npz`` of :data:`VOCABULARY`."""
    stream = io.BytesIO()
    np.savez(
        stream, pieces=VOCABULARY.pieces, nearest=VOCABULARY.nearest, sizes=np.array([SLOTS, CODES])
    )
    return stream.getvalue()


def write(folder: Path, **changes: Any) -> Bundle:
    """Write the bundle ``tiny-tokens`` into ``folder``, with other ``files`` by name on request."""
    files: dict[str, Path | bytes] = {
        "tokenizer.json": tokenizer(),
        "vocabulary.npz": vocabulary(),
        "sampling.json": json.dumps({"temperature": 1.0, "top_p": 0.95, "guidance": 1.5}).encode(),
    }
    standing = np.zeros((2, 2 * PATCH, smpl_d135.SIZE), np.float32)
    return write_bundle(
        folder / "tiny-tokens",
        BundleDraft(
            name="tiny-tokens",
            version="1.0.0",
            title="Tiny tokens",
            task="text_to_motion",
            skeleton=BODY,
            features="smpl-d135-tokens",
            fps=20.0,
            max_frames=80,
            conditions=frozenset({"text", "prefix"}),
            graphs={
                "language": GraphDraft(
                    language(),
                    OPSET,
                    {
                        "ids": np.array([[1, 6, 2], [3, 12, 20]]),
                        "past": normal(23, 1, 2, 2, 1, 4, WIDTH),
                    },
                ),
                "encoder": GraphDraft(encoder(), OPSET, {"features": standing}),
                "decoder": GraphDraft(decoder(), OPSET, {"tokens": np.array([[[1, 2], [7, 0]]])}),
            },
            files=files | changes,
            golden=GoldenRequest("a person walks", frames=10, seed=3, tolerance=1e-4),
            provenance=Provenance(data=("random numbers",), licence="CC0-1.0"),
        ),
    )
