"""The network: a BERT encoder with one linear layer on its tokens and one on its first token.

The encoder is all-MiniLM-L6-v2 (Apache-2.0): 6 layers, 384 dimensions, uncased. Its word embeddings stay as they are.

- A question and a passage are one input. Every token of the passage gets a score. The scores of all tokens of all
  sentences and one score for "no answer here" (from the first token) form one softmax, so the probability of a sentence
  is the sum over its tokens. Two further scores per token say where the answer begins and ends inside a sentence.
- A claim and its cited sentences are one input. The first token gets three scores: states it, contradicts it, neither.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

HIDDEN, HEADS, LAYERS, WORDS, POSITIONS = 384, 12, 6, 30522, 512
TOKEN_SCORES = ("sentence", "start", "end")
CLAIM_SCORES = ("states", "contradicts", "neither")


class Layer(nn.Module):
    """One transformer layer of BERT."""

    def __init__(self, dropout: float) -> None:
        super().__init__()
        self.qkv = nn.Linear(HIDDEN, 3 * HIDDEN)
        self.out = nn.Linear(HIDDEN, HIDDEN)
        self.attended = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.wide = nn.Linear(HIDDEN, 4 * HIDDEN)
        self.narrow = nn.Linear(4 * HIDDEN, HIDDEN)
        self.fed = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """Shapes: x (batch, tokens, HIDDEN); mask (batch, 1, 1, tokens), very negative where nothing is to be seen."""
        batch, length, _ = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, HEADS, HIDDEN // HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(batch, length, HIDDEN)
        x = self.attended(x + self.dropout(self.out(seen)))
        return self.fed(x + self.dropout(self.narrow(functional.gelu(self.wide(x)))))


class Reader(nn.Module):
    """The encoder and its heads."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(WORDS, HIDDEN, padding_idx=0)
        self.position = nn.Embedding(POSITIONS, HIDDEN)
        self.segment = nn.Embedding(2, HIDDEN)
        self.embedded = nn.LayerNorm(HIDDEN, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = nn.Dropout(dropout)
        self.tokens = nn.Linear(HIDDEN, len(TOKEN_SCORES))
        self.none = nn.Linear(HIDDEN, 1)
        self.claim = nn.Linear(HIDDEN, len(CLAIM_SCORES))

    def forward(self, ids: Tensor, segments: Tensor, seen: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Score a batch.

        Args:
            ids, segments, seen: shape (batch, tokens). Segment 0 is the question or claim. ``seen`` is 1 for a token,
                and None if all are.

        Returns:
            token scores (batch, tokens, 3), "no answer" (batch, 1), claim scores (batch, 3).
        """
        positions = torch.arange(ids.shape[1])
        x = self.word(ids) + self.position(positions)[None] + self.segment(segments)
        x = self.dropout(self.embedded(x))
        mask = None if seen is None else (1.0 - seen.to(x.dtype))[:, None, None, :] * -1e9
        for layer in self.layers:
            x = layer(x, mask)
        first = x[:, 0]
        return self.tokens(x), self.none(first), self.claim(first)


def from_base(folder: Path, dropout: float = 0.1) -> Reader:
    """Return a Reader with the encoder of a sentence-transformers folder, and heads that have learned nothing."""
    base = load_file(folder / "model.safetensors")
    model = Reader(dropout)
    names = {
        "word.weight": "embeddings.word_embeddings.weight",
        "position.weight": "embeddings.position_embeddings.weight",
        "segment.weight": "embeddings.token_type_embeddings.weight",
        "embedded.weight": "embeddings.LayerNorm.weight",
        "embedded.bias": "embeddings.LayerNorm.bias",
    }
    state = {ours: base[theirs] for ours, theirs in names.items()}
    parts = {
        "out": "attention.output.dense",
        "attended": "attention.output.LayerNorm",
        "wide": "intermediate.dense",
        "narrow": "output.dense",
        "fed": "output.LayerNorm",
    }
    for index in range(LAYERS):
        ours, theirs = f"layers.{index}", f"encoder.layer.{index}"
        for kind in ("weight", "bias"):
            state[f"{ours}.qkv.{kind}"] = torch.cat(
                [base[f"{theirs}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
            )
            for mine, its in parts.items():
                state[f"{ours}.{mine}.{kind}"] = base[f"{theirs}.{its}.{kind}"]
    missing, unexpected = model.load_state_dict(state, strict=False)
    if unexpected or any(not name.startswith(("tokens", "none", "claim")) for name in missing):
        raise ValueError(f"{folder} is no MiniLM-L6 encoder: {missing} {unexpected}")
    return model
