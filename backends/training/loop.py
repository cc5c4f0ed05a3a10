"""The training loop: one network, a step function, checkpoints that resume, and a curve."""

from __future__ import annotations

import csv
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from backends.training.recipes import Schedule

#: Seconds between checkpoints.
EVERY = 120.0


def learning_rate(step: int, schedule: Schedule) -> float:
    """Warm up, stay, fall linearly to a twentieth (WSD)."""
    rise = min(1.0, (step + 1) / schedule.warmup)
    start = schedule.steps * (1 - schedule.decay)
    fall = max(0.0, (step - start) / max(1.0, schedule.steps - start))
    return schedule.rate * rise * (1 - 0.95 * min(1.0, fall))


@dataclass
class Trainer:
    """Trains ``network`` in ``folder`` until its schedule ends; started again, it goes on.

    Attributes:
        network: What learns.
        average: Its moving average, which is evaluated and shipped.
        loss: A training step's loss and figures to log, given the step's number.
        check: Held-out figures of the averaged network.
    """

    network: nn.Module
    average: nn.Module
    schedule: Schedule
    folder: Path
    loss: Callable[[int], tuple[Tensor, dict[str, float]]]
    check: Callable[[nn.Module], dict[str, float]]
    say: Callable[[str], None]
    log_every: int = 50
    check_every: int = 500

    def run(self) -> None:
        """Train to the end of the schedule."""
        self.folder.mkdir(parents=True, exist_ok=True)
        optimiser = self._optimiser()
        step, seconds = self._resume(optimiser)
        began, saved = time.perf_counter() - seconds, time.perf_counter()
        figures: dict[str, list[float]] = {}
        while step < self.schedule.steps:
            value, parts = self._step(step, optimiser)
            for name, part in {"loss": value, **parts}.items():
                figures.setdefault(name, []).append(part)
            step += 1
            if step % self.log_every == 0 or step == self.schedule.steps:
                row = {name: sum(v) / len(v) for name, v in figures.items()}
                if step % self.check_every == 0 or step == self.schedule.steps:
                    row |= {f"held_out_{k}": v for k, v in self.check(self.average).items()}
                self._log(step, time.perf_counter() - began, row)
                figures = {}
            if time.perf_counter() - saved > EVERY or step == self.schedule.steps:
                self._save(optimiser, step, time.perf_counter() - began)
                saved = time.perf_counter()

    def _optimiser(self) -> torch.optim.Optimizer:
        learned = [p for p in self.network.parameters() if p.requires_grad]
        decayed = [p for p in learned if p.ndim > 1]
        plain = [p for p in learned if p.ndim <= 1]
        groups = [
            {"params": decayed, "weight_decay": self.schedule.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.schedule.rate, betas=(0.9, 0.98), fused=True)

    def _step(self, step: int, optimiser: torch.optim.Optimizer) -> tuple[float, dict[str, float]]:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, self.schedule)
        optimiser.zero_grad(set_to_none=True)
        loss, parts = self.loss(step)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        optimiser.step()
        # Early on the average must follow quickly, or it would carry its random start for long.
        keep = min(self.schedule.average, (step + 1) / (step + 10))
        with torch.no_grad():
            torch._foreach_lerp_(  # pyright: ignore[reportPrivateImportUsage]
                list(self.average.parameters()), list(self.network.parameters()), 1 - keep
            )
            # Buffers (codebooks) have an average of their own.
            for kept, new in zip(self.average.buffers(), self.network.buffers(), strict=True):
                kept.copy_(new)
        return float(loss.detach()), parts

    def _resume(self, optimiser: torch.optim.Optimizer) -> tuple[int, float]:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return 0, 0.0
        state: dict[str, Any] = torch.load(path, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        self.say(f"resuming at step {state['step']}")
        return state["step"], state["seconds"]

    def _save(self, optimiser: torch.optim.Optimizer, step: int, seconds: float) -> None:
        path = self.folder / "checkpoint.pt"
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": optimiser.state_dict(),
                "step": step,
                "seconds": seconds,
            },
            path.with_suffix(".part"),
        )
        os.replace(path.with_suffix(".part"), path)

    def _log(self, step: int, seconds: float, row: dict[str, float]) -> None:
        path = self.folder / "curve.csv"
        new = not path.exists()
        with path.open("a", newline="") as file:
            writer = csv.writer(file)
            if new:
                writer.writerow(["step", "seconds", "figure", "value"])
            for name, value in row.items():
                writer.writerow([step, round(seconds, 1), name, f"{value:.6g}"])
        shown = "  ".join(f"{name} {value:.4g}" for name, value in row.items())
        self.say(f"step {step}  {seconds:.0f} s  {shown}")


def load_average(network: nn.Module, folder: Path) -> nn.Module:
    """The averaged weights of a checkpoint, put into ``network``, ready to be evaluated."""
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    network.load_state_dict(state["average"])
    return network.eval().requires_grad_(False)
