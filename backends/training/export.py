"""From checkpoints to a bundle: ONNX graphs proved against torch, statistics, provenance."""

from __future__ import annotations

import argparse
import io
import json
import tempfile
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from backends.bundle import Bundle
from backends.bundle_writer import BundleDraft, GraphDraft, Precision, write_bundle
from backends.manifest import GoldenRequest, Provenance
from backends.sampling import Sampler
from backends.training.loop import load_average
from backends.training.models.evaluator import Evaluator, EvaluatorConfig
from backends.training.models.pose_decoder import PoseDecoder
from backends.training.models.text_encoder import TextEncoder, tokenizer
from backends.training.models.vimogen import FlowTransformer
from backends.training.recipes import RECIPES, Recipe
from motion.skeleton import BODY

OPSET = 20

#: How the shipped flows are sampled unless asked otherwise; chosen on held-out prompts.
SAMPLER = Sampler(solver="ab2", steps=8, guidance=3.0)

#: The quantised text encoder against float32: its hidden states are of order 1.
TEXT_TOLERANCE = 0.5


@dataclass(frozen=True)
class Input:
    """An example input of a graph; ``axes`` names the dimensions that vary."""

    name: str
    value: Tensor
    axes: tuple[str | None, ...]


def to_onnx(network: nn.Module, inputs: Sequence[Input], outputs: Sequence[str]) -> onnx.ModelProto:
    """The ONNX graph of a network in evaluation mode, self-contained."""
    dims = {a: torch.export.Dim(a) for i in inputs for a in i.axes if a}
    shapes = [{k: dims[a] for k, a in enumerate(i.axes) if a} for i in inputs]
    with warnings.catch_warnings():
        # Inputs that share an axis are meant to: the exporter keeps its first name.
        warnings.filterwarnings("ignore", message="# The axis name")
        program = torch.onnx.export(
            network.eval(),
            tuple(i.value for i in inputs),
            input_names=[i.name for i in inputs],
            output_names=list(outputs),
            dynamic_shapes=shapes,
            opset_version=OPSET,
            dynamo=True,
            external_data=False,
            verbose=False,
        )
    assert program is not None
    return anonymous(program.model_proto)


def anonymous(model: onnx.ModelProto) -> onnx.ModelProto:
    """``model`` without the notes of the exporter, which hold paths of the machine it ran on."""
    parts = [model, model.graph, *model.functions]
    for owner in (model.graph, *model.functions):
        parts += [*owner.node, *owner.value_info]
    parts += [*model.graph.input, *model.graph.output, *model.graph.initializer]
    for part in parts:
        del part.metadata_props[:]
        part.doc_string = ""
    return model


def halve(model: onnx.ModelProto) -> onnx.ModelProto:
    """Large weights stored as float16 and cast to float32 when the graph is loaded.

    Half the file, the same arithmetic: the runtime folds the casts away. Round the network's
    weights first (:func:`round_weights`) and nothing is lost.
    """
    casts, kept = [], []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or np.prod(tensor.dims) < 4096:
            kept.append(tensor)
            continue
        small = numpy_helper.to_array(tensor).astype(np.float16)
        kept.append(numpy_helper.from_array(small, tensor.name + "_half"))
        casts.append(
            helper.make_node("Cast", [tensor.name + "_half"], [tensor.name], to=TensorProto.FLOAT)
        )
    nodes = [*casts, *model.graph.node]
    del model.graph.initializer[:], model.graph.node[:]
    model.graph.initializer.extend(kept)
    model.graph.node.extend(nodes)
    onnx.checker.check_model(model)
    return model


@torch.no_grad()
def round_weights(network: nn.Module) -> None:
    """Round every matrix of a network to what float16 can hold."""
    for parameter in network.parameters():
        if parameter.numel() >= 4096:
            parameter.copy_(parameter.half().float())


def draft(
    network: nn.Module, inputs: Sequence[Input], outputs: Sequence[str], tolerance: float = 1e-3
) -> GraphDraft:
    """A graph with float16 weights, its golden outputs computed by torch."""
    round_weights(network)
    model = halve(to_onnx(network, inputs, outputs))
    with torch.no_grad():
        results = network(*(i.value for i in inputs))
    results = results if isinstance(results, tuple) else (results,)
    return GraphDraft(
        model.SerializeToString(),
        OPSET,
        {i.name: i.value.numpy() for i in inputs},
        {name: value.numpy() for name, value in zip(outputs, results, strict=True)},
        "fp16",
        tolerance,
    )


