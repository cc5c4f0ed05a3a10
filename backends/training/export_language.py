"""From a motion language model and its tokenizer to a bundle."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor, nn

from backends.bundle import Bundle
from backends.bundle_writer import BundleDraft, write_bundle
from backends.manifest import GoldenRequest, Provenance
from backends.training.export import Input, draft, measured, wordpieces
from backends.training.loop import load_average
from backends.training.models.motion_lm import LanguageConfig, MotionLanguageModel
from backends.training.models.tokenizer import Tokenizer
from backends.training.recipes import CC_BY_NC, RECIPES
from backends.training.train_language import LANGUAGE_RECIPES, LanguageRecipe, load_vocabulary
from backends.training.train_tokenizer import tokenizer_run
from motion.skeleton import BODY

TITLES = {"motionllm-light": "MotionLLM-light", "being-m0-light": "Being-M0-light"}


class _Next(nn.Module):
    """The logits of what follows the last token alone."""

    def __init__(self, network: MotionLanguageModel) -> None:
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor, past: Tensor) -> tuple[Tensor, Tensor]:
        logits, present = self.network(ids, past)
        return logits[:, -1], present


class _Encode(nn.Module):
    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer

    def forward(self, features: Tensor) -> Tensor:
        return self.tokenizer.encode(features)


class _Decode(nn.Module):
    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer

    def forward(self, tokens: Tensor) -> Tensor:
        return self.tokenizer.decode(tokens)


def export_language(name: str, runs: Path, out: Path, metrics: dict[str, float]) -> Bundle:
    """Write the bundle of a language recipe that is trained."""
    recipe, folder = LANGUAGE_RECIPES[name], runs / name
    words = load_vocabulary(folder)
    tokens = Tokenizer(tokenizer_run(recipe.tokenizer).config)
    load_average(tokens, runs / recipe.tokenizer)
    network = MotionLanguageModel(
        LanguageConfig(len(words), recipe.width, recipe.layers, recipe.heads)
    )
    load_average(network, folder)
    return write_bundle(
        out / name,
        BundleDraft(
            name=name,
            version="0.1.0",
            title=TITLES[name],
            task="text_to_motion",
            skeleton=BODY,
            features="smpl-d135-tokens",
            fps=20,
            max_frames=200,
            conditions=frozenset({"text", "prefix"}),
            graphs={
                "language": draft(_Next(network), _language_inputs(network), ["logits", "present"]),
                "encoder": draft(_Encode(tokens), _encoder_inputs(tokens), ["tokens"]),
                "decoder": draft(_Decode(tokens), _decoder_inputs(words.slots), ["features"]),
            },
            files={
                "tokenizer.json": wordpieces(),
                "vocabulary.npz": (folder / "vocabulary.npz").read_bytes(),
                "sampling.json": json.dumps(asdict(recipe.sampling)).encode(),
            },
            golden=GoldenRequest("a person walks forward", 80, seed=7, tolerance=0.05),
            provenance=_provenance(recipe, sum(p.numel() for p in network.parameters()), metrics),
        ),
    )


def _language_inputs(network: MotionLanguageModel) -> list[Input]:
    c = network.config
    rng = torch.Generator().manual_seed(0)
    ids = torch.randint(5, c.vocabulary, (2, 7), generator=rng)
    past = torch.randn(c.layers, 2, 2, c.heads, 6, c.width // c.heads, generator=rng)
    return [
        Input("ids", ids, ("batch", "tokens")),
        Input("past", past, (None, None, "batch", None, "before", None)),
    ]


def _encoder_inputs(tokens: Tokenizer) -> list[Input]:
    noise = torch.randn(2, 40, len(tokens.mean), generator=torch.Generator().manual_seed(1))
    return [Input("features", tokens.mean + 0.5 * tokens.std * noise, ("batch", "frames", None))]


def _decoder_inputs(slots: int) -> list[Input]:
    rng = torch.Generator().manual_seed(2)
    return [
        Input(
            "tokens", torch.randint(0, 256, (2, 10, slots), generator=rng), ("batch", "steps", None)
        )
    ]


def _provenance(recipe: LanguageRecipe, size: int, metrics: dict[str, float]) -> Provenance:
    sources = RECIPES["vimogen-light"].attribution
    kind = tokenizer_run(recipe.tokenizer).config
    return Provenance(
        data=sources,
        licence=CC_BY_NC,
        attribution="; ".join(sources),
        command=f"motion-studio train {recipe.name} --data DATA",
        notes=(
            f"A language model of {size / 1e6:.0f} million parameters ({recipe.layers} layers of "
            f"{recipe.width}), trained from scratch on a few hours of motion as {kind.kind} tokens "
            f"({kind.codes} codes, four frames each), text to motion and motion to text. The "
            "paper's is a pretrained one of billions with adapters; this one knows the words and "
            "actions of its data and little beyond, and reads a word that it has not as the one "
            "nearest in meaning."
        ),
        metrics=metrics,
    )


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.export_language NAME``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=sorted(LANGUAGE_RECIPES))
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=Path("assets/bundles"))
    parser.add_argument("--metrics", type=Path, help="the JSON that 'eval t2m --out' wrote")
    options = parser.parse_args(arguments)
    metrics = {} if options.metrics is None else measured(options.metrics, options.name)
    bundle = export_language(options.name, options.runs, options.out, metrics)
    print(f"{bundle.folder}: {sum(p.stat().st_size for p in bundle.folder.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
