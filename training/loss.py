"""Cross-entropy against sets: the model's weight must fall inside what a corpus allows."""

from __future__ import annotations

import torch
from torch import Tensor

from training.examples import SILENT


def set_loss(logits: Tensor, targets: Tensor, table: Tensor) -> Tensor:
    """Mean over tokens of -log of the probability inside the target's set.

    Args:
        logits: [tokens, labels].
        targets: [tokens], rows of ``table``, or `SILENT` for no loss.
        table: [sets, labels], True for the labels inside.
    """
    heard = targets != SILENT
    logits, targets = logits[heard].float(), targets[heard]
    inside = logits.masked_fill(~table[targets], float("-inf"))
    return (torch.logsumexp(logits, -1) - torch.logsumexp(inside, -1)).mean()


def heard_loss(logits: Tensor, chances: Tensor, mask: Tensor) -> Tensor:
    """Mean over tokens of the cross-entropy between a teacher's ``chances`` and ``logits``.

    Args:
        logits: [B, T, labels].
        chances: [B, T, labels].
        mask: [B, T], False where a text has ended.
    """
    return -(chances[mask] * logits[mask].log_softmax(-1)).sum(-1).mean()
