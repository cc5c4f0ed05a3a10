"""Train, validation and test sets, drawn by take."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from backends.training.data.take import Take

Split = Literal["train", "val", "test", "test_unseen"]

TEST_SHARE = 0.08
VAL_SHARE = 0.04

#: A content with fewer takes than this is trained on entirely: a test of a movement that training
#: never saw measures nothing at this size of data.
FEWEST = 3


def assign(takes: Iterable[Take], unseen: frozenset[tuple[str, str]]) -> dict[str, Split]:
    """The split of every take by its :attr:`~Take.split_key`.

    Within a source the keys are ordered by content and then by a hash, and test and val are taken
    from that list at even distances, so contents are met in proportion and nothing depends on the
    order of reading. Takes that share a key stay together. Takes of ``unseen`` (content, style)
    pairs go to ``test_unseen``. No content is without a take in train.
    """
    groups: dict[str, list[Take]] = {}
    for take in takes:
        groups.setdefault(take.split_key, []).append(take)
    content = {key: members[0].action.content for key, members in groups.items()}
    count = Counter(content.values())
    out: dict[str, Split] = {}
    by_source: dict[str, list[str]] = {}
    for key, members in groups.items():
        out[key] = "train"
        if any((t.action.content, t.style) in unseen for t in members):
            out[key] = "test_unseen"
        else:
            by_source.setdefault(members[0].source, []).append(key)
    for source, keys in by_source.items():
        able = [k for k in keys if count[content[k]] >= FEWEST]
        able.sort(key=lambda k: (content[k], _hash(k), k))
        out |= _spread(able, len(keys), _hash(source))
    _keep_in_train(out, content)
    return out


def _spread(keys: list[str], total: int, seed: int) -> dict[str, Split]:
    """Test and val at even distances in ``keys``: shares of ``total``, at most a third of them."""
    tests, vals = round(TEST_SHARE * total), round(VAL_SHARE * total)
    wanted = min(tests + vals, len(keys) // 3)
    if wanted == 0:
        return {}
    step = len(keys) / wanted
    start = (seed % 1000) / 1000 * step
    picks = [keys[min(int(start + i * step), len(keys) - 1)] for i in range(wanted)]
    # Every third of a full set is for validation, as the shares are two to one.
    return {key: "val" if i % 3 == 1 else "test" for i, key in enumerate(picks)}


def _keep_in_train(splits: dict[str, Split], content: Mapping[str, str]) -> None:
    """Give a content that fell to test and val entirely back to train."""
    trained = {content[key] for key, split in splits.items() if split in ("train", "test_unseen")}
    for key, split in splits.items():
        if split in ("val", "test") and content[key] not in trained:
            splits[key] = "train"


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")
