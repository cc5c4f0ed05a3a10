"""Captions: enough of them, distinct, English, true, and mirrored right."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backends.training.data import (
    accad,
    bandai_namco,
    captions,
    cmu,
    hdm05,
    kaykit,
    mesh2motion,
    reactidle,
)
from backends.training.data.language import mirror_words
from backends.training.data.measure import measure
from backends.training.data.styles import STYLES
from backends.training.data.take import Action, Take
from tests.backends.training.data import made

TABLES: dict[str, dict[str, Action]] = {
    "accad": accad.NAMES,
    "bandai": bandai_namco.CONTENTS,
    "cmu": cmu.DESCRIPTIONS,
    "hdm05": hdm05.CLASSES,
    "kaykit": kaykit.CLIPS,
    "mesh2motion": mesh2motion.CLIPS,
    "reactidle": {"idle": reactidle.IDLE},
}
ACTIONS = [(f"{t}:{name}", a) for t, rows in TABLES.items() for name, a in rows.items()]


def take(action: Action, style: str = "normal", **changes: str) -> Take:
    made_take = Take("made", "take", "open", Path("none"), "none.bvh", action, style)
    return replace(made_take, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("table", list(TABLES))
def test_every_action_has_enough_clean_captions(table: str) -> None:
    facts = measure(made.travelling(40))
    for name, action in TABLES[table].items():
        for pieces in (1, 3):
            texts = captions.write(f"{name}/0", take(action), facts, pieces)
            assert 6 <= len(texts) <= captions.COUNT, (name, texts)
            assert len(set(texts)) == len(texts)
            for text in texts:
                assert re.fullmatch(r"[a-z0-9][a-z0-9 ,'-]*", text), text
                assert not re.search(r"\b(\w+) \1\b(?<!bye bye)", text), text


@pytest.mark.parametrize("style", list(STYLES))
def test_the_style_is_always_said(style: str) -> None:
    words = STYLES[style]
    marks = [
        *words.people,
        *words.adverbs,
        *words.adjectives,
        *(re.sub(r"\{their\}", "X", m).split("X")[0] for m in words.manners),
    ]
    facts = measure(made.travelling(40))
    for number in range(20):
        for action in (bandai_namco.CONTENTS["walk"], bandai_namco.CONTENTS["bow"]):
            for text in captions.write(f"{style}/{number}", take(action, style), facts, 1):
                assert not marks or any(m.strip() in text for m in marks), text


def test_captions_depend_on_the_clip_id_alone() -> None:
    facts = measure(made.waving(40))
    action = bandai_namco.CONTENTS["bow"]
    first = captions.write("a/0", take(action), facts, 1)
    assert first == captions.write("a/0", take(action), facts, 1)
    assert first != captions.write("b/0", take(action), facts, 1)


def test_no_caption_keeps_its_side_when_mirrored() -> None:
    facts = measure(made.travelling(60, turn=1.5))
    for name, action in ACTIONS:
        for text in captions.write(name, take(action), facts, 2):
            mirrored = mirror_words(text)
            assert mirror_words(mirrored) == text
            for word in ("left", "right"):
                other = "right" if word == "left" else "left"
                assert len(re.findall(rf"\b{word}\b", text)) == len(
                    re.findall(rf"\b{other}\b", mirrored)
                )


def test_right_is_only_ever_a_side() -> None:
    """Otherwise mirroring would turn 'right away' into 'left away'."""
    texts = [p for _, a in ACTIONS for p in a.phrases + a.nouns + a.pieces]
    texts += [w for s in STYLES.values() for w in s.people + s.manners + s.adverbs]
    for text in texts:
        assert not re.search(r"\bright (away|now|on|there|up)\b|\bleft (alone|over|behind)\b", text)


def test_turns_are_measured_and_mirror() -> None:
    walk = bandai_namco.CONTENTS["walk"]
    left = measure(made.travelling(60, turn=np.pi / 2))
    right = measure(made.travelling(60, turn=np.pi / 2).mirror())
    said_left = " ".join(t for group in captions.details(walk, left, 1) for t in group)
    said_right = " ".join(t for group in captions.details(walk, right, 1) for t in group)
    assert "turning left" in said_left
    assert "right" not in said_left
    assert said_right == mirror_words(said_left)


def test_measured_facts_of_made_motions() -> None:
    wave = measure(made.waving(60, "left"))
    assert (wave.hand, wave.hands_up) == ("left", "left")
    assert measure(made.waving(60, "right")).hand == "right"
    walk = measure(made.travelling(60, speed=1.2))
    assert walk.speed == pytest.approx(1.2, rel=0.02)
    assert walk.forward == pytest.approx(1.2, rel=0.02)
    assert walk.upright
    back = measure(made.travelling(60, speed=-0.8))
    assert back.forward == pytest.approx(-0.8, rel=0.02)
    assert measure(made.standing(40)).travel == 0


def test_captions_by_people_come_first_for_whole_takes_only() -> None:
    action = cmu.DESCRIPTIONS["cartwheel"]
    known = replace(take(action), captions=("The subject performs a cartwheel to the left.",))
    facts = measure(made.travelling(40))
    assert captions.write("x", known, facts, 1)[0] == "the subject performs a cartwheel to the left"
    assert not any("the subject" in t for t in captions.write("x", known, facts, 3))


def test_a_known_performer_is_named() -> None:
    facts = measure(made.travelling(40))
    texts = captions.write("x", take(accad.NAMES["Run"], people="woman"), facts, 1)
    assert any(re.search(r"\b(woman|lady)\b", t) for t in texts)
    assert not any(re.search(r"\b(man|guy)\b", t) for t in texts)
