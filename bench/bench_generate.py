"""Text to motion: latency against the arithmetic's limit, eager torch and the peers' sizes.

Also what sampling steps cost, how soon the page answers, and what memory it takes. The bundle is
the studio's default one; every figure is a median, compared figures are timed in turns.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from backends import registry
from backends.api import BackendError, GenerateRequest
from backends.runtime import RuntimeOptions, core_count
from backends.sampling import Sampler, Tokens, guided, integrate, noise
from backends.vimogen import VimogenGenerator
from bench import Skip, side_by_side, table

TEXT = "a person walks forward proudly"

#: Issue targets in seconds and MiB, shown beside what was measured.
TARGETS = {"three takes of 4 s": 0.5, "one take of 10 s": 1.0, "page": 4.0, "memory": 1024}

_START_LIMIT = 60.0


def main(repeats: int = 7) -> None:
    generator = _generator()
    _latency(generator, repeats)
    _steps(generator, repeats)
    _against_torch(generator, repeats)
    _cold_start(min(repeats, 3))
    _memory()


def _generator() -> VimogenGenerator:
    options = replace(RuntimeOptions.from_environment(), provider="cpu")
    try:
        generator = registry.load(options=options)
    except BackendError as error:
        raise Skip(str(error)) from error
    if not isinstance(generator, VimogenGenerator):
        raise Skip(f"the default model '{generator.name}' is not ViMoGen-light")
    generator.warm_up()
    print(f"\n{generator.name} on the CPU, {options.threads or core_count()} threads")
    return generator


def _make(generator: VimogenGenerator, **asked: Any) -> Callable[[], object]:
    request = GenerateRequest(TEXT, **asked)
    return lambda: generator.generate(request, lambda fraction, note: None)


def _latency(generator: VimogenGenerator, repeats: int) -> None:
    works = {
        "one take of 4 s": _make(generator, frames=80),
        "three takes of 4 s": _make(generator, frames=80, takes=3),
        "three takes of 4 s, no clean-up": _make(generator, frames=80, takes=3, cleanup=False),
        "one take of 10 s": _make(generator, frames=200),
    }
    times = side_by_side(works, repeats)
    rows = [(name, 1000 * t, _target(name)) for name, t in times.items()]
    table("Text to motion, warm", ("what", "ms", "target ms"), rows)


def _target(name: str) -> str:
    return f"{1000 * TARGETS[name]:.0f}" if name in TARGETS else ""


def _steps(generator: VimogenGenerator, repeats: int) -> None:
    counts = (4, 8, 16, 32)
    times = side_by_side(
        {str(n): _make(generator, frames=80, takes=3, steps=n) for n in counts}, repeats
    )
    rows = [(name, 1000 * t) for name, t in times.items()]
    table("Sampling steps, three takes of 4 s", ("steps", "ms"), rows)


def _against_torch(generator: VimogenGenerator, repeats: int) -> None:
    """The comparisons that need torch, which only the extra ``train`` brings."""
    try:
        import torch
    except ImportError:
        print("\nNot compared with torch and the peers' sizes: the extra 'train' is not installed.")
        return
    torch.set_num_threads(RuntimeOptions.from_environment().threads or core_count())
    _same_network(generator, repeats)
    _peers(generator, repeats)


def _same_network(generator: VimogenGenerator, repeats: int) -> None:
    """Sampling alone, three takes of 4 s: the graph, the same network in torch, and the limit."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from backends.training.models.vimogen import FlowTransformer
    from backends.training.recipes import RECIPES

    if generator.name not in RECIPES:
        print(f"\nNot compared with torch: there is no recipe for {generator.name}.")
        return
    network = FlowTransformer(RECIPES[generator.name].flow).eval()
    sampler = generator.sampler(GenerateRequest(TEXT, 80))
    feeds = _denoiser_feeds(network.config.channels)
    names = ("text", "text_mask", "known", "known_mask", "token_mask")
    constants = [torch.from_numpy(feeds[name]) for name in names]

    @torch.inference_mode()
    def eager(x: Tokens, t: float) -> Tokens:
        rows = torch.from_numpy(x)
        return network(rows, torch.full((len(x),), t), *constants).numpy()

    graph = generator.graph("denoiser")

    def compiled(x: Tokens, t: float) -> Tokens:
        return graph.run({"x": x, "t": np.full(len(x), t, np.float32), **feeds})["v"]

    with FlopCounterMode(display=False) as counter:
        eager(noise(range(6), 20, network.config.channels), 0.5)
    operations = counter.get_total_flops() * sampler.steps
    square = torch.randn(1024, 1024)
    times = side_by_side(
        {
            "this graph": lambda: _sampled(compiled, network.config.channels, sampler),
            "the same network in eager torch": lambda: _sampled(
                eager, network.config.channels, sampler
            ),
            "limit": lambda: [square @ square for _ in range(10)],
        },
        repeats,
    )
    limit = operations * times.pop("limit") / (10 * 2 * 1024**3)
    times["the arithmetic at the rate of a large matrix product"] = limit
    rows = [(name, 1000 * t, t / limit) for name, t in times.items()]
    table(
        f"Sampling alone: three takes of 4 s, {sampler.steps} guided steps, "
        f"{operations / 1e9:.1f} GFLOP",
        ("what", "ms", "x limit"),
        rows,
    )


