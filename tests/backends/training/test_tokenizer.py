"""Quantizers and tokenizers: naive look-ups as oracles, and parts that leave others alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra 'train'")

from backends.features import smpl_d135
from backends.training.data.take import DataError
from backends.training.evaluate.tokenizer import Row, codebook_use, joint_error, merged
from backends.training.models.quantizers import (
    LookupFreeQuantizer,
    ResidualQuantizer,
    VectorQuantizer,
)
from backends.training.models.tokenizer import PARTS, Tokenizer, TokenizerConfig, _path
from backends.training.train_tokenizer import tokenizer_run
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY
from tests.backends.tiny import walk

SMALL = {"width": 16, "code_width": 8, "depth": 1}


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Small products take longer on several threads than on one."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def _features(batch: int, frames: int, seed: int = 0):
    rng = np.random.default_rng(seed)
    out = []
    for _ in range(batch):
        vectors = np.cumsum(rng.normal(0, 0.05, (frames, len(BODY), 3)), axis=0)
        root = np.cumsum(rng.normal(0, 0.03, (frames, 3)), axis=0) + [0.0, 0.9, 0.0]
        motion = Motion(BODY, 20.0, root, rot.from_rotation_vector(vectors))
        out.append(smpl_d135.encode(motion))
    return torch.tensor(np.stack(out), dtype=torch.float32)


def test_vector_quantization_finds_the_nearest_code() -> None:
    torch.manual_seed(0)
    quantizer = VectorQuantizer(16, 4).eval()
    quantizer.codebook.copy_(torch.randn(16, 4))
    z = torch.randn(3, 5, 4)
    found = quantizer(z)
    distance = (z[..., None, :] - quantizer.codebook).norm(dim=-1)
    assert torch.equal(found.indices[..., 0], distance.argmin(-1))
    assert torch.allclose(found.z, quantizer.decode(found.indices), atol=1e-6)


def test_codes_move_to_their_features_and_none_stays_idle() -> None:
    torch.manual_seed(0)
    quantizer = VectorQuantizer(8, 2, decay=0.8).train()
    centres = torch.tensor([[5.0, 0], [-5, 0], [0, 5], [0, -5]])
    for _ in range(80):
        quantizer(centres[torch.randint(4, (256,))] + 0.1 * torch.randn(256, 2))
    nearest = torch.cdist(centres, quantizer.codebook).min(1).values
    assert nearest.max() < 0.3
    assert (quantizer.counts > 0.02).all()


def test_gradients_pass_straight_through() -> None:
    for quantizer in (VectorQuantizer(8, 4), ResidualQuantizer(8, 4, 2), LookupFreeQuantizer(4)):
        quantizer.eval()
        z = torch.randn(6, 4, requires_grad=True)
        quantizer(z).z.sum().backward()
        assert torch.allclose(z.grad, torch.ones_like(z))


def test_each_level_of_a_residual_quantizer_brings_it_nearer() -> None:
    torch.manual_seed(0)
    data = torch.randn(2048, 4)
    errors = []
    for levels in (1, 2, 4):
        quantizer = ResidualQuantizer(32, 4, levels).train()
        for _ in range(40):
            quantizer(data[torch.randint(len(data), (512,))])
        quantizer.eval()
        errors.append(float((quantizer(data).z - data).square().mean()))
    assert errors[0] > 1.5 * errors[1] > 1.5 * errors[2]


def test_bits_are_signs_and_the_index_their_number() -> None:
    quantizer = LookupFreeQuantizer(3)
    z = torch.tensor([[-1.0, 2.0, 0.5], [3.0, -0.1, -4.0]])
    found = quantizer(z)
    assert found.indices[:, 0].tolist() == [0b110, 0b001]
    assert quantizer.decode(found.indices).tolist() == [[-1, 1, 1], [1, -1, -1]]


def test_the_entropy_loss_wants_sure_bits_used_alike() -> None:
    quantizer = LookupFreeQuantizer(4, entropy=1.0, commitment=0.0)
    signs = torch.where(torch.rand(512, 4, generator=torch.Generator().manual_seed(0)) < 0.5, -1, 1)
    sure, unsure, always = 3.0 * signs, 0.01 * signs, torch.full((512, 4), 3.0)
    assert quantizer(sure).loss < quantizer(unsure).loss
    assert quantizer(sure).loss < quantizer(always).loss


@pytest.mark.parametrize("kind", ["vq", "rvq", "lfq2d"])
def test_tokens_decode_to_what_the_network_reconstructs(kind) -> None:
    torch.manual_seed(0)
    network = Tokenizer(TokenizerConfig(kind, 64, **SMALL)).eval()
    features = _features(2, 24)
    with torch.no_grad():
        made, _, _ = network(features)
        tokens = network.encode(features)
        again = network.decode(tokens)
    assert tokens.shape[:2] == (2, 6)
    assert again.shape == features.shape
    assert torch.allclose(made, again, atol=1e-5)


@pytest.mark.parametrize("part", range(len(PARTS)))
def test_other_parts_stay_when_one_part_gets_other_tokens(part: int) -> None:
    torch.manual_seed(0)
    network = Tokenizer(TokenizerConfig("lfq2d", 64, **SMALL)).eval()
    with torch.no_grad():
        tokens = network.encode(_features(1, 32))
        before = network.decode(tokens)
        tokens[:, 2:5, part] = (tokens[:, 2:5, part] + 17) % 64
        after = network.decode(tokens)
    changed = torch.nonzero((before != after).any(1)[0])[:, 0].tolist()
    assert changed
    assert set(changed) <= set(smpl_d135.part_columns(PARTS[part]))


def test_the_path_is_the_one_that_decoding_gives() -> None:
    features = _features(1, 40)
    path = _path(features)[0].numpy()
    decoded = smpl_d135.decode(features[0].double().numpy(), 20.0).root_positions[:, [0, 2]]
    assert np.abs((path - path[0]) - (decoded - decoded[0])).max() < 1e-4


@pytest.mark.parametrize("kind", ["vq", "rvq", "lfq2d"])
def test_a_tokenizer_learns(kind) -> None:
    torch.manual_seed(0)
    network = Tokenizer(TokenizerConfig(kind, 256, width=32, code_width=16, depth=1))
    features = _features(4, 32)
    network.mean.copy_(features.mean((0, 1)))
    network.std.copy_(features.std((0, 1)).clamp(min=0.02))
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3)
    first = last = 0.0
    for step in range(60):
        total, parts = network.loss(features)
        optimiser.zero_grad()
        total.backward()
        optimiser.step()
        last = float(parts["positions"].detach())
        first = first or last
        assert step or np.isfinite(last)
    assert last < 0.5 * first


def test_names_of_runs() -> None:
    run = tokenizer_run("tokenizer-lfq2d-16384-narrow")
    assert (run.config.kind, run.config.codes, run.config.bits) == ("lfq2d", 16384, 14)
    assert run.narrow
    assert not tokenizer_run("tokenizer-vq-512").narrow
    for name in ("tokenizer-vq-500", "tokenizer-foo-512", "tokenizer-vq", "tokenizer-vq-0"):
        with pytest.raises(DataError, match="is no tokenizer"):
            tokenizer_run(name)


def _row(name: str, kind: str, codes: int, mm: float, domain: str = "held out") -> Row:
    return Row(name, kind, codes, 1, domain, 1, 5.0, mm, 2.0, 3.0, 0.1, 0.5, 9.0, 0.1, 0.2)


def test_rows_of_a_run_measured_again_take_the_old_ones_place() -> None:
    old = [
        _row("tokenizer-vq-512-narrow", "vq", 512, 3.0, "out of domain"),
        _row("tokenizer-vq-512", "vq", 512, 1.0),
        _row("tokenizer-vq-256", "vq", 256, 2.0),
    ]
    rows = merged(old, [_row("tokenizer-vq-512", "vq", 512, 4.0)])
    assert [(r.name, r.mm) for r in rows] == [
        ("tokenizer-vq-256", 2.0),
        ("tokenizer-vq-512", 4.0),
        ("tokenizer-vq-512-narrow", 3.0),
    ]


def test_use_of_a_codebook_counted_by_hand() -> None:
    tokens = np.array([[0, 1], [0, 1], [2, 1], [2, 1]])
    used, perplexity = codebook_use(tokens, 4)
    assert used == pytest.approx((2 / 4 + 1 / 4) / 2)
    assert perplexity == pytest.approx((2 + 1) / 2)


def test_joint_error_leaves_out_where_a_motion_stands() -> None:
    motion = walk(20)
    aligned, world = joint_error(motion.placed(0.7, (1.0, 0.0, 2.0)), motion)
    assert aligned == pytest.approx(0.0, abs=1e-9)
    assert world > 0.5
    lifted = dataclasses.replace(motion, root_positions=motion.root_positions + [0.0, 0.1, 0.0])
    aligned, world = joint_error(lifted, motion)
    assert world == pytest.approx(0.1)
