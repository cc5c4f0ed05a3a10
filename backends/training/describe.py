"""``python -m backends.training.describe DATA``: the descriptions that motion is told by.

Of every content and style in the training part of a data set, those captions in the third person
that lie in the middle of all of that content and style in the evaluator's space.
"""

from __future__ import annotations

import argparse
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np

import assets
from backends.bundle import open_bundle
from backends.captioning import DESCRIPTIONS
from backends.evaluator import TextMotionSpace
from backends.training.data.dataset import MotionDataset

#: Captions of one content and style that are kept.
KEPT = 2

_SUBJECT = "a person "


def chosen(space: TextMotionSpace, dataset: MotionDataset) -> list[str]:
    """The captions, sorted."""
    groups: dict[tuple[str, str, bool], set[str]] = {}
    for i in dataset.indices("train"):
        clip = dataset.clips[i]
        for mirrored, captions in enumerate((clip.captions, clip.captions_mirrored)):
            told = {text for text in captions if text.startswith(_SUBJECT)}
            groups.setdefault((clip.content, clip.style, bool(mirrored)), set()).update(told)
    texts = sorted(set().union(*groups.values()))
    places = dict(zip(texts, space.place_texts(texts), strict=True))
    kept: set[str] = set()
    for group in groups.values():
        if group:
            names = sorted(group)
            rows = np.stack([places[name] for name in names])
            order = np.argsort(-(rows @ rows.mean(axis=0)), kind="stable")
            kept.update(names[i] for i in order[:KEPT])
    return sorted(kept)


def write(path: Path, texts: Sequence[str], space: TextMotionSpace) -> None:
    """Texts and their places, in half precision."""
    packed = io.BytesIO()
    np.savez_compressed(
        packed,
        texts=np.frombuffer("\n".join(texts).encode(), np.uint8),
        places=space.place_texts(texts).astype(np.float16),
        evaluator=np.array(space.fingerprint),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(packed.getvalue())
    partial.replace(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Build the file."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, metavar="DATA", help="what 'data build' wrote")
    parser.add_argument("out", type=Path, nargs="?", default=DESCRIPTIONS, metavar="OUT.npz")
    parser.add_argument("--evaluator", type=Path, default=assets.ROOT / "bundles" / "evaluator")
    args = parser.parse_args(argv)
    space = TextMotionSpace(open_bundle(args.evaluator))
    texts = chosen(space, MotionDataset.open(args.data))
    write(args.out, texts, space)
    print(f"{len(texts)} descriptions in {args.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
