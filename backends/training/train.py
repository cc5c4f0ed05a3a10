"""``motion-studio train RECIPE``: dataset to prepared arrays to networks, each stage resumable."""

from __future__ import annotations

import argparse
import copy
import sys
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from backends.training.data.take import DataError
from backends.training.kinematics import BodyKinematics
from backends.training.loop import Trainer, load_average
from backends.training.models.pose_decoder import PoseDecoder, decoder_loss
from backends.training.models.vimogen import FlowTransformer, flow_loss
from backends.training.prepare import FRAMES, prepare
from backends.training.recipes import RECIPES, Recipe, Schedule
from backends.training.tokens import BatchSampler, Tokens
from backends.training.train_evaluator import train_evaluator
from backends.training.train_language import LANGUAGE_RECIPES, train_language
from backends.training.train_tokenizer import train_tokenizer

STAGES = ("decoder", "flow", "refine")

#: Patches of one training window of the decoder: 3.2 s, enough for a few steps of a walk.
WINDOW = 16


def train(
    name: str,
    data: Path,
    runs: Path,
    stages: tuple[str, ...],
    threads: int,
    say: Callable[[str], None],
) -> None:
    """Run the stages of a recipe in ``runs / name``; those that are done are passed over.

    Raises:
        DataError: no such recipe, or the dataset cannot be read.
    """
    if name == "evaluator":
        everything = runs / "vimogen-light" / "prepared"
        recipe = RECIPES["vimogen-light"]
        prepare(data, everything, recipe.groups, recipe.flow.channels, say)
        train_evaluator(data, everything, runs / name, threads, say)
        return
    if name.startswith("tokenizer-"):
        train_tokenizer(name, data, runs / name, threads, say)
        return
    if name in LANGUAGE_RECIPES:
        train_language(name, data, runs, threads, say)
        return
    if name not in RECIPES:
        raise DataError(f"There is no recipe '{name}'; there are {', '.join(RECIPES)}.")
    recipe, folder = RECIPES[name], runs / name
    torch.set_num_threads(threads)
    warnings.filterwarnings("ignore", message=".*lr_scheduler.*")
    prepare(data, folder / "prepared", recipe.groups, recipe.flow.channels, say)
    tokens = Tokens(folder / "prepared")
    if "decoder" in stages:
        train_decoder(recipe, tokens, folder, say)
    if "flow" in stages:
        train_flow(recipe, tokens, folder, say)
    if "refine" in stages:
        refine_decoder(recipe, tokens, folder, say)


def train_flow(recipe: Recipe, tokens: Tokens, folder: Path, say: Callable[[str], None]) -> None:
    """The flow transformer, in bfloat16 where the processor multiplies it faster."""
    torch.manual_seed(recipe.seed)
    network = FlowTransformer(recipe.flow)
    schedule = recipe.flow_schedule
    # Not the network's seed alone: a resumed run should see other batches, not the first again.
    seed = np.random.SeedSequence([recipe.seed, len(list(folder.glob("flow/*")))]).generate_state(1)
    sampler = BatchSampler(
        tokens, tokens.of_split("train"), schedule.batch, recipe.flow.max_tokens, int(seed[0])
    )

    def loss(_: int) -> tuple[Tensor, dict[str, float]]:
        b = sampler.next()
        with torch.autocast("cpu", torch.bfloat16):
            value = flow_loss(network, b.x, b.text, b.text_mask, b.known_mask, b.token_mask)
        return value, {}

    held_out = BatchSampler(
        tokens,
        tokens.of_split("val", "test"),
        64,
        recipe.flow.max_tokens,
        1,
        drop_text=0.0,
        hold=0.0,
    )
    batches = [held_out.next() for _ in range(6)]

    @torch.no_grad()
    def check(average: nn.Module) -> dict[str, float]:
        noise = torch.Generator().manual_seed(0)
        values = [
            flow_loss(average, b.x, b.text, b.text_mask, b.known_mask, b.token_mask, noise)
            for b in batches
        ]
        return {"loss": float(torch.stack(values).mean())}

    average = copy.deepcopy(network).requires_grad_(False)
    Trainer(network, average, schedule, folder / "flow", loss, check, say).run()


