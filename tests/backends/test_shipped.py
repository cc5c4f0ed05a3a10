"""The bundles in the repository: whole, within their golden pairs, and doing what they are told."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import assets
from backends import golden, registry
from backends.api import GenerateRequest, Generator
from backends.bundle import open_bundle
from backends.evaluator import TextMotionSpace
from backends.motion_lm import MotionCaptioner
from backends.runtime import RuntimeOptions
from motion.clip import Motion
from motion.quality import measure
from motion.skeleton import BODY

FOLDER = assets.path("bundles")
GENERATORS = ("vimogen-light", "vimogen-light-open", "motionllm-light")
MEGABYTES = 60

PROMPTS = ("a person runs forward", "someone jumps", "a person kicks", "a person stands still")


def quiet(fraction: float, note: str) -> None:
    """A progress that says nothing."""


@pytest.fixture(scope="module", params=GENERATORS)
def generator(request: pytest.FixtureRequest) -> Generator:
    return registry.generator_of(open_bundle(FOLDER / request.param))


@pytest.fixture(scope="module")
def performances(generator: Generator) -> dict[str, list[Motion]]:
    return {
        text: generator.generate(GenerateRequest(text, 80, takes=4, seed=3), quiet)
        for text in PROMPTS
    }


@pytest.mark.parametrize("name", [*GENERATORS, "evaluator"])
def test_each_bundle_meets_its_golden_pairs_and_its_size(name: str) -> None:
    for check in golden.verify(FOLDER / name, RuntimeOptions(provider="cpu")):
        assert check.passed, check
    size = sum(p.stat().st_size for p in (FOLDER / name).iterdir())
    assert size < MEGABYTES * 1e6


@pytest.mark.parametrize("name", GENERATORS)
def test_manifests_carry_licence_and_the_figures_of_the_published_table(name: str) -> None:
    provenance = open_bundle(FOLDER / name).manifest.provenance
    assert ("NC" in provenance.licence) == any("Bandai" in d for d in provenance.data)
    table = Path(__file__).parents[2] / "docs" / "t2m.json"
    row = next(r for r in json.loads(table.read_text())["all"] if r["name"] == name)
    assert provenance.metrics["r_top1"] == pytest.approx(row["top"][0], abs=1e-4)


def test_descriptions_become_what_they_say(performances: dict[str, list[Motion]]) -> None:
    def travel(text: str) -> float:
        paths = [m.root_positions[:, [0, 2]] for m in performances[text]]
        return float(np.median([np.linalg.norm(p[-1] - p[0]) for p in paths]))

    def rise(text: str) -> float:
        return float(np.median([np.ptp(m.root_positions[:, 1]) for m in performances[text]]))

    assert travel("a person runs forward") > 3.0
    assert travel("a person stands still") < 1.0
    assert rise("someone jumps") > 0.15 > rise("a person stands still")


def test_the_evaluator_knows_them_apart(performances: dict[str, list[Motion]]) -> None:
    space = TextMotionSpace(open_bundle(FOLDER / "evaluator"))
    texts = space.place_texts(PROMPTS)
    hits = [
        int(np.argmax(texts @ place)) == i
        for i, text in enumerate(PROMPTS)
        for place in space.place_motions(performances[text])
    ]
    assert np.mean(hits) >= 0.75


def test_figures_keep_their_feet_and_do_not_shake(performances: dict[str, list[Motion]]) -> None:
    every = [measure(m) for motions in performances.values() for m in motions]
    # Real motion of the held-out clips: 0.055 m/s and 4.1 m/s^2; runs and jumps are above it.
    assert np.mean([q.foot_sliding for q in every]) < 0.2
    assert np.mean([q.acceleration for q in every]) < 15
    assert np.mean([q.ground_penetration for q in every]) < 0.01


def test_a_motion_is_continued_from_where_it_is(generator: Generator) -> None:
    first = generator.generate(GenerateRequest("a person walks forward", 60, seed=1), quiet)[0]
    request = GenerateRequest("a person walks forward", 80, seed=2, prefix=first.slice(0, 40))
    longer = generator.generate(request, quiet)[0]
    np.testing.assert_allclose(longer.positions[:40], first.positions[:40], atol=1e-6)
    steps = np.linalg.norm(np.diff(longer.positions, axis=0), axis=-1).max(axis=1)
    assert steps[39] < 2 * steps.max(initial=0, where=np.arange(79) != 39)


def test_the_language_model_tells_what_a_sample_shows() -> None:
    from exporters import load

    captioner = MotionCaptioner(open_bundle(FOLDER / "motionllm-light"))
    for name, words in (("walk_proudly", "walk"), ("kick", "kick"), ("wave", "hand|wav")):
        motion = load(assets.path("samples") / f"{name}.bvh")
        assert re.search(words, captioner.caption(replace(motion, skeleton=BODY))), name


def test_the_default_stays_the_flow(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(registry.FOLDERS_SETTING, str(tmp_path))
    monkeypatch.delenv(registry.DEFAULT_SETTING, raising=False)
    assert set(GENERATORS) <= set(registry.installed("text_to_motion"))
    assert registry.default_name() == "vimogen-light"


def test_samples_open_as_motion_of_the_body() -> None:
    from exporters import load

    for path in sorted(assets.path("samples").glob("*.bvh")):
        motion = load(path)
        assert motion.skeleton.joints == BODY.joints
        assert motion.seconds >= 3