def _sampled(field: Callable[[Tokens, float], Tokens], channels: int, sampler: Sampler) -> Tokens:
    """Three takes of 4 s through the studio's own sampler."""
    start = noise(range(3), 20, channels)

    def both(x: Tokens, t: float) -> tuple[Tokens, Tokens]:
        v = field(np.concatenate([x, x]), t)
        return v[:3], v[3:]

    everywhere = replace(sampler, interval=(0.0, 1.0))
    velocity = guided(both, field, field, everywhere)
    return integrate(velocity, start, everywhere, lambda fraction, note: None)


def _denoiser_feeds(
    channels: int, rows: int = 6, tokens: int = 20, words: int = 9
) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    mask = np.ones((rows, words), np.float32)
    mask[rows // 2 :] = 0
    return {
        "text": rng.standard_normal((rows, words, 384)).astype(np.float32),
        "text_mask": mask,
        "known": np.zeros((rows, tokens, channels), np.float32),
        "known_mask": np.zeros((rows, tokens), np.float32),
        "token_mask": np.ones((rows, tokens), np.float32),
    }


def _peers(generator: VimogenGenerator, repeats: int) -> None:
    """One 4 s take, text to cleaned motion, against the peers' generators alone."""
    from bench.peers import PEERS

    ours = _make(generator, frames=80)
    rows: list[tuple[object, ...]] = []
    measured: list[float] = []
    for peer in PEERS:
        timed = partial(_repeat, peer.build(), peer.timed)
        times = side_by_side({"ours": ours, "peer": timed}, repeats)
        measured.append(times["ours"])
        for variant, units in peer.units.items():
            estimated = times["peer"] * units / peer.timed
            how = "measured" if units == peer.timed else f"{peer.timed} measured, multiplied"
            rows.append(
                (f"{peer.name}, {variant}", estimated, estimated / times["ours"], how, peer.source)
            )
        del timed
    own = statistics.median(measured)
    first = (f"{generator.name}, whole request", own, 1.0, "measured", "text to cleaned motion")
    table("One 4 s take, batch 1, same run", ("what", "s", "x ours", "how", "size"), [first, *rows])


def _repeat(unit: Callable[[], object], times: int) -> None:
    for _ in range(times):
        unit()


def _cold_start(repeats: int) -> None:
    median = statistics.median(_start_once() for _ in range(repeats))
    rows = [("command to page answering", median, TARGETS["page"])]
    table("Cold start (files cached)", ("what", "s", "target s"), rows)


def _start_once() -> float:
    """Seconds from the command until the page answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "studio", "serve", "--no-browser", "--port", str(port)]
    began = time.perf_counter()
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        while time.perf_counter() - began < _START_LIMIT:
            if server.poll() is not None:
                assert server.stderr is not None
                raise RuntimeError(server.stderr.read().decode(errors="replace"))
            if _answers(f"http://127.0.0.1:{port}/"):
                return time.perf_counter() - began
            time.sleep(0.01)
        raise RuntimeError(f"The page did not answer within {_START_LIMIT:.0f} s.")
    finally:
        server.terminate()
        server.wait()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return reply.status == 200
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


#: The studio with its page, generating in a process of its own; prints resident memory in MiB.
_CHILD = """
import psutil
from studio.bundles import Models
from studio.session import Order, SessionStore
from studio.ui.app import create_app

process = psutil.Process()
sessions = SessionStore(Models())
app = create_app(sessions)
idle = process.memory_info().rss
session, peak = sessions.create(), 0

def progress(fraction, note):
    global peak
    peak = max(peak, process.memory_info().rss)

session.generate(Order("a person walks forward proudly", seconds=4, takes=3), progress)
session.generate(Order("a person walks forward proudly", seconds=10, takes=8), progress)
print(idle / 2**20, peak / 2**20)
"""


def _memory() -> None:
    out = subprocess.run(
        [sys.executable, "-c", _CHILD], check=True, capture_output=True, text=True
    ).stdout
    idle, peak = (float(v) for v in out.split()[-2:])
    rows = [
        ("page built, no model", idle, ""),
        ("generating, eight takes of 10 s", peak, f"{TARGETS['memory']:.0f}"),
    ]
    table("Resident memory", ("what", "MiB", "target MiB"), rows)
