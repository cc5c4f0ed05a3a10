"""What to train, on what, and for how long. One name is one model that can be made again."""

from __future__ import annotations

from dataclasses import dataclass, field

from backends.training.models.pose_decoder import DecoderConfig
from backends.training.models.vimogen import FlowConfig

CC_BY_NC = "CC-BY-NC-4.0"
ANY_USE = "CC-BY-4.0"

BANDAI = "Bandai Namco Research Motiondataset (c) Bandai Namco Research Inc., CC BY-NC 4.0"
OPEN_SOURCES = (
    "CMU Graphics Lab Motion Capture Database (mocap.cs.cmu.edu)",
    "ACCAD, The Ohio State University, CC BY 3.0",
    "Mesh2Motion, CC0",
    "KayKit, CC0",
    "ReActIdle, MIT",
)
HDM05 = "HDM05, Mueller et al., Universitaet Bonn, CC BY-SA 3.0"


@dataclass(frozen=True)
class Schedule:
    """How one network is trained.

    Attributes:
        steps: Optimiser steps.
        batch: Sequences a step.
        rate: Peak learning rate; it rises over ``warmup`` steps and falls to a twentieth, linearly,
            over the last ``decay`` of them (WSD, Hu et al. 2024: a run can be prolonged before
            its decay).
        average: Decay of the exponential moving average of the weights that ship.
    """

    steps: int
    batch: int = 64
    rate: float = 6e-4
    warmup: int = 300
    decay: float = 0.25
    weight_decay: float = 0.02
    average: float = 0.998


@dataclass(frozen=True)
class Recipe:
    """One shipped model.

    Attributes:
        name: Its bundle's name.
        title: What people see in the menu.
        groups: Licence groups of clips that it may learn from.
        licence: SPDX identifier of its weights.
        attribution: Whom to name.
    """

    name: str
    title: str
    groups: frozenset[str]
    licence: str
    attribution: tuple[str, ...]
    flow: FlowConfig = field(default_factory=FlowConfig)
    flow_schedule: Schedule = field(default_factory=lambda: Schedule(steps=4000, decay=0.25))
    decoder: DecoderConfig = field(default_factory=DecoderConfig)
    decoder_schedule: Schedule = field(
        default_factory=lambda: Schedule(steps=3000, batch=32, rate=5e-4, average=0.995)
    )
    refine_schedule: Schedule = field(
        default_factory=lambda: Schedule(steps=1500, batch=32, rate=3e-4, average=0.99)
    )
    max_frames: int = 200
    seed: int = 0


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in (
        Recipe(
            name="vimogen-light-open",
            title="ViMoGen-light (open)",
            groups=frozenset({"open"}),
            licence=ANY_USE,
            attribution=OPEN_SOURCES,
        ),
        Recipe(
            name="vimogen-light",
            title="ViMoGen-light (research)",
            groups=frozenset({"open", "bandai", "hdm05"}),
            licence=CC_BY_NC,
            attribution=(BANDAI, *OPEN_SOURCES, HDM05),
        ),
    )
}
