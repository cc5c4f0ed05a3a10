"""A small procedural generator for tests: a figure that walks, with no model behind it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np

from backends.api import BackendError, Capabilities, GenerateRequest, Progress, Task
from backends.registry import Installed
from backends.seams import join
from motion import rotations as rot
from motion.clip import Motion
from motion.skeleton import BODY


@dataclass(frozen=True)
class Walker:
    """Legs and arms swing, the root moves on; speed and stride come from the seed."""

    name: str = "walker"
    #: Seconds each of the steps takes, so that tests can watch progress and cancel.
    pause: float = 0.0
    capabilities: Capabilities = field(
        default=Capabilities(
            "text_to_motion", BODY, 20.0, 200, frozenset({"text", "prefix", "suffix"})
        )
    )

    def generate(self, request: GenerateRequest, progress: Progress) -> list[Motion]:
        if request.frames > self.capabilities.max_frames:
            raise BackendError("10 s is the longest this model makes; ask for less.")
        for step in range(10):
            progress(step / 10, f"Step {step + 1} of 10")
            time.sleep(self.pause)
        made = [walk(request.seed + i, request.frames) for i in range(request.takes)]
        return [join(motion, request.prefix, request.suffix, request.arrive) for motion in made]


def walk(seed: int, frames: int, fps: float = 20.0) -> Motion:
    """``frames`` of walking along +Z; the same seed, the same motion."""
    random = np.random.default_rng(seed)
    speed, cadence = random.uniform(0.8, 1.6), random.uniform(0.8, 1.2)
    turn = random.uniform(-0.3, 0.3)
    t = np.arange(frames) / fps
    phase = 2 * np.pi * cadence * t
    rotations = np.tile(rot.IDENTITY, (frames, len(BODY), 1))

    def bend(joint: str, angle: np.ndarray, axis: tuple[float, float, float] = (1, 0, 0)) -> None:
        i = BODY.index(joint)
        rotations[:, i] = rot.multiply(rotations[:, i], rot.from_axis_angle(axis, angle))

    for side, sign in (("left", 1.0), ("right", -1.0)):
        swing = sign * np.sin(phase)
        bend(f"{side}_hip", -0.5 * swing)
        bend(f"{side}_knee", 0.5 * np.clip(-np.cos(phase) * sign, 0, 1))
        bend(f"{side}_shoulder", np.full(frames, -1.25 * sign), (0, 0, 1))
        bend(f"{side}_elbow", np.full(frames, -0.4 * sign), (0, 1, 0))
        bend(f"{side}_collar", -0.15 * swing, (0, 1, 0))
    rotations[:, 0] = rot.yaw(turn * t)
    roots = np.zeros((frames, 3))
    roots[:, 1] = 0.975 + 0.015 * np.cos(2 * phase)
    roots[:, 0] = np.cumsum(np.sin(turn * t)) * speed / fps
    roots[:, 2] = np.cumsum(np.cos(turn * t)) * speed / fps
    return Motion(BODY, fps, roots, rotations)


class Shop:
    """A source of models (see ``studio.bundles.Source``) that sells walkers."""

    def __init__(self, *generators: Walker) -> None:
        self._generators = {each.name: each for each in generators}

    def installed(self, task: Task | None = None) -> dict[str, Installed]:
        return {name: Installed(name, name.title(), "text_to_motion") for name in self._generators}

    def default_name(self) -> str:
        if not self._generators:
            raise BackendError("No model is installed; add a bundle.")
        return next(iter(self._generators))

    def load(self, name: str | None = None) -> Walker:
        name = name or self.default_name()
        if name not in self._generators:
            raise BackendError(f"No model is called '{name}'; installed: walker.")
        return self._generators[name]
