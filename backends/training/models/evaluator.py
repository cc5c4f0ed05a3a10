"""The evaluator: text and motion in one space, learned by contrast (TMR, Petrovich et al. 2023).

Metrics read it, never losses of a generator. It sees joint positions and velocities in the frame
of the motion's start, not the generators' own features, so that no representation is favoured.

Shapes: B batch, T frames, L text tokens, D width, E embedding.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

#: 22 joints' positions relative to the root on the ground and turned to its heading, the joints'
#: velocities in the same frame, the root's speed and turning speed.
FEATURES = 22 * 3 + 22 * 3 + 3


@dataclass(frozen=True)
class EvaluatorConfig:
    """Size of the evaluator."""

    width: int = 256
    layers: int = 4
    heads: int = 4
    embedding: int = 256
    text_width: int = 384
    max_frames: int = 200
    stride: int = 4


class MotionEncoder(nn.Module):
    """``features[B, T, 135]``, ``mask[B, T / 4]`` -> unit embeddings ``[B, E]``."""

    def __init__(self, config: EvaluatorConfig) -> None:
        super().__init__()
        self.config = config
        self.enter = nn.Linear(FEATURES * config.stride, config.width)
        self.place = nn.Parameter(
            torch.randn(config.max_frames // config.stride, config.width) * 0.02
        )
        self.trunk = _transformer(config)
        self.leave = nn.Linear(config.width, config.embedding)

    def forward(self, features: Tensor, mask: Tensor) -> Tensor:
        size = self.config.stride * features.shape[2]
        return self.from_patches(features.reshape(features.shape[0], -1, size), mask)

    def from_patches(self, x: Tensor, mask: Tensor) -> Tensor:
        """The same from frames that stand four in a row, ``x[B, T / 4, 540]``."""
        h = self.enter(x) + self.place[: x.shape[1]]
        return F.normalize(self.leave(_pooled(self.trunk, h, mask)), dim=-1)


class TextHead(nn.Module):
    """``states[B, L, 384]`` of the text encoder, ``mask[B, L]`` -> unit embeddings ``[B, E]``."""

    def __init__(self, config: EvaluatorConfig) -> None:
        super().__init__()
        self.enter = nn.Linear(config.text_width, config.width)
        layer = nn.TransformerEncoderLayer(
            config.width,
            config.heads,
            2 * config.width,
            0.1,
            "gelu",
            batch_first=True,
            norm_first=True,
        )
        self.trunk = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.leave = nn.Linear(config.width, config.embedding)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        return F.normalize(self.leave(_pooled(self.trunk, self.enter(states), mask)), dim=-1)


class Evaluator(nn.Module):
    """Both encoders and the temperature of their contrast."""

    def __init__(self, config: EvaluatorConfig) -> None:
        super().__init__()
        self.motion = MotionEncoder(config)
        self.text = TextHead(config)
        self.log_scale = nn.Parameter(torch.tensor(2.65))

    def loss(self, motion: Tensor, text: Tensor, similarity: Tensor) -> Tensor:
        """Contrast of ``motion[B, E]`` against ``text[B, E]`` in both directions.

        Args:
            similarity: ``[B, B]`` cosine between the captions themselves. Pairs above 0.8 say the
                same and are not held against each other (TMR, section 3.3).
        """
        logits = self.log_scale.exp().clamp(max=50.0) * motion @ text.T
        same = similarity > 0.8
        same.fill_diagonal_(False)
        logits = logits.masked_fill(same, -1e4)
        target = torch.arange(len(logits))
        return 0.5 * (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target))


def _transformer(config: EvaluatorConfig) -> nn.TransformerEncoder:
    layer = nn.TransformerEncoderLayer(
        config.width, config.heads, 2 * config.width, 0.1, "gelu", batch_first=True, norm_first=True
    )
    return nn.TransformerEncoder(layer, config.layers, enable_nested_tensor=False)


def _pooled(trunk: nn.Module, h: Tensor, mask: Tensor) -> Tensor:
    """Mean of the trunk's output over what is not padding, ``[B, D]``."""
    h = trunk(h, src_key_padding_mask=mask < 0.5)
    return (h * mask[..., None]).sum(1) / mask.sum(1, keepdim=True).clamp(min=1.0)
