"""Golden pairs: inputs kept in a bundle with the outputs they must give, on any provider.

Keys of ``golden.npz``: ``<role>/in/<name>`` and ``<role>/out/<name>`` for each graph, and
``generate/<take>/root_positions`` and ``generate/<take>/rotations`` for the manifest's request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from backends.api import BundleError, GenerateRequest, Generator
from backends.bundle import Arrays, Bundle, open_bundle
from backends.loaders import generator_of
from backends.manifest import GOLDEN, GoldenRequest
from backends.runtime import Graph, RuntimeOptions
from motion.clip import Motion


@dataclass(frozen=True)
class Check:
    """One golden pair replayed: the largest absolute difference and what may pass.

    Attributes:
        name: The graph's role and output, or ``generate``.
        difference: Largest absolute difference; of a generation, of joint positions in metres.
        tolerance: What the manifest allows.
        providers: What really ran it.
    """

    name: str
    difference: float
    tolerance: float
    providers: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the difference is within the tolerance; a NaN is not."""
        return self.difference <= self.tolerance


def verify(folder: Path, options: RuntimeOptions | None = None) -> list[Check]:
    """Replay every golden pair of the bundle in ``folder``; look at each check's ``passed``.

    Raises:
        BundleError: the bundle is damaged or holds no golden pairs.
    """
    bundle = open_bundle(folder, options)
    kept = bundle.arrays(GOLDEN)
    checks: list[Check] = []
    for role, spec in bundle.manifest.graphs.items():
        graph = bundle.graph(role)
        results = graph.run(_part(kept, f"{role}/in/", bundle.name))
        for name, expected in _part(kept, f"{role}/out/", bundle.name).items():
            difference = _difference(results.get(name), expected)
            checks.append(Check(f"{role}.{name}", difference, spec.tolerance, graph.providers))
    if bundle.manifest.golden is not None:
        checks.append(_verify_generation(bundle, bundle.manifest.golden, kept))
    return checks


def record_graph(
    role: str,
    graph: Graph,
    feeds: Mapping[str, NDArray[Any]],
    expected: Mapping[str, NDArray[Any]] | None,
    tolerance: float,
) -> Arrays:
    """The golden arrays of one graph: ``expected`` if the graph meets it, else what it gives.

    Raises:
        BundleError: the graph misses ``expected`` by more than ``tolerance``.
    """
    results = graph.run(feeds)
    for name, value in (expected or {}).items():
        difference = _difference(results.get(name), value)
        if not difference <= tolerance:
            raise BundleError(
                f"The output {name} of the graph '{role}' differs by {difference:.2g} from what "
                f"was expected (at most {tolerance:g}); the export is wrong."
            )
    kept = {f"{role}/in/{name}": np.asarray(value) for name, value in feeds.items()}
    return kept | {f"{role}/out/{name}": np.asarray(v) for name, v in (expected or results).items()}


def record_generation(bundle: Bundle, request: GoldenRequest) -> Arrays:
    """The golden arrays of an end-to-end request."""
    kept: Arrays = {}
    for i, motion in enumerate(_generate(bundle, request)):
        kept[f"generate/{i}/root_positions"] = motion.root_positions
        kept[f"generate/{i}/rotations"] = motion.rotations
    return kept


def _verify_generation(bundle: Bundle, request: GoldenRequest, kept: Arrays) -> Check:
    worst = 0.0
    for i, motion in enumerate(_generate(bundle, request)):
        arrays = _part(kept, f"generate/{i}/", bundle.name)
        try:
            expected = Motion(
                motion.skeleton, motion.fps, arrays["root_positions"], arrays["rotations"]
            )
        except KeyError as error:
            raise BundleError(f"{GOLDEN} of the bundle {bundle.name} lacks {error}.") from None
        worst = max(worst, _difference(motion.positions, expected.positions))
    used = {p for role in bundle.manifest.graphs for p in bundle.graph(role).providers[:1]}
    return Check("generate", worst, request.tolerance, tuple(sorted(used)))


def _generate(bundle: Bundle, golden: GoldenRequest) -> list[Motion]:
    generator: Generator = generator_of(bundle)
    request = GenerateRequest(
        text=golden.text, frames=golden.frames, takes=golden.takes, seed=golden.seed,
        steps=golden.steps, guidance=golden.guidance, cleanup=False,
    )  # fmt: skip
    return generator.generate(request, lambda fraction, note: None)


def _part(kept: Arrays, prefix: str, bundle: str) -> Arrays:
    found = {k.removeprefix(prefix): v for k, v in kept.items() if k.startswith(prefix)}
    if not found:
        raise BundleError(f"{GOLDEN} of the bundle {bundle} lacks {prefix.rstrip('/')}.")
    return found


def _difference(value: NDArray[Any] | None, expected: NDArray[Any]) -> float:
    if value is None or value.shape != expected.shape:
        return float("inf")
    if expected.size == 0:
        return 0.0
    return float(np.abs(value.astype(np.float64) - expected.astype(np.float64)).max())
