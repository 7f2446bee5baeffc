"""The small token classifier: a word's neighbours, the whole text, neighbours again."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 its usual name


@dataclass(frozen=True, slots=True)
class SmallShape:
    """Sizes of a `Small`; the cost of a token is near ``(8 * hidden + 2 * inner) * hidden``."""

    vocabulary: int
    labels: int
    hidden: int = 128
    heads: int = 4
    inner: int = 256
    cases: int = 6
    eps: float = 1e-6


class Near(nn.Module):
    """A word beside its two neighbours, ``reach`` words away; what they tell is added to it."""

    def __init__(self, shape: SmallShape, reach: int, dropout: float) -> None:
        super().__init__()
        self.reach = reach
        self.widen = nn.Linear(3 * shape.hidden, shape.hidden)
        self.narrow = nn.Linear(shape.hidden, shape.hidden)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """[B, T, H] -> [B, T, H]; ``mask`` [B, T, 1] is 0 where a text has ended."""
        padded = F.pad(x * mask, (0, 0, self.reach, self.reach))
        beside = padded[:, : -2 * self.reach], x, padded[:, 2 * self.reach :]
        seen = F.relu(self.widen(torch.cat(beside, -1)))
        return x + self.dropout(self.narrow(seen))


class Far(nn.Module):
    """Self-attention and feed-forward over the whole text; it knows no places."""

    def __init__(self, shape: SmallShape, dropout: float) -> None:
        super().__init__()
        self.heads = shape.heads
        self.qkv = nn.Linear(shape.hidden, 3 * shape.hidden)
        self.merge = nn.Linear(shape.hidden, shape.hidden)
        self.norm1 = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.widen = nn.Linear(shape.hidden, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.hidden)
        self.norm2 = nn.LayerNorm(shape.hidden, eps=shape.eps)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        batch, length, hidden = x.shape
        x = self.norm1(x)
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.qkv(x).split(hidden, dim=-1)
        )
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :, 0].bool())
        seen = seen.transpose(1, 2).reshape(batch, length, hidden)
        x = x + self.dropout(self.merge(seen))
        return self.norm2(x + self.dropout(self.narrow(F.relu(self.widen(x)))))


class Small(nn.Module):
    """Token ids, mask and case ids [B, T] -> logits [B, T, labels]."""

    def __init__(self, shape: SmallShape, dropout: float = 0.05) -> None:
        super().__init__()
        self.shape = shape
        self.words = nn.Embedding(shape.vocabulary, shape.hidden)
        self.cases = nn.Embedding(shape.cases, shape.hidden)
        self.dropout = nn.Dropout(dropout)
        self.near1 = Near(shape, 1, dropout)
        self.far = Far(shape, dropout)
        self.near2 = Near(shape, 1, dropout)
        self.head = nn.Linear(shape.hidden, shape.labels)

    def forward(self, ids: Tensor, mask: Tensor, cases: Tensor) -> Tensor:
        real = mask[:, :, None].float()
        x = self.dropout(self.words(ids) + self.cases(cases))
        x = self.far(self.near1(x, real), real)
        return self.head(self.near2(x, real))
