"""The token classifier: a BERT encoder, case of each token in place of the segment.

With `Shape.buckets` it is MPNet's (Song et al. 2020): attention knows how far words are apart.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 its usual name

#: Distances from here on are one to MPNet.
FURTHEST = 128


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of an encoder."""

    vocabulary: int
    labels: int
    hidden: int = 384
    layers: int = 6
    heads: int = 12
    inner: int = 1536
    positions: int = 512
    cases: int = 6
    eps: float = 1e-12
    #: Distances between words that attention tells apart; 0: none.
    buckets: int = 0


class Layer(nn.Module):
    """Self-attention and feed-forward, each followed by residual and norm (post-norm, as BERT)."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.merge = nn.Linear(shape.hidden, shape.hidden)
        self.norm1 = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.widen = nn.Linear(shape.hidden, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        """``mask``: what attention sees (bool) or what its scores gain; [B, heads, T, T]."""
        batch, length, hidden = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.qkv(x).split(hidden, dim=-1)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(batch, length, hidden)
        x = self.norm1(x + self.dropout(self.merge(seen)))
        return self.norm2(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class Encoder(nn.Module):
    """Token ids, mask and case ids [B, T] -> logits [B, T, labels]."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.places = nn.Embedding(shape.positions, shape.hidden)
        self.cases = nn.Embedding(shape.cases, shape.hidden)
        self.norm = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.head = nn.Linear(shape.hidden, shape.labels)
        if shape.buckets:
            self.apart = nn.Embedding(shape.buckets, shape.heads)

    def forward(self, ids: Tensor, mask: Tensor | None, cases: Tensor) -> Tensor:
        x = self.words(ids) + self.cases(cases) + self.places.weight[: ids.shape[1]]
        x = self.dropout(self.norm(x))
        allowed = None if mask is None else mask[:, None, None, :].bool()
        if self.shape.buckets:
            allowed = self.distances(ids.shape[1], allowed)
        for layer in self.layers:
            x = layer(x, allowed)
        return self.head(x)

    def distances(self, length: int, allowed: Tensor | None) -> Tensor:
        """What attention's scores gain by how far words are apart, [1 or B, heads, T, T]."""
        at = torch.arange(length, device=self.apart.weight.device)
        gain = self.apart(bucket(at[None, :] - at[:, None], self.shape.buckets))
        gain = gain.permute(2, 0, 1)[None]
        return gain if allowed is None else gain.masked_fill(~allowed, -1e4)


def bucket(distance: Tensor, buckets: int) -> Tensor:
    """The number of a distance's bucket (T5's: small ones exactly, others by their logarithm)."""
    half = buckets // 2
    far, exact = distance.abs(), half // 2
    wide = (
        exact
        + (torch.log(far.clamp(min=1) / exact) / math.log(FURTHEST / exact) * (half - exact)).long()
    )
    return torch.where(far < exact, far, wide.clamp(max=half - 1)) + half * (distance > 0)


def parameters(model: nn.Module) -> int:
    """How many numbers are trained."""
    return sum(p.numel() for p in model.parameters())


def case_neutral(model: Encoder) -> None:
    """Make the case embeddings small differences around the first, so that training starts even."""
    with torch.no_grad():
        model.cases.weight[1:] = model.cases.weight[:1]
        model.cases.weight[1:] += 0.01 * torch.randn_like(model.cases.weight[1:])