def text_encoder() -> GraphDraft:
    """all-MiniLM-L6-v2 with 8-bit weights; golden against float32 torch."""
    network = TextEncoder()
    ids = torch.tensor([tokenizer().encode("a person walks forward and waves").ids])
    inputs = [
        Input("input_ids", ids, ("batch", "tokens")),
        Input("attention_mask", torch.ones_like(ids), ("batch", "tokens")),
    ]
    # One row would be taken for a constant by the exporter.
    traced = [Input(i.name, i.value.repeat(2, 1), i.axes) for i in inputs]
    content = quantised(to_onnx(network, traced, ["hidden"]))
    with torch.no_grad():
        hidden = network(*(i.value for i in inputs)).numpy()
    feeds = {i.name: i.value.numpy() for i in inputs}
    precision: Precision = "int8"
    return GraphDraft(content, OPSET, feeds, {"hidden": hidden}, precision, TEXT_TOLERANCE)


def quantised(model: onnx.ModelProto) -> bytes:
    """Dynamic 8-bit quantisation of a graph's matrix products, one scale a channel."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "float.onnx", Path(folder) / "int8.onnx"
        onnx.save(model, str(source))
        quantize_dynamic(source, target, per_channel=True, weight_type=QuantType.QInt8)
        return target.read_bytes()


def denoiser_inputs(recipe: Recipe) -> list[Input]:
    """Golden inputs of a denoiser: two sequences, one with a held start and no text."""
    rng = torch.Generator().manual_seed(0)
    n, words = 20, 9
    known_mask = torch.zeros(2, n)
    known_mask[1, :5] = 1
    text_mask = torch.ones(2, words)
    text_mask[1] = 0
    token_mask = torch.ones(2, n)
    token_mask[0, 16:] = 0
    channels = recipe.flow.channels
    known = torch.randn(2, n, channels, generator=rng) * known_mask[..., None]
    rows = ("batch", "tokens")
    return [
        Input("x", torch.randn(2, n, channels, generator=rng), (*rows, None)),
        Input("t", torch.tensor([0.2, 0.7]), ("batch",)),
        Input("text", torch.randn(2, words, 384, generator=rng), ("batch", "words", None)),
        Input("text_mask", text_mask, ("batch", "words")),
        Input("known", known, (*rows, None)),
        Input("known_mask", known_mask, rows),
        Input("token_mask", token_mask, rows),
    ]


def export_flow(
    name: str, runs: Path, out: Path, metrics: dict[str, float] | None = None
) -> Bundle:
    """Write the bundle of a recipe whose decoder and flow are trained."""
    recipe, folder = RECIPES[name], runs / name
    flow = load_average(FlowTransformer(recipe.flow), folder / "flow")
    decoder = load_average(PoseDecoder(recipe.decoder), folder / "refine")
    z = torch.randn(2, 20, recipe.flow.channels, generator=torch.Generator().manual_seed(1))
    with np.load(folder / "prepared" / "stats.npz") as arrays:
        stats = _npz({k: v.astype(np.float32) for k, v in arrays.items()})
    return write_bundle(
        out / name,
        BundleDraft(
            name=name,
            version="0.1.0",
            title=recipe.title,
            task="text_to_motion",
            skeleton=BODY,
            features="dart276-patch4",
            fps=20,
            max_frames=recipe.max_frames,
            conditions=frozenset({"text", "prefix", "suffix", "keyframes", "body_part"}),
            graphs={
                "text_encoder": text_encoder(),
                "denoiser": draft(flow, denoiser_inputs(recipe), ["v"]),
                "decoder": draft(
                    decoder,
                    [Input("z", z, ("batch", "tokens", None))],
                    ["frames", "steps", "contacts"],
                ),
            },
            files={"tokenizer.json": wordpieces(), "stats.npz": stats},
            sampler=SAMPLER,
            golden=GoldenRequest("a person walks forward", 80, seed=7),
            provenance=_provenance(recipe, metrics or {}),
        ),
    )


def _provenance(recipe: Recipe, metrics: dict[str, float]) -> Provenance:
    return Provenance(
        data=recipe.attribution,
        licence=recipe.licence,
        attribution="; ".join(recipe.attribution),
        command=f"motion-studio train {recipe.name} --data DATA",
        notes=(
            "ViMoGen-light's text-to-motion branch at 9 million parameters, trained from scratch "
            "on a few hours of motion capture, not distilled from the paper's 1.3-billion model. "
            "It knows the actions of its data and little beyond. Text encoder: all-MiniLM-L6-v2 "
            "(Apache-2.0), frozen, 8-bit."
        ),
        metrics=metrics,
    )


def export_evaluator(folder: Path, out: Path) -> Bundle:
    """Write the evaluator's bundle: motion and text encoders into one space."""
    config = EvaluatorConfig()
    network = Evaluator(config)
    load_average(network, folder)
    rng = torch.Generator().manual_seed(2)
    mask = torch.ones(2, 20)
    mask[1, 12:] = 0
    words = torch.ones(2, 9)
    words[0, 6:] = 0
    motion = torch.randn(2, 80, 135, generator=rng)
    motion_inputs = [
        # The exporter must see that four frames make one token.
        Input("motion", motion.reshape(2, 20, 4 * 135), ("batch", "tokens", None)),
        Input("mask", mask, ("batch", "tokens")),
    ]
    text_inputs = [
        Input("text", torch.randn(2, 9, 384, generator=rng), ("batch", "words", None)),
        Input("mask", words, ("batch", "words")),
    ]
    return write_bundle(
        out / "evaluator",
        BundleDraft(
            name="evaluator",
            version="0.1.0",
            title="Text-motion evaluator",
            task="caption",
            skeleton=BODY,
            features="evaluation135-patch4",
            fps=20,
            max_frames=config.max_frames,
            conditions=frozenset(),
            graphs={
                "text_encoder": text_encoder(),
                "motion": draft(_Grouped(network.motion), motion_inputs, ["place"]),
                "text": draft(network.text, text_inputs, ["place"]),
            },
            files={"tokenizer.json": wordpieces()},
            provenance=_provenance_evaluator(),
        ),
    )


