"""``motion-studio train motionllm-light | being-m0-light``: motion language models on tokens.

Needs the run of the recipe's tokenizer in the same folder of runs.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from backends import token_language as language
from backends.features import smpl_d135
from backends.motion_lm import TokenSampling
from backends.token_language import Vocabulary
from backends.training.data.dataset import MotionDataset
from backends.training.data.take import DataError
from backends.training.loop import Trainer, load_average
from backends.training.models.motion_lm import IGNORED, LanguageConfig, MotionLanguageModel
from backends.training.models.text_encoder import TextEncoder, tokenizer
from backends.training.models.tokenizer import Tokenizer
from backends.training.recipes import Schedule
from backends.training.train_tokenizer import tokenizer_run

#: Weight of the loss on what is given (the description, when motion is asked for).
GIVEN = 0.1

#: Share of examples that ask for words, and of descriptions that are left out.
CAPTION, NO_TEXT = 0.35, 0.1


@dataclass(frozen=True)
class LanguageRecipe:
    """A language model that ships: its tokenizer, its sizes and how it is sampled."""

    name: str
    tokenizer: str
    width: int = 256
    layers: int = 6
    heads: int = 8
    sampling: TokenSampling = field(default_factory=TokenSampling)
    schedule: Schedule = field(
        default_factory=lambda: Schedule(steps=2400, batch=32, rate=1e-3, warmup=100, average=0.996)
    )


LANGUAGE_RECIPES = {
    recipe.name: recipe
    for recipe in (
        # Sampling chosen on the validation split: docs/token_sampling.md.
        LanguageRecipe(
            "motionllm-light", "tokenizer-vq-512", sampling=TokenSampling(1.0, 0.9, 3.0)
        ),
        LanguageRecipe("being-m0-light", "tokenizer-lfq2d-1024"),
    )
}


def vocabulary(captions: Sequence[str], slots: int, codes: int) -> Vocabulary:
    """The pieces that ``captions`` use; the others stand for the one with the nearest embedding."""
    from torch.nn.functional import normalize

    encode = tokenizer()
    used = sorted({i for text in set(captions) for i in encode.encode(text).ids[1:-1]})
    table = normalize(TextEncoder().model.embeddings.word_embeddings.weight, dim=-1)
    nearest = (table @ table[used].T).argmax(1).numpy().astype(np.int32)
    return Vocabulary(np.array(used, dtype=np.int32), nearest, slots, codes)


@dataclass(frozen=True)
class Example:
    """A clip's tokens, mirrored or not, from each of its first four frames on."""

    motions: tuple[list[int], ...]
    texts: tuple[list[int], ...]
    weight: float


