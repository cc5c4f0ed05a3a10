"""The networks: kinematics against the kernel, masks that mask, graphs that match torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from backends.features import patches
from backends.runtime import open_graph
from backends.training import kinematics
from backends.training.loop import Trainer, learning_rate
from backends.training.models.pose_decoder import DecoderConfig, PoseDecoder, decoder_loss
from backends.training.models.vimogen import PAPER, FlowConfig, FlowTransformer, flow_loss
from backends.training.recipes import Schedule
from tests.backends.features.test_patches import wandering

SMALL = FlowConfig(channels=8, width=32, layers=2, heads=2, text_width=12, max_tokens=16)


def inputs(batch: int = 3, tokens: int = 10, words: int = 5) -> dict[str, torch.Tensor]:
    rng = torch.Generator().manual_seed(0)
    return {
        "x": torch.randn(batch, tokens, 8, generator=rng),
        "t": torch.rand(batch, generator=rng),
        "text": torch.randn(batch, words, 12, generator=rng),
        "text_mask": torch.ones(batch, words),
        "known": torch.zeros(batch, tokens, 8),
        "known_mask": torch.zeros(batch, tokens),
        "token_mask": torch.ones(batch, tokens),
    }


def stirred(config: FlowConfig = SMALL) -> FlowTransformer:
    """A network whose zero-initialised layers are not zero, so that everything has an effect."""
    torch.manual_seed(0)
    network = FlowTransformer(config).eval().requires_grad_(False)
    for parameter in network.parameters():
        if not parameter.any():
            parameter.normal_(std=0.1)
    return network


def test_kinematics_agree_with_the_kernel() -> None:
    motion = wandering().canonical()
    poses, _ = patches.reconstruct_poses(patches.patch_features(motion))
    steps = patches.ground_steps(motion)
    tensors = [torch.tensor(a, dtype=torch.float64)[None] for a in (poses, steps)]
    root, local = kinematics.chain_patches(*tensors, patches.FRAMES)
    got = kinematics.BodyKinematics().double()(root, local)[0].numpy()
    np.testing.assert_allclose(got, motion.positions, atol=1e-6)


def test_padding_and_unread_words_change_nothing() -> None:
    network, feeds = stirred(), inputs()
    plain = network(**feeds)
    padded = dict(feeds)
    padded["x"] = torch.cat([feeds["x"], torch.randn(3, 4, 8)], 1)
    padded["known"] = torch.zeros(3, 14, 8)
    padded["known_mask"] = torch.zeros(3, 14)
    padded["token_mask"] = torch.cat([feeds["token_mask"], torch.zeros(3, 4)], 1)
    torch.testing.assert_close(network(**padded)[:, :10], plain, atol=1e-5, rtol=1e-4)
    worded = dict(feeds)
    worded["text"] = torch.cat([feeds["text"], torch.randn(3, 2, 12)], 1)
    worded["text_mask"] = torch.cat([feeds["text_mask"], torch.zeros(3, 2)], 1)
    torch.testing.assert_close(network(**worded), plain, atol=1e-5, rtol=1e-4)
    silent = feeds | {"text_mask": torch.zeros(3, 5)}
    other = silent | {"text": torch.randn(3, 5, 12)}
    torch.testing.assert_close(network(**silent), network(**other))
    assert (network(**silent) - plain).abs().max() > 1e-3


def test_held_tokens_hide_the_noise_in_their_place() -> None:
    network, feeds = stirred(), inputs()
    feeds["known_mask"][:, :3] = 1
    feeds["known"][:, :3] = 0.5
    other = dict(feeds)
    other["x"] = feeds["x"].clone()
    other["x"][:, :3] = 9.0
    torch.testing.assert_close(network(**feeds), network(**other))


def test_flow_learns_a_handful_of_sequences() -> None:
    torch.manual_seed(0)
    network, feeds = FlowTransformer(SMALL), inputs(batch=4)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3)
    x0 = torch.randn(4, 10, 8, generator=torch.Generator().manual_seed(1))
    losses = []
    for _ in range(300):
        arguments = (feeds["text"], feeds["text_mask"], feeds["known_mask"], feeds["token_mask"])
        loss = flow_loss(network, x0, *arguments)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(float(loss.detach()))
    # Predicting nothing costs 2: one for the data, one for the noise.
    assert np.mean(losses[:5]) > 1.7
    assert np.mean(losses[-40:]) < 1.25


def test_decoder_improves_on_its_linear_start() -> None:
    torch.manual_seed(0)
    config = DecoderConfig(channels=8, width=32, layers=1)
    network, body = PoseDecoder(config), kinematics.BodyKinematics()
    motion = wandering().canonical()
    flat = patches.patch_features(motion)
    poses, _ = patches.reconstruct_poses(flat)
    truth = [
        torch.tensor(a, dtype=torch.float32)[None]
        for a in (poses, patches.ground_steps(motion), np.ones((len(motion), 4)))
    ]
    z = torch.randn(1, len(flat), 8)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3)
    first = None
    for _ in range(60):
        loss, parts = decoder_loss(network, body, z, *truth)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        first = first or parts
    assert parts["joints"] < 0.6 * first["joints"]


def test_the_paper_size_is_a_configuration() -> None:
    with torch.device("meta"):
        network = FlowTransformer(PAPER)
    count = sum(p.numel() for p in network.parameters())
    assert 0.8e9 < count < 1.6e9


def test_graphs_agree_with_torch_for_any_length(tmp_path: Path) -> None:
    pytest.importorskip("onnxscript")
    from backends.training.export import Input, halve, round_weights, to_onnx

    network = stirred(FlowConfig(channels=8, width=128, layers=1, heads=2, text_width=12))
    round_weights(network)
    feeds = inputs(2)
    axes = {"x": ("b", "n", None), "t": ("b",), "text": ("b", "l", None), "text_mask": ("b", "l")}
    axes |= {"known": ("b", "n", None), "known_mask": ("b", "n"), "token_mask": ("b", "n")}
    model = halve(to_onnx(network, [Input(k, v, axes[k]) for k, v in feeds.items()], ["v"]))
    (tmp_path / "flow.onnx").write_bytes(model.SerializeToString())
    graph = open_graph(tmp_path / "flow.onnx")
    for batch, tokens, words in ((2, 10, 5), (1, 3, 1), (4, 16, 9)):
        feeds = inputs(batch, tokens, words)
        got = graph.run({k: v.numpy() for k, v in feeds.items()})["v"]
        np.testing.assert_allclose(got, network(**feeds).numpy(), atol=1e-4)


def test_a_run_that_is_cut_off_goes_on(tmp_path: Path) -> None:
    def trainer(steps: int) -> Trainer:
        torch.manual_seed(0)
        network, average = torch.nn.Linear(2, 1), torch.nn.Linear(2, 1)

        def loss(_: int) -> tuple[torch.Tensor, dict[str, float]]:
            return (network(torch.ones(1, 2)) - 3).square().mean(), {}

        schedule = Schedule(steps=steps, rate=0.05, warmup=5, average=0.9)
        return Trainer(
            network, average, schedule, tmp_path, loss, lambda n: {"x": 1.0}, lambda line: None
        )

    trainer(40).run()
    said: list[str] = []
    longer = trainer(120)
    longer.say = said.append
    longer.run()
    assert said[0] == "resuming at step 40"
    assert longer.average(torch.ones(1, 2)).item() == pytest.approx(3, abs=0.3)
    rows = (tmp_path / "curve.csv").read_text().splitlines()
    assert rows[0] == "step,seconds,figure,value"


def test_learning_rate_rises_stays_and_falls() -> None:
    schedule = Schedule(steps=1000, rate=1.0, warmup=100, decay=0.2)
    assert learning_rate(0, schedule) == pytest.approx(0.01)
    assert learning_rate(500, schedule) == 1.0
    assert learning_rate(1000, schedule) == pytest.approx(0.05)