class Windows:
    """Windows of true poses with their latents, for the decoder."""

    def __init__(self, tokens: Tokens, folder: Path, splits: tuple[str, ...], seed: int) -> None:
        self.latents = tokens.latents
        self.poses = np.load(folder / "poses.npy", mmap_mode="r")
        self.steps = np.load(folder / "steps.npy", mmap_mode="r")
        self.contacts = np.load(folder / "contacts.npy", mmap_mode="r")
        self.sequences = [s for s in tokens.of_split(*splits) if s.phase == 0 and s.tokens >= 6]
        weights = np.array([tokens.clips[s.clip][3] * np.sqrt(s.tokens) for s in self.sequences])
        self.chance = weights / weights.sum()
        self.rng = np.random.default_rng(seed)

    def next(self, batch: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """``z[B, 16, C]``, poses ``[B, 64, 135]``, steps ``[B, 16, 4]``, contacts ``[B, 64, 4]``.

        Clips shorter than a window are left out of all but their own length: a batch is cut to its
        shortest member.
        """
        picks = self.rng.choice(len(self.sequences), batch, p=self.chance)
        chosen = [self.sequences[i] for i in picks]
        count = min(WINDOW, *(s.tokens for s in chosen))
        starts = [s.start + int(self.rng.integers(0, s.tokens - count + 1)) for s in chosen]
        rows = np.array([np.arange(a, a + count) for a in starts])

        def gather(array: np.ndarray, *shape: int) -> Tensor:
            return torch.from_numpy(array[rows].astype(np.float32)).reshape(batch, *shape)

        frames = count * FRAMES
        return (
            gather(self.latents, count, -1),
            gather(self.poses, frames, -1),
            gather(self.steps, count, 4),
            gather(self.contacts, frames, 4),
        )


def train_decoder(recipe: Recipe, tokens: Tokens, folder: Path, say: Callable[[str], None]) -> None:
    """The pose decoder, started from the least-squares read-out of latents."""
    torch.manual_seed(recipe.seed)
    network = PoseDecoder(recipe.decoder)
    windows = Windows(tokens, folder / "prepared", ("train",), recipe.seed)
    _fit_linear(network, windows)
    noise = np.random.default_rng(recipe.seed)

    def disturb(z: Tensor) -> Tensor:
        # A third of the windows stay clean.
        level = torch.from_numpy(noise.uniform(-0.05, 0.12, (len(z), 1, 1)).astype(np.float32))
        return z + level.clamp(min=0) * torch.randn_like(z)

    _run_decoder(network, recipe.decoder_schedule, windows, tokens, folder, "decoder", disturb, say)


def refine_decoder(
    recipe: Recipe, tokens: Tokens, folder: Path, say: Callable[[str], None]
) -> None:
    """The decoder once more, on latents that bear the flow's own faults.

    True latents are taken part of the way to noise and brought back by the trained flow in a few
    steps (SDEdit, Meng et al. 2022), so that they mean the same but are put together as the flow
    puts things together; the decoder learns to answer with the true poses.
    """
    torch.manual_seed(recipe.seed + 1)
    network = PoseDecoder(recipe.decoder)
    load_average(network, folder / "decoder")
    network.requires_grad_(True).train()
    network.linear.requires_grad_(False)
    flow = load_average(FlowTransformer(recipe.flow), folder / "flow")
    windows = Windows(tokens, folder / "prepared", ("train",), recipe.seed + 1)
    rng = np.random.default_rng(recipe.seed + 1)

    def disturb(z: Tensor) -> Tensor:
        clean = torch.from_numpy(rng.random((len(z), 1, 1)) < 0.2)
        start = torch.from_numpy(rng.uniform(0.45, 0.95, len(z)).astype(np.float32))
        return torch.where(clean, z, regenerated(flow, z, start))

    schedule = recipe.refine_schedule
    _run_decoder(network, schedule, windows, tokens, folder, "refine", disturb, say)


@torch.no_grad()
def regenerated(flow: nn.Module, z: Tensor, start: Tensor, steps: int = 4) -> Tensor:
    """``z[B, N, C]`` noised to times ``start[B]`` and integrated back without a text."""
    batch, count, _ = z.shape
    text, none = torch.zeros(batch, 1, 384), torch.zeros(batch, 1)
    held, every = torch.zeros(batch, count), torch.ones(batch, count)
    x = (1 - start)[:, None, None] * torch.randn_like(z) + start[:, None, None] * z
    step = (1 - start) / steps
    for k in range(steps):
        with torch.autocast("cpu", torch.bfloat16):
            v = flow(x, start + k * step, text, none, torch.zeros_like(z), held, every)
        x = x + step[:, None, None] * v.float()
    return x


def _run_decoder(
    network: PoseDecoder,
    schedule: Schedule,
    windows: Windows,
    tokens: Tokens,
    folder: Path,
    stage: str,
    disturb: Callable[[Tensor], Tensor],
    say: Callable[[str], None],
) -> None:
    body = BodyKinematics()

    def loss(_: int) -> tuple[Tensor, dict[str, float]]:
        z, poses, steps, contacts = windows.next(schedule.batch)
        return decoder_loss(network, body, disturb(z), poses, steps, contacts)

    held_out = Windows(tokens, folder / "prepared", ("val", "test"), 1)
    batches = [held_out.next(64) for _ in range(2)]

    @torch.no_grad()
    def check(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, PoseDecoder)
        parts = [decoder_loss(average, body, *b)[1] for b in batches]
        return {name: float(np.mean([p[name] for p in parts])) for name in parts[0]}

    average = copy.deepcopy(network).requires_grad_(False)
    Trainer(network, average, schedule, folder / stage, loss, check, say).run()


def _fit_linear(network: PoseDecoder, windows: Windows) -> None:
    """Set the linear read-out to ordinary least squares of poses and steps on latents."""
    rows = np.concatenate([np.arange(s.start, s.start + s.tokens) for s in windows.sequences])
    rows = np.random.default_rng(0).permutation(rows)[:40000]
    z = windows.latents[rows].astype(np.float64)
    target = np.concatenate([windows.poses[rows], windows.steps[rows]], axis=1)
    design = np.concatenate([z, np.ones((len(z), 1))], axis=1)
    solution = np.linalg.lstsq(design, target, rcond=None)[0]
    with torch.no_grad():
        network.linear.weight.copy_(torch.from_numpy(solution[:-1].T))
        network.linear.bias.copy_(torch.from_numpy(solution[-1]))
    network.linear.requires_grad_(False)


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.train RECIPE --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = ", ".join([*RECIPES, "evaluator", *LANGUAGE_RECIPES, "tokenizer-KIND-CODES"])
    parser.add_argument("recipe", help=names)
    parser.add_argument("--data", type=Path, required=True, help="a dataset that 'data build' made")
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--stages", nargs="+", choices=STAGES, default=list(STAGES))
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args(arguments)
    try:
        train(
            options.recipe, options.data, options.runs, tuple(options.stages), options.threads,
            lambda line: print(line, flush=True, file=sys.stdout),
        )  # fmt: skip
    except DataError as error:
        parser.error(str(error))


if __name__ == "__main__":
    main()
