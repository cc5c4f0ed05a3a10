"""No take lies in two splits, whatever the data."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from backends.training.data import bandai_namco, build
from backends.training.data.language import mirror_words
from backends.training.data.split import assign
from backends.training.data.take import Action, Take


def _take(source: str, number: int, content: str, style: str, together: str) -> Take:
    action = Action(content, "action", (f"*{content}",))
    path = Path("none")
    name = f"{number:04d}"
    return Take(source, name, "open", path, name, action, style, together=together)


takes = st.lists(
    st.tuples(
        st.sampled_from("ab"), st.sampled_from(["walk", "run", "bow"]),
        st.sampled_from(["sad", "happy"]), st.sampled_from(["", "", "pair-1", "pair-2"]),
    ),
    max_size=120,
).map(lambda rows: [_take(s, i, c, y, t) for i, (s, c, y, t) in enumerate(rows)])  # fmt: skip


@given(takes)
def test_takes_that_belong_together_stay_together(rows: list[Take]) -> None:
    splits = assign(rows, frozenset({("bow", "sad")}))
    assert set(splits) == {t.split_key for t in rows}
    for take in rows:
        if (take.action.content, take.style) == ("bow", "sad"):
            assert splits[take.split_key] == "test_unseen"
    assert splits == assign(rows[::-1], frozenset({("bow", "sad")})) or any(
        t.together
        for t in rows  # a group is described by its first take
    )


@given(st.integers(0, 400))
def test_shares_are_as_promised(count: int) -> None:
    rows = [_take("a", i, ("walk", "run")[i % 2], "normal", "") for i in range(count)]
    found = Counter(assign(rows, frozenset()).values())
    assert abs(found["test"] - 0.08 * count) <= 1.5
    assert abs(found["val"] - 0.04 * count) <= 1.5


def test_rare_contents_are_all_trained_on() -> None:
    rows = [_take("a", i, f"content-{i // 2}", "normal", "") for i in range(100)]
    assert set(assign(rows, frozenset()).values()) == {"train"}


def test_held_out_pairs_do_not_leak_through_mirroring() -> None:
    for content, style in bandai_namco.UNSEEN_PAIRS:
        words = content.replace("-", " ")
        mirrored = mirror_words(words).replace(" ", "-")
        assert (mirrored, style) in bandai_namco.UNSEEN_PAIRS


def test_real_splits(shared_data: Path) -> None:
    found = build.find_takes(shared_data)
    splits = assign(found, bandai_namco.UNSEEN_PAIRS)
    trained: defaultdict[str, int] = defaultdict(int)
    for take in found:
        trained[take.action.content] += splits[take.split_key] == "train"
    assert all(trained.values()), "a content is tested that training never sees"
    counts = Counter(splits.values())
    assert 0.06 < counts["test"] / len(splits) < 0.10
    assert 0.03 < counts["val"] / len(splits) < 0.05
    for source in {t.source for t in found} - {"mesh2motion"}:
        assert any(splits[t.split_key] == "test" for t in found if t.source == source)
    pairs = {(t.action.content, t.style) for t in found if splits[t.split_key] == "test_unseen"}
    assert pairs == bandai_namco.UNSEEN_PAIRS
    seen = {(t.action.content, t.style) for t in found if splits[t.split_key] == "train"}
    assert not pairs & seen
    styles = {style for _, style in seen}
    contents = {content for content, _ in seen}
    assert all(c in contents and s in styles for c, s in pairs)
    couples = defaultdict(set)
    for take in found:
        if take.action.content == "salsa":
            couples[take.take.split("_")[-1]].add(splits[take.split_key])
    assert all(len(s) == 1 for s in couples.values())