@torch.no_grad()
def examples(
    dataset: MotionDataset, rows: Sequence[int], network: Tokenizer, words: Vocabulary
) -> list[Example]:
    """Every clip twice: as it is and mirrored."""
    encode: Any = tokenizer()
    out = []
    for i in rows:
        clip = dataset.clips[i]
        for mirrored, captions in ((False, clip.captions), (True, clip.captions_mirrored)):
            features = smpl_d135.encode(dataset.motion(i, mirrored)).astype(np.float32)
            motions = []
            for phase in range(4):
                part = features[phase : phase + (len(features) - phase) // 4 * 4]
                if len(part) >= 16:
                    codes = network.encode(torch.from_numpy(part)[None])[0].numpy()
                    motions.append(words.motion(codes))
            texts = tuple(words.words(encode.encode(text).ids) for text in captions)
            if motions:
                out.append(Example(tuple(motions), texts, clip.weight))
    return out


class Sequences:
    """Batches of whole sequences with their targets and weights."""

    def __init__(self, examples: Sequence[Example], seed: int) -> None:
        self.examples = list(examples)
        weights = np.array([e.weight for e in self.examples])
        self.chance = weights / weights.sum()
        self.rng = np.random.default_rng(seed)

    def next(self, batch: int, caption: float = CAPTION, no_text: float = NO_TEXT) -> list[Tensor]:
        """``ids[B, S]``, ``targets[B, S]``, ``weights[B, S]``, padded to the longest."""
        rows = [
            self._row(self.examples[i], caption, no_text)
            for i in self.rng.choice(len(self.examples), batch, p=self.chance)
        ]
        longest = max(len(ids) for ids, _ in rows) - 1
        ids = torch.full((batch, longest), language.PAD)
        targets = torch.full((batch, longest), IGNORED)
        weights = torch.zeros(batch, longest)
        for k, (tokens, weight) in enumerate(rows):
            count = len(tokens) - 1
            ids[k, :count] = torch.tensor(tokens[:-1])
            targets[k, :count] = torch.tensor(tokens[1:])
            weights[k, :count] = torch.tensor(weight[1:])
        return [ids, targets, weights]

    def _row(self, example: Example, caption: float, no_text: float) -> tuple[list[int], list]:
        motion = example.motions[int(self.rng.integers(len(example.motions)))]
        text = example.texts[int(self.rng.integers(len(example.texts)))]
        motion = [language.MOTION, *motion, language.END_MOTION]
        if self.rng.random() < caption:
            text = [language.TEXT, *text, language.END_TEXT]
            return motion + text, [GIVEN] * len(motion) + [1.0] * len(text)
        text = [] if self.rng.random() < no_text else text
        text = [language.TEXT, *text, language.END_TEXT]
        return text + motion, [GIVEN] * len(text) + [1.0] * len(motion)


def train_language(
    name: str, data: Path, runs: Path, threads: int, say: Callable[[str], None]
) -> None:
    """Train the language model ``name`` in ``runs / name``; goes on where it stopped."""
    recipe = LANGUAGE_RECIPES[name]
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    if not (runs / recipe.tokenizer / "checkpoint.pt").exists():
        raise DataError(f"'{name}' needs its tokenizer; train {recipe.tokenizer} first.")
    dataset = MotionDataset.open(data)
    token_config = tokenizer_run(recipe.tokenizer).config
    tokens = Tokenizer(token_config)
    load_average(tokens, runs / recipe.tokenizer)
    slots = slots_of(tokens)
    captions = [text for i in dataset.indices("train") for text in _captions(dataset, i)]
    words = vocabulary(captions, slots, token_config.codes)
    save_vocabulary(words, runs / name)
    say(f"{len(words)} tokens: {len(words.pieces)} words, {slots} x {token_config.codes} of motion")
    training = Sequences(examples(dataset, dataset.indices("train"), tokens, words), seed=0)
    held_out = Sequences(examples(dataset, dataset.indices("val"), tokens, words), seed=1)
    network = MotionLanguageModel(
        LanguageConfig(len(words), recipe.width, recipe.layers, recipe.heads)
    )

    def loss(_: int) -> tuple[Tensor, dict[str, float]]:
        network.train()
        ids, targets, weights = training.next(recipe.schedule.batch)
        with torch.autocast("cpu", torch.bfloat16):
            value = network.loss(ids, targets, weights)
        return value, {}

    making = [held_out.next(48, caption=0.0, no_text=0.0) for _ in range(3)]
    telling = [held_out.next(48, caption=1.0) for _ in range(3)]

    @torch.no_grad()
    def check(average: nn.Module) -> dict[str, float]:
        assert isinstance(average, MotionLanguageModel)
        average.eval()
        return {
            kind: float(
                np.mean([float(average.loss(i, t, (w == 1.0).float())) for i, t, w in some])
            )
            for kind, some in (("motion", making), ("text", telling))
        }

    average = copy.deepcopy(network).requires_grad_(False)
    trainer = Trainer(network, average, recipe.schedule, runs / name, loss, check, say)
    trainer.run()


def slots_of(network: Tokenizer) -> int:
    """Tokens a step."""
    rest = torch.zeros(1, 8, smpl_d135.SIZE)
    with torch.no_grad():
        return network.eval().encode(rest + network.mean).shape[2]


def _captions(dataset: MotionDataset, row: int) -> tuple[str, ...]:
    return dataset.clips[row].captions + dataset.clips[row].captions_mirrored


def save_vocabulary(words: Vocabulary, folder: Path) -> None:
    """``vocabulary.npz`` of a run."""
    folder.mkdir(parents=True, exist_ok=True)
    sizes = np.array([words.slots, words.codes], dtype=np.int32)
    np.savez(folder / "vocabulary.npz", pieces=words.pieces, nearest=words.nearest, sizes=sizes)


def load_vocabulary(folder: Path) -> Vocabulary:
    """What :func:`save_vocabulary` wrote."""
    with np.load(folder / "vocabulary.npz") as arrays:
        slots, codes = arrays["sizes"].tolist()
        return Vocabulary(arrays["pieces"], arrays["nearest"], slots, codes)