class _Grouped(nn.Module):
    """The motion encoder on frames that already stand four in a row, ``[B, N, 540]``."""

    def __init__(self, encoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, motion: Tensor, mask: Tensor) -> Tensor:
        return self.encoder.from_patches(motion, mask)  # type: ignore[operator]


def _provenance_evaluator() -> Provenance:
    recipe = RECIPES["vimogen-light"]
    return Provenance(
        data=recipe.attribution,
        licence=recipe.licence,
        attribution="; ".join(recipe.attribution),
        command="motion-studio train evaluator --data DATA",
        notes="Measures and searches; it generates nothing.",
    )


def _npz(arrays: dict[str, np.ndarray]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def wordpieces() -> bytes:
    """The text tokenizer that ships with every bundle."""
    return tokenizer().to_str().encode()


def measured(path: Path, name: str) -> dict[str, float]:
    """The figures of a bundle's row in the table of all sources, for its manifest."""
    rows = json.loads(path.read_text(encoding="utf-8"))["all"]
    row = next(r for r in rows if r["name"] == name)
    figures = {f"r_top{k + 1}": row["top"][k] for k in range(3)}
    for field in ("fid", "sliding", "acceleration", "jitter", "penetration"):
        figures[field] = row[field]
    return {field: round(value, 5) for field, value in figures.items()}


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.export NAME``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=[*sorted(RECIPES), "evaluator"])
    parser.add_argument("--runs", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, default=Path("assets/bundles"))
    parser.add_argument("--metrics", type=Path, help="the JSON that 'eval t2m --out' wrote")
    options = parser.parse_args(arguments)
    if options.name == "evaluator":
        bundle = export_evaluator(options.runs / "evaluator", options.out)
    else:
        metrics = {} if options.metrics is None else measured(options.metrics, options.name)
        bundle = export_flow(options.name, options.runs, options.out, metrics)
    print(f"{bundle.folder}: {sum(p.stat().st_size for p in bundle.folder.iterdir()) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
