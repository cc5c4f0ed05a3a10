"""``python -m backends.training.evaluate.captions``: captions of held-out motion, measured.

Each captioner against the caption that lies nearest in the evaluator's space among all that were
trained on (retrieval), against a caption dealt out at random, and, for scale, against one of the
clip's own captions.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from backends.bundle import Bundle, open_bundle
from backends.evaluator import TextMotionSpace
from backends.motion_lm import MotionCaptioner
from backends.text import TextEncoder
from backends.training.data.dataset import MotionDataset
from backends.training.evaluate import caption_metrics as metrics
from motion.clip import Motion

#: Clips whose captions are shown.
SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One source of captions, measured.

    Attributes:
        clips: How many motions were told.
        similarity: BERTScore F1 with the shipped text encoder, of the likest reference.
        fit: Cosine of caption and motion in the evaluator's space. Retrieval maximises just that.
        different: Different captions among all.
    """

    name: str
    clips: int
    bleu1: float
    bleu4: float
    rouge_l: float
    cider: float
    similarity: float
    fit: float
    different: float


def evaluate(
    names: Sequence[str], data: Path, evaluator: Path, bundles: Path, split: str,
    say: Callable[[str], None],
) -> tuple[list[Row], dict[str, list[str]]]:  # fmt: skip
    """Rows, and what each source says of every clip; ``references`` among them."""
    dataset = MotionDataset.open(data)
    clips = [i for i in dataset.indices(split) if dataset.clips[i].frames >= 20]
    motions = [dataset.motion(i) for i in clips]
    references = [list(dataset.clips[i].captions) for i in clips]
    bundle = open_bundle(evaluator)
    said: dict[str, list[str]] = {}
    for name in names:
        say(f"{name}: {len(clips)} clips")
        captioner = MotionCaptioner(open_bundle(bundles / name))
        said[name] = [captioner.caption(m) for m in motions]
    known = sorted({t for i in dataset.indices("train") for t in dataset.clips[i].captions})
    say(f"retrieval among {len(known)} captions")
    space = TextMotionSpace(bundle)
    said["nearest caption (retrieval)"] = nearest(space, motions, known)
    rng = np.random.default_rng(0)
    said["random caption"] = [known[i] for i in rng.integers(len(known), size=len(clips))]
    own = [int(rng.integers(len(r))) for r in references]
    said["one of the clip's own"] = [r[i] for r, i in zip(references, own, strict=True)]
    others = [[t for k, t in enumerate(r) if k != i] for r, i in zip(references, own, strict=True)]
    # All are held against the same references, the clip's own caption left out.
    rows = [_row(name, texts, others, motions, space, bundle) for name, texts in said.items()]
    return rows, said | {"references": [r[0] for r in others]}


def nearest(space: TextMotionSpace, motions: Sequence[Motion], known: Sequence[str]) -> list[str]:
    """For each motion the one of ``known`` whose place is nearest to its own."""
    closeness = space.place_motions(motions) @ space.place_texts(known).T
    return [known[int(i)] for i in closeness.argmax(axis=1)]


def _row(
    name: str,
    texts: Sequence[str],
    references: Sequence[Sequence[str]],
    motions: Sequence[Motion],
    space: TextMotionSpace,
    bundle: Bundle,
) -> Row:
    captions = [metrics.words(t) for t in texts]
    known = [[metrics.words(t) for t in some] for some in references]
    places = (space.place_motions(motions) * space.place_texts(texts)).sum(axis=1)
    return Row(
        name, len(texts), metrics.bleu(captions, known, 1), metrics.bleu(captions, known, 4),
        metrics.rouge_l(captions, known), metrics.cider(captions, known),
        _similarity(texts, references, bundle), float(places.mean()), len(set(texts)) / len(texts),
    )  # fmt: skip


def _similarity(texts: Sequence[str], references: Sequence[Sequence[str]], bundle: Bundle) -> float:
    encoder = TextEncoder(bundle)

    def hidden(text: str) -> np.ndarray:
        return encoder.encode(text).hidden[0, 1:-1].astype(np.float64)  # marks of start and end

    best = [
        max(metrics.bert_score(hidden(t), hidden(r)) for r in some)
        for t, some in zip(texts, references, strict=True)
    ]
    return float(np.mean(best))


INTRODUCTION = """\
# Captions, measured

Made by `python -m backends.training.evaluate.captions NAME --data DIR --out FILE`: what is said
of {clips} held-out clips, against nine captions of each. BLEU, ROUGE-L and CIDEr-D compare
words, similarity is a BERTScore F1 of the shipped text encoder (hidden states, the likest
reference), fit the cosine of caption and motion in the evaluator's space, different how many
captions differ among all. A model that always says the commonest of a template's forms matches
nine captions better than one of the clip's own does. Retrieval takes the training caption that
fits best in that space, so its own fit is the highest there can be and no merit. The data sets'
captions come from templates: scores are higher than on captions that people wrote freely, and
compare with one another only."""

HEADER = (
    "| captions | BLEU-1 | BLEU-4 | ROUGE-L | CIDEr-D | similarity | fit | different |\n|"
    + "---|" * 8
)


def to_markdown(rows: Sequence[Row], said: dict[str, list[str]]) -> str:
    """The table and some examples."""
    lines = [INTRODUCTION.format(clips=rows[0].clips), "", HEADER]
    lines += [
        f"| {r.name} | {r.bleu1:.3f} | {r.bleu4:.3f} | {r.rouge_l:.3f} | {r.cider:.2f} "
        f"| {r.similarity:.3f} | {r.fit:.3f} | {r.different:.2f} |"
        for r in rows
    ]
    names = [r.name for r in rows if "random" not in r.name and "own" not in r.name]
    lines += ["", "| one reference | " + " | ".join(names) + " |", "|" + "---|" * (len(names) + 1)]
    every = range(0, rows[0].clips, max(1, rows[0].clips // SHOWN))
    lines += [
        "| " + " | ".join([said["references"][i], *(said[n][i] for n in names)]) + " |"
        for i in list(every)[:SHOWN]
    ]
    return "\n".join(lines) + "\n"


def main(arguments: list[str] | None = None) -> None:
    """``python -m backends.training.evaluate.captions NAME ... --data DIR``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+", help="bundles that caption, such as motionllm-light")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bundles", type=Path, default=Path("assets/bundles"))
    parser.add_argument("--evaluator", type=Path, default=Path("assets/bundles/evaluator"))
    parser.add_argument("--split", default="test")
    parser.add_argument("--out", type=Path, help="also write OUT.md and OUT.json")
    options = parser.parse_args(arguments)
    rows, said = evaluate(
        options.names, options.data, options.evaluator, options.bundles, options.split,
        lambda line: print(line, flush=True),
    )  # fmt: skip
    text = to_markdown(rows, said)
    print(text)
    if options.out is not None:
        _write(options.out.with_suffix(".md"), text)
        document = json.dumps([asdict(r) for r in rows], indent=1) + "\n"
        _write(options.out.with_suffix(".json"), document)


def _write(path: Path, text: str) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)


if __name__ == "__main__":
    main()
